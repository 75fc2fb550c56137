//! The glossary: concepts of policy and trade with their terms in both languages, by which a query is widened.
//!
//! In: the words of a query as the analyser makes them. Out: the concepts that the longest term among them leads to.
//! The table is compiled in and read where it lies; what the user adds lies beside it.

mod table;

use super::{Lexicon, folded, nearest, torn_out};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use table::{Readings, TERM_TOKENS_MAX, key};

include!(concat!(env!("OUT_DIR"), "/glossary.rs"));
static KEYS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/glossary.fst"));
static READINGS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/glossary.bin"));

/// The most concepts there can be, those compiled in among them.
const CONCEPTS_MAX: usize = 20_000;
/// So many ideographs before and after a term are looked at for words that it could be a part of.
const AROUND: usize = 5;
/// A term of more words and ideographs is met by chance in no other.
const CHANCE_MAX: usize = 3;

type Text = Cow<'static, str>;
type List = Cow<'static, [Text]>;

/// Something that has several names.
#[derive(Clone, Debug, PartialEq)]
pub struct Concept {
    /// Its identifier.
    pub slug: Text,
    /// English terms, the preferred first.
    pub english: List,
    /// Chinese terms, the preferred first.
    pub chinese: List,
    /// Of the English ones those that lead here only when typed in capitals: AI, BRI.
    pub capitals: List,
    /// Of all those that do not lead here when they are typed, because they mean something else as often: they can
    /// only be searched for.
    pub reached: List,
}

/// A term that was found among words.
#[derive(Clone, Debug, PartialEq)]
pub struct Match<'g> {
    /// How many of the words it takes.
    pub length: usize,
    /// What it can mean, at least one.
    pub concepts: Vec<&'g Concept>,
}

/// The concepts and the terms that lead to them.
pub struct Glossary {
    concepts: Cow<'static, [Concept]>,
    tables: Vec<Table>,
}

/// Terms by key; see [`Readings::packed`].
struct Table {
    keys: Lexicon,
    readings: Cow<'static, [u8]>,
}

impl Default for Glossary {
    fn default() -> Glossary {
        let compiled = Table { keys: Lexicon::compiled(KEYS), readings: Cow::Borrowed(READINGS) };
        Glossary { concepts: Cow::Borrowed(&CONCEPTS), tables: vec![compiled] }
    }
}

