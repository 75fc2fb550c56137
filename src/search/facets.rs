//! Query → [`Facets`]: all that matches, counted by place, topic, year, kind, publisher and language.
//!
//! A facet's counts ignore its own filter: they say what each other choice would find. Every count is
//! that of a search with the value as its filter; of publishers, of the whole name.

use crate::error::Result;
use crate::index::{Counted, Coverage, Deadline, Reader, Tallies, Tally};
use crate::model::RegionId;
use crate::query::{Facet, Filters, Query};
use crate::vocab::{Gazetteer, Level, Place, Taxonomy};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The country whose provinces are always shown.
const CHINA: &str = "100000";

/// A value of a facet, with those inside it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Value {
    /// What a filter takes: a place's code, a topic's slug, a year, a kind, a publisher, a language.
    pub value: String,
    /// Its English name, where it has one beside the value.
    pub name: String,
    /// Its Chinese name, likewise.
    pub name_zh: String,
    /// What it is among values of its sort: `country`, `province` …, `topic`, `theme`.
    pub level: Option<&'static str>,
    /// How many.
    pub tally: Tally,
    /// The query's filters name it.
    pub selected: bool,
    /// Values inside it.
    pub inside: Vec<Value>,
    /// Further values inside it that are not listed.
    pub more: u64,
}

/// The values of a facet.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    /// Which facet.
    pub facet: Facet,
    /// Years in order, other values by documents, then passages, most first, then by name.
    pub values: Vec<Value>,
    /// Further values that are not listed; of years, earlier ones.
    pub more: u64,
    /// Passages that have no value, and documents with such passages.
    pub without: Tally,
}

/// All that matches, counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facets {
    /// In all.
    pub all: Tally,
    /// By facet, in the order asked for.
    pub facets: Vec<Values>,
    /// What was asked in the end: as expanded, and the words in place of a phrase.
    pub asked: Query,
    /// No passage had the phrase, so its words were searched.
    pub fell_back: bool,
    /// When nothing was found: passages that match but are kept out by the filters.
    pub elsewhere: u64,
    /// What was searched, and what could not be.
    pub searched: Coverage,
}

/// Counts what a query finds by these facets, with at most `limit` values side by side. What the filters
/// name is listed in any case, and what it lies in.
///
/// Countries are listed with the provinces of China, and of every place that a filter names, or that one lies in,
/// the places inside it. Regions that cross divisions are counted when a filter names them.
pub fn facets(query: &Query, reader: &Reader, by: &[Facet], limit: usize) -> Result<Facets> {
    let mut out = Facets { searched: reader.coverage(&query.filters.within)?, ..Facets::default() };
    let deadline = Deadline::after(query.patience);
    let mut query = reader.expand(query, deadline)?;
    let (mut all, mut tallies) = tally(&query, reader, by, deadline)?;
    if all.passages == 0 && query.node.is_some() {
        if query.filters != Filters::default() {
            let unfiltered = Query { filters: Filters::default(), ..query.clone() };
            out.elsewhere = reader.count(&unfiltered, &[], deadline)?.all.passages;
        }
        // As in a search: words in place of a phrase that no passage has.
        if out.elsewhere == 0
            && let Some(fallback) = &query.fallback
        {
            let words = reader.expand(&Query { filters: query.filters.clone(), ..(**fallback).clone() }, deadline)?;
            let (found, counted) = tally(&words, reader, by, deadline)?;
            if found.passages > 0 {
                (query, all, tallies, out.fell_back) = (words, found, counted, true);
            }
        }
    }
    out.all = all;
    out.asked = query.clone();
    let vocabulary = reader.vocabulary();
    for (facet, tallies) in by.iter().zip(tallies) {
        let without = tallies.without;
        let (values, more) = match facet {
            Facet::Region => {
                let mut tree = regions(tallies, &query.filters.regions, &vocabulary.gazetteer);
                for value in tree.roots.iter_mut().filter(|v| v.level == Some(Level::Macro.name())) {
                    let mut only = query.clone();
                    let place = vocabulary.gazetteer.place(&value.value);
                    only.filters.regions = place.map(|p| vocabulary.gazetteer.accepted(p)).unwrap_or_default();
                    value.tally = reader.count(&only, &[], deadline)?.all;
                }
                tree.list(limit)
            }
            Facet::Topic => topics(tallies, &query.filters, &vocabulary.taxonomy).list(limit),
            Facet::Year => years(tallies, &query.filters, limit),
            Facet::Kind => plain(tallies, |v| query.filters.kinds.iter().any(|k| k.name() == v)).list(limit),
            Facet::Source => publishers(tallies, &query.filters).list(limit),
            Facet::Lang => languages(tallies, &query.filters).list(limit),
        };
        out.facets.push(Values { facet: *facet, values, more, without });
    }
    Ok(out)
}

