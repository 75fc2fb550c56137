//! What annotating costs: the time of every stage up to passages for the documents of a folder, one thread, and of an
//! index made of them in this process.
//!
//! `cargo bench --bench annotate` uses the sample documents; `cargo bench --bench annotate -- FOLDER` others.

use dryport::index::Location;
use dryport::ingest::{self, Request};
use dryport::model::Date;
use dryport::source::{self, Found, Limits};
use dryport::vocab::Vocabulary;
use dryport::{annotate, clean, extract, split};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

const ROUNDS: u32 = 3;

fn main() -> dryport::error::Result<()> {
    let folder = std::env::args()
        .skip(1)
        .find(|a| !a.starts_with("--"))
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus"), PathBuf::from);
    let (limits, today, vocabulary) = (Limits::default(), Date::today(), Vocabulary::builtin());
    let files = source::walk(&folder, Vec::new()).filter_map(|found| match found {
        Found::File(entry) => Some(entry.path),
        Found::Unreadable { .. } => None,
    });
    let blobs: Vec<_> = files.filter_map(|path| source::open(&path, &limits).ok()).map(|(blob, _)| blob).collect();
    let (mut read, mut annotating, mut splitting) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    let (mut documents, mut characters) = (0, 0);
    for _ in 0..ROUNDS {
        for blob in &blobs {
            let started = Instant::now();
            let Ok(raw) = extract::document(blob, &limits) else { continue };
            let document = clean::clean(raw);
            read += started.elapsed();
            if document.blocks.is_empty() {
                continue;
            }
            characters += document.text.chars().count();
            let started = Instant::now();
            let annotated = annotate::annotate(document, vocabulary, today);
            annotating += started.elapsed();
            let started = Instant::now();
            documents += usize::from(!split::split(&annotated).is_empty());
            splitting += started.elapsed();
        }
    }
    let per_round = |time: Duration| time.as_secs_f64() / f64::from(ROUNDS);
    println!("{} documents, {} characters", documents / ROUNDS as usize, characters / ROUNDS as usize);
    println!("extract and clean {:8.3} s", per_round(read));
    println!("annotate          {:8.3} s", per_round(annotating));
    println!("split             {:8.3} s", per_round(splitting));
    let (wall, cpu) = index(&folder, today)?;
    let without = cpu - per_round(annotating);
    println!("index             {wall:8.3} s of wall time, {cpu:.3} s of all processors");
    println!("annotating is {:.0} % of what indexing takes without it", 100.0 * per_round(annotating) / without);
    Ok(())
}

/// Makes an index: its wall time, and the time of all processors.
fn index(folder: &Path, today: Date) -> dryport::error::Result<(f64, f64)> {
    let place = tempfile::tempdir().map_err(|e| dryport::error::Error::Io {
        doing: "cannot make",
        path: "a temporary folder".into(),
        source: e,
    })?;
    let stop = AtomicBool::new(false);
    let (started, before) = (Instant::now(), processors());
    ingest::run(
        &Location::new(place.path().join("index")),
        &Request {
            paths: &[folder.to_path_buf()],
            rebuild: false,
            threads: 2,
            memory: dryport::ingest::memory_for(2),
            commit_every: ingest::COMMIT_EVERY,
            today,
            progress: &|_| {},
            stop: &stop,
            limits: &[],
            map: None,
            additions: &[],
            program: None,
        },
    )?;
    Ok((started.elapsed().as_secs_f64(), processors() - before))
}

/// Seconds that this process has used of all processors; where that is not told, 0.
fn processors() -> f64 {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / TICKS_PER_SECOND
}
