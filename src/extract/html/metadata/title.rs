//! The article's title, without the site's name.
//!
//! Machine-readable titles are written for sharing and searching and carry names of sites and
//! sections; the heading or line of the page that one of them repeats tells where the title ends.

use super::{Page, key, squeeze};
use crate::model::{Confidence, Found, Origin};
use std::collections::HashSet;

/// Meta names that hold the title of the article alone, most trustworthy first.
const TITLES: &[&str] = &["articletitle", "og:title", "twitter:title", "dc.title", "dc:title", "headline", "title"];
/// What parts a title from the names of sections and sites.
const SEPARATORS: &[&str] = &["_", "|", "｜", "-", "–", "—", "::", "»", "·", "•", "<", "\\", "/"];
/// A title is no longer than this, in characters.
const TITLE_CHARS_MAX: usize = 300;

/// Finds it.
pub fn find(page: &Page, site: Option<&str>) -> Option<Found<String>> {
    let is_site = |text: &str| site.is_some_and(|s| key(s) == key(text));
    let headlines = page
        .articles
        .iter()
        .filter_map(|a| a.get("headline").or_else(|| a.get("name"))?.as_str())
        .map(|h| Found::new(squeeze(&super::plain(h)), Origin::Meta).at("JSON-LD headline"));
    let page_title = Found::new(page.title.clone(), Origin::Meta).at("title").sure(Confidence::Medium);
    let given: Vec<Found<String>> = page
        .meta(TITLES)
        .chain(headlines)
        .chain([page_title])
        .filter(|t| {
            key(&t.value).chars().count() >= 2 && t.value.chars().count() <= TITLE_CHARS_MAX && !is_site(&t.value)
        })
        .collect();

    // A heading that one of the titles holds, or that goes on where a title was cut.
    let keys: Vec<String> = given.iter().map(|t| key(&t.value)).collect();
    let mut best: Option<(usize, String)> = None;
    for text in headings(page, 2) {
        let heading = key(&text);
        let chars = heading.chars().count();
        if chars < 4 || is_site(&text) {
            continue;
        }
        let repeated = keys.iter().any(|title| {
            *title == heading
                || title.starts_with(&heading) && chars * 4 >= title.chars().count()
                || title.ends_with(&heading) && chars * 2 > title.chars().count()
                || heading.starts_with(title) && title.chars().count() >= 8
        });
        if repeated && best.as_ref().is_none_or(|(length, _)| chars > *length) {
            best = Some((chars, text));
        }
    }
    if let Some((_, heading)) = best {
        return Some(Found::new(heading, Origin::Text).at("heading").sure(Confidence::High));
    }
    for title in &given {
        if let Some(part) = visible_part(page, &title.value, site) {
            return Some(Found::new(part, Origin::Text).at("line").sure(Confidence::High));
        }
    }
    let first: Vec<String> =
        headings(page, 1).filter(|text| !is_site(text) && key(text).chars().count() >= 4).collect();
    if let Some(title) = given.into_iter().next() {
        // A title that nothing on the page repeats, beside the only heading: the reader sees the heading.
        if let [heading] = &first[..]
            && heading.chars().count() >= 12
            && title.confidence < Confidence::High
        {
            return Some(Found::new(heading.to_string(), Origin::Text).at("heading"));
        }
        let value = without_site(&title.value, site);
        return Some(title.map(value));
    }
    let first = first.into_iter().next().or_else(|| headings(page, 6).find(|text| !text.is_empty()))?;
    Some(Found::new(first, Origin::Text).at("heading").sure(Confidence::Low))
}

/// The headings of the page down to a level, in order.
fn headings<'a>(page: &'a Page, level: u8) -> impl Iterator<Item = String> + 'a {
    let rows = 1..page.tree.nodes.len();
    rows.filter(move |row| page.tree.nodes[*row].heading().is_some_and(|l| l <= level))
        .map(|row| page.tree.whole_text(row, TITLE_CHARS_MAX))
}

