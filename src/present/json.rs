//! JSON. The structs are the promise: keys are added, never renamed or removed. Places are counted in
//! Unicode characters.

use super::escape::json;
use super::understood::{UnderstoodOut, understood};
use super::{Context, Present, SearchedOut};
use crate::index::{DocumentRecord, Evidence, PassageRecord, Status};
use crate::ingest::{Documents, Inspected};
use crate::model::{Found, RegionId};
use crate::search::{Hit, Results};
use crate::vocab::Gazetteer;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;

#[derive(Serialize)]
struct RegionOut<'a> {
    code: &'a str,
    name: &'a str,
    name_zh: &'a str,
}

#[derive(Serialize)]
struct DocumentOut<'a> {
    id: &'a str,
    path: &'a str,
    title: &'a str,
    kind: &'a str,
    date: Option<String>,
    year: Option<u16>,
    language: &'a str,
    machine_translated: bool,
    source: Option<&'a str>,
    author: Option<&'a str>,
    url: Option<&'a str>,
    regions: Vec<RegionOut<'a>>,
    topics: Vec<&'a str>,
    found_in: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct PassageOut<'a> {
    ordinal: u32,
    heading: &'a [String],
    page: Option<u32>,
    text: &'a str,
    start: u64,
    end: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<[u64; 2]>,
    regions: Vec<RegionOut<'a>>,
    mentions: Vec<RegionOut<'a>>,
    topics: Vec<&'a str>,
    years: Vec<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<&'a [Evidence]>,
}

#[derive(Serialize)]
struct SnippetOut<'a> {
    text: &'a str,
    highlights: Vec<[usize; 2]>,
}

#[derive(Serialize)]
struct HitOut<'a> {
    rank: usize,
    score: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    score_parts: Option<Vec<PartOut<'a>>>,
    copies: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    copied: Vec<&'a str>,
    document: DocumentOut<'a>,
    passage: PassageOut<'a>,
    snippet: SnippetOut<'a>,
}

#[derive(Serialize)]
struct PartOut<'a> {
    name: &'a str,
    score: f32,
}

#[derive(Serialize)]
struct HeadOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    query: &'a str,
    total: u64,
    documents: u64,
    fell_back_to_words: bool,
    understood: UnderstoodOut<'a>,
    took_ms: f64,
    searched: SearchedOut,
}

fn regions<'a>(ids: &'a [RegionId], gazetteer: &'a Gazetteer) -> Vec<RegionOut<'a>> {
    ids.iter().map(|id| region(id, gazetteer)).collect()
}

fn region<'a>(id: &'a RegionId, gazetteer: &'a Gazetteer) -> RegionOut<'a> {
    let place = gazetteer.place(&id.0);
    RegionOut { code: &id.0, name: place.map_or("", |p| &*p.name_en), name_zh: place.map_or("", |p| &*p.name_zh) }
}

/// Writes a value on a line of its own.
pub fn line<T: Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    write(value, out)?;
    out.write_all(b"\n")
}

/// Where a value was found, and how far it can be believed: high, medium or low.
#[derive(Serialize)]
struct EvidenceOut {
    found_in: String,
    place: Option<String>,
    confidence: String,
}

fn evidence(document: &DocumentRecord) -> BTreeMap<&'static str, EvidenceOut> {
    fn of<T>(found: &Found<T>) -> EvidenceOut {
        EvidenceOut {
            found_in: found.origin.to_string(),
            place: (!found.place.is_empty()).then(|| found.place.to_string()),
            confidence: found.confidence.to_string(),
        }
    }
    let known = [
        ("title", Some(of(&document.title))),
        ("kind", Some(of(&document.kind))),
        ("language", Some(of(&document.language))),
        ("machine_translated", document.translated.as_ref().map(of)),
        ("date", document.date.as_ref().map(of)),
        ("year", document.year.as_ref().map(of)),
        ("source", document.source.as_ref().map(of)),
        ("author", document.author.as_ref().map(of)),
        ("url", document.url.as_ref().map(of)),
        ("issuer", document.issuer.as_ref().map(of)),
    ];
    known.into_iter().filter_map(|(name, evidence)| Some((name, evidence?))).collect()
}

fn found_in(document: &DocumentRecord) -> BTreeMap<&'static str, String> {
    evidence(document).into_iter().map(|(name, evidence)| (name, evidence.found_in)).collect()
}

