//! One session of a given size: opened, gone through and stepped back in.
//!
//! Owns making it: three runs whose answers come in pieces of four letters, as servers send them.

use crate::table::{Target, row, spread};
use formwork::event::{Closing, Delta, Header, PlanStep, RunEvent, Stamped, Why};
use formwork::record::Record;
use formwork::session::player::{IDLE_LIMIT, Unit};
use formwork::session::{History, Player, Tape};
use formwork::task::{Mode, Task};
use formwork::verdict::{Channel, Outcome, Source, Totals};
use serde_json::json;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// The argument with which the benchmark is started anew to hold a session in memory and say how much that takes.
pub const HOLD: &str = "--hold";

const RUNS: u32 = 3;
const ROUNDS: usize = 5;

const SCHEMA: &str = "people [{id int, name, email, score num, active bool, tags [str], address {street, city}, note}]";

/// Measures a session of about so many megabytes.
pub fn rows(name: &str, megabytes: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.jsonl");
    let pieces = write(&path, megabytes * 1_000_000);
    let is_large = megabytes == 100;
    let target = |bound| if is_large { Target::Below(bound) } else { Target::None };
    let opened = (0..ROUNDS).map(|_| open(&path)).collect::<Vec<_>>();
    row(
        &format!("{name}: open ({pieces} pieces): read, live, in all"),
        &["", "", ""],
        &opened,
        "ms",
        target(1000.0),
    );
    let history = Arc::new(History::new(Arc::new(Tape::read(&path).unwrap())));
    let seeks: Vec<Vec<f64>> = (0..ROUNDS).map(|_| seek(&history)).collect();
    row(
        &format!("{name}: seek anywhere"),
        &["p50", "p99", "max"],
        &seeks,
        "ms",
        target(50.0),
    );
    let ends: Vec<Vec<f64>> = (0..ROUNDS).map(|_| from_end_to_end(&history)).collect();
    row(
        &format!("{name}: to the start, to the end"),
        &["", ""],
        &ends,
        "ms",
        target(50.0),
    );
    for (what, unit) in [
        ("an event", None),
        ("a frame", Some(Unit::Frame)),
        ("a field", Some(Unit::Field)),
    ] {
        let steps: Vec<Vec<f64>> = (0..ROUNDS).map(|_| back(&history, unit)).collect();
        row(
            &format!("{name}: step back by {what}"),
            &["p50", "p99", "max"],
            &steps,
            "ms",
            target(20.0),
        );
    }
    drop(history);
    row(
        &format!("{name}: memory, at most and then"),
        &["", ""],
        &[held(&path)],
        "MB",
        target(300.0),
    );
}

/// Milliseconds of some work.
fn ms<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let made = black_box(work());
    (start.elapsed().as_secs_f64() * 1000.0, made)
}

fn open(path: &Path) -> Vec<f64> {
    let (read, tape) = ms(|| Tape::read(path).unwrap());
    let (live, _history) = ms(|| History::new(Arc::new(tape)));
    vec![read, live, read + live]
}

fn seek(history: &History) -> Vec<f64> {
    let len = history.tape().len();
    let mut random = fastrand::Rng::with_seed(7);
    let (mut record, mut at) = (Record::default(), 0);
    let times = (0..200).map(|_| {
        let to = random.usize(0..=len);
        let (taken, ()) = ms(|| history.seek(&mut record, at, to));
        at = to;
        taken
    });
    spread(times.collect()).to_vec()
}

/// From the end to the start, and back in one leap with an empty record.
fn from_end_to_end(history: &History) -> Vec<f64> {
    let len = history.tape().len();
    let mut record = Record::default();
    let (there, ()) = ms(|| history.seek(&mut record, 0, len));
    let (back, ()) = ms(|| history.seek(&mut record, len, 0));
    vec![back, there]
}

/// Steps back from the end of the last answer, and from random places.
fn back(history: &Arc<History>, unit: Option<Unit>) -> Vec<f64> {
    let len = history.tape().len();
    let mut player = Player::new(Arc::clone(history), IDLE_LIMIT);
    let mut random = fastrand::Rng::with_seed(9);
    let (mut record, mut at) = (Record::default(), 0);
    let mut times = Vec::new();
    for _ in 0..20 {
        let start = if times.is_empty() {
            len
        } else {
            random.usize(len / 2..=len)
        };
        player.seek(start, 0);
        history.seek(&mut record, at, start);
        at = start;
        for _ in 0..40 {
            let (taken, to) = ms(|| {
                match unit {
                    Some(unit) => player.step(unit, false, 0),
                    None => player.seek(at.saturating_sub(1), 0),
                }
                history.seek(&mut record, at, player.position());
                player.position()
            });
            times.push(taken);
            at = to;
        }
    }
    spread(times).to_vec()
}

