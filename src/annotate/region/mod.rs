//! Which regions each block is about, and which it only mentions.
//!
//! `candidate` finds names, `guard` takes out those that are part of other names, `short` adds provinces named by
//! one character, `resolve` decides what each name means, `role` whether the block is about the place; here blocks
//! inherit what they do not name themselves.

mod candidate;
mod guard;
mod resolve;
mod role;
mod short;

use crate::clean::{Block, Document};
use crate::extract::BlockKind;
use crate::model::{Label, RegionId};
use crate::pattern::{Pattern, pattern};
use crate::vocab::{Gazetteer, Level, Place};
use candidate::{Candidate, Read, read, read_heading};
use resolve::{COUNTRY, Context, resolve};
use std::collections::HashSet;
use std::rc::Rc;

/// Blocks at the head of a document that can open with a dateline.
const DATELINE_BLOCKS: usize = 3;

/// The regions of a block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BlockRegions {
    /// What it is about.
    pub regions: Vec<Label<RegionId>>,
    /// What it only mentions.
    pub mentions: Vec<Label<RegionId>>,
}

/// What a text names itself.
#[derive(Clone, Default)]
struct Own {
    regions: Vec<Label<RegionId>>,
    mentions: Vec<Label<RegionId>>,
    has_division: bool,
    /// The words by which the country as a whole is named.
    country: Option<String>,
    /// "Our province", 全省 and the like.
    issuer_words: Option<String>,
}

impl Own {
    /// Whether it is about a division: macro-regions and other countries are spoken of beside one, not instead of it.
    fn has_division(&self) -> bool {
        self.has_division
    }
}

/// Whether it is a division, or a place in one.
fn is_division(region: &RegionId, gazetteer: &Gazetteer) -> bool {
    region.0 != COUNTRY && gazetteer.place(&region.0).is_none_or(|p| !matches!(p.level, Level::Macro | Level::Country))
}

/// Finds and resolves the names of one document.
pub struct Marker<'a> {
    document: &'a Document,
    gazetteer: &'a Gazetteer,
    title: Read<'a>,
    blocks: Vec<Read<'a>>,
    /// The headings that each block stands under, outermost first.
    headings: Vec<Rc<[usize]>>,
    certain: Rc<HashSet<&'a str>>,
    issuer: Option<RegionId>,
}

