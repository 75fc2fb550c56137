//! Lines that belong to the pages and not to the text: page numbers, and what stands at the head or
//! foot of page after page.

use super::lines::{Line, Turn};
use regex::Regex;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// A page of lines.
#[derive(Debug)]
pub struct Page {
    /// Counted from 1.
    pub number: u32,
    /// Its height; not known if none.
    pub height: Option<f32>,
    /// Its areas in reading order.
    pub areas: Vec<Vec<Line>>,
    /// What stood at its head and is no part of the text.
    pub head: Vec<String>,
    /// What stood at its foot.
    pub foot: Vec<String>,
}

/// The head and foot of a page are this share of its height.
const MARGIN: f32 = 0.14;
/// No more than so many lines at either end of a page are looked at.
const LINES_MAX: usize = 3;
/// A line at the head or foot of so many pages, of a hundred, runs through: on left and right pages
/// it may differ.
const PAGES_MIN: usize = 40;

/// Takes running lines and page numbers out of the areas.
pub fn take(pages: &mut [Page]) {
    let mut pages_of: HashMap<(bool, String), usize> = HashMap::new();
    for page in pages.iter() {
        let keys: HashSet<(bool, String)> =
            margin_lines(page).into_iter().map(|(is_head, line)| (is_head, key(&line.text()))).collect();
        for key in keys {
            *pages_of.entry(key).or_default() += 1;
        }
    }
    let filled = pages.iter().filter(|p| !p.areas.is_empty()).count();
    let running: HashSet<(bool, String)> = pages_of
        .into_iter()
        .filter(|(_, count)| *count >= 2 && *count * 100 >= filled * PAGES_MIN)
        .map(|(key, _)| key)
        .collect();
    for page in pages {
        let taken: Vec<(bool, f32, String)> = margin_lines(page)
            .into_iter()
            .map(|(is_head, line)| (is_head, line.y, line.text()))
            .filter(|(is_head, _, text)| is_page_number(text) || running.contains(&(*is_head, key(text))))
            .collect();
        if taken.is_empty() {
            continue;
        }
        for area in &mut page.areas {
            area.retain(|line| {
                line.turn != Turn::None
                    || !taken.iter().any(|(_, y, text)| (line.y - y).abs() < f32::EPSILON && *text == line.text())
            });
        }
        page.areas.retain(|area| !area.is_empty());
        for (is_head, _, text) in taken {
            if is_head { &mut page.head } else { &mut page.foot }.push(text);
        }
    }
}

/// The lines at the head (true) and foot of a page.
fn margin_lines(page: &Page) -> Vec<(bool, &Line)> {
    let mut lines: Vec<&Line> = page.areas.iter().flatten().filter(|l| l.turn == Turn::None).collect();
    lines.sort_by(|a, b| a.y.total_cmp(&b.y));
    let lowest = lines.last().map_or(0.0, |l| l.y);
    let height = page.height.filter(|h| *h >= lowest).unwrap_or(lowest * 1.05);
    let head = lines.iter().take(LINES_MAX).filter(|l| l.y < MARGIN * height).map(|l| (true, *l));
    let foot = lines.iter().rev().take(LINES_MAX).filter(|l| l.y > (1.0 - MARGIN) * height).map(|l| (false, *l));
    let mut out: Vec<(bool, &Line)> = head.collect();
    let from = out.len();
    out.extend(foot);
    if let Some(foot) = out.get_mut(from..) {
        foot.reverse();
    }
    out
}

/// A line as it is compared: without blanks, all numbers the same.
fn key(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        let c = if c.is_numeric() { '0' } else { c };
        if !(c == '0' && out.ends_with('0')) {
            out.push(c);
        }
    }
    out
}

fn is_page_number(text: &str) -> bool {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| {
        Regex::new(
            r"(?ix)^ [\s\-–—―·.•\|/~〔\[(（<《_]* (?:第|page|p\.)? \s* (?:\d{1,4}|[ivx]{1,5}|[一二三四五六七八九十百]{1,4}页)
              \s* 页? (?: [\s,，/／|]* (?:共|of)? \s* \d{1,4} \s* 页? )? [\s\-–—―·.•\|/~〕\])）>》_]* $",
        )
        .expect("the pattern is fixed and compiled by tests")
    });
    text.len() <= 60 && pattern.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::super::lines::{areas, test::run};
    use super::*;

    #[test]
    fn page_numbers_are_told() {
        for (text, expected) in [
            ("— 1 —", true),
            ("- 12 -", true),
            ("第 3 页", true),
            ("第3页 共10页", true),
            ("Page 3 of 10", true),
            ("3/10", true),
            ("iv", true),
            ("第一页", true),
            ("2021年", false),
            ("516列", false),
            ("1 港口", false),
        ] {
            assert_eq!(is_page_number(text), expected, "{text}");
        }
    }

    #[test]
    fn what_runs_through_the_pages_is_taken_out() {
        let mut pages: Vec<Page> = (1..=4)
            .map(|number| {
                let head = if number % 2 == 0 { "省人民政府公报" } else { "公报2021年第8期" };
                let runs = [
                    run(head, 30.0, 12.0, 4.0),
                    run(&format!("第{number}页的文字"), 30.0, 100.0, 5.0),
                    run(&format!("{}", 100 + number), 30.0, 150.0, 5.0),
                    run(&format!("— {number} —"), 100.0, 280.0, 4.0),
                ];
                Page { number, height: Some(297.0), areas: areas(&runs), head: Vec::new(), foot: Vec::new() }
            })
            .collect();
        take(&mut pages);
        assert_eq!(pages[1].head, ["省人民政府公报"]);
        assert_eq!(pages[1].foot, ["— 2 —"]);
        let left: Vec<String> = pages[1].areas.iter().flatten().map(Line::text).collect();
        assert_eq!(left, ["第2页的文字", "102"]);
    }
}
