//! The text of an OpenDocument text: what each element of its XML means for the reader.
//!
//! In: the XML of the body. Out: blocks, through [`Story`].

use super::lists::{List, Lists};
use super::styles::Styles;
use crate::error::Problem;
use crate::extract::properties::Properties;
use crate::extract::story::{Block, LINE_BREAK, Look, Story};
use crate::extract::xml::{Element, Event, Xml};
use crate::extract::{BlockKind, RawDocument};
use crate::source::Limits;

/// Rows and cells that stand for several are written out no more often than this: more are there to
/// fill a sheet.
const REPEATED_MAX: usize = 100;

/// A text in the making.
pub struct Body<'l> {
    styles: Styles,
    lists: Lists,
    story: Story<'l>,
    frames: Vec<Frame>,
    paragraphs: Vec<Paragraph>,
    notes: Vec<Vec<Block>>,
    /// Tables of contents that are open.
    contents: u32,
}

/// An open element that means something.
enum Frame {
    /// Something within a paragraph: its text is the paragraph's.
    Other,
    /// Something that holds no text by itself: a frame, a table.
    Outside,
    Paragraph,
    /// The label of a paragraph as the file has it.
    Number,
    List,
    Contents,
    /// How often it stands.
    Row(usize),
    /// How often it stands.
    Cell(usize),
    Box,
    Note,
}

/// What is known of an open paragraph.
struct Paragraph {
    kind: BlockKind,
    look: Look,
    label: String,
}