fn document<'a>(document: &'a DocumentRecord, gazetteer: &'a Gazetteer) -> DocumentOut<'a> {
    DocumentOut {
        id: &document.id,
        path: &document.path,
        title: &document.title.value,
        kind: document.kind.value.name(),
        date: document.date.as_ref().map(|d| d.value.to_string()),
        year: document.year.as_ref().map(|y| y.value.get()),
        language: document.language.value.code(),
        machine_translated: document.translated.is_some(),
        source: document.source.as_ref().map(|s| s.value.as_str()),
        author: document.author.as_ref().map(|a| a.value.as_str()),
        url: document.url.as_ref().map(|u| u.value.as_str()),
        regions: regions(&document.regions, gazetteer),
        topics: document.topics.iter().map(|t| t.0.as_str()).collect(),
        found_in: found_in(document),
    }
}

/// A passage, with what gave its labels if asked for.
fn passage<'a>(passage: &'a PassageRecord, gazetteer: &'a Gazetteer, explain: bool) -> PassageOut<'a> {
    PassageOut {
        ordinal: passage.ordinal,
        heading: &passage.heading,
        page: passage.page,
        text: &passage.text,
        start: passage.start,
        end: passage.end,
        bytes: passage.bytes.map(|(from, to)| [from, to]),
        regions: regions(&passage.regions, gazetteer),
        mentions: regions(&passage.mentions, gazetteer),
        topics: passage.topics.iter().map(|t| t.0.as_str()).collect(),
        years: passage.years.iter().map(|y| y.get()).collect(),
        evidence: explain.then_some(passage.evidence.as_slice()),
    }
}

fn hit<'a>(hit: &'a Hit, context: &'a Context) -> HitOut<'a> {
    HitOut {
        rank: hit.rank,
        score: hit.score,
        score_parts: context
            .explain
            .then(|| hit.parts.iter().map(|(name, score)| PartOut { name, score: *score }).collect()),
        copies: hit.copies,
        copied: hit.copied.iter().map(|d| d.path.as_str()).collect(),
        document: document(&hit.document, context.gazetteer),
        passage: passage(&hit.passage, context.gazetteer, context.explain),
        snippet: SnippetOut {
            text: &hit.snippet.text,
            highlights: in_characters(&hit.snippet.text, &hit.snippet.matches),
        },
    }
}

/// Ranges in bytes as pairs in characters.
fn in_characters(text: &str, ranges: &[Range<usize>]) -> Vec<[usize; 2]> {
    ranges.iter().map(|r| [text[..r.start].chars().count(), text[..r.end].chars().count()]).collect()
}

fn write<T: Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(json(&serde_json::to_string(value)?).as_bytes())
}

/// Any value as indented JSON, with nothing raw in it that steers a terminal.
pub fn pretty<T: Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(json(&serde_json::to_string_pretty(value)?).as_bytes())?;
    out.write_all(b"\n")
}

/// One object.
#[derive(Default)]
pub struct Json {
    any: bool,
}

impl Present for Json {
    fn begin(&mut self, results: &Results, context: &Context, out: &mut dyn Write) -> io::Result<()> {
        let head = HeadOut {
            id: context.id,
            query: &context.query.typed,
            total: results.passages,
            documents: results.documents,
            fell_back_to_words: results.fell_back,
            understood: understood(&results.asked, context.gazetteer),
            took_ms: (context.took_ms * 1000.0).round() / 1000.0,
            searched: SearchedOut::from(&results.searched),
        };
        let text = serde_json::to_string(&head)?;
        // The head's object stays open for the hits.
        write!(out, "{},\"hits\":[", json(text.strip_suffix('}').unwrap_or(&text)))
    }

    fn hit(&mut self, h: &Hit, context: &Context, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.any { b",\n" } else { b"\n" })?;
        self.any = true;
        write(&hit(h, context), out)
    }

    fn end(&mut self, _: &Results, _: &Context, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.any { b"\n]}\n" } else { b"]}\n" })
    }
}

/// A hit a line.
pub struct Lines;

impl Present for Lines {
    fn begin(&mut self, _: &Results, _: &Context, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
    fn hit(&mut self, h: &Hit, context: &Context, out: &mut dyn Write) -> io::Result<()> {
        write(&hit(h, context), out)?;
        out.write_all(b"\n")
    }
    fn end(&mut self, _: &Results, _: &Context, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Serialize)]
struct InspectedOut<'a> {
    id: &'a str,
    path: &'a str,
    format: &'a str,
    encoding: Option<&'a str>,
    replaced_characters: usize,
    title: &'a str,
    date: Option<String>,
    year: Option<u16>,
    kind: &'a str,
    language: &'a str,
    machine_translated: bool,
    source: Option<&'a str>,
    author: Option<&'a str>,
    url: Option<&'a str>,
    issuer: Option<RegionOut<'a>>,
    regions: Vec<RegionOut<'a>>,
    topics: Vec<&'a str>,
    found_in: BTreeMap<&'static str, String>,
    evidence: BTreeMap<&'static str, EvidenceOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repairs: Option<Vec<RepairOut<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    copies: Option<Vec<CopyOut<'a>>>,
    text: &'a str,
    passages: Vec<PassageOut<'a>>,
}

