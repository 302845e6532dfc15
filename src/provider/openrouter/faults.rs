//! Every shape of error a server answers with, as one [`Fault`].
//!
//! Owns the shapes E1–E11 of `openrouter.md` §3.1. The class stays [`FaultClass::Unknown`] except for what only the transport can
//! know: `extract` looks the rest up in its table. Hints on when to try again are read by `retry`.

mod retry;
#[cfg(test)]
mod tests;

use super::wire::is_error;
use crate::event::{Fault, FaultClass};
use reqwest::header::HeaderMap;
use serde_json::{Map, Value};
use std::time::SystemTime;

/// The longest message or detail kept, in bytes.
const TEXT_CAP: usize = 8 * 1024;

/// How deep a wrapped upstream error is followed.
const WRAP_DEPTH: u32 = 8;

/// Members of the error that the table of `openrouter.md` §3.3 looks at and that have no field of their own.
const KEPT: [&str; 11] = [
    "flagged_input",
    "reasons",
    "patterns",
    "requested_providers",
    "available_providers",
    "limit_usd",
    "resets_at",
    "excluded_by",
    "reason",
    "remedy_hint",
    "fallback_models",
];

/// A fault that the transport itself found.
pub fn own(class: FaultClass, message: impl Into<String>) -> Fault {
    Fault {
        class,
        message: message.into(),
        ..Fault::default()
    }
}

/// The fault in an error answer: an HTTP status of 400 or more with whatever body came along.
pub fn from_response(status: u16, headers: &HeaderMap, body: &[u8], now: SystemTime) -> Fault {
    let mut fault = match serde_json::from_slice::<Value>(body) {
        Ok(root) if names_an_error(&root) => from_root(&root, now),
        _ => without_shape(status, body),
    };
    if status == 404 && matches!(fault.message.as_str(), "Not Found" | "404 page not found") {
        fault.class = FaultClass::NotAnApi;
        fault.message = "answered 404 Not Found: there is no such path on this server; is the base URL right?".into();
    }
    fault.status = Some(status);
    fault.retry_after_ms = retry::from_headers(headers, now).or(fault.retry_after_ms);
    if fault.message.is_empty() {
        fault.message = format!("the server answered HTTP {status} without a message");
    }
    fault
}

/// The fault in a 200: `root` is the body or the event that holds an `error` member, or one of the shapes without.
pub fn from_root(root: &Value, now: SystemTime) -> Fault {
    match root.get("error") {
        Some(error) if is_error(error) => from_error(error, now),
        _ => match root.get("detail") {
            Some(detail) => from_detail(detail),
            None => from_error(root, now),
        },
    }
}

/// The fault in an `error` member: an object (E1, E2, E4, E7, E9) or a text (E8).
pub fn from_error(error: &Value, now: SystemTime) -> Fault {
    let Value::Object(members) = error else {
        let message = error.as_str().map_or_else(|| error.to_string(), str::to_owned);
        return Fault {
            status: Some(500),
            message: cut(&message),
            ..Fault::default()
        };
    };
    let empty = Map::new();
    let metadata = members.get("metadata").and_then(Value::as_object).unwrap_or(&empty);
    let availability = members
        .get("availability")
        .or_else(|| metadata.get("availability"))
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let text = |from: &Map<String, Value>, key: &str| from.get(key).and_then(Value::as_str).map(cut);
    let word = members
        .get("code")
        .and_then(Value::as_str)
        .filter(|code| code.parse::<u64>().is_err());
    let error_type = text(members, "error_type")
        .or_else(|| text(metadata, "error_type"))
        .or_else(|| text(members, "type"));
    let mut fault = Fault {
        class: FaultClass::Unknown,
        status: Some(status_of(members, error_type.as_deref(), word)),
        message: text(members, "message").unwrap_or_default(),
        detail: metadata.get("raw").and_then(detail_of),
        provider: text(metadata, "provider_name"),
        error_type,
        code: word.map(cut),
        param: text(members, "param"),
        retry_after_ms: retry::from_body(metadata, availability, now),
        step: text(metadata, "failed_routing_step"),
        availability: text(availability, "code"),
        retryable: availability.get("retryable").and_then(Value::as_bool),
        limit_source: text(metadata, "limit_source").or_else(|| text(members, "limit_source")),
        metadata: kept([metadata, members, availability]),
    };
    if fault.message.is_empty() {
        fault.message = fault
            .detail
            .clone()
            .unwrap_or_else(|| "the server named no reason".into());
    }
    fault
}

