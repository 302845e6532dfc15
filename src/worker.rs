//! The worker: the thin actor that does what the run engine says.
//!
//! Owns the clock, the waits and the open streams of every run under way. `Command`s come in, `RunEvent`s go out; it sees neither a
//! screen nor a file, and it never blocks on its reader: while the channel is full, deltas are joined (`outbox`).

mod outbox;
#[cfg(test)]
mod tests;

use crate::event::{Closing, RunEvent, RunId};
use crate::extract::engine::{Happened, Run, Setup, Step, Turn};
use crate::extract::model::Known;
use crate::provider::{Provider, Signal};
use crate::schema::Schema;
use crate::task::Task;
use crate::verdict::{Outcome, Totals};
use futures_util::stream::BoxStream;
use futures_util::{FutureExt as _, StreamExt as _};
use outbox::Outbox;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Commands and events that may wait in a channel.
const CHANNEL: usize = 256;

/// What the worker is told.
pub enum Command {
    /// Start a run.
    Start(Box<Job>),
    /// Stop a run; it ends as `cancelled`. Unknown and ended runs are ignored.
    Cancel(RunId),
}

/// One run to do.
pub struct Job {
    /// Its number in the session.
    pub run: RunId,
    /// What to extract.
    pub task: Arc<Task>,
    /// The task's schema, loaded.
    pub schema: Schema,
    /// Who answers.
    pub provider: Arc<dyn Provider>,
}

/// Starts the actor on the current tokio runtime. It ends, dropping every stream, when the command sender is dropped and its runs
/// are over, or when the event receiver is dropped.
pub fn spawn() -> (mpsc::Sender<Command>, mpsc::Receiver<RunEvent>) {
    let (command_sender, commands) = mpsc::channel(CHANNEL);
    let (event_sender, events) = mpsc::channel(CHANNEL);
    tokio::spawn(work(commands, event_sender));
    (command_sender, events)
}

async fn work(mut commands: mpsc::Receiver<Command>, events: mpsc::Sender<RunEvent>) {
    let mut running: HashMap<RunId, CancellationToken> = HashMap::new();
    let mut runs = JoinSet::new();
    loop {
        tokio::select! {
            command = commands.recv() => match command {
                Some(Command::Start(job)) => {
                    let cancel = CancellationToken::new();
                    running.insert(job.run, cancel.clone());
                    runs.spawn(guarded(*job, events.clone(), cancel));
                }
                Some(Command::Cancel(run)) => {
                    if let Some(cancel) = running.get(&run) {
                        cancel.cancel();
                    }
                }
                None => break,
            },
            Some(ended) = runs.join_next() => {
                if let Ok(run) = ended {
                    running.remove(&run);
                }
            }
            () = events.closed() => return,
        }
    }
    while runs.join_next().await.is_some() {}
}

/// Drives one run to its end and returns its number. A panic, which only a library below could cause, ends the run like any failure:
/// whoever reads the events waits for that end.
async fn guarded(job: Job, events: mpsc::Sender<RunEvent>, cancel: CancellationToken) -> RunId {
    let run = job.run;
    let driven = AssertUnwindSafe(drive(job, events.clone(), cancel)).catch_unwind();
    if driven.await.is_err() {
        let ended = RunEvent::Ended {
            run,
            outcome: Outcome::Failed,
            reason: "an internal error stopped the run; what it printed on stderr is worth a report".into(),
            budget: None,
            totals: Totals::default(),
        };
        // Nobody waits where nobody reads.
        let _ = events.send(ended).await;
    }
    run
}

async fn drive(job: Job, events: mpsc::Sender<RunEvent>, cancel: CancellationToken) {
    let start = Instant::now();
    let deadline = job.task.limits.timeout_ms.map(|ms| start + Duration::from_millis(ms));
    let (known, stopped) = tokio::select! {
        biased;
        () = cancel.cancelled() => (Known::Nothing, Some(Happened::Cancelled)),
        () = until(deadline) => (Known::Nothing, Some(Happened::TimedOut)),
        known = job.provider.known(&job.task.model) => (known, None),
    };
    let mut run = Run::new(setup(&job, known));
    let mut io = Io {
        provider: job.provider,
        model: job.task.model.clone(),
        stream: None,
        wake: None,
        sent: start,
    };
    let mut outbox = Outbox::new(events);
    let turn = match stopped {
        Some(why) => run.begin_stopped(millis(start), why),
        None => run.begin(millis(start)),
    };
    let mut over = io.take(turn, &mut outbox);
    while !over {
        let happened = tokio::select! {
            biased;
            () = cancel.cancelled() => Happened::Cancelled,
            () = until(deadline) => Happened::TimedOut,
            sent = outbox.send_one() => match sent {
                Ok(()) => continue,
                Err(outbox::ReaderGone) => return,
            },
            happened = io.next() => match happened {
                Some(happened) => happened,
                None => continue,
            },
        };
        let turn = run.happened(millis(start), happened);
        over = io.take(turn, &mut outbox);
    }
    drop(io);
    outbox.drain().await;
}

fn setup(job: &Job, known: Known) -> Setup {
    Setup {
        run: job.run,
        task: Arc::clone(&job.task),
        schema: job.schema.clone(),
        provider: job.provider.name().to_owned(),
        dialect: job.provider.dialect(),
        known,
        cannot: job.provider.cannot(&job.task.model),
        seed: fastrand::u64(..),
    }
}

fn millis(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Sleeps until a moment; for ever without one.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// What a run has open: a stream or a wait, never both.
struct Io {
    provider: Arc<dyn Provider>,
    model: String,
    stream: Option<BoxStream<'static, Signal>>,
    wake: Option<Instant>,
    sent: Instant,
}

impl Io {
    /// Does what a turn says; `true` when the run is over. Replacing a stream drops the connection of the one before.
    fn take(&mut self, turn: Turn, outbox: &mut Outbox) -> bool {
        if let Some(mode) = turn.remember {
            self.provider.remember(&self.model, mode);
        }
        outbox.extend(turn.events);
        match turn.step {
            Step::Listen => return false,
            Step::Send(body) => {
                self.wake = None;
                self.sent = Instant::now();
                self.stream = Some(self.provider.attempt(body));
            }
            Step::Wait(ms) => {
                self.stream = None;
                self.wake = Some(Instant::now() + Duration::from_millis(ms));
            }
            Step::End => {
                self.stream = None;
                return true;
            }
        }
        false
    }

    /// The next thing that happens to the stream or the wait; `None` for a mere sign of life.
    async fn next(&mut self) -> Option<Happened> {
        let Some(stream) = &mut self.stream else {
            until(self.wake).await;
            self.wake = None;
            return Some(Happened::Waited);
        };
        if let Some(signal) = stream.next().await {
            return self.happened(signal);
        }
        // A provider always sends `Closed` last; one that does not has no answer.
        self.stream = None;
        Some(Happened::Closed(Closing::default()))
    }

    fn happened(&mut self, signal: Signal) -> Option<Happened> {
        Some(match signal {
            Signal::Alive => return None,
            Signal::Opened { status } => Happened::Opened {
                status,
                ms: millis(self.sent),
            },
            Signal::Routed { provider, model, id } => Happened::Routed { provider, model, id },
            Signal::Progress { phase, done, total } => Happened::Progress { phase, done, total },
            Signal::Delta(delta) => Happened::Delta(delta),
            Signal::Closed(closing) => {
                self.stream = None;
                Happened::Closed(closing)
            }
        })
    }
}
