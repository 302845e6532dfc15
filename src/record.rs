//! What a run's events add up to: attempts, answer trees, field states, verdicts, totals.
//!
//! Owns the one type that the workbench, `run --stream`, replay and test read. It knows no screen, no network and no clock: the time of
//! an event is handed in with it. Extending it by an event costs what the event brings.

pub mod answer;
pub mod fields;
#[cfg(test)]
mod tests;

use crate::event::{Budget, CallRef, Closing, Delta, Draft, Phase, PlanStep, RunEvent, RunId, Why};
use crate::schema::Schema;
use crate::task::{Mode, Task};
use crate::verdict::{Change, Channel, Outcome, Totals, Verdict};
use answer::AnswerRecord;
use serde_json::Value;
use std::sync::Arc;

/// Everything that a session's events have said so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The panes as last drafted.
    pub draft: Draft,
    /// The runs in order of starting.
    pub runs: Vec<RunRecord>,
}

/// One run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRecord {
    /// Its number in the session.
    pub id: RunId,
    /// When it started, in milliseconds since the session was created; so are all times below.
    pub started: u64,
    /// What was asked for.
    pub task: Arc<Task>,
    /// Its schema; `None` when the text in the session does not load under this program.
    pub schema: Option<Schema>,
    /// The provider's name.
    pub provider: String,
    /// The steps it might take.
    pub plan: Vec<PlanStep>,
    /// The attempts in order.
    pub attempts: Vec<AttemptRecord>,
    /// The wait under way.
    pub waiting: Option<Waiting>,
    /// What slow thing is under way before an answer.
    pub progress: Option<Progress>,
    /// How it ended.
    pub ended: Option<Ended>,
    /// What has been spent so far.
    pub totals: Totals,
}

/// A wait before a retry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// When it is over.
    pub until: u64,
    /// Why it is.
    pub reason: String,
}

/// Something slow under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What.
    pub phase: Phase,
    /// Units done.
    pub done: u64,
    /// Units in all; 0 when unknown.
    pub total: u64,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// When.
    pub at: u64,
    /// How.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// The budget that stopped it.
    pub budget: Option<Budget>,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct AttemptRecord {
    /// Its number in the run, from 1.
    pub number: u32,
    /// When it was sent.
    pub at: u64,
    /// How the model was asked.
    pub mode: Mode,
    /// Why it was made.
    pub why: Why,
    /// The same in a sentence.
    pub reason: String,
    /// What was changed in the schema.
    pub changes: Vec<Change>,
    /// The request body.
    pub body: Arc<Value>,
    /// HTTP status, and milliseconds to the headers.
    pub opened: Option<(u16, u64)>,
    /// The upstream provider.
    pub upstream: Option<String>,
    /// The model served.
    pub served: Option<String>,
    /// The generation's id.
    pub generation: Option<String>,
    /// What was answered.
    pub answer: AnswerRecord,
    /// When the first and the last piece of it came.
    pub pieces: Option<(u64, u64)>,
    /// How its stream ended, and when.
    pub closed: Option<(u64, Closing)>,
    /// What judging it found.
    pub verdict: Option<Verdict>,
}

/// A piece of an answer, and where it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'p> {
    /// The run.
    pub run: RunId,
    /// The attempt.
    pub attempt: u32,
    /// The channel.
    pub channel: Channel,
    /// The call, for the channel `call`.
    pub call: Option<&'p CallRef>,
    /// The text, to be appended.
    pub text: &'p str,
}

impl<'p> Piece<'p> {
    /// The piece of an event.
    pub const fn of(run: RunId, attempt: u32, delta: &'p Delta) -> Self {
        Self {
            run,
            attempt,
            channel: delta.channel,
            call: delta.call.as_ref(),
            text: delta.text.as_str(),
        }
    }
}

/// What a piece of an answer settled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Whether it is its attempt's first.
    pub first: bool,
    /// Scalar fields that closed with it.
    pub closed: usize,
    /// Fields among those that closed with it, and items, that break the schema.
    pub invalid: usize,
}

