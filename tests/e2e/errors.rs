//! Errors are for people: one clear line, what to do on the next, exit code 2.

use crate::support::{corpus, one};

#[test]
fn an_unknown_region_or_topic_names_the_near_ones() {
    let folder = one("A\n\nText.");
    let outcome = folder.search(["x", "--region", "Shanxii"]);
    outcome.assert_error("unknown region `Shanxii`").assert_says("hint: did you mean Shanxi 山西 or Shaanxi 陕西");
    folder
        .search(["x", "--not-region", "Xinjang"])
        .assert_error("unknown region `Xinjang`")
        .assert_says("Xinjiang 新疆");
    folder.search(["x", "--region", "zzzzzzzz"]).assert_hint("`dryport regions` lists them");
    folder.search(["x", "--topic", "trasport"]).assert_error("unknown topic `trasport`").assert_says("transport");
    folder.search(["x", "--topic", "zzzzzzzz"]).assert_hint("`dryport topics` lists them");
    folder.run(["regions", "Xinjang"]).assert_error("unknown region `Xinjang`");
}

#[test]
fn a_value_that_cannot_be_says_what_can() {
    let folder = one("A\n\nText.");
    for (option, value, hint) in [
        ("--year", "20", "give a year such as 2020, or a range such as 2018..2022, 2018.. or ..2022"),
        ("--year", "2022..2018", "the range runs backwards; did you mean 2018..2022?"),
        ("--since", "2020-13", "give a day such as 2020-06-05, a month such as 2020-06, or a year"),
        ("--until", "soon", "give a day such as 2020-06-05, a month such as 2020-06, or a year"),
        ("--kind", "letter", "use report, news, policy, other"),
        (
            "--lang",
            "Klingonese",
            "give a code such as en, zh or zh-Hant, or en-mt for English that a machine translated",
        ),
        ("--source", "", "give at least one character"),
    ] {
        let outcome = folder.search(["x", option, value]);
        outcome.assert_error(&format!("{option} cannot be `{value}`")).assert_hint(hint);
    }
    folder.search(["x", "--path", "a["]).assert_error("--path cannot be `a[`");
    folder.search(Vec::<String>::new()).assert_error("the query cannot be ``");
}

#[test]
fn an_argument_that_cannot_be_is_one_line_and_a_hint() {
    let folder = one("A\n\nText.");
    for arguments in
        [vec!["--foo"], vec!["--limit", "0"], vec!["--limit", "many"], vec!["--json", "--csv"], vec!["--per-doc", "-1"]]
    {
        let outcome = folder.search(["x"].into_iter().chain(arguments));
        outcome.assert_code(2);
        let lines: Vec<&str> = outcome.stderr.lines().collect();
        assert!(lines.len() == 2 && lines[0].starts_with("error: ") && lines[1].starts_with("hint: "), "{outcome:?}");
    }
    folder.run(["serch"]).assert_code(2).assert_says("search");
}

#[test]
fn a_malformed_query_points_at_the_place() {
    let folder = one("A\n\nText.");
    for (query, reason, caret) in [
        ("(a b", "`(` is not closed; put it in quotes to search for it", "^"),
        ("a b)", "`)` closes nothing; put it in quotes to search for it", "   ^"),
        ("a \"b c", "the quote is not closed", "  ^"),
        ("a OR", "`OR` needs a word after it; put it in quotes to search for it", "  ^"),
        ("陆港 AND", "`AND` needs a word after it; put it in quotes to search for it", "     ^"),
        (
            "x colour:red",
            "there is no field `colour`: fields are title, heading, region, topic, year, kind, lang, source, path (or put it in quotes)",
            "  ^",
        ),
        ("x titel:red", "there is no field `titel`: did you mean `title:`? (or put it in quotes)", "  ^"),
        ("a-b* +c", "`*` can only stand in one word of letters, without a hyphen or apostrophe in it", "^"),
        (
            "陆港 region:Shanxii",
            "unknown region `Shanxii`: did you mean Shanxi 山西 or Shaanxi 陕西 or Shanwei 汕尾?",
            "            ^",
        ),
    ] {
        let outcome = folder.search([query]);
        outcome.assert_error(reason);
        let lines: Vec<&str> = outcome.stderr.lines().collect();
        assert_eq!(lines[1..], [format!("  {query}"), format!("  {caret}")], "{query}");
    }
}

