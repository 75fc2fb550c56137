//! An object as a document: its keys are as the columns of a table.

use super::super::fields::{Columns, ID, TEXT, is_summary, listed};
use super::super::{markup, stem};
use crate::error::Problem;
use crate::source::Blob;
use serde_json::Value;

/// A text without one of the usual names is known by its length, in characters.
const TEXT_CHARS_MIN: usize = 200;
/// Members of nested objects are names with dots to this depth.
const NAMES_DEPTH_MAX: usize = 4;

/// The keys of an object and what they hold, those of nested objects with dots.
fn flat(value: &Value) -> (Vec<String>, Vec<&Value>) {
    fn add<'v>(value: &'v Value, before: &str, depth: usize, out: &mut (Vec<String>, Vec<&'v Value>)) {
        let Value::Object(map) = value else { return };
        for (key, value) in map {
            let name = if before.is_empty() { key.clone() } else { format!("{before}.{key}") };
            if value.is_object() && depth < NAMES_DEPTH_MAX {
                add(value, &name, depth + 1, out);
            } else {
                out.0.push(name);
                out.1.push(value);
            }
        }
    }
    let mut out = (Vec::new(), Vec::new());
    add(value, "", 1, &mut out);
    out
}

/// A value as text: of a list its members, as paragraphs or as names.
fn text_of(value: &Value, between: &str) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) => {
            let item = |v: &Value| match v {
                Value::Object(map) => {
                    let named = ["text", "content", "paragraph", "name"].iter().find_map(|key| map.get(*key)?.as_str());
                    named.unwrap_or_default().to_string()
                }
                Value::String(text) => text.clone(),
                _ => String::new(),
            };
            items.iter().map(item).filter(|t| !t.trim().is_empty()).collect::<Vec<_>>().join(between)
        }
        _ => String::new(),
    }
}

/// An object as a row: names, values, and what they are.
pub(super) struct Object<'v> {
    /// Its keys, those of objects in it with dots.
    pub names: Vec<String>,
    values: Vec<&'v Value>,
    columns: Columns,
    /// A user named the text, and it is not there.
    lacks: Option<&'v str>,
}

impl<'v> Object<'v> {
    /// What a value is. A key that is mapped may be missing in one object: its field is then not given.
    pub fn of(value: &'v Value, map: &'v [(String, String)]) -> Object<'v> {
        let (names, values) = flat(value);
        let is_there = |column: &String| names.contains(column);
        let there: Vec<_> = map.iter().filter(|(_, column)| is_there(column)).cloned().collect();
        let lacks = map.iter().find(|(field, column)| field == TEXT && !is_there(column)).map(|(_, c)| c.as_str());
        let columns = Columns::of(&names, &there).unwrap_or_default();
        // One mapping serves many files: those without the key have the text by its usual name.
        let lacks = lacks.filter(|_| columns.first(TEXT).is_none());
        Object { names, values, columns, lacks }
    }

    fn text_at(&self, at: usize, between: &str) -> String {
        self.values.get(at).map(|v| text_of(v, between)).unwrap_or_default()
    }

    /// Which key has the text: one of the usual names, or else the one long text.
    pub fn text_key(&self) -> Option<usize> {
        if self.lacks.is_some() {
            return None;
        }
        let is_filled = |at: &&usize| !self.text_at(**at, "\n\n").trim().is_empty();
        let is_long = |at: &usize| {
            let text = self.values.get(*at).and_then(|v| v.as_str());
            text.is_some_and(|t| t.chars().nth(TEXT_CHARS_MIN).is_some())
        };
        let named = self.columns.all(TEXT).iter().find(is_filled).copied();
        named.or_else(|| {
            let mut long = (0..self.values.len()).filter(is_long);
            long.next().filter(|_| long.next().is_none())
        })
    }

    /// Whether it is a document: a text by its usual name, or a summary or a long text of something that
    /// has a title, a date or an address.
    pub fn is_document(&self) -> bool {
        let Some(at) = self.text_key() else { return false };
        let is_said = ["title", "date", "url", "author", "source"].iter().any(|f| self.columns.first(f).is_some());
        is_said || self.is_whole(at)
    }

    /// Whether a key has a text that is more than a summary.
    pub fn is_whole(&self, at: usize) -> bool {
        self.columns.all(TEXT).contains(&at) && self.names.get(at).is_some_and(|n| !is_summary(n))
    }

    /// Its own identifier, or its number.
    pub fn address(&self, number: u64) -> String {
        let id = self.columns.first(ID).map(|at| self.text_at(at, ","));
        id.map(|id| id.trim().to_string()).filter(|id| !id.is_empty()).unwrap_or_else(|| number.to_string())
    }

    /// The document it is.
    pub fn document(&self, number: u64, blob: &Blob) -> Result<Blob, Problem> {
        if let Some(lacks) = self.lacks {
            return Err(Problem::Content(format!("has no `{lacks}`: it has {}", listed(&self.names))));
        }
        let key = self.text_key().ok_or_else(|| {
            let names = listed(&self.names);
            Problem::Content(format!("has no text: it has {names}; --map text=NAME tells which is the text"))
        })?;
        let (extension, bytes) = markup::document(&self.text_at(key, "\n\n"));
        let mut document = Blob::numbered(format!("{} {number}.{extension}", stem(&blob.name)), bytes);
        let is_text = |at: usize| at == key || self.columns.all(TEXT).contains(&at);
        let said: Vec<String> =
            (0..self.values.len()).map(|at| if is_text(at) { String::new() } else { self.text_at(at, ", ") }).collect();
        document.given = self.columns.given(&self.names, |at| said.get(at).map_or("", String::as_str));
        if let Some(title) = &mut document.given.title {
            title.value = markup::text(&title.value);
        }
        Ok(document)
    }
}
