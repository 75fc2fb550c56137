//! `dryport search --queries FILE`: many questions of one opening of the index, answered as each would be alone or,
//! with `--trec NAME`, as a run for tools that measure ranking.

use super::{Console, Exit};
use dryport::error::{Error, Problem, Result};
use dryport::index::Reader;
use dryport::present::escape::{is_steering, terminal};
use dryport::present::{self, Context, Format, Look};
use dryport::query::{self, Params, Query};
use dryport::search::{self, Options};
use std::io::Write;
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

/// Queries that a thread answers before they are written out, at most.
const AT_ONCE_MAX: usize = 500;
/// Bytes of answers that wait to be written out, about.
const WAITING_BYTES: usize = 32 << 20;

/// Answers the queries of a file, a line each: an id, a tab, the text; the id may be left out where none is needed.
/// A line that cannot be answered is named, and the others are; then the exit code is that of an error.
pub fn run(file: &Path, answer: &Answer, params: &Params, reader: &Reader, console: &mut Console) -> Result<Exit> {
    let text = std::fs::read_to_string(file)
        .map_err(|e| Error::Unreadable { path: file.to_path_buf(), problem: Problem::Io(e.to_string()) })?;
    let lines: Vec<(usize, &str)> =
        text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(|(at, line)| (at + 1, line)).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let each = Each { answer, params, reader, look: console.look() };
    each.check(file, &lines)?;
    let at_once = (WAITING_BYTES / threads / answer.bytes_max()).clamp(1, AT_ONCE_MAX);
    let (mut any, mut failed) = (false, false);
    for lines in lines.chunks(threads * at_once) {
        let answers: Vec<Vec<Result<Answered>>> = std::thread::scope(|scope| {
            let started: Vec<_> = lines
                .chunks(lines.len().div_ceil(threads))
                .map(|part| {
                    let each = &each;
                    scope.spawn(move || part.iter().map(|(number, line)| each.answer(*number, line)).collect())
                })
                .collect();
            let ended = started.into_iter().map(|thread| thread.join());
            ended.map(|answers| answers.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
        });
        for ((number, _), answered) in lines.iter().zip(answers.into_iter().flatten()) {
            match answered {
                Ok(Answered { out, notes, any: found }) => {
                    notes.iter().for_each(|note| console.say(&format!("line {number}: {note}")));
                    console.out().write_all(&out)?;
                    any |= found;
                }
                Err(
                    error @ (Error::Damaged { .. } | Error::Broken { .. } | Error::Engine { .. } | Error::Output(_)),
                ) => return Err(error),
                Err(error) => {
                    console.error(&format!("line {number}: {error}"), error.hint().as_deref());
                    failed = true;
                }
            }
        }
    }
    console.out().flush()?;
    Ok(match (failed, any) {
        (true, _) => Exit::Error,
        (_, true) => Exit::Found,
        _ => Exit::Nothing,
    })
}

impl Answer<'_> {
    /// Bytes that the answer to a query hardly goes beyond.
    fn bytes_max(&self) -> usize {
        match self {
            Answer::Trec { limit, .. } => limit * 100,
            // A passage has a text of some kilobytes, and JSON has all of it.
            Answer::Hits { options, .. } => options.limit * (options.snippet_chars * 4 + 8_000),
        }
    }
}

/// What all queries have in common.
struct Each<'a> {
    answer: &'a Answer<'a>,
    params: &'a Params,
    reader: &'a Reader,
    look: Look,
}

/// What is written of a query.
struct Answered {
    out: Vec<u8>,
    notes: Vec<String>,
    any: bool,
}

impl Each<'_> {
    /// A line without an id is found out before anything is written.
    fn check(&self, file: &Path, lines: &[(usize, &str)]) -> Result<()> {
        let bare = lines.iter().find(|(_, line)| !line.contains('\t'));
        match (bare, self.answer) {
            (Some((number, _)), Answer::Trec { .. }) => {
                let problem = Problem::Content(format!("line {number} has no tab between id and text"));
                Err(Error::Unreadable { path: file.to_path_buf(), problem })
            }
            _ => Ok(()),
        }
    }

    fn answer(&self, number: usize, line: &str) -> Result<Answered> {
        let (id, asked) = line.split_once('\t').map_or_else(|| (number.to_string(), line), |(i, a)| (i.to_string(), a));
        let mut notes = Vec::new();
        let query = self.understood(asked, &mut notes)?;
        let mut out = Vec::new();
        let any = match self.answer {
            Answer::Trec { name, limit } => self.trec(&id, &query, name, *limit, &mut out)?,
            Answer::Hits { format, options } => {
                if *format == Format::Text {
                    writeln!(out, "== {} {}", terminal(&id), terminal(asked))?;
                }
                self.hits(&id, &query, *format, *options, &mut out, &mut notes)?
            }
        };
        Ok(Answered { out, notes, any })
    }

    /// A question of many words is no phrase; what the query language cannot read is searched as words.
    fn understood(&self, asked: &str, notes: &mut Vec<String>) -> Result<Query> {
        let of = |query: String| Params { query: vec![query], ..self.params.clone() };
        match query::resolve_words(&of(asked.to_string()), self.reader.vocabulary()) {
            Err(Error::BadQuery { reason, .. }) => {
                notes.push(format!("{reason}; searched its words"));
                let plain = asked.replace(|c: char| !c.is_alphanumeric(), " ");
                let query = query::resolve_words(&of(plain), self.reader.vocabulary())?;
                Ok(Query { typed: asked.to_string(), ..query })
            }
            other => other,
        }
    }

    fn trec(&self, id: &str, query: &Query, name: &str, limit: usize, out: &mut Vec<u8>) -> Result<bool> {
        let found = search::documents(query, self.reader, limit)?;
        let any = !found.is_empty();
        let mut last = f32::INFINITY;
        for (at, (document, score)) in found.into_iter().enumerate() {
            // Tools sort by score alone: equal ones must not lose their order.
            last = score.min(last.next_down());
            let document = without_blanks(document.member.as_deref().unwrap_or(&document.id));
            writeln!(out, "{} Q0 {document} {} {last} {}", without_blanks(id), at + 1, without_blanks(name))?;
        }
        Ok(any)
    }

    fn hits(
        &self,
        id: &str,
        query: &Query,
        format: Format,
        options: Options,
        out: &mut Vec<u8>,
        notes: &mut Vec<String>,
    ) -> Result<bool> {
        let started = Instant::now();
        let results = search::search(query, self.reader, options)?;
        let gazetteer = &self.reader.vocabulary().gazetteer;
        notes.extend(present::understood_lines(&results.asked, gazetteer, options.explain));
        let context = Context {
            query,
            id: Some(id),
            took_ms: started.elapsed().as_secs_f64() * 1e3,
            gazetteer,
            explain: options.explain,
            look: self.look.clone(),
        };
        present::results(format, &results, &context, out)?;
        if format == Format::Text {
            writeln!(out)?;
        }
        Ok(results.passages > 0)
    }
}

/// The columns of a run are parted by blanks.
fn without_blanks(text: &str) -> String {
    let text = text.trim();
    text.replace(|c: char| c.is_whitespace() || is_steering(c), "_")
}
