//! Kills, locks, readers beside a writer: with real processes.

use crate::support::{Folder, corpus};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::thread::sleep;
use std::time::Duration;

const DOCUMENTS: usize = 1_200;
const PLACES: [&str; 6] = ["Xinjiang", "Shaanxi", "Gansu", "Sichuan", "Henan", "Yunnan"];

/// A few hundred kilobytes of distinct reports, in three passages each.
fn many() -> Folder {
    let folder = corpus();
    for number in 0..DOCUMENTS {
        let place = PLACES[number % PLACES.len()];
        let body = |what: &str| {
            format!("{what} number {number} of {place} was opened and will serve the trade of the region. ").repeat(6)
        };
        let text = format!(
            "# Report {number} of {place}, 2021\n\n## Rails\n\n{}\n\n## Ports\n\n{}\n\n## Fields\n\n{}\n",
            body("Railway"),
            body("Dry port"),
            body("Farm")
        );
        folder.write(&format!("{:02}/{number}.md", number % 37), text);
    }
    folder
}

/// Every document is whole: as many passages as it says, none twice.
fn check(folder: &Folder) -> usize {
    let all = folder.run(["search", "--path", "*", "--per-doc", "100", "--limit", "100000", "--jsonl"]);
    let mut seen = BTreeSet::new();
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    for line in all.stdout.lines() {
        let hit: serde_json::Value = serde_json::from_str(line).unwrap();
        let document = hit["document"]["id"].as_str().unwrap().to_string();
        assert!(seen.insert((document.clone(), hit["passage"]["ordinal"].as_u64())), "a passage stands twice: {line}");
        *counts.entry(document).or_default() += 1;
    }
    assert!(counts.values().all(|c| *c == 3), "a document is not whole");
    let status = folder.status();
    assert_eq!(status["documents"], counts.len());
    assert_eq!(status["passages"], seen.len());
    counts.len()
}

