//! Styles of a Word document: which paragraphs are headings, titles, captions, lines of a table of contents.
//!
//! In: the XML of the styles. Out: [`Styles`], with what each style inherits already taken in.

use super::value_is_on;
use crate::error::Problem;
use crate::extract::xml::{Element, Event, Xml};
use std::borrow::Cow;
use std::collections::HashMap;

/// What a paragraph is by its style.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Text.
    #[default]
    Text,
    /// The document's title.
    Title,
    /// A heading of that level, counted from 1.
    Heading(u8),
    /// What stands under a figure or over a table.
    Caption,
    /// A line of a table of contents.
    Contents,
}

/// A style with all it inherits.
#[derive(Clone, Debug, Default)]
pub struct Style {
    /// What its paragraphs are.
    pub role: Role,
    /// The list that its paragraphs are in, and the style that says so.
    pub list: Option<(String, String)>,
    /// The level in the list, if one is said.
    pub level: Option<usize>,
    /// Its text is not shown.
    pub hidden: bool,
    /// Its paragraphs are centred.
    pub centred: bool,
    /// The size of its font in half points.
    pub size: Option<u32>,
}

/// The styles by their ids.
#[derive(Clone, Debug, Default)]
pub struct Styles {
    styles: HashMap<String, Style>,
    default: Option<String>,
}

/// A style as it is written.
#[derive(Default)]
struct Written {
    id: String,
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    list: Option<String>,
    level: Option<usize>,
    hidden: Option<bool>,
    centred: Option<bool>,
    size: Option<u32>,
}

/// Styles are based on one another no deeper than this; programs allow fewer.
const DEPTH_MAX: usize = 16;
/// The outline level of text.
const OUTLINE_TEXT: u8 = 9;

impl Styles {
    /// Reads styles from XML to its end, or to the end of the element that has just begun.
    pub fn read(xml: &mut Xml) -> Result<Styles, Problem> {
        let (mut written, mut default) = (Vec::<Written>::new(), None);
        let (mut depth, mut current) = (0u32, None::<Written>);
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(element) => match element.name() {
                    "style" => {
                        depth += 1;
                        let id = element.attribute("styleId").unwrap_or_default();
                        let of_paragraphs = element.attribute("type").is_none_or(|t| t == "paragraph");
                        if of_paragraphs && element.attribute("default").is_some_and(|d| value_is_on(Some(&d))) {
                            default = Some(id.clone());
                        }
                        current = Some(Written { id, ..Written::default() });
                    }
                    // Styles of parts of tables, and what a style was before.
                    "tblStylePr" | "pPrChange" | "rPrChange" | "latentStyles" => xml.skip()?,
                    _ => {
                        depth += 1;
                        if let Some(style) = &mut current {
                            style.take(&element);
                        }
                    }
                },
                Event::End(_) if depth == 0 => break,
                Event::End(name) => {
                    depth -= 1;
                    if name == "style" {
                        written.extend(current.take());
                    }
                }
                Event::Text(_) => {}
            }
        }
        Ok(Styles::inherited(&written, default))
    }

    fn inherited(written: &[Written], default: Option<String>) -> Styles {
        let by_id: HashMap<&str, &Written> = written.iter().map(|w| (w.id.as_str(), w)).collect();
        let styles = written.iter().map(|first| {
            let mut chain = vec![first];
            while let Some(base) = chain.last().and_then(|l| by_id.get(l.based_on.as_deref()?))
                && chain.len() < DEPTH_MAX
            {
                chain.push(base);
            }
            let style = Style {
                role: chain.iter().find_map(|w| w.role()).unwrap_or_default(),
                list: chain.iter().find_map(|w| Some((w.list.clone()?, w.id.clone()))),
                level: chain.iter().find_map(|w| w.level),
                hidden: chain.iter().find_map(|w| w.hidden).unwrap_or(false),
                centred: chain.iter().find_map(|w| w.centred).unwrap_or(false),
                size: chain.iter().find_map(|w| w.size),
            };
            (first.id.clone(), style)
        });
        Styles { styles: styles.collect(), default }
    }

    /// The style of a paragraph with that style id, or with none.
    pub fn of_paragraph(&self, id: Option<&str>) -> Cow<'_, Style> {
        let found = id.or(self.default.as_deref()).and_then(|id| self.styles.get(id));
        // A style that is nowhere described can still be named so that all is said.
        let role = || id.and_then(|id| role_of_name(&plain(id))).unwrap_or_default();
        found.map_or_else(|| Cow::Owned(Style { role: role(), ..Style::default() }), Cow::Borrowed)
    }

    /// Whether text in that style of characters is not shown.
    pub fn hides(&self, id: &str) -> bool {
        self.styles.get(id).is_some_and(|s| s.hidden)
    }
}

impl Written {
    fn take(&mut self, element: &Element) {
        let number = || element.attribute("val").and_then(|v| v.trim().parse::<u32>().ok());
        match element.name() {
            // Other names may follow the first, parted by commas.
            "name" if self.name.is_empty() => {
                let name = element.attribute("val").unwrap_or_default();
                self.name = plain(name.split(',').next().unwrap_or_default());
            }
            "basedOn" => self.based_on = element.attribute("val"),
            "outlineLvl" => self.outline = number().and_then(|n| u8::try_from(n).ok()),
            "numId" => self.list = element.attribute("val"),
            "ilvl" => self.level = number().map(|n| n as usize),
            "vanish" => self.hidden = Some(value_is_on(element.attribute("val").as_deref())),
            "jc" => self.centred = element.attribute("val").map(|v| v == "center"),
            "sz" => self.size = number(),
            _ => {}
        }
    }

