//! What a run's events add up to: attempts, answer trees, field states, verdicts, totals.
//!
//! Owns the one type that the workbench, `run --stream`, replay and test read. It knows no screen, no network and no clock: the time of
//! an event is handed in with it. Extending it by an event costs what the event brings.

pub mod answer;
mod attempt;
mod draft;
pub mod fields;
mod mark;
mod piece;
#[cfg(test)]
mod tests;

use crate::event::{Budget, Closing, Draft, Phase, PlanStep, RunEvent, RunId};
use crate::schema::Schema;
use crate::task::Task;
use crate::verdict::{Outcome, Totals, Verdict};
use answer::AnswerRecord;
pub use attempt::AttemptRecord;
pub(crate) use mark::{AttemptMark, RunMark};
pub use piece::{Piece, Settled};
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

impl Record {
    /// Adds one event that happened `at` milliseconds after the session was created. Events of unknown runs are ignored.
    pub fn apply(&mut self, at: u64, event: &RunEvent) {
        match event {
            RunEvent::Draft(draft) => draft::change(&mut self.draft, draft),
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
        self.attempts
            .iter()
            .rev()
            .find_map(|attempt| attempt.verdict.as_deref())
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
