//! Paragraphs too long for one passage, cut at the ends of sentences.

use crate::analysis::{is_alphanumeric, is_ideograph};
use crate::model::Span;

/// A passage holds at most this [`size`]: 200 English words or 400 ideographs.
pub const SIZE_MAX: usize = 400;

/// A letter or a figure.
const WITHIN: u8 = 1;
/// What parts no word.
const JOINING: u8 = 2;

/// What a byte of ASCII is for a word.
static PARTS: [u8; 256] = {
    let mut parts = [0; 256];
    let mut byte = 0u8;
    while byte < 128 {
        parts[byte as usize] = match byte {
            b'\'' | b'-' | b'.' | b',' => JOINING,
            _ if byte.is_ascii_alphanumeric() => WITHIN,
            _ => 0,
        };
        byte += 1;
    }
    parts
};

/// How much there is to read: an ideograph counts one, a word of an alphabet two.
pub fn size(text: &str) -> usize {
    let mut size = 0;
    let mut in_word = false;
    if text.is_ascii() {
        for byte in text.bytes() {
            let part = PARTS[usize::from(byte)];
            size += usize::from(part == WITHIN && !in_word) * 2;
            in_word = part == WITHIN || part == JOINING && in_word;
        }
        return size;
    }
    for c in text.chars() {
        if is_ideograph(c) {
            size += 1;
            in_word = false;
        } else if is_alphanumeric(c) {
            size += if in_word { 0 } else { 2 };
            in_word = true;
        } else if !matches!(c, '\'' | '’' | '-' | '.' | ',') {
            in_word = false;
        }
    }
    size
}

/// Cuts a text into stretches of about equal size under [`SIZE_MAX`], at sentence ends where there
/// are any, each with its size. The stretches leave out nothing but the blanks between them.
pub fn pieces(text: &str) -> Vec<(Span, usize)> {
    let total = size(text);
    if total <= SIZE_MAX {
        return vec![(Span { start: 0, end: text.len() }, total)];
    }
    cut(text, total).into_iter().map(|piece| (piece, size(piece.of(text)))).collect()
}

fn cut(text: &str, total: usize) -> Vec<Span> {
    let parts = total.div_ceil(SIZE_MAX * 3 / 4);
    let target = total.div_ceil(parts);
    let mut out: Vec<Span> = Vec::new();
    let (mut start, mut filled) = (0, 0);
    for sentence in sentences(text).into_iter().flat_map(|s| short(text, s)) {
        let weight = size(sentence.of(text));
        if filled > 0 && (filled + weight > SIZE_MAX || filled >= target) {
            out.push(trimmed(text, Span { start, end: sentence.start }));
            start = sentence.start;
            filled = 0;
        }
        filled += weight;
    }
    out.push(trimmed(text, Span { start, end: text.len() }));
    out.retain(|s| s.start < s.end);
    out
}

fn trimmed(text: &str, span: Span) -> Span {
    let inner = span.of(text);
    let start = span.start + (inner.len() - inner.trim_start().len());
    Span { start, end: start + inner.trim().len() }
}

/// The sentences of a text, blanks after each included; they cover it.
fn sentences(text: &str) -> Vec<Span> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let ends = match c {
            '。' | '！' | '？' | '；' => true,
            '.' | '!' | '?' | ';' => {
                chars.peek().is_none_or(|(_, n)| n.is_whitespace() || is_closing(*n))
                    && !is_abbreviation(&text[start..at])
            }
            _ => false,
        };
        if !ends {
            continue;
        }
        while chars.peek().is_some_and(|(_, n)| is_closing(*n) || n.is_whitespace()) {
            chars.next();
        }
        let end = chars.peek().map_or(text.len(), |(at, _)| *at);
        out.push(Span { start, end });
        start = end;
    }
    if start < text.len() {
        out.push(Span { start, end: text.len() });
    }
    out
}

