//! `dryport index`: brings the index up to date with files and folders.

use super::console::progress_line;
use super::limits::LimitArgs;
use super::words::VocabularyArgs;
use super::{Console, Exit, today};
use dryport::error::Result;
use dryport::index::Location;
use dryport::ingest::{self, FormatCount, Report, Request};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Bring the index up to date with files and folders
///
/// What has not changed is not read again, what is gone is removed. A named folder is covered from
/// then on: without a path, all that is covered is refreshed (and `corpus` indexed when there is
/// nothing yet). Hidden files, and what a `.dryportignore` names, are left out. Archives, mail boxes,
/// feeds and tables are unpacked. A `dryport.toml` in a folder says what is known of its documents, a
/// `places.toml`, a `topics.toml` and a `glossary.tsv` in a named folder add places, topics and terms of your own.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  dryport index reports/ news/     add two folders, or refresh them
  dryport index                    refresh all that is covered
  dryport index --rebuild          read everything anew
  dryport index reports/ --watch   go on as files come and go, until Ctrl-C
  dryport index clips.csv --map text=story --map date=when
  dryport index scans/ --max-time 300 --max-file-size 500MB")]
pub struct Args {
    /// Files and folders
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Start anew; the old index answers until the new one is whole
    #[arg(long)]
    rebuild: bool,

    /// Go on as files come and go, until Ctrl-C
    #[arg(long, conflicts_with_all = ["rebuild", "strict", "stats", "json"])]
    watch: bool,

    /// Exit with 1 if any file could not be read
    #[arg(long)]
    strict: bool,

    /// Threads that read documents [default: as many as the machine has]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,

    /// Memory to stay under, of all processes together [default: 400MB, or 70MB and 120MB a thread where that is more]
    #[arg(long, value_name = "SIZE", allow_negative_numbers = true, value_parser = memory)]
    memory: Option<u64>,

    /// Commit this often in a long run, in seconds: an interruption loses no more work
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, default_value_t = ingest::COMMIT_EVERY.as_secs_f64(), value_parser = seconds)]
    commit_every: f64,

    /// Column of a table that holds a field, such as text=story; remembered for later runs
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = mapping)]
    map: Vec<(String, String)>,

    /// Count documents, failures, characters and speed of each format
    #[arg(long)]
    stats: bool,

    /// Write the summary as JSON to standard output
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    words: VocabularyArgs,

    /// A glossary of your own, by which queries are widened; see README (repeatable)
    #[arg(long, value_name = "FILE")]
    glossary: Vec<PathBuf>,

    #[command(flatten)]
    limits: LimitArgs,
}

/// Reads an amount of memory.
fn memory(text: &str) -> std::result::Result<u64, String> {
    let least = ingest::MEMORY_MIN;
    let bytes = dryport::source::parse_amount(text).filter(|bytes| *bytes >= least);
    bytes.ok_or_else(|| format!("give an amount such as 400MB, {} or more", dryport::source::amount(least, "bytes")))
}

/// Reads a number of seconds.
fn seconds(text: &str) -> std::result::Result<f64, String> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| (0.0..=86_400.0).contains(seconds));
    seconds.ok_or_else(|| "give seconds, 0 to 86400".to_string())
}

/// Reads `text=story`.
pub fn mapping(text: &str) -> std::result::Result<(String, String), String> {
    let fields = || format!("text, id, {}", dryport::source::FIELDS.join(", "));
    let (field, column) = text.split_once('=').ok_or("write FIELD=COLUMN, such as text=story")?;
    let (field, column) = (field.trim().to_lowercase(), column.trim().to_string());
    if !matches!(field.as_str(), "text" | "id") && !dryport::source::FIELDS.contains(&field.as_str()) {
        return Err(format!("there is no field `{field}`; there are {}", fields()));
    }
    if column.is_empty() {
        return Err("the column has no name".to_string());
    }
    Ok((field, column))
}

pub fn run(args: Args, location: &Location, console: &mut Console) -> Result<Exit> {
    let nothing_yet = args.paths.is_empty() && matches!(location.current(), Err(dryport::error::Error::NoIndex { .. }));
    let paths = if nothing_yet { vec![PathBuf::from("corpus")] } else { args.paths };
    let glossaries = args.glossary.into_iter().map(|file| (dryport::index::AdditionKind::Glossary, file));
    let how = How {
        rebuild: args.rebuild,
        threads: args.threads,
        memory: args.memory,
        commit_every: Some(Duration::from_secs_f64(args.commit_every)),
        map: (!args.map.is_empty()).then_some(args.map),
        limits: args.limits.0,
        additions: [args.words.additions(), glossaries.collect()].concat(),
    };
    if args.watch {
        return watch(&paths, &how, location, console);
    }
    let report = update(&paths, &how, location, console)?;
    if args.json {
        dryport::present::json(&ReportOut::new(&report), console.out())?;
        console.out().flush()?;
    }
    if args.stats {
        console.formats(&report);
    }
    console.summary(&report);
    Ok(match report {
        Report { stopped: true, .. } => Exit::Stopped,
        Report { failures, .. } if args.strict && !failures.is_empty() => Exit::Nothing,
        _ => Exit::Found,
    })
}