/// In all, and by each facet without its own filter. Facets whose filter is not set share one pass.
fn tally(query: &Query, reader: &Reader, by: &[Facet], deadline: Deadline) -> Result<(Tally, Vec<Tallies>)> {
    let is_free = |facet: &Facet| query.filters.without(*facet) == query.filters;
    let free: Vec<Facet> = by.iter().copied().filter(is_free).collect();
    let Counted { all, facets } = reader.count(query, &free, deadline)?;
    let mut shared = facets.into_iter();
    let mut out = Vec::with_capacity(by.len());
    for facet in by {
        if is_free(facet) {
            out.extend(shared.next());
        } else {
            let others = Query { filters: query.filters.without(*facet), ..query.clone() };
            out.extend(reader.count(&others, &[*facet], deadline)?.facets);
        }
    }
    Ok((all, out))
}

/// Values and what lies in what.
#[derive(Default)]
struct Tree {
    roots: Vec<Value>,
    inside: HashMap<String, Vec<Value>>,
    /// Listed whatever their number: what a filter names, and what that lies in.
    kept: HashSet<String>,
}

impl Tree {
    fn add(&mut self, parent: Option<&str>, value: Value) {
        if value.selected {
            self.kept.insert(value.value.clone());
            self.kept.extend(parent.map(str::to_string));
        }
        match parent {
            None => self.roots.push(value),
            Some(parent) => self.inside.entry(parent.to_string()).or_default().push(value),
        }
    }

    /// The values to be listed, and how many there are beside them.
    fn list(mut self, limit: usize) -> (Vec<Value>, u64) {
        let roots = std::mem::take(&mut self.roots);
        self.listed(roots, limit)
    }

    fn listed(&mut self, mut values: Vec<Value>, limit: usize) -> (Vec<Value>, u64) {
        values.sort_by(|a, b| {
            let most = |v: &Value| std::cmp::Reverse((v.tally.documents, v.tally.passages));
            most(a).cmp(&most(b)).then_with(|| (&a.name, &a.value).cmp(&(&b.name, &b.value)))
        });
        let all = values.len();
        let mut out = Vec::new();
        for (at, mut value) in values.into_iter().enumerate() {
            if at < limit || self.kept.contains(&value.value) {
                // A place lies in another but never in itself: each is taken out once.
                let inside = self.inside.remove(&value.value).unwrap_or_default();
                (value.inside, value.more) = self.listed(inside, limit);
                out.push(value);
            }
        }
        let more = (all - out.len()) as u64;
        (out, more)
    }
}

/// The code of the place that a place is listed in.
fn parent(place: &Place) -> Option<&str> {
    place.parent().or_else(|| place.members().next().filter(|_| place.level == Level::Zone))
}

fn regions(tallies: Tallies, chosen: &[RegionId], gazetteer: &Gazetteer) -> Tree {
    let mut tree = Tree::default();
    let places = || chosen.iter().filter_map(|r| gazetteer.place(&r.0));
    let crossing: Vec<&Place> = places().filter(|p| p.level == Level::Macro).collect();
    let is_member = |place: &Place| crossing.iter().any(|m| m.members().any(|code| code == place.code));
    // The places whose insides are listed.
    let mut opened: HashSet<&str> = HashSet::from([CHINA]);
    for place in places().filter(|p| p.level != Level::Macro) {
        opened.extend((!is_member(place)).then_some(&*place.code));
        let mut around = parent(place);
        while let Some(code) = around.filter(|code| tree.kept.insert(code.to_string())) {
            opened.insert(code);
            around = gazetteer.place(code).and_then(parent);
        }
    }
    let value = |code: &str, tally| {
        let place = gazetteer.place(code);
        Value {
            value: code.to_string(),
            name: place.map(|p| p.name_en.to_string()).unwrap_or_default(),
            name_zh: place.map(|p| p.short_zh().to_string()).unwrap_or_default(),
            level: place.map(|p| p.level.name()),
            tally,
            selected: chosen.iter().any(|c| c.0 == code),
            ..Value::default()
        }
    };
    for (code, tally) in tallies.labels {
        let place = gazetteer.place(&code);
        if place.is_some_and(|p| p.level == Level::Macro) {
            continue;
        }
        let around = place.and_then(parent);
        if around.is_none_or(|code| opened.contains(code)) {
            tree.add(around, value(&code, tally));
        }
    }
    for place in crossing {
        tree.add(None, value(&place.code, Tally::default()));
    }
    tree
}

