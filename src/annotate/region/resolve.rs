//! Which place each name means: readings are scored by evidence, and the best wins if it has enough.
//!
//! Evidence is a containing place named in the text, before it for choice; the same name in full; places of the
//! same parent in one list with it; the title, the headings and the issuer; the word for what it is;
//! and, weakly, the level of the place.

use super::candidate::Candidate;
use crate::vocab::names::{Reading, Strength};
use crate::vocab::{Gazetteer, Level, Place, Straddle};
use std::collections::HashSet;
use std::rc::Rc;

/// Evidence that a reading needs.
const SCORE_MIN: f32 = 1.0;
/// How far the best has to be ahead of the second.
const MARGIN: f32 = 0.3;
/// The country itself: it contains every division, and so tells none from another.
pub const COUNTRY: &str = "100000";
/// Of places of one name and level, the one meant when nothing else is said: the larger city.
const LARGER: &[&str] =
    &["320500", "350100", "331000", "610800", "360900", "210700", "141000", "110105", "450900", "520500"];

/// What is known around a text.
#[derive(Clone, Debug, Default)]
pub struct Context<'g> {
    /// Places named beyond doubt in the title and the headings above.
    pub above: Vec<&'g str>,
    /// Places named beyond doubt anywhere in the document.
    pub document: Rc<HashSet<&'g str>>,
    /// The region whose government speaks.
    pub issuer: Option<String>,
}

/// The place each candidate means, or none. What stands before `dateline`, a byte, is no evidence against others.
pub fn resolve<'g>(
    gazetteer: &'g Gazetteer,
    text: &str,
    candidates: &[Candidate<'g>],
    dateline: usize,
    context: &Context<'g>,
) -> Vec<Option<&'g Place>> {
    let groups = groups(text, candidates);
    let closures: Vec<Vec<Vec<&str>>> = candidates
        .iter()
        .map(|c| {
            if c.certain().is_some() {
                Vec::new()
            } else {
                c.readings.iter().map(|r| gazetteer.closure(&r.place.code)).collect()
            }
        })
        .collect();
    if closures.iter().all(Vec::is_empty) {
        return candidates.iter().map(|c| c.certain().map(|r| r.place)).collect();
    }
    let mut decided: Vec<Option<&'g Place>> = candidates.iter().map(|c| c.certain().map(|r| r.place)).collect();
    // What one round decides is evidence in the next: places listed after their province.
    for _ in 0..2 {
        let round = Round {
            gazetteer,
            text,
            candidates,
            groups: &groups,
            decided: &decided,
            closures: &closures,
            dateline,
            context,
        };
        let next: Vec<Option<&'g Place>> = (0..candidates.len()).map(|at| round.best(at)).collect();
        if next.iter().map(|p| p.map(|p| &p.code)).eq(decided.iter().map(|p| p.map(|p| &p.code))) {
            break;
        }
        decided = next;
    }
    decided
}

/// Whether a division has its name of a river or lake, which is spoken of more often.
fn is_water(place: &Place) -> bool {
    place.aliases_zh().next().is_some_and(|short| short.ends_with(['河', '湖']))
}

/// The list that each candidate stands in: those with nothing but commas and "and" between them share a number.
pub fn groups(text: &str, candidates: &[Candidate]) -> Vec<usize> {
    let mut out = Vec::with_capacity(candidates.len());
    let mut group = 0;
    for (at, candidate) in candidates.iter().enumerate() {
        if at > 0 {
            let between = text.get(candidates[at - 1].end..candidate.start).unwrap_or("x");
            let comma = between.trim();
            let joins = between.len() <= 8
                && (matches!(
                    comma,
                    "、" | ","
                        | "，"
                        | "和"
                        | "与"
                        | "及"
                        | "and"
                        | ", and"
                        | "or"
                        | "&"
                        | "以及"
                        | "/"
                        | "—"
                        | "–"
                        | "至"
                ) || comma.is_empty() && !between.contains('\n'));
            if !joins {
                group += 1;
            }
        }
        out.push(group);
    }
    out
}

struct Round<'r, 'g> {
    gazetteer: &'g Gazetteer,
    text: &'r str,
    candidates: &'r [Candidate<'g>],
    groups: &'r [usize],
    decided: &'r [Option<&'g Place>],
    closures: &'r [Vec<Vec<&'g str>>],
    dateline: usize,
    context: &'r Context<'g>,
}

