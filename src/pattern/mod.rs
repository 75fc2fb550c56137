//! Patterns that are fixed in the code, made into automata when the program is built.
//!
//! In: a pattern and a text. Out: [`Match`]es and [`Captures`], the same as those of the crate `regex`. Never: takes a
//! pattern that is not in the code.
//!
//! To make automata of the hundred patterns by which documents are read takes longer than to read a hundred documents
//! with them; every reader would do so anew.

mod shared;
mod table;

use regex_automata::hybrid::dfa::{Builder, Cache, Config, DFA};
use regex_automata::nfa::thompson::backtrack::{self, BoundedBacktracker};
use regex_automata::util::iter::Searcher;
use regex_automata::util::pool::Pool;
use regex_automata::util::prefilter::Prefilter;
use regex_automata::{Anchored, Input, MatchError, MatchKind};
use std::borrow::Cow;
use std::ops::Range;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::OnceLock;
use table::Compiled;

/// All patterns in their order, each with where its bytes begin and end.
const PATTERNS: &[(&str, usize, usize)] = include!(concat!(env!("OUT_DIR"), "/patterns.rs"));
static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/patterns.bin"));

/// A pattern that is fixed in the code. The build script finds it there: it must be one raw string. In it, `<months>`
/// stands for the names of months in English and their short forms.
macro_rules! pattern {
    ($source:literal) => {
        $crate::pattern::Pattern::new($source)
    };
}
pub(crate) use pattern;

/// A pattern, in the syntax of the crate `regex`.
pub struct Pattern {
    source: &'static str,
    engine: OnceLock<Engine>,
    /// What decides where the automata give up: a text in which they would need too many states.
    other: OnceLock<regex::Regex>,
}

/// A match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

impl<'t> Match<'t> {
    /// Its first byte.
    pub fn start(&self) -> usize {
        self.start
    }

    /// One past its last byte.
    pub fn end(&self) -> usize {
        self.end
    }

    /// Its bytes.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Its words.
    pub fn as_str(&self) -> &'t str {
        &self.text[self.range()]
    }
}

/// A match and its groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captures<'t> {
    text: &'t str,
    groups: Vec<Option<Range<usize>>>,
}

impl<'t> Captures<'t> {
    /// A group, 0 being the whole match; none if it has no part in it.
    pub fn get(&self, group: usize) -> Option<Match<'t>> {
        let Range { start, end } = self.groups.get(group)?.clone()?;
        Some(Match { text: self.text, start, end })
    }
}

/// The words of a group, which must have a part in the match.
impl std::ops::Index<usize> for Captures<'_> {
    type Output = str;

    fn index(&self, group: usize) -> &str {
        self.get(group).map(|found| found.as_str()).expect("the group has a part in every match")
    }
}

impl Pattern {
    /// A pattern of the code, by way of `pattern!`.
    pub const fn new(source: &'static str) -> Pattern {
        Pattern { source, engine: OnceLock::new(), other: OnceLock::new() }
    }

    /// The pattern itself.
    pub fn source(&self) -> Cow<'static, str> {
        shared::whole(self.source)
    }

    /// Groups, the whole match among them.
    pub fn groups(&self) -> usize {
        match self.engine() {
            Engine::Automata(automata) => automata.groups,
            Engine::Other => self.other().captures_len(),
        }
    }

    /// Whether it matches anywhere in a text.
    pub fn is_match(&self, text: &str) -> bool {
        match self.engine() {
            Engine::Automata(automata) => automata.is_match(text).unwrap_or_else(|_| self.other().is_match(text)),
            Engine::Other => self.other().is_match(text),
        }
    }

    /// The first match in a text.
    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.find_at(text, 0)
    }

    /// The first match that begins here or later.
    pub fn find_at<'t>(&self, text: &'t str, from: usize) -> Option<Match<'t>> {
        self.find_in(text, &Input::new(text).range(from..)).map(|found| Match {
            text,
            start: found.start,
            end: found.end,
        })
    }

    /// All matches that do not overlap.
    pub fn find_iter<'p, 't: 'p>(&'p self, text: &'t str) -> impl Iterator<Item = Match<'t>> + 'p {
        let mut searcher = Searcher::new(Input::new(text));
        std::iter::from_fn(move || {
            let found = searcher.advance(|input| {
                let found = self.find_in(text, input);
                Ok(found.map(|range| regex_automata::Match::must(0, range)))
            })?;
            Some(Match { text, start: found.start(), end: found.end() })
        })
    }

    /// The first match in a text, with its groups.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.captures_at(text, 0)
    }

    /// The first match that begins here or later, with its groups.
    pub fn captures_at<'t>(&self, text: &'t str, from: usize) -> Option<Captures<'t>> {
        self.find_at(text, from).map(|found| self.groups_of(found))
    }

    /// All matches that do not overlap, with their groups.
    pub fn captures_iter<'p, 't: 'p>(&'p self, text: &'t str) -> impl Iterator<Item = Captures<'t>> + 'p {
        self.find_iter(text).map(|found| self.groups_of(found))
    }

    /// The parts of a text between its matches.
    pub fn split<'p, 't: 'p>(&'p self, text: &'t str) -> impl Iterator<Item = &'t str> + 'p {
        let mut matches = self.find_iter(text);
        let mut from = Some(0);
        std::iter::from_fn(move || {
            let start = from?;
            let found = matches.next();
            from = found.map(|found| found.end());
            Some(&text[start..found.map_or(text.len(), |found| found.start())])
        })
    }

    /// The first match in a part of a text that ends where the text does.
    fn find_in(&self, text: &str, input: &Input) -> Option<Range<usize>> {
        let other = || self.other().find_at(text, input.start()).map(|found| found.range());
        match self.engine() {
            Engine::Automata(automata) => automata.find(input).unwrap_or_else(|_| other()),
            Engine::Other => other(),
        }
    }

    /// The groups of a match.
    fn groups_of<'t>(&self, found: Match<'t>) -> Captures<'t> {
        let text = found.text;
        let of_automata = match self.engine() {
            Engine::Automata(automata) => automata.groups_of(found),
            Engine::Other => None,
        };
        let groups = of_automata.unwrap_or_else(|| {
            let captures = self.other().captures_at(text, found.start);
            let groups = captures.iter().flat_map(|captures| captures.iter());
            groups.map(|group| group.map(|group| group.range())).collect()
        });
        Captures { text, groups }
    }

    fn engine(&self) -> &Engine {
        self.engine.get_or_init(|| {
            let bytes = PATTERNS.binary_search_by(|(source, ..)| source.cmp(&self.source)).map(|at| {
                let (_, start, end) = PATTERNS[at];
                &BYTES[start..end]
            });
            debug_assert!(bytes.is_ok(), "the build script has not found {}", self.source);
            bytes.ok().and_then(Automata::read).map_or(Engine::Other, |automata| Engine::Automata(Box::new(automata)))
        })
    }

    fn other(&self) -> &regex::Regex {
        self.other.get_or_init(|| {
            regex::Regex::new(&shared::whole(self.source)).expect("the pattern is fixed and compiled by tests")
        })
    }
}

