//! Keeps an index up to date as files come and go: waits until something changes beneath what is covered, lets it
//! settle, and runs the line again.
//!
//! What changed exactly does not matter here: the line knows each file by size and time. Where the system cannot tell of
//! changes (a network's disk, too many folders), it is asked by running now and then.

use super::{Report, Request, run};
use crate::error::{Error, Result};
use crate::index::{Location, Reader};
use crate::model::Date;
use crate::source;
use crossbeam_channel::{Receiver, RecvTimeoutError, unbounded};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How long it has to be quiet before a change is taken up: a file is written in several steps.
const SETTLE: Duration = Duration::from_millis(700);
/// How long a change waits at most where it is never quiet.
const WAIT_MAX: Duration = Duration::from_secs(5);
/// How often it is looked whether a folder was moved away or came back, and whether to stop.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How often to run where the system does not tell of changes, and after a run that failed.
const RUN_EVERY: Duration = Duration::from_secs(10);

/// Runs once, and then again whenever something changes, until it is told to stop. `told`: after each run.
/// Errors: those of the first run; later ones are told, and it is tried again.
pub fn watch(location: &Location, request: &Request, told: &mut dyn FnMut(&Result<Report>)) -> Result<()> {
    let first = run(location, request)?;
    let stopped = || request.stop.load(Ordering::Relaxed);
    let mut failed = false;
    told(&Ok(first));
    let index = source::absolute(location.folder());
    let (mut roots, mut seen) = watched(location, &index)?;
    // What changed before it was watched.
    let mut again = Some(Instant::now());
    let mut last = Instant::now();
    let mut changed: Option<(Instant, Instant)> = None;
    while !stopped() {
        if seen.changes(LOOK_EVERY) {
            let now = Instant::now();
            changed = Some((changed.map_or(now, |(first, _)| first), now));
        }
        if roots.iter().any(|root| root.is_other_now()) {
            (roots, seen) = watched(location, &index)?;
            again = Some(Instant::now());
        }
        let settled = changed.is_some_and(|(first, latest)| latest.elapsed() >= SETTLE || first.elapsed() >= WAIT_MAX);
        let due = (seen.is_blind() || failed) && last.elapsed() >= RUN_EVERY;
        if !(settled || due || again.is_some_and(|since| since.elapsed() >= SETTLE)) {
            continue;
        }
        (changed, again) = (None, None);
        let all = Request { rebuild: false, today: Date::today(), ..*request };
        let rest = Request { paths: &[], additions: &[], map: None, limits: &[], ..all };
        // Where somebody took the index away, it is made again of what it covered.
        let is_gone = matches!(location.current(), Err(Error::NoIndex { .. }));
        let covered: Vec<PathBuf> = roots.iter().map(|root| root.path.clone()).collect();
        let report = run(location, &if is_gone { Request { paths: &covered, ..all } } else { rest });
        last = Instant::now();
        failed = report.is_err();
        told(&report);
    }
    Ok(())
}

/// What the index covers now, watched.
fn watched(location: &Location, index: &Path) -> Result<(Vec<Root>, Watching)> {
    let paths: Vec<PathBuf> =
        Reader::open(location)?.payload().roots.iter().map(|root| source::path_of(root)).collect();
    let watching = Watching::new(&paths, index);
    Ok((paths.into_iter().map(Root::new).collect(), watching))
}

/// A covered folder, by what tells it from another of the same name.
struct Root {
    path: PathBuf,
    is: Option<(u64, u64)>,
}

impl Root {
    fn new(path: PathBuf) -> Root {
        let is = identity(&path);
        Root { path, is }
    }

    /// It went, or came back.
    fn is_other_now(&self) -> bool {
        identity(&self.path) != self.is
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let found = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_dir)?;
    Some((found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<(u64, u64)> {
    path.is_dir().then_some((0, 0))
}

/// What the system tells of changes.
struct Watching {
    told: Receiver<()>,
    /// None: it cannot tell of all.
    watcher: Option<RecommendedWatcher>,
}

impl Watching {
    fn new(roots: &[PathBuf], index: &Path) -> Watching {
        let (tell, told) = unbounded();
        let (index, folders) = (index.to_path_buf(), roots.to_vec());
        let is_wanted = move |path: &PathBuf| {
            let inside = folders
                .iter()
                .filter_map(|root| path.strip_prefix(root).ok())
                .min_by_key(|rest| rest.as_os_str().len());
            // Hidden files are left out of the index, but for what says what to leave out.
            let is_hidden = inside.is_some_and(|rest| {
                let mut names = rest.iter().map(|name| name.to_string_lossy());
                names.any(|name| name.starts_with('.') && name != ".dryportignore")
            });
            !path.starts_with(&index) && !is_hidden
        };
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let matters = match &event {
                Ok(event) if matches!(event.kind, EventKind::Access(_)) => false,
                Ok(event) => event.need_rescan() || event.paths.iter().any(&is_wanted),
                Err(_) => true,
            };
            if matters {
                let _ = tell.send(());
            }
        });
        let watcher = watcher.ok().and_then(|mut watcher| {
            // A folder that is not there is looked for; what is no folder is watched by the one it lies in.
            let places =
                roots.iter().filter_map(|root| if root.is_dir() { Some(root.as_path()) } else { root.parent() });
            for place in places.filter(|place| place.exists()) {
                let mode = if place.is_dir() && roots.iter().any(|r| r == place) {
                    RecursiveMode::Recursive
                } else {
                    RecursiveMode::NonRecursive
                };
                watcher.watch(place, mode).ok()?;
            }
            Some(watcher)
        });
        Watching { told, watcher }
    }

    fn is_blind(&self) -> bool {
        self.watcher.is_none()
    }

    /// Whether something changes within such a time.
    fn changes(&self, within: Duration) -> bool {
        match self.told.recv_timeout(within) {
            Ok(()) => {
                while self.told.try_recv().is_ok() {}
                true
            }
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(within);
                false
            }
        }
    }
}
