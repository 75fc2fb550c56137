//! A passage in few bytes beside its text.
//!
//! What it is labelled with is said by numbers of its document's [`Names`]. Of the evidence for a label only what is not
//! known already: labels stand in the order of the passage's own, and words are mostly a place in its text.

use super::super::record::{Evidence, PassageRecord};
use super::names::{Names, Naming};
use crate::model::{RegionId, TopicId, Year};
use serde::{Deserialize, Serialize};

/// A passage as it is written to the index.
pub struct Kept<'a> {
    pub ordinal: u32,
    pub heading: Vec<&'a str>,
    pub regions: Vec<&'a str>,
    pub mentions: Vec<&'a str>,
    pub topics: Vec<&'a str>,
    pub years: Vec<u16>,
}

/// A passage as it lies in the bytes: names by their numbers.
#[derive(Serialize, Deserialize)]
struct Bare<'a> {
    ordinal: u32,
    heading: Vec<u32>,
    page: Option<u32>,
    start: u64,
    length: u64,
    bytes: Option<(u64, u64)>,
    regions: Vec<u32>,
    mentions: Vec<u32>,
    topics: Vec<u32>,
    years: Vec<u16>,
    #[serde(borrow)]
    evidence: Vec<PackedEvidence<'a>>,
}

#[derive(Serialize, Deserialize)]
struct PackedEvidence<'a> {
    label: Label,
    #[serde(borrow)]
    words: Words<'a>,
    rule: u32,
}

#[derive(Serialize, Deserialize)]
enum Label {
    /// The passage's next one.
    Next,
    /// Another.
    Other(u32),
}

#[derive(Serialize, Deserialize)]
enum Words<'a> {
    None,
    /// A place in the text, by its first byte and its length.
    In(u32, u16),
    Other(&'a str),
}

/// Packs a passage, but for its text; its names join those of its document.
pub fn pack(passage: &PassageRecord, names: &mut Naming) -> Vec<u8> {
    let mut numbers = |list: &mut dyn Iterator<Item = &str>| list.map(|name| names.number(name)).collect::<Vec<u32>>();
    let heading = numbers(&mut passage.heading.iter().map(String::as_str));
    let regions = numbers(&mut passage.regions.iter().map(|r| r.0.as_str()));
    let mentions = numbers(&mut passage.mentions.iter().map(|r| r.0.as_str()));
    let topics = numbers(&mut passage.topics.iter().map(|t| t.0.as_str()));
    let mut labels = labels(passage);
    let evidence = passage.evidence.iter().map(|evidence| {
        let is_next = labels.next().as_deref() == Some(evidence.label.as_str());
        PackedEvidence {
            label: if is_next { Label::Next } else { Label::Other(names.number(&evidence.label)) },
            words: words(&evidence.words, &passage.text),
            rule: names.number(&evidence.rule),
        }
    });
    let packed = Bare {
        ordinal: passage.ordinal,
        heading,
        page: passage.page,
        start: passage.start,
        length: passage.end.saturating_sub(passage.start),
        bytes: passage.bytes.map(|(start, end)| (start, end.saturating_sub(start))),
        regions,
        mentions,
        topics,
        years: passage.years.iter().map(|y| y.get()).collect(),
        evidence: evidence.collect(),
    };
    postcard::to_allocvec(&packed).expect("it is written to memory, and every value has its bytes")
}

/// Looks at a passage without unpacking it; none if the bytes are not one with such names.
pub fn look<'a>(bytes: &[u8], names: &'a Names) -> Option<Kept<'a>> {
    let bare: Bare = postcard::from_bytes(bytes).ok()?;
    let named = |numbers: &[u32]| numbers.iter().map(|number| names.get(*number)).collect::<Option<Vec<&str>>>();
    Some(Kept {
        ordinal: bare.ordinal,
        heading: named(&bare.heading)?,
        regions: named(&bare.regions)?,
        mentions: named(&bare.mentions)?,
        topics: named(&bare.topics)?,
        years: bare.years,
    })
}

