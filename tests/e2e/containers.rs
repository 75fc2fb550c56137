//! Files that hold many documents, from indexing to showing: archives, mail boxes, feeds, tables.

use super::support::*;
use std::fs;

/// Documents with their paths in the folder, titles and years.
fn hits(folder: &Folder, args: &[&str]) -> Vec<(String, String)> {
    let found = folder.search(args.iter().copied().chain(["--json", "--per-doc", "9", "--limit", "99"])).parsed();
    let root = folder.doc("").to_string_lossy().into_owned();
    let root = fs::canonicalize(root).unwrap().to_string_lossy().into_owned() + "/";
    let text = |value: &serde_json::Value| value.as_str().unwrap().replace(&root, "");
    let list = found["hits"].as_array().unwrap().iter();
    list.map(|h| (text(&h["document"]["path"]), text(&h["document"]["title"]))).collect()
}

#[test]
fn members_of_archives_are_found_shown_and_inspected() {
    let folder = corpus();
    folder.write("reports.zip", sample("zip/reports.zip"));
    let folder = folder.index();
    let found = hits(&folder, &["walnut", "dry port", "--region", "Xinjiang"]);
    assert!(found.iter().any(|(path, _)| path == "reports.zip!/2020/xinjiang/aksu.html"), "{found:?}");
    // In an archive in the archive, too.
    let inner = hits(&folder, &["lamp", "Turpan"]);
    assert!(inner.iter().any(|(path, _)| path == "reports.zip!/2020/more.zip!/deep notes.txt"), "{inner:?}");
    let shown = folder.run(["show", "docs/reports.zip!/2020/xinjiang/korla.txt"]);
    shown.assert_ok();
    assert!(shown.stdout.contains("The pears of Korla wait"));
    let several = folder.run(["show", "docs/reports.zip"]);
    assert_eq!(several.code, Some(2), "{several:?}");
    assert!(several.stderr.contains("fits"), "{several:?}");
    let one = folder.inspect("reports.zip!/2020/xinjiang/aksu.html");
    assert_eq!(one["title"], "Aksu walnuts find a train");
    assert_eq!(one["format"], "html");
    let list = folder.run(["inspect", "docs/reports.zip"]);
    list.assert_ok();
    assert!(list.stdout.contains("2020/xinjiang/korla.txt: Korla pears wait"), "{}", list.stdout);
    // What lies outside by its name is a name only, and what the system put there is no document.
    assert!(!folder.path("escape.txt").exists() && !list.stdout.contains("__MACOSX"));
}

#[test]
fn an_archive_is_replaced_as_a_whole_and_removed_as_a_whole() {
    let folder = corpus();
    folder.write("box.mbox", sample("mbox/three.mbox"));
    folder.write("a.txt", "A\n\nThe first text is about apples.");
    let folder = folder.index();
    assert_eq!(folder.status()["documents"], 4);
    assert_eq!(folder.update(["docs"]), [0, 0, 2, 0, 0]);
    // Only its time changes: what is known stays.
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(60);
    fs::File::options().write(true).open(folder.doc("box.mbox")).unwrap().set_modified(later).unwrap();
    assert_eq!(folder.update(["docs"]), [0, 0, 2, 0, 0]);
    assert_eq!(folder.status()["documents"], 4);
    folder.write("box.mbox", sample("eml/plain.eml"));
    assert_eq!(folder.update(["docs"])[1], 1);
    assert_eq!(folder.status()["documents"], 2);
    folder.remove("box.mbox");
    assert_eq!(folder.update(["docs"])[3], 1);
    assert_eq!(folder.status()["documents"], 1);
}

