//! Damage that translating, scraping and copying do to text, and that can be undone safely: wrong
//! decoding, references left in, wide letters and figures, blanks inside words, words and
//! paragraphs broken at the ends of lines. What is lost stays lost: nothing is made up.

use super::mojibake;
use super::stray;
use super::tidy;
use crate::analysis::is_ideograph;
use crate::extract::{BlockKind, RawBlock};
use crate::model::Span;
use crate::offsets::{Edit, Traced};
use std::collections::HashMap;

/// What was put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RepairKind {
    /// Text decoded with the wrong encoding.
    Mojibake,
    /// A character reference left in the text.
    Reference,
    /// Wide letters and figures.
    Wide,
    /// A blank inside a word, or before an apostrophe.
    Blank,
    /// A word broken at the end of a line.
    Hyphen,
    /// A paragraph broken in mid-sentence.
    Paragraph,
}

impl RepairKind {
    /// The name used in listings.
    pub fn name(self) -> &'static str {
        match self {
            RepairKind::Mojibake => "mojibake",
            RepairKind::Reference => "reference",
            RepairKind::Wide => "wide",
            RepairKind::Blank => "blank",
            RepairKind::Hyphen => "hyphen",
            RepairKind::Paragraph => "paragraph",
        }
    }
}

/// A repair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// What was put right.
    pub kind: RepairKind,
    /// Where, in the original.
    pub source: Span,
    /// What was there.
    pub was: String,
    /// What is there now; empty if it was taken out.
    pub now: String,
}

type Step = (RepairKind, fn(&str) -> Vec<Edit>);

/// The steps within a block. Each makes a text shorter, so repeating them ends.
const STEPS: &[Step] = &[
    (RepairKind::Reference, references),
    (RepairKind::Mojibake, mojibake::edits),
    (RepairKind::Wide, wide),
    (RepairKind::Blank, apostrophes),
    (RepairKind::Blank, spaced_out),
    (RepairKind::Blank, stray::between_ideographs),
];

/// Puts one text right and tidies it. Doing it again changes nothing.
pub fn text(text: &Traced, log: &mut Vec<Repair>) -> Traced {
    let mut text = text.clone();
    loop {
        let before = text.len();
        for (kind, step) in STEPS {
            let edits = step(&text);
            if !edits.is_empty() {
                text = apply(&text, &edits, *kind, log);
            }
        }
        text = tidy::tidied(&text);
        if text.len() == before {
            return text;
        }
    }
}

fn apply(text: &Traced, edits: &[Edit], kind: RepairKind, log: &mut Vec<Repair>) -> Traced {
    for edit in edits {
        let source = text.map().source(edit.span);
        log.push(Repair { kind, source, was: edit.span.of(text).to_string(), now: edit.with.clone() });
    }
    text.edited(edits)
}

/// `&ldquo;`, `&#8217;`, `&nbsp;` and, escaped twice, `&amp;amp;`.
fn references(text: &str) -> Vec<Edit> {
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(found) = memchr::memchr(b'&', &text.as_bytes()[from..]) {
        let start = from + found;
        from = start + 1;
        let name = text[start + 1..].bytes().take(32).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
        if name == 0 || text.as_bytes().get(start + 1 + name) != Some(&b';') {
            continue;
        }
        let end = start + name + 2;
        let value = html_escape::decode_html_entities(&text[start..end]);
        if value != text[start..end] && value.len() < end - start {
            out.push(Edit::replace(start, end, value));
            from = end;
        }
    }
    out
}

/// Wide letters and figures, and the points and signs between or after wide figures.
fn wide(text: &str) -> Vec<Edit> {
    // The first byte of all of them.
    if memchr::memchr(0xef, text.as_bytes()).is_none() || !text.contains(|c| matches!(c, '\u{ff05}'..='\u{ff5a}')) {
        return Vec::new();
    }
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let figure = |c: Option<&(usize, char)>| c.is_some_and(|(_, c)| c.is_ascii_digit() || ('０'..='９').contains(c));
    let mut out = Vec::new();
    for (i, (at, c)) in chars.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|b| chars.get(b));
        let narrow = match c {
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(*c as u32 - 0xfee0),
            '．' if figure(before) && figure(chars.get(i + 1)) => Some('.'),
            '％' if figure(before) => Some('%'),
            _ => None,
        };
        if let Some(narrow) = narrow {
            out.push(Edit::replace(*at, at + c.len_utf8(), narrow));
        }
    }
    out
}

