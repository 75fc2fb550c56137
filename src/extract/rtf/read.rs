//! Tokens of RTF → stories: what each control word does to the text.

use super::fonts::{Fonts, Page};
use super::outlets::{Outlets, Read};
use super::tokens::{Token, Tokens};
use super::words::{Destination, destination};
use crate::error::Problem;
use crate::extract::codepage;
use crate::extract::prose::{self, Prose};
use crate::source::Limits;
use std::collections::HashMap;

/// Groups in groups; writers need a few dozen.
const DEPTH_MAX: usize = 10_000;
/// Styles based on styles; more is a circle.
const BASES_MAX: usize = 16;

/// What holds within a group.
#[derive(Clone, Copy)]
struct State {
    destination: Destination,
    /// The destination began with this group and ends with it.
    begins: bool,
    /// The next group says in another code page what the one after it says in Unicode.
    says_twice: bool,
    font: Option<i32>,
    /// The font of ideographs, and whether the run is of them.
    wide_font: Option<i32>,
    is_wide: bool,
    /// Characters after each `\u` for readers without Unicode.
    fallback: u32,
    is_hidden: bool,
    is_deleted: bool,
    style: i32,
    outline: Option<u8>,
    is_in_table: bool,
    nesting: i32,
}

#[derive(Clone, Copy, Default)]
struct Style {
    level: Option<u8>,
    base: Option<i32>,
}

struct Reader<'a> {
    limits: &'a Limits,
    tokens: Tokens<'a>,
    states: Vec<State>,
    state: State,
    fonts: Fonts,
    styles: HashMap<i32, Style>,
    style: (i32, Style),
    /// Bytes of text that are not decoded yet: a character may be written in two pieces.
    bytes: Vec<u8>,
    page: Page,
    /// Characters still to pass over after a `\u`.
    fallback: u32,
    /// The first half of a surrogate pair.
    high: Option<u16>,
    outlets: Outlets,
    date: [i32; 3],
    /// A row's cells have been described and the row has not ended.
    is_in_row: bool,
    read: Read,
}

/// Reads a file. Fails when it breaks off in the middle.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Read, Problem> {
    let state = State {
        destination: Destination::Text,
        begins: false,
        says_twice: false,
        font: None,
        wide_font: None,
        is_wide: false,
        fallback: 1,
        is_hidden: false,
        is_deleted: false,
        style: 0,
        outline: None,
        is_in_table: false,
        nesting: 0,
    };
    let mut reader = Reader {
        limits,
        tokens: Tokens::new(bytes),
        states: Vec::new(),
        state,
        fonts: Fonts::default(),
        styles: HashMap::new(),
        style: Default::default(),
        bytes: Vec::new(),
        page: Page::Western,
        fallback: 0,
        high: None,
        outlets: Outlets::new(limits),
        date: [0; 3],
        is_in_row: false,
        read: Read::default(),
    };
    reader.run(bytes)?;
    reader.flush();
    while !reader.states.is_empty() {
        reader.close();
    }
    let body = reader.outlets.stories.pop().map(Prose::finish).unwrap_or_default();
    Ok(Read { body, info: reader.outlets.info, ..reader.read })
}

