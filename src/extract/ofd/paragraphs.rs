//! Lines of text → paragraphs, headings and rows of tables. Knows nothing of the format they come from.
//!
//! A paragraph goes on to the next line unless something says that it ends: a wider space, an indent,
//! a line that stops short, another size of type. It goes on over pages and columns.

use super::lines::{Cell, Line, is_wide};
use super::running::Page;
use crate::extract::BlockKind;

/// A block and the page it begins on.
#[derive(Debug, PartialEq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its text; the cells of a row.
    pub cells: Vec<String>,
    /// Counted from 1.
    pub page: u32,
}

/// Types whose sizes differ by more than this factor are not of one paragraph.
const SIZE_FACTOR: f32 = 1.08;
/// Lines farther apart than the usual distance by this factor are not of one paragraph.
const SPACE_FACTOR: f32 = 1.4;
/// Nor are lines farther apart than this, in ems.
const SPACE_MAX: f32 = 3.0;
/// A line moved in by more than this, in ems, begins a paragraph.
const INDENT_MIN: f32 = 0.8;
/// A line that leaves more room than this, in ems, could have taken the next word: it stops short.
const SHORT_MIN: f32 = 2.5;
/// Type larger than that of the text by these factors is that of a title and of a heading.
const TITLE_FACTOR: f32 = 1.5;
const HEADING_FACTOR: f32 = 1.15;
/// Of two lines, so many cells are compared to see whether they are rows of a table.
const CELLS_COMPARED: usize = 32;
/// A heading has no more characters.
const HEADING_CHARS_MAX: usize = 60;

/// The measures of an area.
#[derive(Clone, Copy)]
struct Area {
    number: usize,
    page: u32,
    left: f32,
    right: f32,
    /// The usual distance of lines.
    pitch: f32,
}

/// The blocks of pages in reading order.
pub fn blocks(pages: &[Page]) -> Vec<Block> {
    let areas: Vec<(u32, &[Line])> =
        pages.iter().flat_map(|p| p.areas.iter().map(|a| (p.number, a.as_slice()))).collect();
    let body = body_size(areas.iter().flat_map(|(_, lines)| lines.iter()));
    let measures = measures(&areas);
    let is_indented = is_indented(&areas, &measures);
    let mut out = Vec::new();
    let mut open: Option<Open> = None;
    for ((_, lines), area) in areas.iter().zip(&measures) {
        let mut row: Option<&Line> = None;
        for (at, line) in lines.iter().enumerate() {
            if is_row(lines, at) {
                out.extend(open.take().map(|o| o.close(body)));
                let cells = line.cells.iter().map(|c| c.text.clone()).collect();
                out.push(Block { kind: BlockKind::TableRow, cells, page: area.page });
                row = Some(line);
                continue;
            }
            let over = row.filter(|_| open.is_none()).and_then(|row| cell_over(row, line));
            if let Some(cell) = over.and_then(|cell| out.last_mut()?.cells.get_mut(cell)) {
                join(cell, &line.text());
                continue;
            }
            row = None;
            match &mut open {
                Some(open) if open.goes_on(line, area, body, is_indented) => open.add(line, area),
                _ => {
                    out.extend(open.replace(Open::new(line, area)).map(|o| o.close(body)));
                }
            }
        }
    }
    out.extend(open.map(|o| o.close(body)));
    out
}

/// A paragraph that may go on.
struct Open<'a> {
    text: String,
    page: u32,
    last: &'a Line,
    area: Area,
}