/// Blanks before an apostrophe and what it adds to a word, and after it: `Shaanxi ’s`, `don’ t`.
fn apostrophes(text: &str) -> Vec<Edit> {
    const ENDINGS: &[&str] = &["s", "t", "re", "ve", "ll", "d", "m"];
    let mut out: Vec<Edit> = Vec::new();
    // Either begins with one of these bytes.
    for at in memchr::memchr2_iter(b'\'', 0xe2, text.as_bytes()) {
        let Some(c) = text[at..].chars().next().filter(|c| matches!(c, '\'' | '’')) else { continue };
        let after = &text[at + c.len_utf8()..];
        let gap = after.len() - after.trim_start_matches(' ').len();
        let rest = &after[gap..];
        let word = rest.len() - rest.trim_start_matches(|c: char| c.is_alphanumeric()).len();
        let closes = rest[word..].starts_with(['\'', '’']);
        if !ENDINGS.contains(&&rest[..word]) || closes {
            continue;
        }
        let before = text[..at].trim_end_matches(' ');
        let blanks = at - before.len();
        let is_word = before.chars().next_back().is_some_and(char::is_alphabetic) && !before.ends_with(is_ideograph);
        if !is_word || blanks > 1 || gap > 1 {
            continue;
        }
        // `don’ t` and `China’ s`, but not a word that is quoted: only one side may be apart.
        match (blanks, gap) {
            (1, 0) => out.push(Edit::drop(at - 1, at)),
            (0, 1) => out.push(Edit::drop(at + c.len_utf8(), at + c.len_utf8() + 1)),
            _ => {}
        }
    }
    out
}

/// Words written letter by letter: `R E P O R T` and `乌 鲁 木 齐`.
fn spaced_out(text: &str) -> Vec<Edit> {
    const LETTERS_MIN: usize = 5;
    const IDEOGRAPHS_MIN: usize = 4;
    let mut out = Vec::new();
    // Hardly any text has two characters in a row that stand by themselves.
    let is_single = |from: usize, to: usize| {
        let length = text[from + 1..].chars().next().map_or(1, char::len_utf8);
        to == from + 1 + length
    };
    let mut blanks = memchr::memchr_iter(b' ', text.as_bytes());
    let (mut last, mut was_single) = (blanks.next(), false);
    let has_two = blanks.any(|at| {
        let single = last.replace(at).is_some_and(|last| is_single(last, at));
        std::mem::replace(&mut was_single, single) && single
    });
    if !has_two {
        return out;
    }
    let mut run: Vec<(usize, char)> = Vec::new(); // single characters, each with a blank between
    let mut flush = |run: &mut Vec<(usize, char)>| {
        let wide = run.first().is_some_and(|(_, c)| is_ideograph(*c));
        if run.len() >= if wide { IDEOGRAPHS_MIN } else { LETTERS_MIN } {
            out.extend(run.windows(2).map(|w| Edit::drop(w[0].0 + w[0].1.len_utf8(), w[1].0)));
        }
        run.clear();
    };
    let mut at = 0;
    for token in text.split(' ') {
        let mut chars = token.chars();
        let single = chars.next().filter(|c| chars.next().is_none() && c.is_alphabetic());
        let joins = |c: char| {
            run.last().is_none_or(|(_, last)| {
                is_ideograph(*last) == is_ideograph(c) && last.is_uppercase() == c.is_uppercase()
            })
        };
        match single {
            Some(c) if joins(c) => run.push((at, c)),
            Some(c) => {
                flush(&mut run);
                run.push((at, c));
            }
            None => flush(&mut run),
        }
        at += token.len() + 1;
    }
    flush(&mut run);
    out
}

/// Words broken at the end of a line and then joined with a blank: `infra- structure`. The document
/// itself tells how the word is written; a piece that is no word anywhere else is a word's end.
pub fn hyphens(blocks: &mut [RawBlock], log: &mut Vec<Repair>) {
    // A word put together tells how others are written.
    while blocks.iter().any(|b| b.text.contains("- ")) && hyphens_once(blocks, log) {}
}

