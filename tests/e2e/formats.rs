//! What is written: for people, for programs, for spreadsheets.

use crate::support::{Folder, bracketed, codes, corpus, cut, one, strings};
use serde_json::Value;

const PAGE: &str = "<!doctype html><html><head><title>Dry port opens</title>\
    <meta property='og:site_name' content='Example Daily'><meta name='pubdate' content='2020-06-05'>\
    <link rel='canonical' href='https://news.example.cn/a.html'></head><body><h1>Dry port opens</h1>\
    <h2>In the west</h2><p>Xinjiang will build a dry port, said the bureau, and trains would leave it daily.</p>\
    </body></html>";

fn page() -> Folder {
    corpus().file("a.html", PAGE).index()
}

#[test]
fn text_shows_title_facts_path_headings_and_the_snippet_with_its_match() {
    let index = page();
    let found = index.search(["dry port", "--region", "Xinjiang"]);
    let lines: Vec<&str> = found.stdout.lines().collect();
    assert_eq!(
        lines,
        [
            "1. **Dry port** opens",
            "   Xinjiang · 2020-06-05 · news · Example Daily",
            "   docs/a.html#1",
            "   In the west",
            "   Xinjiang will build a **dry port**, said the bureau, and trains would leave it daily.",
        ]
    );
    assert_eq!(found.stderr, "1 passage in 1 document; 1 document searched\n");
}

#[test]
fn json_has_every_promised_key_and_only_promised_types() {
    let index = page();
    let found = index.search(["dry port"]);
    let all = found.json();
    assert_eq!((&all["query"], &all["total"]), (&Value::from("dry port"), &Value::from(1)));
    assert!(all["took_ms"].as_f64().unwrap() > 0.0);
    let hit = &all["hits"][0];
    assert_eq!(hit["rank"], 1);
    assert!(hit["score"].as_f64().unwrap() > 0.0);
    let document = &hit["document"];
    for (key, expected) in [
        ("title", "Dry port opens"),
        ("kind", "news"),
        ("date", "2020-06-05"),
        ("language", "en"),
        ("source", "Example Daily"),
        ("url", "https://news.example.cn/a.html"),
    ] {
        assert_eq!(document[key], expected, "{key}");
    }
    assert_eq!(document["year"], 2020);
    assert!(document["id"].as_str().is_some_and(|id| !id.is_empty()));
    assert!(document["path"].as_str().unwrap().ends_with("docs/a.html"));
    assert_eq!(document["regions"][0]["code"], "650000");
    assert_eq!(document["regions"][0]["name"], "Xinjiang");
    let passage = &hit["passage"];
    assert_eq!((&passage["ordinal"], &passage["page"]), (&Value::from(1), &Value::Null));
    assert_eq!(strings(&passage["heading"]), ["In the west"]);
    assert_eq!(codes(&passage["regions"]), ["650000"]);
    assert_eq!(passage["regions"][0]["name"], "Xinjiang");
    assert!(strings(&passage["topics"]).contains(&"dry-ports"), "{passage}");
    assert_eq!(passage["years"], Value::from(Vec::<u16>::new()));
    assert_eq!(bracketed(&hit["snippet"]), passage["text"].as_str().unwrap().replace("dry port", "[dry port]"));
}

#[test]
fn what_is_not_known_is_null_and_never_missing() {
    let index = one("Only words of no place and no time.");
    let found = index.search(["words"]);
    let document = found.json()["hits"][0]["document"].as_object().unwrap();
    for key in ["date", "year", "source", "url"] {
        assert!(document[key].is_null(), "{key}: {document:?}");
    }
    assert_eq!(document["regions"], Value::from(Vec::<u16>::new()));
}

#[test]
fn json_of_nothing_found_is_an_object_without_hits() {
    let index = page();
    let found = index.search(["volcano", "--json"]);
    assert_eq!(found.assert_code(1).parsed()["hits"], Value::from(Vec::<u16>::new()));
    assert_eq!(found.parsed()["total"], 0);
    index.search(["volcano", "--jsonl"]).assert_nothing();
}

