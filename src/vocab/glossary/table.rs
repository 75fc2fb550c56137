//! The rows of a glossary and the keys of its terms: one reader for the build script and for a user's own file.

use crate::analysis::{TokenKind, analyse, is_ideograph};
use std::collections::BTreeMap;

/// No term has more words and ideographs.
pub const TERM_TOKENS_MAX: usize = 24;
/// No term has more bytes: longer ones are sentences.
const TERM_BYTES_MAX: usize = 200;

const COLUMNS: [&str; 5] = ["concept", "english", "chinese", "capitals", "reached"];

/// A term and how it leads to its concept.
#[derive(Debug)]
pub struct Term {
    /// As it is written.
    pub text: String,
    /// See [`key`].
    pub key: String,
    /// It is a word when it is not typed in capitals.
    pub capitals: bool,
    /// It means something else as often: it is searched for, and does not lead to the concept.
    pub reached: bool,
}

/// One concept as it stands in a file.
#[derive(Debug, Default)]
pub struct Row {
    /// Its identifier.
    pub slug: String,
    /// English terms, the preferred first; those in capitals and those that are only reached follow.
    pub english: Vec<Term>,
    /// Chinese terms, likewise.
    pub chinese: Vec<Term>,
}

impl Row {
    /// Every term of both languages.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.english.iter().chain(&self.chinese)
    }
}

/// Reads a table: columns by tabulators and by name, terms parted by `|`, comments after `#`.
/// Fails with what is wrong in it and in which line, for a reader.
pub fn rows(text: &str) -> Result<Vec<Row>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .quoting(false)
        .comment(Some(b'#'))
        .flexible(true)
        .from_reader(text.as_bytes());
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
        let mut row = Row { slug: cell("concept").trim().to_string(), ..Row::default() };
        for column in &COLUMNS[1..] {
            for text in cell(column).split('|').map(str::trim).filter(|t| !t.is_empty()) {
                let is_chinese = *column == "chinese" || *column == "reached" && text.chars().any(is_ideograph);
                let term = term(text, column).map_err(said)?;
                let side = if is_chinese { &mut row.chinese } else { &mut row.english };
                // Another spelling that is the same to a search is no other term.
                match side.iter_mut().find(|known| known.key == term.key) {
                    Some(known) => {
                        known.capitals |= term.capitals;
                        known.reached |= term.reached;
                    }
                    None => side.push(term),
                }
            }
        }
        let Some(first) = row.terms().next() else {
            return Err(said("it has no term".to_string()));
        };
        if row.slug.is_empty() {
            row.slug = first.key.replace(' ', "-");
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

/// A term of a column.
/// Fails with what is wrong with it.
fn term(text: &str, column: &str) -> Result<Term, String> {
    let key = key(text);
    let shown = || text.chars().take(30).collect::<String>();
    if text.len() > TERM_BYTES_MAX || key.split(' ').count() > TERM_TOKENS_MAX {
        return Err(format!("the term `{}…` is too long", shown()));
    }
    let mut letters = key.chars().filter(|c| *c != ' ');
    let length = letters.clone().count();
    if length < 2 {
        return Err(format!("`{}` is too short for a term", shown()));
    }
    // Two letters are a name only in capitals.
    let is_short = length == 2 && letters.all(|c| c.is_ascii_lowercase());
    let (capitals, reached) = (column == "capitals" || is_short, column == "reached");
    Ok(Term { text: text.to_string(), key, capitals, reached })
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
        for term in row.terms().filter(|t| !t.reached) {
            // As a transducer of names has it.
            let list = self.by_key.entry(super::folded(&term.key)).or_default();
            match list.iter_mut().find(|known| known.0 == concept) {
                Some(known) => known.1 &= term.capitals,
                None => list.push((concept, term.capitals)),
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
