//! The moments of a record that are kept, so that going anywhere costs little.
//!
//! Owns which they are and going to one. A moment is kept of what changes only: when something is about to change for the first time
//! behind a kept position, the state that it has is noted. What a thing was at a position is then what was noted of it first from there
//! on, and if nothing was, what it is in the record of the whole.

use crate::event::{Draft, RunEvent, RunId};
use crate::record::{AttemptMark, AttemptRecord, Record, RunMark, RunRecord};
use crate::session::tape::Tape;

/// A position is kept every so many events.
pub(super) const EVERY: usize = 512;

/// Bytes that moments may take up whatever the tape is, and for each of its events. What exceeds that, as a text without end that is held
/// back does, is kept at fewer positions.
pub(super) const FREE: usize = 1 << 20;
pub(super) const EACH: usize = 24;

/// The kept positions, and what was noted behind each of them.
#[derive(Debug)]
pub(super) struct Moments {
    every: usize,
    stretches: Vec<Stretch>,
    runs: Vec<RunMoments>,
    /// The indexes of the drafts.
    drafts: Vec<usize>,
    weight: usize,
    /// What the last event belonged to, which has been noted.
    last: Option<(RunId, Option<u32>)>,
}

/// The events between two kept positions.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    start: usize,
    /// How many runs there were.
    runs: usize,
}

/// What was noted of a run; the stretch in which it was comes first.
#[derive(Debug, Default)]
struct RunMoments {
    marks: Vec<(usize, RunMark)>,
    attempts: Vec<Vec<(usize, AttemptMark)>>,
}

/// A way through the stretches.
#[derive(Clone, Copy)]
struct Way {
    from: usize,
    to: usize,
}

impl Moments {
    pub fn new(every: usize) -> Self {
        Self {
            every,
            stretches: vec![Stretch { start: 0, runs: 0 }],
            runs: Vec::new(),
            drafts: Vec::new(),
            weight: 0,
            last: None,
        }
    }

    /// About how many bytes the moments take up.
    #[cfg(test)]
    pub const fn weight(&self) -> usize {
        self.weight
    }

    /// Notes what an event is about to change. `record` is as of just before it.
    pub fn before(&mut self, tape: &Tape, index: usize, record: &Record) {
        let is_due = self
            .stretches
            .last()
            .is_some_and(|last| index - last.start >= self.every);
        if is_due && self.weight <= FREE + EACH * index {
            self.stretches.push(Stretch {
                start: index,
                runs: record.runs.len(),
            });
            self.last = None;
        }
        let place = match (tape.piece_at(index), tape.other(index)) {
            (Some(piece), _) => (piece.run, Some(piece.attempt)),
            (None, Some(event)) => {
                if matches!(event, RunEvent::Draft(_)) {
                    self.drafts.push(index);
                }
                let Some(run) = event.run() else { return };
                (run, attempt_of(event))
            }
            (None, None) => return,
        };
        if self.last != Some(place) {
            self.last = Some(place);
            self.note(place, record);
        }
    }

    fn note(&mut self, (run, attempt): (RunId, Option<u32>), record: &Record) {
        let Some(index) = record.run_index(run) else {
            // It may be about to begin.
            self.last = None;
            return;
        };
        let stretch = self.stretches.len() - 1;
        self.runs.resize_with(record.runs.len(), RunMoments::default);
        let (run, noted) = (&record.runs[index], &mut self.runs[index]);
        let existed = self.stretches.last().is_some_and(|stretch| index < stretch.runs);
        if existed && noted.marks.last().is_none_or(|(last, _)| *last < stretch) {
            let mark = run.mark();
            self.weight += mark.weight();
            noted.marks.push((stretch, mark));
        }
        let Some(attempt) = attempt.and_then(|attempt| run.attempt_index(attempt)) else {
            self.last = None;
            return;
        };
        // The run's own mark of this stretch says which attempts there were.
        let there_were = noted.marks.last().filter(|(last, _)| existed && *last == stretch);
        if there_were.is_some_and(|(_, mark)| attempt < mark.attempts) {
            self.weight += noted.note_attempt(stretch, attempt, run);
        }
    }

