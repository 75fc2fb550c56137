//! Puts together what word processors write: paragraphs that hold boxes and notes, cells that hold paragraphs.
//!
//! In: the beginnings and ends that a reader of a format meets, in the order of the file. Out: blocks in
//! reading order. Knows no format; reading in and holding back are within limits, whatever the nesting.

mod lines;
mod title;

use super::flow::Flow;
use super::properties::Properties;
use super::{BlockKind, RawDocument};
use crate::error::Problem;
use crate::source::Limits;
use lines::{labelled, one_line, paragraphs};
use unicode_width::UnicodeWidthStr;

/// A line break within a paragraph, until the paragraph is whole. No XML can hold this character.
pub const LINE_BREAK: &str = "\u{b}";

/// What is styled as a heading is none if it is wider than this: whole paragraphs carry outline levels by mistake.
const HEADING_COLUMNS_MAX: usize = 240;
/// What a block that is written out again weighs besides its text.
const BLOCK_BYTES: u64 = 32;
/// The title in the properties is believed at once if it stands among this many blocks of the text.
const HEAD_BLOCKS: usize = 10;

/// What tells a title from other paragraphs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// Nothing.
    #[default]
    Plain,
    /// It is centred, or in a large font.
    Prominent,
    /// It is styled as the title.
    Title,
}

/// A block that is held back until what holds it ends.
#[derive(Clone, Debug)]
pub struct Block {
    kind: BlockKind,
    look: Look,
    text: String,
}

/// A paragraph that has ended: its text, and the blocks that hang on it.
#[derive(Default)]
pub struct Ended {
    text: String,
    after: Vec<Block>,
}

impl Ended {
    /// Its text as it came.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// A document in the making.
pub struct Story<'l> {
    flow: Flow<'l>,
    limits: &'l Limits,
    open: Vec<Ended>,
    holders: Vec<Vec<Block>>,
    rows: Vec<Vec<Vec<Block>>>,
    carried: String,
    pushed: u64,
    cells: u64,
    /// The first blocks, which a title may be among.
    head: Vec<(BlockKind, Look, String)>,
}

