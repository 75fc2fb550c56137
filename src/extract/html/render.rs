//! The kept part of a page as blocks: headings, paragraphs, list items and table rows told apart, and
//! every stretch of text led back to the run of the page it came from.
//!
//! `html2text` does the rendering, at a width that wraps nothing. It is given the kept texts as flat
//! lines and gives as many back: of a line it only squeezes the blanks, so that its characters can be
//! led back one by one. Lines that have nothing to squeeze are not given to it: it takes longer than all else here.

use super::prepare::Run;
use super::trace::{Piece, trace};
use super::tree::Tree;
use crate::extract::{BlockKind, RawBlock};
use html2text::config;
use html2text::render::{TaggedLine, TextDecorator};

/// No line is ever this long, so none is wrapped.
const WIDTH: usize = 10_000_000;
/// A table whose cells hold more running text than this, in characters, lays out a page.
const CELL_CHARS_MAX: usize = 600;

/// Bold lines stand below numbered headings.
const BOLD_LEVEL: u8 = 4;
/// A bold line of more characters is a paragraph.
const BOLD_CHARS_MAX: usize = 60;

/// Renders the kept text of a subtree. `page` is the page as decoded, `runs` its runs of text.
/// Fails with the renderer's reason.
pub fn blocks(tree: &Tree, root: usize, page: &str, runs: &[Run]) -> Result<Vec<RawBlock>, String> {
    let mut writer = Writer { tree, pieces: Vec::new(), lines: Vec::new(), is_open: false, preformatted: false };
    writer.node(root, BlockKind::Paragraph, false);
    writer.line_end();
    // A line whose blanks are single and plain is as it would be rendered.
    let uneven: String = writer.lines.iter().filter(|l| !is_even(&l.text)).map(|l| html_of(&l.text)).collect();
    let text = if uneven.is_empty() { uneven } else { rendered(&uneven)? };
    let mut given_back = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let ends = writer.lines.iter().skip(1).map(|l| l.first).chain([writer.pieces.len()]);
    let lines = writer.lines.iter().zip(ends).map(|(line, end)| (line, &writer.pieces[line.first..end]));
    Ok(lines
        .map_while(|(line, pieces)| {
            let text = if is_even(&line.text) { line.text.trim() } else { given_back.next()? };
            Some(RawBlock { kind: line.kind, text: trace(text, pieces, page, runs), page: None })
        })
        .collect())
}

/// Lines of HTML as lines of text.
fn rendered(html: &str) -> Result<String, String> {
    config::with_decorator(Plain)
        .raw_mode(true)
        .no_table_borders()
        .no_link_wrapping()
        .allow_width_overflow()
        .string_from_read(html.as_bytes(), WIDTH)
        .map_err(|e| format!("cannot be rendered: {e}"))
}

/// Whether a renderer has nothing to do: the only blanks are plain ones, none beside another, and there is nothing
/// without width.
fn is_even(text: &str) -> bool {
    let text = text.trim_start_matches(' ');
    if text.is_ascii() {
        let mut before = b' ';
        return text.bytes().all(|byte| {
            let is_even = matches!(byte, b'!'..=b'~') || byte == b' ' && before != b' ';
            before = byte;
            is_even
        });
    }
    let mut before = ' ';
    text.chars().all(|c| {
        let is_even = match c {
            ' ' => before != ' ',
            '\u{21}'..='\u{7e}' => true,
            '\u{2010}'..='\u{2027}' | '\u{3001}'..='\u{303f}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}' => {
                true
            }
            '\u{c0}'..='\u{24f}' => true,
            _ => false,
        };
        before = c;
        is_even
    })
}

/// A line as HTML.
fn html_of(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str("<div>");
    escape(text, &mut out);
    out.push_str("</div>");
    out
}

/// A line of the page's text.
struct Line {
    kind: BlockKind,
    text: String,
    /// Its first piece.
    first: usize,
}

/// Writes the kept texts as flat lines.
struct Writer<'a> {
    tree: &'a Tree,
    pieces: Vec<Piece<'a>>,
    lines: Vec<Line>,
    /// The last line is not at its end.
    is_open: bool,
    /// Within an element that keeps its lines.
    preformatted: bool,
}

