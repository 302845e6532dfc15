//! A soak: many runs in one process, with faults, cancels, keys and resizes drawn by lot. At the end the memory is what it was after the
//! first runs, and no task, no thread and no file is left.
//!
//! An ordinary test run takes [`RUNS`] runs of a fixed seed; `FORMWORK_SOAK_RUNS=2000 cargo test --test soak -- --nocapture` takes as
//! many as it says of a new seed, which is printed; `FORMWORK_SOAK_SEED` repeats one.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

#[path = "support/inside.rs"]
mod inside;
mod support;

#[path = "soak/lots.rs"]
mod lots;
#[path = "faults/told.rs"]
mod told;

use fastrand::Rng;
use formwork::extract::model::Dialect;
use formwork::provider::openrouter::{OpenRouter, Settings};
use formwork::task::{Limits, ModeChoice, Task};
use formwork::worker;
use futures_util::future::join_all;
use inside::{Inside, Worker};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::{Auto, Script, Server};

/// Runs of an ordinary test run.
const RUNS: usize = 60;

/// Workbenches side by side, each with a worker of its own.
const LANES: usize = 6;

/// Runs of one sitting: then its session is closed and read, and a new one begins.
const SITTING: usize = 5;

/// What the process may have grown by, in bytes, since the first quarter of the runs: far below what keeping any one thing of each run
/// would take, above what an allocator keeps for itself.
const GROWTH: usize = 24 << 20;

#[test]
fn many_runs_leave_nothing_behind() {
    let runs = variable("FORMWORK_SOAK_RUNS");
    let seed = variable("FORMWORK_SOAK_SEED").unwrap_or_else(|| runs.map_or(1, |_| fastrand::u64(..)));
    let runs = runs.map_or(RUNS, |runs| usize::try_from(runs).unwrap());
    say(&format!("soak: seed {seed}, {runs} runs"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("of-the-soak")
        .thread_keep_alive(Duration::from_millis(1))
        .enable_all()
        .build()
        .unwrap();
    let mut rng = Rng::with_seed(seed);
    let tally = runtime.block_on(async {
        let mut warm = soak(&mut rng, runs / 4).await;
        let before = memory();
        warm.add(soak(&mut rng, runs - runs / 4).await);
        let after = memory();
        say(&format!("soak: {} MiB, then {} MiB", before >> 20, after >> 20));
        assert!(after < before + GROWTH, "{before} bytes have become {after}");
        no_task_is_left().await;
        warm
    });
    drop(runtime);
    // The system takes a moment to bury them.
    let start = Instant::now();
    while threads("of-the-soak") > 0 {
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "{} threads are left",
            threads("of-the-soak")
        );
        std::thread::yield_now();
    }
    say(&format!("soak: {tally:?}"));
    assert_eq!(tally.runs, runs / 4 / LANES * LANES + (runs - runs / 4) / LANES * LANES);
    assert!(tally.outcomes.len() >= 4, "{tally:?}");
}

/// What happened.
#[derive(Debug, Default)]
struct Tally {
    runs: usize,
    requests: usize,
    events: usize,
    cancels: usize,
    resizes: usize,
    outcomes: BTreeMap<String, usize>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.runs += other.runs;
        self.requests += other.requests;
        self.events += other.events;
        self.cancels += other.cancels;
        self.resizes += other.resizes;
        for (outcome, count) in other.outcomes {
            *self.outcomes.entry(outcome).or_default() += count;
        }
    }
}

async fn soak(rng: &mut Rng, runs: usize) -> Tally {
    let mut tally = Tally::default();
    let lanes = join_all((0..LANES).map(|_| lane(Rng::with_seed(rng.u64(..)), runs / LANES))).await;
    for lane in lanes {
        tally.add(lane);
    }
    tally
}

