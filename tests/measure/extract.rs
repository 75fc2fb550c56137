//! Writes the main text of every page of a folder to files, to be scored against known texts:
//!
//! `cargo run --release --example extract -- PAGES OUT` writes `OUT/NAME.txt` for each `PAGES/NAME.html`.

use dryport::{ingest, model::Date};
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
        let text = match ingest::inspect(file, Date::today()) {
            Ok(inspected) => inspected.text,
            Err(problem) => {
                eprintln!("{}: {problem}", file.display());
                String::new()
            }
        };
        let name = file.file_stem().unwrap_or_default();
        std::fs::write(out.join(format!("{}.txt", name.to_string_lossy())), text)?;
    }
    Ok(())
}
