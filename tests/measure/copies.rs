//! Which documents of an index were found to be near-copies, and which nearly were, to be read by a person.
//!
//! `cargo run --release --example copies -- INDEX [ESTIMATE]` prints every group with what each copy shares with the
//! document that stands for it, then the pairs that are in no group together though their sketches agree in more than
//! `ESTIMATE` (0.2), the nearest first. Every document is compared with every other: not for large indexes.

use dryport::copies::{Resemblance, Shingles};
use dryport::error::Result;
use dryport::index::{Location, Reader};
use dryport::ingest;
use std::collections::{BTreeMap, HashMap};

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let Some(folder) = args.next() else {
        eprintln!("usage: copies INDEX [ESTIMATE]");
        std::process::exit(2);
    };
    let least: f64 = args.next().and_then(|a| a.parse().ok()).unwrap_or(0.2);
    let reader = Reader::open(&Location::new(folder))?;
    let (mut all, _) = reader.sketches(None)?;
    all.sort_by_key(|placed| placed.number);
    let mut texts: HashMap<u64, (String, Shingles)> = HashMap::new();
    for placed in &all {
        let document = reader.document_numbered(placed.number)?;
        let shingles = ingest::shingles(&document.title.value, &reader.passages(&document.id)?);
        texts.insert(placed.number, (format!("{} | {}", document.title.value, document.path), shingles));
    }
    let line = |one: u64, other: u64| {
        let Resemblance { shared, within, length, figures, title, size } = texts[&one].1.resemblance(&texts[&other].1);
        format!(
            "shared {shared:.2} within {within:.2} length {length:.2} figures {figures:.2} title {title:.2} size {size}"
        )
    };
    let groups = reader.copy_groups()?;
    let mut members: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    groups.iter().for_each(|(number, group)| members.entry(*group).or_default().push(*number));
    println!("{} documents, {} groups, {} documents in them", all.len(), members.len(), groups.len());
    for (group, mut members) in members {
        println!("\n{} ({} shingles)", texts[&group].0, texts[&group].1.len());
        members.sort_unstable();
        for member in members.into_iter().filter(|m| *m != group) {
            println!("  {} | {}", line(group, member), texts[&member].0);
        }
    }
    let mut near: Vec<(f64, u64, u64)> = Vec::new();
    for (at, one) in all.iter().enumerate() {
        for other in &all[at + 1..] {
            let estimate = one.sketch.estimate(&other.sketch);
            let together = groups.get(&one.number).is_some_and(|group| groups.get(&other.number) == Some(group));
            if estimate >= least && !together {
                near.push((estimate, one.number, other.number));
            }
        }
    }
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("\nnot together: {} pairs", near.len());
    for (estimate, one, other) in near {
        println!("{estimate:.2} {}\n  {}\n  {}", line(one, other), texts[&one].0, texts[&other].0);
    }
    Ok(())
}
