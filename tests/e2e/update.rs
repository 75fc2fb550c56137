//! Bringing the index up to date: what changed and nothing else.

use crate::support::{Folder, corpus};
use std::fs::{self, File};
use std::time::{Duration, SystemTime};

fn three() -> Folder {
    corpus()
        .file("a.txt", "A\n\nThe first text is about apples.")
        .file("b.txt", "B\n\nThe second text is about bridges.")
        .file("sub/c.txt", "C\n\nThe third text is about canals.")
}

fn set_time(folder: &Folder, name: &str, seconds: u64) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    File::options().write(true).open(folder.doc(name)).unwrap().set_modified(time).unwrap();
}

#[test]
fn new_changed_unchanged_and_removed_files_are_told_apart() {
    let folder = three();
    assert_eq!(folder.update(["docs"]), [3, 0, 0, 0, 0]);
    assert_eq!(folder.update(["docs"]), [0, 0, 3, 0, 0]);
    folder.write("a.txt", "A\n\nThe first text is about apricots.");
    folder.remove("b.txt");
    folder.write("d.txt", "D\n\nThe fourth text is about dams.");
    assert_eq!(folder.update(["docs"]), [1, 1, 1, 1, 0]);
    folder.search(["apples"]).assert_nothing();
    folder.search(["bridges"]).assert_nothing();
    folder.search(["apricots"]).assert_found(1);
    assert_eq!(folder.indexed(), ["a.txt", "d.txt", "sub/c.txt"]);
}

#[test]
fn a_file_that_was_only_touched_is_known_by_its_content() {
    let folder = three().index();
    set_time(&folder, "a.txt", 1_000_000_000);
    assert_eq!(folder.update(["docs"]), [0, 0, 3, 0, 0]);
    folder.search(["apples"]).assert_found(1);
    assert_eq!(folder.status()["documents"], 3);
}

#[test]
fn what_has_the_same_size_and_time_is_not_read_again() {
    let folder = three();
    set_time(&folder, "a.txt", 1_000_000_000);
    let folder = folder.index();
    // As long as before and as old as before: only reading it could tell.
    folder.write("a.txt", "A\n\nThe first text is about grapes.");
    set_time(&folder, "a.txt", 1_000_000_000);
    assert_eq!(folder.update(["docs"]), [0, 0, 3, 0, 0]);
    assert_eq!(folder.update(["docs", "--rebuild"]), [3, 0, 0, 0, 0]);
    folder.search(["grapes"]).assert_found(1);
}

#[test]
fn only_beneath_the_named_paths_is_anything_removed() {
    let folder = three().index();
    folder.remove("a.txt");
    folder.remove("sub/c.txt");
    assert_eq!(folder.update(["docs/sub"]), [0, 0, 0, 1, 0]);
    assert_eq!(folder.indexed(), ["a.txt", "b.txt"]);
    assert_eq!(folder.update(Vec::<String>::new()), [0, 0, 1, 1, 0]);
    assert_eq!(folder.indexed(), ["b.txt"]);
}

#[test]
fn naming_a_folder_adds_it_and_index_alone_refreshes_all_that_is_covered() {
    let folder = three();
    fs::create_dir(folder.path("more")).unwrap();
    fs::write(folder.path("more/m.txt"), "M\n\nMore text about mills.").unwrap();
    assert_eq!(folder.update(["docs"]), [3, 0, 0, 0, 0]);
    assert_eq!(folder.update(["more"]), [1, 0, 0, 0, 0]);
    fs::write(folder.path("more/n.txt"), "N\n\nNew text about nets.").unwrap();
    folder.write("a.txt", "A\n\nThe first text is now about ants.");
    assert_eq!(folder.update(Vec::<String>::new()), [1, 1, 3, 0, 0]);
    assert_eq!(folder.status()["covers"].as_array().unwrap().len(), 2);
}

#[test]
fn without_a_path_and_without_an_index_corpus_is_indexed() {
    let folder = corpus();
    folder.run(["index"]).assert_error("`corpus` is not there");
    fs::create_dir(folder.path("corpus")).unwrap();
    fs::write(folder.path("corpus/m.txt"), "M\n\nMore text about mills.").unwrap();
    assert_eq!(folder.update(Vec::<String>::new()), [1, 0, 0, 0, 0]);
}

