//! Content of a page → characters with their places, by the direction they are read in.
//!
//! Places are millimetres in the file, points here. Where a character ends is not said: that is guessed.
//! Only what a reader would take for text: patterns, clips and actions are passed over, what is
//! written aslant or in a composite object is given apart.

use crate::error::Problem;
use crate::extract::layout::{Drawn, Text};
use crate::extract::xml::{Element, Event, Xml};
use crate::source::Limits;
use unicode_width::UnicodeWidthChar;

/// What a page holds.
#[derive(Debug, Default)]
pub struct Content {
    /// Its characters by the direction they run in: to the right, down, to the left, up.
    pub turned: [Vec<Drawn>; 4],
    /// Those that are not shown: of a scanned page, what was recognised in it.
    pub hidden: [Vec<Drawn>; 4],
    /// How many there are.
    count: u32,
    /// Text written aslant: water marks and stamps.
    pub aslant: Vec<String>,
    /// Width and height of the page in points, if it says so itself.
    pub size: Option<(f32, f32)>,
    /// The templates under and over it, by number.
    pub templates: Vec<String>,
    /// The composite objects on it, by number.
    pub composites: Vec<String>,
    /// It has pictures.
    pub has_pictures: bool,
}

/// Elements that hold text objects which are no text of the page.
const PASSED_OVER: &[&str] = &["Actions", "Clips", "FillColor", "StrokeColor"];
/// Points to a millimetre.
const POINTS: f32 = 72.0 / 25.4;
/// Type of a size that is not given, in millimetres.
const SIZE: f32 = 3.5;
/// Places farther out than this are no places.
const FAR: f32 = 1e6;
/// A text at more than this share of its length off the axes is aslant.
const ASLANT_MIN: f32 = 0.2;
/// Type of this weight is bold.
const BOLD: f32 = 600.0;

/// Reads the content of a page or a template. `part` names it in problems.
pub fn read(text: &str, part: &str, limits: &Limits) -> Result<Content, Problem> {
    let mut out = Content::default();
    let mut xml = Xml::new(text, part, limits);
    while let Some(event) = xml.next()? {
        let Event::Start(element) = event else { continue };
        match element.name() {
            "TextObject" => {
                let object = Object::new(&element);
                object.read(&mut xml, &mut out)?;
            }
            "CompositeObject" => out.composites.extend(element.attribute("ResourceID")),
            "ImageObject" => out.has_pictures = true,
            "Template" => out.templates.extend(element.attribute("TemplateID")),
            "PhysicalBox" if out.size.is_none() => out.size = page_size(&xml.text()?),
            name if PASSED_OVER.contains(&name) => xml.skip()?,
            _ => {}
        }
    }
    Ok(out)
}

/// The texts of a part in the order they stand in, without regard to places: of composite objects
/// and annotations. Each comes with the number of the composite it is in.
pub fn texts(text: &str, part: &str, limits: &Limits) -> Result<Vec<(String, String)>, Problem> {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut unit = String::new();
    let mut xml = Xml::new(text, part, limits);
    while let Some(event) = xml.next()? {
        match event {
            Event::Start(element) => match element.name() {
                "CompositeGraphicUnit" => unit = element.attribute("ID").unwrap_or_default(),
                "TextObject" => out.push((unit.clone(), String::new())),
                "TextCode" => {
                    let code = code(&xml.text()?);
                    if let Some((_, text)) = out.last_mut() {
                        text.push_str(&code);
                    }
                }
                _ => {}
            },
            Event::End(name) if name == "CompositeGraphicUnit" => unit.clear(),
            _ => {}
        }
    }
    out.retain(|(_, text)| !text.trim().is_empty());
    Ok(out)
}

/// Width and height in points from `x y width height`.
pub fn page_size(text: &str) -> Option<(f32, f32)> {
    match numbers(text)[..] {
        [_, _, width, height] if width > 0.0 && height > 0.0 => Some((width * POINTS, height * POINTS)),
        _ => None,
    }
}

/// A text object: what places the glyphs in it.
struct Object {
    left: f32,
    top: f32,
    /// From places in the object to places in its box: a, b, c, d, e, f.
    matrix: [f32; 6],
    size: f32,
    stretch: f32,
    /// The direction it is read in by what it declares.
    reading: (f32, f32),
    is_bold: bool,
    is_hidden: bool,
}

