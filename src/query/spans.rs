//! Where a pattern matches, given where its terms stand: the one rule that the index finds by and the
//! highlighter marks by.
//!
//! Places are positions of the analyser, counted in words and ideographs. Within one text only.

use super::{Near, Pattern, Word, width};

/// A stretch of places, the last one excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first place.
    pub start: u32,
    /// One past the last.
    pub end: u32,
}

/// Says where terms stand in one text.
pub trait Places {
    /// The places of a term, in order; a pair of ideographs has the place of its first.
    fn places(&mut self, term: &str) -> Vec<u32>;

    /// The places of all terms that a typed word stands for: in order, each once.
    fn places_of_any(&mut self, _typed: &str, terms: &[String]) -> Vec<Span> {
        let of = |term: &String, text: &mut Self| -> Vec<Span> {
            let wide = width(term);
            text.places(term).into_iter().map(|start| Span { start, end: start + wide }).collect()
        };
        merged(terms.iter().flat_map(|t| of(t, self)).collect())
    }
}

/// In order, one for each place.
pub fn merged(mut all: Vec<Span>) -> Vec<Span> {
    all.sort_unstable();
    all.dedup_by_key(|s| s.start);
    all
}

/// Where a pattern matches: in order, each stretch once. Of parts near one another, the whole
/// stretch from the first to the last.
pub fn spans(pattern: &Pattern, text: &mut dyn Places) -> Vec<Span> {
    let mut out: Vec<Span> = found(pattern, false, text).into_iter().map(|f| f.whole).collect();
    out.dedup();
    out
}

/// The stretches that make a pattern match: of parts near one another each by itself, and every
/// one that is near enough. In order, each once.
pub fn marks(pattern: &Pattern, text: &mut dyn Places) -> Vec<Span> {
    let mut out: Vec<Span> = found(pattern, true, text).into_iter().flat_map(|f| f.parts).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// A match: its whole extent, and what of it makes it one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    whole: Span,
    parts: Vec<Span>,
}

/// `keep`: the parts are wanted too.
fn found(pattern: &Pattern, keep: bool, text: &mut dyn Places) -> Vec<Found> {
    let one = |whole| Found { whole, parts: if keep { vec![whole] } else { Vec::new() } };
    let mut out = match pattern {
        Pattern::Phrase(words) => phrase(words, text).into_iter().map(one).collect(),
        Pattern::Any(list) => list.iter().flat_map(|p| found(p, keep, text)).collect(),
        Pattern::Near(near) => self::near(near, keep, text),
    };
    out.sort_unstable();
    out.dedup();
    out
}

fn phrase(words: &[(u32, Word)], text: &mut dyn Places) -> Vec<Span> {
    let Some(((first_at, first), rest)) = words.split_first() else { return Vec::new() };
    let mut open: Vec<Span> = places(first, text);
    for (at, word) in rest {
        if open.is_empty() {
            break;
        }
        let here = places(word, text);
        let after = at - first_at;
        open.retain_mut(|span| {
            let known = here.binary_search_by_key(&(span.start + after), |s| s.start);
            known.is_ok_and(|i| {
                span.end = span.end.max(here[i].end);
                true
            })
        });
    }
    open
}

/// Where a word stands: in order.
fn places(word: &Word, text: &mut dyn Places) -> Vec<Span> {
    let of = |term: &str, text: &mut dyn Places| -> Vec<Span> {
        let wide = width(term);
        text.places(term).into_iter().map(|start| Span { start, end: start + wide }).collect()
    };
    match word {
        Word::Term(term) | Word::Written(term) => of(term, text),
        Word::Terms { typed, terms } => text.places_of_any(typed, terms),
        Word::Only { term, others } => {
            let mut all = of(term, text);
            for other in others {
                let here = text.places(other);
                all.retain(|s| here.binary_search(&s.start).is_err());
            }
            all
        }
        // Stands for nothing before the index has said for what.
        Word::Like(_) => Vec::new(),
    }
}

