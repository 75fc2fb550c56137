//! What is done to a page's source before a tree is built: scripts, styles, drawings and comments
//! out, nesting capped. On pages of 150 KB with 5 KB of text this is most of the bytes.

use super::attributes::{is_in, tag};
use super::names::Sorts;
use crate::model::Span;
use memchr::memchr;
use std::fmt::Write as _;
use std::ops::Range;

/// Elements whose content is never text to read.
const DROPPED: u8 = 1;
/// Elements without an end tag, or with one that pages leave out: they only seem to be nested.
const UNCOUNTED: u8 = 2;
/// Elements without text that nobody asks for.
const NO_TEXT: u8 = 4;
/// Elements that do not begin a line.
const INLINE: u8 = 8;

static ELEMENTS: Sorts = Sorts::of(&[
    (DROPPED, &["canvas", "iframe", "noscript", "object", "script", "select", "style", "svg", "template"]),
    (
        UNCOUNTED,
        &[
            "a", "area", "base", "basefont", "bgsound", "body", "br", "col", "colgroup", "dd", "dt", "embed", "frame",
            "head", "hr", "html", "img", "input", "li", "link", "meta", "optgroup", "option", "p", "param", "rb", "rp",
            "rt", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
        ],
    ),
    (NO_TEXT, &["area", "col", "embed", "img", "input", "param", "path", "picture", "source", "track", "wbr"]),
    (
        INLINE,
        &[
            "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
            "img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
            "time", "tt", "u", "var", "wbr",
        ],
    ),
]);
/// Deepest nesting kept. Real pages stay under 60; the tree's readers slow down with the square of it.
const DEPTH_MAX: usize = 200;

/// Begins and ends the number of a run within the prepared page: characters that no text has.
const MARK: char = '\u{fdd0}';
const MARK_END: char = '\u{fdd1}';

/// A stretch of text between tags, or one character reference in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Where it stands in the page as it was decoded.
    pub source: Span,
    /// It is a character reference: its text is not what the page has there.
    pub is_reference: bool,
    /// A tag that begins a line stands between the run before and this one.
    pub begins_line: bool,
}

/// A page ready for the parser.
pub struct Prepared {
    /// The page; every run of text begins with its number between two marks.
    pub page: String,
    /// The runs, by number.
    pub runs: Vec<Run>,
}

/// The page without what is never read, and with its text numbered, so that the parser's tree can be
/// led back to the source. `<script type="application/ld+json">` stays.
pub fn prepare(page: &str) -> Prepared {
    let bytes = page.as_bytes();
    let mut out = Prepared { page: String::with_capacity(page.len() / 2), runs: Vec::new() };
    let mut copied = 0; // up to here the page is in `out` or dropped
    let mut at = 0;
    let mut depth = 0usize;
    let mut begins_line = true;
    let mut menu_end = 0; // up to here the page is a menu
    let mut menus_end = true; // no menu was left open so far
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        let start = at + found;
        let rest = &bytes[start..];
        let closing = rest.get(1) == Some(&b'/');
        let name_at = 1 + usize::from(closing);
        let is_tag = rest.get(name_at).is_some_and(u8::is_ascii_alphabetic);
        if !is_tag && !matches!(rest.get(1), Some(b'!' | b'?' | b'/')) {
            at = start + 1; // a less-than sign in text
            continue;
        }
        text_runs(page, copied..start, start <= menu_end, &mut begins_line, &mut out);
        copied = start;
        if rest.starts_with(b"<!--") {
            at = start + memchr::memmem::find(&rest[4..], b"-->").map_or(rest.len(), |e| e + 7);
            copied = at;
            continue;
        }
        let Some(tag_end) = tag_end(bytes, start) else {
            // A page cut off in a tag: the parser drops the rest as well.
            copied = bytes.len();
            break;
        };
        let mut buffer = [0; 12];
        let name = name_in(&rest[name_at..], &mut buffer);
        let sorts = ELEMENTS.of_name(name);
        begins_line |= sorts & INLINE == 0;
        at = tag_end;
        if start < menu_end {
            // Neither tags nor text of a menu go to the parser, but its text is known to have been there.
            if !closing && sorts & DROPPED != 0 {
                at = element_end(bytes, tag_end, name).min(menu_end);
            }
            copied = at;
            continue;
        }
        if !closing && name == b"nav" && menus_end {
            if let Some(end) = nested_end(bytes, tag_end, name) {
                menu_end = end;
                copied = at;
                continue;
            }
            // One that is never closed takes all after it along: no use in looking again and again.
            menus_end = false;
        }
        if !closing && sorts & DROPPED != 0 {
            let tag = &page[start..tag_end];
            if name == b"script" && is_in(tag, b"ld+json") {
                at = element_end(bytes, tag_end, name);
            } else if !(tag.ends_with("/>") && name != b"script" && name != b"style") {
                at = element_end(bytes, tag_end, name);
                copied = at;
            }
        } else if sorts & NO_TEXT != 0 || name == b"link" && !is_asked_for(&page[start..tag_end]) {
            copied = tag_end;
        } else if is_tag && sorts & UNCOUNTED == 0 {
            if closing {
                depth = depth.saturating_sub(1);
            } else {
                depth += 1;
            }
            if depth + usize::from(closing) > DEPTH_MAX {
                copied = tag_end;
            }
        }
        if copied < at {
            tag(&page[copied..tag_end], name, &mut out.page);
            out.page.push_str(&page[tag_end..at]);
        }
        copied = at;
    }
    text_runs(page, copied..page.len(), false, &mut begins_line, &mut out);
    out
}

