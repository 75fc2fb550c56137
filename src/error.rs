//! Two kinds of trouble, told apart by who can act.
//!
//! [`Error`]: the request, the index or the disk; the command stops with exit code 2.
//! [`Problem`]: one file; it goes to the report and the run goes on.

use std::path::PathBuf;

/// The result of anything that can stop a command.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What stops a command.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A place that the gazetteer does not have.
    #[error("unknown region `{given}`")]
    UnknownRegion {
        /// As typed.
        given: String,
        /// Names near to it.
        near: Vec<String>,
    },
    /// A topic that the taxonomy does not have.
    #[error("unknown topic `{given}`")]
    UnknownTopic {
        /// As typed.
        given: String,
        /// Names near to it.
        near: Vec<String>,
    },
    /// A value of an option that cannot be understood.
    #[error("{option} cannot be `{given}`")]
    BadValue {
        /// The option, as typed.
        option: &'static str,
        /// Its value.
        given: String,
        /// What it can be.
        hint: String,
    },
    /// A query that cannot be understood; `at` is a position in Unicode characters.
    #[error("{reason}\n  {}", pointed(query, *at))]
    BadQuery {
        /// As typed.
        query: String,
        /// Where, in characters.
        at: usize,
        /// What is wrong.
        reason: String,
    },
    /// A search that was given up.
    #[error("the search takes longer than {seconds} s")]
    TooSlow {
        /// How long it was waited for.
        seconds: f64,
    },
    /// No index at the place asked for.
    #[error("no index at `{}`", path.display())]
    NoIndex {
        /// The index's folder.
        path: PathBuf,
    },
    /// An index of another format.
    #[error("the index at `{}` has format {found}, this dryport reads format {expected}", path.display())]
    OtherFormat {
        /// The index's folder.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The format of this version.
        expected: u32,
    },
    /// Something lies where the index should be made.
    #[error("`{}` holds other files and is no index", path.display())]
    NotAnIndex {
        /// The folder.
        path: PathBuf,
    },
    /// The index cannot be read.
    #[error("the index at `{}` is damaged: {reason}", path.display())]
    Damaged {
        /// The index's folder.
        path: PathBuf,
        /// What was wrong.
        reason: String,
    },
    /// Something in the index cannot be read.
    #[error("{doing}: {reason}")]
    Broken {
        /// What was being done.
        doing: &'static str,
        /// What was wrong.
        reason: String,
    },
    /// Another process writes to the index.
    #[error("the index at `{}` is being written by {holder}", path.display())]
    Locked {
        /// The index's folder.
        path: PathBuf,
        /// Who holds the lock.
        holder: String,
    },
    /// A path given by the user that is not there.
    #[error("`{}` is not there", path.display())]
    NoSuchPath {
        /// The path as given.
        path: PathBuf,
    },
    /// A document that the index does not have.
    #[error("no document `{given}` in the index")]
    NoSuchDocument {
        /// As typed.
        given: String,
        /// Paths or ids near to it.
        near: Vec<String>,
    },
    /// A passage that the document does not have.
    #[error("the document has no passage {given}: it has 1 to {last}")]
    NoSuchPassage {
        /// The number asked for.
        given: u64,
        /// The last there is.
        last: u64,
    },
    /// A name that fits several documents.
    #[error("`{given}` fits {} documents", near.len())]
    ManyDocuments {
        /// As typed.
        given: String,
        /// The documents.
        near: Vec<String>,
    },
    /// A file that cannot be read at all.
    #[error("{}: {problem}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        problem: Problem,
    },
    /// The file system refused something.
    #[error("{doing} `{}`: {source}", path.display())]
    Io {
        /// What was being done, such as "cannot write".
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The engine refused something.
    #[error("{doing}: {source}")]
    Engine {
        /// What was being done.
        doing: &'static str,
        /// What the engine said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Output could not be written.
    #[error("cannot write the output: {0}")]
    Output(#[from] std::io::Error),
}

impl Error {
    /// What the user can do next: shown on its own line after `hint:`.
    pub fn hint(&self) -> Option<String> {
        let alternatives = |near: &[String], otherwise: &str| {
            if near.is_empty() { otherwise.to_string() } else { format!("did you mean {}?", near.join(" or ")) }
        };
        match self {
            Error::UnknownRegion { near, .. } => Some(alternatives(near, "`dryport regions` lists them")),
            Error::UnknownTopic { near, .. } => Some(alternatives(near, "`dryport topics` lists them")),
            Error::BadValue { hint, .. } => Some(hint.clone()),
            Error::TooSlow { .. } => {
                Some("ask for less, with fewer words that stand for many, or allow more with --max-time".into())
            }
            Error::NoIndex { .. } => Some("make one with `dryport index FOLDER`, or name another with --index".into()),
            Error::OtherFormat { .. } => Some("make it anew with `dryport index --rebuild FOLDER`".into()),
            Error::NotAnIndex { .. } => Some("name an empty or new folder with --index".into()),
            Error::Damaged { .. } => Some("make it anew with `dryport index --rebuild FOLDER`".into()),
            Error::Broken { .. } => Some(
                "`dryport check` says what is damaged; `dryport index --rebuild FOLDER` makes the index anew".into(),
            ),
            Error::Locked { .. } => Some("wait for it to end, or stop it; searches can go on".into()),
            Error::NoSuchPath { .. } => Some("give the path of a file or folder".into()),
            Error::NoSuchDocument { near, .. } => {
                Some(alternatives(near, "give the id or the path that `dryport search` shows"))
            }
            Error::ManyDocuments { near, .. } => Some(format!("did you mean {}?", near.join(" or "))),
            _ => None,
        }
    }

    /// Wraps what the file system said.
    pub fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.into();
        move |source| Error::Io { doing, path, source }
    }
}

/// Why one file is not in the index. Never stops a run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
pub enum Problem {
    /// The file could not be read.
    #[error("cannot be read: {0}")]
    Io(String),
    /// Over a limit that an option sets.
    #[error("{says} {amount} (--{option})")]
    Limit {
        /// What is over it: "is larger than".
        says: String,
        /// The limit.
        amount: String,
        /// The option that sets it, without dashes.
        option: String,
    },
    /// The content is not what can be read.
    #[error("{0}")]
    Content(String),
    /// A format that is not read.
    #[error("{0} is not a format that is read")]
    Format(String),
    /// A fault of the program.
    #[error("internal error while reading it: {0}; please report this")]
    Internal(String),
}

/// Characters of a query that are shown on either side of a place in it.
const SHOWN: usize = 60;

/// A query, or of a long one what stands about character `at`, and beneath it blanks and a caret under that, wide
/// characters counted as two columns.
fn pointed(query: &str, at: usize) -> String {
    let from = at.saturating_sub(SHOWN);
    let mut before: String = query.chars().take(at).skip(from).collect();
    if from > 0 {
        before.insert(0, '…');
    }
    let mut rest = query.chars().skip(at);
    let after: String = rest.by_ref().take(SHOWN).collect();
    let end = if rest.next().is_some() { "…" } else { "" };
    let columns = unicode_width::UnicodeWidthStr::width(before.as_str());
    format!("{before}{after}{end}\n  {}^", " ".repeat(columns))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_place_also_after_wide_characters() {
        let error = Error::BadQuery { query: "陆港 (a".into(), at: 3, reason: "`(` is not closed".into() };
        assert_eq!(error.to_string(), "`(` is not closed\n  陆港 (a\n       ^");
    }

    #[test]
    fn of_a_long_query_the_place_is_shown() {
        let query = format!("{}({}", "港".repeat(100), "x".repeat(100));
        let error = Error::BadQuery { query, at: 100, reason: "`(` is not closed".into() };
        let expected = format!("…{}({}…\n  {}^", "港".repeat(60), "x".repeat(59), " ".repeat(121));
        assert_eq!(error.to_string(), format!("`(` is not closed\n  {expected}"));
    }

    #[test]
    fn near_names_are_suggested() {
        let error = Error::UnknownRegion {
            given: "Shanxii".into(),
            near: vec!["Shanxi 山西".into(), "Shaanxi 陕西".into()],
        };
        assert_eq!(error.hint().unwrap(), "did you mean Shanxi 山西 or Shaanxi 陕西?");
    }
}
