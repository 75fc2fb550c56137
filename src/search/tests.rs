//! The index against asking each record: whatever is asked, both must find the same, and what is
//! marked must be what made it match.

use super::*;
use crate::error::Error;
use crate::index::{EntryRecord, Location, Packed, Writer};
use crate::model::{Confidence, Found, Kind, Lang, Origin, RegionId, Year};
use crate::query::{Facet, Node, Params, resolve};
use crate::vocab::Vocabulary;
use proptest::prelude::*;
use std::ops::Range;
use std::sync::Arc;

fn found<T>(value: T) -> Found<T> {
    Found::new(value, Origin::Text).sure(Confidence::High)
}

/// A document of these passages: each a heading and a text.
fn document(number: usize, title: &str, passages: &[(String, String)]) -> (DocumentRecord, Vec<PassageRecord>) {
    let path = format!("/d/{number}.txt");
    let kind = found(if number.is_multiple_of(2) { Kind::Report } else { Kind::News });
    let record = DocumentRecord {
        year: Year::new(2018 + number as i64 % 4).map(found),
        passages: passages.len() as u32,
        ..DocumentRecord::new(&path, found(title.to_string()), kind, found(Lang::new("en")))
    };
    let regions = ["650000", "650100", "320000"];
    let passages = passages.iter().enumerate().map(|(at, (heading, text))| PassageRecord {
        ordinal: at as u32 + 1,
        heading: heading.split('>').map(str::to_string).filter(|h| !h.is_empty()).collect(),
        text: text.clone(),
        regions: vec![RegionId(regions[(number + at) % 3].into())],
        ..PassageRecord::default()
    });
    (record, passages.collect())
}

/// An index of these, each document a file, committed in two parts.
fn index(documents: &[(DocumentRecord, Vec<PassageRecord>)]) -> (tempfile::TempDir, Reader) {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::new(folder.path().join("index"));
    let mut writer = Writer::open(&location, false, 1, Arc::new(Vocabulary::default())).unwrap();
    for (at, (document, passages)) in documents.iter().enumerate() {
        writer
            .put(&EntryRecord::new(&document.path), &[Packed::new(document.clone(), passages.clone())], false)
            .unwrap();
        if at == documents.len() / 2 {
            writer.commit(&Default::default()).unwrap();
        }
    }
    writer.finish(&Default::default()).unwrap();
    let reader = Reader::open(&location).unwrap();
    (folder, reader)
}

/// A query without glossary and places, as typed in several arguments.
fn asked(text: &str, reader: &Reader) -> Option<Query> {
    let params = Params { query: vec![text.to_string()], literal: true, no_expand: true, ..Params::default() };
    let query = resolve(&params, reader.vocabulary()).ok()?;
    Some(reader.expand(&Query { fallback: None, ..query }, Deadline::default()).unwrap())
}

/// The text with other words of the same length in place of what is marked.
fn blanked(text: &str, ranges: &[Range<usize>]) -> String {
    let other = |c: char| match c {
        c if c.is_ascii_digit() => '0',
        c if c.is_ascii_alphabetic() => 'z',
        c if c.is_alphanumeric() => '回',
        c => c,
    };
    let is_marked = |at: usize| ranges.iter().any(|r| r.contains(&at));
    text.char_indices().map(|(at, c)| if is_marked(at) { other(c) } else { c }).collect()
}

/// Whether a query has a part that holds where something is missing.
fn has_negation(node: &Node) -> bool {
    match node {
        Node::Leaf(_) => false,
        Node::Filter(_) => true,
        Node::Group(group) => !group.not.is_empty() || group.must.iter().chain(&group.should).any(has_negation),
    }
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["dry", "port", "ports", "rail", "railway", "the", "陆", "港", "国际", "a-b", "2,000"])
        .prop_map(str::to_string)
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec((word(), prop::sample::select(vec![" ", ", ", "。", "\n", ""])), 0..14)
        .prop_map(|list| list.into_iter().map(|(word, gap)| word + gap).collect())
}

