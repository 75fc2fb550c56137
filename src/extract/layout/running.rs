//! Running headers, footers and page numbers: what belongs to the page and not to the text.

use super::rows::Row;
use std::collections::HashMap;

/// Rows at the top, and as many at the bottom, that can be a running header or footer.
const ROWS: usize = 3;
/// They stand in this share of the page's height at its top and bottom.
const MARGIN: f32 = 0.13;

/// On so many pages of a hundred the same two lines are enough.
const SHARE: usize = 40;

/// A page: its rows and its height.
#[derive(Debug)]
pub struct Sheet {
    /// Rows from the top down.
    pub rows: Vec<Row>,
    /// Height of the page, in points.
    pub height: f32,
    /// Rows that are set in other directions: on the margin, in turned tables.
    pub turned: Vec<Vec<Row>>,
}

/// What was taken out of a page: lines of text.
#[derive(Debug, Default)]
pub struct Taken {
    /// From its top.
    pub head: String,
    /// From its bottom.
    pub foot: String,
}

/// Takes running headers, footers and page numbers out of all pages.
pub fn remove(sheets: &mut [Sheet]) -> Vec<Taken> {
    let mut seen: HashMap<(bool, String), Vec<(usize, f32)>> = HashMap::new();
    for (page, sheet) in sheets.iter().enumerate() {
        for (row, top) in edges(sheet) {
            let place = sheet.rows[row].y / sheet.height.max(1.0);
            seen.entry((top, pattern(&sheet.rows[row]))).or_default().push((page, place));
        }
    }
    let pages = sheets.len();
    let repeats = |top: bool, row: &Row, height: f32| {
        let Some(places) = seen.get(&(top, pattern(row))) else { return false };
        let here = row.y / height.max(1.0);
        let mut near: Vec<usize> = Vec::with_capacity(3); // pages
        for (page, _) in places.iter().filter(|(_, place)| (place - here).abs() < 0.02) {
            if near.last() != Some(page) {
                near.push(*page);
            }
            if near.len() == 3 {
                break;
            }
        }
        let near = near.len();
        // Left and right pages may have different ones, chapters too.
        near >= 3 || near >= 2 && near * 100 >= pages * SHARE
    };
    let mut numbered: Vec<Option<i64>> = Vec::with_capacity(pages);
    let mut out = Vec::with_capacity(pages);
    let mut taken: Vec<Vec<(usize, bool)>> = Vec::with_capacity(pages);
    for (page, sheet) in sheets.iter().enumerate() {
        let mut rows: Vec<(usize, bool)> = Vec::new();
        let mut number = None;
        for (at, top) in edges(sheet) {
            let row = &sheet.rows[at];
            let text = row.text();
            let this = page_number(&text);
            let is_certain = this == Some(page as i64 + 1) || is_adorned(&text, this.is_some());
            if is_certain || repeats(top, row, sheet.height) {
                rows.push((at, top));
            } else if this.is_some() {
                number = number.or(this.map(|n| (at, top, n)));
            }
        }
        // Numbers that follow one another, wherever they begin.
        if let Some((at, top, n)) = number {
            let follows = page > 0 && numbered[page - 1] == Some(n - 1);
            let leads = sheets.get(page + 1).is_some_and(|next| {
                edges(next).into_iter().any(|(at, _)| page_number(&next.rows[at].text()) == Some(n + 1))
            });
            if follows || leads {
                rows.push((at, top));
            }
        }
        numbered.push(number.map(|(_, _, n)| n));
        rows.sort_unstable();
        rows.dedup_by_key(|(at, _)| *at);
        taken.push(rows);
    }
    // Pages that hold nothing else are what they say.
    if sheets.iter().zip(&taken).all(|(sheet, rows)| sheet.rows.len() == rows.len()) {
        return sheets.iter().map(|_| Taken::default()).collect();
    }
    for (sheet, rows) in sheets.iter_mut().zip(taken) {
        let mut text = Taken::default();
        for (at, top) in rows.into_iter().rev() {
            let row = sheet.rows.remove(at);
            if top { &mut text.head } else { &mut text.foot }.insert_str(0, &(row.text() + "\n"));
        }
        out.push(text);
    }
    out
}

/// Rows that can be running ones, and whether they stand at the top.
fn edges(sheet: &Sheet) -> Vec<(usize, bool)> {
    let (count, height) = (sheet.rows.len(), sheet.height);
    let top = (0..count.min(ROWS)).filter(|at| sheet.rows[*at].y < MARGIN * height).map(|at| (at, true));
    let bottom = (count.saturating_sub(ROWS)..count)
        .filter(|at| sheet.rows[*at].y > (1.0 - MARGIN) * height)
        .map(|at| (at, false));
    top.chain(bottom).collect()
}

