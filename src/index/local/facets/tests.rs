//! Counts against counting by hand, over blocks, segments and deletions.

use super::*;
use crate::index::{Deadline, DocumentRecord, EntryRecord, Location, Packed, PassageRecord, Payload, Writer};
use crate::model::{Found, Kind, Lang, Origin, RegionId, TopicId, Year};
use crate::vocab::Vocabulary;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A document: its year, its language, and the regions and topics of its passages.
#[derive(Clone)]
struct Made {
    year: Option<i64>,
    language: &'static str,
    passages: Vec<(Vec<&'static str>, Vec<&'static str>)>,
}

/// Numbers that look random and are the same every time.
fn next(state: &mut u64, below: usize) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize % below
}

fn made(state: &mut u64) -> Made {
    const REGIONS: [&str; 12] =
        ["100000", "650000", "650100", "650102", "653100", "620000", "620100", "440300", "310000", "KZ", "PL", "M-GBA"];
    const TOPICS: [&str; 6] = ["transport", "trade", "energy", "dry-ports", "finance", "health"];
    let pick = |from: &[&'static str], most: usize, state: &mut u64| {
        let count = next(state, most + 1);
        (0..count).map(|_| from[next(state, from.len())]).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    let count = 1 + next(state, 20);
    Made {
        year: [None, Some(2019), Some(2020), Some(2100)][next(state, 4)],
        language: ["en", "zh", "zh-Hant"][next(state, 3)],
        passages: (0..count).map(|_| (pick(&REGIONS, 3, state), pick(&TOPICS, 3, state))).collect(),
    }
}

fn put(writer: &Writer, key: &str, made: &Made) {
    let unknown = Found::new(String::new(), Origin::Text);
    let language = Found::new(Lang::new(made.language), Origin::Text);
    let document = DocumentRecord {
        year: made.year.and_then(Year::new).map(|y| Found::new(y, Origin::Text)),
        passages: made.passages.len() as u32,
        ..DocumentRecord::new(key, unknown, Found::new(Kind::News, Origin::Text), language)
    };
    let passages: Vec<PassageRecord> = made
        .passages
        .iter()
        .enumerate()
        .map(|(at, (regions, topics))| PassageRecord {
            ordinal: at as u32 + 1,
            text: "a dry port".into(),
            regions: regions.iter().map(|r| RegionId(r.to_string())).collect(),
            topics: topics.iter().map(|t| TopicId(t.to_string())).collect(),
            ..PassageRecord::default()
        })
        .collect();
    writer.put(&EntryRecord::new(key), &[Packed::new(document, passages)], true).unwrap();
}

/// The labels of each passage of a document.
fn labels(made: &Made, facet: Facet) -> Vec<BTreeSet<String>> {
    let gazetteer = &Vocabulary::builtin().gazetteer;
    let of = |(regions, topics): &(Vec<&str>, Vec<&str>)| -> BTreeSet<String> {
        match facet {
            Facet::Region => regions.iter().flat_map(|r| gazetteer.closure(r)).map(str::to_string).collect(),
            Facet::Topic => topics.iter().map(|t| t.to_string()).collect(),
            Facet::Year => made.year.iter().map(|y| y.to_string()).collect(),
            Facet::Kind => BTreeSet::from(["news".to_string()]),
            Facet::Source => BTreeSet::new(),
            Facet::Lang => [made.language, &made.language[..2]].map(str::to_string).into_iter().collect(),
        }
    };
    made.passages.iter().map(of).collect()
}

#[test]
fn counts_are_those_of_counting_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::new(folder.path().join("index"));
    let mut kept: BTreeMap<String, Made> = BTreeMap::new();
    let mut state = 7;
    for round in 0..4 {
        let vocabulary = Arc::new(Vocabulary::new(&Default::default()).unwrap());
        let mut writer = Writer::open(&location, false, 1, vocabulary).unwrap();
        if writer.is_new() {
            writer.publish(&Payload::default()).unwrap();
        }
        for number in 0..60 {
            // Some replace what an earlier round made.
            let key = format!("/{}", (round * 40) + number);
            let made = made(&mut state);
            put(&writer, &key, &made);
            kept.insert(key, made);
        }
        for gone in [round * 40 + 3, round * 40 + 50] {
            writer.remove(&format!("/{gone}")).unwrap();
            kept.remove(&format!("/{gone}"));
        }
        writer.finish(&Payload::default()).unwrap();
        let reader = Reader::open(&location).unwrap();
        let counted = reader.count(&Query::default(), &Facet::ALL, Deadline::default()).unwrap();
        let passages: usize = kept.values().map(|m| m.passages.len()).sum();
        assert_eq!(counted.all, Tally { documents: kept.len() as u64, passages: passages as u64 });
        for (facet, found) in Facet::ALL.into_iter().zip(counted.facets) {
            let mut expected: BTreeMap<String, Tally> = BTreeMap::new();
            for made in kept.values() {
                let each = labels(made, facet);
                let none = |set: &BTreeSet<String>| if set.is_empty() { vec![String::new()] } else { Vec::new() };
                let named = |set: &BTreeSet<String>| set.iter().cloned().chain(none(set)).collect::<Vec<_>>();
                for label in each.iter().flat_map(named) {
                    expected.entry(label).or_default().passages += 1;
                }
                for label in each.iter().flat_map(named).collect::<BTreeSet<_>>() {
                    expected.entry(label).or_default().documents += 1;
                }
            }
            let without = expected.remove("").unwrap_or_default();
            assert_eq!(found.without, without, "{facet:?} round {round}");
            assert_eq!(found.labels.into_iter().collect::<BTreeMap<_, _>>(), expected, "{facet:?} round {round}");
        }
    }
}
