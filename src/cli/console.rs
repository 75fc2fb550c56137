//! Standard output and error, colour, width, progress: the only place that asks for a terminal.

use super::{Cli, Exit};
use clap::CommandFactory;
use dryport::ingest::{Progress, Report};
use dryport::present::Look;
use dryport::present::escape::terminal;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::time::Duration;

/// Failures listed one by one; the rest are counted.
const FAILURES_SHOWN: usize = 20;

/// Where a command writes.
pub struct Console {
    out: BufWriter<io::Stdout>,
    colour_out: bool,
    colour_err: bool,
    links: bool,
}

impl Console {
    /// `colour` forces colours on or off.
    pub fn new(colour: Option<bool>) -> Console {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
            || std::env::var_os("TERM").is_some_and(|t| t == "dumb");
        let on = |is_terminal: bool| colour.unwrap_or(is_terminal && !plain);
        let to_terminal = io::stdout().is_terminal();
        Console {
            out: BufWriter::new(io::stdout()),
            colour_out: on(to_terminal),
            colour_err: on(io::stderr().is_terminal()),
            links: on(to_terminal) && to_terminal,
        }
    }

    /// Standard output: results and nothing else.
    pub fn out(&mut self) -> &mut dyn Write {
        &mut self.out
    }

    /// What standard output can show.
    pub fn look(&self) -> Look {
        let here = std::env::current_dir()
            .map(|d| dryport::source::key_of(&dryport::source::absolute(&d)))
            .unwrap_or_default();
        Look {
            colour: self.colour_out,
            links: self.links.then(host),
            width: if io::stdout().is_terminal() { width() } else { None },
            here,
        }
    }

    /// A line on standard error.
    pub fn say(&self, text: &str) {
        // Nobody to tell is no reason to stop.
        let _ = writeln!(io::stderr(), "{}", terminal(text));
    }

    /// An error, and what can be done.
    pub fn error(&self, text: &str, hint: Option<&str>) {
        let (red, bold, off) = if self.colour_err { ("\x1b[1;31m", "\x1b[1m", "\x1b[0m") } else { ("", "", "") };
        let _ = writeln!(io::stderr(), "{red}error:{off} {}", terminal(text));
        if let Some(hint) = hint {
            let _ = writeln!(io::stderr(), "{bold}hint:{off} {}", terminal(hint));
        }
    }

    /// A progress bar on a terminal; nothing elsewhere.
    pub fn progress(&self) -> ProgressBar {
        let target = if io::stderr().is_terminal() {
            ProgressDrawTarget::stderr_with_hz(10)
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        let style = ProgressStyle::with_template("{spinner} {elapsed} {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }

    /// What documents of each format came to, on standard error.
    pub fn formats(&self, report: &Report) {
        let title = ["format", "documents", "failures", "MB", "characters", "seconds", "MB/s"];
        let row = |c: [&str; 7]| {
            self.say(&format!("{:<10} {:>9} {:>8} {:>9} {:>11} {:>8} {:>7}", c[0], c[1], c[2], c[3], c[4], c[5], c[6]));
        };
        row(title);
        for (name, count) in &report.formats {
            let (megabytes, seconds) = (count.bytes as f64 / 1e6, count.micros as f64 / 1e6);
            row([
                name,
                &count.documents.to_string(),
                &count.failures.to_string(),
                &format!("{megabytes:.2}"),
                &count.characters.to_string(),
                &format!("{seconds:.2}"),
                &format!("{:.1}", megabytes / seconds.max(1e-6)),
            ]);
        }
    }

    /// What a run did, on standard error.
    pub fn summary(&self, report: &Report) {
        let here = self.look().here;
        let short =
            |path: &str| path.strip_prefix(here.as_str()).and_then(|p| p.strip_prefix('/')).unwrap_or(path).to_string();
        for (path, problem) in report.failures.iter().take(FAILURES_SHOWN) {
            self.say(&format!("failed {}: {problem}", short(path)));
        }
        let more = (report.failures.len() as u64).saturating_sub(FAILURES_SHOWN as u64) + report.unlisted;
        if more > 0 {
            self.say(&format!("… and {more} more; `dryport status` lists them"));
        }
        if !report.skipped.is_empty() {
            let list: Vec<String> = report.skipped.iter().map(|(what, count)| format!("{count} {what}")).collect();
            self.say(&format!("skipped, of formats that are not read: {}", list.join(", ")));
        }
        let counts = format!(
            "{} new, {} changed, {} unchanged, {} removed, {} failed; {} passages in {:.1} s ({:.1} MB/s)",
            report.added,
            report.changed,
            report.unchanged,
            report.removed,
            report.failures.len(),
            report.passages,
            report.took.as_secs_f64(),
            report.megabytes_per_second(),
        );
        self.say(&match report {
            Report { discarded: true, .. } => "stopped: the index is as it was before the rebuild".to_string(),
            Report { stopped: true, .. } => format!("stopped: what was read is kept; {counts}"),
            _ => counts,
        });
    }
}

/// What a progress bar says.
pub fn progress_line(progress: &Progress) -> String {
    format!("{} files, {} passages, {:.1} MB", progress.files, progress.passages, progress.bytes as f64 / 1e6)
}

fn width() -> Option<usize> {
    let given = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    given.or_else(|| terminal_size::terminal_size().map(|(width, _)| width.0.into()))
}

/// This machine's name, which links to files carry.
fn host() -> String {
    let name =
        std::fs::read_to_string("/proc/sys/kernel/hostname").or_else(|_| std::fs::read_to_string("/etc/hostname"));
    name.map(|n| n.trim().to_string()).unwrap_or_default()
}

/// Says what clap says of an argument: help as it is, an error as one line and a hint.
pub fn usage(error: &clap::Error) -> Exit {
    use clap::error::ErrorKind;
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let _ = error.print();
        return Exit::Found;
    }
    let console = Console::new(None);
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = write!(io::stderr(), "{}", Cli::command().render_help());
        return Exit::Error;
    }
    let text = error.to_string();
    let mut message: Vec<&str> = Vec::new();
    let mut hint = None;
    for line in text.lines().map(str::trim) {
        if line.starts_with("Usage:") {
            break;
        }
        match line.strip_prefix("tip: ") {
            Some(tip) => hint = hint.or(Some(tip)),
            None if !line.is_empty() && !line.starts_with("For more information") => message.push(line),
            None => {}
        }
    }
    let line = message.join(" ");
    console.error(
        line.strip_prefix("error: ").unwrap_or(&line),
        Some(hint.unwrap_or("`dryport --help` lists commands and options")),
    );
    Exit::Error
}

/// A fault of the program is one line for its user; a fault while reading a document is caught and reported with it.
pub fn calm_panics() {
    std::panic::set_hook(Box::new(|info| {
        if std::thread::current().name() != Some("read") {
            let place = info.location().map(|l| format!(" at {}:{}", l.file(), l.line())).unwrap_or_default();
            let _ = writeln!(io::stderr(), "error: internal error{place}; please report it with what you did");
        }
    }));
}
