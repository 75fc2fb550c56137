//! Build script: the glossary.
//!
//! - `glossary.rs`: every concept as a constant;
//! - `glossary.fst`, `glossary.bin`: every term as a query has it, and the concepts it leads to.

use super::fold::folded;
use std::fmt::Write as _;

#[path = "table.rs"]
mod table;

/// The files by name.
pub fn compiled(text: &str) -> [(&'static str, Vec<u8>); 3] {
    let rows = table::rows(text).unwrap_or_else(|e| panic!("glossary.tsv: {e}"));
    fn list<'t>(terms: impl Iterator<Item = &'t table::Term>) -> String {
        terms.map(|t| format!("Cow::Borrowed({:?}), ", t.text)).collect()
    }
    let mut source = format!("static CONCEPTS: [Concept; {}] = [\n", rows.len());
    let mut readings = table::Readings::default();
    for (at, row) in rows.iter().enumerate() {
        readings.add(u16::try_from(at).expect("fewer than 65,536 concepts"), row);
        let _ = writeln!(
            source,
            "Concept {{ slug: Cow::Borrowed({:?}), english: Cow::Borrowed(&[{}]), chinese: Cow::Borrowed(&[{}]), \
             capitals: Cow::Borrowed(&[{}]), reached: Cow::Borrowed(&[{}]) }},",
            row.slug,
            list(row.english.iter()),
            list(row.chinese.iter()),
            list(row.terms().filter(|t| t.capitals)),
            list(row.terms().filter(|t| t.reached)),
        );
    }
    let (keys, blob) = readings.packed();
    let map = fst::Map::from_iter(keys).expect("keys are sorted");
    [
        ("glossary.rs", (source + "];\n").into_bytes()),
        ("glossary.fst", map.into_fst().into_inner()),
        ("glossary.bin", blob),
    ]
}
