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

/// Queries that a thread answers before they are written out.
const AT_ONCE: usize = 500;

/// Answers the queries of a file, a line each: an id, a tab, the text; the id may be left out where none is needed.
pub fn run(file: &Path, answer: &Answer, params: &Params, reader: &Reader, console: &mut Console) -> Result<Exit> {
    let text = std::fs::read_to_string(file)
        .map_err(|e| Error::Unreadable { path: file.to_path_buf(), problem: Problem::Io(e.to_string()) })?;
    let lines: Vec<(usize, &str)> =
        text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(|(at, line)| (at + 1, line)).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let each = Each { file, answer, params, reader, look: console.look() };
    let mut any = false;
    for lines in lines.chunks(threads * AT_ONCE) {
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
        for answered in answers.into_iter().flatten() {
            let Answered { out, note, any: found } = answered?;
            note.iter().for_each(|note| console.say(note));
            console.out().write_all(&out)?;
            any |= found;
        }
    }
    console.out().flush()?;
    Ok(if any { Exit::Found } else { Exit::Nothing })
}

/// What all queries have in common.
struct Each<'a> {
    file: &'a Path,
    answer: &'a Answer<'a>,
    params: &'a Params,
    reader: &'a Reader,
    look: Look,
}

/// What is written of a query.
struct Answered {
    out: Vec<u8>,
    note: Option<String>,
    any: bool,
}

impl Each<'_> {
    fn answer(&self, number: usize, line: &str) -> Result<Answered> {
        let (id, asked) = match (line.split_once('\t'), self.answer) {
            (Some((id, asked)), _) => (id.to_string(), asked),
            (None, Answer::Hits { .. }) => (number.to_string(), line),
            (None, Answer::Trec { .. }) => {
                let problem = Problem::Content(format!("line {number} has no tab between id and text"));
                return Err(Error::Unreadable { path: self.file.to_path_buf(), problem });
            }
        };
        let (query, note) = self.understood(asked, number)?;
        let mut out = Vec::new();
        let any = match self.answer {
            Answer::Trec { name, limit } => self.trec(&id, &query, name, *limit, &mut out)?,
            Answer::Hits { format, options } => self.hits(&id, &query, *format, *options, &mut out)?,
        };
        Ok(Answered { out, note, any })
    }

    /// A question of many words is no phrase; what the query language cannot read is searched as words.
    fn understood(&self, asked: &str, number: usize) -> Result<(Query, Option<String>)> {
        let of = |query: String| Params { query: vec![query], ..self.params.clone() };
        match query::resolve_words(&of(asked.to_string()), self.reader.vocabulary()) {
            Err(Error::BadQuery { reason, .. }) => {
                let plain = asked.replace(|c: char| !c.is_alphanumeric(), " ");
                let query = query::resolve_words(&of(plain), self.reader.vocabulary())?;
                Ok((query, Some(format!("line {number}: {reason}; searched its words"))))
            }
            other => Ok((other?, None)),
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

    fn hits(&self, id: &str, query: &Query, format: Format, options: Options, out: &mut Vec<u8>) -> Result<bool> {
        let started = Instant::now();
        let results = search::search(query, self.reader, options)?;
        let context = Context {
            query,
            id: Some(id),
            took_ms: started.elapsed().as_secs_f64() * 1e3,
            gazetteer: &self.reader.vocabulary().gazetteer,
            explain: options.explain,
            look: self.look.clone(),
        };
        if format == Format::Text {
            writeln!(out, "== {} {}", terminal(id), terminal(&query.typed))?;
        }
        present::results(format, &results, &context, out)?;
        Ok(results.passages > 0)
    }
}

/// The columns of a run are parted by blanks.
fn without_blanks(text: &str) -> String {
    let text = text.trim();
    text.replace(|c: char| c.is_whitespace() || is_steering(c), "_")
}
