//! Annotated → [`Passage`]s: the unit that is indexed, ranked and returned.
//!
//! In: [`Annotated`]. Out: passages in reading order.
//! Never: changes text, or drops any: passages and their headings give the document's text.
//!
//! A passage is a paragraph, or a few short ones under one heading that speak of the same regions.
//! It never crosses a heading.

use crate::annotate::Annotated;
use crate::clean::{Block, size};
use crate::extract::BlockKind;
use crate::model::{RegionId, Span, TopicId, Year};

/// Paragraphs are gathered until a passage has this size (see [`size`]): 40 words or 80 ideographs.
const SIZE_MIN: usize = 80;
/// A passage holds no more than this: 200 words or 400 ideographs.
const SIZE_MAX: usize = 400;
/// At most so many topics, and as many themes, a passage.
const TOPICS_MAX: usize = 3;
/// The whole country.
const COUNTRY: &str = "100000";

/// A stretch of a document that can be read, ranked and cited on its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    /// Its number in the document, from 1.
    pub ordinal: u32,
    /// Its text; paragraphs are parted by a blank line.
    pub text: String,
    /// Where it stands in the document's text, in bytes.
    pub span: Span,
    /// The headings it stands under, outermost first.
    pub heading: Vec<String>,
    /// The page it begins on, counted from 1.
    pub page: Option<u32>,
    /// The regions that hold for it: named in it, else in its headings or the title, else the issuer's.
    pub regions: Vec<RegionId>,
    /// Its topics and then its themes, best first.
    pub topics: Vec<TopicId>,
    /// The years it speaks of.
    pub years: Vec<Year>,
}

/// Blocks gathered for the next passage.
struct Gathered {
    blocks: Vec<usize>,
    size: usize,
    regions: Vec<RegionId>,
}

/// Cuts a document into passages. Never returns an empty passage; a document has at least one.
pub fn split(annotated: &Annotated) -> Vec<Passage> {
    let document = &annotated.document;
    let mut out: Vec<Passage> = Vec::new();
    let mut headings: Vec<(u8, usize)> = Vec::new(); // level, block
    let mut covered = true; // the innermost heading has text under it
    let mut open: Option<Gathered> = None;
    for (at, block) in document.blocks.iter().enumerate() {
        if let BlockKind::Heading(level) = block.kind {
            flush(annotated, &headings, open.take(), &mut out);
            if !covered && headings.last().is_some_and(|(l, _)| *l >= level) {
                lone_heading(annotated, &mut headings, &mut out);
            }
            headings.retain(|(l, _)| *l < level);
            headings.push((level, at));
            covered = false;
            continue;
        }
        covered = true;
        let regions = regions_of(annotated, at, &headings);
        let weight = size(document.text_of(block));
        let joins = open.as_ref().is_some_and(|o| {
            let same_list = is_item(block) && o.blocks.last().is_some_and(|b| is_item(&document.blocks[*b]));
            (o.size < SIZE_MIN || same_list) && o.size + weight <= SIZE_MAX && o.regions == regions
        });
        if joins && let Some(open) = open.as_mut() {
            open.blocks.push(at);
            open.size += weight;
            continue;
        }
        flush(annotated, &headings, open.take(), &mut out);
        open = Some(Gathered { blocks: vec![at], size: weight, regions });
    }
    flush(annotated, &headings, open, &mut out);
    if !covered {
        lone_heading(annotated, &mut headings, &mut out);
    }
    out
}

fn is_item(block: &Block) -> bool {
    matches!(block.kind, BlockKind::ListItem | BlockKind::TableRow)
}

/// A heading without text under it is a passage itself, so that nothing is lost.
fn lone_heading(annotated: &Annotated, headings: &mut Vec<(u8, usize)>, out: &mut Vec<Passage>) {
    if let Some((level, at)) = headings.pop() {
        let regions = regions_of(annotated, at, headings);
        flush(annotated, headings, Some(Gathered { blocks: vec![at], size: 0, regions }), out);
        headings.push((level, at));
    }
}

fn flush(annotated: &Annotated, headings: &[(u8, usize)], gathered: Option<Gathered>, out: &mut Vec<Passage>) {
    let Some(gathered) = gathered else { return };
    let document = &annotated.document;
    let (Some(first), Some(last)) = (gathered.blocks.first(), gathered.blocks.last()) else { return };
    let span = Span { start: document.blocks[*first].span.start, end: document.blocks[*last].span.end };
    let mut topics: Vec<(TopicId, f32)> = Vec::new();
    let mut years: Vec<Year> = Vec::new();
    for at in &gathered.blocks {
        let marks = &annotated.marks[*at];
        for (topic, score) in &marks.topics {
            match topics.iter_mut().find(|(t, _)| t == topic) {
                Some((_, sum)) => *sum += score,
                None => topics.push((topic.clone(), *score)),
            }
        }
        years.extend(&marks.years);
    }
    years.sort_unstable();
    years.dedup();
    out.push(Passage {
        ordinal: out.len() as u32 + 1,
        text: span.of(&document.text).to_string(),
        span,
        heading: headings.iter().map(|(_, b)| document.text_of(&document.blocks[*b]).to_string()).collect(),
        page: document.blocks[*first].page,
        regions: gathered.regions,
        topics: best(topics),
        years,
    });
}

