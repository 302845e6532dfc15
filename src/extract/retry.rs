//! How long to wait before the same request is sent again.
//!
//! Owns the backoff policy as a pure function. Counting retries and waiting are the run's and the worker's; which faults are worth a
//! retry at all is ruled in [`super::faults`].

use std::time::Duration;

/// The first wait without a hint, in milliseconds.
const FIRST_MS: u64 = 500;

/// The longest wait that is chosen here, in milliseconds.
const CAP_MS: u64 = 60_000;

/// The longest hint that a run waits out by itself: ten minutes, in milliseconds. Beyond it the run ends and names the time.
pub const LONGEST_WAIT_MS: u64 = 600_000;

/// Milliseconds to wait before a retry. `retry` is the number of retries already made (0 before the first one), `jitter` a random
/// number from 0 to 1.
///
/// A server's hint is kept to the millisecond: sooner is refused again, later is wasted. Without one it is 500 ms × 1.5ⁿ, spread by
/// a quarter either way so that many clients do not come back together, and never more than a minute (the defaults of OpenRouter's
/// own SDK).
pub fn delay(retry: u32, hint_ms: Option<u64>, jitter: f64) -> u64 {
    if let Some(ms) = hint_ms {
        return ms;
    }
    // Twelve steps of ×1.5 pass the cap; more would only overflow.
    let middle = (0..retry.min(12)).fold(FIRST_MS, |ms, _| ms * 3 / 2).min(CAP_MS);
    let jitter = if jitter.is_finite() {
        jitter.clamp(0.0, 1.0)
    } else {
        0.5
    };
    let spread = Duration::from_millis(middle).mul_f64(0.75 + jitter / 2.0);
    u64::try_from(spread.as_millis()).map_or(CAP_MS, |ms| ms.min(CAP_MS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn grows_by_half_from_half_a_second_to_a_minute() {
        let middle: Vec<u64> = (0..5).map(|retry| delay(retry, None, 0.5)).collect();
        assert_eq!(middle, [500, 750, 1125, 1687, 2530]);
        assert_eq!(delay(40, None, 0.5), 60_000);
        assert_eq!(delay(u32::MAX, None, 1.0), 60_000);
    }

    #[test]
    fn jitter_spreads_by_a_quarter() {
        assert_eq!(delay(0, None, 0.0), 375);
        assert_eq!(delay(0, None, 1.0), 625);
        assert_eq!(delay(u32::MAX, None, 0.0), 45_000);
    }

    #[test]
    fn a_jitter_that_is_no_share_is_read_as_the_nearest_or_the_middle() {
        assert_eq!(delay(0, None, -3.0), 375);
        assert_eq!(delay(0, None, 9.0), 625);
        assert_eq!(delay(0, None, f64::NAN), 500);
    }

    #[test]
    fn a_hint_is_kept_exactly() {
        for hint in [0, 1, 29_000, 90_000, u64::MAX] {
            assert_eq!(delay(3, Some(hint), 0.9), hint);
        }
    }

    proptest! {
        #[test]
        fn stays_between_three_eighths_of_a_second_and_a_minute(retry: u32, jitter: f64) {
            let ms = delay(retry, None, jitter);
            prop_assert!((375..=60_000).contains(&ms));
        }

        #[test]
        fn never_shrinks_from_retry_to_retry(retry in 0_u32..50, jitter in 0.0_f64..=1.0) {
            prop_assert!(delay(retry + 1, None, jitter) >= delay(retry, None, jitter));
        }
    }
}
