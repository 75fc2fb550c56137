//! Times whole programs that search folders of documents, side by side in one run, as far as they are installed.
//!
//! `cargo run --release --example peers -- FOLDER [--add FOLDER] [--work FOLDER] [--program FILE] [--phrase WORDS]
//! [--filter "ARGUMENTS"] [--queries FILE] [--runs N] [--only PROGRAM]` copies FOLDER to a new folder in the one for work, has each program index it, index it again
//! unchanged, add the documents of `--add`, and answer the phrase; then it prints a table. Seconds depend on the machine
//! and on what else it does: only figures of one run are to be compared. Times of a processor are of a program and all
//! that it starts; memory is that of its largest process, and of all at once. Linux only: the figures come from `/proc`.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Clock ticks of `/proc` a second, as Linux gives them to programs on every common machine.
const TICKS: f64 = 100.0;
/// Between two looks at the memory of a running program.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// A program that indexes folders, or reads them each time.
struct Peer {
    name: &'static str,
    version: String,
    /// Indexes, and brings up to date.
    index: Option<Command>,
    /// Answers the phrase, and the phrase with a filter if it has such.
    search: Command,
    filtered: Option<Command>,
    /// Answers a file of queries.
    many: Option<Command>,
    /// Where its index is.
    folder: PathBuf,
}

struct Given {
    documents: PathBuf,
    add: Option<PathBuf>,
    work: PathBuf,
    program: PathBuf,
    phrase: String,
    filter: Vec<String>,
    queries: Option<PathBuf>,
    runs: usize,
    /// The only program to be measured.
    only: Option<String>,
}

fn main() -> std::io::Result<()> {
    let Some(mut given) = given() else {
        eprintln!(
            "usage: peers FOLDER [--add FOLDER] [--work FOLDER] [--program FILE] [--phrase WORDS] [--filter ARGUMENTS] [--queries FILE] [--runs N] [--only PROGRAM]"
        );
        std::process::exit(2);
    };
    // A new folder: nothing that was there before is touched.
    std::fs::create_dir_all(&given.work)?;
    given.work = given.work.canonicalize()?.join(format!("dryport-peers-{}", std::process::id()));
    std::fs::create_dir(&given.work)?;
    let docs = given.work.join("docs");
    copy(&given.documents, &docs)?;
    let (files, bytes) = contents(&docs)?;
    println!("{}", machine());
    println!("{files} files, {:.1} MB\n", bytes as f64 / 1e6);
    let mut rows = Vec::new();
    let is_wanted = |peer: &Peer| given.only.as_deref().is_none_or(|only| only == peer.name);
    for mut peer in peers(&given, &docs)?.into_iter().filter(is_wanted) {
        eprintln!(".. {} {}", peer.name, peer.version);
        rows.push(measure(&mut peer, &given, &docs)?);
    }
    let columns = [
        "program",
        "index s",
        "index CPU s",
        "largest MB",
        "all MB",
        "index MB",
        "unchanged s",
        "added s",
        "phrase ms",
        "filtered ms",
        "not cached ms",
        "queries a CPU s",
    ];
    println!("| {} |\n|{}", columns.join(" | "), "---|".repeat(columns.len()));
    for row in rows {
        println!("| {} |", row.join(" | "));
    }
    std::fs::remove_dir_all(&given.work)?;
    Ok(())
}

fn given() -> Option<Given> {
    let mut options: HashMap<String, String> = HashMap::new();
    let mut folder = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.strip_prefix("--") {
            Some(option) => drop(options.insert(option.to_string(), arguments.next()?)),
            None => folder = Some(PathBuf::from(argument)),
        }
    }
    let path = |option: &str| options.get(option).map(PathBuf::from);
    let beside = std::env::current_exe().ok()?.parent()?.parent()?.join("dryport");
    Some(Given {
        documents: folder.filter(|f| f.is_dir())?,
        add: path("add"),
        work: path("work").unwrap_or_else(std::env::temp_dir),
        program: path("program").unwrap_or(beside),
        phrase: options.get("phrase").cloned().unwrap_or_else(|| "dry port".into()),
        filter: options
            .get("filter")
            .map_or("--region Xinjiang --year 2020", String::as_str)
            .split_whitespace()
            .map(str::to_string)
            .collect(),
        queries: path("queries"),
        runs: options.get("runs").and_then(|n| n.parse().ok()).unwrap_or(9),
        only: options.get("only").cloned(),
    })
}