/// One worker, and sittings one after the other.
async fn lane(mut rng: Rng, runs: usize) -> Tally {
    let mut tally = Tally::default();
    let mut worker: Worker = worker::spawn();
    while tally.runs < runs {
        sitting(&mut rng, &mut worker, SITTING.min(runs - tally.runs), &mut tally).await;
    }
    tally
}

async fn sitting(rng: &mut Rng, worker: &mut Worker, runs: usize, tally: &mut Tally) {
    let replies: Vec<_> = (0..2 * runs).map(|_| lots::reply(rng)).collect();
    let server = Server::start(Script::new(replies).then_auto(Auto::new(lots::ivan())));
    let provider = OpenRouter::new(Settings {
        idle_timeout: Duration::from_millis(400),
        ..Settings::new("acme", Dialect::OpenRouter, server.base_url())
    });
    let folder = tempfile::tempdir().unwrap();
    let mut inside = Inside::new(&task(rng), Arc::new(provider.unwrap()), worker, folder.path()).await;
    for _ in 0..runs {
        // Some with a frame after each event and nobody at the keyboard, the rest with everything.
        if rng.u32(..5) == 0 {
            inside.run().await;
        } else {
            run(&mut inside, rng, tally).await;
        }
        tally.runs += 1;
        tally.events += inside.lived.len();
        let words = told::words(&inside.lived);
        let outcome = words.rsplit(' ').next().unwrap().replace("good", "valid");
        *tally.outcomes.entry(outcome).or_default() += 1;
    }
    let (model, path) = inside.leave().await;
    assert_eq!(told::kept(&path), model.record);
    tally.requests += server.chats().len();
}

/// One run with things happening to it.
async fn run(inside: &mut Inside<'_>, rng: &mut Rng, tally: &mut Tally) {
    inside.keys("r").await;
    let cancel_at = (rng.u32(..4) == 0).then(|| rng.usize(..12));
    let mut seen = 0;
    while inside.model.running.is_some() {
        if cancel_at == Some(seen) {
            inside.interrupt().await;
            tally.cancels += 1;
        }
        seen += 1;
        inside.next().await;
        match rng.u32(..30) {
            0 => {
                inside.resize(rng.u16(8..160), rng.u16(4..60)).await;
                tally.resizes += 1;
            }
            1 => inside.keys(lots::keys(rng)).await,
            _ => {}
        }
        if rng.bool() {
            inside.draw();
        }
    }
    inside.draw();
}

fn task(rng: &mut Rng) -> Task {
    Task {
        schema: "name, age int, notes [str]?".into(),
        input: "Ivan is 28 years old".into(),
        model: "acme/quick".into(),
        mode: rng.choice(ModeChoice::ALL).unwrap(),
        limits: Limits {
            retries: 2,
            reasks: 1,
            ..Limits::default()
        },
        ..Task::default()
    }
}

/// Waits until nothing is under way in the runtime but this.
async fn no_task_is_left() {
    let metrics = tokio::runtime::Handle::current().metrics();
    let ended = async {
        while metrics.num_alive_tasks() > 0 {
            tokio::task::yield_now().await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(30), ended).await;
    assert!(waited.is_ok(), "{} tasks are left", metrics.num_alive_tasks());
}

/// Bytes of this process in memory.
fn memory() -> usize {
    let pages = fs::read_to_string("/proc/self/statm").unwrap();
    let resident: usize = pages.split(' ').nth(1).unwrap().parse().unwrap();
    resident * 4096
}

/// Threads of this process whose names begin so.
fn threads(name: &str) -> usize {
    let tasks = fs::read_dir(Path::new("/proc/self/task")).unwrap();
    let names = tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("comm")).ok());
    names.filter(|comm| comm.starts_with(name)).count()
}

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap())
}

/// Prints a line, which the harness shows with `--nocapture`.
fn say(line: &str) {
    let mut stderr = std::io::stderr().lock();
    stderr.write_all(format!("{line}\n").as_bytes()).unwrap();
}