impl<'l> Body<'l> {
    /// Nothing yet.
    pub fn new(styles: Styles, limits: &'l Limits) -> Body<'l> {
        Body {
            styles,
            lists: Lists::default(),
            story: Story::new(limits),
            frames: Vec::new(),
            paragraphs: Vec::new(),
            notes: Vec::new(),
            contents: 0,
        }
    }

    /// Reads to the end of the element that has just begun.
    pub fn read(&mut self, xml: &mut Xml) -> Result<(), Problem> {
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(element) => match self.begin(&element) {
                    Some(frame) => self.frames.push(frame),
                    None => xml.skip()?,
                },
                Event::End(_) => {
                    let Some(frame) = self.frames.pop() else { break };
                    self.end(frame);
                    self.story.check()?;
                }
                Event::Text(text) => self.text(&text),
            }
        }
        Ok(())
    }

    /// The document: after its text come the notes.
    pub fn finish(mut self, properties: Properties) -> Result<RawDocument, Problem> {
        for note in std::mem::take(&mut self.notes) {
            self.story.note(note);
        }
        self.story.finish(properties)
    }

    fn text(&mut self, text: &str) {
        match (self.frames.last(), self.paragraphs.last_mut()) {
            (Some(Frame::Number), Some(paragraph)) => paragraph.label = text.trim().to_string(),
            (Some(Frame::Paragraph | Frame::Other), _) => self.story.push(text),
            _ => {}
        }
    }

    /// What an element opens; none: it is passed over with all that is in it.
    fn begin(&mut self, element: &Element) -> Option<Frame> {
        let value = |name: &str| element.attribute(name);
        let number = |name: &str| value(name).and_then(|v| v.trim().parse::<u32>().ok());
        let repeated = |name: &str| number(name).map_or(1, |n| (n as usize).clamp(1, REPEATED_MAX));
        let style = || value("style-name").unwrap_or_default();
        let frame = match element.name() {
            "p" | "h" => {
                if self.styles.hides(&style()) {
                    return None;
                }
                let paragraph = self.paragraph(element);
                self.story.begin_paragraph();
                self.paragraphs.push(paragraph);
                Frame::Paragraph
            }
            "span" if self.styles.hides_span(&style()) => return None,
            "section" | "hidden-paragraph" | "hidden-text" | "variable-set" | "user-field-get" | "sequence"
                if value("display").is_some_and(|d| d == "none") || value("is-hidden").is_some_and(|h| h == "true") =>
            {
                return None;
            }
            "s" => {
                self.story.push(" ");
                return None;
            }
            "tab" => {
                self.story.push("\t");
                return None;
            }
            "line-break" => {
                self.story.push(LINE_BREAK);
                return None;
            }
            "number" => Frame::Number,
            "list" => {
                self.lists.begin(List {
                    style: value("style-name"),
                    id: value("id"),
                    continues: value("continue-numbering").is_some_and(|v| v == "true"),
                    continues_list: value("continue-list"),
                });
                Frame::List
            }
            "list-item" => {
                self.lists.item(number("start-value"));
                Frame::Outside
            }
            "table-of-content" => {
                self.contents += 1;
                Frame::Contents
            }
            "table-row" => {
                self.story.begin_row();
                Frame::Row(repeated("number-rows-repeated"))
            }
            "table-cell" => {
                self.hold();
                Frame::Cell(repeated("number-columns-repeated"))
            }
            "text-box" | "custom-shape" | "rect" | "ellipse" | "circle" | "line" | "polygon" | "path" => {
                self.hold();
                Frame::Box
            }
            // A field can show the title; a picture can have one.
            "title" | "desc" if matches!(self.frames.last(), Some(Frame::Outside | Frame::Box)) => return None,
            "note" | "frame" | "g" | "table" | "table-header-rows" | "table-rows" | "list-header" => Frame::Outside,
            "note-body" => {
                self.hold();
                Frame::Note
            }
            // Deleted; said by readers of the draft; described for what is not shown.
            "tracked-changes" | "annotation" | "change-info" | "forms" | "scripts" | "script" | "dde-source" => {
                return None;
            }
            // Numbers of notes; readings beside characters; covered by the cell before; filled in elsewhere.
            "note-citation" | "ruby-text" | "covered-table-cell" => return None,
            // Pictures, and documents within the document.
            "object" | "object-ole" | "binary-data" | "image" | "plugin" | "applet" | "event-listeners" => return None,
            // How an index is made, and what is meant for it but not shown.
            "table-of-content-source"
            | "illustration-index-source"
            | "table-index-source"
            | "object-index-source"
            | "user-index-source"
            | "alphabetical-index-source"
            | "bibliography-source" => return None,
            _ => Frame::Other,
        };
        Some(frame)
    }

    fn paragraph(&mut self, element: &Element) -> Paragraph {
        let style = element.attribute("style-name").unwrap_or_default();
        let number = |name: &str| element.attribute(name).and_then(|v| v.trim().parse::<u32>().ok());
        if element.name() == "h" {
            let level = number("outline-level").unwrap_or(1).max(1);
            let is_header = element.attribute("is-list-header").is_some_and(|v| v == "true");
            let label = if self.lists.is_open() {
                self.lists.label(&self.styles)
            } else if is_header {
                None
            } else {
                self.lists.heading(&self.styles, level as usize - 1, number("start-value"))
            };
            let look = if self.styles.is_title(&style) { Look::Title } else { Look::Plain };
            let kind = BlockKind::Heading(u8::try_from(level.min(6)).unwrap_or(6));
            return Paragraph { kind, look, label: label.unwrap_or_default() };
        }
        let is_item = self.lists.is_open();
        let label = if is_item { self.lists.label(&self.styles) } else { None };
        let (kind, look) = if self.styles.is_title(&style) {
            (BlockKind::Heading(1), Look::Title)
        } else if is_item {
            (BlockKind::ListItem, Look::Plain)
        } else if self.styles.is_caption(&style) {
            (BlockKind::Caption, Look::Plain)
        } else if self.styles.is_prominent(&style) {
            (BlockKind::Paragraph, Look::Prominent)
        } else {
            (BlockKind::Paragraph, Look::Plain)
        };
        Paragraph { kind, look, label: label.unwrap_or_default() }
    }

    fn hold(&mut self) {
        self.lists.enter();
        self.story.hold();
    }

    fn release(&mut self) -> Vec<Block> {
        self.lists.leave();
        self.story.release()
    }

    fn end(&mut self, frame: Frame) {
        match frame {
            Frame::Paragraph => {
                let ended = self.story.end_paragraph();
                let Some(paragraph) = self.paragraphs.pop() else { return };
                if self.contents > 0 {
                    self.story.put_aside(ended);
                } else {
                    self.story.put(ended, paragraph.kind, paragraph.look, &paragraph.label);
                }
            }
            Frame::List => self.lists.end(),
            Frame::Contents => self.contents = self.contents.saturating_sub(1),
            Frame::Row(times) => self.story.end_row(times),
            Frame::Cell(times) => {
                let held = self.release();
                self.story.cell(held);
                self.story.repeat_cell(times - 1);
            }
            Frame::Box => {
                let held = self.release();
                self.story.hang(held);
            }
            Frame::Note => {
                let held = self.release();
                self.notes.push(held);
            }
            Frame::Other | Frame::Outside | Frame::Number => {}
        }
    }
}
