//! Drawn characters → rows of a page: what stands on one line, cut into pieces at wide gaps.

use super::glyphs::Drawn;

/// Baselines nearer than this, in ems, are one line.
const SAME_LINE: f32 = 0.3;
/// A raised or lowered mark is smaller than this, against the line it belongs to.
const SCRIPT_SIZE: f32 = 0.85;
/// Words are parted by a gap of this many ems where the text has no blanks of its own.
const WORD_GAP: f32 = 0.12;
/// A gap of this many ems may part columns or cells.
const PIECE_GAP: f32 = 0.9;

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

    /// The part of it between two places, if there is any.
    pub fn between(&self, from: f32, to: f32) -> Option<Row> {
        let pieces: Vec<Piece> = self.pieces.iter().filter(|p| p.x >= from && p.x < to).cloned().collect();
        let note = if self.x() >= from { self.note.clone() } else { None };
        (!pieces.is_empty()).then(|| Row { pieces, note, ..self.clone() })
    }
}

/// Gathers characters into rows, from the top down. References to notes go to `references`.
pub fn rows(mut glyphs: Vec<Drawn>, references: &mut String) -> Vec<Row> {
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
    lines.into_iter().filter_map(|line| line.into_row(references)).collect()
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

    fn into_row(self, references: &mut String) -> Option<Row> {
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
        let pieces = pieces(&kept, size);
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

/// Raised and lowered marks join the line they stand beside.
fn merge_scripts(lines: &mut Vec<Line>) {
    let mut at = 0;
    while at < lines.len() {
        let small = &lines[at];
        let (x, end) = small.span();
        let fits = |line: &Line| {
            let (left, right) = line.span();
            small.size < SCRIPT_SIZE * line.size
                && (small.y - line.y).abs() < 0.7 * line.size
                && x < right + 0.5 * line.size
                && end > left - 0.5 * line.size
                // Something of the line stands right beside every part of it.
                && small.glyphs.iter().filter(|g| !g.text.is_blank()).all(|g| {
                    line.glyphs.iter().chain(&small.glyphs).any(|b| {
                        b.order != g.order
                            && ((g.x - b.end).abs() < 0.35 * line.size || (b.x - g.end).abs() < 0.35 * line.size)
                    })
                })
        };
        let near = at.saturating_sub(2)..(at + 3).min(lines.len());
        // A mark is short: a line of small print beside a large one is a line.
        let short = small.glyphs.len() <= 40;
        let target = near.filter(|other| *other != at && short).find(|other| fits(&lines[*other]));
        match target {
            Some(target) => {
                let glyphs = std::mem::take(&mut lines[at].glyphs);
                lines[target].glyphs.extend(glyphs);
                lines[target].glyphs.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.order.cmp(&b.order)));
                lines.remove(at);
            }
            None => at += 1,
        }
    }
}

/// Cuts the characters of a line, in order, into pieces of words.
fn pieces(glyphs: &[Drawn], size: f32) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut cut: Vec<&Drawn> = Vec::new();
    let mut last: Option<&Drawn> = None;
    for glyph in glyphs {
        if glyph.text.is_blank() {
            if !cut.is_empty() {
                cut.push(glyph);
            }
            continue;
        }
        if let Some(last) = last
            && glyph.x - last.end > PIECE_GAP * size
        {
            out.extend(piece(&std::mem::take(&mut cut), size));
        }
        cut.push(glyph);
        last = Some(glyph);
    }
    out.extend(piece(&cut, size));
    out
}

/// The gap that parts words in a piece: wider where letters are spaced out.
fn word_gap(glyphs: &[&Drawn], size: f32) -> f32 {
    let mut gaps: Vec<f32> = glyphs
        .windows(2)
        .filter(|w| w.iter().all(|g| !g.text.is_blank() && !is_wide(g.text.first())))
        .map(|w| w[1].x - w[0].end)
        .collect();
    let has_blanks = glyphs.iter().any(|g| g.text.is_blank());
    let plain = if has_blanks { 0.2 } else { WORD_GAP } * size;
    if gaps.len() < 5 {
        return plain;
    }
    gaps.sort_by(f32::total_cmp);
    let typical = gaps[gaps.len() / 2];
    if typical > 0.08 * size { (typical * 2.0).max(plain) } else { plain }
}

