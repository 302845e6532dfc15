//! Spans of time as people write them: `90`, `1.5`, `90s`, `2m 30s`.
//!
//! Owns reading them from text and from settings.

use serde::de::{Deserializer, Error, Visitor};
use std::fmt;
use std::time::Duration;

/// Reads a number of seconds, or a sum of units such as `90s` or `1m 30s`. Zero is refused: no limit is written by leaving the
/// setting out.
///
/// # Errors
/// A sentence that says how to write it.
pub fn parse(text: &str) -> Result<Duration, String> {
    let seconds = text.trim().parse::<f64>().ok();
    let span = match seconds {
        Some(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        None => humantime::parse_duration(text.trim()).ok(),
    };
    span.filter(|span| !span.is_zero())
        .ok_or_else(|| format!("`{text}` is no span of time: write seconds or units, as in `90`, `90s` or `2m 30s`"))
}

/// For serde: an optional span, as text or as a number of seconds.
///
/// # Errors
/// The sentence of [`parse`], or that the value is neither text nor a number.
pub fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    deserializer.deserialize_any(Span).map(Some)
}

struct Span;

impl Visitor<'_> for Span {
    type Value = Duration;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a span of time such as 90 or \"2m 30s\"")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Duration, E> {
        parse(text).map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, seconds: i64) -> Result<Duration, E> {
        self.visit_str(&seconds.to_string())
    }

    fn visit_u64<E: Error>(self, seconds: u64) -> Result<Duration, E> {
        self.visit_str(&seconds.to_string())
    }

    fn visit_f64<E: Error>(self, seconds: f64) -> Result<Duration, E> {
        self.visit_str(&seconds.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use std::time::Duration;

    #[test]
    fn spans() {
        let table = [
            ("90", Some(90_000)),
            ("1.5", Some(1_500)),
            ("90s", Some(90_000)),
            (" 2m 30s ", Some(150_000)),
            ("250ms", Some(250)),
            ("0", None),
            ("0s", None),
            ("-3", None),
            ("nan", None),
            ("1e300", None),
            ("soon", None),
            ("", None),
        ];
        for (text, millis) in table {
            assert_eq!(parse(text).ok(), millis.map(Duration::from_millis), "{text:?}");
        }
    }
}
