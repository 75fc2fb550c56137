//! Rows of all pages → the document's blocks: joined over columns and pages, headings with levels, the title.

use super::super::BlockKind;
use super::super::flow::Flow;
use super::Beside;
use super::columns;
use super::hyphens::{HYPHEN, Words};
use super::numbering::{ends_sentence, numbered};
use super::paragraphs::{self, Block, Frame, Style};
use super::rows::Row;
use super::running::{Sheet, Taken};
use super::words::is_wide;
use crate::model::{Found, Origin};

/// Headings have so many levels by size.
const LEVELS: usize = 4;
/// A title is one of the first blocks.
const HEAD: usize = 8;

/// A document's text by pages.
#[derive(Debug)]
pub struct Pages {
    pages: Vec<Read>,
}

/// What a page says.
#[derive(Debug)]
struct Read {
    blocks: Vec<Block>,
    taken: Taken,
    beside: Beside,
    /// Nothing is left on it but what has no place.
    is_empty: bool,
}

/// Rows that are read one after the other.
struct Region {
    page: usize,
    rows: Vec<Row>,
    /// Set in another direction than the page.
    is_turned: bool,
}

impl Pages {
    pub(super) fn new(sheets: Vec<Sheet>, taken: Vec<Taken>, beside: Vec<Beside>, style: Style) -> Pages {
        let is_empty = |s: &Sheet| s.rows.is_empty() && s.turned.iter().all(Vec::is_empty);
        let mut pages: Vec<Read> = sheets
            .iter()
            .zip(taken)
            .zip(beside)
            .map(|((sheet, taken), beside)| Read { blocks: Vec::new(), taken, beside, is_empty: is_empty(sheet) })
            .collect();
        let mut regions = Vec::new();
        for (page, sheet) in sheets.into_iter().enumerate() {
            regions.extend(columns::regions(sheet.rows).into_iter().map(|rows| Region {
                page,
                rows,
                is_turned: false,
            }));
            regions.extend(sheet.turned.into_iter().map(|rows| Region { page, rows, is_turned: true }));
        }
        let frames = Frame::of_all(&regions.iter().map(|r| r.rows.as_slice()).collect::<Vec<_>>());
        let is_indented = frames.first().is_some_and(Frame::is_indented);
        let mut before: Option<usize> = None; // the page of the region read last
        for (region, frame) in regions.iter().zip(frames) {
            let mut blocks = paragraphs::blocks(&region.rows, &frame, style);
            if region.is_turned {
                // Large or not: a line on the margin is no heading of the page.
                blocks
                    .iter_mut()
                    .filter(|b| matches!(b.kind, BlockKind::Heading(_)))
                    .for_each(|b| b.kind = BlockKind::Paragraph);
            } else {
                if let Some(last) = before.and_then(|page| pages.get_mut(page)) {
                    go_on(&mut last.blocks, &mut blocks, is_indented);
                }
                if !blocks.is_empty() {
                    before = Some(region.page);
                }
            }
            if let Some(page) = pages.get_mut(region.page) {
                page.blocks.extend(blocks);
            }
        }
        let mut out = Pages { pages };
        out.level();
        out
    }

    fn blocks(&self) -> impl Iterator<Item = &Block> + Clone {
        self.pages.iter().flat_map(|p| &p.blocks)
    }

    /// Headings have levels by their size: the largest is the first.
    fn level(&mut self) {
        let headings = self.blocks().filter(|b| b.kind == BlockKind::Heading(1));
        let mut sizes: Vec<i32> = headings.map(|b| b.size.round() as i32).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        sizes.dedup();
        for block in self.pages.iter_mut().flat_map(|p| &mut p.blocks) {
            match block.kind {
                BlockKind::Heading(1) => {
                    let rank = sizes.iter().position(|s| *s == block.size.round() as i32).unwrap_or(0);
                    block.kind = BlockKind::Heading(rank.min(LEVELS - 1) as u8 + 1);
                }
                // Bold at the size of the text stands under all that is set larger.
                BlockKind::Heading(_) => block.kind = BlockKind::Heading(sizes.len().min(LEVELS) as u8 + 1),
                _ => {}
            }
        }
    }