impl<'a> Open<'a> {
    fn new(line: &'a Line, area: &Area) -> Open<'a> {
        Open { text: line.text(), page: area.page, last: line, area: *area }
    }

    fn add(&mut self, line: &'a Line, area: &Area) {
        join(&mut self.text, &line.text());
        (self.last, self.area) = (line, *area);
    }

    fn close(self, body: f32) -> Block {
        let ratio = self.last.size / body;
        let is_heading = ratio >= HEADING_FACTOR
            && self.text.chars().count() <= HEADING_CHARS_MAX
            && self.text.chars().any(char::is_alphabetic)
            && !ends_sentence(&self.text)
            // The head of an official letter names who issued it, not what it is about.
            && !self.text.ends_with("文件");
        let kind = match is_heading {
            true if ratio >= TITLE_FACTOR => BlockKind::Heading(1),
            true => BlockKind::Heading(2),
            false => BlockKind::Paragraph,
        };
        Block { kind, cells: vec![self.text], page: self.page }
    }

    /// Whether the paragraph goes on with a line.
    fn goes_on(&self, next: &Line, area: &Area, body: f32, is_indented: bool) -> bool {
        let last = self.last;
        let em = last.size;
        let factor = next.size / em;
        if !(1.0 / SIZE_FACTOR..=SIZE_FACTOR).contains(&factor) || next.turn != last.turn || is_entry(last) {
            return false;
        }
        let is_same_area = area.number == self.area.number;
        let space = next.y - last.y;
        if is_same_area && (space > (SPACE_FACTOR * area.pitch).max(1.2 * em) || space > SPACE_MAX * em) {
            return false;
        }
        let ends = ends_sentence(&self.text);
        let text = next.cells.first().map_or("", |c| c.text.as_str());
        let is_item = is_list_item(text);
        if is_bullet(text) {
            return false;
        }
        let (indent_last, indent) = (last.left() - self.area.left, next.left() - area.left);
        let room = self.area.right - last.right();
        let middle = |line: &Line, area: &Area| (line.left() + line.right() - area.left - area.right) / 2.0;
        let is_centred = indent_last > em && indent > em && middle(last, &self.area).abs() < 1.5 * em;
        if is_centred && (middle(last, &self.area) - middle(next, area)).abs() < 0.7 * em {
            // A title of several lines.
            return em > HEADING_FACTOR * body && !ends && is_same_area;
        }
        let is_short = room > SHORT_MIN.max(first_word(text) + 0.3) * em;
        if indent > indent_last + INDENT_MIN * em {
            // Lines of an item stand under its text.
            return is_list_item(&self.text) && !is_short && is_same_area && !is_item && indent_last < INDENT_MIN * em;
        }
        if indent > INDENT_MIN * em {
            // As far in as the line before: text set in as a whole, or two paragraphs of a line each.
            return !ends && !is_short && !is_item;
        }
        if is_short {
            // Lines with a ragged edge.
            let goes_on = next.cells.first().and_then(|c| c.text.chars().next()).is_some_and(char::is_lowercase);
            return goes_on && !ends && room < 0.4 * (self.area.right - self.area.left);
        }
        match ends {
            true if is_item => false,
            // Between pages the space tells nothing; where first lines are moved in, this one is none.
            true => is_same_area || is_indented,
            false => true,
        }
    }
}

/// Adds a line to a paragraph: with a blank between words, without one beside ideographs.
fn join(text: &mut String, line: &str) {
    let (last, first) = (text.chars().next_back(), line.chars().next());
    let (Some(last), Some(first)) = (last, first) else {
        text.push_str(line);
        return;
    };
    let before = text.chars().rev().nth(1);
    if last == '\u{ad}' || matches!(last, '-' | '‐') && before.is_some_and(char::is_lowercase) && first.is_lowercase()
    {
        text.pop();
    } else if !is_wide(last) && !is_wide(first) && !is_split_number(text, last, line, first) {
        text.push(' ');
    }
    text.push_str(line);
}

/// Whether a number of a Chinese text goes on in the next line: they are broken anywhere there.
fn is_split_number(text: &str, last: char, line: &str, first: char) -> bool {
    let number = |c: &char| c.is_ascii_digit() || matches!(c, '.' | ',');
    last.is_ascii_digit()
        && first.is_ascii_digit()
        && text.chars().rev().take(16).find(|c| !number(c)).is_some_and(is_wide)
        && line.chars().take(16).find(|c| !number(c)).is_some_and(is_wide)
}

fn ends_sentence(text: &str) -> bool {
    // No more than the end is looked at: paragraphs can be long, and are asked line by line.
    let end = text.char_indices().rev().nth(8).and_then(|(at, _)| text.get(at..)).unwrap_or(text);
    let text = end.trim_end_matches(['”', '"', '’', '）', ')', '」', '】', '》']);
    text.ends_with(['.', '。', '!', '！', '?', '？', ':', '：', ';', '；', '…'])
}

/// Room that the first word of a line takes, in ems; of ideographs, each is one.
fn first_word(text: &str) -> f32 {
    let letters = text.chars().take(40).take_while(|c| !is_wide(*c) && !c.is_whitespace()).count();
    letters as f32 * 0.5
}

/// Marks that items of lists begin with.
const BULLETS: &[char] = &['•', '●', '■', '◆', '▲', '★', '○', '□', '◇', '➢', '►', '✓'];

fn is_bullet(text: &str) -> bool {
    text.starts_with(BULLETS) && text.chars().nth(1).is_some()
}

/// Whether a line begins with the number of an item: `1.`, `（一）`, `一、`, `(a)`, `第三条`.
fn is_list_item(text: &str) -> bool {
    let number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十百".contains(c);
    let mut rest = text.char_indices().nth(12).and_then(|(at, _)| text.get(..at)).unwrap_or(text);
    let opened = ['(', '（', '第'].iter().find_map(|c| rest.strip_prefix(*c).map(|r| (*c, r)));
    if let Some((_, inner)) = opened {
        rest = inner;
    }
    let after = rest.trim_start_matches(number);
    let digits = rest.chars().count().saturating_sub(after.chars().count());
    let is_letter =
        opened.is_some_and(|(c, _)| c != '第') && rest.len() > 1 && rest.starts_with(|c: char| c.is_ascii_lowercase());
    if is_letter {
        return rest.get(1..).is_some_and(|r| r.starts_with([')', '）']));
    }
    if !(1..=4).contains(&digits) {
        return rest.starts_with(|c: char| ('①'..='⑳').contains(&c));
    }
    match opened {
        Some(('第', _)) => after.starts_with(['条', '章', '节', '款', '项']),
        Some(_) => after.starts_with([')', '）']),
        None => {
            after.starts_with(['、', '．', ')', '）'])
                || after.strip_prefix('.').is_some_and(|r| !r.starts_with(|c: char| c.is_ascii_digit()))
        }
    }
}

/// Whether a line is an entry of a table of contents: dots lead to a page number.
fn is_entry(line: &Line) -> bool {
    let text = line.text();
    let leader = ["....", "……", "····", ". . . ."].iter().any(|l| text.contains(l));
    leader && text.ends_with(|c: char| c.is_numeric() || c == ')' || c == '）')
}

/// Whether a line is a row of a table: it has cells, and so has a line near it that agrees with one of them.
fn is_row(lines: &[Line], at: usize) -> bool {
    let Some(line) = lines.get(at).filter(|l| l.cells.len() >= 2 && !is_entry(l)) else { return false };
    let is_item = line.cells.len() == 2
        && line
            .cells
            .first()
            .is_some_and(|c| c.text.chars().count() <= 5 && (is_list_item(&c.text) || c.text.starts_with(BULLETS)));
    if is_item {
        return false;
    }
    let few = |l: &Line| l.cells.iter().skip(1).take(CELLS_COMPARED).cloned().collect::<Vec<_>>();
    let mine = few(line);
    // Of a cell with several lines, one may stand between two rows.
    let near = lines.get(at.saturating_sub(2)..at.saturating_add(3).min(lines.len())).unwrap_or_default();
    near.iter().filter(|other| !std::ptr::eq(*other, line)).any(|other| {
        let em = line.size.max(other.size);
        let agrees = |a: &Cell, b: &Cell| {
            (a.left - b.left).abs() < em || ((a.left + a.right - b.left - b.right) / 2.0).abs() < em
        };
        (other.y - line.y).abs() < 6.0 * em && few(other).iter().any(|b| mine.iter().any(|a| agrees(a, b)))
    })
}

/// The cell of a row that goes on in a line below it: not the first one, which a text beside the
/// table could stand under.
fn cell_over(row: &Line, line: &Line) -> Option<usize> {
    let [only] = line.cells.as_slice() else { return None };
    let em = row.size.max(line.size);
    if line.y - row.y > 2.2 * em || line.turn != row.turn || line.y <= row.y {
        return None;
    }
    let found = row.cells.iter().skip(1).take(CELLS_COMPARED).position(|c| (c.left - only.left).abs() < 0.5 * em)?;
    Some(found + 1)
}

/// The size of most of the text.
fn body_size<'a>(lines: impl Iterator<Item = &'a Line>) -> f32 {
    let mut sizes: Vec<(f32, usize)> = lines.map(|l| (l.size, l.cells.iter().map(|c| c.text.len()).sum())).collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all: usize = sizes.iter().map(|(_, n)| n).sum();
    let mut seen = 0;
    let middle = sizes.iter().find(|(_, n)| {
        seen += n;
        seen * 2 >= all
    });
    middle.map_or(1.0, |(size, _)| size.max(f32::EPSILON))
}

