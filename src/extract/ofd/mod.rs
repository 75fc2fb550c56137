//! Fixed-layout documents in OFD (GB/T 33190): the places of glyphs on pages → text in reading order.
//!
//! In: a package of XML parts. Out: paragraphs with their pages. Shown as left out: templates,
//! annotations and stamps, running heads and feet, page numbers. `content` reads the pages, `layout`
//! makes text of places.

mod content;

use super::flow::Flow;
use super::layout::{self, Layout, Page};
use super::parts::{self, Parts};
use super::xml::{Event, Xml};
use super::{Format, Metadata, RawDocument};
use crate::error::Problem;
use crate::model::{Confidence, Found, Origin};
use crate::source::{Blob, Head, Limits, Package};
use content::Content;
use std::collections::{HashMap, HashSet};

/// Documents in OFD.
pub const FORMAT: Format = Format {
    name: "ofd",
    extensions: &["ofd"],
    is_binary: true,
    recognises: |head: &Head| head.members().iter().any(|m| parts::resolved("", m).eq_ignore_ascii_case(ROOT)),
    extract,
};

/// The part from which all others are found.
const ROOT: &str = "OFD.xml";
/// The part that lists how others are encrypted.
const ENCRYPTIONS: &str = "encryptions.xml";
/// Where the metadata stands, for people.
const PLACE: &str = "document properties";

fn extract(blob: &Blob, limits: &Limits) -> Result<RawDocument, Problem> {
    let mut reader = Reader { parts: Parts::new(Package::open(&blob.bytes, limits)?), limits };
    let is_encrypted = |path: &str| path.rsplit('/').next().is_some_and(|n| n.eq_ignore_ascii_case(ENCRYPTIONS));
    if reader.parts.paths().any(is_encrypted) {
        return Err(Problem::Content("is protected by a password".into()));
    }
    let root = reader.root()?;
    let mut book = Book::default();
    for path in &root.documents {
        reader.document(path, &mut book)?;
    }
    let mut pages = book.layout.read();
    let title = pages.title(root.metadata.title.clone());
    let mut flow = Flow::new(limits);
    pages.pour(&mut flow);
    if flow.is_empty() && book.has_pictures && !flow.is_over() {
        return Err(Problem::Content("has no text layer: its pages are pictures (a scan)".into()));
    }
    let mut raw = flow.finish()?;
    raw.metadata = Metadata { title, ..root.metadata };
    Ok(raw)
}

fn damaged(what: impl std::fmt::Display) -> Problem {
    Problem::Content(format!("is damaged: {what}"))
}

/// What the root says.
struct Root {
    /// Paths of the documents in order.
    documents: Vec<String>,
    metadata: Metadata,
}

/// The pages of all documents.
#[derive(Default)]
struct Book {
    layout: Layout,
    has_pictures: bool,
}

/// What a document's description says.
#[derive(Default)]
struct Description {
    size: Option<(f32, f32)>,
    /// Numbers and places of the pages in order.
    pages: Vec<(String, String)>,
    templates: HashMap<String, String>,
    resources: Vec<String>,
    annotations: Option<String>,
}

/// A page of what a content draws.
fn placed(content: Content, size: Option<(f32, f32)>) -> Page {
    let Content { turned, hidden, size: own, .. } = content;
    let turned = if turned.iter().all(Vec::is_empty) { hidden } else { turned };
    let [right, down, _, up] = &turned;
    let lowest = right.iter().map(|g| g.y).fold(0.0, f32::max);
    let outmost = down.iter().map(|g| -g.y).chain(up.iter().map(|g| g.y)).fold(0.0, f32::max);
    // A page that is smaller than its text says nothing.
    let known = own.or(size).filter(|(width, height)| *width >= outmost && *height >= lowest);
    let (width, height) = known.unwrap_or((outmost * 1.05, lowest * 1.05));
    Page { turned, width, height, is_estimated: true, ..Page::default() }
}

/// Puts a line of its own after others.
fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

struct Reader<'a> {
    parts: Parts<'a>,
    limits: &'a Limits,
}

