//! Params → [`Query`]: what was typed becomes what was meant.
//!
//! In: [`Params`]. Out: [`Query`], well-formed, every filter resolved to ids; or an [`crate::error::Error`]
//! with the place in the query or the near names. Never: files, an index, a clock.

mod facet;
mod filters;
mod lexis;
mod meaning;
mod params;
mod parse;
mod resolve;
mod show;
pub mod spans;
mod terms;
mod widen;
pub mod wild;
mod words;

pub use facet::Facet;
pub use filters::globs;
pub use meaning::Also;
pub use params::Params;
pub use resolve::{resolve, resolve_words};
pub use terms::Terms;

use crate::model::{Date, Kind, Lang, RegionId, TopicId, Year};
use std::time::Duration;

/// What to find and what to keep.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// What was typed, for a reader.
    pub typed: String,
    /// What to find; none finds everything that the filters keep.
    pub node: Option<Node>,
    /// What raises a passage, and keeps none out.
    pub boosts: Vec<Boost>,
    /// What of the words was understood, for a reader.
    pub understood: Understood,
    /// What to try when nothing is found: the words of what was taken for a phrase.
    pub fallback: Option<Box<Query>>,
    /// What to keep.
    pub filters: Filters,
    /// What a reader should know of how names were understood.
    pub notes: Vec<String>,
    /// A search that takes longer is given up; none: it may take any time.
    pub patience: Option<Duration>,
}

/// What raises the passages that have it.
#[derive(Clone, Debug, PartialEq)]
pub struct Boost {
    /// What they have.
    pub filters: Filters,
}

/// What was made of the words of a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Understood {
    /// Places that raise what is about them.
    pub places: Vec<UnderstoodPlace>,
    /// Years that raise what is of them.
    pub years: Vec<Year>,
    /// Other words for the same, from the glossary.
    pub added: Vec<Added>,
}

/// A place that a query names.
#[derive(Clone, Debug, PartialEq)]
pub struct UnderstoodPlace {
    /// As typed.
    pub typed: String,
    /// Its code.
    pub region: RegionId,
}

/// What the glossary added.
#[derive(Clone, Debug, PartialEq)]
pub struct Added {
    /// As typed.
    pub typed: String,
    /// The concept.
    pub concept: String,
    /// The words that are looked for as well.
    pub terms: Vec<String>,
}

/// A node of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Something to look for in a field.
    Leaf(Leaf),
    /// What a passage is, rather than what it says; never marked, never ranks.
    Filter(Box<Filters>),
    /// Several nodes and how they go together.
    Group(Group),
}

/// Nodes as they go together: all of `must`, none of `not`, and the more of `should` the better; without
/// `must`, at least one of `should`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// All of these.
    pub must: Vec<Node>,
    /// Any of these.
    pub should: Vec<Node>,
    /// None of these.
    pub not: Vec<Node>,
    /// So many of `should` at least; 0 is one, or none beside `must`.
    pub least: usize,
    /// The run of ideographs of which `should` are parts.
    pub run: Option<Vec<(u32, Word)>>,
    /// `should` are words of one query: near ones count for more.
    pub near: bool,
}

/// Where to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A passage's text and headings and, for a document's first passage, its title.
    Any,
    /// The document's title.
    Title,
    /// The headings a passage stands under.
    Heading,
}

/// Something to look for in a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// Where.
    pub target: Target,
    /// What.
    pub pattern: Pattern,
    /// The same as it was typed, or the term that was added.
    pub typed: String,
    /// It was typed in quotes.
    pub quoted: bool,
    /// How much it counts against a word that was typed: 1 unless it was added.
    pub weight: f32,
    /// The concept of the glossary by which it was added; none: it was typed.
    pub added: Option<String>,
}

/// What a leaf looks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    /// Words at these distances from the first one. One word is a phrase of one.
    Phrase(Vec<(u32, Word)>),
    /// All parts within a window.
    Near(Near),
    /// Any of these.
    Any(Vec<Pattern>),
}

/// Parts that stand near one another.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    /// What has to be there, each at a place of its own.
    pub parts: Vec<Pattern>,
    /// In the order of `parts`.
    pub ordered: bool,
    /// Words from the first one of them to the last, both counted, at most. An ideograph counts as a word.
    pub window: u32,
}