    /// What this style says by itself.
    fn role(&self) -> Option<Role> {
        let by_name =
            role_of_name(&self.name).or_else(|| role_of_name(&plain(&self.id)).filter(|_| self.name.is_empty()));
        match (by_name, self.outline) {
            (Some(Role::Heading(_)) | None, Some(level)) => Some(role_of_level(level)),
            (role, _) => role,
        }
    }
}

/// What a paragraph of an outline level is; the levels count from 0, and 9 is text.
pub fn role_of_level(level: u8) -> Role {
    if level < OUTLINE_TEXT { Role::Heading((level + 1).min(6)) } else { Role::Text }
}

/// A name without blanks, lower case.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// What a name says. Built-in styles have English names whatever the language of the program, yet some
/// programs translate them, and templates of offices name theirs in Chinese.
fn role_of_name(name: &str) -> Option<Role> {
    let numbered = |before: &str| name.strip_prefix(before).and_then(|rest| rest.parse::<u8>().ok());
    let level = ["heading", "标题", "標題"].iter().find_map(|b| numbered(b)).or_else(|| {
        let rank = name.strip_suffix("级标题").or_else(|| name.strip_suffix("級標題"))?;
        ["一", "二", "三", "四", "五", "六"].iter().position(|n| *n == rank).and_then(|at| u8::try_from(at + 1).ok())
    });
    match name {
        _ if level.is_some() => level.filter(|l| *l > 0).map(|l| Role::Heading(l.min(6))),
        "title" | "标题" | "標題" => Some(Role::Title),
        "caption" | "题注" | "題注" => Some(Role::Caption),
        "tocheading" | "tableoffigures" => Some(Role::Contents),
        _ if numbered("toc").or(numbered("目录")).is_some() => Some(Role::Contents),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Limits;

    fn styles(inside: &str) -> Styles {
        let limits = Limits::default();
        Styles::read(&mut Xml::new(&format!("<w:styles>{inside}</w:styles>"), "styles", &limits)).unwrap()
    }

    fn style(id: &str, inside: &str) -> String {
        format!("<w:style w:type='paragraph' w:styleId='{id}'>{inside}</w:style>")
    }

    #[test]
    fn roles_are_named_or_inherited() {
        let styles = styles(
            &[
                style("1", "<w:name w:val='heading 1'/><w:pPr><w:outlineLvl w:val='0'/></w:pPr>"),
                style("a3", "<w:name w:val='Title'/><w:pPr><w:outlineLvl w:val='0'/></w:pPr>"),
                style("mine", "<w:name w:val='Mine'/><w:basedOn w:val='1'/>"),
                style("deep", "<w:basedOn w:val='mine'/><w:pPr><w:outlineLvl w:val='2'/></w:pPr>"),
                style("TOCHeading", "<w:name w:val='TOC Heading'/><w:basedOn w:val='1'/>"),
                style("text", "<w:basedOn w:val='1'/><w:pPr><w:outlineLvl w:val='9'/></w:pPr>"),
                style("x", "<w:name w:val='二级标题'/>"),
                style("y", "<w:name w:val='标题 3'/>"),
                style("z", "<w:name w:val='caption'/>"),
                style("loop", "<w:basedOn w:val='pool'/>"),
                style("pool", "<w:basedOn w:val='loop'/>"),
            ]
            .concat(),
        );
        for (id, role) in [
            ("1", Role::Heading(1)),
            ("a3", Role::Title),
            ("mine", Role::Heading(1)),
            ("deep", Role::Heading(3)),
            ("TOCHeading", Role::Contents),
            ("text", Role::Text),
            ("x", Role::Heading(2)),
            ("y", Role::Heading(3)),
            ("z", Role::Caption),
            ("loop", Role::Text),
            ("Heading2", Role::Heading(2)),
            ("TOC1", Role::Contents),
            ("Normal", Role::Text),
        ] {
            assert_eq!(styles.of_paragraph(Some(id)).role, role, "{id}");
        }
    }

    #[test]
    fn lists_and_hiding_are_inherited() {
        let styles = styles(
            "<w:style w:type='paragraph' w:default='1' w:styleId='a'><w:pPr><w:jc w:val='center'/></w:pPr></w:style>\
             <w:style w:type='paragraph' w:styleId='b'><w:pPr><w:numPr><w:numId w:val='4'/></w:numPr></w:pPr></w:style>\
             <w:style w:type='paragraph' w:styleId='c'><w:basedOn w:val='b'/><w:pPr><w:numPr><w:ilvl w:val='1'/></w:numPr></w:pPr></w:style>\
             <w:style w:type='character' w:styleId='d'><w:rPr><w:vanish/></w:rPr></w:style>",
        );
        assert!(styles.of_paragraph(None).centred);
        let c = styles.of_paragraph(Some("c"));
        assert_eq!((c.list.clone(), c.level), (Some(("4".to_string(), "b".to_string())), Some(1)));
        assert!(styles.hides("d") && !styles.hides("a"));
    }
}
