//! Time within a session: milliseconds since its header's `created`.
//!
//! Owns a steady clock, so that stamps never run backwards when the system's clock is set, and how moments are written.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

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

/// A moment as RFC 3339 in UTC, with milliseconds.
pub fn rfc3339(moment: SystemTime) -> String {
    humantime::format_rfc3339_millis(writable(moment)).to_string()
}

/// As [`rfc3339`], with nanoseconds, which are all there are: reading it gives the moment back.
pub fn rfc3339_nanos(moment: SystemTime) -> String {
    humantime::format_rfc3339_nanos(writable(moment)).to_string()
}

/// Beyond the year 9999 or before 1970 the format has no answer, and a wrong clock no better one.
fn writable(moment: SystemTime) -> SystemTime {
    moment.clamp(UNIX_EPOCH, UNIX_EPOCH + Duration::from_secs(253_402_300_799))
}

#[cfg(test)]
mod tests {
    use super::{Clock, rfc3339, rfc3339_nanos};
    use std::time::{Duration, Instant, UNIX_EPOCH};

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

    #[test]
    fn moments() {
        let moment = UNIX_EPOCH + Duration::new(1, 2_000_003);
        assert_eq!(rfc3339(moment), "1970-01-01T00:00:01.002Z");
        assert_eq!(rfc3339_nanos(moment), "1970-01-01T00:00:01.002000003Z");
        assert_eq!(rfc3339(UNIX_EPOCH - Duration::from_secs(1)), "1970-01-01T00:00:00.000Z");
        assert!(rfc3339_nanos(UNIX_EPOCH + Duration::from_secs(1 << 50)).starts_with("9999-12-31"));
    }
}
