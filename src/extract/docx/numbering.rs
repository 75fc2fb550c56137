//! Labels of numbered paragraphs, which a Word document does not write but counts.
//!
//! In: the XML of the lists, then each numbered paragraph in order. Out: its label: `1.`, `（一）`, `2.3`.

use crate::error::Problem;
use crate::extract::numerals::Numerals;
use crate::extract::xml::{Element, Event, Xml};
use std::collections::{HashMap, HashSet};

/// The levels of a list.
const LEVELS: usize = 9;
/// What stands around the numbers is not longer than this: more would be text.
const LABEL_CHARS_MAX: usize = 60;

/// The lists of a document and how far each has counted.
#[derive(Default)]
pub struct Numbering {
    /// What lists look like: several lists may share one, and then count on.
    patterns: HashMap<String, Pattern>,
    lists: HashMap<String, List>,
    counts: HashMap<String, [Option<u32>; LEVELS]>,
    begun: HashSet<(String, usize)>,
    /// The patterns that styles of lists stand for.
    of_styles: HashMap<String, String>,
}

#[derive(Default)]
struct Pattern {
    levels: [Option<Level>; LEVELS],
    /// A style of lists that is described by this pattern.
    is_style: Option<String>,
    /// A style of lists that describes this pattern.
    of_style: Option<String>,
}

#[derive(Clone)]
struct Level {
    start: u32,
    numerals: Numerals,
    text: String,
    /// The level, counted from 1, after which it begins anew; 0: never; none: after any above it.
    restart: Option<u32>,
    /// All numbers in its label are written with digits.
    digits: bool,
    /// The style of the paragraphs on this level.
    style: Option<String>,
}

impl Default for Level {
    fn default() -> Level {
        // Word begins at 0 where nothing is said, but everybody says it.
        let (numerals, text) = (Numerals::Decimal, String::new());
        Level { start: 1, numerals, text, restart: None, digits: false, style: None }
    }
}

#[derive(Default)]
struct List {
    pattern: String,
    starts: [Option<u32>; LEVELS],
    levels: [Option<Level>; LEVELS],
}

/// What is being read.
#[derive(Default)]
struct Reading {
    pattern: Option<(String, Pattern)>,
    list: Option<(String, List)>,
    replaced: Option<usize>,
    level: Option<(usize, Level)>,
}

impl Numbering {
    /// Reads lists from XML to its end, or to the end of the element that has just begun.
    pub fn read(xml: &mut Xml) -> Result<Numbering, Problem> {
        let (mut out, mut reading, mut depth) = (Numbering::default(), Reading::default(), 0u32);
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(element) => {
                    if matches!(element.name(), "pPr" | "rPr" | "numPicBullet") {
                        xml.skip()?;
                        continue;
                    }
                    depth += 1;
                    reading.begin(&element);
                }
                Event::End(_) if depth == 0 => break,
                Event::End(name) => {
                    depth -= 1;
                    reading.end(&name, &mut out);
                }
                Event::Text(_) => {}
            }
        }
        Ok(out)
    }

    /// The label of a paragraph of that list and level, counted on by one. None where the list shows none.
    /// `style` is the style that the paragraph has its list from: a level may belong to it.
    pub fn label(&mut self, list: &str, level: Option<usize>, style: Option<&str>) -> Option<String> {
        let found = self.lists.get(list)?;
        let mut name = found.pattern.clone();
        if let Some(style) = &self.patterns.get(&name)?.of_style
            && let Some(other) = self.of_styles.get(style)
        {
            name = other.clone();
        }
        let pattern = self.patterns.get(&name)?;
        let of = |at: usize| found.levels.get(at).and_then(Option::as_ref).or(pattern.levels.get(at)?.as_ref());
        let of_style = || (0..LEVELS).find(|at| of(*at).is_some_and(|l| l.style.as_deref() == style));
        let at = style.and_then(|_| of_style()).or(level).unwrap_or(0).min(LEVELS - 1);
        let current = of(at)?;

        let counts = self.counts.entry(name).or_default();
        let begins = self.begun.insert((list.to_string(), at));
        let before = counts.get(at).copied().flatten();
        let number = match (found.starts.get(at).copied().flatten(), before) {
            (Some(start), _) if begins => start,
            (start, None) => start.unwrap_or(current.start),
            (_, Some(before)) => before.saturating_add(1),
        };
        if let Some(count) = counts.get_mut(at) {
            *count = Some(number);
        }
        // A level that was passed over counts as begun: what comes on it next is its second.
        for (above, count) in counts.iter_mut().enumerate().take(at) {
            *count = count.or_else(|| of(above).map(|l| l.start));
        }
        for (deeper, count) in counts.iter_mut().enumerate().skip(at + 1) {
            let restart = of(deeper).and_then(|l| l.restart);
            if restart.is_none_or(|after| at < after as usize) {
                *count = None;
            }
        }
        if current.numerals == Numerals::Bullet {
            return None;
        }
        let number_at = |at: usize| {
            let level = of(at)?;
            let number = counts.get(at).copied().flatten().unwrap_or(level.start);
            let numerals = if current.digits { Numerals::Decimal } else { level.numerals };
            Some(numerals.write(number))
        };
        let label = filled(&current.text, number_at);
        let label = label.trim();
        label.contains(char::is_alphanumeric).then(|| label.to_string())
    }
}

