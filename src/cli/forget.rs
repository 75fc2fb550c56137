//! `dryport forget`: takes files and folders out of the index.

use super::{Console, Exit};
use dryport::error::Result;
use dryport::index::Location;
use dryport::ingest;
use std::path::PathBuf;

/// Take files and folders out of the index; the files themselves stay
#[derive(clap::Args)]
pub struct Args {
    /// Files and folders, there or not
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// Write what was removed as JSON to standard output
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args, location: &Location, console: &mut Console) -> Result<Exit> {
    let removed = ingest::forget(location, &args.paths)?;
    if args.json {
        writeln!(console.out(), "{{\"removed\":{removed}}}")?;
        console.out().flush()?;
    }
    console.say(&format!("{removed} files removed from the index"));
    Ok(Exit::Found)
}
