//! What a page says of itself: meta tags, JSON-LD, microdata, `<time>`, and the lines about its title.
//! Nothing is judged here; of several values the more trustworthy come first.

mod dates;
mod elements;
mod people;
mod title;

use super::tree::Tree;
use crate::analysis::is_alphanumeric;
use crate::extract::Metadata;
use crate::model::{Confidence, Found, Origin};
use dom_query::{Document, NodeRef};
use elements::Elements;
use serde_json::Value;
use std::cell::OnceCell;

/// Meta names that hold the publisher.
const SOURCES: &[&str] = &[
    "contentsource",
    "source",
    "og:site_name",
    "dc.publisher",
    "dc:publisher",
    "publisher",
    "application-name",
    "sitename",
    "mediaid",
];
/// What marks the bar that an archive of the web puts over its pages.
const ARCHIVE: &str = "wm-ipp";
/// A line longer than this, in characters, says more than who, where and when.
const LINE_CHARS_MAX: usize = 200;
/// Values looked at in structured data.
const VALUES_MAX: usize = 2_000;

/// Reads everything. `text` is the page as decoded, for what only its scripts and comments say; `main`
/// is the row of the main part.
pub fn read(document: &Document, tree: &Tree, text: &str, main: Option<usize>) -> Metadata {
    let elements = Elements::of(document);
    let page = Page {
        metas: metas(&elements.metas),
        articles: articles(&elements.structured),
        lines: OnceCell::new(),
        title: text_in(&elements.title().unwrap_or_default()),
        elements,
        document,
        tree,
        text,
        main,
    };
    let site = page
        .meta(&["og:site_name"])
        .map(|s| s.value)
        .next()
        .or_else(|| page.articles.iter().find_map(|a| name_of(a.get("publisher")?)).map(|n| squeeze(&n)));
    let is_article = page.meta(&["og:type"]).any(|t| t.value == "article")
        || page.articles.iter().any(|a| kinds(a).contains("News") || kinds(a).contains("\"Article"));
    let title = title::find(&page, site.as_deref());
    let url = address(&page);
    let dates = dates::candidates(&page, title.as_ref().map(|t| t.value.as_str()));
    let publishers = page.articles.iter().filter_map(|a| name_of(a.get("publisher")?));
    Metadata {
        day_first: dates::day_first(&page, &dates, url.as_ref().map(|u| u.value.as_str())),
        dates,
        authors: people::authors(&page, site.as_deref()),
        sources: publishers
            .map(|s| Found::new(squeeze(&s), Origin::Meta).at("JSON-LD publisher"))
            .chain(page.meta(SOURCES))
            .collect(),
        language: language(&page),
        bylines: people::bylines(&page),
        is_article,
        title,
        url,
        ..Metadata::default()
    }
}

/// A page and what is asked of it again and again.
struct Page<'a> {
    document: &'a Document,
    elements: Elements<'a>,
    tree: &'a Tree,
    /// The page as decoded.
    text: &'a str,
    /// The row of the main part.
    main: Option<usize>,
    /// The page's `<title>`.
    title: String,
    /// Names (lower case) and contents of the meta tags, in the order of the page.
    metas: Vec<(String, String)>,
    /// The articles described in JSON-LD.
    articles: Vec<Value>,
    /// Its visible lines, once somebody asks.
    lines: OnceCell<Vec<Line>>,
}

/// A visible line of a page: what stands in one box without a box inside.
struct Line {
    /// The row of the box.
    row: usize,
    text: String,
}

impl Page<'_> {
    /// The visible lines of the page in order.
    fn lines(&self) -> &[Line] {
        self.lines.get_or_init(|| {
            // Asked once of the page, not of each of its thousands of parts.
            let is_archived = memchr::memmem::find(self.text.as_bytes(), ARCHIVE.as_bytes()).is_some();
            lines(self.tree, is_archived)
        })
    }

    /// The contents of the meta tags of these names, the names in order.
    fn meta(&self, names: &'static [&'static str]) -> impl Iterator<Item = Found<String>> + '_ {
        names.iter().filter_map(|name| {
            let (_, content) = self.metas.iter().find(|(n, _)| n == name)?;
            Some(Found::new(content.clone(), Origin::Meta).at(format!("meta {name}")))
        })
    }
}

