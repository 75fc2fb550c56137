//! The best window of a passage.

use crate::analysis::is_ideograph;
use std::ops::Range;

/// Text to show and the ranges in it that matched, in bytes. Plain: whoever shows it marks and escapes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snippet {
    /// The window.
    pub text: String,
    /// What matched, in order, not overlapping.
    pub matches: Vec<Range<usize>>,
    /// Text was left out before it.
    pub cut_before: bool,
    /// Text was left out after it.
    pub cut_after: bool,
}

/// The window of at most about `chars_max` characters with the most matches, the earlier among
/// equals; cut at a sentence's start where one is near, else between words. Never cuts a match that
/// fits.
pub fn snippet(text: &str, matches: &[Range<usize>], chars_max: usize) -> Snippet {
    let count = text.chars().count();
    if count <= chars_max {
        return Snippet { text: text.to_string(), matches: matches.to_vec(), cut_before: false, cut_after: false };
    }
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let char_at = |byte: usize| starts.partition_point(|s| *s < byte);
    let spans: Vec<Range<usize>> = matches.iter().map(|m| char_at(m.start)..char_at(m.end)).collect();
    // The densest window begins at a match.
    let fits = |from: usize| spans.iter().filter(|s| s.start >= from && s.end <= from + chars_max * 3 / 4).count();
    let best = spans.iter().map(|s| s.start).max_by(|a, b| fits(*a).cmp(&fits(*b)).then(b.cmp(a))).unwrap_or(0);
    let last = spans
        .iter()
        .filter(|s| s.start >= best && s.end <= best + chars_max * 3 / 4)
        .map(|s| s.end)
        .max()
        .unwrap_or(best);
    // What is left of the width goes to both sides.
    let spare = chars_max.saturating_sub(last - best);
    let from = best.saturating_sub(spare / 2);
    let to = (from + chars_max).min(count);
    let from = to.saturating_sub(chars_max);
    let start = start_near(text, &starts, from, best);
    let end = end_near(text, &starts, to, last.max(best + 1).min(to));
    let (mut first, mut past) = (starts[start], starts[end]);
    while first < past && text[first..past].starts_with(char::is_whitespace) {
        first += text[first..].chars().next().map_or(1, char::len_utf8);
    }
    past = first + text[first..past].trim_end().len();
    let inside = matches.iter().filter(|m| m.start >= first && m.start < past);
    Snippet {
        text: text[first..past].to_string(),
        matches: inside.map(|m| m.start - first..m.end.min(past) - first).collect(),
        cut_before: first > 0,
        cut_after: past < text.trim_end().len(),
    }
}

/// The character to begin with: the start of a sentence, else of a word, between `from` and `latest`.
fn start_near(text: &str, starts: &[usize], from: usize, latest: usize) -> usize {
    if from == 0 {
        return 0;
    }
    let before = |at: usize| text[..starts[at]].chars().next_back().unwrap_or(' ');
    let here = |at: usize| text[starts[at]..].chars().next().unwrap_or(' ');
    let sentence = |at: usize| {
        let previous = text[..starts[at]].trim_end().chars().next_back();
        (matches!(previous, Some('.' | '!' | '?' | ';')) && before(at).is_whitespace())
            || matches!(previous, Some('。' | '！' | '？' | '；'))
    };
    let word = |at: usize| {
        before(at).is_whitespace()
            || is_ideograph(before(at))
            || is_ideograph(here(at))
            || !before(at).is_alphanumeric()
    };
    (from..=latest).find(|at| sentence(*at)).or_else(|| (from..=latest).find(|at| word(*at))).unwrap_or(latest)
}

/// One past the last character: the end of a sentence, else of a word, between `earliest` and `to`.
fn end_near(text: &str, starts: &[usize], to: usize, earliest: usize) -> usize {
    if to + 1 >= starts.len() {
        return starts.len() - 1;
    }
    let before = |at: usize| text[..starts[at]].chars().next_back().unwrap_or(' ');
    let here = |at: usize| text[starts[at]..].chars().next().unwrap_or(' ');
    let sentence = |at: usize| {
        matches!(before(at), '。' | '！' | '？' | '；')
            || matches!(before(at), '.' | '!' | '?' | ';') && here(at).is_whitespace()
    };
    let word = |at: usize| {
        !(before(at).is_alphanumeric() && here(at).is_alphanumeric())
            || is_ideograph(before(at))
            || is_ideograph(here(at))
    };
    // A sentence's end far before the limit leaves too much out.
    let near = earliest.max(to - (to - earliest) / 3);
    (near..=to).rev().find(|at| sentence(*at)).or_else(|| (earliest..=to).rev().find(|at| word(*at))).unwrap_or(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, word: &str, chars: usize) -> String {
        let matches: Vec<Range<usize>> = text.match_indices(word).map(|(at, m)| at..at + m.len()).collect();
        let snippet = snippet(text, &matches, chars);
        assert!(snippet.text.chars().count() <= chars);
        for m in &snippet.matches {
            assert_eq!(&snippet.text[m.clone()], word);
        }
        format!(
            "{}{}{}",
            if snippet.cut_before { "…" } else { "" },
            snippet.text,
            if snippet.cut_after { "…" } else { "" }
        )
    }

    #[test]
    fn a_short_passage_is_shown_whole() {
        assert_eq!(shown("A dry port.", "dry", 80), "A dry port.");
    }

    #[test]
    fn the_window_is_where_the_matches_are() {
        let text = format!(
            "{}The dry port opened. {}",
            "Nothing is said here about it. ".repeat(20),
            "And more of it. ".repeat(20)
        );
        let window = shown(&text, "dry port", 80);
        assert!(
            window.starts_with('…') && window.ends_with('…') && window.contains("The dry port opened."),
            "{window}"
        );
        let chinese = format!("{}建设陆港。{}", "这里什么也没有说。".repeat(30), "还有更多。".repeat(30));
        assert!(shown(&chinese, "陆港", 40).contains("建设陆港。"));
    }

    #[test]
    fn without_a_match_the_beginning_is_shown() {
        assert_eq!(shown("One two three four five six.", "zzz", 14), "One two three…");
    }

    proptest::proptest! {
        #[test]
        fn any_text_and_width_give_a_window(text in "[a新 。.\n]{0,200}", from in 0usize..200, chars in 1usize..100) {
            let at = text.char_indices().nth(from).map_or(0, |(at, _)| at);
            let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
            let matches: Vec<Range<usize>> = if end > at { std::iter::once(at..end).collect() } else { Vec::new() };
            let snippet = snippet(&text, &matches, chars);
            assert!(snippet.text.chars().count() <= chars);
            assert!(text.contains(&snippet.text));
        }
    }
}
