//! Formats of characters and paragraphs: the few that say what is shown and what a paragraph is.

use super::bytes::{size_at, stretch, u8_at, u16_at, u32_at};
use super::pieces::Changes;
use std::collections::HashSet;

/// Formats are kept in pages of this size.
const PAGE: usize = 512;

/// A stretch of the document stream with one format.
#[derive(Clone, Copy, Debug)]
struct Run {
    start: usize,
    end: usize,
    /// Where its properties lie in the document stream, and their length.
    at: usize,
    length: usize,
}

/// The formats of a kind, in the order of the stream.
#[derive(Default)]
pub struct Runs {
    runs: Vec<Run>,
}

impl Runs {
    /// The runs of characters that a list of pages names.
    pub fn of_characters(list: &[u8], document: &[u8]) -> Runs {
        // An entry is the place of the properties in the page, halved; they begin with their length.
        Runs::read(list, document, 1, |page, at| {
            let place = 2 * usize::from(u8_at(page, at)?);
            (place > 0).then_some((place + 1, usize::from(u8_at(page, place)?)))
        })
    }

    /// The runs of paragraphs that a list of pages names.
    pub fn of_paragraphs(list: &[u8], document: &[u8]) -> Runs {
        // As with characters, but the length is counted in words, and may need a second byte.
        Runs::read(list, document, 13, |page, at| {
            let place = 2 * usize::from(u8_at(page, at)?);
            match usize::from(u8_at(page, place)?) {
                _ if place == 0 => None,
                0 => Some((place + 2, 2 * usize::from(u8_at(page, place + 1)?))),
                words => Some((place + 1, 2 * words - 1)),
            }
        })
    }

    fn read(
        list: &[u8],
        document: &[u8],
        entry: usize,
        properties: impl Fn(&[u8], usize) -> Option<(usize, usize)>,
    ) -> Runs {
        let pages = list.len().saturating_sub(4) / 8;
        let mut runs = Vec::new();
        // A page is named once, so that a small list cannot name it a million times.
        let mut seen = HashSet::new();
        for n in 0..pages {
            let Some(number) = size_at(list, 4 * (pages + 1) + 4 * n).map(|n| n & 0x3f_ffff) else { break };
            let Some(page) = stretch(document, number * PAGE, PAGE).filter(|_| seen.insert(number)) else { continue };
            let count = page.last().map_or(0, |c| usize::from(*c));
            for at in 0..count {
                let (Some(start), Some(end)) = (size_at(page, 4 * at), size_at(page, 4 * at + 4)) else { break };
                let found = properties(page, 4 * (count + 1) + entry * at);
                let (at, length) = found.filter(|(at, length)| at + length <= PAGE).unwrap_or((0, 0));
                if start < end {
                    runs.push(Run { start, end, at: number * PAGE + at, length });
                }
            }
        }
        if !runs.is_sorted_by_key(|r| r.start) {
            runs.sort_by_key(|r| r.start);
        }
        Runs { runs }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The properties that hold at a place of the document stream, and up to where at most.
    pub fn at<'d>(&self, place: usize, document: &'d [u8]) -> (&'d [u8], usize) {
        let after = self.runs.partition_point(|r| r.start <= place);
        let next = self.runs.get(after).map_or(usize::MAX, |r| r.start);
        match after.checked_sub(1).and_then(|n| self.runs.get(n)).filter(|r| r.end > place) {
            Some(run) => (stretch(document, run.at, run.length).unwrap_or_default(), run.end.min(next)),
            None => (&[], next),
        }
    }
}

/// Single properties: what they are and their operand.
pub struct Properties<'a>(pub &'a [u8]);

impl<'a> Iterator for Properties<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<(u16, &'a [u8])> {
        let code = u16_at(self.0, 0)?;
        let rest = self.0.get(2..)?;
        let first = rest.first().map_or(0, |b| usize::from(*b));
        // The highest bits say how long the operand is; for 6 it says so itself.
        let length = match (code >> 13, code) {
            (0 | 1, _) => 1,
            (2 | 4 | 5, _) => 2,
            (3, _) => 4,
            (7, _) => 3,
            // The format of a table, whose length has two bytes.
            (_, 0xd608) => 1 + usize::from(u16_at(rest, 0)?),
            // Tab stops, which may be more than a byte can count.
            (_, 0xc615) if first == 255 => {
                let removed = usize::from(u8_at(rest, 1)?);
                let added = usize::from(u8_at(rest, 2 + 4 * removed)?);
                3 + 4 * removed + 3 * added
            }
            _ => 1 + first,
        };
        let operand = rest.get(..length)?;
        self.0 = rest.get(length..)?;
        Some((code, operand))
    }
}

/// What is known of characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Characters {
    /// They are hidden, or deleted in a tracked change.
    pub is_hidden: bool,
    /// They stand for this character of a symbol font.
    pub symbol: Option<u16>,
}