fn metas(tags: &[NodeRef]) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for tag in tags {
        // Some tools write `value` for `content`.
        let Some(content) = tag.attr("content").or_else(|| tag.attr("value")) else { continue };
        let content = squeeze(&plain(&content));
        if content.is_empty() {
            continue;
        }
        for attribute in ["name", "property", "itemprop"] {
            if let Some(name) = tag.attr(attribute) {
                out.push((name.trim().to_lowercase(), content.clone()));
            }
        }
    }
    out
}

/// The articles in JSON-LD, the page's own first.
fn articles(scripts: &[NodeRef]) -> Vec<Value> {
    let (mut own, mut other) = (Vec::new(), Vec::new());
    let mut seen = 0;
    for script in scripts {
        // Pages leave raw line breaks in strings, which JSON forbids.
        let text: String = script.text().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let text = text.trim().trim_end_matches(';');
        let Ok(value) = serde_json::from_str::<Value>(text) else { continue };
        let mut todo = vec![value];
        while let Some(next) = todo.pop() {
            seen += 1;
            if seen > VALUES_MAX {
                break;
            }
            match next {
                Value::Array(items) => todo.extend(items.into_iter().rev()),
                Value::Object(mut object) => {
                    todo.extend(object.remove("@graph"));
                    todo.extend(object.remove("mainEntity").filter(Value::is_object));
                    let value = Value::Object(object);
                    let kinds = kinds(&value);
                    if ["Article", "BlogPosting", "Report", "LiveBlog"].iter().any(|k| kinds.contains(k)) {
                        own.push(value);
                    } else if kinds.contains("WebPage") || kinds.contains("CreativeWork") {
                        other.push(value);
                    }
                }
                _ => {}
            }
        }
    }
    own.append(&mut other);
    own
}

fn kinds(object: &Value) -> String {
    object.get("@type").map(Value::to_string).unwrap_or_default()
}

/// A name given as text, as an object, or as a list of either.
fn name_of(value: &Value) -> Option<String> {
    let first = value.get(0).unwrap_or(value);
    let name = first.get("name").unwrap_or(first);
    name.get(0).unwrap_or(name).as_str().map(str::to_string).filter(|n| !n.trim().is_empty())
}

/// The lines of a page, scripts and the like left out; also those that are no part of the main text.
fn lines(tree: &Tree, is_archived: bool) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let mut boxes = vec![0; tree.nodes.len()];
    let mut archived = 0;
    for row in 1..tree.nodes.len() {
        let node = &tree.nodes[row];
        // An archive's own bar tells when it kept the page.
        if row < archived {
            continue;
        }
        if is_archived && tree.marks(row).contains(ARCHIVE) {
            archived = node.end;
            continue;
        }
        boxes[row] = if node.is_block() { row } else { boxes[node.parent] };
        if !node.is_text() || node.chars == 0 || !super::prune::is_read(&tree.nodes[boxes[row]].name) {
            continue;
        }
        match out.last_mut() {
            Some(line) if line.row == boxes[row] => squeeze_to(tree.text_at(row), &mut line.text),
            _ => out.push(Line { row: boxes[row], text: squeeze(tree.text_at(row)) }),
        }
    }
    out
}

fn language(page: &Page) -> Option<Found<String>> {
    let given = page.elements.html.and_then(|html| html.attr("lang").or_else(|| html.attr("xml:lang")));
    let given = given.map(|l| l.trim().to_string()).filter(|l| !l.is_empty());
    given
        .map(|l| Found::new(l, Origin::Meta).at("html lang"))
        .or_else(|| page.meta(&["og:locale", "content-language", "language", "dc.language"]).next())
}

