//! Which documents are copies of which.
//!
//! Documents are taken in the order of [`Placed::order`]. Each joins the first document before it that it resembles and
//! that stands for itself; if there is none, it stands for itself. So every copy resembles the one that stands for its
//! group, likeness is not handed on from one to the next, and the outcome depends on nothing but the documents: where
//! some change, only those are placed anew that the change can reach.

use super::sketch::{BANDS, Sketch};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap};

/// A band that so many documents have that are no copies of one another is of a phrase that all use, and leads to none.
const STANDING_MAX: usize = 1000;

/// Where less than one in so many documents is to be placed, only those are looked at which they can reach.
const FEW_SHARE: usize = if cfg!(test) { 2 } else { 8 };

/// A document to be placed in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its number.
    pub number: u64,
    /// Last day on which it can have been published; the greatest number if nothing is known of it.
    pub day: i64,
    /// Its sketch.
    pub sketch: Sketch,
}

impl Placed {
    /// The order in which documents stand for a group: the earliest first, one of which only the year is known at the
    /// end of it; then the longest; then by number, which only makes the order certain.
    fn order(&self, other: &Placed) -> Ordering {
        let key = |p: &Placed| (p.day, Reverse(p.sketch.length()), p.number);
        key(self).cmp(&key(other))
    }
}

/// For each document that is a copy, or has one, the number of the document that stands for the group.
pub type Groups = HashMap<u64, u64>;

/// Places documents in groups.
///
/// `before` has the groups of an earlier time, and `kept` says of a number whether that document was there already and
/// is the same. With no groups and nothing kept, all are placed anew; the outcome is the same.
/// `compare` says whether two documents, by their numbers, are copies.
/// Errors: those of `compare`.
pub fn group<E>(
    all: &[Placed],
    before: &Groups,
    kept: impl Fn(u64) -> bool,
    mut compare: impl FnMut(u64, u64) -> Result<bool, E>,
) -> Result<Groups, E> {
    let all: Vec<&Placed> = all.iter().filter(|placed| !placed.sketch.is_empty()).collect();
    let waiting = waiting(&all, before, kept);
    if waiting.len() <= all.len() / FEW_SHARE {
        let near = within_reach(&all, &waiting, before);
        let some = |of: bool| all.iter().zip(&near).filter(move |(_, near)| **near == of).map(|(placed, _)| *placed);
        if let Some(stands) = Placing::of(some(true).collect(), &waiting, before, true, &mut compare).run()? {
            let others = some(false).filter_map(|placed| Some((placed.number, *before.get(&placed.number)?)));
            return Ok(of_several(stands.into_iter().chain(others).collect()));
        }
    }
    let stands = Placing::of(all, &waiting, before, false, &mut compare).run()?;
    Ok(of_several(stands.expect("nothing is out of reach of all")))
}

/// Which documents are to be placed: what is not as it was, and what stood behind such a one.
fn waiting(all: &[&Placed], before: &Groups, kept: impl Fn(u64) -> bool) -> FxHashSet<u64> {
    let standing: FxHashSet<u64> = before.values().copied().collect();
    let numbers = || all.iter().map(|placed| placed.number);
    let there: FxHashSet<u64> = numbers().filter(|number| standing.contains(number)).collect();
    let is_placed = |number: u64| {
        let stands = before.get(&number).copied().unwrap_or(number);
        kept(number) && (stands == number || there.contains(&stands) && kept(stands))
    };
    numbers().filter(|number| !is_placed(*number)).collect()
}

/// Which documents have a part in placing those that wait: these, what has a band in common with one of them, and what
/// stands for such.
fn within_reach(all: &[&Placed], waiting: &FxHashSet<u64>, before: &Groups) -> Vec<bool> {
    // The bands of all places as one set: a band's own number has 48 bits.
    fn bands(placed: &Placed) -> impl Iterator<Item = u64> + '_ {
        (0..BANDS).map(|band| (band as u64) << 48 | placed.sketch.band(band))
    }
    let waits: Vec<bool> = all.iter().map(|placed| waiting.contains(&placed.number)).collect();
    let wanted: FxHashSet<u64> = all.iter().zip(&waits).filter(|(_, w)| **w).flat_map(|(p, _)| bands(p)).collect();
    let mut near = waits;
    let mut standing: FxHashSet<u64> = FxHashSet::default();
    for (near, placed) in near.iter_mut().zip(all).filter(|(waits, _)| !**waits) {
        if bands(placed).any(|band| wanted.contains(&band)) {
            *near = true;
            standing.extend(before.get(&placed.number));
        }
    }
    if !standing.is_empty() {
        near.iter_mut().zip(all).for_each(|(near, placed)| *near |= standing.contains(&placed.number));
    }
    near
}

