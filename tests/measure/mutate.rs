//! Damages documents at random and lets `dryport index` read them: no panic, no hang, no more memory
//! than allowed.
//!
//! `cargo run --release --example mutate -- COUNT FOLDER…` takes every file below the folders in turn,
//! writes COUNT damaged copies (bits flipped, cut short, pieces exchanged, repeated or taken out of
//! another file; of packages also their parts, packed anew) and indexes them, a thousand at a time.
//! The seed of the damage is its number: the same command makes the same files. What is wrong is
//! printed, with the file kept; the exit code says whether anything was.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;
use zip::write::SimpleFileOptions;

/// Files indexed in one run of the program.
const BATCH: usize = 1000;
/// Seconds that one document may take.
const SECONDS: &str = "20";
/// Reasons that are faults of the reader, not of the document.
const FAULTS: &[&str] =
    &["internal error", "makes its reader fail", "(--max-time)", "(--max-memory)", "nested too deep"];

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let Some(count) = args.next().and_then(|c| c.parse::<usize>().ok()) else {
        eprintln!("usage: mutate COUNT FOLDER…");
        return ExitCode::from(2);
    };
    let mut files = Vec::new();
    args.for_each(|folder| list(Path::new(&folder), &mut files));
    files.sort();
    if files.is_empty() {
        eprintln!("no files there");
        return ExitCode::from(2);
    }
    let program = std::env::current_exe().ok().and_then(|p| Some(p.parent()?.parent()?.join("dryport")));
    let Some(program) = program.filter(|p| p.is_file()) else {
        eprintln!("build the program first: cargo build --release");
        return ExitCode::from(2);
    };
    let keep = std::env::temp_dir().join("dryport-mutated");
    let (mut faults, mut read, mut refused) = (0, 0u64, 0u64);
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    let started = Instant::now();
    for first in (0..count).step_by(BATCH) {
        let Ok(temp) = tempfile::tempdir() else { return ExitCode::from(2) };
        let docs = temp.path().join("docs");
        if std::fs::create_dir(&docs).is_err() {
            return ExitCode::from(2);
        }
        for number in first..(first + BATCH).min(count) {
            let source = &files[number % files.len()];
            let other = &files[(number * 7 + 3) % files.len()];
            let (Ok(bytes), Ok(other)) = (std::fs::read(source), std::fs::read(other)) else { continue };
            let mut dice = Dice(number as u64 + 1);
            let damaged = damage(bytes, &other, &mut dice);
            let name = source.file_name().unwrap_or_default().to_string_lossy();
            let extension = name.rsplit_once('.').map_or("", |(_, e)| e).to_string();
            *kinds.entry(extension).or_default() += 1;
            let _ = std::fs::write(docs.join(format!("{number:06}-{name}")), damaged);
        }
        let index = temp.path().join("index");
        let out = Command::new(&program)
            .args(["index", "--json", "--max-time", SECONDS, "--index"])
            .arg(&index)
            .arg(&docs)
            .output();
        let Ok(out) = out else { return ExitCode::from(2) };
        let summary: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap_or_default();
        if out.status.code() != Some(0) {
            faults += 1;
            println!("the run ended with {}: {}", out.status, String::from_utf8_lossy(&out.stderr));
        }
        read += summary["new"].as_u64().unwrap_or(0);
        for failure in summary["failures"].as_array().into_iter().flatten() {
            let (path, reason) = (failure["path"].as_str().unwrap_or(""), failure["reason"].as_str().unwrap_or(""));
            refused += 1;
            if FAULTS.iter().any(|f| reason.contains(f)) {
                faults += 1;
                println!("{path}: {reason}");
                let file = path.split("!/").next().unwrap_or(path);
                let name = Path::new(file).file_name().unwrap_or_default();
                let _ = std::fs::create_dir_all(&keep).and_then(|()| std::fs::copy(file, keep.join(name)));
            }
        }
    }
    println!("{count} damaged files of {} kinds: {kinds:?}", kinds.len());
    println!(
        "{read} read, {refused} files and members refused with a reason, {faults} faults, {:.0} s",
        started.elapsed().as_secs_f64()
    );
    if faults > 0 {
        println!("the files with faults are in {}", keep.display());
    }
    ExitCode::from(u8::from(faults > 0))
}

fn list(at: &Path, out: &mut Vec<PathBuf>) {
    if at.is_file() {
        out.push(at.to_path_buf());
    } else if let Ok(entries) = std::fs::read_dir(at) {
        entries.flatten().for_each(|e| list(&e.path(), out));
    }
}

/// Numbers that look random and are the same every time (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        if limit == 0 { 0 } else { (self.roll() % limit as u64) as usize }
    }
}

fn damage(bytes: Vec<u8>, other: &[u8], dice: &mut Dice) -> Vec<u8> {
    // Damage to a packed file mostly ends at its packing: its parts are damaged too.
    if bytes.starts_with(b"PK\x03\x04")
        && dice.below(3) > 0
        && let Some(packed) = parts(&bytes, other, dice)
    {
        return packed;
    }
    damaged(bytes, other, dice)
}

fn damaged(mut bytes: Vec<u8>, other: &[u8], dice: &mut Dice) -> Vec<u8> {
    for _ in 0..=dice.below(3) {
        let length = bytes.len().max(1);
        match dice.below(6) {
            0 => {
                for _ in 0..=dice.below(30) {
                    let at = dice.below(length);
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte ^= 1 << dice.below(8);
                    }
                }
            }
            1 => bytes.truncate(dice.below(length)),
            2 => {
                let from = dice.below(length).min(bytes.len());
                let to = (from + dice.below(2000)).min(bytes.len());
                bytes.drain(from..to);
            }
            3 => {
                let from = dice.below(other.len());
                let piece = &other[from..(from + dice.below(2000)).min(other.len())];
                let at = dice.below(length).min(bytes.len());
                bytes.splice(at..at, piece.iter().copied());
            }
            4 => {
                let from = dice.below(length).min(bytes.len());
                let piece = bytes[from..(from + dice.below(300)).min(bytes.len())].to_vec();
                let times = dice.below(200);
                let at = dice.below(length).min(bytes.len());
                bytes.splice(at..at, piece.iter().copied().cycle().take(piece.len() * times));
            }
            _ => {
                for _ in 0..=dice.below(8) {
                    let at = dice.below(length);
                    let extreme = [0, 0xff, 0x7f, 0x80, b'<', b'\\'][dice.below(6)];
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte = extreme;
                    }
                }
            }
        }
    }
    bytes
}

/// A package with one of its parts damaged.
fn parts(bytes: &[u8], other: &[u8], dice: &mut Dice) -> Option<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let chosen = dice.below(archive.len());
    for at in 0..archive.len() {
        let mut content = Vec::new();
        let member = archive.by_index(at).ok()?;
        let name = member.name().ok()?.to_string();
        member.take(20_000_000).read_to_end(&mut content).ok()?;
        if at == chosen {
            content = damaged(content, other, dice);
        }
        writer.start_file(name, SimpleFileOptions::default()).ok()?;
        writer.write_all(&content).ok()?;
    }
    Some(writer.finish().ok()?.into_inner())
}
