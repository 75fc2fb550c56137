//! Which part of a page is its main text: the body container of a known publishing system when it
//! holds enough text, else what a readability-style extractor chooses; then clutter inside it goes.

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability};

/// Body containers of the publishing systems that government and news sites run on.
const CONTAINERS: &[&str] = &[
    "#UCAP-CONTENT",
    ".TRS_Editor",
    ".trs_editor_view",
    "#zoom",
    "#Zoom",
    "#rwb_zw",
    "#p-detail",
    "#endText",
    "#artibody",
    "#js_content",
    ".v_news_content",
    "#ContentBody",
    "#Cnt-Main-Article-QQ",
    "#main_content",
    "#article_inbox",
    "#vsb_content",
    ".wp_articlecontent",
    "#ozoom",
    "#mdf",
    ".pages_content",
    "#detailContent",
    ".bt-content",
    "#NewsContent",
    ".rm_txt_con",
];
/// A container with less text than this many characters does not hold an article by itself.
const CONTAINER_CHARS_MIN: usize = 150;
/// What is never running text, wherever it stands.
const NEVER: &str = "script, style, noscript, nav, form, button, select, input, textarea, iframe, object, embed, svg, canvas, template, \
                     [hidden], [aria-hidden='true'] [role='menu'], [role='navigation'], [role='search']";
/// Class names and ids of what stands beside or below an article; compared with whole words of them.
const CLUTTER: &[&str] = &[
    "related",
    "recommend",
    "recommended",
    "share",
    "sharing",
    "social",
    "comment",
    "comments",
    "advert",
    "advertisement",
    "ads",
    "ad",
    "sidebar",
    "breadcrumb",
    "breadcrumbs",
    "newsletter",
    "subscribe",
    "subscription",
    "cookie",
    "promo",
    "copyright",
    "hot",
    "hotnews",
    "toolbar",
    "pagination",
    "zebian",
    "bdsharebuttonbox",
    "xgxw",
    "tags",
    "footer",
    "sponsor",
    "popular",
    "trending",
];
/// A box with a marked class and more text than this, in characters, wraps the article.
const MARKED_CHARS_MAX: usize = 600;
/// Above this share of link text, a list or box is navigation.
const LINK_SHARE_MAX: f64 = 0.6;

/// The main part of a page as HTML, clutter removed.
pub fn main_content(page: Document) -> Document {
    side_cells(&page);
    // Before the choice: an extractor takes the classes off what it keeps.
    marked_boxes(&page);
    let body = fallback(&page);
    let chosen = container(&page).or_else(|| readable(page)).filter(|html| !html.is_empty());
    let main = Document::from(chosen.as_deref().unwrap_or(&body));
    prune(&main);
    main
}

/// The outermost known container with enough running text.
fn container(page: &Document) -> Option<String> {
    let enough = |node: &NodeRef| {
        let chars = node.normalized_char_count();
        chars >= CONTAINER_CHARS_MIN && link_share(node, chars) < 0.5
    };
    CONTAINERS
        .iter()
        .flat_map(|selector| page.select(selector).nodes().to_vec())
        .filter(enough)
        .max_by_key(NodeRef::normalized_char_count)
        .map(|node| node.html().to_string())
}

fn readable(page: Document) -> Option<String> {
    let config = Config { disable_json_ld: true, ..Config::default() };
    let mut readability = Readability::with_document(page, None, Some(config)).ok()?;
    Some(readability.parse().ok()?.content.to_string())
}

/// All of the body but what frames it: for pages that no extractor finds an article in.
fn fallback(page: &Document) -> String {
    let Some(body) = page.body() else { return String::new() };
    // Small pages only: of a large page without an article, nothing is better than everything.
    if body.normalized_char_count() > 20_000 { String::new() } else { body.html().to_string() }
}

fn prune(main: &Document) {
    main.select(NEVER).remove();
    main.select("header, footer, aside").remove();
    for node in main.select("div, section, ul, ol, p, table, tbody, tr, td, dl, span, center").nodes() {
        let chars = node.normalized_char_count();
        if chars == 0 {
            continue;
        }
        if is_navigation(node, chars) {
            node.remove_from_parent();
        }
    }
}

/// Boxes that say by their class or id that they are no part of the article.
fn marked_boxes(page: &Document) {
    for node in page.select("div, section, ul, ol, dl, p, table, aside, form").nodes() {
        let words = format!("{} {}", node.attr_or("class", ""), node.attr_or("id", "")).to_lowercase();
        let marked = words.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| CLUTTER.contains(&word));
        // A box so marked may still wrap the article itself.
        if marked && node.normalized_char_count() < MARKED_CHARS_MAX {
            node.remove_from_parent();
        }
    }
}

/// Where a table lays out the page, the cells of links beside the one that holds the running text.
fn side_cells(main: &Document) {
    const SENTENCES_MIN: usize = 4;
    const LINKS_MIN: usize = 3;
    for row in main.select("tr").nodes() {
        let cells: Vec<(NodeRef, usize)> =
            row.children_it(false).filter(|n| n.has_name("td")).map(|cell| (cell, sentences(&cell.text()))).collect();
        if cells.iter().all(|(_, sentences)| *sentences < SENTENCES_MIN) {
            continue;
        }
        for (cell, sentences) in cells {
            if sentences <= 1 && cell.descendants_it().filter(|n| n.has_name("a")).count() >= LINKS_MIN {
                cell.remove_from_parent();
            }
        }
    }
}

/// Ends of sentences in a text.
fn sentences(text: &str) -> usize {
    let mut chars = text.chars().peekable();
    let mut count = 0;
    while let Some(c) = chars.next() {
        let ends = matches!(c, '。' | '！' | '？') || c == '.' && chars.peek().is_some_and(|n| n.is_whitespace());
        count += usize::from(ends);
    }
    count
}

/// Several links and hardly anything else.
fn is_navigation(node: &NodeRef, chars: usize) -> bool {
    let links = node.descendants_it().filter(|n| n.has_name("a")).count();
    links >= 3 && link_share(node, chars) > LINK_SHARE_MAX
}

fn link_share(node: &NodeRef, chars: usize) -> f64 {
    let linked: usize = node.descendants_it().filter(|n| n.has_name("a")).map(|a| a.normalized_char_count()).sum();
    linked as f64 / chars.max(1) as f64
}
