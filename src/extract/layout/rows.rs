//! Drawn characters → rows of a page: what stands on one line, cut into pieces at wide gaps.

use super::Drawn;
use super::words::pieces;

/// Baselines nearer than this, in ems, are one line.
const SAME_LINE: f32 = 0.3;
/// A raised or lowered mark is smaller than this, against the line it belongs to.
const SCRIPT_SIZE: f32 = 0.85;
/// A mark is short: a line of small print beside a large one is a line.
const SCRIPT_CHARACTERS: usize = 40;
/// Lines above a mark that are looked at, those of other marks among them.
const LOOK_BACK: usize = 8;
/// No more of it, as a share of its width, stands over or under a letter of its line.
const OVERLAP_MAX: f32 = 0.5;

/// A gap of so many ems parts cells.
pub const CELL_GAP: f32 = 1.4;

/// A piece of a row without a wide gap.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Where it begins.
    pub x: f32,
    /// Where it ends.
    pub end: f32,
    /// Its text.
    pub text: String,
    /// Width of its first word: what would have had to fit on the line before.
    pub first_word: f32,
    /// Columns of text: an ideograph counts two.
    pub columns: usize,
}

/// What stands on one line of a page.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its baseline.
    pub y: f32,
    /// Size of most of its characters.
    pub size: f32,
    /// Most of it is bold.
    pub bold: bool,
    /// Its pieces from left to right: at least one.
    pub pieces: Vec<Piece>,
    /// It is set after something raised: a note's number stands before it.
    pub note: Option<String>,
}

impl Row {
    /// Where it begins.
    pub fn x(&self) -> f32 {
        self.pieces.first().map_or(0.0, |p| p.x)
    }

    /// Where it ends.
    pub fn end(&self) -> f32 {
        self.pieces.last().map_or(0.0, |p| p.end)
    }

    /// Its text, pieces parted by blanks.
    pub fn text(&self) -> String {
        let parts: Vec<&str> = self.pieces.iter().map(|p| p.text.as_str()).collect();
        parts.join(" ")
    }

    /// Columns of text.
    pub fn columns(&self) -> usize {
        self.pieces.iter().map(|p| p.columns).sum()
    }

    /// Whether a gap of more than so many ems is in it.
    pub fn has_gap(&self, ems: f32) -> bool {
        self.pieces.windows(2).any(|w| w[1].x - w[0].end > ems * self.size)
    }

    /// The part of it between two places, if there is any.
    pub fn between(&self, from: f32, to: f32) -> Option<Row> {
        let pieces: Vec<Piece> = self.pieces.iter().filter(|p| p.x >= from && p.x < to).cloned().collect();
        let note = if self.x() >= from { self.note.clone() } else { None };
        (!pieces.is_empty()).then(|| Row { pieces, note, ..self.clone() })
    }
}

/// Gathers characters into rows, from the top down. References to notes go to `references`.
/// `is_estimated`: where characters end is guessed.
pub fn rows(mut glyphs: Vec<Drawn>, is_estimated: bool, references: &mut String) -> Vec<Row> {
    glyphs.retain(|g| !g.text.is_blank() || matches!(g.text.first(), ' ' | '\u{a0}' | '\u{3000}' | '\t'));
    glyphs.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.order.cmp(&b.order)));
    let mut lines: Vec<Line> = Vec::new();
    for glyph in glyphs {
        // Only the last few lines can be near enough.
        let near = lines.iter_mut().rev().take(4).find(|line| line.holds(&glyph));
        match near {
            Some(line) => line.glyphs.push(glyph),
            None => lines.push(Line { y: glyph.y, size: glyph.size, glyphs: vec![glyph] }),
        }
    }
    for line in &mut lines {
        line.settle();
    }
    lines.retain(|l| !l.glyphs.iter().all(|g| g.text.is_blank()));
    merge_scripts(&mut lines);
    lines.sort_by(|a, b| a.y.total_cmp(&b.y));
    lines.into_iter().filter_map(|line| line.into_row(is_estimated, references)).collect()
}

/// Characters of one baseline.
struct Line {
    y: f32,
    size: f32,
    glyphs: Vec<Drawn>,
}

impl Line {
    fn holds(&self, glyph: &Drawn) -> bool {
        (glyph.y - self.y).abs() <= SAME_LINE * self.size.min(glyph.size)
    }

