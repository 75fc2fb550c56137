//! The kept part of a page as blocks: headings, paragraphs, list items and table rows told apart, and
//! every stretch of text led back to the run of the page it came from.
//!
//! `html2text` does the rendering, at a width that wraps nothing. It is given the kept texts as flat
//! lines, each text a link to the number of its run: what comes out is annotated with the same number.

use super::prepare::Run;
use super::tree::Tree;
use crate::extract::{BlockKind, RawBlock};
use crate::model::Span;
use crate::offsets::Traced;
use html2text::config;
use html2text::render::{TaggedLine, TextDecorator};

/// No line is ever this long, so none is wrapped.
const WIDTH: usize = 10_000_000;
/// A table whose cells hold more running text than this, in characters, lays out a page.
const CELL_CHARS_MAX: usize = 600;

/// Renders the kept text of a subtree. `page` is the page as decoded, `runs` its runs of text.
/// Fails with the renderer's reason.
pub fn blocks(tree: &Tree, root: usize, page: &str, runs: &[Run]) -> Result<Vec<RawBlock>, String> {
    let mut writer = Writer { tree, html: String::new(), pieces: Vec::new(), kinds: Vec::new(), written: false, preformatted: false };
    writer.node(root, BlockKind::Paragraph, false);
    writer.line_end();
    let lines = config::with_decorator(Plain)
        .raw_mode(true)
        .no_table_borders()
        .no_link_wrapping()
        .allow_width_overflow()
        .lines_from_read(writer.html.as_bytes(), WIDTH)
        .map_err(|e| format!("cannot be rendered: {e}"))?;
    let mut used = vec![0; writer.pieces.len()];
    let mut out = Vec::new();
    for line in &lines {
        let mut text = Traced::default();
        let mut kind = None;
        for part in line.tagged_strings() {
            let Some(number) = part.tag.iter().rev().find_map(|n| *n) else {
                text.put_in(&part.s);
                continue;
            };
            let piece = &writer.pieces[number];
            kind.get_or_insert(writer.kinds[number]);
            trace(&part.s, piece, &mut used[number], page, runs, &mut text);
        }
        let (start, end) = (text.len() - text.trim_start().len(), text.trim_end().len());
        if start < end && text.chars().any(char::is_alphanumeric) {
            let kind = kind.unwrap_or(BlockKind::Paragraph);
            out.push(RawBlock { kind, text: text.part(Span { start, end }), page: None });
        }
    }
    Ok(out)
}

/// A text of one run, as it was handed to the renderer.
struct Piece<'a> {
    text: &'a str,
    run: usize,
    /// Where in the run it begins.
    from: usize,
}

/// Leads a rendered part of a piece back to the page: the renderer only squeezes blanks.
fn trace(rendered: &str, piece: &Piece, used: &mut usize, page: &str, runs: &[Run], out: &mut Traced) {
    let run = &runs[piece.run];
    if run.is_reference {
        out.push(rendered, run.source, false);
        return;
    }
    let base = run.source.start + piece.from;
    let mut copied = None; // (start in `rendered`, start in the piece)
    let mut at = *used;
    let flush = |copied: &mut Option<(usize, usize)>, upto: usize, out: &mut Traced| {
        if let Some((from, place)) = copied.take() {
            let text = &rendered[from..upto];
            out.push(text, Span { start: base + place, end: base + place + text.len() }, true);
        }
    };
    for (place, c) in rendered.char_indices() {
        let rest = &piece.text[at..];
        let blanks = rest.len() - rest.trim_start().len();
        if c.is_whitespace() {
            let exact = blanks == c.len_utf8() && rest.starts_with(c);
            if !exact {
                flush(&mut copied, place, out);
                let source = Span { start: base + at, end: base + at + blanks };
                out.push(" ", source, false);
            } else if copied.is_none() {
                copied = Some((place, at));
            }
            at += blanks;
            continue;
        }
        // Characters that the renderer left out lie between.
        let skipped = if rest.starts_with(c) { 0 } else { rest.find(c).unwrap_or(rest.len()) };
        if skipped > 0 {
            flush(&mut copied, place, out);
            at += skipped;
        }
        if at < piece.text.len() && page.get(base + at..).is_some_and(|p| p.starts_with(c)) {
            if copied.is_none() {
                copied = Some((place, at));
            }
            at += c.len_utf8();
        } else {
            // The renderer's own character.
            flush(&mut copied, place, out);
            let mut buffer = [0; 4];
            out.push(c.encode_utf8(&mut buffer), Span { start: base, end: base + piece.text.len() }, false);
        }
    }
    flush(&mut copied, rendered.len(), out);
    *used = at;
}

