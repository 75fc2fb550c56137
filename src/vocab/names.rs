//! The names of places in a text, and the places each can mean.
//!
//! Names that contain a place's name and are no place stand in the same table, so that the longest
//! match takes them out.

pub use super::fold::simplified;
use super::fold::{PAIRS, fold, four, pair, word};
use super::{Gazetteer, Lexicon, Place};
use crate::analysis::is_alphanumeric;
use std::sync::OnceLock;

static NAMES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/names.fst"));
static BEGINNINGS: &[u8; 4 * (PAIRS / 8)] = include_bytes!(concat!(env!("OUT_DIR"), "/names.pairs"));
static READINGS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/names.bin"));

/// Flags of a name in the table.
const EXACT: u8 = 1;
const CAPITAL: u8 = 2;
const DEMONYM: u8 = 4;

/// How much a name says without further evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Also an ordinary word, a surname or a brand.
    Word,
    /// Shared with other places, a feature of nature, or very short.
    Weak,
    /// A name of its own, but short enough to be met by chance.
    Fair,
    /// Enough by itself.
    Strong,
}

/// A place that a name can mean.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'g> {
    /// The place.
    pub place: &'g Place,
    /// What the name says for it.
    pub strength: Strength,
}

/// A name in a text and the places it can mean.
#[derive(Clone, Debug)]
pub struct Mention<'g> {
    /// First byte of the name.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// The places; never empty.
    pub readings: Vec<Reading<'g>>,
    /// It names the people or the language of a country: `Kazakh`.
    pub is_demonym: bool,
}

/// What stands at a byte of a text.
enum Met<'g> {
    Name {
        end: usize,
        readings: Vec<Reading<'g>>,
        is_demonym: bool,
    },
    /// A longer name that is no place's.
    Other {
        end: usize,
    },
}

/// The names of places in a text, left to right, the longest at each place. The text is simplified
/// already ([`simplified`]).
pub fn find<'g>(gazetteer: &'g Gazetteer, text: &str) -> Vec<Mention<'g>> {
    let mut out = Vec::new();
    let has_own = gazetteer.own.has_names();
    let mut at = 0;
    let mut in_word = false;
    while let Some(first) = text.as_bytes().get(at) {
        // After most words stands a blank.
        if *first == b' ' {
            (at, in_word) = (at + 1, false);
            continue;
        }
        let run = text.as_bytes()[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        let (length, may_begin) = match run {
            0 if first.is_ascii() => (1, false),
            0 => text[at..].chars().next().map_or((1, false), |c| (c.len_utf8(), may_begin(in_word, c))),
            _ => (run, !in_word && (has_own || begins_word(&text[at..], run))),
        };
        if may_begin && (has_own || begins_some(&text[at..])) {
            let met = at_start(gazetteer, text, at);
            let end = met.as_ref().map(|(Met::Name { end, .. } | Met::Other { end })| *end);
            if let Some(Met::Name { end, readings, is_demonym }) = met {
                out.push(Mention { start: at, end, readings, is_demonym });
            }
            if let Some(end) = end.filter(|end| *end > at) {
                in_word = text[at..end].chars().next_back().is_some_and(is_letter);
                at = end;
                continue;
            }
        }
        in_word = run > 0 || !first.is_ascii() && text[at..].chars().next().is_some_and(is_letter);
        at += length;
    }
    out
}

/// Whether any compiled-in name begins with the run of ASCII letters and digits that a text begins with, or one that looks
/// the same by chance.
fn begins_word(text: &str, run: usize) -> bool {
    // What comes after it may be folded into it, if it is not ASCII.
    let is_whole = text.as_bytes().get(run).is_none_or(u8::is_ascii);
    !is_whole || has_beginning(3, word(&text.as_bytes()[..run]))
}

fn has_beginning(table: usize, bit: usize) -> bool {
    BEGINNINGS[table * (PAIRS / 8) + bit / 8] & (1 << (bit % 8)) != 0
}

