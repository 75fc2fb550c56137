//! The program killed at any moment, again and again, while documents come, change and go.
//!
//! `DRYPORT_KILLS=300 cargo test kills` kills it three hundred times; a few times if nothing is said.

use crate::support::{Folder, corpus};
use serde_json::Value;
use std::thread::sleep;
use std::time::Duration;

const DOCUMENTS: u64 = 240;

/// Numbers that look random and are the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

fn write(folder: &Folder, number: u64, version: u64) {
    let body = |what: &str| {
        format!("{what} number {number} was opened in version v{version} and serves the trade of Xinjiang. ").repeat(5)
    };
    let text = format!(
        "# Report {number}, 2021\n\n## Rails\n\n{}\n\n## Ports 无水港\n\n{}\n\n## Fields\n\n{}\n",
        body("Railway"),
        body("Dry port"),
        body("Farm")
    );
    folder.write(&format!("{:02}/{number}.md", number % 17), text);
}

fn write_table(folder: &Folder, version: u64) {
    let rows = (0..500).map(|row| format!("Row {row},The yard {row} of version v{version} took in trains from Gansu."));
    folder.write("table.csv", format!("title,text\n{}\n", rows.collect::<Vec<_>>().join("\n")));
}

/// What an index says, but for how long it took.
fn says(folder: &Folder, index: &str) -> Vec<Value> {
    let asked: [&[&str]; 7] = [
        &["search", "dry port", "--limit", "40", "--json"],
        &["search", "railway", "farm", "v3", "--limit", "40", "--json"],
        &["search", "\"port number 17\"", "--json"],
        &["search", "无水港", "--per-doc", "3", "--json"],
        &["search", "--region", "Xinjiang", "--limit", "700", "--json"],
        &["search", "yard*", "--no-collapse", "--limit", "100", "--json"],
        &["facets", "trade", "--json"],
    ];
    let answer = |args: &&[&str]| {
        let mut answer = folder.run(["--index", index].iter().chain(args.iter())).assert_ok().parsed();
        answer.as_object_mut().unwrap().remove("took_ms");
        answer
    };
    asked.iter().map(answer).collect()
}