impl<'a> Writer<'a> {
    fn line_end(&mut self) {
        if !std::mem::take(&mut self.is_open) {
            return;
        }
        let first = self.lines.last().map_or(0, |l| l.first);
        if !self.pieces[first..].iter().any(|p| p.text.contains(char::is_alphanumeric)) {
            // Nothing to read: the renderer might give no line for it.
            self.pieces.truncate(first);
            self.lines.pop();
        }
    }

    fn line(&mut self, kind: BlockKind) {
        if !self.is_open {
            self.is_open = true;
            self.lines.push(Line { kind, text: String::new(), first: self.pieces.len() });
        }
    }

    fn node(&mut self, row: usize, kind: BlockKind, in_row: bool) {
        let node = &self.tree.nodes[row];
        if node.dropped {
            return;
        }
        if node.is_text() {
            self.text(row, kind);
            return;
        }
        match &*node.name {
            "br" | "hr" => {
                if in_row {
                    self.blank();
                } else {
                    self.line_end();
                }
                return;
            }
            "table" if !in_row && is_data(self.tree, row) => {
                self.line_end();
                self.rows(row);
                self.line_end();
                return;
            }
            _ => {}
        }
        let inner = match &*node.name {
            "li" | "dt" | "dd" => BlockKind::ListItem,
            "figcaption" | "caption" | "figure" => BlockKind::Caption,
            // Quotations, tables and code are put into figures, too.
            "blockquote" | "pre" if kind == BlockKind::Caption => BlockKind::Paragraph,
            _ if is_caption(self.tree.marks(row)) => BlockKind::Caption,
            _ if is_footnote(self.tree.marks(row)) => BlockKind::Footnote,
            "p" | "div" if kind == BlockKind::Paragraph && is_bold_line(self.tree, row) => {
                BlockKind::Heading(BOLD_LEVEL)
            }
            _ => node.heading().map_or(kind, BlockKind::Heading),
        };
        let is_block = node.is_block();
        if is_block && in_row {
            self.blank();
        } else if is_block {
            self.line_end();
        }
        // The number of a note must not become part of the word before it.
        let is_bare_reference = self.is_open && is_note_reference(self.tree, row);
        if is_bare_reference {
            self.put("[");
        }
        let around = self.preformatted;
        self.preformatted |= matches!(&*node.name, "pre" | "xmp" | "listing" | "plaintext");
        for child in self.tree.children(row) {
            self.node(child, inner, in_row);
        }
        self.preformatted = around;
        if is_bare_reference {
            self.put("]");
        }
        if is_block && !in_row {
            self.line_end();
        }
    }

    fn blank(&mut self) {
        if self.is_open {
            self.put(" ");
        }
    }

    /// Goes on with the open line.
    fn put(&mut self, text: &str) {
        if let Some(line) = self.lines.last_mut() {
            line.text.push_str(text);
        }
    }

