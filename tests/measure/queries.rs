//! Queries that nobody would type, and parts of the indexed texts, against an index: none may fail, or take long.
//!
//! `cargo run --release --example queries -- INDEX [COUNT] [SEED]` asks COUNT (1000) queries, each of one of these kinds:
//! tokens of the query language in any order, words of the index joined by operators, words with signs that stand for
//! many others, characters of any script, and stretches of the indexed passages, which have to be found again and
//! marked. Prints how many were refused, how long each kind took and the slowest; ends with 1 if one panicked, was not
//! found or took longer than 200 ms.

use dryport::analysis::is_ideograph;
use dryport::error::Error;
use dryport::index::{Location, Reader};
use dryport::query::{Params, Query, resolve};
use dryport::search::{Marks, Options, search};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// A query that takes longer is a fault.
const SLOW: Duration = Duration::from_millis(200);

const SIGNS: &[&str] = &[
    "(",
    ")",
    "\"",
    "“",
    "”",
    "+",
    "-",
    "*",
    "?",
    "~",
    "~1",
    "~2",
    "~9",
    "->3",
    "NEAR",
    "NEAR/5",
    "NEAR/1000",
    "AND",
    "OR",
    "NOT",
    "=",
    "/",
    "\\",
    ":",
    "title:",
    "heading:",
    "region:",
    "topic:",
    "year:",
    "kind:",
    "lang:",
    "source:",
    "path:",
    "..",
    "2018..2020",
    "^",
    "{",
    "}",
    "[",
    "]",
    "|",
    "/.*/",
    "/(a|b)*c/",
    "的",
    "，",
    "　",
    "ａ",
    "Ⅳ",
    "é",
    "ß",
    "İ",
    "\u{200b}",
    "\u{202e}",
    "\0",
    "👩‍👩‍👧",
    "𠮷",
    "the",
    "of",
];

fn main() {
    let mut args = std::env::args().skip(1);
    let Some(folder) = args.next() else {
        eprintln!("usage: queries INDEX [COUNT] [SEED]");
        std::process::exit(2);
    };
    let count: usize = args.next().and_then(|a| a.parse().ok()).unwrap_or(1000);
    let mut random = StdRng::seed_from_u64(args.next().and_then(|a| a.parse().ok()).unwrap_or(1));
    let reader = Reader::open(&Location::new(folder)).unwrap_or_else(|e| {
        eprintln!("{e}");
        std::process::exit(2);
    });
    let texts = texts(&reader);
    let words: Vec<&str> =
        texts.iter().flat_map(|t| t.split(|c: char| !c.is_alphanumeric())).filter(|w| !w.is_empty()).collect();
    if words.is_empty() {
        eprintln!("the index has no passages");
        std::process::exit(2);
    }
    let mut faults = 0;
    let mut kinds: BTreeMap<&str, (usize, usize, Duration, Duration)> = BTreeMap::new();
    let mut slowest: Vec<(Duration, String)> = Vec::new();
    std::panic::set_hook(Box::new(|_| {}));
    for at in 0..count {
        let (kind, text) = match at % 5 {
            0 => ("signs", signs(&words, &mut random)),
            1 => ("operators", operators(&words, &mut random)),
            2 => ("many words", many(&words, &mut random)),
            3 => ("any characters", (0..random.random_range(1..60)).map(|_| random.random::<char>()).collect()),
            _ => ("of a text", part(texts.choose(&mut random).map_or("", String::as_str), &mut random)),
        };
        let is_part = kind == "of a text";
        let started = Instant::now();
        let answer = catch_unwind(AssertUnwindSafe(|| ask(&text, is_part, &reader)));
        let took = started.elapsed();
        let known = kinds.entry(kind).or_default();
        known.0 += 1;
        known.2 += took;
        known.3 = known.3.max(took);
        match answer {
            Ok(Answer::Found) => {}
            Ok(Answer::Refused) => known.1 += 1,
            Ok(Answer::Fault(reason)) => {
                faults += 1;
                println!("{reason}: {text:?}");
            }
            Err(_) => {
                faults += 1;
                println!("panic: {text:?}");
            }
        }
        if took > SLOW {
            faults += 1;
        }
        slowest.push((took, text));
        slowest.sort_by_key(|(took, _)| std::cmp::Reverse(*took));
        slowest.truncate(10);
    }
    println!("{:<16} {:>8} {:>8} {:>9} {:>9}", "kind", "queries", "refused", "mean ms", "most ms");
    let ms = |d: Duration| d.as_secs_f64() * 1e3;
    for (kind, (asked, refused, all, most)) in kinds {
        println!("{kind:<16} {asked:>8} {refused:>8} {:>9.2} {:>9.2}", ms(all) / asked as f64, ms(most));
    }
    println!("slowest:");
    slowest
        .iter()
        .for_each(|(took, text)| println!("{:>8.1} ms  {:?}", ms(*took), text.chars().take(120).collect::<String>()));
    println!("{faults} faults");
    std::process::exit(i32::from(faults > 0));
}

enum Answer {
    Found,
    Refused,
    Fault(String),
}

