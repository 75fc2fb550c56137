//! Topics and themes of blocks, by the trigger terms of the taxonomy.
//!
//! A topic's score counts distinct terms, not occurrences: 2 for a term that is evidence enough, ½ for one
//! that counts only beside others; the title's and headings' terms weigh half in the blocks below them.

use crate::clean::Document;
use crate::extract::BlockKind;
use crate::model::{Label, TopicId};
use crate::vocab::Taxonomy;
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// At most so many topics, and as many themes, a block.
const TOPICS_MAX: usize = 3;
/// Least score that counts.
const SCORE_MIN: f32 = 2.0;
/// A topic below this share of the best is beside the point.
const SHARE_MIN: f32 = 0.5;
const STRONG: f32 = 2.0;
const WEAK: f32 = 0.5;
/// Weight of a term in the title or a heading above.
const ABOVE: f32 = 0.5;

struct Triggers {
    automaton: AhoCorasick,
    patterns: Vec<Trigger>,
}

/// What a term says.
#[derive(Default)]
struct Trigger {
    /// Topics, by their place in the taxonomy, with weights.
    topics: Vec<(usize, f32)>,
    /// It counts only when written in capitals.
    capitals: bool,
}

fn triggers() -> &'static Triggers {
    static TRIGGERS: OnceLock<Triggers> = OnceLock::new();
    TRIGGERS.get_or_init(|| {
        let mut by_term: BTreeMap<String, Trigger> = BTreeMap::new();
        for (at, topic) in Taxonomy::get().topics().iter().enumerate() {
            let terms = topic.strong.iter().map(|t| (t, STRONG)).chain(topic.weak.iter().map(|t| (t, WEAK)));
            for (term, weight) in terms {
                let capitals = term.len() <= 5 && term.chars().all(|c| c.is_ascii_uppercase() || c == '&');
                let trigger = by_term.entry(term.to_lowercase()).or_default();
                trigger.capitals = capitals;
                trigger.topics.push((at, weight));
            }
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(by_term.keys())
            .expect("the compiled-in terms fit an automaton");
        Triggers { automaton, patterns: by_term.into_values().collect() }
    })
}

/// Marks the blocks of one document.
pub struct Marker<'a> {
    document: &'a Document,
    /// Distinct patterns of each block's headings and the title.
    title: Vec<usize>,
    above: Vec<Vec<usize>>,
}

impl<'a> Marker<'a> {
    /// Reads the title and the headings.
    pub fn new(document: &'a Document) -> Marker<'a> {
        let mut path: Vec<(u8, Vec<usize>)> = Vec::new();
        let mut above = Vec::with_capacity(document.blocks.len());
        for block in &document.blocks {
            if let BlockKind::Heading(level) = block.kind {
                path.retain(|(l, _)| *l < level);
                path.push((level, patterns_in(document.text_of(block))));
            }
            above.push(path.iter().flat_map(|(_, p)| p.iter().copied()).collect());
        }
        Marker { document, title: patterns_in(&document.title.value), above }
    }

    /// Topics and themes of a block with their scores, best first.
    pub fn block(&self, at: usize) -> Vec<Label<TopicId>> {
        let own = patterns_in(self.document.text_of(&self.document.blocks[at]));
        let mut above: Vec<usize> =
            self.title.iter().chain(&self.above[at]).copied().filter(|p| !own.contains(p)).collect();
        above.sort_unstable();
        above.dedup();
        score(&own, &above)
    }

    /// Topics of a heading by its own words.
    pub fn heading(&self, text: &str) -> Vec<Label<TopicId>> {
        score(&patterns_in(text), &[])
    }
}

fn score(own: &[usize], above: &[usize]) -> Vec<Label<TopicId>> {
    let triggers = triggers();
    let topics = Taxonomy::get().topics();
    let mut scores: HashMap<usize, (f32, bool)> = HashMap::new();
    for (patterns, factor, is_own) in [(own, 1.0, true), (above, ABOVE, false)] {
        for pattern in patterns {
            for (topic, weight) in &triggers.patterns[*pattern].topics {
                let entry = scores.entry(*topic).or_default();
                entry.0 += weight * factor;
                entry.1 |= is_own;
            }
        }
    }
    let mut out = Vec::new();
    for themes in [false, true] {
        // What only the headings say is no topic of the passage.
        let mut list: Vec<(usize, f32)> = scores
            .iter()
            .filter(|(t, (score, is_own))| topics[**t].parent.is_some() == themes && *is_own && *score >= SCORE_MIN)
            .map(|(t, (score, _))| (*t, *score))
            .collect();
        list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let best = list.first().map_or(0.0, |t| t.1);
        out.extend(
            list.into_iter()
                .filter(|t| t.1 >= best * SHARE_MIN)
                .take(TOPICS_MAX)
                .map(|(t, s)| Label::new(topics[t].id(), "", "terms").scored(s)),
        );
    }
    out
}

/// The distinct patterns in a text: English ones as whole words, plural or not.
fn patterns_in(text: &str) -> Vec<usize> {
    let triggers = triggers();
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    for found in triggers.automaton.find_iter(text) {
        let matched = &text[found.start()..found.end()];
        if matched.is_ascii() {
            let letter = |at: Option<&u8>| at.is_some_and(u8::is_ascii_alphanumeric);
            let before = found.start().checked_sub(1).and_then(|at| bytes.get(at));
            let mut end = found.end();
            for plural in ["es", "s"] {
                if text[end..].starts_with(plural) && !letter(bytes.get(end + plural.len())) {
                    end += plural.len();
                    break;
                }
            }
            if letter(before) || letter(bytes.get(end)) {
                continue;
            }
            if triggers.patterns[found.pattern().as_usize()].capitals && matched.bytes().any(|b| b.is_ascii_lowercase())
            {
                continue;
            }
        }
        out.push(found.pattern().as_usize());
    }
    out.sort_unstable();
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::super::test::document;
    use super::*;

    fn topics(title: &str, text: &str) -> Vec<String> {
        let document = document(title, &[text, "x"]);
        Marker::new(&document).block(0).into_iter().map(|l| l.value.0).collect()
    }

    #[test]
    fn topics_are_given_by_their_terms() {
        let found = topics(
            "T",
            "Xinjiang will build dry ports and run more China-Europe freight trains along the Belt and Road.",
        );
        assert!(found.contains(&"transport".to_string()) && found.contains(&"belt-and-road".to_string()), "{found:?}");
        assert!(topics("T", "加快光伏和风电建设").contains(&"energy".to_string()));
        assert!(topics("T", "Nothing to see here.").is_empty());
    }

    #[test]
    fn words_count_as_wholes_and_capitals_as_written() {
        assert!(!topics("T", "The bristle brush.").contains(&"belt-and-road".to_string()));
        assert!(topics("T", "Under the BRI, trade grew.").contains(&"belt-and-road".to_string()));
        assert!(topics("T", "Under the bri, wood grew.").is_empty());
    }

    #[test]
    fn the_title_alone_gives_a_passage_no_topic() {
        assert!(topics("Dry port and railway", "Nothing to see here.").is_empty());
    }
}
