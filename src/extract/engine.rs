//! The run engine: told what happened, it answers with the events to record and the next step to take.
//!
//! Owns the course of a run from plan to outcome: attempts, re-asks, fallbacks, retries, adjustments and budgets. It does no I/O and reads
//! no clock: `now` is handed in, and the `worker` does what the step says.

mod answered;
mod budget;
mod faulted;
#[cfg(test)]
mod tests;

use crate::event::{Budget, Closing, Delta, Fault, Phase, PlanStep, RunEvent, RunId, Why};
use crate::extract::answer::Answer;
use crate::extract::body::{self, Request, Tuning};
use crate::extract::faults::Remedy;
use crate::extract::model::{Dialect, Known};
use crate::extract::plan::{Grounds, plan};
use crate::schema::Schema;
use crate::task::{Mode, Task};
use crate::verdict::{Change, Outcome, Totals};
use serde_json::Value;
use std::sync::Arc;

/// What a run starts from.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The run's number in its session.
    pub run: RunId,
    /// What to extract.
    pub task: Arc<Task>,
    /// The task's schema, loaded.
    pub schema: Schema,
    /// The provider's name.
    pub provider: String,
    /// Which body fields it understands.
    pub dialect: Dialect,
    /// What is known of the model.
    pub known: Known,
    /// Modes this endpoint was seen unable to serve.
    pub cannot: Vec<Mode>,
    /// Seeds the jitter of the waits.
    pub seed: u64,
}

/// Something that happened to a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Happened {
    /// Headers arrived, `ms` after sending.
    Opened {
        /// HTTP status.
        status: u16,
        /// Milliseconds since the request was sent.
        ms: u64,
    },
    /// The server or upstream named itself.
    Routed {
        /// The upstream provider.
        provider: Option<String>,
        /// The model served.
        model: Option<String>,
        /// The generation's id.
        id: Option<String>,
    },
    /// Something slow is under way.
    Progress {
        /// What.
        phase: Phase,
        /// Units done.
        done: u64,
        /// Units in all.
        total: u64,
    },
    /// A piece of the answer.
    Delta(Delta),
    /// The stream ended.
    Closed(Closing),
    /// The wait that was asked for is over.
    Waited,
    /// The user stopped the run.
    Cancelled,
    /// The run's wall time is used up.
    TimedOut,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Go on listening to the stream that is open, or to the wait that is under way.
    Listen,
    /// Drop what is open and send this body.
    Send(Value),
    /// Drop what is open, wait so many milliseconds, then report [`Happened::Waited`].
    Wait(u64),
    /// Drop what is open: the run is over.
    End,
}

/// The answer to one happening.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// What to record, in order.
    pub events: Vec<RunEvent>,
    /// What to do.
    pub step: Step,
    /// A mode that this endpoint cannot serve, to be remembered for a day.
    pub remember: Option<Mode>,
}

/// Where the run stands between two happenings.
#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Open,
    Waiting,
    Over,
}

/// One run, from its first attempt to its outcome.
#[derive(Clone, Debug)]
pub struct Run {
    setup: Setup,
    plan: Vec<PlanStep>,
    /// The plan's step in use.
    at: usize,
    tuning: Tuning,
    /// The remedies that this step of the plan has used: each may be used once.
    used: Vec<Remedy>,
    state: State,
    answer: Answer,
    changes: Vec<Change>,
    sent: Value,
    /// A re-ask's further messages.
    more: Vec<Value>,
    max_tokens: u32,
    /// The most tokens that the server said it grants.
    ceiling: u32,
    attempts: u32,
    reasks: u32,
    retries: u32,
    longer: bool,
    /// The first fault that made the run leave a step, with its advice.
    first_fault: Option<(Fault, String)>,
    totals: Totals,
    rng: fastrand::Rng,
    /// The events of the turn being made.
    events: Vec<RunEvent>,
    remember: Option<Mode>,
}

impl Run {
    /// Plans a run. Nothing is sent before [`Run::begin`].
    pub fn new(setup: Setup) -> Self {
        let plan = plan(&Grounds {
            choice: setup.task.mode,
            known: &setup.known,
            dialect: setup.dialect,
            open_maps: setup.schema.has_open_maps(),
            cannot: &setup.cannot,
            fallback: setup.task.limits.fallback,
        });
        let max_tokens = budget::first_max_tokens(&setup);
        let rng = fastrand::Rng::with_seed(setup.seed);
        Self {
            setup,
            plan,
            at: 0,
            tuning: Tuning::default(),
            used: Vec::new(),
            state: State::Open,
            answer: Answer::default(),
            changes: Vec::new(),
            sent: Value::Null,
            more: Vec::new(),
            max_tokens,
            ceiling: u32::MAX,
            attempts: 0,
            reasks: 0,
            retries: 0,
            longer: false,
            first_fault: None,
            totals: Totals::default(),
            rng,
            events: Vec::new(),
            remember: None,
        }
    }

    /// The steps the run may take.
    pub fn plan(&self) -> &[PlanStep] {
        &self.plan
    }

    /// The body of the first attempt, as [`Run::begin`] would send it, with the changes to the schema.
    pub fn preview(&self) -> (Value, Vec<Change>) {
        body::body(&self.request())
    }

    /// Starts the run at `now` milliseconds after its own beginning (usually 0).
    pub fn begin(&mut self, now: u64) -> Turn {
        self.note_started();
        let reason = self.plan[self.at].reason.clone();
        let step = self.send(now, Why::First, reason);
        self.turn(step)
    }

    /// Starts a run that was cancelled or ran out of time while it was being planned: nothing is sent.
    pub fn begin_stopped(&mut self, now: u64, why: Happened) -> Turn {
        self.note_started();
        self.happened(now, why)
    }