/// The name at the head of a tag in lower case, as far as it matters.
fn name_in<'a>(tag: &[u8], buffer: &'a mut [u8; 12]) -> &'a [u8] {
    let mut length = 0;
    for (to, from) in buffer.iter_mut().zip(tag.iter().take_while(|b| b.is_ascii_alphanumeric())) {
        *to = from.to_ascii_lowercase();
        length += 1;
    }
    &buffer[..length]
}

/// Whether an element of this name stands within a line rather than beginning one.
pub fn is_inline(name: &str) -> bool {
    ELEMENTS.of_name(name.as_bytes()) & INLINE != 0
}

/// Whether a `link` is to the page's own address, or says something of the page: nobody asks for the others.
fn is_asked_for(link: &str) -> bool {
    is_in(link, b"canonical") || is_in(link, b"itemprop")
}

/// Copies the text between two tags and numbers it: each stretch of plain text and each character
/// reference by itself. Blanks before the first character get no number: in some places they mean
/// something else to a parser than text does.
fn text_runs(page: &str, span: Range<usize>, in_menu: bool, begins_line: &mut bool, out: &mut Prepared) {
    let text = &page[span.clone()];
    let first = text.bytes().position(|b| !b.is_ascii_whitespace() && b != 0).unwrap_or(text.len());
    if memchr::memchr2(b'\r', 0, &text.as_bytes()[..first]).is_none() {
        out.page.push_str(&text[..first]);
    } else {
        out.page.extend(text[..first].chars().filter(|c| *c != '\r' && *c != '\0'));
    }
    let mut at = first;
    while at < text.len() {
        let rest = &text[at..];
        let skipped = match rest.as_bytes()[0] {
            b'\0' => 1,
            // The parser makes one line break of the two.
            b'\r' if rest[1..].starts_with('\n') => 1,
            _ => 0,
        };
        if skipped > 0 {
            at += skipped;
            continue;
        }
        let reference = reference_length(rest);
        let length = if reference > 0 {
            reference
        } else {
            let bytes = rest.as_bytes();
            let next = memchr::memchr3_iter(b'&', b'\r', 0, &bytes[1..]).map(|i| i + 1);
            let mut next = next.filter(|i| bytes[*i] != b'&' || reference_length(&rest[*i..]) > 0);
            next.next().unwrap_or(rest.len())
        };
        let source = Span { start: span.start + at, end: span.start + at + length };
        at += length;
        if in_menu {
            out.runs.push(Run { source, is_reference: reference > 0, begins_line: std::mem::take(begins_line) });
            continue;
        }
        // To a text, writing never fails.
        let _ = write!(out.page, "{MARK}{}{MARK_END}", out.runs.len());
        let run = &rest[..length];
        // Both marks begin with the same byte.
        if memchr::memchr2(b'\r', 0xef, run.as_bytes()).is_some() {
            // Of the same length as what they replace.
            let clean = run.chars().map(|c| match c {
                MARK | MARK_END => '\u{fffd}',
                '\r' => '\n',
                c => c,
            });
            out.page.extend(clean);
        } else {
            out.page.push_str(run);
        }
        out.runs.push(Run { source, is_reference: reference > 0, begins_line: std::mem::take(begins_line) });
    }
}

