//! `dryport index --watch`: the index follows the folder.

use crate::support::{Folder, corpus};
use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Waits until a search ends with this code.
#[track_caller]
fn until(folder: &Folder, query: &str, code: i32) {
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(40) {
        if folder.path("index/dryport.json").exists() && folder.search([query]).code == Some(code) {
            return;
        }
        sleep(Duration::from_millis(100));
    }
    panic!("`{query}` never ended with {code}");
}

#[cfg(unix)]
#[test]
fn a_watched_folder_is_followed_until_a_polite_signal() {
    let folder = corpus().file("a.txt", "A\n\nA text about apples.");
    let command = folder.command(["index", "docs", "--watch"]).stderr(std::process::Stdio::piped()).spawn().unwrap();
    until(&folder, "apples", 0);
    folder.write("sub/b.txt", "B\n\nA text about bananas.");
    until(&folder, "bananas", 0);
    folder.write("a.txt", "A\n\nA text about cherries instead.");
    until(&folder, "cherries", 0);
    until(&folder, "apples", 1);
    folder.remove("sub/b.txt");
    until(&folder, "bananas", 1);
    // Moved away and back: what is known of it is kept meanwhile.
    fs::rename(folder.path("docs"), folder.path("away")).unwrap();
    sleep(Duration::from_millis(1500));
    folder.search(["cherries"]).assert_found(1);
    fs::rename(folder.path("away"), folder.path("docs")).unwrap();
    sleep(Duration::from_millis(600));
    folder.write("sub/d.txt", "D\n\nA text about dates.");
    until(&folder, "dates", 0);
    folder.search(["cherries"]).assert_found(1);
    // Somebody takes the index away: it is made again of the same folder. What cannot be read is said.
    fs::remove_dir_all(folder.path("index")).unwrap();
    folder.write("e.pdf", "%PDF-1.4\nnothing more");
    until(&folder, "dates", 0);
    folder.search(["cherries"]).assert_found(1);
    std::process::Command::new("kill").args(["-TERM", &command.id().to_string()]).status().unwrap();
    let output = command.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("docs/e.pdf: is damaged") && said.contains("docs: is not there"), "{said}");
    folder.run(["check"]).assert_ok();
}