    fn note_started(&mut self) {
        self.events.push(RunEvent::Started {
            run: self.setup.run,
            version: env!("CARGO_PKG_VERSION").into(),
            task: Arc::clone(&self.setup.task),
            provider: self.setup.provider.clone(),
            plan: self.plan.clone(),
        });
    }

    /// Takes in what happened `now` milliseconds after the run's beginning. After [`Step::End`] nothing changes any more.
    pub fn happened(&mut self, now: u64, what: Happened) -> Turn {
        let step = match (self.state, what) {
            (State::Over, _) => Step::End,
            (_, Happened::Cancelled) => self.end(now, Outcome::Cancelled, "cancelled".into(), None),
            (_, Happened::TimedOut) => self.out_of_time(now),
            (State::Waiting, Happened::Waited) => {
                let reason = format!("retry {} of {}", self.retries, self.setup.task.limits.retries);
                self.send(now, Why::Retry, reason)
            }
            (State::Open, Happened::Closed(closing)) => self.closed(now, closing),
            (State::Open, Happened::Delta(delta)) => self.delta(now, delta),
            (State::Open, Happened::Opened { status, ms }) => {
                let event = RunEvent::Opened {
                    run: self.setup.run,
                    attempt: self.attempts,
                    status,
                    ms,
                };
                self.note(event)
            }
            (State::Open, Happened::Routed { provider, model, id }) => {
                let event = RunEvent::Routed {
                    run: self.setup.run,
                    attempt: self.attempts,
                    provider,
                    model,
                    id,
                };
                self.note(event)
            }
            (State::Open, Happened::Progress { phase, done, total }) => {
                let event = RunEvent::Progress {
                    run: self.setup.run,
                    phase,
                    done,
                    total,
                };
                self.note(event)
            }
            // Late signals of a stream that was dropped.
            (State::Open, Happened::Waited) | (State::Waiting, _) => Step::Listen,
        };
        self.turn(step)
    }

    fn turn(&mut self, step: Step) -> Turn {
        Turn {
            events: std::mem::take(&mut self.events),
            step,
            remember: self.remember.take(),
        }
    }

    fn note(&mut self, event: RunEvent) -> Step {
        self.events.push(event);
        Step::Listen
    }

    fn delta(&mut self, now: u64, delta: Delta) -> Step {
        self.answer.push(&delta);
        let event = RunEvent::Delta {
            run: self.setup.run,
            attempt: self.attempts,
            delta,
        };
        self.events.push(event);
        if self.answer.is_runaway() {
            let error = Fault {
                class: crate::event::FaultClass::NoContent,
                message: "the model printed nothing but white space, and the stream was stopped".into(),
                ..Fault::default()
            };
            return self.closed(
                now,
                Closing {
                    error: Some(error),
                    ..Closing::default()
                },
            );
        }
        Step::Listen
    }

    fn closed(&mut self, now: u64, mut closing: Closing) -> Step {
        if let Some(usage) = &mut closing.usage {
            *usage = self.priced(*usage);
            self.totals.add(usage);
        }
        match closing.error.clone() {
            Some(fault) => self.faulted(now, closing, fault),
            None => self.answered(now, &closing),
        }
    }

    fn note_closed(&mut self, closing: Closing) {
        self.events.push(RunEvent::Closed {
            run: self.setup.run,
            attempt: self.attempts,
            closing,
        });
    }

    /// Sends the next attempt unless a budget forbids it.
    fn send(&mut self, now: u64, why: Why, reason: String) -> Step {
        if let Some((budget, reason)) = self.spent() {
            return self.end(now, Outcome::Failed, reason, Some(budget));
        }
        self.attempts += 1;
        self.totals.attempts = self.attempts;
        self.answer = Answer::default();
        let (body, changes) = body::body(&self.request());
        self.changes.clone_from(&changes);
        self.sent.clone_from(&body);
        self.state = State::Open;
        self.events.push(RunEvent::Attempt {
            run: self.setup.run,
            attempt: self.attempts,
            mode: self.mode(),
            why,
            reason,
            changes,
            body: body.clone(),
        });
        Step::Send(body)
    }

    fn request(&self) -> Request<'_> {
        Request {
            task: &self.setup.task,
            schema: &self.setup.schema,
            known: &self.setup.known,
            dialect: self.setup.dialect,
            mode: self.mode(),
            tuning: &self.tuning,
            max_tokens: self.affordable(self.max_tokens),
            more: &self.more,
        }
    }

    fn mode(&self) -> Mode {
        self.plan[self.at].mode
    }

    /// Goes to the plan's next step. `false` when there is none.
    fn fall_back(&mut self) -> bool {
        if self.at + 1 >= self.plan.len() {
            return false;
        }
        self.at += 1;
        self.tuning = Tuning::default();
        self.used.clear();
        self.more.clear();
        true
    }

    fn out_of_time(&mut self, now: u64) -> Step {
        let limit = self.setup.task.limits.timeout_ms.unwrap_or(now);
        let reason = format!(
            "stopped after {:.1} s, the time this run was given (--timeout)",
            limit as f64 / 1000.0
        );
        self.end(now, Outcome::Failed, reason, Some(Budget::Time))
    }

    fn end(&mut self, now: u64, outcome: Outcome, reason: String, budget: Option<Budget>) -> Step {
        self.state = State::Over;
        self.totals.ms = now;
        self.events.push(RunEvent::Ended {
            run: self.setup.run,
            outcome,
            reason,
            budget,
            totals: self.totals,
        });
        Step::End
    }
}