impl<'a> Marker<'a> {
    /// Finds every name.
    pub fn new(document: &'a Document, gazetteer: &'a Gazetteer) -> Marker<'a> {
        let title = read_heading(gazetteer, &document.title.value);
        let blocks: Vec<Read> = document.blocks.iter().map(|b| read_block(gazetteer, document, b)).collect();
        let certain =
            std::iter::once(&title).chain(&blocks).flat_map(|r| certain(&r.candidates)).collect::<HashSet<_>>();
        let certain = Rc::new(certain);
        Marker { document, gazetteer, title, blocks, headings: headings_above(document), certain, issuer: None }
    }

    /// The places in use.
    pub fn gazetteer(&self) -> &'a Gazetteer {
        self.gazetteer
    }

    /// Whose government speaks: evidence for names inside its region.
    pub fn set_issuer(&mut self, issuer: Option<RegionId>) {
        self.issuer = issuer;
    }

    /// The regions that any text names, such as a file's name.
    pub fn regions_in(&self, text: &str) -> Vec<RegionId> {
        let read = read(self.gazetteer, text);
        let decided = resolve(self.gazetteer, &read.text, &read.candidates, 0, &self.context(&[]));
        decided.into_iter().flatten().map(|p| RegionId(p.code.to_string())).collect()
    }

    /// The province that far more blocks name than any other: most likely that of the government that speaks.
    pub fn named_most(&self) -> Option<RegionId> {
        const BLOCKS_MIN: usize = 3;
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for block in &self.blocks {
            let mut provinces: Vec<&str> =
                certain(&block.candidates).filter_map(|c| Some(&*self.gazetteer.province(c)?.code)).collect();
            provinces.sort_unstable();
            provinces.dedup();
            for code in provinces {
                match counts.iter_mut().find(|(c, _)| *c == code) {
                    Some((_, count)) => *count += 1,
                    None => counts.push((code, 1)),
                }
            }
        }
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let (first, second) = (*counts.first()?, counts.get(1).map_or(0, |c| c.1));
        (first.1 >= BLOCKS_MIN && first.1 >= 3 * second).then(|| RegionId(first.0.to_string()))
    }

    /// The regions of every block: its own, else those of its nearest heading, the title, the issuer.
    pub fn blocks(&self) -> Vec<BlockRegions> {
        let title = self.own(&self.title, &self.document.title.value, &self.context(&[]), false);
        let mut own: Vec<Own> = Vec::with_capacity(self.blocks.len());
        for (at, block) in self.blocks.iter().enumerate() {
            let text = self.document.text_of(&self.document.blocks[at]);
            own.push(self.own(block, text, &self.context(&self.headings[at]), at < DATELINE_BLOCKS));
        }
        own.iter().enumerate().map(|(at, found)| self.with_inherited(found, &title, &self.headings[at], &own)).collect()
    }

    fn with_inherited(&self, found: &Own, title: &Own, headings: &[usize], own: &[Own]) -> BlockRegions {
        let mut out = BlockRegions { regions: found.regions.clone(), mentions: found.mentions.clone() };
        let mut add = |label: Label<RegionId>| {
            if out.regions.iter().all(|r| r.value != label.value) {
                out.regions.push(label);
            }
        };
        let issuer = self.issuer.as_ref();
        if let Some((words, issuer)) = found.issuer_words.as_ref().zip(issuer) {
            add(Label::new(issuer.clone(), words, "the government that speaks"));
        } else if !found.has_division() {
            let mut above = headings.iter().rev().map(|h| &own[*h]).filter(|o| o.has_division());
            let inherited = above.next().map(|o| (o, "heading")).or(title.has_division().then_some((title, "title")));
            match (inherited, issuer) {
                (Some((from, rule)), _) => from.regions.iter().for_each(|l| add(Label { rule, ..l.clone() })),
                (None, Some(issuer)) => add(Label::new(issuer.clone(), "", "issuer of the document")),
                (None, None) => {}
            }
        }
        if let Some(words) = &found.country
            && !out.regions.iter().any(|l| is_division(&l.value, self.gazetteer))
        {
            out.regions.push(Label::new(RegionId(COUNTRY.into()), words, "named"));
        }
        out.mentions.retain(|m| out.regions.iter().all(|r| r.value != m.value));
        out
    }

    fn context(&self, headings: &[usize]) -> Context<'a> {
        let above = headings.iter().map(|h| &self.blocks[*h]).chain([&self.title]);
        Context {
            above: above.flat_map(|r| certain(&r.candidates)).collect(),
            document: self.certain.clone(),
            issuer: self.issuer.as_ref().map(|i| i.0.clone()),
        }
    }

    /// What a text names, as `written` before it was simplified.
    fn own(&self, read: &Read<'a>, written: &str, context: &Context<'a>, can_have_dateline: bool) -> Own {
        let dateline =
            if can_have_dateline && !read.candidates.is_empty() { role::dateline_end(&read.text) } else { 0 };
        let decided = resolve(self.gazetteer, &read.text, &read.candidates, dateline, context);
        let mentions = role::mentions(&read.text, &read.candidates, &decided, dateline);
        let mut out = Own::default();
        for ((candidate, place), mention) in read.candidates.iter().zip(&decided).zip(&mentions) {
            let words = &written[candidate.start..candidate.end];
            let Some(place) = place else {
                // 中西部 names two regions at once.
                if candidate.readings.iter().all(|r| r.place.level == Level::Macro) {
                    let each = candidate.readings.iter().map(|r| RegionId(r.place.code.to_string()));
                    each.for_each(|region| push(&mut out.regions, Label::new(region, words, candidate.rule)));
                }
                continue;
            };
            if place.code == COUNTRY {
                out.country.get_or_insert_with(|| words.to_string());
                continue;
            }
            let (labels, rule) = match mention {
                Some(rule) => (&mut out.mentions, *rule),
                None => (&mut out.regions, candidate.rule),
            };
            if place.has_flag("pair") {
                // 川渝 is Sichuan and Chongqing; 两岸 may be a river's banks.
                if !place.has_flag("strait") || is_of_the_strait(words, &written[candidate.end..]) {
                    let members = place.members().map(|m| RegionId(m.to_string()));
                    members.for_each(|member| push(labels, Label::new(member, words, rule)));
                }
                continue;
            }
            push(labels, Label::new(RegionId(place.code.to_string()), words, rule));
            // An area that is a county too is both.
            let zones = candidate.readings.iter().filter(|r| r.place.level == Level::Zone);
            for zone in zones.filter(|r| place.level == Level::County && r.place.members().eq([&*place.code])) {
                push(labels, Label::new(RegionId(zone.place.code.to_string()), words, "the zone of that name"));
            }
            if place.level == Level::Zone
                && let Some(around) = self.around(place)
            {
                push(labels, Label::new(around, words, "the division of a zone"));
            }
            if place.level == Level::Macro {
                self.inside(place, words, &mut out.mentions);
            }
        }
        if out.regions.is_empty() {
            promote_dateline(&mut out, written);
        }
        out.mentions.retain(|m| out.regions.iter().all(|r| r.value != m.value));
        out.has_division = out.regions.iter().any(|l| is_division(&l.value, self.gazetteer));
        out.issuer_words =
            self.issuer.as_ref().and_then(|i| self.gazetteer.place(&i.0)).and_then(|i| issuer_words(written, i));
        out
    }

    /// The division that a zone lies in: the one it is a part of, or the province of several.
    fn around(&self, zone: &Place) -> Option<RegionId> {
        let mut members = zone.members();
        let first = members.next()?;
        let code = if members.next().is_none() { first } else { &*self.gazetteer.province(first)?.code };
        Some(RegionId(code.to_string()))
    }

    /// Places named within the name of a macro-region are mentioned: Hong Kong in the name of the Greater Bay Area.
    fn inside(&self, whole: &Place, words: &str, mentions: &mut Vec<Label<RegionId>>) {
        for member in whole.members().filter_map(|m| self.gazetteer.place(m)) {
            if words.contains(&*member.name_en) && !member.name_en.is_empty() || words.contains(member.short_zh()) {
                push(mentions, Label::new(RegionId(member.code.to_string()), words, "within a wider name"));
            }
        }
    }
}