fn piece(glyphs: &[&Drawn], size: f32) -> Option<Piece> {
    let word_gap = word_gap(glyphs, size);
    let seen = || glyphs.iter().filter(|g| !g.text.is_blank());
    let first = seen().next()?;
    let end = seen().map(|g| g.end).fold(f32::MIN, f32::max);
    let mut text = String::new();
    let mut first_word = None;
    let mut columns = 0;
    let mut blank = false;
    let mut last: Option<&Drawn> = None;
    for glyph in glyphs {
        if glyph.text.is_blank() {
            blank = true;
            continue;
        }
        if let Some(last) = last {
            let gap = glyph.x - last.end;
            let (a, b) = (last.text.first(), glyph.text.first());
            // Quotes and dashes are of the writing they stand in.
            let (a, b) = (is_wide(a) && !(is_shared(a) && !is_wide(b)), is_wide(b) && !(is_shared(b) && !is_wide(a)));
            let parted = match (a, b) {
                // Chinese has no blanks: only a gap that is meant to be seen is one.
                (true, true) => gap > 0.6 * size && blank,
                // A blank may be drawn over the next cell: it parts only where there is room for it.
                (false, false) => blank && gap > 0.05 * size || gap > word_gap,
                _ => gap > 0.45 * size,
            };
            if parted && !text.ends_with(' ') {
                text.push(' ');
                columns += 1;
                first_word = first_word.or(Some(last.end - first.x));
            }
        }
        glyph.text.push_to(&mut text);
        columns += if is_wide(glyph.text.first()) { 2 } else { 1 };
        if is_wide(glyph.text.first()) {
            first_word = first_word.or(Some(glyph.end - first.x));
        }
        blank = false;
        last = Some(glyph);
    }
    let text = if is_right_to_left(&text) { reversed(&text) } else { text };
    Some(Piece { x: first.x, end, text, first_word: first_word.unwrap_or(end - first.x), columns })
}

/// Characters of writing without blanks, and the marks that stand among them. Korean has blanks.
pub fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{30ff}' | '\u{3105}'..='\u{312f}' | '\u{31a0}'..='\u{31bf}' | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff9f}' | '\u{ffe0}'..='\u{ffe6}'
        | '\u{20000}'..='\u{3134f}' | '“' | '”' | '‘' | '’' | '—' | '…' | '·')
}

/// Marks that Chinese and Latin writing have in common.
fn is_shared(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '—' | '…' | '·')
}

fn is_rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

fn is_right_to_left(text: &str) -> bool {
    let rtl = text.chars().filter(|c| is_rtl(*c)).count();
    rtl * 2 > text.chars().filter(|c| c.is_alphabetic()).count().max(1)
}

/// Text that was drawn from left to right though it is read from right to left, in the order of
/// reading: reversed, but for numbers and Latin words in it.
fn reversed(text: &str) -> String {
    let characters: Vec<char> = text.chars().rev().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < characters.len() {
        let plain = |c: char| c.is_ascii_alphanumeric() || c.is_numeric();
        if plain(characters[at]) {
            let mut end = at;
            while end < characters.len() && (plain(characters[end]) || matches!(characters[end], '.' | ',' | '/' | '%'))
            {
                end += 1;
            }
            out.extend(characters[at..end].iter().rev());
            at = end;
        } else {
            out.push(match characters[at] {
                '(' => ')',
                ')' => '(',
                '[' => ']',
                ']' => '[',
                c => c,
            });
            at += 1;
        }
    }
    out
}

#[cfg(test)]
pub(super) mod test {
    use super::super::glyphs::Text;
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
        let rows = rows(glyphs, &mut String::new());
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
        assert_eq!(rows(glyphs, &mut references)[0].text(), "policy");
        assert_eq!(references, "7 ");
        let mut glyphs = line("10 km", 0.0, 10.0);
        glyphs.extend(raised("2", 25.0));
        assert_eq!(texts(glyphs), [["10 km2"]]);
        let mut glyphs = line("See the report", 6.0, 10.0);
        glyphs.extend(raised("3", 2.0));
        assert_eq!(rows(glyphs, &mut String::new())[0].note.as_deref(), Some("3"));
    }

    #[test]
    fn text_read_from_right_to_left_comes_in_its_order() {
        assert_eq!(texts(line("םולש 2020 (א)", 0.0, 0.0)), [["(א) 2020 שלום"]]);
    }
}
