//! The signs of the query language, as they stand in a text.

use super::words;

/// Whether a text has anything in it that is an operator rather than a word.
pub fn has_operators(text: &str) -> bool {
    let quoted = text.chars().any(|c| is_quote(c) || matches!(c, '(' | ')' | '（' | '）' | '*' | '＊'));
    let signed = text.split_whitespace().any(|w| {
        let chars: Vec<char> = w.chars().collect();
        let inner_gap = w.trim_end_matches('?').contains('?') && words::one_word(&w.replace('?', "")).is_some();
        matches!(w, "OR" | "AND" | "NOT" | "||" | "&&")
            || w.len() > 1 && w.starts_with(['+', '-', '＋', '－', '='])
            || near_operator(&chars).is_some()
            || regex_of(&chars).is_some()
            || fuzzy_of(w).is_some()
            || inner_gap
            || w.trim_end_matches(['?', '？']).contains(['?', '？']) && words::gapped(w).is_some()
            || field_of(&chars).is_some()
    });
    quoted || signed
}

pub fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '＂' | '「' | '」' | '『' | '』' | '«' | '»')
}

pub fn is_open(c: char) -> bool {
    matches!(c, '(' | '（')
}

pub fn is_close(c: char) -> bool {
    matches!(c, ')' | '）')
}

/// Whether a quote ends what another one began.
pub fn closes_quote(open: char, c: char) -> bool {
    match open {
        '“' | '„' | '”' => matches!(c, '”' | '“' | '"'),
        '「' => c == '」',
        '『' => c == '』',
        '«' | '»' => matches!(c, '«' | '»'),
        _ => matches!(c, '"' | '＂' | '”'),
    }
}

/// Quotes and brackets that are not of a keyboard's making and have no partner: a piece of a page was pasted.
pub fn unpaired(chars: &[char]) -> Vec<bool> {
    let mut literal = vec![false; chars.len()];
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if is_quote(c) {
            let closing = matches!(c, '”' | '」' | '』');
            match chars[at + 1..].iter().position(|end| closes_quote(c, *end)) {
                Some(length) if !closing => {
                    at += length + 2;
                    continue;
                }
                _ => literal[at] = c != '"',
            }
        } else if is_open(c) {
            open.push(at);
        } else if is_close(c) && open.pop().is_none() {
            literal[at] = c == '）';
        }
        at += 1;
    }
    open.into_iter().filter(|at| chars[*at] == '（').for_each(|at| literal[at] = true);
    literal
}

/// The field named at the head of these characters, and the length of name and colon.
pub fn field_of(chars: &[char]) -> Option<(String, usize)> {
    let length = chars.iter().take_while(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '-')).count();
    let colon = matches!(chars.get(length), Some(':' | '：')) && length > 0;
    // `http://…`, `12:30` and a colon at the end of a word are no fields.
    let value = chars.get(length + 1).is_some_and(|c| !c.is_whitespace() && *c != '/');
    (colon && value).then(|| (chars[..length].iter().collect::<String>().to_lowercase(), length + 1))
}

/// A regular expression at the head of these characters: what is between its slashes, and its
/// length with them. `/a/b` is none: a path; nor is what has blanks in it, for words have none.
pub fn regex_of(chars: &[char]) -> Option<(String, usize)> {
    if chars.first() != Some(&'/') {
        return None;
    }
    let mut escaped = false;
    let end = chars[1..].iter().position(|c| {
        let ends = *c == '/' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    })?;
    let after = chars.get(end + 2).is_none_or(|c| c.is_whitespace() || is_close(*c));
    let blank = chars[1..=end].iter().any(|c| c.is_whitespace());
    (end > 0 && after && !blank).then(|| (chars[1..=end].iter().collect(), end + 2))
}

/// `NEAR/5`: the window, and the operator's length.
pub fn near_operator(chars: &[char]) -> Option<(std::result::Result<u32, ()>, usize)> {
    const NAME: &str = "NEAR/";
    let named = chars.len() >= NAME.len() && chars.iter().zip(NAME.chars()).all(|(a, b)| *a == b);
    let digits: String = chars.iter().skip(NAME.len()).take_while(|c| c.is_ascii_digit()).collect();
    let length = NAME.len() + digits.len();
    let ends = chars.get(length).is_none_or(|c| c.is_whitespace() || is_open(*c) || is_quote(*c));
    (named && ends).then(|| (digits.parse().map_err(|_| ()), length))
}

/// `word~`, `word~1`: the word and how many letters may differ.
pub fn fuzzy_of(word: &str) -> Option<(&str, u8)> {
    let (head, edits) = word.split_once('~')?;
    if !head.chars().any(char::is_alphabetic) {
        return None;
    }
    let short = head.chars().count() <= 5;
    match edits {
        "" => Some((head, if short { 1 } else { 2 })),
        "1" => Some((head, 1)),
        "2" => Some((head, 2)),
        _ => None,
    }
}

/// A glob whose letters are folded as the analyser does.
pub fn folded(glob: &str) -> String {
    let mut out = String::new();
    for piece in glob.split_inclusive(['*', '?']) {
        let letters = piece.trim_end_matches(['*', '?']);
        out += &words::one_word(letters).unwrap_or_else(|| {
            // Part of a word: what parts its letters and figures is not in the index either.
            let letters: String = letters.chars().filter(|c| c.is_alphanumeric()).collect();
            words::one_word(&letters).unwrap_or_else(|| letters.to_lowercase())
        });
        out += &piece[letters.len()..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_seen_in_an_argument() {
        for text in [
            "a OR b",
            "\"a b\"",
            "+a b",
            "a -b",
            "a b*",
            "(a b)",
            "title:a b",
            "“a b”",
            "a NEAR/5 b",
            "a b~",
            "a /b/",
            "a =b",
            "c?t dog",
            "新疆 陆?港",
        ] {
            assert!(has_operators(text), "{text}");
        }
        for text in
            ["dry port", "Belt and Road", "China-Europe train", "at 12:30 today", "a - b", "is it dry?", "10~20 km"]
        {
            assert!(!has_operators(text), "{text}");
        }
    }
}
