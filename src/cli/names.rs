//! `dryport regions` and `dryport topics`: what can be asked for.

use super::{Console, Exit};
use dryport::error::Result;
use dryport::index::{Location, Reader};
use dryport::vocab::{Level, Place, Vocabulary};
use serde::Serialize;

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
