//! English that a machine made of Chinese, told by its style.
//!
//! A score adds rates per thousand words. What machines leave out tells most: words that link clauses (`its`, `which`,
//! `while`) are half as frequent as in anything a person wrote or translated, perfects and articles more so. What they
//! carry over comes next: days without their month, phrases rendered word by word, adverbs of time at the head of
//! sentences, counts in figures. Slips come last: provinces in lower case, capitals after a comma, stops in pairs.
//! A text without two signs of Chinese is never taken for one, however few links it has: tables and wires have few.

use super::clues::{self, Clue, Clues};
use super::words::words;
use crate::analysis::is_alphanumeric;
use crate::clean::Document;
use crate::extract::BlockKind;
use crate::model::{Confidence, Found, Lang, Origin};
use crate::pattern::{Pattern, pattern};

/// Shorter texts, in words, show too little of a style.
const WORDS_MIN: usize = 150;
/// Words looked at.
const WORDS_MAX: usize = 3_000;
/// Of 65 translations of Chinese news, half of them a machine's, and 315 passages of native or official English, no
/// person's reached this and three in four of the machine's did. Fitted to one half and tried on the other, it was two
/// in three, and one in twenty taken for a machine's was a person's.
const THRESHOLD: f64 = 2.5;
/// From here on it is hardly in doubt.
const SURE: f64 = 4.0;
/// What a text starts with: it has to make up for it.
const BIAS: f64 = -3.2;
/// Different signs of Chinese that it takes.
const SIGNS_MIN: usize = 2;

/// Common words are counted by classes: the weight of each by the rate per thousand words, and the rate from which more
/// does not count.
const CLASSES: [(f64, f64); 4] = [(-0.3, 12.0), (-0.06, 20.0), (0.12, 16.0), (0.015, 95.0)];

/// The class of a common word in small letters.
fn class(word: &[u8]) -> Option<usize> {
    Some(match word {
        b"its" | b"their" | b"whose" | b"which" | b"while" | b"whom" | b"whereas" | b"despite" | b"amid"
        | b"though" | b"although" | b"where" | b"who" => 0,
        b"as" | b"with" => 1,
        b"has" | b"have" => 2,
        b"the" => 3,
        _ => return None,
    })
}

/// Contractions are a person's.
const CONTRACTIONS: ([&str; 5], f64, f64) = (["n't", "'re", "'ve", "'ll", "'m"], -0.2, 4.0);

/// A sign of Chinese: what is counted, its weight and the rate from which more does not count.
struct Sign {
    pattern: Pattern,
    weight: f64,
    most: f64,
}