    fn text(&mut self, row: usize, kind: BlockKind) {
        let (text, runs): (&'a str, _) = (self.tree.text_at(row), self.tree.runs(row));
        let first = runs.first().map_or(text.len(), |(at, _)| *at);
        if first > 0 {
            self.blank();
        }
        for (at, (start, run)) in runs.iter().enumerate() {
            let end = runs.get(at + 1).map_or(text.len(), |(next, _)| *next);
            let mut from = *start;
            // The lines of preformatted text are lines.
            while let Some(length) = text[from..end].find('\n').filter(|_| self.preformatted) {
                self.piece(&text[from..from + length], *run, from - start, kind);
                self.line_end();
                from += length + 1;
            }
            self.piece(&text[from..end], *run, from - start, kind);
        }
    }

    fn piece(&mut self, text: &'a str, run: usize, from: usize, kind: BlockKind) {
        if text.trim().is_empty() {
            self.blank();
            return;
        }
        self.line(kind);
        self.put(text);
        self.pieces.push(Piece { text, run, from });
    }

    /// A table of data: a line for each row, its cells parted by ` | `.
    fn rows(&mut self, table: usize) {
        let rows: Vec<usize> =
            self.tree.kept(table).filter(|r| matches!(&*self.tree.nodes[*r].name, "tr" | "caption")).collect();
        for row in rows {
            if &*self.tree.nodes[row].name == "caption" {
                self.node(row, BlockKind::Caption, false);
                self.line_end();
                continue;
            }
            let cells: Vec<usize> =
                self.tree.children(row).filter(|c| matches!(&*self.tree.nodes[*c].name, "td" | "th")).collect();
            if cells.iter().all(|c| self.tree.nodes[*c].chars == 0) {
                continue;
            }
            self.line(BlockKind::TableRow);
            for (at, cell) in cells.iter().enumerate() {
                if at > 0 {
                    self.put(" | ");
                }
                self.node(*cell, BlockKind::TableRow, true);
            }
            self.line_end();
        }
    }
}

/// Whether class names say that a text stands under a picture.
fn is_caption(marks: &str) -> bool {
    marks.split_whitespace().any(|mark| {
        mark.contains("caption") && !mark.contains("no-caption") && !mark.contains("with-caption")
            || mark.split(|c: char| !c.is_alphanumeric()).any(|w| matches!(w, "credit" | "imgcredit" | "photocredit"))
    })
}

/// Whether class names or an id say that a text is a note.
fn is_footnote(marks: &str) -> bool {
    marks.split_whitespace().any(|mark| {
        let number = |rest: &str| {
            !rest.is_empty() && rest.trim_start_matches(['-', '_', ':']).bytes().all(|b| b.is_ascii_digit())
        };
        matches!(
            mark,
            "footnote"
                | "footnotes"
                | "endnote"
                | "endnotes"
                | "rearnote"
                | "rearnotes"
                | "footnote-item"
                | "footnotetext"
                | "msofootnotetext"
                | "doc-footnote"
                | "doc-endnote"
                | "doc-endnotes"
        ) || ["fn", "ftn", "_ftn", "edn", "_edn", "footnote"].iter().any(|p| mark.strip_prefix(p).is_some_and(number))
    })
}

/// Whether an element declares itself the reference to a note and holds only its number.
fn is_note_reference(tree: &Tree, row: usize) -> bool {
    let node = &tree.nodes[row];
    (1..=4).contains(&node.chars)
        && tree.marks(row).split_whitespace().any(|m| matches!(m, "noteref" | "doc-noteref"))
        && tree.text(row).bytes().all(|b| b.is_ascii_digit())
}

/// Whether a line of its own is bold from end to end and no sentence: a heading without the mark.
fn is_bold_line(tree: &Tree, row: usize) -> bool {
    let node = &tree.nodes[row];
    if !(2..=BOLD_CHARS_MAX).contains(&node.chars) || node.stops > 0 || node.link_chars * 2 > node.chars {
        return false;
    }
    let mut bold_until = row;
    let mut bold = 0;
    for at in tree.kept(row).skip(1) {
        let inner = &tree.nodes[at];
        if inner.is_block() {
            return false;
        }
        if matches!(&*inner.name, "b" | "strong") {
            bold_until = bold_until.max(inner.end);
        }
        bold += if inner.is_text() && at < bold_until { inner.chars } else { 0 };
    }
    let text = tree.text(row);
    bold == node.chars && !text.ends_with([':', '：', ',', '，', ';', '；', '、']) && text.contains(char::is_alphabetic)
}

/// Whether a table holds data rather than laying out the page.
fn is_data(tree: &Tree, table: usize) -> bool {
    let (mut cells, mut rows) = (0, 0);
    for row in tree.subtree(table).skip(1) {
        let node = &tree.nodes[row];
        match &*node.name {
            "table" => return false,
            "tr" => rows += 1,
            "td" | "th" if node.chars > CELL_CHARS_MAX => return false,
            "td" | "th" => cells += 1,
            "div" if node.chars > 200 => return false,
            _ => {}
        }
    }
    cells > rows
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_line_that_is_not_rendered_is_as_it_would_be(
            text in r"( ?[a-zA-Z0-9.,;&<>'()\[\]*_#|é–—“”’…、。，！新疆ｘ-]{1,9}){1,12}[ \u{a0}\u{200b}\t]?"
        ) {
            proptest::prop_assume!(is_even(&text) && text.contains(char::is_alphanumeric));
            let given = rendered(&html_of(&text)).unwrap();
            assert_eq!(given.trim(), text.trim());
            assert_eq!(given.trim().lines().count(), 1);
        }
    }
}