/// The length of the character reference at the head of a text, 0 if there is none.
fn reference_length(text: &str) -> usize {
    let Some(rest) = text.strip_prefix('&') else { return 0 };
    let hash = usize::from(rest.starts_with('#'));
    let name = rest[hash..].bytes().take(40).take_while(u8::is_ascii_alphanumeric).count();
    if name == 0 {
        return 0;
    }
    1 + hash + name + usize::from(rest[hash + name..].starts_with(';'))
}

/// Takes the numbers out of a text of the parsed page: the text, and which runs begin where in it.
pub fn unmark(text: &str) -> (String, Vec<(usize, usize)>) {
    let (mut out, mut runs) = (String::with_capacity(text.len()), Vec::new());
    unmark_to(text, &mut out, &mut runs);
    (out, runs)
}

/// The same, written after what stands there; where runs begin is counted from there.
pub fn unmark_to(text: &str, out: &mut String, runs: &mut Vec<(usize, usize)>) {
    let begin = out.len();
    let mut parts = text.split(MARK);
    out.push_str(parts.next().unwrap_or(""));
    for part in parts {
        let Some((number, text)) = part.split_once(MARK_END) else {
            out.push_str(part);
            continue;
        };
        if let Ok(number) = number.parse() {
            runs.push((out.len() - begin, number));
        }
        out.push_str(text);
    }
}

/// One past the `>` that ends the tag at `start`; quoted values may hold one, too.
fn tag_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        let found = at + memchr::memchr2(b'>', b'=', &bytes[at..])?;
        if bytes[found] == b'>' {
            return Some(found + 1);
        }
        at = found + 1;
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        if let Some(quote @ (b'"' | b'\'')) = bytes.get(at) {
            // A quote that never ends would swallow the page; the parser does so, too.
            at += 2 + memchr(*quote, &bytes[at + 1..])?;
        } else {
            at += bytes[at..].iter().position(|b| b.is_ascii_whitespace() || *b == b'>')?;
        }
    }
}

/// One past the end tag of an element whose start tag ends at `from`; the end of the page if it is never closed.
fn element_end(bytes: &[u8], from: usize, name: &[u8]) -> usize {
    let mut at = from;
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        let start = at + found;
        let rest = &bytes[start..];
        let after = 2 + name.len();
        if rest.len() >= after && rest[1] == b'/' && rest[2..after].eq_ignore_ascii_case(name) {
            return start + memchr(b'>', rest).map_or(rest.len(), |e| e + 1);
        }
        at = start + 1;
    }
    bytes.len()
}

/// One past the end tag of an element that may hold others of its name; none if it is not closed.
fn nested_end(bytes: &[u8], from: usize, name: &[u8]) -> Option<usize> {
    let mut depth = 1;
    let mut at = from;
    loop {
        let start = at + memchr(b'<', &bytes[at..])?;
        let closing = bytes.get(start + 1) == Some(&b'/');
        let mut buffer = [0; 12];
        at = start + 1;
        if name_in(&bytes[(start + 1 + usize::from(closing)).min(bytes.len())..], &mut buffer) != name {
            continue;
        }
        depth = if closing { depth - 1 } else { depth + 1 };
        if depth == 0 {
            return tag_end(bytes, start);
        }
    }
}

