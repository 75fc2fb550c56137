//! `dryport formats`: what is read.

use super::{Console, Exit};
use dryport::error::Result;
use dryport::{extract, present, source};
use serde::Serialize;

/// List the formats that are read
///
/// The content of a file decides, then its name. Containers are unpacked: each of their members is a
/// document of its own.
#[derive(clap::Args)]
pub struct Args {
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row {
    name: &'static str,
    extensions: &'static [&'static str],
    container: bool,
}

pub fn run(args: Args, console: &mut Console) -> Result<Exit> {
    let formats = extract::FORMATS.iter().map(|f| Row { name: f.name, extensions: f.extensions, container: false });
    let containers = source::unpack::CONTAINERS.iter();
    let containers = containers.map(|c| Row { name: c.name, extensions: c.extensions, container: true });
    let rows: Vec<Row> = formats.chain(containers).collect();
    let out = console.out();
    if args.json {
        present::json(&rows, out)?;
    } else {
        for (title, container) in [("Documents", false), ("Containers of documents", true)] {
            writeln!(out, "{title}")?;
            for row in rows.iter().filter(|r| r.container == container) {
                let names: Vec<String> = row.extensions.iter().map(|e| format!(".{e}")).collect();
                writeln!(out, "  {:<10} {}", row.name, names.join(" "))?;
            }
        }
    }
    out.flush()?;
    Ok(Exit::Found)
}
