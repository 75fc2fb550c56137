//! Every name of every place in one automaton: which places a name in a text can mean.
//!
//! Names that contain a place's name and are no place stand in the same automaton, so that the
//! longest match takes them out.

use super::{Gazetteer, Level, Place};
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::HashMap;
use std::sync::OnceLock;

const NOT_PLACES: &str = include_str!("data/not_places.tsv");

/// How much a name says without further evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Also an ordinary word, a surname or a brand.
    Word,
    /// Shared with other places, or so short that it may straddle words.
    Weak,
    /// Enough by itself.
    Strong,
}

/// A place that a name can mean.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// The place.
    pub place: &'static Place,
    /// What the name says for it.
    pub strength: Strength,
}

/// A name in a text and the places it can mean.
#[derive(Clone, Debug)]
pub struct Mention {
    /// First byte of the name.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// The places; never empty.
    pub readings: &'static [Reading],
}

struct Name {
    readings: Vec<Reading>,
    /// Must be written with capitals as in the table.
    exact: Option<String>,
    /// Must begin with a capital.
    capital: bool,
}

/// The automaton over all names.
pub struct Names {
    automaton: AhoCorasick,
    names: Vec<Name>,
}

impl Names {
    /// The compiled-in names, made ready on first use.
    pub fn get() -> &'static Names {
        static NAMES: OnceLock<Names> = OnceLock::new();
        NAMES.get_or_init(Names::build)
    }

    fn build() -> Names {
        let mut by_name: HashMap<String, Name> = HashMap::new();
        let mut add = |written: &str, reading: Reading| {
            let acronym = written.is_ascii()
                && written.len() <= 5
                && written.bytes().all(|b| b.is_ascii_uppercase() || b == b'.');
            let capital = written.is_ascii()
                && !(reading.strength == Strength::Strong
                    && matches!(reading.place.level, Level::Province | Level::Prefecture));
            let mut variants = vec![written.to_string()];
            if written.contains('\'') {
                variants.extend([written.replace('\'', "’"), written.replace('\'', "")]);
            }
            for variant in variants {
                let entry = by_name.entry(variant.to_lowercase()).or_insert_with(|| Name {
                    readings: Vec::new(),
                    exact: acronym.then(|| variant.clone()),
                    capital,
                });
                entry.capital &= capital;
                match entry.readings.iter_mut().find(|r| r.place.code == reading.place.code) {
                    Some(known) => known.strength = known.strength.max(reading.strength),
                    None => entry.readings.push(reading),
                }
            }
        };
        for place in Gazetteer::get().places() {
            for written in
                std::iter::once(place.name_en).chain(place.aliases_en()).filter(|n| n.len() >= 2 && !n.contains('('))
            {
                add(written, Reading { place, strength: strength_en(place, written) });
            }
            for written in std::iter::once(place.name_zh).chain(place.aliases_zh()).filter(|n| n.chars().count() >= 2) {
                add(
                    &fast2s::convert(written.trim_matches(['“', '”'])),
                    Reading { place, strength: strength_zh(place, written) },
                );
            }
        }
        for written in NOT_PLACES.lines().map(str::trim).filter(|l| !l.is_empty()) {
            by_name.insert(written.to_lowercase(), Name { readings: Vec::new(), exact: None, capital: false });
        }
        let mut list: Vec<(String, Name)> = by_name.into_iter().collect();
        list.sort_by(|a, b| a.0.cmp(&b.0));
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(list.iter().map(|(name, _)| name))
            .expect("the compiled-in names fit an automaton");
        Names { automaton, names: list.into_iter().map(|(_, n)| n).collect() }
    }

    /// The names of places in a text, left to right, the longest at each place. Simplified and
    /// traditional characters are the same.
    pub fn find(&'static self, text: &str) -> Vec<Mention> {
        // Folding keeps every byte's place.
        let folded = if text.is_ascii() { None } else { Some(fast2s::convert(text)) };
        let text = folded.as_deref().unwrap_or(text);
        let mut out = Vec::new();
        let mut at = 0;
        while let Some(found) = self.automaton.find(aho_corasick::Input::new(text).span(at..text.len())) {
            let matched = &text[found.start()..found.end()];
            if !stands_alone(text, found.start(), found.end()) {
                at = found.start() + text[found.start()..].chars().next().map_or(1, char::len_utf8);
                continue;
            }
            at = found.end();
            let name = &self.names[found.pattern().as_usize()];
            let capital = matched.chars().next().is_some_and(|c| !c.is_ascii_lowercase());
            let as_written = name.exact.as_deref().is_none_or(|e| e == matched) && (capital || !name.capital);
            if !name.readings.is_empty() && as_written && !belongs_to_another(text, found.start(), found.end()) {
                out.push(Mention { start: found.start(), end: found.end(), readings: &name.readings });
            }
        }
        out
    }
}

