//! Near-copies: found whatever the file, the encoding, the headline or the line of the editor, and kept up to date.

use crate::support::{Folder, corpus};
use dryport::index::{Location, Reader};
use serde_json::Value;

/// A story of a few paragraphs. Texts of different numbers have hardly a phrase in common.
fn story(number: usize) -> Vec<String> {
    let nouns =
        ["harbour", "railway", "valley", "market", "bridge", "orchard", "factory", "station", "river", "school"];
    let verbs =
        ["opened", "reached", "crossed", "served", "bought", "rebuilt", "measured", "joined", "left", "praised"];
    let paragraph = |p: usize| {
        let sentence = |s: usize| {
            let at = number * 31 + p * 7 + s * 3;
            let (one, two, verb) =
                (nouns[at % 10], nouns[(at / 3 + number) % 10], verbs[(at / 2 + p * number + s) % 10]);
            format!(
                "The {one} of town {number} {verb} the {two} that stood near mile {} of road {}.",
                at * 13 % 97,
                s + p
            )
        };
        (0..5).map(sentence).collect::<Vec<_>>().join(" ")
    };
    (0..6).map(paragraph).collect()
}

fn text(title: &str, paragraphs: &[String]) -> String {
    format!("{title}\n\n{}\n", paragraphs.join("\n\n"))
}

fn chinese() -> String {
    let places = ["乌鲁木齐", "喀什", "霍尔果斯", "阿拉山口", "哈密"];
    let goods = ["棉花", "汽车", "番茄酱", "光伏组件", "家电"];
    let sentence = |at: usize| {
        let (place, good) = (places[at % 5], goods[(at / 2) % 5]);
        format!(
            "{place}国际陆港第{}批满载{good}的中欧班列驶往中亚，全程运行{}天，比海运节省一半时间。",
            at + 3,
            at % 9 + 8
        )
    };
    let paragraphs: Vec<String> = (0..4).map(|p| (p * 4..p * 4 + 4).map(sentence).collect()).collect();
    text("新疆陆港班列增开", &paragraphs)
}

