//! Parts of a year named without it: months, days of months, halves, quarters.

use super::spoken::{Event, Sense};
use crate::annotate::date;
use crate::pattern::{Pattern, pattern};

/// So many bytes about a month say whether it is that of every year.
const LOOK_ABOUT: usize = 60;
const RULE_MONTH: &str = "month of the document's year";
const RULE_PART: &str = "part of the document's year";

/// Months and parts of the year in Chinese: `7月25日`, `6月底`, `上半年`, `前三季度`.
pub fn in_chinese(text: &str, out: &mut Vec<Event>) {
    static MONTH: Pattern = pattern!(
        r"([0-9０-９]{1,2})\s?月(?:份|\s?[0-9０-９]{1,2}\s?[日号])?|([一二三四五六七八九十]{1,2})月(?:份|[一二三四五六七八九十]{1,3}[日号])"
    );
    static PART: Pattern = pattern!(
        r"[上下]半年|前[二两三23]个?季度|第?[一二三四1-4]季度|首季|[前头](?:[2-9]|1[01]|[二两三四五六七八九]|十一?)个?月|年底|年内|年初(?:以来|至今)"
    );
    if text.contains('月') {
        for found in MONTH.captures_iter(text) {
            let (Some(whole), Some(number)) = (found.get(0), found.get(1).or(found.get(2))) else { continue };
            let (before, after) = (&text[..whole.start()], &text[whole.end()..]);
            let value =
                if found.get(1).is_some() { date::digits(number.as_str()) } else { date::chinese(number.as_str()) };
            let Some(month @ 1..=12) = value else { continue };
            let touched =
                before.ends_with(|c: char| c.is_ascii_digit() || "0１２３４５６７８９第个十.．·历闰旧".contains(c));
            let other = whole.as_str().ends_with('月') && after.starts_with(|c| "龄球饼嫂子亮光薪均度".contains(c));
            if !touched && !other && !is_yearly(before, after) {
                out.push(Event::new(whole.range(), Sense::Part(month as u8), RULE_MONTH));
            }
        }
    }
    if !text.contains("半年")
        && !text.contains('季')
        && !text.contains("年底")
        && !text.contains("年内")
        && !text.contains(['前', '头'])
        && !text.contains("年初")
    {
        return;
    }
    for found in PART.find_iter(text) {
        let (before, after) = (&text[..found.start()], &text[found.end()..]);
        let previous = before.chars().next_back();
        let not_after = match found.as_str().chars().next() {
            // 创下半年以来新低: the lowest in half a year.
            Some('下') => "创录写落",
            Some('上') => "以",
            Some('前' | '头') => "此提之以日目生年",
            Some('年') => {
                "0123456789０１２３４５６７８９今去明上前后本每当同次翌来历往多近几数两半一二三四五六七八九十〇零整全常成周青少个该那这百"
            }
            _ => "每、",
        };
        let is_other = previous.is_some_and(|c| not_after.contains(c))
            || found.as_str().starts_with('年') && after.starts_with(['均', '蕴'])
            || found.as_str() == "下半年" && after.starts_with("以来");
        // 一、二季度 are two, and 、 is no reason against the second.
        let is_second = previous == Some('、') && found.as_str().contains('季');
        if (!is_other || is_second) && !is_yearly(before, after) {
            out.push(Event::new(found.range(), Sense::Part(0), RULE_PART));
        }
    }
}

/// Months in English: `July 25`, `since mid-June`.
pub fn months_in_english(text: &str, out: &mut Vec<Event>) {
    static MONTH: Pattern =
        pattern!(r"(?i)(?-u:\b)(<months>)(?-u:\b)(\.)?(?:[\s-]+([0-9]{1,2})(?:st|nd|rd|th)?(?-u:\b))?");
    for found in MONTH.captures_iter(text) {
        let (Some(whole), Some(name)) = (found.get(0), found.get(1)) else { continue };
        let (before, after) = (&text[..whole.start()], &text[whole.end()..]);
        let day = found.get(3).and_then(|d| d.as_str().parse::<u8>().ok()).is_some_and(|d| (1..=31).contains(&d));
        if is_month(name.as_str(), found.get(2).is_some(), day, before, after) && !is_yearly(before, after) {
            out.push(Event::new(whole.range(), Sense::Part(number(name.as_str())), RULE_MONTH));
        }
    }
}

fn number(name: &str) -> u8 {
    const STARTS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let name = name.to_ascii_lowercase();
    STARTS.iter().position(|s| name.starts_with(s)).map_or(0, |at| at as u8 + 1)
}

