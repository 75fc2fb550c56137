//! Rows of a page → regions in reading order: columns of text one after another, tables row by row.

use super::rows::{CELL_GAP, Row};

/// Fewest rows with text on both sides of a gutter for columns to be seen in them.
const ROWS_MIN: usize = 4;
/// Columns in columns are not looked for deeper than this.
const DEPTH_MAX: usize = 4;
/// A column of text has so many columns of characters a row, or it is a column of a table.
pub const TEXT_COLUMNS: usize = 14;
/// Its rows fill this share of its width.
const TEXT_FILL: f32 = 0.55;

/// Parts a page's rows into regions that are read one after the other.
pub fn regions(rows: Vec<Row>) -> Vec<Vec<Row>> {
    let mut out = Vec::new();
    part(rows, 0, &mut out);
    out
}

fn part(rows: Vec<Row>, depth: usize, out: &mut Vec<Vec<Row>>) {
    let Some(gutter) = gutter(&rows).filter(|_| depth < DEPTH_MAX) else {
        if !rows.is_empty() {
            out.push(rows);
        }
        return;
    };
    // Bands of rows that the gutter parts, between rows that cross it.
    let mut plain: Vec<Row> = Vec::new();
    let mut band: Vec<Row> = Vec::new();
    let mut found = false;
    // A band of a few rows is columns if all bands that the gutter parts are, taken together.
    let crosses = |row: &Row| row.pieces.iter().any(|p| p.x < gutter && p.end > gutter);
    let parted: Vec<Row> = rows.iter().filter(|r| !crosses(r)).cloned().collect();
    let together = are_columns(&parted, gutter, ROWS_MIN);
    let mut settle = |band: &mut Vec<Row>, plain: &mut Vec<Row>, out: &mut Vec<Vec<Row>>| {
        let rows = std::mem::take(band);
        if !(are_columns(&rows, gutter, ROWS_MIN) || together && are_columns(&rows, gutter, 2)) {
            plain.extend(rows);
            return;
        }
        found = true;
        // What stood before is read before.
        part(std::mem::take(plain), depth + 1, out);
        let left = rows.iter().filter_map(|r| r.between(f32::MIN, gutter)).collect();
        let right = rows.iter().filter_map(|r| r.between(gutter, f32::MAX)).collect();
        part(left, depth + 1, out);
        part(right, depth + 1, out);
    };
    for row in rows {
        if crosses(&row) {
            settle(&mut band, &mut plain, out);
            plain.push(row);
        } else {
            band.push(row);
        }
    }
    settle(&mut band, &mut plain, out);
    let depth = if found { depth + 1 } else { DEPTH_MAX };
    part(plain, depth, out);
}

/// The place that most rows leave free between text on both of its sides.
fn gutter(rows: &[Row]) -> Option<f32> {
    if rows.len() < ROWS_MIN {
        return None;
    }
    let left = rows.iter().map(Row::x).fold(f32::MAX, f32::min);
    let right = rows.iter().map(Row::end).fold(f32::MIN, f32::max);
    let mut sizes: Vec<f32> = rows.iter().map(|r| r.size).collect();
    sizes.sort_by(f32::total_cmp);
    let step = (sizes[sizes.len() / 2] * 0.4).max(1.0);
    let count = (((right - left) / step).ceil() as usize).min(4_000);
    // For each place: slots with text on both sides of it and none on it.
    let mut free = vec![0i32; count + 2];
    for slot in slots(rows) {
        let mut end = f32::MAX;
        for (x, next) in slot {
            let from = ((end - left) / step).ceil().clamp(0.0, 1e6) as usize;
            let to = ((x - left) / step).floor().clamp(0.0, 1e6) as usize;
            end = if end == f32::MAX { next } else { end.max(next) };
            if from < to && to <= count {
                free[from] += 1;
                free[to] -= 1;
            }
        }
    }
    let mut height = 0;
    let heights: Vec<i32> = free
        .iter()
        .map(|change| {
            height += change;
            height
        })
        .collect();
    let best = *heights.iter().max()?;
    if best < ROWS_MIN as i32 {
        return None;
    }
    // Of equally good places the middle of the widest stretch.
    let mut widest = (0, 0);
    let mut start = None;
    for (at, height) in heights.iter().chain([&0]).enumerate() {
        match (start, *height == best) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                if at - from > widest.1 - widest.0 {
                    widest = (from, at);
                }
                start = None;
            }
            _ => {}
        }
    }
    Some(left + step * (widest.0 + widest.1) as f32 / 2.0)
}

