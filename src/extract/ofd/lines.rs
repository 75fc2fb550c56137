//! Glyphs with their places → lines of text in reading order. Knows nothing of the format they come from.
//!
//! In: [`Run`]s of glyphs, in any order. Out: areas of [`Line`]s: a page has one, a page in columns
//! several. Sorted once by height, then each line by place: a page of single glyphs costs no more.

use super::columns::columns;
use unicode_width::UnicodeWidthChar;

/// A glyph and where it stands, upright: x grows in the direction of reading, y from line to line.
#[derive(Clone, Copy, Debug)]
pub struct Glyph {
    /// What it stands for.
    pub c: char,
    /// Where it begins.
    pub x: f32,
    /// Its base line.
    pub y: f32,
    /// Size of the type.
    pub size: f32,
    /// What room it takes by itself, about.
    pub width: f32,
}

/// Glyphs that were written in one go.
#[derive(Clone, Debug)]
pub struct Run {
    /// How far from upright it is read on the page.
    pub turn: Turn,
    /// Its glyphs in their order.
    pub glyphs: Vec<Glyph>,
}

/// In which direction a text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// To the right, lines downwards.
    None,
    /// Downwards, lines to the left: upright Chinese columns, too.
    Down,
    /// Upwards, lines to the right.
    Up,
    /// Upside down.
    Half,
}

impl Turn {
    const ALL: [Turn; 4] = [Turn::None, Turn::Down, Turn::Up, Turn::Half];

    /// A place on the page as one of upright text.
    pub fn upright(self, x: f32, y: f32) -> (f32, f32) {
        match self {
            Turn::None => (x, y),
            Turn::Down => (y, -x),
            Turn::Up => (-y, x),
            Turn::Half => (-x, -y),
        }
    }
}

/// A stretch of a line without a wide gap.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Where it begins.
    pub left: f32,
    /// Where it ends.
    pub right: f32,
    /// Its text.
    pub text: String,
}

/// A line of text.
#[derive(Clone, Debug)]
pub struct Line {
    /// How it is read on the page.
    pub turn: Turn,
    /// Its stretches, in order; never empty.
    pub cells: Vec<Cell>,
    /// Its base line.
    pub y: f32,
    /// Size of most of its type.
    pub size: f32,
}

impl Line {
    /// Where it begins.
    pub fn left(&self) -> f32 {
        self.cells.first().map_or(0.0, |c| c.left)
    }

    /// Where it ends.
    pub fn right(&self) -> f32 {
        self.cells.last().map_or(0.0, |c| c.right)
    }

