//! Rows of a region → blocks: lines that go on are joined, headings, items, notes and table rows told apart.

use super::super::BlockKind;
use super::hyphens::HYPHEN;
use super::numbering::{begins_note, ends_sentence, is_entry, is_item, numbered};
use super::rows::Row;
use super::tables::{Cells, tabular};
use super::words::{is_shared, is_wide};

/// A heading is set larger than the text by this factor.
const HEADING_SIZE: f32 = 1.12;
/// Notes are set smaller than the text by this factor.
const NOTE_SIZE: f32 = 0.92;
/// A heading has no more columns of characters than this.
const HEADING_COLUMNS: usize = 160;
/// Lines moved in by more than this, in ems, begin a paragraph.
const INDENT: f32 = 0.9;
/// Regions of fewer rows are measured by the others.
const ROWS_MIN: usize = 5;
/// They may stand out by so many points.
const FIT: f32 = 3.0;

/// A stretch of text that belongs together.
#[derive(Clone, Debug)]
pub struct Block {
    /// What it is; headings get their level when the whole document is known.
    pub kind: BlockKind,
    /// Its text; for a table row, cells parted by tabs.
    pub text: String,
    /// Size of its characters.
    pub size: f32,
    /// It is bold.
    pub bold: bool,
    /// Its last line reaches the right edge: it may go on over the page.
    pub is_full: bool,
    /// Its first line is moved in.
    pub is_indented: bool,
    /// Rows it was made of.
    pub rows: usize,
}

/// What the rows of a document have in common.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Size of running text.
    pub body: f32,
    /// Running text is bold.
    pub bold: bool,
}

impl Style {
    /// The size, and weight, in which most of the text is set.
    pub fn of<'a>(rows: impl Iterator<Item = &'a Row>) -> Style {
        let mut sizes: Vec<(i32, usize)> = Vec::new();
        let (mut bold, mut all) = (0, 0);
        for row in rows {
            let columns = row.columns();
            all += columns;
            bold += if row.bold { columns } else { 0 };
            let size = (row.size * 2.0).round() as i32;
            match sizes.iter_mut().find(|(s, _)| *s == size) {
                Some((_, count)) => *count += columns,
                None => sizes.push((size, columns)),
            }
        }
        let body = sizes.iter().max_by_key(|(size, count)| (*count, *size)).map_or(10.0, |(s, _)| *s as f32 / 2.0);
        Style { body, bold: bold * 2 > all }
    }

    fn is_large(&self, size: f32) -> bool {
        size >= self.body * HEADING_SIZE
    }
}

/// Joins the rows of a region to blocks.
pub fn blocks(rows: &[Row], frame: &Frame, style: Style) -> Vec<Block> {
    let tabular = tabular(rows);
    let mut out: Vec<Block> = Vec::new();
    let mut last: Option<Last> = None;
    let mut cells: Option<Cells> = None;
    for (row, is_tabular) in rows.iter().zip(tabular) {
        if let (Some(above), Some(block)) = (&mut cells, out.last_mut())
            && let Some(cell) = above.goes_on(row)
        {
            block.text = with_cell(&block.text, cell, &row.text());
            continue;
        }
        cells = is_tabular.then(|| Cells::of(row));
        if is_tabular {
            let texts: Vec<&str> = row.pieces.iter().map(|p| p.text.as_str()).collect();
            out.push(frame.block(BlockKind::TableRow, texts.join("\t"), row));
            last = None;
            continue;
        }
        let text = row.text();
        let open = out.last_mut().filter(|b| b.kind != BlockKind::TableRow);
        let is_entry = is_entry(&text);
        match (open, last) {
            (Some(block), Some(last)) if frame.goes_on(&last, row, block, &text, style) => {
                join(&mut block.text, &text);
                block.rows += 1;
                block.bold &= row.bold;
                block.is_full = frame.is_full(row);
            }
            _ => {
                let kind = if row.note.is_some() && row.size < style.body * NOTE_SIZE {
                    BlockKind::Footnote
                } else if is_item(&text) {
                    BlockKind::ListItem
                } else {
                    BlockKind::Paragraph
                };
                let text = match &row.note {
                    Some(note) => format!("{note} {text}"),
                    None => text,
                };
                out.push(frame.block(kind, text, row));
            }
        }
        last = Some(Last { row, is_entry });
    }
    out.iter_mut().for_each(|block| block.kind = kind(block, style));
    out
}

/// What a finished block is.
fn kind(block: &Block, style: Style) -> BlockKind {
    let columns = block.text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum::<usize>();
    let short = columns <= HEADING_COLUMNS && block.text.chars().any(char::is_alphabetic);
    let ends = block.text.ends_with(['.', '。', ';', '；', ',', '，', '、', ':', '：']);
    // The head of an official letter names who issued it, not what it is about.
    let letter_head = block.text.ends_with("文件");
    if block.kind != BlockKind::TableRow && short && !letter_head {
        if style.is_large(block.size) && block.rows <= 4 && !ends {
            return BlockKind::Heading(1);
        }
        if block.bold && !style.bold && block.rows <= 2 && !ends && block.size > style.body * NOTE_SIZE {
            return BlockKind::Heading(6);
        }
    }
    match block.kind {
        BlockKind::Paragraph if block.size < style.body * NOTE_SIZE && begins_note(&block.text) => BlockKind::Footnote,
        kind => kind,
    }
}

