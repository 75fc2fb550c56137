//! Puts together a document whose text has no bytes of its own in the file: packed, coded or drawn.

use super::{BlockKind, RawBlock, RawDocument, Visible};
use crate::decode::Decoded;
use crate::error::Problem;
use crate::model::Span;
use crate::offsets::Traced;
use crate::source::Limits;

/// A document in the making: blocks in reading order. Its original is the text as it came, what is
/// left out of the blocks included, so that it can be shown what was left out.
pub struct Flow<'a> {
    limits: &'a Limits,
    original: String,
    visible: Vec<Visible>,
    blocks: Vec<RawBlock>,
    page: Option<u32>,
    cells: u64,
    over: Option<&'static str>,
}

impl<'a> Flow<'a> {
    /// Nothing yet.
    pub fn new(limits: &'a Limits) -> Flow<'a> {
        Flow {
            limits,
            original: String::new(),
            visible: Vec::new(),
            blocks: Vec::new(),
            page: None,
            cells: 0,
            over: None,
        }
    }

    /// What follows stands on this page, counted from 1.
    pub fn page(&mut self, number: u32) {
        self.page = Some(number);
    }

    /// A block. Each line of a text with line breaks becomes one; a blank one none.
    pub fn block(&mut self, kind: BlockKind, text: &str) {
        for line in text.split(['\n', '\r', '\u{b}', '\u{c}', '\u{2028}', '\u{2029}']) {
            if let Some(span) = self.line(line) {
                let text = Traced::copy(span.of(&self.original), span.start);
                self.blocks.push(RawBlock { kind, text, page: self.page });
            }
        }
    }

    /// A row of a table.
    pub fn row<T: AsRef<str>>(&mut self, cells: &[T]) {
        self.cells += cells.len() as u64;
        if self.cells > self.limits.cells {
            self.over = self.over.or(Some("max-cells"));
            return;
        }
        let cells: Vec<String> = cells
            .iter()
            .map(|c| c.as_ref().split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|c| !c.is_empty())
            .collect();
        self.block(BlockKind::TableRow, &cells.join(" | "));
    }

    /// Text of the original that is no part of the running text: a running header, a page number.
    pub fn left_out(&mut self, text: &str) {
        for line in text.lines() {
            self.line(line);
        }
    }

    /// Whether it is over a limit already: more need not be read.
    pub fn is_over(&self) -> bool {
        self.over.is_some()
    }

    /// Whether no block is there.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    fn line(&mut self, line: &str) -> Option<Span> {
        let line = line.trim();
        if line.is_empty() || self.over.is_some() {
            return None;
        }
        if (self.original.len() + line.len()) as u64 > self.limits.text {
            self.over = Some("max-text");
            return None;
        }
        let start = self.original.len();
        self.original.push_str(line);
        let span = Span { start, end: self.original.len() };
        self.original.push('\n');
        self.visible.push(Visible { source: span, begins_line: true });
        Some(span)
    }

    /// The document. Fails when it is over a limit.
    pub fn finish(self) -> Result<RawDocument, Problem> {
        if let Some(option) = self.over {
            return Err(self.limits.over(option));
        }
        let original = Decoded::without_bytes(self.original);
        Ok(RawDocument { original, visible: self.visible, blocks: self.blocks, ..RawDocument::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_lead_back_to_the_text_as_it_came() {
        let limits = Limits::default();
        let mut flow = Flow::new(&limits);
        flow.left_out("Page 1");
        flow.page(1);
        flow.block(BlockKind::Paragraph, " One.\nTwo. ");
        flow.row(&["a", " ", "b\nc"]);
        let raw = flow.finish().unwrap();
        assert_eq!(raw.original.text, "Page 1\nOne.\nTwo.\na | b c\n");
        let text: Vec<(&str, Option<u32>)> = raw.blocks.iter().map(|b| (b.text.as_str(), b.page)).collect();
        assert_eq!(text, [("One.", Some(1)), ("Two.", Some(1)), ("a | b c", Some(1))]);
        let source = raw.blocks[1].text.map().source(Span { start: 0, end: 3 });
        assert_eq!(source.of(&raw.original.text), "Two");
    }

    #[test]
    fn limits_are_kept() {
        let limits = Limits { text: 10, cells: 2, ..Limits::default() };
        let mut flow = Flow::new(&limits);
        flow.block(BlockKind::Paragraph, "0123456789");
        flow.block(BlockKind::Paragraph, "0");
        assert_eq!(flow.finish().unwrap_err(), limits.over("max-text"));
        let mut flow = Flow::new(&limits);
        flow.row(&["a", "b"]);
        flow.row(&["c"]);
        assert_eq!(flow.finish().unwrap_err(), limits.over("max-cells"));
    }
}