enum Engine {
    Automata(Box<Automata>),
    /// Automata cannot decide the pattern in all texts.
    Other,
}

/// The automata of a pattern: states are made as texts need them.
struct Automata {
    compiled: Compiled<'static>,
    groups: usize,
    forward: DFA,
    backward: OnceLock<DFA>,
    backtracker: OnceLock<BoundedBacktracker>,
    memory: Pool<Memory, Box<dyn Fn() -> Memory + Send + Sync + UnwindSafe + RefUnwindSafe>>,
}

/// What automata have made of states so far.
struct Memory {
    forward: Cache,
    backward: Option<Cache>,
    backtracker: Option<backtrack::Cache>,
}

/// As the crate `regex` has it: where so few bytes are read for each new state, the text is none for an automaton.
const BYTES_A_STATE_MIN: usize = 10;
/// Times that states may be given up before that is asked.
const CLEARED_MIN: usize = 3;

impl Automata {
    fn read(bytes: &'static [u8]) -> Option<Automata> {
        let compiled = Compiled::read(bytes)?;
        let prefilter = match compiled.needles.is_empty() {
            true => None,
            false => Prefilter::new(MatchKind::LeftmostFirst, &compiled.needles),
        };
        let config = config().specialize_start_states(prefilter.is_some()).prefilter(prefilter);
        let forward = Builder::new().configure(config).build_from_nfa(table::read(compiled.forward, false)?).ok()?;
        let make = {
            let forward = forward.clone();
            move || Memory { forward: forward.create_cache(), backward: None, backtracker: None }
        };
        Some(Automata {
            groups: compiled.groups,
            compiled,
            forward,
            backward: OnceLock::new(),
            backtracker: OnceLock::new(),
            memory: Pool::new(Box::new(make)),
        })
    }

    fn is_match(&self, text: &str) -> Result<bool, MatchError> {
        let mut memory = self.memory.get();
        let found = self.forward.try_search_fwd(&mut memory.forward, &Input::new(text).earliest(true))?;
        Ok(found.is_some())
    }

    fn find(&self, input: &Input) -> Result<Option<Range<usize>>, MatchError> {
        let mut memory = self.memory.get();
        let Some(end) = self.forward.try_search_fwd(&mut memory.forward, input)? else { return Ok(None) };
        let end = end.offset();
        if self.compiled.is_anchored {
            return Ok(Some(input.start()..end));
        }
        let backward = self.backward.get_or_init(|| {
            let nfa = table::read(self.compiled.backward, true).expect("it is written when the program is built");
            let config = config().match_kind(MatchKind::All);
            Builder::new().configure(config).build_from_nfa(nfa).expect("it is as large as the other")
        });
        let cache = memory.backward.get_or_insert_with(|| backward.create_cache());
        let back = input.clone().earliest(false).anchored(Anchored::Yes).range(input.start()..end);
        let start = backward.try_search_rev(cache, &back)?;
        Ok(start.map(|start| start.offset()..end))
    }

    /// None if the match is too long for the memory it would take.
    fn groups_of(&self, found: Match) -> Option<Vec<Option<Range<usize>>>> {
        if self.groups == 1 {
            return Some(vec![Some(found.range())]);
        }
        let backtracker = self.backtracker.get_or_init(|| {
            BoundedBacktracker::new_from_nfa(self.forward.get_nfa().clone()).expect("it is bounded by its memory")
        });
        let mut memory = self.memory.get();
        let cache = memory.backtracker.get_or_insert_with(|| backtracker.create_cache());
        let mut slots = vec![None; self.groups * 2];
        let input = Input::new(found.text).range(found.range()).anchored(Anchored::Yes);
        backtracker.try_search_slots(cache, &input, &mut slots).ok()??;
        let group = |slots: &[Option<regex_automata::util::primitives::NonMaxUsize>]| match slots {
            [Some(start), Some(end)] => Some(start.get()..end.get()),
            _ => None,
        };
        Some(slots.chunks(2).map(group).collect())
    }
}

fn config() -> Config {
    Config::new()
        .skip_cache_capacity_check(true)
        .minimum_cache_clear_count(Some(CLEARED_MIN))
        .minimum_bytes_per_state(Some(BYTES_A_STATE_MIN))
}

#[cfg(test)]
mod tests;
