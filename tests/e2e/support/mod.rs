//! Small folders of documents, the real binary run over them, and what is asked of its answers.

use serde_json::Value;
use std::cell::OnceCell;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// The folder that documents lie in, beneath the temporary one.
pub const DOCS: &str = "docs";

/// Variables that would change what the program does.
const ENVIRONMENT: [&str; 5] = ["NO_COLOR", "DRYPORT_INDEX", "COLUMNS", "CLICOLOR_FORCE", "RUST_BACKTRACE"];

/// A temporary folder: documents in `docs`, the index in `index`.
pub struct Folder {
    temp: TempDir,
}

/// An empty folder to put documents in.
pub fn corpus() -> Folder {
    let temp = tempfile::Builder::new().prefix("e2e-").tempdir().unwrap();
    fs::create_dir(temp.path().join(DOCS)).unwrap();
    Folder { temp }
}

/// A sample document: its content.
pub fn sample(path: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples").join(path)).unwrap()
}

/// A document of one sentence, long enough to stand for itself.
pub fn one(text: &str) -> Folder {
    corpus().file("a.txt", text).index()
}

impl Folder {
    /// With a text file.
    pub fn file(self, path: &str, text: &str) -> Folder {
        self.bytes(path, text.as_bytes())
    }

    /// With a file of these bytes.
    pub fn bytes(self, path: &str, bytes: &[u8]) -> Folder {
        self.write(path, bytes);
        self
    }

    /// Brought into the index.
    #[track_caller]
    pub fn index(self) -> Folder {
        self.run(["index", DOCS]).assert_ok();
        self
    }

    /// Writes a document, with the folders it lies in.
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.doc(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.doc(path)).unwrap();
    }

    /// Where a document lies.
    pub fn doc(&self, path: &str) -> PathBuf {
        self.path(DOCS).join(path)
    }

    /// A path beneath the temporary folder.
    pub fn path(&self, path: &str) -> PathBuf {
        self.temp.path().join(path)
    }

    /// The program, about to run in the temporary folder.
    pub fn command<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(&self, args: I) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dryport"));
        command.args(args).current_dir(self.temp.path()).stdin(Stdio::null());
        for name in ENVIRONMENT {
            command.env_remove(name);
        }
        command
    }

    /// Starts the program and does not wait.
    pub fn start<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(&self, args: I) -> Child {
        self.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Runs the program to its end.
    #[track_caller]
    pub fn run<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(&self, args: I) -> Outcome<'_> {
        self.run_with(args, &[])
    }

    /// The same with variables of the environment.
    #[track_caller]
    pub fn run_with<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(
        &self,
        args: I,
        environment: &[(&str, &str)],
    ) -> Outcome<'_> {
        let args: Vec<String> = args.into_iter().map(|a| a.as_ref().to_string_lossy().into_owned()).collect();
        let output = self.command(&args).envs(environment.iter().copied()).output().unwrap();
        let outcome = Outcome {
            folder: self,
            args,
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
            json: OnceCell::new(),
        };
        let faults = ["panicked", "internal error", "stack overflow"];
        assert!(!faults.iter().any(|f| outcome.stderr.contains(f)), "a fault of the program: {outcome:?}");
        assert!(matches!(outcome.code, Some(0..=2)), "an exit code that is not promised: {outcome:?}");
        outcome
    }

    /// Searches.
    #[track_caller]
    pub fn search<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(&self, args: I) -> Outcome<'_> {
        let args = args.into_iter().map(|a| a.as_ref().to_os_string());
        self.run([OsStr::new("search").to_os_string()].into_iter().chain(args))
    }

    /// What one document is taken for.
    #[track_caller]
    pub fn inspect(&self, path: &str) -> Value {
        self.run(["inspect", "--json", &format!("{DOCS}/{path}")]).assert_ok().parsed()
    }

    /// What the index holds.
    #[track_caller]
    pub fn status(&self) -> Value {
        self.run(["status", "--json"]).assert_ok().parsed()
    }

    /// Refreshes the index and returns the summary: new, changed, unchanged, removed, failed.
    #[track_caller]
    pub fn update<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(&self, args: I) -> [u64; 5] {
        let args = args.into_iter().map(|a| a.as_ref().to_os_string());
        let all = ["index", "--json"].map(|a| OsStr::new(a).to_os_string()).into_iter().chain(args);
        let summary = self.run(all).assert_ok().parsed();
        ["new", "changed", "unchanged", "removed", "failed"].map(|key| summary[key].as_u64().unwrap())
    }

    /// The names of the documents in the index, in order.
    #[track_caller]
    pub fn indexed(&self) -> Vec<String> {
        let found: Value = self.run(["search", "--path", "*", "--limit", "100000", "--no-collapse", "--json"]).parsed();
        let mut names: Vec<String> = found["hits"].as_array().unwrap().iter().map(|hit| self.name(hit)).collect();
        names.sort();
        names
    }

    /// The name of a hit's document, from the folder of documents.
    #[track_caller]
    pub fn name(&self, hit: &Value) -> String {
        let root = self.path("").canonicalize().unwrap();
        let path = Path::new(hit["document"]["path"].as_str().unwrap());
        let path = path.strip_prefix(root).expect("no document is from elsewhere");
        path.strip_prefix(DOCS).unwrap_or(path).to_str().unwrap().to_string()
    }
}

/// How a run ended, and what it wrote.
pub struct Outcome<'a> {
    folder: &'a Folder,
    args: Vec<String>,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    json: OnceCell<Value>,
}

