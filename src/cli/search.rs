//! `dryport search`: passages, best first.

use super::queries::Answer;
use super::{Console, Exit};
use dryport::error::{Error, Result};
use dryport::index::{Location, Reader};
use dryport::present::{self, Context, Format};
use dryport::query::{self, Params};
use dryport::search::{self, Options};
use dryport::source;
use dryport::vocab::Vocabulary;
use std::path::PathBuf;
use std::time::Instant;

/// Find passages: ranked, highlighted, by region, topic and year
///
/// Each document shows its best passage first. Words find their inflections, and any may miss;
/// "quoted phrases" must stand as they are. An argument with blanks is taken for the phrase it was
/// before the shell took its quotes off; when no passage has it, its words are searched.
#[derive(clap::Args)]
#[command(after_help = "\
Query:
  dry port            words: any may miss, near ones rank higher; places and years raise what is about them
  \"dry port\"          a phrase            \"dry port\"~5    within five words; dry NEAR/5 port too
  +rail -coal         must be, must not   rail OR road, a AND NOT (b OR c)
  transp* wom?n       any letters, one    urumqi~ /rail(way|road)/   letters amiss, an expression
  =ports =\"dry ports\" as written          title: heading: region: topic: year: kind: lang: source: path:

Examples:
  dryport search \"dry port\" --region Xinjiang --year 2020
  dryport search 陆港 --region 新疆 --year 2018..2022
  dryport search freight train --topic transport --kind report --json
  dryport search '\"dry port\"' --also zh --explain             its Chinese names too; how it was read, what made the score
  dryport search 'subsid* NEAR/8 (rail OR train)' --not-region Shaanxi
  dryport search --queries watched.tsv                        a file of queries: an id, a tab, the text
  dryport search --queries topics.tsv --trec mine > mine.run    the same, for evaluation
  dryport search subsidies --region-mentioned Poland --about-year 2016..2020 --explain
  dryport search --region Gansu --since 2023-06 --limit 50    everything, newest first")]
pub struct Args {
    #[command(flatten)]
    params: Params,

    /// Bring this file or folder into the index first, and search only in it (repeatable)
    #[arg(long = "in", value_name = "PATH", help_heading = "Filters")]
    within: Vec<PathBuf>,

    /// Passages of one document, at most
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..), help_heading = "Output")]
    per_doc: u32,

    /// Hits to return: 10, or 1000 documents of each query for --trec
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000), help_heading = "Output")]
    limit: Option<u32>,

    /// Hits to leave out at the front
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=1_000_000), help_heading = "Output")]
    offset: u32,

    /// Longest snippet, in characters
    #[arg(long, value_name = "CHARS", default_value_t = 320, value_parser = clap::value_parser!(u32).range(20..=100_000), help_heading = "Output")]
    snippet: u32,

    /// Show near-copies of a document as results of their own
    #[arg(long, help_heading = "Output")]
    no_collapse: bool,

    /// List the near-copies that a result stands for
    #[arg(long, help_heading = "Output")]
    copies: bool,

    /// Say for each label of a passage which words and which rule gave it
    #[arg(long, help_heading = "Output")]
    explain: bool,

    /// Answer the queries of a file, a line each: an id, a tab, the text
    #[arg(long, value_name = "FILE", conflicts_with_all = ["query", "within", "offset", "jsonl", "csv"], help_heading = "Output")]
    queries: Option<PathBuf>,

    /// Write the documents found as a TREC run of this name, for tools that measure ranking
    #[arg(long, value_name = "RUN_NAME", requires = "queries", conflicts_with = "json", value_parser = run_name, help_heading = "Output")]
    trec: Option<String>,

    /// One JSON object
    #[arg(long, conflicts_with_all = ["jsonl", "csv"], help_heading = "Output")]
    json: bool,

    /// A JSON object a line, one for each hit
    #[arg(long, conflicts_with = "csv", help_heading = "Output")]
    jsonl: bool,

    /// Comma-separated values for spreadsheets
    #[arg(long, help_heading = "Output")]
    csv: bool,
}

/// Reads the name of a run, which is a column of its lines.
fn run_name(text: &str) -> std::result::Result<String, String> {
    let is_name = !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    if is_name { Ok(text.to_string()) } else { Err("give a name without blanks".to_string()) }
}

