//! What can be asked for: places and topics, and the terms of the glossary.

use crate::support::corpus;
use serde_json::Value;

fn list(args: &[&str]) -> Vec<Value> {
    corpus().run(args).assert_ok().parsed().as_array().unwrap().clone()
}

#[test]
fn regions_lists_every_province_with_code_and_both_names() {
    let folder = corpus();
    let listed = folder.run(["regions"]);
    for province in ["650000", "Xinjiang", "新疆维吾尔自治区", "Shaanxi", "Shanxi", "Hong Kong", "M-NE"] {
        listed.assert_ok().assert_shows(province);
    }
    let provinces = listed.stdout.lines().filter(|line| line.contains(" province ")).count();
    assert_eq!(provinces, 34);
}

#[test]
fn regions_of_a_name_lists_what_it_means_and_what_lies_in_it() {
    let folder = corpus();
    let listed = folder.run(["regions", "新疆"]);
    let first = listed.assert_ok().stdout.lines().next().unwrap();
    assert!(first.starts_with("650000") && first.ends_with("in China"), "{first}");
    listed.assert_shows("Urumqi 乌鲁木齐市  in Xinjiang, China").assert_hides("Gansu");
    assert_eq!(folder.run(["regions", "650000"]).stdout, listed.stdout);
    assert_eq!(folder.run(["regions", "xinjiang"]).stdout, listed.stdout);
}

#[test]
fn regions_of_a_shared_name_lists_all_it_can_mean() {
    let folder = corpus();
    let listed = folder.run(["regions", "Suzhou"]);
    listed.assert_shows("320500").assert_shows("341300");
}

#[test]
fn regions_as_json_have_code_level_names_and_what_they_lie_in() {
    let places = list(&["regions", "Urumqi", "--json"]);
    assert_eq!(places[0]["code"], "650100");
    assert_eq!(places[0]["level"], "prefecture");
    assert_eq!(places[0]["name"], "Urumqi");
    assert_eq!(places[0]["name_zh"], "乌鲁木齐市");
    assert_eq!(places[0]["within"], serde_json::json!(["650000", "100000"]));
    assert!(places[1..].iter().all(|place| place["within"][0] == "650100"), "{places:?}");
}

#[test]
fn every_listed_province_can_be_asked_for_by_each_of_its_names() {
    let index = crate::support::one("A port.");
    for place in list(&["regions", "--json"]) {
        for key in ["code", "name", "name_zh"] {
            index.search(["port", "--region", place[key].as_str().unwrap()]).assert_nothing();
        }
    }
}

#[test]
fn topics_are_listed_with_their_themes() {
    let folder = corpus();
    let listed = folder.run(["topics"]);
    listed.assert_ok().assert_shows("transport ").assert_shows("Transport and logistics 交通物流");
    let lines: Vec<&str> = listed.stdout.lines().collect();
    let topic = lines.iter().position(|line| line.starts_with("transport ")).unwrap();
    let theme = lines.iter().position(|line| line.starts_with("  dry-ports")).unwrap();
    assert!(theme > topic && lines[topic + 1..theme].iter().all(|line| line.starts_with("  ")));
}

#[test]
fn every_listed_topic_can_be_asked_for_by_each_of_its_names() {
    let index = crate::support::one("Nothing of note.");
    let topics = list(&["topics", "--json"]);
    assert!(topics.iter().any(|t| t["slug"] == "dry-ports" && t["topic"] == "transport"));
    let args: Vec<&str> =
        topics.iter().flat_map(|t| ["slug", "name", "name_zh"].map(|key| t[key].as_str().unwrap())).collect();
    // One run for all: an unknown one would be an error.
    index.search(args.iter().flat_map(|name| ["--topic", name])).assert_nothing();
    assert!(args.len() > 100);
}

