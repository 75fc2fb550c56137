//! CSV for spreadsheets: a line of names, then a hit a line. Cells that would be formulas are defused.

use super::escape::{cell, terminal};
use super::{Context, Present};
use crate::search::{Hit, Results};
use std::io::{self, Write};

const COLUMNS: [&str; 17] = [
    "rank", "score", "title", "kind", "date", "year", "language", "source", "url", "path", "document", "passage",
    "page", "heading", "regions", "topics", "snippet",
];

/// Comma-separated values.
pub struct Csv;

impl Present for Csv {
    fn begin(&mut self, _: &Results, _: &Context, out: &mut dyn Write) -> io::Result<()> {
        row(&COLUMNS.map(String::from), out)
    }

    fn hit(&mut self, hit: &Hit, context: &Context, out: &mut dyn Write) -> io::Result<()> {
        let (document, passage) = (&hit.document, &hit.passage);
        row(
            &[
                hit.rank.to_string(),
                format!("{:.4}", hit.score),
                document.title.value.clone(),
                document.kind.value.to_string(),
                document.date.as_ref().map(|d| d.value.to_string()).unwrap_or_default(),
                document.year.as_ref().map(|y| y.value.to_string()).unwrap_or_default(),
                document.language.value.to_string(),
                document.source.as_ref().map(|s| s.value.clone()).unwrap_or_default(),
                document.url.as_ref().map(|u| u.value.clone()).unwrap_or_default(),
                document.path.clone(),
                document.id.clone(),
                passage.ordinal.to_string(),
                passage.page.map(|p| p.to_string()).unwrap_or_default(),
                passage.heading.join(" > "),
                passage.regions.iter().map(|r| context.gazetteer.name(r)).collect::<Vec<_>>().join("; "),
                passage.topics.iter().map(|t| t.0.as_str()).collect::<Vec<_>>().join("; "),
                hit.snippet.text.clone(),
            ],
            out,
        )
    }

    fn end(&mut self, _: &Results, _: &Context, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

fn row(cells: &[String], out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells.iter().map(|c| cell(&terminal(c)).into_owned()))?;
    let bytes = writer.into_inner().map_err(|e| io::Error::other(e.to_string()))?;
    out.write_all(&bytes)
}
