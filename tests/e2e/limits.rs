//! Limits on what one document can cost, and what the report says of those that are over one.

use super::support::*;

/// What the only failure of a run says.
fn reason(folder: &Folder, options: &[&str]) -> String {
    let summary = folder.run(["index", "docs", "--json"].iter().chain(options)).assert_ok().parsed();
    let failures = summary["failures"].as_array().unwrap();
    assert!(!failures.is_empty(), "{summary}");
    failures[0]["reason"].as_str().unwrap().to_string()
}

#[test]
fn memory_has_a_least_amount_and_an_index_made_in_it_is_the_same() {
    let folder =
        corpus().file("a.txt", "Ports\n\nThe dry port opened.").file("b.txt", "Rail\n\nThe railway reached it.");
    folder.run(["index", "docs", "--memory", "10MB"]).assert_code(2).assert_says("190 MB or more");
    folder.run(["index", "docs", "--memory", "190MB", "--threads", "8"]).assert_ok();
    folder.search(["port"]).assert_finds(&["a.txt"]);
}

#[test]
fn memory_of_a_document_is_bounded_and_small_ones_need_little() {
    let folder = corpus().file("small.txt", "Ports\n\nThe dry port opened.");
    let line = "The dry port sends trains to Europe every day of the week and takes others in at night.\n\n";
    folder.write("large.txt", line.repeat(600_000));
    let summary = folder
        .run(["index", "docs", "--json", "--max-memory", "1MB", "--max-file-size", "1GB", "--max-text", "1GB"])
        .assert_ok()
        .parsed();
    let failures = summary["failures"].as_array().unwrap();
    assert_eq!(failures.len(), 1, "{summary}");
    assert!(failures[0]["reason"].as_str().unwrap().contains("(--max-memory)"), "{summary}");
    folder.search(["port"]).assert_finds(&["small.txt"]);
}

#[test]
fn every_limit_bites_and_names_its_option() {
    let text = "Title\n\nThe dry port sends trains to Europe every day of the week.\n".repeat(40);
    for (name, bytes, option, value) in [
        ("a.txt", text.clone().into_bytes(), "max-file-size", "1k"),
        ("a.txt", text.clone().into_bytes(), "max-text", "1k"),
        ("a.docx", sample("docx/report.docx"), "max-text", "100"),
        ("a.pdf", sample("pdf/report.pdf"), "max-text", "100"),
        ("a.zip", sample("zip/reports.zip"), "max-members", "2"),
        ("a.zip", sample("zip/reports.zip"), "max-unpacked", "500"),
        ("a.zip", sample("zip/deep.zip"), "max-depth", "2"),
        ("a.docx", sample("broken/deep.docx"), "max-xml-depth", "50"),
        ("a.docx", sample("broken/xml-bomb.docx"), "max-entities", "1"),
        ("a.docx", sample("docx/report.docx"), "max-cells", "2"),
    ] {
        let folder = corpus();
        folder.write(name, bytes);
        let said = reason(&folder, &[&format!("--{option}"), value]);
        assert!(said.contains(&format!("(--{option})")), "{name}: {said}");
    }
}

#[test]
fn what_was_over_a_limit_is_tried_again_with_another_and_limits_are_remembered() {
    let folder = corpus();
    folder.write("a.txt", "Title\n\nThe dry port sends trains.\n".repeat(100));
    assert!(reason(&folder, &["--max-file-size", "1k"]).contains("is larger than 1 kB"));
    // As it was: listed again, not read.
    assert!(reason(&folder, &[]).contains("is larger than 1 kB"));
    folder.run(["index", "docs", "--max-file-size", "1MB"]).assert_ok();
    folder.search(["trains"]).assert_found(1);
    folder.run(["index", "docs", "--max-file-size", "many"]).assert_code(2).assert_says("give a number above 0");
}

#[test]
fn what_was_over_a_limit_is_tried_again_though_another_run_brought_the_new_one() {
    let folder = corpus();
    folder.write("a/big.txt", "Title\n\nThe dry port sends trains.\n".repeat(100));
    folder.write("b/small.txt", "Title\n\nThe river port sends ships.\n");
    folder.run(["index", "docs/a", "docs/b", "--max-file-size", "1k"]).assert_ok();
    folder.run(["index", "docs/b", "--max-file-size", "1MB"]).assert_ok();
    assert_eq!(folder.update(std::iter::empty::<&str>()), [0, 1, 1, 0, 0]);
    folder.search(["trains"]).assert_found(1);
}

#[test]
fn what_fails_before_a_limit_ends_a_file_is_listed_with_it() {
    let folder = corpus();
    folder.write(
        "lines.jsonl",
        "{\"id\": broken\n{\"text\": \"one\", \"title\": \"A\"}\n{\"text\": \"two\", \"title\": \"B\"}\n",
    );
    let summary = folder.run(["index", "docs", "--max-members", "2", "--json"]).assert_ok().parsed();
    let failures: Vec<&str> =
        summary["failures"].as_array().unwrap().iter().map(|f| f["reason"].as_str().unwrap()).collect();
    assert_eq!(failures.len(), 2, "{summary}");
    assert!(failures.iter().any(|f| f.contains("line 1")) && failures.iter().any(|f| f.contains("(--max-members)")));
    assert_eq!(folder.status()["documents"], 1);
}

#[test]
fn bombs_cost_themselves_and_nothing_else() {
    let folder = corpus();
    folder.write("bomb.zip", sample("zip/bomb.zip"));
    folder.write("good.txt", "Good\n\nThe dry port sends trains.");
    let said = reason(&folder, &["--max-unpacked", "20MB", "--max-file-size", "10MB"]);
    assert!(said.contains("(--max-"), "{said}");
    folder.search(["trains"]).assert_found(1);
}
