//! What can be asked for: places and topics.

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
