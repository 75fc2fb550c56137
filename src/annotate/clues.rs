//! Which words that patterns begin from stand in a text: one look at all of it, so that hardly any pattern is tried in
//! vain.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::sync::OnceLock;

/// What a pattern needs to stand in a text before it can match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Clue {
    /// `year`.
    Year,
    /// A season in English.
    Season,
    /// The name of a month in English or its short form, as it is written for one.
    Month,
    /// Halves, quarters, months of a year.
    Part,
    /// Five-year plans.
    Five,
    /// That a text says of itself that it is a translation.
    Translated,
    /// What a report is called in an English title.
    Report,
    /// With which those who give one speak to those who hear it.
    Speaks,
    /// Who hears an address.
    Heard,
    /// The words of reporting.
    Reporting,
    /// Who reports.
    Reporter,
    /// Signs of Chinese, by their place among those of `translation`.
    Sign(u8),
}

/// Signs that have clues.
pub const SIGNS: usize = 8;

impl Clue {
    fn bit(self) -> u32 {
        match self {
            Clue::Year => 1,
            Clue::Season => 1 << 1,
            Clue::Month => 1 << 2,
            Clue::Part => 1 << 3,
            Clue::Five => 1 << 4,
            Clue::Translated => 1 << 5,
            Clue::Report => 1 << 6,
            Clue::Speaks => 1 << 7,
            Clue::Heard => 1 << 8,
            Clue::Reporting => 1 << 9,
            Clue::Reporter => 1 << 10,
            Clue::Sign(sign) => 1 << (11 + u32::from(sign)),
        }
    }
}

/// The clues of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clues(u32);

/// How a word must be written.
#[derive(Clone, Copy)]
enum Case {
    Any,
    Exact,
}

use Case::{Any, Exact};

/// Words and what they are clues of.
const WORDS: &[(Clue, Case, &[&str])] = &[
    (Clue::Year, Any, &["year"]),
    (Clue::Season, Any, &["spring", "summer", "autumn", "fall", "winter"]),
    (Clue::Month, Exact, &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]),
    (Clue::Month, Exact, &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]),
    // In small letters only those that are no other words.
    (
        Clue::Month,
        Any,
        &["january", "february", "april", "june", "july", "august", "sept", "october", "november", "december"],
    ),
    (Clue::Part, Any, &["half", "quarter", "months", "q1", "q2", "q3", "q4"]),
    (Clue::Five, Any, &["five", "fyp"]),
    (Clue::Translated, Any, &["translat"]),
    (Clue::Report, Any, &["report", "communiqu", "state", "policy"]),
    (Clue::Speaks, Any, &["behalf", "deputies", "我", "各位"]),
    (Clue::Heard, Any, &["congress", "senate", "members", "fellow"]),
    (
        Clue::Reporting,
        Exact,
        &[
            "said",
            "says",
            "told",
            "according",
            "announced",
            "reported",
            "statement",
            "official",
            "spokes",
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
            "Saturday",
            "Sunday",
            "yesterday",
            "ecently",
            "week",
            "month",
            "night",
        ],
    ),
    (
        Clue::Reporting,
        Exact,
        &[
            "表示",
            "称，",
            "称：",
            "称“",
            "指出",
            "说，",
            "说：",
            "说。",
            "说“",
            "介绍",
            "透露",
            "认为",
            "获悉",
            "据悉",
            "据了解",
            "报道",
            "消息",
            "日前",
            "近日",
            "昨",
            "今天",
            "今日",
            "当天",
            "当日",
            "当地",
            "日，",
            "日上",
            "日下",
            "日晚",
        ],
    ),
    (Clue::Reporter, Any, &["reporte", "correspondent", "staff", "newsroom", "editing"]),
    (Clue::Reporter, Exact, &["By ", "记者", "通讯员", "实习生", "作者", "编"]),
    (
        Clue::Sign(0),
        Any,
        &[
            "the 0", "the 1", "the 2", "the 3", "the 4", "the 5", "the 6", "the 7", "the 8", "the 9", " news", ") 0",
            ") 1", ") 2", ") 3", ") 4", ") 5", ") 6", ") 7", ") 8", ") 9",
        ],
    ),
    (
        Clue::Sign(1),
        Any,
        &[
            "new cor",
            "new crown",
            " certain",
            "class train",
            "off the",
            "poor hat",
            "since this",
            "comprehensive ",
            " newspaper",
            "relevant ",
        ],
    ),
    (
        Clue::Sign(2),
        Any,
        &[
            "at present,",
            "in recent",
            "at the same time",
            "as of ",
            "so far,",
            "up to now",
            "nowadays,",
            "this year",
            "days ago",
            "recently,",
            "local time",
            "in the past,",
            "in the future,",
        ],
    ),
    (Clue::Sign(3), Any, &["reporter", "learned from", "to reports", "it is "]),
    (Clue::Sign(4), Any, &["introduced", "pointed out", "emphasized", "stressed", "believes"]),
    (Clue::Sign(5), Exact, &[" City", " Province", " District", " County"]),
    (Clue::Sign(6), Any, &["2 ", "3 ", "4 ", "5 ", "6 ", "7 ", "8 ", "9 "]),
    (
        Clue::Sign(7),
        Exact,
        &[
            "beijing",
            "tianjin",
            "chongqing",
            "hebei",
            "shanxi",
            "shaanxi",
            "liaoning",
            "jilin",
            "heilongjiang",
            "jiangsu",
            "zhejiang",
            "anhui",
            "fujian",
            "jiangxi",
            "shandong",
            "henan",
            "hubei",
            "hunan",
            "guangdong",
            "guangxi",
            "hainan",
            "sichuan",
            "guizhou",
            "yunnan",
            "gansu",
            "qinghai",
            "ningxia",
            "xinjiang",
            "tibet",
        ],
    ),
    (
        Clue::Sign(7),
        Exact,
        &[
            "; T", "; I", "; A", "; F", "; O", "; W", "; B", "; H", ", T", ", I", ", A", ", F", ", O", ", W", ", B",
            ", H", ". .", ",,", ",.", ", ,", ", .", " 's", " ’s", "，", "。", "、", "；", "：", ". a", ". b", ". c",
            ". d", ". e", ". f", ". g", ". h", ". i", ". j", ". k", ". l", ". m", ". n", ". o", ". p", ". q", ". r",
            ". s", ". t", ". u", ". v", ". w", ". x", ". y", ". z",
        ],
    ),
];

