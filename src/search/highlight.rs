//! Exactly what made a passage match: the query is asked again of the record, part by part, with
//! the analyser and the rule of windows that the index finds by.

use super::filter::keeps;
use crate::analysis::{self, Sink, TokenKind, VALUES_APART};
use crate::index::{DocumentRecord, PassageRecord};
use crate::query::spans::{self, Places};
use crate::query::{Group, Leaf, Node, Target, Terms};
use crate::vocab::Gazetteer;
use rustc_hash::FxHashMap;
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

/// Marks what makes an expanded query match.
pub struct Marker<'q> {
    node: &'q Node,
    terms: Terms<'q>,
    gazetteer: &'q Gazetteer,
}

impl<'q> Marker<'q> {
    /// For all passages that a query may find.
    pub fn new(node: &'q Node, gazetteer: &'q Gazetteer) -> Marker<'q> {
        Marker { node, terms: Terms::of(node), gazetteer }
    }

    /// What makes the query match; `None` if the passage does not match. Excluded words and what stands in a part
    /// that does not match mark nothing.
    pub fn marks(&self, document: &DocumentRecord, passage: &PassageRecord) -> Option<Marks> {
        let terms = &self.terms;
        let asked = Asked {
            text: Field::new(terms, std::iter::once(passage.text.as_str())),
            heading: Field::new(terms, passage.heading.iter().map(String::as_str)),
            title: Field::new(terms, std::iter::once(document.title.value.as_str())),
            document,
            passage,
            gazetteer: self.gazetteer,
        };
        asked.all(self.node)
    }
}

/// The value of a field, and a range of bytes in it.
type Place = (usize, Range<usize>);

/// A passage that is asked.
struct Asked<'a> {
    text: Field<'a>,
    heading: Field<'a>,
    title: Field<'a>,
    document: &'a DocumentRecord,
    passage: &'a PassageRecord,
    gazetteer: &'a Gazetteer,
}

impl<'a> Asked<'a> {
    /// Everything that makes a node match.
    fn all(mut self, node: &Node) -> Option<Marks> {
        let leaves = self.node(node)?;
        let mut out = Marks { heading: vec![Vec::new(); self.passage.heading.len()], ..Marks::default() };
        for leaf in leaves {
            for (field, marks) in self.marks(leaf) {
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
    fn fields(&mut self, target: Target) -> Vec<(Target, &mut Field<'a>)> {
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
        let mark = |(target, field): (Target, &mut Field<'a>)| {
            let spans = spans::marks(&leaf.pattern, field);
            (target, spans.into_iter().filter_map(|s| field.range(s)).collect())
        };
        self.fields(leaf.target).into_iter().map(mark).collect()
    }
}

/// Where the terms of a query stand in a field.
struct Field<'t> {
    terms: &'t Terms<'t>,
    /// By the number of a term: its places, in order.
    places: FxHashMap<u32, Vec<u32>>,
    /// The values, one after the other.
    values: Vec<Value>,
}

/// A value of a field.
struct Value {
    /// The place of its first token.
    from: u32,
    /// Where words and ideographs stand, in order: all that can begin or end a match.
    bytes: Vec<(u32, Range<usize>)>,
}

impl<'t> Field<'t> {
    /// Several values of a field follow one another at the distance that they have in the index.
    fn new<'v>(terms: &'t Terms<'t>, values: impl Iterator<Item = &'v str>) -> Field<'t> {
        let mut out = Field { terms, places: FxHashMap::default(), values: Vec::new() };
        let mut from = 0;
        for value in values {
            out.values.push(Value { from, bytes: Vec::new() });
            let length = analysis::analyse_to(value, &mut out);
            from += (length.saturating_sub(1) + usize::from(length > 0) * VALUES_APART + 1) as u32;
        }
        out
    }

    /// The value and the bytes that a span covers.
    fn range(&self, span: spans::Span) -> Option<Place> {
        let number = self.values.partition_point(|value| value.from <= span.start).checked_sub(1)?;
        let Value { bytes, .. } = &self.values[number];
        let at = |place: u32| {
            let found = bytes.binary_search_by_key(&place, |(known, _)| *known).ok()?;
            Some(bytes[found].1.clone())
        };
        Some((number, at(span.start)?.start..at(span.end.checked_sub(1)?)?.end))
    }
}

impl Sink for Field<'_> {
    fn take(&mut self, form: &str, start: usize, end: usize, position: usize, kind: TokenKind) {
        let Some(value) = self.values.last_mut() else { return };
        let place = value.from + position as u32;
        let number = self.terms.number(form);
        let is_end = match kind {
            TokenKind::Single => true,
            TokenKind::Word | TokenKind::Form => number.is_some(),
            TokenKind::Pair => false,
        };
        if is_end && value.bytes.last().is_none_or(|(last, _)| *last != place) {
            value.bytes.push((place, start..end));
        }
        if let Some(number) = number {
            self.places.entry(number).or_default().push(place);
        }
    }

    fn wants(&self, form: &str) -> bool {
        self.terms.may_have(form)
    }
}

impl Places for Field<'_> {
    fn places(&mut self, term: &str) -> Vec<u32> {
        let number = self.terms.number(term);
        number.and_then(|number| self.places.get(&number)).cloned().unwrap_or_default()
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