pub fn run(args: Args, location: &Location, console: &mut Console, started: Instant) -> Result<Exit> {
    // Beside a query, which excludes a file of them, the parser of options does not ask for the file.
    if let (Some(name), None) = (&args.trec, &args.queries) {
        let hint = "a run is made of the queries of a file: name it with --queries FILE".into();
        return Err(Error::BadValue { option: "--trec", given: name.clone(), hint });
    }
    let mut params = args.params;
    super::with_plain_signs(&mut params);
    // What is wrong with the question is said before anything is indexed for it, but for names that files may add.
    let open = if args.queries.is_some() { Reader::open_for_many } else { Reader::open };
    let known = open(location).ok();
    let asked = query::resolve(&params, known.as_ref().map_or(Vocabulary::builtin(), Reader::vocabulary));
    let may_be_added = matches!(asked, Err(Error::UnknownRegion { .. } | Error::UnknownTopic { .. }));
    if !may_be_added || args.within.is_empty() {
        let query = asked?;
        let asks = args.queries.is_some()
            || query.node.is_some()
            || query.filters != query::Filters::default()
            || !args.within.is_empty();
        if !asks {
            let (given, hint) = (query.typed, "give words to find, or a filter such as --region");
            return Err(Error::BadValue { option: "the query", given, hint: hint.into() });
        }
    }
    if !args.within.is_empty() {
        let report = super::index::update(&args.within, &super::index::How::default(), location, console)?;
        if report.stopped {
            return Ok(Exit::Stopped);
        }
        if report.added + report.changed + report.removed > 0 || !report.failures.is_empty() {
            console.summary(&report);
        }
    }
    let reader =
        if args.within.is_empty() { known.map_or_else(|| open(location), Ok)? } else { Reader::open(location)? };
    // The process ends with the search: the system takes all back at once sooner than piece by piece.
    let reader = std::mem::ManuallyDrop::new(reader);
    let options = Options {
        offset: args.offset as usize,
        limit: args.limit.unwrap_or(10) as usize,
        per_document: args.per_doc as usize,
        snippet_chars: args.snippet as usize,
        explain: args.explain,
        collapse: !args.no_collapse,
        copies: args.copies,
    };
    if let Some(file) = &args.queries {
        let answer = match &args.trec {
            Some(name) => Answer::Trec { name, limit: args.limit.unwrap_or(super::queries::TREC_LIMIT) as usize },
            None => Answer::Hits { format: if args.json { Format::Json } else { Format::Text }, options },
        };
        return super::queries::run(file, &answer, &params, &reader, console);
    }
    let vocabulary = reader.vocabulary();
    let mut query = query::resolve(&params, vocabulary)?;
    query.filters.within = args.within.iter().map(|p| source::key_of(&source::absolute(p))).collect();
    let results = search::search(&query, &reader, options)?;
    let context = Context {
        query: &query,
        id: None,
        took_ms: started.elapsed().as_secs_f64() * 1e3,
        gazetteer: &vocabulary.gazetteer,
        explain: args.explain,
        look: console.look(),
    };
    for line in present::understood_lines(&results.asked, &vocabulary.gazetteer, args.explain) {
        console.say(&line);
    }
    if results.fell_back {
        console.say(&format!("no passage has the phrase `{}`: searched its words instead", query.typed));
    }
    let format = match (args.json, args.jsonl, args.csv) {
        (true, _, _) => Format::Json,
        (_, true, _) => Format::JsonLines,
        (_, _, true) => Format::Csv,
        _ => Format::Text,
    };
    present::results(format, &results, &context, console.out())?;
    if format == Format::Text {
        console.say(&format!("{}; {}", coverage(&results, &options), present::searched(&results.searched)));
    }
    Ok(if results.passages == 0 { Exit::Nothing } else { Exit::Found })
}

fn coverage(results: &search::Results, options: &Options) -> String {
    if results.passages == 0 {
        return match results.elsewhere {
            0 => "nothing found".into(),
            n => format!("nothing found; without the filters, {} would be", count(n, "passage")),
        };
    }
    let all = format!("{} in {}", count(results.passages, "passage"), count(results.documents, "document"));
    let next = options.offset + results.hits.len();
    let beyond = results.passages > results.documents && options.per_document == 1;
    match (results.hits.is_empty(), results.more) {
        (true, _) => format!("{all}; nothing from --offset {} on", options.offset),
        (_, true) => format!("{all}; more with --offset {next}, or --per-doc"),
        (_, false) if beyond => format!("{all}; more of each with --per-doc"),
        _ => all,
    }
}

fn count(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}
