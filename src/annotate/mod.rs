//! Document → [`Annotated`]: what a document says about itself and what each block speaks of.
//!
//! In: [`Document`] and today's date. Out: [`Annotated`]: the document unchanged, with annotations beside it.
//! Never: reads files, asks the clock, or changes the text.

mod clues;
mod date;
mod issuer;
mod kind;
mod language;
mod region;
mod source;
mod topic;
mod translation;
mod words;
mod year;

use crate::clean::Document;
use crate::extract::BlockKind;
use crate::model::{Date, Found, Kind, Label, Lang, Origin, RegionId, TopicId, Year};
use crate::vocab::Vocabulary;
use clues::Clues;

/// A document and what is known of it.
#[derive(Clone, Debug)]
pub struct Annotated {
    /// The document as it was cleaned.
    pub document: Document,
    /// Its language.
    pub language: Found<Lang>,
    /// Whether a machine translated it from Chinese into English; none if that cannot be told.
    pub translated: Option<Found<bool>>,
    /// Its kind.
    pub kind: Found<Kind>,
    /// The day it was published.
    pub date: Option<Found<Date>>,
    /// The year it is of.
    pub year: Option<Found<Year>>,
    /// Who published it.
    pub source: Option<Found<String>>,
    /// Who wrote it: names parted by `; `.
    pub author: Option<Found<String>>,
    /// Its address on the web.
    pub url: Option<Found<String>>,
    /// The region whose government speaks in it.
    pub issuer: Option<Found<RegionId>>,
    /// What each block speaks of, in the order of blocks.
    pub marks: Vec<Marks>,
}

/// What one block speaks of, each label with its evidence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    /// The regions it is about: named in it, else inherited from its headings, the title or the issuer.
    pub regions: Vec<Label<RegionId>>,
    /// The regions it only mentions: datelines, origins, destinations, affiliations.
    pub mentions: Vec<Label<RegionId>>,
    /// Its topics, best first.
    pub topics: Vec<Label<TopicId>>,
    /// Its themes, best first.
    pub themes: Vec<Label<TopicId>>,
    /// The years it speaks of, in order.
    pub years: Vec<Label<Year>>,
}

/// Annotates a document. `today` bounds the dates that can be believed.
pub fn annotate(document: Document, vocabulary: &Vocabulary, today: Date) -> Annotated {
    let language = language::detect(&document);
    let clues: Vec<Clues> = document.blocks.iter().map(|b| Clues::of(document.text_of(b))).collect();
    let translated = translation::machine_translated(&document, &clues, &language.value);
    let kind = kind::classify(&document, &clues, &language.value);
    let date = date::published(&document, today);
    let year = year::of_document(&document, kind.value, date.as_ref(), today);
    let mut regions = region::Marker::new(&document, &vocabulary.gazetteer);
    let issuer = issuer::find(&document, kind.value, &regions);
    regions.set_issuer(issuer.as_ref().map(|i| i.value.clone()));
    let topics = topic::Marker::new(&document, vocabulary.terms());
    let mut marks: Vec<Marks> = regions
        .blocks()
        .into_iter()
        .map(|found| Marks { regions: found.regions, mentions: found.mentions, ..Marks::default() })
        .collect();
    for (at, (block, marks)) in document.blocks.iter().zip(&mut marks).enumerate() {
        let text = document.text_of(block);
        let found = if matches!(block.kind, BlockKind::Heading(_)) { topics.heading(text) } else { topics.block(at) };
        let is_theme = |l: &Label<TopicId>| vocabulary.taxonomy.topic(&l.value.0).is_some_and(|t| t.parent().is_some());
        (marks.themes, marks.topics) = found.into_iter().partition(is_theme);
        marks.years = year::spoken_of(text, clues[at], year.as_ref().map(|y| y.value), date.as_ref().map(|d| d.value));
    }
    let source = source::publisher(&document);
    let url = document.metadata.url.clone();
    let author = source::author(&document);
    Annotated { language, translated, kind, date, year, source, author, url, issuer, marks, document }
}

impl Annotated {
    /// The title's origin and text.
    pub fn title(&self) -> &Found<String> {
        &self.document.title
    }
}

/// Places where a document names things outside its text: (text, origin), the file's name first, then its folders.
fn names(document: &Document) -> impl Iterator<Item = (&str, Origin)> {
    document
        .names
        .iter()
        .enumerate()
        .map(|(at, name)| (name.as_str(), if at == 0 { Origin::FileName } else { Origin::Folder }))
}

#[cfg(test)]
pub(crate) mod test {
    use super::*;

    /// What each block of a document has of the words that patterns begin from.
    pub fn clues(document: &Document) -> Vec<Clues> {
        document.blocks.iter().map(|b| Clues::of(document.text_of(b))).collect()
    }

    /// Words for a pattern, without what only says where they stand.
    pub fn words_of(pattern: &str) -> proptest::string::RegexGeneratorStrategy<String> {
        let anchors = [r"(?-u:\b)", "(?i)", "^", "$"];
        let bare = anchors.iter().fold(pattern.replace("[^.]", "x"), |p, anchor| p.replace(anchor, ""));
        proptest::string::string_regex(&bare.replace(r"\s", " ")).unwrap()
    }
    use crate::extract::{RawBlock, RawDocument};

    /// A cleaned document of a title and paragraphs.
    pub fn document(title: &str, paragraphs: &[&str]) -> Document {
        named_document("a.txt", title, paragraphs)
    }

    /// The same with a file name.
    pub fn named_document(path: &str, title: &str, paragraphs: &[&str]) -> Document {
        let mut raw = RawDocument { names: path.rsplit('/').map(str::to_string).collect(), ..RawDocument::default() };
        raw.metadata.title = Some(Found::new(title.to_string(), Origin::Text));
        raw.blocks = paragraphs.iter().map(|p| RawBlock::new(BlockKind::Paragraph, *p)).collect();
        crate::clean::clean(raw)
    }
}