#[test]
fn a_forgotten_folder_goes_and_stays_away_until_it_is_named_again() {
    let folder = three().index();
    folder.run(["forget", "docs/sub"]).assert_ok();
    folder.search(["canals"]).assert_nothing();
    assert_eq!(folder.update(Vec::<String>::new()), [0, 0, 2, 0, 0]);
    assert!(folder.doc("sub/c.txt").exists());
    assert_eq!(folder.update(["docs/sub"]), [1, 0, 0, 0, 0]);
    folder.run(["forget", "docs"]).assert_ok();
    assert_eq!(folder.status()["documents"], 0);
    assert_eq!(folder.status()["covers"].as_array().unwrap().len(), 0);
    folder.run(["forget", "docs"]).assert_error("the path to forget cannot be `docs`");
}

#[test]
fn a_folder_that_is_out_of_reach_keeps_what_is_known() {
    let folder = three().index();
    fs::rename(folder.path("docs"), folder.path("away")).unwrap();
    let outcome = folder.run(["index"]);
    outcome.assert_ok().assert_says("is not there; what the index holds of it is kept");
    assert_eq!(folder.status()["documents"], 3);
    fs::rename(folder.path("away"), folder.path("docs")).unwrap();
    assert_eq!(folder.update(Vec::<String>::new()), [0, 0, 3, 0, 0]);
}

#[test]
fn a_single_file_that_was_named_and_is_gone_is_removed() {
    let folder = three();
    assert_eq!(folder.update(["docs/a.txt"]), [1, 0, 0, 0, 0]);
    folder.remove("a.txt");
    assert_eq!(folder.update(Vec::<String>::new()), [0, 0, 0, 1, 0]);
}

#[test]
fn a_file_that_cannot_be_read_is_listed_while_the_run_goes_on() {
    let folder = three();
    folder.write("bad.txt", b"\x00\x01\x02\x03 binary \x00\x04\x05");
    folder.write("empty.html", b"");
    let outcome = folder.run(["index", "docs"]);
    outcome.assert_ok().assert_says("failed docs/bad.txt: is binary data, not text");
    outcome
        .assert_says("failed docs/empty.html: is empty")
        .assert_says("3 new, 0 changed, 0 unchanged, 0 removed, 2 failed");
    folder.run(["index", "docs", "--strict"]).assert_code(1);
    let status = folder.status();
    assert_eq!(status["documents"], 3);
    let failures = status["failures"].as_array().unwrap();
    assert_eq!(failures.len(), 2);
    assert_eq!(failures[0]["reason"], "is binary data, not text");
    assert!(failures[0]["path"].as_str().unwrap().ends_with("docs/bad.txt"));
}

#[test]
fn a_failed_file_is_tried_again_when_it_changes() {
    let folder = three();
    folder.write("bad.txt", b"\x00\x01\x02\x03 binary \x00\x04\x05");
    let folder = folder.index();
    folder.write("bad.txt", "Good\n\nNow it is a text about gates.");
    folder.update(["docs"]);
    folder.search(["gates"]).assert_found(1);
    assert_eq!(folder.status()["failures"].as_array().unwrap().len(), 0);
    folder.run(["index", "docs", "--strict"]).assert_code(0);
}

#[test]
fn a_document_that_turns_bad_is_found_no_more() {
    let folder = three().index();
    folder.write("a.txt", b"\x00\x01\x02\x03 binary \x00\x04\x05");
    folder.run(["index", "docs"]).assert_ok();
    folder.search(["apples"]).assert_nothing();
    assert_eq!(folder.status()["documents"], 2);
}

#[test]
fn formats_that_are_not_read_are_counted_and_not_listed() {
    let folder = three();
    folder.write("a.png", b"\x89PNG\r\n\x1a\n\0\0");
    folder.write("page_files/style.css", b"p { }");
    let outcome = folder.run(["index", "docs", "--strict"]);
    outcome.assert_code(0).assert_says("skipped, of formats that are not read: 1 .css, 1 a PNG image");
    assert_eq!(folder.status()["skipped"]["a PNG image"], 1);
}

