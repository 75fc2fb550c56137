//! Web pages: the main text without what surrounds it, and what the page says of itself.

mod attributes;
mod content;
mod metadata;
mod names;
mod prepare;
mod prune;
mod render;
mod trace;
mod tree;
mod whole;

pub(super) use prepare::declared_encoding;
pub(super) use whole::whole;

use super::{Format, RawDocument, Visible};
use crate::decode;
use crate::error::Problem;
use crate::source::{Blob, Head, Limits};
use dom_query::Document;
use tree::Tree;

/// Web pages.
pub const FORMAT: Format = Format {
    name: "html",
    extensions: &["html", "htm", "xhtml", "shtml", "shtm", "php", "asp", "aspx", "jsp", "xht"],
    is_binary: false,
    recognises: |head: &Head| recognises(head.bytes),
    extract,
};

/// How names of pieces of HTML end that containers hand over: they are no pages.
const FRAGMENT: &str = ".fragment.html";

/// A page begins with a doctype or an element of the head, after blanks and comments.
fn recognises(bytes: &[u8]) -> bool {
    let mut head = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    while let Some(comment) = head.strip_prefix(b"<!--") {
        let Some(end) = memchr::memmem::find(comment, b"-->") else { return false };
        head = comment[end + 3..].trim_ascii_start();
    }
    if let Some(declaration) = head.strip_prefix(b"<?xml") {
        let Some(end) = memchr::memmem::find(declaration, b"?>") else { return false };
        head = declaration[end + 2..].trim_ascii_start();
    }
    [&b"<!doctype html"[..], b"<html", b"<head", b"<body", b"<meta "]
        .iter()
        .any(|start| head.len() >= start.len() && head[..start.len()].eq_ignore_ascii_case(start))
}

fn extract(blob: &Blob, _: &Limits) -> Result<RawDocument, Problem> {
    let decoded = decode::decode(&blob.bytes, prepare::declared_encoding(&blob.bytes).as_deref());
    let prepared = prepare::prepare(&decoded.text);
    let document = Document::from(prepared.page.as_str());
    if blob.name.ends_with(FRAGMENT) {
        // A piece of HTML out of a feed, a table or a mail: all of it is the text.
        let blocks =
            render::blocks(&Tree::new(&document), 0, &decoded.text, &prepared.runs).map_err(Problem::Content)?;
        return Ok(RawDocument { blocks, original: decoded, ..RawDocument::default() });
    }
    let mut tree = Tree::new(&document);
    let main = content::choose(&document, &mut tree);
    let mut raw =
        RawDocument { metadata: metadata::read(&document, &tree, &decoded.text, main), ..RawDocument::default() };
    if let Some(root) = main {
        raw.blocks = render::blocks(&tree, root, &decoded.text, &prepared.runs).map_err(Problem::Content)?;
    }
    raw.visible =
        prepared.runs.iter().map(|run| Visible { source: run.source, begins_line: run.begins_line }).collect();
    raw.original = decoded;
    if raw.blocks.is_empty() {
        return Err(Problem::Content("has no running text: a page of links, pictures or scripts".into()));
    }
    Ok(raw)
}

#[cfg(test)]
mod tests {
    use super::super::BlockKind;
    use super::*;

    fn read(html: &str) -> RawDocument {
        extract(&Blob::of_file("a.html", html), &Limits::default()).unwrap()
    }

    fn page(main: &str) -> String {
        let link = "<li><a href='/x'>Another headline of the day</a></li>".repeat(10);
        format!(
            "<!doctype html><html><head><title>Dry port opens_Example Daily</title><meta property='og:site_name' content='Example Daily'>\
             <script>var a = '<p>script text</p>';</script><style>p {{ }}</style></head><body><nav><ul>{link}</ul></nav>\
             <h1>Dry port opens</h1><div class=info>2020-06-05 09:12 Source: Example Daily</div><div class=article>{main}</div>\
             <div class=sidebar><ul>{link}</ul></div><footer>Copyright Example Daily, all rights reserved</footer></body></html>"
        )
    }

    const LONG: &str = "The regional government said that the dry port of the capital would open a second yard, that trains \
                        would leave every day, and that customs would clear containers within the hour, as planned before.";

    #[test]
    fn the_main_text_stays_and_the_clutter_goes() {
        let raw = read(&page(&format!("<p>{LONG}</p><p>{LONG} Again.</p><h2>Next</h2><p>{LONG} Third.</p>")));
        let text: Vec<&str> = raw.blocks.iter().map(|b| b.text.as_str()).collect();
        assert!(text.contains(&LONG), "{text:?}");
        for clutter in ["Another headline", "Copyright", "script text"] {
            assert!(!text.iter().any(|t| t.contains(clutter)), "{clutter} in {text:?}");
        }
        assert_eq!(raw.metadata.title.unwrap().value, "Dry port opens");
        assert!(raw.blocks.iter().any(|b| b.kind == BlockKind::Heading(2) && b.text == "Next"));
    }

    #[test]
    fn lists_and_tables_keep_their_shape() {
        let main = format!(
            "<p>{LONG}</p><ul><li>first item</li><li>second item</li></ul><p>{LONG} Two.</p>\
             <table><tr><th>City</th><th>Trains</th></tr><tr><td>Urumqi</td><td>1,068</td></tr></table><p>{LONG} Three.</p>"
        );
        let raw = read(&page(&main));
        let has = |kind, text: &str| {
            assert!(raw.blocks.iter().any(|b| b.kind == kind && b.text == text), "{text}: {:?}", raw.blocks)
        };
        has(BlockKind::ListItem, "first item");
        has(BlockKind::ListItem, "second item");
        has(BlockKind::TableRow, "City | Trains");
        has(BlockKind::TableRow, "Urumqi | 1,068");
    }

    #[test]
    fn a_page_of_nested_boxes_is_read_in_time() {
        let raw = read(&format!(
            "<html><body>{}<p>{LONG}</p>{}</body></html>",
            "<div>".repeat(20_000),
            "</div>".repeat(20_000)
        ));
        assert_eq!(raw.blocks[0].text, LONG);
    }

    #[test]
    fn pages_are_recognised_by_their_head() {
        for (bytes, expected) in [
            (&b"<!DOCTYPE HTML><p>"[..], true),
            (b"\xef\xbb\xbf\n<!-- saved --><html>", true),
            (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC>", true),
            (b"<?xml version='1.0'?><rss>", false),
            (b"a < b", false),
            (b"<!-- unclosed", false),
        ] {
            assert_eq!(recognises(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
