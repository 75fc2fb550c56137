//! What passages are about, with the evidence; a user's own places and topics; `annotate`.

use super::support::*;
use serde_json::Value;
use std::io::Write;
use std::process::Stdio;

/// Labels of passages given on standard input, and the exit code.
fn annotate(lines: &str, args: &[&str]) -> (Vec<Value>, Option<i32>, String) {
    let folder = corpus();
    annotate_in(&folder, lines, args)
}

fn annotate_in(folder: &Folder, lines: &str, args: &[&str]) -> (Vec<Value>, Option<i32>, String) {
    let mut command = folder.command([&["annotate"], args].concat());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let all = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (all, output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[track_caller]
fn check(line: &str, regions: &[&str], years: &[u64]) {
    let (all, code, _) = annotate(line, &[]);
    let found: Vec<String> = all[0]["regions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| format!("{} {}", r["code"].as_str().unwrap(), r["role"].as_str().unwrap()))
        .collect();
    assert_eq!((found, code), (regions.iter().map(|r| r.to_string()).collect(), Some(0)), "{line}");
    assert_eq!(all[0]["years"], serde_json::json!(years), "{line}");
}

#[test]
fn passages_by_themselves_are_labelled_line_by_line() {
    check(
        r#"{"id": 1, "text": "BEIJING, June 12 -- Last year Suzhou in Anhui built a dry port.", "doc_year": 2020}"#,
        &["341300 about", "340000 about", "110000 mention"],
        &[2019],
    );
    check(
        r#"{"id": 1, "text": "去年全省粮食丰收，“十三五”规划目标如期完成。", "doc_year": 2021, "issuer": "甘肃"}"#,
        &["620000 about"],
        &[2016, 2017, 2018, 2019, 2020],
    );
    check(r#"{"id": 1, "text": "利民惠民，会同有关部门。长安汽车与江苏银行签约。"}"#, &[], &[]);
    check(
        r#"{"id": 1, "text": "川渝共建经济圈", "heading": "x", "title": "y"}"#,
        &["510000 about", "500000 about"],
        &[],
    );
}

#[test]
fn ids_come_back_and_a_bad_line_is_told_and_left_out() {
    let lines = "{\"id\": \"a\", \"text\": \"Xinjiang built a railway.\"}\nnonsense\n\n{\"id\": 7, \"text\": \"\"}\n";
    let (all, code, said) = annotate(lines, &["--explain"]);
    assert_eq!(all.iter().map(|o| o["id"].clone()).collect::<Vec<_>>(), ["a".into(), Value::from(7)]);
    assert_eq!(code, Some(2));
    assert!(said.contains("line 2 is left out"), "{said}");
    assert_eq!(all[0]["topics"][0], "transport");
    assert_eq!(all[0]["language"], "en");
    let evidence = all[0]["evidence"].as_array().unwrap();
    assert!(evidence.iter().any(|e| e["label"] == "650000" && e["words"] == "Xinjiang"), "{evidence:?}");
    let empty = all[1].as_object().unwrap();
    assert!(["regions", "macro", "years", "topics", "themes"].iter().all(|k| empty[*k].as_array().unwrap().is_empty()));
}

fn news() -> Folder {
    corpus()
        .file(
            "a.txt",
            "Dry port news 2020\n\nXinjiang opened a dry port with money from investors. In 2016 work began there.",
        )
        .file(
            "b.txt",
            "Visitors 2021\n\nGansu welcomed visitors from Xinjiang at a dry port, and more are to come in 2022.",
        )
        .index()
}

#[test]
fn about_is_told_from_mentioned() {
    let folder = news();
    folder.search(["dry port", "--region", "Xinjiang"]).assert_found(1).assert_top("a.txt");
    folder.search(["dry port", "--region-mentioned", "Xinjiang"]).assert_found(2);
    let hits = folder.search(["visitors", "--region-mentioned", "Xinjiang"]);
    assert_eq!(hits.hits()[0]["passage"]["mentions"][0]["code"], "650000");
    folder.search(["dry port", "--region", "Gansu"]).assert_found(1).assert_top("b.txt");
}

#[test]
fn the_years_a_passage_speaks_of_are_not_the_documents() {
    let folder = news();
    folder.search(["dry port", "--year", "2020"]).assert_found(1).assert_top("a.txt");
    folder.search(["dry port", "--about-year", "2016"]).assert_found(1).assert_top("a.txt");
    folder.search(["dry port", "--about-year", "2022.."]).assert_found(1).assert_top("b.txt");
    folder.search(["dry port", "--year", "2016"]).assert_nothing();
    folder.run(["search", "x", "--about-year", "20"]).assert_code(2).assert_says("--about-year cannot be `20`");
}

#[test]
fn every_label_has_its_words_and_its_rule() {
    let folder = news();
    let shown = folder.run(["search", "dry port", "--region", "Xinjiang", "--explain"]);
    shown.assert_ok().assert_shows("Xinjiang: “Xinjiang” named").assert_shows("2016: “");
    let json = folder.search(["visitors", "--explain"]);
    let evidence = json.hits()[0]["passage"]["evidence"].as_array().unwrap().clone();
    assert!(evidence.iter().any(|e| e["label"] == "650000" && e["rule"] == "origin or destination"), "{evidence:?}");
    assert!(json.hits()[0]["passage"]["evidence"].is_array());
    assert!(folder.search(["visitors"]).hits()[0]["passage"].get("evidence").is_none());
    folder.run(["inspect", "docs/b.txt"]).assert_shows("Xinjiang (mentioned): “Xinjiang” origin or destination");
}

#[test]
fn places_of_ones_own_are_found_and_followed_when_they_change() {
    let folder = corpus();
    folder.write("a.txt", "Yard\n\nThe Gateway East Yard loads trains day and night for the whole of the corridor.");
    folder.write("places.toml", "[[place]]\nname = \"Gateway East Yard\"\nin = \"Horgos\"\n");
    let folder = folder.index();
    folder.search(["trains", "--region", "Gateway East Yard"]).assert_found(1);
    folder.search(["trains", "--region", "Xinjiang"]).assert_found(1);
    folder.run(["search", "trains"]).assert_shows("Gateway East Yard");
    folder.run(["regions", "gateway east yard"]).assert_ok().assert_shows("Horgos");
    assert!(folder.status()["skipped"].as_object().unwrap().is_empty(), "places are no documents");
    folder.write("places.toml", "[[place]]\nname = \"Gateway East Yard\"\nin = \"Alashankou\"\n");
    assert_eq!(folder.update(["docs"]), [0, 1, 0, 0, 0]);
    folder.search(["trains", "--region", "Alashankou"]).assert_found(1);
    folder.search(["trains", "--region", "Horgos"]).assert_nothing();
    // A mistake leaves what was there.
    folder.write("places.toml", "[[place]]\nname = \"Gateway East Yard\"\nin = \"Shanxii\"\n");
    folder.run(["index", "docs"]).assert_ok().assert_says("places.toml: is not used").assert_says("Shanxii");
    folder.search(["trains", "--region", "Alashankou"]).assert_found(1);
    folder.remove("places.toml");
    folder.run(["index", "docs"]).assert_ok();
    folder.run(["search", "trains", "--region", "Gateway East Yard"]).assert_code(2).assert_says("unknown region");
}

#[test]
fn other_places_concern_all_documents_also_those_not_named() {
    let folder = corpus();
    folder.write("a/a.txt", "Loop\n\nThe Grand Loop carries trains day and night around the whole of the basin.");
    folder.write("b/b.txt", "Loop\n\nThe Grand Loop needs more cranes and wagons, and a new yard by the river.");
    folder.write("a/places.toml", "[[place]]\nname = \"Grand Loop\"\nin = \"Lhasa\"\n");
    folder.run(["index", "docs/a", "docs/b"]).assert_ok();
    folder.search(["loop", "--region", "Grand Loop"]).assert_found(2);
    folder.write("a/places.toml", "[[place]]\nname = \"Grand Loop\"\nin = \"Kashgar\"\n");
    folder.run(["index", "docs/b"]).assert_ok();
    folder.search(["loop", "--region", "Kashgar"]).assert_found(2);
    folder.search(["loop", "--region", "Tibet"]).assert_nothing();
}

#[test]
fn files_named_by_options_are_remembered() {
    let folder =
        corpus().file("a.txt", "Cranes\n\nThe quay has nine gantry cranes and a long wall, and ships come at night.");
    std::fs::write(
        folder.path("ports.toml"),
        "[[topic]]\nslug = \"quays\"\nname_en = \"Quays\"\nstrong_en = [\"gantry crane\"]\n",
    )
    .unwrap();
    folder.run(["index", "docs", "--topics", "ports.toml"]).assert_ok();
    folder.search(["ships", "--topic", "quays"]).assert_found(1);
    folder.run(["topics"]).assert_shows("quays").assert_shows("transport");
    folder.run(["index", "docs"]).assert_ok();
    folder.search(["ships", "--topic", "Quays"]).assert_found(1);
    std::fs::write(folder.path("only.toml"), "replace = true\n[[topic]]\nslug = \"sea\"\nstrong_en = [\"ship\"]\n")
        .unwrap();
    folder.run(["index", "docs", "--rebuild", "--topics", "only.toml"]).assert_ok();
    folder.search(["ships", "--topic", "sea"]).assert_found(1);
    folder.run(["search", "ships", "--topic", "transport"]).assert_code(2).assert_says("unknown topic");
    folder.run(["index", "docs", "--places", "none.toml"]).assert_code(2);
    std::fs::write(folder.path("bad.toml"), "[[place]]\ncolour = 1\n").unwrap();
    folder.run(["index", "docs", "--places", "bad.toml"]).assert_code(2).assert_says("line 2");
    let (all, ..) = annotate_in(&folder, "{\"id\": 1, \"text\": \"A ship came.\"}", &["--topics", "only.toml"]);
    assert_eq!(all[0]["topics"], serde_json::json!(["sea"]));
}

#[test]
fn a_wider_region_is_found_by_its_own_name_and_by_its_members() {
    let folder = corpus()
        .file("bay.txt", "Bay\n\nThe Greater Bay Area will build more bridges for its commuters in the years to come.")
        .file("city.txt", "City\n\nShenzhen will build more bridges for its commuters in the years to come.")
        .file("far.txt", "Far\n\nHarbin will build more bridges for its commuters in the years to come.")
        .index();
    let names = folder.search(["bridges", "--region", "Greater Bay Area"]).names();
    assert_eq!(names.len(), 2, "{names:?}");
    folder.search(["bridges", "--region", "Guangdong"]).assert_found(1).assert_top("city.txt");
}

#[test]
fn english_that_a_machine_translated_is_marked() {
    let translated = include_str!("../../corpus/translated/hubei-2021-government-work-report.txt");
    let sentence = "The work was hard, which is why its authors, who had never met, wrote it while they rested. ";
    let plain = format!("Plain\n\n{}", sentence.repeat(12));
    let folder = corpus().file("hubei.txt", translated).file("plain.txt", &plain).index();
    let found = folder.search(["work", "--lang", "en-mt"]);
    found.assert_found(1).assert_top("hubei.txt");
    assert_eq!(found.hits()[0]["document"]["machine_translated"], true);
    folder.search(["work", "--lang", "en"]).assert_found(2);
    assert_eq!(folder.search(["rested"]).hits()[0]["document"]["machine_translated"], false);
}
