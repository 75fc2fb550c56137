//! `dryport inspect`: one file as it would be cleaned and annotated, without an index.

use super::{Console, Exit, today};
use dryport::error::{Error, Result};
use dryport::{ingest, present};
use std::path::PathBuf;

/// Show how one file would be cleaned and annotated, without indexing it
///
/// Says for each value where it was found: front matter, meta, title, text, file name or folder.
#[derive(clap::Args)]
pub struct Args {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Everything, as JSON
    #[arg(long, conflicts_with = "text")]
    json: bool,

    /// The main text alone, without the title
    #[arg(long)]
    text: bool,
}

pub fn run(args: Args, console: &mut Console) -> Result<Exit> {
    if !args.file.exists() {
        return Err(Error::NoSuchPath { path: args.file });
    }
    if args.file.is_dir() {
        let hint = "give one file; `dryport index` takes folders".to_string();
        return Err(Error::BadValue { option: "the file", given: args.file.display().to_string(), hint });
    }
    let inspected =
        ingest::inspect(&args.file, today()).map_err(|problem| Error::Unreadable { path: args.file, problem })?;
    let look = console.look();
    let out = console.out();
    if args.json {
        present::inspected_json(&inspected, out)?;
    } else if args.text {
        writeln!(out, "{}", present::escape::terminal(&inspected.text))?;
    } else {
        let encoding = inspected.encoding.as_deref().map(|e| format!(", {e}")).unwrap_or_default();
        let replaced =
            if inspected.replaced > 0 { format!(", {} bytes undecodable", inspected.replaced) } else { String::new() };
        writeln!(out, "format    {}{encoding}{replaced}", inspected.document.format)?;
        present::document(&inspected.document, &inspected.passages, None, &look, out)?;
    }
    out.flush()?;
    Ok(Exit::Found)
}
