//! Running headers, footers and page numbers: what belongs to the page and not to the text.

use super::rows::Row;
use std::collections::HashMap;

/// Rows at the top, and as many at the bottom, that can be a running header or footer.
const ROWS: usize = 3;
/// They stand in this share of the page's height at its top and bottom.
const MARGIN: f32 = 0.13;

/// A page: its rows and its height.
pub struct Sheet {
    /// Rows from the top down.
    pub rows: Vec<Row>,
    /// Height of the page, in points.
    pub height: f32,
    /// Rows that are set in other directions: on the margin, in turned tables.
    pub turned: Vec<Vec<Row>>,
}

/// Takes running headers, footers and page numbers out of all pages; for each page the text of what
/// was taken.
pub fn remove(sheets: &mut [Sheet]) -> Vec<String> {
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
        let near = places.iter().filter(|(_, place)| (place - here).abs() < 0.02).count();
        // Left and right pages may have different ones, chapters too.
        near >= 2 && (pages <= 3 && near * 3 >= pages * 2 || near >= 3)
    };
    let mut numbered: Vec<Option<i64>> = Vec::with_capacity(pages);
    let mut out = Vec::with_capacity(pages);
    let mut taken: Vec<Vec<usize>> = Vec::with_capacity(pages);
    for (page, sheet) in sheets.iter().enumerate() {
        let mut rows: Vec<usize> = Vec::new();
        let mut number = None;
        for (at, top) in edges(sheet) {
            let row = &sheet.rows[at];
            let this = page_number(&row.text());
            if this == Some(page as i64 + 1) || repeats(top, row, sheet.height) {
                rows.push(at);
            } else if this.is_some() {
                number = number.or(this.map(|n| (at, n)));
            }
        }
        // Numbers that follow one another, wherever they begin.
        if let Some((at, n)) = number {
            let follows = page > 0 && numbered[page - 1] == Some(n - 1);
            let leads = sheets.get(page + 1).is_some_and(|next| {
                edges(next).into_iter().any(|(at, _)| page_number(&next.rows[at].text()) == Some(n + 1))
            });
            if follows || leads {
                rows.push(at);
            }
        }
        numbered.push(number.map(|(_, n)| n));
        rows.sort_unstable();
        rows.dedup();
        taken.push(rows);
    }
    // Pages that hold nothing else are what they say.
    if sheets.iter().zip(&taken).all(|(sheet, rows)| sheet.rows.len() == rows.len()) {
        return vec![String::new(); pages];
    }
    for (sheet, rows) in sheets.iter_mut().zip(taken) {
        let mut text = String::new();
        for at in rows.into_iter().rev() {
            let row = sheet.rows.remove(at);
            text.insert_str(0, &(row.text() + "\n"));
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
    let bare = text.trim().trim_matches(|c: char| c.is_whitespace() || "-–—―·|/[]()（）~•".contains(c)).to_lowercase();
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
        Sheet { rows: rows(glyphs, &mut String::new()), height: 800.0, turned: Vec::new() }
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
        assert_eq!(taken[1], "Work Report of Gansu\n- 2 -\n");
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