#[test]
fn places_are_counted_in_unicode_characters() {
    let text = "关于陆港的通告\n\n新疆 𠮷林 dry port 已经开通🚆，列车很多。\n\n江苏 naïve café dry port 也要开通👩🏽‍🌾。\n";
    let index = corpus().file("a.txt", text).index();
    let whole = index.inspect("a.txt");
    let whole = whole["text"].as_str().unwrap();
    let found = index.search(["dry port", "--per-doc", "9"]);
    found.assert_found(2);
    for hit in found.hits() {
        let passage = &hit["passage"];
        let (start, end) = (passage["start"].as_u64().unwrap() as usize, passage["end"].as_u64().unwrap() as usize);
        assert_eq!(cut(whole, start, end), passage["text"].as_str().unwrap());
        let range = &hit["snippet"]["highlights"][0];
        let (from, to) = (range[0].as_u64().unwrap() as usize, range[1].as_u64().unwrap() as usize);
        assert_eq!(cut(hit["snippet"]["text"].as_str().unwrap(), from, to), "dry port");
    }
}

#[test]
fn every_passage_is_cut_out_of_the_text_by_its_offsets() {
    let sentence = "新疆的陆港🚂今年开行列车一千列，比去年多。Trains left Ürümqi on time. ";
    let text = format!("# 题目\n\n## 一\n\n{}\n\n- 一项\n- 二项\n\n## 二\n\n短。\n", sentence.repeat(30));
    let folder = corpus().file("a.md", &text);
    let seen = folder.inspect("a.md");
    let passages = seen["passages"].as_array().unwrap();
    assert!(passages.len() >= 4, "{seen}");
    let mut last = 0;
    for passage in passages {
        let (start, end) = (passage["start"].as_u64().unwrap() as usize, passage["end"].as_u64().unwrap() as usize);
        assert_eq!(cut(seen["text"].as_str().unwrap(), start, end), passage["text"].as_str().unwrap());
        assert!(start >= last && end > start, "passages stand in order: {passage}");
        last = end;
    }
}

#[test]
fn a_snippet_is_a_window_of_the_passage_around_its_match() {
    let filler = "Nothing is told here. ".repeat(12);
    let index = one(&format!("{filler}The dry port opened. {filler}"));
    let found = index.search(["dry port", "--snippet", "60"]);
    let snippet = &found.hits()[0]["snippet"];
    let text = snippet["text"].as_str().unwrap();
    assert!(text.chars().count() <= 60 && text.contains("The dry port opened."), "{text}");
    assert!(found.hits()[0]["passage"]["text"].as_str().unwrap().contains(text));
    found.assert_snippet("The [dry port] opened.").assert_shows("… ").assert_shows(" …");
}

#[test]
fn jsonl_is_one_hit_a_line_as_in_json() {
    let index = corpus().file("a.txt", "T\n\nA port.").file("b.txt", "U\n\nA port.\nAnd a line.").index();
    let found = index.search(["port"]);
    let lines = index.search(["port", "--jsonl"]);
    let hits: Vec<Value> = lines.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(hits, found.hits());
}

#[test]
fn csv_is_a_line_of_names_and_a_hit_a_line() {
    let index = page();
    let found = index.search(["dry port", "--csv"]);
    let lines: Vec<&str> = found.assert_ok().stdout.lines().collect();
    assert_eq!(
        lines[0],
        "rank,score,title,kind,date,year,language,source,url,path,document,passage,page,heading,regions,topics,snippet"
    );
    assert_eq!(lines.len(), 2);
    assert!(lines[1].starts_with("1,") && lines[1].contains(",Dry port opens,news,2020-06-05,2020,en,Example Daily,"));
    assert!(
        lines[1].ends_with("\"Xinjiang will build a dry port, said the bureau, and trains would leave it daily.\"")
    );
}

#[test]
fn csv_cells_that_would_be_formulas_are_defused() {
    for title in ["=1+1 of ports", "+1 of ports", "@ports of sums"] {
        let index = corpus().file("a.md", &format!("---\ntitle: \"{title}\"\n---\nSome, \"quoted\" words.\n")).index();
        let found = index.search(["words", "--csv"]);
        found.assert_shows(&format!(",'{title},")).assert_shows("\"Some, \"\"quoted\"\" words.\"");
    }
}

