//! Names and terms as a finite-state transducer: all that begin at a place of a text, found by walking it there.
//!
//! A table made at build time is read where it lies: nothing is loaded or built before the first lookup.

use super::fold::fold;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A dictionary from folded names to numbers.
pub struct Lexicon {
    map: fst::Map<Cow<'static, [u8]>>,
}

impl Lexicon {
    /// A table made at build time.
    pub fn compiled(bytes: &'static [u8]) -> Lexicon {
        Lexicon { map: fst::Map::new(Cow::Borrowed(bytes)).expect("the table was made at build time") }
    }

    /// A table of names, which need not be folded yet; of two that fold to the same the later counts.
    pub fn of<'n>(names: impl Iterator<Item = (&'n str, u64)>) -> Lexicon {
        let sorted: BTreeMap<String, u64> = names.map(|(name, number)| (super::folded(name), number)).collect();
        let mut builder = fst::MapBuilder::memory();
        for (name, number) in &sorted {
            builder.insert(name, *number).expect("names are sorted and built in memory");
        }
        let bytes = builder.into_inner().expect("it is built in memory");
        Lexicon { map: fst::Map::new(Cow::Owned(bytes)).expect("it was just made") }
    }

    /// The number of a whole name, which is folded already.
    pub fn number(&self, folded: &str) -> Option<u64> {
        self.map.get(folded)
    }

    /// Calls back for every name that begins at a byte of a text, shorter ones first, with one past
    /// its last byte and its number.
    pub fn begin_at(&self, text: &str, start: usize, mut found: impl FnMut(usize, u64)) {
        let fst = self.map.as_fst();
        let mut node = fst.root();
        let mut output = fst::raw::Output::zero();
        for (at, c) in text[start..].char_indices() {
            let mut alive = true;
            fold(c, |folded| {
                let mut buffer = [0; 4];
                for byte in folded.encode_utf8(&mut buffer).bytes() {
                    let Some(transition) = alive.then(|| node.find_input(byte)).flatten() else {
                        alive = false;
                        return;
                    };
                    let transition = node.transition(transition);
                    output = output.cat(transition.out);
                    node = fst.node(transition.addr);
                }
            });
            if !alive {
                return;
            }
            if node.is_final() {
                found(start + at + c.len_utf8(), output.cat(node.final_output()).value());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_dress() {
        let lexicon = Lexicon::of([("Xi'an", 1), ("Xi'an City", 2), ("Ürümqi", 3), ("dry port", 4)].into_iter());
        let all = |text: &str| {
            let mut out = Vec::new();
            lexicon.begin_at(text, 0, |end, number| out.push((text[..end].to_string(), number)));
            out
        };
        assert_eq!(all("XI’AN city wall"), [("XI’AN".to_string(), 1), ("XI’AN city".to_string(), 2)]);
        assert_eq!(all("urumqi"), [("urumqi".to_string(), 3)]);
        assert_eq!(all("ＤＲＹ-port"), [("ＤＲＹ-port".to_string(), 4)]);
        assert_eq!(all("Xia"), []);
        assert_eq!(lexicon.number("xi'an"), Some(1));
    }
}
