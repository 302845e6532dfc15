//! `formwork run`: one run from flags to exit code.
//!
//! Owns the headless loop: events in from the worker, each stamped once, added to the record, recorded, printed and narrated.

mod prepare;

use crate::cli::args::RunArgs;
use crate::cli::exit::{CliError, Exit};
use crate::cli::front::Front;
use crate::cli::live::{LiveState, Narrator};
use crate::cli::narrate;
use crate::cli::output::{Output, Printer};
use crate::cli::signals::Signals;
use crate::event::{RunEvent, RunId, Stamped};
use crate::record::{Record, RunRecord};
use crate::session::{Clock, Journal, JournalHandle};
use crate::text;
use crate::verdict::Outcome;
use crate::words;
use crate::worker::{self, Command, Job};
use prepare::Prepared;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// How often the line on a terminal may change.
const LIVE_EVERY: Duration = Duration::from_millis(100);

/// Runs once. stdout is data, stderr is narration.
///
/// # Errors
/// Whatever keeps the run from starting; how it ends is the exit code.
pub fn run(args: &RunArgs, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let prepared = prepare::prepare(&args.task, !args.dry_run, front).await?;
        if args.dry_run {
            return prepare::dry_run(&prepared, front).await;
        }
        drive(args, prepared, front).await
    })
}

async fn drive(args: &RunArgs, prepared: Prepared, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let Prepared {
        task,
        schema,
        provider,
        journal,
        notices,
        ..
    } = prepared;
    let (clock, id) = journal.as_ref().map_or_else(
        || (Clock::new(Instant::now(), 0), 1),
        |journal| (journal.clock(), journal.next_run()),
    );
    let stderr: &mut dyn Write = &mut *front.stderr;
    let mut narrator = Narrator::new(stderr, front.columns, args.quiet);
    for notice in notices
        .iter()
        .map(String::as_str)
        .chain(journal.iter().flat_map(Journal::notices).map(String::as_str))
    {
        narrator.say(notice);
    }
    let output = match (args.stream, args.events) {
        (true, _) => Output::Stream,
        (false, true) => Output::Events,
        (false, false) => Output::Value,
    };
    // Before anything is sent, so that no Ctrl-C ends the program without an end in the session.
    let signals = Signals::new()?;
    let (commands, events) = worker::spawn();
    // The worker outlives this function, so the command cannot be lost.
    let _ = commands
        .send(Command::Start(Box::new(Job {
            run: id,
            task,
            schema,
            provider,
        })))
        .await;
    let mut headless = Headless {
        id,
        clock,
        commands,
        events,
        record: Record::default(),
        journal: journal.map(Journal::start),
        signals,
        printer: Printer::new(&mut *front.stdout, output, front.stdout_is_terminal),
        narrator,
        interrupts: 0,
        unwritten: None,
        failure_told: false,
    };
    headless.listen().await?;
    headless.close().await
}

/// One run's loop.
struct Headless<'f> {
    id: RunId,
    clock: Clock,
    commands: mpsc::Sender<Command>,
    events: mpsc::Receiver<RunEvent>,
    record: Record,
    journal: Option<JournalHandle>,
    signals: Signals,
    printer: Printer<'f>,
    narrator: Narrator<&'f mut dyn Write>,
    interrupts: u32,
    /// Why stdout takes no more.
    unwritten: Option<io::Error>,
    failure_told: bool,
}

