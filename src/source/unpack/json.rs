//! Documents as JSON: an object a line, an array of objects, or an object that holds one.
//!
//! Keys are known by the same names as the columns of tables; those of objects within objects are
//! written with dots: `meta.date`.

use super::fields::{Columns, ID, TEXT, is_summary, listed};
use super::{Container, Sink, damaged, markup, stem};
use crate::error::Problem;
use crate::source::decode::decode;
use crate::source::{Blob, Head};
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// An object a line.
pub const LINES: Container = Container {
    name: "jsonl",
    extensions: &["jsonl", "ndjson"],
    is_binary: false,
    recognises: |_| false,
    unpack: |blob, sink| lines(&decode(&blob.bytes, None), blob, sink),
};

/// Any JSON: content that begins and ends as objects do, whatever the name.
pub const CONTAINER: Container =
    Container { name: "json", extensions: &["json"], is_binary: false, recognises, unpack };

/// Arrays lie in so many objects at most.
const DEPTH_MAX: usize = 4;
/// Elements of an array that are looked at to tell whether they are documents.
const SAMPLE: usize = 50;
/// A text without one of the usual names is known by its length, in characters.
const TEXT_CHARS_MIN: usize = 200;
/// Members of nested objects are names with dots to this depth.
const NAMES_DEPTH_MAX: usize = 4;

fn recognises(head: &Head) -> bool {
    let start: String = head.start().chars().take(200).filter(|c| !c.is_whitespace()).collect();
    let last = head.bytes.trim_ascii_end().last();
    (start.starts_with("{\"") || start.starts_with("[{\"")) && matches!(last, Some(b'}' | b']')) && {
        let key = start.trim_start_matches(['[', '{']).get(1..).unwrap_or_default();
        key.split_once('"').is_some_and(|(_, after)| after.starts_with(':'))
    }
}

fn unpack(blob: &Blob, sink: &mut Sink) -> Result<(), Problem> {
    let text = decode(&blob.bytes, None);
    let text = text.trim();
    let mut first_lines = text.lines().filter(|l| !l.trim().is_empty());
    let is_object = |l: Option<&str>| l.is_some_and(|l| serde_json::from_str::<Value>(l).is_ok_and(|v| v.is_object()));
    if text.starts_with('{') && is_object(first_lines.next()) && first_lines.next().is_some_and(|l| l.starts_with('{'))
    {
        return lines(text, blob, sink);
    }
    // One look at what is there, then one pass that hands it over.
    let mut look = Look { map: sink.map, path: Vec::new(), is_document: false, arrays: Vec::new(), names: Vec::new() };
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
    let mut hand = HandOver { arrays: &arrays, path: Vec::new(), number: 0, blob, sink, stopped: None };
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
struct Object<'v> {
    names: Vec<String>,
    values: Vec<&'v Value>,
    columns: Columns,
    /// A user named the text, and it is not there.
    lacks: Option<&'v str>,
}

