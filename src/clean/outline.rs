//! Headings that carry no mark: numbered ones of Chinese reports, and short lines over paragraphs.

use crate::extract::{BlockKind, RawBlock};
use crate::model::{Found, Origin};
use crate::pattern::{Pattern, pattern};
use unicode_width::UnicodeWidthStr;

/// A heading is no longer than this, in columns: 45 ideographs, or about 15 English words.
const HEADING_COLUMNS_MAX: usize = 90;
/// What follows an unnumbered heading is at least this wide: otherwise the line is one of a list.
const BODY_COLUMNS_MIN: usize = 100;

/// Recognises headings among the paragraphs.
pub fn mark_headings(blocks: &mut [RawBlock]) {
    let levels: Vec<Option<u8>> = (0..blocks.len())
        .map(|at| {
            let block = &blocks[at];
            if block.kind != BlockKind::Paragraph {
                return None;
            }
            numbered_level(&block.text).or_else(|| {
                let next = blocks.get(at + 1)?;
                let before = at.checked_sub(1).map(|b| &blocks[b]);
                is_unmarked(&block.text, before, next).then_some(2)
            })
        })
        .collect();
    for (block, level) in blocks.iter_mut().zip(levels) {
        if let Some(level) = level {
            block.kind = BlockKind::Heading(level);
        }
    }
}

/// Tells the notes at the end of a text from it: lines that begin with a mark that stands in the text
/// before them.
pub fn mark_footnotes(blocks: &mut [RawBlock]) {
    static PATTERN: Pattern = pattern!(r"^(\[[0-9]{1,3}\]|[①-⑳])\s?\S");
    for at in (1..blocks.len()).rev() {
        let Some(mark) = PATTERN.captures(&blocks[at].text).map(|c| c[1].to_string()) else { return };
        let refers = blocks[..at].iter().any(|b| b.text.find(mark.as_str()).is_some_and(|place| place > 0));
        if !refers {
            return;
        }
        if matches!(blocks[at].kind, BlockKind::Paragraph | BlockKind::ListItem) {
            blocks[at].kind = BlockKind::Footnote;
        }
    }
}

/// The first block, if it is a heading over the text and there is text under it.
pub fn title_heading(blocks: &mut Vec<RawBlock>) -> Option<Found<String>> {
    let first = blocks.first()?;
    let is_heading = matches!(first.kind, BlockKind::Heading(1 | 2)) && blocks.len() > 1;
    is_heading.then(|| Found::new(blocks.remove(0).text.as_str().to_string(), Origin::Text))
}

/// The level of a line such as `一、过去五年工作回顾` (2) or `（一）经济发展` (3) that is all heading.
pub(super) fn numbered_level(text: &str) -> Option<u8> {
    static PATTERN: Pattern = pattern!(
        r"(?x)^(?: ( [一二三四五六七八九十]{1,3}、 | 第[一二三四五六七八九十百]{1,4}[章篇部]分?[\s、]? | (?:Part|Chapter)\s+(?:[0-9]+|[IVX]+)(?-u:\b) | [IVX]{1,4}\.\s )
                  | (?: [（(][一二三四五六七八九十]{1,3}[）)] | 第[一二三四五六七八九十百]{1,4}节[\s、]? ) )"
    );
    let found = PATTERN.captures(text)?;
    if text.width() > HEADING_COLUMNS_MAX || ends_sentence(text) || text.contains(['。', '；', ';']) {
        return None;
    }
    Some(if found.get(1).is_some() { 2 } else { 3 })
}

fn is_unmarked(text: &str, before: Option<&RawBlock>, next: &RawBlock) -> bool {
    // Nearly all paragraphs end as sentences do; to know their width takes longest.
    if next.kind != BlockKind::Paragraph || ends_sentence(text) {
        return false;
    }
    let width = text.width();
    let begins_like_heading = text
        .trim_start_matches(['“', '"', '‘', '\'', '「', '《', '【'])
        .chars()
        .next()
        .is_some_and(|c| c.is_uppercase() || c.is_numeric() || crate::analysis::is_ideograph(c));
    width <= HEADING_COLUMNS_MAX
        && text.chars().count() >= 2
        && begins_like_heading
        && !text.contains(['。', '；', '：', '!', '！', '@', '|'])
        && !super::is_byline(text)
        && next.text.width() >= BODY_COLUMNS_MIN.max(width + 20)
        // A line after another short one is rather a list, an address or a signature.
        && before.is_none_or(|b| b.kind != BlockKind::Paragraph || b.text.width() >= BODY_COLUMNS_MIN || ends_sentence(&b.text))
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['”', '"', '’', '）', ')', '」', '】'])
        .ends_with(['.', '。', '!', '！', '?', '？', ';', '；', ':', '：', ',', '，', '、', '…'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_headings_have_levels() {
        for (text, level) in [
            ("一、2020年工作回顾", Some(2)),
            ("（一）扩大对外开放", Some(3)),
            ("(三) 改善民生", Some(3)),
            ("第二章 总体要求", Some(2)),
            ("Part II Main Tasks", Some(2)),
            ("一、坚持稳中求进。全年经济增长百分之五。", None),
            ("一是扩大开放", None),
            ("In 2020", None),
        ] {
            assert_eq!(numbered_level(text), level, "{text}");
        }
    }

    #[test]
    fn notes_are_told_from_text() {
        let mut blocks: Vec<RawBlock> = ["The port[1] grew[2].", "[3] is no note.", "[1] Yearbook, p. 3.", "[2] Ibid."]
            .iter()
            .map(|t| RawBlock::new(BlockKind::Paragraph, *t))
            .collect();
        mark_footnotes(&mut blocks);
        let kinds: Vec<bool> = blocks.iter().map(|b| b.kind == BlockKind::Footnote).collect();
        assert_eq!(kinds, [false, false, true, true]);
    }

    #[test]
    fn a_short_line_over_a_paragraph_is_a_heading() {
        let body = "The regional government said that the dry port of the capital would open a second yard before the end of the year.";
        let mut blocks: Vec<RawBlock> =
            [body, "Opening to the west", body, "Signed in Urumqi", "Monday", "Not a heading.", body]
                .iter()
                .map(|t| RawBlock::new(BlockKind::Paragraph, *t))
                .collect();
        mark_headings(&mut blocks);
        let headings: Vec<usize> =
            (0..blocks.len()).filter(|&i| matches!(blocks[i].kind, BlockKind::Heading(_))).collect();
        assert_eq!(headings, [1]);
    }
}