    /// Takes the size that most characters have, the order of reading, and drops what is drawn twice.
    fn settle(&mut self) {
        self.size = common_size(&self.glyphs);
        self.glyphs.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.order.cmp(&b.order)));
        // Bold is sometimes made by drawing a character twice, a little apart.
        self.glyphs.dedup_by(|next, last| {
            let apart = (next.x - last.x).abs();
            next.text == last.text
                && apart < 0.08 * last.size
                && apart < 0.4 * (last.end - last.x)
                && !next.text.is_blank()
        });
    }

    fn span(&self) -> (f32, f32) {
        let seen = || self.glyphs.iter().filter(|g| !g.text.is_blank());
        (seen().map(|g| g.x).fold(f32::MAX, f32::min), seen().map(|g| g.end).fold(f32::MIN, f32::max))
    }

    fn into_row(self, is_estimated: bool, references: &mut String) -> Option<Row> {
        let (size, y) = (self.size, self.y);
        let is_mark = |g: &Drawn| {
            g.size < SCRIPT_SIZE * size
                && g.y < y - 0.15 * size
                && (g.text.first().is_ascii_digit() || matches!(g.text.first(), '*' | '†' | '‡' | ',' | '①'..='⑳'))
        };
        let mut note = String::new();
        let mut kept: Vec<Drawn> = Vec::with_capacity(self.glyphs.len());
        let mut tail = String::new(); // letters before a raised mark
        for glyph in self.glyphs {
            if is_mark(&glyph) {
                let first = kept.iter().all(|g: &Drawn| g.text.is_blank());
                // m², km³ and CO₂ are no references.
                let unit = matches!(tail.as_str(), "m" | "km" | "cm" | "mm" | "dm" | "公里" | "米")
                    && matches!(glyph.text.first(), '2' | '3');
                if first {
                    glyph.text.push_to(&mut note);
                    continue;
                }
                if !unit {
                    glyph.text.push_to(references);
                    references.push(' ');
                    continue;
                }
            }
            if glyph.text.first().is_alphabetic() {
                glyph.text.push_to(&mut tail)
            } else {
                tail.clear()
            }
            kept.push(glyph);
        }
        let bold = kept.iter().filter(|g| g.bold).count() * 2 > kept.len();
        let pieces = pieces(&kept, size, is_estimated);
        let note = (!note.is_empty()).then_some(note);
        (!pieces.is_empty()).then_some(Row { y, size, bold, pieces, note })
    }
}

fn common_size(glyphs: &[Drawn]) -> f32 {
    let mut counts: Vec<(i32, usize)> = Vec::new();
    for glyph in glyphs.iter().filter(|g| !g.text.is_blank()) {
        let size = (glyph.size * 4.0).round() as i32;
        match counts.iter_mut().find(|(s, _)| *s == size) {
            Some((_, count)) => *count += 1,
            None => counts.push((size, 1)),
        }
    }
    let best = counts.iter().max_by_key(|(size, count)| (*count, *size));
    best.map_or_else(|| glyphs.first().map_or(1.0, |g| g.size), |(size, _)| *size as f32 / 4.0).max(0.5)
}

/// Raised and lowered marks join the line they stand beside. What is left of them is empty.
fn merge_scripts(lines: &mut Vec<Line>) {
    for at in 0..lines.len() {
        let Some(small) = lines.get(at).filter(|l| l.glyphs.len() <= SCRIPT_CHARACTERS) else { continue };
        let rest = |other: &usize| lines.get(*other).is_some_and(|l| !l.glyphs.is_empty());
        let above = (at.saturating_sub(LOOK_BACK)..at).rev().filter(rest).take(2);
        let below = (at + 1..at + 3).filter(rest);
        // What it stands before is the line it begins; else the nearest.
        let rank = |line: &Line| (small.span().0 < line.span().0, -(small.y - line.y).abs());
        let target = above
            .chain(below)
            .filter_map(|other| lines.get(other).filter(|line| is_script_of(small, line)).map(|l| (other, rank(l))))
            .max_by(|(_, a), (_, b)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let Some((target, _)) = target else { continue };
        let glyphs = lines.get_mut(at).map(|l| std::mem::take(&mut l.glyphs)).unwrap_or_default();
        if let Some(line) = lines.get_mut(target) {
            line.glyphs.extend(glyphs);
            line.glyphs.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.order.cmp(&b.order)));
        }
    }
    lines.retain(|l| !l.glyphs.is_empty());
}

