//! Every format by sample documents: what must come out of each, in its order, and what must not,
//! stands in `tests/samples/expected.toml`.

use super::support::*;
use serde::Deserialize;
use serde_json::Value;
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization;

#[derive(Deserialize)]
struct Expected {
    sample: Vec<Sample>,
}

#[derive(Deserialize)]
struct Sample {
    path: String,
    /// What the sample is made to show.
    what: String,
    #[serde(default)]
    titles: Vec<String>,
    #[serde(default)]
    dates: Vec<String>,
    /// Phrases in their order.
    #[serde(default)]
    must: Vec<String>,
    #[serde(default)]
    must_not: Vec<String>,
    /// The reason for which nothing, or not all of it, is read.
    reason: Option<String>,
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples")
}

fn expected() -> Vec<Sample> {
    let text = std::fs::read_to_string(samples().join("expected.toml")).unwrap();
    toml::from_str::<Expected>(&text).unwrap().sample
}

/// Without blanks and differences of width.
fn key(text: &str) -> String {
    let plain = |c: &char| !c.is_whitespace() && !matches!(c, '\u{ad}' | '|');
    text.nfkc().filter(plain).map(|c| if matches!(c, '\u{2010}' | '\u{2011}') { '-' } else { c }).collect()
}

/// Titles, dates, and all text of the documents in a file: titles, headings and passages in order.
fn read(inspected: &Value) -> (Vec<String>, Vec<String>, String) {
    let one = [inspected.clone()];
    let documents = inspected.as_array().map_or(&one[..], Vec::as_slice);
    let (mut titles, mut dates, mut text) = (Vec::new(), Vec::new(), String::new());
    for document in documents.iter().filter(|d| d.get("reason").is_none()) {
        titles.push(key(document["title"].as_str().unwrap()));
        dates.extend(document["date"].as_str().map(str::to_string));
        text.push_str(document["title"].as_str().unwrap());
        text.push('\n');
        text.push_str(document["text"].as_str().unwrap());
        text.push('\n');
    }
    (titles, dates, key(&text))
}

/// What is not as it should be with a sample.
fn faults(sample: &Sample) -> Vec<String> {
    let folder = corpus();
    let file = samples().join(&sample.path);
    let outcome = folder.run([Path::new("inspect"), Path::new("--json"), &file]);
    let mut out = Vec::new();
    if let Some(reason) = &sample.reason {
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        if !said.contains(reason.as_str()) {
            out.push(format!("the reason is not `{reason}` but: {said}"));
        }
    }
    if outcome.code != Some(0) {
        if sample.reason.is_none() || !sample.must.is_empty() {
            out.push(format!("is not read: {}", outcome.stderr));
        }
        return out;
    }
    let (titles, dates, text) = read(&outcome.parsed());
    for title in &sample.titles {
        if !titles.contains(&key(title)) {
            out.push(format!("title `{title}` is not among {titles:?}"));
        }
    }
    for date in &sample.dates {
        if !dates.contains(date) {
            out.push(format!("date {date} is not among {dates:?}"));
        }
    }
    let mut at = 0;
    for phrase in &sample.must {
        match text[at..].find(&key(phrase)) {
            Some(place) => at += place + key(phrase).len(),
            None if text.contains(&key(phrase)) => out.push(format!("`{phrase}` comes too early")),
            None => out.push(format!("`{phrase}` is missing")),
        }
    }
    for phrase in &sample.must_not {
        if text.contains(&key(phrase)) {
            out.push(format!("`{phrase}` is there"));
        }
    }
    out
}

#[test]
fn every_sample_comes_out_as_it_should() {
    let mut wrong = String::new();
    for sample in expected() {
        for fault in faults(&sample) {
            wrong.push_str(&format!("{} ({}): {fault}\n", sample.path, sample.what));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_sample_is_expected() {
    let known: Vec<String> = expected().into_iter().map(|s| s.path).collect();
    let mut found = Vec::new();
    for folder in std::fs::read_dir(samples()).unwrap().flatten().filter(|f| f.path().is_dir()) {
        for file in std::fs::read_dir(folder.path()).unwrap().flatten() {
            found.push(format!("{}/{}", folder.file_name().to_string_lossy(), file.file_name().to_string_lossy()));
        }
    }
    found.retain(|f| !known.contains(f));
    assert!(found.is_empty(), "no expectation for {found:?}");
}

#[test]
fn all_samples_are_indexed_or_listed_with_a_reason() {
    let folder = corpus();
    let all = samples().to_string_lossy().into_owned();
    let summary = folder.run(["index", &all, "--json"]).assert_ok().parsed();
    let status = folder.status();
    assert_eq!(summary["failures"].as_array().unwrap().len(), status["failures"].as_array().unwrap().len());
    for failure in status["failures"].as_array().unwrap() {
        let reason = failure["reason"].as_str().unwrap();
        assert!(!reason.contains("internal error") && !reason.contains("reader fail"), "{failure}");
    }
    // What failed is listed again, and nothing is read twice.
    let again = folder.run(["index", &all, "--json"]).assert_ok().parsed();
    assert_eq!(again["new"], 0);
    assert_eq!(again["changed"], 0);
    let listed = |summary: &Value| {
        let list = summary["failures"].as_array().unwrap().iter();
        list.map(Value::to_string).collect::<std::collections::BTreeSet<String>>()
    };
    assert_eq!(listed(&again), listed(&summary));
    // Every format was met.
    let formats = folder.run(["formats", "--json"]).assert_ok().parsed();
    for format in formats.as_array().unwrap().iter().filter(|f| f["container"] == false) {
        let name = format["name"].as_str().unwrap();
        assert!(summary["formats"][name]["documents"].as_u64().unwrap_or(0) > 0, "no sample of {name}");
    }
}
