//! What a tape's events add up to, at every one of its moments.
//!
//! Owns going to a moment from any other: the record after an event is the same forwards, backwards and by seek. Knows the tape's moments
//! that are worth going to (`marker`). The clock of a replay is `player`'s.

mod marker;
#[cfg(test)]
pub(super) mod tests;

use super::tape::Tape;
use crate::record::Record;
use marker::Markers;
pub use marker::{Marker, MarkerKind};
use std::sync::Arc;

/// A tape that has been lived through once.
#[derive(Debug)]
pub struct History {
    tape: Arc<Tape>,
    markers: Vec<Marker>,
}

impl History {
    /// Lives through a tape.
    pub fn new(tape: Arc<Tape>) -> Self {
        let mut record = Record::default();
        let mut markers = Markers::default();
        for index in 0..tape.len() {
            markers.live(&tape, index, &mut record);
        }
        Self {
            tape,
            markers: markers.into_list(),
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
        let to = to.min(self.tape.len());
        let start = if to < from {
            *record = Record::default();
            0
        } else {
            from
        };
        for index in start..to {
            self.tape.apply(index, record);
        }
    }
}