static SIGNS: [Sign; clues::SIGNS] = [
    // 26日: the month is understood.
    Sign {
        pattern: pattern!(
            r"(?i)(?-u:\b)(?:on|of|since|from|by|until) the [0-9]{1,2}(?:st|nd|rd|th)(?:[,.;:\x22”]|\s(?:local|that|in|at|to|and|by|with|as|the|due|when|after|for|he|it|she|they)(?-u:\b))|(?-u:\b)[0-9]{1,2} news(?-u:\b)|\) [0-9]{1,2}(?:th)?, "
        ),
        weight: 0.5,
        most: 4.0,
    },
    // 新冠, 某, 班列, 摘帽, 今年以来, 综合外媒, 本报.
    Sign {
        pattern: pattern!(
            r"(?-u:\b)[Nn]ew (?:crown|coronary|corona)(?-u:\b)|(?-u:\b)[A-Z][a-z]+ a certain(?-u:\b)|(?i)(?-u:\b)class trains?(?-u:\b)|(?-u:\b)(?:take|took|taking) off (?:the|their) (?:poor |poverty )?(?:hat|cap)s?(?-u:\b)|(?-u:\b)poor hats?(?-u:\b)|(?-u:\b)since this (?:year|month|week)(?-u:\b)|(?-u:\b)comprehensive (?:foreign media|report|news)|(?-u:\b)(?:our|this) newspaper(?-u:\b)|(?-u:\b)relevant (?:person in charge|responsible person)"
        ),
        weight: 1.2,
        most: 3.0,
    },
    // 目前, 近年来, 同时, 截至, 日前, 当地时间.
    Sign {
        pattern: pattern!(
            r"(?i)(?-u:\b)at present,|(?-u:\b)in recent (?:years|days),|(?-u:\b)at the same time,|(?-u:\b)as of (?:now|[0-9])|(?-u:\b)so far,|(?-u:\b)up to now(?-u:\b)|(?-u:\b)nowadays,|(?-u:\b)since the beginning of this year(?-u:\b)|(?-u:\b)a few days ago(?-u:\b)|(?-u:\b)recently,|(?-u:\b)local time(?-u:\b)|(?-u:\b)in the past,|(?-u:\b)in the future,"
        ),
        weight: 0.6,
        most: 4.0,
    },
    // 记者, 获悉, 据悉.
    Sign {
        pattern: pattern!(
            r"(?i)\(reporters?(?-u:\b)|(?-u:\b)the reporter(?-u:\b)|(?-u:\b)reporters? (?:learned|saw|found)(?-u:\b)|(?-u:\b)learned from(?-u:\b)|(?-u:\b)according to reports(?-u:\b)|(?-u:\b)it is (?:understood|reported|learned) that(?-u:\b)|(?-u:\b)it is worth mentioning(?-u:\b)"
        ),
        weight: 0.4,
        most: 4.0,
    },
    // 介绍, 指出, 强调.
    Sign {
        pattern: pattern!(
            r"(?i)(?-u:\b)introduced(?:,| that(?-u:\b))|(?-u:\b)(?:pointed out|emphasized|stressed|believes) that(?-u:\b)"
        ),
        weight: 0.8,
        most: 3.0,
    },
    Sign {
        pattern: pattern!(r"(?-u:\b)[A-Z][a-z]+ (?:City|Province|District|County)(?-u:\b)"),
        weight: 0.35,
        most: 4.0,
    },
    // 3个: people write small numbers out.
    Sign {
        pattern: pattern!(
            r"(?:^|[\s(\x22“])[2-9] (?:people|persons|cases|times|days|weeks|months|years|provinces|cities|counties|districts|villages|towns|households|families|units|projects|companies|enterprises|countries|areas|places|types|kinds|aspects|levels|consecutive|major|large|new|key|confirmed|imported|reports|passengers|members|students|children|women|men|workers|vehicles|trains|flights|ships|points|groups|teams|sets|batches|channels|lines|stations)(?-u:\b)"
        ),
        weight: 0.25,
        most: 4.0,
    },
    // Slips that people's eyes catch.
    Sign {
        pattern: pattern!(
            r"(?:^|[\s(])(?:beijing|tianjin|chongqing|hebei|shanxi|shaanxi|liaoning|jilin|heilongjiang|jiangsu|zhejiang|anhui|fujian|jiangxi|shandong|henan|hubei|hunan|guangdong|guangxi|hainan|sichuan|guizhou|yunnan|gansu|qinghai|ningxia|xinjiang|tibet)(?:[\s,;)]|['’]s)|[;,] (?:The|This|That|These|In|And|It|At|If|For|On|With|By|To|As|But|Its|He|They|Of|From|There|Or) [a-z]+|[a-z]+\.\s\.(?:\s?[A-Za-z]|$)|,\s?[,.](?:[^.]|$)|[a-z]{5}\. [a-z]{2,}|[a-z] ['’]s(?-u:\b)|[a-z]\s?[，。、；：]"
        ),
        weight: 1.5,
        most: 3.0,
    },
];

