//! `kill -9` at any moment of a run: the session opens, and lacks at most the last 100 ms.
//!
//! A few moments are tried each time; `FORMWORK_KILLS=100 cargo test --test killed -- --nocapture` tries that many, tells how much was
//! lost by the server's clock, and holds it to the 100 ms.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

#[path = "support/binary.rs"]
mod binary;
mod support;

use binary::Bench;
use formwork::event::{RunEvent, Stamped};
use formwork::session::reader::{Reader, Session};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use support::{Piece, Reply, Script};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::sync::Notify;

/// The most of a recording that a killed program may take with it, in milliseconds (design §5).
const LOST: u64 = 100;

/// Moments that are tried when nothing else is said.
const MOMENTS: u64 = 12;

/// Pieces of an answer; more than any run here is given the time for.
const PIECES: usize = 4000;

/// Time between two pieces.
const BEAT: Duration = Duration::from_millis(3);

/// When each piece was let go.
type Sent = Arc<Mutex<Vec<Instant>>>;

/// A server that lets one numbered piece go at each beat, and notes when.
fn server(sent: &Sent) -> Script {
    let gate = Arc::new(Notify::new());
    let (beating, sent) = (gate.clone(), sent.clone());
    tokio::spawn(async move {
        let mut beat = tokio::time::interval(BEAT);
        loop {
            beat.tick().await;
            sent.lock().unwrap().push(Instant::now());
            beating.notify_one();
        }
    });
    let chunk = |text: String| {
        let chunk = json!({"choices": [{"index": 0, "delta": {"content": text}}]});
        Piece::from(format!("data: {chunk}\n\n"))
    };
    let pieces = (0..PIECES).flat_map(|number| [Piece::Wait(gate.clone()), chunk(format!("{number};"))]);
    Script::new([Reply::hang(
        std::iter::once(chunk("{\"name\": \"".into())).chain(pieces),
    )])
}

/// The text of all deltas.
fn text(events: &[Stamped]) -> String {
    let texts = events.iter().filter_map(|stamped| match &stamped.event {
        RunEvent::Delta { delta, .. } => Some(delta.text.as_str()),
        _ => None,
    });
    texts.collect()
}

fn open(path: &Path) -> Session {
    Session::gather(Reader::open(path).unwrap()).unwrap()
}

/// Kills a run `after` milliseconds from its first event on, and gives what the session lacks by the server's clock.
async fn kill(after: u64) -> u64 {
    let sent = Sent::default();
    let bench = Bench::new(server(&sent));
    let args = ["--mode", "json", "--events", "--session", "killed.jsonl"];
    let mut child = bench.command(&[&binary::TASK[..], &args].concat()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut printed = Vec::new();
    let mut deadline = None;
    while deadline.is_none_or(|deadline| Instant::now() < deadline) {
        let wait = deadline.map_or(Duration::from_secs(60), |deadline: Instant| {
            deadline.saturating_duration_since(Instant::now())
        });
        if let Ok(line) = tokio::time::timeout(wait, lines.next_line()).await {
            printed.push(line.unwrap().unwrap());
            deadline.get_or_insert_with(|| Instant::now() + Duration::from_millis(after));
        }
    }
    child.start_kill().unwrap();
    let killed = Instant::now();
    child.wait().await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        printed.push(line);
    }
    let session = open(&bench.work().join("killed.jsonl"));
    assert!(session.warnings.len() <= 1, "{:?}", session.warnings);
    // By the program's own clock: what it had printed that long before its end is in the file.
    let printed: Vec<Stamped> = printed
        .iter()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let last = printed.last().map_or(0, |stamped| stamped.at);
    let kept = printed.iter().filter(|stamped| stamped.at + LOST <= last).count();
    assert_eq!(
        session.events[..kept.min(session.events.len())],
        printed[..kept],
        "killed after {after} ms"
    );
    resumes(&bench, &session).await;
    let stored = text(&session.events).matches(';').count();
    let sent = sent.lock().unwrap();
    let lacking = sent.get(stored).filter(|moment| **moment < killed);
    lacking.map_or(0, |moment| u64::try_from((killed - *moment).as_millis()).unwrap())
}

/// The next run goes on in the file, after ending the one that was cut off.
async fn resumes(bench: &Bench, before: &Session) {
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
    let after = open(&bench.work().join("killed.jsonl"));
    assert_eq!(after.warnings, Vec::<String>::new());
    assert_eq!(after.events[..before.events.len()], before.events[..]);
    assert_eq!(after.interrupted, Vec::<u32>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_run_leaves_its_recording() {
    let given: Option<u64> = std::env::var("FORMWORK_KILLS").ok().map(|count| count.parse().unwrap());
    let mut lost = Vec::new();
    for moment in 0..given.unwrap_or(MOMENTS) {
        // Spread without a pattern, the first one at once.
        lost.push(kill(moment * 7919 % 500).await);
    }
    lost.sort_unstable();
    let report: Value = json!({"runs": lost.len(), "median ms": lost[lost.len() / 2], "most ms": lost.last()});
    eprintln!("lost: {report}");
    if given.is_some() {
        assert!(lost.last().is_some_and(|most| *most <= LOST), "{lost:?}");
    }
}