#[test]
fn one_format_at_a_time() {
    let index = page();
    for pair in [["--json", "--jsonl"], ["--json", "--csv"], ["--jsonl", "--csv"]] {
        index.search(["port"].into_iter().chain(pair)).assert_code(2).assert_says("cannot be used with");
    }
}

#[test]
fn colour_is_for_terminals_unless_it_is_asked_for() {
    let index = page();
    assert!(!index.search(["dry port"]).stdout.contains('\u{1b}'));
    index.search(["dry port", "--color", "never"]).assert_hides("\u{1b}");
    let coloured = index.search(["dry port", "--color", "always"]);
    coloured.assert_shows("\u{1b}[").assert_hides("**").assert_hides("\u{1b}]8");
    index.run(["--color", "always", "search", "volcano"]).assert_nothing();
}

#[test]
fn no_color_holds_where_nothing_else_is_asked_for() {
    let index = page();
    let plain = [("NO_COLOR", "1")];
    index.run_with(["search", "dry port"], &plain).assert_ok().assert_hides("\u{1b}");
    index.run_with(["search", "dry port", "--color", "always"], &plain).assert_shows("\u{1b}[");
}

#[test]
fn errors_are_coloured_only_when_asked_for() {
    let folder = corpus();
    folder.search(["x", "--color", "always"]).assert_code(2).assert_says("\u{1b}[1;31merror:");
    folder.search(["x"]).assert_says_not("\u{1b}");
}

#[test]
fn nothing_in_a_document_steers_the_terminal() {
    let evil = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}\u{9b}31m";
    let text = format!("Title {evil}\n\nThe dry port {evil} opened\r again.");
    let page = format!("<h1>Port {evil}</h1><p>The dry port &#27;[31m {evil} opened in the west of the country.</p>");
    let front = format!("---\nsource: \"Daily {evil}\"\ntitle: \"T {evil}\"\n---\n## H {evil}\n\nA dry port.\n");
    let index = corpus().file("a.txt", &text).file("b.html", &page).file("c.md", &front).index();
    let steering = |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
    let commands: [&[&str]; 9] = [
        &["search", "dry port"],
        &["search", "dry port", "--json"],
        &["search", "dry port", "--jsonl"],
        &["search", "dry port", "--csv"],
        &["show", "a.txt"],
        &["show", "c.md", "--query", "port"],
        &["inspect", "docs/a.txt"],
        &["inspect", "docs/b.html", "--text"],
        &["inspect", "docs/c.md"],
    ];
    for args in commands {
        let run = index.run(args);
        let found = run.assert_ok().stdout.replace("\r\n", "\n");
        let json = args.iter().any(|a| a.starts_with("--json"));
        let bad: Vec<char> = found.chars().filter(|c| c.is_control() && *c != '\n' || !json && steering(*c)).collect();
        assert!(bad.is_empty(), "{args:?}: {bad:?} in {found:?}");
    }
}

#[test]
fn nothing_in_a_query_or_a_path_steers_the_terminal() {
    let folder = corpus().file("a\u{1b}[31m.txt", "T\n\nA dry port.").index();
    folder.search(["dry port"]).assert_hides("\u{1b}").assert_shows("docs/a");
    folder.search(["dry", "\u{1b}[2J("]).assert_code(2).assert_says_not("\u{1b}");
    folder.search(["x", "--region", "\u{1b}[2J"]).assert_code(2).assert_says_not("\u{1b}");
    folder.run(["index", "\u{1b}[2J"]).assert_code(2).assert_says_not("\u{1b}");
    folder.run(["search", "--\u{1b}[2J"]).assert_code(2).assert_says_not("\u{1b}");
}

#[cfg(unix)]
#[test]
fn a_reader_that_stops_reading_is_no_error() {
    use std::io::Read;
    use std::process::Stdio;
    let mut folder = corpus();
    for n in 0..150 {
        folder = folder.file(&format!("{n}.txt"), &format!("T{n}\n\n{}", "The port is open. ".repeat(30)));
    }
    let index = folder.index();
    let mut command = index.command(["search", "port", "--json", "--limit", "1000"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}
