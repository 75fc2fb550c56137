//! Paragraphs, cells and rows out of running characters with marks between, as word processors keep them.
//!
//! In: characters and marks in reading order. Out: [`Piece`]s for a [`Flow`].

use super::{BlockKind, Flow};
use crate::source::Limits;
use std::borrow::Cow;

/// What stands between two marks.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    /// A paragraph of any kind.
    Block(BlockKind, String),
    /// A row of a table.
    Row(Vec<String>),
}

/// One story: the running text, a note, a text box.
#[derive(Debug)]
pub struct Prose {
    text: String,
    /// The label that a list gives to the open paragraph; a bullet is an empty one.
    label: Option<String>,
    /// Paragraphs of the open cell.
    lines: Vec<String>,
    /// Cells of the open row.
    cells: Vec<String>,
    /// Cells of the open row of a table within the cell.
    inner: Vec<String>,
    pieces: Vec<Piece>,
    /// What is anchored in the open paragraph and follows it.
    asides: Vec<Piece>,
    /// How much more is kept: bytes of text, and cells. What is over a limit is not needed whole.
    bytes_left: u64,
    cells_left: u64,
}

/// A line break within a paragraph, until it is known what follows.
const LINE_BREAK: char = '\u{b}';

impl Prose {
    /// Nothing yet.
    pub fn new(limits: &Limits) -> Prose {
        Prose {
            text: String::new(),
            label: None,
            lines: Vec::new(),
            cells: Vec::new(),
            inner: Vec::new(),
            pieces: Vec::new(),
            asides: Vec::new(),
            // One more than is allowed, so that it shows.
            bytes_left: limits.text.saturating_add(1),
            cells_left: limits.cells.saturating_add(1),
        }
    }

    /// Text of the open paragraph.
    pub fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A character of the open paragraph.
    pub fn push(&mut self, c: char) {
        self.text.push(c);
    }

    /// A line break within the paragraph.
    pub fn line_break(&mut self) {
        self.text.push(LINE_BREAK);
    }

    /// The open paragraph is an item of a list with that label. A mere bullet says nothing and is left out.
    pub fn label(&mut self, label: &str) {
        let label = label.trim();
        let says_something = label != "o" && label.contains(char::is_alphanumeric);
        self.label = Some(if says_something { label.to_string() } else { String::new() });
    }

    /// A text box or such that is anchored here: it follows the open paragraph or row.
    pub fn aside(&mut self, pieces: Vec<Piece>) {
        self.asides.extend(pieces);
    }

    /// The paragraph ends; it stands in no table.
    pub fn end_paragraph(&mut self, level: Option<u8>) {
        if !self.cells.is_empty() || !self.lines.is_empty() || !self.inner.is_empty() {
            let (text, label) = (std::mem::take(&mut self.text), self.label.take());
            self.end_row();
            (self.text, self.label) = (text, label);
        }
        let is_item = self.label.is_some();
        if let Some(text) = self.take() {
            let kind = match level {
                Some(level) => BlockKind::Heading(level.clamp(1, 6)),
                None if is_item => BlockKind::ListItem,
                None => BlockKind::Paragraph,
            };
            self.pieces.push(Piece::Block(kind, text));
        }
        self.pieces.append(&mut self.asides);
    }

    /// A paragraph within a cell ends, and the cell goes on.
    pub fn end_line(&mut self) {
        if let Some(text) = self.take() {
            self.lines.push(text);
        }
    }

    /// A cell ends.
    pub fn end_cell(&mut self) {
        self.end_inner_row();
        self.end_line();
        let lines = std::mem::take(&mut self.lines);
        if let Some(left) = self.cells_left.checked_sub(1) {
            self.cells.push(lines.join("\n"));
            self.cells_left = left;
        }
    }

    /// A row ends.
    pub fn end_row(&mut self) {
        self.end_inner_row();
        self.end_line();
        if !self.lines.is_empty() {
            self.end_cell();
        }
        let cells = std::mem::take(&mut self.cells);
        match cells.as_slice() {
            [] => {}
            // A frame around running text, no table.
            [only] if only.contains('\n') => {
                let lines = only.lines().map(|l| Piece::Block(BlockKind::Paragraph, l.to_string()));
                self.pieces.extend(lines);
            }
            _ => self.pieces.push(Piece::Row(cells)),
        }
        self.pieces.append(&mut self.asides);
    }

    /// A cell of a table within a cell ends.
    pub fn end_inner_cell(&mut self) {
        // A row of the table within is one line of the cell: empty cells do not show.
        if let Some(text) = self.take() {
            self.inner.push(text);
        }
    }

    /// A row of a table within a cell ends.
    pub fn end_inner_row(&mut self) {
        let cells = std::mem::take(&mut self.inner);
        if !cells.is_empty() {
            self.lines.push(cells.join(" | "));
        }
    }

    /// Whether a row has begun and not ended.
    pub fn is_in_row(&self) -> bool {
        !self.cells.is_empty()
    }

    /// Whether nothing stands in the open paragraph or cell.
    pub fn is_fresh(&self) -> bool {
        self.text.is_empty() && self.lines.is_empty()
    }

    /// All pieces; what was open ends here.
    pub fn finish(mut self) -> Vec<Piece> {
        self.end_paragraph(None);
        self.pieces
    }

