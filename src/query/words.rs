//! Text of a query → patterns: what its words, phrases and runs of ideographs are to the analyser.

use super::{Near, Pattern, Word};
use crate::analysis::{self, TokenKind};

/// The words of a text that must follow one another, each at its distance from the first: words,
/// pairs of ideographs, and single ones that have no neighbour. `exact`: as written, not by stems.
pub fn sequence(text: &str, exact: bool) -> Vec<(u32, Word)> {
    let tokens = analysis::analyse(text);
    let pairs: Vec<usize> = tokens.iter().filter(|t| t.kind == TokenKind::Pair).map(|t| t.position).collect();
    let paired = |at: usize| pairs.binary_search(&at).is_ok() || at > 0 && pairs.binary_search(&(at - 1)).is_ok();
    let mut out: Vec<(u32, Word)> = Vec::new();
    for token in tokens.iter() {
        let form = tokens.form(token).to_string();
        let word = match token.kind {
            TokenKind::Word if exact => Word::Written(form),
            TokenKind::Word | TokenKind::Pair => Word::Term(form),
            TokenKind::Single if paired(token.position) => continue,
            TokenKind::Single => Word::Term(form),
            // The form comes after the stem of the same place.
            TokenKind::Form if exact => {
                out.pop();
                Word::Written(form)
            }
            TokenKind::Form => continue,
        };
        out.push((token.position as u32, word));
    }
    let first = out.first().map_or(0, |(at, _)| *at);
    out.iter_mut().for_each(|(at, _)| *at -= first);
    out
}

/// The text as a phrase; none if it has no words.
pub fn phrase(text: &str, exact: bool) -> Option<Pattern> {
    Some(sequence(text, exact)).filter(|words| !words.is_empty()).map(Pattern::Phrase)
}

/// Parts within a window: at least one that has room for all of them.
pub fn window_of(parts: Vec<Pattern>, window: u32, ordered: bool) -> Pattern {
    let least = parts.iter().map(least_width).sum();
    Pattern::Near(Near { parts, ordered, window: window.max(least) })
}

fn least_width(pattern: &Pattern) -> u32 {
    match pattern {
        Pattern::Phrase(words) => words.iter().map(|(at, word)| at + word.width()).max().unwrap_or(0),
        Pattern::Any(list) => list.iter().map(least_width).min().unwrap_or(0),
        Pattern::Near(near) => near.parts.iter().map(least_width).sum(),
    }
}

/// Whether a text is one word of letters and digits to the analyser; its written form.
pub fn one_word(text: &str) -> Option<String> {
    let tokens = analysis::analyse(text);
    let mut words = tokens.iter().filter(|t| t.kind != TokenKind::Form);
    let only = words.next().filter(|t| t.kind == TokenKind::Word)?;
    if words.next().is_some() || only.start != 0 || only.end != text.len() {
        return None;
    }
    let form = tokens.iter().find(|t| t.kind == TokenKind::Form).unwrap_or(only);
    Some(tokens.form(form).to_string())
}

/// Ideographs with `?` for some: each stands at its place. None if there is anything else in it.
pub fn gapped(text: &str) -> Option<Pattern> {
    let is_gap = |c: char| matches!(c, '?' | '？');
    if !text.chars().all(|c| is_gap(c) || analysis::is_ideograph(c)) {
        return None;
    }
    let mut out = Vec::new();
    let mut at = 0;
    for piece in text.split_inclusive(is_gap) {
        let written = piece.trim_end_matches(is_gap);
        out.extend(sequence(written, false).into_iter().map(|(place, word)| (at + place, word)));
        at += piece.chars().count() as u32;
    }
    // Gaps lead from one value of a field to the next if they are long enough.
    if at as usize >= analysis::VALUES_APART {
        return None;
    }
    let first = out.first()?.0;
    out.iter_mut().for_each(|(place, _)| *place -= first);
    Some(Pattern::Phrase(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_is_told_from_several() {
        for (text, form) in
            [("Ports", Some("ports")), ("ＧＤＰ", Some("gdp")), ("a-b", None), ("陆", None), ("", None), ("a.", None)]
        {
            assert_eq!(one_word(text).as_deref(), form, "{text}");
        }
    }

    #[test]
    fn a_gap_takes_the_place_of_an_ideograph() {
        let term = |t: &str| Word::Term(t.into());
        assert_eq!(gapped("国?陆港"), Some(Pattern::Phrase(vec![(0, term("国")), (2, term("陆港"))])));
        assert_eq!(gapped("??"), None);
        assert_eq!(gapped("a?陆"), None);
    }
}
