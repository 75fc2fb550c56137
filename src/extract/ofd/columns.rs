//! Pages in columns: lines that stand side by side but are not read across.

use super::lines::{Cell, Line};
use std::collections::HashMap;

/// Fewer lines than this on either side are no columns.
const COLUMN_LINES_MIN: usize = 5;
/// Of all lines, so many may go across the gutter between two columns: titles, tables.
const ACROSS_MAX: f32 = 0.25;
/// Lines fill this share of their column on average: cells of a table do not.
const FILLED_MIN: f32 = 0.6;
/// Places at which a gutter is looked for.
const PLACES: usize = 128;

/// Parts the lines of a page in two columns: between lines that go across, first the left ones, then
/// the right ones. Other pages are one area.
pub fn columns(lines: Vec<Line>) -> Vec<Vec<Line>> {
    let Some(gutter) = gutter(&lines) else { return vec![lines] };
    let mut out: Vec<Vec<Line>> = Vec::new();
    let (mut left, mut right, mut across): (Vec<Line>, Vec<Line>, Vec<Line>) = Default::default();
    for line in lines {
        if line.cells.iter().any(|c| c.left < gutter && c.right > gutter) {
            out.extend([std::mem::take(&mut left), std::mem::take(&mut right)]);
            across.push(line);
            continue;
        }
        out.push(std::mem::take(&mut across));
        let Line { turn, cells, y, size } = line;
        let (mine, theirs): (Vec<Cell>, Vec<Cell>) = cells.into_iter().partition(|c| c.right <= gutter);
        for (cells, column) in [(mine, &mut left), (theirs, &mut right)] {
            if !cells.is_empty() {
                column.push(Line { turn, cells, y, size });
            }
        }
    }
    out.extend([across, left, right]);
    out.retain(|area| !area.is_empty());
    out
}

/// Where two columns meet, if the lines stand in two.
fn gutter(lines: &[Line]) -> Option<f32> {
    if lines.len() < COLUMN_LINES_MIN {
        return None;
    }
    let from = lines.iter().map(Line::left).min_by(f32::total_cmp)?;
    let to = lines.iter().map(Line::right).max_by(f32::total_cmp)?;
    let step = (to - from) / PLACES as f32;
    if !(step.is_finite() && step > 0.0) {
        return None;
    }
    let place = |x: f32| (((x - from) / step).clamp(0.0, PLACES as f32 - 1.0)) as usize;
    // How many cells begin and end at each place; summed up, how many cover it.
    let mut covered = vec![0i64; PLACES + 1];
    for cell in lines.iter().flat_map(|l| &l.cells) {
        for (at, by) in [(place(cell.left), 1), (place(cell.right) + 1, -1)] {
            if let Some(count) = covered.get_mut(at) {
                *count += by;
            }
        }
    }
    let mut sum = 0;
    for count in &mut covered {
        sum += *count;
        *count = sum;
    }
    let middle = PLACES * 3 / 10..PLACES * 7 / 10;
    let least = *covered.get(middle.clone())?.iter().min()?;
    if least as f32 > ACROSS_MAX * lines.len() as f32 {
        return None;
    }
    // The middle of the first stretch that is least covered.
    let first = middle.clone().find(|at| covered.get(*at) == Some(&least))?;
    let last = (first..middle.end).take_while(|at| covered.get(*at) == Some(&least)).last()?;
    let gutter = from + step * ((first + last + 1) as f32 / 2.0);
    let mut sides = [(0usize, 0.0f32); 2];
    let mut cells_of: HashMap<(usize, usize), usize> = HashMap::new();
    for (number, line) in lines.iter().enumerate() {
        for cell in line.cells.iter().filter(|c| c.right <= gutter || c.left >= gutter) {
            let side = usize::from(cell.left >= gutter);
            if let Some((count, width)) = sides.get_mut(side) {
                *count += 1;
                *width += cell.right - cell.left;
            }
            *cells_of.entry((number, side)).or_default() += 1;
        }
    }
    let several = cells_of.values().filter(|n| **n > 1).count();
    let rooms = [gutter - from, to - gutter];
    let is_filled = sides
        .iter()
        .zip(rooms)
        .all(|((n, width), room)| *n >= COLUMN_LINES_MIN && *width >= FILLED_MIN * room * *n as f32);
    (is_filled && several * 5 <= cells_of.len()).then_some(gutter)
}

#[cfg(test)]
mod tests {
    use super::super::lines::test::{run, texts};

    #[test]
    fn two_columns_are_read_one_after_another_and_tables_by_rows() {
        let mut runs = vec![run("横跨两栏的标题横跨两栏的标题横跨两栏的标题", 30.0, 5.0, 5.0)];
        let mut table = Vec::new();
        for row in 0..8 {
            let y = 20.0 + 8.0 * row as f32;
            runs.push(run("左栏的文字左栏的文字左栏", 10.0, y, 5.0));
            runs.push(run("右栏的文字右栏的文字右栏", 100.0, y, 5.0));
            table.push(run("城市", 10.0, y, 5.0));
            table.push(run("列数", 100.0, y, 5.0));
        }
        let areas = texts(&runs);
        assert_eq!(areas.iter().map(Vec::len).collect::<Vec<_>>(), [1, 8, 8]);
        assert!(areas[1].iter().all(|l| l.starts_with('左')) && areas[2].iter().all(|l| l.starts_with('右')));
        assert_eq!(texts(&table).len(), 1);
        assert_eq!(texts(&table)[0][0], "城市 列数");
    }
}