/// A row's text, cells parted by tabs, with more text for one of them.
fn with_cell(row: &str, cell: usize, text: &str) -> String {
    let mut cells: Vec<String> = row.split('\t').map(str::to_string).collect();
    if let Some(cell) = cells.get_mut(cell) {
        join(cell, text);
    }
    cells.join("\t")
}

/// Goes on with another line: words parted by a blank, ideographs by nothing, a hyphen to be decided.
pub fn join(text: &mut String, line: &str) {
    let (Some(last), Some(next)) = (text.chars().last(), line.chars().next()) else {
        text.push_str(line);
        return;
    };
    let word = text.chars().rev().nth(1).is_some_and(|c| c.is_alphabetic() && !is_wide(c));
    // Quotes and dashes are of the writing they stand in.
    let own = |c: &char| !is_shared(*c);
    let chinese_before = text.chars().rev().take(8).find(own).is_some_and(is_wide);
    let chinese_after = line.chars().take(8).find(own).is_some_and(is_wide);
    let chinese = match (is_shared(last), is_shared(next)) {
        (true, true) => chinese_before && chinese_after,
        _ => chinese_before || chinese_after,
    };
    if matches!(last, '-' | '\u{2010}' | '\u{ad}') && word && next.is_lowercase() {
        text.pop();
        text.push(HYPHEN);
    } else if last != '\u{ad}' && !(chinese || is_split_number(text, line)) {
        text.push(' ');
    }
    text.push_str(line);
}

/// Whether a number in a Chinese text goes on in the next line: they are broken anywhere there.
fn is_split_number(text: &str, line: &str) -> bool {
    let number = |c: &char| c.is_ascii_digit() || matches!(c, '.' | ',');
    text.ends_with(|c: char| c.is_ascii_digit())
        && line.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().rev().take(16).find(|c| !number(c)).is_some_and(is_wide)
        && line.chars().take(16).find(|c| !number(c)).is_some_and(is_wide)
}

/// The row before.
#[derive(Clone, Copy)]
struct Last<'a> {
    row: &'a Row,
    /// It is an entry of a table of contents.
    is_entry: bool,
}

/// The edges of a region.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    left: f32,
    right: f32,
    leading: f32,
    rows: usize,
    /// First lines of Chinese paragraphs are moved in.
    is_indented: bool,
}

impl Frame {
    /// Of its rows alone.
    fn of(rows: &[Row]) -> Frame {
        let mut steps: Vec<f32> = rows.windows(2).map(|w| w[1].y - w[0].y).filter(|step| *step > 0.0).collect();
        steps.sort_by(f32::total_cmp);
        Frame {
            left: quantile(rows.iter().map(Row::x).collect(), 0.1),
            right: quantile(rows.iter().map(Row::end).collect(), 0.95),
            leading: steps.get(steps.len() / 3).copied().unwrap_or(0.0),
            rows: rows.len(),
            is_indented: false,
        }
    }

    /// Of all regions of a document: those of few rows are measured by the others.
    pub fn of_all(regions: &[&[Row]]) -> Vec<Frame> {
        let mut frames: Vec<Frame> = regions.iter().map(|rows| Frame::of(rows)).collect();
        let usual =
            |value: fn(&Frame) -> f32| quantile(frames.iter().filter(|f| f.rows >= ROWS_MIN).map(value).collect(), 0.5);
        let (left, right, leading) = (usual(|f| f.left), usual(|f| f.right), usual(|f| f.leading));
        for frame in frames.iter_mut().filter(|f| f.rows < ROWS_MIN && right > left) {
            // Only where its lines fit.
            if frame.left > left - FIT && frame.right < right + FIT {
                (frame.left, frame.right) = (left, right);
            }
            frame.leading = if leading > 0.0 { leading } else { frame.leading };
        }
        let (mut all, mut indented) = (0usize, 0usize);
        for (rows, frame) in regions.iter().zip(&frames) {
            let chinese = || rows.iter().filter(|r| r.pieces.first().is_some_and(|p| p.text.starts_with(is_wide)));
            all += chinese().count();
            indented += chinese().filter(|r| (1.2..2.6).contains(&((r.x() - frame.left) / r.size))).count();
        }
        let is_indented = indented >= 2 && indented * 12 >= all;
        frames.iter_mut().for_each(|f| f.is_indented = is_indented);
        frames
    }

    /// Whether first lines of Chinese paragraphs are moved in.
    pub fn is_indented(&self) -> bool {
        self.is_indented
    }

    fn is_full(&self, row: &Row) -> bool {
        row.end() > self.right - 2.5 * row.size
    }

    /// A block that begins with a row.
    fn block(&self, kind: BlockKind, text: String, row: &Row) -> Block {
        Block {
            kind,
            text,
            size: row.size,
            bold: row.bold,
            is_full: self.is_full(row),
            is_indented: row.x() > self.left + INDENT * row.size,
            rows: 1,
        }
    }

