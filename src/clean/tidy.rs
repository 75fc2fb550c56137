//! Characters: blanks, control characters and what has no width.

use crate::offsets::{Edit, Traced};

/// One line without control and zero-width characters, every run of blanks a single one, none at the ends.
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for c in text.chars() {
        if c.is_whitespace() || c == '\u{3000}' {
            blank = true;
        } else if is_dropped(c) {
        } else {
            if blank && !out.is_empty() {
                out.push(' ');
            }
            blank = false;
            out.push(c);
        }
    }
    out
}

/// The same, keeping the way back.
pub fn tidied(text: &Traced) -> Traced {
    let mut edits: Vec<Edit> = Vec::new();
    let mut gap = Some(0); // where dropped characters and blanks begin
    let mut blank = true; // among them a blank, or nothing before
    let bytes = text.as_bytes();
    let is_visible = |byte: &u8| (0x21..0x7f).contains(byte);
    let mut next = 0;
    loop {
        if gap.is_none() {
            // Most text is of these, with single blanks between.
            while bytes.get(next).is_some_and(is_visible)
                || bytes.get(next) == Some(&b' ') && bytes.get(next + 1).is_some_and(is_visible)
            {
                next += 1;
            }
        }
        let at = next;
        let Some(c) = text[at..].chars().next() else { break };
        next += c.len_utf8();
        if c.is_whitespace() || is_dropped(c) {
            gap.get_or_insert(at);
            blank |= c.is_whitespace();
            continue;
        }
        if let Some(start) = gap.take().filter(|start| *start < at) {
            let with = if blank && start > 0 { " " } else { "" };
            if &text[start..at] != with {
                edits.push(Edit::replace(start, at, with));
            }
        }
        blank = false;
    }
    if let Some(start) = gap.filter(|start| *start < text.len()) {
        edits.push(Edit::drop(start, text.len()));
    }
    if edits.is_empty() { text.clone() } else { text.edited(&edits) }
}

/// Control characters, and characters that only steer how others are set: in a terminal or a page
/// they could hide or reorder text, in a search they part words.
fn is_dropped(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_tidied() {
        for (from, to) in [
            ("", ""),
            (" \u{a0}\u{3000}", ""),
            ("a\u{a0} \tb", "a b"),
            ("in\u{ad}land\u{200b}", "inland"),
            ("\u{1b}[31mred\u{202e}", "[31mred"),
            ("新疆　陆港", "新疆 陆港"),
        ] {
            assert_eq!(tidy(from), to, "{from:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn tidying_twice_changes_nothing(text in "\\PC{0,80}|[ -~\u{3000}\u{ad}\u{200b}\t\n]{0,80}") {
            let once = tidy(&text);
            assert_eq!(tidy(&once), once);
            assert_eq!(tidied(&Traced::from(text)).as_str(), once);
        }
    }
}