impl<'v> Object<'v> {
    /// What a value is. A key that is mapped may be missing in one object: its field is then not given.
    fn of(value: &'v Value, map: &'v [(String, String)]) -> Object<'v> {
        let (names, values) = flat(value);
        let is_there = |column: &String| names.contains(column);
        let there: Vec<_> = map.iter().filter(|(_, column)| is_there(column)).cloned().collect();
        let lacks = map.iter().find(|(field, column)| field == TEXT && !is_there(column)).map(|(_, c)| c.as_str());
        let columns = Columns::of(&names, &there).unwrap_or_default();
        Object { names, values, columns, lacks }
    }

    fn text_at(&self, at: usize, between: &str) -> String {
        self.values.get(at).map(|v| text_of(v, between)).unwrap_or_default()
    }

    /// Which key has the text: one of the usual names, or else the one long text.
    fn text_key(&self) -> Option<usize> {
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
    fn is_document(&self) -> bool {
        let Some(at) = self.text_key() else { return false };
        let is_said = ["title", "date", "url", "author", "source"].iter().any(|f| self.columns.first(f).is_some());
        is_said || self.is_whole(at)
    }

    /// Whether a key has a text that is more than a summary.
    fn is_whole(&self, at: usize) -> bool {
        self.columns.all(TEXT).contains(&at) && self.names.get(at).is_some_and(|n| !is_summary(n))
    }

    /// Its own identifier, or its number.
    fn address(&self, number: u64) -> String {
        let id = self.columns.first(ID).map(|at| self.text_at(at, ","));
        id.map(|id| id.trim().to_string()).filter(|id| !id.is_empty()).unwrap_or_else(|| number.to_string())
    }

    /// The document it is.
    fn document(&self, number: u64, blob: &Blob) -> Result<Blob, Problem> {
        if let Some(lacks) = self.lacks {
            return Err(Problem::Content(format!("has no `{lacks}`: it has {}", listed(&self.names))));
        }
        let key = self.text_key().ok_or_else(|| {
            let names = listed(&self.names);
            Problem::Content(format!("has no text: it has {names}; --map text=NAME tells which is the text"))
        })?;
        let (extension, bytes) = markup::document(&self.text_at(key, "\n\n"));
        let mut document = Blob::member(format!("{} {number}.{extension}", stem(&blob.name)), bytes);
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

/// What goes over a JSON text, with little of it in memory.
trait Step {
    /// The keys that lead to where it is.
    fn path(&mut self) -> &mut Vec<String>;
    /// Goes over an array. Gives it, or the beginning of it, if it holds nothing but texts.
    fn array<'de, A: SeqAccess<'de>>(&mut self, seq: A) -> Result<Option<Value>, A::Error>;
    /// The whole, without its arrays of objects.
    fn whole(&mut self, _: &Value) {}
}

/// Sees where documents are.
struct Look<'a> {
    map: &'a [(String, String)],
    path: Vec<String>,
    /// The whole is one.
    is_document: bool,
    /// Arrays of them, by the keys that lead there.
    arrays: Vec<Vec<String>>,
    /// The names that the first object in an array has.
    names: Vec<String>,
}

impl Step for Look<'_> {
    fn path(&mut self) -> &mut Vec<String> {
        &mut self.path
    }

    fn array<'de, A: SeqAccess<'de>>(&mut self, mut seq: A) -> Result<Option<Value>, A::Error> {
        let (mut seen, mut documents) = (Vec::new(), 0);
        let mut ended = Ok(());
        while seen.len() < SAMPLE {
            match seq.next_element::<Value>() {
                Ok(Some(value)) => {
                    let object = Object::of(&value, self.map);
                    documents += usize::from(object.is_document());
                    if self.names.is_empty() {
                        self.names = object.names;
                    }
                    seen.push(value);
                }
                Ok(None) => break,
                Err(error) => {
                    ended = Err(error);
                    break;
                }
            }
        }
        // Some may lack their text.
        if documents * 2 > seen.len() {
            self.arrays.push(self.path.clone());
        }
        ended?;
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(seen.iter().all(Value::is_string).then_some(Value::Array(seen)))
    }

    fn whole(&mut self, value: &Value) {
        let object = Object::of(value, self.map);
        self.is_document = object.is_document() && object.text_key().is_some_and(|at| object.is_whole(at));
    }
}

/// Hands over what is in the arrays that were seen.
struct HandOver<'a, 'b, 's> {
    arrays: &'a [Vec<String>],
    path: Vec<String>,
    number: u64,
    blob: &'a Blob,
    sink: &'b mut Sink<'s>,
    /// Why it ends before its time.
    stopped: Option<Problem>,
}

