//! How many web pages a second one thread reads: to clean, annotated text with dryport, and to plain
//! text with a readability extractor and html2text, in the same run on the same pages in memory.
//!
//! `cargo bench --bench pages` uses the sample documents; `cargo bench --bench pages -- FOLDER` others.

use dryport::{
    annotate, clean, extract,
    model::Date,
    source::{Blob, Limits},
};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const ROUNDS: usize = 11;

fn pages(folder: &PathBuf, out: &mut Vec<Blob>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            pages(&path, out);
        } else if path.extension().is_some_and(|e| e == "html") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            out.extend(std::fs::read(&path).map(|bytes| Blob::of_file(name, bytes)));
        }
    }
}

/// A way of reading a page: its name, and what gives the length of the text.
type Way = (&'static str, fn(&Blob, Date) -> usize);

const WAYS: [Way; 3] = [
    ("dryport: extract, clean, annotate", |page, today| {
        let Ok(raw) = extract::document(page, &Limits::default()) else { return 0 };
        annotate::annotate(clean::clean(raw), dryport::vocab::Vocabulary::builtin(), today).document.text.len()
    }),
    ("dryport: extract, clean", |page, _| {
        let Ok(raw) = extract::document(page, &Limits::default()) else { return 0 };
        clean::clean(raw).text.len()
    }),
    ("dom_smoothie, html2text", |page, _| {
        let html = String::from_utf8_lossy(&page.bytes);
        let Ok(mut readability) = dom_smoothie::Readability::new(html.as_ref(), None, None) else { return 0 };
        let Ok(article) = readability.parse() else { return 0 };
        html2text::config::plain_no_decorate()
            .string_from_read(article.content.to_string().as_bytes(), 1_000_000)
            .map_or(0, |text| text.len())
    }),
];

fn main() {
    let folder = std::env::args()
        .skip(1)
        .find(|a| !a.starts_with("--"))
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus"), PathBuf::from);
    let mut list = Vec::new();
    pages(&folder, &mut list);
    if list.is_empty() {
        println!("no pages in {}", folder.display());
        return;
    }
    let bytes: usize = list.iter().map(|p| p.bytes.len()).sum();
    println!(
        "{} pages, {:.1} MB, one thread, median (best) of {ROUNDS} rounds, in turns",
        list.len(),
        bytes as f64 / 1e6
    );
    let today = Date::today();
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); WAYS.len()];
    // The first round warms up.
    for round in 0..=ROUNDS {
        for ((_, read), times) in WAYS.iter().zip(&mut times) {
            let started = Instant::now();
            let total: usize = list.iter().map(|page| read(page, today)).sum();
            std::hint::black_box(total);
            if round > 0 {
                times.push(started.elapsed());
            }
        }
    }
    for ((name, _), times) in WAYS.iter().zip(&mut times) {
        times.sort_unstable();
        let rate = |time: Duration| list.len() as f64 / time.as_secs_f64();
        println!("{name:<36} {:7.1} ({:.1}) pages/s", rate(times[times.len() / 2]), rate(times[0]));
    }
}
