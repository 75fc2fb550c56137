//! The kept part of a page as blocks: headings, paragraphs, list items and table rows told apart.
//!
//! `html2text` does the rendering, at a width that wraps nothing. Headings, list items and table
//! rows are turned into boxes beforehand that begin with a mark, and told by it afterwards: the
//! renderer's own prefixes count their width, and lists without text make it count below zero.

use crate::extract::{BlockKind, RawBlock};
use dom_query::{Document, NodeRef};
use html2text::config;
use html2text::render::{TaggedLine, TextDecorator};

/// No line is ever this long, so none is wrapped.
const WIDTH: usize = 10_000_000;
/// Marks from the private-use area. A page that has them itself only mislabels its own lines.
const HEADING: char = '\u{e000}';
const ITEM: char = '\u{e001}';
const ROW: char = '\u{e002}';
/// A table whose cells hold more running text than this, in characters, lays out a page.
const CELL_CHARS_MAX: usize = 600;

/// Renders and cuts into blocks. Fails with the renderer's reason.
pub fn blocks(main: &Document) -> Result<Vec<RawBlock>, String> {
    tables(main);
    for (level, tag) in ["h1", "h2", "h3", "h4", "h5", "h6"].iter().enumerate() {
        for node in main.select(tag).nodes() {
            node.prepend_html(format!("{HEADING}{}", level + 1));
            node.rename("div");
        }
    }
    for node in main.select("li, dt, dd").nodes() {
        node.prepend_html(ITEM.to_string());
        node.rename("div");
    }
    main.select("ul, ol, dl, menu, dir").rename("div");
    let text = config::with_decorator(Plain)
        .raw_mode(true)
        .no_table_borders()
        .no_link_wrapping()
        .allow_width_overflow()
        .string_from_read(main.html().to_string().as_bytes(), WIDTH)
        .map_err(|e| format!("cannot be rendered: {e}"))?;
    let mut out = Vec::new();
    let mut marked = None;
    for line in text.lines() {
        marked = block(line, marked, &mut out);
    }
    Ok(out)
}

/// Takes a line; returns the kind that the next line has when this one was a mark alone.
fn block(line: &str, marked: Option<BlockKind>, out: &mut Vec<RawBlock>) -> Option<BlockKind> {
    let line = line.trim();
    let Some(first) = line.chars().next() else { return marked };
    let (kind, text) = match first {
        HEADING => {
            let rest = &line[HEADING.len_utf8()..];
            let level = rest.bytes().next().filter(u8::is_ascii_digit).map_or(2, |d| d - b'0');
            (BlockKind::Heading(level.clamp(1, 6)), rest.get(1..).unwrap_or(""))
        }
        ITEM => (BlockKind::ListItem, &line[ITEM.len_utf8()..]),
        ROW => (BlockKind::TableRow, &line[ROW.len_utf8()..]),
        _ => (marked.unwrap_or(BlockKind::Paragraph), line),
    };
    // A heading in a list item, an item in an item: the innermost mark is the line's own.
    let text = text.trim_start();
    if text.starts_with([HEADING, ITEM, ROW]) {
        return block(text, None, out);
    }
    let text: String = text.chars().filter(|c| !(HEADING..=ROW).contains(c)).collect();
    let text = text.trim();
    if text.is_empty() {
        return Some(kind);
    }
    if text.chars().any(char::is_alphanumeric) {
        out.push(RawBlock::new(kind, text));
    }
    None
}

/// Tables of data become rows, `cell | cell`; tables that lay out a page become boxes. Innermost first.
fn tables(main: &Document) {
    const PARTS: [&str; 7] = ["tbody", "thead", "tfoot", "tr", "td", "th", "caption"];
    let mut tables = main.select("table").nodes().to_vec();
    tables.reverse();
    for table in tables {
        let cells: Vec<NodeRef> = table.descendants_it().filter(|n| n.has_name("td") || n.has_name("th")).collect();
        let rows: Vec<NodeRef> = table.descendants_it().filter(|n| n.has_name("tr")).collect();
        let boxed = |n: NodeRef| n.has_name("table") || n.has_name("div") && n.normalized_char_count() > 200;
        let is_layout = cells.len() <= rows.len()
            || cells.iter().any(|c| c.normalized_char_count() > CELL_CHARS_MAX)
            || cells.iter().any(|c| c.descendants_it().any(boxed));
        if is_layout {
            let parts: Vec<NodeRef> = table.descendants_it().filter(|n| PARTS.iter().any(|t| n.has_name(t))).collect();
            for node in parts {
                node.rename("div");
            }
            table.rename("div");
            continue;
        }
        let mut html = String::new();
        if let Some(caption) = table.descendants_it().find(|n| n.has_name("caption")) {
            html.push_str(&format!("<p>{}</p>", escape(&squeeze(&caption.formatted_text()))));
        }
        for row in rows {
            let texts: Vec<String> = row
                .children_it(false)
                .filter(|n| n.has_name("td") || n.has_name("th"))
                .map(|cell| squeeze(&cell.formatted_text()))
                .collect();
            if texts.iter().any(|t| !t.is_empty()) {
                html.push_str(&format!("<p>{ROW}{}</p>", escape(&texts.join(" | "))));
            }
        }
        table.rename("div");
        table.set_html(html);
    }
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Adds nothing to the text: no brackets, stars, numbers, footnotes or pictures.
#[derive(Clone, Debug)]
struct Plain;

impl TextDecorator for Plain {
    type Annotation = ();

    fn decorate_link_start(&mut self, _url: &str) -> (String, ()) {
        (String::new(), ())
    }
    fn decorate_link_end(&mut self) -> String {
        String::new()
    }
    fn decorate_em_start(&self) -> (String, ()) {
        (String::new(), ())
    }
    fn decorate_em_end(&self) -> String {
        String::new()
    }
    fn decorate_strong_start(&self) -> (String, ()) {
        (String::new(), ())
    }
    fn decorate_strong_end(&self) -> String {
        String::new()
    }
    fn decorate_strikeout_start(&self) -> (String, ()) {
        (String::new(), ())
    }
    fn decorate_strikeout_end(&self) -> String {
        String::new()
    }
    fn decorate_code_start(&self) -> (String, ()) {
        (String::new(), ())
    }
    fn decorate_code_end(&self) -> String {
        String::new()
    }
    fn decorate_preformat_first(&self) {}
    fn decorate_preformat_cont(&self) {}
    fn decorate_image(&mut self, _src: &str, _title: &str) -> (String, ()) {
        (String::new(), ())
    }
    fn header_prefix(&self, _level: usize) -> String {
        String::new()
    }
    fn quote_prefix(&self) -> String {
        String::new()
    }
    fn unordered_item_prefix(&self) -> String {
        String::new()
    }
    fn ordered_item_prefix(&self, _i: i64) -> String {
        String::new()
    }
    fn make_subblock_decorator(&self) -> Self {
        Plain
    }
    fn decorate_superscript_start(&self) -> (String, ()) {
        (String::new(), ())
    }
    fn decorate_superscript_end(&self) -> String {
        String::new()
    }
    fn finalise(&mut self, _urls: Vec<String>) -> Vec<TaggedLine<()>> {
        Vec::new()
    }
}
