//! `formwork test`: recorded answers judged again by today's code, or their tasks run again.
//!
//! Owns which sessions are tested, and that all cores are used. Judging again is `session::whatif`'s, running again `live`'s, the words
//! are `report`'s.

mod live;
mod report;

use crate::cli::args::TestArgs;
use crate::cli::exit::{CliError, Exit};
use crate::cli::front::Front;
use crate::cli::recording::{self, Recording};
use crate::event::RunEvent;
use crate::session::reader::{Flaw, Line};
use crate::session::whatif::Checker;
use report::{Report, State};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// The ending of the files that are taken from a folder.
const ENDING: &str = "jsonl";

/// Stack of each thread, as the main one has it.
const STACK: usize = 8 << 20;

/// The most flaws of a file that are told one by one.
const FLAWS: usize = 3;

/// A session to test.
struct Subject {
    /// What it is called.
    label: String,
    recording: Recording,
}

/// Tests sessions. stdout is data, stderr is narration.
///
/// # Errors
/// There is no such session, the folder has none, or none of them can be read; with `--live`, whatever keeps a run from starting.
pub fn run(args: &TestArgs, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let subjects = subjects(&args.sessions, front)?;
    let reports = if args.live {
        live::all(args, &subjects, front)?
    } else {
        all(&subjects)
    };
    report::print(&reports, args.json, front)?;
    Ok(report::exit(&reports))
}

/// The sessions that are meant, each once, those of a folder in order of their names.
fn subjects(names: &[String], front: &Front<'_>) -> Result<Vec<Subject>, CliError> {
    let mut subjects: Vec<Subject> = Vec::new();
    let mut add = |label: String, recording: Recording| {
        if subjects.iter().all(|known| known.recording != recording) {
            subjects.push(Subject { label, recording });
        }
    };
    for name in names {
        let path = front.cwd.join(name);
        if path.is_dir() {
            for file in files(&path, name)? {
                let label = Path::new(name).join(file.file_name().unwrap_or_default());
                add(label.display().to_string(), Recording::File(file));
            }
        } else {
            add(name.clone(), recording::find(name, front)?);
        }
    }
    Ok(subjects)
}

/// The sessions of a folder.
fn files(folder: &Path, name: &str) -> Result<Vec<PathBuf>, CliError> {
    let failed = |error| CliError::usage(format!("cannot read the folder {name}: {error}"));
    let entries = fs::read_dir(folder).map_err(failed)?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut files = paths.map_err(failed)?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == ENDING) && path.is_file());
    files.sort();
    if files.is_empty() {
        return Err(CliError::usage(format!("the folder {name} holds no *.{ENDING} file")));
    }
    Ok(files)
}

/// Tests all of them, on all cores, and reports in their order.
fn all(subjects: &[Subject]) -> Vec<Report> {
    let next = AtomicUsize::new(0);
    let (done, reports) = mpsc::channel();
    let work = |done: mpsc::Sender<(usize, Report)>| {
        while let Some((at, subject)) = take(&next, subjects) {
            // Nobody leaves before the last report.
            let _ = done.send((at, check(subject)));
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores.min(subjects.len()) {
            let (done, work) = (done.clone(), &work);
            let started = thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, move || work(done));
            if started.is_err() {
                break;
            }
        }
        // If no thread could be had, this one does it all; else it finds little left.
        work(done);
    });
    let mut reports: Vec<(usize, Report)> = reports.iter().collect();
    reports.sort_by_key(|(at, _)| *at);
    reports.into_iter().map(|(_, report)| report).collect()
}

fn take<'s>(next: &AtomicUsize, subjects: &'s [Subject]) -> Option<(usize, &'s Subject)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    subjects.get(at).map(|subject| (at, subject))
}

/// Tests one.
fn check(subject: &Subject) -> Report {
    let mut checking = Checking::default();
    let read = subject.recording.each(|line| checking.take(line));
    let mut report = Report::new(subject.label.clone());
    report.notes = checking.notes();
    match read.err().map(|error| error.message).or(checking.failed) {
        Some(why) => report.state = State::Unreadable(why),
        None => report.settle(checking.checker.finish()),
    }
    report
}

/// A session that is being judged again.
#[derive(Default)]
struct Checking {
    checker: Checker,
    flaws: Vec<String>,
    more_flaws: usize,
    unknown: usize,
    /// Versions of later programs.
    later: BTreeSet<String>,
    /// Why the rest could not be read.
    failed: Option<String>,
}

impl Checking {
    fn take(&mut self, line: Result<Line, Flaw>) {
        match line {
            Ok(line) => {
                match &line.stamped.event {
                    RunEvent::Unknown => self.unknown += 1,
                    RunEvent::Started { version, .. } if is_later(version) => {
                        self.later.insert(version.clone());
                    }
                    _ => {}
                }
                self.checker.push(&line.stamped.event);
            }
            Err(Flaw::Unreadable(error)) => self.failed = Some(format!("the rest cannot be read: {error}")),
            Err(flaw @ (Flaw::Broken { .. } | Flaw::Torn { .. })) if self.flaws.len() < FLAWS => {
                self.flaws.push(flaw.to_string());
            }
            Err(Flaw::Broken { .. } | Flaw::Torn { .. }) => self.more_flaws += 1,
        }
    }

    /// What is to be known of the file.
    fn notes(&mut self) -> Vec<String> {
        let mut notes = std::mem::take(&mut self.flaws);
        if self.more_flaws > 0 {
            notes.push(format!("{} further lines were skipped", self.more_flaws));
        }
        for version in &self.later {
            notes.push(format!("recorded by formwork {version}, a later one"));
        }
        if self.unknown > 0 {
            notes.push(format!(
                "events of a later program that were passed over: {}",
                self.unknown
            ));
        }
        notes
    }
}

/// Whether a version is later than this program's. One that is no three numbers is not.
fn is_later(version: &str) -> bool {
    let numbers = |text: &str| -> Option<Vec<u64>> {
        let plain = text.split(['-', '+']).next()?;
        plain.split('.').map(|part| part.parse().ok()).collect()
    };
    numbers(version) > numbers(env!("CARGO_PKG_VERSION"))
}

#[cfg(test)]
mod tests {
    use super::is_later;

    #[test]
    fn versions() {
        let own = env!("CARGO_PKG_VERSION");
        let table = [
            (own, false),
            ("0.0.1", false),
            ("99.0.0", true),
            ("0.99.0-rc.1", true),
            ("next", false),
            ("", false),
        ];
        for (version, expected) in table {
            assert_eq!(is_later(version), expected, "{version}");
        }
    }
}
