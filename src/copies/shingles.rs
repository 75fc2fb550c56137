//! The shingles of a document, and how far two documents share them.

use crate::analysis::{Sink, TokenKind, analyse_to, hash};
use xxhash_rust::xxh3::{Xxh3, xxh3_64_with_seed};

/// Length of a shingle: a word counts 2, an ideograph 1.
const SHINGLE_SIZE: u32 = 8;
/// Documents with fewer shingles than this are short: a story has more.
pub(super) const SHORT: usize = 60;
/// Share of all shingles that two documents have in common if they are copies.
const SHARED_MIN: f64 = 0.6;
/// The same of short ones, of which a template is soon the greater part.
const SHARED_SHORT_MIN: f64 = 0.85;
/// Share of the shorter one's shingles that the longer has too, if it is a copy that was cut.
const WITHIN_MIN: f64 = 0.9;
/// A cut copy is at least this part of the whole.
const CUT_MIN: f64 = 0.5;
/// Of the places in which two copies have figures, the share where they have the same: a release of the next month has
/// others.
const FIGURES_MIN: f64 = 0.8;
/// In a text with fewer shingles than this all must be the same: a notice of the next day differs in the day.
const BRIEF: usize = 200;

/// What a document says, as sets of hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shingles {
    /// Of its text, sorted.
    text: Vec<u64>,
    /// Its figures, each as a hash of the words around it and one of itself, sorted.
    figures: Vec<(u32, u32)>,
    /// Of the words of its title, sorted.
    title: Vec<u64>,
}

/// How far two documents have the same text. All shares are from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resemblance {
    /// Shingles in both, of those in either: Jaccard's measure.
    pub shared: f64,
    /// Shingles in both, of those of the shorter.
    pub within: f64,
    /// Shingles of the shorter, as a part of those of the longer.
    pub length: f64,
    /// Of the places that have a figure in both, between the same words, those where it is the same; 1 if there are none.
    pub figures: f64,
    /// Words of the titles in both, of those of the shorter title.
    pub title: f64,
    /// Shingles of the shorter.
    pub size: usize,
}

impl Shingles {
    /// The shingles of a title and of parts of a text in reading order.
    pub fn of<'a>(title: &str, parts: impl IntoIterator<Item = &'a str>) -> Shingles {
        let mut out = Shingles::default();
        analyse_to(title, &mut EachWord(|word: Word| out.title.push(word.hash)));
        let mut window = Window::default();
        let mut figures = Figures::default();
        let mut each = EachWord(|word: Word| {
            figures.take(word);
            window.push(word);
            while window.size >= SHINGLE_SIZE {
                out.text.push(window.hash());
                window.pop();
            }
        });
        for part in parts {
            analyse_to(part, &mut each);
        }
        figures.end(0);
        out.figures = figures.list;
        if out.text.is_empty() && window.words > 0 {
            out.text.push(window.hash());
        }
        for set in [&mut out.text, &mut out.title] {
            set.sort_unstable();
            set.dedup();
        }
        out.figures.sort_unstable();
        out.figures.dedup();
        out
    }

    /// How many different ones there are in the text.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether the text has none.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Bytes of memory, about.
    pub fn bytes(&self) -> usize {
        (self.text.len() + self.figures.len() + self.title.len()) * size_of::<u64>()
    }

    /// What a sketch is made of: the text, and of a short one the title too, since many short texts differ in nothing
    /// else.
    pub(super) fn sketched(&self) -> impl Iterator<Item = u64> {
        let title: &[u64] = if self.text.len() < SHORT { &self.title } else { &[] };
        self.text.iter().chain(title).copied()
    }

    /// A hash of all of it.
    pub(super) fn digest(&self) -> u64 {
        let mut hasher = Xxh3::new();
        for set in [&self.text, &self.title] {
            hasher.update(&(set.len() as u64).to_le_bytes());
            set.iter().for_each(|one| hasher.update(&one.to_le_bytes()));
        }
        for (place, figure) in &self.figures {
            hasher.update(&place.to_le_bytes());
            hasher.update(&figure.to_le_bytes());
        }
        hasher.digest()
    }

    /// Compares two documents.
    pub fn resemblance(&self, other: &Shingles) -> Resemblance {
        let (shorter, longer) = (self.len().min(other.len()), self.len().max(other.len()));
        let both = common(&self.text, &other.text);
        Resemblance {
            shared: share(both, shorter + longer - both),
            within: share(both, shorter),
            length: share(shorter, longer),
            figures: agreement(&self.figures, &other.figures),
            title: share(common(&self.title, &other.title), self.title.len().min(other.title.len())),
            size: shorter,
        }
    }
}

