//! A passage in few bytes beside its text.
//!
//! Of the evidence for a label only what is not known already: labels stand in the order of the passage's own, words
//! are mostly a place in its text, rules repeat.

use super::super::record::{Evidence, PassageRecord};
use crate::model::{RegionId, TopicId, Year};
use serde::{Deserialize, Serialize};

/// A passage as it lies in the bytes, without its text.
#[derive(Serialize, Deserialize)]
pub struct Kept<'a> {
    pub ordinal: u32,
    pub heading: Vec<&'a str>,
    page: Option<u32>,
    start: u64,
    length: u64,
    bytes: Option<(u64, u64)>,
    pub regions: Vec<&'a str>,
    pub mentions: Vec<&'a str>,
    pub topics: Vec<&'a str>,
    pub years: Vec<u16>,
    rules: Vec<&'a str>,
    #[serde(borrow)]
    evidence: Vec<PackedEvidence<'a>>,
}

#[derive(Serialize, Deserialize)]
struct PackedEvidence<'a> {
    #[serde(borrow)]
    label: Label<'a>,
    #[serde(borrow)]
    words: Words<'a>,
    /// Which of the rules.
    rule: u32,
}

#[derive(Serialize, Deserialize)]
enum Label<'a> {
    /// The passage's next one.
    Next,
    /// Another.
    Other(&'a str),
}

#[derive(Serialize, Deserialize)]
enum Words<'a> {
    None,
    /// A place in the text, by its first byte and its length.
    In(u32, u16),
    Other(&'a str),
}

/// Packs a passage but for its text.
pub fn pack(passage: &PassageRecord) -> Vec<u8> {
    let mut labels = labels(passage);
    let mut rules: Vec<&str> = Vec::new();
    let evidence = passage.evidence.iter().map(|evidence| {
        let next = labels.next();
        let rule = rules.iter().position(|r| *r == evidence.rule).unwrap_or_else(|| {
            rules.push(&evidence.rule);
            rules.len() - 1
        });
        let is_next = next.as_deref() == Some(evidence.label.as_str());
        PackedEvidence {
            label: if is_next { Label::Next } else { Label::Other(&evidence.label) },
            words: words(&evidence.words, &passage.text),
            rule: rule as u32,
        }
    });
    let evidence: Vec<PackedEvidence> = evidence.collect();
    let packed = Kept {
        ordinal: passage.ordinal,
        heading: passage.heading.iter().map(String::as_str).collect(),
        page: passage.page,
        start: passage.start,
        length: passage.end.saturating_sub(passage.start),
        bytes: passage.bytes.map(|(start, end)| (start, end.saturating_sub(start))),
        regions: passage.regions.iter().map(|r| r.0.as_str()).collect(),
        mentions: passage.mentions.iter().map(|r| r.0.as_str()).collect(),
        topics: passage.topics.iter().map(|t| t.0.as_str()).collect(),
        years: passage.years.iter().map(|y| y.get()).collect(),
        rules,
        evidence,
    };
    postcard::to_allocvec(&packed).expect("it is written to memory, and every value has its bytes")
}

/// Looks at a passage without unpacking it; none if the bytes are not one.
pub fn look(bytes: &[u8]) -> Option<Kept<'_>> {
    postcard::from_bytes(bytes).ok()
}

/// Unpacks a passage of this text; none if the bytes are not one.
pub fn unpack(text: &str, bytes: &[u8]) -> Option<PassageRecord> {
    let packed = look(bytes)?;
    let owned = |list: Vec<&str>| list.into_iter().map(str::to_string).collect::<Vec<_>>();
    let mut passage = PassageRecord {
        ordinal: packed.ordinal,
        heading: owned(packed.heading),
        page: packed.page,
        text: text.to_string(),
        start: packed.start,
        end: packed.start.checked_add(packed.length)?,
        bytes: match packed.bytes {
            Some((start, length)) => Some((start, start.checked_add(length)?)),
            None => None,
        },
        regions: packed.regions.into_iter().map(|r| RegionId(r.to_string())).collect(),
        mentions: packed.mentions.into_iter().map(|r| RegionId(r.to_string())).collect(),
        topics: packed.topics.into_iter().map(|t| TopicId(t.to_string())).collect(),
        years: packed.years.into_iter().map(|y| Year::new(y.into())).collect::<Option<_>>()?,
        evidence: Vec::new(),
    };
    let mut evidence = Vec::new();
    let mut labels = labels(&passage);
    for one in packed.evidence {
        let next = labels.next();
        let label = match one.label {
            Label::Next => next?,
            Label::Other(label) => label.to_string(),
        };
        let words = match one.words {
            Words::None => "",
            Words::In(start, length) => {
                passage.text.get(start as usize..(start as usize).checked_add(usize::from(length))?)?
            }
            Words::Other(words) => words,
        };
        let rule = packed.rules.get(one.rule as usize)?.to_string();
        evidence.push(Evidence { label, words: words.to_string(), rule });
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
            assert_eq!(unpack(&passage.text, &pack(&passage)), Some(passage));
        }
    }

    #[test]
    fn what_is_no_passage_is_none() {
        let passage = passage();
        let bytes = pack(&passage);
        for end in 0..bytes.len() {
            assert!(unpack(&passage.text, &bytes[..end]).is_none(), "{end}");
        }
        assert!(unpack("", &bytes).is_none(), "without its text");
        for at in 0..bytes.len() {
            // Anything but a panic.
            let mut turned = bytes.clone();
            turned[at] ^= 0xff;
            let _ = unpack(&passage.text, &turned);
        }
    }
}