fn strength_en(place: &Place, written: &str) -> Strength {
    let generic = [
        "Province",
        "City",
        "County",
        "District",
        "Prefecture",
        "Banner",
        "Region",
        "Municipality",
        "League",
        "Area",
        "Zone",
    ]
    .iter()
    .any(|g| written.ends_with(g) && written.len() > g.len() + 2);
    match place.level {
        Level::Country | Level::Province | Level::Macro | Level::Zone => Strength::Strong,
        _ if place.has_flag("word_en") && !generic => Strength::Word,
        Level::Prefecture => Strength::Strong,
        Level::County if generic && !place.has_flag("dup_en") => Strength::Strong,
        Level::County => Strength::Weak,
    }
}

fn strength_zh(place: &Place, written: &str) -> Strength {
    let chars = written.chars().count();
    let full = written == place.name_zh && chars >= 3;
    match place.level {
        Level::Country | Level::Province | Level::Macro | Level::Zone => Strength::Strong,
        _ if place.has_flag("word_zh") => {
            if full {
                Strength::Weak
            } else {
                Strength::Word
            }
        }
        Level::Prefecture => Strength::Strong,
        Level::County if chars >= 3 && !place.has_flag("dup_zh") => Strength::Strong,
        Level::County => Strength::Weak,
    }
}

/// English names are whole words; in Chinese nothing parts words.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !crate::analysis::is_ideograph(c));
    let first = text[start..].chars().next();
    let last = text[..end].chars().next_back();
    let joined_before = word(first) && word(text[..start].chars().next_back());
    let joined_after = word(last) && word(text[end..].chars().next());
    !joined_before && !joined_after
}

/// Whether what follows or precedes makes the name that of an organisation, a street, a dish.
fn belongs_to_another(text: &str, start: usize, end: usize) -> bool {
    const AFTER_ZH: &[&str] = &[
        "银行",
        "大学",
        "学院",
        "汽车",
        "航空公司",
        "证券",
        "卫视",
        "日报",
        "晚报",
        "晨报",
        "商报",
        "网讯",
        "大道",
        "大街",
        "路口",
        "菜系",
        "精神",
        "足球",
        "男篮",
        "女篮",
        "男排",
        "女排",
        "队员",
        "球队",
        "话剧",
        "烤鸭",
        "拉面",
        "火锅",
    ];
    const AFTER_EN: &[&str] = &[
        " University",
        " Bank",
        " Airlines",
        " Daily",
        " Evening News",
        " Morning Post",
        " Road",
        " Street",
        " Avenue",
        " FC",
        " Automobile",
        " TV",
        " Television",
        " Securities",
        " Institute of",
        " Normal University",
        " duck",
        " Duck",
        " Stock Exchange",
    ];
    const BEFORE_EN: &[&str] = &["Bank of ", "University of ", "bank of "];
    let after = &text[end..];
    AFTER_ZH.iter().any(|w| after.starts_with(w))
        || AFTER_EN.iter().any(|w| after.starts_with(w))
        || BEFORE_EN.iter().any(|w| text[..start].ends_with(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = Names::get().find(text).iter().map(|m| &text[m.start..m.end]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_longest_name_is_found_as_a_whole_word() {
        check("Urumqi International Dry Port Area in Xinjiang", &["Urumqi International Dry Port Area", "Xinjiang"]);
        check("xinjiang and Xi’an, Xi'an", &["xinjiang", "Xi’an", "Xi'an"]);
        check("Milestones in Guideline", &[]);
        check("新疆維吾爾自治區", &["新疆維吾爾自治區"]);
    }

    #[test]
    fn names_in_other_names_are_no_places() {
        check("Bank of Jiangsu, Peking University, the China-Europe Train", &[]);
        check("江苏银行、上海合作组织、长安汽车", &[]);
    }
}