fn is_script_of(small: &Line, line: &Line) -> bool {
    let ((x, end), (left, right)) = (small.span(), line.span());
    let size = line.size;
    let fits = small.size < SCRIPT_SIZE * size
        && (small.y - line.y).abs() < 0.7 * size
        && x < right + 0.5 * size
        && end > left - 0.5 * size;
    // Something of the line stands right beside every part of it, and nothing where it stands itself.
    let beside = |g: &Drawn| {
        line.glyphs
            .iter()
            .chain(&small.glyphs)
            .any(|b| b.order != g.order && ((g.x - b.end).abs() < 0.35 * size || (b.x - g.end).abs() < 0.35 * size))
    };
    let over = |g: &Drawn| {
        let room = |b: &Drawn| g.end.min(b.end) - g.x.max(b.x);
        line.glyphs
            .iter()
            .filter(|b| b.text.first().is_alphanumeric() && b.size > SCRIPT_SIZE * size)
            .any(|b| room(b) > OVERLAP_MAX * (g.end - g.x))
    };
    fits && small.glyphs.iter().filter(|g| !g.text.is_blank()).all(|g| beside(g) && !over(g))
}

#[cfg(test)]
pub(super) mod test {
    use super::super::Text;
    use super::super::words::is_wide;
    use super::*;

    /// Characters of a line, an em wide for ideographs and half an em otherwise, at size 10.
    pub fn line(text: &str, x: f32, y: f32) -> Vec<Drawn> {
        let mut at = x;
        let mut out = Vec::new();
        for (order, c) in text.chars().enumerate() {
            let width = if is_wide(c) { 10.0 } else { 5.0 };
            let order = (y * 1000.0) as u32 + x as u32 + order as u32;
            out.push(Drawn { text: Text::One(c), x: at, end: at + width, y, size: 10.0, bold: false, order });
            at += width;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::test::line;
    use super::*;

    fn texts(glyphs: Vec<Drawn>) -> Vec<Vec<String>> {
        let rows = rows(glyphs, false, &mut String::new());
        rows.iter().map(|r| r.pieces.iter().map(|p| p.text.clone()).collect()).collect()
    }

    #[test]
    fn characters_are_gathered_whatever_their_order() {
        let mut glyphs = line("second line", 0.0, 120.0);
        glyphs.extend(line("first", 0.0, 100.0));
        glyphs.extend(line("far", 200.0, 101.0));
        glyphs.reverse();
        assert_eq!(texts(glyphs), [vec!["first".to_string(), "far".into()], vec!["second line".into()]]);
    }

    #[test]
    fn words_are_parted_by_gaps_where_there_are_no_blanks() {
        let mut glyphs = line("dry", 0.0, 0.0);
        glyphs.extend(line("port", 18.0, 0.0));
        assert_eq!(texts(glyphs), [["dry port"]]);
        let mut glyphs = line("新疆", 0.0, 0.0);
        glyphs.extend(line("陆港", 23.0, 0.0));
        assert_eq!(texts(glyphs), [["新疆陆港"]]);
        let mut glyphs = line("新疆", 0.0, 0.0);
        glyphs.extend(line("2020", 22.5, 0.0));
        assert_eq!(texts(glyphs), [["新疆2020"]]);
    }

    #[test]
    fn what_is_drawn_twice_is_one() {
        let mut glyphs = line("bold", 0.0, 0.0);
        glyphs.extend(line("bold", 0.4, 0.0));
        assert_eq!(texts(glyphs), [["bold"]]);
    }

    #[test]
    fn references_to_notes_are_no_part_of_a_word() {
        let raised = |text: &str, x: f32| {
            let mut mark = line(text, x, 6.0);
            mark.iter_mut().for_each(|g| (g.size, g.end, g.order) = (6.0, g.x + 3.0, 9000));
            mark
        };
        let mut glyphs = line("policy", 0.0, 10.0);
        glyphs.extend(raised("7", 30.0));
        let mut references = String::new();
        assert_eq!(rows(glyphs, false, &mut references)[0].text(), "policy");
        assert_eq!(references, "7 ");
        let mut glyphs = line("10 km", 0.0, 10.0);
        glyphs.extend(raised("2", 25.0));
        assert_eq!(texts(glyphs), [["10 km2"]]);
        let mut glyphs = line("See the report", 6.0, 10.0);
        glyphs.extend(raised("3", 2.0));
        assert_eq!(rows(glyphs, false, &mut String::new())[0].note.as_deref(), Some("3"));
        // It is nearer to the line above, but stands before the one below.
        let mut glyphs = line("https://example.org", 0.0, 2.0);
        glyphs.extend(line("See the report", 6.0, 12.0));
        glyphs.extend(raised("3", 2.0));
        let found = rows(glyphs, false, &mut String::new());
        assert_eq!(found.iter().map(Row::text).collect::<Vec<_>>(), ["https://example.org", "See the report"]);
        assert_eq!(found[1].note.as_deref(), Some("3"));
    }

    #[test]
    fn text_read_from_right_to_left_comes_in_its_order() {
        assert_eq!(texts(line("םולש 2020 (א)", 0.0, 0.0)), [["(א) 2020 שלום"]]);
    }
}
