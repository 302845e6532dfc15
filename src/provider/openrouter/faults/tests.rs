//! A body for every shape of `openrouter.md` §3.1, and the hints on waiting.

use super::{from_error, from_response, from_root};
use crate::event::{Fault, FaultClass};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// 2026-11-22T00:00:00Z.
const NOW: u64 = 1_795_305_600;

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

fn answered(status: u16, body: &str) -> Fault {
    from_response(status, &HeaderMap::new(), body.as_bytes(), now())
}

fn fault(status: u16, message: &str) -> Fault {
    Fault {
        status: Some(status),
        message: message.into(),
        ..Fault::default()
    }
}

#[test]
fn error_answers_by_table() {
    let table: Vec<(&str, u16, Value, Fault)> = vec![
        (
            "E1",
            404,
            json!({"error": {"code": 404, "message": "No endpoints found", "metadata": {
                "failed_routing_step": "Filter by Parameters", "available_providers": ["a"], "requested_providers": ["b"]}},
                "user_id": "user_x"}),
            Fault {
                step: Some("Filter by Parameters".into()),
                metadata: json!({"requested_providers": ["b"], "available_providers": ["a"]}),
                ..fault(404, "No endpoints found")
            },
        ),
        (
            "E2",
            429,
            json!({"error": {"message": "At capacity.", "error_type": "rate_limit_exceeded", "http_status": 429,
                "availability": {"code": "capacity_exhausted", "retryable": true, "retry_after": 40}}}),
            Fault {
                error_type: Some("rate_limit_exceeded".into()),
                availability: Some("capacity_exhausted".into()),
                retryable: Some(true),
                retry_after_ms: Some(40_000),
                ..fault(429, "At capacity.")
            },
        ),
        (
            "E7",
            400,
            json!({"error": {"message": "Unsupported parameter", "type": "invalid_request_error", "param": "max_tokens",
                "code": "unsupported_parameter"}}),
            Fault {
                error_type: Some("invalid_request_error".into()),
                param: Some("max_tokens".into()),
                code: Some("unsupported_parameter".into()),
                ..fault(400, "Unsupported parameter")
            },
        ),
        (
            "E8",
            400,
            json!({"error": "'response_format.type' must be"}),
            fault(400, "'response_format.type' must be"),
        ),
        (
            "E9",
            400,
            json!({"object": "error", "message": "too long", "type": "BadRequestError", "param": null, "code": 400}),
            Fault {
                error_type: Some("BadRequestError".into()),
                ..fault(400, "too long")
            },
        ),
        (
            "E10, a text",
            401,
            json!({"detail": "Unauthorized"}),
            fault(401, "Unauthorized"),
        ),
        (
            "E10, a list",
            422,
            json!({"detail": [{"loc": ["body", "response_format", 0], "msg": "extra", "type": "extra_forbidden"}]}),
            Fault {
                error_type: Some("extra_forbidden".into()),
                param: Some("response_format.0".into()),
                ..fault(422, "response_format.0: extra")
            },
        ),
        (
            "a wrapped upstream error",
            400,
            json!({"error": {"message": "Provider returned error", "code": 400, "metadata": {"provider_name": "OpenAI",
                "raw": "{\n \"error\": {\"message\": \"Invalid schema\", \"type\": \"x\"}}"}}}),
            Fault {
                detail: Some("Invalid schema".into()),
                provider: Some("OpenAI".into()),
                ..fault(400, "Provider returned error")
            },
        ),
        (
            "an error without words",
            500,
            json!({"error": {"code": 500}}),
            fault(500, "the server named no reason"),
        ),
    ];
    for (what, status, body, expected) in table {
        assert_eq!(answered(status, &body.to_string()), expected, "{what}");
    }
}

#[test]
fn bodies_without_a_shape_say_what_came() {
    let table = [
        (
            524,
            "<!DOCTYPE html><html><head><title>\n A timeout\noccurred</title>",
            FaultClass::Unknown,
            "titled “A timeout occurred”",
        ),
        (404, "<html></html>", FaultClass::NotAnApi, "is the base URL right?"),
        (
            404,
            "404 page not found",
            FaultClass::NotAnApi,
            "is the base URL right?",
        ),
        (
            404,
            r#"{"detail":"Not Found"}"#,
            FaultClass::NotAnApi,
            "is the base URL right?",
        ),
        (502, "", FaultClass::Unknown, "HTTP 502 with an empty body"),
        (
            503,
            "upstream connect error",
            FaultClass::Unknown,
            "upstream connect error",
        ),
        (400, "{}", FaultClass::Unknown, "{}"),
        (405, "\u{feff}\u{1b}[31mno", FaultClass::NotAnApi, "HTTP 405:  [31mno"),
    ];
    for (status, body, class, part) in table {
        let fault = answered(status, body);
        assert_eq!((fault.class, fault.status), (class, Some(status)), "{body}");
        assert!(fault.message.contains(part), "{body}: {}", fault.message);
    }
}

