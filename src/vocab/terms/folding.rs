//! A text, and a term, in the form in which terms are sought. Compiled into the build script too.

use super::super::fold::simplified;
use crate::analysis::is_alphabetic;

/// Whether a word ends in `s` and means another thing without it.
fn is_no_plural(word: &str) -> bool {
    matches!(
        word,
        "arms"
            | "customs"
            | "forces"
            | "futures"
            | "goods"
            | "interests"
            | "news"
            | "physics"
            | "securities"
            | "shares"
            | "works"
    )
}

/// A term in a text: its first occurrence.
#[derive(Clone, Copy)]
pub struct Hit {
    /// Which term.
    pub term: usize,
    /// Where it stands in the folded text.
    pub start: usize,
    /// Where it ends there.
    pub end: usize,
    /// It stands there more than once.
    pub again: bool,
}

/// A text as terms are sought in it, with the way back.
pub struct Folded<'a> {
    text: &'a str,
    pub(super) folded: String,
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
        let mut pieces: Vec<Piece> = Vec::with_capacity(text.len() / 6);
        let bytes = plain.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let start = at;
            if is_word(char::from(*byte)) {
                at += bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
                pieces.push(Piece { folded: folded.len(), start, end: at, whole: true });
                // Most words end so, and have nothing in them that needs a look.
                if at > start && bytes.get(at).is_none_or(|next| matches!(next, b' ' | b',')) {
                    fold_run(&plain[start..at], &mut folded);
                } else {
                    at = word_end(plain, start);
                    if let Some(piece) = pieces.last_mut() {
                        piece.end = at;
                    }
                    fold_word(&plain[start..at], &mut folded);
                }
                continue;
            }
            if *byte == b' ' {
                at += 1;
                continue;
            }
            let Some(c) = plain[at..].chars().next() else { break };
            at += c.len_utf8();
            if joins(c) {
                continue;
            }
            if is_ideograph(c) || is_alphabetic(c) {
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
pub fn folded_term(term: &str) -> String {
    let Some(open) = term.strip_suffix('*') else { return Folded::new(term).folded };
    let at = open.rfind(' ').map_or(0, |at| at + 1);
    format!("{} {}", Folded::new(&open[..at]).folded, open[at..].to_ascii_lowercase())
}

pub(super) fn is_word(c: char) -> bool {
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
    let stem = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
    if stem.is_ascii() && !stem.contains('\'') {
        return fold_run(stem, out);
    }
    out.push(' ');
    let start = out.len();
    out.extend(stem.chars().filter(|c| !is_apostrophe(*c)).map(|c| c.to_ascii_lowercase()));
    end_word(start, out);
}

/// The same for a word of ASCII without apostrophes.
fn fold_run(word: &str, out: &mut String) {
    out.push(' ');
    let start = out.len();
    out.push_str(word);
    out[start..].make_ascii_lowercase();
    end_word(start, out);
}

/// Leaves the singular of the word that begins at `start`, and a blank after it.
fn end_word(start: usize, out: &mut String) {
    let length = out.len() - start;
    let word = &out[start..];
    if length > 3 && word.ends_with('s') && !is_no_plural(word) {
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