#[test]
fn the_glossary_lists_concepts_with_their_terms() {
    let folder = corpus();
    let all = folder.run(["glossary"]);
    all.assert_ok().assert_shows("belt-and-road ").assert_shows("dry-port ").assert_shows(" = 陆港 | 无水港");
    let of = |term: &[&str]| folder.run(["glossary"].iter().chain(term)).assert_ok().stdout.clone();
    let ports = of(&["dry", "ports"]);
    assert_eq!(ports.lines().count(), 1);
    assert!(ports.starts_with("dry-port  ") && ports.contains("[land port]"), "{ports}");
    for term in ["無水港", "Inland Port", "dry-port"] {
        assert_eq!(of(&[term]), ports, "{term}");
    }
    assert!(of(&["班列"]).contains("block train"));
    let concepts = list(&["glossary", "BRI", "--json"]);
    assert_eq!(concepts.len(), 1);
    assert_eq!(concepts[0]["concept"], "belt-and-road");
    assert_eq!(concepts[0]["chinese"][0], "一带一路");
    assert_eq!(concepts[0]["capitals"][0], "BRI");
    assert!(concepts[0]["reached"].as_array().unwrap().is_empty());
}

#[test]
fn a_term_that_the_glossary_does_not_have_is_nothing_found() {
    let folder = corpus();
    let nothing = folder.run(["glossary", "dry prot"]);
    nothing.assert_code(1).assert_says("no concept has the term `dry prot`").assert_says("dry port");
    assert!(nothing.stdout.is_empty());
    assert_eq!(folder.run(["glossary", "xyzzy", "--json"]).assert_code(1).stdout.trim(), "[]");
}

#[test]
fn terms_of_ones_own_come_from_the_folder_and_no_document_is_read_again() {
    let folder =
        corpus().file("a.txt", "Yard\n\nThe Gateway East Yard loads trains day and night for the corridor.").index();
    folder.run(["glossary", "东门货场"]).assert_code(1);
    folder.write(
        "glossary.tsv",
        "concept\tenglish\tchinese\neast-yard\tGateway East Yard\t东门货场\ndry-port\trail yard\t\n",
    );
    assert_eq!(folder.update(["docs"]), [0, 0, 1, 0, 0], "the document stays as it is, the glossary is none");
    folder.run(["glossary", "东门货场"]).assert_ok().assert_shows("Gateway East Yard");
    folder.run(["glossary", "rail yards"]).assert_ok().assert_shows("dry-port");
    // A mistake leaves what was there.
    folder.write("glossary.tsv", "concept\tenglish\tchinese\neast-yard\tGateway East Yard\t场\n");
    folder.run(["index", "docs"]).assert_ok().assert_says("glossary.tsv: is not used: line 2: `场` is too short");
    folder.run(["glossary", "东门货场"]).assert_ok();
    folder.remove("glossary.tsv");
    assert_eq!(folder.update(["docs"]), [0, 0, 1, 0, 0]);
    folder.run(["glossary", "东门货场"]).assert_code(1);
}

#[test]
fn a_glossary_that_is_named_is_remembered_and_places_beside_it_still_count() {
    let folder = corpus().file("a.txt", "Yard\n\nThe Gateway East Yard loads trains day and night for the corridor.");
    let own = folder.path("own.tsv");
    std::fs::write(&own, "english\tchinese\nGateway East Yard\t东门货场\n").unwrap();
    folder.run(["index", "docs", "--glossary", "own.tsv"]).assert_ok();
    folder.write("places.toml", "[[place]]\nname = \"Gateway East Yard\"\nin = \"Horgos\"\n");
    assert_eq!(folder.update(["docs"]), [0, 1, 0, 0, 0]);
    folder.run(["glossary", "东门货场"]).assert_ok().assert_shows("gateway-east-yard");
    folder.search(["trains", "--region", "Horgos"]).assert_found(1);
    std::fs::write(&own, "english\tcolour\nGateway East Yard\tred\n").unwrap();
    folder
        .run(["index", "docs", "--glossary", "own.tsv"])
        .assert_code(2)
        .assert_says("line 1: there is no column `colour`");
    folder.run(["index", "docs", "--glossary", "none.tsv"]).assert_code(2).assert_says("is not there");
}
