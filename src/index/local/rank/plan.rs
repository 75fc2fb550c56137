//! Query → what is counted for ranking: its words, phrases and neighbours, each with a weight.

use crate::query::{Group, Leaf, Node, Pattern, Target, Word};

/// What is counted, and how much it weighs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Every term that is counted, once.
    pub terms: Vec<String>,
    /// What is ranked by.
    pub features: Vec<Feature>,
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
    /// Matches of a pattern.
    Pattern(Pattern),
    /// Two terms, by their numbers, within a few words of one another.
    Near(usize, usize),
}

impl Plan {
    /// For a query's node.
    pub fn new(node: &Node) -> Plan {
        let mut plan = Plan::default();
        plan.node(node);
        plan
    }

    /// Whether places of terms are needed, and not only how often they stand.
    pub fn needs_places(&self) -> bool {
        self.features.iter().any(|f| !matches!(f.what, What::Term(_)))
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
        if !group.near {
            return;
        }
        let words: Vec<Option<String>> = group.should.iter().map(one_term).collect();
        for pair in words.windows(2) {
            if let [Some(a), Some(b)] = pair
                && a != b
            {
                let what = What::Near(self.term(a), self.term(b));
                self.add(what, param("near", 0.2), format!("{a} {b}"));
            }
        }
        if let Some(run) = &group.run {
            let mut singles: Vec<char> =
                run.iter().filter_map(|(_, w)| ideographs(w)).flat_map(|t| t.chars()).collect();
            singles.sort_unstable();
            singles.dedup();
            for c in singles {
                let what = What::Term(self.term(&c.to_string()));
                self.add(what, param("single", 0.3), c.to_string());
            }
        }
    }

    fn leaf(&mut self, leaf: &Leaf) {
        if leaf.target != Target::Any {
            return;
        }
        let what = match one_term_of(&leaf.pattern) {
            Some(term) => What::Term(self.term(term)),
            None => {
                self.needed(&leaf.pattern);
                if let Pattern::Phrase(words) = &leaf.pattern
                    && !leaf.typed.starts_with(['"', '“'])
                {
                    let terms: Vec<String> = words
                        .iter()
                        .filter_map(|(_, w)| match w {
                            Word::Term(t) => Some(t.clone()),
                            _ => None,
                        })
                        .collect();
                    for term in terms {
                        let what = What::Term(self.term(&term));
                        self.add(what, param("part", 1.0), term);
                    }
                    What::Pattern(leaf.pattern.clone())
                } else {
                    What::Pattern(leaf.pattern.clone())
                }
            }
        };
        let weight = if matches!(what, What::Pattern(_)) && !leaf.typed.starts_with(['"', '“']) {
            param("compound", 0.2)
        } else {
            leaf.weight
        };
        self.add(what, weight, leaf.typed.clone());
    }

    /// What is asked for twice counts more, but not twice.
    fn add(&mut self, what: What, weight: f32, name: String) {
        match self.features.iter_mut().find(|f| f.what == what) {
            Some(known) => known.weight = (known.weight.powi(2) + weight.powi(2)).sqrt(),
            None => self.features.push(Feature { what, weight, name }),
        }
    }

    fn term(&mut self, term: &str) -> usize {
        self.terms.iter().position(|t| t == term).unwrap_or_else(|| {
            self.terms.push(term.to_string());
            self.terms.len() - 1
        })
    }

    fn needed(&mut self, pattern: &Pattern) {
        match pattern {
            Pattern::Any(list) => list.iter().for_each(|p| self.needed(p)),
            Pattern::Near(near) => near.parts.iter().for_each(|p| self.needed(p)),
            Pattern::Phrase(words) => {
                for (_, word) in words {
                    match word {
                        Word::Term(term) | Word::Written(term) => drop(self.term(term)),
                        Word::Terms { terms, .. } => terms.iter().take(TERMS_MAX).for_each(|t| drop(self.term(t))),
                        Word::Only { term, others } => {
                            self.term(term);
                            others.iter().for_each(|t| drop(self.term(t)));
                        }
                        Word::Like(_) => {}
                    }
                }
            }
        }
    }
}

/// Of the words that one stands for, so many are counted.
const TERMS_MAX: usize = 64;

fn ideographs(word: &Word) -> Option<&str> {
    match word {
        Word::Term(term) if term.chars().all(crate::analysis::is_ideograph) => Some(term),
        _ => None,
    }
}

fn one_term(node: &Node) -> Option<String> {
    match node {
        Node::Leaf(Leaf { target: Target::Any, pattern, added: None, .. }) => one_term_of(pattern).map(str::to_string),
        _ => None,
    }
}

fn one_term_of(pattern: &Pattern) -> Option<&str> {
    match pattern {
        Pattern::Phrase(words) => match words.as_slice() {
            [(_, Word::Term(term))] => Some(term),
            _ => None,
        },
        _ => None,
    }
}

/// For trials.
pub fn param(name: &str, default: f32) -> f32 {
    static GIVEN: std::sync::OnceLock<std::collections::HashMap<String, f32>> = std::sync::OnceLock::new();
    let given = GIVEN.get_or_init(|| {
        let text = std::env::var("RANK").unwrap_or_default();
        text.split(',')
            .filter_map(|p| p.split_once('='))
            .filter_map(|(k, v)| Some((k.to_string(), v.parse().ok()?)))
            .collect()
    });
    given.get(name).copied().unwrap_or(default)
}
