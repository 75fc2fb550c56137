//! Words that stand for others → the words of the index that they stand for.

use super::rank::COUNTED_MAX;
use super::schema::Fields;
use super::timed::Deadline;
use crate::analysis::stem;
use crate::error::{Error, Result};
use crate::query::wild::Recognizer;
use crate::query::{Node, Pattern, Query, Wild, WildKind, Word};
use std::collections::{BTreeMap, HashMap};
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, Term};
use tantivy::{Searcher, SegmentReader};

/// Most words that one stands for.
const TERMS_MAX: usize = 10_000;
/// Of the words that stand for others in windows and phrases, how many passages with each are looked into, in all.
const PLACED_MAX: u64 = 300_000;
/// And how many words they are, in all.
const PLACED_WORDS_MAX: usize = 1_000;
/// Words of the index between two looks at the clock.
const LOOK_EVERY: u32 = 4096;
/// A stem differs from its words in no more letters than this at its end, but for very short ones.
const STEM_END: usize = 2;

/// The query with every such word replaced, and what a reader should know of it.
pub fn expand(query: &Query, fields: &Fields, searcher: &Searcher, deadline: Deadline) -> Result<Query> {
    let mut out = query.clone();
    let mut wanted: Vec<Wild> = Vec::new();
    let mut written: Vec<String> = Vec::new();
    if let Some(node) = &mut out.node {
        each_word(node, &mut |word| match word {
            Word::Like(wild) if !wanted.contains(wild) => wanted.push(wild.clone()),
            Word::Written(form) if !written.contains(form) => written.push(form.clone()),
            _ => {}
        });
    }
    if wanted.is_empty() && written.is_empty() {
        return Ok(out);
    }
    let lists = Lists { fields, searcher, deadline };
    let mut terms: HashMap<String, Vec<String>> = HashMap::new();
    let mut passages: HashMap<&str, u64> = HashMap::new();
    for (wild, found) in wanted.iter().zip(lists.like(&wanted)?) {
        if found.len() >= TERMS_MAX {
            let typed = &wild.typed;
            out.notes
                .push(format!("`{typed}` stands for more than {TERMS_MAX} words: only the first of them are searched"));
        }
        passages.insert(&wild.typed, found.values().sum::<u64>());
        let mut found: Vec<(String, u64)> = found.into_iter().collect();
        if found.len() > COUNTED_MAX {
            // Of very many words the commonest are those that documents are ranked by.
            found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        }
        terms.insert(wild.typed.clone(), found.into_iter().map(|(word, _)| word).collect());
    }
    if let Some(node) = &out.node {
        let mut placed: Vec<&str> = Vec::new();
        each_placed(node, &mut |wild| {
            if !placed.contains(&wild.typed.as_str()) {
                placed.push(&wild.typed);
            }
        });
        let (mut places, mut words) = (0, 0);
        for typed in placed {
            words += terms.get(typed).map_or(0, Vec::len);
            places += passages.get(typed).copied().unwrap_or(0);
            if places > PLACED_MAX || words > PLACED_WORDS_MAX {
                let at = query.typed.find(typed).map_or(0, |at| query.typed[..at].chars().count());
                let reason = format!(
                    "in a window or a phrase `{typed}` stands for too many words to look up where each stands \
                     (the limits are {PLACED_WORDS_MAX} words and {PLACED_MAX} passages in all); more letters make them fewer"
                );
                return Err(Error::BadQuery { query: query.typed.clone(), at, reason });
            }
        }
    }
    let mut others: HashMap<String, Vec<String>> = HashMap::new();
    for form in &written {
        others.insert(form.clone(), lists.with_stem(form)?.into_keys().collect());
    }
    if let Some(node) = &mut out.node {
        each_word(node, &mut |word| match word {
            Word::Like(wild) => {
                let typed = std::mem::take(&mut wild.typed);
                *word = Word::Terms { terms: terms.get(&typed).cloned().unwrap_or_default(), typed };
            }
            Word::Written(form) => {
                let term = std::mem::take(form);
                *word = Word::Only { others: others.get(&term).cloned().unwrap_or_default(), term };
            }
            _ => {}
        });
    }
    Ok(out)
}

/// The words that stand for others of which it matters where they stand.
fn each_placed<'q>(node: &'q Node, take: &mut dyn FnMut(&'q Wild)) {
    fn of_pattern<'q>(pattern: &'q Pattern, is_placed: bool, take: &mut dyn FnMut(&'q Wild)) {
        match pattern {
            Pattern::Any(list) => list.iter().for_each(|p| of_pattern(p, is_placed, take)),
            Pattern::Near(near) => near.parts.iter().for_each(|p| of_pattern(p, true, take)),
            Pattern::Phrase(words) => {
                let wild = words.iter().filter_map(|(_, word)| match word {
                    Word::Like(wild) => Some(wild),
                    _ => None,
                });
                wild.filter(|_| is_placed || words.len() > 1).for_each(take);
            }
        }
    }
    match node {
        Node::Leaf(leaf) => of_pattern(&leaf.pattern, false, take),
        Node::Filter(_) => {}
        Node::Group(group) => {
            group.must.iter().chain(&group.should).chain(&group.not).for_each(|n| each_placed(n, take));
        }
    }
}

/// The words of all patterns of a query.
fn each_word(node: &mut Node, take: &mut dyn FnMut(&mut Word)) {
    fn of_pattern(pattern: &mut Pattern, take: &mut dyn FnMut(&mut Word)) {
        match pattern {
            Pattern::Phrase(words) => words.iter_mut().for_each(|(_, word)| take(word)),
            Pattern::Any(list) => list.iter_mut().for_each(|p| of_pattern(p, take)),
            Pattern::Near(near) => near.parts.iter_mut().for_each(|p| of_pattern(p, take)),
        }
    }
    match node {
        Node::Leaf(leaf) => of_pattern(&mut leaf.pattern, take),
        Node::Filter(_) => {}
        Node::Group(group) => {
            let all = group.must.iter_mut().chain(&mut group.should).chain(&mut group.not);
            all.for_each(|n| each_word(n, take));
        }
    }
}

