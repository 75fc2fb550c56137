//! How many web pages a second one thread reads: to clean, annotated text with dryport, and to plain
//! text with a readability extractor and html2text, in the same run on the same pages in memory.
//!
//! `cargo bench --bench pages` uses the sample documents; `cargo bench --bench pages -- FOLDER` others.

use dryport::{annotate, clean, extract, model::Date, source::Blob};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const ROUNDS: usize = 7;

fn pages(folder: &PathBuf, out: &mut Vec<Blob>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            pages(&path, out);
        } else if path.extension().is_some_and(|e| e == "html") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            out.extend(std::fs::read(&path).map(|bytes| Blob { bytes, name, folders: Vec::new() }));
        }
    }
}

/// The median time of a round over all pages, after one to warm up.
fn measure(pages: &[Blob], mut read: impl FnMut(&Blob) -> usize) -> Duration {
    let mut times: Vec<Duration> = (0..=ROUNDS)
        .map(|_| {
            let started = Instant::now();
            let total: usize = pages.iter().map(&mut read).sum();
            std::hint::black_box(total);
            started.elapsed()
        })
        .skip(1)
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn main() {
    let folder = std::env::args().skip(1).find(|a| !a.starts_with("--")).map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus"),
        PathBuf::from,
    );
    let mut list = Vec::new();
    pages(&folder, &mut list);
    if list.is_empty() {
        println!("no pages in {}", folder.display());
        return;
    }
    let bytes: usize = list.iter().map(|p| p.bytes.len()).sum();
    println!("{} pages, {:.1} MB, one thread, median of {ROUNDS} rounds", list.len(), bytes as f64 / 1e6);
    let report = |name: &str, time: Duration| {
        let seconds = time.as_secs_f64();
        println!("{name:<44} {:7.1} pages/s {:7.1} MB/s", list.len() as f64 / seconds, bytes as f64 / 1e6 / seconds);
    };
    let today = Date::today();
    report("dryport: extract, clean, annotate", measure(&list, |page| {
        let Ok(raw) = extract::extract(page) else { return 0 };
        let annotated = annotate::annotate(clean::clean(raw), today);
        annotated.document.text.len()
    }));
    report("dryport: extract, clean", measure(&list, |page| {
        let Ok(raw) = extract::extract(page) else { return 0 };
        clean::clean(raw).text.len()
    }));
    report("dom_smoothie, html2text", measure(&list, |page| {
        let html = String::from_utf8_lossy(&page.bytes);
        let Ok(mut readability) = dom_smoothie::Readability::new(html.as_ref(), None, None) else { return 0 };
        let Ok(article) = readability.parse() else { return 0 };
        html2text::config::plain_no_decorate()
            .string_from_read(article.content.to_string().as_bytes(), 1_000_000)
            .map_or(0, |text| text.len())
    }));
}
