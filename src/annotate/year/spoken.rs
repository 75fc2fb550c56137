//! The years a text speaks of.
//!
//! Expressions of time are found by the neighbours of this file, each as an [`Event`], and read here in the
//! order of the text: ranges are made of two years, months are given to the year they stand by, and what
//! is left without a year is seen from the document's.

use super::written::written;
use super::{dateline, parts, plans, ranges, relative};
use crate::analysis::has_ideograph;
use crate::annotate::clues::{Clue, Clues};
use crate::model::{Date, Label, Year};
use crate::pattern::{Pattern, pattern};
use std::ops::Range;

/// A range of more years than this is a period, of which only the ends are named.
pub const RANGE_YEARS_MAX: u16 = 6;
/// What joins two expressions of time, or opens a sentence before one, is no longer, in bytes.
pub const JOINT: usize = 48;
/// In a document of the first quarter, a month of the last is that of the year before.
const LATE_MONTH: u8 = 10;
const FIRST_QUARTER_DAYS: i64 = 90;
const RULE_LATE: &str = "month before the document's year";

/// What an expression of time says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sense {
    /// These years, from the first to the last.
    Years(u16, u16),
    /// A year so far from the document's.
    Shift(i64),
    /// The year before the one named last.
    Before,
    /// The year after the one named last.
    After,
    /// The year spoken of already.
    Same,
    /// A month by its number, or another part of a year, by 0; of the year that stands by it or the document's.
    Part(u8),
    /// The year of that place in a cycle of so many years, nearest to the document's.
    Cycle(u16, u16),
}

impl Sense {
    /// The first year, if it is written out.
    pub fn first(self) -> Option<u16> {
        match self {
            Sense::Years(from, _) => Some(from),
            _ => None,
        }
    }

    /// Whether it is a part of a year.
    pub fn is_part(self) -> bool {
        matches!(self, Sense::Part(_))
    }
}

/// An expression of time in a text.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its place.
    pub place: Range<usize>,
    /// What it says.
    pub sense: Sense,
    /// The rule that read it.
    pub rule: &'static str,
}

impl Event {
    /// An expression at a place.
    pub fn new(place: Range<usize>, sense: Sense, rule: &'static str) -> Event {
        Event { place, sense, rule }
    }
}

/// The years a text speaks of, in order, none twice. What names no year is seen from the year of the
/// `document`, and of its day of publication when the month is one of the year before. Datelines do not count.
pub fn spoken_of(text: &str, clues: Clues, document: Option<Year>, published: Option<Date>) -> Vec<Label<Year>> {
    let events = events(text, clues);
    if events.is_empty() {
        return Vec::new();
    }
    let mut out: Vec<(Year, usize, Label<Year>)> = Vec::new();
    let reading = Reading { text, events: &events, document: document.map(|y| i64::from(y.get())), published };
    reading.read(|year, event, rule| {
        if let Some(year) = Year::new(year) {
            out.push((year, event.place.start, Label::new(year, &text[event.place.clone()], rule)));
        }
    });
    // The first words that name a year are its evidence.
    out.sort_by_key(|(year, at, _)| (*year, *at));
    out.dedup_by_key(|(year, ..)| *year);
    out.into_iter().map(|(.., label)| label).collect()
}

/// Every expression of time, in order, none within another.
fn events(text: &str, clues: Clues) -> Vec<Event> {
    let has_latin = text.bytes().any(|b| b.is_ascii_lowercase());
    let has = |any: &[Clue]| has_latin && any.iter().any(|clue| clues.has(*clue));
    let mut found: Vec<Event> = written(text)
        .into_iter()
        .map(|w| Event::new(w.place, Sense::Years(w.year.get(), w.year.get()), "year written out"))
        .collect();
    ranges::short(text, &mut found);
    if has_ideograph(text) {
        plans::in_chinese(text, &mut found);
        relative::in_chinese(text, &mut found);
        parts::in_chinese(text, &mut found);
    }
    if has(&[Clue::Five]) {
        plans::in_english(text, &mut found);
    }
    if has(&[Clue::Year, Clue::Season, Clue::Month]) {
        relative::in_english(text, &mut found);
    }
    if has(&[Clue::Month]) {
        parts::months_in_english(text, &mut found);
    }
    if has(&[Clue::Year, Clue::Part]) {
        parts::in_english(text, &mut found);
    }
    plans::of_cycle(text, &mut found);
    if found.is_empty() {
        return found;
    }
    let lines = dateline::datelines(text);
    found.retain(|e| {
        let near = lines.partition_point(|l| l.start <= e.place.start).checked_sub(1);
        near.is_none_or(|at| e.place.start >= lines[at].end)
    });
    found.sort_by_key(|e| (e.place.start, std::cmp::Reverse(e.place.end)));
    let mut last: Option<Range<usize>> = None;
    found.retain(|e| {
        let within = last.as_ref().is_some_and(|l| e.place.start < l.end && *l != e.place);
        if !within {
            last = Some(e.place.clone());
        }
        !within
    });
    ranges::joined(text, found)
}

