//! `dryport show`: a document as it is indexed.

use super::{Console, Exit};
use dryport::error::{Error, Result};
use dryport::index::{Deadline, DocumentRecord, Location, PassageRecord, Reader};
use dryport::ingest::Inspected;
use dryport::present::{self, Shown};
use dryport::search::Marker;
use dryport::{query, source};
use std::path::Path;

/// Show a document as it is indexed, with its metadata
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  dryport show reports/2020.html            by its path
  dryport show 8f3a5c0e1d2b4a69#4           by its id, from passage 4 on
  dryport show 'all.zip!/a/2020.html'       a member of an archive
  dryport show 2020.html --query \"dry port\"              matches marked, and where they are
  dryport show 2020.html#3 --query \"dry port\" --next     from the first match after passage 3 on")]
pub struct Args {
    /// Id or path of a document, or the end of its path; `#N` begins at passage N
    #[arg(value_name = "DOC[#N]")]
    document: String,

    /// Highlight what this query finds
    #[arg(long, short = 'q', value_name = "QUERY")]
    query: Option<String>,

    /// Begin at the next passage after #N that the query finds; without #N at the first
    #[arg(long, requires = "query")]
    next: bool,

    /// Say for each label of a passage which words and which rule gave it
    #[arg(long)]
    explain: bool,

    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args, location: &Location, console: &mut Console) -> Result<Exit> {
    let reader = Reader::open(location)?;
    let vocabulary = reader.vocabulary();
    // A name may hold a `#` of its own.
    let numbered = args.document.rsplit_once('#').and_then(|(name, n)| Some((name, n.parse::<u64>().ok()?)));
    let (document, from) = match (find(&reader, &args.document), numbered) {
        (Ok(document), _) => (document, None),
        (Err(Error::NoSuchDocument { .. }), Some((name, from))) => (find(&reader, name)?, Some(from)),
        (Err(error), _) => return Err(error),
    };
    let (last, numbered) = (u64::from(document.passages), from.is_some());
    let mut from = from.unwrap_or(1);
    if from == 0 || from > last {
        return Err(Error::NoSuchPassage { given: from, last });
    }
    let mut passages = reader.passages(&document.id)?;
    let copies = reader.copies_of(&document.id)?;
    let gazetteer = &vocabulary.gazetteer;
    let mut node = None;
    let mut exit = Exit::Found;
    if let Some(query) = args.query {
        let params = query::Params { query: vec![query], ..Default::default() };
        let query = query::resolve(&params, vocabulary)?;
        // As in a search: the words of a phrase that is not there.
        let asked = [Some(&query), query.fallback.as_deref()];
        let mut found: Vec<u64> = Vec::new();
        for query in asked.into_iter().flatten() {
            node = reader.expand(query, Deadline::after(query.patience))?.node;
            let marker = node.as_ref().map(|node| Marker::new(node, gazetteer));
            let finds = |p: &&PassageRecord| marker.as_ref().is_some_and(|marker| marker.marks(&document, p).is_some());
            found = passages.iter().filter(finds).map(|p| p.ordinal.into()).collect();
            if !found.is_empty() {
                break;
            }
        }
        if args.next {
            let next = found.iter().find(|n| if numbered { **n > from } else { **n >= from });
            match next {
                Some(next) => from = *next,
                None => {
                    console.say("no further passage is found");
                    if !args.json {
                        return Ok(Exit::Nothing);
                    }
                    passages.clear();
                    exit = Exit::Nothing;
                }
            }
        }
        if !passages.is_empty() {
            console.say(&places(&found));
        }
    }
    passages.retain(|p| u64::from(p.ordinal) >= from);
    let look = console.look();
    if args.json {
        let text = passages.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\n\n");
        present::inspected_json(
            &Inspected {
                document,
                body: text.clone(),
                text,
                parts: Vec::new(),
                repairs: None,
                passages,
                encoding: None,
                replaced: 0,
                has_bytes: true,
                copies: Some(copies),
            },
            gazetteer,
            console.out(),
        )?;
        console.out().flush()?;
    } else {
        let shown = Shown { gazetteer, node: node.as_ref(), explain: args.explain, copies: &copies };
        present::document(&document, &passages, shown, &look, console.out())?;
    }
    Ok(exit)
}

/// Where a query is found.
fn places(found: &[u64]) -> String {
    const PLACES_SHOWN: usize = 20;
    if found.is_empty() {
        return "found in no passage".into();
    }
    let list: Vec<String> = found.iter().take(PLACES_SHOWN).map(|n| format!("#{n}")).collect();
    let more = found.len().saturating_sub(PLACES_SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("found in {}{more}", list.join(", "))
}

/// By id, by path, by the beginning of an id, by the end of a path.
fn find(reader: &Reader, given: &str) -> Result<DocumentRecord> {
    if let Some(document) = reader.document(given)? {
        return Ok(document);
    }
    if let Some(document) = reader.document(&source::key_of(&source::absolute(Path::new(given))))? {
        return Ok(document);
    }
    const NEAR_MAX: usize = 5;
    let is_id = given.len() >= 4 && given.bytes().all(|b| b.is_ascii_hexdigit());
    let end = format!("/{}", given.trim_start_matches("./"));
    // A file that holds many documents stands for all of them.
    let fits = |d: &DocumentRecord| {
        is_id && d.id.starts_with(&given.to_lowercase()) || d.path.ends_with(&end) || d.file().ends_with(&end)
    };
    let mut found = reader.documents_where(NEAR_MAX, fits)?;
    if found.len() == 1 {
        return Ok(found.remove(0));
    }
    let look = |list: Vec<DocumentRecord>| list.into_iter().map(|d| d.path).collect::<Vec<_>>();
    if found.len() > 1 {
        return Err(Error::ManyDocuments { given: given.to_string(), near: look(found) });
    }
    let wanted = given.split('#').next().unwrap_or(given).to_lowercase();
    let near = |d: &DocumentRecord| {
        !wanted.is_empty()
            && (d.path.to_lowercase().contains(&wanted) || d.title.value.to_lowercase().contains(&wanted))
    };
    Err(Error::NoSuchDocument { given: given.to_string(), near: look(reader.documents_where(3, near)?) })
}