/// One round; whether anything was put right.
fn hyphens_once(blocks: &mut [RawBlock], log: &mut Vec<Repair>) -> bool {
    let before = log.len();
    let mut words: HashMap<String, usize> = HashMap::new();
    for block in blocks.iter() {
        for word in block.text.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|w| w.len() > 1) {
            *words.entry(word.to_lowercase()).or_default() += 1;
        }
    }
    let count = |word: &str| words.get(&word.to_lowercase()).copied().unwrap_or(0);
    for block in blocks {
        let text = block.text.as_str();
        let mut edits = Vec::new();
        for (at, _) in text.match_indices("- ") {
            let is_part = |c: char| c.is_alphabetic() && !is_ideograph(c);
            let head = &text[text[..at]
                .rfind(|c| !is_part(c))
                .map_or(0, |p| p + text[p..].chars().next().map_or(1, char::len_utf8))
                ..at];
            let tail_end = text[at + 2..].find(|c| !is_part(c)).map_or(text.len(), |e| at + 2 + e);
            let tail = &text[at + 2..tail_end];
            let lower = |t: &str| t.chars().all(char::is_lowercase);
            if head.chars().count() < 2
                || tail.chars().count() < 2
                || !lower(tail)
                || ["and", "or", "to", "und", "oder", "bis"].contains(&tail)
            {
                continue;
            }
            let (joined, hyphened) = (count(&format!("{head}{tail}")), count(&format!("{head}-{tail}")));
            // The pieces themselves are counted once each here, the first with its hyphen.
            if joined > 0 && joined >= hyphened || hyphened == 0 && is_end(tail) && count(tail) <= 1 && !is_whole(head)
            {
                edits.push(Edit::drop(at, at + 2));
            } else if hyphened > 0 {
                edits.push(Edit::drop(at + 1, at + 2));
            }
        }
        if !edits.is_empty() {
            block.text = apply(&block.text, &edits, RepairKind::Hyphen, log);
        }
    }
    log.len() > before
}

/// What words of English end in, but none is.
fn is_end(tail: &str) -> bool {
    [
        "tion",
        "tions",
        "tional",
        "sion",
        "sions",
        "ment",
        "ments",
        "mental",
        "ing",
        "ings",
        "ity",
        "ities",
        "ness",
        "ture",
        "tures",
        "tive",
        "tives",
        "ble",
        "bility",
        "ence",
        "ance",
        "cial",
        "tial",
        "ly",
        "ers",
        "eral",
        "ical",
        "ization",
        "isation",
        "velopment",
        "ernment",
        "opment",
        "nomic",
        "ter",
        "ters",
        "ture",
        "ties",
        "ry",
        "cy",
        "nal",
        "gional",
        "sive",
        "lar",
        "tion’s",
    ]
    .contains(&tail)
}

/// Prefixes that a hyphen often follows.
fn is_whole(head: &str) -> bool {
    ["mid", "non", "pre", "post", "self", "co", "re", "anti", "multi", "inter"].contains(&head.to_lowercase().as_str())
}

/// Joins paragraphs that were cut in mid-sentence: the first stops without an end, the second goes
/// on in lower case; or, in Chinese, the first stops at a comma.
pub fn paragraphs(blocks: &mut Vec<RawBlock>, log: &mut Vec<Repair>) {
    const BROKEN_CHARS_MIN: usize = 40;
    let mut at = 1;
    while at < blocks.len() {
        let (first, second) = (&blocks[at - 1], &blocks[at]);
        let both = first.kind == BlockKind::Paragraph && second.kind == BlockKind::Paragraph;
        let (end, begin) = (first.text.chars().next_back().unwrap_or(' '), second.text.chars().next().unwrap_or(' '));
        let next = second.text.chars().nth(1).unwrap_or(' ');
        let latin = begin.is_lowercase()
            && (next.is_lowercase() || next == ' ' && begin == 'a')
            && (end.is_alphabetic() && !is_ideograph(end) || matches!(end, ',' | '-' | '–'))
            && first.text.chars().count() >= BROKEN_CHARS_MIN
            && !is_code(&first.text)
            && !is_code(&second.text);
        let chinese = matches!(end, '，' | '、')
            && is_ideograph(begin)
            && super::outline::numbered_level(&second.text).is_none()
            && first.text.chars().count() >= 10;
        if !(both && (latin || chinese)) {
            at += 1;
            continue;
        }
        let second = blocks.remove(at);
        let first = &mut blocks[at - 1];
        let from = first.text.map().source(Span { start: first.text.len() - 1, end: first.text.len() }).end;
        let to = second.text.map().source(Span { start: 0, end: 1 }).start;
        let with = if latin { " " } else { "" };
        let source = Span { start: from.min(to), end: to.max(from) };
        log.push(Repair { kind: RepairKind::Paragraph, source, was: "\n".into(), now: with.into() });
        first.text.push(with, source, false);
        first.text.append(&second.text);
        // What is damage in a whole sentence may not have shown in half of it.
        first.text = text(&first.text, log);
    }
}