/// Whether a word that can be a month's name is one. `May`, `March` and the short forms need more than a capital.
fn is_month(name: &str, has_point: bool, has_day: bool, before: &str, after: &str) -> bool {
    let is_capital = name.starts_with(|c: char| c.is_ascii_uppercase());
    let is_plain =
        name.len() > 3 && !["march", "april", "june", "august", "sept"].contains(&name.to_ascii_lowercase().as_str());
    let follows = after.trim_start_matches(['\'', '’', ' ', '.']);
    if ["Revolution", "Uprising", "Movement", "Fourth", "Incident", "Day ", "Medal"]
        .iter()
        .any(|n| follows.starts_with(n))
    {
        return false;
    }
    // An English name within other letters, or a person's: "Ms. June", "Long March".
    if before.ends_with(['@', '/', '_', '&']) || before.ends_with("Long ") || before.ends_with("Ms. ") {
        return false;
    }
    let is_long = name.len() > 3 && !name.eq_ignore_ascii_case("sept");
    let is_verb = name.eq_ignore_ascii_case("may") || name.eq_ignore_ascii_case("march");
    if is_long && !is_verb {
        return is_capital || is_plain || has_day;
    }
    let trimmed = before.trim_end_matches([' ', '-', '–', '\u{a0}', '“', '"', '(']);
    let word = &trimmed[trimmed.len() - trimmed.bytes().rev().take_while(u8::is_ascii_alphanumeric).count()..];
    let is_cued = CUES.iter().any(|c| c.eq_ignore_ascii_case(word)) || is_day(word);
    let touches_year =
        after.trim_start().get(..4).is_some_and(|y| y.starts_with(['1', '2']) && y.bytes().all(|b| b.is_ascii_digit()));
    let rest = after.trim_start_matches(['-', '–', ' ']);
    let is_pair = rest.len() < after.len()
        && rest.get(..3).is_some_and(|m| m.starts_with(|c: char| c.is_ascii_uppercase()) && number(m) > 0);
    is_capital && (has_day || touches_year || is_pair || is_cued && (is_verb || is_long || has_point))
}

/// `25`, `25th`.
fn is_day(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    word[..digits].parse().is_ok_and(|d: u8| (1..=31).contains(&d))
        && ["", "st", "nd", "rd", "th"].contains(&&word[digits..])
}

/// Before a month that could be another word.
const CUES: &[&str] = &[
    "in",
    "since",
    "by",
    "until",
    "till",
    "from",
    "to",
    "of",
    "during",
    "before",
    "after",
    "through",
    "between",
    "early",
    "late",
    "mid",
    "last",
    "next",
    "this",
    "and",
    "previous",
    "following",
    "around",
    "on",
    "or",
    "end",
    "every",
];

/// Halves, quarters and numbers of months, `first half`, `first quarter`, unless they are of something other than a year.
pub fn in_english(text: &str, out: &mut Vec<Event>) {
    static PART: Pattern = pattern!(
        r"(?i)(?-u:\b)(?:(?:(first|second|latter|third|fourth|1st|2nd|3rd|4th)[\s-]+(?:half|quarters?)|first\s+(?:two|three|[23])\s+quarters|first\s+(?:two|three|four|five|six|seven|eight|nine|ten|eleven|[2-9]|1[01])\s+months)(?-u:\b)(\s+of\s+(?:the\s+)?(?:fiscal\s+)?year(?-u:\b))?|(?:end|beginning|start|rest|remainder|close)\s+of\s+the\s+year(?-u:\b)|(?:by|at|before)\s+(?:the\s+)?year[\s-]end(?-u:\b)|(?:in|for|of|during|by|since)\s+(?:the\s+)?Q[1-4](?-u:\b))"
    );
    let mut matches = PART.find_iter(text).peekable();
    if matches.peek().is_none() {
        return;
    }
    let is_game =
        ["goal", "scored", "halftime", "half-time", "kickoff", "striker", "rebounds"].iter().any(|w| text.contains(w));
    for found in matches {
        let after = text[found.end()..].trim_start();
        let before = &text[..found.start()];
        let is_bare = !found.as_str().to_ascii_lowercase().ends_with("year");
        // "of 2019", "of last year" say which; "of the season" is no part of a year.
        let of_other = is_bare
            && (after.strip_prefix("of ").is_some_and(|of| !is_year_next(of))
                || after.starts_with("after ")
                || after.starts_with("since "));
        // Chains of "second-half" and "the second quarter of an hour" are rare; games are not.
        if !(of_other || is_game && is_bare || is_yearly(before, after)) {
            out.push(Event::new(found.range(), Sense::Part(0), RULE_PART));
        }
    }
}

fn is_year_next(of: &str) -> bool {
    of.starts_with(['1', '2'])
        || ["this ", "last ", "next ", "that ", "the same ", "the previous ", "the year", "the following "]
            .iter()
            .any(|w| of.starts_with(w))
}

/// Whether what stands about a month makes it that of every year.
fn is_yearly(before: &str, after: &str) -> bool {
    let from = before.ceil_char_boundary(before.len().saturating_sub(LOOK_ABOUT));
    let near = &before[from..];
    let near = near.rsplit(['。', '；', '！', '？', '\n']).next().unwrap_or(near);
    let to = after.floor_char_boundary(LOOK_ABOUT.min(after.len()) / 2);
    let next = after[..to].split(['。', '；', '.', ';', '，', ',']).next().unwrap_or("");
    const YEARLY: [&str; 9] = ["每年", "历年", "常年", "往年", "年年", "农历", "every year", "each year", "annually"];
    let last = near.trim_end();
    YEARLY.iter().any(|w| near.contains(w) || next.contains(w)) || last.ends_with("every") || last.ends_with("each")
}
