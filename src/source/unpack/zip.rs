//! ZIP archives: every file in them, but for what systems leave there for themselves.
//!
//! Office documents and books are ZIPs, too; they are recognised before.

use super::{Container, Sink, placed};
use crate::error::Problem;
use crate::source::{Blob, Head, Package};

/// ZIP.
pub const CONTAINER: Container = Container {
    name: "zip",
    extensions: &["zip"],
    is_binary: true,
    recognises: |head: &Head| head.begins(b"PK\x03\x04") || head.begins(b"PK\x05\x06"),
    unpack,
};

fn unpack(blob: &Blob, sink: &mut Sink) -> Result<(), Problem> {
    let limits = sink.limits;
    let mut package = Package::open(&blob.bytes, limits)?;
    for (at, path) in package.members() {
        if path.ends_with(['/', '\\']) {
            continue;
        }
        let Some((folders, name)) = placed(&path).filter(|(folders, name)| !is_hidden(folders, name)) else { continue };
        let address = folders.iter().map(|f| format!("{f}/")).collect::<String>() + &name;
        let bytes = package.packed(at).and_then(|packed| sink.unpack(packed));
        match bytes {
            Ok(bytes) => sink.member(&address, Ok(Blob { folders, ..Blob::member(name, bytes) }))?,
            Err(problem) if sink.is_spent() => return Err(problem),
            Err(problem) => sink.member(&address, Err(problem))?,
        }
    }
    Ok(())
}

/// Whether a member is none that somebody wrote: hidden files as in folders, leavings of systems and
/// of programs that had a document open.
fn is_hidden(folders: &[String], name: &str) -> bool {
    folders.iter().chain([&name.to_string()]).any(|step| step.starts_with('.'))
        || folders.first().is_some_and(|f| f == "__MACOSX")
        || name.starts_with("~$")
        || ["Thumbs.db", "desktop.ini"].iter().any(|n| name.eq_ignore_ascii_case(n))
}

#[cfg(test)]
mod tests {
    use super::super::test::{lines, members, members_of};
    use super::*;
    use crate::source::{Limits, package::test::zip};

    #[test]
    fn members_keep_their_folders_and_leavings_are_passed_over() {
        let bytes = zip(&[
            ("2020/", b""),
            ("2020/新疆/report.txt", b"x"),
            ("__MACOSX/2020/._report.txt", b"x"),
            (".git/config", b"x"),
            ("2020/.DS_Store", b"x"),
            ("~$a.docx", b"x"),
        ]);
        let (members, result) = members(&CONTAINER, "a.zip", &bytes);
        assert_eq!(result, Ok(()));
        assert_eq!(members.len(), 1);
        let blob = members[0].1.as_ref().unwrap();
        assert_eq!((members[0].0.as_str(), blob.name.as_str()), ("2020/新疆/report.txt", "report.txt"));
        assert_eq!(blob.folders, ["a.zip", "2020", "新疆"]);
    }

    #[test]
    fn names_lead_nowhere_and_may_be_gbk() {
        let bytes =
            zip(&[("../a.txt", b"1"), ("/b/../c.txt", b"2"), ("d\\e.txt", b"3"), ("C:/f.txt", b"4"), ("..", b"5")]);
        assert_eq!(
            lines(&CONTAINER, "a.zip", &bytes),
            ["a.txt [a.txt] 1", "b/c.txt [c.txt] 2", "d/e.txt [e.txt] 3", "f.txt [f.txt] 4"]
        );
        // A name of the same length in bytes, GBK in place of ASCII.
        let mut bytes = zip(&[("abcd.txt", b"1")]);
        let gbk = encoding_rs::GBK.encode("武威").0.into_owned();
        while let Some(at) = memchr::memmem::find(&bytes, b"abcd") {
            bytes[at..at + 4].copy_from_slice(&gbk);
        }
        assert_eq!(lines(&CONTAINER, "a.zip", &bytes), ["武威.txt [武威.txt] 1"]);
    }

    #[test]
    fn one_damaged_member_does_not_hold_up_the_others() {
        let mut bytes = zip(&[("a.txt", &[b'a'; 500]), ("b.txt", b"good")]);
        let at = memchr::memmem::find(&bytes, b"a.txt").unwrap();
        bytes[at + 5..at + 9].copy_from_slice(&[0xff; 4]);
        let lines = lines(&CONTAINER, "a.zip", &bytes);
        assert!(lines[0].starts_with("a.txt: is damaged"), "{lines:?}");
        assert_eq!(lines[1], "b.txt [b.txt] good");
    }

    #[test]
    fn what_unpacks_to_more_than_allowed_ends_it_and_a_large_member_only_itself() {
        let bytes = zip(&[("a.txt", &[b'a'; 500]), ("b.txt", &[b'b'; 100]), ("c.txt", &[b'c'; 200])]);
        let limits = Limits { file: 300, unpacked: 450, ..Limits::default() };
        let (members, result) = members_of(&CONTAINER, &Blob::of_file("a.zip", bytes), &limits, &[]);
        assert_eq!(members[0].1.as_ref().unwrap_err(), &limits.over("max-file-size"));
        assert_eq!(members[1].1.as_ref().unwrap().bytes.len(), 100);
        assert_eq!((members.len(), result), (2, Err(limits.over("max-unpacked"))));
    }
}
