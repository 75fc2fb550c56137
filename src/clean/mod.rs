//! RawDocument → [`Document`]: text to read and search.
//!
//! In: [`RawDocument`]. Out: [`Document`]: one text, cut into blocks by spans, with the lines that
//! belong to the page and not to the text taken out and unmarked headings recognised.
//! Never: judges what the text says, or invents any.

mod furniture;
mod mojibake;
mod outline;
mod parts;
mod repair;
mod sentences;
mod stray;
mod tidy;

pub use furniture::is_byline;
pub use parts::{Fate, Part, parts};
pub use repair::{Repair, RepairKind};
pub use sentences::size;

use crate::decode::Decoded;
use crate::extract::{BlockKind, Metadata, RawDocument, Visible};
use crate::model::{Found, Origin, Span};
use crate::offsets::{OffsetMap, Traced};

/// A document as it is read and searched.
#[derive(Clone, Debug)]
pub struct Document {
    /// Name of the format it was read from.
    pub format: &'static str,
    /// The file's text as it was decoded.
    pub original: Decoded,
    /// The text of the original that a reader would see; none: all of it.
    pub visible: Vec<Visible>,
    /// What the file says of itself, bylines of the text among it.
    pub metadata: Metadata,
    /// Its title: never empty.
    pub title: Found<String>,
    /// The main text without the title: blocks parted by a blank line.
    pub text: String,
    /// From the main text to the original.
    pub map: OffsetMap,
    /// What was put right in it.
    pub repairs: Vec<Repair>,
    /// The text's blocks in order; they cover all of it but the blanks between them.
    pub blocks: Vec<Block>,
    /// The names it goes by: file name first, then its folders, nearest first.
    pub names: Vec<String>,
}

/// A stretch of the text that belongs together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands in the text.
    pub span: Span,
    /// How much there is to read in it: see [`size`].
    pub size: usize,
    /// The page it begins on, counted from 1.
    pub page: Option<u32>,
    /// It goes on with the paragraph of the block before: no blank line stands between them. A
    /// paragraph too long for one passage is several blocks, each of whole sentences.
    pub continues: bool,
}

/// Cleans a document.
pub fn clean(raw: RawDocument) -> Document {
    let mut metadata = raw.metadata;
    let mut blocks = raw.blocks;
    let mut repairs = Vec::new();
    for block in &mut blocks {
        block.text = repair::text(&block.text, &mut repairs);
    }
    blocks.retain(|b| b.text.chars().any(char::is_alphanumeric));
    let sources = metadata.sources.iter_mut().map(|s| &mut s.value);
    let authors = metadata.authors.iter_mut().map(|a| &mut a.value);
    let url = metadata.url.iter_mut().map(|u| &mut u.value);
    for line in metadata.bylines.iter_mut().chain(sources).chain(authors).chain(url) {
        *line = tidy::tidy(line);
    }

    let title = metadata
        .title
        .take()
        .map(|t| {
            let value = repair::text(&Traced::from(t.value.as_str()), &mut Vec::new()).as_str().to_string();
            t.map(value)
        })
        .filter(|t| !t.value.is_empty())
        .or_else(|| outline::title_heading(&mut blocks))
        .unwrap_or_else(|| Found::new(stem(raw.names.first().map_or("", |n| n)), Origin::FileName));
    repair::hyphens(&mut blocks, &mut repairs);
    // A line that goes can part a paragraph, and a paragraph made whole can bring a line nearer to the head.
    loop {
        let before = blocks.len();
        furniture::remove(&mut blocks, &title.value, &mut metadata.bylines);
        repair::paragraphs(&mut blocks, &mut repairs);
        if blocks.len() == before {
            break;
        }
    }
    for block in blocks.iter_mut().filter(|b| b.kind == BlockKind::Paragraph) {
        if furniture::is_caption(&block.text) {
            block.kind = BlockKind::Caption;
        }
    }
    outline::mark_footnotes(&mut blocks);
    outline::mark_headings(&mut blocks);

    let mut text = Traced::default();
    let mut spans = Vec::with_capacity(blocks.len());
    for block in &blocks {
        if !text.is_empty() {
            text.put_in("\n\n");
        }
        let start = text.len();
        text.append(&block.text);
        for (at, (piece, size)) in sentences::pieces(&block.text).into_iter().enumerate() {
            let span = Span { start: start + piece.start, end: start + piece.end };
            spans.push(Block { kind: block.kind, span, size, page: block.page, continues: at > 0 });
        }
    }
    let (text, map) = text.into_parts();
    Document {
        format: raw.format,
        original: raw.original,
        visible: raw.visible,
        repairs,
        metadata,
        title,
        text,
        map,
        blocks: spans,
        names: raw.names,
    }
}

/// A file's name without extension, for a document that has no title.
fn stem(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).trim();
    if stem.is_empty() { "untitled".to_string() } else { tidy::tidy(&stem.replace('_', " ")) }
}

impl Document {
    /// The bytes of the file that a part of the text came from.
    pub fn source(&self, span: Span) -> Span {
        self.original.map.source(self.map.source(span))
    }

    /// The running text: without what stands under pictures.
    pub fn body(&self) -> String {
        let mut out = String::new();
        for block in self.blocks.iter().filter(|b| b.kind != BlockKind::Caption) {
            if !out.is_empty() {
                out.push_str(if block.continues { " " } else { "\n\n" });
            }
            out.push_str(self.text_of(block));
        }
        out
    }

    /// The text of a block.
    pub fn text_of(&self, block: &Block) -> &str {
        block.span.of(&self.text)
    }

    /// Whether a block is a heading.
    pub fn is_heading(block: &Block) -> bool {
        matches!(block.kind, BlockKind::Heading(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::RawBlock;

    fn document(title: Option<&str>, paragraphs: &[&str]) -> Document {
        let mut raw = RawDocument { names: vec!["a_name.txt".into()], ..RawDocument::default() };
        raw.metadata.title = title.map(|t| Found::new(t.to_string(), Origin::Meta));
        raw.blocks = paragraphs.iter().map(|p| RawBlock::new(BlockKind::Paragraph, *p)).collect();
        clean(raw)
    }

    #[test]
    fn blocks_are_spans_of_one_text() {
        let document = document(Some("T"), &["One  line.", " \u{3000}Two\u{200b}lines. ", "\u{7}"]);
        assert_eq!(document.text, "One line.\n\nTwolines.");
        let parts: Vec<&str> = document.blocks.iter().map(|b| document.text_of(b)).collect();
        assert_eq!(parts, ["One line.", "Twolines."]);
    }

    #[test]
    fn a_document_without_a_title_goes_by_its_file() {
        assert_eq!(document(None, &["Some text."]).title, Found::new("a name".to_string(), Origin::FileName));
    }

    #[test]
    fn the_title_is_no_part_of_the_body() {
        let document = document(Some("A “title”"), &["A \"title\"", "The text of it."]);
        assert_eq!(document.text, "The text of it.");
    }
}
