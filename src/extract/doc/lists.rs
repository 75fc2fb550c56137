//! Lists: the label that each of their paragraphs shows.

use super::bytes::{stretch, u8_at, u16_at, u32_at, utf16_at};
use super::numbers;
use std::collections::{HashMap, HashSet};

/// Levels of a list.
const LEVELS: usize = 9;
/// Longest text of a level, in UTF-16 units; Word allows half of it.
const TEXT_MAX: usize = 64;
/// Longest labels of a document together, in bytes: they are not in the file but made.
const LABELS_MAX: usize = 8_000_000;
/// The number format of bullets.
const BULLET: u8 = 23;

/// How a level shows its numbers.
#[derive(Clone, Debug, Default)]
struct Level {
    start: u32,
    format: u8,
    /// Numbers of other levels are shown in Arabic digits.
    is_legal: bool,
    /// Its text; characters below 9 stand for the numbers of levels.
    text: String,
}

/// A list format that paragraphs name: a list, and what is different in it.
#[derive(Clone, Debug, Default)]
struct Format {
    list: u32,
    starts: [Option<u32>; LEVELS],
    levels: HashMap<usize, Level>,
}

/// Counts the paragraphs of all lists.
#[derive(Default)]
pub struct Lists {
    lists: HashMap<u32, Vec<Level>>,
    formats: Vec<Format>,
    counts: HashMap<u32, [Option<u32>; LEVELS]>,
    /// Formats and levels whose own start has been taken.
    started: HashSet<(u16, usize)>,
    /// Bytes of labels made.
    made: usize,
}

impl Lists {
    /// Reads the lists, which begin at a place of the table stream with so many bytes (their levels come
    /// after them), and the formats; as far as they are whole.
    pub fn read(table: &[u8], lists: Option<(usize, usize)>, formats: &[u8]) -> Lists {
        let mut found = Lists::default();
        if let Some((at, length)) = lists.filter(|(_, length)| *length > 0) {
            found.read_lists(table, at, length);
        }
        found.read_formats(formats);
        found
    }

    fn read_lists(&mut self, table: &[u8], at: usize, length: usize) -> Option<()> {
        let heads = stretch(table, at, length)?;
        let mut at = at + length;
        for n in 0..usize::from(u16_at(heads, 0)?) {
            let head = stretch(heads, 2 + 28 * n, 28)?;
            let is_simple = u8_at(head, 26)? & 1 != 0;
            let mut levels = Vec::new();
            for _ in 0..if is_simple { 1 } else { LEVELS } {
                let (level, length) = level(table, at)?;
                levels.push(level);
                at += length;
            }
            self.lists.insert(u32_at(head, 0)?, levels);
        }
        Some(())
    }

    fn read_formats(&mut self, bytes: &[u8]) -> Option<()> {
        let count = usize::try_from(u32_at(bytes, 0)?).ok()?.min(bytes.len() / 16);
        let mut at = 4 + 16 * count;
        let heads: Vec<&[u8]> = (0..count).map_while(|n| stretch(bytes, 4 + 16 * n, 16)).collect();
        for head in &heads {
            self.formats.push(Format { list: u32_at(head, 0)?, ..Format::default() });
        }
        for (head, format) in heads.iter().zip(&mut self.formats) {
            at += 4;
            for _ in 0..u8_at(head, 12)? {
                let (start, flags) = (u32_at(bytes, at)?, u32_at(bytes, at + 4)?);
                let number = (flags & 0xf) as usize;
                at += 8;
                if flags & 0x20 != 0 {
                    let (level, length) = level(bytes, at)?;
                    at += length;
                    format.levels.insert(number, level);
                } else if flags & 0x10 != 0 {
                    format.starts.get_mut(number)?.replace(start);
                }
            }
        }
        Some(())
    }