/// How to bring paths into the index.
#[derive(Default)]
pub struct How {
    /// Start anew.
    pub rebuild: bool,
    /// Threads that read documents.
    pub threads: Option<u16>,
    /// Memory to stay under.
    pub memory: Option<u64>,
    /// How often a long run commits.
    pub commit_every: Option<Duration>,
    /// Columns of tables.
    pub map: Option<Vec<(String, String)>>,
    /// Limits by option.
    pub limits: Vec<(String, u64)>,
    /// Files that add to the vocabularies.
    pub additions: Vec<(dryport::index::AdditionKind, PathBuf)>,
}

/// Brings paths into the index with a progress bar; Ctrl-C stops it with what is read committed.
pub fn update(paths: &[PathBuf], how: &How, location: &Location, console: &Console) -> Result<Report> {
    let bar = console.progress();
    let progress = |p: &dryport::ingest::Progress| bar.set_message(progress_line(p));
    let report = requested(paths, how, &progress, &mut |request| ingest::run(location, request));
    bar.finish_and_clear();
    report
}

/// Keeps the index up to date until Ctrl-C or a polite signal.
fn watch(paths: &[PathBuf], how: &How, location: &Location, console: &mut Console) -> Result<Exit> {
    let mut first = true;
    // What could not be read is said once, not after each run.
    let mut failures = Vec::new();
    let mut told = |report: &Result<Report>| match report {
        Ok(report) => {
            let is_other = std::mem::replace(&mut failures, report.failures.clone()) != report.failures;
            if std::mem::take(&mut first) || is_other || report.added + report.changed + report.removed > 0 {
                console.summary(report)
            }
        }
        Err(error) => console.error(&error.to_string(), error.hint().as_deref()),
    };
    requested(paths, how, &|_| {}, &mut |request| ingest::watch(location, request, &mut told))?;
    Ok(Exit::Found)
}

/// Asks for something with what was given on the command line; Ctrl-C stops it.
fn requested<T>(
    paths: &[PathBuf],
    how: &How,
    progress: &(dyn Fn(&ingest::Progress) + Sync),
    ask: &mut dyn FnMut(&Request) -> Result<T>,
) -> Result<T> {
    static STOP: AtomicBool = AtomicBool::new(false);
    // A second one ends the program at once. Where no handler can be set, the first does, and the
    // index is what the last commit says.
    let _ = ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(Exit::Stopped as i32);
        }
    });
    let threads =
        how.threads.map(usize::from).or_else(|| std::thread::available_parallelism().ok().map(Into::into)).unwrap_or(1);
    let program = std::env::current_exe().ok();
    ask(&Request {
        paths,
        rebuild: how.rebuild,
        threads,
        memory: how.memory.unwrap_or_else(|| ingest::memory_for(threads)),
        commit_every: how.commit_every.unwrap_or(ingest::COMMIT_EVERY),
        today: today(),
        progress,
        stop: &STOP,
        limits: &how.limits,
        map: how.map.as_deref(),
        additions: &how.additions,
        program: program.as_deref(),
    })
}

#[derive(Serialize)]
struct ReportOut<'a> {
    new: u64,
    changed: u64,
    unchanged: u64,
    removed: u64,
    failed: usize,
    passages: u64,
    bytes: u64,
    seconds: f64,
    stopped: bool,
    failures: Vec<FailureOut<'a>>,
    skipped: &'a BTreeMap<String, u64>,
    formats: BTreeMap<&'a str, FormatOut>,
}

#[derive(Serialize)]
struct FormatOut {
    documents: u64,
    failures: u64,
    bytes: u64,
    characters: u64,
    seconds: f64,
}

#[derive(Serialize)]
struct FailureOut<'a> {
    path: &'a str,
    reason: String,
}

impl<'a> ReportOut<'a> {
    fn new(report: &'a Report) -> ReportOut<'a> {
        ReportOut {
            new: report.added,
            changed: report.changed,
            unchanged: report.unchanged,
            removed: report.removed,
            failed: report.failures.len(),
            passages: report.passages,
            bytes: report.bytes,
            seconds: report.took.as_secs_f64(),
            stopped: report.stopped,
            failures: report
                .failures
                .iter()
                .map(|(path, problem)| FailureOut { path, reason: problem.to_string() })
                .collect(),
            skipped: &report.skipped,
            formats: report
                .formats
                .iter()
                .map(|(name, count)| {
                    let FormatCount { documents, failures, bytes, characters, micros } = *count;
                    (name.as_str(), FormatOut { documents, failures, bytes, characters, seconds: micros as f64 / 1e6 })
                })
                .collect(),
        }
    }
}