/// Whether a JSON body is one of the error shapes.
fn names_an_error(root: &Value) -> bool {
    root.get("error").is_some_and(is_error)
        || ["message", "detail"]
            .iter()
            .any(|key| root.get(*key).is_some_and(|value| !value.is_null()))
}

/// `FastAPI`'s `detail` (E10): a text, or a list of `{loc, msg, type}`.
fn from_detail(detail: &Value) -> Fault {
    let Value::Array(items) = detail else {
        let message = detail.as_str().map_or_else(|| detail.to_string(), str::to_owned);
        return Fault {
            status: Some(500),
            message: cut(&message),
            ..Fault::default()
        };
    };
    let place = |item: &Value| -> Option<String> {
        let steps = item.get("loc")?.as_array()?.iter();
        let steps = steps.map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned));
        Some(steps.filter(|step| step != "body").collect::<Vec<_>>().join("."))
    };
    let line = |item: &Value| {
        let message = item.get("msg").and_then(Value::as_str).unwrap_or("refused");
        place(item).map_or_else(|| message.to_owned(), |place| format!("{place}: {message}"))
    };
    Fault {
        status: Some(500),
        message: cut(&items.iter().take(20).map(line).collect::<Vec<_>>().join("; ")),
        error_type: items.first().and_then(|item| item.get("type")?.as_str()).map(cut),
        param: items.first().and_then(place).filter(|place| !place.is_empty()),
        ..Fault::default()
    }
}

/// HTML, plain text or nothing (E11).
fn without_shape(status: u16, body: &[u8]) -> Fault {
    let text = String::from_utf8_lossy(body);
    let text = text.trim().trim_start_matches('\u{feff}');
    // A wrong base URL usually meets a website or a bare proxy; a wrong key or an overload says so by its status.
    let lost = matches!(status, 300..=399 | 404 | 405 | 410);
    let class = if lost {
        FaultClass::NotAnApi
    } else {
        FaultClass::Unknown
    };
    let ask = if lost { "; is the base URL right?" } else { "" };
    let message = if text.starts_with('<') {
        let title = title_of(text)
            .map(|title| format!(" titled “{title}”"))
            .unwrap_or_default();
        format!("the server answered HTTP {status} with an HTML page{title}{ask}")
    } else if text.is_empty() {
        format!("the server answered HTTP {status} with an empty body{ask}")
    } else if lost {
        format!("the server answered HTTP {status}: {}{ask}", excerpt(text))
    } else {
        cut(text)
    };
    Fault {
        class,
        message,
        ..Fault::default()
    }
}

/// The status that a body names, in the order of `openrouter.md` §3.1.
fn status_of(error: &Map<String, Value>, error_type: Option<&str>, word: Option<&str>) -> u16 {
    let number = |key: &str| {
        let value = error.get(key)?;
        let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
        u16::try_from(number).ok().filter(|status| (400..=599).contains(status))
    };
    number("code")
        .or_else(|| number("http_status"))
        .or_else(|| number("status"))
        .or_else(|| error_type.and_then(status_of_type))
        .or_else(|| word.and_then(status_of_word))
        .unwrap_or(500)
}