/// A pattern such as `%1.%2` with its numbers.
fn filled(pattern: &str, number_at: impl Fn(usize) -> Option<String>) -> String {
    let mut out = String::new();
    let mut chars = pattern.chars().take(LABEL_CHARS_MAX).peekable();
    while let Some(c) = chars.next() {
        match chars.peek().and_then(|d| d.to_digit(10)).filter(|d| c == '%' && *d > 0) {
            Some(digit) => {
                chars.next();
                out.push_str(&number_at(digit as usize - 1).unwrap_or_default());
            }
            None => out.push(c),
        }
    }
    out
}

impl Reading {
    fn begin(&mut self, element: &Element) {
        let value = || element.attribute("val").unwrap_or_default();
        let number = || value().trim().parse::<u32>().ok();
        match element.name() {
            "abstractNum" => {
                self.pattern = Some((element.attribute("abstractNumId").unwrap_or_default(), Pattern::default()));
            }
            "num" => self.list = Some((element.attribute("numId").unwrap_or_default(), List::default())),
            "lvlOverride" => self.replaced = level_of(element),
            "lvl" => self.level = level_of(element).or(self.replaced).map(|at| (at, Level::default())),
            "startOverride" => {
                if let (Some((_, list)), Some(at)) = (&mut self.list, self.replaced)
                    && let Some(start) = list.starts.get_mut(at)
                {
                    *start = number();
                }
            }
            "abstractNumId" => {
                if let Some((_, list)) = &mut self.list {
                    list.pattern = value();
                }
            }
            "styleLink" => {
                if let Some((_, pattern)) = &mut self.pattern {
                    pattern.is_style = Some(value());
                }
            }
            "numStyleLink" => {
                if let Some((_, pattern)) = &mut self.pattern {
                    pattern.of_style = Some(value());
                }
            }
            name => {
                let Some((_, level)) = &mut self.level else { return };
                match name {
                    "start" => level.start = number().unwrap_or(level.start),
                    "numFmt" => level.numerals = numerals(&value()),
                    "lvlText" => level.text = value(),
                    "lvlRestart" => level.restart = number(),
                    "isLgl" => level.digits = super::value_is_on(element.attribute("val").as_deref()),
                    "pStyle" => level.style = Some(value()),
                    _ => {}
                }
            }
        }
    }

    fn end(&mut self, name: &str, out: &mut Numbering) {
        match name {
            "lvl" => {
                let Some((at, level)) = self.level.take() else { return };
                let levels = match (&mut self.list, &mut self.pattern) {
                    (Some((_, list)), _) => &mut list.levels,
                    (None, Some((_, pattern))) => &mut pattern.levels,
                    (None, None) => return,
                };
                if let Some(place) = levels.get_mut(at) {
                    *place = Some(level);
                }
            }
            "lvlOverride" => self.replaced = None,
            "abstractNum" => {
                let Some((name, pattern)) = self.pattern.take() else { return };
                out.of_styles.extend(pattern.is_style.clone().map(|style| (style, name.clone())));
                out.patterns.insert(name, pattern);
            }
            "num" => out.lists.extend(self.list.take()),
            _ => {}
        }
    }
}

fn level_of(element: &Element) -> Option<usize> {
    element.attribute("ilvl").and_then(|v| v.trim().parse().ok())
}