/// Those that are installed.
fn peers(given: &Given, docs: &Path) -> std::io::Result<Vec<Peer>> {
    let command = |program: &str, arguments: &[&dyn AsRef<std::ffi::OsStr>]| {
        let mut command = Command::new(program);
        for argument in arguments {
            command.arg(argument);
        }
        command
    };
    let mut out = Vec::new();
    let quoted = format!("\"{}\"", given.phrase);
    let program = given.program.to_string_lossy().into_owned();
    if let Some(version) = version(&program, "--version") {
        let folder = given.work.join("dryport.index");
        let search = || command(&program, &[&"search", &quoted, &"--index", &folder]);
        let mut filtered = search();
        filtered.args(&given.filter);
        out.push(Peer {
            name: "dryport",
            version,
            index: Some(command(&program, &[&"index", &docs, &"--index", &folder])),
            search: search(),
            filtered: Some(filtered),
            many: given.queries.as_ref().map(|q| command(&program, &[&"search", &"--queries", q, &"--index", &folder])),
            folder,
        });
    }
    if let Some(version) = version("recollq", "-v") {
        let folder = given.work.join("recoll");
        std::fs::create_dir_all(&folder)?;
        // By itself it yields to all other programs, which is no measure of its speed.
        let settings =
            format!("topdirs = {}\nindexstemminglanguages = english\nloglevel = 2\nidxniceprio = 0\n", docs.display());
        std::fs::write(folder.join("recoll.conf"), settings)?;
        out.push(Peer {
            name: "recoll",
            version,
            index: Some(command("recollindex", &[&"-c", &folder])),
            search: command("recollq", &[&"-c", &folder, &"-n", &"10", &"-A", &quoted]),
            filtered: None,
            many: None,
            folder: folder.join("xapiandb"),
        });
    }
    if let Some(version) = version("omindex", "--version") {
        let folder = given.work.join("omega");
        out.push(Peer {
            name: "Xapian Omega",
            version,
            index: Some(command("omindex", &[&"--db", &folder, &"--url", &"/", &"--stemmer=english", &docs])),
            search: command("quest", &[&"-d", &folder, &"-m", &"10", &"-s", &"english", &quoted]),
            filtered: None,
            many: None,
            folder,
        });
    }
    if let Some(version) = version("rg", "--version") {
        let pattern = given.phrase.split_whitespace().collect::<Vec<_>>().join(r"\s+");
        out.push(Peer {
            name: "ripgrep",
            version,
            index: None,
            search: command("rg", &[&"-c", &"-i", &"-U", &pattern, &docs]),
            filtered: None,
            many: None,
            folder: given.work.join("none"),
        });
    }
    Ok(out)
}

/// What a program says of its version; none if it is not there.
fn version(program: &str, option: &str) -> Option<String> {
    let said = Command::new(program).arg(option).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned();
    Some(text.lines().next().unwrap_or_default().trim().to_string())
}

fn measure(peer: &mut Peer, given: &Given, docs: &Path) -> std::io::Result<Vec<String>> {
    let mut row = vec![format!("{} ({})", peer.name, peer.version)];
    let added = docs.join("added");
    if let Some(index) = &mut peer.index {
        let first = run(index)?;
        let size = contents(&peer.folder)?.1;
        let again: Vec<f64> = (0..3).map(|_| Ok(run(index)?.wall)).collect::<std::io::Result<_>>()?;
        let mut more = None;
        if let Some(add) = &given.add {
            copy(add, &added)?;
            more = Some(run(index)?.wall);
        }
        row.push(format!("{:.1}", first.wall));
        row.push(format!("{:.1}", first.cpu));
        row.push(format!("{:.0}", first.largest / 1e6));
        row.push(format!("{:.0}", first.all / 1e6));
        row.push(format!("{:.1}", size as f64 / 1e6));
        row.push(format!("{:.3}", median(again)));
        row.push(more.map_or("-".into(), |s| format!("{s:.2}")));
    } else {
        row.extend(std::iter::repeat_n("-".to_string(), 7));
    }
    let times = |command: &mut Command, runs: usize, before: &dyn Fn() -> std::io::Result<()>| {
        let all = (0..runs).map(|_| before().and_then(|()| Ok(run(command)?.wall * 1e3)));
        Ok::<_, std::io::Error>(format!("{:.1}", median(all.collect::<std::io::Result<_>>()?)))
    };
    let nothing = || Ok(());
    row.push(times(&mut peer.search, given.runs, &nothing)?);
    row.push(match &mut peer.filtered {
        Some(command) => times(command, given.runs, &nothing)?,
        None => "-".into(),
    });
    let folder = peer.folder.clone();
    row.push(match peer.index {
        Some(_) => times(&mut peer.search, 5, &|| forget_pages(&folder))?,
        None => "-".into(),
    });
    row.push(match (&mut peer.many, &given.queries) {
        (Some(command), Some(queries)) => {
            let text = std::fs::read_to_string(queries)?;
            let count = text.lines().filter(|l| !l.trim().is_empty()).count();
            let once = (0..3).map(|_| Ok(run(command)?.cpu)).collect::<std::io::Result<_>>()?;
            format!("{:.0}", count as f64 / median(once).max(1.0 / TICKS))
        }
        _ => "-".into(),
    });
    let _ = std::fs::remove_dir_all(&added);
    Ok(row)
}

