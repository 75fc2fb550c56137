//! What the passages of a document are labelled with, each name once.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// Labels, rules and headings, by number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    text: String,
    /// Where each ends in the text.
    ends: Vec<u32>,
}

/// Names as they lie in the bytes.
#[derive(Serialize, Deserialize)]
pub struct KeptNames<'a> {
    text: &'a str,
    lengths: Vec<u32>,
}

/// Names that are being numbered.
#[derive(Default)]
pub struct Naming {
    names: Names,
    numbers: FxHashMap<String, u32>,
}

impl Naming {
    /// The number of a name, which is added if it is a new one.
    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(known) = self.numbers.get(name) {
            return *known;
        }
        let number = self.names.ends.len() as u32;
        self.names.text.push_str(name);
        self.names.ends.push(self.names.text.len() as u32);
        self.numbers.insert(name.to_string(), number);
        number
    }

    /// All of them.
    pub fn done(self) -> Names {
        self.names
    }
}

impl Names {
    /// A name by its number.
    pub fn get(&self, number: u32) -> Option<&str> {
        let end = *self.ends.get(number as usize)?;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        self.text.get(start as usize..end as usize)
    }

    /// For the bytes.
    pub fn kept(&self) -> KeptNames<'_> {
        let starts = std::iter::once(&0).chain(&self.ends);
        KeptNames { text: &self.text, lengths: self.ends.iter().zip(starts).map(|(end, start)| end - start).collect() }
    }

    /// From the bytes; none if they are not names.
    pub fn read(kept: &KeptNames) -> Option<Names> {
        let mut ends = Vec::with_capacity(kept.lengths.len());
        let mut end = 0u32;
        for length in &kept.lengths {
            end = end.checked_add(*length)?;
            ends.push(end);
        }
        let all_there =
            end as usize == kept.text.len() && ends.iter().all(|end| kept.text.is_char_boundary(*end as usize));
        all_there.then(|| Names { text: kept.text.to_string(), ends })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_number_and_comes_back() {
        let mut naming = Naming::default();
        assert_eq!(["港", "", "dry-ports", "港", ""].map(|name| naming.number(name)), [0, 1, 2, 0, 1]);
        let names = naming.done();
        assert_eq!([0, 1, 2, 3].map(|number| names.get(number)), [Some("港"), Some(""), Some("dry-ports"), None]);
        assert_eq!(Names::read(&names.kept()), Some(names));
    }

    #[test]
    fn what_is_no_names_is_none() {
        for lengths in [vec![1, 2], vec![3], vec![3, 2], vec![u32::MAX, 5]] {
            assert_eq!(Names::read(&KeptNames { text: "港a", lengths }), None);
        }
    }
}