impl Step for HandOver<'_, '_, '_> {
    fn path(&mut self) -> &mut Vec<String> {
        &mut self.path
    }

    fn array<'de, A: SeqAccess<'de>>(&mut self, mut seq: A) -> Result<Option<Value>, A::Error> {
        if !self.arrays.contains(&self.path) {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(None);
        }
        while let Some(value) = seq.next_element::<Value>()? {
            self.number += 1;
            let object = Object::of(&value, self.sink.map);
            let (address, member) = (object.address(self.number), object.document(self.number, self.blob));
            if let Err(problem) = self.sink.member(&address, member) {
                self.stopped = Some(problem);
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(None)
    }
}

/// Goes over a text. Fails where it is no JSON.
fn pass<S: Step>(text: &str, step: &mut S) -> Result<(), Problem> {
    let mut reader = serde_json::Deserializer::from_str(text);
    Walk { step, depth: 0 }.deserialize(&mut reader).map(|_| ()).and_then(|()| reader.end()).map_err(|e| no_json(&e))
}

/// One value on the way.
struct Walk<'a, S> {
    step: &'a mut S,
    depth: usize,
}

impl<'de, S: Step> DeserializeSeed<'de> for Walk<'_, S> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Option<Value>, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de, S: Step> Visitor<'de> for Walk<'_, S> {
    /// Texts, numbers, and objects of such; nothing else is kept.
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<Value>, A::Error> {
        let mut own = serde_json::Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if self.depth >= DEPTH_MAX {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            self.step.path().push(key.clone());
            let value = map.next_value_seed(Walk { step: &mut *self.step, depth: self.depth + 1 });
            self.step.path().pop();
            if let Some(value) = value? {
                own.insert(key, value);
            }
        }
        let own = Value::Object(own);
        if self.depth == 0 {
            self.step.whole(&own);
        }
        Ok(Some(own))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Option<Value>, A::Error> {
        self.step.array(seq)
    }

    fn visit_str<E>(self, text: &str) -> Result<Option<Value>, E> {
        Ok(Some(Value::String(text.to_string())))
    }

    fn visit_string<E>(self, text: String) -> Result<Option<Value>, E> {
        Ok(Some(Value::String(text)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Option<Value>, E> {
        Ok(Some(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Option<Value>, E> {
        Ok(Some(number.into()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Option<Value>, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Option<Value>, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Option<Value>, E> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::{lines as listing, members, members_of};
    use super::*;
    use crate::source::Limits;
    use proptest::prelude::*;

    const TWO: &str = r#"{"id": 7, "title": "A &amp; B", "content": "<p>x</p>", "published_at": 1704844800000, "author": ["M", "N"], "year": 2024}
{"title": "B", "content": ["one", "two"], "author": null, "meta": {"url": "http://a.example/"}}"#;

    #[test]
    fn an_object_a_line_is_a_document_and_a_broken_one_costs_itself() {
        let text = format!("{TWO}\n\n{{\"content\": \"cut\n{{\"a\": 1}}\n{{\"text\": \"z\"}}\n");
        let expected = [
            "7 [a 1.fragment.html] <html><body><p>x</p></body></html>",
            "2 [a 2.txt] one\n\ntwo",
            "4: is damaged: line 4 is no whole JSON (EOF while parsing a string)",
            "5: has no text: it has a; --map text=NAME tells which is the text",
            "6 [a 6.txt] z",
        ];
        assert_eq!(listing(&LINES, "a.jsonl", text.as_bytes()), expected);
        assert_eq!(listing(&CONTAINER, "a.json", text.as_bytes()), expected);
        let (members, _) = members(&LINES, "a.jsonl", text.as_bytes());
        let given =
            |at: usize, field: &str| members[at].1.clone().unwrap().given.field(field).unwrap().take().map(|f| f.value);
        let some = |v: &str| Some(v.to_string());
        assert_eq!((given(0, "title"), given(0, "date")), (some("A & B"), some("2024-01-10")));
        assert_eq!((given(0, "author"), given(0, "year")), (some("M, N"), some("2024")));
        assert_eq!((given(1, "author"), given(1, "url")), (None, some("http://a.example/")));
    }

    #[test]
    fn arrays_are_read_where_they_are() {
        let array = format!("[{}]", TWO.replace("}\n{", "},\n{"));
        let expected = ["7 [a 1.fragment.html] <html><body><p>x</p></body></html>", "2 [a 2.txt] one\n\ntwo"];
        for text in [
            array.clone(),
            format!("{{\"code\": 0, \"data\": {array}, \"total\": 2}}"),
            format!(
                "{{\"title\": \"Feed\", \"description\": \"All news\", \"result\": {{\"list\": {array}}}, \"tags\": [\"a\"]}}"
            ),
        ] {
            assert_eq!(listing(&CONTAINER, "a.json", text.as_bytes()), expected, "{text}");
            assert!(recognises(&Head::new(text.as_bytes())));
        }
        let cut = listing(&CONTAINER, "a.json", &array.as_bytes()[..array.len() - 3]);
        assert_eq!(cut[0], expected[0]);
        assert!(cut[1].starts_with("end: is damaged: it is no whole JSON from line 2"), "{cut:?}");
    }

    #[test]
    fn one_object_can_be_a_document_and_others_are_none() {
        let article = r#"{"title": "T", "text": ["a", "b"], "comments": [{"user": "x", "text": "no", "date": "1"}]}"#;
        assert_eq!(listing(&CONTAINER, "a.json", article.as_bytes()), ["1 [a 1.txt] a\n\nb"]);
        for none in [
            r#"{"name": "x", "description": "a program", "author": "y"}"#,
            "[1, 2]",
            "{}",
            "[]",
            r#"[{"a": "b"}]"#,
            "3",
        ] {
            let said = "end: JSON without documents is not a format that is read";
            assert_eq!(listing(&CONTAINER, "a.json", none.as_bytes()), [said], "{none}");
        }
        assert!(
            !recognises(&Head::new(b"[{\"a\"}]")) && !recognises(&Head::new(b"{\"title\": \"x\"}\n\nText of a page."))
        );
    }

    #[test]
    fn what_is_mapped_is_the_text() {
        let text = br#"[{"head": "T", "story": {"long": "x"}}]"#;
        let map = |column: &'static str| {
            let (members, result) = members_of(
                &CONTAINER,
                &Blob::of_file("a.json", text),
                &Limits::default(),
                &[("text", column), ("title", "head")],
            );
            (members.into_iter().map(|(_, m)| m.unwrap()).collect::<Vec<_>>(), result)
        };
        let (members, _) = map("story.long");
        assert_eq!(
            (members[0].bytes.as_slice(), members[0].given.title.as_ref().unwrap().value.as_str()),
            (&b"x"[..], "T")
        );
        assert_eq!(map("z").1.unwrap_err().to_string(), "has no `z`: its objects have head, story.long");
    }

    #[test]
    fn nesting_is_bounded_and_limits_end_it() {
        let deep = "[".repeat(100_000);
        assert!(listing(&CONTAINER, "a.json", deep.as_bytes())[0].contains("recursion limit"));
        let deep = "{\"a\":".repeat(100_000);
        assert_eq!(listing(&CONTAINER, "a.json", deep.as_bytes()).len(), 1);
        let limits = Limits { members: 1, ..Limits::default() };
        let blob = Blob::of_file("a.json", r#"[{"text": "a"}, {"text": "b"}]"#);
        let (members, result) = members_of(&CONTAINER, &blob, &limits, &[]);
        assert_eq!((members.len(), result), (1, Err(limits.over("max-members"))));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>, at in 0..TWO.len(), cut in 0usize..40, put in "[\\[\\]{}\":,a1 ]{0,8}") {
            members(&CONTAINER, "a.json", &bytes);
            let mut text = TWO.as_bytes().to_vec();
            let end = (at + cut).min(text.len());
            text.splice(at..end, put.bytes());
            members(&LINES, "a.jsonl", &text);
            members(&CONTAINER, "a.json", &text);
        }
    }
}
