//! Exactly what made a passage match: the query is asked again of the record, part by part, with
//! the analyser and the rule of windows that the index finds by.

use super::filter::keeps;
use crate::analysis::{self, TokenKind, Tokens, VALUES_APART};
use crate::index::{DocumentRecord, PassageRecord};
use crate::query::spans::{self, Places};
use crate::query::{Group, Leaf, Node, Target};
use crate::vocab::Gazetteer;
use std::collections::HashMap;
use std::ops::Range;

/// What of a passage makes a query match, in bytes; in order, overlapping ranges joined.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    /// In its text.
    pub text: Vec<Range<usize>>,
    /// In each of its headings.
    pub heading: Vec<Vec<Range<usize>>>,
    /// In its document's title.
    pub title: Vec<Range<usize>>,
}

/// What makes an expanded query match; `None` if the passage does not match. Excluded words and
/// what stands in a part that does not match mark nothing.
pub fn marks(node: &Node, document: &DocumentRecord, passage: &PassageRecord, gazetteer: &Gazetteer) -> Option<Marks> {
    let mut asked = Asked {
        text: Field::new(std::iter::once(passage.text.as_str())),
        heading: Field::new(passage.heading.iter().map(String::as_str)),
        title: Field::new(std::iter::once(document.title.value.as_str())),
        document,
        passage,
        gazetteer,
    };
    let leaves = asked.node(node)?;
    let mut out = Marks { heading: vec![Vec::new(); passage.heading.len()], ..Marks::default() };
    for leaf in leaves {
        for (field, marks) in asked.marks(leaf) {
            match field {
                Target::Any => out.text.extend(marks.into_iter().map(|(_, range)| range)),
                Target::Title => out.title.extend(marks.into_iter().map(|(_, range)| range)),
                Target::Heading => marks.into_iter().for_each(|(at, range)| out.heading[at].push(range)),
            }
        }
    }
    out.text = joined(out.text);
    out.title = joined(out.title);
    out.heading = out.heading.into_iter().map(joined).collect();
    Some(out)
}

/// The value of a field, and a range of bytes in it.
type Place = (usize, Range<usize>);

/// A passage that is asked.
struct Asked<'a> {
    text: Field,
    heading: Field,
    title: Field,
    document: &'a DocumentRecord,
    passage: &'a PassageRecord,
    gazetteer: &'a Gazetteer,
}

impl Asked<'_> {
    /// The leaves by which a node matches; `None` if it does not.
    fn node<'n>(&mut self, node: &'n Node) -> Option<Vec<&'n Leaf>> {
        match node {
            Node::Leaf(leaf) => self.leaf(leaf).then(|| vec![leaf]),
            Node::Filter(filters) => keeps(filters, self.document, self.passage, self.gazetteer).then(Vec::new),
            Node::Group(group) => self.group(group),
        }
    }

    fn group<'n>(&mut self, group: &'n Group) -> Option<Vec<&'n Leaf>> {
        let mut out = Vec::new();
        for node in &group.must {
            out.extend(self.node(node)?);
        }
        if group.not.iter().any(|node| self.node(node).is_some()) {
            return None;
        }
        let mut held = 0;
        for node in &group.should {
            if let Some(leaves) = self.node(node) {
                held += 1;
                out.extend(leaves);
            }
        }
        let least = group.least.max(usize::from(group.must.is_empty() && !group.should.is_empty()));
        (held >= least).then_some(out)
    }

    /// The fields that a leaf looks in, and of what the title is one: of a document's first passage.
    fn fields(&mut self, target: Target) -> Vec<(Target, &mut Field)> {
        let first = self.passage.ordinal == 1;
        let mut out = Vec::with_capacity(3);
        if target == Target::Any {
            out.push((Target::Any, &mut self.text));
        }
        if matches!(target, Target::Any | Target::Heading) {
            out.push((Target::Heading, &mut self.heading));
        }
        if target == Target::Title || target == Target::Any && first {
            out.push((Target::Title, &mut self.title));
        }
        out
    }

    fn leaf(&mut self, leaf: &Leaf) -> bool {
        self.fields(leaf.target).into_iter().any(|(_, field)| !spans::spans(&leaf.pattern, field).is_empty())
    }

    /// By field, the values of it and the ranges in them that a leaf marks.
    fn marks(&mut self, leaf: &Leaf) -> Vec<(Target, Vec<Place>)> {
        let mark = |(target, field): (Target, &mut Field)| {
            let spans = spans::marks(&leaf.pattern, field);
            (target, spans.into_iter().filter_map(|s| field.range(s)).collect())
        };
        self.fields(leaf.target).into_iter().map(mark).collect()
    }
}

/// Where the terms of a field stand.
struct Field {
    /// The values, one after the other.
    values: Vec<Value>,
    /// How often was asked for a term.
    asked: usize,
    /// The places of all terms, once it was asked often.
    places: Option<HashMap<String, Vec<u32>>>,
}

/// For so many terms the text is looked through; for more, all its terms are sorted first.
const LOOKS_MAX: usize = 24;

/// A value of a field.
struct Value {
    tokens: Tokens,
    /// The place of its first token.
    from: usize,
    /// By place from there: the bytes in it.
    bytes: Vec<Option<Range<usize>>>,
}

impl Field {
    /// Several values of a field follow one another at the distance that they have in the index.
    fn new<'t>(values: impl Iterator<Item = &'t str>) -> Field {
        let mut out = Field { values: Vec::new(), asked: 0, places: None };
        let mut from = 0;
        for value in values {
            let tokens = analysis::analyse(value);
            let mut bytes: Vec<Option<Range<usize>>> = Vec::new();
            for token in tokens.iter() {
                if matches!(token.kind, TokenKind::Word | TokenKind::Single) {
                    bytes.resize(token.position + 1, None);
                    bytes[token.position] = Some(token.start..token.end);
                }
            }
            let length = if bytes.is_empty() { 0 } else { bytes.len() - 1 + VALUES_APART };
            out.values.push(Value { tokens, from, bytes });
            from += length + 1;
        }
        out
    }

    /// Every term with its place, in order.
    fn all(&self) -> impl Iterator<Item = (&str, u32)> {
        self.values
            .iter()
            .flat_map(|value| value.tokens.iter().map(|t| (value.tokens.form(t), (value.from + t.position) as u32)))
    }

    /// The value and the bytes that a span covers.
    fn range(&self, span: spans::Span) -> Option<Place> {
        let number = self.values.partition_point(|value| value.from <= span.start as usize).checked_sub(1)?;
        let Value { from, bytes, .. } = &self.values[number];
        let at = |place: u32| bytes.get((place as usize).checked_sub(*from)?)?.clone();
        Some((number, at(span.start)?.start..at(span.end.checked_sub(1)?)?.end))
    }
}

impl Places for Field {
    fn places(&mut self, term: &str) -> Vec<u32> {
        self.asked += 1;
        if self.asked <= LOOKS_MAX {
            return self.all().filter(|(form, _)| *form == term).map(|(_, place)| place).collect();
        }
        if self.places.is_none() {
            let mut places: HashMap<String, Vec<u32>> = HashMap::new();
            for (form, place) in self.all() {
                match places.get_mut(form) {
                    Some(list) => list.push(place),
                    None => drop(places.insert(form.to_string(), vec![place])),
                }
            }
            self.places = Some(places);
        }
        self.places.as_ref().and_then(|places| places.get(term)).cloned().unwrap_or_default()
    }
}

/// In order, overlapping ranges as one.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|r| (r.start, r.end));
    let mut out: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match out.last_mut().filter(|last| range.start < last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => out.push(range),
        }
    }
    out
}
