//! What lies in folders beside plain files with plain names.

#![cfg(unix)]

use crate::support::{Folder, corpus};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

fn pipe(folder: &Folder, path: &str) {
    assert!(std::process::Command::new("mkfifo").arg(folder.path(path)).status().unwrap().success());
}

#[test]
fn names_that_are_no_text_name_files_all_the_same() {
    let folder = corpus().file("a%FF.txt", "A\n\nA text about apples.");
    let odd = folder.doc("").join(OsStr::from_bytes(b"dir\xfe"));
    std::fs::create_dir(&odd).unwrap();
    std::fs::write(folder.doc("").join(OsStr::from_bytes(b"a\xff.txt")), "B\n\nA text about bananas.").unwrap();
    std::fs::write(odd.join("c.txt"), "C\n\nA text about cherries.").unwrap();
    for expected in [[3, 0, 0, 0, 0], [0, 0, 3, 0, 0]] {
        assert_eq!(folder.update(["docs"]), expected);
    }
    for word in ["apples", "bananas", "cherries"] {
        folder.search([word]).assert_found(1);
    }
    assert!(folder.search(["bananas"]).stdout.contains("a\u{fffd}FF.txt"));
    // Named itself, and gone.
    let folder = corpus();
    let odd = folder.doc("").join(OsStr::from_bytes(b"dir\xfe"));
    std::fs::create_dir(&odd).unwrap();
    std::fs::write(odd.join("c.txt"), "C\n\nA text about cherries.").unwrap();
    let index = |args: &[&OsStr]| folder.command(args).output().unwrap();
    assert!(index(&[OsStr::new("index"), odd.as_os_str()]).status.success());
    folder.search(["cherries"]).assert_found(1);
    std::fs::remove_file(odd.join("c.txt")).unwrap();
    assert_eq!(folder.update(Vec::<String>::new()), [0, 0, 0, 1, 0]);
}

#[test]
fn pipes_are_never_waited_for() {
    let folder = corpus().file("a.txt", "A\n\nA text about apples.");
    pipe(&folder, "docs/pipe.txt");
    assert_eq!(folder.update(["docs"]), [1, 0, 0, 0, 0]);
    folder.run(["index", "docs/pipe.txt"]).assert_error("docs/pipe.txt: is neither a file nor a folder");
    folder.run(["inspect", "docs/pipe.txt"]).assert_code(2);
}

#[test]
fn what_is_no_index_is_left_alone() {
    let folder = corpus().file("a.txt", "A\n\nA text about apples.");
    let thesis = folder.path("mine/generation-2020/thesis.txt");
    std::fs::create_dir_all(thesis.parent().unwrap()).unwrap();
    std::fs::write(&thesis, "years of work").unwrap();
    folder.run(["--index", "mine", "index", "docs"]).assert_error("`mine` holds other files and is no index");
    assert!(thesis.exists());
}