/// Of what stands for each document: the groups that have several.
fn of_several(stands: Vec<(u64, u64)>) -> Groups {
    let mut sizes: FxHashMap<u64, usize> = FxHashMap::default();
    stands.iter().for_each(|(_, standing)| *sizes.entry(*standing).or_default() += 1);
    stands.into_iter().filter(|(_, standing)| sizes[standing] > 1).collect()
}

/// Documents by rank: their places in the order.
struct Placing<'a, C> {
    all: Vec<&'a Placed>,
    /// The document that stands for each.
    stands: Vec<Option<usize>>,
    /// To be placed, earliest first.
    queue: BinaryHeap<Reverse<usize>>,
    waits: Vec<bool>,
    bands: Bands,
    /// For each document, for which one it was looked at last.
    met: Vec<usize>,
    compare: C,
}

impl<'a, E, C: FnMut(u64, u64) -> Result<bool, E>> Placing<'a, C> {
    /// Of these documents, those that wait are to be placed; `only` these can be, if the others are all that they reach.
    fn of(mut all: Vec<&'a Placed>, waiting: &FxHashSet<u64>, before: &Groups, only: bool, compare: C) -> Self {
        all.sort_unstable_by(|one, other| one.order(other));
        let ranks: FxHashMap<u64, usize> = all.iter().enumerate().map(|(rank, placed)| (placed.number, rank)).collect();
        let mut placing = Placing {
            stands: vec![None; all.len()],
            waits: vec![false; all.len()],
            queue: BinaryHeap::new(),
            bands: Bands::default(),
            met: vec![usize::MAX; all.len()],
            all,
            compare,
        };
        for rank in 0..placing.all.len() {
            let number = placing.all[rank].number;
            match waiting.contains(&number) {
                true => placing.wait(rank),
                false => placing.stands[rank] = ranks.get(before.get(&number).unwrap_or(&number)).copied(),
            }
        }
        if !placing.queue.is_empty() {
            placing.bands = Bands::of(&placing.all, only.then(|| placing.waits.clone()));
            placing.bands.sort(&placing.stands);
        }
        placing
    }

    /// By number, what stands for each document; none if documents were to be placed that could not be.
    fn run(mut self) -> Result<Option<Vec<(u64, u64)>>, E> {
        while let Some(Reverse(rank)) = self.queue.pop() {
            if !self.bands.has(rank) {
                return Ok(None);
            }
            self.place(rank)?;
        }
        let number = |rank: usize| self.all[rank].number;
        let each = self.stands.iter().enumerate();
        Ok(Some(each.filter_map(|(rank, standing)| Some((number(rank), number((*standing)?)))).collect()))
    }

    fn wait(&mut self, rank: usize) {
        if !std::mem::replace(&mut self.waits[rank], true) {
            self.queue.push(Reverse(rank));
        }
    }

