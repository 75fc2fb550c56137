//! Lists of names that are asked for every element of a page: nearly always the answer is no.

/// Names in order.
pub struct Names {
    list: &'static [&'static str],
    /// A bit for each [`sign`] that one of them has.
    signs: u128,
}

impl Names {
    /// Of a sorted list of names, none empty.
    pub const fn of(list: &'static [&'static str]) -> Names {
        let mut signs = 0;
        let mut at = 0;
        while at < list.len() {
            signs |= 1 << sign(list[at].as_bytes());
            at += 1;
        }
        Names { list, signs }
    }

    /// Whether a name is among them.
    pub fn has(&self, name: &str) -> bool {
        !name.is_empty() && self.signs >> sign(name.as_bytes()) & 1 == 1 && self.list.binary_search(&name).is_ok()
    }

    /// Whether they are in order, as they must be.
    #[cfg(test)]
    pub fn is_sorted(&self) -> bool {
        self.list.is_sorted() && self.list.iter().all(|name| !name.is_empty())
    }
}

/// A number under 128 of the ends and the length of a name.
const fn sign(name: &[u8]) -> u32 {
    let (first, last) = (name[0] as u32, name[name.len() - 1] as u32);
    (first * 5 + last * 3 + name.len() as u32 * 29) & 127
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_and_others_are_not() {
        static NAMES: Names = Names::of(&["a", "article", "main", "é"]);
        assert!(NAMES.is_sorted());
        assert!(!Names::of(&["b", "a"]).is_sorted());
        for name in NAMES.list {
            assert!(NAMES.has(name), "{name}");
        }
        for name in ["", "b", "articles", "mains", "e"] {
            assert!(!NAMES.has(name), "{name}");
        }
    }
}