/// Headings, one beneath the other.
fn heading() -> impl Strategy<Value = String> {
    prop::collection::vec(text(), 0..3).prop_map(|headings| headings.join(">"))
}

fn query() -> impl Strategy<Value = String> {
    let words = prop::collection::vec(word(), 1..4).prop_map(|w| w.join(" "));
    let quoted = |suffix: &'static str| {
        prop::collection::vec(word(), 1..4).prop_map(move |w| format!("\"{}\"{suffix}", w.join(" ")))
    };
    let leaf = prop_oneof![
        word(),
        word(),
        quoted(""),
        quoted("~3"),
        quoted("->4"),
        word().prop_map(|w| format!("={w}")),
        Just("=\"ports rail\"".to_string()),
        Just("port*".to_string()),
        Just("p?r*".to_string()),
        Just("rial~2".to_string()),
        Just("/(d|r).*/".to_string()),
        Just("陆?国".to_string()),
        Just("陆??港".to_string()),
        Just("\"dry port\"~40".to_string()),
        Just("陆港国际港".to_string()),
        word().prop_map(|w| format!("title:{w}")),
        word().prop_map(|w| format!("heading:{w}")),
        Just("region:650000".to_string()),
        Just("year:2018..2019".to_string()),
        Just("kind:news".to_string()),
        Just("rail* NEAR/3 (port OR dry)".to_string()),
        Just("(=port OR \"dry port\") NEAR/4 rail".to_string()),
        Just("the NEAR/3 the".to_string()),
        words,
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) AND ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) AND NOT ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) OR ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) OR -({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("NOT ({a}) OR ({b})")),
            inner.clone().prop_map(|a| format!("(NOT ({a}))")),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("+({a}) ({b}) -({c})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_index_finds_what_asking_each_record_finds(
        documents in prop::collection::vec((text(), prop::collection::vec((heading(), text()), 1..4)), 1..7),
        queries in prop::collection::vec(query(), 40),
    ) {
        let documents: Vec<_> = documents
            .iter()
            .enumerate()
            .map(|(number, (title, passages))| document(number, title, passages))
            .collect();
        let (_folder, reader) = index(&documents);
        let gazetteer = &reader.vocabulary().gazetteer;
        for text in queries {
            let Some(query) = asked(&text, &reader) else { continue };
            let Some(node) = &query.node else { continue };
            let marker = Marker::new(node, gazetteer);
            let mut expected: Vec<(String, u32)> = Vec::new();
            for (document, passages) in &documents {
                for passage in passages {
                    let Some(marks) = marker.marks(document, passage) else { continue };
                    expected.push((document.path.clone(), passage.ordinal));
                    if has_negation(node) {
                        continue;
                    }
                    let rest = PassageRecord {
                        text: blanked(&passage.text, &marks.text),
                        heading: passage.heading.iter().zip(&marks.heading).map(|(h, m)| blanked(h, m)).collect(),
                        ..passage.clone()
                    };
                    let mut untitled = document.clone();
                    untitled.title = found(blanked(&document.title.value, &marks.title));
                    prop_assert!(marker.marks(&untitled, &rest).is_none(), "{text}: {marks:?}");
                }
            }
            let window = Window { offset: 0, limit: 1000, per_document: 100, explain: false, collapse: false };
            let candidates = reader.search(&query, window, Deadline::default()).unwrap();
            let mut got: Vec<(String, u32)> =
                candidates.hits.iter().map(|h| (h.document.path.clone(), h.passage.ordinal)).collect();
            got.sort();
            expected.sort();
            prop_assert_eq!(candidates.passages as usize, got.len());
            prop_assert_eq!(got, expected, "{}: {:?}", text, query.node);
        }
    }
}