/// The value below which so many of a hundred lie.
fn quantile(mut values: Vec<f32>, hundredths: usize) -> Option<f32> {
    let at = values.len().checked_sub(1)? * hundredths / 100;
    Some(*values.select_nth_unstable_by(at, f32::total_cmp).1)
}

/// The measures of all areas. An area of few lines is measured by the others.
fn measures(areas: &[(u32, &[Line])]) -> Vec<Area> {
    const LINES_MIN: usize = 5;
    let own: Vec<Area> = areas
        .iter()
        .enumerate()
        .map(|(number, (page, lines))| {
            // Of many lines, some may stand out at either side.
            let off = if lines.len() >= 20 { 5 } else { 0 };
            let spaces = lines.windows(2).filter_map(|w| w.first().zip(w.get(1))).filter_map(|(a, b)| {
                let space = b.y - a.y;
                (space > 0.3 * a.size && space < SPACE_MAX * a.size).then_some(space)
            });
            Area {
                number,
                page: *page,
                left: quantile(lines.iter().map(Line::left).collect(), off).unwrap_or(0.0),
                right: quantile(lines.iter().map(Line::right).collect(), 100 - off).unwrap_or(0.0),
                pitch: quantile(spaces.collect(), 30).unwrap_or(0.0),
            }
        })
        .collect();
    let whole = |value: fn(&Area) -> f32| {
        let of = own.iter().zip(areas).filter(|(_, (_, lines))| lines.len() >= LINES_MIN);
        quantile(of.map(|(area, _)| value(area)).collect(), 50)
    };
    let usual = (whole(|a| a.left), whole(|a| a.right), whole(|a| a.pitch));
    let (Some(left), Some(right), Some(pitch)) = usual else { return own };
    let few = |(area, (_, lines)): (Area, &(u32, &[Line]))| {
        // Only where the lines fit into it.
        let fits = lines.len() < LINES_MIN && area.left > left - 1.0 && area.right < right + 1.0;
        let pitch = if lines.len() < LINES_MIN { pitch } else { area.pitch };
        if fits { Area { left, right, pitch, ..area } } else { Area { pitch, ..area } }
    };
    own.into_iter().zip(areas).map(few).collect()
}