fn read_block<'a>(gazetteer: &'a Gazetteer, document: &'a Document, block: &Block) -> Read<'a> {
    let read = if matches!(block.kind, BlockKind::Heading(_)) { read_heading } else { read };
    read(gazetteer, document.text_of(block))
}

fn push(labels: &mut Vec<Label<RegionId>>, label: Label<RegionId>) {
    match labels.iter_mut().find(|l| l.value == label.value) {
        Some(known) => known.score += 1.0,
        None => labels.push(label),
    }
}

/// News that names no place but that of its dateline is from there, and mostly about it; news of the capital about the country.
fn promote_dateline(own: &mut Own, text: &str) {
    const CAPITAL: &str = "110000";
    let here = || text.contains(" here") || text.contains("当地") || text.contains("本地");
    let all = own.mentions.iter().all(|m| m.rule == "dateline");
    if all && own.mentions.iter().any(|m| m.value.0 != CAPITAL || here()) {
        own.regions = std::mem::take(&mut own.mentions);
        own.regions.iter_mut().for_each(|l| l.rule = "dateline, and no other place");
    }
}

/// 两岸 with what is said of the two sides of the Taiwan Strait only.
fn is_of_the_strait(words: &str, after: &str) -> bool {
    const OF_IT: &[&str] = &[
        "关系", "同胞", "经贸", "交流", "产业", "企业", "融合", "青年", "和平", "统一", "人民", "民众", "三通", "直航",
        "合作", "经济", "文化", "婚姻", "事务", "同属", "一家",
    ];
    words != "两岸" || OF_IT.iter().any(|w| after.starts_with(w))
}

fn certain<'r, 'a: 'r>(candidates: &'r [Candidate<'a>]) -> impl Iterator<Item = &'a str> + 'r {
    candidates.iter().filter_map(Candidate::certain).map(|r| &*r.place.code).filter(|c| *c != COUNTRY)
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

/// The words by which a government speaks of its own region: 全省 in a province's report is the province, in
/// a county's it is not the county.
fn issuer_words(text: &str, issuer: &Place) -> Option<String> {
    static PATTERN: Pattern = pattern!(
        r"(?i)[全我本](?:(省)|(市)|(县)|(州|盟)|(区|自治区)|(旗))|(自治区)|(?-u:\b)(?:our|the|this|entire|whole)\s(?:(province)|(city|municipality|municipal)|(county)|(prefecture)|((?:autonomous\s)?region|district)|(banner))(?-u:\b)|(province)-?wide|(city)-?wide|(county)-?wide"
    );
    let last = issuer.name_zh.chars().next_back()?;
    let fits = |group: usize| match group {
        1 | 8 | 14 => last == '省',
        2 | 9 | 15 => last == '市',
        3 | 10 | 16 => last == '县',
        4 | 11 => matches!(last, '州' | '盟'),
        5 | 12 => last == '区',
        7 => issuer.level == Level::Province && last == '区',
        _ => last == '旗',
    };
    let found = PATTERN.captures_iter(text).find(|c| (1..PATTERN.groups()).any(|g| c.get(g).is_some() && fits(g)))?;
    Some(found[0].to_string())
}

#[cfg(test)]
mod tests {
    use super::super::test::document;
    use super::*;

    #[track_caller]
    fn check(title: &str, text: &str, expected: &[&str]) {
        let document = document(title, &[text, "End."]);
        let found = Marker::new(&document, Gazetteer::get()).blocks().remove(0);
        let codes: Vec<String> = found.regions.into_iter().map(|r| r.value.0).collect();
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
        check("新疆", "全面振兴乡村。", &["650000"]);
        check("T", "湖南会同县的稻谷丰收，会同财政部门发放补贴。", &["430000", "431225"]);
    }

    #[test]
    fn a_dateline_counts_only_when_nothing_else_does() {
        check("T", "BEIJING, June 12 (Agency) -- Xinjiang will build a dry port.", &["650000"]);
        check("T", "新华社北京7月26日电 新疆开行列车。", &["650000"]);
        check("T", "URUMQI, June 12 (Agency) -- Trains left.", &["650100"]);
    }
}
