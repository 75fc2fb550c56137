//! The text of a Word document: what each element of its XML means for the reader.
//!
//! In: the XML of the text and of the notes. Out: blocks, through [`Story`].

use super::numbering::Numbering;
use super::styles::{Role, Styles, role_of_level};
use super::value_is_on;
use crate::error::Problem;
use crate::extract::properties::Properties;
use crate::extract::story::{Block, LINE_BREAK, Look, Story};
use crate::extract::xml::{Element, Event, Xml};
use crate::extract::{BlockKind, RawDocument};
use std::collections::{HashMap, HashSet};

/// A font from this size on, in half points, is a title's: text is set in 21 to 32.
const LARGE: u32 = 36;

/// A text in the making.
pub struct Body<'a, 'l> {
    styles: &'a Styles,
    numbering: Numbering,
    story: Story<'l>,
    frames: Vec<Frame>,
    paragraphs: Vec<Paragraph>,
    /// Within a drawing, outside of the text in it.
    quiet: bool,
    /// Within a run that is not shown.
    hidden: bool,
    /// For each open field whether its result has begun; before it stands its code.
    fields: Vec<bool>,
    codes: usize,
    rows: Vec<Merged>,
    notes: HashMap<Note, Vec<Block>>,
    referred: Vec<Note>,
    within: u32,
}

/// A note: of the foot (true) or the end, by its number in the file.
type Note = (bool, String);

/// An open element that means something.
enum Frame {
    Other,
    Paragraph,
    ParagraphStyle,
    MarkStyle,
    List,
    /// With what was hidden before it.
    Run(bool),
    RunStyle,
    Text,
    Row,
    RowStyle,
    Cell,
    CellStyle,
    /// With what was quiet and hidden around it.
    Box(bool, bool),
    /// With what was quiet around it.
    Drawing(bool),
    /// Whether a choice has been taken.
    Alternatives(bool),
    /// With how much text there was before it.
    Choice(u64),
    /// With what was hidden around it.
    Note(Note, bool),
}

/// What is known of an open paragraph.
#[derive(Default)]
struct Paragraph {
    style: Option<String>,
    role: Option<Role>,
    list: Option<String>,
    level: Option<usize>,
    /// The label as the file has it: Word 2003 wrote it.
    label: Option<String>,
    centred: Option<bool>,
    /// The size of the font of its first text.
    size: Option<u32>,
    /// The size of the font of the run.
    run_size: Option<u32>,
    /// Its style hides it.
    hidden: bool,
    /// Its end was deleted: it goes on in the next.
    joined: bool,
}

/// What is known of an open row.
#[derive(Default)]
struct Merged {
    deleted: bool,
    /// The open cell goes on with one above or before it.
    cell: bool,
}

impl<'a, 'l> Body<'a, 'l> {
    /// Nothing yet.
    pub fn new(styles: &'a Styles, numbering: Numbering, limits: &'l crate::source::Limits) -> Body<'a, 'l> {
        Body {
            styles,
            numbering,
            story: Story::new(limits),
            frames: Vec::new(),
            paragraphs: Vec::new(),
            quiet: false,
            hidden: false,
            fields: Vec::new(),
            codes: 0,
            rows: Vec::new(),
            notes: HashMap::new(),
            referred: Vec::new(),
            within: 0,
        }
    }

    /// Whether the text refers to notes.
    pub fn has_notes(&self) -> bool {
        !self.referred.is_empty()
    }