/// OpenRouter's `error_type` (`openrouter.md` §3.2).
fn status_of_type(error_type: &str) -> Option<u16> {
    Some(match error_type {
        "context_length_exceeded"
        | "max_tokens_exceeded"
        | "token_limit_exceeded"
        | "string_too_long"
        | "invalid_request"
        | "invalid_prompt"
        | "content_policy_violation"
        | "refusal"
        | "invalid_image"
        | "image_too_large"
        | "image_too_small"
        | "unsupported_image_format"
        | "image_download_failed"
        | "invalid_request_error" => 400,
        "authentication" => 401,
        "payment_required" => 402,
        "permission_denied" => 403,
        "not_found" | "image_not_found" => 404,
        "precondition_failed" => 412,
        "payload_too_large" => 413,
        "unprocessable" => 422,
        "rate_limit_exceeded" => 429,
        "server" | "unmapped" => 500,
        "provider_unavailable" => 502,
        "provider_overloaded" => 503,
        "timeout" => 504,
        _ => return None,
    })
}

/// Codes that are words (OpenAI and its kin).
fn status_of_word(code: &str) -> Option<u16> {
    Some(match code {
        "rate_limit_exceeded" | "insufficient_quota" => 429,
        "server_error" => 500,
        "context_length_exceeded" => 400,
        _ => return None,
    })
}

/// The upstream's words in `metadata.raw`: a text, JSON in a text, or an object. Google's field violations are added.
fn detail_of(raw: &Value) -> Option<String> {
    let parsed = raw.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    let root = parsed.as_ref().unwrap_or(raw);
    let mut detail = words(root, WRAP_DEPTH)?;
    for violation in violations(root) {
        if !detail.contains(violation) {
            detail.push_str("; ");
            detail.push_str(violation);
        }
    }
    Some(cut(&detail))
}

/// The first text found under the members that error bodies use, from the outside in.
fn words(value: &Value, depth: u32) -> Option<String> {
    if depth == 0 {
        return None;
    }
    match value {
        Value::String(text) if text.trim().is_empty() => None,
        // An error may hold the next server's error as text.
        Value::String(text) if text.trim_start().starts_with('{') => {
            let inner = serde_json::from_str::<Value>(text)
                .ok()
                .and_then(|inner| words(&inner, depth - 1));
            Some(inner.unwrap_or_else(|| text.clone()))
        }
        Value::String(text) => Some(text.clone()),
        Value::Object(members) => ["message", "error", "detail", "details", "msg"]
            .iter()
            .find_map(|key| members.get(*key).and_then(|inner| words(inner, depth - 1))),
        Value::Array(items) => items.iter().take(20).find_map(|item| words(item, depth - 1)),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// `error.details[].fieldViolations[].description` of a Google error.
fn violations(root: &Value) -> Vec<&str> {
    let details = root
        .get("error")
        .unwrap_or(root)
        .get("details")
        .and_then(Value::as_array);
    let groups = details
        .into_iter()
        .flatten()
        .filter_map(|detail| detail.get("fieldViolations")?.as_array());
    groups
        .flatten()
        .filter_map(|violation| violation.get("description")?.as_str())
        .take(20)
        .collect()
}

/// The members of [`KEPT`], each from the first place that has it.
fn kept(places: [&Map<String, Value>; 3]) -> Value {
    let found: Map<String, Value> = KEPT
        .iter()
        .filter_map(|key| {
            Some((
                (*key).to_owned(),
                places.iter().find_map(|place| place.get(*key))?.clone(),
            ))
        })
        .filter(|(_, value)| !value.is_null())
        .collect();
    if found.is_empty() {
        Value::Null
    } else {
        Value::Object(found)
    }
}

/// The title of an HTML page.
fn title_of(html: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let end = start + lower[start..].find("</title>")?;
    let title = html[start..end].split_whitespace().collect::<Vec<_>>().join(" ");
    (!title.is_empty()).then(|| excerpt(&title))
}

/// The first 200 characters of a text, in one line.
pub fn excerpt(text: &str) -> String {
    let line: String = text
        .chars()
        .take(200)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(200).is_some() {
        format!("{line}…")
    } else {
        line
    }
}

/// A text of at most [`TEXT_CAP`] bytes.
fn cut(text: &str) -> String {
    let text = text.trim();
    if text.len() <= TEXT_CAP {
        return text.to_owned();
    }
    let end = (0..=TEXT_CAP)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or_default();
    format!("{}…", &text[..end])
}
