//! `dryport regions`, `dryport topics` and `dryport glossary`: what can be asked for.

use super::{Console, Exit};
use dryport::error::Result;
use dryport::index::{Location, Reader};
use dryport::vocab::{Concept, Level, Place, Vocabulary};
use serde::Serialize;
use std::borrow::Cow;

/// List the places that can be asked for, or what a name means and what lies in it
#[derive(clap::Args)]
pub struct RegionArgs {
    /// A place: English, pinyin or Chinese name, or code
    #[arg(value_name = "NAME")]
    name: Option<String>,

    /// As JSON
    #[arg(long)]
    json: bool,
}

/// List the topics and themes that can be asked for
#[derive(clap::Args)]
pub struct TopicArgs {
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// List the concepts that have several names, by which queries are widened, or those that a term belongs to
#[derive(clap::Args)]
pub struct GlossaryArgs {
    /// A term in either language; if no concept has it, those with a longer term that holds it
    #[arg(value_name = "TERM")]
    term: Vec<String>,

    /// As JSON
    #[arg(long)]
    json: bool,
}

/// The vocabularies of the index, if there is one: its user may have added to them.
fn vocabulary(index: Option<&Reader>) -> &Vocabulary {
    index.map_or(Vocabulary::builtin(), Reader::vocabulary)
}

#[derive(Serialize)]
struct PlaceOut<'a> {
    code: &'a str,
    level: Level,
    name: &'a str,
    name_zh: &'a str,
    within: Vec<&'a str>,
}

pub fn regions(args: RegionArgs, location: &Location, console: &mut Console) -> Result<Exit> {
    let index = Reader::open(location).ok();
    let gazetteer = &vocabulary(index.as_ref()).gazetteer;
    let places: Vec<&Place> = match &args.name {
        None => {
            gazetteer.places().filter(|p| matches!(p.level, Level::Province | Level::Macro) || p.is_own()).collect()
        }
        Some(name) => {
            let found = gazetteer.find(name)?;
            let inside = found
                .iter()
                .flat_map(|p| gazetteer.children(&p.code).chain(p.members().filter_map(|m| gazetteer.place(m))));
            found.iter().copied().chain(inside).collect()
        }
    };
    let out = console.out();
    if args.json {
        let list: Vec<PlaceOut> = places
            .iter()
            .map(|p| PlaceOut {
                code: &p.code,
                level: p.level,
                name: &p.name_en,
                name_zh: &p.name_zh,
                within: gazetteer.closure(&p.code)[1..].to_vec(),
            })
            .collect();
        dryport::present::json(&list, out)?;
    } else {
        for place in places {
            let within: Vec<&str> = gazetteer.closure(&place.code)[1..]
                .iter()
                .filter_map(|c| gazetteer.place(c))
                .map(|p| &*p.name_en)
                .collect();
            let within = if within.is_empty() { String::new() } else { format!("  in {}", within.join(", ")) };
            let former = if place.is_former() { " (former)" } else { "" };
            writeln!(
                out,
                "{:<12} {:<10} {} {}{former}{within}",
                place.code,
                place.level.name(),
                place.name_en,
                place.name_zh
            )?;
        }
    }
    out.flush()?;
    Ok(Exit::Found)
}

#[derive(Serialize)]
struct TopicOut<'a> {
    slug: &'a str,
    topic: Option<&'a str>,
    name: &'a str,
    name_zh: &'a str,
}

pub fn topics(args: TopicArgs, location: &Location, console: &mut Console) -> Result<Exit> {
    let index = Reader::open(location).ok();
    let topics = vocabulary(index.as_ref()).taxonomy.topics();
    let out = console.out();
    if args.json {
        let list: Vec<TopicOut> = topics
            .iter()
            .map(|t| TopicOut { slug: &t.slug, topic: t.parent(), name: &t.name_en, name_zh: &t.name_zh })
            .collect();
        dryport::present::json(&list, out)?;
    } else {
        for topic in topics.iter().filter(|t| t.parent().is_none()) {
            writeln!(out, "{:<28} {} {}", topic.slug, topic.name_en, topic.name_zh)?;
            for theme in topics.iter().filter(|t| t.parent() == Some(&*topic.slug)) {
                writeln!(out, "  {:<26} {} {}", theme.slug, theme.name_en, theme.name_zh)?;
            }
        }
    }
    out.flush()?;
    Ok(Exit::Found)
}

#[derive(Serialize)]
struct ConceptOut<'a> {
    concept: &'a str,
    english: &'a [Cow<'static, str>],
    chinese: &'a [Cow<'static, str>],
    capitals: &'a [Cow<'static, str>],
    reached: &'a [Cow<'static, str>],
}

pub fn glossary(args: GlossaryArgs, location: &Location, console: &mut Console) -> Result<Exit> {
    let index = Reader::open(location).ok();
    let glossary = &vocabulary(index.as_ref()).glossary;
    let term = args.term.join(" ");
    let concepts = glossary.having(&term);
    if args.json {
        let list: Vec<ConceptOut> = concepts
            .iter()
            .map(|c| ConceptOut {
                concept: &c.slug,
                english: &c.english,
                chinese: &c.chinese,
                capitals: &c.capitals,
                reached: &c.reached,
            })
            .collect();
        dryport::present::json(&list, console.out())?;
    } else {
        for concept in &concepts {
            writeln!(console.out(), "{:<28} {}", concept.slug, terms(concept))?;
        }
    }
    console.out().flush()?;
    if concepts.is_empty() {
        let near = glossary.near(&term);
        let near = if near.is_empty() { String::new() } else { format!("; near to it: {}", near.join(", ")) };
        console.say(&format!("no concept has the term `{}`{near}", term.trim()));
        return Ok(Exit::Nothing);
    }
    Ok(Exit::Found)
}

/// `dry port | inland port = 陆港 | 无水港`, and in brackets what can only be searched for.
fn terms(concept: &Concept) -> String {
    let side = |list: &[Cow<'static, str>]| {
        let one = |t: &Cow<'static, str>| if concept.is_led_to_by(t) { t.to_string() } else { format!("[{t}]") };
        list.iter().map(one).collect::<Vec<_>>().join(" | ")
    };
    [side(&concept.english), side(&concept.chinese)]
        .into_iter()
        .filter(|s| !s.is_empty())
        .collect::<Vec<_>>()
        .join(" = ")
}
