//! The kept part of a page as blocks: headings, paragraphs, list items and table rows told apart.
//!
//! `html2text` does the rendering, at a width that wraps nothing; a decorator of our own puts a mark
//! before every heading and list item, and tables are turned into marked rows beforehand.

use crate::extract::{BlockKind, RawBlock};
use dom_query::{Document, NodeRef};
use html2text::config;
use html2text::render::{TaggedLine, TextDecorator};

/// No line is ever this long, so none is wrapped.
const WIDTH: usize = 10_000_000;
/// Marks from the private-use area; what a page has there is taken out first.
const HEADING: char = '\u{e000}';
const ITEM: char = '\u{e001}';
const ROW: char = '\u{e002}';
/// A table whose cells hold more running text than this, in characters, lays out a page.
const CELL_CHARS_MAX: usize = 600;

/// Renders and cuts into blocks. Fails with the renderer's reason.
pub fn blocks(main: &Document) -> Result<Vec<RawBlock>, String> {
    tables(main);
    let html: String = main.html().chars().filter(|c| !(HEADING..=ROW).contains(c)).map(unmark).collect();
    let text = config::with_decorator(Marks)
        .raw_mode(true)
        .no_table_borders()
        .no_link_wrapping()
        .allow_width_overflow()
        .string_from_read(html.as_bytes(), WIDTH)
        .map_err(|e| format!("cannot be rendered: {e}"))?;
    Ok(text.lines().filter_map(block).collect())
}

/// The marks were written as entities by [`tables`], so that only ours survive.
fn unmark(c: char) -> char {
    if c == ROW_STAND_IN { ROW } else { c }
}

/// Stands for [`ROW`] while the page's own private-use characters are taken out.
const ROW_STAND_IN: char = '\u{e00f}';

fn block(line: &str) -> Option<RawBlock> {
    let line = line.trim();
    let (kind, text) = match line.chars().next()? {
        HEADING => {
            let rest = &line[HEADING.len_utf8()..];
            let level = rest.bytes().next().filter(u8::is_ascii_digit).map_or(2, |d| d - b'0');
            (BlockKind::Heading(level.clamp(1, 6)), rest.get(1..).unwrap_or(""))
        }
        ITEM => (BlockKind::ListItem, &line[ITEM.len_utf8()..]),
        ROW => (BlockKind::TableRow, &line[ROW.len_utf8()..]),
        _ => (BlockKind::Paragraph, line),
    };
    let text: String = text.chars().filter(|c| !(HEADING..=ROW).contains(c)).collect();
    let text = text.trim();
    text.chars().any(char::is_alphanumeric).then(|| RawBlock::new(kind, text))
}

/// Tables of data become rows, `cell | cell`; tables that lay out a page become boxes. Innermost first.
fn tables(main: &Document) {
    let mut tables = main.select("table").nodes().to_vec();
    tables.reverse();
    for table in tables {
        let cells: Vec<NodeRef> = table.descendants_it().filter(|n| n.has_name("td") || n.has_name("th")).collect();
        let rows: Vec<NodeRef> = table.descendants_it().filter(|n| n.has_name("tr")).collect();
        let is_layout = cells.len() <= rows.len()
            || cells.iter().any(|c| c.normalized_char_count() > CELL_CHARS_MAX)
            || cells.iter().any(|c| {
                c.descendants_it().any(|n| n.has_name("table") || n.has_name("div") && n.normalized_char_count() > 200)
            });
        if is_layout {
            for node in table
                .descendants_it()
                .filter(|n| ["tbody", "thead", "tfoot", "tr", "td", "th", "caption"].iter().any(|t| n.has_name(t)))
                .collect::<Vec<_>>()
            {
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
                html.push_str(&format!("<p>{ROW_STAND_IN}{}</p>", escape(&texts.join(" | "))));
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

/// Marks headings and items, and adds nothing else: no brackets, stars, footnotes or pictures.
#[derive(Clone, Debug)]
struct Marks;

impl TextDecorator for Marks {
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
    fn header_prefix(&self, level: usize) -> String {
        format!("{HEADING}{}", level.min(9))
    }
    fn quote_prefix(&self) -> String {
        String::new()
    }
    fn unordered_item_prefix(&self) -> String {
        ITEM.to_string()
    }
    fn ordered_item_prefix(&self, _i: i64) -> String {
        ITEM.to_string()
    }
    fn make_subblock_decorator(&self) -> Self {
        Marks
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
