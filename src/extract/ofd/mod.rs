//! Fixed-layout documents in OFD (GB/T 33190): the places of glyphs on pages → text in reading order.
//!
//! In: a package of XML parts. Out: paragraphs with their pages. Shown as left out: templates,
//! annotations and stamps, running heads and feet, page numbers. `content` reads the pages, `lines`,
//! `columns` and `paragraphs` make text of places, `running` finds what belongs to the pages.

mod columns;
mod content;
mod lines;
mod paragraphs;
mod running;

use super::flow::Flow;
use super::parts::{self, Parts};
use super::xml::{Event, Xml};
use super::{BlockKind, Format, Metadata, RawDocument};
use crate::error::Problem;
use crate::model::{Confidence, Found, Origin};
use crate::source::{Blob, Head, Limits, Package};
use content::Content;
use running::Page;
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
    let mut reader = Reader { parts: Parts::new(Package::open(&blob.bytes, limits)?), limits, text: 0 };
    let is_encrypted = |path: &str| path.rsplit('/').next().is_some_and(|n| n.eq_ignore_ascii_case(ENCRYPTIONS));
    if reader.parts.paths().any(is_encrypted) {
        return Err(Problem::Content("is protected by a password".into()));
    }
    let root = reader.root()?;
    let mut book = Book::default();
    for path in &root.documents {
        reader.document(path, &mut book)?;
    }
    running::take(&mut book.pages);
    let mut flow = Flow::new(limits);
    let mut blocks = paragraphs::blocks(&book.pages).into_iter().peekable();
    for (page, beside) in book.pages.iter().zip(&book.beside) {
        beside.before.iter().chain(&page.head).for_each(|line| flow.left_out(line));
        flow.page(page.number);
        while let Some(block) = blocks.next_if(|b| b.page == page.number) {
            match block.kind {
                BlockKind::TableRow => flow.row(&block.cells),
                kind => block.cells.iter().for_each(|text| flow.block(kind, text)),
            }
        }
        // Text that stands in drawings only is better than none.
        for text in &beside.drawn {
            if page.areas.is_empty() { flow.block(BlockKind::Paragraph, text) } else { flow.left_out(text) }
        }
        page.foot.iter().chain(&beside.after).for_each(|line| flow.left_out(line));
        if flow.is_over() {
            break;
        }
    }
    if flow.is_empty() && book.has_pictures && !flow.is_over() {
        return Err(Problem::Content("has no text layer: its pages are pictures (a scan)".into()));
    }
    let mut raw = flow.finish()?;
    raw.metadata = root.metadata;
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
    pages: Vec<Page>,
    /// What is left out of each page.
    beside: Vec<Beside>,
    has_pictures: bool,
}

/// Text of a page that is no part of the running text.
#[derive(Default)]
struct Beside {
    /// Of its templates.
    before: Vec<String>,
    /// Of composite objects.
    drawn: Vec<String>,
    /// Of annotations, and what is written aslant.
    after: Vec<String>,
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

struct Reader<'a> {
    parts: Parts<'a>,
    limits: &'a Limits,
    /// Bytes of text met so far.
    text: u64,
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
        let mut templates: HashSet<String> = HashSet::new();
        let mut drawings: Option<Vec<(String, String)>> = None;
        let mut drawn: HashSet<String> = HashSet::new();
        for (id, place) in &about.pages {
            let place = self.path(path, place);
            if !taken.insert(place.clone()) {
                continue;
            }
            let number = u32::try_from(book.pages.len()).unwrap_or(u32::MAX).saturating_add(1);
            let Some(text) = self.parts.xml(&place)? else {
                return Err(damaged(format!("page {number} is not there")));
            };
            let content = content::read(&text, &format!("page {number}"), self.limits)?;
            let runs = if content.runs.is_empty() { &content.hidden } else { &content.runs };
            self.count(runs)?;
            let mut beside = Beside { after: content.aslant.clone(), ..Beside::default() };
            for template in &content.templates {
                if let Some(place) = about.templates.get(template).filter(|_| templates.insert(template.clone())) {
                    let place = self.path(path, place);
                    beside.before.extend(self.template(&place));
                }
            }
            if !content.composites.is_empty() {
                let drawings = drawings.get_or_insert_with(|| self.drawings(path, &about));
                let here: HashSet<&String> = content.composites.iter().filter(|c| drawn.insert((*c).clone())).collect();
                beside
                    .drawn
                    .extend(drawings.iter().filter(|(unit, _)| here.contains(unit)).map(|(_, text)| text.clone()));
            }
            beside.after.extend(notes.remove(id).unwrap_or_default());
            book.has_pictures |= content.has_pictures;
            let height = content.size.or(about.size).map(|(_, height)| height);
            let areas = lines::areas(runs);
            book.pages.push(Page { number, height, areas, head: Vec::new(), foot: Vec::new() });
            book.beside.push(beside);
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

    /// The limit on text holds before it is put together, too.
    fn count(&mut self, runs: &[lines::Run]) -> Result<(), Problem> {
        let bytes: usize = runs.iter().flat_map(|r| &r.glyphs).map(|g| g.c.len_utf8()).sum();
        self.text = self.text.saturating_add(bytes as u64);
        if self.text > self.limits.text { Err(self.limits.over("max-text")) } else { Ok(()) }
    }

    // What is left out anyway may be missing or broken: the text is whole without it.

    /// The lines of a template.
    fn template(&mut self, path: &str) -> Vec<String> {
        let Ok(Some(text)) = self.parts.xml(path) else { return Vec::new() };
        let content: Content = content::read(&text, path, self.limits).unwrap_or_default();
        lines::areas(&content.runs).iter().flatten().map(lines::Line::text).collect()
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