/// All that takes part in a window that holds every part. A window begins with a part; each of its
/// matches can be exchanged for the first in it, so all in it take part, if order allows.
fn near(near: &Near, keep: bool, text: &mut dyn Places) -> Vec<Found> {
    let lists: Vec<Vec<Found>> = near.parts.iter().map(|p| found(p, keep, text)).collect();
    if lists.is_empty() || lists.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    let mut starts: Vec<u32> = match near.ordered {
        true => lists[0].iter().map(|f| f.whole.start).collect(),
        false => lists.iter().flatten().map(|f| f.whole.start).collect(),
    };
    starts.sort_unstable();
    starts.dedup();
    let mut out = Vec::new();
    // Only where, not by what: the index asks so of every passage that has the parts.
    let quick = !near.ordered && !keep;
    let mut from = vec![0; lists.len()];
    let mut counts: Vec<usize> = Vec::with_capacity(lists.len());
    for start in starts {
        let limit = start.saturating_add(near.window);
        if quick {
            let mut end = start;
            counts.clear();
            for (list, from) in lists.iter().zip(&mut from) {
                *from += list[*from..].iter().take_while(|f| f.whole.start < start).count();
                let mut count = 0;
                let mut last = None;
                let inside = list[*from..].iter().map(|f| f.whole).take_while(|whole| whole.start < limit);
                for whole in inside.filter(|whole| whole.end <= limit) {
                    end = end.max(whole.end);
                    count += usize::from(last.replace(whole.start) != Some(whole.start));
                }
                counts.push(count);
            }
            counts.sort_unstable();
            match counts.first() {
                Some(0) | None => continue,
                // Each can take a place that those with fewer have left.
                _ if counts.iter().enumerate().all(|(taken, count)| *count > taken) => {
                    out.push(Found { whole: Span { start, end }, parts: Vec::new() });
                    continue;
                }
                _ => {}
            }
        }
        let inside: Vec<Vec<&Found>> = lists
            .iter()
            .map(|list| {
                let from = list.partition_point(|f| f.whole.start < start);
                list[from..].iter().take_while(|f| f.whole.start < limit).filter(|f| f.whole.end <= limit).collect()
            })
            .collect();
        let taking = match near.ordered {
            true => in_order(&inside, start),
            false => all_present(inside),
        };
        let Some(end) = taking.iter().map(|f| f.whole.end).max() else { continue };
        let mut parts: Vec<Span> = taking.iter().flat_map(|f| f.parts.iter().copied()).collect();
        parts.sort_unstable();
        parts.dedup();
        out.push(Found { whole: Span { start, end }, parts });
    }
    out
}

/// What stands in a chain of one of each list, each after the one before; the chain begins at `start`.
fn in_order<'f>(lists: &[Vec<&'f Found>], start: u32) -> Vec<&'f Found> {
    let mut earliest = Vec::with_capacity(lists.len()); // where a chain up to here can end at the earliest
    let mut end = start;
    for (at, list) in lists.iter().enumerate() {
        let fits = |f: &&&Found| if at == 0 { f.whole.start == start } else { f.whole.start >= end };
        let Some(next) = list.iter().filter(fits).map(|f| f.whole.end).min() else { return Vec::new() };
        earliest.push(end);
        end = next;
    }
    let mut out = Vec::new();
    let mut latest = u32::MAX; // where the chain from the next one on can begin at the latest
    for (at, list) in lists.iter().enumerate().rev() {
        let first = at == 0;
        let takes_part = |f: &&&&Found| {
            (if first { f.whole.start == start } else { f.whole.start >= earliest[at] }) && f.whole.end <= latest
        };
        let taking: Vec<&Found> = list.iter().filter(|f| takes_part(&f)).copied().collect();
        latest = taking.iter().map(|f| f.whole.start).max().unwrap_or(0);
        out.extend(taking);
    }
    out
}

/// Everything in the window, if each list can have a match of its own.
fn all_present(lists: Vec<Vec<&Found>>) -> Vec<&Found> {
    if lists.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    let mut starts: Vec<u32> = lists.iter().flatten().map(|f| f.whole.start).collect();
    let count = starts.len();
    starts.sort_unstable();
    starts.dedup();
    if starts.len() < count && !each_its_own(&lists, &starts) {
        return Vec::new();
    }
    lists.into_iter().flatten().collect()
}