impl Glossary {
    /// What is compiled in.
    pub fn builtin() -> &'static Glossary {
        &super::Vocabulary::builtin().glossary
    }

    /// What is compiled in and the tables that a user adds: new concepts, and terms for known ones.
    /// Fails with what is wrong with one, for a reader.
    pub fn with(texts: &[String]) -> Result<Glossary, String> {
        let mut all = Glossary::default();
        if texts.is_empty() {
            return Ok(all);
        }
        let compiled = all.concepts.len();
        let mut by_slug: HashMap<String, usize> =
            all.concepts.iter().enumerate().map(|(at, c)| (c.slug.to_string(), at)).collect();
        // The terms of those concepts that something is added to, by key.
        let mut terms: HashMap<usize, HashSet<String>> = HashMap::new();
        let mut readings = Readings::default();
        for row in texts.iter().map(|text| table::rows(text)).collect::<Result<Vec<_>, _>>()?.into_iter().flatten() {
            let concepts = all.concepts.to_mut();
            let at = *by_slug.entry(row.slug.clone()).or_insert(concepts.len());
            if at == concepts.len() {
                concepts.push(Concept::named(row.slug.clone()));
            }
            if concepts.len() > CONCEPTS_MAX {
                return Err(format!("there are more than {} concepts", CONCEPTS_MAX - compiled));
            }
            readings.add(u16::try_from(at).map_err(|_| "there are too many concepts")?, &row);
            let concept = &mut concepts[at];
            let known = terms.entry(at).or_insert_with(|| concept.terms().map(key).collect());
            concept.add(row, known);
        }
        let (keys, blob) = readings.packed();
        let keys = Lexicon::of(keys.into_iter());
        all.tables.push(Table { keys, readings: Cow::Owned(blob) });
        Ok(all)
    }

    /// All concepts.
    pub fn concepts(&self) -> &[Concept] {
        &self.concepts
    }

    /// The concept of that slug.
    pub fn concept(&self, slug: &str) -> Option<&Concept> {
        self.concepts.iter().find(|c| c.slug == slug)
    }

    /// The longest term that begins at the word `at` and leads to a concept.
    ///
    /// `forms` are the words as the analyser makes them: the stems of words, and ideographs one by one. `written` are the
    /// same words as they were typed, by which acronyms are told from words; where there is none, it was not in capitals.
    /// A Chinese term that lies across the words around it is none: `中[新区]域`.
    pub fn find(&self, forms: &[&str], written: &[&str], at: usize) -> Option<Match<'_>> {
        let rest = forms.get(at..)?;
        let mut text = String::new();
        let mut ends = Vec::with_capacity(rest.len().min(TERM_TOKENS_MAX));
        for form in rest.iter().take(TERM_TOKENS_MAX) {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(form);
            ends.push(text.len());
        }
        let mut best: Option<Match> = None;
        for table in &self.tables {
            table.keys.begin_at(&text, 0, |end, offset| {
                let Ok(last) = ends.binary_search(&end) else { return };
                let length = last + 1;
                if best.as_ref().is_some_and(|b| b.length > length) || is_torn_out(forms, at, length) {
                    return;
                }
                let mut capitals = None;
                for (concept, in_capitals) in table.readings(offset) {
                    let is_typed_so = || in_capitals_written(written.get(at..at + length).unwrap_or_default());
                    let Some(concept) = self.concepts.get(concept) else { continue };
                    if in_capitals && !*capitals.get_or_insert_with(is_typed_so) {
                        continue;
                    }
                    match &mut best {
                        Some(found) if found.length == length => {
                            if !found.concepts.contains(&concept) {
                                found.concepts.push(concept);
                            }
                        }
                        _ => best = Some(Match { length, concepts: vec![concept] }),
                    }
                }
            });
        }
        best
    }

    /// The concepts that have a term, in whatever way it is written; if there are none, those that have a term with it
    /// in it. All, for an empty one.
    pub fn having(&self, given: &str) -> Vec<&Concept> {
        let wanted = key(given);
        let has = |concept: &Concept, test: &dyn Fn(&str) -> bool| {
            key(&concept.slug) == wanted || concept.terms().any(|t| test(&key(t)))
        };
        let whole: Vec<&Concept> = self.concepts.iter().filter(|c| has(c, &|term| term == wanted)).collect();
        if !whole.is_empty() {
            return whole;
        }
        let padded = |text: &str| format!(" {text} ");
        let (blank, part) = (given.trim().is_empty(), padded(&wanted));
        let within = |term: &str| !wanted.is_empty() && padded(term).contains(&part);
        self.concepts.iter().filter(|c| blank || has(c, &within)).collect()
    }

    /// The terms nearest to one that is not there, at most three.
    pub fn near(&self, given: &str) -> Vec<String> {
        let terms = self.concepts.iter().flat_map(Concept::terms);
        nearest(&folded(given.trim()), terms.map(|t| (folded(t), 0, t.to_string())), 3)
    }
}

impl fmt::Debug for Glossary {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "Glossary of {} concepts", self.concepts.len())
    }
}

impl Table {
    /// The readings at a place of the packed ones.
    fn readings(&self, offset: u64) -> impl Iterator<Item = (usize, bool)> {
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let all = self.readings.get(from..).unwrap_or_default();
        let (count, list) = all.split_first().map_or((0, all), |(count, list)| (usize::from(*count), list));
        let one = |bytes: &[u8]| match bytes {
            [low, high, capitals] => Some((usize::from(u16::from_le_bytes([*low, *high])), *capitals != 0)),
            _ => None,
        };
        list.chunks(3).take(count).filter_map(one)
    }
}

impl Concept {
    fn named(slug: String) -> Concept {
        let [english, chinese, capitals, reached] = [const { Cow::Borrowed(&[] as &[Text]) }; 4];
        Concept { slug: slug.into(), english, chinese, capitals, reached }
    }

    /// Every term, English ones first.
    pub fn terms(&self) -> impl Iterator<Item = &str> {
        self.english.iter().chain(self.chinese.iter()).map(|t| &**t)
    }

    /// Whether one of its terms leads to it when it is typed.
    pub fn is_led_to_by(&self, term: &str) -> bool {
        !self.reached.iter().any(|t| t == term)
    }

    /// Adds the terms whose keys are not known yet.
    fn add(&mut self, row: table::Row, known: &mut HashSet<String>) {
        for (side, more) in [(&mut self.english, row.english), (&mut self.chinese, row.chinese)] {
            for term in more.into_iter().filter(|t| known.insert(t.key.clone())) {
                let text = Text::from(term.text);
                if term.capitals {
                    self.capitals.to_mut().push(text.clone());
                }
                if term.reached {
                    self.reached.to_mut().push(text.clone());
                }
                side.to_mut().push(text);
            }
        }
    }
}