/// Names of the near-copies of a document, as `show` has them.
#[track_caller]
fn copies(folder: &Folder, name: &str) -> Vec<String> {
    let shown = folder.run(["show", &folder.doc(name).to_string_lossy(), "--json"]).assert_ok().parsed();
    let docs = folder.doc("").to_string_lossy().into_owned();
    let names = shown["copies"].as_array().unwrap().iter().map(|c| c["path"].as_str().unwrap().replace(&docs, ""));
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn the_same_story_is_found_in_other_files() {
    let paragraphs = story(1);
    let body: String = paragraphs.iter().map(|p| format!("<p>{p}</p>")).collect();
    let page =
        format!("<html><head><title>A town</title></head><body><article><h1>A town</h1>{body}</article></body></html>");
    let whole = text("A town", &paragraphs);
    let wide: Vec<u8> = whole.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let folder = corpus()
        .file("page.html", &page)
        .file("plain.txt", &whole)
        .bytes("wide.txt", &[&[0xff, 0xfe], wide.as_slice()].concat())
        .file("headline.md", &text("# What nobody knew", &paragraphs))
        .file("cut.txt", &text("A town", &paragraphs[..5]))
        .file("typo.txt", &whole.replacen("harbour", "harbuor", 1).replacen("railway", "raliway", 1))
        .file("other.txt", &text("A town", &story(2)))
        .index();
    let all = ["cut.txt", "headline.md", "page.html", "plain.txt", "typo.txt", "wide.txt"];
    for name in all {
        let others: Vec<&str> = all.into_iter().filter(|other| *other != name).collect();
        assert_eq!(copies(&folder, name), others, "{name}");
    }
    assert!(copies(&folder, "other.txt").is_empty());
    folder.run(["show", "plain.txt"]).assert_ok().assert_shows("\ncopies    ").assert_shows("docs/headline.md");
    folder.run(["show", "other.txt"]).assert_ok().assert_hides("\ncopies ");
    let inspected: Value = folder.inspect("plain.txt");
    assert!(inspected.get("copies").is_none(), "not asked of an index: {inspected}");
}

#[test]
fn chinese_is_found_in_other_encodings_and_scripts() {
    let simplified = chinese();
    let (gbk, _, _) = encoding_rs::GBK.encode(&simplified);
    let traditional = simplified.replace('国', "國").replace('陆', "陸").replace('运', "運").replace('车', "車");
    let folder = corpus()
        .file("simplified.txt", &simplified)
        .bytes("gbk.txt", &gbk)
        .file("traditional.txt", &traditional)
        .index();
    assert_eq!(copies(&folder, "gbk.txt"), ["simplified.txt", "traditional.txt"]);
}

#[test]
fn the_next_release_of_a_series_is_no_copy() {
    let release = |month: usize| {
        let lines = ["grain", "steel", "cement", "coal", "glass", "paper", "cotton", "sugar"];
        let line = |(at, good): (usize, &&str)| {
            let figure = (at * 37 + month * 53) % 900 + 100;
            format!(
                "Output of {good} by enterprises above the designated size came to {figure} thousand tons, which was {}.{} percent \
                 more than in the same period of the year before, as the regional bureau of statistics says.",
                (at + month * 3) % 9 + 1,
                (at * 7 + month) % 10
            )
        };
        text("Industrial output", &lines.iter().enumerate().map(line).collect::<Vec<_>>())
    };
    let folder =
        corpus().file("may.txt", &release(5)).file("june.txt", &release(6)).file("may.md", &release(5)).index();
    assert_eq!(copies(&folder, "may.txt"), ["may.md"]);
    assert!(copies(&folder, "june.txt").is_empty());
}

#[test]
fn groups_follow_what_is_added_changed_and_removed() {
    let folder = corpus().file("a.txt", &text("Town", &story(3))).file("b.txt", &text("Town", &story(4))).index();
    assert!(copies(&folder, "a.txt").is_empty());
    folder.write("c.txt", text("Town", &story(3)));
    folder.write("d.txt", text("Town", &story(3)));
    assert_eq!(folder.update(["docs"]), [2, 0, 2, 0, 0]);
    assert_eq!(copies(&folder, "a.txt"), ["c.txt", "d.txt"]);
    folder.write("a.txt", text("Town", &story(4)));
    assert_eq!(folder.update(["docs"]), [0, 1, 3, 0, 0]);
    assert_eq!(copies(&folder, "a.txt"), ["b.txt"]);
    assert_eq!(copies(&folder, "c.txt"), ["d.txt"]);
    folder.remove("b.txt");
    assert_eq!(folder.update(["docs"]), [0, 0, 3, 1, 0]);
    folder.run(["forget", "docs/c.txt"]).assert_ok();
    assert!(copies(&folder, "a.txt").is_empty() && copies(&folder, "d.txt").is_empty());
    folder.write("b.txt", text("Town", &story(4)));
    folder.run(["index", "docs", "--rebuild", "--threads", "1"]).assert_ok();
    assert_eq!(copies(&folder, "a.txt"), ["b.txt"]);
}

#[test]
fn nothing_else_counts_them() {
    let story = story(5);
    let folder = corpus().file("a.txt", &text("Town", &story)).file("b.txt", &text("Town", &story)).index();
    let status = folder.status();
    assert_eq!((&status["documents"], &status["failures"]), (&Value::from(2), &Value::from(Vec::<Value>::new())));
    assert_eq!(folder.search(["harbour"]).json()["documents"], 2);
    assert_eq!(folder.search(["--kind", "other", "--kind", "news", "--kind", "report"]).json()["documents"], 2);
    assert_eq!(folder.update(["docs"]), [0, 0, 2, 0, 0]);
    assert_eq!(folder.indexed(), ["a.txt", "b.txt"]);
}

#[test]
fn the_earliest_stands_for_the_others() {
    let story = story(6);
    let dated = |day: &str| format!("---\ntitle: Town\ndate: {day}\n---\n\n{}\n", story.join("\n\n"));
    let folder = corpus()
        .file("a.md", &dated("2021-05-03"))
        .file("b.md", &dated("2021-05-01"))
        .file("c.txt", &text("Town", &story))
        .index();
    let reader = Reader::open(&Location::new(folder.path("index"))).unwrap();
    let id = |name: &str| reader.document(&folder.doc(name).to_string_lossy()).unwrap().unwrap().id;
    let first = reader.copies_of(&id("a.md")).unwrap().remove(0);
    assert_eq!(first.id, id("b.md"));
    let number = u64::from_str_radix(&id("b.md"), 16).unwrap();
    let groups = reader.copy_groups().unwrap();
    assert_eq!(groups.values().collect::<Vec<_>>(), [&number; 3]);
}
