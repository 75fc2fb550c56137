//! Which of many words a text goes on with: a transducer that is walked from one place. Compiled into
//! the build script too.

/// Words by number, in the order they were given.
pub struct Prefixes {
    map: fst::Map<Vec<u8>>,
}

impl Prefixes {
    /// Of sorted words, none twice; each is known by its number among them.
    pub fn of<'w>(words: impl Iterator<Item = &'w str>) -> Prefixes {
        let mut builder = fst::MapBuilder::memory();
        for (number, word) in words.enumerate() {
            builder.insert(word, number as u64).expect("words are sorted and built in memory");
        }
        let bytes = builder.into_inner().expect("words are built in memory");
        Prefixes { map: fst::Map::new(bytes).expect("it was just made") }
    }

    /// Calls for every word that a text begins with, shorter ones first, with its length in bytes and its number.
    pub fn each(&self, text: &[u8], mut call: impl FnMut(usize, usize)) {
        let fst = self.map.as_fst();
        let mut node = fst.root();
        let mut number = fst::raw::Output::zero();
        for (at, byte) in text.iter().enumerate() {
            let Some(next) = node.find_input(*byte) else { return };
            let transition = node.transition(next);
            number = number.cat(transition.out);
            node = fst.node(transition.addr);
            if node.is_final() {
                call(at + 1, number.cat(node.final_output()).value() as usize);
            }
        }
    }

    /// The longest word that a text begins with: its length in bytes and its number.
    #[cfg(test)]
    pub fn longest(&self, text: &[u8]) -> Option<(usize, usize)> {
        let mut found = None;
        self.each(text, |length, number| found = Some((length, number)));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_beginning_is_found() {
        let words = Prefixes::of([" dry ", " dry  port ", "港", "港口"].into_iter());
        assert_eq!(words.longest(b" dry  port  x"), Some((11, 1)));
        assert_eq!(words.longest(b" dry  dock "), Some((5, 0)));
        assert_eq!(words.longest("港口".as_bytes()), Some((6, 3)));
        assert_eq!(words.longest(b"dry"), None);
        assert_eq!(words.longest(b""), None);
        let mut all = Vec::new();
        words.each("港口".as_bytes(), |length, number| all.push((length, number)));
        assert_eq!(all, [(3, 2), (6, 3)]);
    }
}
