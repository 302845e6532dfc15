//! Playing time: the session's time without what is idle in it.
//!
//! Owns the map between events and the times at which they are played. It keeps the idle stretches only, which are few.

use crate::session::tape::Tape;

/// Milliseconds of playing time that one drawn screen stands for.
const FRAME: u64 = 33;

/// When events are played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pace {
    /// The index of each event before which time is left out, and how much is left out up to it in all.
    cuts: Vec<(usize, u64)>,
}

impl Pace {
    /// Leaves out what exceeds `idle_limit` milliseconds between two events, and before the first.
    pub fn new(tape: &Tape, idle_limit: u64) -> Self {
        let mut cuts = Vec::new();
        let (mut before, mut left_out) = (0, 0);
        for index in 0..tape.len() {
            let gap = tape.at(index) - before;
            if gap > idle_limit {
                left_out += gap - idle_limit;
                cuts.push((index, left_out));
            }
            before = tape.at(index);
        }
        Self { cuts }
    }

    /// When an event is played. It never falls from one event to the next.
    pub fn time(&self, tape: &Tape, index: usize) -> u64 {
        let cuts = self.cuts.partition_point(|(cut, _)| *cut <= index);
        let left_out = cuts.checked_sub(1).map_or(0, |last| self.cuts[last].1);
        tape.at(index) - left_out
    }

    /// How many events are played by a time.
    pub fn count_at(&self, tape: &Tape, time: u64) -> usize {
        self.count(tape, |at| at <= time)
    }

    /// The end of the frame in which the next event is.
    pub fn next_frame(&self, tape: &Tape, position: usize) -> usize {
        if position >= tape.len() {
            return tape.len();
        }
        let frame = self.time(tape, position) / FRAME;
        self.count(tape, |at| at / FRAME <= frame)
    }

    /// The beginning of the frame in which the last event was.
    pub fn previous_frame(&self, tape: &Tape, position: usize) -> usize {
        let Some(last) = position.min(tape.len()).checked_sub(1) else {
            return 0;
        };
        let frame = self.time(tape, last) / FRAME;
        self.count(tape, |at| at / FRAME < frame)
    }

    /// How many events come before the first whose time is not as wanted; all before it are.
    fn count(&self, tape: &Tape, is_before: impl Fn(u64) -> bool) -> usize {
        let (mut low, mut high) = (0, tape.len());
        while low < high {
            let middle = low.midpoint(high);
            if is_before(self.time(tape, middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}