/// A near-copy of a document.
#[derive(Serialize)]
struct CopyOut<'a> {
    id: &'a str,
    path: &'a str,
    title: &'a str,
}

/// A repair: what it is, where in the file, what was there and what is there now.
#[derive(Serialize)]
struct RepairOut<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<[usize; 2]>,
    was: &'a str,
    now: &'a str,
}

/// A document, indexed or not, with everything that is known of it.
pub fn inspected(inspected: &Inspected, gazetteer: &Gazetteer, out: &mut dyn Write) -> io::Result<()> {
    pretty(&inspected_out(inspected, gazetteer), out)
}

/// The documents of one file, or why each cannot be read.
pub fn inspected_all(documents: &Documents, gazetteer: &Gazetteer, out: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    #[serde(untagged)]
    enum Out<'a> {
        Read(Box<InspectedOut<'a>>),
        Failed { member: &'a str, reason: String },
    }
    let all: Vec<Out> = documents
        .iter()
        .map(|(member, read)| match read {
            Ok(inspected) => Out::Read(Box::new(inspected_out(inspected, gazetteer))),
            Err(problem) => Out::Failed { member, reason: problem.to_string() },
        })
        .collect();
    pretty(&all, out)
}

fn inspected_out<'a>(inspected: &'a Inspected, gazetteer: &'a Gazetteer) -> InspectedOut<'a> {
    let d = &inspected.document;
    InspectedOut {
        id: &d.id,
        path: &d.path,
        format: &d.format,
        encoding: inspected.encoding.as_deref(),
        replaced_characters: inspected.replaced,
        title: &d.title.value,
        date: d.date.as_ref().map(|d| d.value.to_string()),
        year: d.year.as_ref().map(|y| y.value.get()),
        kind: d.kind.value.name(),
        language: d.language.value.code(),
        machine_translated: d.translated.is_some(),
        source: d.source.as_ref().map(|s| s.value.as_str()),
        author: d.author.as_ref().map(|a| a.value.as_str()),
        url: d.url.as_ref().map(|u| u.value.as_str()),
        issuer: d.issuer.as_ref().map(|i| region(&i.value, gazetteer)),
        regions: regions(&d.regions, gazetteer),
        topics: d.topics.iter().map(|t| t.0.as_str()).collect(),
        found_in: found_in(d),
        evidence: evidence(d),
        repairs: inspected.repairs.as_ref().map(|list| {
            list.iter()
                .map(|r| RepairOut {
                    kind: r.kind.name(),
                    bytes: inspected.has_bytes.then_some([r.source.start, r.source.end]),
                    was: &r.was,
                    now: &r.now,
                })
                .collect()
        }),
        copies: inspected
            .copies
            .as_ref()
            .map(|list| list.iter().map(|c| CopyOut { id: &c.id, path: &c.path, title: &c.title.value }).collect()),
        text: &inspected.text,
        passages: inspected.passages.iter().map(|p| passage(p, gazetteer, true)).collect(),
    }
}

#[derive(Serialize)]
struct FailureOut<'a> {
    path: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct StatusOut<'a> {
    index: &'a str,
    format: u32,
    documents: u64,
    passages: u64,
    bytes: u64,
    covers: &'a [String],
    forgotten: &'a [String],
    kinds: BTreeMap<&'a str, u64>,
    languages: BTreeMap<&'a str, u64>,
    years: BTreeMap<String, u64>,
    failures: Vec<FailureOut<'a>>,
    skipped: BTreeMap<&'a str, u64>,
}

/// What an index holds.
pub fn status(status: &Status, index: &str, out: &mut dyn Write) -> io::Result<()> {
    let counts =
        |list: &'_ [(String, u64)]| list.iter().map(|(n, c)| (n.clone(), *c)).collect::<BTreeMap<String, u64>>();
    let (kinds, languages, skipped) = (counts(&status.kinds), counts(&status.languages), counts(&status.skipped));
    fn borrowed(map: &BTreeMap<String, u64>) -> BTreeMap<&str, u64> {
        map.iter().map(|(n, c)| (n.as_str(), *c)).collect()
    }
    let all = StatusOut {
        index,
        format: crate::index::FORMAT,
        documents: status.documents,
        passages: status.passages,
        bytes: status.bytes,
        covers: &status.roots,
        forgotten: &status.forgotten,
        kinds: borrowed(&kinds),
        languages: borrowed(&languages),
        years: status
            .years
            .iter()
            .map(|(y, c)| (if *y == 0 { "unknown".to_string() } else { y.to_string() }, *c))
            .collect(),
        failures: status.failures.iter().map(|(path, reason)| FailureOut { path, reason }).collect(),
        skipped: borrowed(&skipped),
    };
    pretty(&all, out)
}
