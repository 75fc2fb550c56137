//! Terms of the taxonomy → where they stand in a text.
//!
//! Text and terms are folded alike: words of Latin letters in lower case and singular, each between blanks of its
//! own, without what joins them; Chinese in simplified characters; all else as it stands. A folded term then stands in a folded text only as whole
//! words, and needs no second look.

use super::Taxonomy;
use super::names::simplified;
use super::prefixes::Prefixes;
use crate::model::TopicId;
use std::collections::{BTreeMap, HashMap};

/// A term that is evidence enough.
pub const STRONG: f32 = 2.0;
/// One that is, if nothing else is there.
pub const MEDIUM: f32 = 1.0;
/// One that counts only beside others.
pub const WEAK: f32 = 0.5;

/// An acronym counts only in capitals if it is no longer than this: longer ones are no words by chance.
const ACRONYM_MAX: usize = 6;
/// Words that end in `s` and mean another thing without it.
const NO_PLURALS: [&str; 11] =
    ["arms", "customs", "forces", "futures", "goods", "interests", "news", "physics", "securities", "shares", "works"];

/// Finds the terms of a taxonomy.
pub struct Matcher {
    words: Prefixes,
    beginnings: Beginnings,
    terms: Vec<Term>,
    topics: Vec<Entry>,
}

/// A topic or theme as the matcher knows it.
pub struct Entry {
    /// Its identifier.
    pub id: TopicId,
    /// The topic of a theme, by its place.
    pub parent: Option<usize>,
}

/// What a term says; of a phrase in which no term counts, nothing.
#[derive(Default)]
struct Term {
    /// Topics and themes, by their place, with weights.
    says: Vec<(usize, f32)>,
    /// It counts only when written in capitals.
    capitals: bool,
}

/// A term in a text: its first occurrence.
#[derive(Clone, Copy)]
pub struct Hit {
    /// Which term.
    pub term: usize,
    /// Where it stands in the folded text.
    pub start: usize,
    end: usize,
    /// It stands there more than once.
    pub again: bool,
}

impl Matcher {
    /// A matcher of all terms of a taxonomy.
    pub fn new(taxonomy: &Taxonomy) -> Matcher {
        let places: HashMap<&str, usize> = taxonomy.topics().iter().enumerate().map(|(at, t)| (&*t.slug, at)).collect();
        let mut by_term: BTreeMap<String, Term> = BTreeMap::new();
        let mut add = |term: &str, topic: usize, weight: f32| {
            let known = by_term.entry(folded_term(term)).or_default();
            known.capitals |= is_acronym(term);
            // The weight a topic gives a term itself comes first and stands.
            if known.says.iter().all(|(t, _)| *t != topic) {
                known.says.push((topic, weight));
            }
        };
        let mut topics = Vec::with_capacity(taxonomy.topics().len());
        for themes in [false, true] {
            for (at, topic) in taxonomy.topics().iter().enumerate().filter(|(_, t)| t.parent().is_some() == themes) {
                let parent = topic.parent().and_then(|p| places.get(p)).copied();
                for (terms, weight) in [(&topic.strong, STRONG), (&topic.medium, MEDIUM), (&topic.weak, WEAK)] {
                    for term in terms.iter() {
                        add(term, at, weight);
                        parent.into_iter().for_each(|p| add(term, p, weight));
                    }
                }
            }
        }
        for topic in taxonomy.topics() {
            let parent = topic.parent().and_then(|p| places.get(p)).copied();
            topics.push(Entry { id: topic.id(), parent });
        }
        for phrase in taxonomy.phrases() {
            by_term.entry(folded_term(phrase)).or_default();
        }
        by_term.remove("");
        themes_within(&mut by_term, &topics);
        let beginnings = Beginnings::of(by_term.keys().map(String::as_str));
        let words = Prefixes::of(by_term.keys().map(String::as_str));
        Matcher { words, beginnings, terms: by_term.into_values().collect(), topics }
    }

    /// Topics and themes by their place.
    pub fn topics(&self) -> &[Entry] {
        &self.topics
    }

    /// What a term says: topics and themes with weights.
    pub fn says(&self, term: usize) -> &[(usize, f32)] {
        &self.terms[term].says
    }

