//! XML within limits: depth is capped, entities are neither replaced nor followed, names come
//! without their prefixes.

use crate::decode;
use crate::error::Problem;
use crate::source::Limits;
use quick_xml::events::{BytesStart, Event as Raw};
use quick_xml::reader::Reader;

/// What comes next in a document.
#[derive(Debug)]
pub enum Event<'a> {
    /// An element begins. One without content ends at once: an [`Event::End`] follows.
    Start(Element<'a>),
    /// An element ends: its local name.
    End(String),
    /// Text; character references are replaced. Text may come in several pieces.
    Text(String),
}

/// The beginning of an element.
#[derive(Debug)]
pub struct Element<'a> {
    raw: BytesStart<'a>,
}

impl Element<'_> {
    /// Its name without prefix.
    pub fn name(&self) -> &str {
        self.raw.local_name().into_inner()
    }

    /// The value of an attribute, by its name without prefix.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let found =
            self.raw.attributes().with_checks(false).flatten().find(|a| a.key.local_name().into_inner() == name);
        found.map(|a| html_escape::decode_html_entities(&a.value).into_owned())
    }
}

/// Decodes XML by its mark, its declaration or its bytes.
pub fn decoded(bytes: &[u8]) -> String {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    let declared = head.split_once("encoding=").and_then(|(_, rest)| {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest[1..].split(quote).next().map(str::to_string)
    });
    decode::decode(bytes, declared.as_deref()).text
}

/// Reads XML from its beginning to its end.
pub struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    limits: &'a Limits,
    depth: u64,
    part: &'a str,
}

impl<'a> Xml<'a> {
    /// A reader of decoded text; `part` names it in problems.
    pub fn new(text: &'a str, part: &'a str, limits: &'a Limits) -> Xml<'a> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        // Producers of these formats are not all careful.
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        Xml { reader, limits, depth: 0, part }
    }

    /// The next event; none at the end. Fails where the XML is broken or over a limit.
    pub fn next(&mut self) -> Result<Option<Event<'a>>, Problem> {
        loop {
            let raw = self.reader.read_event().map_err(|e| self.broken(&e.to_string()))?;
            return Ok(Some(match raw {
                Raw::Start(raw) => {
                    self.depth += 1;
                    if self.depth > self.limits.xml_depth {
                        return Err(self.limits.over("max-xml-depth"));
                    }
                    Event::Start(Element { raw })
                }
                Raw::End(raw) => {
                    self.depth = self.depth.saturating_sub(1);
                    Event::End(raw.local_name().into_inner().to_string())
                }
                Raw::Text(raw) => Event::Text(raw.xml10_content().into_owned()),
                Raw::CData(raw) => Event::Text(raw.into_inner().into_owned()),
                Raw::GeneralRef(raw) => match reference(&raw) {
                    Some(text) => Event::Text(text),
                    None => continue,
                },
                Raw::DocType(raw) => {
                    if raw.matches("<!ENTITY").count() as u64 > self.limits.xml_entities {
                        return Err(self.limits.over("max-entities"));
                    }
                    continue;
                }
                Raw::Eof if self.depth > 0 => return Err(self.broken("it ends in the middle")),
                Raw::Eof => return Ok(None),
                _ => continue,
            }));
        }
    }

    /// Passes over the rest of the element that has just begun.
    pub fn skip(&mut self) -> Result<(), Problem> {
        let inside = self.depth;
        while self.depth >= inside {
            if self.next()?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// All text within the element that has just begun.
    pub fn text(&mut self) -> Result<String, Problem> {
        let inside = self.depth;
        let mut out = String::new();
        while self.depth >= inside {
            match self.next()? {
                Some(Event::Text(text)) => out.push_str(&text),
                Some(_) => {}
                None => break,
            }
        }
        Ok(out)
    }

    fn broken(&self, said: &str) -> Problem {
        Problem::Content(format!("is damaged: {} is no whole XML ({said})", self.part))
    }
}

/// A character reference, or an entity that HTML knows; others are not replaced by anything.
fn reference(name: &str) -> Option<String> {
    let written = format!("&{name};");
    let decoded = html_escape::decode_html_entities(&written).into_owned();
    (decoded != written).then_some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(xml: &str, limits: &Limits) -> Result<String, Problem> {
        let mut reader = Xml::new(xml, "a part", limits);
        let mut out = String::new();
        while let Some(event) = reader.next()? {
            match event {
                Event::Text(text) => out.push_str(&text),
                Event::Start(e) if e.name() == "skip" => reader.skip()?,
                Event::Start(e) => out.push_str(&format!("<{}{}>", e.name(), e.attribute("k").unwrap_or_default())),
                Event::End(name) => out.push_str(&format!("</{name}>")),
            }
        }
        Ok(out)
    }

    #[test]
    fn references_are_replaced_and_entities_are_not() {
        let xml = "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><x:a x:k='1&amp;2'>R&amp;D &#x6e2f;&e;<skip><b>no</b></skip><b/></x:a>";
        let limits = Limits { xml_entities: 1, ..Limits::default() };
        assert_eq!(text(xml, &limits).unwrap(), "<a1&2>R&D 港<b></b></a>");
    }

    #[test]
    fn limits_and_breaks_are_problems() {
        let limits = Limits { xml_depth: 3, xml_entities: 1, ..Limits::default() };
        assert_eq!(text("<a><a><a><a>", &limits).unwrap_err(), limits.over("max-xml-depth"));
        let bomb = "<!DOCTYPE a [<!ENTITY x 'x'><!ENTITY y '&x;&x;'>]><a>&y;</a>";
        assert_eq!(text(bomb, &limits).unwrap_err(), limits.over("max-entities"));
        assert!(text("<a><b>", &limits).unwrap_err().to_string().contains("it ends in the middle"));
    }
}