impl Object {
    fn new(element: &Element) -> Object {
        let number = |name| element.attribute(name).and_then(|v| numbers(&v).first().copied());
        let boundary = element.attribute("Boundary").map(|v| numbers(&v)).unwrap_or_default();
        let matrix = element.attribute("CTM").map(|v| numbers(&v)).unwrap_or_default();
        let matrix = <[f32; 6]>::try_from(matrix).unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
        Object {
            left: boundary.first().copied().unwrap_or(0.0),
            top: boundary.get(1).copied().unwrap_or(0.0),
            matrix,
            size: number("Size").filter(|s| *s > 0.0).unwrap_or(SIZE),
            stretch: number("HScale").filter(|s| (0.05..20.0).contains(s)).unwrap_or(1.0),
            reading: match number("ReadDirection").unwrap_or(0.0) as i64 {
                90 => (0.0, 1.0),
                180 => (-1.0, 0.0),
                270 => (0.0, -1.0),
                _ => (1.0, 0.0),
            },
            is_bold: number("Weight").is_some_and(|weight| weight >= BOLD),
            is_hidden: element.attribute("Visible").is_some_and(|v| v.trim() == "false"),
        }
    }

    /// A place in the object, as a place on the page.
    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        let [a, b, c, d, e, f] = self.matrix;
        let bound = |v: f32| if v.is_finite() { v.clamp(-FAR, FAR) } else { 0.0 };
        (bound(a * x + c * y + e + self.left), bound(b * x + d * y + f + self.top))
    }

    fn read(&self, xml: &mut Xml, out: &mut Content) -> Result<(), Problem> {
        let (mut x, mut y) = (0.0, 0.0);
        let mut joined = Vec::new();
        loop {
            match xml.next()? {
                Some(Event::Start(element)) if element.name() == "CGTransform" => {
                    let number = |name, otherwise: usize| {
                        element.attribute(name).and_then(|v| v.trim().parse::<usize>().ok()).unwrap_or(otherwise)
                    };
                    let (codes, glyphs) = (number("CodeCount", 1), number("GlyphCount", 1));
                    if codes != glyphs {
                        joined.push(Joined { from: number("CodePosition", 0), codes, glyphs });
                    }
                }
                Some(Event::Start(element)) if element.name() == "TextCode" => {
                    let number = |name| element.attribute(name).and_then(|v| numbers(&v).first().copied());
                    // What is not given is as it was for the code before.
                    x = number("X").unwrap_or(x);
                    y = number("Y").unwrap_or(y);
                    let right = element.attribute("DeltaX");
                    let down = element.attribute("DeltaY");
                    let text = code(&xml.text()?);
                    let deltas = (Deltas::new(right.as_deref()), Deltas::new(down.as_deref()));
                    self.run(&text, (x, y), deltas, &joined, out);
                }
                Some(Event::Start(element)) if PASSED_OVER.contains(&element.name()) => xml.skip()?,
                Some(Event::End(name)) if name == "TextObject" => return Ok(()),
                Some(_) => {}
                None => return Ok(()),
            }
        }
    }

    fn run(&self, text: &str, from: (f32, f32), deltas: (Deltas, Deltas), joined: &[Joined], out: &mut Content) {
        let mut places = Vec::with_capacity(text.len() / 2);
        let (mut x, mut y) = from;
        let (mut rights, mut downs) = deltas;
        let mut joined = joined.iter().peekable();
        let mut shared = 0usize; // characters before this one that share its glyph
        for (at, c) in text.chars().enumerate() {
            places.push((c, self.place(x, y)));
            while joined.next_if(|j| j.is_before(at)).is_some() {}
            let steps = joined.peek().map_or(1, |j| j.steps(at));
            if steps == 0 {
                shared += 1;
                continue;
            }
            let from = (x, y);
            let (dx, dy) = (rights.sum(steps), downs.sum(steps));
            if dx.is_none() && dy.is_none() {
                let step = natural_width(c) * self.size;
                x += step * self.reading.0 * self.stretch;
                y += step * self.reading.1;
            } else {
                x += dx.unwrap_or(0.0);
                y += dy.unwrap_or(0.0);
            }
            // They share its room as well.
            let parts = std::mem::take(&mut shared) + 1;
            for (part, (_, place)) in places.iter_mut().rev().take(parts - 1).enumerate() {
                let share = 1.0 - (part + 1) as f32 / parts as f32;
                *place = self.place(from.0 + share * (x - from.0), from.1 + share * (y - from.1));
            }
        }
        let (Some((_, first)), Some((_, last))) = (places.first(), places.last()) else { return };
        let [a, b, c, d, ..] = self.matrix;
        let along = if places.len() > 1 && first != last {
            (last.0 - first.0, last.1 - first.1)
        } else {
            (a * self.reading.0 + c * self.reading.1, b * self.reading.0 + d * self.reading.1)
        };
        let Some(turn) = turn(along) else {
            out.aslant.push(text.to_string());
            return;
        };
        let size = (self.size * (a * d - b * c).abs().sqrt()).clamp(0.01, FAR) * POINTS;
        let list = if self.is_hidden { &mut out.hidden } else { &mut out.turned };
        let Some(list) = list.get_mut(turn) else { return };
        for (c, (x, y)) in places {
            let (x, y) = (x * POINTS, y * POINTS);
            let (x, y) = match turn {
                0 => (x, y),
                1 => (y, -x),
                2 => (-x, -y),
                _ => (-y, x),
            };
            let end = x + natural_width(c) * size * self.stretch;
            out.count = out.count.saturating_add(1);
            list.push(Drawn { text: Text::of(c), x, end, y, size, bold: self.is_bold, order: out.count });
        }
    }
}

