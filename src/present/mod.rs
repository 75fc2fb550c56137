//! Results → bytes. Marks and escapes are made here, and only here.
//!
//! In: what the lines end in. Out: text, JSON or CSV on a writer.
//! Never: decides what is shown, only how. A new format is a file beside this one and an arm in `Format::with`.

mod csv;
pub mod escape;
mod facets;
mod json;
mod page;
mod searched;
mod text;
mod understood;

pub use facets::facets;
pub use json::{
    inspected as inspected_json, inspected_all as inspected_all_json, line as json_line, pretty as json,
    status as status_json,
};
pub use page::{FIRST_LINE as PAGE_FIRST_LINE, page as inspected_page};
use searched::SearchedOut;
pub use searched::searched;
pub use text::{Look, Shown};
pub use understood::understood_lines;

use crate::query::Query;
use crate::search::{Hit, Results};
use crate::vocab::Gazetteer;
use std::io::{self, Write};

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a person, on a terminal or not.
    Text,
    /// One JSON object.
    Json,
    /// A JSON object a line, one for each hit.
    JsonLines,
    /// For spreadsheets.
    Csv,
}

/// What a format is told beside the results.
pub struct Context<'a> {
    /// As it was understood.
    pub query: &'a Query,
    /// Which of several queries it is.
    pub id: Option<&'a str>,
    /// Milliseconds from the start of the program, of several searches from that of this one, to its end.
    pub took_ms: f64,
    /// The names of places.
    pub gazetteer: &'a Gazetteer,
    /// Whether to say what gave each label.
    pub explain: bool,
    /// Colour, links, width.
    pub look: Look,
}

/// A format of results.
pub trait Present {
    /// Before the first hit.
    fn begin(&mut self, results: &Results, context: &Context, out: &mut dyn Write) -> io::Result<()>;
    /// One hit.
    fn hit(&mut self, hit: &Hit, context: &Context, out: &mut dyn Write) -> io::Result<()>;
    /// After the last one.
    fn end(&mut self, results: &Results, context: &Context, out: &mut dyn Write) -> io::Result<()>;
}

impl Format {
    fn with(self) -> Box<dyn Present> {
        match self {
            Format::Text => Box::new(text::Text),
            Format::Json => Box::new(json::Json::default()),
            Format::JsonLines => Box::new(json::Lines),
            Format::Csv => Box::new(csv::Csv),
        }
    }
}

/// Writes results in a format.
pub fn results(format: Format, results: &Results, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    let mut presenter = format.with();
    presenter.begin(results, context, out)?;
    for hit in &results.hits {
        presenter.hit(hit, context, out)?;
    }
    presenter.end(results, context, out)?;
    out.flush()
}

pub use text::document;