/// More documents than are kept of a segment, all as good as one another.
#[test]
fn among_equals_the_newer_come_first_and_then_the_order_of_numbers() {
    let text = [(String::new(), "a dry port".to_string())];
    let documents: Vec<_> = (0..2400).map(|number| document(number, "Plans", &text)).collect();
    let (_folder, reader) = index(&documents);
    let mut expected: Vec<&DocumentRecord> = documents.iter().map(|(document, _)| document).collect();
    let year = |document: &DocumentRecord| document.year.as_ref().map(|year| year.value);
    expected.sort_by(|a, b| year(b).cmp(&year(a)).then(a.id.cmp(&b.id)));
    let expected: Vec<&str> = expected.into_iter().map(|document| document.path.as_str()).collect();
    let query = asked("\"dry port\"", &reader).unwrap();
    // At first columns are read, later they are held in memory.
    for round in 0..12 {
        for (offset, limit) in [(0, 10), (3, 7), (490, 200)] {
            let window = Window { offset, limit, per_document: 1, explain: false, collapse: true };
            let candidates = reader.search(&query, window, Deadline::default()).unwrap();
            assert_eq!(candidates.documents, 2400);
            assert!(candidates.more);
            let paths: Vec<&str> = candidates.hits.iter().map(|hit| hit.document.path.as_str()).collect();
            assert_eq!(paths, expected[offset..offset + limit], "{offset} {limit}, round {round}");
        }
    }
}

/// Which documents have copies is at first looked up for each, later held in memory for all.
#[test]
fn one_stands_for_its_copies_however_often_is_searched() {
    let text = [(String::new(), "a dry port".to_string()), (String::new(), "another dry port".to_string())];
    let documents: Vec<_> = (0..4).map(|number| document(number, "Plans", &text)).collect();
    let (folder, _) = index(&documents);
    let location = Location::new(folder.path().join("index"));
    let mut writer = Writer::open(&location, false, 1, Arc::new(Vocabulary::default())).unwrap();
    let number = |at: usize| u64::from_str_radix(&documents[at].0.id, 16).unwrap();
    for at in [1, 2] {
        writer.put_copy(&documents[at].0, number(1)).unwrap();
    }
    writer.commit(&Default::default()).unwrap();
    writer.finish(&Default::default()).unwrap();
    let reader = Reader::open(&location).unwrap();
    let query = asked("\"dry port\"", &reader).unwrap();
    for round in 0..40 {
        let window = Window { offset: 0, limit: 10, per_document: 1, explain: false, collapse: true };
        let candidates = reader.search(&query, window, Deadline::default()).unwrap();
        let mut hits: Vec<(&str, usize)> =
            candidates.hits.iter().map(|hit| (hit.document.path.as_str(), hit.copies)).collect();
        hits.sort_unstable();
        assert_eq!(hits, [("/d/0.txt", 0), ("/d/1.txt", 1), ("/d/3.txt", 0)], "round {round}");
    }
}

/// A title is kept with a document's first passage; it holds for the others wherever they are met.
#[test]
fn a_title_holds_for_every_passage_of_its_document() {
    let passages = |rails: usize| -> Vec<(String, String)> {
        (0..6).map(|at| (String::new(), if at == rails { "rails" } else { "a yard" }.to_string())).collect()
    };
    let titled = |number: usize| if number.is_multiple_of(3) { "Plans" } else { "Dry port" };
    let documents: Vec<_> = (0..40).map(|n| document(n, titled(n), &passages(n % 7))).collect();
    let (_folder, reader) = index(&documents);
    let found = |text: &str| {
        let query = asked(text, &reader).unwrap();
        let window = Window { offset: 0, limit: 1000, per_document: 100, explain: false, collapse: false };
        let hits = reader.search(&query, window, Deadline::default()).unwrap().hits;
        let mut all: Vec<(String, u32)> = hits.into_iter().map(|h| (h.document.path, h.passage.ordinal)).collect();
        all.sort();
        all
    };
    let expected = |keeps: &dyn Fn(usize, bool) -> bool| {
        let each = (0..40).flat_map(|n| (0..6).map(move |at| (n, at)));
        let kept = each.filter(|(n, at)| keeps(*n, n % 7 == *at));
        let mut all: Vec<(String, u32)> = kept.map(|(n, at)| (format!("/d/{n}.txt"), at as u32 + 1)).collect();
        all.sort();
        all
    };
    let is_titled = |n: usize| !n.is_multiple_of(3);
    assert_eq!(found("title:port"), expected(&|n, _| is_titled(n)));
    assert_eq!(found("+title:\"dry port\" +rails"), expected(&|n, rails| is_titled(n) && rails));
    assert_eq!(found("+rails -title:port"), expected(&|n, rails| !is_titled(n) && rails));
    assert_eq!(found("title:port OR rails"), expected(&|n, rails| is_titled(n) || rails));
}

