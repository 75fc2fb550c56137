//! Query → what is counted for ranking: its words, phrases and neighbours, each with a weight.

use crate::analysis::is_ideograph;
use crate::query::{Group, Leaf, Node, Pattern, Target, Word};
use rustc_hash::FxHashMap;

/// Weight of two neighbouring words of the query found near one another.
const NEAR_WEIGHT: f32 = 0.2;
/// Weight of two neighbouring pairs of a run of ideographs found side by side.
const RUN_WEIGHT: f32 = 0.4;
/// Weight of a single ideograph of a run: words share characters where they do not share pairs.
const SINGLE_WEIGHT: f32 = 0.5;
/// Weight of an unquoted word that punctuation parts (`boundary-layer`) found as it is, beside its parts.
const COMPOUND_WEIGHT: f32 = 0.2;
/// Of the words that one stands for, so many are counted.
pub const COUNTED_MAX: usize = 256;

/// What is counted, and how much it weighs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Every term that is counted, once.
    pub terms: Vec<String>,
    /// What is ranked by.
    pub features: Vec<Feature>,
    /// Words that were typed, parted by blanks or punctuation.
    pub words: usize,
    numbers: FxHashMap<String, usize>,
    /// By feature, terms of which a passage has to have all, those of one list or of another, for it to be found there.
    needs: Vec<Vec<Vec<usize>>>,
    /// By number, whether it is of interest where a term stands.
    placed: Vec<bool>,
    /// By number, whether a term counts in headings and titles too.
    outside: Vec<bool>,
}

/// Something to rank by.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// What is counted.
    pub what: What,
    /// Its weight beside how rare it is: 1 for a word typed once.
    pub weight: f32,
    /// As typed, for a reader.
    pub name: String,
}

/// What can be counted in a passage.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A term, by its number.
    Term(usize),
    /// Any of these terms, by their numbers.
    Any(Vec<usize>),
    /// These terms, by their numbers, each at its distance from the first.
    Phrase(Vec<(u32, usize)>),
    /// Matches of any other pattern.
    Pattern(Pattern),
    /// Two terms, by their numbers, near one another.
    Near(usize, usize),
}

impl Plan {
    /// For a query's node.
    pub fn new(node: &Node) -> Plan {
        let mut plan = Plan::default();
        plan.node(node);
        plan.needs = plan.features.iter().map(|feature| plan.needed_by(&feature.what)).collect();
        plan
    }

    /// For terms with these weights.
    pub fn of_terms(terms: Vec<(String, f32)>) -> Plan {
        let mut plan = Plan::default();
        for (name, weight) in terms {
            let what = What::Term(plan.term(&name));
            plan.add(what, weight, name);
        }
        plan
    }

    /// Whether the places of a term are needed, and not only how often it stands.
    pub fn needs_places(&self, term: usize) -> bool {
        self.placed.get(term).copied().unwrap_or_default()
    }

    /// Whether a term counts in headings and titles too, and not only in the text.
    pub fn counts_outside(&self, term: usize) -> bool {
        self.outside.get(term).copied().unwrap_or_default()
    }

    /// Of which terms a passage has to have all, those of one list or of another, for a pattern, by the place of its
    /// feature, to match in it.
    pub fn needs(&self, feature: usize) -> &[Vec<usize>] {
        self.needs.get(feature).map_or(&[], Vec::as_slice)
    }

    /// The number of a term.
    pub fn number(&self, term: &str) -> Option<usize> {
        self.numbers.get(term).copied()
    }

