//! A session's answers as they grow, and the moment at which each has its verdict: recorded and new.
//!
//! Owns the pairing. A run judges an answer right after its end, so that the next event of the same run tells whether it did.

use crate::event::{Closing, RunEvent, RunId};
use crate::extract::again::{Recorded, judge};
use crate::extract::answer::Answer;
use crate::schema::Schema;
use crate::task::Mode;
use crate::verdict::{Change, Outcome, Verdict};
use std::collections::BTreeMap;

/// An answer's two verdicts; `None` where nothing was judged.
#[derive(Debug)]
pub(super) struct Judgement {
    pub run: RunId,
    pub attempt: u32,
    /// When the answer had ended.
    pub closed_at: u64,
    pub recorded: Option<Verdict>,
    pub now: Option<Verdict>,
}

/// Follows the runs of a session.
#[derive(Debug, Default)]
pub(super) struct Tracker {
    runs: BTreeMap<RunId, Run>,
    now: u64,
}

#[derive(Debug)]
struct Run {
    /// The schema it was asked with; `None` when its text does not load any more.
    schema: Option<Schema>,
    strict_json: bool,
    attempt: Option<Attempt>,
    /// An answer that has ended, with its new verdict.
    due: Option<Judgement>,
}

#[derive(Debug)]
struct Attempt {
    number: u32,
    mode: Mode,
    changes: Vec<Change>,
    answer: Answer,
}

impl Tracker {
    /// Takes in an event. The two verdicts of an answer are given out by its recorded verdict, or by the event that shows that there is
    /// none. `other` is the schema to judge by, if it is not the recorded one.
    pub fn take(&mut self, event: &RunEvent, other: Option<&Schema>) -> Option<Judgement> {
        let id = event.run()?;
        if let RunEvent::Started { task, .. } = event {
            let run = Run {
                schema: Schema::load(&task.schema, task.schema_name.as_deref()).ok(),
                strict_json: task.strict_json,
                attempt: None,
                due: None,
            };
            return self.runs.insert(id, run).and_then(|old| old.due);
        }
        let now = self.now;
        self.runs.get_mut(&id)?.take(id, event, other, now)
    }

    /// The time of the event that was taken in last.
    pub fn time(&mut self, at: u64) {
        self.now = self.now.max(at);
    }

    /// The answers that have ended and whose verdicts were not given out.
    pub fn finish(&mut self) -> Vec<Judgement> {
        self.runs.values_mut().filter_map(|run| run.due.take()).collect()
    }
}

impl Run {
    fn take(&mut self, id: RunId, event: &RunEvent, other: Option<&Schema>, now: u64) -> Option<Judgement> {
        match event {
            RunEvent::Judged {
                attempt,
                source,
                value,
                errors,
                repairs,
                ..
            } => {
                let found = self.due.take().or_else(|| {
                    // The line that says how the answer ended is missing: it is judged as one that simply did.
                    self.close(id, *attempt, &Closing::default(), other, now)
                });
                let mut judgement = found.unwrap_or(Judgement {
                    run: id,
                    attempt: *attempt,
                    closed_at: now,
                    recorded: None,
                    now: None,
                });
                judgement.recorded = Some(Verdict {
                    source: *source,
                    value: value.clone(),
                    errors: errors.clone(),
                    repairs: repairs.clone(),
                });
                Some(judgement)
            }
            RunEvent::Attempt {
                attempt, mode, changes, ..
            } => {
                self.attempt = Some(Attempt {
                    number: *attempt,
                    mode: *mode,
                    changes: changes.clone(),
                    answer: Answer::default(),
                });
                self.due.take()
            }
            RunEvent::Delta { attempt, delta, .. } => {
                if let Some(open) = self.attempt.as_mut().filter(|open| open.number == *attempt) {
                    open.answer.push(delta);
                }
                self.due.take()
            }
            RunEvent::Closed { attempt, closing, .. } => {
                let before = self.due.take();
                self.due = self.close(id, *attempt, closing, other, now);
                before
            }
            // A program that was killed between the two is no other verdict.
            RunEvent::Ended {
                outcome: Outcome::Cancelled,
                ..
            } if other.is_none() => {
                self.due = None;
                None
            }
            RunEvent::Progress { .. }
            | RunEvent::Opened { .. }
            | RunEvent::Routed { .. }
            | RunEvent::Waiting { .. }
            | RunEvent::Ended { .. } => self.due.take(),
            RunEvent::Draft(_) | RunEvent::Started { .. } | RunEvent::Unknown => None,
        }
    }

    /// Judges the open answer, whose stream has ended.
    fn close(
        &mut self,
        run: RunId,
        attempt: u32,
        closing: &Closing,
        other: Option<&Schema>,
        now: u64,
    ) -> Option<Judgement> {
        let open = self.attempt.take().filter(|open| open.number == attempt)?;
        let schema = other.or(self.schema.as_ref())?;
        let recorded = Recorded {
            mode: open.mode,
            function: self.schema.as_ref().unwrap_or(schema).name(),
            changes: &open.changes,
            strict_json: self.strict_json,
            answer: &open.answer,
            closing,
        };
        Some(Judgement {
            run,
            attempt,
            closed_at: now,
            recorded: None,
            now: judge(&recorded, schema, other.is_some()),
        })
    }
}
