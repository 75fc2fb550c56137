//! The words of a text, whatever characters they are made of.

/// The runs of characters that belong to words, in order.
pub fn words(text: &str, is_part: impl Fn(char) -> bool) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let mut at = 0;
    // The bytes of the character at a place, and whether it belongs to a word. Most are ASCII and need not be decoded.
    let next = move |at: usize| {
        let byte = *bytes.get(at)?;
        if byte.is_ascii() {
            return Some((1, is_part(char::from(byte))));
        }
        text[at..].chars().next().map(|c| (c.len_utf8(), is_part(c)))
    };
    std::iter::from_fn(move || {
        while let Some((length, false)) = next(at) {
            at += length;
        }
        let start = at;
        while let Some((length, true)) = next(at) {
            at += length;
        }
        (at > start).then(|| &text[start..at])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn they_are_what_is_left_between_all_else(text in "[a-c' ,’é陆。]{0,30}") {
            let is_part = |c: char| c.is_alphabetic() || c == '’';
            let expected: Vec<&str> = text.split(|c| !is_part(c)).filter(|w| !w.is_empty()).collect();
            proptest::prop_assert_eq!(words(&text, is_part).collect::<Vec<_>>(), expected);
        }
    }
}
