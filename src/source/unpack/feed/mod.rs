//! Feeds of news: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0.
//!
//! Out: every item with the text the feed has of it. Links are not followed.
//! Feeds are written by all kinds of programs: wrong end tags, bare ampersands and unknown entities
//! are read over, and an item that is broken costs itself.

mod item;

use super::{Container, Sink, damaged};
use crate::decode;
use crate::error::Problem;
use crate::source::{Blob, Head};
use item::{Channel, Field, Item};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// Breaks in the XML after which no more is tried: each may cost a look at all that follows.
const BREAKS_MAX: u32 = 20;

/// Feeds.
pub const CONTAINER: Container =
    Container { name: "feed", extensions: &["rss", "atom", "rdf", "xml"], is_binary: false, recognises, unpack };

/// Whether a text begins as a feed does.
fn recognises(head: &Head) -> bool {
    let Some(tag) = first_tag(head.start()) else { return false };
    let (name, tag) =
        (tag.split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or_default(), tag.to_lowercase());
    is_root(&name.to_lowercase())
        && (name == "rss"
            || ["purl.org/rss", "netscape.com/rdf", "2005/atom", "purl.org/atom"].iter().any(|n| tag.contains(n)))
}

/// The first element's tag, from its name on; what is left of it if it does not end.
fn first_tag(mut text: &str) -> Option<&str> {
    loop {
        text = text.trim_start().strip_prefix('<')?;
        let end = match text.chars().next()? {
            '?' => text.find("?>")? + 2,
            '!' if text.starts_with("!--") => text.find("-->")? + 3,
            '!' => text.find('>')? + 1,
            _ => return Some(text.split('>').next().unwrap_or(text)),
        };
        text = text.get(end..)?;
    }
}

/// Whether an element, by its lower-case name, is the root of a feed.
fn is_root(name: &str) -> bool {
    matches!(name, "rss" | "rdf:rdf" | "feed") || name.ends_with(":feed")
}

/// The encoding that an XML declaration names.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..200).unwrap_or(bytes)).into_owned();
    let (_, rest) = head.split_once("encoding=")?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest.get(1..)?.split(quote).next().map(str::to_string)
}

fn unpack(blob: &Blob, sink: &mut Sink) -> Result<(), Problem> {
    let text = decode::text(&blob.bytes, declared(&blob.bytes).as_deref());
    let mut walk =
        Walk { text: &text, open: Vec::new(), channel: Channel::default(), item: None, field: None, items: 0 };
    walk.read(sink)?;
    if walk.items == 0 { Err(Problem::Content("has no items".into())) } else { Ok(()) }
}

/// One pass over a feed.
struct Walk<'t> {
    text: &'t str,
    /// The elements that are open, outermost first, by their names without the feed's own prefix.
    open: Vec<String>,
    channel: Channel,
    /// The item that is open, and at which depth.
    item: Option<(Item, usize)>,
    /// What is being read of the item or the channel, and at which depth.
    field: Option<(Field, usize)>,
    items: u64,
}

impl<'t> Walk<'t> {
    fn read(&mut self, sink: &mut Sink) -> Result<(), Problem> {
        let (mut base, mut breaks) = (0, 0);
        while let Some((at, said)) = self.read_from(base, sink)? {
            // The next item can be read again.
            self.end_item(Err(damaged(&format!("it is no whole XML ({said})"))), sink)?;
            let rest = self.text.get(at..).unwrap_or_default();
            let next =
                ["<item", "<entry"].iter().filter_map(|tag| memchr::memmem::find(rest.as_bytes(), tag.as_bytes()));
            breaks += 1;
            match next.min().filter(|_| breaks < BREAKS_MAX) {
                Some(next) => base = at + next,
                None => return Err(damaged(&format!("it is no whole XML ({said})"))),
            }
        }
        if self.item.is_some() {
            self.end_item(Err(damaged("it ends in the middle")), sink)?;
        }
        if self.open.is_empty() { Ok(()) } else { Err(damaged("it ends in the middle")) }
    }