impl<'l> Story<'l> {
    /// Nothing yet.
    pub fn new(limits: &'l Limits) -> Story<'l> {
        Story {
            flow: Flow::new(limits),
            limits,
            open: Vec::new(),
            holders: Vec::new(),
            rows: Vec::new(),
            carried: String::new(),
            pushed: 0,
            cells: 0,
            head: Vec::new(),
        }
    }

    /// Bytes of text taken in so far.
    pub fn pushed(&self) -> u64 {
        self.pushed
    }

    /// Fails when what was taken in is over a limit.
    pub fn check(&self) -> Result<(), Problem> {
        if self.pushed > self.limits.text || self.flow.is_over() {
            return Err(self.limits.over("max-text"));
        }
        if self.cells > self.limits.cells {
            return Err(self.limits.over("max-cells"));
        }
        Ok(())
    }

    /// A paragraph begins; it may be within another.
    pub fn begin_paragraph(&mut self) {
        self.open.push(Ended { text: std::mem::take(&mut self.carried), after: Vec::new() });
    }

    /// Text of the innermost paragraph. Text outside of paragraphs is none of the document's.
    pub fn push(&mut self, text: &str) {
        if let Some(paragraph) = self.open.last_mut() {
            paragraph.text.push_str(text);
            self.pushed = self.pushed.saturating_add(text.len() as u64);
        }
    }

    /// The innermost paragraph ends.
    pub fn end_paragraph(&mut self) -> Ended {
        self.open.pop().unwrap_or_default()
    }

    /// A paragraph that has ended is no end: its text goes on in the next one.
    pub fn carry(&mut self, ended: Ended) {
        if self.carried.is_empty() {
            self.carried = ended.text;
        } else {
            self.carried.push_str(&ended.text);
        }
        self.put_all(ended.after);
    }

    /// A paragraph that has ended goes into what holds it; what hangs on it follows.
    pub fn put(&mut self, ended: Ended, kind: BlockKind, look: Look, label: &str) {
        if kind == BlockKind::Paragraph {
            let mut label = label;
            for text in paragraphs(&ended.text) {
                let text = if label.is_empty() { text } else { labelled(label, &text) };
                self.put_block(Block { kind, look, text });
                label = "";
            }
        } else {
            let text = one_line(&ended.text);
            let is_text = matches!(kind, BlockKind::Heading(_)) && text.width() > HEADING_COLUMNS_MAX;
            let kind = if is_text { BlockKind::Paragraph } else { kind };
            if !text.is_empty() {
                self.pushed = self.pushed.saturating_add(label.len() as u64);
                self.put_block(Block { kind, look, text: labelled(label, &text) });
            }
        }
        self.put_all(ended.after);
    }

    /// A paragraph that has ended is no part of the running text; what hangs on it is.
    pub fn put_aside(&mut self, ended: Ended) {
        if self.holders.is_empty() {
            self.flow.left_out(&one_line(&ended.text));
        }
        self.put_all(ended.after);
    }

    /// A cell, a box or a note begins: what comes is held back until it ends.
    pub fn hold(&mut self) {
        self.settle();
        self.holders.push(Vec::new());
    }

    /// What was held back since the last [`Story::hold`].
    pub fn release(&mut self) -> Vec<Block> {
        self.settle();
        self.holders.pop().unwrap_or_default()
    }

    /// Blocks that follow the innermost paragraph, or come now if none is open.
    pub fn hang(&mut self, blocks: Vec<Block>) {
        match self.open.last_mut() {
            Some(paragraph) => paragraph.after.extend(blocks),
            None => self.put_all(blocks),
        }
    }

    /// A row of a table begins.
    pub fn begin_row(&mut self) {
        self.rows.push(Vec::new());
    }

    /// A cell ends: it holds these blocks.
    pub fn cell(&mut self, blocks: Vec<Block>) {
        self.cells = self.cells.saturating_add(1);
        match self.rows.last_mut() {
            Some(row) => row.push(blocks),
            None => self.put_all(blocks),
        }
    }

    /// The cell that ended last stands so many times more.
    pub fn repeat_cell(&mut self, times: usize) {
        let Some(last) = self.rows.last().and_then(|row| row.last()).filter(|c| !c.is_empty()).cloned() else { return };
        let size = last.iter().map(|b| b.text.len() as u64 + BLOCK_BYTES).sum();
        for _ in 0..times {
            self.pushed = self.pushed.saturating_add(size);
            if self.check().is_err() {
                break;
            }
            self.cell(last.clone());
        }
    }

    /// A row ends and stands that many times: usually once, and not at all if it was deleted.
    pub fn end_row(&mut self, times: usize) {
        let mut cells = self.rows.pop().unwrap_or_default();
        cells.retain(|c| !c.is_empty());
        if cells.is_empty() || times == 0 {
            return;
        }
        // A frame around paragraphs is no table.
        let is_frame = |c: &[Block]| c.len() > 1 || c.iter().any(|b| matches!(b.kind, BlockKind::Heading(_)));
        if cells.len() == 1 && cells.first().is_some_and(|c| is_frame(c)) {
            return cells.into_iter().for_each(|c| self.put_all(c));
        }
        let cells: Vec<String> = cells.into_iter().map(|c| joined(c, " ")).collect();
        let size = cells.iter().map(|c| c.len() as u64 + BLOCK_BYTES).sum();
        for time in 0..times {
            if time > 0 {
                self.pushed = self.pushed.saturating_add(size);
            }
            if self.check().is_err() {
                return;
            }
            if self.holders.is_empty() {
                if self.head.len() < HEAD_BLOCKS {
                    self.head(BlockKind::TableRow, Look::Plain, &cells.join(" "));
                }
                self.flow.row(&cells);
            } else {
                let text = cells.join(" | ");
                self.put_block(Block { kind: BlockKind::TableRow, look: Look::Plain, text });
            }
        }
    }

    /// The text of a note.
    pub fn note(&mut self, blocks: Vec<Block>) {
        for block in blocks {
            self.flow.block(BlockKind::Footnote, &block.text);
        }
    }

    /// Blocks that come now.
    pub fn put_all(&mut self, blocks: Vec<Block>) {
        for block in blocks {
            self.put_block(block);
        }
    }

    /// Text that was to go on in a next paragraph, where none comes, is one.
    fn settle(&mut self) {
        if !self.carried.is_empty() {
            let text = std::mem::take(&mut self.carried);
            self.put(Ended { text, after: Vec::new() }, BlockKind::Paragraph, Look::Plain, "");
        }
    }

    fn put_block(&mut self, block: Block) {
        if block.text.is_empty() {
            return;
        }
        match self.holders.last_mut() {
            Some(holder) => holder.push(block),
            None => {
                self.head(block.kind, block.look, &block.text);
                self.flow.block(block.kind, &block.text);
            }
        }
    }

    fn head(&mut self, kind: BlockKind, look: Look, text: &str) {
        if self.head.len() < HEAD_BLOCKS {
            self.head.push((kind, look, text.to_string()));
        }
    }

    /// The document with its properties. Fails when it is over a limit.
    pub fn finish(mut self, properties: Properties) -> Result<RawDocument, Problem> {
        self.settle();
        self.check()?;
        let (title, lines) = title::title(&self.head, properties.title.as_deref());
        let mut raw = self.flow.finish()?;
        // The title is no block: one is taken out for each line of it, from the head only.
        for line in lines {
            if let Some(at) = raw.blocks.iter().take(HEAD_BLOCKS).position(|b| b.text.as_str() == line)
                && raw.blocks.len() > 1
            {
                raw.blocks.remove(at);
            }
        }
        raw.metadata.title = title;
        properties.fill(&mut raw.metadata);
        Ok(raw)
    }
}

fn joined(blocks: Vec<Block>, gap: &str) -> String {
    let mut blocks = blocks.into_iter().map(|b| b.text);
    let mut out = blocks.next().unwrap_or_default();
    for text in blocks {
        out.push_str(gap);
        out.push_str(&text);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(story: &mut Story, text: &str, kind: BlockKind, look: Look) {
        story.begin_paragraph();
        story.push(text);
        let ended = story.end_paragraph();
        story.put(ended, kind, look, "");
    }

    fn blocks(raw: &RawDocument) -> Vec<(BlockKind, &str)> {
        raw.blocks.iter().map(|b| (b.kind, b.text.as_str())).collect()
    }

    #[test]
    fn boxes_follow_the_paragraph_that_holds_them() {
        let limits = Limits::default();
        let mut story = Story::new(&limits);
        story.begin_paragraph();
        story.push("Around ");
        story.hold();
        paragraph(&mut story, "In the box", BlockKind::Paragraph, Look::Plain);
        let held = story.release();
        story.hang(held);
        story.push("it");
        let ended = story.end_paragraph();
        story.put(ended, BlockKind::ListItem, Look::Plain, "1.");
        let raw = story.finish(Properties::default()).unwrap();
        assert_eq!(blocks(&raw), [(BlockKind::ListItem, "1. Around it"), (BlockKind::Paragraph, "In the box")]);
    }

    #[test]
    fn a_frame_is_no_table_and_nested_tables_are_flat() {
        let limits = Limits::default();
        let mut story = Story::new(&limits);
        let mut row = |cells: &[&[&str]]| {
            story.begin_row();
            for cell in cells {
                story.hold();
                for text in *cell {
                    paragraph(&mut story, text, BlockKind::Paragraph, Look::Plain);
                }
                let held = story.release();
                story.cell(held);
            }
            story.end_row(1);
        };
        row(&[&["One.", "Two."], &[]]);
        row(&[&["a", "b"], &[], &["c"]]);
        row(&[&[], &[]]);
        let raw = story.finish(Properties::default()).unwrap();
        let expected =
            [(BlockKind::Paragraph, "One."), (BlockKind::Paragraph, "Two."), (BlockKind::TableRow, "a b | c")];
        assert_eq!(blocks(&raw), expected);
    }

    #[test]
    fn limits_hold_for_what_is_held_back() {
        let limits = Limits { text: 10, cells: 2, ..Limits::default() };
        let mut story = Story::new(&limits);
        story.hold();
        paragraph(&mut story, "0123456789a", BlockKind::Paragraph, Look::Plain);
        assert_eq!(story.check().unwrap_err(), limits.over("max-text"));
        let mut story = Story::new(&limits);
        story.begin_row();
        (0..3).for_each(|_| story.cell(Vec::new()));
        assert_eq!(story.check().unwrap_err(), limits.over("max-cells"));
    }

    #[test]
    fn the_title_is_told_by_style_then_by_the_properties_then_by_its_looks() {
        let check = |head: &[(Look, &str)], declared: Option<&str>, expected: Option<&str>, left: usize| {
            let limits = Limits::default();
            let mut story = Story::new(&limits);
            for (look, text) in head {
                paragraph(&mut story, text, BlockKind::Paragraph, *look);
            }
            let properties = Properties { title: declared.map(str::to_string), ..Properties::default() };
            let raw = story.finish(properties).unwrap();
            assert_eq!(raw.metadata.title.map(|t| t.value).as_deref(), expected);
            assert_eq!(raw.blocks.len(), left);
        };
        let (title, prominent, plain) = (Look::Title, Look::Prominent, Look::Plain);
        check(&[(title, "关于陆港的"), (title, "通知"), (plain, "x")], Some("T"), Some("关于陆港的通知"), 1);
        check(&[(prominent, "MINISTRY"), (prominent, "The Report")], Some("the report"), Some("the report"), 2);
        check(&[(plain, "附件1"), (prominent, "办法"), (plain, "x")], Some("Stale"), Some("办法"), 2);
        check(&[(plain, "Text"), (title, "Late")], Some("T"), Some("T"), 2);
        check(&[(prominent, "A sentence."), (plain, "x")], None, None, 2);
        check(&[(plain, "Dry port"), (plain, "The port opened.")], None, Some("Dry port"), 1);
        check(&[(plain, "Dry port"), (plain, "Port")], None, None, 2);
        check(&[(title, "Only")], None, Some("Only"), 1);
    }

    #[test]
    fn whole_paragraphs_are_no_headings() {
        let limits = Limits::default();
        let mut story = Story::new(&limits);
        paragraph(&mut story, &"word ".repeat(60), BlockKind::Heading(1), Look::Plain);
        assert_eq!(story.finish(Properties::default()).unwrap().blocks[0].kind, BlockKind::Paragraph);
    }
}