/// The lines of the sample documents that are plain text, twenty to a document.
fn samples() -> Vec<(DocumentRecord, Vec<PassageRecord>)> {
    let mut lines: Vec<(String, String)> = Vec::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"))];
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                folders.push(path);
            } else if let (Some("txt" | "md"), Ok(text)) =
                (path.extension().and_then(|e| e.to_str()), std::fs::read_to_string(&path))
            {
                let whole = text.lines().map(str::trim).filter(|line| line.chars().count() > 20);
                lines.extend(whole.map(|line| (String::new(), line.to_string())));
            }
        }
    }
    assert!(lines.len() > 100, "the samples were found");
    lines.chunks(20).enumerate().map(|(number, lines)| document(number, "样本", lines)).collect()
}

/// What a search finds and marks, as a person types it.
fn searched(text: &str, reader: &Reader) -> Results {
    let params = Params { query: vec![text.to_string()], literal: true, no_expand: true, ..Params::default() };
    search(
        &resolve(&params, reader.vocabulary()).unwrap(),
        reader,
        Options { limit: 1000, per_document: 1000, ..Options::default() },
    )
    .unwrap()
}

#[test]
fn a_phrase_that_stands_more_often_ranks_higher_however_often_it_was_asked_for() {
    let passage = |text: &str| [(String::new(), text.to_string())];
    let documents = [
        document(0, "One", &passage("the dry port of the dry land and the port there")),
        document(1, "Two", &passage("the dry port of the land and the dry port there")),
        document(2, "Three", &passage("the port is dry and the land of the port is dry")),
    ];
    let (_folder, reader) = index(&documents);
    let mut first: Option<Vec<(String, f32)>> = None;
    // Many times: what is read of each passage is then held in memory.
    for _ in 0..50 {
        let hits = searched("\"dry port\"", &reader).hits;
        let answer: Vec<(String, f32)> = hits.iter().map(|hit| (hit.document.path.clone(), hit.score)).collect();
        assert_eq!(answer.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["/d/1.txt", "/d/0.txt"]);
        assert!(answer[0].1 > answer[1].1);
        assert_eq!(*first.get_or_insert(answer.clone()), answer);
    }
}

#[test]
fn any_run_of_ideographs_is_found_and_marked_where_it_stands() {
    let documents = samples();
    let (_folder, reader) = index(&documents);
    let runs: Vec<(String, String)> = documents
        .iter()
        .flat_map(|(_, passages)| passages.iter().map(|passage| &passage.text))
        .flat_map(|text| {
            let runs = text.split(|c: char| !crate::analysis::is_ideograph(c)).filter(|run| !run.is_empty());
            runs.map(|run| (text.clone(), run.to_string())).collect::<Vec<_>>()
        })
        .collect();
    assert!(runs.len() > 500, "there is Chinese in the samples");
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let stretch = (prop::sample::select(runs), 0.0..1.0, 0.0..1.0);
    let result = runner.run(&stretch, |((text, run), from, length)| {
        let chars: Vec<char> = run.chars().collect();
        let from = (from * chars.len() as f64) as usize;
        let length = 1 + (length * (chars.len() - from) as f64) as usize;
        let typed: String = chars[from..].iter().take(length).collect();
        let quoted = format!("\"{typed}\"");
        for asked in [&typed, &quoted] {
            let results = searched(asked, &reader);
            let hit = results.hits.iter().find(|hit| hit.passage.text == text);
            prop_assert!(hit.is_some(), "{asked} in {text}");
            let marked = &hit.unwrap().marks.text;
            for (at, found) in text.match_indices(&typed) {
                let mut bytes = at..at + found.len();
                let is_marked = |byte: usize| marked.iter().any(|m| m.contains(&byte));
                // A long run that is not quoted is matched by its parts, without the words of questions in it.
                let right = if asked == &quoted { bytes.all(is_marked) } else { bytes.any(is_marked) };
                prop_assert!(right, "{asked} at {at}: {marked:?}");
            }
        }
        Ok(())
    });
    result.unwrap();
}

