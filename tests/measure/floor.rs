//! What the libraries take that dryport stands on, alone, for a folder of web pages and plain texts: the least that
//! indexing it can cost, without cleaning, regions, years, topics, passages or near-copies.
//!
//! `cargo run --release --example floor -- FOLDER` reads every page to text with a readability extractor, then indexes
//! these texts with tantivy, once with every word in one form and once in two: as written, and again as its stem is.
//! It prints seconds of the processor and the size of each index as a share of its texts. Linux only: the figures come
//! from `/proc`.

use std::path::{Path, PathBuf};
use tantivy::schema::{IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};
use tantivy::store::Compressor;
use tantivy::{Index, IndexSettings, IndexWriter, TantivyDocument};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Clock ticks of `/proc` a second, as Linux gives them to programs on every common machine.
const TICKS: f64 = 100.0;
/// Memory of the engine for what is not written yet, in bytes.
const BUDGET: usize = 100 << 20;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: floor FOLDER");
        std::process::exit(2);
    };
    let folder = PathBuf::from(folder);
    if !folder.is_dir() {
        eprintln!("floor: {} is no folder", folder.display());
        std::process::exit(2);
    }
    let mut files = Vec::new();
    list(&folder, &mut files)?;
    let before = spent()?;
    let texts: Vec<String> = files.iter().filter_map(|file| text(file)).collect();
    let size: usize = texts.iter().map(String::len).sum();
    println!("{:>8.2} s  {} documents read to {:.1} MB of text", spent()? - before, texts.len(), size as f64 / 1e6);
    for (forms, name) in [(1, "one form"), (2, "two forms")] {
        let at = tempfile::tempdir()?;
        let before = spent()?;
        index(at.path(), &texts, forms)?;
        let bytes: u64 =
            std::fs::read_dir(at.path())?.map(|e| Ok(e?.metadata()?.len())).sum::<std::io::Result<u64>>()?;
        let share = bytes as f64 / size as f64;
        println!("{:>8.2} s  indexed, words in {name}; the index is {share:.2} of the text", spent()? - before);
    }
    Ok(())
}

fn list(folder: &Path, out: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => list(&path, out)?,
            false => out.push(path),
        }
    }
    Ok(())
}

/// The text of a page or a plain text; none of anything else.
fn text(file: &Path) -> Option<String> {
    let bytes = std::fs::read(file).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    match file.extension()?.to_str()? {
        "txt" => Some(text),
        "html" => {
            let article = dom_smoothie::Readability::new(text, None, None).ok()?.parse().ok()?;
            let content = article.content.to_string();
            html2text::config::plain_no_decorate().string_from_read(content.as_bytes(), 1_000_000).ok()
        }
        _ => None,
    }
}

fn index(at: &Path, texts: &[String], forms: usize) -> tantivy::Result<()> {
    let mut schema = Schema::builder();
    let made = |tokenizer: &str| {
        let words = TextFieldIndexing::default().set_tokenizer(tokenizer);
        let words = words.set_index_option(IndexRecordOption::WithFreqsAndPositions);
        TextOptions::default().set_indexing_options(words)
    };
    let mut fields = vec![schema.add_text_field("words", made("default") | STORED)];
    if forms > 1 {
        fields.push(schema.add_text_field("stems", made("en_stem")));
    }
    let settings = IndexSettings { docstore_compression: Compressor::Zstd(Default::default()), ..Default::default() };
    let index = Index::builder().schema(schema.build()).settings(settings).create_in_dir(at)?;
    let mut writer: IndexWriter = index.writer_with_num_threads(1, BUDGET)?;
    for text in texts {
        let mut document = TantivyDocument::default();
        fields.iter().for_each(|field| document.add_text(*field, text));
        writer.add_document(document)?;
    }
    writer.commit()?;
    writer.wait_merging_threads()
}

/// Seconds of the processor that this program has taken so far.
fn spent() -> std::io::Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name of the program may have blanks; what follows it has none.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or_default();
    Ok((ticks(11) + ticks(12)) / TICKS)
}
