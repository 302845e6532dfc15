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
    fn set(tokens: u32, group: usize) -> Self {
        let text = people(tokens as usize * CHARS).to_string();
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
        Screen::start(self.home.path(), true, &task)
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
    for (what, with_task) in [("a task", true), ("the first time, no key", false)] {
        let open = || {
            let home = tempfile::tempdir().unwrap();
            let mut screen = if with_task {
                table.open()
            } else {
                Screen::start(home.path(), false, &[])
            };
            let drawn = screen.first_frame();
            ((drawn - screen.started).as_secs_f64() * 1e3, screen)
        };
        let rounds = (0..5).map(|_| vec![spread((0..20).map(|_| open().0).collect())[0]]);
        let what_time = format!("start to first frame, {what}");
        row(
            &what_time,
            &["p50"],
            &rounds.collect::<Vec<_>>(),
            "ms",
            Target::Below(50.0),
        );
        let resident = (0..5).map(|_| {
            let mut screen = open().1;
            screen.listen(Duration::from_millis(500));
            vec![screen.usage().resident as f64 / 1024.0]
        });
        let what_size = format!("resident memory, {what}");
        row(
            &what_size,
            &["max"],
            &resident.collect::<Vec<_>>(),
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

/// Ten seconds of rest, three times. A tick of the clock is two moments, since tokio's timer is sorted in shortly before it is due, and
/// wakes more than one thread at each.
fn rest(screen: &mut Screen, when: &str) {
    const SECONDS: u32 = 10;
    const LOOK: Duration = Duration::from_millis(20);
    let mut rounds: [Vec<Vec<f64>>; 4] = Default::default();
    for _ in 0..3 {
        let (before, written) = (screen.usage(), screen.bytes());
        let (mut last, mut moments, end) = (before.wakes, 0, Instant::now() + SECONDS * Duration::from_secs(1));
        while Instant::now() < end {
            screen.listen(LOOK);
            let wakes = screen.usage().wakes;
            moments += u32::from(wakes != last);
            last = wakes;
        }
        let after = screen.usage();
        let each = |count: f64| vec![count / f64::from(SECONDS)];
        rounds[0].push(each(moments.into()));
        rounds[1].push(each((after.wakes - before.wakes) as f64));
        rounds[2].push(vec![(after.ticks - before.ticks) as f64 * 10.0]);
        rounds[3].push(vec![(screen.bytes() - written) as f64]);
    }
    let rows = [
        ("moments of waking", "each second", "", Target::Below(2.3)),
        ("threads woken", "each second", "", Target::None),
        ("processor in 10 s", "time", "ms", Target::Below(30.0)),
        ("written in 10 s", "size", "bytes", Target::Below(1.0)),
    ];
    for ((what, name, unit, target), rounds) in rows.into_iter().zip(&rounds) {
        row(&format!("idle, {when}: {what}"), &[name], rounds, unit, target);
    }
}

/// Bytes to the terminal for a streamed token.
pub fn bytes() {
    for (rate, tokens, tab, keys) in [
        (20_u32, 500_u32, "Fields", ""),
        (60, 2000, "Fields", ""),
        (200, 2000, "Fields", ""),
        (60, 1000, "Raw", "]"),
    ] {
        let table = Table::set(tokens, 1);
        let mut screen = table.open();
        screen.send(keys);
        ask(&mut screen, &table);
        let before = screen.bytes();
        table.play(Duration::from_secs(1) / rate);
        screen.until_text(" valid");
        let written = (screen.bytes() - before) as f64 / f64::from(tokens);
        let sizes = screen.frames(before);
        let each = f64::from(tokens) / sizes.len() as f64;
        let middle = spread(sizes.clone())[0];
        let what = format!("bytes a token, {rate} a second, {tab}, {}x{}", SIZE.0, SIZE.1);
        row(
            &what,
            &["mean", "p50"],
            &[vec![written, middle / each.max(1.0)]],
            "bytes",
            Target::Below(250.0),
        );
        row(
            "  its frames",
            &["count", "p50"],
            &[vec![sizes.len() as f64, middle]],
            "bytes",
            Target::None,
        );
    }
}

/// From a key to what it changes on the screen, while 2,000 deltas a second come in.
pub fn keys() {
    const KEYS: usize = 250;
    const TOKENS: u32 = 30_000;
    let mut rounds = Vec::new();
    let mut rates = Vec::new();
    for _ in 0..3 {
        let table = Table::set(TOKENS, 2);
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
                let cell = screen.cell(line, column);
                cell.is_some_and(|cell| cell.contents() == expected)
            });
            taken.push((shown - sent).as_secs_f64() * 1e3);
        }
        let grows = |screen: &vt100::Screen| screen.contents().contains(" following ");
        assert!(grows(screen.shown()), "the stream was over before the last key");
        screen.until("the end of the stream", |screen| !grows(screen));
        rates.push(vec![f64::from(TOKENS) / deltas.elapsed().as_secs_f64()]);
        rounds.push(spread(taken)[..2].to_vec());
    }
    let what = "key to screen while deltas pour in";
    row(what, &["p50", "p99"], &rounds, "ms", Target::Below(20.0));
    row("  its deltas", &["each second"], &rates, "", Target::None);
}