impl Resemblance {
    /// The least that two copies share, if one has `length` of the shingles of the other; none if it is too short to be
    /// one.
    pub(super) fn least_shared(length: f64) -> Option<f64> {
        let cut = WITHIN_MIN * length / (1.0 + length - WITHIN_MIN * length);
        (length >= CUT_MIN).then(|| cut.min(SHARED_MIN))
    }

    /// Whether the two are copies of one text.
    pub fn is_copy(&self) -> bool {
        if self.size < SHORT {
            return self.shared >= SHARED_SHORT_MIN && self.title >= SHARED_SHORT_MIN && self.figures == 1.0;
        }
        let whole = self.shared >= SHARED_MIN;
        let cut = self.within >= WITHIN_MIN && self.length >= CUT_MIN;
        let figures = if self.size < BRIEF { 1.0 } else { FIGURES_MIN };
        (whole || cut) && self.figures >= figures
    }
}

/// Gathers figures with the words around them: two before and one after.
#[derive(Default)]
struct Figures {
    list: Vec<(u32, u32)>,
    before: [u64; 2],
    /// The figure that is being read: `3.5` is two tokens.
    open: Option<u64>,
}

impl Figures {
    fn take(&mut self, word: Word) {
        if word.is_figure {
            self.open = Some(xxh3_64_with_seed(&word.hash.to_le_bytes(), self.open.unwrap_or(0)));
        } else {
            self.end(word.hash);
            self.before = [self.before[1], word.hash];
        }
    }

    fn end(&mut self, after: u64) {
        if let Some(figure) = self.open.take() {
            let place = [self.before[0], self.before[1], after]
                .iter()
                .fold(0, |seed, word| xxh3_64_with_seed(&word.to_le_bytes(), seed));
            self.list.push((place as u32, figure as u32));
        }
    }
}

/// Of the places that both have, the share of those where a figure is the same.
fn agreement(one: &[(u32, u32)], other: &[(u32, u32)]) -> f64 {
    let (mut same, mut places) = (0, 0);
    let mut rest = other;
    for here in one.chunk_by(|a, b| a.0 == b.0) {
        let place = here[0].0;
        rest = &rest[rest.partition_point(|(p, _)| *p < place)..];
        let there = &rest[..rest.partition_point(|(p, _)| *p == place)];
        if !there.is_empty() {
            places += 1;
            same += usize::from(here.iter().any(|figure| there.contains(figure)));
        }
    }
    share(same, places)
}

#[derive(Clone, Copy)]
struct Word {
    hash: u64,
    size: u32,
    is_figure: bool,
}

/// Calls for each word of a text.
struct EachWord<F>(F);

impl<F: FnMut(Word)> Sink for EachWord<F> {
    // Copies have the same words, and not only the same stems; to find these takes longer than all the rest.
    const STEMS: bool = false;

    fn take(&mut self, form: &str, _start: usize, _end: usize, _position: usize, kind: TokenKind) {
        let size = match kind {
            TokenKind::Word => 2,
            TokenKind::Single => 1,
            TokenKind::Form | TokenKind::Pair => return,
        };
        // A word that begins with a letter is none.
        let is_figure = form.starts_with(|c: char| c.is_ascii_digit()) && form.bytes().all(|b| b.is_ascii_digit());
        self.0(Word { hash: hash(form.as_bytes()), size, is_figure });
    }
}

/// The last words of a text, of which a shingle may be made: hash and size of each.
#[derive(Default)]
struct Window {
    ring: [(u64, u32); SHINGLE_SIZE as usize],
    /// The first of them.
    first: usize,
    words: usize,
    /// Of all.
    size: u32,
}

impl Window {
    /// There are never more than a shingle has: each word counts at least 1.
    fn push(&mut self, word: Word) {
        self.ring[(self.first + self.words) % self.ring.len()] = (word.hash, word.size);
        self.words += 1;
        self.size += word.size;
    }

    fn pop(&mut self) {
        self.size -= self.ring[self.first].1;
        self.first = (self.first + 1) % self.ring.len();
        self.words -= 1;
    }