impl Headless<'_> {
    /// Takes events in until the run has ended.
    async fn listen(&mut self) -> Result<(), CliError> {
        let mut live = tokio::time::interval(LIVE_EVERY);
        live.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let due = self.printer.due().map(|due| due.saturating_sub(self.clock.now()));
            tokio::select! {
                event = self.events.recv() => {
                    let Some(event) = event else { return Ok(()) };
                    if self.take(event).await? {
                        return Ok(());
                    }
                }
                () = self.signals.next() => {
                    self.interrupts += 1;
                    if self.interrupts > 1 {
                        return Ok(());
                    }
                    let _ = self.commands.send(Command::Cancel(self.id)).await;
                }
                () = tokio::time::sleep(Duration::from_millis(due.unwrap_or_default())), if due.is_some() => self.print_due().await,
                _ = live.tick(), if self.narrator.is_live() => self.show(),
            }
        }
    }

    /// One event: stamped, added up, recorded, printed, narrated. `true` when the run has ended.
    async fn take(&mut self, event: RunEvent) -> Result<bool, CliError> {
        let stamped = Stamped {
            at: self.clock.now(),
            event,
        };
        self.record.apply(stamped.at, &stamped.event);
        let Some(run) = self.record.run(self.id) else {
            return Ok(false);
        };
        if let Some(line) = narrate::line(&stamped.event, run) {
            self.narrator.say(&line);
        }
        if self.unwritten.is_none() {
            let printed = self.printer.event(&stamped, run);
            self.printed(printed).await;
        }
        let over = matches!(stamped.event, RunEvent::Ended { .. });
        if let Some(journal) = &self.journal {
            journal.send(stamped).await;
            if let Some(why) = journal.failure().filter(|_| !self.failure_told) {
                self.failure_told = true;
                self.narrator.say(&format!("not recording any more: {why}"));
            }
        }
        Ok(over)
    }

    async fn print_due(&mut self) {
        let now = self.clock.now();
        if let Some(run) = self.record.run(self.id).filter(|_| self.unwritten.is_none()) {
            let printed = self.printer.tick(now, run);
            self.printed(printed).await;
        }
    }

    /// When stdout takes no more (`| head -1`, a full disk) the run is cancelled, so that its session gets an end.
    async fn printed(&mut self, result: io::Result<()>) {
        if let Err(error) = result {
            self.unwritten = Some(error);
            let _ = self.commands.send(Command::Cancel(self.id)).await;
        }
    }

    fn show(&mut self) {
        if let Some(run) = self.record.run(self.id) {
            let state = live_state(run, self.clock.now());
            self.narrator.update(&state, Instant::now());
        }
    }

    /// The value, the last words and the exit code.
    async fn close(mut self) -> Result<Exit, CliError> {
        self.narrator.clear();
        let session = match self.journal.take() {
            Some(journal) => match journal.close().await {
                Ok(path) => Some(path),
                Err(error) => {
                    if !self.failure_told {
                        self.narrator.say(&format!("not recorded: {error}"));
                    }
                    None
                }
            },
            None => None,
        };
        let Some(run) = self.record.run(self.id) else {
            return Ok(Exit::Cancelled);
        };
        let unwritten = match self.unwritten.take() {
            Some(error) => Some(error),
            None => self.printer.end(run).err(),
        };
        tell_end(&mut self.narrator, run, session.as_deref());
        match unwritten {
            Some(error) => Err(error.into()),
            None => Ok(exit_code(run)),
        }
    }
}

/// The last value of a run that is not valid, what it breaks, and how the run ended.
pub(super) fn tell_end(narrator: &mut Narrator<&mut dyn Write>, run: &RunRecord, session: Option<&Path>) {
    let outcome = run.ended.as_ref().map(|ended| ended.outcome);
    if outcome != Some(Outcome::Valid)
        && let Some(verdict) = run.verdict()
    {
        narrator.insist(&format!("last value: {}", verdict.value));
        for error in &verdict.errors {
            let place = if error.pointer.is_empty() {
                "the whole"
            } else {
                &error.pointer
            };
            narrator.insist(&format!("  {place}: {}", error.message));
        }
    }
    match narrate::ended(run, session) {
        Some(line) if outcome == Some(Outcome::Valid) => narrator.say(&line),
        Some(line) => narrator.insist(&line),
        None => {}
    }
}

/// Design §7.
fn exit_code(run: &RunRecord) -> Exit {
    let Some(ended) = &run.ended else {
        return Exit::Cancelled;
    };
    match (ended.outcome, ended.budget) {
        (Outcome::Valid, _) => Exit::Valid,
        (_, Some(_)) => Exit::Budget,
        (Outcome::Invalid | Outcome::Refused, None) => Exit::NotValid,
        (Outcome::Failed, None) => Exit::Provider,
        (Outcome::Cancelled, None) => Exit::Cancelled,
    }
}

/// What the line on a terminal shows of a run.
fn live_state(run: &RunRecord, now: u64) -> LiveState {
    let attempt = run.attempt();
    let state = match &run.waiting {
        Some(waiting) => format!(
            "waiting {:.1} s: {}",
            waiting.until.saturating_sub(now) as f64 / 1000.0,
            waiting.reason
        ),
        None => words::doing(run),
    };
    let fields = attempt.and_then(|attempt| attempt.answer.progress());
    let (fields_closed, fields_known) = fields.unwrap_or_default();
    LiveState {
        model: text::clean(&run.task.model).into_owned(),
        mode: attempt.map(|attempt| attempt.mode.to_string()).unwrap_or_default(),
        state,
        fields_closed,
        fields_known,
        tokens_per_s: attempt.and_then(|attempt| attempt.tokens_per_s(now)),
        cost: run.totals.usage.cost,
        elapsed_ms: now.saturating_sub(run.started),
    }
}