impl Characters {
    /// Reads properties over what holds already.
    pub fn read(&mut self, properties: &[u8]) {
        let (mut is_deleted, mut is_hidden) = (false, self.is_hidden);
        for (code, operand) in Properties(properties) {
            // A switch is on, off, as the style has it, or the other way.
            let is_on = matches!(operand.first(), Some(1 | 0x81));
            match code {
                0x0800 => is_deleted = is_on,
                0x083c => is_hidden = is_on,
                0x6a09 => self.symbol = u16_at(operand, 2),
                _ => {}
            }
        }
        self.is_hidden = is_deleted || is_hidden;
    }

    /// Takes changes to a whole piece.
    pub fn change(&mut self, changes: Changes) {
        match changes {
            Changes::One(0x41, 1) | Changes::One(0x5c, 1) => self.is_hidden = true,
            Changes::One(..) => {}
            Changes::Many(properties) => self.read(properties),
        }
    }
}

/// What is known of a paragraph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paragraph {
    /// The number of its style.
    pub style: u16,
    /// Its level in the outline, counted from 0; 9 is running text.
    pub outline: Option<u8>,
    /// It stands in a table.
    pub is_in_table: bool,
    /// Its mark ends a row.
    pub ends_row: bool,
    /// How many tables it stands in.
    pub nesting: u32,
    /// Its mark ends a cell of a table within a table.
    pub ends_inner_cell: bool,
    /// Its mark ends a row of a table within a table.
    pub ends_inner_row: bool,
    /// The list it stands in, counted from 1; 0 is none.
    pub list: Option<u16>,
    /// Its level in the list, counted from 0.
    pub list_level: Option<u8>,
    /// How many bytes of properties were elsewhere.
    pub elsewhere: usize,
}

impl Paragraph {
    /// Reads the style and the properties after it. `data` is the stream where long ones lie.
    pub fn read(&mut self, run: &[u8], data: &[u8]) {
        if let Some(style) = u16_at(run, 0) {
            self.style = style;
            self.properties(run.get(2..).unwrap_or_default(), data);
        }
    }

    /// Reads properties over what holds already.
    pub fn properties(&mut self, properties: &[u8], data: &[u8]) {
        for (code, operand) in Properties(properties) {
            // The properties are elsewhere; what is there names no further place.
            if matches!(code, 0x6645 | 0x6646) {
                let at = size_at(operand, 0).unwrap_or(usize::MAX);
                let length = u16_at(data, at).map_or(0, usize::from);
                let elsewhere = at.checked_add(2).and_then(|at| stretch(data, at, length)).unwrap_or_default();
                self.elsewhere += elsewhere.len();
                Properties(elsewhere).for_each(|(code, operand)| self.property(code, operand));
            } else {
                self.property(code, operand);
            }
        }
    }

    fn property(&mut self, code: u16, operand: &[u8]) {
        let byte = operand.first().copied().unwrap_or(0);
        match code {
            0x4600 => self.style = u16_at(operand, 0).unwrap_or(self.style),
            0x2640 => self.outline = Some(byte),
            0x2416 => self.is_in_table = byte != 0,
            0x2417 => self.ends_row = byte != 0,
            0x6649 => self.nesting = u32_at(operand, 0).unwrap_or(0),
            0x244b => self.ends_inner_cell = byte != 0,
            0x244c => self.ends_inner_row = byte != 0,
            0x260a => self.list_level = Some(byte),
            0x460b => self.list = u16_at(operand, 0),
            _ => {}
        }
    }

    /// Takes changes to a whole piece.
    pub fn change(&mut self, changes: Changes) {
        match changes {
            Changes::One(0x18, value) => self.is_in_table = value != 0,
            Changes::One(0x19, value) => self.ends_row = value != 0,
            Changes::One(..) => {}
            Changes::Many(properties) => self.properties(properties, &[]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_parted_by_their_lengths() {
        let table = [0x08, 0xd6, 3, 0, 9, 9];
        let tabs = [0x15, 0xc6, 2, 0, 0];
        let many_tabs = [0x15, 0xc6, 255, 1, 0, 0, 0, 0, 1, 0, 0, 0];
        let bytes = [&table[..], &[0x17, 0x24, 1], &tabs, &many_tabs, &[0x0b, 0x46, 5, 0, 0x03, 0x6a, 1]].concat();
        let codes: Vec<u16> = Properties(&bytes).map(|(code, _)| code).collect();
        assert_eq!(codes, [0xd608, 0x2417, 0xc615, 0xc615, 0x460b]);
        let mut paragraph = Paragraph::default();
        paragraph.properties(&bytes, &[]);
        assert_eq!((paragraph.ends_row, paragraph.list), (true, Some(5)));
    }

    #[test]
    fn long_properties_lie_elsewhere() {
        let mut paragraph = Paragraph::default();
        paragraph.read(&[7, 0, 0x46, 0x66, 1, 0, 0, 0], &[0, 3, 0, 0x17, 0x24, 1]);
        assert_eq!((paragraph.style, paragraph.ends_row), (7, true));
        paragraph.properties(&[0x46, 0x66, 255, 255, 255, 255], &[]);
    }
}
