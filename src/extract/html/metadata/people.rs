//! Who wrote a page, and the short lines that say by whom, from where and when.

use super::{LINE_CHARS_MAX, Page, key, name_of};
use crate::model::{Confidence, Found, Origin};
use crate::pattern::{Pattern, pattern};
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// Meta names that hold the author.
const AUTHORS: &[&str] = &[
    "author",
    "article:author_name",
    "authors",
    "dc.creator",
    "dc:creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "twitter:data1:author",
    "citation_author",
    "article:author",
];
/// Parts of class names and ids that stand on the line under a title.
const BYLINES: &[&str] = &[
    "date",
    "time",
    "pub",
    "info",
    "source",
    "author",
    "byline",
    "laiyuan",
    "fbsj",
    "meta",
    "xxly",
    "article-sub",
    "post_",
    "dateline",
];
/// Bylines kept of a page.
const BYLINES_MAX: usize = 24;
/// Class names and ids of what holds an author's name alone, and of what holds more than that.
const NAMES: &[&str] = &[
    "author-name",
    "byline-name",
    "author__name",
    "byline__name",
    "article-author",
    "post-author",
    "c-byline__author",
];
const NAMED: &[&str] = &["author", "byline"];
/// A name longer than this, in characters, is none.
const NAME_CHARS_MAX: usize = 60;

/// The authors: as declared, else as the line under the title has them.
pub fn authors(page: &Page, site: Option<&str>) -> Vec<Found<String>> {
    let mut out: Vec<Found<String>> = Vec::new();
    let mut add = |text: &str, place: &str, confidence: Confidence| {
        for name in names(text) {
            let is_site = site.is_some_and(|s| key(s) == key(&name));
            if !is_site && !out.iter().any(|f| key(&f.value) == key(&name)) {
                out.push(Found::new(name, Origin::Meta).at(place.to_string()).sure(confidence));
            }
        }
        !out.is_empty()
    };
    for article in &page.articles {
        let Some(author) = article.get("author").or_else(|| article.get("creator")) else { continue };
        let list = author.as_array().cloned().unwrap_or_else(|| vec![author.clone()]);
        let mut any = false;
        for one in list.iter().filter(|a| !super::kinds(a).contains("Organization")) {
            any |= name_of(one).is_some_and(|n| add(&n, "JSON-LD author", Confidence::High));
        }
        if any {
            return out;
        }
    }
    for meta in page.meta(AUTHORS) {
        if add(&meta.value, &meta.place, Confidence::High) {
            return out;
        }
    }
    for node in &page.elements.authors {
        if add(&super::text_in(&node.text()), "rel author", Confidence::Medium) {
            return out;
        }
    }
    for names in [NAMES, NAMED] {
        let marked = |row: &usize| {
            let node = &page.tree.nodes[*row];
            (1..=NAME_CHARS_MAX * 2).contains(&node.chars)
                && page.tree.marks(*row).split_whitespace().any(|m| names.contains(&m))
        };
        for row in (1..page.tree.nodes.len()).filter(marked).take(3) {
            if add(&page.tree.whole_text(row, LINE_CHARS_MAX), "marked author", Confidence::Medium) {
                return out;
            }
        }
    }
    for line in page.lines().iter().filter(|l| l.text.chars().count() <= LINE_CHARS_MAX) {
        if let Some(text) = labelled(&line.text)
            && add(&text, "byline", Confidence::Medium)
        {
            out.iter_mut().for_each(|f| f.origin = Origin::Text);
            return out;
        }
    }
    out
}

/// More words than this after `By` are a sentence.
const BYLINE_WORDS_MAX: usize = 8;

/// What follows `作者：`, `记者` in brackets, or `By` at the head of a line.
fn labelled(line: &str) -> Option<String> {
    static AUTHOR: Pattern =
        pattern!(r"(?:作者|撰文|文|记者)\s*[:：|｜]\s*([\p{Han}·]{2,4}(?:[、\s][\p{Han}·]{2,4}){0,4})");
    static REPORTER: Pattern =
        pattern!(r"[（(][^（()）]{0,12}记者[\s:：]*([\p{Han}·]{2,4}(?:[、\s]+[\p{Han}·]{2,4}){0,4})[)）]");
    static ENGLISH: Pattern = pattern!(
        r"^(?:[Bb]y|BY)\s+((?:\p{Lu}[\p{L}'’.-]*\.?\s*(?:,\s*|and\s+|&\s*)?)+)(?:$|[|·•–—-]|[0-9]|(?-u:\b)on(?-u:\b))"
    );
    let chinese = || AUTHOR.captures(line).or_else(|| REPORTER.captures(line));
    let english = || {
        // The letters of the least that matches.
        line.starts_with(['B', 'b']).then_some(())?;
        ENGLISH.captures(line).filter(|c| words(&c[1]) <= BYLINE_WORDS_MAX)
    };
    let found = if line.is_ascii() { None } else { chinese() };
    found.or_else(english).map(|c| c[1].to_string())
}

