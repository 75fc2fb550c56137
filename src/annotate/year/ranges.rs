//! Ranges of years: two years and what joins them, a year and a length of time.

use super::spoken::{Event, JOINT, RANGE_YEARS_MAX, Sense};
use crate::pattern::{Pattern, pattern};

/// Years followed by the end of a range in two digits, `1986-90` and `2019/20`, or by a length of time,
/// `自2016年起用3年时间`.
pub fn short(text: &str, found: &mut [Event]) {
    static LENGTH: Pattern = pattern!(
        r"^(?:起|开始)[^。；]{0,20}?(?:(?:用|连续|花|历时|为期)([2-6二两三四五六])年|([2-6二两三四五六])年(?:时间|之?内|间))"
    );
    static SPENT: Pattern = pattern!(
        r"(?i)^[^.;]{0,40}?\s(?:for|in|over|spent|took|used|within|spend|spending)\s+(two|three|four|five|six|[2-6])\s+years(?-u:\b)"
    );
    static FOR: Pattern = pattern!(
        r"(?i)(two|three|four|five|six|[2-6])\s+years\s+(?:from|starting(?:\s+in|\s+from)?|beginning(?:\s+in|\s+from)?)\s+$"
    );
    for event in found {
        let Some(from) = event.sense.first() else { continue };
        let after = &text[event.place.end..];
        if let Some((to, length)) = short_end(after, from) {
            let rule = if to - from < RANGE_YEARS_MAX { "range of years" } else { event.rule };
            *event = Event::new(event.place.start..event.place.end + length, Sense::Years(from, to), rule);
            continue;
        }
        let before = &text[text.ceil_char_boundary(event.place.start.saturating_sub(JOINT))..event.place.start];
        let length = if after.starts_with(['起', '开']) {
            LENGTH.captures(after)
        } else if before.ends_with(' ') {
            let starts = ["since ", "from ", "starting in ", "beginning in ", "tarting "]
                .iter()
                .any(|w| before.to_ascii_lowercase().ends_with(w));
            let spent = if starts { SPENT.captures(&after[..after.floor_char_boundary(2 * JOINT)]) } else { None };
            spent.or_else(|| FOR.captures(before))
        } else {
            None
        };
        let Some(years) = length.as_ref().and_then(|c| c.get(1).or(c.get(2))).and_then(|m| small(m.as_str())) else {
            continue;
        };
        event.sense = Sense::Years(from, from + years - 1);
        event.rule = "years from one written out";
    }
}

fn small(text: &str) -> Option<u16> {
    const WORDS: [[&str; 4]; 5] = [
        ["2", "二", "两", "two"],
        ["3", "三", "", "three"],
        ["4", "四", "", "four"],
        ["5", "五", "", "five"],
        ["6", "六", "", "six"],
    ];
    WORDS.iter().position(|w| w.iter().any(|w| w.eq_ignore_ascii_case(text))).map(|at| at as u16 + 2)
}

/// The year that two digits after a dash make the end of a range, and the bytes of both.
fn short_end(after: &str, from: u16) -> Option<(u16, usize)> {
    let dash = ["-", "–", "—", "/", "~", "～"].into_iter().find(|d| after.starts_with(d))?;
    let digits = &after[dash.len()..];
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    let then = &digits[count..];
    let value: u16 = digits.get(..count).filter(|d| d.len() == 2)?.parse().ok()?;
    let to = from / 100 * 100 + value;
    // 2009-10 is a month more often than a season.
    let is_month = value <= 12
        && !["five-year", "season", "fiscal", "academic", "school", "financial"]
            .iter()
            .any(|w| then.trim_start().starts_with(w));
    let is_date = then.starts_with(['-', '/', '.', '月', '%']) || then.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_slash_pair = dash != "/" || to == from + 1;
    (to > from && to - from <= 30 && !is_month && !is_date && is_slash_pair).then_some((to, dash.len() + count))
}

/// Two years and what joins them, made one.
pub fn joined(text: &str, events: Vec<Event>) -> Vec<Event> {
    static JOINED: Pattern = pattern!(
        r"(?i)^\s?(?:年|年度|财年)?(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?(?:底|末|初|起|开始)?\s*(?:[-–—－―‐‑−~～至到/]+|\s(?:to|through|until|till|(and))\s)\s*(?:the\s+end\s+of\s+)?(?:(?:<months>|fy|fiscal|year)\s*)?$"
    );
    let mut out: Vec<Event> = Vec::with_capacity(events.len());
    for event in events {
        // Only a month may stand between the years of a range.
        let at = match out.last() {
            Some(last) if last.sense.is_part() && out.len() > 1 => out.len() - 2,
            _ => out.len().wrapping_sub(1),
        };
        if let (Some(previous), Sense::Years(to, end)) = (out.get(at), event.sense)
            && to == end
            && let Sense::Years(from, start) = previous.sense
            && from == start
            && from < to
            && event.place.start - previous.place.end.min(event.place.start) <= JOINT
            && let Some(joint) = JOINED.captures(&text[previous.place.end.min(event.place.start)..event.place.start])
        {
            // "between 2016 and 2018" is a range, "2016 and 2018" are two years.
            let between = joint.get(1).is_none() || ends_with_between(&text[..previous.place.start]);
            let slash = text[previous.place.end..event.place.start].contains('/');
            if between && (!slash || to == from + 1) {
                let place = previous.place.start..event.place.end;
                out.truncate(at);
                out.push(Event::new(place, Sense::Years(from, to), "range of years"));
                continue;
            }
        }
        out.push(event);
    }
    out
}

fn ends_with_between(text: &str) -> bool {
    const WORD: &str = "between";
    let text = text.trim_end();
    text.get(text.len().saturating_sub(WORD.len())..).is_some_and(|end| end.eq_ignore_ascii_case(WORD))
}