/// Whether a machine translated an English document from Chinese; nothing if that cannot be told.
pub fn machine_translated(document: &Document, clues: &[Clues], language: &Lang) -> Option<Found<bool>> {
    if language.base() != "en" {
        return None;
    }
    let prose = document.blocks.iter().zip(clues);
    let prose = prose.filter(|(b, _)| matches!(b.kind, BlockKind::Paragraph | BlockKind::ListItem));
    let mut texts = Vec::new();
    let mut counts = Counts::default();
    for (text, clues) in prose.map(|(b, clues)| (document.text_of(b), *clues)) {
        if clues.has(Clue::Translated)
            && let Some(words) = said(text)
        {
            return Some(Found::new(true, Origin::Text).at(words.to_string()).sure(Confidence::High));
        }
        counts.add(text);
        texts.push((text, clues));
        if counts.words >= WORDS_MAX {
            break;
        }
    }
    if counts.words < WORDS_MIN {
        return None;
    }
    let before = BIAS + counts.score();
    let sure =
        |score: f64| if (score - THRESHOLD).abs() >= SURE - THRESHOLD { Confidence::Medium } else { Confidence::Low };
    let Some(signs) = signs(&texts, counts.words, THRESHOLD - (SURE - THRESHOLD) - before) else {
        return Some(Found::new(false, Origin::Text).sure(Confidence::Medium));
    };
    let score = before + signs.score;
    let translated = score >= THRESHOLD && signs.kinds >= SIGNS_MIN;
    Some(
        Found::new(translated, Origin::Text).at(if translated { signs.words } else { String::new() }).sure(sure(score)),
    )
}

/// The words with which a text says it of itself.
fn said(text: &str) -> Option<&str> {
    static SAID: Pattern = pattern!(
        r"(?i)(?-u:\b)(?:this|the) (?:article|page|text|document|story|content|version) (?:is|was|has been) (?:machine|automatically|auto)[- ]translated(?-u:\b)|(?-u:\b)(?:machine|automatic) translation(?: is provided)?,? for reference only(?-u:\b)|(?-u:\b)translated (?:automatically )?by (?:google translate|machine|deepl|baidu translate|bing)(?-u:\b)"
    );
    (text.len() <= 400).then_some(())?;
    SAID.find(text).map(|m| m.as_str())
}

/// Common words of a text.
#[derive(Default)]
struct Counts {
    words: usize,
    common: [usize; CLASSES.len()],
    contractions: usize,
}

impl Counts {
    fn add(&mut self, text: &str) {
        let words = words(text, |c| is_alphanumeric(c) || matches!(c, '\'' | '’' | '-'));
        let mut buffer = [0; 16];
        // Nearly all others are told from those that count by their first letter.
        for word in words.filter(|w| w.as_bytes()[0].is_ascii_alphanumeric()) {
            self.words += 1;
            let begins = matches!(word.as_bytes()[0] | 0x20, b'a' | b'd' | b'h' | b'i' | b't' | b'w');
            if word.len() > 16 || !begins && !word.contains(['\'', '’']) {
                continue;
            }
            let Some(word) = small(word, &mut buffer) else { continue };
            if let Some(at) = class(word) {
                self.common[at] += 1;
            } else if word.contains(&b'\'') && CONTRACTIONS.0.iter().any(|c| word.ends_with(c.as_bytes())) {
                self.contractions += 1;
            }
        }
    }

    fn score(&self) -> f64 {
        let rate = |count: usize, weight: f64, most: f64| weight * per_thousand(count, self.words).min(most);
        let common: f64 =
            CLASSES.iter().zip(self.common).map(|(&(weight, most), count)| rate(count, weight, most)).sum();
        common + rate(self.contractions, CONTRACTIONS.1, CONTRACTIONS.2)
    }
}