/// The longest part of a title, cut at separators, that is a line of the page by itself.
fn visible_part(page: &Page, title: &str, site: Option<&str>) -> Option<String> {
    let mut cuts = vec![(0, 0)]; // (end of the part before, start of the part after)
    let mut at = 0;
    while at < title.len() {
        let rest = &title[at..];
        let blank = rest.starts_with(' ');
        let length = SEPARATORS.iter().find(|s| rest.starts_with(**s)).map_or(usize::from(blank), |s| s.len());
        if length > 0 {
            cuts.push((at, at + length));
        }
        at += length.max(rest.chars().next().map_or(1, char::len_utf8));
    }
    cuts.push((title.len(), title.len()));
    if cuts.len() > 40 {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for (i, (_, start)) in cuts.iter().enumerate() {
        for (end, _) in &cuts[i + 1..] {
            let part = title
                .get(*start..*end)
                .unwrap_or("")
                .trim_matches(|c: char| c.is_whitespace() || "_|｜-–—:»·•".contains(c));
            if part.chars().count() * 3 >= title.chars().count() && part.width_at_least(8) {
                parts.push(part);
            }
        }
    }
    parts.sort_by_key(|p| std::cmp::Reverse(p.len()));
    parts.dedup();
    let is_site = |text: &str| site.is_some_and(|s| key(s) == key(text));
    let longest = parts.first()?.len() * 2;
    let lines: HashSet<String> = page.lines().iter().filter(|l| l.text.len() < longest).map(|l| key(&l.text)).collect();
    parts.into_iter().filter(|p| !is_site(p)).find(|p| lines.contains(&key(p))).map(str::to_string)
}

trait WidthAtLeast {
    fn width_at_least(&self, columns: usize) -> bool;
}

impl WidthAtLeast for str {
    fn width_at_least(&self, columns: usize) -> bool {
        unicode_width::UnicodeWidthStr::width(self) >= columns
    }
}

/// Cuts the site's name, and what stands between it and the title, off.
fn without_site(title: &str, site: Option<&str>) -> String {
    const SEPARATORS: &[&str] = &["_", "|", "｜", " - ", " – ", " — ", "--", "——", " :: ", " » ", " · ", "-"];
    let mut rest = title.trim();
    for _ in 0..4 {
        let Some((at, separator)) =
            SEPARATORS.iter().filter_map(|s| rest.rfind(s).map(|at| (at, *s))).max_by_key(|(at, _)| *at)
        else {
            break;
        };
        let (head, tail) = (rest[..at].trim(), rest[at + separator.len()..].trim());
        let is_site = site.is_some_and(|s| key(s).contains(&key(tail)) || key(tail).contains(&key(s)));
        // `_` and `|` hardly ever stand in a title; a dash does, so what follows must look like a name.
        let parts_sites = matches!(separator, "_" | "|" | "｜" | " :: " | " » ");
        let named = ["网", "报", "频道", "门户", "新闻", "政府", ".com", ".cn", "News", "Times", "Daily", "Post"]
            .iter()
            .any(|n| tail.ends_with(n));
        if head.chars().count() < 4
            || tail.chars().count() > 40
            || !(is_site || parts_sites || named && separator != "-")
        {
            break;
        }
        rest = head;
    }
    rest.to_string()
}

#[cfg(test)]
mod tests {
    use super::super::tests::metadata;
    use super::*;

    #[test]
    fn the_site_is_cut_off_the_title() {
        for (title, site, expected) in [
            ("陆港开通_天山晚报网", None, "陆港开通"),
            ("陆港开通_新闻中心_天山网", None, "陆港开通"),
            ("Dry port opens | Example Daily", None, "Dry port opens"),
            ("Dry port opens - Example", Some("Example"), "Dry port opens"),
            ("China-Europe trains - a success", None, "China-Europe trains - a success"),
            ("Budget 2020-2021", None, "Budget 2020-2021"),
        ] {
            assert_eq!(without_site(title, site), expected, "{title}");
        }
    }

    #[test]
    fn the_page_tells_where_its_title_ends() {
        for (page, expected, place) in [
            (
                "<title>陆港区加快建设-某某大学</title><h1>某某大学</h1><div>陆港区加快建设</div><p>正文。",
                "陆港区加快建设",
                "line",
            ),
            (
                "<title>City council - A new school for the town</title><h3>A new school for the town</h3>",
                "A new school for the town",
                "line",
            ),
            (
                "<meta property=og:title content='Port of the west opens - Daily'><h1>Port of the west opens</h1>",
                "Port of the west opens",
                "heading",
            ),
            (
                "<meta property=og:title content='多地项目连环爆雷 狂奔的集团'><h1>多地项目连环爆雷 狂奔的集团\"暗伤\"曝露？</h1>",
                "多地项目连环爆雷 狂奔的集团\"暗伤\"曝露？",
                "heading",
            ),
            (
                "<meta property=og:title content='Record: Luboku, &amp;#8216;Pale Blue&amp;#8217;'>",
                "Record: Luboku, ‘Pale Blue’",
                "meta og:title",
            ),
        ] {
            let found = metadata(page).title.unwrap();
            assert_eq!((found.value.as_str(), &*found.place), (expected, place), "{page}");
        }
    }
}