/// What a run took: seconds and bytes.
struct Took {
    wall: f64,
    cpu: f64,
    largest: f64,
    all: f64,
}

fn run(command: &mut Command) -> std::io::Result<Took> {
    let before = of_children();
    let started = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let ended = AtomicBool::new(false);
    let (pid, ended) = (child.id(), &ended);
    let (largest, all) = std::thread::scope(|scope| {
        let memory = scope.spawn(move || {
            let (mut largest, mut all) = (0.0f64, 0.0f64);
            while !ended.load(Ordering::Relaxed) {
                let each: Vec<f64> = family(pid).into_iter().map(resident).collect();
                largest = each.iter().copied().fold(largest, f64::max);
                all = all.max(each.iter().sum());
                std::thread::sleep(LOOK_EVERY);
            }
            (largest, all)
        });
        let waited = child.wait();
        let wall = started.elapsed().as_secs_f64();
        ended.store(true, Ordering::Relaxed);
        // 1 is for nothing found.
        if waited.as_ref().is_ok_and(|status| !matches!(status.code(), Some(0 | 1))) {
            eprintln!("!! it failed: {command:?}");
        }
        waited.map(|_| (wall, memory.join().unwrap_or_default()))
    })
    .map(|(wall, (largest, all))| ((wall, largest), all))?;
    let (wall, largest) = largest;
    Ok(Took { wall, cpu: of_children() - before, largest, all })
}

/// Seconds of a processor that ended children have taken, with their own.
fn of_children() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name, which may have blanks: the 14th and 15th of what follows.
    let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = rest.split_whitespace().skip(13).take(2).filter_map(|n| n.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS
}

/// A process and all that it started.
fn family(pid: u32) -> Vec<u32> {
    let mut out = vec![pid];
    let Ok(threads) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return out };
    for thread in threads.flatten() {
        let children = std::fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        out.extend(children.split_whitespace().filter_map(|c| c.parse().ok()).flat_map(family));
    }
    out
}

/// Bytes of memory of a process.
fn resident(pid: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find_map(|l| l.strip_prefix("VmRSS:"));
    line.and_then(|l| l.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0) * 1024.0
}

/// Lets the system forget what it keeps of files in memory.
fn forget_pages(folder: &Path) -> std::io::Result<()> {
    for file in files(folder)? {
        let file = std::fs::File::open(file)?;
        file.sync_all()?;
        rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed)?;
    }
    Ok(())
}

fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { out.extend(files(&path)?) } else { out.push(path) }
    }
    Ok(out)
}

/// Files in a folder, and bytes in them.
fn contents(folder: &Path) -> std::io::Result<(usize, u64)> {
    let all = files(folder)?;
    Ok((all.len(), all.iter().filter_map(|f| Some(f.metadata().ok()?.len())).sum()))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let (path, target) = entry.map(|e| (e.path(), to.join(e.file_name())))?;
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            std::fs::copy(&path, &target)?;
        }
    }
    Ok(())
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The processor, how many, and how much memory.
fn machine() -> String {
    let read = |file: &str, name: &str| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|l| l.starts_with(name)).unwrap_or_default().to_string();
        line.split_once(':').map(|(_, value)| value.trim().to_string()).unwrap_or_default()
    };
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let system: OsString = std::env::consts::OS.into();
    format!(
        "{} x {}, {}, {}",
        processors,
        read("/proc/cpuinfo", "model name"),
        read("/proc/meminfo", "MemTotal"),
        system.to_string_lossy()
    )
}