/// A text with its expressions of time, and what they are seen from.
struct Reading<'a> {
    text: &'a str,
    events: &'a [Event],
    document: Option<i64>,
    published: Option<Date>,
}

impl Reading<'_> {
    fn read(&self, mut found: impl FnMut(i64, &Event, &'static str)) {
        let owned = self.owned();
        let starts = sentence_starts(self.text);
        // The year that the text or this sentence opened with, and that of the last expression in it.
        let (mut opening, mut latest): (Option<i64>, Option<i64>) = (None, None);
        let mut sentence = 0;
        for (at, event) in self.events.iter().enumerate() {
            let start = starts[..starts.partition_point(|s| *s <= event.place.start)].last().copied().unwrap_or(0);
            if start != sentence {
                // What the text opens with holds to its end, what a later sentence does for itself.
                if sentence != 0 {
                    opening = None;
                }
                sentence = start;
                latest = None;
            }
            let value = match event.sense {
                Sense::Years(from, to) if to - from < RANGE_YEARS_MAX => {
                    (from..=to).for_each(|y| found(y.into(), event, event.rule));
                    Some(i64::from(to))
                }
                Sense::Years(from, to) => {
                    [from, to].into_iter().for_each(|y| found(y.into(), event, event.rule));
                    Some(i64::from(to))
                }
                Sense::Shift(by) => {
                    let year = self.document.map(|y| y + by);
                    year.into_iter().for_each(|y| found(y, event, event.rule));
                    year
                }
                Sense::Before => {
                    let year = latest.or(opening).or(self.document).map(|y| y - 1);
                    year.into_iter().for_each(|y| found(y, event, event.rule));
                    // What comes before does not become what is spoken of.
                    continue;
                }
                Sense::After => {
                    let year = latest.map(|y| y + 1);
                    year.into_iter().for_each(|y| found(y, event, event.rule));
                    continue;
                }
                Sense::Cycle(first, length) => {
                    let year = self.document.map(|y| nearest(i64::from(first), i64::from(length), y));
                    year.into_iter().for_each(|y| found(y, event, event.rule));
                    year
                }
                Sense::Same => continue,
                Sense::Part(month) => {
                    if !owned[at] && opening.is_none_or(|y| Some(y) == self.document) {
                        let is_late = self.is_late(month, event.place.end);
                        let rule = if is_late { RULE_LATE } else { event.rule };
                        let year = self.document.map(|y| y - i64::from(is_late));
                        year.into_iter().for_each(|y| found(y, event, rule));
                    }
                    continue;
                }
            };
            latest = value.or(latest);
            if value.is_some() && (event.sense == Sense::Shift(0) || self.opens(start, event)) {
                opening = value;
            }
        }
    }

    /// For each expression whether it is a part of a year that stands by it.
    fn owned(&self) -> Vec<bool> {
        let events = self.events;
        let mut owned: Vec<bool> = events.iter().map(|e| !e.sense.is_part()).collect();
        // Forward: 去年10月至12月, 2019年第一季度.
        for at in 1..events.len() {
            if owned[at - 1] && !owned[at] {
                owned[at] = self
                    .joint(at)
                    .is_some_and(|joint| if events[at - 1].sense.is_part() { joins(joint) } else { touches(joint) });
            }
        }
        // Backward: July to September 2020, in December last year.
        for at in (0..events.len().saturating_sub(1)).rev() {
            if owned[at + 1] && !owned[at] {
                owned[at] = self.joint(at + 1).is_some_and(|joint| {
                    if events[at + 1].sense.is_part() { joins(joint) } else { leads_to_year(joint) }
                });
            }
        }
        owned
    }

    /// What stands between an expression and the one before it.
    fn joint(&self, at: usize) -> Option<&str> {
        let (from, to) = (self.events[at - 1].place.end, self.events[at].place.start);
        self.text.get(from..to).filter(|joint| joint.len() <= JOINT)
    }

    /// Whether a sentence opens with the expression, so that months after it are of its year.
    fn opens(&self, start: usize, event: &Event) -> bool {
        static OPENING: Pattern = pattern!(
            r#"(?i)^(?:[\s“”"'‘(（「—\-–•·*]|in(?-u:\b)|by(?-u:\b)|at(?-u:\b)|on(?-u:\b)|of(?-u:\b)|the(?-u:\b)|end(?-u:\b)|early(?-u:\b)|late(?-u:\b)|mid(?-u:\b)|during(?-u:\b)|throughout(?-u:\b)|beginning(?-u:\b)|year(?-u:\b)|(?:<months>)(?-u:\b)|[0-9]{1,2}(?:st|nd|rd|th)?|[.,，、]|在|于|早在|到|截至|至|一、|二、|三、)*$"#
        );
        let after = &self.text[event.place.end..];
        let is_since = ["以来", "起", "以后", "之后", "后", "之前", "以前"].iter().any(|w| after.starts_with(w));
        event.place.start - start <= JOINT && !is_since && OPENING.is_match(&self.text[start..event.place.start])
    }

    /// Whether a month without a year is of the year before the document's: named in the first months of a
    /// year, and not as one to come.
    fn is_late(&self, month: u8, end: usize) -> bool {
        let Some(published) = self.published else { return false };
        let Some(new_year) = Date::new(published.year().get().into(), 1, 1) else { return false };
        let near = &self.text[self.text.floor_char_boundary(end.saturating_sub(2 * JOINT))..];
        let near = &near[..near.floor_char_boundary(4 * JOINT)];
        month >= LATE_MONTH
            && Some(i64::from(published.year().get())) == self.document
            && published.days() - new_year.days() < FIRST_QUARTER_DAYS
            && !TO_COME.iter().any(|w| near.contains(w))
    }
}

