//! The command line: commands, dispatch, exit codes.
//!
//! A command parses, calls the library, presents, and says how it ended. More than that belongs in a room.

mod annotate;
mod check;
mod console;
mod facets;
mod forget;
mod formats;
mod index;
mod inspect;
mod limits;
mod names;
mod queries;
mod search;
mod shell;
mod show;
mod status;
mod words;

use clap::{Parser, Subcommand, ValueEnum};
use console::Console;
use dryport::error::{Error, Result};
use dryport::index::Location;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Full-text search for government work reports and news articles.
///
/// Brings folders of documents into an index and answers with ranked, highlighted passages, by region, topic and year.
#[derive(Parser)]
#[command(name = "dryport", version, max_term_width = 100, after_help = EXAMPLES, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    everywhere: Everywhere,
}

/// The command that is waited for, by itself: to describe all others takes longer than a short search.
#[derive(Parser)]
#[command(name = "dryport")]
struct Search {
    #[command(subcommand)]
    command: SearchCommand,

    #[command(flatten)]
    everywhere: Everywhere,
}

#[derive(Subcommand)]
enum SearchCommand {
    Search(Box<search::Args>),
}

#[derive(clap::Args)]
struct Everywhere {
    /// The index's folder
    #[arg(
        long,
        global = true,
        env = "DRYPORT_INDEX",
        default_value = "index",
        value_name = "DIR",
        help_heading = "Everywhere"
    )]
    index: PathBuf,

    /// When to use colours and links
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN", help_heading = "Everywhere")]
    color: Color,
}

const EXAMPLES: &str = "\
Examples:
  dryport index reports/                                bring a folder into the index
  dryport search \"dry port\" --region Xinjiang --year 2020
  dryport search \"dry port\" --in reports/               index, then search: one command
  dryport search +railway -coal 'port*' --topic transport --json
  dryport facets \"dry port\" --by region,year            counts of all that matches
  dryport show reports/2020.html#3 --query \"dry port\"   a document from passage 3 on

Exit codes: 0 found, 1 nothing found, 2 error.";

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Subcommand)]
enum Command {
    Index(index::Args),
    Search(Box<search::Args>),
    Facets(Box<facets::Args>),
    Show(show::Args),
    Inspect(inspect::Args),
    Annotate(annotate::Args),
    Formats(formats::Args),
    Status(status::Args),
    Check(check::Args),
    Forget(forget::Args),
    Regions(names::RegionArgs),
    Topics(names::TopicArgs),
    Glossary(names::GlossaryArgs),
    Completions(shell::CompletionArgs),
    Man(shell::ManArgs),
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It did what was asked, and found something where something was sought.
    Found = 0,
    /// Nothing found; or, where that was asked to matter, some files could not be read.
    Nothing = 1,
    /// It could not be done.
    Error = 2,
    /// Stopped by the user.
    Stopped = 130,
}

/// Runs the program.
pub fn main() -> ExitCode {
    let started = Instant::now();
    console::calm_panics();
    if std::env::args_os().nth(1).is_some_and(|a| a == dryport::ingest::WORKER_ARGUMENT) {
        return code(if dryport::ingest::serve().is_ok() { Exit::Found } else { Exit::Error });
    }
    // A fault has been said by then; how it ends is an error like others.
    std::panic::catch_unwind(|| run(started)).unwrap_or_else(|_| code(Exit::Error))
}

fn run(started: Instant) -> ExitCode {
    let cli = match parsed(with_exclusions(std::env::args_os())) {
        Ok(cli) => cli,
        Err(error) => return code(console::usage(&error)),
    };
    let mut console = Console::new(match cli.everywhere.color {
        Color::Auto => None,
        Color::Always => Some(true),
        Color::Never => Some(false),
    });
    let location = Location::new(cli.everywhere.index);
    let result = match cli.command {
        Command::Index(args) => index::run(args, &location, &mut console),
        Command::Search(args) => search::run(*args, &location, &mut console, started),
        Command::Facets(args) => facets::run(*args, &location, &mut console, started),
        Command::Show(args) => show::run(args, &location, &mut console),
        Command::Inspect(args) => inspect::run(args, &mut console),
        Command::Annotate(args) => annotate::run(args, &mut console),
        Command::Status(args) => status::run(args, &location, &mut console),
        Command::Check(args) => check::run(args, &location, &mut console),
        Command::Forget(args) => forget::run(args, &location, &mut console),
        Command::Formats(args) => formats::run(args, &mut console),
        Command::Regions(args) => names::regions(args, &location, &mut console),
        Command::Topics(args) => names::topics(args, &location, &mut console),
        Command::Glossary(args) => names::glossary(args, &location, &mut console),
        Command::Completions(args) => shell::completions(args, &mut console),
        Command::Man(args) => shell::man(args, &mut console),
    };
    code(finish(result, &mut console))
}

/// What was asked for. Whatever is no plain search, or is wrong with one, is for the description of all commands to say.
fn parsed(arguments: Vec<OsString>) -> std::result::Result<Cli, clap::Error> {
    if arguments.iter().any(|argument| argument == "search")
        && let Ok(Search { command: SearchCommand::Search(args), everywhere }) = Search::try_parse_from(&arguments)
    {
        return Ok(Cli { command: Command::Search(args), everywhere });
    }
    Cli::try_parse_from(arguments)
}

/// `dryport search port -coal`: a word that is excluded is no cluster of options. Its sign is
/// exchanged for one that the parser of arguments lets pass, and back by [`with_plain_sign`].
fn with_exclusions(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut searching = false;
    let exchange = |argument: OsString| {
        let Some(text) = argument.to_str() else { return argument };
        searching |= matches!(text, "search" | "facets");
        let rest = text.strip_prefix('-').filter(|rest| searching && !rest.is_empty() && !rest.starts_with('-'));
        // `-h` and `-V` are all the short options there are.
        let excludes = rest.is_some_and(|rest| !matches!(rest, "h" | "V"));
        if excludes { OsString::from(format!("{SIGN}{}", &text[1..])) } else { argument }
    };
    arguments.map(exchange).collect()
}

/// A minus that is no hyphen.
const SIGN: char = '\u{2212}';

/// Undoes [`with_exclusions`], in what is asked and in what options say.
fn with_plain_signs(params: &mut dryport::query::Params) {
    let filters = [&mut params.region, &mut params.topic, &mut params.source, &mut params.path, &mut params.not_region];
    let typed = params.query.iter_mut().chain(filters.into_iter().flatten());
    typed.chain(&mut params.region_mentioned).for_each(|text| *text = with_plain_sign(text));
}

/// Undoes [`with_exclusions`] for one argument.
fn with_plain_sign(argument: &str) -> String {
    argument.strip_prefix(SIGN).map_or_else(|| argument.to_string(), |word| format!("-{word}"))
}

fn finish(result: Result<Exit>, console: &mut Console) -> Exit {
    match result {
        Ok(exit) => exit,
        // Who reads may stop reading: `| head`.
        Err(Error::Output(e)) if e.kind() == std::io::ErrorKind::BrokenPipe => Exit::Found,
        Err(error) => {
            console.error(&error.to_string(), error.hint().as_deref());
            Exit::Error
        }
    }
}

fn code(exit: Exit) -> ExitCode {
    ExitCode::from(exit as u8)
}

/// Today, for what must not believe dates to come.
fn today() -> dryport::model::Date {
    dryport::model::Date::today()
}