impl std::fmt::Debug for Outcome<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let short = |text: &str| text.chars().take(3_000).collect::<String>();
        let args: Vec<String> = self.args.iter().map(|a| format!("{:?}", short(a))).collect();
        writeln!(f, "dryport {} → {:?}", args.join(" "), self.code)?;
        write!(f, "--- stdout\n{}\n--- stderr\n{}", short(&self.stdout), short(&self.stderr))
    }
}

impl Outcome<'_> {
    /// The same search as JSON.
    #[track_caller]
    pub fn json(&self) -> &Value {
        if let Some(known) = self.json.get() {
            return known;
        }
        let (command, rest) = self.args.split_first().unwrap();
        let args = [command.as_str(), "--json"].into_iter().chain(rest.iter().map(String::as_str));
        let outcome = self.folder.run(args);
        assert_eq!(outcome.code, self.code, "text and JSON end alike: {self:?}");
        let value = outcome.parsed();
        self.json.get_or_init(|| value)
    }

    /// Standard output, which is JSON.
    #[track_caller]
    pub fn parsed(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("no JSON ({e}): {self:?}"))
    }

    #[track_caller]
    pub fn hits(&self) -> &[Value] {
        self.json()["hits"].as_array().unwrap()
    }

    /// The names of the documents found, best first.
    #[track_caller]
    pub fn names(&self) -> Vec<String> {
        self.hits().iter().map(|hit| self.folder.name(hit)).collect()
    }

    /// The documents found, in order of names.
    #[track_caller]
    pub fn assert_finds(&self, expected: &[&str]) -> &Self {
        let mut names = self.names();
        names.sort();
        assert_eq!(names, expected, "{self:?}");
        self
    }

    /// So many hits, and exit code 0.
    #[track_caller]
    pub fn assert_found(&self, count: usize) -> &Self {
        assert_eq!((self.code, self.hits().len()), (Some(0), count), "{self:?}");
        self
    }

    /// The best hit is of this document.
    #[track_caller]
    pub fn assert_top(&self, name: &str) -> &Self {
        assert_eq!(self.names().first().map(String::as_str), Some(name), "{self:?}");
        self
    }

    /// The best hit's snippet, its matches in brackets, contains this.
    #[track_caller]
    pub fn assert_snippet(&self, marked: &str) -> &Self {
        let shown = self.hits().first().map(|hit| bracketed(&hit["snippet"])).unwrap_or_default();
        assert!(shown.contains(marked), "{marked:?} is not in {shown:?}: {self:?}");
        self
    }

    /// Nothing: exit code 1, and not a byte on standard output.
    #[track_caller]
    pub fn assert_nothing(&self) -> &Self {
        assert_eq!((self.code, self.stdout.as_str()), (Some(1), ""), "{self:?}");
        self
    }

    #[track_caller]
    pub fn assert_ok(&self) -> &Self {
        self.assert_code(0)
    }

    #[track_caller]
    pub fn assert_code(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }

    /// An error: exit code 2, nothing on standard output, and this line on standard error.
    #[track_caller]
    pub fn assert_error(&self, line: &str) -> &Self {
        assert_eq!((self.code, self.stdout.as_str()), (Some(2), ""), "{self:?}");
        assert_eq!(self.stderr.lines().next(), Some(format!("error: {line}").as_str()), "{self:?}");
        self
    }

    /// What can be done is on a line of its own.
    #[track_caller]
    pub fn assert_hint(&self, hint: &str) -> &Self {
        let last = self.stderr.lines().last().unwrap_or_default();
        assert_eq!(last, format!("hint: {hint}"), "{self:?}");
        self
    }

    /// Standard error says this somewhere.
    #[track_caller]
    pub fn assert_says(&self, text: &str) -> &Self {
        assert!(self.stderr.contains(text), "{text:?} is not said: {self:?}");
        self
    }

    /// Standard error says nothing of this.
    #[track_caller]
    pub fn assert_says_not(&self, text: &str) -> &Self {
        assert!(!self.stderr.contains(text), "{text:?} is said: {self:?}");
        self
    }

    /// Standard output shows this somewhere.
    #[track_caller]
    pub fn assert_shows(&self, text: &str) -> &Self {
        assert!(self.stdout.contains(text), "{text:?} is not shown: {self:?}");
        self
    }

    #[track_caller]
    pub fn assert_hides(&self, text: &str) -> &Self {
        assert!(!self.stdout.contains(text), "{text:?} is shown: {self:?}");
        self
    }
}

/// The characters of a text from one to another.
pub fn cut(text: &str, from: usize, to: usize) -> String {
    text.chars().skip(from).take(to - from).collect()
}

/// A snippet with its highlights in brackets.
pub fn bracketed(snippet: &Value) -> String {
    let text = snippet["text"].as_str().unwrap();
    let mut out = String::new();
    let mut at = 0;
    for range in snippet["highlights"].as_array().unwrap() {
        let (from, to) = (range[0].as_u64().unwrap() as usize, range[1].as_u64().unwrap() as usize);
        out.push_str(&format!("{}[{}]", cut(text, at, from), cut(text, from, to)));
        at = to;
    }
    out + &cut(text, at, text.chars().count())
}

/// The strings of a list.
#[track_caller]
pub fn strings(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect()
}

/// The codes of a list of regions.
#[track_caller]
pub fn codes(regions: &Value) -> Vec<&str> {
    regions.as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect()
}
