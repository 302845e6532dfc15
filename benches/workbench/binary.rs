//! What the real binary takes on a terminal.
//!
//! Owns the runs against the scripted server, and the pace at which that answers.

use crate::screen::{SIZE, Screen};
use crate::support::{Piece, Reply, Script, Server};
use crate::table::{Target, row, spread};
use crate::texts::{people, people_schema};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::sync::Notify;

/// Characters of a delta, which stands for a token.
const CHARS: usize = 4;

/// A server that answers once, at its own pace, and a home.
struct Table {
    server: Server,
    gates: Vec<Arc<Notify>>,
    schema: String,
    home: TempDir,
}

impl Table {
    /// Answers with so many tokens of records, `group` of them at once.
    fn set(tokens: usize, group: usize) -> Self {
        let text = people(tokens * CHARS).to_string();
        let mut reply = Reply::sse_content(&text, CHARS);
        let mut gates = Vec::new();
        let mut body = Vec::new();
        for (at, piece) in reply.body.into_iter().enumerate() {
            // The first is a comment.
            if at > 0 && (at - 1) % group == 0 {
                let gate = Arc::new(Notify::new());
                body.push(Piece::Wait(gate.clone()));
                gates.push(gate);
            }
            body.push(piece);
        }
        reply.body = body;
        Self {
            server: Server::start(Script::new([reply])),
            gates,
            schema: people_schema().to_string(),
            home: tempfile::tempdir().unwrap(),
        }
    }

    /// Opens the workbench.
    fn open(&self) -> Screen {
        let url = self.server.base_url();
        let task = [
            "-s",
            &self.schema,
            "-t",
            "everybody",
            "-m",
            "acme/quick",
            "--mode",
            "json",
            "--base-url",
            &url,
        ];
        Screen::start(self.home.path(), &task)
    }

    /// Opens the gates one after the other, in a thread of its own, from now on.
    fn play(&self, every: Duration) {
        let gates = self.gates.clone();
        thread::spawn(move || {
            let start = Instant::now();
            for (at, gate) in gates.iter().enumerate() {
                let due = every * at as u32;
                if let Some(wait) = due.checked_sub(start.elapsed()) {
                    thread::sleep(wait);
                }
                gate.notify_one();
            }
        });
    }
}

/// Starts the run and waits until its request is out.
fn ask(screen: &mut Screen, table: &Table) {
    screen.first_frame();
    screen.listen(Duration::from_millis(300));
    screen.send("r");
    while table.server.chats().is_empty() {
        screen.listen(Duration::from_millis(5));
    }
    screen.listen(Duration::from_millis(200));
}

/// From the start to the first frame, and the memory then.
pub fn start() {
    let table = Table::set(1, 1);
    for (what, with_task) in [("a task", true), ("the first time", false)] {
        let mut rounds = Vec::new();
        let mut resident = Vec::new();
        for _ in 0..5 {
            let mut times = Vec::new();
            for _ in 0..20 {
                let home = tempfile::tempdir().unwrap();
                let mut screen = if with_task {
                    table.open()
                } else {
                    Screen::start(home.path(), &[])
                };
                let drawn = screen.first_frame();
                times.push((drawn - screen.started).as_secs_f64() * 1e3);
            }
            rounds.push(vec![spread(times)[0]]);
            let mut screen = table.open();
            screen.first_frame();
            screen.listen(Duration::from_millis(500));
            resident.push(vec![screen.usage().resident as f64 / 1024.0]);
        }
        row(
            &format!("start to first frame, {what}"),
            &["p50"],
            &rounds,
            "ms",
            Target::Below(50.0),
        );
        row(
            &format!("resident memory, {what}"),
            &["max"],
            &resident,
            "MB",
            Target::Below(40.0),
        );
    }
}

