//! Time that a piece of work took on this thread, told so that other programs count as little as can be.
//!
//! What is short is told by the wall clock, of which the best round is not interrupted. What is longer than a turn at the processor
//! is always interrupted on a busy machine: of that the system's own count for this thread is taken, where there is one (Linux).

use std::time::{Duration, Instant};

/// From this on the system's count is exact enough, which is brought up to date every few milliseconds.
const LONG: Duration = Duration::from_millis(20);

/// A piece of work that has begun.
pub struct Clock {
    wall: Instant,
    own: Option<Duration>,
}

impl Clock {
    /// Begins.
    pub fn start() -> Self {
        Self {
            own: own(),
            wall: Instant::now(),
        }
    }

    /// How long it took.
    pub fn stop(&self) -> Duration {
        let wall = self.wall.elapsed();
        match (self.own, own()) {
            (Some(before), Some(after)) if wall > LONG => after.saturating_sub(before),
            _ => wall,
        }
    }
}

/// What this thread has had of the processor: the first number of its `schedstat`, in nanoseconds.
fn own() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}
