//! What was searched, and what could not be.

use crate::index::Coverage;
use serde::Serialize;

/// The same as JSON.
#[derive(Serialize)]
pub(super) struct SearchedOut {
    documents: u64,
    files_failed: u64,
    members_failed: u64,
    files_skipped: u64,
}

impl From<&Coverage> for SearchedOut {
    fn from(c: &Coverage) -> SearchedOut {
        SearchedOut {
            documents: c.documents,
            files_failed: c.files_failed,
            members_failed: c.members_failed,
            files_skipped: c.files_skipped,
        }
    }
}

/// `630 documents searched, 13 files could not be read (dryport status)`.
pub fn searched(coverage: &Coverage) -> String {
    let count = |n: u64, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let failed = match (coverage.files_failed, coverage.members_failed) {
        (0, 0) => None,
        (files, 0) => Some(count(files, "file")),
        (0, members) => Some(count(members, "member") + " of files"),
        (files, members) => Some(format!("{} and {} of others", count(files, "file"), count(members, "member"))),
    };
    let skipped = match coverage.files_skipped {
        0 => None,
        1 => Some("1 file is of no format that is read".to_string()),
        n => Some(format!("{n} files are of no format that is read")),
    };
    let mut out = format!("{} searched", count(coverage.documents, "document"));
    let missing: Vec<String> = failed.map(|f| f + " could not be read").into_iter().chain(skipped).collect();
    if !missing.is_empty() {
        out += &format!(", {} (dryport status)", missing.join(", "));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_searched_is_said_where_there_is_any() {
        let said = |documents, files_failed, members_failed, files_skipped| {
            searched(&Coverage { documents, files_failed, members_failed, files_skipped })
        };
        assert_eq!(said(630, 0, 0, 0), "630 documents searched");
        assert_eq!(said(630, 13, 0, 0), "630 documents searched, 13 files could not be read (dryport status)");
        assert_eq!(
            said(1, 1, 2, 1),
            "1 document searched, 1 file and 2 members of others could not be read, \
             1 file is of no format that is read (dryport status)"
        );
        assert_eq!(said(0, 0, 1, 0), "0 documents searched, 1 member of files could not be read (dryport status)");
    }
}