impl<'a> Reader<'a> {
    fn run(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        // The first token of a group, after `\*` if that is there: it may name a destination.
        let (mut is_first, mut is_optional) = (false, false);
        let mut ends_paragraph = false;
        let mut hex = Vec::new();
        while let Some(token) = self.tokens.next() {
            let first = std::mem::take(&mut is_first);
            let optional = std::mem::take(&mut is_optional);
            match token {
                Token::Open => {
                    self.open()?;
                    is_first = true;
                }
                Token::Close => {
                    self.close();
                    // What follows the last brace is none of the document.
                    if self.states.is_empty() {
                        return Ok(());
                    }
                }
                Token::Symbol(b'*') if first => (is_first, is_optional) = (true, true),
                Token::Word(word, number) => {
                    ends_paragraph = matches!(word, b"par" | b"row" | b"sect");
                    match destination(word, self.state.destination).filter(|_| first) {
                        Some(Some(destination)) => {
                            self.begin(destination);
                            self.state.says_twice = word == b"upr";
                        }
                        Some(None) => self.tokens.skip_group(),
                        // What may be passed over by those who do not know it.
                        None if optional => self.tokens.skip_group(),
                        None => self.word(word, number),
                    }
                }
                Token::Symbol(symbol) => self.symbol(symbol),
                Token::Hex(byte) => {
                    // Ideographs come as long rows of these.
                    ends_paragraph = false;
                    hex.clear();
                    hex.push(byte);
                    while let Some(byte) = self.tokens.next_hex() {
                        hex.push(byte);
                    }
                    self.text(&hex);
                }
                Token::Text(text) => {
                    ends_paragraph &= text.trim_ascii().is_empty();
                    self.text(text);
                }
            }
        }
        // Some writers forget the last brace.
        let ends = ends_paragraph || last(bytes) == Some(b'}');
        if self.states.is_empty() || ends {
            Ok(())
        } else {
            Err(Problem::Content("is damaged: it breaks off in the middle".into()))
        }
    }

    fn open(&mut self) -> Result<(), Problem> {
        if self.states.len() >= DEPTH_MAX {
            return Err(Problem::Content("is damaged: its groups are nested without end".into()));
        }
        self.fallback = 0;
        self.states.push(self.state);
        self.state.begins = false;
        if std::mem::take(&mut self.state.says_twice) && !self.tokens.is_at(b"\\*\\ud") {
            self.tokens.skip_group();
        }
        Ok(())
    }

    fn close(&mut self) {
        self.fallback = 0;
        let Some(outer) = self.states.pop() else {
            return;
        };
        let inner = self.state;
        if inner.begins || inner.destination == Destination::Styles {
            self.flush();
            self.end(inner.destination);
        }
        self.state = outer;
    }

    /// A destination begins with the group.
    fn begin(&mut self, to: Destination) {
        use Destination::*;
        if to == self.state.destination && !matches!(to, Note | Running | TextBox) {
            return;
        }
        self.flush();
        self.state.destination = to;
        self.state.begins = true;
        match to {
            Note | Running | TextBox => {
                self.outlets.stories.push(Prose::new(self.limits));
                self.state.is_in_table = false;
                self.state.nesting = 0;
            }
            Label => self.outlets.label.clear(),
            // Some writers name the last to change the file as another author.
            Author if !self.outlets.info.author.is_empty() => self.state.destination = Silent,
            Title if !self.outlets.info.title.is_empty() => self.state.destination = Silent,
            _ => {}
        }
    }

    fn end(&mut self, destination: Destination) {
        use Destination::*;
        match destination {
            Note | Running | TextBox if self.outlets.stories.len() > 1 => {
                let pieces = self.outlets.stories.pop().map(Prose::finish).unwrap_or_default();
                match destination {
                    Note => self.read.notes.extend(pieces),
                    Running => self.read.left_out.extend(pieces),
                    _ => self.story(|s| s.aside(pieces)),
                }
            }
            Label => {
                let label = std::mem::take(&mut self.outlets.label);
                self.story(|s| s.label(&label));
            }
            Created => {
                let [year, month, day] = self.date;
                if year > 0 {
                    self.outlets.info.created = Some(format!("{year:04}-{month:02}-{day:02}"));
                }
            }
            Styles => self.name_style(),
            _ => {}
        }
    }

    fn story(&mut self, act: impl FnOnce(&mut Prose)) {
        self.flush();
        if let Some(story) = self.outlets.stories.last_mut() {
            act(story);
        }
    }

    /// Marks between paragraphs count where text does.
    fn mark(&mut self, act: impl FnOnce(&mut Prose)) {
        use Destination::*;
        if matches!(self.state.destination, Text | Note | Running | TextBox) {
            self.story(act);
        }
    }

    fn is_shown(&self) -> bool {
        !self.state.is_hidden && !self.state.is_deleted && self.state.destination != Destination::Silent
    }

