//! What a query can ask beyond words and phrases, and what is made of it.

use crate::support::{Folder, corpus};

/// Sentences that differ in the order, distance and form of a few words.
fn sentences() -> Folder {
    corpus()
        .file("side.txt", "One\n\nA dry port opened.")
        .file("gap.txt", "Two\n\nA dry and dusty inland port opened.")
        .file("back.txt", "Three\n\nThe port stays dry in summer.")
        .file("many.txt", "Four\n\nDry ports opened on the railway.")
        .file("far.txt", "Five\n\nDry was the year in which they wrote to every village near the old port.")
        .index()
}

#[test]
fn windows_find_words_near_one_another_and_mark_them_only_there() {
    let index = sentences();
    let all = ["back.txt", "gap.txt", "many.txt", "side.txt"];
    index.search(["\"dry port\"~5"]).assert_finds(&all);
    index.search(["dry NEAR/5 port"]).assert_finds(&all);
    index.search(["\"dry port\"~2"]).assert_finds(&["many.txt", "side.txt"]);
    index.search(["\"dry port\"->5"]).assert_finds(&["gap.txt", "many.txt", "side.txt"]);
    index.search(["\"dry port\"->5 -ports"]).assert_finds(&[]);
    index.search(["dry NEAR/5 port +dusty"]).assert_snippet("[dry] and [dusty] inland [port]");
}

#[test]
fn words_stand_for_others_or_for_themselves() {
    let index = sentences();
    index.search(["=ports"]).assert_finds(&["many.txt"]).assert_snippet("Dry [ports] opened");
    index.search(["=\"dry port\""]).assert_finds(&["side.txt"]);
    index.search(["p?rts"]).assert_finds(&["many.txt"]);
    index.search(["*way"]).assert_finds(&["many.txt"]).assert_snippet("[railway]");
    index.search(["railvay~"]).assert_finds(&["many.txt"]).assert_snippet("[railway]");
    index.search(["/vill.*e/"]).assert_finds(&["far.txt"]).assert_snippet("[village]");
    index.search(["rail* NEAR/4 opened"]).assert_finds(&["many.txt"]).assert_snippet("[opened] on the [railway]");
}

#[test]
fn filters_can_be_parts_of_a_query() {
    let index = corpus()
        .file("west.txt", "West\n\nXinjiang built a port in the desert.")
        .file("east.txt", "East\n\nJiangsu built a port by the sea.")
        .index();
    index.search(["port region:Xinjiang -region:Jiangsu"]).assert_finds(&["west.txt"]);
    index.search(["built AND NOT region:(Xinjiang OR Gansu)"]).assert_finds(&["east.txt"]);
    index.search(["(region:Jiangsu AND port) OR desert"]).assert_finds(&["east.txt", "west.txt"]);
    let found = index.search(["(region:Jiangsu AND port) OR desert", "--region", "Xinjiang"]);
    found.assert_finds(&["west.txt"]).assert_snippet("a port in the [desert]");
}

#[test]
fn places_and_years_in_a_query_raise_what_is_about_them() {
    let index = corpus()
        .file("2019/a.md", "---\nyear: 2019\nregion: Gansu\n---\n# Work report\n\nThe dry port opened, and the dry port grew.")
        .file("2021/b.md", "---\nyear: 2021\nregion: Xinjiang\n---\n# Work report\n\nWork on the dry port began; it will serve many towns.")
        .index();
    let found = index.search(["dry", "port", "Xinjiang", "2021"]);
    found
        .assert_finds(&["2019/a.md", "2021/b.md"])
        .assert_top("2021/b.md")
        .assert_says("passages about Xinjiang (650000), 2021 come first");
    let understood = &found.json()["understood"];
    assert_eq!(understood["places"][0]["code"], "650000");
    assert_eq!(understood["years"][0], 2021);
    let literal = index.search(["dry", "port", "Xinjiang", "2021", "--literal"]);
    literal.assert_top("2019/a.md").assert_says_not("come first");
    index.search(["新疆陆港2021年", "--also", "en"]).assert_says("passages about Xinjiang (650000), 2021 come first");
}

