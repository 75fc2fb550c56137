//! Which regions a block names: each name resolved among the places it can mean.
//!
//! A reading is scored by evidence: an ancestor named in the block, the issuer's or the title's
//! region around it, a sibling beside it, the generic word after it, and, weakly, by the level of
//! the place. The best reading wins if it has enough; equals decide nothing.

use crate::clean::Document;
use crate::extract::BlockKind;
use crate::model::{Label, RegionId};
use crate::vocab::names::{Mention, Names, Reading, Strength};
use crate::vocab::{Gazetteer, Level, Place};
use regex::Regex;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::OnceLock;

/// Evidence that a reading needs.
const SCORE_MIN: f32 = 1.5;
/// The country itself: named everywhere, and so no region of a passage.
const COUNTRY: &str = "100000";
/// Of places of one name and level, the one meant when nothing else is said: the larger city.
const LARGER: &[&str] = &["320500", "350100", "331000", "610800", "360900", "210700", "141000"];

/// The regions of a block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BlockRegions {
    /// What it is about.
    pub regions: Vec<Label<RegionId>>,
    /// What it only mentions.
    pub mentions: Vec<Label<RegionId>>,
}

/// What a block names itself.
#[derive(Default)]
struct Own {
    regions: Vec<Label<RegionId>>,
    /// "Our province", 全省 and the like.
    speaks_of_issuer: Option<String>,
    /// The country as a whole is named.
    names_country: Option<String>,
}

/// Finds and resolves the names of one document.
pub struct Marker<'a> {
    document: &'a Document,
    title: Vec<Mention>,
    blocks: Vec<Vec<Mention>>,
    /// The headings that each block stands under, outermost first.
    headings: Vec<Rc<[usize]>>,
    /// Places named beyond doubt anywhere in the document.
    certain: HashSet<&'static str>,
    issuer: Option<RegionId>,
}

impl<'a> Marker<'a> {
    /// Finds every name.
    pub fn new(document: &'a Document) -> Marker<'a> {
        let names = Names::get();
        let title = names.find(&document.title.value);
        let blocks: Vec<Vec<Mention>> = document.blocks.iter().map(|b| names.find(document.text_of(b))).collect();
        let certain = title.iter().chain(blocks.iter().flatten()).filter_map(certain).map(|p| p.code).collect();
        Marker { document, title, blocks, headings: headings_above(document), certain, issuer: None }
    }

    /// Whose government speaks: evidence for names inside its region.
    pub fn set_issuer(&mut self, issuer: Option<RegionId>) {
        self.issuer = issuer;
    }

    /// The regions that the title names.
    fn title_regions(&self) -> Vec<Label<RegionId>> {
        let resolved = self.resolve(&self.document.title.value, &self.title, &[]);
        let regions = resolved.into_iter().filter(|(p, _)| is_region(p));
        regions.map(|(p, _)| Label::new(RegionId(p.code.into()), p.label(), "title")).collect()
    }

    /// The regions that any text names, such as a file's name.
    pub fn regions_in(&self, text: &str) -> Vec<RegionId> {
        let mentions = Names::get().find(text);
        let resolved = self.resolve(text, &mentions, &[]);
        resolved
            .into_iter()
            .filter(|(p, _)| is_region(p) || p.code == COUNTRY)
            .map(|(p, _)| RegionId(p.code.into()))
            .collect()
    }

    /// The regions of every block: its own, else those of its nearest heading, the title, the issuer.
    pub fn blocks(&self) -> Vec<BlockRegions> {
        let own: Vec<Own> = (0..self.blocks.len()).map(|at| self.own(at)).collect();
        let title = self.title_regions();
        let is_macro = |r: &Label<RegionId>| r.value.0.starts_with("M-");
        let mut out = Vec::with_capacity(own.len());
        for (at, found) in own.iter().enumerate() {
            let mut regions = found.regions.clone();
            let add = |label: Label<RegionId>, regions: &mut Vec<Label<RegionId>>| {
                if regions.iter().all(|r| r.value != label.value) {
                    regions.push(label);
                }
            };
            let inherited = |from: &[Label<RegionId>], rule: &'static str| {
                let usable = !from.iter().all(is_macro);
                usable.then(|| from.iter().map(|l| Label { rule, ..l.clone() }).collect::<Vec<_>>())
            };
            let issuer = || self.issuer.iter().map(|i| Label::new(i.clone(), "", "issuer"));
            if regions.iter().all(is_macro) {
                // A macro-region is spoken of beside a place, not instead of it.
                let mut above = self.headings[at].iter().rev();
                let from_above = above
                    .find_map(|h| inherited(&own[*h].regions, "heading"))
                    .or_else(|| inherited(&title, "title"))
                    .or_else(|| Some(issuer().collect()).filter(|i: &Vec<_>| !i.is_empty()));
                match (from_above, &found.names_country) {
                    (Some(above), _) => above.into_iter().for_each(|l| add(l, &mut regions)),
                    (None, Some(words)) if regions.is_empty() => {
                        add(Label::new(RegionId(COUNTRY.into()), words, "named"), &mut regions);
                    }
                    _ => {}
                }
            }
            if let Some(words) = &found.speaks_of_issuer {
                issuer().for_each(|l| {
                    add(Label { words: words.clone(), rule: "the issuer's own words", ..l }, &mut regions)
                });
            }
            out.push(BlockRegions { regions, mentions: Vec::new() });
        }
        out
    }

