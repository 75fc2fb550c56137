//! Any text that is asked of an index gives results or a reason.

use dryport::index::{DocumentRecord, EntryRecord, Location, Packed, PassageRecord, Reader, Writer};
use dryport::model::{Confidence, Found, Kind, Lang, Origin, RegionId};
use dryport::query::{Params, resolve};
use dryport::search::{Options, search};
use dryport::vocab::Vocabulary;
use std::sync::{Arc, LazyLock};

const TEXTS: &[&str] = &[
    "Urumqi's dry port handled 1,129 China-Europe freight trains in 2020 (up 33.5%), the report says.",
    "乌鲁木齐国际陆港区全年开行中欧班列1129列，同比增长33.5%。无水港与铁路口岸联动发展。",
    "R&D, COVID-19 and the U.S. market: “Belt and Road” trade rose; ports, railways and roads were built.",
];

/// A small index, made once in the system's temporary folder.
static INDEX: LazyLock<Reader> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("dryport-fuzz-{}", std::process::id()));
    let location = Location::new(folder.join("index"));
    let writer = Writer::open(&location, true, 1, Arc::new(Vocabulary::default())).expect("it can be written");
    for number in 0..20 {
        let path = format!("/documents/{number}.txt");
        let found = |text: &str| Found::new(text.to_string(), Origin::Text).sure(Confidence::High);
        let kind = Found::new(Kind::News, Origin::Text);
        let language = Found::new(Lang::new("en"), Origin::Text);
        let document = DocumentRecord {
            passages: TEXTS.len() as u32,
            ..DocumentRecord::new(&path, found("Dry ports 陆港"), kind, language)
        };
        let passage = |(text, ordinal): (&&str, u32)| PassageRecord {
            ordinal,
            text: text.to_string(),
            regions: vec![RegionId("650000".into())],
            ..PassageRecord::default()
        };
        let passages: Vec<PassageRecord> = TEXTS.iter().zip(1..).map(passage).collect();
        writer.put(&EntryRecord::new(&path), &[Packed::new(document, &passages)], false).expect("it can be written");
    }
    writer.finish(&Default::default()).expect("it can be written");
    let reader = Reader::open(&location).expect("it was written");
    // What is open stays readable.
    let _ = std::fs::remove_dir_all(folder);
    reader
});

/// Asks a text.
pub fn query(text: &str) {
    for literal in [false, true] {
        let params = Params { query: vec![text.to_string()], literal, no_expand: literal, ..Params::default() };
        match resolve(&params, INDEX.vocabulary()) {
            Ok(query) => {
                // How it was understood can be said, too.
                let _ = query.node.as_ref().map(|node| (format!("{node}"), format!("{node:#}")));
                if let Err(error) = search(&query, &INDEX, Options::default()) {
                    panic!("{error}");
                }
            }
            Err(error) => assert!(!error.to_string().is_empty(), "a reason"),
        }
    }
}
