//! Moments of a record: going back to one, and on to one from the record of the whole.
//!
//! Owns what a moment needs of runs and attempts beside their answers, whose moments are `answer`'s. Which moments are kept is up to
//! `session::history`.

use super::answer;
use super::attempt::AttemptRecord;
use super::{Ended, Progress, Record, RunRecord, Waiting, draft};
use crate::event::{Closing, Draft, RunId};
use crate::verdict::{Totals, Verdict};
use std::sync::Arc;

/// A moment of a run, its attempts aside.
#[derive(Clone, Debug)]
pub(crate) struct RunMark {
    /// How many attempts it had.
    pub attempts: usize,
    waiting: Option<Waiting>,
    progress: Option<Progress>,
    ended: Option<Ended>,
    totals: Totals,
}

/// A moment of an attempt.
#[derive(Clone, Debug)]
pub(crate) struct AttemptMark {
    opened: Option<(u16, u64)>,
    upstream: Option<String>,
    served: Option<String>,
    generation: Option<String>,
    pieces: Option<(u64, u64)>,
    closed: Option<(u64, Closing)>,
    verdict: Option<Arc<Verdict>>,
    answer: answer::Mark,
}

impl Record {
    /// The index of the run that an event of this number is added to.
    pub(crate) fn run_index(&self, run: RunId) -> Option<usize> {
        self.runs.iter().rposition(|one| one.id == run)
    }

    /// Goes to where only these drafts had come; the last of them comes first.
    pub(crate) fn take_drafts<'d>(&mut self, last_first: &(impl Iterator<Item = &'d Draft> + Clone)) {
        draft::take(&mut self.draft, last_first);
    }

    /// Adds the event that an attempt was judged, with a verdict that others hold too.
    pub(crate) fn judged(&mut self, run: RunId, attempt: u32, verdict: &Arc<Verdict>) {
        let Some(run) = self.run_index(run).and_then(|run| self.runs.get_mut(run)) else {
            return;
        };
        if let Some(attempt) = run.attempt_index(attempt) {
            run.progress = None;
            run.attempts[attempt].verdict = Some(Arc::clone(verdict));
        }
    }
}

impl RunRecord {
    /// The index of the attempt that an event of this number is added to.
    pub(crate) fn attempt_index(&self, attempt: u32) -> Option<usize> {
        self.attempts.iter().rposition(|one| one.number == attempt)
    }

    /// The same without its attempts.
    pub(crate) fn emptied(&self) -> Self {
        Self {
            id: self.id,
            started: self.started,
            task: Arc::clone(&self.task),
            schema: self.schema.clone(),
            provider: self.provider.clone(),
            plan: self.plan.clone(),
            attempts: Vec::new(),
            waiting: None,
            progress: None,
            ended: None,
            totals: Totals::default(),
        }
    }

    /// The moment that it is at.
    pub(crate) fn mark(&self) -> RunMark {
        RunMark {
            attempts: self.attempts.len(),
            waiting: self.waiting.clone(),
            progress: self.progress,
            ended: self.ended.clone(),
            totals: self.totals,
        }
    }

    /// Goes to a moment; the attempts are left to the caller, but for those that had not begun.
    pub(crate) fn take(&mut self, mark: &RunMark) {
        self.attempts.truncate(mark.attempts);
        self.waiting.clone_from(&mark.waiting);
        self.progress = mark.progress;
        self.ended.clone_from(&mark.ended);
        self.totals = mark.totals;
    }
}

impl RunMark {
    /// About how many bytes it takes up.
    pub fn weight(&self) -> usize {
        let waiting = self.waiting.as_ref().map_or(0, |waiting| waiting.reason.len());
        let ended = self.ended.as_ref().map_or(0, |ended| ended.reason.len());
        size_of::<Self>() + waiting + ended
    }
}

impl AttemptRecord {
    /// The same before anything of its answer had come.
    pub(crate) fn emptied(&self) -> Self {
        Self {
            number: self.number,
            at: self.at,
            mode: self.mode,
            why: self.why,
            reason: self.reason.clone(),
            changes: self.changes.clone(),
            body: Arc::clone(&self.body),
            opened: None,
            upstream: None,
            served: None,
            generation: None,
            answer: self.answer.emptied(),
            pieces: None,
            closed: None,
            verdict: None,
        }
    }

    /// The moment that it is at. `before` is an earlier one, with which it shares what is the same.
    pub(crate) fn mark(&self, before: Option<&AttemptMark>) -> AttemptMark {
        AttemptMark {
            opened: self.opened,
            upstream: self.upstream.clone(),
            served: self.served.clone(),
            generation: self.generation.clone(),
            pieces: self.pieces,
            closed: self.closed.clone(),
            verdict: self.verdict.clone(),
            answer: self.answer.mark(before.map(|before| &before.answer)),
        }
    }

    /// Goes to a moment, taking what is missing from `whole`: the same attempt, of which at least as much has happened.
    pub(crate) fn take(&mut self, whole: &Self, mark: &AttemptMark) {
        self.opened = mark.opened;
        self.upstream.clone_from(&mark.upstream);
        self.served.clone_from(&mark.served);
        self.generation.clone_from(&mark.generation);
        self.pieces = mark.pieces;
        self.closed.clone_from(&mark.closed);
        self.verdict.clone_from(&mark.verdict);
        self.answer.take(&whole.answer, &mark.answer);
    }
}

impl AttemptMark {
    /// About how many bytes it takes up; the reasoning of a closed one is counted as nothing, for few events follow it.
    pub fn weight(&self) -> usize {
        size_of::<Self>() + self.answer.weight()
    }
}
