//! The line itself, for one document: bytes → records. The whole of it on one screen.

use super::file::Setup;
use crate::annotate::{Annotated, annotate};
use crate::clean::{Document, Part, Repair, clean, parts};
use crate::copies::{Shingles, Sketch};
use crate::error::Problem;
use crate::extract::{BlockKind, Format, RawBlock, RawDocument, extract};
use crate::index::{DocumentRecord, Evidence, PassageRecord, document_id, member_path};
use crate::model::{Date, Found, Label, Lang, Origin, TopicId};
use crate::source::Blob;
use crate::split::{Passage, TOPICS_MAX, split};
use crate::vocab::Vocabulary;

/// Regions and topics kept of a document, at most.
const ABOUT_MAX: usize = 20;
/// A document is about what at least this share (one in so many) of the passages are about that its commonest region or topic has.
const SALIENT_SHARE: usize = 4;

/// A file as it would be cleaned and annotated.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// The document's record.
    pub document: DocumentRecord,
    /// Its cleaned text, blocks parted by a blank line.
    pub text: String,
    /// The running text of it: without what stands under pictures.
    pub body: String,
    /// The visible text of the file in order, each part with what became of it.
    pub parts: Vec<Part>,
    /// What was put right; places are bytes of the file. None if the file was not read again.
    pub repairs: Option<Vec<Repair>>,
    /// Its passages.
    pub passages: Vec<PassageRecord>,
    /// Name of the character encoding.
    pub encoding: Option<String>,
    /// Byte sequences that could not be decoded.
    pub replaced: usize,
    /// Whether places are places in the file.
    pub has_bytes: bool,
    /// Its near-copies in the index; none if it does not come from one.
    pub copies: Option<Vec<DocumentRecord>>,
}

/// Runs one document through the line without indexing it.
pub fn look(
    format: &'static Format,
    blob: &Blob,
    name: &Name,
    setup: &Setup,
    vocabulary: &Vocabulary,
) -> Result<Inspected, Problem> {
    let (annotated, passages) = passages(format, blob, setup, vocabulary)?;
    let (document, records) = records(&annotated, passages, name);
    let encoding = Some(annotated.document.original.encoding).filter(|e| !e.is_empty()).map(str::to_string);
    let has_bytes = annotated.document.original.has_bytes();
    Ok(Inspected {
        has_bytes,
        copies: None,
        document,
        body: annotated.document.body(),
        parts: parts(&annotated.document),
        repairs: Some(in_bytes(&annotated.document)),
        text: annotated.document.text,
        passages: records,
        encoding,
        replaced: annotated.document.original.replaced,
    })
}

/// What a document is called in the index.
pub struct Name {
    /// The file's path as text.
    pub key: String,
    /// The document's address in it; empty if it is the file.
    pub member: String,
}

/// A document's records.
pub fn document(
    format: &'static Format,
    blob: &Blob,
    name: &Name,
    setup: &Setup,
    vocabulary: &Vocabulary,
) -> Result<(DocumentRecord, Vec<PassageRecord>), Problem> {
    let (annotated, passages) = passages(format, blob, setup, vocabulary)?;
    Ok(records(&annotated, passages, name))
}

fn passages(
    format: &'static Format,
    blob: &Blob,
    setup: &Setup,
    vocabulary: &Vocabulary,
) -> Result<(Annotated, Vec<Passage>), Problem> {
    let raw = extract(format, blob, &setup.limits)?; // the only stage that can refuse a document
    let document = clean(raw);
    if document.blocks.is_empty() {
        return Err(Problem::Content("has no running text".into()));
    }
    let annotated = annotate(document, vocabulary, setup.today);
    let passages = split(&annotated);
    Ok((annotated, passages))
}

/// A passage given by itself, with what is known of the document it is from.
#[derive(Clone, Debug, Default)]
pub struct Alone {
    /// Its text.
    pub text: String,
    /// The document's title.
    pub title: Option<String>,
    /// The heading that the passage stands under.
    pub heading: Option<String>,
    /// The document's year.
    pub year: Option<String>,
    /// The region whose government speaks: its code or name.
    pub issuer: Option<String>,
    /// The document's language.
    pub language: Option<String>,
}