/// Opens a session in this process, shows its end, and prints the most memory that took and what is still taken, in kB.
pub fn hold(path: &str) {
    let history = History::new(Arc::new(Tape::read(Path::new(path)).unwrap()));
    let mut record = Record::default();
    history.seek(&mut record, 0, history.tape().len());
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.split_whitespace().next())
            .unwrap_or("0")
            .to_owned()
    };
    println!("{} {}", of("VmHWM:"), of("VmRSS:"));
    black_box((history, record));
}

/// Megabytes that a process takes up which has the session open.
fn held(path: &Path) -> Vec<f64> {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    let output = command.arg(HOLD).arg(path).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_whitespace()
        .map(|kilobytes| kilobytes.parse::<f64>().unwrap() / 1000.0)
        .collect()
}

/// Writes the session; returns how many pieces it has.
fn write(path: &Path, bytes: usize) -> usize {
    let mut session = Writer {
        file: BufWriter::new(File::create(path).unwrap()),
        at: 0,
        bytes: 0,
    };
    let header = Header {
        formwork: 1,
        id: "bench".into(),
        created: "2026-11-22T17:42:59Z".into(),
        title: "large".into(),
    };
    session.line(&serde_json::to_string(&header).unwrap());
    let mut pieces = 0;
    for run in 1..=RUNS {
        pieces += session.run(run, bytes * run as usize / RUNS as usize);
    }
    session.file.flush().unwrap();
    pieces
}

struct Writer {
    file: BufWriter<File>,
    at: u64,
    bytes: usize,
}

impl Writer {
    fn line(&mut self, line: &str) {
        writeln!(self.file, "{line}").unwrap();
        self.bytes += line.len() + 1;
    }

    fn event(&mut self, event: RunEvent) {
        let stamped = Stamped { at: self.at, event };
        self.line(&serde_json::to_string(&stamped).unwrap());
        self.at += 3;
    }

    /// One run, whose answer goes on until the file has so many bytes.
    fn run(&mut self, run: u32, until: usize) -> usize {
        self.begin(run);
        let (mut answer, mut taken, mut pieces) = (String::from("{\"people\":["), 0, 0);
        for number in 0_usize.. {
            if self.bytes >= until {
                break;
            }
            if number > 0 {
                answer.push(',');
            }
            answer.push_str(&person(number));
            while answer.len() - taken >= 4 {
                self.piece(run, &answer[taken..taken + 4]);
                taken += 4;
                pieces += 1;
            }
        }
        answer.push_str("]}");
        self.piece(run, &answer[taken..]);
        self.end(run, &answer);
        pieces + 1
    }

    fn begin(&mut self, run: u32) {
        let task = Task {
            schema: SCHEMA.into(),
            input: "Ada, and many more".into(),
            model: "m".into(),
            ..Task::default()
        };
        let step = PlanStep {
            mode: Mode::Json,
            reason: "asked for".into(),
        };
        self.event(RunEvent::Started {
            run,
            version: "0".into(),
            task: Arc::new(task),
            provider: "openai".into(),
            plan: vec![step],
        });
        self.event(RunEvent::Attempt {
            run,
            attempt: 1,
            mode: Mode::Json,
            why: Why::First,
            reason: "asked for".into(),
            changes: vec![],
            body: json!({"model": "m"}),
        });
    }

    fn piece(&mut self, run: u32, text: &str) {
        let delta = Delta {
            channel: Channel::Content,
            call: None,
            text: text.into(),
        };
        self.event(RunEvent::Delta { run, attempt: 1, delta });
    }

    fn end(&mut self, run: u32, answer: &str) {
        let closing = Closing {
            finish: Some("stop".into()),
            ..Closing::default()
        };
        self.event(RunEvent::Closed {
            run,
            attempt: 1,
            closing,
        });
        self.event(RunEvent::Judged {
            run,
            attempt: 1,
            source: Source {
                channel: Channel::Content,
                call: None,
                start: 0,
                end: answer.len() as u64,
            },
            value: serde_json::from_str(answer).unwrap(),
            errors: vec![],
            repairs: vec![],
        });
        self.event(RunEvent::Ended {
            run,
            outcome: Outcome::Valid,
            reason: "valid".into(),
            budget: None,
            totals: Totals::default(),
        });
    }
}

fn person(number: usize) -> String {
    let person = json!({
        "id": number,
        "name": format!("Ada Lovelace {number}"),
        "email": format!("ada{number}@example.org"),
        "score": f64::from(number as u32) * 0.37,
        "active": number.is_multiple_of(3),
        "tags": ["alpha", "beta", format!("t{}", number % 17)],
        "address": {"street": "12 St James's Square", "city": "London"},
        "note": "She wrote \"Note G\".\nThe first of its kind.",
    });
    person.to_string()
}
