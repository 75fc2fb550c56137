//! Writes the main text of every page of a folder to files, to be scored against known texts:
//!
//! `cargo run --release --example extract -- PAGES OUT` writes `OUT/NAME.txt` for each `PAGES/NAME.html`, and
//! what `dryport inspect --json` says of it into `OUT/NAME.json`.

use dryport::{ingest, model::Date, present, source::Limits};
use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(pages), Some(out)) = (args.next(), args.next()) else {
        eprintln!("usage: extract PAGES OUT");
        std::process::exit(2);
    };
    std::fs::create_dir_all(&out)?;
    let mut files: Vec<PathBuf> = std::fs::read_dir(pages)?.filter_map(|e| Some(e.ok()?.path())).collect();
    files.sort();
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "html")) {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let setup = ingest::Setup { limits: Limits::default(), today: Date::today(), map: Vec::new() };
        let read = ingest::inspect(file, &setup, dryport::vocab::Vocabulary::builtin(), "")
            .and_then(|mut all| all.remove(0).1);
        let text = match read {
            Ok(inspected) => {
                let mut json = Vec::new();
                present::inspected_json(&inspected, dryport::vocab::Gazetteer::get(), &mut json)?;
                std::fs::write(out.join(format!("{name}.json")), json)?;
                inspected.body
            }
            Err(problem) => {
                eprintln!("{}: {problem}", file.display());
                String::new()
            }
        };
        std::fs::write(out.join(format!("{name}.txt")), text)?;
    }
    Ok(())
}