    /// The regions that a block names.
    fn own(&self, at: usize) -> Own {
        let block = &self.document.blocks[at];
        let text = self.document.text_of(block);
        let mentions = &self.blocks[at];
        let mut above: Vec<&Mention> = self.title.iter().collect();
        above.extend(self.headings[at].iter().flat_map(|h| &self.blocks[*h]));
        let context: Vec<&'static str> = above.into_iter().filter_map(certain).map(|p| p.code).collect();
        let resolved = self.resolve(text, mentions, &context);
        let dateline = if at < 2 { dateline_end(text) } else { 0 };
        let words = |start: usize| mentions.iter().find(|m| m.start == start).map_or("", |m| &text[m.start..m.end]);
        let pick = |from: usize, to: usize| {
            let mut out: Vec<Label<RegionId>> = Vec::new();
            for (place, start) in &resolved {
                let id = RegionId(place.code.to_string());
                if (from..to).contains(start) && is_region(place) && out.iter().all(|l| l.value != id) {
                    out.push(Label::new(id, words(*start), "named"));
                }
            }
            out
        };
        let mut regions = pick(dateline, usize::MAX);
        if regions.is_empty() {
            regions = pick(0, dateline);
        }
        Own {
            regions,
            speaks_of_issuer: self.issuer.as_ref().and_then(|_| speaks_of_issuer(text)),
            names_country: resolved.iter().find(|(p, _)| p.code == COUNTRY).map(|(_, start)| words(*start).to_string()),
        }
    }

    /// The place each mention means, with its first byte; mentions that stay undecided are left out.
    fn resolve(&self, text: &str, mentions: &[Mention], context: &[&'static str]) -> Vec<(&'static Place, usize)> {
        let mut decided: Vec<Option<&'static Place>> = mentions.iter().map(certain).collect();
        // What the first round decides is evidence in the second: places listed after their province.
        for _ in 0..2 {
            let beside: Vec<&'static str> = decided.iter().flatten().map(|p| p.code).collect();
            for (at, mention) in mentions.iter().enumerate() {
                if decided[at].is_none() {
                    decided[at] = self.best(text, mention, &beside, context);
                }
            }
        }
        decided.into_iter().zip(mentions).filter_map(|(place, m)| Some((place?, m.start))).collect()
    }

    fn best(&self, text: &str, mention: &Mention, beside: &[&str], context: &[&str]) -> Option<&'static Place> {
        let mut scored: Vec<(f32, &'static Place)> =
            mention.readings.iter().map(|r| (self.score(text, mention, r, beside, context), r.place)).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (best, place) = *scored.first()?;
        let tied = scored.get(1).is_some_and(|(second, _)| best - second < 0.05);
        (best >= SCORE_MIN && !tied).then_some(place)
    }

    fn score(&self, text: &str, mention: &Mention, reading: &Reading, beside: &[&str], context: &[&str]) -> f32 {
        let gazetteer = Gazetteer::get();
        let place = reading.place;
        let closure = gazetteer.closure(place.code);
        let around = |codes: &[&str]| closure[1..].iter().any(|c| *c != COUNTRY && codes.contains(c));
        let sibling = |codes: &[&str]| {
            place.parent.is_some_and(|p| {
                p != COUNTRY
                    && codes
                        .iter()
                        .any(|c| gazetteer.place(c).is_some_and(|o| o.parent == Some(p) && o.code != place.code))
            })
        };
        let mut score = match reading.strength {
            Strength::Strong => 1.0,
            Strength::Weak => 0.0,
            Strength::Word => -1.5,
        };
        score += match place.level {
            Level::Province => 0.9,
            Level::Country => 0.6,
            Level::Prefecture => 0.5,
            Level::Zone | Level::Macro => 0.6,
            Level::County => 0.0,
        };
        if place.is_former() {
            score -= 0.3;
        }
        if LARGER.contains(&place.code) {
            score += 0.4;
        }
        if around(beside) {
            score += 3.0;
        } else if sibling(beside) {
            score += 1.5;
        }
        let issuer = self.issuer.as_ref().map(|i| i.0.as_str()).filter(|i| *i != COUNTRY);
        if context.contains(&place.code) || around(context) || issuer.is_some_and(|i| closure.contains(&i)) {
            score += 2.0;
        }
        if self.certain.contains(place.code) || closure[1..].iter().any(|c| *c != COUNTRY && self.certain.contains(c)) {
            score += 1.0;
        }
        score + generic_word(&text[mention.end..], place)
    }
}

/// The headings that each block stands under; blocks under the same ones share the list.
fn headings_above(document: &Document) -> Vec<Rc<[usize]>> {
    let mut path: Vec<(u8, usize)> = Vec::new();
    let mut shared: Rc<[usize]> = Rc::new([]);
    let mut out = Vec::with_capacity(document.blocks.len());
    for (at, block) in document.blocks.iter().enumerate() {
        let BlockKind::Heading(level) = block.kind else {
            out.push(shared.clone());
            continue;
        };
        path.retain(|(l, _)| *l < level);
        out.push(path.iter().map(|(_, at)| *at).collect());
        path.push((level, at));
        shared = path.iter().map(|(_, at)| *at).collect();
    }
    out
}

/// A mention that means one place, whatever stands around it.
fn certain(mention: &Mention) -> Option<&'static Place> {
    match mention.readings {
        [only] if only.strength == Strength::Strong => Some(only.place),
        _ => None,
    }
}

