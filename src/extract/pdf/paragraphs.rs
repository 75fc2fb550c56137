//! Rows of a region → blocks: lines that go on are joined, headings, items, notes and table rows told apart.

use super::super::BlockKind;
use super::rows::{Row, is_wide};

/// A heading is set larger than the text by this factor.
const HEADING_SIZE: f32 = 1.12;
/// Notes are set smaller than the text by this factor.
const NOTE_SIZE: f32 = 0.92;
/// A heading has no more columns of characters than this.
const HEADING_COLUMNS: usize = 160;
/// Stands for a hyphen at the end of a line until the whole document is known.
pub const HYPHEN: char = '\u{1}';

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
pub fn blocks(rows: &[Row], style: Style) -> Vec<Block> {
    let frame = Frame::of(rows);
    let tabular = tabular(rows);
    let mut out: Vec<Block> = Vec::new();
    let mut last: Option<&Row> = None;
    for (at, row) in rows.iter().enumerate() {
        if tabular[at] {
            out.push(Block {
                kind: BlockKind::TableRow,
                text: row.pieces.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\t"),
                size: row.size,
                bold: row.bold,
                is_full: false,
                rows: 1,
            });
            last = None;
            continue;
        }
        let text = row.text();
        let open = out.last_mut().filter(|b| b.kind != BlockKind::TableRow);
        match (open, last) {
            (Some(block), Some(last)) if frame.goes_on(last, row, &block.text, &text, style) => {
                join(&mut block.text, &text);
                block.rows += 1;
                block.bold &= row.bold;
                block.is_full = frame.is_full(row);
            }
            _ => out.push(Block {
                kind: if row.note.is_some() && row.size < style.body * NOTE_SIZE {
                    BlockKind::Footnote
                } else if is_item(&text) {
                    BlockKind::ListItem
                } else {
                    BlockKind::Paragraph
                },
                text: match &row.note {
                    Some(note) => format!("{note} {text}"),
                    None => text,
                },
                size: row.size,
                bold: row.bold,
                is_full: frame.is_full(row),
                rows: 1,
            }),
        }
        last = Some(row);
    }
    for block in &mut out {
        let columns = block.text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum::<usize>();
        let short = columns <= HEADING_COLUMNS && block.text.chars().any(char::is_alphabetic);
        let ends = block.text.ends_with(['.', '。', ';', '；', ',', '，', '、', ':', '：']);
        if block.kind != BlockKind::TableRow && short {
            if style.is_large(block.size) && block.rows <= 4 {
                block.kind = BlockKind::Heading(1);
            } else if block.bold && !style.bold && block.rows <= 2 && !ends && block.size > style.body * NOTE_SIZE {
                block.kind = BlockKind::Heading(6);
            }
        }
        if block.kind == BlockKind::Paragraph && block.size < style.body * NOTE_SIZE && begins_note(&block.text) {
            block.kind = BlockKind::Footnote;
        }
    }
    out
}

/// Goes on with another line: words parted by a blank, ideographs by nothing, a hyphen to be decided.
pub fn join(text: &mut String, line: &str) {
    let (Some(last), Some(next)) = (text.chars().last(), line.chars().next()) else {
        text.push_str(line);
        return;
    };
    let mut before = text.chars().rev();
    before.next();
    let word = before.next().is_some_and(|c| c.is_alphabetic() && !is_wide(c));
    if matches!(last, '-' | '\u{2010}' | '\u{ad}') && word && next.is_lowercase() {
        text.pop();
        text.push(HYPHEN);
    } else if !(is_wide(last) && is_wide(next)) && last != '\u{ad}' {
        text.push(' ');
    }
    text.push_str(line);
}

/// The edges of a region.
struct Frame {
    left: f32,
    right: f32,
    leading: f32,
}

impl Frame {
    fn of(rows: &[Row]) -> Frame {
        let mut steps: Vec<f32> = rows.windows(2).map(|w| w[1].y - w[0].y).filter(|step| *step > 0.0).collect();
        steps.sort_by(f32::total_cmp);
        let edge = |mut list: Vec<f32>, share: f32| {
            list.sort_by(f32::total_cmp);
            list.get(((list.len().max(1) - 1) as f32 * share) as usize).copied().unwrap_or(0.0)
        };
        Frame {
            left: edge(rows.iter().map(Row::x).collect(), 0.1),
            right: edge(rows.iter().map(Row::end).collect(), 0.95),
            leading: steps.get(steps.len() / 3).copied().unwrap_or(0.0),
        }
    }

    fn is_full(&self, row: &Row) -> bool {
        row.end() > self.right - 2.5 * row.size
    }

