//! A tag of a page's source → the same with those attributes alone that something asks for.

use super::names::Sorts;
use memchr::memchr;

/// Attributes that are kept as they are.
const WHOLE: u8 = 1;
/// Where something leads.
const TARGET: u8 = 2;
/// How something looks.
const LOOK: u8 = 4;
/// What is said of something when it is pointed at.
const TITLE: u8 = 8;

/// Attributes that something asks for. The others are most of a page's bytes.
static ATTRIBUTES: Sorts = Sorts::of(&[
    (TARGET, &["href"]),
    (LOOK, &["style"]),
    (TITLE, &["title"]),
    (
        WHOLE,
        &[
            "aria-hidden",
            "class",
            "colspan",
            "content",
            "data-time",
            "data-utime",
            "datetime",
            "epub:type",
            "hidden",
            "id",
            "itemprop",
            "itemtype",
            "lang",
            "name",
            "property",
            "pubdate",
            "rel",
            "role",
            "type",
            "value",
            "xml:lang",
        ],
    ),
]);

/// Whether a text has a word of small ASCII letters in it, however it is written there.
pub fn is_in(text: &str, word: &[u8]) -> bool {
    text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
}

/// Copies a tag without the attributes that nobody asks for.
pub fn tag(tag: &str, name: &[u8], out: &mut String) {
    let bytes = tag.as_bytes();
    let end = bytes.len() - 1; // the `>`
    let start = tag[1..].find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').map_or(end, |e| e + 1);
    if !bytes[1].is_ascii_alphabetic() || start >= end {
        out.push_str(tag);
        return;
    }
    out.push_str(&tag[..start]);
    let mut at = start;
    while at < end {
        if bytes[at].is_ascii_whitespace() || bytes[at] == b'/' {
            at += 1;
            continue;
        }
        let from = at;
        at += 1; // also a `=` that begins a name
        while at < end && !bytes[at].is_ascii_whitespace() && !matches!(bytes[at], b'=' | b'/') {
            at += 1;
        }
        let attribute = &bytes[from..at];
        let mut equals = at;
        while equals < end && bytes[equals].is_ascii_whitespace() {
            equals += 1;
        }
        if equals < end && bytes[equals] == b'=' {
            at = equals + 1;
            while at < end && bytes[at].is_ascii_whitespace() {
                at += 1;
            }
            if let Some(quote) = bytes.get(at).filter(|q| at < end && matches!(q, b'"' | b'\'')) {
                at += 1 + memchr(*quote, &bytes[at + 1..end]).map_or(end - at - 1, |l| l + 1);
            } else {
                while at < end && !bytes[at].is_ascii_whitespace() {
                    at += 1;
                }
            }
        }
        let whole = &tag[from..at];
        let is_kept = match ATTRIBUTES.of_name(attribute) {
            0 => false,
            // Where a link leads matters only where the page names its own address.
            TARGET if name == b"a" => {
                out.push_str(" href");
                false
            }
            // What hides something.
            LOOK => is_in(whole, b"none") || is_in(whole, b"hidden"),
            // A day.
            TITLE => whole.bytes().any(|b| b.is_ascii_digit()),
            _ => true,
        };
        if is_kept {
            out.push(' ');
            out.push_str(whole);
        }
    }
    if bytes[end - 1] == b'/' {
        out.push_str(" /");
    }
    out.push('>');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(whole: &str, name: &str, expected: &str) {
        let mut out = String::new();
        tag(whole, name.as_bytes(), &mut out);
        assert_eq!(out, expected);
    }

    #[test]
    fn what_nobody_asks_for_goes() {
        check("<p>", "p", "<p>");
        check("</p >", "p", "</p >");
        check("<p onclick='a(b>c)' CLASS=\"x y\" data-a=1 id=z>", "p", "<p CLASS=\"x y\" id=z>");
        check("<meta content='a' name = 'b'/>", "meta", "<meta content='a' name = 'b' />");
        check("<a href='https://example.org/a' rel=author>", "a", "<a href rel=author>");
        check("<link href='/a' rel='canonical'>", "link", "<link href='/a' rel='canonical'>");
    }

    #[test]
    fn of_styles_what_hides_and_of_titles_days() {
        check("<div style='color:red'>", "div", "<div>");
        check("<div style='Display: None'>", "div", "<div style='Display: None'>");
        check("<div style=visibility:hidden>", "div", "<div style=visibility:hidden>");
        check("<abbr title='2020-06-05'>", "abbr", "<abbr title='2020-06-05'>");
        check("<a title='Home'>", "a", "<a>");
    }
}
