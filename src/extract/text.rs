//! Plain text: paragraphs by blank lines or by lines, the first line as title.

use super::{BlockKind, Format, RawBlock, RawDocument};
use crate::decode;
use crate::error::Problem;
use crate::model::{Found, Origin};
use crate::offsets::Traced;
use crate::source::{Blob, Limits};
use unicode_width::UnicodeWidthStr;

/// Plain text.
pub const FORMAT: Format =
    Format { name: "text", extensions: &["txt", "text", "asc"], is_binary: false, recognises: |_| false, extract };

/// A first line longer than this many columns is text, not a title. Chinese titles reach 60
/// characters (120 columns), English ones 25 words.
const TITLE_COLUMNS_MAX: usize = 160;
/// Lines of a file wrapped by hand are about as wide as a typewriter's or a terminal's.
const WRAPPED_COLUMNS: std::ops::RangeInclusive<usize> = 50..=100;

fn extract(blob: &Blob, _: &Limits) -> Result<RawDocument, Problem> {
    let decoded = decode::decode(&blob.bytes, None);
    let mut raw = RawDocument::default();
    let mut paragraphs = paragraphs(&decoded.text);
    if blob.given.title.is_none() && paragraphs.len() > 1 && is_title(&paragraphs[0]) {
        raw.metadata.title = Some(Found::new(paragraphs.remove(0).as_str().to_string(), Origin::Text));
    }
    raw.blocks = paragraphs.into_iter().map(|text| RawBlock::new(BlockKind::Paragraph, text)).collect();
    raw.original = decoded;
    Ok(raw)
}

fn is_title(first: &str) -> bool {
    first.width() <= TITLE_COLUMNS_MAX && !first.ends_with([',', '，', ';', '；', '、'])
}

/// The paragraphs of a text, each on one line.
fn paragraphs(text: &str) -> Vec<Traced> {
    let lines: Vec<&str> = text.split(['\n', '\r', '\u{2028}', '\u{2029}', '\u{c}']).collect();
    let wrapped = is_wrapped(&lines);
    let mut out: Vec<Traced> = Vec::new();
    let (mut open, mut short) = (false, false);
    for line in lines {
        let start = line.as_ptr() as usize - text.as_ptr() as usize + (line.len() - line.trim_start().len());
        let content = Traced::copy(line.trim(), start);
        if content.is_empty() {
            open = false;
            continue;
        }
        let indented = line.starts_with(['\u{3000}', '\t']) || line.starts_with("  ");
        // A line that stops short ends its paragraph, unless it breaks off in a sentence.
        let goes_on = !short || out.len() > 1 && content.starts_with(|c: char| c.is_lowercase() || c.is_numeric());
        match out.last_mut().filter(|last| open && wrapped && !indented && goes_on && !(short && ends_sentence(last))) {
            Some(last) => join(last, &content),
            None => out.push(content),
        }
        open = true;
        short = line.trim_end().width() < *WRAPPED_COLUMNS.start();
    }
    out
}

fn ends_sentence(text: &str) -> bool {
    text.ends_with(['.', '。', '!', '！', '?', '？', ':', '：', '”', '"'])
}

/// Whether lines were broken to a width rather than by paragraphs: most lines that another line
/// follows are of about the same, moderate width and do not end a sentence.
fn is_wrapped(lines: &[&str]) -> bool {
    let followed: Vec<&str> = lines
        .windows(2)
        .filter(|w| !w[0].trim().is_empty() && !w[1].trim().is_empty())
        .map(|w| w[0].trim_end())
        .collect();
    let widest = lines.iter().map(|l| l.trim_end().width()).max().unwrap_or(0);
    let fitting = followed.iter().filter(|l| WRAPPED_COLUMNS.contains(&l.width())).count();
    let ending = followed.iter().filter(|l| ends_sentence(l)).count();
    followed.len() >= 3
        && widest <= *WRAPPED_COLUMNS.end() + 20
        && fitting * 3 >= followed.len() * 2
        && ending * 2 <= followed.len()
}

/// Adds a line to a paragraph: with a blank between words, without one between ideographs.
fn join(paragraph: &mut Traced, line: &Traced) {
    let wide =
        |c: Option<char>| c.is_some_and(|c| crate::analysis::is_ideograph(c) || "，。；：、！？“”（）".contains(c));
    if !(wide(paragraph.chars().last()) && wide(line.chars().next())) {
        paragraph.put_in(" ");
    }
    paragraph.append(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraphs(text: &str) -> Vec<String> {
        super::paragraphs(text).iter().map(|p| p.as_str().to_string()).collect()
    }

    #[test]
    fn paragraphs_are_parted_by_blank_lines_or_by_lines() {
        assert_eq!(paragraphs("One.\n\nTwo.\r\n\r\nThree."), ["One.", "Two.", "Three."]);
        assert_eq!(paragraphs("　　一。\n　　二。\n"), ["一。", "二。"]);
    }

    #[test]
    fn lines_broken_to_a_width_are_joined() {
        let text = "The regional government said on Monday that the dry port of the capital\n\
                    would open a second yard for containers before the end of the year and\n\
                    that trains to Central Asia would leave from there every day from then\n\
                    on.\n\
                    A second paragraph begins here and is also broken to about the same wid\n\
                    th as the first.";
        assert_eq!(paragraphs(text).len(), 2);
    }

    #[test]
    fn a_short_first_line_is_the_title() {
        let read = |text: &str| extract(&Blob::of_file("a.txt", text), &Limits::default()).unwrap();
        let raw = read("A title\n\nText.");
        assert_eq!(raw.metadata.title.unwrap().value, "A title");
        assert_eq!(raw.blocks.len(), 1);
        assert!(read("Only a line.").metadata.title.is_none());
    }
}