/// The best topics, then the best themes.
fn best(mut topics: Vec<(TopicId, f32)>) -> Vec<TopicId> {
    let taxonomy = crate::vocab::Taxonomy::get();
    topics.sort_by(|a, b| b.1.total_cmp(&a.1));
    let is_theme = |t: &TopicId| taxonomy.topic(&t.0).is_some_and(|t| t.parent.is_some());
    [false, true]
        .into_iter()
        .flat_map(|themes| {
            topics.iter().filter(move |(t, _)| is_theme(t) == themes).take(TOPICS_MAX).map(|(t, _)| t.clone())
        })
        .collect()
}

/// The regions that hold for a block: its own, else its nearest heading's, the title's, the issuer's.
fn regions_of(annotated: &Annotated, at: usize, headings: &[(u8, usize)]) -> Vec<RegionId> {
    let marks = &annotated.marks[at];
    let issuer = annotated.issuer.as_ref().map(|i| i.value.clone());
    let is_macro = |r: &RegionId| r.0.starts_with("M-");
    let mut own = marks.regions.clone();
    if own.iter().all(is_macro) {
        // A macro-region is spoken of beside a place, not instead of it.
        let inherited = headings
            .iter()
            .rev()
            .map(|(_, b)| &annotated.marks[*b].regions)
            .find(|r| !r.iter().all(is_macro))
            .or(Some(&annotated.title_regions).filter(|r| !r.iter().all(is_macro)))
            .cloned()
            .or(issuer.clone().map(|i| vec![i]));
        match inherited {
            Some(regions) => own.extend(regions),
            None if own.is_empty() && marks.names_country => own.push(RegionId(COUNTRY.into())),
            None => {}
        }
    }
    if marks.speaks_of_issuer {
        own.extend(issuer);
    }
    let mut out: Vec<RegionId> = Vec::with_capacity(own.len());
    for region in own {
        if !out.contains(&region) {
            out.push(region);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::{annotate, test::document};
    use crate::model::Date;

    fn passages(title: &str, paragraphs: &[&str]) -> Vec<Passage> {
        split(&annotate(document(title, paragraphs), Date::parse_iso("2026-01-01").unwrap()))
    }

    fn codes(passage: &Passage) -> Vec<&str> {
        passage.regions.iter().map(|r| r.0.as_str()).collect()
    }

    #[test]
    fn a_passage_ends_where_the_region_changes() {
        let found = passages(
            "Plans for 2020",
            &["Xinjiang will build a dry port.", "It will be large.", "Jiangsu will deepen reform."],
        );
        let list: Vec<(Vec<&str>, &str)> = found.iter().map(|p| (codes(p), p.text.as_str())).collect();
        assert_eq!(
            list,
            [
                (vec!["650000"], "Xinjiang will build a dry port."),
                (vec![], "It will be large."),
                (vec!["320000"], "Jiangsu will deepen reform.")
            ]
        );
    }

    #[test]
    fn short_paragraphs_of_one_region_are_one_passage() {
        let found = passages("T", &["Xinjiang grew.", "Xinjiang built."]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].text, "Xinjiang grew.\n\nXinjiang built.");
    }

    #[test]
    fn a_passage_that_names_no_place_inherits_one() {
        let body = "电力供应充足，新增装机容量继续扩大，能源保障能力进一步增强，各项工作都取得了新的成绩。";
        let found = passages("2020年甘肃省政府工作报告", &["各位代表：", "一、兰州建设", body, "二、经济发展", body]);
        let of =
            |text: &str| found.iter().filter(|p| p.heading.iter().any(|h| h.contains(text))).map(codes).next().unwrap();
        assert_eq!(of("兰州"), ["620100"]);
        assert_eq!(of("经济"), ["620000"]);
    }

    #[test]
    fn a_passage_never_crosses_a_heading_and_nothing_is_lost() {
        let found = passages("T", &["一、甲", "一句话。", "二、乙", "三、丙", "又一句。", "四、丁"]);
        let list: Vec<(String, &str)> = found.iter().map(|p| (p.heading.join(">"), p.text.as_str())).collect();
        assert_eq!(
            list,
            [
                ("一、甲".to_string(), "一句话。"),
                (String::new(), "二、乙"),
                ("三、丙".to_string(), "又一句。"),
                (String::new(), "四、丁")
            ]
        );
    }
}
