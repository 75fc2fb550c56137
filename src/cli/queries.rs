//! `dryport search --queries FILE`: many questions of one opening of the index, answered as each would be alone or,
//! with `--trec NAME`, as a run for tools that measure ranking.

use super::{Console, Exit};
use dryport::error::{Error, Problem, Result};
use dryport::index::Reader;
use dryport::present::escape::{is_steering, terminal};
use dryport::present::{self, Context, Format};
use dryport::query::{self, Params, Query};
use dryport::search::{self, Options};
use std::path::Path;
use std::time::Instant;

/// Documents of a query in a run, if no limit is given: what is usual in such measurements.
pub const TREC_LIMIT: u32 = 1000;

/// How each is answered.
pub enum Answer<'a> {
    /// For each document found a line in the format of TREC runs: query, `Q0`, document, rank, score, name of the run.
    Trec {
        /// Name of the run.
        name: &'a str,
        /// Documents of a query, at most.
        limit: usize,
    },
    /// As a search alone, after a line that says which it is.
    Hits {
        /// How it is written.
        format: Format,
        /// What of the results.
        options: Options,
    },
}

/// Answers the queries of a file, a line each: an id, a tab, the text; the id may be left out where none is needed.
pub fn run(file: &Path, answer: &Answer, params: &Params, reader: &Reader, console: &mut Console) -> Result<Exit> {
    let text = std::fs::read_to_string(file)
        .map_err(|e| Error::Unreadable { path: file.to_path_buf(), problem: Problem::Io(e.to_string()) })?;
    let mut any = false;
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let number = number + 1;
        let (id, asked) = match (line.split_once('\t'), answer) {
            (Some((id, asked)), _) => (id.to_string(), asked),
            (None, Answer::Hits { .. }) => (number.to_string(), line),
            (None, Answer::Trec { .. }) => {
                let problem = Problem::Content(format!("line {number} has no tab between id and text"));
                return Err(Error::Unreadable { path: file.to_path_buf(), problem });
            }
        };
        let query = understood(asked, number, params, reader, console)?;
        any |= match answer {
            Answer::Trec { name, limit } => run_of(&id, &query, name, *limit, reader, console)?,
            Answer::Hits { format, options } => hits_of(&id, &query, *format, *options, reader, console)?,
        };
    }
    console.out().flush()?;
    Ok(if any { Exit::Found } else { Exit::Nothing })
}

/// A question of many words is no phrase; what the query language cannot read is searched as words.
fn understood(asked: &str, number: usize, params: &Params, reader: &Reader, console: &Console) -> Result<Query> {
    let of = |query: String| Params { query: vec![query], ..params.clone() };
    match query::resolve_words(&of(asked.to_string()), reader.vocabulary()) {
        Err(Error::BadQuery { reason, .. }) => {
            console.say(&format!("line {number}: {reason}; searched its words"));
            let plain = asked.replace(|c: char| !c.is_alphanumeric(), " ");
            query::resolve_words(&of(plain), reader.vocabulary())
        }
        other => other,
    }
}

fn run_of(id: &str, query: &Query, name: &str, limit: usize, reader: &Reader, console: &mut Console) -> Result<bool> {
    let found = search::documents(query, reader, limit)?;
    let any = !found.is_empty();
    let mut last = f32::INFINITY;
    for (at, (document, score)) in found.into_iter().enumerate() {
        // Tools sort by score alone: equal ones must not lose their order.
        last = score.min(last.next_down());
        let document = without_blanks(document.member.as_deref().unwrap_or(&document.id));
        writeln!(console.out(), "{} Q0 {document} {} {last} {}", without_blanks(id), at + 1, without_blanks(name))?;
    }
    Ok(any)
}

fn hits_of(
    id: &str,
    query: &Query,
    format: Format,
    options: Options,
    reader: &Reader,
    console: &mut Console,
) -> Result<bool> {
    let started = Instant::now();
    let results = search::search(query, reader, options)?;
    let context = Context {
        query,
        id: Some(id),
        took_ms: started.elapsed().as_secs_f64() * 1e3,
        gazetteer: &reader.vocabulary().gazetteer,
        explain: options.explain,
        look: console.look(),
    };
    if format == Format::Text {
        writeln!(console.out(), "== {} {}", terminal(id), terminal(&query.typed))?;
    }
    present::results(format, &results, &context, console.out())?;
    Ok(results.passages > 0)
}

/// The columns of a run are parted by blanks.
fn without_blanks(text: &str) -> String {
    let text = text.trim();
    text.replace(|c: char| c.is_whitespace() || is_steering(c), "_")
}