#[test]
fn the_glossary_widens_words_and_phrases_only_when_asked() {
    let index = corpus()
        .file("own.txt", "One\n\nThe inland port opened.")
        .file("zh.txt", "二\n\n国际陆港正式开通运营。")
        .file("typed.txt", "Three\n\nThe dry port opened.")
        .index();
    let found = index.search(["dry", "port"]);
    found.assert_finds(&["own.txt", "typed.txt"]).assert_top("typed.txt").assert_says("also searched for dry port");
    index
        .search(["dry", "port", "--no-expand", "--limit", "1"])
        .assert_says_not("also searched")
        .assert_top("typed.txt");
    index.search(["\"dry port\""]).assert_finds(&["typed.txt"]);
    let found = index.search(["\"dry port\"", "--also", "zh"]);
    found.assert_finds(&["typed.txt", "zh.txt"]).assert_top("typed.txt");
    let added = found.json()["understood"]["added"][0]["terms"].as_array().unwrap().clone();
    assert!(added.iter().any(|term| term == "国际陆港"), "{added:?}");
    index.search(["陆港", "--also", "en"]).assert_finds(&["own.txt", "typed.txt", "zh.txt"]);
    index.search(["opened", "-\"dry port\""]).assert_finds(&["own.txt"]);
}

#[test]
fn a_word_that_is_excluded_does_not_exclude_its_synonyms() {
    let index =
        corpus().file("a.txt", "One\n\nThe inland port opened.").file("b.txt", "Two\n\nThe dry port opened.").index();
    index.search(["opened AND NOT \"dry port\""]).assert_finds(&["a.txt"]);
    index.search(["opened -(dry port)"]).assert_nothing();
    index.search(["opened -dry"]).assert_finds(&["a.txt"]);
}

#[test]
fn near_copies_are_one_result() {
    let story = "URUMQI, June 12. The dry port on the edge of the city sent its two hundredth train of the year westward \
        on Friday, with machinery, seeds and tomato paste in fifty containers, the railway bureau said. Trains now leave \
        every eight hours, and the yard is to be doubled by next spring, when a second gantry arrives from the coast. \
        Drivers who used to wait two days at the border now sleep at home, and the market hall across the road has let \
        its last empty floor to a dealer in spare parts who came from the capital with forty crates and a brother.";
    let other =
        "LANZHOU, June 12. A dry port is planned by the river, where a thousand trucks a day are to be cleared.";
    let index = corpus()
        .file("a.txt", &format!("Trains leave\n\n{story}"))
        .file("b.html", &format!("<html><head><title>More trains</title></head><body><p>{story}</p></body></html>"))
        .file("c.txt", &format!("Westward\n\n{story}"))
        .file("d.txt", &format!("River\n\n{other}"))
        .index();
    let found = index.search(["dry port"]);
    found.assert_found(2).assert_shows("and 2 copies");
    assert_eq!(
        found.json()["hits"][0]["copies"].as_u64().unwrap() + found.json()["hits"][1]["copies"].as_u64().unwrap(),
        2
    );
    index.search(["dry port", "--no-collapse"]).assert_finds(&["a.txt", "b.html", "c.txt", "d.txt"]);
    let listed = index.search(["dry port", "--copies"]);
    listed.assert_shows("docs/b.html").assert_shows("docs/c.txt");
}

#[test]
fn a_run_for_measuring_names_the_documents_by_their_ids() {
    let index = corpus()
        .file("all.jsonl", "{\"id\": \"7\", \"title\": \"Ports\", \"text\": \"The dry port opened.\"}\n{\"id\": \"x y\", \"title\": \"Rail\", \"text\": \"The port has no railway yet.\"}\n")
        .index();
    std::fs::write(index.path("queries.tsv"), "q1\tdry port\nq2\t(railway\n").unwrap();
    let run = index.run(["search", "--queries", "queries.tsv", "--trec", "mine"]);
    let lines: Vec<Vec<&str>> = run.stdout.lines().map(|l| l.split(' ').collect()).collect();
    let shown: Vec<String> = lines.iter().map(|l| format!("{} {} {} {} {}", l[0], l[1], l[2], l[3], l[5])).collect();
    assert_eq!(shown, ["q1 Q0 7 1 mine", "q1 Q0 x_y 2 mine", "q2 Q0 x_y 1 mine"]);
    assert!(lines[0][4].parse::<f32>().unwrap() > lines[1][4].parse::<f32>().unwrap());
    assert!(run.stderr.contains("line 2: `(` is not closed"), "{}", run.stderr);
    std::fs::write(index.path("queries.tsv"), "q1\tdry port\nrailway\n").unwrap();
    let run = index.run(["search", "--queries", "queries.tsv", "--trec", "mine"]);
    run.assert_code(2).assert_says("line 2 has no tab between id and text").assert_hides("q1");
}

