//! The rows of the matrix: what a server does, and what comes of it in each mode.
//!
//! Owns the shape of a row. `statuses` has the rows of errors that come with a status, `answers` and `streams` those that come with 200.

#[path = "table/answers.rs"]
mod answers;
#[path = "table/statuses.rs"]
mod statuses;
#[path = "table/streams.rs"]
mod streams;

use crate::support::{Auto, Reply, Script};
use formwork::task::ModeChoice;
use serde_json::{Value, json};
use std::io::Read as _;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// The modes, in the order of what is expected.
pub(crate) const MODES: [&str; ModeChoice::ALL.len()] = ["auto", "structured", "tools", "json", "prompt"];

/// What comes of a row in a mode.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expected {
    /// The exit code of `run`; the workbench has none.
    pub exit: Option<i32>,
    /// Chat completions asked for.
    pub requests: usize,
    /// What happened, as `told::words` has it.
    pub events: &'static str,
}

/// Where the server is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Place {
    /// Where it is said to be.
    Here,
    /// Nobody listens.
    Nowhere,
    /// It hangs up once it was asked.
    Reset,
}

/// A misbehaviour.
pub(crate) struct Row {
    /// What it is.
    pub name: &'static str,
    /// What is answered first; where a mode asks for a tool call, the argument is true.
    replies: fn(bool) -> Vec<Reply>,
    /// Whether the last of them comes for ever. Else what follows is a good answer.
    stays: bool,
    place: Place,
    idle: Duration,
    /// What comes of it: in every mode, or in each of [`MODES`].
    pub expected: Vec<Expected>,
}

impl Row {
    /// The server's script for a mode.
    pub fn script(&self, mode: &str) -> Script {
        let mut replies = (self.replies)(mode == "tools");
        if self.stays {
            let last = replies.pop().unwrap();
            return Script::new(replies).otherwise(last);
        }
        Script::new(replies).then_auto(Auto::new(ivan()))
    }

    /// How long nothing may come.
    pub fn idle(&self) -> Duration {
        self.idle
    }

    /// The place to be asked instead of the server.
    pub fn elsewhere(&self) -> Option<Elsewhere> {
        match self.place {
            Place::Here => None,
            Place::Nowhere => Some(Elsewhere::new(false)),
            Place::Reset => Some(Elsewhere::new(true)),
        }
    }

    /// What is different, in the form of the table.
    pub fn compare(&self, mode: usize, seen: &Expected) -> Option<String> {
        let expected = self.expected.get(mode).or(self.expected.first());
        let mut expected = expected.cloned();
        if let (None, Some(expected)) = (seen.exit, &mut expected) {
            expected.exit = None;
        }
        (expected.as_ref() != Some(seen)).then(|| {
            let Expected { exit, requests, events } = seen;
            format!(
                "{} in {}: to({}, {requests}, {events:?}), expected {expected:?}",
                self.name,
                MODES[mode],
                exit.unwrap_or(-1)
            )
        })
    }

    fn stays(self) -> Self {
        Self { stays: true, ..self }
    }

    fn place(self, place: Place) -> Self {
        Self { place, ..self }
    }

    fn idle_ms(self, ms: u64) -> Self {
        Self {
            idle: Duration::from_millis(ms),
            ..self
        }
    }
}

/// A row whose misbehaviour passes.
fn row(name: &'static str, replies: fn(bool) -> Vec<Reply>, expected: &[Expected]) -> Row {
    Row {
        name,
        replies,
        stays: false,
        place: Place::Here,
        idle: Duration::from_secs(20),
        expected: expected.to_vec(),
    }
}

/// Exit code, requests, events.
fn to(exit: i32, requests: usize, events: &'static str) -> Expected {
    Expected {
        exit: Some(exit),
        requests,
        events,
    }
}

/// What is asked for: with something in it that a server may refuse.
pub(crate) const SCHEMA: &str = "name str /^I/, age int";

/// What it is read from.
pub(crate) const INPUT: &str = "Ivan is 28 years old";

/// What the task is about.
pub(crate) fn ivan() -> Value {
    json!({"name": "Ivan", "age": 28})
}

/// Every row.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows = statuses::rows();
    rows.extend(answers::rows());
    rows.extend(streams::rows());
    rows
}

/// An address where no server is, or one that hangs up.
pub(crate) struct Elsewhere {
    /// The base URL.
    pub url: String,
    asked: Arc<AtomicUsize>,
}

impl Elsewhere {
    fn new(listens: bool) -> Self {
        let asked = Arc::new(AtomicUsize::new(0));
        // A free port might be taken by another test in a moment; this one is nobody's.
        let mut url = "http://127.0.0.1:1/api/v1".to_owned();
        if listens {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            url = format!("http://{}/api/v1", listener.local_addr().unwrap());
            let asked = Arc::clone(&asked);
            // Ends with the process: nothing of it is waited for.
            std::thread::spawn(move || {
                for socket in listener.incoming() {
                    let mut start = [0; 4];
                    // What is left unread makes the system reset the connection.
                    if socket.unwrap().read_exact(&mut start).is_ok() && start == *b"POST" {
                        asked.fetch_add(1, Ordering::SeqCst);
                    }
                }
            });
        }
        Self { url, asked }
    }

    /// Chat completions asked for.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}