/// The extents of pieces that stand beside one another, from left to right: lines of neighbouring
/// columns need not stand on one baseline.
fn slots(rows: &[Row]) -> Vec<Vec<(f32, f32)>> {
    let mut out: Vec<Vec<(f32, f32)>> = Vec::new();
    let mut top = f32::MIN;
    for row in rows {
        let pieces = row.pieces.iter().map(|p| (p.x, p.end));
        match out.last_mut() {
            Some(slot) if row.y - top < 0.8 * row.size && row.y >= top => slot.extend(pieces),
            _ => {
                top = row.y;
                out.push(pieces.collect());
            }
        }
    }
    for slot in &mut out {
        slot.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    out
}

/// Whether both sides of a gutter are running text.
fn are_columns(rows: &[Row], gutter: f32, rows_min: usize) -> bool {
    let both = slots(rows)
        .iter()
        .filter(|slot| slot.iter().any(|(x, _)| *x < gutter) && slot.iter().any(|(_, end)| *end > gutter))
        .count();
    both >= rows_min
        && [(f32::MIN, gutter), (gutter, f32::MAX)].into_iter().all(|(from, to)| {
            let side: Vec<Row> = rows.iter().filter_map(|r| r.between(from, to)).collect();
            let left = side.iter().map(Row::x).fold(f32::MAX, f32::min);
            let right = side.iter().map(Row::end).fold(f32::MIN, f32::max);
            let count = side.len().max(1) as f32;
            let columns = side.iter().map(|r| r.columns() as f32).sum::<f32>() / count;
            let fill = side.iter().map(|r| r.end() - r.x()).sum::<f32>() / count / (right - left).max(1.0);
            // Cells are pieces apart; a row of text is one, but for a wide blank here and there, and for
            // columns side by side.
            let short = |r: &Row| r.pieces.iter().any(|p| p.columns < TEXT_COLUMNS);
            let is_cells = |r: &&Row| r.pieces.len() > 2 || r.has_gap(CELL_GAP) && short(r);
            let broken = side.iter().filter(is_cells).count();
            side.len() >= rows_min && columns >= TEXT_COLUMNS as f32 && fill >= TEXT_FILL && broken * 3 <= side.len()
        })
}

#[cfg(test)]
mod tests {
    use super::super::rows::{rows, test::line};
    use super::*;

    fn read(lines: &[(&str, f32, f32)]) -> Vec<Vec<String>> {
        let glyphs = lines.iter().flat_map(|(text, x, y)| line(text, *x, *y)).collect();
        let found = regions(rows(glyphs, false, &mut String::new()));
        found.iter().map(|region| region.iter().map(Row::text).collect()).collect()
    }

    #[test]
    fn columns_are_read_one_after_the_other() {
        let mut lines = vec![("A heading that stands over both of the columns of the page", 0.0, 0.0)];
        for at in 1..=6 {
            lines.push(("some text of the left column", 0.0, at as f32 * 12.0));
            lines.push(("other text in the right one", 170.0, at as f32 * 12.0 + 1.0));
        }
        let found = read(&lines);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[1].iter().all(|t| t.contains("left")) && found[1].len() == 6);
        assert!(found[2].iter().all(|t| t.contains("right")) && found[2].len() == 6);
    }

    #[test]
    fn columns_need_no_common_baselines() {
        let mut lines = Vec::new();
        for at in 1..=8 {
            lines.push(("some text of the left column", 0.0, at as f32 * 12.0));
            lines.push(("other text in the right one", 155.0, at as f32 * 12.0 + 5.0));
        }
        let found = read(&lines);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].iter().all(|t| t.contains("left")));
    }

    #[test]
    fn a_table_is_read_row_by_row() {
        let mut lines = Vec::new();
        for at in 0..8 {
            lines.push(("Gansu", 0.0, at as f32 * 12.0));
            lines.push(("12,345", 100.0, at as f32 * 12.0));
            lines.push(("6.5", 200.0, at as f32 * 12.0));
        }
        let found = read(&lines);
        assert_eq!(found.len(), 1);
        assert!(found[0].iter().all(|t| t == "Gansu 12,345 6.5"));
    }
}
