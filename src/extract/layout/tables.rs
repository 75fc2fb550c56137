//! Which rows of a region are rows of a table, and which lines go on with one of their cells.

use super::columns::TEXT_COLUMNS;
use super::numbering::{is_entry, is_item, numbered};
use super::rows::{CELL_GAP, Piece, Row};

/// So many cells of two rows are compared to see whether they stand under one another.
const CELLS_COMPARED: usize = 32;
/// Lines of a cell are no farther apart, in ems, and no more than these.
const STEP_MAX: f32 = 2.2;
const LINES_MAX: usize = 12;
/// A number or a bullet that stands before an item has no more characters.
const NUMBER_CHARACTERS: usize = 5;

/// Which rows are rows of a table: several pieces with wide gaps, and not alone in it.
pub fn tabular(rows: &[Row]) -> Vec<bool> {
    let wide: Vec<bool> = rows.iter().map(has_cells).collect();
    let mut out: Vec<bool> = (0..rows.len())
        .map(|at| {
            let mut near = at.saturating_sub(2)..(at + 3).min(rows.len());
            // Of a cell with several lines, one may stand between two rows.
            let beside = |other: usize| {
                let is_near = other.abs_diff(at) == 1;
                is_near || has_short(&rows[at]) && has_short(&rows[other]) && agree(&rows[at], &rows[other])
            };
            wide[at]
                && (rows[at].pieces.len() > 2 && !is_spaced(&rows[at])
                    || near.any(|other| other != at && wide[other] && beside(other)))
        })
        .collect();
    // A line alone between two rows goes on with a cell of the one above.
    for at in 1..rows.len().saturating_sub(1) {
        let close = rows[at + 1].y - rows[at - 1].y < 4.0 * rows[at].size;
        out[at] |= out[at - 1] && wide[at + 1] && rows[at].pieces.len() == 1 && close;
    }
    out
}

/// A row of a table and the lines that went on with its cells.
pub struct Cells<'a> {
    row: &'a Row,
    y: f32,
    lines: usize,
}

impl Cells<'_> {
    /// Of a row.
    pub fn of(row: &Row) -> Cells<'_> {
        Cells { row, y: row.y, lines: 0 }
    }

    /// The cell that a line below goes on with: not the first one, which text beside the table could
    /// stand under.
    pub fn goes_on(&mut self, line: &Row) -> Option<usize> {
        let [only] = line.pieces.as_slice() else { return None };
        let size = self.row.size.max(line.size);
        let step = line.y - self.y;
        let alike = self.row.size.min(line.size) > 0.8 * size;
        if step <= 0.0 || step > STEP_MAX * size || !alike || self.lines >= LINES_MAX {
            return None;
        }
        let mut cells = self.row.pieces.iter().skip(1).take(CELLS_COMPARED);
        let over = cells.position(|p| (p.x - only.x).abs() < 0.5 * size)?;
        (self.y, self.lines) = (line.y, self.lines + 1);
        Some(over + 1)
    }
}

fn has_cells(row: &Row) -> bool {
    if !row.has_gap(CELL_GAP) {
        return false;
    }
    // A number with its item, or an entry of contents, is no row.
    let begins_item = row.pieces.len() == 2
        && row.pieces.first().is_some_and(|p| {
            p.text.chars().count() <= NUMBER_CHARACTERS && (numbered(&p.text) || is_item(&p.text) || p.text == "-")
        });
    let is_entry = row.pieces.len() == 2 && is_entry(&row.text());
    !begins_item && !is_entry
}

/// Single ideographs far apart: a heading with room between its characters.
fn is_spaced(row: &Row) -> bool {
    row.pieces.iter().all(|p| p.text.chars().nth(1).is_none() && p.columns == 2)
}

/// Columns of text side by side have no short pieces.
fn has_short(row: &Row) -> bool {
    row.pieces.iter().any(|p| p.columns < TEXT_COLUMNS)
}

/// Whether cells of two rows stand under one another.
fn agree(a: &Row, b: &Row) -> bool {
    let size = a.size.max(b.size);
    let under = |a: &Piece, b: &Piece| {
        let near = |a: f32, b: f32| (a - b).abs() < size;
        near(a.x, b.x) || near(a.end, b.end) || near((a.x + a.end) / 2.0, (b.x + b.end) / 2.0)
    };
    let others = || b.pieces.iter().skip(1).take(CELLS_COMPARED);
    let mut cells = a.pieces.iter().skip(1).take(CELLS_COMPARED);
    (a.y - b.y).abs() < 6.0 * size && cells.any(|a| others().any(|b| under(a, b)))
}