/// Words of what is to come.
const TO_COME: &[&str] = &[
    "将",
    "拟",
    "计划",
    "预计",
    "力争",
    "确保",
    "前完成",
    "底前",
    "will ",
    "to be ",
    "by ",
    "until ",
    "before ",
    "expected",
    "plan",
    "due ",
    "scheduled",
];

/// Between parts of one year: `10月至12月`, `June and July`.
fn joins(joint: &str) -> bool {
    let joint = joint.trim_matches(|c: char| c.is_whitespace() || c.is_ascii_digit());
    const JOINTS: [&str; 24] = [
        "",
        "-",
        "–",
        "—",
        "~",
        "～",
        "至",
        "到",
        "、",
        "和",
        "及",
        "与",
        "/",
        ",",
        ", and",
        "and",
        "to",
        "or",
        "through",
        "until",
        "and early",
        "to early",
        "to mid",
        "and late",
    ];
    JOINTS.contains(&joint)
        || joint.trim_end_matches(['-', ' ']).strip_suffix("mid").is_some_and(|j| JOINTS.contains(&j.trim()))
}

/// Between a year and its part: `2019年第一季度`, `2018年2、3月`.
fn touches(joint: &str) -> bool {
    let joint = joint.trim_matches(|c: char| c.is_whitespace() || c.is_ascii_digit() || "-–—~～至到、/.第".contains(c));
    ["", "的", "年", "年的", "度", "'s", "’s", "'s first", "在", "（", "("].contains(&joint)
}

/// Between a part and its year: `June 2019`, `December of last year`.
fn leads_to_year(joint: &str) -> bool {
    let joint = joint.trim_matches(|c: char| c.is_whitespace() || ",./-".contains(c));
    ["", "of", "in", "of the", "in the", "of fiscal", "of fy", "th", "st", "nd", "rd"].contains(&joint)
}

/// The year of a cycle nearest to another; of two as near the earlier.
fn nearest(first: i64, length: i64, to: i64) -> i64 {
    let earlier = to - (to - first).rem_euclid(length);
    if to - earlier <= earlier + length - to { earlier } else { earlier + length }
}

/// Where sentences begin. The point of a short form ends none.
fn sentence_starts(text: &str) -> Vec<usize> {
    let mut out = vec![0];
    let mut point = None;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() && point.is_some_and(|p| !ends_short_form(&text[..p])) {
            out.push(at + c.len_utf8());
        }
        point = (c == '.').then_some(at);
        if matches!(c, '。' | '！' | '？' | '!' | '?' | '\n') {
            out.push(at + c.len_utf8());
        }
    }
    out
}

fn ends_short_form(text: &str) -> bool {
    const FORMS: [&str; 20] = [
        "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mr", "mrs", "ms", "dr",
        "st", "no", "vs", "co",
    ];
    let word = &text[text.len() - text.bytes().rev().take_while(u8::is_ascii_alphabetic).count()..];
    word.len() == 1 || FORMS.iter().any(|f| f.eq_ignore_ascii_case(word))
}
