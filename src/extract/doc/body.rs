//! Characters with marks between → stories.

use super::fib::Story;
use super::format::{Characters, Paragraph, Runs};
use super::lists::Lists;
use super::pieces::{Changes, Piece};
use super::styles::Styles;
use crate::extract::Flow;
use crate::extract::codepage::WESTERN;
use crate::extract::prose::{self, Prose};
use crate::source::Limits;

/// What says how characters and paragraphs are shown; empty for old files.
#[derive(Default)]
pub struct Formats<'a> {
    /// The document stream, where the runs have their properties.
    pub document: &'a [u8],
    /// Where long properties lie.
    pub data: &'a [u8],
    /// Runs of characters.
    pub characters: Runs,
    /// Runs of paragraphs.
    pub paragraphs: Runs,
    /// Styles.
    pub styles: Styles,
    /// Lists.
    pub lists: Lists,
}

/// Most bytes of long properties, which rows of wide tables have: many may name the same ones.
const DATA_MAX: usize = 64_000_000;

/// The stories of a document in the making.
pub struct Body<'a> {
    limits: &'a Limits,
    formats: Formats<'a>,
    /// The last paragraph that was looked up, and the run of which it is: the next may be like it.
    last: (usize, Paragraph),
    /// How much may still be read of long properties.
    data_left: usize,
    story: Story,
    prose: Prose,
    /// Stories that are done.
    done: Vec<(Story, Vec<prose::Piece>)>,
    /// Fields that have begun: whether what comes is their instruction, not their result.
    fields: Vec<bool>,
    /// How many of them are at their instruction.
    instructions: usize,
    /// The mark before was that of a cell.
    after_cell: bool,
}