#[test]
fn a_member_that_cannot_be_read_is_listed_every_time_and_the_others_are_found() {
    let folder = corpus();
    folder.write("lines.jsonl", "{\"id\": \"a\", \"title\": \"First\", \"text\": \"A text about apples.\"}\n{\"id\": broken\n{\"id\": \"c\", \"title\": \"Third\", \"text\": \"A text about cherries.\"}\n");
    let first = folder.run(["index", "docs", "--json"]).assert_ok().parsed();
    let listed = |summary: &serde_json::Value| summary["failures"].as_array().unwrap().len();
    assert_eq!(listed(&first), 1, "{first}");
    assert!(first["failures"][0]["path"].as_str().unwrap().contains("lines.jsonl!/"), "{first}");
    let again = folder.run(["index", "docs", "--json"]).assert_ok().parsed();
    assert_eq!((again["unchanged"].as_u64(), listed(&again)), (Some(1), 1), "{again}");
    assert_eq!(folder.status()["failures"].as_array().unwrap().len(), 1);
    folder.search(["cherries"]).assert_found(1);
    folder.run(["index", "docs", "--strict"]).assert_code(1);
}

#[test]
fn a_table_says_what_its_rows_are_and_the_user_what_its_columns_are() {
    let folder = corpus();
    folder.write(
        "clips.csv",
        "nr,headline,story,when,where\n1,Trains,\"The dry port sends trains.\",2019-05-01,Gansu\n2,Ships,\"The river port sends ships.\",2020-06-02,Hubei\n",
    );
    // Its columns are not known: it says so, and what to do.
    let outcome = folder.run(["index", "docs"]);
    outcome.assert_ok();
    assert!(outcome.stderr.contains("--map text=COLUMN"), "{}", outcome.stderr);
    let map = ["--map", "text=story", "--map", "title=headline", "--map", "date=when", "--map", "region=where"];
    folder.run(["index", "docs"].into_iter().chain(map)).assert_ok();
    let found = hits(&folder, &["trains", "--region", "Gansu", "--year", "2019"]);
    assert_eq!(found, [("clips.csv!/1".to_string(), "Trains".to_string())]);
    let document = folder.search(["ships", "--json"]).parsed()["hits"][0]["document"].clone();
    assert_eq!(document["date"], "2020-06-02");
    assert_eq!(document["found_in"]["date"], "column");
    // It is remembered.
    folder.write("more.csv", "headline,story\nPlanes,\"The airport sends planes.\"\n");
    folder.write("usual.csv", "title,text\nBarges,\"The canal carries barges.\"\n");
    assert_eq!(folder.update(["docs"]), [2, 0, 1, 0, 0]);
    folder.search(["planes"]).assert_found(1);
    folder.search(["barges"]).assert_found(1);
    folder.run(["index", "docs", "--map", "colour=x"]).assert_code(2).assert_says("there is no field `colour`");
    folder.run(["index", "docs", "--map", "text=nothing"]).assert_ok().assert_says("has no column `nothing`");
}

#[test]
fn the_number_of_a_row_is_no_year() {
    let rows: String = (0..2021).map(|_| "{\"text\": \"The river carries barges and the sun shines.\"}\n").collect();
    let folder = corpus().file("l.jsonl", &rows).index();
    assert_eq!(folder.status()["documents"], 2021);
    folder.search(["barges", "--year", "1950..2026"]).assert_nothing();
}

#[test]
fn a_mapping_serves_files_that_know_the_text_by_another_name() {
    let folder = corpus();
    folder.write("a.json", "[{\"headline\": \"A\", \"story\": \"The dry port sends trains.\"}]");
    folder.write("b.json", "{\"data\": [{\"title\": \"B\", \"content\": \"The river port sends ships.\"}]}");
    folder.run(["index", "docs", "--map", "text=story"]).assert_ok();
    folder.search(["trains"]).assert_found(1);
    folder.search(["ships"]).assert_found(1);
}

#[test]
fn passages_of_a_paged_document_have_pages_and_no_bytes() {
    let folder = corpus();
    folder.write("report.pdf", sample("pdf/report.pdf"));
    let folder = folder.index();
    let hit = folder.search(["boarding schools", "--json"]).parsed()["hits"][0].clone();
    assert_eq!(hit["passage"]["page"], 3, "{hit}");
    assert!(hit["passage"].get("bytes").is_none(), "{hit}");
    assert!(folder.search(["boarding schools"]).stdout.contains("p. 3"));
    // A phrase that a line end broke.
    folder.search(["\"dry port\""]).assert_ok();
    folder.search(["\"infrastructure work\""]).assert_ok();
}
