//! What a tape's events add up to, at every one of its moments.
//!
//! Owns the markers.

use super::tape::Tape;
use crate::event::{RunEvent, Why};
use crate::record::Record;
use std::sync::Arc;

/// What a marker stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkerKind {
    /// A run's first attempt.
    First,
    /// A longer answer is allowed.
    Longer,
    /// A changed body.
    Reduced,
    /// The first piece of an answer.
    FirstToken,
    /// A field is whole.
    FieldClosed,
    /// Something does not fit.
    Violation,
    /// Another mode is tried.
    Fallback,
    /// The model is shown its answer.
    Reask,
    /// The same again.
    Retry,
    /// A run is over.
    End,
}

/// A moment worth a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marker {
    event: u32,
    /// What.
    pub kind: MarkerKind,
}

impl Marker {
    /// The event that brought it about.
    pub const fn event(self) -> usize {
        self.event as usize
    }

    /// The position at which it has just happened.
    pub const fn position(self) -> usize {
        self.event as usize + 1
    }
}

/// A tape lived.
#[derive(Debug)]
pub struct History {
    tape: Arc<Tape>,
    markers: Vec<Marker>,
}

impl History {
    /// Lives the whole once.
    pub fn new(tape: Arc<Tape>) -> Self {
        let mut record = Record::default();
        let mut markers = Vec::new();
        let (mut closed, mut started) = (0, false);
        for event in 0..tape.len() {
            let at = tape.at(event);
            record.apply(at, &tape.event(event));
            let mut mark = |kind| {
                markers.push(Marker {
                    event: event as u32,
                    kind,
                })
            };
            match tape.event(event).as_ref() {
                RunEvent::Attempt { why, .. } => {
                    (closed, started) = (0, false);
                    match why {
                        Why::Fallback => mark(MarkerKind::Fallback),
                        Why::Reask => mark(MarkerKind::Reask),
                        Why::Retry => mark(MarkerKind::Retry),
                        Why::First => mark(MarkerKind::First),
                        Why::Longer => mark(MarkerKind::Longer),
                        Why::Reduced => mark(MarkerKind::Reduced),
                    }
                }
                RunEvent::Delta { .. } => {
                    if !std::mem::replace(&mut started, true) {
                        mark(MarkerKind::FirstToken);
                    }
                    let now = record.runs.last().and_then(|run| run.attempt());
                    let now = now
                        .and_then(|attempt| attempt.answer.progress())
                        .map_or(0, |(closed, _)| closed);
                    if now > closed {
                        closed = now;
                        mark(MarkerKind::FieldClosed);
                    }
                }
                RunEvent::Judged { errors, .. } if !errors.is_empty() => mark(MarkerKind::Violation),
                RunEvent::Ended { .. } => mark(MarkerKind::End),
                _ => {}
            }
        }
        Self { tape, markers }
    }

    /// The tape.
    pub fn tape(&self) -> &Tape {
        &self.tape
    }

    /// The markers in order.
    pub fn markers(&self) -> &[Marker] {
        &self.markers
    }

    /// Brings a record from one moment to another.
    pub fn seek(&self, record: &mut Record, from: usize, to: usize) {
        let from = if to < from {
            *record = Record::default();
            0
        } else {
            from
        };
        for event in from..to.min(self.tape.len()) {
            record.apply(self.tape.at(event), &self.tape.event(event));
        }
    }
}