/// Whether any compiled-in name begins as a text does, or one that looks the same by chance.
fn begins_some(text: &str) -> bool {
    let mut folded = [' '; 4];
    let mut is_plain = true;
    let mut count = 0;
    for (c, to) in text.chars().zip(&mut folded) {
        let mut one = None;
        fold(c, |f| {
            is_plain &= one.is_none();
            one = one.or(Some(f));
        });
        is_plain &= one.is_some();
        *to = one.unwrap_or(c);
        count += 1;
    }
    let pair = pair(folded[0], folded[1]);
    // A character that is folded to several shifts those after it.
    has_beginning(0, pair)
        && (!is_plain || has_beginning(1, pair) || count == folded.len() && has_beginning(2, four(folded)))
}

/// English names are whole words; in Chinese nothing parts words.
fn may_begin(in_word: bool, c: char) -> bool {
    if crate::analysis::is_ideograph(c) {
        return true;
    }
    (is_alphanumeric(c) || c == '“') && !in_word
}

fn is_letter(c: char) -> bool {
    is_alphanumeric(c) && !crate::analysis::is_ideograph(c)
}

fn at_start<'g>(gazetteer: &'g Gazetteer, text: &str, start: usize) -> Option<Met<'g>> {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    let lexicon = LEXICON.get_or_init(|| Lexicon::compiled(NAMES));
    let is_whole = |end: usize| {
        let last = text[..end].chars().next_back();
        !(last.is_some_and(is_letter) && text[end..].chars().next().is_some_and(is_letter))
    };
    let mut best: Option<(usize, usize)> = None;
    lexicon.begin_at(text, start, |end, at| {
        if let Ok(at) = usize::try_from(at)
            && is_whole(end)
            && is_written_so(at, &text[start..end])
        {
            best = Some((end, at));
        }
    });
    let own = gazetteer.own.begins_at(text, start, is_whole);
    if let Some((end, code)) = own
        && best.is_none_or(|(other, _)| end >= other)
    {
        let place = gazetteer.place(code)?;
        let readings = vec![Reading { place, strength: Strength::Strong }];
        return Some(Met::Name { end, readings, is_demonym: false });
    }
    let (end, at) = best?;
    let readings = readings(at);
    let is_demonym = READINGS.get(at).is_some_and(|f| f & DEMONYM != 0);
    Some(if readings.is_empty() { Met::Other { end } } else { Met::Name { end, readings, is_demonym } })
}

/// Whether a name is written as it has to be: acronyms with their capitals, most with a first one.
fn is_written_so(at: usize, written: &str) -> bool {
    let Some([flags, count]) = READINGS.get(at..at + 2) else { return false };
    if flags & CAPITAL != 0 && written.starts_with(|c: char| c.is_ascii_lowercase()) {
        return false;
    }
    if flags & EXACT == 0 {
        return true;
    }
    let exact = READINGS.get(at + 2 + 3 * usize::from(*count)..).unwrap_or_default();
    let length = exact.first().map_or(0, |l| usize::from(*l));
    exact.get(1..=length).is_some_and(|e| e == written.as_bytes())
}

fn readings(at: usize) -> Vec<Reading<'static>> {
    let count = READINGS.get(at + 1).map_or(0, |c| usize::from(*c));
    let list = READINGS.get(at + 2..).unwrap_or_default().chunks_exact(3).take(count);
    list.map(|r| Reading {
        place: Gazetteer::numbered(u16::from_le_bytes([r[0], r[1]])),
        strength: match r[2] {
            0 => Strength::Word,
            1 => Strength::Weak,
            2 => Strength::Fair,
            _ => Strength::Strong,
        },
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let plain = simplified(text);
        let found = find(Gazetteer::get(), &plain);
        let found: Vec<&str> = found.iter().map(|m| &text[m.start..m.end]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_longest_name_is_found_as_a_whole_word() {
        check("Urumqi International Dry Port Area in Xinjiang", &["Urumqi International Dry Port Area", "Xinjiang"]);
        check("xinjiang and Xi’an, Xi'an", &["xinjiang", "Xi’an", "Xi'an"]);
        check("Milestones in Guideline", &[]);
        check("新疆維吾爾自治區", &["新疆維吾爾自治區"]);
        check("Teng Chong City", &["Teng Chong City"]);
        check("Ürümqi", &["Ürümqi"]);
        check("US exports to us", &["US"]);
    }

    #[test]
    fn names_in_other_names_are_no_places() {
        check("the China-Europe Train, the Shanghai Cooperation Organisation", &[]);
        check("上海合作组织、延安精神", &[]);
    }
}
