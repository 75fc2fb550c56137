//! Annotated → [`Passage`]s: the unit that is indexed, ranked and returned.
//!
//! In: [`Annotated`]. Out: passages in reading order.
//! Never: changes text, or drops any: passages and their headings give the document's text.
//!
//! A passage is a paragraph, or a few short ones under one heading that speak of the same regions.
//! It never crosses a heading.

use crate::annotate::Annotated;
use crate::clean::Block;
use crate::extract::BlockKind;
use crate::model::{Label, RegionId, Span, TopicId, Year};

/// Paragraphs are gathered until a passage has this size (see [`size`]): 40 words or 80 ideographs.
const SIZE_MIN: usize = 80;
/// A passage holds no more than this: 200 words or 400 ideographs.
const SIZE_MAX: usize = 400;
/// At most so many topics, and as many themes, a passage.
pub const TOPICS_MAX: usize = 3;

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
    /// The regions it is about: named in it, else in its headings or the title, else the issuer's.
    pub regions: Vec<Label<RegionId>>,
    /// The regions it only mentions.
    pub mentions: Vec<Label<RegionId>>,
    /// Its topics, best first.
    pub topics: Vec<Label<TopicId>>,
    /// Its themes, best first.
    pub themes: Vec<Label<TopicId>>,
    /// The years it speaks of, in order.
    pub years: Vec<Label<Year>>,
}

/// Blocks gathered for the next passage.
struct Gathered {
    blocks: Vec<usize>,
    size: usize,
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
        let weight = block.size;
        let joins = open.as_ref().is_some_and(|o| {
            let same_list = is_item(block) && o.blocks.last().is_some_and(|b| is_item(&document.blocks[*b]));
            let same_regions = o.blocks.last().is_some_and(|b| of_same_regions(annotated, *b, at));
            (o.size < SIZE_MIN || same_list) && o.size + weight <= SIZE_MAX && same_regions
        });
        if joins && let Some(open) = open.as_mut() {
            open.blocks.push(at);
            open.size += weight;
            continue;
        }
        flush(annotated, &headings, open.take(), &mut out);
        open = Some(Gathered { blocks: vec![at], size: weight });
    }
    flush(annotated, &headings, open, &mut out);
    if !covered {
        lone_heading(annotated, &mut headings, &mut out);
    }
    out
}

/// Whether two blocks are about the same regions.
fn of_same_regions(annotated: &Annotated, one: usize, other: usize) -> bool {
    let regions = |at: usize| annotated.marks[at].regions.iter().map(|l| &l.value);
    regions(one).eq(regions(other))
}

fn is_item(block: &Block) -> bool {
    matches!(block.kind, BlockKind::ListItem | BlockKind::TableRow)
}

/// A heading without text under it is a passage itself, so that nothing is lost.
fn lone_heading(annotated: &Annotated, headings: &mut Vec<(u8, usize)>, out: &mut Vec<Passage>) {
    if let Some((level, at)) = headings.pop() {
        flush(annotated, headings, Some(Gathered { blocks: vec![at], size: 0 }), out);
        headings.push((level, at));
    }
}

fn flush(annotated: &Annotated, headings: &[(u8, usize)], gathered: Option<Gathered>, out: &mut Vec<Passage>) {
    let Some(gathered) = gathered else { return };
    let document = &annotated.document;
    let (Some(first), Some(last)) = (gathered.blocks.first(), gathered.blocks.last()) else { return };
    let span = Span { start: document.blocks[*first].span.start, end: document.blocks[*last].span.end };
    let (mut regions, mut mentions, mut years) = (Vec::new(), Vec::new(), Vec::new());
    let (mut topics, mut themes) = (Vec::new(), Vec::new());
    for at in &gathered.blocks {
        let marks = &annotated.marks[*at];
        gather(&mut regions, &marks.regions);
        gather(&mut mentions, &marks.mentions);
        gather(&mut topics, &marks.topics);
        gather(&mut themes, &marks.themes);
        gather(&mut years, &marks.years);
    }
    mentions.retain(|m| regions.iter().all(|r| r.value != m.value));
    years.sort_unstable_by_key(|l| l.value);
    out.push(Passage {
        ordinal: out.len() as u32 + 1,
        text: span.of(&document.text).to_string(),
        span,
        heading: headings.iter().map(|(_, b)| document.text_of(&document.blocks[*b]).to_string()).collect(),
        page: document.blocks[*first].page,
        regions,
        mentions,
        topics: best(topics),
        themes: best(themes),
        years,
    });
}

/// Adds labels to those of earlier blocks; the scores of one that is there already add up.
fn gather<T: Clone + PartialEq>(all: &mut Vec<Label<T>>, more: &[Label<T>]) {
    for label in more {
        match all.iter_mut().find(|l| l.value == label.value) {
            Some(known) => known.score += label.score,
            None => all.push(label.clone()),
        }
    }
}

fn best(mut labels: Vec<Label<TopicId>>) -> Vec<Label<TopicId>> {
    labels.sort_by(|a, b| b.score.total_cmp(&a.score));
    labels.truncate(TOPICS_MAX);
    labels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::{annotate, test::document};
    use crate::model::Date;
    use crate::vocab::Vocabulary;

    fn passages(title: &str, paragraphs: &[&str]) -> Vec<Passage> {
        split(&annotate(document(title, paragraphs), Vocabulary::builtin(), Date::parse_iso("2026-01-01").unwrap()))
    }

    fn codes(passage: &Passage) -> Vec<&str> {
        passage.regions.iter().map(|r| r.value.0.as_str()).collect()
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