/// What it does while nothing happens.
pub fn idle() {
    let table = Table::set(200, 200);
    let mut screen = table.open();
    screen.first_frame();
    screen.listen(Duration::from_secs(6));
    rest(&mut screen, "opened");
    ask(&mut screen, &table);
    table.play(Duration::ZERO);
    screen.until_text(" valid");
    // What the draft and the journal still have to do.
    screen.listen(Duration::from_secs(6));
    rest(&mut screen, "after a run");
}

fn rest(screen: &mut Screen, when: &str) {
    const SECONDS: u64 = 10;
    let mut rounds = Vec::new();
    let mut ticks = Vec::new();
    let mut bytes = Vec::new();
    for _ in 0..3 {
        let (before, written) = (screen.usage(), screen.bytes());
        screen.listen(Duration::from_secs(SECONDS));
        let after = screen.usage();
        rounds.push(vec![(after.wakes - before.wakes) as f64 / SECONDS as f64]);
        ticks.push(vec![(after.ticks - before.ticks) as f64 * 10.0]);
        bytes.push(vec![(screen.bytes() - written) as f64]);
    }
    row(
        &format!("idle, {when}: threads woken"),
        &["each second"],
        &rounds,
        "",
        Target::Below(4.0),
    );
    row(
        &format!("idle, {when}: processor in 10 s"),
        &["time"],
        &ticks,
        "ms",
        Target::Below(30.0),
    );
    row(
        &format!("idle, {when}: written in 10 s"),
        &["size"],
        &bytes,
        "bytes",
        Target::Below(1.0),
    );
}

/// Bytes to the terminal for a streamed token.
pub fn bytes() {
    for (rate, tokens) in [(20, 600), (60, 2000), (200, 2000)] {
        let mut all = Vec::new();
        let mut frames = Vec::new();
        for _ in 0..1 {
            let table = Table::set(tokens, 1);
            let mut screen = table.open();
            ask(&mut screen, &table);
            let before = screen.bytes();
            table.play(Duration::from_secs(1) / rate);
            screen.until_text(" valid");
            let written = screen.bytes() - before;
            all.push(vec![written as f64 / tokens as f64]);
            let sizes = screen.frames(before);
            frames.push(vec![sizes.len() as f64, spread(sizes)[0]]);
        }
        let size = format!("{}x{}", SIZE.0, SIZE.1);
        row(
            &format!("bytes a token, {rate} a second, {size}"),
            &["mean"],
            &all,
            "bytes",
            Target::Below(250.0),
        );
        row(
            &format!("frames at {rate} a second"),
            &["count", "p50"],
            &frames,
            "bytes",
            Target::None,
        );
    }
}

/// From a key to what it changes on the screen, while 2,000 deltas a second come in.
pub fn keys() {
    const KEYS: usize = 250;
    let mut rounds = Vec::new();
    let mut rates = Vec::new();
    for _ in 0..3 {
        let table = Table::set(30_000, 2);
        let mut screen = table.open();
        ask(&mut screen, &table);
        screen.send("2i");
        screen.until_text("typing");
        let (line, column) = screen.shown().cursor_position();
        let deltas = Instant::now();
        table.play(Duration::from_millis(1));
        screen.listen(Duration::from_secs(1));
        let mut taken = Vec::new();
        for at in 0..KEYS {
            screen.listen(Duration::from_millis(fastrand::u64(10..40)));
            let (key, expected) = if at % 2 == 0 { ("x", "x") } else { ("\x7f", "e") };
            let sent = screen.send(key);
            let shown = screen.until("the key", |screen| {
                screen
                    .cell(line, column)
                    .is_some_and(|cell| cell.contents() == expected)
            });
            taken.push((shown - sent).as_secs_f64() * 1e3);
        }
        let still = !screen.shown().contents().contains(" valid ");
        screen.send("\x1b3");
        assert!(still, "the stream was over before the last key");
        rates.push(vec![30_000.0, deltas.elapsed().as_secs_f64()]);
        rounds.push(spread(taken)[..2].to_vec());
    }
    row(
        "key to screen at 2,000 deltas a second",
        &["p50", "p99"],
        &rounds,
        "ms",
        Target::Below(20.0),
    );
}
