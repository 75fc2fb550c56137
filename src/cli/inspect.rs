//! `dryport inspect`: one file as it would be cleaned and annotated, without an index.

use super::limits::LimitArgs;
use super::words::VocabularyArgs;
use super::{Console, Exit, today};
use dryport::error::{Error, Result};
use dryport::ingest::{Documents, Setup};
use dryport::present::Shown;
use dryport::vocab::Gazetteer;
use dryport::{ingest, present};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Show how one file would be cleaned and annotated, without indexing it
///
/// Says for each value where it was found: override, column, container, front matter, meta, title,
/// text, file name or folder; and for each label of a passage which words and which rule gave it. A file that holds many documents is listed.
#[derive(clap::Args)]
pub struct Args {
    /// The file, or a member of one as `archive.zip!/member`
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

    /// Column of a table that holds a field, such as text=story
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = super::index::mapping)]
    map: Vec<(String, String)>,

    #[command(flatten)]
    words: VocabularyArgs,

    #[command(flatten)]
    limits: LimitArgs,
}

pub fn run(args: Args, console: &mut Console) -> Result<Exit> {
    let (file, member) = parted(&args.file);
    if !file.exists() {
        return Err(Error::NoSuchPath { path: args.file });
    }
    if file.is_dir() {
        let hint = "give one file; `dryport index` takes folders".to_string();
        return Err(Error::BadValue { option: "the file", given: args.file.display().to_string(), hint });
    }
    let setup = Setup { limits: args.limits.limits(), today: today(), map: args.map };
    let unreadable = |problem| Error::Unreadable { path: args.file.clone(), problem };
    let vocabulary = args.words.vocabulary(file.parent(), console)?;
    let gazetteer = &vocabulary.gazetteer;
    let mut all = ingest::inspect(&file, &setup, &vocabulary, &member).map_err(unreadable)?;
    if all.len() > 1 {
        return several(&all, gazetteer, args.json, args.text, args.html.as_deref(), console);
    }
    let inspected = all.remove(0).1.map_err(unreadable)?;
    if let Some(path) = &args.html {
        return write_page(&inspected, gazetteer, path);
    }
    let look = console.look();
    let out = console.out();
    if args.json {
        present::inspected_json(&inspected, gazetteer, out)?;
    } else if args.text {
        writeln!(out, "{}", present::escape::terminal(&inspected.body))?;
    } else {
        let encoding = inspected.encoding.as_deref().map(|e| format!(", {e}")).unwrap_or_default();
        let replaced =
            if inspected.replaced > 0 { format!(", {} bytes undecodable", inspected.replaced) } else { String::new() };
        writeln!(out, "format    {}{encoding}{replaced}", inspected.document.format)?;
        let shown = Shown { gazetteer, node: None, explain: true, copies: &[] };
        present::document(&inspected.document, &inspected.passages, shown, &look, out)?;
    }
    out.flush()?;
    Ok(Exit::Found)
}

/// A file and the address of a member in it: `all.zip!/2020/a.html`.
fn parted(given: &Path) -> (PathBuf, String) {
    let text = given.to_string_lossy();
    let split = text.match_indices("!/").map(|(at, _)| (PathBuf::from(&text[..at]), text[at + 2..].to_string()));
    let whole = (given.to_path_buf(), String::new());
    if given.exists() { whole } else { split.into_iter().find(|(file, _)| file.is_file()).unwrap_or(whole) }
}

/// The documents of a container.
fn several(
    all: &Documents,
    gazetteer: &Gazetteer,
    json: bool,
    text: bool,
    html: Option<&Path>,
    console: &mut Console,
) -> Result<Exit> {
    if let Some(path) = html {
        let hint = "the file holds several documents; name one as FILE!/MEMBER".to_string();
        return Err(Error::BadValue { option: "--html", given: path.display().to_string(), hint });
    }
    let out = console.out();
    if json {
        present::inspected_all_json(all, gazetteer, out)?;
    } else {
        for (member, read) in all {
            let member = present::escape::terminal(member);
            match read {
                Ok(inspected) if text => writeln!(out, "{}\n", present::escape::terminal(&inspected.body))?,
                Ok(inspected) => {
                    let d = &inspected.document;
                    let date = d.date.as_ref().map(|d| d.value.to_string());
                    let when = date.or(d.year.as_ref().map(|y| y.value.to_string())).unwrap_or_default();
                    let title = present::escape::terminal(&d.title.value).replace('\n', " ");
                    writeln!(out, "{member}: {title} · {when} · {} · {} passages", d.kind.value, d.passages)?;
                }
                Err(problem) => writeln!(out, "{member}: {}", present::escape::terminal(&problem.to_string()))?,
            }
        }
    }
    out.flush()?;
    Ok(Exit::Found)
}

/// Writes the page beside its place and moves it there: never half of it, and never over a file that
/// is not such a page.
fn write_page(inspected: &ingest::Inspected, gazetteer: &Gazetteer, path: &Path) -> Result<Exit> {
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
    present::inspected_page(inspected, gazetteer, &mut bytes).map_err(unwritable)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path)).map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        unwritable(error)
    })?;
    Ok(Exit::Found)
}