    /// Reads to the end, or to where the XML is broken: gives a place after that, and what is wrong.
    fn read_from(&mut self, base: usize, sink: &mut Sink) -> Result<Option<(usize, String)>, Problem> {
        let mut reader = Reader::from_str(self.text.get(base..).unwrap_or_default());
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        let place = |position: u64| base.saturating_add(usize::try_from(position).unwrap_or(usize::MAX));
        loop {
            let before = place(reader.buffer_position());
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    // One character on, at least, so that it comes to an end.
                    let at = place(reader.error_position()).max(before) + 1;
                    let at = (at..self.text.len()).find(|n| self.text.is_char_boundary(*n)).unwrap_or(self.text.len());
                    return Ok(Some((at, error.to_string())));
                }
            };
            match event {
                Event::Start(tag) => self.begin(&tag, place(reader.buffer_position()), sink)?,
                Event::Empty(tag) => {
                    let after = place(reader.buffer_position());
                    self.begin(&tag, after, sink)?;
                    let depth = self.open.len().saturating_sub(1);
                    self.close(depth, after, sink)?;
                }
                Event::End(tag) => {
                    let name = self.plain(tag.name().into_inner());
                    if let Some(depth) = self.open.iter().rposition(|n| *n == name) {
                        self.close(depth, before, sink)?;
                    }
                }
                Event::Text(text) => self.put(&text.xml10_content()),
                Event::CData(text) => self.put(&text.into_inner()),
                Event::GeneralRef(name) => self.put(&html_escape::decode_html_entities(&format!("&{};", &*name))),
                Event::DocType(doctype) if doctype.matches("<!ENTITY").count() as u64 > sink.limits.xml_entities => {
                    return Err(sink.limits.over("max-entities"));
                }
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    /// A name in lower case, without the prefixes that mean the feed itself.
    fn plain(&self, name: &str) -> String {
        let name = name.to_ascii_lowercase();
        let own =
            self.open.first().and_then(|root| root.split_once(':')).map(|(prefix, _)| prefix).filter(|p| *p != "rdf");
        match name.split_once(':') {
            Some((prefix, local))
                if !self.open.is_empty() && (Some(prefix) == own || matches!(prefix, "atom" | "rss" | "a10")) =>
            {
                local.to_string()
            }
            _ => name,
        }
    }

    fn begin(&mut self, tag: &BytesStart, after: usize, sink: &Sink) -> Result<(), Problem> {
        let name = self.plain(tag.name().into_inner());
        if self.open.is_empty() && self.items == 0 && !is_root(&name) {
            return Err(Problem::Format("XML that is no feed".into()));
        }
        let parent = self.open.last().cloned().unwrap_or_default();
        let in_channel = self.item.is_none() && (is_root(&parent) || parent == "channel");
        self.open.push(name.clone());
        let depth = self.open.len();
        if depth as u64 > sink.limits.xml_depth {
            return Err(sink.limits.over("max-xml-depth"));
        }
        if let Some((field, _)) = &mut self.field {
            field.element(&name);
        } else if self.item.is_none() && matches!(name.as_str(), "item" | "entry") {
            self.items += 1;
            self.item = Some((Item::new(tag, self.items), depth));
        } else if self.item.as_ref().is_some_and(|(_, at)| depth == at + 1) || in_channel && Channel::takes(&name) {
            self.field = Some((Field::new(name, tag, after), depth));
        } else if self.item.is_none() && (depth == 1 || name == "channel") {
            self.channel.language_of(tag);
        }
        Ok(())
    }

    fn put(&mut self, text: &str) {
        if let Some((field, _)) = &mut self.field {
            field.text.push_str(text);
        }
    }

    /// Closes the elements from a depth on; `at` is where the end tag begins.
    fn close(&mut self, depth: usize, at: usize, sink: &mut Sink) -> Result<(), Problem> {
        if let Some((field, _)) = &mut self.field {
            for name in self.open.iter().skip(depth) {
                field.element_ends(name);
            }
        }
        self.open.truncate(depth);
        if let Some((mut field, _)) = self.field.take_if(|(_, inside)| *inside > depth) {
            field.inner = self.text.get(field.begin..at.max(field.begin)).unwrap_or_default().to_string();
            match &mut self.item {
                Some((item, _)) => item.take(field),
                None => self.channel.take(field),
            }
        }
        if self.item.as_ref().is_some_and(|(_, inside)| *inside > depth) {
            self.end_item(Ok(()), sink)?;
        }
        Ok(())
    }

    /// Hands over the item that is open, or why it cannot be read.
    fn end_item(&mut self, read: Result<(), Problem>, sink: &mut Sink) -> Result<(), Problem> {
        self.field = None;
        let Some((item, depth)) = self.item.take() else { return Ok(()) };
        self.open.truncate(depth.saturating_sub(1));
        sink.member(&item.address(), read.and_then(|()| item.blob(&self.channel)))
    }
}

#[cfg(test)]
mod tests;