/// Whether words are written in capitals; the sign of several may be small: SMEs.
fn in_capitals_written(words: &[&str]) -> bool {
    !words.is_empty()
        && words.iter().all(|word| {
            let word = word.strip_suffix('s').unwrap_or(word);
            !word.is_empty() && !word.chars().any(char::is_lowercase)
        })
}

/// Whether ideographs are pieces of the words around them, as far as that can be told.
fn is_torn_out(forms: &[&str], at: usize, length: usize) -> bool {
    let is_ideograph = |form: &&&str| {
        let mut chars = form.chars();
        chars.next().is_some_and(crate::analysis::is_ideograph) && chars.next().is_none()
    };
    let end = at + length;
    if length > CHANCE_MAX || !forms[at..end].iter().any(|form| is_ideograph(&form)) {
        return false;
    }
    let before = forms[..at].iter().rev().take(AROUND).take_while(is_ideograph).count();
    let after = forms[end..].iter().take(AROUND).take_while(is_ideograph).count();
    let text = forms[at - before..end + after].concat();
    let start = forms[at - before..at].iter().map(|f| f.len()).sum();
    let length: usize = forms[at..end].iter().map(|f| f.len()).sum();
    torn_out(&text, start, start + length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{TokenKind, analyse};

    /// What is found at the beginning of a typed text: how many words, and the slugs.
    fn found(glossary: &Glossary, typed: &str, at: usize) -> Option<(usize, Vec<String>)> {
        let tokens = analyse(typed);
        let words: Vec<_> = tokens.iter().filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Single)).collect();
        let forms: Vec<&str> = words.iter().map(|t| tokens.form(t)).collect();
        let written: Vec<&str> = words.iter().map(|t| &typed[t.start..t.end]).collect();
        let found = glossary.find(&forms, &written, at)?;
        Some((found.length, found.concepts.iter().map(|c| c.slug.to_string()).collect()))
    }

    #[track_caller]
    fn check(typed: &str, at: usize, length: usize, slug: &str) {
        assert_eq!(found(Glossary::builtin(), typed, at), Some((length, vec![slug.to_string()])), "{typed}");
    }

    #[track_caller]
    fn check_none(typed: &str, at: usize) {
        assert_eq!(found(Glossary::builtin(), typed, at), None, "{typed}");
    }

    #[test]
    fn a_term_is_found_in_every_dress() {
        for typed in ["dry port", "Dry Ports", "dry-port", "DRY PORT’S", "dryport", "ｄｒｙ port"] {
            let length = if typed == "dryport" { 1 } else { 2 };
            check(typed, 0, length, "dry-port");
        }
        for typed in ["无水港", "無水港", "国际陆港"] {
            check(typed, 0, typed.chars().count(), "dry-port");
        }
        check("“一带一路”", 0, 4, "belt-and-road");
        check("China-Europe class trains", 0, 4, "china-europe-train");
        check("5g base stations", 0, 3, "5g-base-station");
        check("5G基站", 0, 3, "5g-base-station");
        check("rural revitalisation", 0, 2, "rural-revitalisation");
    }

    #[test]
    fn the_longest_term_counts_wherever_it_begins() {
        check("xinjiang belt and road ports", 1, 3, "belt-and-road");
        check("China-Europe train Changan", 0, 4, "changan-train");
        check("高速铁路", 0, 4, "high-speed-rail");
        check("新疆陆港", 2, 2, "dry-port");
        check_none("xinjiang belt and road ports", 2);
        check_none("dry port", 7);
    }

    #[test]
    fn acronyms_that_are_words_count_in_capitals() {
        check("AI", 0, 1, "artificial-intelligence");
        check("R&D", 0, 2, "r-and-d");
        check("BRI", 0, 1, "belt-and-road");
        for typed in ["ai", "Ai", "bri", "npc", "ftp", "pv", "icd", "r d"] {
            check_none(typed, 0);
        }
        check("gdp", 0, 1, "gdp");
        check("smes", 0, 1, "sme");
        assert!(in_capitals_written(&["SMEs"]) && !in_capitals_written(&["Smes"]) && !in_capitals_written(&[]));
    }

    #[test]
    fn what_means_something_else_is_reached_and_does_not_lead() {
        for typed in ["land port", "double open", "take off the hat", "port", "两山", "new area"] {
            check_none(typed, 0);
        }
        let concept = Glossary::builtin().concept("dry-port").unwrap();
        assert!(concept.english.iter().any(|t| t == "land port") && !concept.is_led_to_by("land port"));
        assert_eq!((&*concept.english[0], &*concept.chinese[0]), ("dry port", "陆港"));
    }

    #[test]
    fn a_chinese_term_across_two_words_is_none() {
        check_none("中新区域", 1);
        check("新区", 0, 2, "new-area");
    }

    #[test]
    fn a_term_can_belong_to_several_concepts() {
        let (length, mut slugs) = found(Glossary::builtin(), "社保", 0).unwrap();
        slugs.sort();
        assert_eq!((length, slugs), (2, vec!["social-insurance".to_string(), "social-security".to_string()]));
    }

    #[test]
    fn the_compiled_in_glossary_is_whole() {
        let glossary = Glossary::builtin();
        let mut slugs: Vec<_> = glossary.concepts().iter().map(|c| &c.slug).collect();
        slugs.sort();
        assert!(slugs.windows(2).all(|w| w[0] != w[1]), "a slug names one concept");
        let mut wrong: Vec<String> = Vec::new();
        for concept in glossary.concepts() {
            assert!(!concept.english.is_empty() && !concept.chinese.is_empty(), "{} has both languages", concept.slug);
            for term in concept.terms() {
                let typed =
                    if concept.capitals.iter().any(|t| t == term) { term.to_uppercase() } else { term.to_string() };
                let given = found(glossary, &typed, 0);
                let leads = given.is_some_and(|(length, slugs)| {
                    length == key(term).split(' ').count() && slugs.contains(&concept.slug.to_string())
                });
                if leads != concept.is_led_to_by(term) {
                    wrong.push(format!("{term} of {}", concept.slug));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn a_users_glossary_adds_concepts_and_terms() {
        let text =
            "concept\tenglish\tchinese\n# of the yard\ndry-port\trail yard depot\t\n\tGateway East Yard\t东门货场\n";
        let glossary = Glossary::with(&[text.to_string()]).unwrap();
        assert_eq!(found(&glossary, "rail yard depots", 0), Some((3, vec!["dry-port".to_string()])));
        assert_eq!(found(&glossary, "东门货场", 0), Some((4, vec!["gateway-east-yard".to_string()])));
        assert_eq!(found(&glossary, "dry port", 0), Some((2, vec!["dry-port".to_string()])));
        assert_eq!(glossary.concept("dry-port").unwrap().english.last().unwrap(), "rail yard depot");
        let columns = "english\tcapitals\treached\nYard A1|CAN\tCAN\tthe yard|货场\n";
        let glossary = Glossary::with(&[columns.to_string()]).unwrap();
        let concept = glossary.concepts().last().unwrap();
        assert_eq!((&*concept.slug, concept.chinese.len(), concept.english.len()), ("yard-a1", 1, 3));
        assert!(found(&glossary, "can", 0).is_none() && found(&glossary, "CAN", 0).is_some());
        assert!(found(&glossary, "the yard", 0).is_none() && found(&glossary, "货场", 0).is_none());
    }

    #[test]
    fn a_users_term_that_is_known_belongs_to_both() {
        let glossary = Glossary::with(&["concept\tenglish\nyards\tdry port|yard\n".to_string()]).unwrap();
        assert_eq!(found(&glossary, "dry ports", 0), Some((2, vec!["dry-port".to_string(), "yards".to_string()])));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let long = "x ".repeat(30);
        for (text, expected) in [
            ("concept\tcolour\nx\ty\n", "line 1: there is no column `colour`"),
            ("concept\tcapitals\nx\tY\n", "line 1: there is neither"),
            ("concept\tenglish\nx\ty z\ta\n", "line 2: it has 3 columns"),
            ("concept\tenglish\n\n# words\nx\t*\n", "line 4: `*` is too short"),
            ("concept\tenglish\nx\t\n", "line 2: it has no term"),
            ("concept\tenglish\na b\tcrane\n", "line 2: `a b` is no name of a concept"),
            (&format!("concept\tenglish\nx\t{long}\n"), "is too long"),
            ("concept\tenglish\r\nx\tcrane\r\ny\t\r\n", "line 3: it has no term"),
            ("", "line 1: there is neither"),
        ] {
            let error = Glossary::with(&[text.to_string()]).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn concepts_are_looked_up_by_whole_terms_before_parts() {
        let glossary = Glossary::builtin();
        let slugs = |given: &str| glossary.having(given).iter().map(|c| c.slug.to_string()).collect::<Vec<_>>();
        assert_eq!(slugs("Dry Ports"), ["dry-port"]);
        assert_eq!(slugs("land port"), ["dry-port", "port-of-entry"]);
        assert!(slugs("bonded").len() > 2);
        assert!(slugs("xyzzy").is_empty());
        assert_eq!(slugs(" ").len(), glossary.concepts().len());
        assert!(glossary.near("dry prot").contains(&"dry port".to_string()));
    }
}
