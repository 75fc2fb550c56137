//! The characters of a line → pieces of words: where there is a blank, and where a wide gap.

use super::Drawn;
use super::rows::Piece;

/// Words are parted by a gap of this many ems where the text has no blanks of its own.
const WORD_GAP: f32 = 0.12;
/// A gap of this many ems may part columns or cells.
const PIECE_GAP: f32 = 0.9;
/// A gap above what is usual on the line, in ems, is one between words where widths are guessed.
const GUESSED_GAP: f32 = 0.2;
/// Fewest pairs of letters that tell how far apart letters stand.
const PAIRS_MIN: usize = 3;

/// Cuts the characters of a line, in order, into pieces of words.
pub fn pieces(glyphs: &[Drawn], size: f32, is_estimated: bool) -> Vec<Piece> {
    let spacing = is_estimated.then(|| Spacing::of(glyphs));
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
            && glyph.x - last.end > piece_gap(last, is_estimated) * size
        {
            out.extend(piece(&std::mem::take(&mut cut), size, spacing.as_ref()));
        }
        cut.push(glyph);
        last = Some(glyph);
    }
    out.extend(piece(&cut, size, spacing.as_ref()));
    out
}

/// The gap that parts pieces after a character. Of writing that is neither Chinese nor Latin the guess is bad.
fn piece_gap(last: &Drawn, is_estimated: bool) -> f32 {
    let c = last.text.first();
    if is_estimated && !is_wide(c) && !is_latin(c) { 2.0 * PIECE_GAP } else { PIECE_GAP }
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

/// How far apart letters stand on a line, where their widths are guessed.
struct Spacing {
    /// All of them take the same room: in ems.
    even: Option<f32>,
    /// What they stand apart beyond their widths, in ems; not known if there are few.
    usual: Option<f32>,
}

impl Spacing {
    fn of(glyphs: &[Drawn]) -> Spacing {
        let pairs = || {
            let letters = |a: &Drawn, b: &Drawn| [a, b].iter().all(|g| is_letter(g)) && b.x > a.x;
            glyphs.windows(2).filter_map(|w| w.first().zip(w.get(1))).filter(move |(a, b)| letters(a, b))
        };
        let median = |mut values: Vec<f32>| {
            let middle = values.len() / 2;
            (values.len() >= PAIRS_MIN).then(|| *values.select_nth_unstable_by(middle, f32::total_cmp).1)
        };
        let steps: Vec<f32> = pairs().map(|(a, b)| (b.x - a.x) / a.size).collect();
        let even = median(steps.clone()).filter(|step| {
            let near = steps.iter().filter(|s| (**s - step).abs() < 0.03).count();
            near * 5 >= steps.len() * 3
        });
        Spacing { even, usual: median(pairs().map(|(a, b)| (b.x - a.end) / a.size).collect()) }
    }

    /// Whether two letters are of two words though no blank stands between them.
    fn parts(&self, a: &Drawn, b: &Drawn) -> bool {
        let em = a.size.max(b.size).max(f32::EPSILON);
        let (step, width) = ((b.x - a.x) / em, (a.end - a.x) / em);
        let room = match (self.even, self.usual) {
            (Some(even), _) => step - even.max(width),
            (None, Some(usual)) => step - width - usual,
            (None, None) => step - width.max(0.55),
        };
        is_latin(a.text.first()) && is_latin(b.text.first()) && room > GUESSED_GAP
    }
}

/// Letters, digits and marks of Latin text; other scripts part words differently, or not at all.
fn is_latin(c: char) -> bool {
    c.is_ascii() || c.is_alphabetic() && matches!(c, '\0'..'\u{590}' | '\u{1e00}'..'\u{2000}')
}

/// Letters and digits tell how far apart characters stand; dots that lead to a number do not.
fn is_letter(glyph: &Drawn) -> bool {
    let c = glyph.text.first();
    is_latin(c) && c.is_alphanumeric()
}

fn piece(glyphs: &[&Drawn], size: f32, spacing: Option<&Spacing>) -> Option<Piece> {
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
            let of = |c, beside| is_wide(c) && (!is_shared(c) || is_wide(beside));
            let (a, b) = (of(a, b), of(b, a));
            let parted = match (a, b, spacing) {
                // Chinese has no blanks: only a gap that is meant to be seen is one.
                (true, true, _) => gap > 0.6 * size && blank,
                (false, false, Some(spacing)) => blank || spacing.parts(last, glyph),
                // A blank may be drawn over the next cell: it parts only where there is room for it.
                (false, false, None) => blank && gap > 0.05 * size || gap > word_gap,
                (_, _, Some(_)) => blank && gap > 0.45 * size,
                (_, _, None) => gap > 0.45 * size,
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

/// Characters of writing without blanks, and the marks that stand among them. Korean has blanks. Fonts
/// put ideographs at private places, too, those of symbols their signs at `f0xx`.
pub fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{30ff}' | '\u{3105}'..='\u{312f}' | '\u{31a0}'..='\u{31bf}' | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff9f}' | '\u{ffe0}'..='\u{ffe6}'
        | '\u{20000}'..='\u{3134f}' | '\u{e000}'..='\u{efff}' | '\u{f100}'..='\u{f8ff}' | '“' | '”' | '‘' | '’' | '—' | '―' | '…' | '·')
}

/// Marks that Chinese and Latin writing have in common.
pub fn is_shared(c: char) -> bool {
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
mod tests {
    use super::super::rows::{Row, rows, test::line};
    use super::*;

    /// The text of lines whose characters have guessed widths.
    fn text(glyphs: Vec<Drawn>) -> String {
        rows(glyphs, true, &mut String::new()).iter().map(Row::text).collect()
    }

    #[test]
    fn guessed_gaps_are_blanks_between_words_only() {
        let mut glyphs = line("Dry", 10.0, 10.0);
        glyphs.extend(line("port", 29.0, 10.0));
        glyphs.extend(line("miles", 53.0, 10.0));
        assert_eq!(text(glyphs), "Dry port miles");
        // Every letter takes the same room, narrow ones too.
        let mut even = line("immediate fill", 10.0, 10.0);
        even.iter_mut().filter(|g| matches!(g.text.first(), 'i' | 'l')).for_each(|g| g.end -= 2.3);
        assert_eq!(text(even), "immediate fill");
        // Justified ideographs, and a blank without room.
        let mut wide = line("省港 口", 10.0, 10.0);
        for (glyph, x) in wide.iter_mut().zip([10.0, 23.0, 32.8, 33.2]) {
            (glyph.x, glyph.end) = (x, x + glyph.end - glyph.x);
        }
        assert_eq!(text(wide), "省港口");
    }

    #[test]
    fn korean_has_blanks_and_private_ideographs_have_none() {
        assert!(!is_wide('한') && is_wide('\u{e123}') && !is_wide('\u{f0b7}'));
    }
}