    /// Places a document after all that come before it.
    fn place(&mut self, rank: usize) -> Result<(), E> {
        self.waits[rank] = false;
        let before = self.stands[rank];
        let mut near = Vec::new();
        for band in self.bands.of_document(rank) {
            let standing = &self.bands.standing[*band as usize];
            if standing.len() > STANDING_MAX {
                continue;
            }
            for other in standing.iter().map(|o| *o as usize).filter(|other| *other < rank) {
                if std::mem::replace(&mut self.met[other], rank) != rank && self.is_near(rank, other) {
                    near.push(other);
                }
            }
        }
        near.sort_unstable();
        let mut stands = rank;
        for other in near {
            if (self.compare)(self.all[other].number, self.all[rank].number)? {
                stands = other;
                break;
            }
        }
        self.stands[rank] = Some(stands);
        match (before == Some(rank), stands == rank) {
            (false, true) => {
                self.bands.stand(rank);
                // Those after it may be copies of it now.
                for band in self.bands.of_document(rank).to_vec() {
                    for at in 0..self.bands.settled[band as usize].len() {
                        let other = self.bands.settled[band as usize][at] as usize;
                        let earlier = self.stands[other].is_some_and(|standing| standing < rank);
                        if other > rank && !earlier && !self.waits[other] && self.is_near(rank, other) {
                            self.wait(other);
                        }
                    }
                }
            }
            (true, false) => {
                self.bands.stand_down(rank);
                for other in rank + 1..self.all.len() {
                    if self.stands[other] == Some(rank) {
                        self.wait(other);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn is_near(&self, one: usize, other: usize) -> bool {
        self.all[one].sketch.is_near(&self.all[other].sketch)
    }
}

/// The bands that several documents have.
#[derive(Default)]
struct Bands {
    /// By rank, whether all bands of a document are here; none: those of all documents.
    only: Option<Vec<bool>>,
    /// The bands of all documents, one document after the other.
    list: Vec<u32>,
    /// Where those of each begin in the list.
    from: Vec<usize>,
    /// For each band, the documents that stand for themselves, and those that were there before.
    standing: Vec<Vec<u32>>,
    settled: Vec<Vec<u32>>,
}

impl Bands {
    /// Of these documents by rank, or of all.
    fn of(all: &[&Placed], only: Option<Vec<bool>>) -> Bands {
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        let mut count = 0;
        for band in 0..BANDS {
            let each = || all.iter().enumerate().map(|(rank, placed)| (placed.sketch.band(band), rank as u32));
            let mut keys: Vec<(u64, u32)> = match &only {
                None => each().collect(),
                Some(only) => {
                    let of_them = each().filter(|(_, rank)| only[*rank as usize]).map(|(key, _)| key);
                    let wanted: FxHashSet<u64> = of_them.collect();
                    each().filter(|(key, _)| wanted.contains(key)).collect()
                }
            };
            keys.sort_unstable();
            // Most are of one document only.
            for same in keys.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
                pairs.extend(same.iter().map(|(_, rank)| (*rank, count)));
                count += 1;
            }
        }
        pairs.sort_unstable();
        let mut from = vec![0; all.len() + 1];
        pairs.iter().for_each(|(rank, _)| from[*rank as usize + 1] += 1);
        (1..from.len()).for_each(|at| from[at] += from[at - 1]);
        let empty = vec![Vec::new(); count as usize];
        let list = pairs.into_iter().map(|(_, band)| band).collect();
        Bands { only, list, from, standing: empty.clone(), settled: empty }
    }

    /// Whether all bands of a document are here.
    fn has(&self, rank: usize) -> bool {
        self.only.as_ref().is_none_or(|only| only[rank])
    }

    fn of_document(&self, rank: usize) -> &[u32] {
        &self.list[self.from[rank]..self.from[rank + 1]]
    }

    /// Takes note of the documents that have their place.
    fn sort(&mut self, stands: &[Option<usize>]) {
        for (rank, standing) in stands.iter().enumerate() {
            let Some(standing) = standing else { continue };
            for at in self.from[rank]..self.from[rank + 1] {
                let band = self.list[at] as usize;
                self.settled[band].push(rank as u32);
                if *standing == rank {
                    self.standing[band].push(rank as u32);
                }
            }
        }
    }

    fn stand(&mut self, rank: usize) {
        for at in self.from[rank]..self.from[rank + 1] {
            self.standing[self.list[at] as usize].push(rank as u32);
        }
    }

    fn stand_down(&mut self, rank: usize) {
        for at in self.from[rank]..self.from[rank + 1] {
            self.standing[self.list[at] as usize].retain(|other| *other as usize != rank);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Shingles;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use std::convert::Infallible;

    /// Documents by number: the day and the text.
    type World = BTreeMap<u64, (i64, String)>;

    fn placed(world: &World) -> (Vec<Placed>, HashMap<u64, Shingles>) {
        let shingles: HashMap<u64, Shingles> =
            world.iter().map(|(number, (_, text))| (*number, Shingles::of("", [text.as_str()]))).collect();
        let place = |(number, (day, _)): (&u64, &(i64, String))| Placed {
            number: *number,
            day: *day,
            sketch: Sketch::of(&shingles[number]),
        };
        (world.iter().map(place).collect(), shingles)
    }

    /// The groups, and how many pairs were compared.
    fn grouped(world: &World, before: &Groups, kept: impl Fn(u64) -> bool) -> (Groups, usize) {
        let (all, shingles) = placed(world);
        let mut count = 0;
        let compare = |one, other| {
            count += 1;
            Ok::<bool, Infallible>(shingles[&one].resemblance(&shingles[&other]).is_copy())
        };
        let Ok(groups) = group(&all, before, kept, compare);
        (groups, count)
    }

    fn anew(world: &World) -> Groups {
        grouped(world, &Groups::new(), |_| false).0
    }

    /// One of a few stories, cut at its end and with some words put in: near enough for chains of likeness.
    fn text(story: usize, cut: usize, added: usize) -> String {
        let word = |at: usize| format!("s{story}w{}", at * (story + 3));
        let added = (0..added).map(|at| format!("a{added}w{at}"));
        added.chain((0..260 - cut).map(word)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_earliest_stands_for_its_copies_then_the_longest() {
        let world = World::from([
            (1, (20, text(0, 0, 0))),
            (2, (10, text(0, 10, 0))),
            (3, (10, text(0, 0, 5))),
            (4, (i64::MAX, text(0, 0, 0))),
            (5, (1, text(1, 0, 0))),
        ]);
        assert_eq!(anew(&world), Groups::from([(1, 3), (2, 3), (3, 3), (4, 3)]));
    }

    #[test]
    fn likeness_is_not_handed_on() {
        // Each is a copy of the next, the first and the last are none.
        let world: World = (0..4).map(|at| (at, (at as i64, text(0, 60 * at as usize, 0)))).collect();
        assert_eq!(anew(&world), Groups::from([(0, 0), (1, 0), (2, 0)]));
    }

    #[test]
    fn many_copies_are_compared_with_one_only() {
        let world: World = (0..500).map(|at| (at, (at as i64, text(0, 0, at as usize % 9)))).collect();
        let (groups, compared) = grouped(&world, &Groups::new(), |_| false);
        assert_eq!((groups.len(), compared), (500, 499));
        // And what is new with that one, too.
        let mut more = world.clone();
        more.insert(1000, (1000, text(0, 0, 4)));
        let (groups, compared) = grouped(&more, &groups, |number| number < 1000);
        assert_eq!((groups.len(), compared), (501, 1));
    }

    #[test]
    fn what_is_near_a_copy_and_not_what_stands_for_it_leaves_both_as_they_are() {
        let words =
            |story: &str, range: std::ops::Range<usize>| range.map(|at| format!("{story}{at}")).collect::<Vec<_>>();
        let (first, tail) = (words("a", 0..200).join(" "), words("b", 0..60).join(" "));
        // Sketches go by chance: one of some texts has a band in common with the copy alone.
        let near = |one: &Placed, other: &Placed| (0..BANDS).any(|b| one.sketch.band(b) == other.sketch.band(b));
        let found = (0..200).find_map(|story| {
            let new = format!("{tail} {}", words(&format!("c{story}w"), 0..150).join(" "));
            let world = World::from([(1, (10, first.clone())), (2, (11, format!("{first} {tail}"))), (3, (12, new))]);
            let (all, _) = placed(&world);
            (near(&all[2], &all[1]) && !near(&all[2], &all[0])).then_some(world)
        });
        let mut world = found.expect("chance is not against all of them");
        let new = world.remove(&3).unwrap();
        let before = anew(&world);
        assert_eq!(before, Groups::from([(1, 1), (2, 1)]));
        world.insert(3, new);
        assert_eq!(grouped(&world, &before, |number| number < 3).0, before);
    }

    /// Changes: a number, and a day and a text for it, or nothing to remove it.
    type Change = (u64, Option<(i64, usize, usize, usize)>);

    fn change() -> impl Strategy<Value = Change> {
        let document = (0..4i64, 0..3usize, 0..12usize, 0..4usize);
        let document = document.prop_map(|(day, story, cut, added)| (day, story, cut * 12, added * 12));
        (0..14u64, prop::option::weighted(0.75, document))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn step_by_step_it_is_as_if_done_at_once(
            steps in prop::collection::vec(prop::collection::vec(change(), 1..8), 1..8),
        ) {
            let mut world = World::new();
            let mut groups = Groups::new();
            for step in steps {
                let before = world.clone();
                for (number, change) in step {
                    match change {
                        Some((day, story, cut, added)) => world.insert(number, (day, text(story, cut, added))),
                        None => world.remove(&number),
                    };
                }
                groups = grouped(&world, &groups, |number| before.get(&number) == world.get(&number)).0;
                prop_assert_eq!(&groups, &anew(&world));
            }
        }
    }
}
