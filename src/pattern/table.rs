//! An automaton as bytes: written when the program is built, read when its pattern is first met. To read one takes a
//! tenth of the time of making it from the pattern.

use regex_automata::nfa::thompson::{Builder, NFA, State, Transition};
use regex_automata::util::look::Look;
use regex_automata::util::primitives::StateID;

/// States, by their first byte.
mod sort {
    pub const RANGE: u8 = 0;
    pub const SPARSE: u8 = 1;
    pub const LOOK: u8 = 2;
    pub const UNION: u8 = 3;
    pub const GROUP_START: u8 = 4;
    pub const GROUP_END: u8 = 5;
    pub const FAIL: u8 = 6;
    pub const MATCH: u8 = 7;
}

/// What is known of a pattern without the pattern.
#[derive(Clone, Debug, Default)]
pub struct Compiled<'a> {
    /// Whether it matches at the start of a text only.
    pub is_anchored: bool,
    /// Groups, the whole match among them.
    pub groups: usize,
    /// What every match begins with one of, if to look for these is faster than the automaton.
    pub needles: Vec<&'a [u8]>,
    /// The automaton that reads a text from its start.
    pub forward: &'a [u8],
    /// The one that reads from the end of a match to its start; empty where that is the text's.
    pub backward: &'a [u8],
}

impl<'a> Compiled<'a> {
    /// As bytes.
    #[allow(dead_code)] // By the build script alone.
    pub fn write(&self) -> Vec<u8> {
        let mut out = vec![u8::from(self.is_anchored)];
        number(&mut out, self.groups);
        number(&mut out, self.needles.len());
        for part in self.needles.iter().chain([&self.forward, &self.backward]) {
            number(&mut out, part.len());
            out.extend(*part);
        }
        out
    }

    /// From bytes; none if they are not such.
    #[allow(dead_code)] // By the library alone.
    pub fn read(bytes: &'a [u8]) -> Option<Compiled<'a>> {
        let mut rest = Rest(bytes);
        let is_anchored = rest.byte()? == 1;
        let groups = rest.number()?;
        let needles = rest.number()?;
        let needles = (0..needles).map(|_| rest.part()).collect::<Option<_>>()?;
        Some(Compiled { is_anchored, groups, needles, forward: rest.part()?, backward: rest.part()? })
    }
}

/// Writes an automaton.
#[allow(dead_code)] // By the build script alone.
pub fn write(nfa: &NFA) -> Vec<u8> {
    let mut out = Vec::new();
    for state in [nfa.states().len(), nfa.start_anchored().as_usize(), nfa.start_unanchored().as_usize()] {
        number(&mut out, state);
    }
    for (at, state) in nfa.states().iter().enumerate() {
        let to = |out: &mut Vec<u8>, next: &StateID| {
            // States mostly lead to near ones.
            let by = next.as_usize() as i64 - at as i64;
            number(out, ((by << 1) ^ (by >> 63)) as usize);
        };
        match state {
            State::ByteRange { trans } => {
                out.extend([sort::RANGE, trans.start, trans.end]);
                to(&mut out, &trans.next);
            }
            State::Sparse(sparse) => {
                out.push(sort::SPARSE);
                number(&mut out, sparse.transitions.len());
                for trans in &*sparse.transitions {
                    out.extend([trans.start, trans.end]);
                    to(&mut out, &trans.next);
                }
            }
            State::Dense(_) => panic!("the compiler makes none from a pattern"),
            State::Look { look, next } => {
                out.push(sort::LOOK);
                number(&mut out, look.as_repr() as usize);
                to(&mut out, next);
            }
            State::Union { alternates } => {
                out.push(sort::UNION);
                number(&mut out, alternates.len());
                alternates.iter().for_each(|next| to(&mut out, next));
            }
            State::BinaryUnion { alt1, alt2 } => {
                out.extend([sort::UNION, 2]);
                to(&mut out, alt1);
                to(&mut out, alt2);
            }
            State::Capture { next, group_index, slot, .. } => {
                out.push(if slot.as_usize() % 2 == 0 { sort::GROUP_START } else { sort::GROUP_END });
                number(&mut out, group_index.as_usize());
                to(&mut out, next);
            }
            State::Fail => out.push(sort::FAIL),
            State::Match { .. } => out.push(sort::MATCH),
        }
    }
    out
}

/// Reads an automaton, one that reads texts backwards if `is_backward`; none if the bytes are not one.
#[allow(dead_code)] // By the library alone.
pub fn read(bytes: &[u8], is_backward: bool) -> Option<NFA> {
    let mut rest = Rest(bytes);
    let states = rest.number()?;
    let (anchored, unanchored) = (StateID::new(rest.number()?).ok()?, StateID::new(rest.number()?).ok()?);
    let mut builder = Builder::new();
    builder.set_reverse(is_backward);
    builder.set_utf8(true);
    builder.start_pattern().ok()?;
    for at in 0..states {
        let added = match rest.byte()? {
            sort::RANGE => builder.add_range(rest.transition(at)?),
            sort::SPARSE => {
                let count = rest.number()?;
                builder.add_sparse((0..count).map(|_| rest.transition(at)).collect::<Option<_>>()?)
            }
            sort::LOOK => {
                let look = Look::from_repr(u32::try_from(rest.number()?).ok()?)?;
                builder.add_look(rest.next(at)?, look)
            }
            sort::UNION => {
                let count = rest.number()?;
                builder.add_union((0..count).map(|_| rest.next(at)).collect::<Option<_>>()?)
            }
            sort::GROUP_START => {
                let group = u32::try_from(rest.number()?).ok()?;
                builder.add_capture_start(rest.next(at)?, group, None)
            }
            sort::GROUP_END => {
                let group = u32::try_from(rest.number()?).ok()?;
                builder.add_capture_end(rest.next(at)?, group)
            }
            sort::FAIL => builder.add_fail(),
            sort::MATCH => builder.add_match(),
            _ => return None,
        };
        added.ok()?;
    }
    builder.finish_pattern(anchored).ok()?;
    builder.build(anchored, unanchored).ok()
}

#[allow(dead_code)] // By the build script alone.
fn number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// What is still to be read.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        for shift in (0..u32::BITS).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn part(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        let (part, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(part)
    }

    /// The state that one leads to.
    fn next(&mut self, at: usize) -> Option<StateID> {
        let number = self.number()?;
        let by = (number >> 1) as isize ^ -((number & 1) as isize);
        StateID::new(at.checked_add_signed(by)?).ok()
    }

    fn transition(&mut self, at: usize) -> Option<Transition> {
        Some(Transition { start: self.byte()?, end: self.byte()?, next: self.next(at)? })
    }
}