    /// Takes a record from a position to the kept one next before another, and returns which that is.
    pub fn take(&self, record: &mut Record, (from, to): (usize, usize), tape: &Tape, whole: &Record) -> usize {
        let stretch = |position| self.stretches.partition_point(|stretch| stretch.start <= position) - 1;
        let way = Way {
            from: stretch(from),
            to: stretch(to),
        };
        let Stretch { start, runs } = self.stretches[way.to];
        if way.from == way.to && from <= to {
            return from;
        }
        record.runs.truncate(runs);
        for (index, whole) in whole.runs.iter().enumerate().take(runs) {
            if index == record.runs.len() {
                record.runs.push(whole.emptied());
            }
            let began = index >= self.stretches[way.from].runs;
            if let Some(noted) = self.runs.get(index) {
                noted.take(&mut record.runs[index], whole, way, began);
            }
        }
        self.take_drafts(record, (from, start), tape);
        start
    }

    /// Takes over the drafts, if one lies between where the record is and where it is to be.
    fn take_drafts(&self, record: &mut Record, (from, to): (usize, usize), tape: &Tape) {
        let before = |position| self.drafts.partition_point(|draft| *draft < position);
        if before(from) != before(to) {
            let there = self.drafts[..before(to)].iter().rev();
            let draft = |index: &usize| -> Option<&Draft> {
                match tape.other(*index)? {
                    RunEvent::Draft(draft) => Some(draft),
                    _ => None,
                }
            };
            record.take_drafts(&there.filter_map(draft));
        }
    }
}

impl RunMoments {
    /// Notes an attempt unless it has been in this stretch; returns what that weighs.
    fn note_attempt(&mut self, stretch: usize, attempt: usize, run: &RunRecord) -> usize {
        self.attempts.resize_with(run.attempts.len(), Vec::new);
        let noted = &mut self.attempts[attempt];
        let before = noted.last();
        if before.is_some_and(|(last, _)| *last == stretch) {
            return 0;
        }
        let mark = run.attempts[attempt].mark(before.map(|(_, mark)| mark));
        let weight = mark.weight();
        noted.push((stretch, mark));
        weight
    }

    /// Takes a run to the beginning of a stretch. `began` says that it was not there at the beginning of the stretch it comes from.
    fn take(&self, run: &mut RunRecord, whole: &RunRecord, way: Way, began: bool) {
        // Whatever changes in an attempt, its run is noted.
        if !began && !is_noted(&self.marks, way) {
            return;
        }
        let attempts_before = if began {
            0
        } else {
            noted_at(&self.marks, way.from).map_or(whole.attempts.len(), |mark| mark.attempts)
        };
        let made;
        let mark = if let Some(mark) = noted_at(&self.marks, way.to) {
            mark
        } else {
            made = whole.mark();
            &made
        };
        run.take(mark);
        for (index, whole) in whole.attempts.iter().enumerate().take(mark.attempts) {
            if index == run.attempts.len() {
                run.attempts.push(whole.emptied());
            }
            let marks = self.attempts.get(index).map_or(&[][..], Vec::as_slice);
            if index >= attempts_before || is_noted(marks, way) {
                take_attempt(&mut run.attempts[index], whole, noted_at(marks, way.to));
            }
        }
    }
}

fn take_attempt(attempt: &mut AttemptRecord, whole: &AttemptRecord, mark: Option<&AttemptMark>) {
    match mark {
        Some(mark) => attempt.take(whole, mark),
        None => attempt.take(whole, &whole.mark(None)),
    }
}

/// What was noted first from the beginning of a stretch on.
fn noted_at<T>(marks: &[(usize, T)], stretch: usize) -> Option<&T> {
    let first = marks.partition_point(|(noted, _)| *noted < stretch);
    marks.get(first).map(|(_, mark)| mark)
}

/// Whether anything was noted on a way.
fn is_noted<T>(marks: &[(usize, T)], way: Way) -> bool {
    let (first, last) = (way.from.min(way.to), way.from.max(way.to));
    let next = marks.partition_point(|(noted, _)| *noted < first);
    marks.get(next).is_some_and(|(noted, _)| *noted <= last)
}

/// The attempt that an event changes.
const fn attempt_of(event: &RunEvent) -> Option<u32> {
    match event {
        RunEvent::Opened { attempt, .. }
        | RunEvent::Routed { attempt, .. }
        | RunEvent::Delta { attempt, .. }
        | RunEvent::Closed { attempt, .. }
        | RunEvent::Judged { attempt, .. } => Some(*attempt),
        RunEvent::Draft(_)
        | RunEvent::Started { .. }
        | RunEvent::Attempt { .. }
        | RunEvent::Progress { .. }
        | RunEvent::Waiting { .. }
        | RunEvent::Ended { .. }
        | RunEvent::Unknown => None,
    }
}