    /// The distinct terms in a text, in the order of terms.
    pub fn find(&self, text: &Folded) -> Vec<Hit> {
        let mut out = Vec::new();
        let mut from = 0;
        while let Some(start) = self.beginnings.next(&text.folded, from) {
            let Some((length, term)) = self.words.longest(&text.folded.as_bytes()[start..]) else {
                from = start + 1;
                continue;
            };
            from = start + length;
            let hit = Hit { term, start, end: from, again: false };
            let term = &self.terms[hit.term];
            if term.says.is_empty() || (term.capitals && !in_capitals(text.written(&hit))) {
                continue;
            }
            out.push(hit);
        }
        out.sort_unstable_by_key(|h| (h.term, h.start));
        out.dedup_by(|later, first| {
            let same = later.term == first.term;
            first.again |= same;
            same
        });
        out
    }
}

/// Tells places where terms may begin: at most words of a text none does.
struct Beginnings {
    bits: Vec<u64>,
    /// How long the beginnings are of terms that are open at their end.
    open: Vec<usize>,
}

/// Bytes of a term that is open at its end that are its beginning.
const BEGINNING: usize = 4;
/// Some thousand beginnings fill a tenth of so many bits.
const BEGINNING_BITS: u32 = 16;

impl Beginnings {
    fn of<'t>(terms: impl Iterator<Item = &'t str>) -> Beginnings {
        let mut out = Beginnings { bits: vec![0; 1 << (BEGINNING_BITS - 6)], open: Vec::new() };
        for term in terms {
            match term.as_bytes() {
                [b' ', word @ ..] => match first_word(word) {
                    Some(whole) => out.add(whole),
                    // Open at its end: words begin with it.
                    None => {
                        let length = word.len().min(BEGINNING);
                        out.add(&word[..length]);
                        if !out.open.contains(&length) {
                            out.open.push(length);
                        }
                    }
                },
                _ => out.add(&term.as_bytes()[..two_characters(term)]),
            }
        }
        out
    }

    fn bit(beginning: &[u8]) -> usize {
        let mut hash = beginning.len() as u64;
        for part in beginning.chunks(8) {
            let mut eight = [0; 8];
            eight[..part.len()].copy_from_slice(part);
            hash = (hash.rotate_left(23) ^ u64::from_le_bytes(eight)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        (hash >> (64 - BEGINNING_BITS)) as usize
    }

    fn add(&mut self, beginning: &[u8]) {
        let bit = Beginnings::bit(beginning);
        self.bits[bit / 64] |= 1 << (bit % 64);
    }

    fn has(&self, beginning: &[u8]) -> bool {
        let bit = Beginnings::bit(beginning);
        self.bits[bit / 64] & 1 << (bit % 64) != 0
    }

    /// The next place from `from` on in a folded text where a term may begin.
    fn next(&self, folded: &str, from: usize) -> Option<usize> {
        let bytes = folded.as_bytes();
        let mut at = from;
        while at < bytes.len() {
            match bytes[at] {
                // Before a word; the blank after one says nothing.
                b' ' if bytes.get(at + 1).is_some_and(|b| is_word(char::from(*b))) => {
                    let word = &bytes[at + 1..];
                    let whole = first_word(word).unwrap_or_default();
                    let begins = |length: &usize| whole.get(..*length).is_some_and(|beginning| self.has(beginning));
                    if self.has(whole) || self.open.iter().any(begins) {
                        return Some(at);
                    }
                    at += whole.len();
                }
                // Within a word or a character.
                b' ' | b'0'..=b'9' | b'a'..=b'z' | 0x80..0xc0 => {}
                0xc0.. => {
                    let one = folded[at..].chars().next().map_or(1, char::len_utf8);
                    if self.has(&bytes[at..at + two_characters(&folded[at..])]) || self.has(&bytes[at..at + one]) {
                        return Some(at);
                    }
                }
                _ => return Some(at),
            }
            at += 1;
        }
        None
    }
}

/// A folded word without the blank after it; none if it is open at its end.
fn first_word(word: &[u8]) -> Option<&[u8]> {
    memchr::memchr(b' ', word).map(|end| &word[..end])
}

/// Bytes of the first two characters.
fn two_characters(text: &str) -> usize {
    text.chars().take(2).map(char::len_utf8).sum()
}

/// Lets a term of a topic without a theme say the themes whose terms it contains: it hides them in the text.
fn themes_within(terms: &mut BTreeMap<String, Term>, topics: &[Entry]) {
    let is_theme = |topic: &(usize, f32)| topics[topic.0].parent.is_some();
    let of_themes: Vec<(String, Vec<(usize, f32)>)> = terms
        .iter()
        .map(|(term, t)| (term.clone(), t.says.iter().filter(|s| is_theme(s)).copied().collect()))
        .filter(|(_, says): &(_, Vec<_>)| !says.is_empty())
        .collect();
    let within = Prefixes::of(of_themes.iter().map(|(term, _)| term.as_str()));
    for (text, term) in terms {
        let own = term.says.clone();
        let mut found: Vec<(usize, usize, usize)> = Vec::new();
        for from in 0..text.len() {
            within.each(&text.as_bytes()[from..], |length, number| found.push((from + length, from, number)));
        }
        // Of two that say the same theme, the one that ends first counts, and of those the longer.
        found.sort_unstable();
        for (.., number) in found {
            for (theme, weight) in &of_themes[number].1 {
                let parent = topics[*theme].parent;
                let is_of_topic = own.iter().any(|(t, _)| Some(*t) == parent);
                let has_theme = own.iter().any(|(t, _)| topics[*t].parent == parent);
                if is_of_topic && !has_theme && term.says.iter().all(|(t, _)| t != theme) {
                    term.says.push((*theme, *weight));
                }
            }
        }
    }
}

/// Whether a term as given is an acronym that could be a word.
fn is_acronym(term: &str) -> bool {
    (2..=ACRONYM_MAX).contains(&term.len())
        && term.bytes().any(|b| b.is_ascii_uppercase())
        && term.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'&')
}