/// Regions of passages: everything but the country as a whole and macro-regions, which do not keep
/// a passage from being about its issuer's region.
fn is_region(place: &Place) -> bool {
    place.code != COUNTRY
}

/// Evidence from the word after a name: `Suzhou City`, `Chaoyang District`, 吉林市.
fn generic_word(after: &str, place: &Place) -> f32 {
    let next: String = after.trim_start().chars().take(12).collect::<String>().to_lowercase();
    let levels: &[(&[&str], &[Level])] = &[
        (&["province", "省"], &[Level::Province]),
        (&["city", "市"], &[Level::Prefecture, Level::County]),
        (&["prefecture", "州", "地区"], &[Level::Prefecture]),
        (&["county", "district", "banner", "县", "区", "旗"], &[Level::County]),
    ];
    match levels.iter().find(|(words, _)| words.iter().any(|w| next.starts_with(w))) {
        Some((_, fitting)) if fitting.contains(&place.level) => 2.0,
        Some(_) => -1.0,
        None => 0.0,
    }
}

/// One past the dateline that a news text opens with; 0 when it has none.
fn dateline_end(text: &str) -> usize {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| {
        Regex::new(r"(?x)^(?: [\p{Lu}][\p{L}\ '’.,]{1,40}?,?\s+(?:[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:,\s*\d{4})?)?\s*(?:\([^)]{2,40}\))?\s*(?:--|[-—–]) | .{0,24}?\d{1,2}日(?:电|讯|消息) | [\p{Lu}][\p{L}\ ,]{1,30}\([^)]{2,30}\)\s )")
            .expect("the pattern is fixed and compiled by tests")
    });
    pattern.find(text).map_or(0, |m| m.end())
}

fn speaks_of_issuer(text: &str) -> Option<String> {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| {
        Regex::new(r"(?i)[全我本][省市县州盟旗区]|全自治区|自治区|(?-u:\b)(?:our|the\s+whole|the\s+entire|across\s+the)\s+(?:province|region|city|county|municipality|prefecture|autonomous\s+region)(?-u:\b)|(?-u:\b)the\s+(?:province|region|city|municipality|autonomous\s+region)(?:['’]s)?(?-u:\b)|province-?wide|city-?wide|region-?wide")
            .expect("the pattern is fixed and compiled by tests")
    });
    pattern.find(text).map(|m| m.as_str().to_string())
}

#[cfg(test)]
mod tests {
    use super::super::test::document;
    use super::*;

    #[track_caller]
    fn check(title: &str, text: &str, expected: &[&str]) {
        let document = document(title, &[text, "End."]);
        let codes: Vec<String> =
            Marker::new(&document).blocks().remove(0).regions.into_iter().map(|r| r.value.0).collect();
        assert_eq!(codes, expected, "{text}");
    }

    #[test]
    fn names_are_resolved_by_what_stands_around_them() {
        check("T", "Jiangsu's Suzhou grew.", &["320000", "320500"]);
        check("T", "Anhui: Suzhou grew.", &["340000", "341300"]);
        check("T", "Jilin grew.", &["220000"]);
        check("T", "Jilin City grew.", &["220200"]);
        check("T", "陕西榆林、汉中、安康", &["610000", "610800", "610700", "610900"]);
        check("T", "Shanxi and Shaanxi differ.", &["140000", "610000"]);
    }

    #[test]
    fn words_that_are_also_counties_need_evidence() {
        check("T", "利民惠民，比如会同有关部门。", &[]);
        check("T", "Mile by mile, the Guide said.", &[]);
        check("新疆", "全面振兴乡村。", &[]);
    }

    #[test]
    fn a_dateline_counts_only_when_nothing_else_does() {
        check("T", "BEIJING, June 12 (Agency) -- Xinjiang will build a dry port.", &["650000"]);
        check("T", "新华社北京7月26日电 新疆开行列车。", &["650000"]);
        check("T", "URUMQI, June 12 (Agency) -- Trains left.", &["650100"]);
    }
}