fn answers(folder: &Folder) -> Vec<String> {
    let queries = [
        vec!["dry port"],
        vec!["railway", "farm"],
        vec!["\"port number 17\""],
        vec!["--region", "Gansu"],
        vec!["number 1*"],
    ];
    let answer = |query: Vec<&str>| {
        let found = folder.search(query.into_iter().chain(["--limit", "50", "--jsonl"]));
        assert_eq!(found.code, Some(0), "{found:?}");
        let lines = found.stdout.lines().map(|l| {
            let hit: serde_json::Value = serde_json::from_str(l).unwrap();
            format!("{} {} {}", folder.name(&hit), hit["passage"]["ordinal"], hit["passage"]["text"])
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    queries.into_iter().map(answer).collect()
}

#[test]
fn whenever_it_is_killed_the_index_is_whole_and_the_next_run_completes_it() {
    let folder = many();
    let mut child = folder.start(["index", "docs"]);
    sleep(Duration::from_millis(20));
    child.kill().unwrap();
    child.wait().unwrap();
    // What a run that ended has committed must survive all that come after it.
    folder.run(["index", "docs/00", "docs/01", "docs/02"]).assert_ok();
    let committed = check(&folder);
    assert!(committed >= 90, "{committed}");
    for delay in [5, 60, 150, 300, 500, 800] {
        let mut child = folder.start(["index", "docs"]);
        sleep(Duration::from_millis(delay));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(check(&folder) >= committed, "after {delay} ms a committed document is gone");
    }
    folder.run(["index", "docs"]).assert_ok();
    assert_eq!(check(&folder), DOCUMENTS);
    let once = answers(&folder);
    folder.run(["index", "docs", "--rebuild"]).assert_ok();
    assert_eq!(check(&folder), DOCUMENTS);
    assert_eq!(answers(&folder), once, "an index with kills answers as one without");
}

#[test]
fn a_killed_rebuild_leaves_the_index_as_it_was() {
    let folder = many().index();
    for delay in [100, 400] {
        let mut child = folder.start(["index", "docs", "--rebuild"]);
        sleep(Duration::from_millis(delay));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(check(&folder), DOCUMENTS);
    }
    folder.run(["index"]).assert_ok();
    let generations = fs::read_dir(folder.path("index")).unwrap().flatten();
    let left = generations.filter(|e| e.file_name().to_string_lossy().starts_with("generation-")).count();
    assert_eq!(left, 1, "what the rebuild left is cleared away");
}

#[test]
fn the_second_writer_says_who_holds_the_lock_and_readers_go_on() {
    let folder = corpus().file("a.txt", "A\n\nA text about apples.").index();
    let mut lock = File::options().write(true).truncate(true).open(folder.path("index/writer.lock")).unwrap();
    lock.lock().unwrap();
    lock.write_all(b"process 4711 (dryport)\n").unwrap();
    let outcome = folder.run(["index", "docs"]);
    outcome.assert_error("the index at `index` is being written by process 4711 (dryport)");
    outcome.assert_hint("wait for it to end, or stop it; searches can go on");
    folder.run(["forget", "docs"]).assert_code(2);
    folder.search(["apples"]).assert_found(1);
    drop(lock);
    folder.run(["index", "docs"]).assert_ok();
}

#[test]
fn readers_are_not_disturbed_by_a_writer() {
    let folder = many();
    folder.write("first.txt", "First\n\nThe first text is about apples.");
    folder.run(["index", "docs/first.txt"]).assert_ok();
    let mut child = folder.start(["index", "docs"]);
    let mut searched = 0;
    while child.try_wait().unwrap().is_none() {
        folder.search(["apples"]).assert_code(0);
        searched += 1;
    }
    assert!(searched > 0);
    assert_eq!(folder.status()["documents"], DOCUMENTS + 1);
    // While one generation replaces the other, too.
    let mut child = folder.start(["index", "--rebuild"]);
    while child.try_wait().unwrap().is_none() {
        folder.search(["apples"]).assert_code(0);
    }
    folder.search(["apples"]).assert_code(0);
}

#[test]
fn a_killed_update_leaves_every_document_old_or_new_and_never_half() {
    let folder = many().index();
    for number in 0..DOCUMENTS {
        let path = format!("{:02}/{number}.md", number % 37);
        let text = fs::read_to_string(folder.doc(&path)).unwrap();
        folder.write(&path, text.replace("was opened", "was newly widened"));
    }
    for delay in [100, 300, 600] {
        let mut child = folder.start(["index", "docs"]);
        sleep(Duration::from_millis(delay));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(check(&folder), DOCUMENTS);
        let all = folder.run(["search", "--path", "*", "--per-doc", "100", "--limit", "100000", "--jsonl"]);
        let mut widened = std::collections::BTreeMap::<String, usize>::new();
        for line in all.stdout.lines() {
            let hit: serde_json::Value = serde_json::from_str(line).unwrap();
            let new = usize::from(hit["passage"]["text"].as_str().unwrap().contains("newly widened"));
            *widened.entry(hit["document"]["id"].to_string()).or_default() += new;
        }
        assert!(widened.values().all(|passages| [0, 3].contains(passages)), "a document is half old and half new");
    }
    folder.run(["index", "docs"]).assert_ok();
    folder.search(["was newly widened"]).assert_code(0);
    folder.search(["\"was opened\""]).assert_nothing();
}

#[cfg(unix)]
#[test]
fn an_index_that_cannot_be_written_to_can_be_searched() {
    use std::os::unix::fs::PermissionsExt;
    let folder = corpus().file("a.txt", "A\n\nA text about apples.").index();
    let generation = folder.path("index/generation-1");
    let set = |mode| {
        for path in [&generation, &folder.path("index")] {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
        for entry in fs::read_dir(&generation).unwrap().flatten() {
            fs::set_permissions(entry.path(), fs::Permissions::from_mode(mode & 0o666)).unwrap();
        }
    };
    set(0o555);
    folder.search(["apples"]).assert_found(1);
    set(0o755);
}

#[cfg(unix)]
#[test]
fn a_polite_stop_keeps_what_was_read_and_says_so() {
    let folder = many();
    let mut command = folder.command(["index", "docs"]);
    let child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    sleep(Duration::from_millis(700));
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    // On a fast machine it may have been done by then.
    assert!(
        output.status.code() == Some(130) && said.contains("stopped: what was read is kept")
            || output.status.code() == Some(0) && said.contains("1200 new"),
        "{:?}: {said}",
        output.status.code()
    );
    let kept = check(&folder);
    assert!(kept > 0);
    folder.run(["index", "docs"]).assert_ok();
    assert_eq!(check(&folder), DOCUMENTS);
}