    /// How much of what the query asks for a feature is: words only.
    pub fn asked(&self, feature: &Feature, worths: &[f32]) -> f32 {
        match feature.what {
            What::Term(term) => feature.weight * worths[term],
            _ => 0.0,
        }
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Filter(_) => {}
            Node::Leaf(leaf) => self.leaf(leaf),
            Node::Group(group) => self.group(group),
        }
    }

    fn group(&mut self, group: &Group) {
        group.must.iter().chain(&group.should).for_each(|node| self.node(node));
        if group.near {
            let words: Vec<Option<String>> = group.should.iter().map(typed_term).collect();
            let weight = if group.run.is_some() { RUN_WEIGHT } else { NEAR_WEIGHT };
            for pair in words.windows(2) {
                if let [Some(a), Some(b)] = pair
                    && a != b
                {
                    let what = What::Near(self.placed_term(a), self.placed_term(b));
                    self.add(what, weight, format!("{a} near {b}"));
                }
            }
        }
        if let Some(run) = &group.run {
            let ideographs = run.iter().filter_map(|(_, word)| match word {
                Word::Term(term) if term.chars().all(is_ideograph) => Some(term.chars()),
                _ => None,
            });
            let mut singles: Vec<char> = ideographs.flatten().collect();
            singles.sort_unstable();
            singles.dedup();
            for c in singles {
                let what = What::Term(self.term(&c.to_string()));
                self.add(what, SINGLE_WEIGHT, c.to_string());
            }
        }
    }

    fn leaf(&mut self, leaf: &Leaf) {
        if leaf.target != Target::Any {
            return;
        }
        if let Some(term) = one_term(&leaf.pattern) {
            let what = What::Term(self.term(term));
            self.words += usize::from(leaf.added.is_none() && !term.chars().any(is_ideograph));
            return self.add(what, leaf.weight, leaf.typed.clone());
        }
        if let Pattern::Phrase(words) = &leaf.pattern
            && let [(_, Word::Terms { terms, .. })] = words.as_slice()
        {
            let what = What::Any(terms.iter().take(COUNTED_MAX).map(|term| self.term(term)).collect());
            return self.add(what, leaf.weight, leaf.typed.clone());
        }
        let mut pattern = leaf.pattern.clone();
        cut(&mut pattern);
        self.needed(&pattern);
        let mut weight = leaf.weight;
        if let (Pattern::Phrase(words), true) = (&leaf.pattern, leaf.is_compound()) {
            for (_, word) in words {
                let Word::Term(term) = word else { continue };
                self.words += usize::from(!term.chars().any(is_ideograph));
                let what = What::Term(self.term(term));
                self.add(what, leaf.weight, term.clone());
            }
            weight *= COMPOUND_WEIGHT;
        }
        let what = match plain(&pattern) {
            Some(words) => {
                What::Phrase(words.into_iter().map(|(after, term)| (after, self.placed_term(term))).collect())
            }
            None => What::Pattern(pattern),
        };
        self.add(what, weight, leaf.typed.clone());
    }

    /// What is asked for twice counts more, but not twice.
    fn add(&mut self, what: What, weight: f32, name: String) {
        match &what {
            What::Term(term) => self.outside[*term] = true,
            What::Any(terms) => terms.iter().for_each(|term| self.outside[*term] = true),
            What::Phrase(_) | What::Pattern(_) | What::Near(..) => {}
        }
        match self.features.iter_mut().find(|f| f.what == what) {
            Some(known) => known.weight = known.weight.hypot(weight),
            None => self.features.push(Feature { what, weight, name }),
        }
    }

    fn term(&mut self, term: &str) -> usize {
        if let Some(number) = self.number(term) {
            return number;
        }
        self.terms.push(term.to_string());
        self.placed.push(false);
        self.outside.push(false);
        self.numbers.insert(term.to_string(), self.terms.len() - 1);
        self.terms.len() - 1
    }

    fn placed_term(&mut self, term: &str) -> usize {
        let number = self.term(term);
        self.placed[number] = true;
        number
    }

    fn needed_by(&self, what: &What) -> Vec<Vec<usize>> {
        match what {
            What::Pattern(pattern) => self.needed_in(pattern),
            _ => Vec::new(),
        }
    }

    fn needed_in(&self, pattern: &Pattern) -> Vec<Vec<usize>> {
        let term = |word: &Word| match word {
            Word::Term(term) | Word::Written(term) | Word::Only { term, .. } => self.number(term),
            Word::Terms { .. } | Word::Like(_) => None,
        };
        match pattern {
            Pattern::Phrase(words) => vec![words.iter().filter_map(|(_, word)| term(word)).collect()],
            Pattern::Any(list) => list.iter().flat_map(|pattern| self.needed_in(pattern)).collect(),
            Pattern::Near(_) => vec![Vec::new()],
        }
    }

    fn needed(&mut self, pattern: &Pattern) {
        pattern.each_word(&mut |word| {
            word.terms().for_each(|term| {
                self.placed_term(term);
            });
        });
    }
}

/// Leaves of the words that one stands for those that are counted.
fn cut(pattern: &mut Pattern) {
    match pattern {
        Pattern::Any(list) => list.iter_mut().for_each(cut),
        Pattern::Near(near) => near.parts.iter_mut().for_each(cut),
        Pattern::Phrase(words) => {
            for (_, word) in words {
                if let Word::Terms { terms, .. } = word {
                    terms.truncate(COUNTED_MAX);
                }
            }
        }
    }
}

/// The words of a phrase that stand for nothing but themselves, each with its distance from the first.
fn plain(pattern: &Pattern) -> Option<Vec<(u32, &str)>> {
    let Pattern::Phrase(words) = pattern else { return None };
    let first = words.first()?.0;
    let each = words.iter().map(|(at, word)| match word {
        Word::Term(term) | Word::Written(term) => Some((at - first, term.as_str())),
        Word::Only { term, others } if others.is_empty() => Some((at - first, term.as_str())),
        _ => None,
    });
    each.collect()
}

fn typed_term(node: &Node) -> Option<String> {
    match node {
        Node::Leaf(Leaf { target: Target::Any, pattern, added: None, .. }) => one_term(pattern).map(str::to_string),
        _ => None,
    }
}

fn one_term(pattern: &Pattern) -> Option<&str> {
    match pattern {
        Pattern::Phrase(words) => match words.as_slice() {
            [(_, Word::Term(term))] => Some(term),
            _ => None,
        },
        _ => None,
    }
}