/// What a passage given by itself is about, as a passage of a document would be.
pub fn alone(given: Alone, vocabulary: &Vocabulary, today: Date) -> (Lang, PassageRecord) {
    let mut raw = RawDocument::default();
    let found = |value: Option<String>| value.map(|v| Found::new(v, Origin::Override));
    raw.metadata.title = found(given.title);
    raw.metadata.year = found(given.year);
    raw.metadata.region = found(given.issuer);
    raw.metadata.language = found(given.language);
    raw.blocks.extend(given.heading.map(|h| RawBlock::new(BlockKind::Heading(1), h)));
    let paragraphs = given.text.split("\n\n").map(|p| p.split_whitespace().collect::<Vec<_>>().join(" "));
    raw.blocks.extend(paragraphs.map(|p| RawBlock::new(BlockKind::Paragraph, p)));
    let annotated = annotate(clean(raw), vocabulary, today);
    let language = annotated.language.value.clone();
    let mut all = whole(&annotated, split(&annotated));
    // Of several paragraphs no more topics than of one passage.
    let is_theme = |t: &TopicId| vocabulary.taxonomy.topic(&t.0).is_some_and(|t| t.parent().is_some());
    let (themes, topics): (Vec<TopicId>, Vec<TopicId>) = all.topics.into_iter().partition(is_theme);
    all.topics = topics.into_iter().take(TOPICS_MAX).chain(themes.into_iter().take(TOPICS_MAX)).collect();
    (language, all)
}

/// Several passages as one.
fn whole(annotated: &Annotated, passages: Vec<Passage>) -> PassageRecord {
    let mut all: Option<PassageRecord> = None;
    for passage in in_characters(&annotated.document, passages) {
        let Some(all) = &mut all else {
            all = Some(passage);
            continue;
        };
        fn add<T: PartialEq>(all: &mut Vec<T>, more: Vec<T>) {
            more.into_iter().for_each(|one| {
                if !all.contains(&one) {
                    all.push(one)
                }
            });
        }
        add(&mut all.regions, passage.regions);
        add(&mut all.mentions, passage.mentions);
        add(&mut all.topics, passage.topics);
        add(&mut all.years, passage.years);
        all.evidence.extend(passage.evidence);
    }
    let mut all = all.unwrap_or_default();
    all.mentions.retain(|m| !all.regions.contains(m));
    all.years.sort_unstable();
    all
}

/// Runs a reader of untrusted bytes so that a fault of it costs one document, not the run.
pub fn guarded<T>(read: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)) {
        Ok(result) => result,
        Err(panic) => {
            let said =
                panic.downcast_ref::<&str>().map(|s| s.to_string()).or_else(|| panic.downcast_ref::<String>().cloned());
            Err(Problem::Internal(said.unwrap_or_else(|| "no reason given".into())))
        }
    }
}

fn records(annotated: &Annotated, passages: Vec<Passage>, name: &Name) -> (DocumentRecord, Vec<PassageRecord>) {
    let issuer = annotated.issuer.as_ref().map(|i| i.value.clone());
    let topics = salient(None, passages.iter().flat_map(|p| p.topics.iter().map(|l| &l.value)));
    let passages = in_characters(&annotated.document, passages);
    let path = member_path(&name.key, &name.member);
    let document = DocumentRecord {
        id: document_id(&path),
        path,
        member: Some(name.member.clone()).filter(|m| !m.is_empty()),
        format: annotated.document.format.to_string(),
        title: annotated.document.title.clone(),
        kind: annotated.kind.clone(),
        language: annotated.language.clone(),
        translated: annotated.translated.clone().filter(|t| t.value),
        date: annotated.date.clone(),
        year: annotated.year.clone(),
        source: annotated.source.clone(),
        author: annotated.author.clone(),
        url: annotated.url.clone(),
        regions: salient(issuer, passages.iter().flat_map(|p| p.regions.iter())),
        issuer: annotated.issuer.clone(),
        topics,
        passages: passages.len() as u32,
        sketch: Sketch::of(&shingles(&annotated.document.title.value, &passages)),
    };
    (document, passages)
}

/// The shingles of a document, as its passages have its text: headings where they begin, then what stands under them.
pub fn shingles(title: &str, passages: &[PassageRecord]) -> Shingles {
    let mut parts: Vec<&str> = Vec::new();
    let mut shown: &[String] = &[];
    for passage in passages {
        let common = passage.heading.iter().zip(shown).take_while(|(a, b)| a == b).count();
        parts.extend(passage.heading.iter().skip(common).map(String::as_str));
        parts.push(&passage.text);
        shown = &passage.heading;
    }
    Shingles::of(title, parts)
}

