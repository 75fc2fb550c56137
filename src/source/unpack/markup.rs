//! Texts of containers that may be HTML or may be plain: told apart, wrapped, stripped.

use crate::pattern::{Pattern, pattern};

/// Elements that show that a text is HTML.
static TAG: Pattern = pattern!(
    r"(?i)</?(?:p|br|div|span|a|b|i|u|em|strong|h[1-6]|ul|ol|li|dl|dt|dd|table|tbody|thead|tr|td|th|img|section|article|blockquote|font|center|pre|hr|html|head|body|sup|sub|figure|script|style|iframe)(?:\s[^<>]*)?/?>"
);

/// Whether a text has elements of HTML.
pub(super) fn has_tags(text: &str) -> bool {
    memchr::memchr(b'<', text.as_bytes()).is_some_and(|at| TAG.is_match(&text[at..]))
}

/// A text of unknown kind as a document: the extension its name should have, and its bytes. HTML
/// becomes a fragment; entities that some leave in plain text are replaced.
pub(super) fn document(text: &str) -> (&'static str, Vec<u8>) {
    if has_tags(text) {
        ("fragment.html", fragment(text))
    } else {
        ("txt", html_escape::decode_html_entities(text).into_owned().into_bytes())
    }
}

/// A page around a piece of HTML.
pub(super) fn fragment(html: &str) -> Vec<u8> {
    ["<html><body>", html, "</body></html>"].concat().into_bytes()
}

/// Plain text as HTML: a paragraph a line.
pub(super) fn paragraphs(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    lines.map(|l| format!("<p>{}</p>", html_escape::encode_text(l))).collect()
}

/// The text of HTML on one line: for titles, and to compare lengths.
pub(super) fn text(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let begins = |name: &str| tag.get(1..=name.len()).is_some_and(|t| t.eq_ignore_ascii_case(name));
        let hidden = [("!--", "-->"), ("script", "</script"), ("style", "</style"), ("title", "</title")];
        rest = if let Some((_, end)) = hidden.iter().find(|(begin, _)| begins(begin)) {
            let close = tag.get(1..).and_then(|t| find_ignoring_case(t, end)).map(|n| n + 1);
            // Without an end, nothing of the rest is seen.
            let after = close.and_then(|n| tag.get(n..)).unwrap_or_default();
            after.split_once('>').map_or("", |(_, rest)| rest)
        } else if tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            let inline = ["a", "b", "i", "em", "strong", "span", "font", "u", "sub", "sup"];
            let name = tag[1..].trim_start_matches('/');
            let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            if !inline.iter().any(|i| name.eq_ignore_ascii_case(i)) {
                out.push(' ');
            }
            tag.split_once('>').map_or("", |(_, rest)| rest)
        } else {
            out.push('<');
            &tag[1..]
        };
    }
    out.push_str(rest);
    let decoded = html_escape::decode_html_entities(&out);
    decoded.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn find_ignoring_case(text: &str, what: &str) -> Option<usize> {
    let (text, what) = (text.as_bytes(), what.as_bytes());
    let first = *what.first()?;
    memchr::memchr_iter(first, text)
        .find(|at| text.get(*at..at + what.len()).is_some_and(|t| t.eq_ignore_ascii_case(what)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_told_from_text_about_numbers() {
        assert!(has_tags("a<br/>b") && has_tags("<P class='x'>a") && has_tags("a</p>"));
        assert!(!has_tags("3 < 5 and 7 > 6") && !has_tags("a <name@example.org> b") && !has_tags("<pending>"));
        assert_eq!(document("R&amp;D\n<5"), ("txt", b"R&D\n<5".to_vec()));
        assert_eq!(document("<p>a").0, "fragment.html");
        assert_eq!(paragraphs("a < b\n\n c"), "<p>a &lt; b</p><p>c</p>");
    }

    #[test]
    fn the_text_of_html_is_what_is_seen() {
        for (html, seen) in [
            ("Two <em>dry</em> ports<br>of &ldquo;Xi&rdquo;", "Two dry ports of “Xi”"),
            ("a<script>b < c</SCRIPT>d<!-- <p>e</p> -->f", "adf"),
            ("a<style>b", "a"),
            ("1 < 2 &amp; 3", "1 < 2 & 3"),
            ("<p>港</p><p>口", "港 口"),
            ("a <", "a <"),
        ] {
            assert_eq!(text(html), seen, "{html}");
        }
    }
}
