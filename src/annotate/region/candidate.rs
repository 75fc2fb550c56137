//! The names in a text that can be places, before any is decided on.

use super::guard::{Guard, guard, is_of_sport, plays};
use super::short;
use crate::vocab::names::{self, Reading, Strength};
use crate::vocab::{Gazetteer, Level, Straddle, straddle};
use std::borrow::Cow;

/// A name in a text that can be a place.
#[derive(Clone, Debug)]
pub struct Candidate<'g> {
    /// First byte of the name.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// What it can mean; never empty.
    pub readings: Vec<Reading<'g>>,
    /// It can only be a mention.
    pub is_mention: bool,
    /// It names people or a language.
    pub is_demonym: bool,
    /// How it lies to the Chinese words around it.
    pub straddle: Straddle,
    /// The rule that found it.
    pub rule: &'static str,
}

impl<'g> Candidate<'g> {
    /// The place it means whatever stands around it.
    pub fn certain(&self) -> Option<Reading<'g>> {
        match self.readings.as_slice() {
            [only] if only.strength == Strength::Strong && self.straddle == Straddle::No && !self.is_demonym => {
                Some(*only)
            }
            _ => None,
        }
    }
}

/// A text with its candidates.
#[derive(Clone, Debug)]
pub struct Read<'g> {
    /// The text, simplified; every byte where it was.
    pub text: Cow<'g, str>,
    /// Its candidates, left to right.
    pub candidates: Vec<Candidate<'g>>,
}

/// A title or a heading is read no further than this, in bytes: longer ones are text gone astray.
const HEADING_BYTES: usize = 2_000;

/// Finds the candidates of a title or a heading.
pub fn read_heading<'g>(gazetteer: &'g Gazetteer, text: &'g str) -> Read<'g> {
    let mut end = text.len().min(HEADING_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    read(gazetteer, &text[..end])
}

/// Finds the candidates of a text.
pub fn read<'g>(gazetteer: &'g Gazetteer, text: &'g str) -> Read<'g> {
    let text = names::simplified(text);
    let mut candidates: Vec<Candidate<'g>> = Vec::new();
    let mut taken: Vec<(usize, usize)> = Vec::new();
    let mut sport: Option<bool> = None;
    for mention in names::find(gazetteer, &text) {
        let after_place = taken.last().is_some_and(|(_, end)| *end == mention.start);
        taken.push((mention.start, mention.end));
        let judged = guard(&text, mention.start, mention.end);
        let level = mention.readings[0].place.level;
        let only_water = judged == Guard::Nature && !matches!(level, Level::Province | Level::Country);
        let is_team = matches!(level, Level::Province | Level::Prefecture) && plays(&text, mention.start, mention.end);
        if is_team && *sport.get_or_insert_with(|| is_of_sport(&text)) {
            continue;
        }
        if judged == Guard::Other || only_water || is_direction(&text, mention.start, mention.end, level, after_place) {
            continue;
        }
        let written = &text[mention.start..mention.end];
        let short_name = !written.is_ascii() && written.chars().count() <= 3;
        candidates.push(Candidate {
            straddle: if short_name { straddle(&text, mention.start, mention.end) } else { Straddle::No },
            start: mention.start,
            end: mention.end,
            readings: mention.readings,
            is_mention: judged == Guard::Affiliation,
            is_demonym: mention.is_demonym,
            rule: if judged == Guard::Affiliation { "where an institution is" } else { "named" },
        });
    }
    let is_taken = |at: usize| {
        let next = taken.partition_point(|(start, _)| *start <= at);
        next.checked_sub(1).is_some_and(|last| at < taken[last].1)
    };
    for found in short::find(&text, is_taken) {
        if let Some(place) = gazetteer.place(found.code) {
            candidates.push(Candidate {
                start: found.start,
                end: found.end,
                readings: vec![Reading { place, strength: Strength::Strong }],
                is_mention: found.is_mention,
                is_demonym: false,
                straddle: Straddle::No,
                rule: found.rule,
            });
        }
    }
    candidates.sort_by_key(|c| c.start);
    Read { text, candidates }
}

/// What a direction within a place stands after.
const PARTS: [char; 34] = [
    '省', '市', '县', '区', '州', '部', '盟', '旗', '南', '北', '东', '西', '渝', '川', '粤', '鲁', '皖', '苏', '浙',
    '冀', '晋', '豫', '鄂', '湘', '赣', '桂', '黔', '滇', '陕', '甘', '辽', '蒙', '疆', '藏',
];

/// 湖南西部, 西北部: a direction within a place, not the region of that name.
fn is_direction(text: &str, start: usize, end: usize, level: Level, after_place: bool) -> bool {
    const DIRECTIONS: &[&str] = &["西部", "中部", "东部", "东北", "西北", "西南"];
    if level != Level::Macro || !DIRECTIONS.contains(&&text[start..end]) {
        return false;
    }
    let joined = after_place || text[..start].ends_with(PARTS);
    joined || text[end..].starts_with(['部', '方', '侧', '角', '风', '向', '沿', '麓'])
}
