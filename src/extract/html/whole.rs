//! A page that is all text, a chapter of a book: every block of its body, nothing chosen or pruned.

use super::prepare::prepare;
use super::render;
use super::tree::Tree;
use crate::error::Problem;
use crate::extract::BlockKind;
use dom_query::Document;

/// A chapter as it is read.
pub struct Whole {
    /// Its blocks in reading order.
    pub blocks: Vec<(BlockKind, String)>,
    /// It is a list of links, as a table of contents is.
    pub is_contents: bool,
}

/// Elements that never have content: in XHTML, too, they are written as HTML has them.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
/// The share of a contents page's text, headings aside, that is links.
const CONTENTS_LINKS_MIN: f64 = 0.8;
/// Links of a contents page are not longer than this on average, in characters.
const CONTENTS_LINK_CHARS_MAX: usize = 80;

/// Reads a decoded page of HTML or XHTML. Scripts, styles, drawings and menus are left out.
pub fn whole(page: &str) -> Result<Whole, Problem> {
    let page = as_html(page);
    let prepared = prepare(&page);
    let document = Document::from(prepared.page.as_str());
    let tree = Tree::new(&document);
    let blocks = render::blocks(&tree, 0, &page, &prepared.runs).map_err(Problem::Content)?;
    let blocks = blocks.into_iter().map(|b| (b.kind, b.text.as_str().to_string())).collect();
    Ok(Whole { blocks, is_contents: is_contents(&tree) })
}

fn is_contents(tree: &Tree) -> bool {
    let (mut chars, mut link_chars, mut links, mut heading_end) = (0, 0, 0, 0);
    for (row, node) in tree.nodes.iter().enumerate() {
        if node.heading().is_some() {
            heading_end = heading_end.max(node.end);
        }
        if row < heading_end {
            continue;
        }
        if node.is_text() {
            chars += node.chars;
            link_chars += node.link_chars;
        }
        links += usize::from(&*node.name == "a" && node.chars > 0);
    }
    links >= 2
        && link_chars as f64 >= CONTENTS_LINKS_MIN * chars as f64
        && link_chars <= CONTENTS_LINK_CHARS_MAX * links
}

/// XHTML as a reader of HTML understands it: `<a id="p1"/>` is closed, text that is quoted as
/// `CDATA` is text, and a line break between ideographs is no blank.
fn as_html(page: &str) -> String {
    let mut out = String::with_capacity(page.len() + page.len() / 16);
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        text(&rest[..start], &mut out);
        rest = &rest[start..];
        if let Some(quoted) = rest.strip_prefix("<![CDATA[") {
            let (inside, after) = quoted.split_once("]]>").unwrap_or((quoted, ""));
            out.push_str(&inside.replace('&', "&amp;").replace('<', "&lt;"));
            rest = after;
            continue;
        }
        let length =
            if rest.starts_with("<!--") { rest.find("-->").map_or(rest.len(), |e| e + 3) } else { tag_length(rest) };
        let tag = &rest[..length];
        rest = &rest[length..];
        match tag.strip_suffix("/>").filter(|t| !t.starts_with("<!")) {
            Some(open) => {
                let name: String = open.chars().skip(1).take_while(|c| !c.is_whitespace()).collect();
                out.push_str(open);
                if name.is_empty() || VOID.contains(&name.to_ascii_lowercase().as_str()) {
                    out.push_str("/>");
                } else {
                    out.push_str("></");
                    out.push_str(&name);
                    out.push('>');
                }
            }
            None => out.push_str(tag),
        }
    }
    text(rest, &mut out);
    out
}

/// The length of the tag at the head of a text; `>` may stand in quoted values.
fn tag_length(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate().skip(1) {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(q), b) if q == b => quote = None,
            // A quote that is not closed would swallow the page.
            (_, b'<') => return at,
            _ => {}
        }
    }
    tag.len()
}

fn text(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('\n') {
        let before = rest[..at].trim_end();
        let after = rest[at..].trim_start();
        let wide = |c: Option<char>| c.is_some_and(|c| unicode_width::UnicodeWidthChar::width(c) == Some(2));
        if wide(before.chars().next_back()) && wide(after.chars().next()) {
            out.push_str(before);
        } else {
            out.push_str(&rest[..rest.len() - after.len()]);
        }
        rest = after;
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chapter_is_read_as_a_whole() {
        let page = "<?xml version='1.0'?><!DOCTYPE html><html xmlns:epub='x'><head><title/><script src='a.js'/><style>p{}</style></head>\
             <body><h1><a id='t'/>One</h1><p>Short&nbsp;text.<a epub:type=\"noteref\" href='#n'>1</a> More &amp; <b>more</b>.</p>\
             <p>沿黄\n  九省区 and\nmore</p><ul><li>a</li><li>b</li></ul><aside epub:type='footnote'><p>A note.</p></aside>\
             <div role='doc-endnotes'><p>Another.</p></div><table><tr><td>x</td><td>y</td></tr></table>\
             <figure><figcaption>Fig. 1</figcaption></figure><p><![CDATA[a < b]]></p><nav><a>menu</a></nav></body></html>";
        let whole = whole(page).unwrap();
        let blocks: Vec<(BlockKind, &str)> = whole.blocks.iter().map(|(k, t)| (*k, t.as_str())).collect();
        assert_eq!(
            blocks,
            [
                (BlockKind::Heading(1), "One"),
                (BlockKind::Paragraph, "Short text.[1] More & more."),
                (BlockKind::Paragraph, "沿黄九省区 and more"),
                (BlockKind::ListItem, "a"),
                (BlockKind::ListItem, "b"),
                (BlockKind::Footnote, "A note."),
                (BlockKind::Footnote, "Another."),
                (BlockKind::TableRow, "x | y"),
                (BlockKind::Caption, "Fig. 1"),
                (BlockKind::Paragraph, "a < b"),
            ]
        );
        assert!(!whole.is_contents);
    }

    #[test]
    fn a_list_of_links_is_a_contents_page() {
        let page = "<body><h2>A long heading over the contents</h2><p><a href='a'>1. One</a></p><p><a href='b'>2. Two</a> 5</p></body>";
        assert!(whole(page).unwrap().is_contents);
        assert!(!whole("<body><p><a href='a'>One</a> is a link in a text.</p></body>").unwrap().is_contents);
    }

    proptest::proptest! {
        #[test]
        fn any_page_is_read(page in "(<|</|p|div|/>|>|<!--|-->|a| |新|\n|&amp;|=|\"|'|<!\\[CDATA\\[|\\]\\]>){0,60}") {
            let _ = whole(&page);
        }
    }
}
