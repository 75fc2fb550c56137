//! How many of the words that another program finds come out, per file and in sum.
//!
//! `cargo run --release --example words -- FOLDER…` reads every PDF, Word, OpenDocument, RTF and EPUB
//! file below the folders, and lets `pdftotext`, `pandoc` or LibreOffice (`soffice`) read it too: the
//! last also where fewer than 98% of pandoc's words come out, and the better of the two counts.
//! Words are runs of letters and digits, ideographs one by one; they are compared as multisets.
//! For each file: recall (share of the other program's words that come out, running headers and
//! footers that were left out included), recall of the body alone, precision, and both times, each
//! other program started once a file.

use dryport::extract::{self, RawDocument};
use dryport::source::{Blob, Limits};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn main() {
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let mut files = Vec::new();
    folders.iter().for_each(|f| list(f, &mut files));
    files.sort();
    println!("{:<60} {:>7} {:>7} {:>7} {:>7} {:>8} {:>8}", "file", "words", "recall", "body", "prec", "ms", "other");
    let mut sums: Vec<(String, Sum)> = Vec::new();
    for path in files {
        let Some(mut reference) = reference(&path) else { continue };
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let name: String = path.file_name().unwrap_or_default().to_string_lossy().chars().take(56).collect();
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let limits = Limits::default();
        let started = Instant::now();
        let read =
            extract::document(&Blob::of_file(path.file_name().unwrap_or_default().to_string_lossy(), bytes), &limits);
        let mine = started.elapsed();
        let sum = match sums.iter_mut().find(|(e, _)| *e == extension) {
            Some((_, sum)) => sum,
            None => {
                sums.push((extension.clone(), Sum::default()));
                &mut sums.last_mut().expect("just pushed").1
            }
        };
        let mine_words = read.as_ref().map(all_words).unwrap_or_default();
        let recall_of = |r: &Reference| {
            let theirs = words(&r.text);
            let total: usize = theirs.values().sum();
            if total == 0 { 1.0 } else { common(&theirs, &mine_words) as f64 / total as f64 }
        };
        if reference.program == "pandoc"
            && recall_of(&reference) < 0.98
            && let Some(second) = office(&path).filter(|second| recall_of(second) > recall_of(&reference))
        {
            reference = second;
        }
        let Reference { program, text: other, took } = reference;
        let theirs = words(&other);
        let total: usize = theirs.values().sum();
        match read {
            Err(problem) => {
                println!("{name:<60} {total:>7} {problem}");
                sum.unread += usize::from(total > 0);
            }
            Ok(raw) => {
                let body_words = words(&body(&raw));
                let found = common(&theirs, &mine_words);
                let in_body = common(&theirs, &body_words);
                let share = |n: usize, of: usize| if of == 0 { 1.0 } else { n as f64 / of as f64 };
                let recall = share(found, total);
                let precision = share(in_body, body_words.values().sum());
                println!(
                    "{name:<60} {total:>7} {recall:>7.4} {:>7.4} {precision:>7.4} {:>8.1} {:>8.1} {program}",
                    share(in_body, total),
                    mine.as_secs_f64() * 1e3,
                    took.as_secs_f64() * 1e3,
                );
                sum.files += 1;
                sum.recall += recall;
                sum.body += share(in_body, total);
                sum.least = if sum.files == 1 { recall } else { sum.least.min(recall) };
                sum.mine += mine;
                sum.other += took;
            }
        }
    }
    for (extension, sum) in sums {
        let files = sum.files.max(1) as f64;
        println!(
            "{extension}: {} files, {} not read; recall {:.4}, least {:.4}, body {:.4}; {:.3} s against {:.3} s",
            sum.files,
            sum.unread,
            sum.recall / files,
            sum.least,
            sum.body / files,
            sum.mine.as_secs_f64(),
            sum.other.as_secs_f64()
        );
    }
}

#[derive(Default)]
struct Sum {
    files: usize,
    unread: usize,
    recall: f64,
    body: f64,
    least: f64,
    mine: Duration,
    other: Duration,
}

fn list(at: &Path, out: &mut Vec<PathBuf>) {
    if at.is_file() {
        out.push(at.to_path_buf());
    } else if let Ok(entries) = std::fs::read_dir(at) {
        entries.flatten().for_each(|e| list(&e.path(), out));
    }
}

/// What another program makes of a file.
struct Reference {
    program: &'static str,
    text: String,
    took: Duration,
}

fn reference(path: &Path) -> Option<Reference> {
    let extension = path.extension()?.to_string_lossy().to_lowercase();
    let started = Instant::now();
    let run = |program: &'static str, command: &mut Command| {
        let out = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        Some(Reference { program, text, took: started.elapsed() })
    };
    match extension.as_str() {
        "pdf" => run("pdftotext", Command::new("pdftotext").arg(path).arg("-")),
        "docx" | "odt" | "rtf" | "epub" => {
            run("pandoc", Command::new("pandoc").args(["-t", "plain", "--wrap=none"]).arg(path))
        }
        "doc" => office(path),
        _ => None,
    }
}

/// What LibreOffice makes of it.
fn office(path: &Path) -> Option<Reference> {
    let started = Instant::now();
    let folder = std::env::temp_dir().join(format!("words-{}", std::process::id()));
    Command::new("soffice")
        .args(["--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir"])
        .arg(&folder)
        .arg(path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    let text = std::fs::read(folder.join(path.with_extension("txt").file_name()?)).unwrap_or_default();
    let _ = std::fs::remove_dir_all(folder);
    Some(Reference { program: "soffice", text: String::from_utf8_lossy(&text).into_owned(), took: started.elapsed() })
}

/// The text of a document with its title.
fn body(raw: &RawDocument) -> String {
    let mut out: String = raw.blocks.iter().map(|b| format!("{}\n", b.text.as_str())).collect();
    out.push_str(raw.metadata.title.as_ref().map(|t| t.value.as_str()).unwrap_or_default());
    out
}

/// Its words, those of running headers and of whatever else was left out among them. A word is
/// counted as often as in the one text that has it more often.
fn all_words(raw: &RawDocument) -> HashMap<String, usize> {
    let mut out = words(&body(raw));
    for (word, count) in words(&raw.original.text) {
        let known = out.entry(word).or_default();
        *known = (*known).max(count);
    }
    out
}

fn words(text: &str) -> HashMap<String, usize> {
    use unicode_normalization::UnicodeNormalization;
    let mut out = HashMap::new();
    let mut word = String::new();
    for c in text.nfkc().filter(|c| *c != '\u{ad}').chain([' ']) {
        let ideograph = matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3134f}');
        if (ideograph || !c.is_alphanumeric()) && !word.is_empty() {
            *out.entry(std::mem::take(&mut word)).or_default() += 1;
        }
        if ideograph {
            *out.entry(c.to_string()).or_default() += 1;
        } else if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    out
}

fn common(theirs: &HashMap<String, usize>, mine: &HashMap<String, usize>) -> usize {
    theirs.iter().map(|(word, count)| (*count).min(mine.get(word).copied().unwrap_or(0))).sum()
}
