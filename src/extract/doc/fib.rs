//! The file information block: the head of a Word file, and where its parts are.

use super::bytes::{size_at, stretch, u16_at, u32_at};
use crate::error::Problem;

/// The part of the table stream that holds the styles.
pub const STYLES: usize = 1;
/// The pages of character formats.
pub const CHARACTERS: usize = 12;
/// The pages of paragraph formats.
pub const PARAGRAPHS: usize = 13;
/// The pieces of the text.
pub const PIECES: usize = 33;
/// Lists and their levels.
pub const LISTS: usize = 73;
/// What paragraphs name to stand in a list.
pub const LIST_FORMATS: usize = 74;

/// Where the pairs of place and length begin.
const PARTS_AT: usize = 0x9a;
/// Versions from here on are Word 97 and later.
const WORD_97: u16 = 0xb0;

/// The stories of a document in the order of their text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Story {
    /// The running text.
    Main,
    /// Notes at the foot of pages or at the end.
    Notes,
    /// Running headers and footers, and text boxes in them.
    Running,
    /// What reviewers wrote beside the text.
    Comments,
    /// Text boxes.
    TextBoxes,
}

/// The head of a file.
pub struct Fib<'a> {
    bytes: &'a [u8],
    /// It is of Word 97 or later.
    pub is_modern: bool,
    /// The language it was written in.
    pub language: u16,
    /// Bits that say how it is kept.
    flags: u16,
}

impl<'a> Fib<'a> {
    /// Reads the head. Fails when there is none, or only a password opens the rest.
    pub fn read(bytes: &'a [u8]) -> Result<Fib<'a>, Problem> {
        let head = |at| u16_at(bytes, at).ok_or_else(|| damaged("its head is cut off"));
        let (magic, version, language, flags) = (head(0)?, head(2)?, head(6)?, head(0xa)?);
        // Word 6 to 2003 write these; others are something else.
        if !matches!(magic, 0xa5ec | 0xa5dc | 0xa5db) {
            return Err(damaged("its head is no Word document's"));
        }
        if flags & 0x100 != 0 {
            return Err(Problem::Content("is protected by a password".into()));
        }
        Ok(Fib { bytes, is_modern: version >= WORD_97, language, flags })
    }

    /// The name of the stream with the tables, and that of the other one.
    pub fn tables(&self) -> [&'static str; 2] {
        if self.flags & 0x200 != 0 { ["1Table", "0Table"] } else { ["0Table", "1Table"] }
    }

    /// Whether the text of an old file is in pieces.
    pub fn is_in_pieces(&self) -> bool {
        self.flags & 4 != 0
    }

    /// Whether the text of an old file has two bytes for each character.
    pub fn is_wide(&self) -> bool {
        self.flags & 0x1000 != 0
    }

    /// The stories and how many characters each has.
    pub fn stories(&self) -> Vec<(Story, u32)> {
        use Story::*;
        let order = [Main, Notes, Running, Comments, Comments, Notes, TextBoxes, Running];
        let first = if self.is_modern { 0x4c } else { 0x34 };
        // The fourth, for macros, has been empty for long.
        let length = |n: usize| u32_at(self.bytes, first + 4 * n).filter(|l| *l < 0x8000_0000).unwrap_or(0);
        order.into_iter().enumerate().map(|(n, story)| (story, length(n))).collect()
    }

    /// A part of the table stream; empty if it is not there.
    pub fn part<'t>(&self, table: &'t [u8], number: usize) -> &'t [u8] {
        self.place(number).and_then(|(at, length)| stretch(table, at, length)).unwrap_or_default()
    }

    /// Where a part lies in the table stream, and its length.
    pub fn place(&self, number: usize) -> Option<(usize, usize)> {
        let at = PARTS_AT + 8 * number;
        Some((size_at(self.bytes, at)?, size_at(self.bytes, at + 4)?))
    }

    /// Where the text of an old file begins and ends.
    pub fn old_text(&self) -> Option<(usize, usize)> {
        Some((size_at(self.bytes, 0x18)?, size_at(self.bytes, 0x1c)?))
    }

    /// The pieces of an old file.
    pub fn old_pieces(&self) -> &'a [u8] {
        let place = size_at(self.bytes, 0x160).zip(size_at(self.bytes, 0x164));
        place.and_then(|(at, length)| stretch(self.bytes, at, length)).unwrap_or_default()
    }
}

/// The problem of a file that is not whole.
pub fn damaged(why: &str) -> Problem {
    Problem::Content(format!("is damaged: {why}"))
}
