//! `dryport search --queries FILE --trec NAME`: many queries, their documents as a run for tools that
//! measure ranking.

use super::{Console, Exit};
use dryport::error::{Error, Problem, Result};
use dryport::index::Reader;
use dryport::present::escape::is_steering;
use dryport::query::{self, Params};
use dryport::search;
use std::path::Path;

/// Documents of a query, if no limit is given: what is usual in such measurements.
pub const LIMIT: u32 = 1000;

/// Runs the queries of a file, a line each: an id, a tab, the text. Writes for each document found a
/// line in the format of TREC runs: query, `Q0`, document, rank, score, name of the run.
pub fn run(
    file: &Path,
    name: &str,
    params: &Params,
    limit: usize,
    reader: &Reader,
    console: &mut Console,
) -> Result<Exit> {
    let text = std::fs::read_to_string(file)
        .map_err(|e| Error::Unreadable { path: file.to_path_buf(), problem: Problem::Io(e.to_string()) })?;
    let mut any = false;
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let Some((id, asked)) = line.split_once('\t') else {
            let problem = Problem::Content(format!("line {} has no tab between id and text", number + 1));
            return Err(Error::Unreadable { path: file.to_path_buf(), problem });
        };
        let of = |query: String| Params { query: vec![query], ..params.clone() };
        // A question of many words is no phrase; what the query language cannot read is searched as words.
        let query = match query::resolve_words(&of(asked.to_string()), reader.vocabulary()) {
            Err(Error::BadQuery { reason, .. }) => {
                console.say(&format!("line {}: {reason}; searched its words", number + 1));
                let plain = asked.replace(|c: char| !c.is_alphanumeric(), " ");
                query::resolve_words(&of(plain), reader.vocabulary())?
            }
            other => other?,
        };
        let mut last = f32::INFINITY;
        for (at, (document, score)) in search::documents(&query, reader, limit)?.into_iter().enumerate() {
            any = true;
            // Tools sort by score alone: equal ones must not lose their order.
            last = score.min(last.next_down());
            let document = without_blanks(document.member.as_deref().unwrap_or(&document.id));
            writeln!(console.out(), "{} Q0 {document} {} {last} {}", without_blanks(id), at + 1, without_blanks(name))?;
        }
    }
    console.out().flush()?;
    Ok(if any { Exit::Found } else { Exit::Nothing })
}

/// The columns of a run are parted by blanks.
fn without_blanks(text: &str) -> String {
    let text = text.trim();
    text.replace(|c: char| c.is_whitespace() || is_steering(c), "_")
}