    /// Takes the title out: what the file declares if it is set so, else what stands largest among the
    /// first blocks, else what the file declares.
    pub fn title(&mut self, declared: Option<Found<String>>) -> Option<Found<String>> {
        let key =
            |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
        let Some(first) = self.pages.iter_mut().map(|p| &mut p.blocks).find(|blocks| !blocks.is_empty()) else {
            return declared;
        };
        if let Some(declared) = &declared {
            // Declared and set: the heading is it.
            let wanted = key(&declared.value);
            let same = |b: &Block| b.kind != BlockKind::TableRow && !wanted.is_empty() && key(&b.text) == wanted;
            if let Some(at) = first.iter().take(HEAD).position(same) {
                first.remove(at);
                return Some(declared.clone());
            }
        }
        let level = |b: &Block| match b.kind {
            BlockKind::Heading(level) => Some(level),
            _ => None,
        };
        let best = first.iter().take(HEAD).filter_map(level).min().filter(|best| *best <= 2);
        let Some(at) = first.iter().take(HEAD).position(|b| best.is_some() && level(b) == best) else {
            return declared;
        };
        // A title of several lines may be parted by its own spacing.
        let mut text = first.remove(at).text;
        while first.get(at).and_then(level) == best && text.chars().count() < 80 && at < 4 {
            let next = first.remove(at).text;
            paragraphs::join(&mut text, &next);
        }
        let text = text.replace(HYPHEN, "");
        // What is declared may say more than what is set: the year, say.
        let set = key(&text);
        if let Some(declared) = declared.filter(|d| set.chars().count() >= 4 && key(&d.value).contains(&set)) {
            return Some(declared);
        }
        Some(Found::new(text, Origin::Text).at("largest text of the first page"))
    }

    /// Puts the text into a document, page by page: running headers and footers are left out, notes stand
    /// below the text of their page, whichever column they are of.
    pub fn pour(self, flow: &mut Flow) {
        let words = Words::of(self.blocks().map(|b| b.text.as_str()));
        for (at, page) in self.pages.into_iter().enumerate() {
            flow.page(u32::try_from(at + 1).unwrap_or(u32::MAX));
            flow.left_out(&page.beside.before);
            flow.left_out(&page.taken.head);
            let (notes, text): (Vec<Block>, Vec<Block>) =
                page.blocks.into_iter().partition(|b| b.kind == BlockKind::Footnote);
            for block in text.into_iter().chain(notes) {
                let text = words.unhyphenated(&block.text);
                match block.kind {
                    BlockKind::TableRow => flow.row(&text.split('\t').collect::<Vec<_>>()),
                    kind => flow.block(kind, &text),
                }
            }
            for text in &page.beside.unplaced {
                if page.is_empty { flow.block(BlockKind::Paragraph, text) } else { flow.left_out(text) }
            }
            flow.left_out(&page.taken.foot);
            flow.left_out(&page.beside.after);
            if flow.is_over() {
                break;
            }
        }
    }
}

/// A paragraph that breaks off at the end of a column or page goes on with the first of the next.
fn go_on(before: &mut [Block], after: &mut Vec<Block>, is_indented: bool) {
    let Some(last) = before.iter_mut().rev().find(|b| b.kind != BlockKind::Footnote) else { return };
    let Some(first) = after.first() else { return };
    let text = |kind| matches!(kind, BlockKind::Paragraph | BlockKind::ListItem);
    let ends = ends_sentence(&last.text);
    let goes_on = if first.text.starts_with(is_wide) {
        // Where first lines are moved in, this one is none.
        let is_first = if is_indented { first.is_indented } else { ends || numbered(&first.text) };
        last.is_full && !is_first && !(ends && numbered(&first.text))
    } else {
        !ends && first.text.starts_with(char::is_lowercase)
    };
    if text(last.kind)
        && first.kind == BlockKind::Paragraph
        && goes_on
        && (last.size - first.size).abs() < 0.05 * first.size
    {
        let first = after.remove(0);
        paragraphs::join(&mut last.text, &first.text);
        last.is_full = first.is_full;
    }
}
