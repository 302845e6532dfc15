//! The moments of a session that are worth going to.
//!
//! Owns finding them while a tape is lived through. Drawing them and going there is others' work.

use super::super::tape::Tape;
use crate::event::{RunEvent, RunId, Why};
use crate::record::{AttemptRecord, Piece, Record};

/// A moment worth going to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marker {
    event: u32,
    /// What happens at it.
    pub kind: MarkerKind,
}

impl Marker {
    const fn new(event: usize, kind: MarkerKind) -> Self {
        Self {
            event: event as u32,
            kind,
        }
    }

    /// The index of the event with which it happens.
    pub const fn event(self) -> usize {
        self.event as usize
    }

    /// The position at which it has just happened.
    pub const fn position(self) -> usize {
        self.event as usize + 1
    }
}

/// What happens at a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkerKind {
    /// A run's first attempt begins.
    First,
    /// An attempt in another mode begins.
    Fallback,
    /// An attempt begins that shows the model its answer and the errors.
    Reask,
    /// An attempt begins that repeats the one before.
    Retry,
    /// An attempt begins that may be longer than the one before.
    Longer,
    /// An attempt with a changed body begins.
    Reduced,
    /// The first piece of an attempt's answer has come.
    FirstToken,
    /// One or more scalar fields have closed.
    FieldClosed,
    /// For the first time in an attempt something breaks the schema.
    Violation,
    /// A run is over.
    End,
}

impl MarkerKind {
    /// Whether an attempt begins.
    pub const fn is_attempt(self) -> bool {
        match self {
            Self::First | Self::Fallback | Self::Reask | Self::Retry | Self::Longer | Self::Reduced => true,
            Self::FirstToken | Self::FieldClosed | Self::Violation | Self::End => false,
        }
    }
}

impl From<Why> for MarkerKind {
    fn from(why: Why) -> Self {
        match why {
            Why::First => Self::First,
            Why::Fallback => Self::Fallback,
            Why::Reask => Self::Reask,
            Why::Retry => Self::Retry,
            Why::Longer => Self::Longer,
            Why::Reduced => Self::Reduced,
        }
    }
}

/// The markers found so far.
#[derive(Debug, Default)]
pub(super) struct Markers {
    list: Vec<Marker>,
    /// The attempt that broke its schema last.
    violated: Option<(RunId, u32)>,
}

impl Markers {
    /// Adds an event of a tape to a record that is as of just before it, and notes what is worth going to.
    pub fn live(&mut self, tape: &Tape, index: usize, record: &mut Record) {
        if let Some(piece) = tape.piece_at(index) {
            return self.piece(tape.at(index), index, &piece, record);
        }
        let event = tape.event(index);
        let before = answered(record, &event).map(|attempt| attempt.answer.settled());
        record.apply(tape.at(index), &event);
        match &*event {
            RunEvent::Attempt { why, .. } => self.list.push(Marker::new(index, (*why).into())),
            RunEvent::Ended { .. } => self.list.push(Marker::new(index, MarkerKind::End)),
            RunEvent::Closed { run, attempt, .. } => {
                let after = answered(record, &event).map(|attempt| attempt.answer.settled());
                let ((closed, invalid), (closed_now, invalid_now)) =
                    (before.unwrap_or_default(), after.unwrap_or_default());
                self.settled(index, closed_now > closed, invalid_now > invalid, (*run, *attempt));
            }
            RunEvent::Judged {
                run, attempt, errors, ..
            } => self.settled(index, false, !errors.is_empty(), (*run, *attempt)),
            RunEvent::Draft(_)
            | RunEvent::Started { .. }
            | RunEvent::Progress { .. }
            | RunEvent::Opened { .. }
            | RunEvent::Routed { .. }
            | RunEvent::Delta { .. }
            | RunEvent::Waiting { .. }
            | RunEvent::Unknown => {}
        }
    }

    fn piece(&mut self, at: u64, index: usize, piece: &Piece<'_>, record: &mut Record) {
        let settled = record.piece(at, piece);
        if settled.first {
            self.list.push(Marker::new(index, MarkerKind::FirstToken));
        }
        let place = (piece.run, piece.attempt);
        self.settled(index, settled.closed > 0, settled.invalid > 0, place);
    }

    fn settled(&mut self, index: usize, closed: bool, invalid: bool, place: (RunId, u32)) {
        if closed {
            self.list.push(Marker::new(index, MarkerKind::FieldClosed));
        }
        if invalid && self.violated != Some(place) {
            self.violated = Some(place);
            self.list.push(Marker::new(index, MarkerKind::Violation));
        }
    }

    /// All of them, in order.
    pub fn into_list(mut self) -> Vec<Marker> {
        self.list.shrink_to_fit();
        self.list
    }
}

/// The attempt whose stream an event ends.
fn answered<'r>(record: &'r Record, event: &RunEvent) -> Option<&'r AttemptRecord> {
    let RunEvent::Closed { run, attempt, .. } = event else {
        return None;
    };
    let attempts = &record.run(*run)?.attempts;
    attempts.iter().rev().find(|one| one.number == *attempt)
}