#[test]
fn the_queries_of_a_file_are_answered_as_each_would_be_alone() {
    let index = sentences();
    std::fs::write(index.path("queries.tsv"), "ports\t\"dry port\"\n\nrailway\nnone\tzeppelin\n").unwrap();
    let run = index.run(["search", "--queries", "queries.tsv", "--json"]);
    run.assert_ok();
    let answers: Vec<serde_json::Value> =
        serde_json::Deserializer::from_str(&run.stdout).into_iter().collect::<Result<_, _>>().unwrap();
    let ids: Vec<&str> = answers.iter().map(|a| a["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["ports", "3", "none"]);
    for (answer, alone) in answers.iter().zip(["\"dry port\"", "railway", "zeppelin"]) {
        let alone = index.search([alone]);
        for key in ["query", "total", "documents", "hits"] {
            assert_eq!(answer[key], alone.json()[key], "{key}");
        }
    }
    let text = index.run(["search", "--queries", "queries.tsv", "--limit", "1"]);
    text.assert_shows("== ports \"dry port\"\n1. ")
        .assert_shows("== 3 railway\n1. ")
        .assert_shows("== none zeppelin\n");
    std::fs::write(index.path("queries.tsv"), "odd\t(port\n").unwrap();
    let odd = index.run(["search", "--queries", "queries.tsv", "--json"]);
    assert_eq!(odd.parsed()["query"], "(port");
    odd.assert_says("line 1: `(` is not closed");
    std::fs::write(index.path("queries.tsv"), "none\tzeppelin\n").unwrap();
    index.run(["search", "--queries", "queries.tsv"]).assert_code(1);
}

#[test]
fn many_queries_come_in_the_order_of_the_file() {
    let index = sentences();
    let lines: String = (0..2500).map(|n| format!("{n}\tport number{n}\n")).collect();
    std::fs::write(index.path("queries.tsv"), lines).unwrap();
    let run = index.run(["search", "--queries", "queries.tsv", "--limit", "1"]);
    let heads: Vec<&str> = run.stdout.lines().filter_map(|l| l.strip_prefix("== ")).collect();
    let expected: Vec<String> = (0..2500).map(|n| format!("{n} port number{n}")).collect();
    assert_eq!(heads, expected);
}

#[test]
fn a_search_that_takes_too_long_is_given_up() {
    let index = sentences();
    for command in ["search", "facets"] {
        let run = index.run([command, "port", "--max-time", "0"]);
        run.assert_error("the search takes longer than 0 s").assert_says("--max-time");
    }
    index.run(["search", "port", "--max-time", "nan"]).assert_code(2).assert_says("give seconds, 0 to 86400");
    index.search(["port", "--max-time", "60.5"]).assert_ok();
}

#[test]
fn a_score_is_explained() {
    let index = sentences();
    let found = index.search(["dry", "port", "--explain"]);
    found.assert_shows("score").assert_says("read as (dry port");
    let parts = found.json()["hits"][0]["score_parts"].as_array().unwrap().clone();
    assert!(parts.iter().any(|p| p["name"] == "port" && p["score"].as_f64().unwrap() > 0.0), "{parts:?}");
}

#[test]
fn the_order_does_not_depend_on_how_the_documents_came_in() {
    let text = |n: usize| {
        format!(
            "Report {n}\n\nThe port of town {n} {} railway and {}.",
            "grew by ".repeat(n % 4),
            "freight ".repeat(n % 3)
        )
    };
    let mut once = corpus();
    for n in 0..12 {
        once = once.file(&format!("{n:02}.txt"), &text(n));
    }
    let once = once.index();
    let mut later = corpus();
    for n in 0..12 {
        later = later
            .file(&format!("{n:02}.txt"), &if n % 2 == 0 { text(n) } else { format!("Gone\n\nport railway port {n}") });
    }
    let later = later.index();
    for n in (1..12).step_by(2) {
        later.write(&format!("{n:02}.txt"), text(n).as_bytes());
    }
    later.run(["index"]);
    let order = |folder: &Folder| {
        let found = folder.search(["port", "railway", "freight", "--limit", "50"]);
        let hits = found.json()["hits"].as_array().unwrap().clone();
        hits.iter()
            .map(|h| (h["document"]["title"].as_str().unwrap().to_string(), h["score"].to_string()))
            .collect::<Vec<_>>()
    };
    assert_eq!(order(&once), order(&later));
}

#[test]
fn a_document_is_walked_from_match_to_match() {
    let paragraph = |n: usize| {
        format!("## Part {n}\n\n{}\n\n", if n.is_multiple_of(3) { "The dry port grew." } else { "Nothing of it here." })
    };
    let text: String = (1..=9).map(paragraph).collect();
    let index = corpus().file("a.md", &format!("# Title\n\n{text}")).index();
    let all = index.run(["show", "docs/a.md", "--query", "dry port"]);
    all.assert_says("found in #3, #6, #9");
    let next = index.run(["show", "docs/a.md#3", "--query", "dry port", "--next"]);
    assert!(next.stdout.contains("#6") && !next.stdout.contains("#3"), "{}", next.stdout);
    assert_eq!(index.run(["show", "docs/a.md#9", "--query", "dry port", "--next"]).code, Some(1));
}
