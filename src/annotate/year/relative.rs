//! Years named from where the document stands: this, last and next year, and the year before another.

use super::spoken::{Event, Sense};
use crate::pattern::{Pattern, pattern};
use regex::Regex;
use std::sync::OnceLock;

const THIS: &str = "this year";
const LAST: &str = "last year";
const NEXT: &str = "next year";
const BEFORE_LAST: &str = "year before last";
const AFTER_NEXT: &str = "year after next";
const PREVIOUS: &str = "year before the one named";
const FOLLOWING: &str = "year after the one named";

/// A year by its distance from the document's.
fn shift(by: i64) -> (Sense, &'static str) {
    let rule = match by {
        ..=-2 => BEFORE_LAST,
        -1 => LAST,
        0 => THIS,
        1 => NEXT,
        2.. => AFTER_NEXT,
    };
    (Sense::Shift(by), rule)
}

/// A word, its years, what may not stand before it, what may not follow.
type Word = (&'static str, &'static [i64], &'static str, &'static [&'static str]);

/// Longer words before the shorter that they begin with. `目前年产` and `文明年` only contain such words.
const WORDS: &[Word] = &[
    ("今明两年", &[0, 1], "", &[]),
    ("今明年", &[0, 1], "", &[]),
    ("明后年", &[1, 2], "", &[]),
    ("明后两年", &[1, 2], "", &[]),
    ("去今两年", &[-1, 0], "", &[]),
    ("大前年", &[-3], "", &[]),
    ("本年度", &[0], "", &[]),
    ("本年", &[0], "基日成资版样文课书根剧", &["代", "龄", "均", "级"]),
    ("今年", &[0], "", &["轻"]),
    ("今春", &[0], "", &[]),
    ("今夏", &[0], "", &[]),
    ("今秋", &[0], "", &[]),
    ("今冬", &[0], "", &[]),
    ("去年", &[-1], "过", &[]),
    ("去冬", &[-1], "", &["奥"]),
    (
        "前年",
        &[-2],
        "目当以此之提空生先日",
        &["均", "产", "龄", "轻", "初", "底", "末", "利", "收", "度", "会", "后", "份"],
    ),
    ("明年", &[1], "文说表声证光黎发透阐鲜精昆清", &[]),
    ("明春", &[1], "", &[]),
    ("来年", &[1], "近年以将未往历后", &[]),
    ("后年", &[2], "今以此之先前背往随战", &["度", "代", "均", "期"]),
    ("刚刚过去的一年", &[-1], "", &[]),
    ("过去的一年", &[-1], "", &[]),
    ("过去这一年", &[-1], "", &[]),
    ("过去一年", &[-1], "", &["半", "多", "里", "内"]),
];

/// Relative years in Chinese.
pub fn in_chinese(text: &str, out: &mut Vec<Event>) {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    if !text.contains('年') && !text.contains(['春', '夏', '秋', '冬']) {
        return;
    }
    let pattern = PATTERN.get_or_init(|| {
        let words: Vec<&str> = WORDS.iter().map(|w| w.0).collect();
        let pattern = format!("{}|上一?年|同年|当年|该年|那一?年|这一年|次年|翌年", words.join("|"));
        Regex::new(&pattern).expect("the pattern is fixed and compiled by tests")
    });
    for found in pattern.find_iter(text) {
        let (before, after) = (&text[..found.start()], &text[found.end()..]);
        let Some((_, years, not_after, not_before)) = WORDS.iter().find(|w| w.0 == found.as_str()) else {
            match found.as_str() {
                "上年" | "上一年" => {
                    let is_other = before.ends_with(|c| "以之马晚早网路身事历线岁".contains(c));
                    let is_age = ["纪", "龄", "岁", "产值"].iter().any(|s| after.starts_with(s));
                    if !is_other && !is_age {
                        out.push(Event::new(found.range(), Sense::Before, PREVIOUS));
                    }
                }
                "次年" | "翌年" => out.push(Event::new(found.range(), Sense::After, FOLLOWING)),
                _ => out.push(Event::new(found.range(), Sense::Same, "")),
            }
            continue;
        };
        let is_other = before.ends_with(|c| not_after.contains(c)) || not_before.iter().any(|s| after.starts_with(s));
        if !is_other {
            for by in *years {
                let (sense, rule) = shift(*by);
                out.push(Event::new(found.range(), sense, rule));
            }
        }
    }
}

/// Relative years in English.
pub fn in_english(text: &str, out: &mut Vec<Event>) {
    static PATTERN: Pattern = pattern!(
        r"(?i)(?-u:\b)(?:(last|this)\s+(?:year\s+)?and\s+(?:(this|next)\s+year|(this|next)(?-u:\b))|(?:(the|that|each|every|any|a|an|one)\s+)?(this|last|next|current|present|previous|preceding|prior|past|same|following|that)[\s-]+(?:fiscal\s+|financial\s+|calendar\s+)?(?:(year)(?-u:\b)|(spring|summer|autumn|fall|winter|(?:<months>)(?-u:\b)\.?))|(?:the\s+)?year\s+(?:(before\s+last)|(after\s+next))|(the)\s+year\s+before)(?-u:\b|$)"
    );
    for found in PATTERN.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        let lower = |group: usize| found.get(group).map(|m| m.as_str().to_ascii_lowercase());
        let (before, after) = (&text[..whole.start()], &text[whole.end()..]);
        let mut push = |(sense, rule): (Sense, &'static str)| out.push(Event::new(whole.range(), sense, rule));
        if let (Some(first), Some(second)) = (lower(1), lower(2).or(lower(3))) {
            // "this year and next month" names one year.
            let is_pair = found.get(2).is_some() || !after.trim_start().starts_with(|c: char| c.is_alphabetic());
            if found.get(2).is_some() || whole.as_str().to_ascii_lowercase().contains("year") {
                push(shift(if first == "last" { -1 } else { 0 }));
                if is_pair {
                    push(shift(if second == "next" { 1 } else { 0 }));
                }
            }
        } else if found.get(8).is_some() {
            push(shift(-2));
        } else if found.get(9).is_some() {
            push(shift(2));
        } else if found.get(10).is_some() {
            // "the year before." but not "the year before the flood".
            if after.trim_start().is_empty() || after.trim_start().starts_with([',', '.', ';', ':', ')', '”', '"']) {
                push((Sense::Before, PREVIOUS));
            }
        } else if let Some(word) = lower(5) {
            let article = lower(4);
            let is_the = article.as_deref() == Some("the");
            let is_bare = article.is_none();
            let name = found.get(7).map(|m| m.as_str());
            let is_year = name.is_none();
            // Spring Festival and the Winter Olympics are no seasons, a verb is no month.
            let is_verb =
                |n: &str| ["may", "march", "mar"].contains(&n) || n.len() <= 3 && n.starts_with(char::is_lowercase);
            if ["Festival", "Olympic", "Games"].iter().any(|n| after.trim_start().starts_with(n))
                || name.is_some_and(is_verb)
            {
                continue;
            }
            match word.as_str() {
                "this" if is_bare => push(shift(0)),
                "current" | "present" if is_year && (is_the || is_bare) => push(shift(0)),
                "last" if is_bare || is_the && !is_year => push(shift(-1)),
                "next" if is_bare || is_the && !is_year => push(shift(1)),
                "previous" | "preceding" | "prior" if is_the || is_bare => push((Sense::Before, PREVIOUS)),
                "past" if is_the && is_year && opens(before) => push(shift(-1)),
                "following" if is_the || is_bare => push((Sense::After, FOLLOWING)),
                "same" | "that" if is_year => push((Sense::Same, "")),
                _ => {}
            }
        }
    }
}

/// Whether "the past year" that follows opens a sentence: there it is the year looked back on, elsewhere
/// it is twelve months.
fn opens(before: &str) -> bool {
    let before = before.trim_end();
    let before = ["Over", "In", "During", "Throughout"].iter().find_map(|w| before.strip_suffix(w)).unwrap_or(before);
    let before = before.trim_end_matches([' ', '"', '“']);
    before.is_empty() || before.ends_with(['.', '!', '?', '\n'])
}
