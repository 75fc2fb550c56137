//! Build script: topics and their terms.
//!
//! - `topics.rs`: every topic and theme as a constant;
//! - `terms.rs`: what every term says, and the trie of their words.

use super::table::{MEDIUM, STRONG, Topic, WEAK, table};
use super::trie::Trie;
use std::fmt::Write as _;

/// The files by name.
pub fn compiled(text: &str) -> [(&'static str, Vec<u8>); 2] {
    let file: toml::Table = text.parse().unwrap_or_else(|e| panic!("taxonomy.toml: {e}"));
    let rows_of = |key: &str| file.get(key).and_then(toml::Value::as_array).map(Vec::as_slice).unwrap_or_default();
    fn text_of<'a>(row: &'a toml::Value, key: &str) -> &'a str {
        row.get(key).and_then(toml::Value::as_str).unwrap_or_default()
    }
    fn list<'a>(row: &'a toml::Value, keys: &[&str]) -> Vec<&'a str> {
        keys.iter().filter_map(|k| row.get(*k)?.as_array()).flatten().filter_map(toml::Value::as_str).collect()
    }
    let held = |terms: &[&str]| -> String { terms.iter().map(|term| format!("Cow::Borrowed({term:?}), ")).collect() };
    let slugs: Vec<&str> = rows_of("topic").iter().map(|row| text_of(row, "slug")).collect();
    let mut source = String::new();
    let mut rows = Vec::new();
    for (of, kinds) in [
        (rows_of("topic"), [&["strong_en", "strong_zh"], &["medium_en", "medium_zh"], &["weak_en", "weak_zh"]]),
        (rows_of("theme"), [&["en", "zh"], &["", ""], &["", ""]]),
    ] {
        for row in of {
            let [strong, medium, weak] = kinds.map(|keys| list(row, keys));
            let _ = writeln!(
                source,
                "Topic {{ slug: Cow::Borrowed({:?}), parent: Cow::Borrowed({:?}), name_en: Cow::Borrowed({:?}), \
                 name_zh: Cow::Borrowed({:?}), strong: Cow::Borrowed(&[{}]), medium: Cow::Borrowed(&[{}]), \
                 weak: Cow::Borrowed(&[{}]) }},",
                text_of(row, "slug"),
                text_of(row, "topic"),
                text_of(row, "name_en"),
                text_of(row, "name_zh"),
                held(&strong),
                held(&medium),
                held(&weak),
            );
            rows.push(Topic {
                parent: slugs.iter().position(|slug| *slug == text_of(row, "topic")),
                terms: [strong, medium, weak]
                    .iter()
                    .zip([STRONG, MEDIUM, WEAK])
                    .flat_map(|(t, w)| t.iter().map(move |t| (*t, w)))
                    .collect(),
            });
        }
    }
    let phrases = file.get("phrases").map(|row| list(row, &["en", "zh"])).unwrap_or_default();
    let topics = format!(
        "static TOPICS: [Topic; {}] = [\n{source}];\nstatic PHRASES: [Text; {}] = [{}];\n",
        rows.len(),
        phrases.len(),
        held(&phrases)
    );
    let all = table(&rows, phrases.iter().copied());
    let says: String = all
        .values()
        .map(|term| format!("Term {{ says: Cow::Borrowed(&{:?}), capitals: {} }},\n", term.says, term.capitals))
        .collect();
    let trie = Trie::of(all.keys().map(String::as_str));
    let (slots, open, hints) = trie.parts();
    let terms = format!(
        "static TERMS: [Term; {}] = [\n{says}];\nstatic SLOTS: [u64; {}] = {slots:?};\nstatic OPEN: [usize; {}] = {open:?};\nstatic HINTS: [u64; {}] = {hints:?};\n",
        all.len(),
        slots.len(),
        open.len(),
        hints.len(),
    );
    [("topics.rs", topics.into_bytes()), ("terms.rs", terms.into_bytes())]
}
