//! Characters with places → text in reading order, whichever format says where they stand.
//!
//! In: [`Page`]s of [`Drawn`] characters. Out: [`Pages`] of blocks, ready for a [`Flow`]. `rows` gathers
//! lines and `words` parts them, `running` takes out what repeats on every page, `columns` finds the
//! order of reading, `paragraphs` joins lines, `tables` and `numbering` tell which of them begin anew,
//! `pages` joins over pages and gives headings their levels, `hyphens` resolves those at line ends.

mod columns;
mod hyphens;
mod numbering;
mod pages;
mod paragraphs;
mod rows;
mod running;
mod tables;
mod words;

pub use pages::Pages;

use paragraphs::Style;
use running::Sheet;

/// A drawn character, or several drawn as one.
///
/// Its place is in points, in a frame turned so that the text runs to the right and its lines follow
/// one another downwards, whichever way it is set on the page.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// Its text.
    pub text: Text,
    /// Where it begins.
    pub x: f32,
    /// Where it ends.
    pub end: f32,
    /// The line it stands on.
    pub y: f32,
    /// Size of the font.
    pub size: f32,
    /// It is set in a bold font.
    pub bold: bool,
    /// Its order in the page's instructions: no two have the same.
    pub order: u32,
}

/// The text of a drawn character: one character nearly always.
#[derive(Clone, Debug, PartialEq)]
pub enum Text {
    /// One character.
    One(char),
    /// A ligature, or what the producer says stands for it.
    More(String),
}

impl Text {
    /// Of a character. Ligatures and letters in their written forms are what they are made of: a reader
    /// types "fi".
    pub fn of(c: char) -> Text {
        use unicode_normalization::UnicodeNormalization;
        match c {
            '\u{fb00}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' => Text::More(c.nfkc().collect()),
            // Ideographs by their radical: drawn the same, found by nobody.
            '\u{2e80}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}' => Text::One(c.nfkc().next().unwrap_or(c)),
            c => Text::One(c),
        }
    }

    /// Its first character.
    pub fn first(&self) -> char {
        match self {
            Text::One(c) => *c,
            Text::More(text) => text.chars().next().unwrap_or(' '),
        }
    }

    /// Whether nothing is seen of it.
    pub fn is_blank(&self) -> bool {
        match self {
            Text::One(c) => c.is_whitespace() || c.is_control(),
            Text::More(text) => text.chars().all(|c| c.is_whitespace() || c.is_control()),
        }
    }

    /// Puts it after a text.
    pub fn push_to(&self, out: &mut String) {
        match self {
            Text::One(c) => out.push(*c),
            Text::More(text) => out.push_str(text),
        }
    }
}

/// What stands on a page.
#[derive(Debug, Default)]
pub struct Page {
    /// Characters by the direction they run in: to the right, down, to the left, up.
    pub turned: [Vec<Drawn>; 4],
    /// Width of the page as it is looked at, in points.
    pub width: f32,
    /// Height of the page, in points.
    pub height: f32,
    /// The file does not say where characters end: that is guessed.
    pub is_estimated: bool,
    /// Text that is left out, to be shown before that of the page: of templates, running headers.
    pub before: String,
    /// Text that is left out, to be shown after that of the page: watermarks, stamps.
    pub after: String,
    /// Text without places: left out, unless the page has no other.
    pub unplaced: Vec<String>,
}

/// A document's pages as they come.
#[derive(Debug, Default)]
pub struct Layout {
    sheets: Vec<Sheet>,
    beside: Vec<Beside>,
    bytes: u64,
}

/// Text of a page that is no part of the running text.
#[derive(Debug, Default)]
struct Beside {
    before: String,
    after: String,
    unplaced: Vec<String>,
}

impl Layout {
    /// Gathers the rows of the next page.
    pub fn add(&mut self, page: Page) {
        let mut beside = Beside { before: page.before, after: page.after, unplaced: page.unplaced };
        let sheet = sheet(page.turned, (page.width, page.height), page.is_estimated, &mut beside.before);
        let bytes: usize = sheet.rows.iter().flat_map(|r| &r.pieces).map(|p| p.text.len()).sum();
        self.bytes = self.bytes.saturating_add(bytes as u64);
        self.sheets.push(sheet);
        self.beside.push(beside);
    }

    /// Bytes of text so far: a limit on text holds before it is put together, too.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Number of pages.
    pub fn len(&self) -> usize {
        self.sheets.len()
    }

    /// The pages' text in reading order.
    pub fn read(mut self) -> Pages {
        let style = Style::of(self.sheets.iter().flat_map(|s| &s.rows));
        let running = running::remove(&mut self.sheets);
        Pages::new(self.sheets, running, self.beside, style)
    }
}

/// The lines of a page, without regard to columns and paragraphs: of what is left out.
pub fn lines(page: Page) -> String {
    let mut references = String::new();
    let sheet = sheet(page.turned, (page.width, page.height), page.is_estimated, &mut references);
    sheet.rows.iter().chain(sheet.turned.iter().flatten()).map(|row| row.text() + "\n").collect()
}

/// The rows of a page: those of the direction that most of it is set in, and apart from them the others.
fn sheet(turned: [Vec<Drawn>; 4], (width, height): (f32, f32), is_estimated: bool, left_out: &mut String) -> Sheet {
    let mut directions: Vec<(usize, Vec<Drawn>)> =
        turned.into_iter().enumerate().filter(|(_, list)| !list.is_empty()).collect();
    directions.sort_by_key(|(_, list)| std::cmp::Reverse(list.len()));
    let mut sheet = Sheet { rows: Vec::new(), height, turned: Vec::new() };
    for (at, (turn, list)) in directions.into_iter().enumerate() {
        let mut rows = rows::rows(list, is_estimated, left_out);
        if at > 0 {
            sheet.turned.push(rows);
            continue;
        }
        // Places along the page are counted from its top edge, as the text sees it.
        let (top, tall) = match turn {
            0 => (0.0, height),
            1 => (-width, width),
            2 => (-height, height),
            _ => (0.0, width),
        };
        rows.iter_mut().for_each(|row| row.y -= top);
        (sheet.rows, sheet.height) = (rows, tall);
    }
    sheet
}

#[cfg(test)]
mod tests;