    /// Whether a row goes on with the paragraph of the row before.
    fn goes_on(&self, last: &Row, row: &Row, before: &str, text: &str, style: Style) -> bool {
        let step = row.y - last.y;
        let size = last.size.max(row.size);
        let same_size = (last.size - row.size).abs() <= 0.12 * size;
        if step <= 0.0 || !same_size || row.note.is_some() || is_item(text) {
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
        if large {
            // The lines of a heading are short and often centred.
            return !numbered(text);
        }
        let breaks_off = !ends_sentence(before)
            && (text.starts_with(char::is_lowercase) || before.ends_with(['-', ',', '，', '、']));
        // An indent begins a paragraph, unless the line before has it too.
        let indent = row.x() - last.x();
        if row.x() > self.left + 0.9 * size && indent > 0.9 * size && !breaks_off {
            return false;
        }
        if numbered(text) && !breaks_off {
            return false;
        }
        // What would have fitted on the line before stands on a new one for a reason.
        let first = row.pieces.first().map_or(0.0, |p| p.first_word);
        let fits = last.end() + first + 1.3 * size < self.right;
        !fits || breaks_off
    }
}

fn is_short(row: &Row) -> bool {
    row.columns() <= HEADING_COLUMNS / 2
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '”', '’', ')', '）', '」', '》'])
        .ends_with(['.', '。', '!', '！', '?', '？', ':', '：', ';', '；'])
}

/// A line that begins with a bullet, or a number as lists have it.
fn is_item(text: &str) -> bool {
    let mut chars = text.chars();
    match chars.next() {
        Some(
            '•' | '◦' | '▪' | '●' | '○' | '■' | '□' | '►' | '➢' | '✓' | '✔' | '❖' | '◆' | '\u{f0b7}' | '\u{f0a7}'
            | '\u{f0d8}',
        ) => true,
        Some('–' | '—' | '-' | '*') => chars.next() == Some(' '),
        _ => false,
    }
}

/// A line that begins with the number of a section or an item: `1.`, `2)`, `(a)`, `三、`, `（四）`, `第五章`.
fn numbered(text: &str) -> bool {
    let head: Vec<char> = text.chars().take(8).collect();
    let digits = head.iter().take_while(|c| c.is_ascii_digit()).count();
    let after = |at: usize| head.get(at).copied().unwrap_or(' ');
    let chinese = |c: &char| "一二三四五六七八九十百零〇".contains(*c);
    if (1..=3).contains(&digits) {
        return matches!(after(digits), '.' | ')' | '、' | '．' | '）') && !after(digits + 1).is_ascii_digit();
    }
    if matches!(after(0), '(' | '（') {
        let inner = head[1..].iter().take_while(|c| c.is_ascii_alphanumeric() || chinese(c)).count();
        return (1..=3).contains(&inner) && matches!(after(inner + 1), ')' | '）');
    }
    if after(0) == '第' {
        let inner = head[1..].iter().take_while(|c| chinese(c) || c.is_ascii_digit()).count();
        return inner > 0 && matches!(after(inner + 1), '章' | '节' | '条' | '部' | '篇');
    }
    let numerals = head.iter().take_while(|c| chinese(c)).count();
    numerals > 0 && matches!(after(numerals), '、' | '．')
}

/// A line that begins as notes do: with a number, a mark or a circled number.
fn begins_note(text: &str) -> bool {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let mark = text.starts_with(['*', '†', '‡', '①', '②', '③', '④', '⑤', '⑥', '⑦', '⑧', '⑨', '⑩']);
    let followed = text.chars().nth(digits).is_some_and(|c| c == ' ' || c.is_alphabetic());
    mark || (1..=3).contains(&digits) && followed || text.starts_with("注：") || text.starts_with("Note:")
}

/// Which rows are rows of a table: several pieces with wide gaps, and not alone in it.
fn tabular(rows: &[Row]) -> Vec<bool> {
    let wide: Vec<bool> = rows.iter().map(|r| r.pieces.windows(2).any(|w| w[1].x - w[0].end > 1.4 * r.size)).collect();
    let mut out: Vec<bool> = (0..rows.len())
        .map(|at| {
            let near = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
            wide[at] && near.into_iter().any(|other| wide.get(other) == Some(&true))
                || wide[at] && rows[at].pieces.len() > 2
        })
        .collect();
    // A line alone between two rows goes on with a cell of the one above.
    for at in 1..rows.len().saturating_sub(1) {
        let close = rows[at + 1].y - rows[at - 1].y < 4.0 * rows[at].size;
        out[at] |= out[at - 1] && wide[at + 1] && rows[at].pieces.len() == 1 && close;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::rows::{rows, test::line};
    use super::*;

    fn read(lines: &[(&str, f32, f32)]) -> Vec<(BlockKind, String)> {
        let glyphs = lines.iter().flat_map(|(text, x, y)| line(text, *x, *y)).collect();
        let rows = rows(glyphs, &mut String::new());
        blocks(&rows, Style { body: 10.0, bold: false }).into_iter().map(|b| (b.kind, b.text)).collect()
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