/// Repairs with their places in the file.
fn in_bytes(document: &Document) -> Vec<Repair> {
    let place = |r: &Repair| document.original.map.source(r.source);
    document.repairs.iter().map(|r| Repair { source: place(r), ..r.clone() }).collect()
}

/// Passages with their places counted in characters.
fn in_characters(document: &Document, passages: Vec<Passage>) -> Vec<PassageRecord> {
    let text = &document.text;
    let (mut byte, mut character) = (0, 0u64);
    let mut count_to = |to: usize| {
        character += text[byte..to].chars().count() as u64;
        byte = to;
        character
    };
    passages
        .into_iter()
        .map(|p| PassageRecord {
            evidence: evidence(&p),
            ordinal: p.ordinal,
            heading: p.heading,
            page: p.page,
            start: count_to(p.span.start),
            end: count_to(p.span.end),
            bytes: document.original.has_bytes().then(|| {
                let source = document.source(p.span);
                (source.start as u64, source.end as u64)
            }),
            text: p.text,
            regions: values(p.regions),
            mentions: values(p.mentions),
            topics: values(p.topics.into_iter().chain(p.themes).collect()),
            years: values(p.years),
        })
        .collect()
}

fn values<T>(labels: Vec<Label<T>>) -> Vec<T> {
    labels.into_iter().map(|l| l.value).collect()
}

/// What gave each label of a passage.
fn evidence(passage: &Passage) -> Vec<Evidence> {
    fn of<T>(labels: &[Label<T>], name: impl Fn(&T) -> String) -> impl Iterator<Item = Evidence> {
        labels.iter().map(move |l| Evidence { label: name(&l.value), words: l.words.clone(), rule: l.rule.to_string() })
    }
    of(&passage.regions, |r| r.0.clone())
        .chain(of(&passage.mentions, |r| r.0.clone()))
        .chain(of(&passage.topics, |t| t.0.clone()))
        .chain(of(&passage.themes, |t| t.0.clone()))
        .chain(of(&passage.years, ToString::to_string))
        .collect()
}

/// The values that a good part of the passages have, the most frequent first, ties in the order they came; `first` before all.
fn salient<'a, T: PartialEq + Clone + 'a>(first: Option<T>, all: impl Iterator<Item = &'a T>) -> Vec<T> {
    let mut counts: Vec<(&T, usize)> = Vec::new();
    for value in all {
        match counts.iter_mut().find(|(v, _)| *v == value) {
            Some((_, count)) => *count += 1,
            None => counts.push((value, 1)),
        }
    }
    counts.retain(|(v, _)| first.as_ref() != Some(v));
    let best = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts.retain(|(_, count)| count * SALIENT_SHARE >= best);
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    first.into_iter().chain(counts.into_iter().map(|(v, _)| v.clone())).take(ABOUT_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_a_reader_is_a_problem_of_the_document() {
        let problem = guarded::<()>(|| panic!("index out of range")).unwrap_err();
        assert_eq!(problem, Problem::Internal("index out of range".into()));
    }

    #[test]
    fn the_most_frequent_come_first_after_the_issuer() {
        assert_eq!(salient(Some(9), [9, 1, 2, 2, 3, 9].iter()), [9, 2, 1, 3]);
        assert_eq!(salient(None, [2, 2, 2, 2, 2, 1].iter()), [2]);
    }

    #[test]
    fn places_are_counted_in_characters() {
        let blob = Blob::of_file("a.txt", "标题\n\n新疆建设陆港。\n\n江苏深化改革。");
        let crate::extract::Kind::Document(format) = crate::extract::detect(&blob).unwrap() else {
            panic!("a container")
        };
        let name = Name { key: "/a.txt".into(), member: String::new() };
        let setup =
            Setup { limits: Default::default(), today: Date::parse_iso("2026-01-01").unwrap(), map: Vec::new() };
        let found = document(format, &blob, &name, &setup, Vocabulary::builtin()).unwrap();
        let places: Vec<(u64, u64)> = found.1.iter().map(|p| (p.start, p.end)).collect();
        assert_eq!(places, [(0, 7), (9, 16)]);
    }
}
