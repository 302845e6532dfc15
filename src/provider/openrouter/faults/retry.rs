//! When to try again: the hints that headers and bodies give.
//!
//! Owns the reading of `retry-after-ms`, `Retry-After`, `X-RateLimit-Reset` and their relatives in the body (`openrouter.md` §3.3).
//! How long is really waited is `extract`'s choice.

use reqwest::header::HeaderMap;
use serde_json::{Map, Value};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Milliseconds to wait as the answer's headers say. `now` is only needed for points in time.
pub fn from_headers(headers: &HeaderMap, now: SystemTime) -> Option<u64> {
    hint(|name| headers.get(name)?.to_str().ok().map(str::to_owned), now)
}

/// Milliseconds to wait as `error.metadata` or `error.availability` says.
pub fn from_body(metadata: &Map<String, Value>, availability: &Map<String, Value>, now: SystemTime) -> Option<u64> {
    let seconds = |from: &Map<String, Value>, key: &str| number(from.get(key)?).and_then(millis);
    seconds(metadata, "retry_after_seconds")
        .or_else(|| seconds(metadata, "retry_after_seconds_raw"))
        .or_else(|| {
            let headers = metadata.get("headers")?.as_object()?;
            hint(|name| named(headers, name), now)
        })
        .or_else(|| seconds(availability, "retry_after"))
}

/// The most precise header wins.
fn hint(header: impl Fn(&str) -> Option<String>, now: SystemTime) -> Option<u64> {
    header("retry-after-ms")
        .and_then(|text| text.trim().parse::<f64>().ok())
        .and_then(|ms| millis(ms / 1000.0))
        .or_else(|| header("retry-after").and_then(|text| retry_after(text.trim(), now)))
        .or_else(|| header("x-ratelimit-reset").and_then(|text| reset(text.trim(), now)))
}

/// A member of a JSON object of headers, whose case varies and whose values may be numbers.
fn named(headers: &Map<String, Value>, name: &str) -> Option<String> {
    let (_, value) = headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    value
        .as_str()
        .map(str::to_owned)
        .or_else(|| value.as_number().map(ToString::to_string))
}

/// Seconds, or an HTTP date (RFC 9110 §10.2.3).
fn retry_after(text: &str, now: SystemTime) -> Option<u64> {
    match text.parse::<f64>() {
        Ok(seconds) => millis(seconds),
        Err(_) => until(httpdate::parse_http_date(text).ok()?, now),
    }
}

/// OpenRouter gives milliseconds since 1970; others give seconds since then, or seconds from now.
fn reset(text: &str, now: SystemTime) -> Option<u64> {
    let number = text
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite() && *number >= 0.0)?;
    let since_epoch = if number >= 1e11 {
        number / 1000.0
    } else if number >= 1e9 {
        number
    } else {
        return millis(number);
    };
    until(UNIX_EPOCH + Duration::try_from_secs_f64(since_epoch).ok()?, now)
}

/// Milliseconds from now to a point in time; 0 when it has passed.
fn until(then: SystemTime, now: SystemTime) -> Option<u64> {
    u64::try_from(then.duration_since(now).unwrap_or_default().as_millis()).ok()
}

/// Seconds as whole milliseconds, rounded up; none when negative or beyond sense.
fn millis(seconds: f64) -> Option<u64> {
    let wait = Duration::try_from_secs_f64(seconds).ok()?;
    u64::try_from(wait.as_micros().div_ceil(1000)).ok()
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}
