//! A document in few bytes, without its sketch, which is kept as a column.

use super::super::record::DocumentRecord;
use crate::copies::Sketch;
use crate::model::{Confidence, Date, Found, Kind, Lang, Origin, RegionId, TopicId, Year};
use serde::{Deserialize, Serialize};

/// A document as it lies in the bytes.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    id: &'a str,
    path: &'a str,
    member: Option<&'a str>,
    format: &'a str,
    title: KeptFound<'a, &'a str>,
    kind: KeptFound<'a, Kind>,
    language: KeptFound<'a, &'a str>,
    translated: Option<KeptFound<'a, bool>>,
    date: Option<KeptFound<'a, Date>>,
    year: Option<KeptFound<'a, u16>>,
    #[serde(borrow)]
    source: Option<KeptFound<'a, &'a str>>,
    #[serde(borrow)]
    author: Option<KeptFound<'a, &'a str>>,
    #[serde(borrow)]
    url: Option<KeptFound<'a, &'a str>>,
    #[serde(borrow)]
    issuer: Option<KeptFound<'a, &'a str>>,
    regions: Vec<&'a str>,
    topics: Vec<&'a str>,
    passages: u32,
}

/// A value, where it was found, where exactly, and how far it can be believed.
#[derive(Serialize, Deserialize)]
struct KeptFound<'a, T>(T, Origin, &'a str, Confidence);

impl<'a, T> KeptFound<'a, T> {
    fn of<U>(found: &'a Found<U>, value: impl FnOnce(&'a U) -> T) -> KeptFound<'a, T> {
        KeptFound(value(&found.value), found.origin, &found.place, found.confidence)
    }

    fn into<U>(self, value: impl FnOnce(T) -> U) -> Found<U> {
        let KeptFound(kept, origin, place, confidence) = self;
        // Nothing is allocated for what is mostly empty.
        let place = if place.is_empty() { "".into() } else { place.to_string().into() };
        Found { value: value(kept), origin, place, confidence }
    }
}

/// Packs a document.
pub fn pack(document: &DocumentRecord) -> Vec<u8> {
    fn text(found: &Option<Found<String>>) -> Option<KeptFound<'_, &str>> {
        found.as_ref().map(|f| KeptFound::of(f, String::as_str))
    }
    let kept = Kept {
        id: &document.id,
        path: &document.path,
        member: document.member.as_deref(),
        format: &document.format,
        title: KeptFound::of(&document.title, String::as_str),
        kind: KeptFound::of(&document.kind, |kind| *kind),
        language: KeptFound::of(&document.language, Lang::code),
        translated: document.translated.as_ref().map(|f| KeptFound::of(f, |t| *t)),
        date: document.date.as_ref().map(|f| KeptFound::of(f, |date| *date)),
        year: document.year.as_ref().map(|f| KeptFound::of(f, |year| year.get())),
        source: text(&document.source),
        author: text(&document.author),
        url: text(&document.url),
        issuer: document.issuer.as_ref().map(|f| KeptFound::of(f, |region| region.0.as_str())),
        regions: document.regions.iter().map(|region| region.0.as_str()).collect(),
        topics: document.topics.iter().map(|topic| topic.0.as_str()).collect(),
        passages: document.passages,
    };
    postcard::to_allocvec(&kept).expect("it is written to memory, and every value has its bytes")
}

/// Unpacks a document; none if the bytes are not one.
pub fn unpack(bytes: &[u8]) -> Option<DocumentRecord> {
    let kept: Kept = postcard::from_bytes(bytes).ok()?;
    let text = |found: Option<KeptFound<&str>>| found.map(|f| f.into(str::to_string));
    let year = match kept.year {
        Some(KeptFound(year, origin, place, confidence)) => {
            Some(KeptFound(Year::new(year.into())?, origin, place, confidence).into(|year| year))
        }
        None => None,
    };
    Some(DocumentRecord {
        id: kept.id.to_string(),
        path: kept.path.to_string(),
        member: kept.member.map(str::to_string),
        format: kept.format.to_string(),
        title: kept.title.into(str::to_string),
        kind: kept.kind.into(|kind| kind),
        language: kept.language.into(Lang::new),
        translated: kept.translated.map(|f| f.into(|translated| translated)),
        date: kept.date.map(|f| f.into(|date| date)),
        year,
        source: text(kept.source),
        author: text(kept.author),
        url: text(kept.url),
        issuer: kept.issuer.map(|f| f.into(|code| RegionId(code.to_string()))),
        regions: kept.regions.into_iter().map(|code| RegionId(code.to_string())).collect(),
        topics: kept.topics.into_iter().map(|slug| TopicId(slug.to_string())).collect(),
        passages: kept.passages,
        sketch: Sketch::default(),
    })
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn document() -> DocumentRecord {
        let found = |text: &str| Found::new(text.to_string(), Origin::Meta).at("meta author".to_string());
        DocumentRecord {
            member: Some("a/b.html".into()),
            translated: Some(Found::new(true, Origin::Text)),
            date: Date::parse_iso("2020-06-05").map(|date| Found::new(date, Origin::FileName)),
            year: Year::new(2020).map(|year| Found::new(year, Origin::Title).sure(Confidence::High)),
            source: Some(found("新华社")),
            author: Some(found("A. Writer; B. Writer")),
            url: Some(found("https://example.org/a")),
            issuer: Some(Found::new(RegionId("650000".into()), Origin::Folder)),
            regions: vec![RegionId("650000".into()), RegionId("KZ".into())],
            topics: vec![TopicId("transport".into())],
            passages: 3,
            ..DocumentRecord::new(
                "/reports/a.zip!/a/b.html",
                found("Dry port 陆港"),
                Found::new(Kind::Policy, Origin::Text),
                Found::new(Lang::new("zh-Hant"), Origin::Text),
            )
        }
    }

    #[test]
    fn a_document_comes_back_as_it_was() {
        let unknown = |text: &str| Found::new(text.to_string(), Origin::Text);
        let bare = DocumentRecord::new(
            "/a",
            unknown(""),
            Found::new(Kind::Other, Origin::Text),
            unknown("en").map(Lang::new("en")),
        );
        for document in [document(), bare] {
            assert_eq!(unpack(&pack(&document)), Some(document));
        }
        let bytes = pack(&document());
        assert!((0..bytes.len()).all(|end| unpack(&bytes[..end]).is_none()));
    }
}
