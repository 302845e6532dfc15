//! `kill -9` at any moment of a run: the session opens, and lacks at most the last 100 ms.
//!
//! A few moments are tried each time; `FORMWORK_KILLS=100 cargo test --test killed -- --nocapture` tries that many, tells how much was
//! lost by the server's clock, and holds it to the 100 ms.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]
#![expect(
    clippy::print_stderr,
    reason = "a measurement tells its result, and a test that was skipped says so"
)]

#[path = "support/binary.rs"]
mod binary;
mod support;

use binary::Bench;
use formwork::event::{RunEvent, Stamped};
use formwork::session::Tape;
use serde_json::json;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use support::{Piece, Reply, Script};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::ChildStdout;
use tokio::sync::Notify;

/// The most of a recording that a killed program may take with it, in milliseconds (design §5).
const LOST: u64 = 100;

/// Moments that are tried when nothing else is said.
const MOMENTS: u64 = 12;

/// Pieces of an answer; more than any run here is given the time for.
const PIECES: usize = 4000;

/// Time between two pieces.
const BEAT: Duration = Duration::from_millis(3);

/// Each piece's gate, and when it was opened.
struct Pieces {
    gates: Vec<Arc<Notify>>,
    sent: Mutex<Vec<Instant>>,
}

impl Pieces {
    fn new() -> Self {
        Self {
            gates: std::iter::repeat_with(Arc::default).take(PIECES).collect(),
            sent: Mutex::default(),
        }
    }

    /// An answer of numbered pieces that never ends.
    fn script(&self) -> Script {
        let chunk = |text: String| {
            let chunk = json!({"choices": [{"index": 0, "delta": {"content": text}}]});
            Piece::from(format!("data: {chunk}\n\n"))
        };
        let pieces = self.gates.iter().enumerate();
        let pieces = pieces.flat_map(|(number, gate)| [Piece::Wait(gate.clone()), chunk(format!("{number};"))]);
        Script::new([Reply::hang(
            std::iter::once(chunk("{\"name\": \"".into())).chain(pieces),
        )])
    }

    /// Lets one go at each beat.
    async fn beat(&self) {
        let mut beat = tokio::time::interval(BEAT);
        for gate in &self.gates {
            beat.tick().await;
            self.sent.lock().unwrap().push(Instant::now());
            gate.notify_one();
        }
    }
}

/// The text of all deltas.
fn text(events: &[Stamped]) -> String {
    let texts = events.iter().filter_map(|stamped| match &stamped.event {
        RunEvent::Delta { delta, .. } => Some(delta.text.as_str()),
        _ => None,
    });
    texts.collect()
}

fn open(path: &Path) -> (Tape, Vec<Stamped>) {
    let tape = Tape::read(path).unwrap();
    let events = tape.events().collect();
    (tape, events)
}

/// Kills a run `after` milliseconds from its first event on, and gives how many milliseconds the session lacks by the server's clock, and how many
/// pieces it has.
async fn kill(after: u64) -> (u64, usize) {
    let pieces = Pieces::new();
    let bench = Bench::new(pieces.script());
    let args = ["--mode", "json", "--events", "--session", "killed.jsonl"];
    let mut child = bench.command(&[&binary::TASK[..], &args].concat()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut printed = Vec::new();
    let beating = async {
        // The catalogue, then the answer.
        bench.server.asked(2).await;
        pieces.beat().await;
    };
    tokio::select! {
        () = beating => panic!("the answer was used up"),
        () = read(&mut lines, &mut printed, Duration::from_millis(after)) => {}
    }
    child.start_kill().unwrap();
    let killed = Instant::now();
    child.wait().await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        printed.push(line);
    }
    let (session, events) = open(&bench.work().join("killed.jsonl"));
    assert!(session.warnings.len() <= 1, "{:?}", session.warnings);
    // By the program's own clock: what it had printed that long before its end is in the file.
    let printed: Vec<Stamped> = printed
        .iter()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let last = printed.last().map_or(0, |stamped| stamped.at);
    let kept = printed.iter().filter(|stamped| stamped.at + LOST <= last).count();
    assert_eq!(
        events[..kept.min(events.len())],
        printed[..kept],
        "killed after {after} ms"
    );
    resumes(&bench, &events).await;
    let stored = text(&events).matches(';').count();
    let sent = pieces.sent.lock().unwrap();
    let lacking = sent.get(stored).filter(|moment| **moment < killed);
    let lacking = lacking.map_or(0, |moment| u64::try_from((killed - *moment).as_millis()).unwrap());
    (lacking, stored)
}

/// Reads what is printed for so long, from its first line on.
async fn read(lines: &mut Lines<BufReader<ChildStdout>>, printed: &mut Vec<String>, time: Duration) {
    printed.push(lines.next_line().await.unwrap().unwrap());
    let reading = async {
        loop {
            printed.push(lines.next_line().await.unwrap().unwrap());
        }
    };
    // The time is over, which is all that ends this.
    let _: Result<(), _> = tokio::time::timeout(time, reading).await;
}

/// The next run goes on in the file, after ending the one that was cut off.
async fn resumes(bench: &Bench, before: &[Stamped]) {
    let args = [
        "--mode",
        "json",
        "--reasks",
        "0",
        "--retries",
        "0",
        "--session",
        "killed.jsonl",
    ];
    bench.task(&args).await;
    let (after, events) = open(&bench.work().join("killed.jsonl"));
    assert_eq!(after.warnings, Vec::<String>::new());
    assert_eq!(events[..before.len()], *before);
    assert_eq!(after.interrupted, Vec::<u32>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_run_leaves_its_recording() {
    let given: Option<u64> = std::env::var("FORMWORK_KILLS").ok().map(|count| count.parse().unwrap());
    let (mut lost, mut most) = (Vec::new(), 0);
    for moment in 0..given.unwrap_or(MOMENTS) {
        // Spread without a pattern, the first one at once.
        let (lacking, stored) = kill(moment * 7919 % 500).await;
        lost.push(lacking);
        most = most.max(stored);
    }
    assert!(most > 20, "no run came to its answer");
    lost.sort_unstable();
    let report =
        json!({"runs": lost.len(), "median ms": lost[lost.len() / 2], "most ms": lost.last(), "most pieces": most});
    eprintln!("lost: {report}");
    if given.is_some() {
        assert!(lost.last().is_some_and(|most| *most <= LOST), "{lost:?}");
    }
}
