//! Options by which a user adds to the vocabularies.

use super::Console;
use dryport::error::{Error, Result};
use dryport::index::AdditionKind;
use dryport::ingest;
use dryport::source;
use dryport::vocab::Vocabulary;
use std::path::{Path, PathBuf};

/// Files that add places and topics.
#[derive(clap::Args, Default)]
pub struct VocabularyArgs {
    /// A file of places of your own, such as a port or a corridor; see README (repeatable)
    #[arg(long, value_name = "FILE")]
    places: Vec<PathBuf>,

    /// A taxonomy of your own, which adds to the one compiled in or replaces it; see README (repeatable)
    #[arg(long, value_name = "FILE")]
    topics: Vec<PathBuf>,
}

impl VocabularyArgs {
    /// The files by what they add.
    pub fn additions(&self) -> Vec<(AdditionKind, PathBuf)> {
        let places = self.places.iter().map(|p| (AdditionKind::Places, p.clone()));
        places.chain(self.topics.iter().map(|p| (AdditionKind::Topics, p.clone()))).collect()
    }

    /// The vocabularies with these files and, if a folder is given, what lies in it and the folders above.
    /// Errors: a file that was named cannot be used.
    pub fn vocabulary(&self, folder: Option<&Path>, console: &Console) -> Result<Vocabulary> {
        let folders = folder.map(source::absolute).unwrap_or_default();
        let roots: Vec<String> = folders.ancestors().filter(|f| f.is_absolute()).map(source::key_of).collect();
        let (definitions, problems) = ingest::definitions(&roots, &self.additions())?;
        for (file, problem) in problems {
            console.say(&format!("{file}: {problem}"));
        }
        let hint = |hint| Error::BadValue { option: "--places", given: "the places given".into(), hint };
        Vocabulary::new(&definitions).map_err(hint)
    }
}