fn is_closing(c: char) -> bool {
    matches!(c, '”' | '’' | '"' | '\'' | '）' | ')' | '」' | '』' | '】' | '》')
}

/// Whether the point after this text belongs to its last word: `Mr.`, `No.`, `U.S.`, an initial.
fn is_abbreviation(before: &str) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
    let letters = word.rsplit('.').next().unwrap_or("");
    letters.len() == 1 && letters.bytes().all(|b| b.is_ascii_uppercase())
        || [
            "Mr", "Mrs", "Ms", "Dr", "St", "No", "Nos", "Prof", "Gen", "Gov", "Jan", "Feb", "Mar", "Apr", "Aug",
            "Sept", "Sep", "Oct", "Nov", "Dec", "vs", "etc", "e.g", "i.e", "Co", "Ltd", "Inc", "approx",
        ]
        .contains(&word)
}

/// A sentence longer than a passage, cut at commas, at blanks, or anywhere.
fn short(text: &str, sentence: Span) -> Vec<Span> {
    if size(sentence.of(text)) <= SIZE_MAX {
        return vec![sentence];
    }
    let mut out = Vec::new();
    let mut start = sentence.start;
    let (mut filled, mut in_word) = (0, false);
    // The best place to cut so far: after a comma rather than after a blank.
    let (mut comma, mut blank) = (None, None);
    for (offset, c) in sentence.of(text).char_indices() {
        let at = sentence.start + offset;
        let after = at + c.len_utf8();
        if filled >= SIZE_MAX * 3 / 4 {
            let cut = comma.or(blank).filter(|cut| *cut > start).unwrap_or(at);
            out.push(Span { start, end: cut });
            start = cut;
            filled = size(&text[start..at]);
            in_word = false;
            (comma, blank) = (None, None);
        }
        match c {
            ',' | '，' | '、' | ':' | '：' => comma = Some(after),
            c if c.is_whitespace() => blank = Some(after),
            _ => {}
        }
        if is_ideograph(c) {
            filled += 1;
            in_word = false;
        } else if is_alphanumeric(c) {
            filled += if in_word { 0 } else { 2 };
            in_word = true;
        } else {
            in_word = false;
        }
    }
    out.push(Span { start, end: sentence.end });
    out.retain(|s| s.start < s.end);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_ideographs_are_weighed() {
        assert_eq!(size("Xi’an's dry port"), 6);
        assert_eq!(size("陆港 2020"), 4);
        assert_eq!(size(""), 0);
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        let text = "Mr. Li of the U.S. said 3.5 percent. “It grew.” Then? 增长。“好！”完";
        let parts: Vec<&str> = sentences(text).iter().map(|s| s.of(text).trim()).collect();
        assert_eq!(parts, ["Mr. Li of the U.S. said 3.5 percent.", "“It grew.”", "Then?", "增长。", "“好！”", "完"]);
    }

    #[test]
    fn a_long_paragraph_is_cut_into_even_pieces_at_sentence_ends() {
        let text = "The dry port of the capital handled more trains than in the year before. ".repeat(40);
        let parts: Vec<Span> = pieces(&text).into_iter().map(|(piece, _)| piece).collect();
        assert!(parts.len() > 1);
        for part in &parts {
            assert!(
                part.of(&text).ends_with('.') && (80..=SIZE_MAX).contains(&size(part.of(&text))),
                "{}",
                size(part.of(&text))
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn pieces_are_bounded_and_lose_nothing(text in "([a-z]{1,9} |[新疆陆港]{1,30}|，|。|\\. |, ){0,400}") {
            let text = super::super::tidy::tidy(&text);
            let parts: Vec<Span> = pieces(&text).into_iter().map(|(piece, _)| piece).collect();
            let joined: String = parts.iter().map(|p| p.of(&text)).collect();
            let bare = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(bare(&joined), bare(&text));
            for part in parts {
                assert!(size(part.of(&text)) <= SIZE_MAX + 2);
            }
        }
    }
}