#[test]
fn what_is_missing_is_named() {
    let folder = corpus();
    for command in [vec!["search", "x"], vec!["status"], vec!["show", "x"], vec!["forget", "x"]] {
        let outcome = folder.run(command);
        outcome.assert_error("no index at `index`");
        outcome.assert_hint("make one with `dryport index FOLDER`, or name another with --index");
    }
    folder.run(["index", "nowhere"]).assert_error("`nowhere` is not there");
    assert!(!folder.path("index").exists(), "a command that failed makes no index");
    folder.run(["inspect", "nowhere.txt"]).assert_error("`nowhere.txt` is not there");
    folder.run(["inspect", "docs"]).assert_error("the file cannot be `docs`");
    folder.write("a.pdf", b"%PDF-1.4");
    folder.run(["inspect", "docs/a.pdf"]).assert_error("docs/a.pdf: is damaged: the PDF is cut off before its end");
}

#[test]
fn nothing_found_is_no_error() {
    let outcome = one("A\n\nText.");
    outcome.search(["nothingofthesort"]).assert_nothing().assert_says("nothing found");
}

#[test]
fn hostile_queries_give_results_or_one_clear_error() {
    let folder = one("A\n\nA dry port in Xinjiang 新疆 陆港.");
    let queries = [
        "(".repeat(5_000),
        ")".repeat(5_000),
        "-".repeat(3_000),
        "\"".repeat(3_001),
        "a OR ".repeat(300),
        "NOT ".repeat(500) + "a",
        "港".repeat(3_000),
        "* * *".into(),
        "\u{202e}\u{1b}[31m".into(),
        "title:title:title:x".into(),
        "a\u{301}\u{302}".into(),
        "😀 陆港".into(),
        "+-+-+-a".into(),
        "((((((a))))))".into(),
    ];
    for query in &queries {
        let outcome = folder.run(["search", "--", query]);
        assert!(matches!(outcome.code, Some(0..=2)), "{outcome:?}");
        assert!(!outcome.stderr.contains('\u{1b}') && !outcome.stderr.contains('\u{202e}'), "{outcome:?}");
    }
}

#[test]
fn hostile_files_cost_themselves_and_nothing_else() {
    let sentence =
        "<p>The regional government said that the dry port of the capital would open a second yard this year.</p>";
    let folder = corpus()
        .bytes("random.html", &(0..200_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect::<Vec<_>>())
        .file("nested.html", &format!("<html><body>{}{sentence}{}", "<div>".repeat(20_000), "</div>".repeat(20_000)))
        .file("open.html", &format!("<html><body>{}{sentence}", "<b><table><ul><li>".repeat(2_000)))
        .file("brackets.html", &format!("<html>{}", "<".repeat(300_000)))
        .file("line.txt", &"word ".repeat(400_000))
        .file("ideographs.txt", &"港".repeat(200_000))
        .file("lines.txt", &"x\n".repeat(100_000))
        .file("quotes.md", &format!("{}x", "> ".repeat(5_000)))
        .bytes("nul.txt", &[0; 4096])
        .bytes("cut.txt", "港口".as_bytes().split_last().unwrap().1)
        .file("good.txt", "Good\n\nA good text about goats.");
    let outcome = folder.run(["index", "docs"]);
    outcome.assert_ok();
    folder.search(["goats"]).assert_found(1);
    folder.search(["dry port", "--path", "nested.html"]).assert_found(1);
}