    /// The open paragraph with its label; none if it is empty.
    fn take(&mut self) -> Option<String> {
        let label = self.label.take().unwrap_or_default();
        let text = std::mem::take(&mut self.text);
        let text = tidied(&text);
        if text.is_empty() || label.is_empty() {
            let text = (!text.is_empty() && self.bytes_left > 0).then(|| text.into_owned())?;
            self.bytes_left = self.bytes_left.saturating_sub(text.len() as u64);
            return Some(text);
        }
        let gap = if label.ends_with(is_wide) { "" } else { " " };
        let whole = format!("{label}{gap}{text}");
        self.bytes_left = self.bytes_left.checked_sub(1)?.saturating_sub(whole.len() as u64);
        Some(whole)
    }
}

/// Tabs, line breaks and runs of blanks become one blank; a line break between ideographs nothing.
fn tidied(text: &str) -> Cow<'_, str> {
    let is_gap = |c: char| matches!(c, ' ' | '\t' | LINE_BREAK | '\u{a0}' | '\n' | '\r' | '\u{c}');
    let text = text.trim();
    let is_clean = |text: &str| {
        let bytes = text.as_bytes();
        !text.contains(|c| c != ' ' && is_gap(c)) && !bytes.windows(2).any(|w| w == b"  ")
    };
    if is_clean(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_gap) {
        let (before, gap) = rest.split_at(start);
        out.push_str(before);
        rest = gap.trim_start_matches(is_gap);
        let gap = gap.get(..gap.len() - rest.len()).unwrap_or_default();
        let is_within_chinese =
            gap.contains(LINE_BREAK) && !gap.contains('\t') && out.ends_with(is_wide) && rest.starts_with(is_wide);
        if !is_within_chinese {
            out.push(' ');
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Ideographs and the punctuation that goes with them.
fn is_wide(c: char) -> bool {
    crate::analysis::is_ideograph(c) || matches!(c, '\u{3001}'..='\u{303f}' | '\u{ff01}'..='\u{ff60}' | '“' | '”')
}

/// The level of a heading by the name of its style, as the program or its translation writes it.
pub fn heading_level(style: &str) -> Option<u8> {
    let name = style.trim().to_lowercase();
    if matches!(name.as_str(), "title" | "标题" | "標題") {
        return Some(1);
    }
    let number = ["heading", "标题", "標題"].iter().find_map(|word| name.strip_prefix(word))?.trim();
    number.parse().ok().filter(|level| (1..=9).contains(level))
}

/// Puts pieces into a document.
pub fn pour(pieces: Vec<Piece>, flow: &mut Flow) {
    for piece in pieces {
        match piece {
            Piece::Block(kind, text) => flow.block(kind, &text),
            Piece::Row(cells) => flow.row(&cells),
        }
    }
}

/// Puts the paragraphs of notes into a document.
pub fn pour_notes(pieces: Vec<Piece>, flow: &mut Flow) {
    for piece in pieces {
        flow.block(BlockKind::Footnote, &line(piece));
    }
}

/// Leaves pieces out of the running text.
pub fn leave_out(pieces: Vec<Piece>, flow: &mut Flow) {
    for piece in pieces {
        flow.left_out(&line(piece));
    }
}

fn line(piece: Piece) -> String {
    match piece {
        Piece::Block(_, text) => text,
        Piece::Row(cells) => cells.join(" ").replace('\n', " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_become_one_blank_or_nothing_within_chinese() {
        for (text, expected) in [
            (" A dry\tport \u{b}of\u{a0} Urumqi ", "A dry port of Urumqi"),
            ("关于陆港\u{b}建设的通知", "关于陆港建设的通知"),
            ("第一章\t总则", "第一章 总则"),
            ("plain", "plain"),
        ] {
            assert_eq!(tidied(text), expected);
        }
    }

    #[test]
    fn cells_gather_to_rows_and_a_frame_is_no_table() {
        let mut prose = Prose::new(&Limits::default());
        prose.push_str("Before");
        prose.end_paragraph(Some(2));
        for cell in ["a", "b"] {
            prose.push_str(cell);
            prose.end_cell();
        }
        prose.end_row();
        prose.push_str("one");
        prose.end_line();
        prose.push_str("in");
        prose.end_inner_cell();
        prose.push_str("ner");
        prose.end_inner_cell();
        prose.end_inner_row();
        prose.end_cell();
        prose.end_row();
        prose.aside(vec![Piece::Block(BlockKind::Paragraph, "box".into())]);
        prose.label("1.");
        prose.push_str("After");
        let block = |kind, text: &str| Piece::Block(kind, text.to_string());
        assert_eq!(
            prose.finish(),
            [
                block(BlockKind::Heading(2), "Before"),
                Piece::Row(vec!["a".into(), "b".into()]),
                block(BlockKind::Paragraph, "one"),
                block(BlockKind::Paragraph, "in | ner"),
                block(BlockKind::ListItem, "1. After"),
                block(BlockKind::Paragraph, "box"),
            ]
        );
    }

    #[test]
    fn what_is_over_a_limit_shows_and_is_not_kept_whole() {
        let limits = Limits { text: 10, cells: 2, ..Limits::default() };
        let (mut long, mut wide) = (Prose::new(&limits), Prose::new(&limits));
        for _ in 0..100 {
            long.push_str("abc");
            long.end_paragraph(None);
            wide.end_cell();
        }
        let long = long.finish();
        assert!(long.len() < 10);
        for (pieces, option) in [(long, "max-text"), (wide.finish(), "max-cells")] {
            let mut flow = Flow::new(&limits);
            pour(pieces, &mut flow);
            assert_eq!(flow.finish().unwrap_err(), limits.over(option));
        }
    }
}
