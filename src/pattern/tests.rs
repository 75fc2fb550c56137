//! Every pattern against what the crate `regex` makes of it.

use super::*;
use std::path::Path;

/// Texts in which patterns find something: the sample documents, the sources, of which each has the words of its
/// patterns, and these in parts.
fn texts() -> Vec<String> {
    fn all(at: &Path, extension: &[&str], out: &mut Vec<String>) {
        if at.is_dir() {
            for entry in std::fs::read_dir(at).unwrap() {
                all(&entry.unwrap().path(), extension, out);
            }
        } else if at.extension().is_some_and(|e| extension.iter().any(|wanted| e == *wanted)) {
            out.push(String::from_utf8_lossy(&std::fs::read(at).unwrap()).into_owned());
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    all(&root.join("corpus"), &["html", "txt", "md"], &mut files);
    all(&root.join("src/annotate"), &["rs"], &mut files);
    all(&root.join("src/extract/html"), &["rs"], &mut files);
    // What stands before or after a name, as patterns see it.
    let sides = [
        "University of ",
        " University",
        " Group Co., Ltd.",
        " Wang said",
        "记者王",
        "the first year of the ",
        "two years from ",
        "“fourteenth five”",
        "规划的开局之年",
        "起连续三年",
        "Delivered to the congress on January 20, 2021",
        "请扫描下方二维码",
    ];
    let mut out: Vec<String> = sides.map(str::to_string).to_vec();
    for file in files {
        for line in file.lines().map(str::trim).filter(|line| !line.is_empty()) {
            out.push(line.to_string());
            out.extend(line.split(['|', '"', '“', '。', ',']).filter(|part| part.len() > 3).map(str::to_string));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

fn pattern(source: &'static str) -> Pattern {
    Pattern::new(source)
}

/// What both say of a text must be the same.
#[track_caller]
fn compare(pattern: &Pattern, regex: &regex::Regex, text: &str) -> bool {
    let found = regex.find(text).map(|found| found.range());
    assert_eq!(pattern.is_match(text), found.is_some(), "{} in {text:?}", pattern.source);
    assert_eq!(pattern.find(text).map(|found| found.range()), found, "{} in {text:?}", pattern.source);
    if found.is_none() {
        return false;
    }
    let groups = |captures: regex::Captures| captures.iter().map(|g| g.map(|g| g.range())).collect::<Vec<_>>();
    let expected: Vec<_> = regex.captures_iter(text).map(groups).collect();
    let ours: Vec<_> = pattern.captures_iter(text).map(|captures| captures.groups).collect();
    assert_eq!(ours, expected, "{} in {text:?}", pattern.source);
    assert_eq!(pattern.split(text).collect::<Vec<_>>(), regex.split(text).collect::<Vec<_>>());
    true
}

#[test]
fn patterns_find_what_the_crate_regex_finds() {
    let texts = texts();
    let mut never = Vec::new();
    for (source, ..) in PATTERNS {
        let (pattern, regex) = (pattern(source), regex::Regex::new(&shared::whole(source)).unwrap());
        assert!(matches!(pattern.engine(), Engine::Automata(_)), "{source} is not decided by automata");
        assert_eq!(pattern.groups(), regex.captures_len());
        let found = texts.iter().filter(|text| compare(&pattern, &regex, text)).count();
        if found == 0 {
            never.push(source);
        }
    }
    assert!(PATTERNS.len() > 90);
    assert!(never.is_empty(), "a test needs texts that match: {never:#?}");
}

#[test]
fn where_automata_give_up_the_answer_is_the_same() {
    // What can still follow depends on each of the last sixty characters, so that each byte needs a new state.
    let (source, ..) = PATTERNS.iter().find(|(source, ..)| source.contains("日在.{2,60}")).unwrap();
    let (pattern, regex) = (pattern(source), regex::Regex::new(source).unwrap());
    let mut number = 7_u64;
    let mut text = String::new();
    for _ in 0..40_000 {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        text.push(['在', '年', '日', '新'][(number >> 62) as usize]);
    }
    text.push_str("在新疆的大会");
    assert!(compare(&pattern, &regex, &text));
    assert!(pattern.other.get().is_some(), "the automata did not give up: the test needs another text");
}

#[test]
fn a_match_that_is_too_long_for_its_memory_has_its_groups() {
    let (source, ..) = PATTERNS.iter().find(|(source, ..)| source.contains(r"\p{Lu}[\p{L}")).unwrap();
    let (pattern, regex) = (pattern(source), regex::Regex::new(source).unwrap());
    let text = format!("By {}", "Anna Bergström, ".repeat(20_000));
    assert!(compare(&pattern, &regex, &text));
    assert!(pattern.other.get().is_some(), "the match was not too long");
}

#[test]
fn bytes_that_are_no_automaton_are_refused() {
    let (_, start, end) = PATTERNS[0];
    let compiled = Compiled::read(&BYTES[start..end]).unwrap();
    for end in 0..compiled.forward.len() {
        assert!(table::read(&compiled.forward[..end], false).is_none());
    }
    assert!(Compiled::read(&[]).is_none());
}

#[test]
fn a_pattern_is_used_by_many_threads() {
    let (source, ..) = PATTERNS[0];
    let (pattern, regex) = (pattern(source), regex::Regex::new(&shared::whole(source)).unwrap());
    let texts = texts();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| texts.iter().for_each(|text| _ = compare(&pattern, &regex, text)));
        }
    });
}