fn numerals(name: &str) -> Numerals {
    match name {
        "bullet" => Numerals::Bullet,
        "none" => Numerals::Nothing,
        "decimalZero" => Numerals::DecimalZero,
        "lowerLetter" => Numerals::LowerLetter,
        "upperLetter" => Numerals::UpperLetter,
        "lowerRoman" => Numerals::LowerRoman,
        "upperRoman" => Numerals::UpperRoman,
        "ordinal" => Numerals::Ordinal,
        "chineseCounting"
        | "chineseCountingThousand"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "japaneseCounting" => Numerals::Chinese,
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => Numerals::ChineseDigits,
        "chineseLegalSimplified" => Numerals::ChineseLegal,
        "ideographLegalTraditional" | "japaneseLegal" => Numerals::ChineseLegalTraditional,
        "ideographTraditional" => Numerals::HeavenlyStem,
        "ideographZodiac" => Numerals::EarthlyBranch,
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => Numerals::Circled,
        "ideographEnclosedCircle" => Numerals::CircledChinese,
        "decimalEnclosedParen" => Numerals::Parenthesised,
        "decimalFullWidth" | "decimalFullWidth2" => Numerals::FullWidth,
        _ => Numerals::Decimal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Limits;

    fn level(at: usize, format: &str, text: &str, more: &str) -> String {
        format!(
            "<w:lvl w:ilvl='{at}'><w:start w:val='1'/><w:numFmt w:val='{format}'/><w:lvlText w:val='{text}'/>{more}</w:lvl>"
        )
    }

    fn numbering(inside: &str) -> Numbering {
        let limits = Limits::default();
        Numbering::read(&mut Xml::new(&format!("<w:numbering>{inside}</w:numbering>"), "lists", &limits)).unwrap()
    }

    /// Labels of paragraphs given as (list, level).
    fn labels(inside: &str, paragraphs: &[(&str, usize)]) -> Vec<String> {
        let mut numbering = numbering(inside);
        paragraphs.iter().map(|(list, at)| numbering.label(list, Some(*at), None).unwrap_or_default()).collect()
    }

    fn pattern(id: &str, inside: &str) -> String {
        format!("<w:abstractNum w:abstractNumId='{id}'>{inside}</w:abstractNum>")
    }

    fn list(id: &str, of: &str, inside: &str) -> String {
        format!("<w:num w:numId='{id}'><w:abstractNumId w:val='{of}'/>{inside}</w:num>")
    }

    #[test]
    fn levels_count_and_begin_anew() {
        let lists = [
            pattern("0", &[level(0, "decimal", "%1.", ""), level(1, "lowerLetter", "%1.%2)", "")].concat()),
            list("1", "0", ""),
            list("2", "0", ""),
        ]
        .concat();
        let paragraphs = [("1", 0), ("1", 1), ("1", 1), ("1", 0), ("1", 1), ("2", 0)];
        assert_eq!(labels(&lists, &paragraphs), ["1.", "1.a)", "1.b)", "2.", "2.a)", "3."]);
        assert_eq!(labels(&lists, &[("1", 1), ("1", 0)]), ["1.a)", "2."]);
    }

    #[test]
    fn chinese_lists_and_bullets() {
        let lists = [
            pattern("0", &level(0, "chineseCounting", "（%1）", "")),
            pattern("1", &level(0, "bullet", "\u{f0b7}", "")),
            pattern("2", &level(0, "none", "Note", "")),
            list("1", "0", ""),
            list("2", "1", ""),
            list("3", "2", ""),
        ]
        .concat();
        let paragraphs = [("1", 0), ("1", 0), ("2", 0), ("3", 0), ("4", 0)];
        assert_eq!(labels(&lists, &paragraphs), ["（一）", "（二）", "", "Note", ""]);
    }

    #[test]
    fn a_list_may_begin_elsewhere_or_not_anew() {
        let restart = "<w:lvlRestart w:val='0'/>";
        let lists = [
            pattern("0", &[level(0, "upperRoman", "%1", ""), level(1, "decimal", "%2", restart)].concat()),
            list("1", "0", ""),
            list("2", "0", "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='7'/></w:lvlOverride>"),
        ]
        .concat();
        let paragraphs = [("1", 0), ("1", 1), ("1", 0), ("1", 1), ("2", 0), ("2", 0)];
        assert_eq!(labels(&lists, &paragraphs), ["I", "1", "II", "2", "VII", "VIII"]);
    }

    #[test]
    fn levels_belong_to_styles_and_patterns_to_styles_of_lists() {
        let legal = "<w:isLgl/><w:pStyle w:val='h2'/>";
        let levels = [level(0, "chineseCounting", "第%1章", ""), level(1, "decimal", "%1.%2", legal)].concat();
        let lists = [
            pattern("0", &format!("<w:styleLink w:val='S'/>{levels}")),
            pattern("1", "<w:numStyleLink w:val='S'/>"),
            list("5", "1", ""),
        ]
        .concat();
        let mut numbering = numbering(&lists);
        assert_eq!(numbering.label("5", None, Some("h1")).unwrap(), "第一章");
        assert_eq!(numbering.label("5", None, Some("h2")).unwrap(), "1.1");
    }

    #[test]
    fn absurd_lists_do_no_harm() {
        let far = "<w:start w:val='4294967295'/>";
        let lists = [
            pattern("0", &level(0, "lowerLetter", "%1%9%0%", far)),
            pattern("1", "<w:lvl w:ilvl='99'/><w:lvl/>"),
            list("1", "0", ""),
            list("2", "1", ""),
        ]
        .concat();
        let paragraphs = [("1", 0), ("1", 0), ("1", 77), ("2", 0)];
        assert_eq!(labels(&lists, &paragraphs), ["4294967295%0%", "4294967295%0%", "", ""]);
    }
}
