//! Recorded answers judged again: under their own schema by today's code, or under another schema.
//!
//! Owns following a session's events and pairing each recorded verdict with a new one. Judging is `extract::again`'s, telling two
//! verdicts apart `compare`'s. It adds no attempt: what a run would have asked next under another schema nobody knows.

pub mod compare;
#[cfg(test)]
mod tests;
mod track;

use crate::event::{RunEvent, RunId, Stamped};
use crate::schema::Schema;
use crate::session::tape::Tape;
use crate::task::Task;
use crate::verdict::{Outcome, Verdict, Violation};
use compare::compare;
use std::collections::BTreeMap;
use std::sync::Arc;
use track::{Judgement, Tracker};

/// Where a verdict of now is other than the recorded one. All words may quote the session and are not sanitised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The run.
    pub run: RunId,
    /// Its attempt.
    pub attempt: u32,
    /// RFC 6901 JSON Pointer into the value; `""` is the whole, and the place of repairs.
    pub pointer: String,
    /// What was recorded there, in a few words.
    pub recorded: String,
    /// What is there now.
    pub now: String,
}

/// What judging a session again by today's code came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Again {
    /// Runs that were started.
    pub runs: usize,
    /// Answers that have a verdict, in the recording or now.
    pub verdicts: usize,
    /// Where they differ, in the order of the session; of one answer no more than [`compare::MOST`].
    pub differences: Vec<Difference>,
}

/// Judges a session again by today's code, event by event, and holds one answer at a time.
#[derive(Debug, Default)]
pub struct Checker {
    tracker: Tracker,
    again: Again,
}

impl Checker {
    /// Takes in the next event.
    pub fn push(&mut self, event: &RunEvent) {
        if let RunEvent::Started { run, task, .. } = event {
            self.again.runs += 1;
            if let Err(error) = Schema::load(&task.schema, task.schema_name.as_deref()) {
                self.again.differences.push(Difference {
                    run: *run,
                    attempt: 0,
                    pointer: String::new(),
                    recorded: "a schema".into(),
                    now: format!("no schema: {error}"),
                });
            }
        }
        if let Some(judgement) = self.tracker.take(event, None) {
            self.compared(&judgement);
        }
    }

    fn compared(&mut self, judgement: &Judgement) {
        if judgement.recorded.is_some() || judgement.now.is_some() {
            self.again.verdicts += 1;
            self.again.differences.extend(differences(judgement));
        }
    }

    /// What came of it. An answer at the very end that no verdict follows was cut off, and is no difference.
    pub fn finish(self) -> Again {
        self.again
    }
}

/// Today's verdicts on a session's answers under their own schema, compared with the recorded ones: the value, (pointer, keyword) of
/// errors and (kind, offset) of repairs; wording never.
pub fn again<'e>(events: impl IntoIterator<Item = &'e RunEvent>) -> Again {
    let mut checker = Checker::default();
    for event in events {
        checker.push(event);
    }
    checker.finish()
}

/// The same bytes under another schema: a tape of the events with that schema in their tasks and the verdicts it gives, and where those differ from
/// the recorded ones. A run that was valid or not ends as its last verdict says, and so does one that has become valid.
pub fn under(tape: &Tape, schema: &Schema) -> (Tape, Vec<Difference>) {
    let mut under = Under {
        schema,
        tracker: Tracker::default(),
        last: BTreeMap::new(),
        tape: Tape::new(tape.header.clone()),
        differences: Vec::new(),
    };
    under.tape.warnings.clone_from(&tape.warnings);
    for stamped in tape.events() {
        under.take(stamped);
    }
    under.close();
    (under.tape, under.differences)
}

struct Under<'s> {
    schema: &'s Schema,
    tracker: Tracker,
    /// What the last verdict of each run found wrong.
    last: BTreeMap<RunId, Vec<Violation>>,
    tape: Tape,
    differences: Vec<Difference>,
}

impl Under<'_> {
    fn take(&mut self, Stamped { at, event }: Stamped) {
        self.tracker.time(at);
        if let Some(judgement) = self.tracker.take(&event, Some(self.schema)) {
            // A verdict that was not recorded belongs to the end of its answer.
            let at = if matches!(event, RunEvent::Judged { .. }) {
                at
            } else {
                judgement.closed_at
            };
            self.judged(at, judgement);
        }
        match event {
            RunEvent::Judged { .. } => {}
            RunEvent::Started {
                run,
                version,
                task,
                provider,
                plan,
            } => self.push(
                at,
                RunEvent::Started {
                    run,
                    version,
                    task: self.asked_for(&task),
                    provider,
                    plan,
                },
            ),
            RunEvent::Ended {
                run,
                outcome,
                reason,
                budget,
                totals,
            } => {
                let found = self.last.get(&run).and_then(|errors| ended(outcome, errors));
                let (outcome, reason, budget) =
                    found.map_or((outcome, reason, budget), |(outcome, reason)| (outcome, reason, None));
                self.push(
                    at,
                    RunEvent::Ended {
                        run,
                        outcome,
                        reason,
                        budget,
                        totals,
                    },
                );
            }
            other => self.push(at, other),
        }
    }

    fn asked_for(&self, task: &Task) -> Arc<Task> {
        Arc::new(Task {
            schema: self.schema.text().to_owned(),
            schema_name: Some(self.schema.name().to_owned()),
            ..task.clone()
        })
    }

    fn judged(&mut self, at: u64, judgement: Judgement) {
        self.differences.extend(differences(&judgement));
        let Some(verdict) = judgement.now else { return };
        self.last.insert(judgement.run, verdict.errors.clone());
        self.push(at, event(judgement.run, judgement.attempt, verdict));
    }

    fn push(&mut self, at: u64, event: RunEvent) {
        self.tape.push(Stamped { at, event });
    }

    /// An answer at the very end gets the verdict that the recording lacks.
    fn close(&mut self) {
        for judgement in self.tracker.finish() {
            self.judged(judgement.closed_at, judgement);
        }
    }
}

fn event(run: RunId, attempt: u32, verdict: Verdict) -> RunEvent {
    RunEvent::Judged {
        run,
        attempt,
        source: verdict.source,
        value: verdict.value,
        errors: verdict.errors,
        repairs: verdict.repairs,
    }
}

/// How a run ends whose last verdict found these violations; `None` where it ends as recorded.
fn ended(recorded: Outcome, errors: &[Violation]) -> Option<(Outcome, String)> {
    match (recorded, errors.first()) {
        (_, None) => Some((Outcome::Valid, "valid under this schema".into())),
        (Outcome::Valid | Outcome::Invalid, Some(first)) => {
            let place = if first.pointer.is_empty() {
                String::new()
            } else {
                format!("{}: ", first.pointer)
            };
            Some((
                Outcome::Invalid,
                format!("not valid under this schema: {place}{}", first.message),
            ))
        }
        (Outcome::Refused | Outcome::Failed | Outcome::Cancelled, Some(_)) => None,
    }
}

fn differences(judgement: &Judgement) -> impl Iterator<Item = Difference> {
    let (run, attempt) = (judgement.run, judgement.attempt);
    let found = compare(judgement.recorded.as_ref(), judgement.now.as_ref());
    found.into_iter().map(move |one| Difference {
        run,
        attempt,
        pointer: one.pointer,
        recorded: one.recorded,
        now: one.now,
    })
}