    /// Bytes of text in the code page of their font.
    fn text(&mut self, mut text: &[u8]) {
        if self.fallback > 0 {
            let passed = text.len().min(usize::try_from(self.fallback).unwrap_or(usize::MAX));
            self.fallback = self.fallback.saturating_sub(u32::try_from(passed).unwrap_or(u32::MAX));
            text = text.get(passed..).unwrap_or_default();
        }
        if text.is_empty() || !self.is_shown() || self.state.destination == Destination::Fonts {
            return;
        }
        let state = &self.state;
        let font = state.wide_font.filter(|_| state.is_wide).or(state.font);
        let page = match state.destination {
            Destination::Title | Destination::Author | Destination::Styles => self.fonts.of_file(),
            _ => self.fonts.of(font),
        };
        if page != self.page {
            self.flush();
            self.page = page;
        }
        self.bytes.extend_from_slice(text);
    }

    /// Bytes that wait become text.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        self.high = None;
        let text = self.fonts.decode(&bytes, self.page);
        self.outlets.put(&text, self.state.destination);
        // Its room is used again.
        self.bytes = bytes;
        self.bytes.clear();
    }

    fn char(&mut self, c: char) {
        if self.fallback > 0 {
            self.fallback -= 1;
            return;
        }
        if self.is_shown() {
            self.flush();
            self.outlets.put(c.encode_utf8(&mut [0; 4]), self.state.destination);
        }
    }

    fn symbol(&mut self, symbol: u8) {
        match symbol {
            b'~' => self.char('\u{a0}'),
            b'_' => self.char('-'),
            b'\n' | b'\r' => self.end_paragraph(),
            b'\t' => self.char('\t'),
            b'\\' | b'{' | b'}' => self.text(&[symbol]),
            // An optional hyphen, and marks within formulas and indexes.
            _ => self.fallback = self.fallback.saturating_sub(1),
        }
    }

    /// A UTF-16 unit, written as a signed number.
    fn unit(&mut self, number: i32) {
        // Bytes before it come first, and end a surrogate pair. A fallback that is shorter than said ends here.
        self.flush();
        self.fallback = 0;
        let code = if number < 0 { number.saturating_add(0x1_0000) } else { number };
        let code = u32::try_from(code).unwrap_or(0xfffd);
        match code {
            0xd800..=0xdbff => self.high = u16::try_from(code).ok(),
            0xdc00..=0xdfff => {
                if let Some(high) = self.high.take() {
                    let code = 0x1_0000 + ((u32::from(high) - 0xd800) << 10) + (code - 0xdc00);
                    char::from_u32(code).into_iter().for_each(|c| self.char(c));
                }
            }
            // Pictures of a symbol font; bullets among them.
            0xf0b7 => self.char('•'),
            0xf000..=0xf0ff | 0..=0x1f => {}
            _ => char::from_u32(code).into_iter().for_each(|c| self.char(c)),
        }
        self.fallback = self.state.fallback;
    }

    fn end_paragraph(&mut self) {
        let (is_in_table, level) = (self.state.is_in_table || self.state.nesting > 0, self.level());
        let is_in_row = self.is_in_row;
        self.mark(|s| if is_in_table || is_in_row && s.is_in_row() { s.end_line() } else { s.end_paragraph(level) });
    }

    /// The level of the paragraph as a heading: its own, or its style's.
    fn level(&self) -> Option<u8> {
        let mut style = Some(self.state.style);
        for _ in 0..BASES_MAX {
            let Some(found) = style.and_then(|s| self.styles.get(&s)) else { break };
            if found.level.is_some() {
                return found.level.filter(|level| *level > 0);
            }
            style = found.base;
        }
        self.state.outline
    }

    fn name_style(&mut self) {
        let name = std::mem::take(&mut self.outlets.style_name);
        let (number, mut style) = std::mem::take(&mut self.style);
        if name.trim().is_empty() {
            return;
        }
        style.level = prose::heading_level(name.trim_end_matches(';')).or(style.level);
        self.styles.insert(number, style);
    }

    fn word(&mut self, word: &[u8], number: Option<i32>) {
        let value = number.unwrap_or(0);
        let is_on = number != Some(0);
        let state = &mut self.state;
        let in_styles = state.destination == Destination::Styles;
        match word {
            b"u" => return self.unit(value),
            b"par" => return self.end_paragraph(),
            b"uc" => state.fallback = u32::try_from(value).unwrap_or(1),
            b"f" if state.destination == Destination::Fonts => state.font = number,
            b"f" => {
                state.font = number;
                // It holds for the run, whatever was named for ideographs before.
                state.wide_font = state.wide_font.filter(|_| !state.is_wide);
            }
            b"af" if state.is_wide => state.wide_font = number,
            b"dbch" => state.is_wide = true,
            b"loch" | b"hich" | b"ltrch" | b"rtlch" => state.is_wide = false,
            b"plain" => {
                state.font = self.fonts.default;
                (state.is_hidden, state.is_deleted) = (false, false);
                (state.wide_font, state.is_wide) = (None, false);
            }
            b"pard" => {
                (state.style, state.outline) = (0, None);
                (state.is_in_table, state.nesting) = (false, 0);
            }
            b"s" if in_styles => self.style.0 = value,
            b"s" => state.style = value,
            b"sbasedon" if in_styles => self.style.1.base = Some(value).filter(|b| *b != self.style.0),
            b"outlinelevel" => {
                let level = u8::try_from(value).ok().filter(|level| *level < 9).map(|level| level + 1);
                match in_styles {
                    true => self.style.1.level = level,
                    false => state.outline = level,
                }
            }
            b"intbl" => state.is_in_table = true,
            b"itap" => state.nesting = value.saturating_sub(1),
            b"v" | b"webhidden" => state.is_hidden = is_on,
            b"deleted" => state.is_deleted = is_on,
            b"fcharset" => {
                if let Some(font) = state.font {
                    self.fonts.charset(font, value);
                }
            }
            b"cpg" => {
                if let Some(font) = state.font {
                    self.fonts.page(font, value);
                }
            }
            b"deff" => self.fonts.default = number,
            b"ansicpg" => self.declared(value),
            b"mac" => self.declared(10000),
            b"pc" => self.declared(437),
            b"pca" => self.declared(850),
            b"yr" => self.date = [value, 1, 1],
            b"mo" => self.date[1] = value.clamp(1, 12),
            b"dy" => self.date[2] = value.clamp(1, 31),
            b"cell" => self.mark(Prose::end_cell),
            b"trowd" => self.is_in_row = true,
            b"row" => {
                self.is_in_row = false;
                self.mark(Prose::end_row);
            }
            b"nestcell" => self.mark(Prose::end_inner_cell),
            b"nestrow" => self.mark(Prose::end_inner_row),
            b"page" | b"sect" | b"column" => self.end_paragraph(),
            b"line" | b"lbr" | b"softline" if self.is_shown() => self.mark(Prose::line_break),
            b"tab" => return self.char('\t'),
            b"emspace" | b"enspace" | b"qmspace" => return self.char(' '),
            b"emdash" => return self.char('—'),
            b"endash" => return self.char('–'),
            b"bullet" => return self.char('•'),
            b"lquote" => return self.char('‘'),
            b"rquote" => return self.char('’'),
            b"ldblquote" => return self.char('“'),
            b"rdblquote" => return self.char('”'),
            _ => {}
        }
        // A control word is one character of a fallback.
        self.fallback = self.fallback.saturating_sub(1);
    }

    fn declared(&mut self, number: i32) {
        self.fonts.declared = u32::try_from(number).ok().and_then(codepage::by_number).or(self.fonts.declared);
    }
}

/// The last byte that is no padding.
fn last(bytes: &[u8]) -> Option<u8> {
    bytes.iter().rev().find(|b| **b != 0 && !b.is_ascii_whitespace()).copied()
}