/// Writes the kept texts as flat lines of HTML.
struct Writer<'a> {
    tree: &'a Tree,
    html: String,
    pieces: Vec<Piece<'a>>,
    kinds: Vec<BlockKind>,
    /// Something was written to the open line.
    written: bool,
    /// Within an element that keeps its lines.
    preformatted: bool,
}

impl<'a> Writer<'a> {
    fn line_end(&mut self) {
        if self.written {
            self.html.push_str("</div>");
            self.written = false;
        }
    }

    fn line(&mut self) {
        if !self.written {
            self.html.push_str("<div>");
            self.written = true;
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
            _ if is_caption(&node.marks) => BlockKind::Caption,
            _ => node.heading().map_or(kind, BlockKind::Heading),
        };
        let is_block = node.is_block();
        if is_block && in_row {
            self.blank();
        } else if is_block {
            self.line_end();
        }
        let around = self.preformatted;
        self.preformatted |= matches!(&*node.name, "pre" | "xmp" | "listing" | "plaintext");
        for child in self.tree.children(row) {
            self.node(child, inner, in_row);
        }
        self.preformatted = around;
        if is_block && !in_row {
            self.line_end();
        }
    }

    fn blank(&mut self) {
        if self.written {
            self.html.push(' ');
        }
    }

    fn text(&mut self, row: usize, kind: BlockKind) {
        let node = &self.tree.nodes[row];
        let text: &'a str = &node.text;
        let first = node.runs.first().map_or(text.len(), |(at, _)| *at);
        if first > 0 {
            self.blank();
        }
        for (at, (start, run)) in node.runs.iter().enumerate() {
            let end = node.runs.get(at + 1).map_or(text.len(), |(next, _)| *next);
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
        // A link of nothing but blanks would be left out.
        if text.trim().is_empty() {
            self.blank();
            return;
        }
        self.line();
        self.html.push_str("<a href=\"");
        self.html.push_str(&self.pieces.len().to_string());
        self.html.push_str("\">");
        escape(text, &mut self.html);
        self.html.push_str("</a>");
        self.pieces.push(Piece { text, run, from });
        self.kinds.push(kind);
    }

    /// A table of data: a line for each row, its cells parted by ` | `.
    fn rows(&mut self, table: usize) {
        let rows: Vec<usize> = self.tree.kept(table).filter(|r| matches!(&*self.tree.nodes[*r].name, "tr" | "caption")).collect();
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
            self.line();
            for (at, cell) in cells.iter().enumerate() {
                if at > 0 {
                    self.html.push_str(" | ");
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
    /// The number of a piece.
    type Annotation = Option<usize>;

    fn decorate_link_start(&mut self, number: &str) -> (String, Option<usize>) {
        (String::new(), number.parse().ok())
    }
    fn decorate_link_end(&mut self) -> String {
        String::new()
    }
    fn decorate_em_start(&self) -> (String, Option<usize>) {
        (String::new(), None)
    }
    fn decorate_em_end(&self) -> String {
        String::new()
    }
    fn decorate_strong_start(&self) -> (String, Option<usize>) {
        (String::new(), None)
    }
    fn decorate_strong_end(&self) -> String {
        String::new()
    }
    fn decorate_strikeout_start(&self) -> (String, Option<usize>) {
        (String::new(), None)
    }
    fn decorate_strikeout_end(&self) -> String {
        String::new()
    }
    fn decorate_code_start(&self) -> (String, Option<usize>) {
        (String::new(), None)
    }
    fn decorate_code_end(&self) -> String {
        String::new()
    }
    fn decorate_preformat_first(&self) -> Option<usize> {
        None
    }
    fn decorate_preformat_cont(&self) -> Option<usize> {
        None
    }
    fn decorate_image(&mut self, _src: &str, _title: &str) -> (String, Option<usize>) {
        (String::new(), None)
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
    fn decorate_superscript_start(&self) -> (String, Option<usize>) {
        (String::new(), None)
    }
    fn decorate_superscript_end(&self) -> String {
        String::new()
    }
    fn finalise(&mut self, _urls: Vec<String>) -> Vec<TaggedLine<Option<usize>>> {
        Vec::new()
    }
}
