//! Whether what an index holds is also found in it: a sample of passages, each searched for by its own words.

use super::Marker;
use crate::analysis::analyse;
use crate::error::Result;
use crate::index::{Checked, Deadline, Reader};
use crate::query::{Params, Query, resolve};

/// Words by which a passage is searched for.
const WORDS: usize = 6;

/// Looks at everything in an index, and searches for about so many of its passages.
/// Errors: what cannot be read at all.
pub fn check(reader: &Reader, sample: u64) -> Result<Checked> {
    let gazetteer = &reader.vocabulary().gazetteer;
    reader.check(sample, &mut |document, passage, out| {
        // As much of its beginning as a reader would quote to find it again.
        let tokens = analyse(&passage.text);
        let end = tokens.iter().filter(|token| token.position < WORDS).map(|token| token.end).max().unwrap_or(0);
        let quoted = passage.text.get(..end).unwrap_or_default().replace(['"', '“', '”', '\\', '「', '」'], " ");
        let params =
            Params { query: vec![format!("\"{quoted}\"")], literal: true, no_expand: true, ..Params::default() };
        let Ok(query) = resolve(&params, reader.vocabulary()) else { return Ok(()) };
        let query = reader.expand(&Query { fallback: None, ..query }, Deadline::default())?;
        let Some(node) = &query.node else { return Ok(()) };
        out.searched += 1;
        let is_here = Marker::new(node, gazetteer).marks(document, &passage).is_some();
        if is_here && !reader.finds(&query, &document.id, passage.ordinal)? {
            out.fault(format!("passage {} of `{}` is not found by its own words", passage.ordinal, document.path));
        }
        Ok(())
    })
}