impl<'a> Body<'a> {
    /// Nothing yet.
    pub fn new(formats: Formats<'a>, limits: &'a Limits) -> Body<'a> {
        Body {
            limits,
            formats,
            last: (usize::MAX, Paragraph::default()),
            data_left: DATA_MAX,
            story: Story::Main,
            prose: Prose::new(limits),
            done: Vec::new(),
            fields: Vec::new(),
            instructions: 0,
            after_cell: false,
        }
    }

    /// What follows is of that story.
    pub fn begin(&mut self, story: Story) {
        let prose = std::mem::replace(&mut self.prose, Prose::new(self.limits));
        self.done.push((self.story, prose.finish()));
        self.story = story;
        self.fields.clear();
        self.instructions = 0;
    }

    /// Characters of a piece, which lie at a place of the document stream.
    pub fn piece(&mut self, bytes: &[u8], piece: &Piece, at: usize) {
        let (mut done, size) = (0, if piece.is_wide { 2 } else { 1 });
        while let Some(rest) = bytes.get(done..).filter(|r| r.len() >= size) {
            let place = at.saturating_add(done);
            let (properties, end) = self.formats.characters.at(place, self.formats.document);
            let mut format = Characters::default();
            format.read(properties);
            format.change(piece.changes);
            // A run that ends within a character goes on to its end.
            let length = end.saturating_sub(place).min(rest.len()).next_multiple_of(size).min(rest.len());
            let run = rest.get(..length).unwrap_or_default();
            if piece.is_wide {
                let units = run.chunks_exact(2).map(|b| b.iter().rev().fold(0u16, |n, b| n << 8 | u16::from(*b)));
                let mut place = place;
                for c in char::decode_utf16(units) {
                    let c = c.unwrap_or('\u{fffd}');
                    self.character(c, format, place, piece.changes);
                    place += 2 * c.len_utf16();
                }
            } else {
                for (n, c) in WESTERN.decode(run).chars().enumerate() {
                    self.character(c, format, place + n, piece.changes);
                }
            }
            done += length.max(size);
        }
    }

    /// Text of an old file, of whose formats nothing is known.
    pub fn plain(&mut self, text: &str) {
        for c in text.chars() {
            self.character(c, Characters::default(), 0, Changes::One(0, 0));
        }
    }

    fn character(&mut self, c: char, format: Characters, place: usize, changes: Changes) {
        match c {
            '\u{13}' => {
                self.fields.push(true);
                self.instructions += 1;
            }
            '\u{14}' => {
                if let Some(is_instruction) = self.fields.last_mut().filter(|i| **i) {
                    *is_instruction = false;
                    self.instructions -= 1;
                }
            }
            '\u{15}' => {
                if self.fields.pop() == Some(true) {
                    self.instructions -= 1;
                }
            }
            // No field goes over the end of a cell: one that seems to is damaged.
            '\u{7}' => {
                self.fields.clear();
                self.instructions = 0;
                self.end_cell(place, changes);
            }
            _ if self.instructions > 0 => {}
            '\r' | '\u{c}' => self.end_paragraph(c == '\r', place, changes),
            '\u{e}' => self.prose.end_paragraph(None),
            _ if format.is_hidden => {}
            '\t' | '\u{a0}' => self.prose.push(' '),
            '\u{b}' => self.prose.line_break(),
            '\u{1e}' => self.prose.push('-'),
            // Pictures, marks of notes, optional hyphens and the like.
            '\0'..='\u{1f}' => {}
            // Characters of symbol fonts are pictures, but for those that say which character they are.
            _ if format.symbol.is_some() => {
                let symbol = format.symbol.map(u32::from).filter(|s| !(0xf000..=0xf0ff).contains(s));
                symbol.and_then(char::from_u32).into_iter().for_each(|c| self.prose.push(c));
            }
            '\u{f000}'..='\u{f0ff}' => {}
            _ => self.prose.push(c),
        }
        self.after_cell = c == '\u{7}';
    }

    fn paragraph(&mut self, place: usize, changes: Changes) -> Paragraph {
        let (run, end) = self.formats.paragraphs.at(place, self.formats.document);
        if self.last.0 != end {
            let mut paragraph = Paragraph::default();
            paragraph.read(run, if self.data_left > 0 { self.formats.data } else { &[] });
            self.data_left = self.data_left.saturating_sub(paragraph.elsewhere);
            self.last = (end, paragraph);
        }
        let mut paragraph = self.last.1;
        paragraph.change(changes);
        paragraph
    }

    fn label(&mut self, paragraph: &Paragraph) {
        let Some((list, level)) = self.formats.styles.list(paragraph) else { return };
        if let Some(label) = self.formats.lists.label(list, level) {
            self.prose.label(&label);
        }
    }

    /// A paragraph ends with its mark, or breaks at the end of a page.
    fn end_paragraph(&mut self, is_mark: bool, place: usize, changes: Changes) {
        let paragraph = self.paragraph(place, changes);
        if is_mark {
            self.label(&paragraph);
        }
        let level = self.formats.styles.level(&paragraph);
        match paragraph {
            Paragraph { ends_inner_row: true, .. } => self.prose.end_inner_row(),
            Paragraph { ends_inner_cell: true, .. } => self.prose.end_inner_cell(),
            Paragraph { is_in_table: true, .. } => self.prose.end_line(),
            Paragraph { nesting: 1.., .. } => self.prose.end_line(),
            _ => self.prose.end_paragraph(level),
        }
    }

    fn end_cell(&mut self, place: usize, changes: Changes) {
        let ends_row = if self.formats.paragraphs.is_empty() {
            // A row ends with a mark of its own, which looks like that of an empty cell.
            self.after_cell && self.prose.is_fresh()
        } else {
            let paragraph = self.paragraph(place, changes);
            if !paragraph.ends_row {
                self.label(&paragraph);
            }
            paragraph.ends_row
        };
        if ends_row { self.prose.end_row() } else { self.prose.end_cell() }
    }

    /// Puts all stories into a document: running heads aside, notes at the end.
    pub fn pour(mut self, flow: &mut Flow) {
        self.begin(Story::Comments);
        let (mut boxes, mut notes) = (Vec::new(), Vec::new());
        for (story, pieces) in self.done {
            match story {
                Story::Main => prose::pour(pieces, flow),
                Story::Running => prose::leave_out(pieces, flow),
                Story::TextBoxes => boxes.extend(pieces),
                Story::Notes => notes.extend(pieces),
                Story::Comments => {}
            }
        }
        prose::pour(boxes, flow);
        prose::pour_notes(notes, flow);
    }
}
