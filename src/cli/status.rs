//! `dryport status`: what the index holds.

use super::{Console, Exit};
use dryport::error::Result;
use dryport::index::{Location, Reader};
use dryport::present;
use dryport::present::escape::terminal;

/// Say what the index holds: documents, passages, failures
#[derive(clap::Args)]
pub struct Args {
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args, location: &Location, console: &mut Console) -> Result<Exit> {
    let status = Reader::open(location)?.status()?;
    let index = dryport::source::key_of(&dryport::source::absolute(location.folder()));
    let out = console.out();
    if args.json {
        present::status_json(&status, &index, out)?;
        out.flush()?;
        return Ok(Exit::Found);
    }
    let list = |counts: &[(String, u64)]| {
        counts.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
    };
    let years: Vec<(String, u64)> =
        status.years.iter().map(|(y, c)| (if *y == 0 { "unknown".into() } else { y.to_string() }, *c)).collect();
    writeln!(out, "index      {}", terminal(&index))?;
    writeln!(out, "documents  {}", status.documents)?;
    writeln!(out, "passages   {}", status.passages)?;
    writeln!(out, "on disk    {:.1} MB", status.bytes as f64 / 1e6)?;
    for root in &status.roots {
        writeln!(out, "covers     {}", terminal(root))?;
    }
    for path in &status.forgotten {
        writeln!(out, "forgotten  {}", terminal(path))?;
    }
    writeln!(out, "kinds      {}", list(&status.kinds))?;
    writeln!(out, "languages  {}", list(&status.languages))?;
    writeln!(out, "years      {}", list(&years))?;
    if !status.skipped.is_empty() {
        writeln!(out, "skipped    {}", terminal(&list(&status.skipped)))?;
    }
    writeln!(out, "failures   {}", status.failures.len())?;
    for (path, reason) in &status.failures {
        writeln!(out, "  {}: {}", terminal(path), terminal(reason))?;
    }
    out.flush()?;
    Ok(Exit::Found)
}