impl Record {
    /// Adds one event that happened `at` milliseconds after the session was created. Events of unknown runs are ignored.
    pub fn apply(&mut self, at: u64, event: &RunEvent) {
        match event {
            RunEvent::Draft(draft) => self.draft_changed(draft),
            RunEvent::Started {
                run,
                task,
                provider,
                plan,
                ..
            } => {
                self.runs.push(RunRecord::new(
                    *run,
                    at,
                    Arc::clone(task),
                    provider.clone(),
                    plan.clone(),
                ));
            }
            RunEvent::Delta { run, attempt, delta } => _ = self.piece(at, &Piece::of(*run, *attempt, delta)),
            RunEvent::Attempt { .. }
            | RunEvent::Progress { .. }
            | RunEvent::Opened { .. }
            | RunEvent::Routed { .. }
            | RunEvent::Waiting { .. }
            | RunEvent::Closed { .. }
            | RunEvent::Judged { .. }
            | RunEvent::Ended { .. } => {
                let run = event
                    .run()
                    .and_then(|id| self.runs.iter_mut().rev().find(|run| run.id == id));
                if let Some(run) = run {
                    run.apply(at, event);
                }
            }
            RunEvent::Unknown => {}
        }
    }

    /// Adds a piece of an answer, as [`Record::apply`] does for its event, and says what it settled.
    pub fn piece(&mut self, at: u64, piece: &Piece<'_>) -> Settled {
        let run = self.runs.iter_mut().rev().find(|run| run.id == piece.run);
        run.map_or_else(Settled::default, |run| run.piece(at, piece))
    }

    /// A run by its number.
    pub fn run(&self, id: RunId) -> Option<&RunRecord> {
        self.runs.iter().rev().find(|run| run.id == id)
    }

    fn draft_changed(&mut self, new: &Draft) {
        let old = &mut self.draft;
        let members = [
            (&mut old.schema, &new.schema),
            (&mut old.input, &new.input),
            (&mut old.instructions, &new.instructions),
            (&mut old.model, &new.model),
            (&mut old.mode, &new.mode),
            (&mut old.provider, &new.provider),
        ];
        for (old, new) in members {
            if new.is_some() {
                old.clone_from(new);
            }
        }
    }
}

impl RunRecord {
    fn new(id: RunId, started: u64, task: Arc<Task>, provider: String, plan: Vec<PlanStep>) -> Self {
        let schema = Schema::load(&task.schema, task.schema_name.as_deref()).ok();
        Self {
            id,
            started,
            task,
            schema,
            provider,
            plan,
            attempts: Vec::new(),
            waiting: None,
            progress: None,
            ended: None,
            totals: Totals::default(),
        }
    }

    /// The attempt under way, or the last one.
    pub fn attempt(&self) -> Option<&AttemptRecord> {
        self.attempts.last()
    }

    /// The last verdict of any attempt.
    pub fn verdict(&self) -> Option<&Verdict> {
        self.attempts.iter().rev().find_map(|attempt| attempt.verdict.as_ref())
    }

    /// What the run has spent up to its last event. Until a run has ended nobody has said how long it took.
    pub fn spent(&self) -> Totals {
        let times = self.attempts.iter().flat_map(|attempt| {
            let opened = attempt.opened.map(|(_, ms)| attempt.at.saturating_add(ms));
            let (piece, closed) = (attempt.pieces.map(|(_, last)| last), attempt.closed.as_ref());
            [Some(attempt.at), opened, piece, closed.map(|(at, _)| *at)]
        });
        let last = self.ended.as_ref().map(|ended| ended.at);
        let last = times.chain([last]).flatten().max().unwrap_or(self.started);
        let ms = self.totals.ms.max(last.saturating_sub(self.started));
        Totals { ms, ..self.totals }
    }

    /// The value as far as it may be shown now: the verdict's once there is one, else the partial value of the attempt under way.
    pub fn value(&self) -> Option<Value> {
        let attempt = self.attempt()?;
        match &attempt.verdict {
            Some(verdict) => Some(verdict.value.clone()),
            None => attempt.answer.value(self.schema.as_ref()?),
        }
    }