/// The page's address: canonical, else as shared, else where a browser saved it from.
fn address(page: &Page) -> Option<Found<String>> {
    let canonical = page.elements.canonical.and_then(|link| link.attr("href")).map(|h| h.trim().to_string());
    let given = canonical
        .into_iter()
        .map(|h| Found::new(h, Origin::Meta).at("link canonical"))
        .chain(page.meta(&["og:url", "twitter:url"]))
        .chain(page.articles.iter().filter_map(|a| {
            let main = a.get("mainEntityOfPage");
            let url = a.get("url").or_else(|| main.map(|m| m.get("@id").unwrap_or(m)))?.as_str()?;
            Some(Found::new(url.to_string(), Origin::Meta).at("JSON-LD url"))
        }))
        .chain(saved_from(page.text).map(|u| Found::new(u, Origin::Meta).at("saved from")));
    let is_address = |url: &str| {
        let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
        rest.is_some_and(|r| !r.is_empty() && !r.contains(char::is_whitespace))
    };
    given.into_iter().find(|u| is_address(&u.value)).map(|u| u.sure(Confidence::High))
}

/// The comment a browser leaves in a page that it saved.
fn saved_from(page: &str) -> Option<String> {
    let head = page.get(..page.len().min(4_000)).or_else(|| page.get(..page.len().min(3_997))).unwrap_or(page);
    let rest = head.split("saved from url=").nth(1)?;
    let rest = rest.split_once(')').map_or(rest, |(_, r)| r);
    rest.split([' ', '>']).next().map(|u| u.trim_end_matches("--").to_string())
}

/// Text of which the references were escaped twice.
fn plain(text: &str) -> String {
    if !text.contains('&') || !text.contains(';') {
        return text.to_string();
    }
    Document::fragment(text.replace('<', "&lt;")).text().to_string()
}

/// What a reader sees of a text of the parsed page, on one line.
fn text_in(text: &str) -> String {
    squeeze(&super::prepare::unmark(text).0)
}

/// Without line breaks and doubled blanks.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    squeeze_to(text, &mut out);
    out
}

/// The same, written after what stands there.
fn squeeze_to(text: &str, out: &mut String) {
    let mut push = |word: &str| {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    };
    // Of ASCII, these miss but the vertical tab.
    if text.is_ascii() && !text.contains('\u{b}') {
        text.split_ascii_whitespace().for_each(&mut push);
    } else {
        text.split_whitespace().for_each(&mut push);
    }
}

/// Letters and figures alone: titles are compared by them.
fn key(text: &str) -> String {
    if text.is_ascii() {
        let kept = text.bytes().filter(u8::is_ascii_alphanumeric);
        return kept.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    }
    text.chars().filter(|c| is_alphanumeric(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::super::prepare::prepare;
    use super::*;

    pub fn metadata(page: &str) -> Metadata {
        let prepared = prepare(page);
        let document = Document::from(prepared.page.as_str());
        let tree = Tree::new(&document);
        read(&document, &tree, page, None)
    }

    #[test]
    fn json_ld_is_read_also_in_a_graph_and_with_line_breaks() {
        let found = metadata(
            "<script type='application/ld+json'>{\"@graph\": [{\"@type\": \"WebSite\"}, {\"@type\": [\"NewsArticle\"],\n \
             \"headline\": \"A\nB c\", \"datePublished\": \"2020-06-05\", \"author\": [{\"name\": \"Li Wei\"}], \"publisher\": {\"name\": \"Daily\"}}]}</script>",
        );
        assert_eq!(found.title.unwrap().value, "A B c");
        assert_eq!((found.dates[0].value.as_str(), &*found.dates[0].place), ("2020-06-05", "JSON-LD datePublished"));
        assert_eq!(found.sources[0].value, "Daily");
        assert_eq!(found.authors[0].value, "Li Wei");
        assert!(found.is_article);
    }

    #[test]
    fn a_saved_page_knows_its_address() {
        let page = "<!DOCTYPE html>\n<!-- saved from url=(0042)http://news.example.cn/2020/a.html -->\n<html></html>";
        assert_eq!(metadata(page).url.unwrap().value, "http://news.example.cn/2020/a.html");
        let page = "<link rel=canonical href='/a'><meta property=og:url content='https://example.cn/a'>";
        let url = metadata(page).url.unwrap();
        assert_eq!((url.value.as_str(), &*url.place), ("https://example.cn/a", "meta og:url"));
    }
}
