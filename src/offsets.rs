//! Text with the way back to where each of its characters came from.
//!
//! A text that was decoded, cut out of a page, squeezed and repaired is no longer what the file
//! holds. An [`OffsetMap`] goes beside it through every step and leads any stretch of the text back
//! to the source; steps are composed, never guessed again by comparing texts.

use crate::model::Span;

/// A stretch of text that maps evenly: `step_text` bytes of text for every `step_source` bytes of
/// the source. Copied text has steps of 1 and 1; a character reference `&amp;` 1 and 5; two-byte
/// ideographs 3 and 2; what was put in by a step has a source step of 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    text: u32,
    source: u32,
    step_text: u32,
    step_source: u32,
}

impl Piece {
    fn is_copy(&self) -> bool {
        self.step_text == 1 && self.step_source == 1
    }
}

/// From bytes of a text to bytes of its source. Texts are limited to 4 GB.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetMap {
    pieces: Vec<Piece>,
    length: u32,
}

impl OffsetMap {
    /// The map of a text that is its source, from byte `source` on.
    pub fn copy(length: usize, source: usize) -> OffsetMap {
        let mut map = OffsetMap::default();
        map.push(length, Span { start: source, end: source + length }, true);
        map
    }

    /// Length of the text, in bytes.
    pub fn len(&self) -> usize {
        self.length as usize
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Goes on with `length` bytes of text from a stretch of the source: byte by byte if it is a
    /// copy, else as a whole.
    pub fn push(&mut self, length: usize, source: Span, is_copy: bool) {
        let source_length = source.end - source.start;
        debug_assert!(!is_copy || length == source_length);
        if is_copy {
            self.push_even(length, source.start, 1, 1);
        } else {
            self.push_even(length, source.start, length, source_length);
        }
    }

    /// Goes on with text that maps in even steps.
    pub fn push_even(&mut self, length: usize, source: usize, step_text: usize, step_source: usize) {
        if length == 0 {
            return;
        }
        let next = Piece {
            text: self.length,
            source: source as u32,
            step_text: step_text as u32,
            step_source: step_source as u32,
        };
        self.length += length as u32;
        if let Some(last) = self.pieces.last() {
            let steps = (next.text - last.text) / last.step_text;
            let goes_on = last.step_text == next.step_text
                && last.step_source == next.step_source
                && last.source + steps * last.step_source == next.source
                // Wholes stay apart: each is one replacement.
                && (last.is_copy() || step_source > 0 && step_text <= 4);
            if goes_on {
                return;
            }
        }
        self.pieces.push(next);
    }

    /// Where a stretch of the text came from: from the source of its first byte to that of its last.
    /// Text that was put in leads to the place where it was.
    pub fn source(&self, span: Span) -> Span {
        let first = self.at(span.start);
        if span.start >= span.end {
            return Span { start: first.start, end: first.start };
        }
        let last = self.at(span.end - 1);
        Span { start: first.start, end: last.end.max(first.start) }
    }

    fn at(&self, byte: usize) -> Span {
        let found = self.pieces.partition_point(|p| p.text as usize <= byte);
        let Some(piece) = found.checked_sub(1).and_then(|i| self.pieces.get(i)) else {
            return Span { start: 0, end: 0 };
        };
        // Past the end is where the last step ends.
        let steps = (byte.min(self.len()) - piece.text as usize) / piece.step_text as usize;
        let start = piece.source as usize + steps * piece.step_source as usize;
        if byte >= self.len() {
            return Span { start, end: start };
        }
        Span { start, end: start + piece.step_source as usize }
    }

    /// The stretches of a part of the text in order: (text, source, whether it is a copy).
    pub fn stretches(&self, span: Span) -> impl Iterator<Item = (Span, Span, bool)> + '_ {
        let first = self.pieces.partition_point(|p| p.text as usize <= span.start).saturating_sub(1);
        self.pieces[first.min(self.pieces.len())..].iter().enumerate().map_while(move |(at, piece)| {
            let end = self.pieces.get(first + at + 1).map_or(self.length, |p| p.text) as usize;
            let text = Span { start: span.start.max(piece.text as usize), end: span.end.min(end) };
            (text.start < text.end).then(|| (text, self.source(text), piece.is_copy()))
        })
    }

    /// Goes on with a part of another map.
    pub fn extend(&mut self, other: &OffsetMap, span: Span) {
        let first = other.pieces.partition_point(|p| p.text as usize <= span.start).saturating_sub(1);
        for (at, piece) in other.pieces.iter().enumerate().skip(first) {
            let end = other.pieces.get(at + 1).map_or(other.length, |p| p.text) as usize;
            let text = Span { start: span.start.max(piece.text as usize), end: span.end.min(end) };
            if text.start >= span.end {
                break;
            }
            if text.start >= text.end {
                continue;
            }
            let source = other.source(text);
            let length = text.end - text.start;
            if piece.step_text <= 4 && length.is_multiple_of(piece.step_text as usize) {
                self.push_even(length, source.start, piece.step_text as usize, piece.step_source as usize);
            } else {
                self.push(length, source, false);
            }
        }
    }

    /// The map of this text to the source of `earlier`, when this text's source is the text of `earlier`.
    pub fn through(&self, earlier: &OffsetMap) -> OffsetMap {
        let mut out = OffsetMap::default();
        for (text, source, is_copy) in self.stretches(Span { start: 0, end: self.len() }) {
            if is_copy {
                out.extend(earlier, source);
            } else if source.start == source.end {
                out.push(
                    text.end - text.start,
                    Span { start: earlier.at(source.start).start, end: earlier.at(source.start).start },
                    false,
                );
            } else {
                out.push(text.end - text.start, earlier.source(source), false);
            }
        }
        out
    }
}