#[test]
fn hidden_and_ignored_files_and_the_index_itself_are_left_out() {
    let folder = three();
    folder.write(".hidden.txt", "Hidden text about hills.");
    folder.write(".git/x.txt", "Hidden text about hills.");
    folder.write("drafts/x.txt", "Draft text about ducks.");
    folder.write(".dryportignore", "drafts/\n");
    folder.run(["--index", "docs/index", "index", "docs"]).assert_ok();
    fs::write(folder.path("docs/index/notes.txt"), "A note about newts.").unwrap();
    folder.run(["--index", "docs/index", "index", "docs"]).assert_ok();
    let status = folder.run(["--index", "docs/index", "status", "--json"]).parsed();
    assert_eq!(status["documents"], 3);
}

#[test]
fn the_index_is_where_the_option_or_the_environment_says() {
    let folder = three();
    folder.run_with(["index", "docs"], &[("DRYPORT_INDEX", "elsewhere")]).assert_ok();
    assert!(folder.path("elsewhere/dryport.json").exists());
    folder.run(["--index", "elsewhere", "search", "apples"]).assert_ok();
    folder.run(["search", "apples"]).assert_error("no index at `index`");
}

#[test]
fn searching_in_a_folder_indexes_it_first_and_looks_nowhere_else() {
    let folder = three();
    folder.search(["canals", "--in", "docs"]).assert_found(1).assert_top("sub/c.txt");
    folder.search(["apples", "--in", "docs/sub"]).assert_nothing();
    folder.write("sub/d.txt", "D\n\nThe fourth text is about dams.");
    folder.search(["dams", "--in", "docs/sub"]).assert_found(1);
    folder.search(["dams", "--in", "nowhere"]).assert_error("`nowhere` is not there");
}

#[test]
fn an_index_of_another_format_is_refused_and_made_anew_on_demand() {
    let folder = three().index();
    fs::write(folder.path("index/dryport.json"), "{\"format\": 999, \"generation\": \"generation-1\"}").unwrap();
    for command in [vec!["search", "apples"], vec!["status"], vec!["index"], vec!["show", "a.txt"]] {
        let outcome = folder.run(command);
        outcome.assert_error(&format!(
            "the index at `index` has format 999, this dryport reads format {}",
            dryport::index::FORMAT
        ));
        outcome.assert_hint("make it anew with `dryport index --rebuild FOLDER`");
    }
    assert_eq!(folder.update(["docs", "--rebuild"]), [3, 0, 0, 0, 0]);
    folder.search(["apples"]).assert_found(1);
}

#[test]
fn a_field_that_no_passage_had_is_searched_as_soon_as_one_has() {
    let folder = three().index();
    folder.search(["heading:harbours"]).assert_nothing();
    folder.write("d.md", "# D\n\n## Harbours\n\nThe fourth text is about dates.");
    folder.update(["docs"]);
    folder.search(["heading:harbours"]).assert_found(1);
    folder.search(["harbours"]).assert_found(1);
    folder.remove("d.md");
    folder.update(["docs"]);
    folder.search(["harbours"]).assert_nothing();
    folder.search(["apples"]).assert_found(1);
}

#[test]
fn a_rebuild_keeps_what_is_covered() {
    let folder = three().index();
    assert_eq!(folder.update(["--rebuild"]), [3, 0, 0, 0, 0]);
    assert_eq!(folder.update(Vec::<String>::new()), [0, 0, 3, 0, 0]);
}

#[test]
fn a_folder_of_documents_is_never_taken_for_an_index() {
    let folder = three();
    let before = fs::read_dir(folder.path("docs")).unwrap().count();
    folder.run(["--index", "docs", "index", "docs"]).assert_error("`docs` holds other files and is no index");
    assert_eq!(fs::read_dir(folder.path("docs")).unwrap().count(), before);
}

#[test]
fn the_users_files_are_never_changed() {
    let folder = three().index();
    let read = || {
        ["a.txt", "b.txt", "sub/c.txt"]
            .map(|n| (fs::read(folder.doc(n)).unwrap(), folder.doc(n).metadata().unwrap().modified().unwrap()))
    };
    let before = read();
    folder.update(["docs", "--rebuild"]);
    folder.run(["forget", "docs"]).assert_ok();
    assert!(read() == before);
}
