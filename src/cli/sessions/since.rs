//! Since when: a span back from now, or a moment.
//!
//! Owns reading both from one word.

use crate::config::duration;
use std::time::{Duration, SystemTime};

/// A bound on how long ago something was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// Within this span.
    Span(Duration),
    /// At this moment or later.
    Moment(SystemTime),
}

impl Since {
    /// Whether `moment` is late enough.
    pub fn lets(self, moment: SystemTime, now: SystemTime) -> bool {
        match self {
            Self::Span(span) => now.duration_since(moment).unwrap_or_default() <= span,
            Self::Moment(first) => moment >= first,
        }
    }
}

/// Reads `2d`, `12h 30min`, a number of seconds, `2026-11-01` or `2026-11-01T08:00:00Z`. Days begin in UTC.
///
/// # Errors
/// A sentence that says how to write it.
pub fn parse(text: &str) -> Result<Since, String> {
    let trimmed = text.trim();
    let day = humantime::parse_rfc3339(&format!("{trimmed}T00:00:00Z"));
    let moment = day.or_else(|_| humantime::parse_rfc3339_weak(trimmed));
    if let Ok(moment) = moment {
        return Ok(Since::Moment(moment));
    }
    let span = duration::parse(trimmed).map(Since::Span);
    span.map_err(|_| format!("`{text}` is neither a span of time nor a day: write `2d`, `12h` or `2026-11-01`"))
}

#[cfg(test)]
mod tests {
    use super::{Since, parse};
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn words() {
        let at = |seconds| Some(Since::Moment(UNIX_EPOCH + Duration::from_secs(seconds)));
        let span = |seconds| Some(Since::Span(Duration::from_secs(seconds)));
        let table = [
            ("2d", span(172_800)),
            ("3h 5min", span(11_100)),
            ("90", span(90)),
            ("1970-01-02", at(86_400)),
            ("1970-01-02T00:00:01Z", at(86_401)),
            ("1970-01-02 00:00:02", at(86_402)),
            ("1970-13-02", None),
            ("yesterday", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text).ok(), expected, "{text:?}");
        }
        let now = UNIX_EPOCH + Duration::from_secs(100);
        for (since, second, lets) in [
            ("10", 90, true),
            ("10", 89, false),
            ("10", 200, true),
            ("1970-01-01", 0, true),
            ("1970-01-02", 99, false),
        ] {
            let moment = UNIX_EPOCH + Duration::from_secs(second);
            assert_eq!(parse(since).unwrap().lets(moment, now), lets, "{since} {second}");
        }
    }
}