/// Characters that are drawn with more or fewer glyphs: steps are those of the glyphs.
struct Joined {
    from: usize,
    codes: usize,
    glyphs: usize,
}

/// One character is drawn with no more glyphs.
const GLYPHS_MAX: usize = 16;

impl Joined {
    fn is_before(&self, at: usize) -> bool {
        self.from.saturating_add(self.codes) <= at
    }

    /// The steps after a character.
    fn steps(&self, at: usize) -> usize {
        let Some(within) = at.checked_sub(self.from).filter(|w| *w < self.codes) else { return 1 };
        let upto = |n: usize| n.saturating_mul(self.glyphs) / self.codes.max(1);
        (upto(within + 1) - upto(within)).min(GLYPHS_MAX)
    }
}

/// How many quarter turns from upright a direction of reading is; none if it is aslant.
fn turn(along: (f32, f32)) -> Option<usize> {
    let (x, y) = along;
    let length = x.hypot(y);
    // A glyph without a size stands upright.
    if !length.is_finite() || length < f32::EPSILON {
        return Some(0);
    }
    match (x.abs() / length <= ASLANT_MIN, y.abs() / length <= ASLANT_MIN) {
        (false, true) => Some(if x > 0.0 { 0 } else { 2 }),
        (true, false) => Some(if y > 0.0 { 1 } else { 3 }),
        _ => None,
    }
}

/// The width of a glyph in ems, about: fonts differ, but not by much more than a tenth.
fn natural_width(c: char) -> f32 {
    // Fonts put ideographs at private places, too.
    let is_wide = c.width() == Some(2) || matches!(c, '\u{e000}'..='\u{f8ff}' | '…' | '—' | '―');
    match c {
        _ if is_wide => 1.0,
        'i' | 'j' | 'l' | '.' | ',' | ';' | ':' | '\'' | '|' | '!' | ' ' | '·' => 0.27,
        'f' | 'r' | 't' | 'I' | '(' | ')' | '[' | ']' | '-' | '/' => 0.35,
        'm' | 'M' | 'W' | '@' | '%' => 0.85,
        'w' | 'A'..='E' | 'G' | 'H' | 'K' | 'N' | 'O' | 'Q' | 'R' | 'U' | 'V' | 'X' | 'Y' | '&' => 0.68,
        c if c.width() == Some(0) => 0.0,
        _ => 0.5,
    }
}

/// The steps from glyph to glyph: numbers, and `g n v` for n times v.
struct Deltas<'a> {
    words: std::str::SplitWhitespace<'a>,
    repeated: (u64, f32),
}