    /// The label of the next paragraph of a format, counted from 1, at a level, counted from 0. An empty
    /// one is a bullet or no number; none: there is no such list.
    pub fn label(&mut self, number: u16, level: u8) -> Option<String> {
        let format = self.formats.get(usize::from(number).checked_sub(1)?)?;
        let levels = self.lists.get(&format.list)?;
        let at = usize::from(level).min(LEVELS - 1);
        let of = |n: usize| format.levels.get(&n).or_else(|| levels.get(n));
        let own = of(at)?;
        let counts = self.counts.entry(format.list).or_default();
        let restart = format.starts.get(at).copied().flatten().filter(|_| self.started.insert((number, at)));
        for (n, count) in counts.iter_mut().enumerate() {
            let start = || of(n).map_or(1, |l| l.start);
            *count = match (n.cmp(&at), *count) {
                (std::cmp::Ordering::Less, count) => count.or_else(|| Some(start())),
                (std::cmp::Ordering::Equal, count) => {
                    Some(restart.unwrap_or_else(|| count.map_or_else(start, |c| c.saturating_add(1))))
                }
                (std::cmp::Ordering::Greater, _) => None,
            };
        }
        if own.format == BULLET || self.made > LABELS_MAX {
            return Some(String::new());
        }
        let mut label = String::new();
        for c in own.text.chars() {
            match usize::try_from(u32::from(c)).ok().filter(|n| *n < LEVELS) {
                Some(n) => {
                    let format = of(n).map_or(0, |l| if own.is_legal && n != at { 0 } else { l.format });
                    let count = counts.get(n).copied().flatten().unwrap_or(1);
                    label.push_str(&numbers::written(count, format));
                }
                None if matches!(c, '\u{f000}'..='\u{f0ff}') => {}
                None => label.push(c),
            }
        }
        self.made += label.len();
        Some(label)
    }
}

/// A level at a place, and its length.
fn level(bytes: &[u8], at: usize) -> Option<(Level, usize)> {
    let head = stretch(bytes, at, 28)?;
    let properties = usize::from(u8_at(head, 24)?) + usize::from(u8_at(head, 25)?);
    let length = usize::from(u16_at(bytes, at + 28 + properties)?);
    let text = utf16_at(bytes, at + 30 + properties, length.min(TEXT_MAX))?;
    let level = Level { start: u32_at(head, 0)?, format: u8_at(head, 4)?, is_legal: u8_at(head, 5)? & 4 != 0, text };
    Some((level, 30 + properties + 2 * length))
}

#[cfg(test)]
pub mod test {
    /// A level: start, format, text.
    pub fn level(start: u32, format: u8, text: &str) -> Vec<u8> {
        let mut level = vec![0; 28];
        level[..4].copy_from_slice(&start.to_le_bytes());
        level[4] = format;
        level.extend((text.encode_utf16().count() as u16).to_le_bytes());
        level.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        level
    }

    /// One list with nine levels of which two are given: its head and its levels.
    pub fn list(first: Vec<u8>, second: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
        let mut head = vec![1, 0, 77, 0, 0, 0];
        head.resize(30, 0);
        let others = level(1, 0, "").repeat(7);
        (head, [first, second, others].concat())
    }

    /// Formats of that list; the second begins anew with 5.
    pub fn formats() -> Vec<u8> {
        let mut bytes = vec![2, 0, 0, 0];
        for overrides in [0, 1] {
            let mut head = [0; 16];
            (head[0], head[12]) = (77, overrides);
            bytes.extend(head);
        }
        bytes.extend([0; 4]);
        bytes.extend([0, 0, 0, 0, 5, 0, 0, 0, 0x10, 0, 0, 0]);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_count_and_begin_anew() {
        let (head, levels) = test::list(test::level(1, 37, "第\0章"), test::level(1, 0, "\0.\u{1})"));
        let table = [head.as_slice(), &levels].concat();
        let mut lists = Lists::read(&table, Some((0, head.len())), &test::formats());
        let mut label = |format, level| lists.label(format, level).unwrap();
        assert_eq!(label(1, 0), "第一章");
        assert_eq!(label(1, 1), "一.1)");
        assert_eq!(label(1, 1), "一.2)");
        assert_eq!(label(1, 0), "第二章");
        assert_eq!(label(1, 1), "二.1)");
        assert_eq!(label(2, 0), "第五章");
        assert_eq!(label(2, 0), "第六章");
        assert_eq!(lists.label(3, 0), None);
    }
}