impl<'g> Round<'_, 'g> {
    fn best(&self, at: usize) -> Option<&'g Place> {
        let candidate = &self.candidates[at];
        if let Some(certain) = candidate.certain() {
            return Some(certain.place);
        }
        if candidate.straddle == Straddle::Surely {
            return None;
        }
        let mut scored: Vec<(f32, &'g Place)> =
            candidate.readings.iter().enumerate().filter_map(|(n, r)| Some((self.score(at, n, r)?, r.place))).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (best, place) = *scored.first()?;
        let tied = scored.get(1).is_some_and(|(second, _)| best - second < MARGIN);
        (best >= SCORE_MIN && !tied).then_some(place)
    }

    /// None when a word that is also a name has nothing to show that it is one here.
    fn score(&self, at: usize, reading_at: usize, reading: &Reading<'g>) -> Option<f32> {
        let candidate = &self.candidates[at];
        let place = reading.place;
        let closure = &self.closures[at][reading_at];
        let above = || closure[1..].iter().filter(|c| **c != COUNTRY);
        let mut score = match reading.strength {
            Strength::Strong => 1.5,
            Strength::Fair => 1.0,
            Strength::Weak => 0.2,
            Strength::Word => -1.0,
        };
        score += match place.level {
            Level::Province => 0.9,
            Level::Country => 0.6,
            Level::Prefecture | Level::Zone | Level::Macro => 0.5,
            Level::County => 0.0,
        };
        if place.is_former() {
            score -= 0.2;
        }
        if LARGER.contains(&&*place.code) {
            score += 0.4;
        }
        score -= match (candidate.straddle, reading.strength) {
            (Straddle::No, _) => 0.0,
            (_, Strength::Strong) => 0.2,
            _ => 0.7,
        };
        let mut firm = false;
        let others = || {
            let decided = self.decided.iter().enumerate().filter(move |(other, _)| *other != at);
            decided.filter_map(|(other, p)| Some((other, (*p)?)))
        };
        let contains = |other: &Place| above().any(|c| **c == other.code);
        // A list of provinces holds none that contains another: "Shanxi, Hebei, Xinjiang".
        let is_list = self.groups.iter().filter(|g| **g == self.groups[at]).count() > 2;
        let beside = |other: usize| is_list && self.groups[other] == self.groups[at] && !self.joined(other, at);
        // A province's name means the county of that name only where that is said.
        let higher =
            candidate.readings.iter().filter(|r| r.strength == Strength::Strong && r.place.level < place.level);
        let outranked = higher.map(|r| r.place.level).min();
        let adjacent = others().any(|(other, p)| contains(p) && !beside(other) && self.stands_with(other, at));
        if adjacent {
            score += 3.5;
            firm = true;
        } else if others()
            .any(|(other, p)| place.parent() == Some(&*p.code) && p.level == Level::Prefecture && !beside(other))
        {
            score += 2.6;
            firm |= !is_water(place) && candidate.straddle == Straddle::No;
        } else if others().any(|(other, p)| contains(p) && !beside(other)) {
            score += match outranked {
                Some(Level::Prefecture) => 1.2,
                Some(_) => 0.1,
                None => 2.0,
            };
            firm |= self.text.is_ascii() || place.level == Level::Prefecture;
        } else if self.elsewhere(at, closure) && reading.strength < Strength::Strong {
            score -= 0.8;
        }
        let is_sibling = |p: &Place| {
            place.parent().is_some_and(|own| own != COUNTRY && p.parent() == Some(own)) && p.code != place.code
        };
        if others().any(|(other, p)| self.groups[other] == self.groups[at] && is_sibling(p)) {
            score += 2.0;
            firm = true;
        } else if others().filter(|(_, p)| is_sibling(p)).count() > 1 {
            score += 2.0;
            firm |= !is_water(place);
        } else if others().any(|(_, p)| is_sibling(p)) {
            score += 0.8;
        } else {
            let kin = self.kin(at, place);
            score += if kin > 0 { 1.5 } else { 0.0 };
            firm |= kin > 1;
        }
        if others().any(|(_, p)| p.parent() == Some(&*place.code)) {
            score += 1.5;
        }
        if self.context.document.contains(&*place.code) {
            score += 1.5;
            firm = true;
        } else if above().any(|c| self.context.document.contains(c)) {
            score += 0.8;
        }
        let issuer = self.context.issuer.as_deref().filter(|i| *i != COUNTRY);
        if self.context.above.contains(&&*place.code)
            || above().any(|c| self.context.above.contains(c))
            || issuer.is_some_and(|i| closure.contains(&i))
        {
            score += 1.5;
            firm |= issuer.is_some_and(|i| i == place.code);
        }
        if place.level != Level::Province && self.counted_as(at, place.level) {
            score += 1.0;
            firm = true;
        }
        let generic = self.generic_word(at, place);
        firm |= generic > 0.0;
        score += generic;
        (firm || reading.strength != Strength::Word).then_some(score)
    }

    /// Whether a province is named, or speaks, that a place does not lie in, and none that it lies in.
    fn elsewhere(&self, at: usize, closure: &[&str]) -> bool {
        const CAPITAL: &str = "110000";
        let named = self.candidates.iter().zip(self.decided).enumerate();
        let named = named.filter(|(other, (c, _))| *other != at && !c.is_mention && c.start >= self.dateline);
        let codes =
            named.filter_map(|(_, (_, place))| Some(&*(*place)?.code)).chain(self.context.above.iter().copied());
        let mut provinces =
            codes.chain(self.context.issuer.as_deref()).filter_map(|c| self.gazetteer.province(c)).peekable();
        provinces.peek().is_some() && !provinces.any(|p| p.code == CAPITAL || closure.contains(&&*p.code))
    }

    /// Whether one name follows another at once.
    fn joined(&self, outer: usize, inner: usize) -> bool {
        self.candidates[outer].end == self.candidates[inner].start
    }

    /// Whether a containing place stands right before or, in English, right after a name.
    fn stands_with(&self, container: usize, at: usize) -> bool {
        let (outer, inner) = (&self.candidates[container], &self.candidates[at]);
        if outer.end <= inner.start {
            let between = &self.text[outer.end..inner.start];
            return matches!(
                between.trim(),
                "" | "的" | "省" | "市" | "'s" | "’s" | "Province" | "Province's" | "Province’s" | "City"
            );
        }
        let between = self.text.get(inner.end..outer.start).unwrap_or("x");
        matches!(between.trim(), "," | "in" | "of" | ", in" | "County," | "City," | "District,")
    }

    /// How many other, undecided names of the same list can be places of the same parent: 潼南、铜梁、合川.
    fn kin(&self, at: usize, place: &Place) -> usize {
        let Some(parent) = place.parent().filter(|p| *p != COUNTRY) else { return 0 };
        let others = self.candidates.iter().enumerate().filter(|(o, _)| *o != at && self.groups[*o] == self.groups[at]);
        others.filter(|(_, c)| c.readings.iter().any(|r| r.place.parent() == Some(parent))).count()
    }

    /// Whether the list that a name stands in is counted as places of its level: 开化、临安等县.
    fn counted_as(&self, at: usize, level: Level) -> bool {
        let last = (at..self.candidates.len()).take_while(|o| self.groups[*o] == self.groups[at]).last().unwrap_or(at);
        let after = &self.text[self.candidates[last].end..];
        let Some(rest) = after.strip_prefix('等') else { return false };
        let rest =
            rest.trim_start_matches(|c: char| c.is_ascii_digit() || "余多个几一二三四五六七八九十百".contains(c));
        match level {
            Level::County => rest.starts_with(['县', '市', '区', '旗']),
            Level::Prefecture => ["市", "州", "地市", "地州"].iter().any(|w| rest.starts_with(w)),
            _ => false,
        }
    }

    /// Evidence from the word after an English name; Chinese ones stand in the table with theirs.
    fn generic_word(&self, at: usize, place: &Place) -> f32 {
        let after = &self.text[self.candidates[at].end..];
        let next: String = after.trim_start().chars().take(12).collect::<String>().to_lowercase();
        const WORDS: &[(&[&str], &[Level])] = &[
            (&["province"], &[Level::Province]),
            (&["city"], &[Level::Prefecture, Level::County]),
            (&["prefecture"], &[Level::Prefecture]),
            (&["county", "district", "banner"], &[Level::County]),
        ];
        match WORDS.iter().find(|(words, _)| words.iter().any(|w| next.starts_with(w))) {
            Some((_, fitting)) if fitting.contains(&place.level) => 1.5,
            Some(_) => -1.0,
            None => 0.0,
        }
    }
}