impl<'a> Deltas<'a> {
    fn new(text: Option<&'a str>) -> Deltas<'a> {
        Deltas { words: text.unwrap_or("").split_whitespace(), repeated: (0, 0.0) }
    }

    /// The next steps together; none if there is none.
    fn sum(&mut self, steps: usize) -> Option<f32> {
        let first = self.next()?;
        Some((1..steps).filter_map(|_| self.next()).fold(first, |sum, step| sum + step))
    }

    fn next(&mut self) -> Option<f32> {
        let (left, value) = self.repeated;
        if left > 0 {
            self.repeated.0 = left - 1;
            return Some(value);
        }
        let word = self.words.next()?;
        if word != "g" {
            return Some(number(word).unwrap_or(0.0));
        }
        let times = self.words.next()?.parse::<u64>().unwrap_or(0);
        let value = number(self.words.next()?).unwrap_or(0.0);
        self.repeated = (times.saturating_sub(1), value);
        (times > 0).then_some(value)
    }
}

/// The text of a `TextCode`: line breaks around it are those of the file.
fn code(text: &str) -> String {
    if !text.contains(['\n', '\r']) {
        return text.chars().map(|c| if matches!(c, '\t' | '\u{b}' | '\u{c}') { ' ' } else { c }).collect();
    }
    text.split(['\n', '\r']).map(str::trim).filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ")
}

fn numbers(text: &str) -> Vec<f32> {
    text.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()).take(16).filter_map(number).collect()
}

fn number(word: &str) -> Option<f32> {
    word.parse::<f32>().ok().filter(|n| n.is_finite()).map(|n| n.clamp(-FAR, FAR))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(text: &str) -> Vec<f32> {
        let mut deltas = Deltas::new(Some(text));
        std::iter::from_fn(|| deltas.next()).take(20).collect()
    }

    #[test]
    fn steps_are_read_with_repetitions() {
        assert_eq!(steps("5 2.5"), [5.0, 2.5]);
        assert_eq!(steps("g 3 26 25.9 g 2 26"), [26.0, 26.0, 26.0, 25.9, 26.0, 26.0]);
        assert_eq!(steps("g 99999999999 1").len(), 20);
        assert_eq!(steps("g x 1 g"), [] as [f32; 0]);
        assert_eq!(steps("nan inf 1e99 2"), [0.0, 0.0, 0.0, 2.0]);
    }

    #[test]
    fn glyphs_have_their_places_and_directions() {
        let xml = "<Page><Area><PhysicalBox>0 0 210 297</PhysicalBox></Area><Content><Layer><PageBlock>\
            <TextObject Boundary='10 20 50 10' CTM='0.5 0 0 0.5 1 2' Size='10'><FillColor><Pattern><TextObject>\
            <TextCode>no</TextCode></TextObject></Pattern></FillColor><TextCode X='2' Y='4' DeltaX='10'>陆港</TextCode></TextObject>\
            <TextObject Boundary='0 0 5 50' Size='5' ReadDirection='90'><TextCode X='3' Y='0'>竖排</TextCode></TextObject>\
            <TextObject Boundary='0 0 9 9' CTM='0.7 0.7 -0.7 0.7 0 0'><TextCode X='0' Y='0' DeltaX='8'>保密</TextCode></TextObject>\
            </PageBlock></Layer></Content></Page>";
        let content = read(xml, "a page", &Limits::default()).unwrap();
        assert_eq!(content.size, Some((210.0 * POINTS, 297.0 * POINTS)));
        let millimetres = |v: f32| (v / POINTS).round();
        let places = |turn: usize| -> Vec<(char, f32, f32, f32)> {
            let list = content.turned[turn].iter();
            list.map(|g| (g.text.first(), millimetres(g.x), millimetres(g.y), millimetres(g.size))).collect()
        };
        assert_eq!(places(0), [('陆', 12.0, 24.0, 5.0), ('港', 17.0, 24.0, 5.0)]);
        assert_eq!(places(1), [('竖', 0.0, -3.0, 5.0), ('排', 5.0, -3.0, 5.0)]);
        assert_eq!(content.aslant, ["保密"]);
    }

    #[test]
    fn steps_are_those_of_glyphs() {
        let xml = "<TextObject Boundary='0 0 9 9' Size='10'><CGTransform CodePosition='1' CodeCount='2' GlyphCount='1'/>\
            <TextCode X='0' Y='0' DeltaX='5 6 7'>afin</TextCode></TextObject>";
        let content = read(xml, "a page", &Limits::default()).unwrap();
        let places: Vec<f32> = content.turned[0].iter().map(|g| (g.x / POINTS).round()).collect();
        assert_eq!(places, [0.0, 5.0, 8.0, 11.0]);
    }

    #[test]
    fn line_breaks_around_a_code_are_not_its_text() {
        assert_eq!(code("\n  Dry port\n "), "Dry port");
        assert_eq!(code(" a "), " a ");
        assert_eq!(code("a\n b"), "a b");
    }
}
