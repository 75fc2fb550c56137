use super::*;
use serde::de::DeserializeOwned;

#[test]
fn words_come_through_whole_or_not_at_all() {
    let mut pipe = Vec::new();
    put(&mut pipe, &"one").unwrap();
    put(&mut pipe, &vec![1, 2]).unwrap();
    let mut input = pipe.as_slice();
    assert_eq!(get::<String>(&mut input).as_deref(), Some("one"));
    assert_eq!(get::<Vec<u8>>(&mut input), Some(vec![1, 2]));
    assert_eq!(get::<String>(&mut input), None);
    assert_eq!(take(&mut &pipe[..6]).unwrap(), None);
    assert!(take(&mut &[0xff, 0xff, 0xff, 0xff, 0][..]).is_err());
}

/// A program that is this script, in a folder.
#[cfg(unix)]
fn program(script: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("worker");
    std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    (folder, program)
}

fn setup(limits: Limits) -> Setup {
    Setup { limits, today: crate::model::Date::parse_iso("2026-01-01").unwrap(), map: Vec::new() }
}

fn job(path: &Path, key: &str) -> Job {
    Job { path: path.into(), key: key.into(), known: None, rules: Vec::new(), skip: 0 }
}

/// What comes of a file when the program that should read it is this script.
#[cfg(unix)]
fn read_by(script: &str, limits: Limits) -> Vec<Reply> {
    let (_folder, program) = program(script);
    let (setup, job) = (setup(limits), job(&program, "/a"));
    let mut replies = Vec::new();
    FileReader::new(Some(&program), &setup, Vocabulary::builtin()).read(&job, None, &mut |reply| {
        replies.push(reply);
        true
    });
    replies
}

/// A shell command that says a word.
fn say(json: &str) -> String {
    format!("printf '\\{:03o}\\000\\000\\000%s' '{json}'", json.len())
}

#[cfg(unix)]
fn end(replies: Vec<Reply>) -> (usize, Option<Problem>) {
    let count = replies.len() - 1;
    match replies.into_iter().last() {
        Some(Reply::Done(done)) => (count, done.problem),
        other => panic!("the last word is {other:?}"),
    }
}

#[cfg(unix)]
#[test]
fn a_worker_that_hangs_is_ended() {
    let limits = Limits { seconds: 1, ..Limits::default() };
    let (_, problem) = end(read_by("exec sleep 100", limits.clone()));
    assert_eq!(problem, Some(limits.over("max-time")));
}

#[cfg(unix)]
#[test]
fn a_worker_that_dies_costs_what_it_was_reading() {
    let opening = say(r#"{"Opening":{"member":"a.html","format":"html"}}"#);
    let (_, problem) = end(read_by("kill -11 $$", Limits::default()));
    assert!(problem.unwrap().to_string().starts_with("makes its reader fail"));
    let (_, problem) = end(read_by("kill -9 $$", Limits::default()));
    assert!(matches!(problem, Some(Problem::Io(_))), "{problem:?}");
    let replies = read_by(&format!("{opening}; kill -11 $$"), Limits::default());
    let blamed = |r: &&Reply| matches!(r, Reply::Failed { member, .. } if member == "a.html");
    assert_eq!(replies.iter().filter(blamed).count() as u64, DEATHS_MAX - 1, "{replies:?}");
    let said = "echo 'memory allocation of 99 bytes failed' >&2; kill -6 $$";
    assert_eq!(end(read_by(said, Limits::default())).1, Some(Limits::default().over("max-memory")));
    let nonsense = say("nonsense");
    assert!(matches!(end(read_by(&nonsense, Limits::default())).1, Some(Problem::Internal(_))));
}

#[cfg(unix)]
#[test]
fn a_worker_is_told_of_the_next_file_once_and_another_if_it_is_dead() {
    let done = say(r#"{"Done":{"fingerprint":null,"hash":"","bytes":1,"same":false,"problem":null}}"#);
    let read_both = |script: &str| {
        let (folder, program) = program(script);
        let (setup, one, two) = (setup(Limits::default()), job(&program, "/one"), job(&program, "/two"));
        let mut reader = FileReader::new(Some(&program), &setup, Vocabulary::builtin());
        let mut ended = Vec::new();
        for (job, next) in [(&one, Some(&two)), (&two, None)] {
            reader.read(job, next, &mut |reply| {
                ended.push(matches!(reply, Reply::Done(Done { problem: None, .. })));
                true
            });
        }
        assert_eq!(ended, [true, true], "{script}");
        drop(reader);
        String::from_utf8_lossy(&std::fs::read(folder.path().join("told")).unwrap_or_default()).into_owned()
    };
    // It says that it is done when it has been told of both.
    let told = "cd $(dirname $0); exec 3<&0; cat <&3 >told & until grep -q /two told; do sleep 0.1; done";
    let told = read_both(&format!("{told}; {done}; {done}; wait"));
    assert_eq!(told.matches("/two").count(), 1, "{told}");
    read_both(&format!("{done}; exit 1"));
}

#[cfg(unix)]
#[test]
fn without_a_worker_files_are_read_here() {
    let setup = setup(Limits::default());
    let file = tempfile::Builder::new().suffix(".txt").tempfile().unwrap();
    std::fs::write(file.path(), "Title\n\nText about a dry port.").unwrap();
    let job = job(file.path(), "/a.txt");
    let mut documents = 0;
    let nowhere = Path::new("/nowhere/at/all");
    FileReader::new(Some(nowhere), &setup, Vocabulary::builtin()).read(&job, None, &mut |reply| {
        documents += u64::from(matches!(reply, Reply::Document { .. }));
        true
    });
    assert_eq!(documents, 1);
}

fn get<T: DeserializeOwned>(input: &mut &[u8]) -> Option<T> {
    take(input).unwrap().map(|bytes| serde_json::from_slice(&bytes).unwrap())
}