/// Whether a word is in capitals, but for the `s` of a plural or genitive.
fn in_capitals(word: &str) -> bool {
    let stem = word.strip_suffix('s').unwrap_or(word);
    stem.bytes().all(|b| !b.is_ascii_lowercase())
}

/// A text as terms are sought in it, with the way back.
pub struct Folded<'a> {
    text: &'a str,
    folded: String,
    pieces: Vec<Piece>,
}

/// A stretch of the folded text.
struct Piece {
    /// Where it begins there.
    folded: usize,
    /// What it is made of in the text.
    start: usize,
    end: usize,
    /// It was changed as a whole, so that its parts have no places of their own.
    whole: bool,
}

impl<'a> Folded<'a> {
    /// Folds a text.
    pub fn new(text: &'a str) -> Folded<'a> {
        // Every byte keeps its place, so that what is found leads back to the text as written.
        let plain = simplified(text);
        let plain: &str = &plain;
        let mut folded = String::with_capacity(text.len() + text.len() / 4);
        let mut pieces: Vec<Piece> = Vec::new();
        let mut at = 0;
        while let Some(c) = plain[at..].chars().next() {
            let start = at;
            if is_word(c) {
                let run = plain.as_bytes()[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
                let next = plain.as_bytes().get(at + run).copied();
                at = if run > 0 && next.is_none_or(|n| matches!(n, b' ' | b',')) {
                    at + run
                } else {
                    word_end(plain, at)
                };
                pieces.push(Piece { folded: folded.len(), start, end: at, whole: true });
                fold_word(&plain[start..at], &mut folded);
                continue;
            }
            at += c.len_utf8();
            if joins(c) {
                continue;
            }
            if is_ideograph(c) || c.is_alphabetic() {
                match pieces.last_mut() {
                    Some(last) if !last.whole && last.end == start => last.end = at,
                    _ => pieces.push(Piece { folded: folded.len(), start, end: at, whole: false }),
                }
                folded.push(c);
            } else {
                pieces.push(Piece { folded: folded.len(), start, end: at, whole: true });
                folded.push('|');
            }
        }
        Folded { text, folded, pieces }
    }

    /// Bytes of the folded text.
    pub fn length(&self) -> usize {
        self.folded.len()
    }

    /// A term as it is written in the text.
    pub fn written(&self, hit: &Hit) -> &'a str {
        let piece = |at: usize| self.pieces.partition_point(|p| p.folded <= at).saturating_sub(1);
        let (Some(first), Some(last)) = (self.pieces.get(piece(hit.start)), self.pieces.get(piece(hit.end - 1))) else {
            return "";
        };
        let start = if first.whole { first.start } else { first.start + hit.start - first.folded };
        let end = if last.whole { last.end } else { last.start + hit.end - last.folded };
        self.text.get(start..end).unwrap_or_default()
    }
}

/// A term as it stands in a folded text; one that ends in `*` is open at its end.
fn folded_term(term: &str) -> String {
    let Some(open) = term.strip_suffix('*') else { return Folded::new(term).folded };
    let at = open.rfind(' ').map_or(0, |at| at + 1);
    format!("{} {}", Folded::new(&open[..at]).folded, open[at..].to_ascii_lowercase())
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '&'
}

/// The common ones, which need no table.
fn is_ideograph(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// Whether a character parts nothing: blanks, hyphens and quotation marks.
fn joins(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | '"' | '“' | '”' | '‘') || is_apostrophe(c)
}

/// Where the word that begins at `from` ends: apostrophes before letters and points before digits are part of it.
fn word_end(text: &str, from: usize) -> usize {
    let mut end = from;
    let mut rest = text[from..].char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().map(|(_, c)| *c);
        let inside = is_apostrophe(c) && next.is_some_and(|n| n.is_ascii_alphabetic())
            || c == '.' && next.is_some_and(|n| n.is_ascii_digit());
        if !is_word(c) && !inside {
            break;
        }
        end = from + at + c.len_utf8();
    }
    end
}

