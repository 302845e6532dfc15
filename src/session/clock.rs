//! Time within a session: milliseconds since its header's `created`.
//!
//! Owns a steady clock, so that stamps never run backwards when the system's clock is set.

use std::time::Instant;

/// Tells a session's time.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    anchor: Instant,
    offset: u64,
}

impl Clock {
    /// A clock that stands at `offset` milliseconds at the moment `anchor`.
    pub const fn new(anchor: Instant, offset: u64) -> Self {
        Self { anchor, offset }
    }

    /// The session's time now.
    pub fn now(&self) -> u64 {
        self.at(Instant::now())
    }

    /// The session's time at a moment; moments before the clock's own count as that.
    pub fn at(&self, moment: Instant) -> u64 {
        let passed = moment.saturating_duration_since(self.anchor).as_millis();
        self.offset.saturating_add(u64::try_from(passed).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::Clock;
    use std::time::{Duration, Instant};

    #[test]
    fn time_goes_on_from_the_offset() {
        let start = Instant::now();
        let clock = Clock::new(start, 500);
        assert_eq!(clock.at(start), 500);
        assert_eq!(clock.at(start + Duration::from_millis(25)), 525);
        assert!(clock.now() >= 500);
        let late = Clock::new(start + Duration::from_secs(1), 7);
        assert_eq!(late.at(start), 7);
    }
}