#[test]
fn the_status_of_an_error_inside_a_200_comes_from_the_body() {
    let table = [
        (json!({"error": {"code": 429, "message": "m"}}), 429),
        (json!({"error": {"code": "429", "message": "m"}}), 429),
        (
            json!({"error": {"code": null, "http_status": 503, "message": "m"}}),
            503,
        ),
        (
            json!({"error": {"code": 7, "message": "m", "metadata": {"error_type": "payment_required"}}}),
            402,
        ),
        (json!({"error": {"code": "server_error", "message": "m"}}), 500),
        (
            json!({"error": {"code": "context_length_exceeded", "message": "m"}}),
            400,
        ),
        (json!({"error": {"code": "insufficient_quota", "message": "m"}}), 429),
        (json!({"error": {"message": "m"}}), 500),
        (json!({"error": "m"}), 500),
    ];
    for (root, status) in table {
        let fault = from_root(&root, now());
        assert_eq!((fault.status, fault.message.as_str()), (Some(status), "m"), "{root}");
    }
}

#[test]
fn the_upstream_words_are_found_in_every_wrapping() {
    let google = json!({"error": {"code": 400, "message": "Request contains an invalid argument.",
        "details": [{"fieldViolations": [{"description": "too many states"}]}]}});
    let table = [
        (json!("plain words"), Some("plain words")),
        (
            json!({"error": {"type": "x", "message": "no workers"}}),
            Some("no workers"),
        ),
        (json!({"detail": [{"msg": "field required"}]}), Some("field required")),
        (json!({"message": "{\"error\":{\"message\":\"inner\"}}"}), Some("inner")),
        (
            json!(google.to_string()),
            Some("Request contains an invalid argument.; too many states"),
        ),
        (json!({"status": 1}), None),
        (json!(""), None),
        (Value::Null, None),
    ];
    for (raw, expected) in table {
        let fault = from_error(&json!({"message": "m", "metadata": {"raw": raw}}), now());
        assert_eq!(fault.detail.as_deref(), expected, "{raw}");
    }
}

#[test]
fn hints_on_waiting_by_table() {
    let headers = [
        (vec![("retry-after-ms", "1500"), ("retry-after", "9")], Some(1_500)),
        (vec![("retry-after", "29")], Some(29_000)),
        (vec![("retry-after", "0.5")], Some(500)),
        (vec![("retry-after", "Sun, 22 Nov 2026 00:00:30 GMT")], Some(30_000)),
        (vec![("retry-after", "Sat, 21 Nov 2026 00:00:30 GMT")], Some(0)),
        (vec![("x-ratelimit-reset", "1795305660000")], Some(60_000)),
        (vec![("x-ratelimit-reset", "1795305660")], Some(60_000)),
        (vec![("x-ratelimit-reset", "12")], Some(12_000)),
        (vec![("retry-after", "-3"), ("x-ratelimit-reset", "soon")], None),
        (vec![("retry-after", "inf")], None),
        (vec![], None),
    ];
    for (pairs, expected) in headers {
        let map: HeaderMap = pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        assert_eq!(
            from_response(429, &map, b"{\"error\":\"m\"}", now()).retry_after_ms,
            expected,
            "{pairs:?}"
        );
    }
    let bodies = [
        (
            json!({"metadata": {"retry_after_seconds": 29, "headers": {"Retry-After": "31"}}}),
            Some(29_000),
        ),
        (json!({"metadata": {"headers": {"Retry-After": 31}}}), Some(31_000)),
        (
            json!({"metadata": {"headers": {"X-RateLimit-Reset": "1795305660000"}}}),
            Some(60_000),
        ),
        (json!({"metadata": {"availability": {"retry_after": "3"}}}), Some(3_000)),
        (json!({"metadata": null}), None),
    ];
    for (error, expected) in bodies {
        assert_eq!(from_error(&error, now()).retry_after_ms, expected, "{error}");
    }
    let both = HeaderMap::from_iter([(HeaderName::from_static("retry-after"), HeaderValue::from_static("1"))]);
    let body = br#"{"error":{"message":"m","metadata":{"retry_after_seconds":5}}}"#;
    assert_eq!(from_response(429, &both, body, now()).retry_after_ms, Some(1_000));
}

#[test]
fn long_texts_are_cut_at_a_character() {
    let long = "é".repeat(10_000);
    let fault = answered(
        400,
        &json!({"error": {"message": long, "metadata": {"raw": long}}}).to_string(),
    );
    assert!(fault.message.len() <= super::TEXT_CAP + '…'.len_utf8() && fault.message.ends_with("é…"));
    assert_eq!(fault.detail.as_deref(), Some(fault.message.as_str()));
}
