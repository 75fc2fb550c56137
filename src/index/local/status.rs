//! Counts of what one committed state holds.

use super::super::Status;
use super::super::record::{EntryState, StateKind};
use super::engine;
use super::read::Reader;
use super::schema::{Keyword, sort};
use crate::error::Result;
use std::collections::BTreeMap;
use tantivy::collector::Count;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;

impl Reader {
    /// Counts of what the index holds.
    pub fn status(&self) -> Result<Status> {
        let mut status = Status {
            bytes: self.location.bytes(),
            roots: self.payload().roots.clone(),
            forgotten: self.payload().forgotten.clone(),
            ..Status::default()
        };
        let passages = TermQuery::new(self.fields.term(Keyword::Record(sort::PASSAGE)), IndexRecordOption::Basic);
        status.passages = self.searcher.search(&passages, &Count).map_err(engine("cannot read the index"))? as u64;
        let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
        let mut languages: BTreeMap<String, u64> = BTreeMap::new();
        let mut years: BTreeMap<u16, u64> = BTreeMap::new();
        for address in self.all(&[Keyword::Record(sort::DOCUMENT)])? {
            let record = self.document_at(address)?;
            status.documents += 1;
            *kinds.entry(record.kind.value.to_string()).or_default() += 1;
            *languages.entry(record.language.value.to_string()).or_default() += 1;
            *years.entry(record.year.map_or(0, |y| y.value.get())).or_default() += 1;
        }
        let mut skipped: BTreeMap<String, u64> = BTreeMap::new();
        for (key, known) in self.ledger()? {
            if known.state == StateKind::Indexed {
                continue;
            }
            match self.entry(&key)? {
                Some((_, EntryState::Failed(reason))) => status.failures.push((key, reason)),
                Some((_, EntryState::Partly { failures, failed })) => {
                    let more = failed.saturating_sub(failures.len() as u64);
                    let members = failures.into_iter().map(|(m, reason)| (super::super::member_path(&key, &m), reason));
                    status.failures.extend(members);
                    if more > 0 {
                        status.failures.push((key, format!("{more} more of its members could not be read")));
                    }
                }
                Some((_, EntryState::Skipped(reason))) => *skipped.entry(reason).or_default() += 1,
                _ => {}
            }
        }
        status.failures.sort();
        status.kinds = most_first(kinds);
        status.languages = most_first(languages);
        status.years = years.into_iter().collect();
        status.skipped = most_first(skipped);
        Ok(status)
    }
}

fn most_first(counts: BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let mut list: Vec<(String, u64)> = counts.into_iter().collect();
    list.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    list
}
