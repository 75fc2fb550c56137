#![doc = include_str!("ARCHITECTURE.md")]
#![warn(missing_docs)]

pub mod analysis;
pub mod annotate;
pub mod clean;
pub mod copies;
pub mod decode;
pub mod error;
pub mod extract;
pub mod index;
pub mod ingest;
pub mod model;
pub mod offsets;
pub mod pattern;
pub mod present;
pub mod query;
pub mod search;
pub mod source;
pub mod split;
pub mod vocab;

#[cfg(test)]
mod architecture {
    //! The map cannot lie for long: the table of rooms is compared with what the rooms use.

    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    fn files(at: &Path, out: &mut Vec<PathBuf>) {
        if at.is_dir() {
            for entry in fs::read_dir(at).unwrap() {
                files(&entry.unwrap().path(), out);
            }
        } else if at.extension().is_some_and(|e| e == "rs") {
            out.push(at.to_path_buf());
        }
    }

    fn source_of(room: &str) -> String {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut list = Vec::new();
        for at in [src.join(room), src.join(format!("{room}.rs"))] {
            if at.exists() {
                files(&at, &mut list);
            }
        }
        assert!(!list.is_empty(), "there is no room `{room}`");
        list.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
    }

    fn rooms_in(text: &str, before: &str) -> BTreeSet<String> {
        let name = |rest: &str| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>();
        text.split(before).skip(1).map(name).filter(|n| !n.is_empty()).collect()
    }

    #[test]
    fn rooms_use_what_the_table_says_and_nothing_else() {
        let map = include_str!("ARCHITECTURE.md");
        let mut seen = 0;
        for row in map.lines().filter(|l| l.starts_with("| `") && l.matches('|').count() == 5) {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            let room = cells[1].trim_matches('`');
            let allowed = rooms_in(cells[3], "`");
            let mut used = rooms_in(&source_of(room), "crate::");
            used.remove(room);
            assert_eq!(used, allowed, "room `{room}`");
            seen += 1;
        }
        assert_eq!(seen, 18, "every room has its row");
    }

    #[test]
    fn the_engine_is_named_in_its_room_only() {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut list = Vec::new();
        files(&src, &mut list);
        for file in list {
            let inside = file.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
            let may = ["index/local/", "analysis/engine.rs", "lib.rs"].iter().any(|f| inside.starts_with(f));
            let code: String =
                fs::read_to_string(&file).unwrap().lines().filter(|l| !l.trim_start().starts_with("//")).collect();
            assert!(may || !code.contains("tantivy::"), "{inside} names the engine");
        }
    }
}
