//! `dryport show`: a document as it is indexed.

use crate::support::{Folder, corpus};

fn report() -> Folder {
    let long = "The region built rails and roads and sent out more trains than in any year before. ".repeat(3);
    let text =
        format!("# Work report of Gansu, 2021\n\n## Rails\n\n{long}\n\n## Ports\n\nLanzhou has a dry port. {long}\n");
    corpus().file("reports/gansu.md", &text).file("other.txt", "Other\n\nSomething else stands here.").index()
}

#[test]
fn a_document_is_shown_by_path_by_the_end_of_its_path_and_by_id() {
    let index = report();
    let id = index.search(["dry port"]).hits()[0]["document"]["id"].as_str().unwrap().to_string();
    for name in ["docs/reports/gansu.md", "gansu.md", "reports/gansu.md", id.as_str(), &id[..8]] {
        let shown = index.run(["show", name]);
        shown
            .assert_ok()
            .assert_shows("Work report of Gansu, 2021")
            .assert_shows("## Ports")
            .assert_shows("Lanzhou has a dry port.");
        shown.assert_shows(&id).assert_shows("report (title: Work report)");
    }
}

#[test]
fn it_begins_at_a_passage_and_marks_what_a_query_finds() {
    let index = report();
    let found = index.search(["dry port"]);
    let ordinal = found.hits()[0]["passage"]["ordinal"].as_u64().unwrap();
    let shown = index.run(["show", &format!("gansu.md#{ordinal}"), "--query", "dry port"]);
    shown.assert_ok().assert_shows("has a **dry port**.").assert_hides("## Rails");
}

#[test]
fn as_json_it_has_every_passage() {
    let index = report();
    let shown = index.run(["show", "gansu.md", "--json"]).assert_ok().parsed();
    assert_eq!(shown["issuer"]["code"], "620000");
    let passages = shown["passages"].as_array().unwrap();
    let ordinals: Vec<u64> = passages.iter().map(|p| p["ordinal"].as_u64().unwrap()).collect();
    assert_eq!(ordinals, (1..=passages.len() as u64).collect::<Vec<_>>());
    assert!(passages.iter().any(|p| p["heading"][0] == "Ports"));
}

#[test]
fn what_is_not_there_is_said_with_what_is_near() {
    let index = report();
    index.run(["show", "gans"]).assert_error("no document `gans` in the index").assert_says("gansu.md");
    index.run(["show", "nothing.txt"]).assert_error("no document `nothing.txt` in the index");
    let last = index.run(["show", "gansu.md", "--json"]).parsed()["passages"].as_array().unwrap().len();
    index.run(["show", "gansu.md#99"]).assert_error(&format!("the document has no passage 99: it has 1 to {last}"));
}

#[test]
fn a_name_of_several_documents_is_not_guessed() {
    let index = corpus().file("a/x.txt", "A\n\nFirst text.").file("b/x.txt", "B\n\nSecond text.").index();
    index.run(["show", "x.txt"]).assert_error("`x.txt` fits 2 documents").assert_says("/a/x.txt or ");
}
