//! Documents as JSON: an object a line, an array of objects, or an object that holds one.
//!
//! Keys are known by the same names as the columns of tables; those of objects within objects are
//! written with dots: `meta.date`.

mod object;
mod walk;

use super::fields::{TEXT, listed};
use super::{Container, Sink, damaged};
use crate::decode;
use crate::error::Problem;
use crate::source::{Blob, Head};
use object::Object;
use serde::de::IgnoredAny;
use serde_json::Value;
use walk::{HandOver, Look, pass};

/// An object a line.
pub const LINES: Container = Container {
    name: "jsonl",
    extensions: &["jsonl", "ndjson"],
    is_binary: false,
    recognises: |_| false,
    unpack: |blob, sink| lines(&decode::text(&blob.bytes, None), blob, sink),
};

/// Any JSON: content that begins and ends as objects do, whatever the name.
pub const CONTAINER: Container =
    Container { name: "json", extensions: &["json"], is_binary: false, recognises, unpack };

/// Elements of an array that are looked at to tell whether they are documents.
const SAMPLE: usize = 50;

fn recognises(head: &Head) -> bool {
    let start: String = head.start().chars().take(200).filter(|c| !c.is_whitespace()).collect();
    let last = head.bytes.trim_ascii_end().last();
    (start.starts_with("{\"") || start.starts_with("[{\"")) && matches!(last, Some(b'}' | b']')) && {
        let key = start.trim_start_matches(['[', '{']).get(1..).unwrap_or_default();
        key.split_once('"').is_some_and(|(_, after)| after.starts_with(':'))
    }
}

fn unpack(blob: &Blob, sink: &mut Sink) -> Result<(), Problem> {
    let text = decode::text(&blob.bytes, None);
    let text = text.trim();
    let mut first_lines = text.lines().filter(|l| !l.trim().is_empty());
    let (first, second) = (first_lines.next().unwrap_or_default(), first_lines.next().unwrap_or_default());
    let is_named = blob.extension().is_some_and(|e| LINES.extensions.contains(&e.as_str()));
    let is_lines = is_named || second.starts_with('{') && serde_json::from_str::<IgnoredAny>(first).is_ok();
    if text.starts_with('{') && is_lines {
        return lines(text, blob, sink);
    }
    // One look at what is there, then one pass that hands it over.
    let mut look = Look::new(sink.map);
    let looked = pass(text, &mut look);
    let Look { is_document, arrays, names, .. } = look;
    if is_document {
        let value: Value = serde_json::from_str(text).map_err(|e| no_json(&e))?;
        let object = Object::of(&value, sink.map);
        let (address, member) = (object.address(1), object.document(1, blob));
        return sink.member(&address, member);
    }
    if arrays.is_empty() {
        looked?;
        return Err(without_documents(&names, sink));
    }
    let mut hand = HandOver::new(&arrays, blob, sink);
    let result = pass(text, &mut hand);
    match hand.stopped.take() {
        Some(problem) => Err(problem),
        None => result,
    }
}

/// An object a line: one that is broken costs itself.
fn lines(text: &str, blob: &Blob, sink: &mut Sink) -> Result<(), Problem> {
    if text.trim_start().starts_with('[') {
        return unpack(blob, sink);
    }
    let numbered = || (1..).zip(text.lines()).filter(|(_, l)| !l.trim().is_empty());
    let (mut seen, mut documents, mut names) = (0, 0, Vec::new());
    for value in numbered().take(SAMPLE).filter_map(|(_, line)| serde_json::from_str::<Value>(line).ok()) {
        let object = Object::of(&value, sink.map);
        seen += 1;
        documents += usize::from(object.is_document());
        if names.is_empty() {
            names = object.names;
        }
    }
    if documents * 2 <= seen {
        return Err(without_documents(&names, sink));
    }
    for (number, line) in numbered() {
        match serde_json::from_str::<Value>(line) {
            Ok(value) => {
                let object = Object::of(&value, sink.map);
                sink.member(&object.address(number), object.document(number, blob))?;
            }
            Err(error) => {
                let problem = damaged(&format!("line {number} is no whole JSON ({})", said(&error)));
                sink.member(&number.to_string(), Err(problem))?;
            }
        }
    }
    Ok(())
}

/// The problem of JSON in which there are no documents, or not where a user says that their text is.
fn without_documents(names: &[String], sink: &Sink) -> Problem {
    let mapped = sink.map.iter().find(|(field, column)| field == TEXT && !names.contains(column));
    match mapped.filter(|_| !names.is_empty()) {
        Some((_, column)) => Problem::Content(format!("has no `{column}`: its objects have {}", listed(names))),
        None => Problem::Format("JSON without documents".into()),
    }
}

/// What the parser said, without the place: it is another in the file.
fn said(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_string()
}

fn no_json(error: &serde_json::Error) -> Problem {
    damaged(&format!("it is no whole JSON from line {} on ({})", error.line(), said(error)))
}

#[cfg(test)]
mod tests;