/// Whether first lines of paragraphs are moved in.
fn is_indented(areas: &[(u32, &[Line])], measures: &[Area]) -> bool {
    let (mut all, mut indented) = (0usize, 0usize);
    for ((_, lines), area) in areas.iter().zip(measures) {
        all += lines.len();
        indented += lines.iter().filter(|l| (1.2..2.6).contains(&((l.left() - area.left) / l.size))).count();
    }
    indented >= 2 && indented * 12 >= all
}

#[cfg(test)]
mod tests {
    use super::super::lines::{areas, test::run};
    use super::*;

    fn page(number: u32, lines: &[(&str, f32, f32, f32)]) -> Page {
        let runs: Vec<_> = lines.iter().map(|(text, x, y, size)| run(text, *x, *y, *size)).collect();
        Page { number, height: Some(297.0), areas: areas(&runs), head: Vec::new(), foot: Vec::new() }
    }

    fn texts(pages: &[Page]) -> Vec<(BlockKind, String, u32)> {
        blocks(pages).into_iter().map(|b| (b.kind, b.cells.join("|"), b.page)).collect()
    }

    const FULL: &str = "各港区的账目逐月在门口张贴，供货主查对，有错当月改正。港区与";

    #[test]
    fn indents_and_short_lines_part_paragraphs_also_over_pages() {
        let pages = [
            page(
                1,
                &[
                    ("甘肃省陆港建设工作报告", 60.0, 40.0, 8.0),
                    ("各港区的账目逐月在门口张贴，供货主查对，有错当月改正", 35.0, 60.0, 5.0),
                    ("当月改正。", 25.0, 68.0, 5.0),
                    ("下一段的账目逐月在门口张贴，供货主查对，有错当月改正", 35.0, 76.0, 5.0),
                    (FULL, 25.0, 84.0, 5.0),
                    ("一、港口", 25.0, 92.0, 5.0),
                    (FULL, 25.0, 100.0, 5.0),
                ],
            ),
            page(2, &[("铁路局的清算。", 25.0, 30.0, 5.0), ("二、问题", 35.0, 44.0, 6.0)]),
        ];
        let found = texts(&pages);
        let found: Vec<(BlockKind, &str, u32)> = found.iter().map(|(k, t, p)| (*k, t.as_str(), *p)).collect();
        let last = format!("{FULL}铁路局的清算。");
        let second = format!("下一段的账目逐月在门口张贴，供货主查对，有错当月改正{FULL}一、港口");
        assert_eq!(
            found,
            [
                (BlockKind::Heading(1), "甘肃省陆港建设工作报告", 1),
                (BlockKind::Paragraph, "各港区的账目逐月在门口张贴，供货主查对，有错当月改正当月改正。", 1),
                (BlockKind::Paragraph, second.as_str(), 1),
                (BlockKind::Paragraph, last.as_str(), 1),
                (BlockKind::Heading(2), "二、问题", 2),
            ]
        );
    }