    /// Its text, with a blank for each wide gap.
    pub fn text(&self) -> String {
        self.cells.iter().map(|c| c.text.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// A gap wider than this, in ems, parts two cells or columns.
const CELL_GAP_MIN: f32 = 1.8;
/// Glyphs are on one line when their base lines differ by less than this, in ems: notes are raised by a third.
const LINE_SHIFT_MAX: f32 = 0.4;
/// A gap between Latin letters above what is usual on their line, in ems, is one between words.
const WORD_GAP_MIN: f32 = 0.2;
/// A blank between ideographs needs this much room, in ems: others are left over from typesetting.
const WIDE_BLANK_MIN: f32 = 0.15;
/// The same glyphs nearer than this, in ems, are printed twice to look bold.
const DOUBLE_MAX: f32 = 0.2;

/// Whether a character takes the room of an ideograph. Fonts put ideographs at private places, too.
pub fn is_wide(c: char) -> bool {
    c.width() == Some(2) || matches!(c, '\u{e000}'..='\u{f8ff}' | '…' | '—' | '―')
}

/// Letters, digits and marks of Latin text; quotation marks can be of either width.
fn is_narrow(c: char) -> bool {
    // Other scripts part words differently, or not at all.
    c.is_ascii() || c.is_alphabetic() && matches!(c, '\0'..'\u{590}' | '\u{1e00}'..'\u{2000}')
}

/// The width of a glyph in ems, about: fonts differ, but not by much more than a tenth.
pub fn natural_width(c: char) -> f32 {
    match c {
        c if is_wide(c) => 1.0,
        'i' | 'j' | 'l' | '.' | ',' | ';' | ':' | '\'' | '|' | '!' | ' ' | '·' => 0.27,
        'f' | 'r' | 't' | 'I' | '(' | ')' | '[' | ']' | '-' | '/' => 0.35,
        'm' | 'M' | 'W' | '@' | '%' => 0.85,
        'w' | 'A'..='E' | 'G' | 'H' | 'K' | 'N' | 'O' | 'Q' | 'R' | 'U' | 'V' | 'X' | 'Y' | '&' => 0.68,
        c if c.width() == Some(0) => 0.0,
        _ => 0.5,
    }
}

/// The lines of a page. Areas are read one after another, each from top to bottom.
pub fn areas(runs: &[Run]) -> Vec<Vec<Line>> {
    let mut out = Vec::new();
    for turn in Turn::ALL {
        let mut pieces: Vec<&[Glyph]> =
            runs.iter().filter(|r| r.turn == turn).flat_map(|r| pieces(&r.glyphs)).collect();
        let lines = lines(&mut pieces, turn);
        if !lines.is_empty() {
            out.extend(columns(lines));
        }
    }
    out
}

/// Cuts a run where it jumps to another line or over a wide gap.
fn pieces(glyphs: &[Glyph]) -> impl Iterator<Item = &[Glyph]> {
    glyphs.chunk_by(|a, b| {
        let em = a.size.max(b.size);
        (a.y - b.y).abs() < LINE_SHIFT_MAX * em && b.x - a.x - a.width < CELL_GAP_MIN * em && b.x - a.x > -0.5 * em
    })
}

fn lines(pieces: &mut [&[Glyph]], turn: Turn) -> Vec<Line> {
    let of = |piece: &[Glyph]| piece.first().map_or((0.0, 0.0, 0.0), |g| (g.x, g.y, g.size));
    pieces.sort_by(|a, b| of(a).1.total_cmp(&of(b).1));
    let mut out = Vec::new();
    let mut rest = &mut *pieces;
    while let Some(first) = rest.first() {
        let (_, mut y, mut size) = of(first);
        let same = rest
            .iter()
            .position(|piece| {
                let (_, at, of_piece) = of(piece);
                let em = size.max(of_piece).min(1.7 * size.min(of_piece));
                let is_same = at - y < LINE_SHIFT_MAX * em;
                // What is set in larger type says where the line is.
                if is_same && of_piece > size {
                    (y, size) = (at, of_piece);
                }
                !is_same
            })
            .unwrap_or(rest.len());
        let (line, after) = rest.split_at_mut(same.max(1));
        rest = after;
        line.sort_by(|a, b| of(a).0.total_cmp(&of(b).0));
        out.extend(line_of(line, y, turn));
    }
    out
}

/// A line of pieces that are in order; none if it is blank.
fn line_of(pieces: &[&[Glyph]], y: f32, turn: Turn) -> Option<Line> {
    let mut glyphs: Vec<Glyph> = Vec::new();
    let mut last: Option<&[Glyph]> = None;
    for piece in pieces {
        if last.is_some_and(|last| is_double(last, piece)) {
            continue;
        }
        last = Some(piece);
        glyphs.extend_from_slice(piece);
    }
    let mut sizes: Vec<f32> = glyphs.iter().filter(|g| !g.c.is_whitespace()).map(|g| g.size).collect();
    if sizes.is_empty() {
        return None;
    }
    let middle = sizes.len() / 2;
    let size = *sizes.select_nth_unstable_by(middle, f32::total_cmp).1;

    let spacing = Spacing::of(&glyphs);
    let mut cells: Vec<Cell> = Vec::new();
    let (mut before, mut blank): (Option<Glyph>, bool) = (None, false);
    for glyph in glyphs {
        if glyph.c.is_whitespace() {
            blank = true;
            continue;
        }
        // A soft hyphen that is drawn ends a line; whether it is one is decided there.
        let gap = before.map(|b| spacing.gap(&b, &glyph, blank));
        match (gap, cells.last_mut()) {
            (Some(gap), Some(cell)) if gap != Gap::Cell => {
                if gap == Gap::Blank {
                    cell.text.push(' ');
                }
                cell.text.push(glyph.c);
                cell.right = cell.right.max(glyph.x + glyph.width);
            }
            _ => {
                cells.push(Cell { left: glyph.x, right: glyph.x + glyph.width, text: glyph.c.to_string() });
            }
        }
        (before, blank) = (Some(glyph), false);
    }
    Some(Line { turn, cells, y, size })
}

fn is_double(a: &[Glyph], b: &[Glyph]) -> bool {
    a.len() == b.len()
        && a.first().zip(b.first()).is_some_and(|(a, b)| (a.x - b.x).abs() < DOUBLE_MAX * a.size)
        && a.iter().map(|g| g.c).eq(b.iter().map(|g| g.c))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gap {
    No,
    Blank,
    Cell,
}

/// How far apart Latin letters stand on a line.
struct Spacing {
    /// All of them take the same room: in ems.
    even: Option<f32>,
    /// What they stand apart beyond their widths, in ems.
    usual: f32,
    /// Whether there were enough to know.
    is_known: bool,
}

impl Spacing {
    fn of(glyphs: &[Glyph]) -> Spacing {
        let pairs = || glyphs.windows(2).filter_map(|w| w.first().zip(w.get(1))).filter(|(a, b)| both_latin(a, b));
        let median = |mut values: Vec<f32>| {
            let middle = values.len() / 2;
            if values.is_empty() { 0.0 } else { *values.select_nth_unstable_by(middle, f32::total_cmp).1 }
        };
        let steps: Vec<f32> = pairs().map(|(a, b)| (b.x - a.x) / a.size).collect();
        let step = median(steps.clone());
        let near = steps.iter().filter(|s| (**s - step).abs() < 0.03).count();
        Spacing {
            even: (steps.len() >= 3 && near * 5 >= steps.len() * 3).then_some(step),
            usual: median(pairs().map(|(a, b)| (b.x - a.x - a.width) / a.size).collect()),
            is_known: steps.len() >= 3,
        }
    }

    fn gap(&self, a: &Glyph, b: &Glyph, blank: bool) -> Gap {
        let em = a.size.max(b.size).max(f32::EPSILON);
        let step = (b.x - a.x) / em;
        let width = a.width / em;
        if step - width > CELL_GAP_MIN {
            return Gap::Cell;
        }
        let is_blank = match (is_narrow(a.c), is_narrow(b.c)) {
            (true, true) if blank => true,
            (true, true) => {
                let room = match self.even {
                    Some(even) => step - even.max(width),
                    None if self.is_known => step - width - self.usual,
                    None => step - width.max(0.55),
                };
                room > WORD_GAP_MIN
            }
            (false, false) => blank && step - width > WIDE_BLANK_MIN,
            _ => blank,
        };
        if is_blank { Gap::Blank } else { Gap::No }
    }
}

/// Letters and digits tell how far apart glyphs stand; dots that lead to a number do not.
fn both_latin(a: &Glyph, b: &Glyph) -> bool {
    [a, b].iter().all(|g| is_narrow(g.c) && g.c.is_alphanumeric()) && b.x > a.x
}

#[cfg(test)]
pub mod test {
    use super::*;

    /// A run at a place, with steps of an em for ideographs and half of one for letters.
    pub fn run(text: &str, x: f32, y: f32, size: f32) -> Run {
        let mut at = x;
        let glyphs = text.chars().map(|c| {
            let step = if is_wide(c) { size } else { size / 2.0 };
            let glyph = Glyph { c, x: at, y, size, width: natural_width(c) * size };
            at += step;
            glyph
        });
        Run { turn: Turn::None, glyphs: glyphs.collect() }
    }

    /// The texts of the lines of each area.
    pub fn texts(runs: &[Run]) -> Vec<Vec<String>> {
        areas(runs).iter().map(|a| a.iter().map(Line::text).collect()).collect()
    }

    #[test]
    fn glyphs_in_any_order_make_lines() {
        let mut runs = vec![run("港口", 25.0, 20.0, 5.0), run("的港", 20.0, 10.0, 5.0), run("兰州", 10.0, 10.2, 5.0)];
        runs.extend("Wuwei".chars().enumerate().map(|(i, c)| run(&c.to_string(), 10.0 + 2.5 * i as f32, 20.0, 5.0)));
        // Printed twice to look bold.
        runs.push(run("的港", 20.2, 10.0, 5.0));
        assert_eq!(texts(&runs), [["兰州的港", "Wuwei港口"]]);
    }

    #[test]
    fn gaps_are_blanks_between_words_only() {
        let runs = [run("Dry", 10.0, 10.0, 5.0), run("port", 19.5, 10.0, 5.0), run("miles", 31.5, 10.0, 5.0)];
        assert_eq!(texts(&runs), [["Dry port miles"]]);
        // Justified ideographs, a blank without room, and a wide gap.
        let mut wide = run("省港 口", 10.0, 10.0, 5.0);
        for (at, glyph) in wide.glyphs.iter_mut().enumerate() {
            glyph.x = 10.0 + [0.0, 6.5, 11.4, 11.6][at];
        }
        assert_eq!(texts(&[wide, run("日期", 40.0, 10.0, 5.0)]), [["省港口 日期"]]);
        let even = run("immediate fill", 10.0, 10.0, 5.0);
        assert_eq!(texts(&[even]), [["immediate fill"]]);
    }

    #[test]
    fn upright_columns_are_read_from_the_right() {
        let column = |text: &str, x: f32| {
            let mut run = run(text, 0.0, 0.0, 5.0);
            run.turn = Turn::Down;
            for (at, glyph) in run.glyphs.iter_mut().enumerate() {
                (glyph.x, glyph.y) = Turn::Down.upright(x, 10.0 + 5.0 * at as f32);
            }
            run
        };
        assert_eq!(texts(&[column("左列", 50.0), column("右列", 60.0)]), [["右列", "左列"]]);
    }
}
