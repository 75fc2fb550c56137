//! Styles of an OpenDocument text: which paragraphs are titles, which text is hidden, how lists count.
//!
//! In: the XML of the styles. Out: [`Styles`]; of a style that is described twice the later holds.

use crate::error::Problem;
use crate::extract::numerals::Numerals;
use crate::extract::xml::{Element, Event, Xml};
use std::collections::HashMap;

/// The levels of a list.
pub const LEVELS: usize = 10;
/// Styles have parents no further up than this.
const DEPTH_MAX: usize = 16;
/// A font from this size on, in points, is a title's.
const LARGE: f32 = 18.0;

/// The styles of a document.
#[derive(Clone, Debug, Default)]
pub struct Styles {
    /// Of paragraphs.
    styles: Family,
    /// Of text within paragraphs.
    spans: Family,
    lists: HashMap<String, ListStyle>,
    /// How headings are numbered.
    outline: ListStyle,
}

type Family = HashMap<String, Style>;

#[derive(Clone, Debug, Default)]
struct Style {
    parent: Option<String>,
    hidden: Option<bool>,
    prominent: Option<bool>,
}

/// How a list writes the numbers of each level.
pub type ListStyle = [Option<ListLevel>; LEVELS];

/// How a list writes the numbers of one level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListLevel {
    /// The form of the numbers.
    pub numerals: Numerals,
    /// What stands before them.
    pub prefix: String,
    /// What stands behind them.
    pub suffix: String,
    /// So many levels are shown, this one the last.
    pub shown: usize,
    /// The first number.
    pub start: u32,
}

/// What is being read.
#[derive(Default)]
struct Reading {
    style: Option<(String, Style)>,
    family: String,
    list: Option<(String, ListStyle)>,
}

impl Styles {
    /// Adds styles from XML to the end of the element that has just begun.
    pub fn read(&mut self, xml: &mut Xml) -> Result<(), Problem> {
        let (mut depth, mut reading) = (0u32, Reading::default());
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(element) => {
                    depth += 1;
                    reading.begin(&element);
                }
                Event::End(_) if depth == 0 => break,
                Event::End(name) => {
                    depth -= 1;
                    match name.as_str() {
                        "style" => match reading.family.as_str() {
                            "paragraph" => self.styles.extend(reading.style.take()),
                            "text" => self.spans.extend(reading.style.take()),
                            _ => reading.style = None,
                        },
                        "list-style" => self.lists.extend(reading.list.take()),
                        "outline-style" => {
                            if let Some((name, list)) = reading.list.take() {
                                self.outline = list.clone();
                                self.lists.insert(name, list);
                            }
                        }
                        _ => {}
                    }
                }
                Event::Text(_) => {}
            }
        }
        Ok(())
    }

    /// Whether paragraphs of that style are the document's title.
    pub fn is_title(&self, style: &str) -> bool {
        self.descends(style, "Title")
    }

    /// Whether paragraphs of that style stand under a figure or over a table.
    pub fn is_caption(&self, style: &str) -> bool {
        self.descends(style, "Caption") || self.descends(style, "caption")
    }

    /// Whether paragraphs of that style are not shown.
    pub fn hides(&self, style: &str) -> bool {
        chain(&self.styles, style).find_map(|s| s.hidden).unwrap_or(false)
    }

    /// Whether text of that style within a paragraph is not shown.
    pub fn hides_span(&self, style: &str) -> bool {
        chain(&self.spans, style).find_map(|s| s.hidden).unwrap_or(false)
    }

    /// Whether paragraphs of that style are centred or in a large font.
    pub fn is_prominent(&self, style: &str) -> bool {
        chain(&self.styles, style).find_map(|s| s.prominent).unwrap_or(false)
    }

    /// Whether a style of paragraphs is the one of that name or has it above it, described or not.
    fn descends(&self, style: &str, name: &str) -> bool {
        style == name || chain(&self.styles, style).any(|s| s.parent.as_deref() == Some(name))
    }

    /// The list style of that name.
    pub fn list(&self, name: &str) -> Option<&ListStyle> {
        self.lists.get(name)
    }

    /// How headings are numbered.
    pub fn outline(&self) -> &ListStyle {
        &self.outline
    }
}

/// A style and those above it.
fn chain<'a>(family: &'a Family, style: &str) -> impl Iterator<Item = &'a Style> {
    std::iter::successors(family.get(style), |s| family.get(s.parent.as_deref()?)).take(DEPTH_MAX)
}

impl Reading {
    fn begin(&mut self, element: &Element) {
        let value = |name: &str| element.attribute(name);
        match element.name() {
            "style" => {
                let name = value("name").unwrap_or_default();
                let style = Style { parent: value("parent-style-name"), ..Style::default() };
                self.style = Some((name, style));
                self.family = value("family").unwrap_or_default();
            }
            "text-properties" => {
                let Some((_, style)) = &mut self.style else { return };
                if let Some(display) = value("display") {
                    style.hidden = Some(display == "none");
                }
                let size = value("font-size").and_then(|s| s.strip_suffix("pt")?.trim().parse::<f32>().ok());
                if size.is_some_and(|s| s >= LARGE) {
                    style.prominent = Some(true);
                }
            }
            "paragraph-properties" => {
                let Some((_, style)) = &mut self.style else { return };
                if let Some(align) = value("text-align") {
                    style.prominent = Some(align == "center");
                }
            }
            "list-style" | "outline-style" => {
                self.list = Some((value("name").unwrap_or_default(), ListStyle::default()));
            }
            "list-level-style-number" | "outline-level-style" => {
                let Some((_, list)) = &mut self.list else { return };
                let number = |name: &str| value(name).and_then(|v| v.trim().parse::<u32>().ok());
                let level = ListLevel {
                    numerals: Numerals::of_example(&value("num-format").unwrap_or_default()),
                    prefix: value("num-prefix").unwrap_or_default(),
                    suffix: value("num-suffix").unwrap_or_default(),
                    shown: number("display-levels").unwrap_or(1).clamp(1, LEVELS as u32) as usize,
                    start: number("start-value").unwrap_or(1),
                };
                if let Some(place) = number("level").and_then(|l| list.get_mut((l as usize).checked_sub(1)?)) {
                    *place = Some(level);
                }
            }
            _ => {}
        }
    }
}