/// Whether a line has signs that programs and settings have, and sentences have not.
fn is_code(text: &str) -> bool {
    text.contains(['=', '{', '}', '|', '\\', '<', '>', '#', '$', '_']) || text.matches('/').count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repaired(input: &str) -> String {
        text(&Traced::from(input), &mut Vec::new()).as_str().to_string()
    }

    #[test]
    fn known_damage_is_put_right() {
        for (from, to) in [
            ("Shaanxi ’s action plan", "Shaanxi’s action plan"),
            ("China' s and don ’t", "China's and don’t"),
            ("R E P O R T of 2020", "REPORT of 2020"),
            ("乌 鲁 木 齐 市", "乌鲁木齐市"),
            (
                "本报记者张 伟文报道，今年以来新疆加快建设国际陆港，班列开行数量增长。",
                "本报记者张伟文报道，今年以来新疆加快建设国际陆港，班列开行数量增长。",
            ),
            ("２０２０年增长３．５％，ＧＤＰ", "2020年增长3.5%，GDP"),
            ("Dry&nbsp;port &amp;amp; hub &#8217;", "Dry port & hub ’"),
            ("Shaanxiâ€™s plan", "Shaanxi’s plan"),
            ("in\u{ad}land\u{200b} port", "inland port"),
        ] {
            assert_eq!(repaired(from), to, "{from}");
        }
    }

    #[test]
    fn nothing_is_made_up_and_what_is_right_stays() {
        for text in [
            "n the process of jointly building",
            "He said ’s’ is a letter, and the workers’ strike went on.",
            "Plan A B C D",
            "李克强 王毅 杨洁篪，出席会议。",
            "short- and long-term plans",
            "AT&T; R&D; a & b",
            "中国 新疆",
            "第十二条 各级委员会可以派驻机构，负责监督。",
            "新华社北京7月26日电 据介绍，列车开行。",
            "the '90s",
        ] {
            assert_eq!(repaired(text), text);
        }
    }

    fn blocks(texts: &[&str]) -> Vec<RawBlock> {
        texts.iter().map(|t| RawBlock::new(BlockKind::Paragraph, *t)).collect()
    }

    #[test]
    fn words_broken_at_line_ends_are_joined_as_the_document_writes_them() {
        let mut list = blocks(&[
            "The infrastructure and infra- structure of the well-known and well- known develop- ment, short- and long-term.",
        ]);
        hyphens(&mut list, &mut Vec::new());
        assert_eq!(
            list[0].text.as_str(),
            "The infrastructure and infrastructure of the well-known and well-known development, short- and long-term."
        );
    }

    #[test]
    fn paragraphs_cut_in_mid_sentence_are_joined() {
        let mut list = blocks(&[
            "The regional government said on Monday that the dry port of the capital would",
            "open a second yard.",
            "今年以来，新疆加快建设国际陆港区，",
            "班列开行数量增长。",
            "A heading",
            "iPhone sales grew.",
        ]);
        let mut log = Vec::new();
        paragraphs(&mut list, &mut log);
        let texts: Vec<&str> = list.iter().map(|b| b.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "The regional government said on Monday that the dry port of the capital would open a second yard.",
                "今年以来，新疆加快建设国际陆港区，班列开行数量增长。",
                "A heading",
                "iPhone sales grew."
            ]
        );
        assert_eq!(log.len(), 2);
    }

    proptest::proptest! {
        #[test]
        fn repairing_twice_changes_nothing(input in "(&amp;|&nbsp;|&|amp;|#8217;|[a-e]{1,3}|[A-C]| |’|'s|s|t|[０-９ａ-ｃ．％]|[新疆陆港建设]|，|。|â€™|Ã©|鏂扮枂|\u{a0}|\u{ad}|- ){0,40}") {
            let once = repaired(&input);
            proptest::prop_assert_eq!(repaired(&once), once);
        }
    }
}