/// All words at once, and for each its clue and how it must be written.
struct Table {
    automaton: AhoCorasick,
    words: Vec<(u32, Option<&'static str>)>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let each = || WORDS.iter().flat_map(|(clue, case, words)| words.iter().map(move |w| (*clue, *case, *w)));
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(each().map(|(.., word)| word))
            .expect("a few hundred words fit an automaton");
        let words = each().map(|(clue, case, word)| (clue.bit(), matches!(case, Exact).then_some(word))).collect();
        Table { automaton, words }
    })
}

impl Clues {
    /// As if all words stood in a text: every pattern is tried.
    pub const ALL: Clues = Clues(u32::MAX);

    /// Looks for all words in a text.
    pub fn of(text: &str) -> Clues {
        // Words are sought with plain blanks between; other blanks are rare after cleaning.
        if text.contains(['\n', '\t', '\r', '\u{a0}', '\u{3000}', '\u{b}', '\u{c}']) {
            return Clues::ALL;
        }
        let table = table();
        let mut found = 0;
        for met in table.automaton.find_overlapping_iter(text) {
            let (bit, exact) = table.words[met.pattern().as_usize()];
            if found & bit == 0 && exact.is_none_or(|word| &text[met.range()] == word) {
                found |= bit;
            }
        }
        Clues(found)
    }

    /// Whether a clue stands in the text; without it no pattern that needs it matches.
    pub fn has(self, clue: Clue) -> bool {
        self.0 & clue.bit() != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clues_are_found_as_patterns_need_them() {
        let has = |text: &str, clue| Clues::of(text).has(clue);
        assert!(has("In the YEAR of", Clue::Year) && !has("In the time of", Clue::Year));
        assert!(has("in march, May and so on", Clue::Month) && !has("they may march to the market", Clue::Month));
        assert!(has("in the first\nhalf", Clue::Month), "other blanks are no proof of anything");
        assert!(has("(on the 26th)", Clue::Sign(0)) && has("the port of xinjiang.", Clue::Sign(7)));
        assert!(!has("The port of Xinjiang.", Clue::Sign(7)));
    }
}