/// Writes a word in lower case and singular between blanks.
fn fold_word(word: &str, out: &mut String) {
    out.push(' ');
    let start = out.len();
    let stem = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
    if stem.is_ascii() && !stem.contains('\'') {
        out.push_str(stem);
        out[start..].make_ascii_lowercase();
    } else {
        out.extend(stem.chars().filter(|c| !is_apostrophe(*c)).map(|c| c.to_ascii_lowercase()));
    }
    let length = out.len() - start;
    let word = &out[start..];
    if length > 3 && word.ends_with('s') && !NO_PLURALS.contains(&word) {
        if length > 4 && word.ends_with("ies") {
            out.truncate(start + length - 3);
            out.push('y');
        } else if length > 4 && ["sses", "shes", "ches", "xes", "zes"].iter().any(|e| word.ends_with(e)) {
            out.truncate(start + length - 2);
        } else if !["ss", "us", "is"].iter().any(|e| word.ends_with(e)) {
            out.truncate(start + length - 1);
        }
    }
    out.push(' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let folded = Folded::new(text);
        let mut hits = crate::vocab::Vocabulary::builtin().terms().find(&folded);
        hits.sort_by_key(|h| h.start);
        assert_eq!(hits.iter().map(|h| folded.written(h)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn words_are_wholes_one_or_many_with_hyphens_or_blanks() {
        check("The railways of the trailways.", &["railways"]);
        check("A free-trade  zone, free trade zones", &["free-trade  zone"]);
        check("Factories’ universities", &["Factories", "universities"]);
        check("free. Trade zone", &["Trade"]);
        check("customs, and a custom", &["customs"]);
    }

    #[test]
    fn chinese_terms_stand_anywhere_and_lead_back() {
        check("加快“一带一路”建设，5G基站", &["一带一路", "5G基站"]);
        check("新建 5G 基站", &["5G 基站"]);
    }

    #[test]
    fn an_open_term_is_a_beginning_and_is_given_as_the_whole_word() {
        check("Vaccinated and unvaccinated.", &["Vaccinated"]);
    }

    #[test]
    fn acronyms_count_in_capitals_only() {
        check("SOEs and the PLA", &["SOEs", "PLA"]);
        check("soes, pla, who", &[]);
    }

    #[test]
    fn the_longest_wins_and_in_phrases_nothing_counts() {
        check("the school of thought", &[]);
        check("新型城镇化", &["新型城镇化"]);
    }

    #[test]
    fn beginnings_lose_no_term() {
        let terms = [" dry  port ", " ox ", "税", "税收", "陆港", " 5g 基站", "é", " vaccin", " ai"];
        let beginnings = Beginnings::of(terms.into_iter());
        for term in terms {
            assert_eq!(beginnings.next(&format!("|{term}e "), 1), Some(1), "{term}");
            assert_eq!(beginnings.next(&format!(" zebra 长城{term}e "), 0), Some(13), "{term}");
        }
        assert_eq!(beginnings.next(" zebra  wall 铁路", 0), None);
        let all = Matcher::new(Taxonomy::get()).beginnings;
        let set: u32 = all.bits.iter().map(|b| b.count_ones()).sum();
        assert!(set < 1 << (BEGINNING_BITS - 2), "{set} bits tell little");
    }

    #[test]
    fn any_text_folds() {
        for text in ["", "'", "’’", "a’", "é’s", "3.", "3.1.4", "&", "İ﷽\u{301}x", "a'’b"] {
            let folded = Folded::new(text);
            for hit in crate::vocab::Vocabulary::builtin().terms().find(&folded) {
                assert!(!folded.written(&hit).is_empty());
            }
        }
    }
}
