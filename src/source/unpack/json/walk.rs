//! Passes over a JSON text that keep little of it in memory: one that sees where documents are, and
//! one that hands them over.

use super::super::Sink;
use super::no_json;
use super::object::Object;
use crate::error::Problem;
use crate::source::Blob;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::collections::HashSet;
use std::fmt;

/// Arrays lie in so many objects at most.
const DEPTH_MAX: usize = 4;

/// What goes over a JSON text, with little of it in memory.
pub(super) trait Step {
    /// The keys that lead to where it is.
    fn path(&mut self) -> &mut Vec<String>;
    /// Goes over an array. Gives it, or the beginning of it, if it holds nothing but texts.
    fn array<'de, A: SeqAccess<'de>>(&mut self, seq: A) -> Result<Option<Value>, A::Error>;
    /// The whole, without its arrays of objects.
    fn whole(&mut self, _: &Value) {}
}

/// Sees where documents are.
pub(super) struct Look<'a> {
    map: &'a [(String, String)],
    path: Vec<String>,
    /// The whole is one.
    pub is_document: bool,
    /// Arrays of them, by the keys that lead there.
    pub arrays: HashSet<Vec<String>>,
    /// The names that the first object in an array has.
    pub names: Vec<String>,
}

impl<'a> Look<'a> {
    /// That has seen nothing yet.
    pub fn new(map: &'a [(String, String)]) -> Look<'a> {
        Look { map, path: Vec::new(), is_document: false, arrays: HashSet::new(), names: Vec::new() }
    }
}

impl Step for Look<'_> {
    fn path(&mut self) -> &mut Vec<String> {
        &mut self.path
    }

    fn array<'de, A: SeqAccess<'de>>(&mut self, mut seq: A) -> Result<Option<Value>, A::Error> {
        let (mut seen, mut documents) = (Vec::new(), 0);
        let mut ended = Ok(());
        while seen.len() < super::SAMPLE {
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
            self.arrays.insert(self.path.clone());
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
pub(super) struct HandOver<'a, 'b, 's> {
    arrays: &'a HashSet<Vec<String>>,
    path: Vec<String>,
    number: u64,
    blob: &'a Blob,
    sink: &'b mut Sink<'s>,
    /// Why it ends before its time.
    pub stopped: Option<Problem>,
}

impl<'a, 'b, 's> HandOver<'a, 'b, 's> {
    /// Of those arrays.
    pub fn new(arrays: &'a HashSet<Vec<String>>, blob: &'a Blob, sink: &'b mut Sink<'s>) -> Self {
        HandOver { arrays, path: Vec::new(), number: 0, blob, sink, stopped: None }
    }
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
pub(super) fn pass<S: Step>(text: &str, step: &mut S) -> Result<(), Problem> {
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