/// What may stand at one place of a phrase.
#[derive(Clone, Debug, PartialEq)]
pub enum Word {
    /// A term of the analyser: a stem, an ideograph or a pair of them.
    Term(String),
    /// A word as it is written: its folded form.
    Written(String),
    /// Every word of a kind. The index tells which there are: see [`Word::Terms`] and [`Word::Only`].
    Like(Wild),
    /// Any of these terms: what a [`Wild`] stands for in an index. `typed` is what was typed.
    Terms {
        /// What was typed.
        typed: String,
        /// The terms, in order, each once.
        terms: Vec<String>,
    },
    /// A term, but not where one of the others stands too: what a [`Word::Written`] is in an index.
    Only {
        /// The term.
        term: String,
        /// Words that share it as their stem.
        others: Vec<String>,
    },
}

/// A kind of words.
#[derive(Clone, Debug, PartialEq)]
pub struct Wild {
    /// What was typed, for a reader.
    pub typed: String,
    /// Which words.
    pub kind: WildKind,
}

/// See [`Wild`]. All are compared with folded words and stems.
#[derive(Clone, Debug, PartialEq)]
pub enum WildKind {
    /// Words that begin so.
    Prefix(String),
    /// `*` for any letters, `?` for one.
    Wildcard(String),
    /// Words with at most so many letters changed, added, left out or exchanged with the next one.
    Fuzzy(String, u8),
    /// Words that a regular expression matches from the first letter to the last.
    Regex(String),
}

/// What to keep. Values of one filter are alternatives; an empty one keeps everything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filters {
    /// Passages about any of these places or a place inside.
    pub regions: Vec<RegionId>,
    /// Passages about, or mentioning, any of these places or a place inside.
    pub mentioned: Vec<RegionId>,
    /// Not about any of these.
    pub not_regions: Vec<RegionId>,
    /// With any of these topics or themes.
    pub topics: Vec<TopicId>,
    /// Of documents of these years, inclusive ranges.
    pub years: Vec<(u16, u16)>,
    /// Passages that speak of any of these years, inclusive ranges.
    pub about_years: Vec<(u16, u16)>,
    /// Published on this day or later.
    pub since: Option<Date>,
    /// Published on this day or before.
    pub until: Option<Date>,
    /// Of these kinds.
    pub kinds: Vec<Kind>,
    /// In these languages.
    pub languages: Vec<Lang>,
    /// From publishers whose name contains one of these.
    pub sources: Vec<String>,
    /// From files whose path matches one of these globs.
    pub paths: Vec<String>,
    /// From files at or beneath these absolute paths.
    pub within: Vec<String>,
}

impl Leaf {
    /// As typed: nothing added, of full weight.
    pub fn typed(target: Target, pattern: Pattern, typed: impl Into<String>) -> Leaf {
        Leaf { target, pattern, typed: typed.into(), quoted: false, weight: 1.0, added: None }
    }
}

impl Leaf {
    /// Whether it is one unquoted word that punctuation parts: `China-Europe`.
    pub fn is_compound(&self) -> bool {
        matches!(&self.pattern, Pattern::Phrase(words) if words.len() > 1) && self.added.is_none() && !self.quoted
    }
}

impl Word {
    /// How many places it takes: two for a pair of ideographs.
    pub fn width(&self) -> u32 {
        match self {
            Word::Term(term) => width(term),
            _ => 1,
        }
    }
}

impl Word {
    /// The terms by which it is found, or left out; none before the index has said for what it stands.
    pub fn terms(&self) -> impl Iterator<Item = &str> {
        let (first, others): (Option<&String>, &[String]) = match self {
            Word::Term(term) | Word::Written(term) => (Some(term), &[]),
            Word::Terms { terms, .. } => (None, terms),
            Word::Only { term, others } => (Some(term), others),
            Word::Like(_) => (None, &[]),
        };
        first.into_iter().chain(others).map(String::as_str)
    }
}

impl Pattern {
    /// Its words, in order.
    pub fn each_word<'p>(&'p self, take: &mut dyn FnMut(&'p Word)) {
        match self {
            Pattern::Phrase(words) => words.iter().for_each(|(_, word)| take(word)),
            Pattern::Any(list) => list.iter().for_each(|p| p.each_word(take)),
            Pattern::Near(near) => near.parts.iter().for_each(|p| p.each_word(take)),
        }
    }
}

/// How many places a term takes.
pub fn width(term: &str) -> u32 {
    let mut chars = term.chars();
    let pair = chars.next().is_some_and(crate::analysis::is_ideograph) && chars.next().is_some();
    if pair { 2 } else { 1 }
}

impl Node {
    /// The leaves that make a passage match, in the order of the query; excluded ones left out.
    pub fn positive_leaves(&self) -> Vec<&Leaf> {
        match self {
            Node::Leaf(leaf) => vec![leaf],
            Node::Filter(_) => Vec::new(),
            Node::Group(group) => group.must.iter().chain(&group.should).flat_map(Node::positive_leaves).collect(),
        }
    }
}