    /// Whether a row goes on with the paragraph of the row before.
    fn goes_on(&self, before: &Last, row: &Row, block: &Block, text: &str, style: Style) -> bool {
        let last = before.row;
        let step = row.y - last.y;
        let size = last.size.max(row.size);
        let same_size = (last.size - row.size).abs() <= 0.12 * size;
        if step <= 0.0 || !same_size || row.note.is_some() || is_item(text) || before.is_entry {
            return false;
        }
        let large = style.is_large(row.size);
        let usual = if large { 1.7 * size } else { (1.3 * self.leading).max(1.15 * size).min(2.6 * size) };
        if step > usual {
            return false;
        }
        if last.bold != row.bold && (last.pieces.len() == 1 && is_short(last)) {
            return false;
        }
        // What would have fitted on the line before stands on a new one for a reason.
        let first = row.pieces.first().map_or(0.0, |p| p.first_word);
        let fits = last.end() + first + 1.3 * size < self.right;
        if large {
            // The lines of a heading are short and often centred; what stands under a numbered one is text.
            return !(numbered(text) || fits && numbered(&block.text));
        }
        let ends = ends_sentence(&block.text);
        let breaks_off =
            !ends && (text.starts_with(char::is_lowercase) || block.text.ends_with(['-', ',', '，', '、']));
        let is_in = row.x() > self.left + INDENT * size;
        let indent = row.x() - last.x();
        // An indent begins a paragraph, unless the line before has it too or is the first of an item.
        if is_in && indent > INDENT * size && !breaks_off {
            let item = block.kind == BlockKind::ListItem || numbered(&block.text);
            return item && block.rows == 1 && !fits && !numbered(text) && !(ends && self.is_indented);
        }
        if numbered(text) && !breaks_off {
            // Where items are moved in, a number at the edge is one that the text speaks of.
            return self.is_indented && !is_in && !ends && !fits;
        }
        if self.is_indented && is_in && ends && block.rows == 1 && text.starts_with(is_wide) {
            // Two paragraphs of one line each.
            return false;
        }
        !fits || breaks_off
    }
}

/// The value below which a share of the others lies.
fn quantile(mut values: Vec<f32>, share: f32) -> f32 {
    let at = (values.len().max(1) - 1) as f32 * share;
    values.sort_by(f32::total_cmp);
    values.get(at as usize).copied().unwrap_or(0.0)
}

fn is_short(row: &Row) -> bool {
    row.columns() <= HEADING_COLUMNS / 2
}

#[cfg(test)]
mod tests {
    use super::super::rows::{rows, test::line};
    use super::*;

    fn read(lines: &[(&str, f32, f32)]) -> Vec<(BlockKind, String)> {
        let glyphs = lines.iter().flat_map(|(text, x, y)| line(text, *x, *y)).collect();
        let rows = rows(glyphs, false, &mut String::new());
        let frame = Frame::of_all(&[&rows])[0];
        blocks(&rows, &frame, Style { body: 10.0, bold: false }).into_iter().map(|b| (b.kind, b.text)).collect()
    }

    #[test]
    fn lines_of_a_paragraph_are_joined() {
        let found = read(&[
            ("The dry port of the capital opened a second yard for con-", 0.0, 0.0),
            ("tainers, and trains to Central Asia leave from the dry", 0.0, 12.0),
            ("port every day.", 0.0, 24.0),
            ("Another paragraph begins after a short line and goes on", 0.0, 36.0),
            ("to its end.", 0.0, 48.0),
        ]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].1.contains("con\u{1}tainers") && found[0].1.contains("the dry port every"), "{found:?}");
    }

    #[test]
    fn chinese_lines_are_joined_without_blanks() {
        let found = read(&[
            ("新疆加快建设国际陆港，中欧班列开行数", 20.0, 0.0),
            ("量继续增长，口岸通关更加便利，货运量", 0.0, 15.0),
            ("再创新高。", 0.0, 30.0),
            ("甘肃深化改革开放，推动高质量发展取得", 20.0, 45.0),
            ("新成效。", 0.0, 60.0),
        ]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0].1, "新疆加快建设国际陆港，中欧班列开行数量继续增长，口岸通关更加便利，货运量再创新高。");
    }

    #[test]
    fn items_numbers_and_tables_begin_anew() {
        let found = read(&[
            ("• build a dry port in the north of the region this year", 0.0, 0.0),
            ("• open a second rail line to the border before the winter", 0.0, 12.0),
            ("一、去年工作回顾", 0.0, 30.0),
            ("Gansu", 0.0, 60.0),
            ("12,345", 100.0, 60.0),
            ("Qinghai", 0.0, 72.0),
            ("6,789", 100.0, 72.0),
        ]);
        let kinds: Vec<BlockKind> = found.iter().map(|(k, _)| *k).collect();
        use BlockKind::{ListItem, Paragraph, TableRow};
        assert_eq!(kinds, [ListItem, ListItem, Paragraph, TableRow, TableRow], "{found:?}");
        assert_eq!(found[3].1, "Gansu\t12,345");
    }
}
