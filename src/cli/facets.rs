//! `dryport facets`: all that matches, counted.

use super::{Console, Exit};
use dryport::error::{Error, Result};
use dryport::index::{Location, Reader};
use dryport::present::{self, Format};
use dryport::query::{self, Facet, Params};
use dryport::search;
use dryport::source;
use dryport::vocab::Vocabulary;
use std::path::PathBuf;
use std::time::Instant;

/// Count documents and passages by place, topic, year, kind, publisher and language
///
/// Everything that matches is counted, nothing is estimated. Without a query all passages that the
/// filters keep are. The counts for a facet ignore its own filter, so they say what another choice
/// would find: `--year 2020` leaves the other years in view.
///
/// Regions are countries and the provinces of China; --region opens a place and shows those inside it.
/// A passage about Ürümqi counts for Xinjiang and China too, and a document counts once for each value.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  dryport facets \"dry port\"                             where, on what, when, by whom
  dryport facets 陆港 --by year,source --region 新疆
  dryport facets --by region --region Xinjiang          its prefectures
  dryport facets freight train --by topic --csv > topics.csv
  dryport facets \"dry port\" --by region --limit 100 --json | jq '.facets[0].values[] | {name, documents}'")]
pub struct Args {
    #[command(flatten)]
    params: Params,

    /// Bring this file or folder into the index first, and count only in it (repeatable)
    #[arg(long = "in", value_name = "PATH", help_heading = "Filters")]
    within: Vec<PathBuf>,

    /// What to count by: region, topic, year, kind, source, lang, parted by commas [default: all]
    #[arg(long, value_name = "FACETS", help_heading = "Output")]
    by: Vec<String>,

    /// Values side by side, at most; of years, the latest
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..), help_heading = "Output")]
    limit: u32,

    /// One JSON object
    #[arg(long, conflicts_with = "csv", help_heading = "Output")]
    json: bool,

    /// Comma-separated values for spreadsheets
    #[arg(long, help_heading = "Output")]
    csv: bool,
}

pub fn run(args: Args, location: &Location, console: &mut Console, started: Instant) -> Result<Exit> {
    let by = Facet::named(&args.by)?;
    let mut params = args.params;
    super::with_plain_signs(&mut params);
    if !args.within.is_empty() {
        // What is wrong with the question is said before anything is indexed for it, but for names that files may add.
        let asked = query::resolve(&params, Vocabulary::builtin());
        if let Err(error) = asked
            && !matches!(error, Error::UnknownRegion { .. } | Error::UnknownTopic { .. })
        {
            return Err(error);
        }
        let report = super::index::update(&args.within, &super::index::How::default(), location, console)?;
        if report.stopped {
            return Ok(Exit::Stopped);
        }
        if report.added + report.changed + report.removed > 0 || !report.failures.is_empty() {
            console.summary(&report);
        }
    }
    let reader = Reader::open(location)?;
    let mut query = query::resolve(&params, reader.vocabulary())?;
    query.filters.within = args.within.iter().map(|p| source::key_of(&source::absolute(p))).collect();
    let facets = search::facets(&query, &reader, &by, args.limit as usize)?;
    for line in present::understood_lines(&facets.asked, &reader.vocabulary().gazetteer, false) {
        console.say(&line);
    }
    if facets.fell_back {
        console.say(&format!("no passage has the phrase `{}`: counted its words instead", query.typed));
    }
    let format = match (args.json, args.csv) {
        (true, _) => Format::Json,
        (_, true) => Format::Csv,
        _ => Format::Text,
    };
    let took_ms = started.elapsed().as_secs_f64() * 1e3;
    present::facets(format, &facets, &query.typed, took_ms, &console.look(), console.out())?;
    if format == Format::Text {
        console.say(&format!("{}; {}", said(&facets), present::searched(&facets.searched)));
    }
    Ok(if facets.all.passages == 0 { Exit::Nothing } else { Exit::Found })
}

fn said(facets: &search::Facets) -> String {
    let count = |n: u64, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    match (facets.all.passages, facets.elsewhere) {
        (0, 0) => "nothing found".into(),
        (0, n) => format!("nothing found; without the filters, {} would be", count(n, "passage")),
        (n, _) => format!("{} in {}", count(n, "passage"), count(facets.all.documents, "document")),
    }
}
