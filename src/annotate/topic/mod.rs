//! Topics and themes of blocks, by the terms of the taxonomy.
//!
//! A topic's score counts distinct terms, not occurrences, each further one half of the one before: a long list of
//! mills says little more than three. What is said again counts a little more, and so does what is said early. Terms
//! of the title and the headings weigh half in the blocks below them, and count only beside the block's own; a block
//! without any topic takes that of its headings.

use crate::clean::Document;
use crate::extract::BlockKind;
use crate::model::{Label, TopicId};
use crate::vocab::terms::{Folded, Hit, MEDIUM, Matcher, STRONG};

/// At most so many topics, and as many themes, a block.
const TOPICS_MAX: usize = 3;
/// Least score of a topic: a strong term, or a medium one with a weak one.
const SCORE_MIN: f32 = 1.25;
/// Least score of the only topic there is.
const LONE_MIN: f32 = MEDIUM;
/// Share of the best score above which another lone topic is as good.
const LONE_SHARE: f32 = 0.95;
/// At most so many topics by one term of theirs or by the headings.
const LONE_MAX: usize = 2;
/// A topic below this share of the best is beside the point: the second, and any after it.
const SHARES_MIN: [f32; 2] = [0.52, 0.75];
/// What each further term of a topic counts, as a share of the one before.
const FURTHER: f32 = 0.5;
/// What a term counts more, as a share, when it stands in the text more than once.
const AGAIN: f32 = 0.2;
/// What a topic counts more, as a share, when the text begins with it; nothing at its end.
const EARLY: f32 = 0.3;
/// Weight of a term in the title or a heading above.
const ABOVE: f32 = 0.5;
/// At most so many terms are given as evidence.
const WORDS_MAX: usize = 3;

/// Marks the blocks of one document.
pub struct Marker<'a> {
    document: &'a Document,
    matcher: &'a Matcher,
    title: Vec<usize>,
    /// Distinct terms of each block's headings.
    above: Vec<Vec<usize>>,
}

impl<'a> Marker<'a> {
    /// Reads the title and the headings.
    pub fn new(document: &'a Document, matcher: &'a Matcher) -> Marker<'a> {
        let terms = |text: &str| matcher.find(&Folded::new(text)).iter().map(|h| h.term).collect::<Vec<_>>();
        let mut path: Vec<(u8, Vec<usize>)> = Vec::new();
        let mut above = Vec::with_capacity(document.blocks.len());
        for block in &document.blocks {
            if let BlockKind::Heading(level) = block.kind {
                path.retain(|(l, _)| *l < level);
                path.push((level, terms(document.text_of(block))));
            }
            above.push(path.iter().flat_map(|(_, p)| p.iter().copied()).collect());
        }
        Marker { document, matcher, title: terms(&document.title.value), above }
    }

    /// Topics and themes of a block with their scores, best first.
    pub fn block(&self, at: usize) -> Vec<Label<TopicId>> {
        let text = Folded::new(self.document.text_of(&self.document.blocks[at]));
        let own = self.matcher.find(&text);
        let mut above: Vec<usize> = self.title.iter().chain(&self.above[at]).copied().collect();
        above.sort_unstable();
        above.dedup();
        above.retain(|term| own.iter().all(|h| h.term != *term));
        let found = self.score(&own, &above, &text);
        if found.is_empty() { self.inherited(at) } else { found }
    }

    /// Topics of a heading by its own words.
    pub fn heading(&self, text: &str) -> Vec<Label<TopicId>> {
        let text = Folded::new(text);
        self.score(&self.matcher.find(&text), &[], &text)
    }

    /// The topics that a block's headings name without doubt.
    fn inherited(&self, at: usize) -> Vec<Label<TopicId>> {
        let mut out: Vec<Label<TopicId>> = Vec::new();
        for (topic, weight) in self.above[at].iter().flat_map(|term| self.matcher.says(*term)) {
            let entry = &self.matcher.topics()[*topic];
            let is_new = out.iter().all(|l| l.value != entry.id);
            if *weight >= STRONG && entry.parent.is_none() && is_new && out.len() < LONE_MAX {
                out.push(Label::new(entry.id.clone(), "", "heading").scored(ABOVE));
            }
        }
        out
    }

    fn score(&self, own: &[Hit], above: &[usize], text: &Folded) -> Vec<Label<TopicId>> {
        let mut signs: Vec<Sign> = Vec::new();
        for hit in own {
            signs.extend(self.matcher.says(hit.term).iter().map(|(topic, weight)| Sign {
                topic: *topic,
                weight: if hit.again { weight * (1.0 + AGAIN) } else { *weight },
                hit: Some(*hit),
            }));
        }
        for term in above {
            signs.extend(self.matcher.says(*term).iter().map(|(topic, weight)| Sign {
                topic: *topic,
                weight: weight * ABOVE,
                hit: None,
            }));
        }
        signs.sort_by(|a, b| a.topic.cmp(&b.topic).then(b.weight.total_cmp(&a.weight)));
        // What only the headings say is no topic of the passage.
        let (mut themes, mut topics): (Vec<Found>, Vec<Found>) = signs
            .chunk_by(|a, b| a.topic == b.topic)
            .filter(|signs| signs.iter().any(|s| s.hit.is_some()))
            .map(|signs| Found::new(signs, text.length()))
            .partition(|f| self.matcher.topics()[f.topic].parent.is_some());
        choose(&mut topics, SHARES_MIN);
        // A theme belongs to a topic of the passage, and to name it once is to speak of it.
        themes.retain(|f| topics.iter().any(|t| Some(t.topic) == self.matcher.topics()[f.topic].parent));
        choose(&mut themes, [0.0; 2]);
        topics.iter().chain(&themes).map(|f| f.label(self.matcher, text)).collect()
    }
}