    #[test]
    fn latin_lines_are_joined_with_blanks_and_hyphens_go() {
        let lines = [
            ("The dry port of the capital would open a sec-", 20.0, 10.0, 5.0),
            ("ond yard before the end of the year, and so on", 20.0, 18.0, 5.0),
            ("it went.", 20.0, 26.0, 5.0),
            ("Another paragraph begins here with a long line", 20.0, 34.0, 5.0),
            ("and ends.", 20.0, 42.0, 5.0),
        ];
        let found = texts(&[page(1, &lines)]);
        assert_eq!(
            found.iter().map(|(_, t, _)| t.as_str()).collect::<Vec<_>>(),
            [
                "The dry port of the capital would open a second yard before the end of the year, and so on it went.",
                "Another paragraph begins here with a long line and ends."
            ]
        );
    }

    #[test]
    fn rows_of_a_table_keep_their_cells() {
        let lines = [
            ("城市", 20.0, 10.0, 5.0),
            ("列数", 60.0, 10.0, 5.0),
            ("武威", 20.0, 18.0, 5.0),
            ("516", 60.0, 18.0, 5.0),
            ("列一年", 60.0, 25.0, 5.0),
            ("落款", 20.0, 60.0, 5.0),
            ("日期", 120.0, 60.0, 5.0),
        ];
        let found = texts(&[page(1, &lines)]);
        assert_eq!(
            found.iter().map(|(k, t, _)| (*k, t.as_str())).collect::<Vec<_>>(),
            [
                (BlockKind::TableRow, "城市|列数"),
                (BlockKind::TableRow, "武威|516列一年"),
                (BlockKind::Paragraph, "落款 日期")
            ]
        );
    }

    #[test]
    fn numbers_of_items_are_told() {
        for (text, expected) in [
            ("1.港口", true),
            ("1.5亿元", false),
            ("（一）港口", true),
            ("一、港口", true),
            ("(a) ports", true),
            ("第三条 港口", true),
            ("①港口", true),
            ("2021年", false),
            ("港口", false),
            ("（2021年）", false),
        ] {
            assert_eq!(is_list_item(text), expected, "{text}");
        }
    }
}