    /// Reads to the end of the XML, or of the element that has just begun.
    pub fn read(&mut self, xml: &mut Xml) -> Result<(), Problem> {
        let base = self.frames.len();
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(element) => match self.begin(&element) {
                    Some(frame) => self.frames.push(frame),
                    None => xml.skip()?,
                },
                Event::End(_) if self.frames.len() <= base => break,
                Event::End(_) => {
                    if let Some(frame) = self.frames.pop() {
                        self.end(frame);
                    }
                    self.story.check()?;
                }
                Event::Text(text) if matches!(self.frames.last(), Some(Frame::Text)) => self.text(&text),
                Event::Text(_) => {}
            }
        }
        Ok(())
    }

    /// The document: after its text come the notes in the order in which it refers to them.
    pub fn finish(mut self, properties: Properties) -> Result<RawDocument, Problem> {
        let mut seen = HashSet::new();
        for note in std::mem::take(&mut self.referred) {
            if let Some(blocks) = self.notes.remove(&note).filter(|_| seen.insert(note)) {
                self.story.note(blocks);
            }
        }
        self.story.finish(properties)
    }

    fn text(&mut self, text: &str) {
        if self.quiet || self.hidden || self.codes > 0 {
            return;
        }
        if let Some(paragraph) = self.paragraphs.last_mut()
            && paragraph.size.is_none()
            && !text.trim().is_empty()
        {
            paragraph.size = paragraph.run_size;
        }
        self.story.push(text);
    }

    /// What an element opens; none: it is passed over with all that is in it.
    fn begin(&mut self, element: &Element) -> Option<Frame> {
        let value = |name: &str| element.attribute(name);
        let is_on = || value_is_on(element.attribute("val").as_deref());
        match self.frames.last_mut() {
            Some(Frame::ParagraphStyle) => return self.paragraph_style(element),
            Some(Frame::List) => {
                let paragraph = self.paragraphs.last_mut()?;
                match element.name() {
                    "numId" | "ilfo" => paragraph.list = value("val"),
                    "ilvl" => paragraph.level = value("val").and_then(|v| v.trim().parse().ok()),
                    "t" => paragraph.label = value("val"),
                    _ => {}
                }
                return None;
            }
            Some(Frame::MarkStyle) => {
                let deleted = matches!(element.name(), "del" | "moveFrom");
                self.paragraphs.last_mut()?.joined |= deleted;
                return None;
            }
            Some(Frame::RunStyle) => {
                let paragraph = self.paragraphs.last_mut()?;
                match element.name() {
                    "rStyle" => self.hidden |= value("val").is_some_and(|id| self.styles.hides(&id)),
                    "vanish" => self.hidden = is_on(),
                    "sz" => paragraph.run_size = value("val").and_then(|v| v.trim().parse().ok()),
                    _ => {}
                }
                return None;
            }
            Some(Frame::RowStyle) => {
                if let Some(row) = self.rows.last_mut() {
                    row.deleted |= element.name() == "del";
                }
                return None;
            }
            Some(Frame::CellStyle) => {
                let goes_on = matches!(element.name(), "vMerge" | "hMerge" | "vmerge" | "hmerge")
                    && value("val").is_none_or(|v| v != "restart");
                if let Some(row) = self.rows.last_mut() {
                    row.cell |= goes_on;
                }
                return None;
            }
            Some(Frame::Alternatives(taken)) => {
                return match element.name() {
                    _ if *taken => None,
                    "Choice" => Some(Frame::Choice(self.story.pushed())),
                    _ => Some(Frame::Other),
                };
            }
            _ => {}
        }
        match element.name() {
            "AlternateContent" => return Some(Frame::Alternatives(false)),
            "txbxContent" => {
                self.story.hold();
                let frame = Frame::Box(self.quiet, self.hidden);
                (self.quiet, self.hidden) = (false, false);
                return Some(frame);
            }
            "binData" => return None,
            _ if self.quiet => return Some(Frame::Other),
            _ => {}
        }
        self.begin_text(element)
    }

    /// An element of the running text.
    fn begin_text(&mut self, element: &Element) -> Option<Frame> {
        let value = |name: &str| element.attribute(name);
        let frame = match element.name() {
            "p" => {
                self.story.begin_paragraph();
                let hidden = self.styles.of_paragraph(None).hidden;
                self.paragraphs.push(Paragraph { hidden, ..Paragraph::default() });
                Frame::Paragraph
            }
            "pPr" => Frame::ParagraphStyle,
            "r" => {
                let hidden = self.hidden;
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    self.hidden = paragraph.hidden;
                    paragraph.run_size = None;
                }
                Frame::Run(hidden)
            }
            "rPr" => Frame::RunStyle,
            "t" => Frame::Text,
            "tab" | "ptab" => return self.sign("\t"),
            "br" | "cr" => return self.sign(LINE_BREAK),
            "noBreakHyphen" => return self.sign("-"),
            // Between the parts of a fraction.
            "den" => {
                self.text("/");
                Frame::Other
            }
            "fldChar" => {
                self.field(&value("fldCharType").unwrap_or_default());
                return None;
            }
            "footnoteReference" | "endnoteReference" => {
                if !self.hidden {
                    self.referred.push((element.name() == "footnoteReference", value("id")?));
                }
                return None;
            }
            "footnote" | "endnote" => {
                if value("type").is_some_and(|t| t != "normal") {
                    return None;
                }
                let is_foot = element.name() == "footnote";
                // A note without a number stands where it is referred to.
                let note = value("id").map(|id| (is_foot, id)).unwrap_or_else(|| {
                    self.within = self.within.saturating_add(1);
                    let note = (is_foot, format!("within {}", self.within));
                    self.referred.push(note.clone());
                    note
                });
                self.story.hold();
                let frame = Frame::Note(note, self.hidden);
                self.hidden = false;
                frame
            }
            "tr" => {
                self.story.begin_row();
                self.rows.push(Merged::default());
                Frame::Row
            }
            "trPr" => Frame::RowStyle,
            "tc" => {
                self.story.hold();
                if let Some(row) = self.rows.last_mut() {
                    row.cell = false;
                }
                Frame::Cell
            }
            "tcPr" => Frame::CellStyle,
            "drawing" | "pict" | "object" => {
                let frame = Frame::Drawing(self.quiet);
                self.quiet = true;
                frame
            }
            // Deleted or moved away; codes of fields; marks of an editor.
            "del" | "moveFrom" | "delText" | "instrText" | "delInstrText" | "fldData" => return None,
            // Readings beside characters; symbols of fonts whose letters are pictures; other documents.
            "rt" | "rubyPr" | "sym" | "altChunk" | "softHyphen" => return None,
            // Looks of the page, with its headers and footers in Word 2003.
            "sectPr" | "tblPr" | "tblPrEx" | "tblGrid" | "sdtPr" | "sdtEndPr" | "customXmlPr" | "smartTagPr" => {
                return None;
            }
            "annotation" if value("type").is_some_and(|t| ["Word.Deletion", "Word.Comment"].contains(&t.as_str())) => {
                return None;
            }
            _ => Frame::Other,
        };
        Some(frame)
    }

    fn sign(&mut self, sign: &str) -> Option<Frame> {
        self.text(sign);
        None
    }

    fn paragraph_style(&mut self, element: &Element) -> Option<Frame> {
        let value = element.attribute("val");
        let paragraph = self.paragraphs.last_mut()?;
        match element.name() {
            "pStyle" => {
                paragraph.hidden = self.styles.of_paragraph(value.as_deref()).hidden;
                paragraph.style = value;
            }
            "outlineLvl" => paragraph.role = value.and_then(|v| v.trim().parse().ok()).map(role_of_level),
            "jc" => paragraph.centred = value.map(|v| v == "center"),
            "numPr" | "listPr" => return Some(Frame::List),
            "rPr" => return Some(Frame::MarkStyle),
            _ => {}
        }
        None
    }

    fn field(&mut self, kind: &str) {
        match kind {
            "begin" => {
                self.fields.push(false);
                self.codes += 1;
            }
            "separate" => {
                if let Some(result) = self.fields.last_mut().filter(|r| !**r) {
                    *result = true;
                    self.codes = self.codes.saturating_sub(1);
                }
            }
            _ => {
                if self.fields.pop() == Some(false) {
                    self.codes = self.codes.saturating_sub(1);
                }
            }
        }
    }

    fn end(&mut self, frame: Frame) {
        match frame {
            Frame::Paragraph => self.end_paragraph(),
            Frame::Run(hidden) => self.hidden = hidden,
            Frame::Row => {
                let deleted = self.rows.pop().is_some_and(|r| r.deleted);
                self.story.end_row(usize::from(!deleted));
            }
            Frame::Cell => {
                let held = self.story.release();
                let goes_on = self.rows.last().is_some_and(|r| r.cell);
                self.story.cell(if goes_on { Vec::new() } else { held });
            }
            Frame::Box(quiet, hidden) => {
                (self.quiet, self.hidden) = (quiet, hidden);
                let held = self.story.release();
                self.story.hang(held);
            }
            Frame::Drawing(quiet) => self.quiet = quiet,
            Frame::Choice(before) => {
                if let Some(Frame::Alternatives(taken)) = self.frames.last_mut() {
                    *taken = self.story.pushed() > before;
                }
            }
            Frame::Note(note, hidden) => {
                self.hidden = hidden;
                let held = self.story.release();
                self.notes.entry(note).or_insert(held);
            }
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        // The code of a field ends with its paragraph, so that one without an end hides no more than that.
        (self.fields, self.codes) = (Vec::new(), 0);
        let ended = self.story.end_paragraph();
        let Some(paragraph) = self.paragraphs.pop() else { return };
        if paragraph.joined {
            return self.story.carry(ended);
        }
        let style = self.styles.of_paragraph(paragraph.style.as_deref());
        let role = match (style.role, paragraph.role) {
            (Role::Text | Role::Heading(_), Some(role)) => role,
            (role, _) => role,
        };
        if role == Role::Contents && is_line_of_contents(ended.text()) {
            return self.story.put_aside(ended);
        }

        let (list, from) = match (&paragraph.list, &style.list) {
            (Some(list), _) => (Some(list), None),
            (None, Some((list, from))) => (Some(list), Some(from.as_str())),
            (None, None) => (None, None),
        };
        let label = match (list.filter(|l| *l != "0"), &paragraph.label) {
            (_, Some(label)) => label.contains(char::is_alphanumeric).then(|| label.clone()),
            (Some(list), None) => {
                // A style further up may name the list; the level belongs to the paragraph's own style.
                let own = from.map(|from| paragraph.style.as_deref().unwrap_or(from));
                let own = own.filter(|_| paragraph.level.is_none());
                self.numbering.label(list, paragraph.level.or(style.level), own)
            }
            (None, None) => None,
        };
        let is_item = paragraph.label.is_some() || list.is_some_and(|l| l != "0");
        let prominent =
            paragraph.centred.unwrap_or(style.centred) || paragraph.size.or(style.size).is_some_and(|s| s >= LARGE);
        let (kind, look) = match role {
            Role::Title => (BlockKind::Heading(1), Look::Title),
            Role::Heading(level) => (BlockKind::Heading(level), Look::Plain),
            Role::Caption => (BlockKind::Caption, Look::Plain),
            Role::Contents => (BlockKind::ListItem, Look::Plain),
            Role::Text if is_item => (BlockKind::ListItem, Look::Plain),
            Role::Text if prominent => (BlockKind::Paragraph, Look::Prominent),
            Role::Text => (BlockKind::Paragraph, Look::Plain),
        };
        self.story.put(ended, kind, look, &label.unwrap_or_default());
    }
}

/// Whether a line ends with the number of a page, set apart.
fn is_line_of_contents(text: &str) -> bool {
    let Some((_, page)) = text.rsplit_once('\t') else { return text.chars().count() <= 20 };
    page.trim().chars().all(|c| c.is_ascii_digit() || "ivxlcIVXLC-–— ".contains(c))
}
