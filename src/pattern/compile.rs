//! For the build script: every `pattern!(r"…")` of the sources → its automata as bytes.

#[path = "shared.rs"]
mod shared;
#[path = "table.rs"]
mod table;

use regex_automata::MatchKind;
use regex_automata::nfa::thompson::{Compiler, Config, NFA, WhichCaptures};
use regex_automata::util::prefilter::Prefilter;
use regex_syntax::hir::{Hir, literal};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use table::Compiled;

/// How a pattern begins in the sources.
const MARK: &str = "pattern!(";

/// A list in Rust of all patterns, in order, each with the place of its bytes; and the bytes.
pub fn compiled(sources: &Path) -> (String, Vec<u8>) {
    let mut patterns = BTreeMap::new();
    find(sources, &mut patterns);
    let (mut list, mut bytes) = (String::from("&[\n"), Vec::new());
    for (pattern, file) in patterns {
        let compiled = compile(&shared::whole(&pattern)).unwrap_or_else(|error| panic!("{file}: {pattern}: {error}"));
        let _ = writeln!(list, "({pattern:?}, {}, {}),", bytes.len(), bytes.len() + compiled.len());
        bytes.extend(compiled);
    }
    list.push(']');
    (list, bytes)
}

/// The patterns of all files of a folder, each with the name of one that has it.
fn find(at: &Path, out: &mut BTreeMap<String, String>) {
    if at.is_dir() {
        let entries = fs::read_dir(at).expect("the sources can be read");
        entries.for_each(|entry| find(&entry.expect("the sources can be read").path(), out));
        return;
    }
    // The room itself only speaks of them.
    if at.extension().is_none_or(|e| e != "rs") || at.parent().is_some_and(|folder| folder.ends_with("pattern")) {
        return;
    }
    let name = at.display().to_string();
    let text = fs::read_to_string(at).unwrap_or_else(|error| panic!("{name}: {error}"));
    for after in text.split(MARK).skip(1) {
        let pattern = literal(after).unwrap_or_else(|| panic!("{name}: after `{MARK}` a raw string is expected"));
        out.insert(pattern.to_string(), name.clone());
    }
}

/// The raw string that a text begins with.
fn literal(text: &str) -> Option<&str> {
    let text = text.trim_start().strip_prefix('r')?;
    let hashes = text.len() - text.trim_start_matches('#').len();
    let text = text[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", &"########"[..hashes]);
    text.find(&end).map(|at| &text[..at])
}

/// The bytes of a pattern; none for one that automata cannot decide in all texts.
fn compile(pattern: &str) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let hir = regex_syntax::Parser::new().parse(pattern)?;
    let made = |is_backward: bool, captures: WhichCaptures| -> Result<NFA, Box<dyn std::error::Error>> {
        let config = Config::new().reverse(is_backward).which_captures(captures);
        Ok(Compiler::new().configure(config).build_from_hir(&hir)?)
    };
    let forward = made(false, WhichCaptures::All)?;
    if forward.look_set_any().contains_word_unicode() {
        return Ok(Vec::new());
    }
    let is_anchored = forward.is_always_start_anchored();
    let backward = if is_anchored { Vec::new() } else { table::write(&made(true, WhichCaptures::None)?) };
    let needles = if is_anchored { Vec::new() } else { needles(&hir) };
    let compiled = Compiled {
        is_anchored,
        groups: forward.group_info().group_len(regex_automata::PatternID::ZERO),
        needles: needles.iter().map(Vec::as_slice).collect(),
        forward: &table::write(&forward),
        backward: &backward,
    };
    Ok(compiled.write())
}

/// What every match begins with one of, if that is sought fast.
fn needles(hir: &Hir) -> Vec<Vec<u8>> {
    let mut all = literal::Extractor::new().extract(hir);
    all.optimize_for_prefix_by_preference();
    let Some(needles) = all.literals() else { return Vec::new() };
    let needles: Vec<Vec<u8>> = needles.iter().map(|needle| needle.as_bytes().to_vec()).collect();
    match Prefilter::new(MatchKind::LeftmostFirst, &needles) {
        Some(prefilter) if prefilter.is_fast() => needles,
        _ => Vec::new(),
    }
}
