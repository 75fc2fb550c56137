//! `dryport annotate`: what passages are about, line by line, without files or an index.

use super::words::VocabularyArgs;
use super::{Console, Exit, today};
use dryport::error::{Error, Result};
use dryport::ingest::{Alone, alone};
use serde::{Deserialize, Serialize};
use std::io::BufRead;

/// Say what passages are about: regions, years and topics of each line of JSON
///
/// Reads JSON Lines from standard input: `id`, `text` and, if known, `title`, `heading`, `doc_year`, `issuer` (whose
/// government speaks), `lang`. Writes a line for each, in their order: `id`, `regions` with code, name and role
/// (`about` or `mention`), `macro` (codes of macro-regions and zones), `years`, `topics`, `themes`, `language`.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  echo '{\"id\": 1, \"text\": \"Last year Xinjiang built a dry port.\", \"doc_year\": 2020}' | dryport annotate
  dryport annotate --explain < passages.jsonl > labels.jsonl")]
pub struct Args {
    /// Add `evidence`: for each label the words and the rule that gave it
    #[arg(long)]
    explain: bool,

    #[command(flatten)]
    words: VocabularyArgs,
}

#[derive(Deserialize)]
struct Input {
    #[serde(default)]
    id: serde_json::Value,
    text: String,
    title: Option<String>,
    heading: Option<String>,
    doc_year: Option<serde_json::Value>,
    issuer: Option<String>,
    lang: Option<String>,
}

#[derive(Serialize)]
struct Output<'a> {
    id: &'a serde_json::Value,
    regions: Vec<Region<'a>>,
    r#macro: Vec<&'a str>,
    years: Vec<u16>,
    topics: Vec<&'a str>,
    themes: Vec<&'a str>,
    language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<&'a [dryport::index::Evidence]>,
}

#[derive(Serialize)]
struct Region<'a> {
    code: &'a str,
    name: &'a str,
    role: &'static str,
}

pub fn run(args: Args, console: &mut Console) -> Result<Exit> {
    let today = today();
    let vocabulary = args.words.vocabulary(None, console)?;
    let gazetteer = &vocabulary.gazetteer;
    let (mut number, mut bad) = (0u64, false);
    for line in std::io::stdin().lock().split(b'\n') {
        number += 1;
        let line = line.map_err(|e| Error::Io { doing: "cannot read", path: "standard input".into(), source: e })?;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let input: Input = match serde_json::from_slice(&line) {
            Ok(input) => input,
            Err(error) => {
                bad = true;
                console.say(&format!("line {number} is left out: {error}"));
                continue;
            }
        };
        if let Some(issuer) = &input.issuer
            && let Err(error) = gazetteer.find(issuer)
        {
            bad = true;
            let hint = error.hint().map(|h| format!("; {h}")).unwrap_or_default();
            console.say(&format!("line {number}: its issuer is not used: {error}{hint}"));
        }
        let given = Alone {
            text: input.text,
            title: input.title,
            heading: input.heading,
            year: input
                .doc_year
                .filter(|y| !y.is_null())
                .map(|y| y.to_string().trim_matches('"').trim_end_matches(".0").to_string()),
            issuer: input.issuer,
            language: input.lang,
        };
        let (language, passage) = alone(given, &vocabulary, today);
        let is_macro = |code: &str| code.starts_with("M-") || code.starts_with("Z-");
        // A site, such as a port's area, is filed under its division.
        let is_site = |code: &str| gazetteer.place(code).is_some_and(|p| p.has_flag("site"));
        let region = |code: &'_ str, role| {
            let place = gazetteer.place(code)?;
            (!is_macro(code)).then_some(Region { code: &place.code, name: &place.name_en, role })
        };
        let about = passage.regions.iter().filter_map(|r| region(&r.0, "about"));
        let mentioned = passage.mentions.iter().filter_map(|r| region(&r.0, "mention"));
        let is_theme = |slug: &str| vocabulary.taxonomy.topic(slug).is_some_and(|t| t.parent().is_some());
        let topics = || passage.topics.iter().map(|t| t.0.as_str());
        let output = Output {
            id: &input.id,
            regions: about.chain(mentioned).collect(),
            r#macro: passage.regions.iter().map(|r| r.0.as_str()).filter(|c| is_macro(c) && !is_site(c)).collect(),
            years: passage.years.iter().map(|y| y.get()).collect(),
            topics: topics().filter(|t| !is_theme(t)).collect(),
            themes: topics().filter(|t| is_theme(t)).collect(),
            language: language.code(),
            evidence: args.explain.then_some(&passage.evidence),
        };
        dryport::present::json_line(&output, console.out())?;
        // Who sends a line may wait for its answer.
        console.out().flush()?;
    }
    console.out().flush()?;
    Ok(if bad { Exit::Error } else { Exit::Found })
}