    fn apply(&mut self, at: u64, event: &RunEvent) {
        match event {
            RunEvent::Attempt {
                attempt,
                mode,
                why,
                reason,
                changes,
                body,
                ..
            } => {
                self.waiting = None;
                self.totals.attempts = *attempt;
                self.attempts.push(AttemptRecord {
                    number: *attempt,
                    at,
                    mode: *mode,
                    why: *why,
                    reason: reason.clone(),
                    changes: changes.clone(),
                    body: Arc::new(body.clone()),
                    opened: None,
                    upstream: None,
                    served: None,
                    generation: None,
                    answer: AnswerRecord::new(*mode, changes, self.schema.as_ref()),
                    pieces: None,
                    closed: None,
                    verdict: None,
                });
            }
            RunEvent::Progress { phase, done, total, .. } => {
                self.progress = Some(Progress {
                    phase: *phase,
                    done: *done,
                    total: *total,
                });
            }
            RunEvent::Waiting { ms, reason, .. } => {
                self.waiting = Some(Waiting {
                    until: at.saturating_add(*ms),
                    reason: reason.clone(),
                });
            }
            RunEvent::Ended {
                outcome,
                reason,
                budget,
                totals,
                ..
            } => {
                self.waiting = None;
                self.progress = None;
                self.totals = *totals;
                self.ended = Some(Ended {
                    at,
                    outcome: *outcome,
                    reason: reason.clone(),
                    budget: *budget,
                });
            }
            RunEvent::Opened { attempt, .. }
            | RunEvent::Routed { attempt, .. }
            | RunEvent::Closed { attempt, .. }
            | RunEvent::Judged { attempt, .. } => self.attempt_event(*attempt, at, event),
            RunEvent::Draft(_) | RunEvent::Started { .. } | RunEvent::Delta { .. } | RunEvent::Unknown => {}
        }
    }

    fn piece(&mut self, at: u64, piece: &Piece<'_>) -> Settled {
        let attempt = self.attempts.iter_mut().rev().find(|one| one.number == piece.attempt);
        let Some(attempt) = attempt else {
            return Settled::default();
        };
        self.progress = None;
        attempt.piece(at, piece, self.schema.as_ref())
    }

    fn attempt_event(&mut self, number: u32, at: u64, event: &RunEvent) {
        if let RunEvent::Closed {
            closing: Closing { usage: Some(usage), .. },
            ..
        } = event
        {
            self.totals.add(usage);
        }
        if let Some(attempt) = self.attempts.iter_mut().rev().find(|attempt| attempt.number == number) {
            self.progress = None;
            attempt.apply(at, event, self.schema.as_ref());
        }
    }
}

impl AttemptRecord {
    fn piece(&mut self, at: u64, piece: &Piece<'_>, schema: Option<&Schema>) -> Settled {
        let first = self.pieces.is_none();
        self.pieces = Some((self.pieces.map_or(at, |(first, _)| first), at));
        let (closed, invalid) = self.answer.push(piece, schema);
        Settled { first, closed, invalid }
    }

    fn apply(&mut self, at: u64, event: &RunEvent, schema: Option<&Schema>) {
        match event {
            RunEvent::Opened { status, ms, .. } => self.opened = Some((*status, *ms)),
            RunEvent::Routed {
                provider, model, id, ..
            } => {
                for (old, new) in [
                    (&mut self.upstream, provider),
                    (&mut self.served, model),
                    (&mut self.generation, id),
                ] {
                    if new.is_some() {
                        old.clone_from(new);
                    }
                }
            }
            RunEvent::Closed { closing, .. } => {
                self.answer.finish(schema);
                self.closed = Some((at, closing.clone()));
            }
            RunEvent::Judged {
                source,
                value,
                errors,
                repairs,
                ..
            } => {
                self.verdict = Some(Verdict {
                    source: *source,
                    value: value.clone(),
                    errors: errors.clone(),
                    repairs: repairs.clone(),
                });
            }
            RunEvent::Draft(_)
            | RunEvent::Started { .. }
            | RunEvent::Attempt { .. }
            | RunEvent::Progress { .. }
            | RunEvent::Delta { .. }
            | RunEvent::Waiting { .. }
            | RunEvent::Ended { .. }
            | RunEvent::Unknown => {}
        }
    }

    /// Tokens of the answer per second: as the server counted them once the attempt has closed, until then estimated at four bytes
    /// each. `None` within the first 200 ms, when a rate means nothing.
    pub fn tokens_per_s(&self, now: u64) -> Option<f64> {
        let (first, last) = self.pieces?;
        let end = if self.closed.is_some() { last } else { now };
        let seconds = Some(end.saturating_sub(first)).filter(|ms| *ms >= 200)? as f64 / 1000.0;
        let counted = self
            .closed
            .as_ref()
            .and_then(|(_, closing)| closing.usage)
            .map(|usage| usage.completion as f64);
        let bytes: usize = self.answer.streams.iter().map(|stream| stream.text.len()).sum();
        Some(counted.unwrap_or(bytes as f64 / 4.0) / seconds)
    }

    /// Milliseconds from sending to the first piece of the answer.
    pub fn first_piece_ms(&self) -> Option<u64> {
        self.pieces.map(|(first, _)| first.saturating_sub(self.at))
    }
}