impl Reader<'_> {
    fn root(&mut self) -> Result<Root, Problem> {
        let Some(text) = self.parts.xml(ROOT)? else { return Err(damaged(format!("{ROOT} is not there"))) };
        let mut xml = Xml::new(&text, ROOT, self.limits);
        let mut root = Root { documents: Vec::new(), metadata: Metadata::default() };
        let (mut author, mut creator) = (None, None);
        while let Some(event) = xml.next()? {
            let Event::Start(element) = event else { continue };
            let name = element.name().to_string();
            if name == "DocRoot" {
                let path = parts::resolved(ROOT, &parts::percent_decoded(&xml.text()?));
                if !root.documents.contains(&path) {
                    root.documents.push(path);
                }
                continue;
            }
            if !matches!(name.as_str(), "Title" | "Author" | "CreationDate" | "ModDate" | "Creator") {
                continue;
            }
            let value = xml.text()?;
            let value = value.trim().to_string();
            let meta = &mut root.metadata;
            // Of several documents in one file, the first gives the name.
            match name.as_str() {
                _ if value.is_empty() => {}
                "Title" => meta.title = meta.title.take().or_else(|| parts::title(&value, PLACE)),
                "Author" => author = author.or(Some(value)),
                "Creator" => creator = creator.or(Some(value)),
                // When the file was made is not when it was published, but near it.
                _ => meta.dates.push(Found::new(value, Origin::Meta).at(PLACE).sure(Confidence::Low)),
            }
        }
        // Programs put their own names there.
        let is_program = |a: &str| a.contains(['©', '®', '™']) || a.eq_ignore_ascii_case("unknown");
        root.metadata.authors = author
            .filter(|a| Some(a) != creator.as_ref() && !is_program(a))
            .map(|a| Found::new(a, Origin::Meta).at(PLACE))
            .into_iter()
            .collect();
        if root.documents.is_empty() {
            return Err(damaged(format!("{ROOT} names no document")));
        }
        Ok(root)
    }

    fn document(&mut self, path: &str, book: &mut Book) -> Result<(), Problem> {
        let about = self.description(path)?;
        let mut notes = self.annotations(path, &about);
        let mut taken = HashSet::new();
        let mut shown: HashSet<String> = HashSet::new();
        let mut drawings: Option<Vec<(String, String)>> = None;
        let mut drawn: HashSet<String> = HashSet::new();
        for (id, place) in &about.pages {
            let place = self.path(path, place);
            if !taken.insert(place.clone()) {
                continue;
            }
            let number = u32::try_from(book.layout.len()).unwrap_or(u32::MAX).saturating_add(1);
            let Some(text) = self.parts.xml(&place)? else {
                return Err(damaged(format!("page {number} is not there")));
            };
            let mut content = content::read(&text, &format!("page {number}"), self.limits)?;
            let (templates, composites) =
                (std::mem::take(&mut content.templates), std::mem::take(&mut content.composites));
            let (aslant, has_pictures) = (std::mem::take(&mut content.aslant), content.has_pictures);
            let mut page = placed(content, about.size);
            aslant.iter().for_each(|text| line(&mut page.after, text));
            for template in &templates {
                if let Some(place) = about.templates.get(template).filter(|_| shown.insert(template.clone())) {
                    let place = self.path(path, place);
                    page.before.push_str(&self.template(&place));
                }
            }
            if !composites.is_empty() {
                let drawings = drawings.get_or_insert_with(|| self.drawings(path, &about));
                let here: HashSet<&String> = composites.iter().filter(|c| drawn.insert((*c).clone())).collect();
                page.unplaced =
                    drawings.iter().filter(|(unit, _)| here.contains(unit)).map(|(_, t)| t.clone()).collect();
            }
            notes.remove(id).unwrap_or_default().iter().for_each(|text| line(&mut page.after, text));
            book.has_pictures |= has_pictures;
            book.layout.add(page);
            if book.layout.bytes() > self.limits.text {
                return Err(self.limits.over("max-text"));
            }
        }
        Ok(())
    }

    fn description(&mut self, path: &str) -> Result<Description, Problem> {
        let Some(text) = self.parts.xml(path)? else { return Err(damaged(format!("{path} is not there"))) };
        let mut about = Description::default();
        let mut xml = Xml::new(&text, path, self.limits);
        while let Some(event) = xml.next()? {
            let Event::Start(element) = event else { continue };
            let numbered = || Some((element.attribute("ID").unwrap_or_default(), element.attribute("BaseLoc")?));
            match element.name() {
                "Page" => about.pages.extend(numbered()),
                "TemplatePage" => about.templates.extend(numbered()),
                "PhysicalBox" => about.size = content::page_size(&xml.text()?),
                "PublicRes" | "DocumentRes" => about.resources.push(xml.text()?),
                "Annotations" => about.annotations = Some(xml.text()?),
                "Outlines" | "Actions" | "Bookmarks" => xml.skip()?,
                _ => {}
            }
        }
        Ok(about)
    }

    /// The path of what `from` refers to.
    fn path(&self, from: &str, reference: &str) -> String {
        let written = parts::resolved(from, reference);
        if self.parts.has(&written) { written } else { parts::resolved(from, &parts::percent_decoded(reference)) }
    }

    // What is left out anyway may be missing or broken: the text is whole without it.

    /// The lines of a template.
    fn template(&mut self, path: &str) -> String {
        let Ok(Some(text)) = self.parts.xml(path) else { return String::new() };
        layout::lines(placed(content::read(&text, path, self.limits).unwrap_or_default(), None))
    }

    /// The texts of composite objects by their numbers.
    fn drawings(&mut self, path: &str, about: &Description) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for resource in &about.resources {
            let path = self.path(path, resource);
            let Ok(Some(text)) = self.parts.xml(&path) else { continue };
            out.extend(content::texts(&text, &path, self.limits).unwrap_or_default());
        }
        out
    }

    /// The texts of annotations by the numbers of their pages, each text once.
    fn annotations(&mut self, path: &str, about: &Description) -> HashMap<String, Vec<String>> {
        let mut out: HashMap<String, Vec<String>> = HashMap::new();
        let Some(list) = &about.annotations else { return out };
        let list = self.path(path, list);
        let mut places = Vec::new();
        if let Ok(Some(text)) = self.parts.xml(&list) {
            let mut xml = Xml::new(&text, &list, self.limits);
            let mut page = String::new();
            while let Ok(Some(event)) = xml.next() {
                let Event::Start(element) = event else { continue };
                match element.name() {
                    "Page" => page = element.attribute("PageID").unwrap_or_default(),
                    "FileLoc" => places.push((page.clone(), xml.text().unwrap_or_default())),
                    _ => {}
                }
            }
        }
        let (mut taken, mut known) = (HashSet::new(), HashSet::new());
        for (page, place) in places {
            let place = self.path(&list, &place);
            if !taken.insert(place.clone()) {
                continue;
            }
            let Ok(Some(text)) = self.parts.xml(&place) else { continue };
            let texts = content::texts(&text, &place, self.limits).unwrap_or_default();
            let new = texts.into_iter().map(|(_, text)| text).filter(|text| known.insert(text.clone()));
            out.entry(page).or_default().extend(new);
        }
        out
    }
}

#[cfg(test)]
mod tests;
