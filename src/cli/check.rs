//! `dryport check`: whether the index is whole.

use super::{Console, Exit};
use dryport::error::{Error, Result};
use dryport::index::{Checked, Location, Reader};
use dryport::present::escape::terminal;
use dryport::{present, search};
use serde::Serialize;

/// Passages that are searched for by their own words.
const SAMPLE: u64 = 1000;

/// Check that the index is whole: every file, every record, and a sample of passages by searching for them
///
/// Exits with 1 if anything is wrong; `dryport index --rebuild` then makes it anew from your files.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  dryport check
  dryport check --sample 100000      search for more passages than the usual thousand
  dryport --index old/index check --json")]
pub struct Args {
    /// Passages to search for by their own words, about so many
    #[arg(long, value_name = "N", default_value_t = SAMPLE)]
    sample: u64,

    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct CheckOut<'a> {
    files: u64,
    entries: u64,
    documents: u64,
    passages: u64,
    searched: u64,
    faults: &'a [String],
    count: u64,
}

pub fn run(args: Args, location: &Location, console: &mut Console) -> Result<Exit> {
    let checked = match Reader::open(location).and_then(|reader| search::check(&reader, args.sample)) {
        Ok(checked) => checked,
        Err(error @ (Error::Damaged { .. } | Error::Broken { .. })) => Checked::unreadable(location, &error),
        Err(error) => return Err(error),
    };
    let out = console.out();
    if args.json {
        let (faults, count) = (checked.faults.as_slice(), checked.count);
        let (files, entries, documents) = (checked.files, checked.entries, checked.documents);
        let (passages, searched) = (checked.passages, checked.searched);
        present::json(&CheckOut { files, entries, documents, passages, searched, faults, count }, out)?;
    } else {
        writeln!(out, "files      {} of the index", checked.files)?;
        writeln!(out, "entries    {} of your files", checked.entries)?;
        writeln!(out, "documents  {}", checked.documents)?;
        writeln!(out, "passages   {}, {} of them searched for", checked.passages, checked.searched)?;
        writeln!(out, "faults     {}", checked.count)?;
        for fault in &checked.faults {
            writeln!(out, "  {}", terminal(fault))?;
        }
    }
    out.flush()?;
    if checked.count > 0 {
        console.say("the index is not whole: `dryport index --rebuild` makes it anew from your files");
        return Ok(Exit::Nothing);
    }
    Ok(Exit::Found)
}
