//! PDF: characters with places → text in reading order, with page numbers.
//!
//! A PDF says where each character is drawn and nothing of words, lines or columns. `glyphs` collects
//! what a page draws, `rows` gathers lines, `running` takes out what repeats on every page, `columns`
//! finds the order of reading and `paragraphs` joins lines. Nothing is rendered, followed or run.

mod columns;
mod glyphs;
mod paragraphs;
mod rows;
mod running;

use super::flow::Flow;
use super::{BlockKind, Format, RawDocument};
use crate::error::Problem;
use crate::model::{Confidence, Found, Origin};
use crate::source::{Blob, Limits};
use glyphs::{Drawing, draw};
use hayro_interpret::InterpreterCache;
use hayro_interpret::hayro_syntax::metadata::Metadata;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use paragraphs::{Block, HYPHEN, Style};
use running::Sheet;
use std::collections::{HashMap, HashSet};

/// PDF.
pub const FORMAT: Format =
    Format { name: "pdf", extensions: &["pdf"], is_binary: true, recognises: |head| is_pdf(head.bytes), extract };

/// Where the mark of a PDF must stand: some producers put bytes before it.
const MARK_WITHIN: usize = 1024;
/// Fewer characters a page than this are no text layer: a stamp, a page number on a scan.
const SCAN_CHARACTERS: usize = 12;
/// Headings have so many levels by size.
const LEVELS: usize = 4;

fn is_pdf(bytes: &[u8]) -> bool {
    memchr::memmem::find(&bytes[..bytes.len().min(MARK_WITHIN)], b"%PDF-").is_some()
}

fn extract(blob: &Blob, limits: &Limits) -> Result<RawDocument, Problem> {
    let pdf = Pdf::new(blob.bytes.clone()).map_err(|error| said(error, &blob.bytes))?;
    let cache = InterpreterCache::new();
    let mut fonts = HashMap::new();
    let mut sheets: Vec<Sheet> = Vec::new();
    let mut beside: Vec<String> = Vec::new();
    let (mut unknown, mut known, mut pictures, mut size) = (0, 0, 0, 0u64);
    for page in pdf.pages().iter() {
        let mut drawing = draw(page, &cache, &mut fonts);
        unknown += drawing.unknown;
        pictures += drawing.pictures;
        let mut left_out = std::mem::take(&mut drawing.artifacts);
        left_out.push_str(&format!("\n{}\n", drawing.aslant));
        let rows = page_rows(drawing, &mut left_out, &mut known);
        size += rows.rows.iter().flat_map(|r| &r.pieces).map(|p| p.text.len() as u64).sum::<u64>();
        if size > limits.text {
            return Err(limits.over("max-text"));
        }
        sheets.push(rows);
        beside.push(left_out);
    }
    if sheets.is_empty() {
        return Err(Problem::Content("is damaged: it has no pages".into()));
    }
    if unknown > known {
        let reason = "has a text layer that cannot be read: its fonts do not say which characters they draw";
        return Err(Problem::Content(reason.into()));
    }
    if known == 0 || known < SCAN_CHARACTERS * sheets.len() && pictures >= sheets.len() {
        let reason = if pictures > 0 {
            "has no text layer: its pages are pictures (a scan)"
        } else {
            "has no text: its pages are empty or drawn as shapes"
        };
        return Err(Problem::Content(reason.into()));
    }
    let style = Style::of(sheets.iter().flat_map(|s| &s.rows));
    let running = running::remove(&mut sheets);
    let mut pages: Vec<Vec<Block>> = sheets.into_iter().map(|sheet| page_blocks(sheet, style)).collect();
    over_pages(&mut pages);
    level(&mut pages);
    let title = title(&mut pages, pdf.metadata());
    let words = Words::of(&pages);

    let mut flow = Flow::new(limits);
    for (at, blocks) in pages.into_iter().enumerate() {
        flow.page(u32::try_from(at + 1).unwrap_or(u32::MAX));
        flow.left_out(&running[at]);
        flow.left_out(&beside[at]);
        // Notes stand below the text of their page, whichever column they are of.
        let (notes, text): (Vec<Block>, Vec<Block>) = blocks.into_iter().partition(|b| b.kind == BlockKind::Footnote);
        for block in text.into_iter().chain(notes) {
            let text = words.unhyphenated(&block.text);
            match block.kind {
                BlockKind::TableRow => flow.row(&text.split('\t').collect::<Vec<_>>()),
                kind => flow.block(kind, &text),
            }
        }
        if flow.is_over() {
            break;
        }
    }
    let mut raw = flow.finish()?;
    describe(&mut raw, pdf.metadata(), title);
    Ok(raw)
}