/// Unpacks a passage of this text; none if the bytes are not one with such names.
pub fn unpack(text: &str, bytes: &[u8], names: &Names) -> Option<PassageRecord> {
    let bare: Bare = postcard::from_bytes(bytes).ok()?;
    let name = |number: &u32| names.get(*number).map(str::to_string);
    let mut passage = PassageRecord {
        ordinal: bare.ordinal,
        heading: bare.heading.iter().map(name).collect::<Option<_>>()?,
        page: bare.page,
        text: text.to_string(),
        start: bare.start,
        end: bare.start.checked_add(bare.length)?,
        bytes: match bare.bytes {
            Some((start, length)) => Some((start, start.checked_add(length)?)),
            None => None,
        },
        regions: bare.regions.iter().map(|r| name(r).map(RegionId)).collect::<Option<_>>()?,
        mentions: bare.mentions.iter().map(|r| name(r).map(RegionId)).collect::<Option<_>>()?,
        topics: bare.topics.iter().map(|t| name(t).map(TopicId)).collect::<Option<_>>()?,
        years: bare.years.into_iter().map(|y| Year::new(y.into())).collect::<Option<_>>()?,
        evidence: Vec::new(),
    };
    let mut evidence = Vec::with_capacity(bare.evidence.len());
    let mut labels = labels(&passage);
    for one in bare.evidence {
        let next = labels.next();
        let label = match one.label {
            Label::Next => next?,
            Label::Other(label) => name(&label)?,
        };
        let words = match one.words {
            Words::None => "",
            Words::In(start, length) => {
                passage.text.get(start as usize..(start as usize).checked_add(usize::from(length))?)?
            }
            Words::Other(words) => words,
        };
        evidence.push(Evidence { label, words: words.to_string(), rule: name(&one.rule)? });
    }
    drop(labels);
    passage.evidence = evidence;
    Some(passage)
}

/// The labels of a passage in the order in which what gave them is listed.
fn labels(passage: &PassageRecord) -> impl Iterator<Item = String> {
    let regions = passage.regions.iter().chain(&passage.mentions).map(|r| r.0.clone());
    regions.chain(passage.topics.iter().map(|t| t.0.clone())).chain(passage.years.iter().map(ToString::to_string))
}

fn words<'a>(words: &'a str, text: &str) -> Words<'a> {
    if words.is_empty() {
        return Words::None;
    }
    let place = memchr::memmem::find(text.as_bytes(), words.as_bytes())
        .and_then(|at| Some((u32::try_from(at).ok()?, u16::try_from(words.len()).ok()?)));
    place.map_or(Words::Other(words), |(start, length)| Words::In(start, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage() -> PassageRecord {
        let evidence = |label: &str, words: &str, rule: &str| Evidence {
            label: label.into(),
            words: words.into(),
            rule: rule.into(),
        };
        PassageRecord {
            ordinal: 7,
            heading: vec!["二、重点".into(), "Rail".into()],
            page: Some(3),
            text: "新疆 will build a dry port in 2020.".into(),
            start: 100,
            end: 133,
            bytes: Some((1000, 1040)),
            regions: vec![RegionId("650000".into())],
            mentions: vec![RegionId("620000".into())],
            topics: vec![TopicId("transport".into()), TopicId("dry-ports".into())],
            years: vec![Year::new(2020).unwrap()],
            evidence: vec![
                evidence("650000", "新疆", "named"),
                evidence("620000", "", "heading"),
                evidence("transport", "dry port, rail", "terms"),
                evidence("dry-ports", "dry port", "terms"),
                evidence("1999", "2020", "year written out"),
            ],
        }
    }

    #[test]
    fn a_passage_comes_back_as_it_was() {
        for passage in [passage(), PassageRecord::default()] {
            let mut naming = Naming::default();
            let bytes = pack(&passage, &mut naming);
            assert_eq!(unpack(&passage.text, &bytes, &naming.done()), Some(passage));
        }
    }

    #[test]
    fn what_is_no_passage_is_none() {
        let (passage, mut naming) = (passage(), Naming::default());
        let bytes = pack(&passage, &mut naming);
        let names = naming.done();
        for end in 0..bytes.len() {
            assert!(unpack(&passage.text, &bytes[..end], &names).is_none(), "{end}");
        }
        assert!(unpack(&passage.text, &bytes, &Names::default()).is_none(), "without its names");
        assert!(unpack("", &bytes, &names).is_none(), "without its text");
        for at in 0..bytes.len() {
            // Anything but a panic.
            let mut turned = bytes.clone();
            turned[at] ^= 0xff;
            let _ = unpack(&passage.text, &turned, &names);
        }
    }
}