/// What can stand in a query, in any order.
fn hostile() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        word(),
        "\\PC{0,6}",
        any::<char>().prop_map(String::from),
        prop::sample::select(vec![
            "(",
            ")",
            "\"",
            "“",
            "”",
            "+",
            "-",
            "*",
            "?",
            "~",
            "~1",
            "~99",
            "->3",
            " NEAR ",
            " NEAR/5 ",
            " NEAR/99999 ",
            " AND ",
            " OR ",
            " NOT ",
            "=",
            "/",
            "/.*/",
            "/[/",
            "\\",
            ":",
            "title:",
            "region:",
            "year:",
            "..",
            "2018..2020",
            "的",
            "　",
            "ａ",
            "Ⅳ",
            "\u{200b}",
            "\u{202e}",
            "\0",
            "👩‍👩‍👧",
            "𠮷",
            "\n",
        ])
        .prop_map(str::to_string),
    ];
    prop::collection::vec((token, prop::sample::select(vec!["", " "])), 1..40)
        .prop_map(|list| list.into_iter().map(|(token, gap)| token + gap).collect())
}

#[test]
fn any_text_gives_results_or_a_reason() {
    let (_folder, reader) = index(&samples());
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let result = runner.run(&hostile(), |text| {
        for (literal, no_expand) in [(false, false), (true, true)] {
            let params = Params { query: vec![text.clone()], literal, no_expand, ..Params::default() };
            let answer =
                resolve(&params, reader.vocabulary()).and_then(|query| search(&query, &reader, Options::default()));
            if let Err(error) = answer {
                prop_assert!(!error.to_string().is_empty());
                prop_assert!(!matches!(error, Error::Engine { .. } | Error::Damaged { .. }), "{error}");
            }
        }
        Ok(())
    });
    result.unwrap();
}

#[test]
fn each_part_of_a_search_ends_when_the_time_is_over() {
    let (_folder, reader) = index(&samples());
    let over = Deadline::after(Some(std::time::Duration::ZERO));
    let is_slow = |error: Option<Error>| matches!(error, Some(Error::TooSlow { .. }));
    let query = |text: &str| {
        let params = Params { query: vec![text.to_string()], literal: true, no_expand: true, ..Params::default() };
        resolve(&params, reader.vocabulary()).unwrap()
    };
    for text in ["po*", "prot~1", "*ort"] {
        assert!(is_slow(reader.expand(&query(text), over).err()), "{text}");
    }
    let window = Window { offset: 0, limit: 10, per_document: 1, explain: false, collapse: true };
    for text in ["port", "\"dry port\"", "the NEAR/5 port", "陆港"] {
        let asked = reader.expand(&query(text), over).unwrap();
        assert!(is_slow(reader.search(&asked, window, over).err()), "{text}");
        assert!(is_slow(reader.count(&asked, &Facet::ALL, over).err()), "{text}");
        assert!(reader.search(&asked, window, Deadline::default()).unwrap().passages > 0, "{text}");
    }
    let none = Query { patience: Some(std::time::Duration::ZERO), ..query("port") };
    assert!(is_slow(search(&none, &reader, Options::default()).err()));
    assert!(is_slow(facets(&none, &reader, &Facet::ALL, 10).err()));
}