/// A word in small letters, with plain apostrophes; none if it does not fit.
fn small<'b>(word: &str, buffer: &'b mut [u8; 16]) -> Option<&'b [u8]> {
    if word.is_ascii() {
        let small = buffer.get_mut(..word.len())?;
        small.copy_from_slice(word.as_bytes());
        small.make_ascii_lowercase();
        return Some(small);
    }
    let mut length = 0;
    let mut rest = word.as_bytes();
    while let Some(first) = rest.first() {
        let (byte, taken) = if rest.starts_with("’".as_bytes()) { (b'\'', "’".len()) } else { (*first, 1) };
        *buffer.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
        rest = &rest[taken..];
    }
    Some(&buffer[..length])
}

/// What the signs of a text say.
struct Signs {
    score: f64,
    /// Different ones.
    kinds: usize,
    /// The first words of the two heaviest.
    words: String,
}

/// The order in which signs are counted: what can weigh most first.
const ORDER: [usize; clues::SIGNS] = [7, 1, 2, 4, 0, 3, 5, 6];

/// The signs of a text of so many words; none as soon as it is certain that they stay below a score.
fn signs(texts: &[(&str, Clues)], words: usize, least: f64) -> Option<Signs> {
    let clued = |at: usize| texts.iter().filter(move |(_, clues)| clues.has(Clue::Sign(at as u8)));
    let most = |at: usize| SIGNS[at].weight * SIGNS[at].most;
    let mut possible: f64 = (0..SIGNS.len()).filter(|at| clued(*at).next().is_some()).map(most).sum();
    let mut found: Vec<(f64, usize, &str)> = Vec::new();
    for at in ORDER {
        // What is added in another order is not the same to the last bit.
        if possible < least - 1e-6 {
            return None;
        }
        let sign = &SIGNS[at];
        let mut clued = clued(at).peekable();
        if clued.peek().is_none() {
            continue;
        }
        possible -= most(at);
        let mut all = clued.flat_map(|(text, _)| sign.pattern.find_iter(text));
        let Some(first) = all.next() else { continue };
        // More than these do not count.
        let enough = (sign.most * words as f64 / 1000.0) as usize + 1;
        let rate = per_thousand(1 + all.take(enough).count(), words).min(sign.most);
        possible += sign.weight * rate;
        found.push((sign.weight * rate, at, first.as_str().trim()));
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let words = found.iter().take(2).map(|(.., words)| *words).collect::<Vec<_>>().join("; ");
    found.sort_by_key(|(_, at, _)| *at);
    Some(Signs { score: found.iter().map(|(score, ..)| score).sum(), kinds: found.len(), words })
}

fn per_thousand(count: usize, words: usize) -> f64 {
    count as f64 * 1000.0 / words as f64
}

#[cfg(test)]
mod tests {
    use super::super::test::document;
    use super::*;

    /// A machine's rendering of invented news, and a person's of the same.
    const MACHINE: &str = "The reporter learned from the Transport Department of Xinjiang on the 25th that since this year, the number of trains of the dry port has reached 500, and the development of the port has entered a new stage. At present, 3 new lines have been opened, and the volume of goods has increased. The person in charge of the port introduced that the construction of the second yard has been completed, and the equipment has been put into use. In recent years, Urumqi City has continued to improve the environment of the port and has achieved good results. On the 26th, the relevant person in charge pointed out that the new crown epidemic has affected the transport of goods, and the staff of the port have overcome the difficulties. At the same time, the port has also opened a green channel to ensure the supply of materials for the people.";
    const PERSON: &str = "Xinjiang's dry port has handled 500 trains this year, its operator said on July 25, as it moves into what local officials call a new stage of growth. Three lines opened in the spring, while freight volumes climbed despite a pandemic that closed several border crossings. The second yard, whose cranes went into service last month, doubles the port's capacity, said Wang Qiang, who manages it. Urumqi has spent years trying to make the site more attractive to shippers, which until recently sent their goods by road. Staff had to find ways around the disruption caused by COVID-19, he added, although most trains still left on schedule. A fast lane for medical supplies and food, set up with help from customs, has kept shelves in the city stocked through the worst of it.";

    fn judged(paragraphs: &[&str], language: &str) -> Option<Found<bool>> {
        let document = document("Dry port", paragraphs);
        let clues = super::super::test::clues(&document);
        let found = machine_translated(&document, &clues, &Lang::new(language));
        // Clues save time and change nothing.
        let all = vec![Clues::ALL; clues.len()];
        assert_eq!(found, machine_translated(&document, &all, &Lang::new(language)));
        found
    }

    #[track_caller]
    fn check(paragraphs: &[&str], language: &str, expected: Option<bool>) {
        let found = judged(paragraphs, language);
        assert_eq!(found.as_ref().map(|f| f.value), expected, "{found:?}");
    }

    #[test]
    fn a_machine_is_told_from_a_person() {
        check(&[MACHINE, MACHINE], "en", Some(true));
        check(&[PERSON, PERSON], "en", Some(false));
    }

    #[test]
    fn what_cannot_be_told_is_not_said() {
        check(&[MACHINE], "zh", None);
        check(&["The reporter learned on the 25th that the port has opened."], "en", None);
    }

    #[test]
    fn what_a_text_says_of_itself_counts() {
        check(&["This article was machine translated.", PERSON], "en", Some(true));
    }

    #[test]
    fn few_links_alone_are_not_a_machine() {
        let wire = "Trade rose. Exports rose. Imports fell. Ships left the port. Rates rose. The yen fell. Prices fell. Banks lent more. Orders rose. Stocks fell. ";
        check(&[&wire.repeat(12)], "en", Some(false));
    }

    #[test]
    fn signs_are_given_up_only_below_the_score_and_counted_as_far_as_they_count() {
        let sentences: Vec<&str> = MACHINE.split_inclusive(". ").chain(PERSON.split_inclusive(". ")).collect();
        let mut given_up = 0;
        for first in 0..sentences.len() {
            for step in 1..5 {
                let text: String = sentences.iter().cycle().skip(first).step_by(step).take(12).copied().collect();
                let texts = [(text.as_str(), Clues::of(&text))];
                let words = text.split(' ').count();
                let whole = signs(&texts, words, f64::NEG_INFINITY).unwrap();
                let each = SIGNS.iter().map(|s| (s.pattern.find_iter(&text).count(), s.weight, s.most));
                let score: f64 = each.clone().map(|(n, weight, most)| weight * per_thousand(n, words).min(most)).sum();
                assert!((whole.score - score).abs() < 1e-9, "{} for {score}: {text}", whole.score);
                assert_eq!(whole.kinds, each.filter(|(count, ..)| *count > 0).count());
                for least in 0..20 {
                    match signs(&texts, words, f64::from(least)) {
                        Some(found) => assert_eq!((found.score, found.words), (whole.score, whole.words.clone())),
                        None => {
                            assert!(whole.score < f64::from(least), "{} is not below {least}", whole.score);
                            given_up += 1;
                        }
                    }
                }
            }
        }
        assert!(given_up > 100, "{given_up}");
    }

    #[test]
    fn the_words_that_told_are_kept() {
        let found = judged(&[MACHINE, MACHINE], "en").unwrap();
        assert!(found.place.contains("since this year"), "{found:?}");
    }

    #[test]
    fn what_a_sign_is_found_by_is_never_without_its_clue() {
        use proptest::strategy::{Strategy, ValueTree};
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        for (at, sign) in SIGNS.iter().enumerate() {
            let words = super::super::test::words_of(&sign.pattern.source());
            let mut found = 0;
            for _ in 0..4_000 {
                let words = words.new_tree(&mut runner).unwrap().current();
                for text in [format!("Some {words} more"), words.to_uppercase(), format!("a {words}, and {words}")] {
                    if sign.pattern.is_match(&text) {
                        found += 1;
                        assert!(Clues::of(&text).has(Clue::Sign(at as u8)), "sign {at}: {text:?}");
                    }
                }
            }
            assert!(found > 2_000, "sign {at}: {found}");
        }
    }
}
