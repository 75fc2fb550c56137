//! Lists of names that are asked for every element of a page: nearly always the answer is no.

/// Names in order.
pub struct Names {
    list: &'static [&'static str],
    /// A bit for each [`sign`] that one of them has.
    signs: [u64; SIGNS / 64],
}

impl Names {
    /// Of a sorted list of names, none empty.
    pub const fn of(list: &'static [&'static str]) -> Names {
        let mut signs = [0; SIGNS / 64];
        let mut at = 0;
        while at < list.len() {
            let sign = sign(list[at].as_bytes());
            signs[sign / 64] |= 1 << (sign % 64);
            at += 1;
        }
        Names { list, signs }
    }

    /// Whether a name is among them.
    pub fn has(&self, name: &str) -> bool {
        if name.is_empty() {
            return false;
        }
        let sign = sign(name.as_bytes());
        self.signs[sign / 64] >> (sign % 64) & 1 == 1 && self.list.binary_search(&name).is_ok()
    }

    /// Whether they are in order, as they must be.
    #[cfg(test)]
    pub fn is_sorted(&self) -> bool {
        self.list.is_sorted() && self.list.iter().all(|name| !name.is_empty())
    }
}

/// Signs that are told apart.
const SIGNS: usize = 2048;

/// A number under [`SIGNS`] of the ends, the middle and the length of a name.
const fn sign(name: &[u8]) -> usize {
    let (first, middle, last) = (name[0] as usize, name[name.len() / 2] as usize, name[name.len() - 1] as usize);
    (first * 331 + middle * 37 + last * 5 + name.len() * 173) % SIGNS
}

/// Which of several lists a short name is in, found in one look: what is asked for every tag of a page.
pub struct Sorts {
    /// Keys and their sorts, each at the first free place from where its hash says.
    slots: [(u128, u8); SLOTS],
}

/// Places of a table: more than twice as many as names.
const SLOTS: usize = 256;
/// Longer names are in no list.
const KEY_BYTES_MAX: usize = 12;

impl Sorts {
    /// Of lists of names in lower case, each with its bit.
    pub const fn of(lists: &[(u8, &[&str])]) -> Sorts {
        let mut slots = [(0, 0); SLOTS];
        let mut list = 0;
        while list < lists.len() {
            let mut at = 0;
            while at < lists[list].1.len() {
                let key = key(lists[list].1[at].as_bytes());
                assert!(key != 0);
                let mut slot = place(key);
                while slots[slot].0 != 0 && slots[slot].0 != key {
                    slot = (slot + 1) % SLOTS;
                }
                slots[slot] = (key, slots[slot].1 | lists[list].0);
                at += 1;
            }
            list += 1;
        }
        Sorts { slots }
    }

    /// The bits of the lists that a name is in, whatever its case.
    pub fn of_name(&self, name: &[u8]) -> u8 {
        let key = key(name);
        let mut slot = place(key);
        loop {
            match self.slots[slot] {
                (known, sorts) if known == key => return sorts,
                (0, _) => return 0,
                _ => slot = (slot + 1) % SLOTS,
            }
        }
    }
}

/// The bytes of a name in lower case as a number; 0 of one that is too long.
const fn key(name: &[u8]) -> u128 {
    if name.len() > KEY_BYTES_MAX {
        return 0;
    }
    let mut key = 0;
    let mut at = 0;
    while at < name.len() {
        key |= (name[at].to_ascii_lowercase() as u128) << (8 * at);
        at += 1;
    }
    key
}

const fn place(key: u128) -> usize {
    let mixed = (key as u64 ^ (key >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 56) as usize % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_are_those_of_all_lists() {
        static SORTS: Sorts = Sorts::of(&[(1, &["a", "article", "xml:lang"]), (2, &["main", "a"])]);
        for (name, sorts) in [("a", 3), ("ARTICLE", 1), ("main", 2), ("xml:lang", 1), ("mains", 0), ("", 0), ("é", 0)]
        {
            assert_eq!(SORTS.of_name(name.as_bytes()), sorts, "{name}");
        }
        assert_eq!(SORTS.of_name(b"averyveryverylongname"), 0);
    }

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