/// How many words names have; `and` is between them.
fn words(names: &str) -> usize {
    names.split(|c: char| c.is_whitespace() || c == ',' || c == '&').filter(|w| !w.is_empty() && *w != "and").count()
}

/// The names in a byline; none if it is something else.
fn names(text: &str) -> Vec<String> {
    static LEAD: Pattern = pattern!(
        r"(?i)^\W*(?:(?:written|posted|published|reported|story)\s+)?(?:by(?-u:\b)|von(?-u:\b)|par(?-u:\b)|por(?-u:\b)|作者|记者|撰文|文)?[\s:：|｜/]*"
    );
    static TAIL: Pattern = pattern!(
        r"(?i)\s*(?:[|·•@(（].*|(?-u:\b)(?:published|updated|posted|on)(?-u:\b).*|,\s*(?:staff|senior|reporter|editor|correspondent|contributor|special|the |associated|reuters|ap|afp|cnn|ph\.?d).*|\s(?:senior|staff|chief|contributing|political|politics|special)\s.*|\s(?:editor|reporter|correspondent|email|twitter|follow)(?-u:\b).*|[0-9].*|[\w.]+@.*)$"
    );
    static BETWEEN: Pattern = pattern!(
        r"(?i)\s*(?:,|;|、|；|(?-u:\b)and(?-u:\b)|&|(?-u:\b)und(?-u:\b)|(?-u:\b)et(?-u:\b)|(?-u:\b)y(?-u:\b))\s*"
    );
    let text = LEAD.find(text).map_or(text, |lead| &text[lead.end()..]);
    let text = TAIL.find(text).map_or(text, |tail| &text[..tail.start()]);
    let is_name = |n: &&str| {
        let chars = n.chars().count();
        let letters = n.chars().filter(|c| c.is_alphabetic()).count();
        (2..=NAME_CHARS_MAX).contains(&chars)
            && letters * 4 >= chars * 3
            && n.split(' ').count() <= 5
            && !n.contains("http")
            && !n.contains(['/', '_', '<', '='])
            && n.chars().next().is_some_and(|c| c.is_uppercase() || !c.is_lowercase())
            && ![
                "admin",
                "editor",
                "staff",
                "guest",
                "administrator",
                "redaktion",
                "newsroom",
                "author",
                "责任编辑",
                "编辑",
            ]
            .contains(&n.to_lowercase().as_str())
    };
    BETWEEN.split(text.trim()).map(str::trim).filter(is_name).take(8).map(str::to_string).collect()
}

/// Short texts of boxes whose class or id says that they hold date, source or author.
pub fn bylines(page: &Page) -> Vec<String> {
    // All at once: each box of a page is asked.
    static SIGNS: LazyLock<AhoCorasick> =
        LazyLock::new(|| AhoCorasick::new(BYLINES).expect("the words are fixed and compiled by tests"));
    let (tree, signs) = (page.tree, &*SIGNS);
    let mut out: Vec<String> = Vec::new();
    for row in 1..tree.nodes.len() {
        let node = &tree.nodes[row];
        let is_marked = (1..=LINE_CHARS_MAX).contains(&node.chars)
            && (&*node.name == "time" || tree.marks(row).len() > 1 && signs.is_match(tree.marks(row)));
        if node.is_text() || !is_marked {
            continue;
        }
        let text = tree.whole_text(row, LINE_CHARS_MAX);
        let says = text.chars().any(|c| c.is_ascii_digit() || matches!(c, '：' | ':'));
        if says && text.chars().count() <= LINE_CHARS_MAX && !out.iter().any(|line| line.contains(&text)) {
            out.push(text);
            if out.len() == BYLINES_MAX {
                break;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::tests::metadata;
    use super::*;

    #[test]
    fn names_are_told_from_what_stands_beside_them() {
        for (text, expected) in [
            ("By Li Wei and Jane O’Neill, Staff Writer", &["Li Wei", "Jane O’Neill"][..]),
            ("BY JANE DOE | June 5, 2020", &["JANE DOE"]),
            ("作者：张伟、李娜", &["张伟", "李娜"]),
            ("admin", &[]),
            ("https://example.com/li", &[]),
            ("", &[]),
        ] {
            assert_eq!(names(text), expected, "{text}");
        }
    }

    #[test]
    fn authors_are_found_where_pages_have_them() {
        for (page, expected) in [
            ("<meta name=author content='Li Wei'>", Some("Li Wei")),
            ("<span itemprop=author><b itemprop=name>Li Wei</b></span>", Some("Li Wei")),
            ("<p>By Li Wei</p><p>By 2025 the port will grow.</p>", Some("Li Wei")),
            ("<div>来源：天山晚报 作者：张伟 2020-06-05</div>", Some("张伟")),
            ("<p>By 2025 the port will grow.</p>", None),
            ("<meta property=og:site_name content=Daily><meta name=author content=Daily>", None),
        ] {
            let found = metadata(page).authors;
            assert_eq!(found.first().map(|a| a.value.as_str()), expected, "{page}");
        }
    }
}