/// Words, and how many passages have each, those that are gone but not yet written away too.
type Words = BTreeMap<String, u64>;
/// The same from one list of the index, in order.
type List = Vec<(String, u32)>;

/// The lists of words of the index.
struct Lists<'a> {
    fields: &'a Fields,
    searcher: &'a Searcher,
    deadline: Deadline,
}

impl Lists<'_> {
    /// The words that each stands for.
    fn like(&self, wanted: &[Wild]) -> Result<Vec<Words>> {
        let mut out = vec![Words::new(); wanted.len()];
        // Those that can begin with anything share one way through all words.
        let mut anywhere: Vec<(usize, Recognizer)> = Vec::new();
        for (at, wild) in wanted.iter().enumerate() {
            if let WildKind::Fuzzy(word, edits) = &wild.kind {
                out[at] = self.fuzzy(word, *edits)?;
                continue;
            }
            match Recognizer::new(&wild.kind) {
                Some(recognizer) if recognizer.head().is_empty() => anywhere.push((at, recognizer)),
                Some(recognizer) => out[at] = self.beginning(recognizer.head(), &|word| recognizer.accepts(word))?,
                None => {}
            }
        }
        if !anywhere.is_empty() {
            let found = self.each(anywhere.len(), |segment, field, out| {
                let inverted = segment.inverted_index(field)?;
                let mut stream = inverted.terms().stream()?;
                let mut gone_through = 0u32;
                while stream.advance() {
                    gone_through += 1;
                    if gone_through.is_multiple_of(LOOK_EVERY) {
                        self.deadline.go_on()?;
                    }
                    let Ok(word) = std::str::from_utf8(stream.key()) else { continue };
                    for (out, (_, recognizer)) in out.iter_mut().zip(&anywhere) {
                        if out.len() < TERMS_MAX && recognizer.accepts(word) {
                            out.push((word.to_string(), stream.value().doc_freq));
                        }
                    }
                }
                Ok(())
            })?;
            anywhere.iter().zip(found).for_each(|((at, _), found)| out[*at] = found);
        }
        Ok(out)
    }

    /// Words with so few letters amiss: the engine's automaton knows which branches of the list lead nowhere.
    fn fuzzy(&self, word: &str, edits: u8) -> Result<Words> {
        self.one(|segment, field, out| {
            let amiss = FuzzyTermQuery::new(Term::from_field_text(field, word), edits, true).automaton()?;
            let inverted = segment.inverted_index(field)?;
            let mut stream = inverted.terms().search(amiss).into_stream()?;
            while stream.advance() && out.len() < TERMS_MAX {
                out.extend(
                    std::str::from_utf8(stream.key()).ok().map(|word| (word.to_string(), stream.value().doc_freq)),
                );
            }
            Ok(())
        })
    }

    /// Words other than a form of which it is the stem.
    fn with_stem(&self, form: &str) -> Result<Words> {
        let letters = form.chars().count();
        let head: String = form.chars().take(letters.saturating_sub(STEM_END).max(1)).collect();
        self.beginning(&head, &|word| word != form && *stem(word) == *form)
    }

    /// Words that begin so and that a test accepts.
    fn beginning(&self, head: &str, accepts: &(dyn Fn(&str) -> bool + Sync)) -> Result<Words> {
        self.one(|segment, field, out| {
            let inverted = segment.inverted_index(field)?;
            let mut stream = inverted.terms().range().ge(head.as_bytes()).into_stream()?;
            while stream.advance() && stream.key().starts_with(head.as_bytes()) && out.len() < TERMS_MAX {
                if let Ok(word) = std::str::from_utf8(stream.key())
                    && accepts(word)
                {
                    out.push((word.to_string(), stream.value().doc_freq));
                }
            }
            Ok(())
        })
    }

    fn one(&self, gives: impl Fn(&SegmentReader, Field, &mut List) -> tantivy::Result<()> + Sync) -> Result<Words> {
        let found =
            self.each(1, |segment, field, out| out.iter_mut().try_for_each(|out| gives(segment, field, out)))?;
        Ok(found.into_iter().next().unwrap_or_default())
    }

    /// What each list of words gives, in order, for so many at once; for each of them the first of all lists together, so
    /// that it does not matter how the index is parted.
    fn each(
        &self,
        count: usize,
        gives: impl Fn(&SegmentReader, Field, &mut [List]) -> tantivy::Result<()> + Sync,
    ) -> Result<Vec<Words>> {
        let searched = [self.fields.text, self.fields.heading, self.fields.title];
        let lists = searched.into_iter().flat_map(|f| self.searcher.segment_readers().iter().map(move |s| (s, f)));
        let given = |(segment, field): (&SegmentReader, Field)| {
            self.deadline.go_on()?;
            let mut out = vec![List::new(); count];
            gives(segment, field, &mut out)?;
            Ok(out)
        };
        let found = self.searcher.index().search_executor().map(given, lists);
        let found = found.map_err(|error| self.deadline.broke_off("cannot read the index", error))?;
        let mut out = vec![Words::new(); count];
        for list in found {
            for (all, some) in out.iter_mut().zip(list) {
                some.into_iter().for_each(|(word, passages)| *all.entry(word).or_default() += u64::from(passages));
            }
        }
        Ok(out.into_iter().map(|all| all.into_iter().take(TERMS_MAX).collect()).collect())
    }
}