    /// One hash of all, in their order.
    fn hash(&self) -> u64 {
        // The hashes of words are well mixed: it is enough that each word and its place count.
        (self.first..self.first + self.words).fold(0u64, |seed, at| {
            (seed.rotate_left(23) ^ self.ring[at % self.ring.len()].0).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        })
    }
}

/// How many are in both of two sorted lists.
fn common(one: &[u64], other: &[u64]) -> usize {
    let (mut a, mut b, mut count) = (0, 0, 0);
    while a < one.len() && b < other.len() {
        match one[a].cmp(&other[b]) {
            std::cmp::Ordering::Less => a += 1,
            std::cmp::Ordering::Greater => b += 1,
            std::cmp::Ordering::Equal => (a, b, count) = (a + 1, b + 1, count + 1),
        }
    }
    count
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Shingles {
        Shingles::of("Title", [text])
    }

    /// A text of so many different words.
    fn story(words: usize) -> String {
        let word = |at: usize| {
            let letter = |n: usize| char::from(b'a' + (n % 20) as u8);
            [letter(at * 7), letter(at / 3), letter(at / 20), letter(at / 400), 'x'].iter().collect::<String>()
        };
        (0..words).map(word).collect::<Vec<_>>().join(" ")
    }

    #[track_caller]
    fn check(one: &str, other: &str, expected: bool) {
        let resemblance = of(one).resemblance(&of(other));
        assert_eq!(resemblance, of(other).resemblance(&of(one)));
        assert_eq!(resemblance.is_copy(), expected, "{resemblance:?}");
    }

    #[test]
    fn width_script_case_and_accents_make_no_difference() {
        assert_eq!(of("新疆建設國際陸港，2020年通車。"), of("新疆建设国际陆港,２０２０年通车"));
        assert_eq!(of("The DRY ports of Urumqi were opened"), of("the dry ports of Ürümqi: were opened!"));
        assert_ne!(of("The dry port of Urumqi was opened"), of("The dry port of Kashgar was opened"));
    }

    #[test]
    fn parts_make_no_difference() {
        let parts = Shingles::of("Title", ["Plans for", "the dry port", "of the region and its rails"]);
        assert_eq!(parts, of("Plans for the dry port of the region and its rails"));
    }

    #[test]
    fn a_copy_may_be_cut_or_have_lines_of_its_own() {
        let story = story(400);
        check(&story, &story, true);
        check(&story, &format!("By our own correspondent in the capital {story} Edited by somebody else."), true);
        check(&story, &story[..story.len() * 6 / 10], true);
        check(&story, &story[..story.len() * 4 / 10], false);
        check(&story, &format!("{} {}", &story[..story.len() / 2], "other words stand here ".repeat(9)), true);
        check(&story[..story.len() * 6 / 10], &story[story.len() * 3 / 10..], false);
    }

    #[test]
    fn the_same_words_with_other_figures_are_another_text() {
        let release = |figures: [u32; 4]| {
            let parts = story(400);
            let quarter = parts.len() / 4 / 6 * 6;
            let piece = |at: usize| format!("{} {} ", &parts[at * quarter..(at + 1) * quarter], figures[at]);
            (0..4).map(piece).collect::<String>() + "in all"
        };
        check(&release([12, 35, 7, 240]), &release([12, 35, 7, 240]), true);
        check(&release([12, 35, 7, 240]), &release([13, 31, 9, 260]), false);
    }

    #[test]
    fn of_short_texts_only_equal_ones_under_one_title_are_copies() {
        let text = "The port was opened on 5 May. Trains will leave for Almaty every day, says the railway bureau.";
        check(text, text, true);
        check(text, &text.replace("5 May", "6 May"), false);
        check(text, "The port was closed on 5 May. Trains will not leave for Almaty, the railway bureau says.", false);
        let other = Shingles::of("Another headline", [text]);
        assert!(!of(text).resemblance(&other).is_copy());
        // A notice of the next day.
        let notice = |day: &str| format!("{} on {day} and {}", story(80), story(120));
        check(&notice("4 August"), &notice("4 August"), true);
        check(&notice("4 August"), &notice("5 August"), false);
    }

    #[test]
    fn a_text_of_nothing_is_no_copy() {
        assert!(of("— …").is_empty());
        assert_eq!(of("port").len(), 1);
    }
}