fn said(error: LoadPdfError, bytes: &[u8]) -> Problem {
    Problem::Content(
        match error {
            LoadPdfError::Decryption(DecryptionError::PasswordProtected) => "is protected by a password",
            LoadPdfError::Decryption(_) => "is encrypted in a way that is not read",
            // A whole file ends with its mark.
            LoadPdfError::Invalid if memchr::memmem::rfind(bytes, b"%%EOF").is_none() => {
                "is damaged: the PDF is cut off before its end"
            }
            LoadPdfError::Invalid => "is damaged: no PDF that can be read",
        }
        .into(),
    )
}

/// The rows of a page: those of the direction that most of it is set in, and apart from them the others.
fn page_rows(drawing: Drawing, left_out: &mut String, known: &mut usize) -> Sheet {
    let (width, height) = (drawing.width, drawing.height);
    let mut directions: Vec<(usize, Vec<glyphs::Drawn>)> =
        drawing.turned.into_iter().enumerate().filter(|(_, list)| !list.is_empty()).collect();
    *known += directions.iter().map(|(_, list)| list.iter().filter(|g| !g.text.is_blank()).count()).sum::<usize>();
    directions.sort_by_key(|(_, list)| std::cmp::Reverse(list.len()));
    let mut sheet = Sheet { rows: Vec::new(), height, turned: Vec::new() };
    for (at, (turn, list)) in directions.into_iter().enumerate() {
        let mut rows = rows::rows(list, left_out);
        if at > 0 {
            sheet.turned.push(rows);
            continue;
        }
        // Places along the page are counted from its top edge, as the text sees it.
        let (top, tall) = match turn {
            0 => (0.0, height),
            1 => (-width, width),
            2 => (-height, height),
            _ => (0.0, width),
        };
        rows.iter_mut().for_each(|row| row.y -= top);
        (sheet.rows, sheet.height) = (rows, tall);
    }
    sheet
}

/// A page's blocks: column by column, then what is set in other directions.
fn page_blocks(sheet: Sheet, style: Style) -> Vec<Block> {
    let regions = columns::regions(sheet.rows);
    let mut out: Vec<Block> = regions.iter().flat_map(|region| paragraphs::blocks(region, style)).collect();
    for rows in &sheet.turned {
        let mut blocks = paragraphs::blocks(rows, style);
        // Large or not: a line on the margin is no heading of the page.
        blocks
            .iter_mut()
            .filter(|b| matches!(b.kind, BlockKind::Heading(_)))
            .for_each(|b| b.kind = BlockKind::Paragraph);
        out.extend(blocks);
    }
    out
}

/// A paragraph that breaks off at the end of a page goes on with the first of the next.
fn over_pages(pages: &mut [Vec<Block>]) {
    for at in 1..pages.len() {
        let (before, after) = pages.split_at_mut(at);
        let Some(last) = before[at - 1].iter_mut().rev().find(|b| b.kind != BlockKind::Footnote) else { continue };
        let Some(first) = after[0].first() else { continue };
        let text = |kind| matches!(kind, BlockKind::Paragraph | BlockKind::ListItem);
        let ends = last.text.ends_with(['.', '。', '!', '！', '?', '？', ':', '：', '；', ';']);
        let goes_on = first.text.starts_with(char::is_lowercase)
            || last.is_full && first.text.starts_with(|c| rows::is_wide(c) && !"一二三四五六七八九十（第".contains(c));
        if text(last.kind)
            && first.kind == BlockKind::Paragraph
            && !ends
            && goes_on
            && (last.size - first.size).abs() < 0.05 * first.size
        {
            let first = after[0].remove(0);
            paragraphs::join(&mut last.text, &first.text);
            last.is_full = first.is_full;
        }
    }
}