/// Whether each list can be given a place that no other is given: a matching of two sides, by
/// augmenting paths (Kuhn).
fn each_its_own(lists: &[Vec<&Found>], starts: &[u32]) -> bool {
    fn give(
        list: usize,
        lists: &[Vec<&Found>],
        starts: &[u32],
        seen: &mut [bool],
        owner: &mut [Option<usize>],
    ) -> bool {
        for found in &lists[list] {
            let Ok(place) = starts.binary_search(&found.whole.start) else { continue };
            if std::mem::replace(&mut seen[place], true) {
                continue;
            }
            if owner[place].is_none_or(|other| give(other, lists, starts, seen, owner)) {
                owner[place] = Some(list);
                return true;
            }
        }
        false
    }
    let mut owner = vec![None; starts.len()];
    (0..lists.len()).all(|list| give(list, lists, starts, &mut vec![false; starts.len()], &mut owner))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text of one-letter words.
    struct Letters(&'static str);

    impl Places for Letters {
        fn places(&mut self, term: &str) -> Vec<u32> {
            let here = self.0.chars().enumerate().filter(|(_, c)| term.contains(*c));
            here.map(|(at, _)| at as u32).collect()
        }
    }

    fn word(term: &str) -> Pattern {
        Pattern::Phrase(vec![(0, Word::Term(term.into()))])
    }

    fn near(parts: &[&str], window: u32, ordered: bool) -> Pattern {
        Pattern::Near(Near { parts: parts.iter().map(|p| word(p)).collect(), ordered, window })
    }

    /// The marked letters in capitals.
    #[track_caller]
    fn check(pattern: &Pattern, text: &'static str, expected: &str) {
        let marked = marks(pattern, &mut Letters(text));
        let is_marked = |at: usize| marked.iter().any(|m| (m.start as usize..m.end as usize).contains(&at));
        let shown: String =
            text.chars().enumerate().map(|(at, c)| if is_marked(at) { c.to_ascii_uppercase() } else { c }).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn words_are_near_within_a_window() {
        check(&near(&["a", "b"], 3, false), "axb.bxa.axxb", "AxB.BxA.axxb");
        check(&near(&["a", "b"], 2, false), "aab.b", "aAB.b");
        check(&near(&["a", "b", "c"], 4, false), "cxab.abxxc.a", "CxAB.abxxc.a");
        check(&near(&["a", "b"], 3, false), "abb", "ABB");
    }

    #[test]
    fn words_are_in_order_within_a_window() {
        check(&near(&["a", "b"], 3, true), "axb.bxa.xb", "AxB.bxa.xb");
        check(&near(&["a", "b", "c"], 6, true), "abbac", "ABBaC");
        check(&near(&["a", "b", "c"], 3, true), "acb.abc", "acb.ABC");
    }

    #[test]
    fn the_same_word_twice_needs_two_of_it() {
        check(&near(&["a", "a"], 3, false), "axa.a", "AxA.A");
        check(&near(&["a", "a"], 3, false), "bax", "bax");
        check(&near(&["ab", "a"], 2, false), "xa.ba", "xa.BA");
        check(&near(&["a", "a"], 3, true), "bax", "bax");
    }

    #[test]
    fn phrases_and_alternatives_are_parts_too() {
        let phrase = Pattern::Phrase(vec![(0, Word::Term("a".into())), (1, Word::Term("b".into()))]);
        let either = Pattern::Any(vec![word("c"), word("d")]);
        let pattern = Pattern::Near(Near { parts: vec![phrase, either], ordered: false, window: 4 });
        check(&pattern, "abxc.d.xxb", "ABxC.d.xxb");
        check(&pattern, "dabxxc", "DABxxc");
    }

    #[test]
    fn a_phrase_has_its_words_at_their_distances() {
        let pattern = Pattern::Phrase(vec![(0, Word::Term("a".into())), (2, Word::Term("b".into()))]);
        check(&pattern, "axb.ab", "AXB.ab");
        let only = Word::Only { term: "a".into(), others: vec!["x".into()] };
        check(&Pattern::Phrase(vec![(0, only)]), "axa", "AxA");
    }

    proptest::proptest! {
        /// Against trying every choice of one place for each part.
        #[test]
        fn windows_are_what_trying_everything_gives(
            text in "[abcx]{0,12}", parts in proptest::collection::vec("[abc]", 1..4), window in 1u32..8, ordered in proptest::bool::ANY,
        ) {
            let text: &'static str = Box::leak(text.into_boxed_str());
            let names: Vec<&str> = parts.iter().map(String::as_str).collect();
            let lists: Vec<Vec<u32>> = names.iter().map(|n| Letters(text).places(n)).collect();
            let mut expected: Vec<u32> = Vec::new();
            let mut choice = vec![0usize; lists.len()];
            'all: while lists.iter().all(|l| !l.is_empty()) {
                let places: Vec<u32> = choice.iter().zip(&lists).map(|(at, list)| list[*at]).collect();
                let (first, last) = (*places.iter().min().unwrap(), *places.iter().max().unwrap());
                let mut each = places.clone();
                each.sort_unstable();
                each.dedup();
                let in_order = !ordered || places.windows(2).all(|w| w[0] < w[1]);
                if each.len() == places.len() && last - first < window && in_order {
                    expected.extend(&places);
                }
                for at in 0..=choice.len() {
                    if at == choice.len() {
                        break 'all;
                    }
                    choice[at] += 1;
                    if choice[at] < lists[at].len() {
                        break;
                    }
                    choice[at] = 0;
                }
            }
            expected.sort_unstable();
            expected.dedup();
            // Finding and marking take different ways.
            proptest::prop_assert_eq!(spans(&near(&names, window, ordered), &mut Letters(text)).is_empty(), expected.is_empty());
            let mut marked: Vec<u32> = marks(&near(&names, window, ordered), &mut Letters(text)).iter().map(|s| s.start).collect();
            marked.dedup();
            proptest::prop_assert_eq!(marked, expected);
        }
    }
}
