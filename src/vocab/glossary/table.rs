//! The rows of a glossary and the keys of its terms: one reader for the build script and for a user's own file.

use crate::analysis::{TokenKind, analyse, is_ideograph};
use std::collections::BTreeMap;

/// No term has more words and ideographs.
pub const TERM_TOKENS_MAX: usize = 24;
/// No term has more bytes: longer ones are sentences.
const TERM_BYTES_MAX: usize = 200;

const COLUMNS: [&str; 5] = ["concept", "english", "chinese", "capitals", "reached"];

/// One concept as it stands in a file.
#[derive(Debug, Default, PartialEq)]
pub struct Row {
    /// Its identifier.
    pub slug: String,
    /// English terms, the preferred first; those of `capitals` and `reached` follow.
    pub english: Vec<String>,
    /// Chinese terms, the preferred first; those of `reached` follow.
    pub chinese: Vec<String>,
    /// Those that are words when they are not typed in capitals.
    pub capitals: Vec<String>,
    /// Those that mean something else as often: they are searched for, and do not lead to the concept.
    pub reached: Vec<String>,
}

impl Row {
    /// Every term of both languages.
    pub fn terms(&self) -> impl Iterator<Item = &String> {
        self.english.iter().chain(&self.chinese)
    }
}

/// Reads a table: columns by tabulators and by name, terms parted by `|`, comments after `#`.
/// Fails with what is wrong in it and in which line, for a reader.
pub fn rows(text: &str) -> Result<Vec<Row>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b'\t').comment(Some(b'#')).flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| e.to_string())?;
    let columns: Vec<String> = header.iter().map(|name| name.trim().to_lowercase()).collect();
    if let Some(unknown) = columns.iter().find(|name| !COLUMNS.contains(&name.as_str())) {
        return Err(format!("line 1: there is no column `{unknown}`; there are {}", COLUMNS.join(", ")));
    }
    if !columns.iter().any(|name| name == "english" || name == "chinese") {
        return Err("line 1: there is neither a column `english` nor `chinese`".to_string());
    }
    let mut out = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| e.to_string())?;
        let line = record.position().map_or(0, |p| p.line() + skipped(text, p.byte()));
        let said = |reason: String| format!("line {line}: {reason}");
        if record.len() > columns.len() {
            return Err(said(format!("it has {} columns, and the first line names {}", record.len(), columns.len())));
        }
        let cell =
            |name: &str| columns.iter().position(|c| c == name).and_then(|at| record.get(at)).unwrap_or_default();
        let list = |name: &str| cell(name).split('|').map(str::trim).filter(|t| !t.is_empty()).map(str::to_string);
        let mut row = Row { slug: cell("concept").trim().to_string(), ..Row::default() };
        for term in list("english") {
            // Two letters are a name only in capitals.
            if key(&term).chars().filter(|c| c.is_alphanumeric()).count() < 3 && term.is_ascii() && !has_digit(&term) {
                row.capitals.push(term.clone());
            }
            push(&mut row.english, term).map_err(said)?;
        }
        for term in list("chinese") {
            push(&mut row.chinese, term).map_err(said)?;
        }
        for term in list("capitals") {
            push(&mut row.english, term.clone()).map_err(said)?;
            row.capitals.push(term);
        }
        for term in list("reached") {
            let side = if term.chars().any(is_ideograph) { &mut row.chinese } else { &mut row.english };
            push(side, term.clone()).map_err(said)?;
            row.reached.push(term);
        }
        let Some(first) = row.terms().next() else {
            return Err(said("it has no term".to_string()));
        };
        if row.slug.is_empty() {
            row.slug = key(first).replace(' ', "-");
        }
        if row.slug.chars().any(|c| c.is_whitespace() || c.is_control()) || row.slug.len() > TERM_BYTES_MAX {
            return Err(said(format!("`{}` is no name of a concept: give a short one without blanks", row.slug)));
        }
        out.push(row);
    }
    Ok(out)
}

/// How many lines without a record come first from a byte of a table on.
fn skipped(text: &str, byte: u64) -> u64 {
    let rest = usize::try_from(byte).ok().and_then(|from| text.get(from..)).unwrap_or_default();
    rest.lines().take_while(|line| line.is_empty() || line.starts_with('#')).count() as u64
}

/// Adds a term unless it is there in another spelling that is the same to a search.
fn push(list: &mut Vec<String>, term: String) -> Result<(), String> {
    let own = key(&term);
    let shown = || term.chars().take(30).collect::<String>();
    if term.len() > TERM_BYTES_MAX || own.split(' ').count() > TERM_TOKENS_MAX {
        return Err(format!("the term `{}…` is too long", shown()));
    }
    if own.chars().filter(|c| *c != ' ').count() < 2 {
        return Err(format!("`{}` is too short for a term", shown()));
    }
    if !list.iter().any(|known| key(known) == own) {
        list.push(term);
    }
    Ok(())
}

fn has_digit(term: &str) -> bool {
    term.bytes().any(|b| b.is_ascii_digit())
}

/// A term as a query has it: the stems of its words and its single ideographs, parted by blanks.
pub fn key(term: &str) -> String {
    let tokens = analyse(term);
    let kept = tokens.iter().filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Single));
    kept.map(|t| tokens.form(t)).collect::<Vec<_>>().join(" ")
}

/// Which concepts a term leads to.
#[derive(Default)]
pub struct Readings {
    by_key: BTreeMap<String, Vec<(u16, bool)>>,
}

impl Readings {
    /// Adds the terms of the concept of that number.
    pub fn add(&mut self, concept: u16, row: &Row) {
        for term in row.terms().filter(|t| !row.reached.contains(t)) {
            let capitals = row.capitals.contains(term);
            // As a transducer of names has it.
            let list = self.by_key.entry(super::folded(&key(term))).or_default();
            match list.iter_mut().find(|known| known.0 == concept) {
                Some(known) => known.1 &= capitals,
                None => list.push((concept, capitals)),
            }
        }
    }

    /// Keys with where their readings begin in the second: their number, and for each the concept's number in two
    /// bytes, the lower first, and whether the term must be in capitals.
    pub fn packed(&self) -> (Vec<(&str, u64)>, Vec<u8>) {
        let mut blob = Vec::new();
        let mut keys = Vec::with_capacity(self.by_key.len());
        for (key, list) in &self.by_key {
            keys.push((key.as_str(), blob.len() as u64));
            let list = &list[..list.len().min(usize::from(u8::MAX))];
            blob.push(u8::try_from(list.len()).unwrap_or(u8::MAX));
            for (concept, capitals) in list {
                blob.extend(concept.to_le_bytes());
                blob.push(u8::from(*capitals));
            }
        }
        (keys, blob)
    }
}
