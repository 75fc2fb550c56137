//! The piece table: which stretches of the file, one after another, are the text.

use super::bytes::{size_at, stretch, u16_at, u32_at};

/// A stretch of text.
#[derive(Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Its characters.
    pub length: u32,
    /// Its first byte in the document stream.
    pub at: usize,
    /// A character has two bytes, not one.
    pub is_wide: bool,
    /// What was changed in all of it since it was written.
    pub changes: Changes<'a>,
}

/// Changes of format to a whole piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes<'a> {
    /// None, or one.
    One(u8, u8),
    /// Several, as properties.
    Many(&'a [u8]),
}

/// Changes to a piece are few; they are read again for each of its paragraphs.
const CHANGES_MAX: usize = 255;

/// Reads a piece table; `is_old` is one of Word 6 or 95. None if it is not whole.
pub fn pieces(table: &[u8], is_old: bool) -> Option<Vec<Piece<'_>>> {
    let (mut at, mut changes) = (0usize, Vec::new());
    // Lists of changes come before the table itself.
    while table.get(at) == Some(&1) {
        let length = usize::from(u16_at(table, at + 1)?);
        changes.push(stretch(table, at + 3, length)?);
        at += 3 + length;
    }
    if table.get(at) != Some(&2) {
        return None;
    }
    let table = stretch(table, at + 5, size_at(table, at + 1)?)?;
    let count = table.len().checked_sub(4)? / 12;
    let mut pieces = Vec::with_capacity(count);
    for n in 0..count {
        let (from, to) = (u32_at(table, 4 * n)?, u32_at(table, 4 * n + 4)?);
        let entry = 4 * (count + 1) + 8 * n;
        let place = u32_at(table, entry + 2)?;
        let change = u16_at(table, entry + 6)?;
        let is_wide = !is_old && place & 0x4000_0000 == 0;
        let place = usize::try_from(place & 0x3fff_ffff).ok()?;
        pieces.push(Piece {
            length: to.checked_sub(from)?,
            at: if is_wide || is_old { place } else { place / 2 },
            is_wide,
            changes: match change & 1 {
                0 => Changes::One((change >> 1) as u8 & 0x7f, (change >> 8) as u8),
                _ => {
                    let changes: &[u8] = changes.get(usize::from(change >> 1)).copied().unwrap_or_default();
                    Changes::Many(changes.get(..CHANGES_MAX).unwrap_or(changes))
                }
            },
        });
    }
    Some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_say_place_width_and_changes() {
        let mut table = vec![1, 2, 0, 9, 8, 2, 28, 0, 0, 0];
        for number in [0u32, 5, 8] {
            table.extend(number.to_le_bytes());
        }
        for (place, change) in [(0x4000_0800u32, 1u16), (0x600, 0x0182)] {
            table.extend([0, 0]);
            table.extend(place.to_le_bytes());
            table.extend(change.to_le_bytes());
        }
        let expected = [
            Piece { length: 5, at: 0x400, is_wide: false, changes: Changes::Many(&[9, 8]) },
            Piece { length: 3, at: 0x600, is_wide: true, changes: Changes::One(0x41, 1) },
        ];
        assert_eq!(pieces(&table, false).unwrap(), expected);
        assert_eq!(pieces(&table[..30], false), None);
    }
}