/// A row's text with numbers replaced, so that it is the same on every page.
fn pattern(row: &Row) -> String {
    let mut out = String::new();
    for c in row.text().chars().filter(|c| !c.is_whitespace()).take(200) {
        if !c.is_ascii_digit() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
    out
}

/// The number of a line that is nothing but a page number: `12`, `- 12 -`, `Page 3 of 10`, `第3页`, `iv`.
fn page_number(text: &str) -> Option<i64> {
    let bare =
        text.trim().trim_matches(|c: char| c.is_whitespace() || "-–—―·|/[]()（）~•_<>《》".contains(c)).to_lowercase();
    let bare = bare.strip_prefix("page").or(bare.strip_prefix("p.")).or(bare.strip_prefix('第')).unwrap_or(&bare);
    let bare = bare.trim();
    let digits: String = bare.chars().take_while(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return roman(bare);
    }
    let rest = bare[digits.len()..].trim().trim_start_matches('页').trim();
    let total = ["of", "/", "共", "|", "，共", "页/共", "out of"].iter().find_map(|word| rest.strip_prefix(word));
    let only_number = |t: &str| t.trim().trim_end_matches('页').trim().chars().all(|c| c.is_ascii_digit());
    if rest.is_empty() || total.is_some_and(only_number) { digits.parse().ok().filter(|n| *n < 10_000) } else { None }
}

/// Whether a line is set as only page numbers are: `- 12 -`, `第3页`, `第三页`, `Page 3`.
fn is_adorned(text: &str, has_number: bool) -> bool {
    let text = text.trim();
    let dashes = ['-', '–', '—', '―', '~', '·'];
    let spelt = text.strip_prefix('第').and_then(|t| t.strip_suffix('页')).map(str::trim);
    has_number && text.starts_with(dashes) && text.ends_with(dashes)
        || has_number && (spelt.is_some() || text.to_lowercase().starts_with("page"))
        || spelt.is_some_and(|n| !n.is_empty() && n.chars().all(|c| "一二三四五六七八九十百零〇".contains(c)))
}

fn roman(text: &str) -> Option<i64> {
    if text.is_empty() || text.len() > 6 || !text.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'l')) {
        return None;
    }
    let value = |c| match c {
        'i' => 1,
        'v' => 5,
        'x' => 10,
        _ => 50,
    };
    let numbers: Vec<i64> = text.chars().map(value).collect();
    let total =
        numbers.iter().enumerate().map(|(at, n)| if numbers.get(at + 1).is_some_and(|m| m > n) { -n } else { *n });
    Some(total.sum())
}

#[cfg(test)]
mod tests {
    use super::super::rows::{rows, test::line};
    use super::*;

    fn sheet(lines: &[(&str, f32)]) -> Sheet {
        let glyphs = lines.iter().flat_map(|(text, y)| line(text, 0.0, *y)).collect();
        Sheet { rows: rows(glyphs, false, &mut String::new()), height: 800.0, turned: Vec::new() }
    }

    #[test]
    fn what_repeats_at_the_edges_goes_and_the_text_stays() {
        let mut sheets: Vec<Sheet> = (1..=3)
            .map(|n| {
                let foot = format!("- {n} -");
                let body = format!("Text number {n} of the report");
                sheet(&[("Work Report of Gansu", 40.0), (&body, 300.0), ("The same line", 400.0), (&foot, 770.0)])
            })
            .collect();
        let taken = remove(&mut sheets);
        assert_eq!((taken[1].head.as_str(), taken[1].foot.as_str()), ("Work Report of Gansu\n", "- 2 -\n"));
        assert!(sheets.iter().all(|s| s.rows.len() == 2));
    }

    #[test]
    fn page_numbers_are_told_from_text() {
        for (text, expected) in [
            ("12", Some(12)),
            ("— 3 —", Some(3)),
            ("Page 3 of 10", Some(3)),
            ("第 4 页 共 9 页", Some(4)),
            ("xiv", Some(14)),
            ("2020 was good", None),
            ("3 ports", None),
            ("", None),
        ] {
            assert_eq!(page_number(text), expected, "{text}");
        }
    }

    #[test]
    fn left_and_right_pages_have_their_own_lines() {
        let mut sheets: Vec<Sheet> = (1..=4)
            .map(|n| {
                let head = if n % 2 == 0 { "省人民政府公报" } else { "公报2021年第8期" };
                let (body, foot) = (format!("第{n}页的文字"), format!("— {} —", n + 40));
                sheet(&[(head, 30.0), (&body, 300.0), (&(100 + n).to_string(), 400.0), (&foot, 770.0)])
            })
            .collect();
        let taken = remove(&mut sheets);
        assert_eq!((taken[1].head.as_str(), taken[1].foot.as_str()), ("省人民政府公报\n", "— 42 —\n"));
        let left: Vec<String> = sheets[1].rows.iter().map(Row::text).collect();
        assert_eq!(left, ["第2页的文字", "102"]);
        assert!(is_adorned("第十页", false) && !is_adorned("- 年 -", false));
    }

    #[test]
    fn numbers_that_follow_one_another_go_wherever_they_begin() {
        let mut sheets: Vec<Sheet> =
            (57..=60).map(|n| sheet(&[("A line of text", 300.0), (&n.to_string(), 770.0)])).collect();
        remove(&mut sheets);
        assert!(sheets.iter().all(|s| s.rows.len() == 1));
        // A lone number at the edge of a lone page may be a figure.
        let mut lone = [sheet(&[("A line of text", 300.0), ("57", 770.0)])];
        remove(&mut lone);
        assert_eq!(lone[0].rows.len(), 2);
    }
}
