//! Text of a paragraph as it comes → text as it is kept: one line, or several paragraphs.

use super::LINE_BREAK;

/// A text with its label before it.
pub fn labelled(label: &str, text: &str) -> String {
    // After 一、 or （一） stands no blank.
    let close = label.ends_with(|c: char| is_wide(c) && !crate::analysis::is_ideograph(c));
    let gap = if label.is_empty() || close { "" } else { " " };
    format!("{label}{gap}{text}")
}

/// Whether a character fills a square: no blank stands between two of them.
fn is_wide(c: char) -> bool {
    crate::analysis::is_ideograph(c) || matches!(c, '\u{3001}'..='\u{301f}' | '\u{ff01}'..='\u{ff60}' | '“' | '”' | '—')
}

/// A line after another: with a blank between words, without one between ideographs.
pub fn joined_lines(mut text: String, line: &str) -> String {
    let closed = text.chars().last().is_some_and(is_wide) && line.chars().next().is_some_and(is_wide);
    if !text.is_empty() && !line.is_empty() && !closed {
        text.push(' ');
    }
    text.push_str(line);
    text
}

/// Blanks and tabs in a row become one blank; none at the ends.
fn squeezed(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for word in line.split([' ', '\t', '\n', '\r']).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A paragraph as one line.
pub fn one_line(text: &str) -> String {
    let mut lines = text.split(LINE_BREAK);
    let first = squeezed(lines.next().unwrap_or_default());
    lines.fold(first, |whole, line| joined_lines(whole, &squeezed(line)))
}

/// A paragraph as those that it was broken into by hand: by an empty line, or before an indent.
pub fn paragraphs(text: &str) -> Vec<String> {
    let (mut out, mut gap): (Vec<String>, bool) = (Vec::new(), true);
    for line in text.split(LINE_BREAK) {
        let content = squeezed(line);
        if content.trim().is_empty() {
            gap = true;
            continue;
        }
        match out.last_mut() {
            Some(last) if !gap && !line.starts_with("\u{3000}") => *last = joined_lines(std::mem::take(last), &content),
            _ => out.push(content),
        }
        gap = false;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_join_or_part() {
        assert_eq!(one_line("a \u{b}b\tc"), "a b c");
        assert_eq!(one_line("陆\u{b}港"), "陆港");
        assert_eq!(paragraphs("一。\u{b}\u{3000}\u{3000}二。\u{b}三"), ["一。", "\u{3000}\u{3000}二。三"]);
        assert_eq!(paragraphs("One\u{b}and\u{b} \u{b}two"), ["One and", "two"]);
    }

    #[test]
    fn labels_stand_before_the_text() {
        assert_eq!(labelled("1.", "a"), "1. a");
        assert_eq!(labelled("（一）", "陆港"), "（一）陆港");
        assert_eq!(labelled("第一章", "总则"), "第一章 总则");
        assert_eq!(labelled("", "a"), "a");
    }
}