/// A term that speaks for a topic; without a place, it stands in the title or a heading.
struct Sign {
    topic: usize,
    weight: f32,
    hit: Option<Hit>,
}

/// What speaks for a topic, the strongest first.
struct Found<'a> {
    topic: usize,
    score: f32,
    /// Where the block first names it.
    first: usize,
    signs: &'a [Sign],
}

impl<'a> Found<'a> {
    /// Adds up the signs in a text of so many bytes.
    fn new(signs: &'a [Sign], length: usize) -> Found<'a> {
        let (sum, _) = signs.iter().fold((0.0, 1.0), |(sum, share), s| (sum + s.weight * share, share * FURTHER));
        let first = signs.iter().filter_map(|s| s.hit.map(|h| h.start)).min().unwrap_or_default();
        let score = sum * (1.0 + EARLY * (1.0 - first as f32 / length.max(1) as f32));
        Found { topic: signs[0].topic, score, first, signs }
    }

    fn label(&self, matcher: &Matcher, text: &Folded) -> Label<TopicId> {
        let words: Vec<&str> =
            self.signs.iter().filter_map(|s| s.hit.as_ref()).take(WORDS_MAX).map(|h| text.written(h)).collect();
        let rule = match (self.signs.iter().any(|s| s.hit.is_none()), self.score < SCORE_MIN) {
            (true, _) => "terms, heading",
            (false, true) => "a single term",
            (false, false) => "terms",
        };
        Label::new(matcher.topics()[self.topic].id.clone(), words.join(", "), rule).scored(self.score)
    }
}

/// Keeps the best, down to a share of the first; if none is good enough, the one that is best by a lone term.
fn choose(list: &mut Vec<Found>, shares: [f32; 2]) {
    list.sort_by(|a, b| b.score.total_cmp(&a.score).then((a.first, a.topic).cmp(&(b.first, b.topic))));
    let best = list.first().map_or(0.0, |f| f.score);
    if best < SCORE_MIN {
        list.retain(|f| f.score >= LONE_MIN && f.score >= best * LONE_SHARE);
        list.truncate(LONE_MAX);
    } else {
        let least = |at: usize| best * shares[usize::from(at > 1)];
        let kept = (1..list.len()).find(|at| list[*at].score < SCORE_MIN.max(least(*at))).unwrap_or(list.len());
        list.truncate(kept.min(TOPICS_MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::document;
    use super::{Label, Marker, TopicId};
    use crate::extract::{BlockKind, RawBlock, RawDocument};
    use crate::model::{Found, Origin};

    fn labels(title: &str, text: &str) -> Vec<Label<TopicId>> {
        let document = document(title, &[text, "x"]);
        Marker::new(&document, crate::vocab::Vocabulary::builtin().terms()).block(0)
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found = labels("T", text);
        assert_eq!(found.iter().map(|l| l.value.0.as_str()).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn topics_are_given_by_their_terms() {
        check("加快光伏和风电建设。", &["energy", "clean-energy"]);
        check("Nothing to see here.", &[]);
        check("The bristle brush.", &[]);
        check(
            "Xinjiang will build dry ports and run more China-Europe freight trains along the Belt and Road.",
            &["trade", "transport", "dry-ports", "china-europe-trains", "belt-and-road"],
        );
    }

    #[test]
    fn what_is_beside_the_point_is_no_topic() {
        check(
            "各位代表：棚户区改造、老旧小区改造、公租房、住房租赁和房地产市场都有进展。",
            &["housing", "urban-renewal", "real-estate"],
        );
    }

    #[test]
    fn a_lone_medium_term_counts_when_there_is_nothing_else() {
        check("He learned English at the university.", &["education", "higher-education"]);
        check("The university opened a hospital and a clinic.", &["health"]);
    }

    #[test]
    fn what_is_said_early_or_again_counts_more() {
        let score = |text: &str| labels("T", text)[0].score;
        assert!(score("光伏在这里。") > score("在这里的是光伏。"));
        assert!(score("光伏和光伏。") > score("光伏和其他。"));
    }

    #[test]
    fn traditional_characters_are_read_and_given_as_written() {
        let label = &labels("T", "醫院新增確診病例。")[0];
        assert_eq!((label.value.0.as_str(), label.words.starts_with("醫院")), ("health", true));
    }

    #[test]
    fn a_second_topic_stands_beside_one_with_many_terms() {
        let found = labels("T", "海关查获走私货物，法院审理、判决，被告是一家公司。");
        assert_eq!(found.iter().take(2).map(|l| l.value.0.as_str()).collect::<Vec<_>>(), ["law", "trade"]);
    }

    #[test]
    fn evidence_is_the_strongest_terms_as_written() {
        let label = &labels("T", "The policies of Photovoltaic plants, oil and wind-power.")[0];
        assert_eq!((label.words.as_str(), label.rule), ("Photovoltaic, wind-power, oil", "terms"));
        let label = &labels("Wind power", "加快光伏建设。")[0];
        assert_eq!((label.words.as_str(), label.rule), ("光伏", "terms, heading"));
    }

    #[test]
    fn the_title_alone_gives_a_passage_no_topic_but_a_heading_does() {
        assert!(labels("Dry port and railway", "Nothing to see here.").is_empty());
        let mut raw = RawDocument::default();
        raw.metadata.title = Some(Found::new("T".to_string(), Origin::Override));
        raw.blocks = vec![
            RawBlock::new(BlockKind::Heading(1), "Energy and wind power"),
            RawBlock::new(BlockKind::Paragraph, "Nothing to see here."),
        ];
        let document = crate::clean::clean(raw);
        let found =
            Marker::new(&document, crate::vocab::Vocabulary::builtin().terms()).block(document.blocks.len() - 1);
        assert_eq!(found.iter().map(|l| (l.value.0.as_str(), l.rule)).collect::<Vec<_>>(), [("energy", "heading")]);
    }
}