#[test]
fn kills_at_any_moment_leave_what_the_last_commit_says() {
    let rounds: u64 = std::env::var("DRYPORT_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(6);
    let folder = corpus();
    let mut random = Random(rounds);
    (0..DOCUMENTS).for_each(|number| write(&folder, number, 0));
    write_table(&folder, 0);
    let mut committed = 0;
    for round in 1..=rounds {
        let mut child = folder.start(["index", "docs", "--commit-every", "0.02"]);
        sleep(Duration::from_millis(random.below(900)));
        child.kill().unwrap();
        child.wait().unwrap();
        let checked = folder.run(["check", "--json", "--sample", "60"]);
        if committed == 0 && checked.code == Some(2) {
            // Killed before there was anything.
            assert!(checked.stderr.contains("no index"), "{checked:?}");
            continue;
        }
        let checked = checked.assert_ok().parsed();
        assert_eq!(checked["count"], 0, "after kill {round}: {checked}");
        committed = checked["documents"].as_u64().unwrap();
        for _ in 0..random.below(30) {
            write(&folder, random.below(DOCUMENTS + 10), round);
        }
        if random.below(4) == 0 {
            write_table(&folder, round);
        }
        let gone = random.below(DOCUMENTS);
        let path = format!("{:02}/{gone}.md", gone % 17);
        if folder.doc(&path).exists() {
            folder.remove(&path);
        }
    }
    folder.run(["index", "docs"]).assert_ok();
    assert_eq!(folder.run(["check", "--json"]).assert_ok().parsed()["count"], 0);
    folder.run(["--index", "fresh", "index", "docs"]).assert_ok();
    let (after, fresh) = (says(&folder, "index"), says(&folder, "fresh"));
    assert_eq!(after, fresh, "an index with kills answers as one without");
}

#[test]
fn twenty_readers_and_a_second_writer_beside_a_writer() {
    let folder = corpus();
    (0..DOCUMENTS).for_each(|number| write(&folder, number, 0));
    folder.write("first.txt", "First\n\nThe first text is about apples.");
    folder.run(["index", "docs/first.txt"]).assert_ok();
    let mut writer = folder.start(["index", "docs", "--commit-every", "0.05"]);
    // Started first is not first to write: on a busy machine the second could take the lock before it.
    let holder = format!("process {} ", writer.id());
    while !std::fs::read_to_string(folder.path("index/writer.lock")).is_ok_and(|lock| lock.starts_with(&holder)) {
        assert!(writer.try_wait().unwrap().is_none(), "the writer never wrote");
        sleep(Duration::from_millis(1));
    }
    let mut refused = 0;
    for _ in 0..3 {
        let mut readers: Vec<_> = (0..20).map(|_| folder.start(["search", "apples"])).collect();
        let mut second = folder.start(["index", "docs"]);
        for reader in &mut readers {
            assert_eq!(reader.wait().unwrap().code(), Some(0));
        }
        refused += usize::from(second.wait().unwrap().code() == Some(2));
    }
    assert!(refused > 0 || writer.try_wait().unwrap().is_some());
    assert!(writer.wait().unwrap().success());
    folder.run(["index", "docs"]).assert_ok();
    assert_eq!(folder.run(["check", "--json"]).assert_ok().parsed()["documents"], DOCUMENTS + 1);
}

#[test]
fn a_damaged_index_is_said_to_be_and_made_anew() {
    let folder = corpus().file("a.txt", "A\n\nA text about apples.").file("b.txt", "B\n\nA text about pears.").index();
    folder.run(["check"]).assert_ok();
    let store = std::fs::read_dir(folder.path("index/generation-1")).unwrap().flatten().map(|e| e.path());
    let store = store.filter(|p| p.extension().is_some_and(|e| e == "store")).min().unwrap();
    let mut bytes = std::fs::read(&store).unwrap();
    bytes[10] ^= 4;
    std::fs::write(&store, bytes).unwrap();
    let refused = folder.search(["apples"]);
    refused.assert_code(2);
    assert!(refused.stderr.contains(".store` is not as it was written"), "{refused:?}");
    let checked = folder.run(["check", "--json"]);
    checked.assert_code(1);
    let faults = checked.parsed()["faults"].clone();
    assert!(faults[0].as_str().unwrap().contains(".store` is not as it was written"), "{faults}");
    // What is covered is known still.
    folder.run(["index", "--rebuild"]).assert_ok();
    folder.search(["apples"]).assert_found(1);
    folder.run(["check"]).assert_ok();
    // A file that is gone, and one that says what is there.
    let positions = std::fs::read_dir(folder.path("index/generation-2")).unwrap().flatten().map(|e| e.path());
    let positions = positions.filter(|p| p.extension().is_some_and(|e| e == "pos")).min().unwrap();
    std::fs::remove_file(positions).unwrap();
    for command in [&["search", "apples"][..], &["index"], &["status"]] {
        let refused = folder.run(command);
        refused.assert_code(2);
        refused.assert_hint("make it anew with `dryport index --rebuild FOLDER`");
        assert!(refused.stderr.contains(".pos` is not there"), "{refused:?}");
    }
    folder.run(["index", "--rebuild"]).assert_ok();
    std::fs::write(folder.path("index/dryport.json"), b"{\"format\":\xff}").unwrap();
    folder.run(["check"]).assert_code(1);
    folder.run(["index", "--rebuild"]).assert_ok();
    folder.search(["apples"]).assert_found(1);
}

#[cfg(unix)]
#[test]
fn others_can_search_between_the_commits_of_a_run() {
    use std::os::unix::fs::PermissionsExt;
    let folder = corpus();
    (0..DOCUMENTS).for_each(|number| write(&folder, number, 0));
    let mut writer = folder.start(["index", "docs", "--commit-every", "0"]);
    let mode = |name: &str| std::fs::metadata(folder.path(name)).map(|found| found.permissions().mode() & 0o777);
    let mut seen = 0;
    while writer.try_wait().unwrap().is_none() {
        if let (Ok(list), Ok(manifest)) = (mode("index/generation-1/meta.json"), mode("index/dryport.json")) {
            assert_eq!(list, manifest);
            seen += 1;
        }
        sleep(Duration::from_millis(1));
    }
    assert!(seen > 0 && writer.wait().unwrap().success());
}
