//! Rendered lines → where they stand in the page.

use super::prepare::Run;
use crate::model::Span;
use crate::offsets::Traced;

/// A text of one run, as it was handed to the renderer.
pub struct Piece<'a> {
    /// The text.
    pub text: &'a str,
    /// The run's number.
    pub run: usize,
    /// Where in the run it begins.
    pub from: usize,
}

/// Leads a rendered line back to the page.
pub fn trace(line: &str, pieces: &[Piece], page: &str, runs: &[Run]) -> Traced {
    let mut out = Traced::default();
    let (mut piece, mut at) = (0, 0); // the next character is looked for from here
    let mut copied: Option<(usize, usize)> = None; // start of a stretch of equal text: in the line, in the page
    let mut last = 0; // where in the line the last character ended
    let mut next = 0;
    while let Some(c) = line[next..].chars().next() {
        let place = next;
        next += c.len_utf8();
        if c.is_whitespace() {
            continue;
        }
        let gap = last;
        last = place + c.len_utf8();
        let (from_piece, from_at) = (piece, at);
        while let Some(current) = pieces.get(piece) {
            match current.text[at..].find(|c: char| !c.is_whitespace()) {
                Some(next) => {
                    at += next;
                    break;
                }
                None => (piece, at) = (piece + 1, 0),
            }
        }
        let current = pieces.get(piece).filter(|p| p.text[at..].starts_with(c));
        let source = current.map(|p| {
            let run = &runs[p.run];
            let start = run.source.start + p.from + at;
            if run.is_reference { (run.source, false) } else { (Span { start, end: start + c.len_utf8() }, true) }
        });
        // Does the stretch of equal text go on, blanks before this character included?
        let goes_on = match (copied, source) {
            (Some((from, start)), Some((source, true))) => {
                // Blanks before this character must be the page's own.
                source.start.checked_sub(start) == Some(place - from)
                    && (gap == place || page.get(source.start - (place - gap)..source.start) == Some(&line[gap..place]))
            }
            _ => false,
        };
        if !goes_on {
            if let Some((from, start)) = copied.take() {
                let text = &line[from..gap];
                out.push(text, Span { start, end: start + text.len() }, true);
            }
            if gap < place && !out.is_empty() {
                let end = source.map_or(out.end(), |(source, _)| source.start.max(out.end()));
                out.push(&line[gap..place], Span { start: out.end(), end }, false);
            }
            match source {
                Some((source, true)) => copied = Some((place, source.start)),
                Some((source, false)) => out.push(&line[place..place + c.len_utf8()], source, false),
                // The renderer's own, or what stands between the cells of a row.
                None => out.put_in(&line[place..place + c.len_utf8()]),
            }
        }
        match (current, source) {
            (Some(current), Some((source, true))) => {
                at += c.len_utf8();
                // Most of a line is as it stands in the page.
                let same = same(&line[last..], &current.text[at..], page.get(source.end..).unwrap_or_default());
                (last, at) = (last + same, at + same);
                next = last;
            }
            (Some(_), _) => at += c.len_utf8(),
            (None, _) => (piece, at) = (from_piece, from_at),
        }
    }
    if let Some((from, start)) = copied {
        out.push(&line[from..], Span { start, end: start + line.len() - from }, true);
    }
    out
}

/// How many bytes three texts begin with alike, to the end of a character that is no blank.
fn same(line: &str, piece: &str, page: &str) -> usize {
    let most = line.len().min(piece.len()).min(page.len());
    let count = match line.as_bytes()[..most] == piece.as_bytes()[..most]
        && line.as_bytes()[..most] == page.as_bytes()[..most]
    {
        true => most,
        false => line.bytes().zip(piece.bytes()).zip(page.bytes()).take_while(|((a, b), c)| a == b && a == c).count(),
    };
    let whole = (0..=count).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0);
    line[..whole].trim_end().len()
}