/// Headings have levels by their size: the largest is the first.
fn level(pages: &mut [Vec<Block>]) {
    let headings = || pages.iter().flatten().filter(|b| b.kind == BlockKind::Heading(1));
    let mut sizes: Vec<i32> = headings().map(|b| b.size.round() as i32).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    sizes.dedup();
    for block in pages.iter_mut().flatten() {
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

/// The title: what stands largest in the first half of the first pages' text, else what the file says.
fn title(pages: &mut [Vec<Block>], metadata: &Metadata) -> Option<Found<String>> {
    let declared = metadata.title.as_deref().map(text_string).filter(|t| !is_junk(t));
    let key =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let meta = |t: String| Found::new(t, Origin::Meta).at("document information");
    let Some(first) = pages.iter_mut().find(|p| !p.is_empty()) else { return declared.map(meta) };
    if let Some(declared) = &declared {
        // Declared and set: the heading is it.
        let same =
            |b: &Block| b.kind != BlockKind::TableRow && !key(declared).is_empty() && key(&b.text) == key(declared);
        if let Some(at) = first.iter().take(8).position(same) {
            first.remove(at);
            return Some(meta(declared.clone()));
        }
    }
    let level = |b: &Block| match b.kind {
        BlockKind::Heading(level) => Some(level),
        _ => None,
    };
    let head = first.len().min(8);
    let best = first[..head].iter().filter_map(level).min()?;
    let at = first[..head].iter().position(|b| level(b) == Some(best)).filter(|_| best <= 2);
    let Some(at) = at else { return declared.map(meta) };
    // A title of several lines may be parted by its own spacing.
    let mut text = first.remove(at).text;
    while first.get(at).and_then(level) == Some(best) && text.chars().count() < 80 && at < 4 {
        let next = first.remove(at).text;
        paragraphs::join(&mut text, &next);
    }
    Some(Found::new(text.replace(HYPHEN, ""), Origin::Text).at("largest text of the first page"))
}

/// Titles that programs make up.
fn is_junk(title: &str) -> bool {
    let lower = title.trim().to_lowercase();
    lower.chars().count() < 3
        || [
            "microsoft word",
            "microsoft powerpoint",
            "untitled",
            "无标题",
            "document",
            "文档",
            "slide 1",
            "print",
            "幻灯片",
        ]
        .iter()
        .any(|junk| lower.starts_with(junk))
        || [".doc", ".docx", ".indd", ".pdf", ".xls", ".xlsx", ".ppt", ".pptx", ".qxd", ".wps", ".tex", ".dvi", ".pmd"]
            .iter()
            .any(|end| lower.ends_with(end))
        || !lower.chars().any(char::is_alphabetic)
}

fn describe(raw: &mut RawDocument, metadata: &Metadata, title: Option<Found<String>>) {
    let place = "document information";
    raw.metadata.title = title;
    if let Some(author) = metadata.author.as_deref().map(text_string).filter(|a| !a.trim().is_empty() && !is_junk(a)) {
        raw.metadata.authors.push(Found::new(author, Origin::Meta).at(place));
    }
    if let Some(date) = &metadata.creation_date {
        // When the file was made: mostly near the day of publication, and all there is.
        let text = format!("{:04}-{:02}-{:02}", date.year, date.month, date.day);
        raw.metadata.dates.push(Found::new(text, Origin::Meta).at(place).sure(Confidence::Low));
    }
}

/// Text of a PDF's dictionaries: UTF-16 or UTF-8 with a mark, else one byte a character.
pub(super) fn text_string(bytes: &[u8]) -> String {
    let text = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding.decode(bytes).0.into_owned(),
        None if bytes.iter().any(|b| *b >= 0x80) && std::str::from_utf8(bytes).is_ok() => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        None => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    };
    text.chars().filter(|c| !c.is_control()).collect()
}

/// The words of a document, to tell hyphens that part a word at a line's end from those that belong to it.
struct Words {
    whole: HashSet<String>,
}

impl Words {
    fn of(pages: &[Vec<Block>]) -> Words {
        let mut whole = HashSet::new();
        let mut hyphens = false;
        for block in pages.iter().flatten() {
            hyphens |= block.text.contains(HYPHEN);
        }
        if hyphens {
            for block in pages.iter().flatten() {
                let words = block.text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '\u{2010}' | HYPHEN));
                whole.extend(words.filter(|w| !w.contains(HYPHEN)).map(str::to_lowercase));
            }
        }
        Words { whole }
    }

    /// Takes hyphens at line ends out, unless the document writes the word with one elsewhere.
    fn unhyphenated(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut parts = text.split(HYPHEN).peekable();
        while let Some(part) = parts.next() {
            out.push_str(part);
            let Some(next) = parts.peek() else { break };
            let word = |c: &char| c.is_alphanumeric() || *c == '-';
            let before: String = out
                .chars()
                .rev()
                .take_while(word)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect::<String>()
                .to_lowercase();
            let after: String = next.chars().take_while(word).collect::<String>().to_lowercase();
            let joined = self.whole.contains(&format!("{before}{after}"));
            let hyphenated = self.whole.contains(&format!("{before}-{after}"));
            if hyphenated && !joined {
                out.push('-');
            }
        }
        out
    }
}

#[cfg(test)]
mod tests;