/// The encoding that the page's head names, from `charset=` in its first bytes.
pub fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(8192)].to_ascii_lowercase();
    [&b"charset"[..], b"encoding"].iter().find_map(|word| {
        memchr::memmem::find_iter(head, word).find_map(|at| {
            let rest = head[at + word.len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
            let label: Vec<u8> = rest
                .iter()
                .copied()
                .skip_while(|b| matches!(b, b'"' | b'\''))
                .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':'))
                .collect();
            String::from_utf8(label).ok().filter(|l| !l.is_empty())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The prepared page without numbers.
    fn plain(page: &str) -> String {
        unmark(&prepare(page).page).0
    }

    #[test]
    fn scripts_and_comments_go_and_structured_data_stays() {
        assert_eq!(plain("a<script>if (a<b) {}</script>b<!-- <p> -->c<STYLE x>q</style >d"), "abcd");
        let ld = "<script type=\"application/ld+json\">{}</script>";
        assert_eq!(plain(ld), ld);
        assert_eq!(plain("a<nav>b<nav>c</nav>d</nav>e"), "ae");
        assert_eq!(plain("a<nav>never closed"), "a<nav>never closed");
        assert_eq!(plain("a<script>never closed"), "a");
        assert_eq!(plain("a < b <"), "a < b <");
        assert_eq!(plain("<!-- never closed"), "");
        assert_eq!(plain("新<svg><path/></svg>疆"), "新疆");
        assert_eq!(plain("<a id='x > y' b>z</a>"), "<a id='x > y'>z</a>");
        assert_eq!(plain("<link rel=icon href=a>b<LINK REL=Canonical HREF=c>"), "b<LINK REL=Canonical HREF=c>");
    }

    #[test]
    fn every_run_of_text_knows_its_place() {
        let page = "<p> Dry &amp; port\r\nof <b>新疆</b>&nbsp;\0x<br>y";
        let prepared = prepare(page);
        let runs: Vec<(&str, bool, bool)> =
            prepared.runs.iter().map(|r| (r.source.of(page), r.is_reference, r.begins_line)).collect();
        assert_eq!(
            runs,
            [
                ("Dry ", false, true),
                ("&amp;", true, false),
                (" port", false, false),
                ("\nof ", false, false),
                ("新疆", false, false),
                ("&nbsp;", true, false),
                ("x", false, false),
                ("y", false, true)
            ]
        );
        let (text, at) = unmark(&prepared.page);
        assert_eq!(text, "<p> Dry &amp; port\nof <b>新疆</b>&nbsp;x<br>y");
        assert_eq!(at.len(), prepared.runs.len());
        assert!(text[at[3].0..].starts_with("\nof "));
    }

    #[test]
    fn nesting_is_capped_and_balanced() {
        let out = plain(&format!("{}x{}", "<div>".repeat(1000), "</div>".repeat(1000)));
        assert_eq!(out.matches("<div>").count(), DEPTH_MAX);
        assert_eq!(out.matches("</div>").count(), DEPTH_MAX);
    }

    #[test]
    fn the_declared_encoding_is_found_in_every_form() {
        for head in [
            "<meta charset=\"GB2312\">",
            "<meta charset = gb2312 />",
            "<meta http-equiv='Content-Type' content='text/html; charset=gb2312'>",
            "<?xml version=\"1.0\" encoding=\"gb2312\"?>",
        ] {
            assert_eq!(declared_encoding(head.as_bytes()).as_deref(), Some("gb2312"), "{head}");
        }
        assert_eq!(declared_encoding(b"<p>no charset</p>"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_page_is_prepared(page in "(<|</|div|script|svg|>|<!--|-->|a| |新|&amp|;|=|\"|\r|\u{fdd0}){0,60}") {
            let prepared = prepare(&page);
            let (_, runs) = unmark(&prepared.page);
            assert!(runs.len() <= prepared.runs.len());
            for run in &prepared.runs {
                assert!(!run.source.of(&page).is_empty());
            }
        }
    }
}