fn topics(tallies: Tallies, filters: &Filters, taxonomy: &Taxonomy) -> Tree {
    let mut tree = Tree::default();
    let mut labels = tallies.labels;
    // A passage may have a theme and not its topic.
    let around: BTreeSet<&str> = labels.iter().filter_map(|(slug, _)| taxonomy.topic(slug)?.parent()).collect();
    let missing = around.into_iter().filter(|topic| labels.iter().all(|(slug, _)| slug != topic));
    labels.extend(missing.map(|slug| (slug.to_string(), Tally::default())).collect::<Vec<_>>());
    for (slug, tally) in labels {
        let topic = taxonomy.topic(&slug);
        let around = topic.and_then(|t| t.parent());
        let value = Value {
            name: topic.map(|t| t.name_en.to_string()).unwrap_or_default(),
            name_zh: topic.map(|t| t.name_zh.to_string()).unwrap_or_default(),
            level: Some(if around.is_some() { "theme" } else { "topic" }),
            tally,
            selected: filters.topics.iter().any(|t| t.0 == slug),
            value: slug,
            ..Value::default()
        };
        tree.add(around, value);
    }
    tree
}

/// Years in order: the latest, since of a row of years one wants no holes.
fn years(tallies: Tallies, filters: &Filters, limit: usize) -> (Vec<Value>, u64) {
    let labels: BTreeMap<u16, Tally> =
        tallies.labels.into_iter().filter_map(|(year, tally)| Some((year.parse().ok()?, tally))).collect();
    let all = labels.len();
    let mut values = Vec::new();
    for (at, (year, tally)) in labels.into_iter().enumerate() {
        let selected = filters.years.iter().any(|(from, to)| (*from..=*to).contains(&year));
        if at + limit >= all || selected {
            values.push(Value { value: year.to_string(), tally, selected, ..Value::default() });
        }
    }
    let more = (all - values.len()) as u64;
    (values, more)
}

/// Publishers: those that differ in capitals alone are one, as for the filter, under the commoner name.
fn publishers(tallies: Tallies, filters: &Filters) -> Tree {
    let mut folded: HashMap<String, (Tally, String, Tally)> = HashMap::new();
    for (name, tally) in tallies.labels {
        let (sum, shown, most) = folded.entry(name.to_lowercase()).or_default();
        *sum += tally;
        let key = |t: &Tally| (t.documents, t.passages);
        if shown.is_empty() || (key(&tally), &*name) > (key(most), &**shown) {
            (*shown, *most) = (name, tally);
        }
    }
    let mut tree = Tree::default();
    for (lower, (tally, value, _)) in folded {
        let selected = filters.sources.iter().any(|s| lower.contains(&s.to_lowercase()));
        tree.add(None, Value { value, tally, selected, ..Value::default() });
    }
    tree
}

fn plain(tallies: Tallies, is_selected: impl Fn(&str) -> bool) -> Tree {
    let mut tree = Tree::default();
    for (value, tally) in tallies.labels {
        tree.add(None, Value { selected: is_selected(&value), value, tally, ..Value::default() });
    }
    tree
}

/// Languages: scripts within Chinese, what a machine translated within English.
fn languages(tallies: Tallies, filters: &Filters) -> Tree {
    let mut tree = Tree::default();
    for (code, tally) in &tallies.labels {
        let around =
            code.split_once('-').map(|(base, _)| base).filter(|base| tallies.labels.iter().any(|(l, _)| l == base));
        let selected = filters.languages.iter().any(|l| l.code() == code);
        tree.add(around, Value { value: code.clone(), tally: *tally, selected, ..Value::default() });
    }
    tree
}
