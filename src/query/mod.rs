//! Params → [`Query`]: what was typed becomes what was meant.
//!
//! In: [`Params`]. Out: [`Query`], well-formed, every filter resolved to ids; or an [`crate::error::Error`]
//! with the place in the query or the near names. Never: files, an index, a clock.

mod facet;
mod params;
mod parse;
mod resolve;

pub use facet::Facet;
pub use params::Params;
pub use parse::{as_phrase, parse};
pub use resolve::resolve;

use crate::model::{Date, Kind, Lang, RegionId, TopicId};

/// What to find and what to keep.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// What was typed, for a reader.
    pub typed: String,
    /// What to find; none finds everything that the filters keep.
    pub node: Option<Node>,
    /// What to try when nothing is found: the words of what was taken for a phrase.
    pub fallback: Option<Node>,
    /// What to keep.
    pub filters: Filters,
    /// What a reader should know of how names were understood.
    pub notes: Vec<String>,
}

/// A node of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Something to look for in a field.
    Leaf(Leaf),
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
}

/// What a leaf looks for, in terms of the analyser.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    /// One term.
    Term(String),
    /// Terms at these distances from one another.
    Phrase(Vec<(usize, String)>),
    /// Words that begin so.
    Prefix(String),
    /// A long run of ideographs: its pairs, of which most must be there, the whole run for more.
    Run(Vec<(usize, String)>),
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

impl Node {
    /// The leaves that make a passage match, in the order of the query; excluded ones left out.
    pub fn positive_leaves(&self) -> Vec<&Leaf> {
        match self {
            Node::Leaf(leaf) => vec![leaf],
            Node::Group(group) => group.must.iter().chain(&group.should).flat_map(Node::positive_leaves).collect(),
        }
    }
}
