//! `dryport inspect`: one file as it would be cleaned and annotated, without an index.

use super::{Console, Exit, today};
use dryport::error::{Error, Result};
use dryport::{ingest, present};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

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

    /// Write a page for the browser: the original text with what is kept, dropped and repaired marked
    #[arg(long, value_name = "OUT.html", conflicts_with_all = ["text", "json"])]
    html: Option<PathBuf>,
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
    if let Some(path) = &args.html {
        return write_page(&inspected, path);
    }
    let look = console.look();
    let out = console.out();
    if args.json {
        present::inspected_json(&inspected, out)?;
    } else if args.text {
        writeln!(out, "{}", present::escape::terminal(&inspected.body))?;
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

/// Writes the page beside its place and moves it there: never half of it, and never over a file that
/// is not such a page.
fn write_page(inspected: &ingest::Inspected, path: &Path) -> Result<Exit> {
    let unwritable =
        |error: std::io::Error| Error::Io { doing: "cannot write", path: path.to_path_buf(), source: error };
    if let Ok(mut file) = File::open(path) {
        let mut head = vec![0; present::PAGE_FIRST_LINE.len()];
        if file.read_exact(&mut head).is_err() || head != present::PAGE_FIRST_LINE.as_bytes() {
            let hint = "it is there and no page of dryport's; give another name".to_string();
            return Err(Error::BadValue { option: "--html", given: path.display().to_string(), hint });
        }
    }
    let mut bytes = Vec::new();
    present::inspected_page(inspected, &mut bytes).map_err(unwritable)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path)).map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        unwritable(error)
    })?;
    Ok(Exit::Found)
}
