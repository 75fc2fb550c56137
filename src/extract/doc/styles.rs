//! The style sheet: which styles are headings, and of which lists.

use super::bytes::{stretch, u16_at, utf16_at};
use super::format::Paragraph;
use crate::extract::prose;

/// Styles based on styles; more is a circle.
const BASES_MAX: usize = 16;
/// The program's own number of the style for titles; headings have 1 to 9.
const TITLE: u16 = 62;

#[derive(Default)]
struct Style {
    level: Option<u8>,
    base: usize,
    format: Paragraph,
}

/// The styles of paragraphs by their numbers.
#[derive(Default)]
pub struct Styles {
    styles: Vec<Style>,
}

impl Styles {
    /// Reads a style sheet, as far as it is whole.
    pub fn read(sheet: &[u8], data: &[u8]) -> Styles {
        let mut styles = Vec::new();
        let head = u16_at(sheet, 0).map_or(0, usize::from);
        let base_length = u16_at(sheet, 4).map_or(10, usize::from);
        let mut at = 2 + head;
        while let Some(length) = u16_at(sheet, at).map(usize::from) {
            let Some(style) = stretch(sheet, at + 2, length) else { break };
            styles.push(read_style(style, base_length, data).unwrap_or_default());
            at += 2 + length;
        }
        Styles { styles }
    }

    fn chain(&self, style: u16) -> impl Iterator<Item = &Style> {
        let mut next = Some(usize::from(style));
        std::iter::from_fn(move || {
            let found = next.and_then(|n| self.styles.get(n))?;
            next = Some(found.base);
            Some(found)
        })
        .take(BASES_MAX)
    }

    /// The level of a paragraph as a heading.
    pub fn level(&self, paragraph: &Paragraph) -> Option<u8> {
        let direct = paragraph.outline.filter(|o| *o < 9).map(|o| o + 1);
        let own = self.styles.get(usize::from(paragraph.style)).and_then(|s| s.level);
        // An own style based on a heading is one, unless it says that it is running text.
        let inherited =
            || self.chain(paragraph.style).find_map(|s| s.format.outline.map(|o| o.saturating_add(1)).or(s.level));
        direct.or(own).or_else(|| inherited().filter(|level| *level < 10))
    }

    /// The list of a paragraph and its level in it.
    pub fn list(&self, paragraph: &Paragraph) -> Option<(u16, u8)> {
        let of_style = || self.chain(paragraph.style).find_map(|s| s.format.list);
        let list = paragraph.list.or_else(of_style).filter(|list| *list > 0)?;
        let of_style = || self.chain(paragraph.style).find_map(|s| s.format.list_level);
        Some((list, paragraph.list_level.or_else(of_style).unwrap_or(0)))
    }
}

fn read_style(style: &[u8], base_length: usize, data: &[u8]) -> Option<Style> {
    let number = u16_at(style, 0)? & 0xfff;
    let kind_and_base = u16_at(style, 2)?;
    if kind_and_base & 0xf != 1 {
        return None;
    }
    let length = usize::from(u16_at(style, base_length)?);
    let name = utf16_at(style, base_length + 2, length)?;
    let level = match number {
        1..=9 => u8::try_from(number).ok(),
        TITLE => Some(1),
        _ => prose::heading_level(&name),
    };
    let mut format = Paragraph::default();
    // The name ends with a zero; then come the properties with their length.
    let at = base_length + 4 + 2 * length;
    if let Some(run) = u16_at(style, at).and_then(|length| stretch(style, at + 2, usize::from(length))) {
        format.read(run, data);
    }
    Some(Style { level, base: usize::from(kind_and_base >> 4), format })
}

#[cfg(test)]
pub mod test {
    /// A style of paragraphs: number of the program's own, base, name, properties.
    pub fn style(number: u16, base: u16, name: &str, properties: &[u8]) -> Vec<u8> {
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut style = Vec::new();
        for word in [number, base << 4 | 1, 1, 0, 0, (units.len() / 2) as u16] {
            style.extend(word.to_le_bytes());
        }
        style.extend(units);
        style.extend([0, 0]);
        style.extend((properties.len() as u16 + 2).to_le_bytes());
        style.extend([0, 0]);
        style.extend(properties);
        [&(style.len() as u16).to_le_bytes()[..], &style].concat()
    }

    /// A style sheet.
    pub fn sheet(styles: &[Vec<u8>]) -> Vec<u8> {
        let head = [4, 0, styles.len() as u8, 0, 10, 0];
        [&head[..], &styles.concat()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::test::{sheet, style};
    use super::*;

    #[test]
    fn headings_are_told_by_number_name_base_or_outline() {
        let bytes = sheet(&[
            style(0, 0xfff, "Normal", &[]),
            style(2, 0, "x", &[0x0b, 0x46, 3, 0]),
            style(0xffe, 0, "标题 3", &[]),
            style(0xffe, 1, "Own", &[]),
            style(0xffe, 0, "Other", &[0x40, 0x26, 4]),
            style(0xffe, 1, "Text after all", &[0x40, 0x26, 9]),
            style(TITLE, 0, "T", &[]),
            style(0xffe, 7, "Circle", &[]),
        ]);
        let styles = Styles::read(&bytes, &[]);
        let level = |style, outline| styles.level(&Paragraph { style, outline, ..Paragraph::default() });
        let levels: Vec<Option<u8>> = (0..9).map(|style| level(style, None)).collect();
        assert_eq!(levels, [None, Some(2), Some(3), Some(2), Some(5), None, Some(1), None, None]);
        assert_eq!(level(0, Some(0)), Some(1));
        let list = styles.list(&Paragraph { style: 3, list_level: Some(1), ..Paragraph::default() });
        assert_eq!(list, Some((3, 1)));
    }
}
