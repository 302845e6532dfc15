//! What a tape's events add up to, at every one of its moments.
//!
//! Owns going to a moment from any other: the record after an event is the same forwards, backwards and by seek. Knows the tape's moments
//! that are worth going to (`marker`). The clock of a replay is `player`'s.
//!
//! Going back moves the ends up to which a record's arenas are read to the nearest moment that was kept (`moments`), and lives the few
//! events from there on again. Going on takes what is missing from the record of the whole. What stays is not copied.

mod marker;
mod moments;
#[cfg(test)]
pub(super) mod tests;

use super::tape::Tape;
use crate::event::RunEvent;
use crate::record::Record;
use crate::verdict::Verdict;
use marker::Markers;
pub use marker::{Marker, MarkerKind};
use moments::Moments;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Fewer events than this are lived one by one sooner than a moment is looked for.
const NEAR: usize = 256;

/// A tape that has been lived through once.
#[derive(Debug)]
pub struct History {
    tape: Arc<Tape>,
    markers: Vec<Marker>,
    moments: Moments,
    near: usize,
    /// The record of the whole.
    whole: Record,
    /// What each `judged` event of a known attempt said, by its index: a value may be as large as its answer.
    verdicts: BTreeMap<usize, Arc<Verdict>>,
}

impl History {
    /// Lives through a tape.
    pub fn new(tape: Arc<Tape>) -> Self {
        Self::every(tape, moments::EVERY, NEAR)
    }

    /// Lives through a tape, keeps a moment every so many events, and lives on instead of looking for one when it is as near as `near`.
    fn every(tape: Arc<Tape>, every: usize, near: usize) -> Self {
        let mut whole = Record::default();
        let mut markers = Markers::default();
        let mut moments = Moments::new(every);
        let mut verdicts = BTreeMap::new();
        for index in 0..tape.len() {
            moments.before(&tape, index, &whole);
            markers.live(&tape, index, &mut whole);
            if let Some(verdict) = judged(&tape, index, &whole) {
                verdicts.insert(index, verdict);
            }
        }
        Self {
            tape,
            markers: markers.into_list(),
            moments,
            near,
            whole,
            verdicts,
        }
    }

    /// The tape.
    pub fn tape(&self) -> &Tape {
        &self.tape
    }

    /// The moments worth going to, in order.
    pub fn markers(&self) -> &[Marker] {
        &self.markers
    }

    /// Makes a record that is as of position `from` one as of position `to`. A position is how many events have happened; the empty
    /// record is as of 0. The result is the record that has lived through the first `to` events. Positions beyond the end are the end.
    pub fn seek(&self, record: &mut Record, from: usize, to: usize) {
        let (from, to) = (from.min(self.tape.len()), to.min(self.tape.len()));
        let is_near = from <= to && to - from <= self.near;
        let start = if is_near {
            from
        } else {
            self.moments.take(record, (from, to), &self.tape, &self.whole)
        };
        for index in start..to {
            self.live(record, index);
        }
    }

    fn live(&self, record: &mut Record, index: usize) {
        if let Some(RunEvent::Judged { run, attempt, .. }) = self.tape.other(index)
            && let Some(verdict) = self.verdicts.get(&index)
        {
            record.judged(*run, *attempt, verdict);
        } else {
            self.tape.apply(index, record);
        }
    }
}

/// The verdict that an event has brought, now that it is lived.
fn judged(tape: &Tape, index: usize, record: &Record) -> Option<Arc<Verdict>> {
    let Some(RunEvent::Judged { run, attempt, .. }) = tape.other(index) else {
        return None;
    };
    let run = &record.runs[record.run_index(*run)?];
    run.attempts[run.attempt_index(*attempt)?].verdict.clone()
}