fn ask(text: &str, is_part: bool, reader: &Reader) -> Answer {
    let params = Params { query: vec![text.to_string()], literal: is_part, no_expand: is_part, ..Params::default() };
    // What is refused has to be so in one line with the place.
    let query = match resolve(&params, reader.vocabulary()) {
        Ok(query) => query,
        Err(_) if !is_part => return Answer::Refused,
        Err(error) => return Answer::Fault(format!("refused ({error})")),
    };
    if query == Query::default() || query.node.is_none() {
        return if is_part { Answer::Fault("understood as nothing".into()) } else { Answer::Refused };
    }
    match search(&query, reader, Options::default()) {
        // Of what words stand for too many is known by the index alone.
        Err(Error::BadQuery { .. }) if !is_part => Answer::Refused,
        Err(error) => Answer::Fault(format!("failed ({error})")),
        Ok(results) if is_part && results.passages == 0 => Answer::Fault("not found".into()),
        Ok(results) if is_part && results.hits.iter().any(|hit| hit.marks == Marks::default()) => {
            Answer::Fault("found, not marked".into())
        }
        Ok(_) => Answer::Found,
    }
}

/// The texts of passages here and there in the index.
fn texts(reader: &Reader) -> Vec<String> {
    let every = reader.documents_where(usize::MAX, |_| true).unwrap_or_default();
    let step = (every.len() / 200).max(1);
    let passages = every.iter().step_by(step).flat_map(|document| reader.passages(&document.id).unwrap_or_default());
    passages.map(|passage| passage.text).collect()
}

fn word(words: &[&str], random: &mut StdRng) -> String {
    let word = words.choose(random).copied().unwrap_or_default();
    word.chars().take(random.random_range(1..12)).collect()
}

fn signs(words: &[&str], random: &mut StdRng) -> String {
    let gap = ["", " "];
    let mut out = String::new();
    for _ in 0..random.random_range(1..40) {
        match random.random_bool(0.3) {
            true => out += &word(words, random),
            false => out += SIGNS.choose(random).copied().unwrap_or_default(),
        }
        out += gap.choose(random).copied().unwrap_or_default();
    }
    out
}

fn operators(words: &[&str], random: &mut StdRng) -> String {
    fn node(depth: usize, words: &[&str], random: &mut StdRng) -> String {
        match if depth == 0 { 0 } else { random.random_range(0..9) } {
            0 | 1 => word(words, random),
            2 => format!("\"{} {}\"", word(words, random), word(words, random)),
            3 => format!("\"{} {}\"~{}", word(words, random), word(words, random), random.random_range(1..50)),
            4 => format!("({} OR {})", node(depth - 1, words, random), node(depth - 1, words, random)),
            5 => format!("({} AND {})", node(depth - 1, words, random), node(depth - 1, words, random)),
            6 => format!("({} -{})", node(depth - 1, words, random), node(depth - 1, words, random)),
            7 => format!("NOT {}", node(depth - 1, words, random)),
            _ => format!("{} NEAR/{} {}", word(words, random), random.random_range(1..100), word(words, random)),
        }
    }
    node(random.random_range(0..6), words, random)
}

fn many(words: &[&str], random: &mut StdRng) -> String {
    let mut one = || {
        let word = word(words, random);
        let head: String = word.chars().take(random.random_range(1..4)).collect();
        match random.random_range(0..6) {
            0 => format!("{head}*"),
            1 => format!("*{head}*"),
            2 => format!("{head}?*"),
            3 => format!("{word}~2"),
            4 => format!("/{head}.*/"),
            _ => format!("/.*[{}].*/", head.replace(['[', ']', '^', '-', '\\', '&', '~'], "a")),
        }
    };
    match one().len() % 3 {
        0 => one(),
        1 => format!("{} NEAR/20 {}", one(), one()),
        _ => format!("{} {}", one(), one()),
    }
}

/// Letters, figures, and signs that can stand in words; none of them an operator within one.
fn is_part_of_word(c: char) -> bool {
    let is_mark =
        !c.is_ascii() && !matches!(c, '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff0f}');
    c.is_alphanumeric() || is_mark || matches!(c, ',' | '.' | '-' | '’' | '\'' | '&')
}

/// A stretch of a text, as one pastes it: nothing in it is an operator.
fn part(text: &str, random: &mut StdRng) -> String {
    let is_plain = |c: &char| c.is_alphanumeric() && !c.is_ascii_uppercase();
    let chars: Vec<char> = text.chars().collect();
    // After a sign inside a word or a number, such as `1,000`, no word begins.
    let begins = |at: usize| {
        let before = at.checked_sub(1).map(|before| chars[before]);
        is_ideograph(chars[at]) || before.is_none_or(|c| c.is_whitespace() || is_ideograph(c))
    };
    let starts: Vec<usize> = (0..chars.len()).filter(|at| is_plain(&chars[*at]) && begins(*at)).collect();
    let Some(start) = starts.choose(random).copied() else { return "的".into() };
    // Whole words only; ideographs from any to any.
    let run: Vec<char> = chars[start..].iter().copied().take_while(is_plain).collect();
    match run.iter().take_while(|c| is_ideograph(**c)).count() {
        // To the end of the word, with the signs in it.
        0 => chars[start..]
            .iter()
            .take_while(|c| !c.is_whitespace() && !is_ideograph(**c) && is_part_of_word(**c))
            .collect(),
        n => run[..random.random_range(1..=n.min(30))].iter().collect(),
    }
}
