//! What the user adds to the vocabularies: `places.toml`, `topics.toml` and `glossary.tsv` in the folders that are
//! covered, and files named by options, which are remembered.

use crate::error::{Error, Problem, Result};
use crate::index::{Addition, AdditionKind};
use crate::source;
use crate::vocab::Definitions;
use std::path::{Path, PathBuf};

/// A file of additions is no longer than this, in bytes.
const BYTES_MAX: u64 = 4_000_000;

/// Additions, what they define, and what is wrong with files that cannot be used.
type Gathered = (Vec<Addition>, Definitions, Vec<(String, Problem)>);

/// Brings the additions up to date: those of the folders `roots`, those known from earlier runs whose files cannot be
/// looked at just now, and those of the files that were named.
///
/// Gives them with what they define, and what is wrong with those that cannot be used.
/// Errors: a file that was named cannot be used.
pub fn gather(roots: &[String], known: &[Addition], named: &[(AdditionKind, PathBuf)]) -> Result<Gathered> {
    let mut all: Vec<Addition> = Vec::new();
    let mut definitions = Definitions::default();
    let mut problems = Vec::new();
    for root in roots.iter().map(|root| source::path_of(root)) {
        for kind in AdditionKind::ALL {
            let file = source::key_of(&root.join(kind.file_name()));
            let before = known.iter().find(|a| a.file == file && !a.named);
            match look(&source::path_of(&file)) {
                Look::Text(text) => {
                    let addition = Addition { kind, file, text, named: false };
                    take(addition, before, &mut all, &mut definitions, &mut problems);
                }
                // The disk is not there: what was known holds.
                Look::Nothing if !root.exists() => {
                    before.into_iter().for_each(|a| take(a.clone(), None, &mut all, &mut definitions, &mut problems));
                }
                Look::Nothing => {}
                Look::Problem(problem) => {
                    problems.push((file, problem));
                    before.into_iter().for_each(|a| take(a.clone(), None, &mut all, &mut definitions, &mut problems));
                }
            }
        }
    }
    let named_now: Vec<String> = named.iter().map(|(_, path)| source::key_of(&source::absolute(path))).collect();
    for before in known.iter().filter(|a| a.named && !named_now.contains(&a.file)) {
        let text = match look(&source::path_of(&before.file)) {
            Look::Text(text) => text,
            Look::Nothing | Look::Problem(_) => before.text.clone(),
        };
        let addition = Addition { text, ..before.clone() };
        take(addition, Some(before), &mut all, &mut definitions, &mut problems);
    }
    for ((kind, path), file) in named.iter().zip(named_now) {
        let option = match kind {
            AdditionKind::Places => "--places",
            AdditionKind::Topics => "--topics",
            AdditionKind::Glossary => "--glossary",
        };
        let bad = |hint: String| Error::BadValue { option, given: path.display().to_string(), hint };
        let text = match look(path) {
            Look::Text(text) => text,
            Look::Nothing => return Err(Error::NoSuchPath { path: path.clone() }),
            Look::Problem(problem) => return Err(bad(problem.to_string())),
        };
        let addition = Addition { kind: *kind, file, text, named: true };
        addition.add_to(&mut definitions).map_err(bad)?;
        all.push(addition);
    }
    Ok((all, definitions, problems))
}

/// What the files of folders and those that are named define, without an index, and which of the folders' files
/// are not used, and why.
/// Errors: a file that was named cannot be used.
pub fn definitions(
    folders: &[String],
    named: &[(AdditionKind, PathBuf)],
) -> Result<(Definitions, Vec<(String, Problem)>)> {
    gather(folders, &[], named).map(|(_, definitions, problems)| (definitions, problems))
}

enum Look {
    Text(String),
    Nothing,
    Problem(Problem),
}

fn look(path: &Path) -> Look {
    match std::fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => Look::Nothing,
        Ok(metadata) if metadata.len() > BYTES_MAX => Look::Problem(Problem::Content("is too long".into())),
        Ok(_) => match std::fs::read_to_string(path) {
            Ok(text) => Look::Text(text),
            Err(error) => Look::Problem(Problem::Content(format!("is not used: {error}"))),
        },
        Err(_) => Look::Nothing,
    }
}

/// Takes an addition, or, if it is wrong, the one that was there before.
fn take(
    addition: Addition,
    before: Option<&Addition>,
    all: &mut Vec<Addition>,
    definitions: &mut Definitions,
    problems: &mut Vec<(String, Problem)>,
) {
    match addition.add_to(definitions) {
        Ok(()) => all.push(addition),
        Err(reason) => {
            problems.push((addition.file, Problem::Content(format!("is not used: {reason}"))));
            if let Some(before) = before
                && before.add_to(definitions).is_ok()
            {
                all.push(before.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn additions_come_from_folders_and_options_and_are_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let root = source::key_of(folder.path());
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("places.toml", "[[place]]\nname = \"East Yard\"\nin = \"Urumqi\"\n");
        write("more.toml", "[[place]]\nname = \"West Yard\"\nin = \"Urumqi\"\n");
        let named = [(AdditionKind::Places, folder.path().join("more.toml"))];
        let (known, definitions, problems) = gather(std::slice::from_ref(&root), &[], &named).unwrap();
        assert_eq!((known.len(), definitions.places.len(), problems.len()), (2, 2, 0));
        // Later without the option, and with a mistake in the folder's file.
        write("places.toml", "[[place]]\nname = 1\n");
        let (again, definitions, problems) = gather(&[root], &known, &[]).unwrap();
        assert_eq!((again.len(), definitions.places.len(), problems.len()), (2, 2, 1));
        let wrong = [(AdditionKind::Topics, folder.path().join("none.toml"))];
        assert!(matches!(gather(&[], &[], &wrong), Err(Error::NoSuchPath { .. })));
    }
}
