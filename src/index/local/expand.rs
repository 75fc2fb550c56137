//! Words that stand for others → the words of the index that they stand for.

use super::compile::unreadable;
use super::engine;
use super::schema::Fields;
use crate::analysis::stem;
use crate::error::Result;
use crate::query::wild::Recognizer;
use crate::query::{Node, Pattern, Query, Wild, WildKind, Word};
use std::collections::{BTreeSet, HashMap};
use tantivy::Searcher;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, Term};

/// Most words that one stands for.
const TERMS_MAX: usize = 10_000;
/// A stem differs from its words in no more letters than this at its end, but for very short ones.
const STEM_END: usize = 2;

/// The query with every such word replaced, and what a reader should know of it.
pub fn expand(query: &Query, fields: &Fields, searcher: &Searcher) -> Result<Query> {
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
    let lists = Lists { fields, searcher };
    let mut terms: HashMap<String, Vec<String>> = HashMap::new();
    for wild in &wanted {
        let found = lists.like(wild)?;
        if found.len() >= TERMS_MAX {
            let typed = &wild.typed;
            out.notes
                .push(format!("`{typed}` stands for more than {TERMS_MAX} words: only the first of them are searched"));
        }
        terms.insert(wild.typed.clone(), found.into_iter().collect());
    }
    let mut others: HashMap<String, Vec<String>> = HashMap::new();
    for form in &written {
        others.insert(form.clone(), lists.with_stem(form)?.into_iter().collect());
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

/// The lists of words of the index.
struct Lists<'a> {
    fields: &'a Fields,
    searcher: &'a Searcher,
}

impl Lists<'_> {
    fn like(&self, wild: &Wild) -> Result<BTreeSet<String>> {
        if let WildKind::Fuzzy(word, edits) = &wild.kind {
            return self.fuzzy(word, *edits);
        }
        let Some(recognizer) = Recognizer::new(&wild.kind) else { return Ok(BTreeSet::new()) };
        self.beginning(recognizer.head(), |word| recognizer.accepts(word))
    }

    /// Words with so few letters amiss: the engine's automaton knows which branches of the list lead nowhere.
    fn fuzzy(&self, word: &str, edits: u8) -> Result<BTreeSet<String>> {
        let mut out = BTreeSet::new();
        for segment in self.searcher.segment_readers() {
            for field in self.searched() {
                let term = Term::from_field_text(field, word);
                let amiss = FuzzyTermQuery::new(term, edits, true).automaton();
                let amiss = amiss.map_err(engine("cannot search the index"))?;
                let inverted = segment.inverted_index(field).map_err(engine("cannot read the index"))?;
                let mut stream = inverted.terms().search(amiss).into_stream().map_err(unreadable)?;
                while stream.advance() && out.len() < TERMS_MAX {
                    out.extend(std::str::from_utf8(stream.key()).ok().map(str::to_string));
                }
            }
        }
        Ok(out)
    }

    fn searched(&self) -> [Field; 3] {
        [self.fields.text, self.fields.heading, self.fields.title]
    }

    /// Words other than a form of which it is the stem.
    fn with_stem(&self, form: &str) -> Result<BTreeSet<String>> {
        let letters = form.chars().count();
        let head: String = form.chars().take(letters.saturating_sub(STEM_END).max(1)).collect();
        self.beginning(&head, |word| word != form && *stem(word) == *form)
    }

    /// Words that begin so and that a test accepts.
    fn beginning(&self, head: &str, accepts: impl Fn(&str) -> bool) -> Result<BTreeSet<String>> {
        let mut out = BTreeSet::new();
        for segment in self.searcher.segment_readers() {
            for field in self.searched() {
                let inverted = segment.inverted_index(field).map_err(engine("cannot read the index"))?;
                let mut stream = inverted.terms().range().ge(head.as_bytes()).into_stream().map_err(unreadable)?;
                while stream.advance() && stream.key().starts_with(head.as_bytes()) && out.len() < TERMS_MAX {
                    if let Ok(word) = std::str::from_utf8(stream.key())
                        && accepts(word)
                    {
                        out.insert(word.to_string());
                    }
                }
            }
        }
        Ok(out)
    }
}