/// A text and its map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traced {
    text: String,
    map: OffsetMap,
}

/// A stretch of a text to be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to put in.
    pub span: Span,
    /// By what; empty to take out.
    pub with: String,
}

impl Edit {
    /// Takes a stretch out.
    pub fn drop(start: usize, end: usize) -> Edit {
        Edit { span: Span { start, end }, with: String::new() }
    }

    /// Replaces a stretch.
    pub fn replace(start: usize, end: usize, with: impl ToString) -> Edit {
        Edit { span: Span { start, end }, with: with.to_string() }
    }
}

impl Traced {
    /// A text that is its source from byte `source` on.
    pub fn copy(text: impl Into<String>, source: usize) -> Traced {
        let text = text.into();
        let map = OffsetMap::copy(text.len(), source);
        Traced { text, map }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its map.
    pub fn map(&self) -> &OffsetMap {
        &self.map
    }

    /// The two apart.
    pub fn into_parts(self) -> (String, OffsetMap) {
        (self.text, self.map)
    }

    /// Goes on with text from a stretch of the source.
    pub fn push(&mut self, text: &str, source: Span, is_copy: bool) {
        self.text.push_str(text);
        self.map.push(text.len(), source, is_copy);
    }

    /// Where in the source the text so far ends.
    pub fn end(&self) -> usize {
        self.map.len().checked_sub(1).map_or(0, |last| self.map.at(last).end)
    }

    /// Goes on with text that the source does not have, at the place where the text so far ends.
    pub fn put_in(&mut self, text: &str) {
        let at = self.end();
        self.push(text, Span { start: at, end: at }, false);
    }

    /// Goes on with another text of the same source.
    pub fn append(&mut self, other: &Traced) {
        self.append_part(other, Span { start: 0, end: other.text.len() });
    }

    /// Goes on with a part of another text of the same source.
    pub fn append_part(&mut self, other: &Traced, span: Span) {
        self.text.push_str(span.of(&other.text));
        self.map.extend(&other.map, span);
    }

    /// The part of the text that `span` covers.
    pub fn part(&self, span: Span) -> Traced {
        let mut out = Traced::default();
        out.append_part(self, span);
        out
    }

    /// The text after edits, which are in order and do not overlap.
    pub fn edited(&self, edits: &[Edit]) -> Traced {
        let mut out = Traced::default();
        let mut at = 0;
        for edit in edits {
            out.append_part(self, Span { start: at, end: edit.span.start });
            if !edit.with.is_empty() {
                let source = if edit.span.start < edit.span.end {
                    self.map.source(edit.span)
                } else {
                    let at = self.map.at(edit.span.start).start;
                    Span { start: at, end: at }
                };
                out.push(&edit.with, source, false);
            }
            at = edit.span.end;
        }
        out.append_part(self, Span { start: at, end: self.text.len() });
        out
    }
}

impl std::ops::Deref for Traced {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl PartialEq<&str> for Traced {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}

impl From<&str> for Traced {
    fn from(text: &str) -> Traced {
        Traced::copy(text, 0)
    }
}

impl From<String> for Traced {
    fn from(text: String) -> Traced {
        Traced::copy(text, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_references_and_additions_lead_back() {
        let source = "a &amp; b";
        let mut traced = Traced::default();
        traced.push("a ", Span { start: 0, end: 2 }, true);
        traced.push("&", Span { start: 2, end: 7 }, false);
        traced.push(" b", Span { start: 7, end: 9 }, true);
        traced.put_in(".");
        assert_eq!(traced.as_str(), "a & b.");
        let back = |start, end| traced.map().source(Span { start, end }).of(source);
        assert_eq!((back(0, 1), back(2, 3), back(4, 5), back(5, 6), back(0, 6)), ("a", "&amp;", "b", "", source));
    }

    #[test]
    fn what_is_put_in_at_the_end_leads_to_the_end() {
        let out = Traced::from("a").edited(&[Edit::replace(1, 1, "x")]);
        assert_eq!(out.as_str(), "ax");
        assert_eq!(out.map().source(Span { start: 1, end: 2 }), Span { start: 1, end: 1 });
    }

    #[test]
    fn maps_are_composed() {
        // Two-byte ideographs in the file, three bytes in the text.
        let mut decoded = OffsetMap::default();
        decoded.push_even(2, 0, 1, 1);
        decoded.push_even(9, 2, 3, 2);
        let part = Traced::from("ab新疆港").part(Span { start: 2, end: 8 });
        let map = part.edited(&[Edit::replace(0, 3, "X")]).map().through(&decoded);
        assert_eq!(map.source(Span { start: 0, end: 1 }), Span { start: 2, end: 4 });
        assert_eq!(map.source(Span { start: 1, end: 4 }), Span { start: 4, end: 6 });
    }

    proptest::proptest! {
        #[test]
        fn edits_keep_the_way_back(text in "[a-c ]{0,40}", cuts in proptest::collection::vec((0usize..40, 0usize..4, "[x-z]{0,3}"), 0..6)) {
            let mut edits: Vec<Edit> = Vec::new();
            for (start, length, with) in cuts {
                let (start, end) = (start.min(text.len()), (start + length).min(text.len()));
                if edits.last().is_none_or(|e| e.span.end < start) {
                    edits.push(Edit::replace(start, end, with));
                }
            }
            let out = Traced::from(text.as_str()).edited(&edits);
            assert_eq!(out.map().len(), out.len());
            for (at, c) in out.char_indices() {
                let source = out.map().source(Span { start: at, end: at + 1 });
                if ('a'..='c').contains(&c) || c == ' ' {
                    assert_eq!(source.of(&text), c.to_string());
                } else {
                    assert!(edits.iter().any(|e| e.span == source || e.span.start == source.start));
                }
            }
        }
    }
}
