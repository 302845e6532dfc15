//! Errors that come with a status, and servers that are not there. The words are those that OpenRouter and its upstreams use.

use super::{Place, Row, row, to};
use crate::support::Reply;
use serde_json::{Value, json};

fn error(status: u16, message: &str) -> Reply {
    with(status, message, &json!({}))
}

fn with(status: u16, message: &str, metadata: &Value) -> Reply {
    Reply::error(
        status,
        &json!({"error": {"code": status, "message": message, "metadata": metadata}}),
    )
}

/// The same with no time to wait.
fn soon(status: u16, message: &str) -> Reply {
    error(status, message).header("retry-after-ms", "1")
}

fn upstream(status: u16, raw: &str) -> Reply {
    with(
        status,
        "Provider returned error",
        &json!({"raw": raw, "provider_name": "OpenAI"}),
    )
}

const NO_TOOLS: &str =
    "No endpoints found that support tool use. To learn more about provider routing, visit: https://openrouter.ai/docs";
const NO_PARAMETERS: &str =
    "No endpoints found that can handle the requested parameters. To learn more, visit: https://openrouter.ai/docs";
const BAD_SCHEMA: &str = "{\"error\":{\"message\":\"Invalid schema for response_format 'default': In context=(), 'additionalProperties' is required to be supplied and to be false.\",\"param\":\"response_format\"}}";

pub(super) fn rows() -> Vec<Row> {
    let mut rows = cannot();
    rows.extend(stops());
    rows.extend(waits());
    rows.extend(elsewhere());
    rows
}

/// The endpoint cannot do what is asked.
fn cannot() -> Vec<Row> {
    vec![
        row(
            "404 no tools",
            |_| vec![error(404, NO_TOOLS)],
            &[
                to(0, 2, "first opened broken fallback good"),
                to(0, 2, "first opened broken fallback good"),
                to(0, 2, "first opened broken fallback good"),
                to(0, 2, "first opened broken fallback good"),
                to(3, 1, "first opened broken failed"),
            ],
        ),
        row(
            "404 no parameters",
            |_| vec![error(404, NO_PARAMETERS)],
            &[
                to(0, 2, "first opened broken fallback good"),
                to(0, 2, "first opened broken fallback good"),
                to(0, 2, "first opened broken fallback good"),
                to(0, 2, "first opened broken fallback good"),
                to(3, 1, "first opened broken failed"),
            ],
        ),
        row(
            "400 schema rejected",
            |_| vec![upstream(400, BAD_SCHEMA)],
            &[
                to(0, 2, "first opened broken reduced good"),
                to(0, 2, "first opened broken reduced good"),
                to(0, 2, "first opened broken reduced good"),
                to(3, 1, "first opened broken failed"),
                to(3, 1, "first opened broken failed"),
            ],
        ),
        row(
            "400 schema rejected twice",
            |_| vec![upstream(400, BAD_SCHEMA), upstream(400, BAD_SCHEMA)],
            &[
                to(0, 3, "first opened broken reduced opened broken fallback good"),
                to(0, 3, "first opened broken reduced opened broken fallback good"),
                to(0, 3, "first opened broken reduced opened broken fallback good"),
                to(3, 1, "first opened broken failed"),
                to(3, 1, "first opened broken failed"),
            ],
        ),
        row(
            "400 field rejected",
            |_| {
                vec![Reply::error(
                    400,
                    &json!({"error": {"message": "Unsupported parameter: 'max_tokens'", "param": "max_tokens"}}),
                )]
            },
            &[to(0, 2, "first opened broken reduced good")],
        ),
        row(
            "400 mode's field rejected",
            |_| {
                vec![Reply::error(
                    400,
                    &json!({"error": {"message": "This model does not support response format `json_schema`", "param": "response_format"}}),
                )]
            },
            &[
                to(0, 2, "first opened broken fallback good"),
                to(0, 2, "first opened broken fallback good"),
                to(3, 1, "first opened broken failed"),
                to(0, 2, "first opened broken fallback good"),
                to(3, 1, "first opened broken failed"),
            ],
        ),
        row(
            "402 afford less",
            |_| {
                vec![error(
                    402,
                    "This request requires more credits, or fewer max_tokens. You requested up to 4096 tokens, but can only afford 900.",
                )]
            },
            &[to(0, 2, "first opened broken reduced good")],
        ),
    ]
}

/// Nothing but the user mends it.
fn stops() -> Vec<Row> {
    vec![
        row(
            "404 unknown model",
            |_| vec![error(404, "No endpoints found for acme/quick.")],
            &[to(3, 1, "first opened broken failed")],
        )
        .stays(),
        row(
            "404 data policy",
            |_| {
                vec![error(
                    404,
                    "No endpoints found matching your data policy. Configure: https://openrouter.ai/settings/privacy",
                )]
            },
            &[to(3, 1, "first opened broken failed")],
        )
        .stays(),
        row(
            "404 page",
            |_| vec![Reply::html(404, "Not found")],
            &[to(3, 1, "first opened broken failed")],
        )
        .stays(),
        row(
            "400 too long",
            |_| {
                vec![error(
                    400,
                    "This endpoint's maximum context length is 8192 tokens. However, you requested 9000.",
                )]
            },
            &[to(3, 1, "first opened broken failed")],
        )
        .stays(),
        row(
            "400 else",
            |_| vec![error(400, "Something is wrong")],
            &[to(3, 1, "first opened broken failed")],
        )
        .stays(),
        row(
            "401",
            |_| vec![error(401, "No auth credentials found")],
            &[to(3, 1, "first opened broken failed")],
        )
        .stays(),
        row(
            "402 no credits",
            |_| {
                vec![error(
                    402,
                    "Insufficient credits. Add more using https://openrouter.ai/credits",
                )]
            },
            &[to(3, 1, "first opened broken failed")],
        )
        .stays(),
        row(
            "403 moderation",
            |_| {
                vec![with(
                    403,
                    "Your input was flagged",
                    &json!({"reasons": ["violence"], "flagged_input": "Ivan"}),
                )]
            },
            &[to(3, 1, "first opened broken failed")],
        )
        .stays(),
        row(
            "403 else",
            |_| vec![error(403, "Not in your region")],
            &[to(3, 1, "first opened broken failed")],
        )
        .stays(),
        row(
            "429 for the day",
            |_| vec![error(429, "Rate limit exceeded: free-models-per-day")],
            &[to(3, 1, "first opened broken failed")],
        )
        .stays(),
        row(
            "429 no money",
            |_| {
                vec![Reply::error(
                    429,
                    &json!({"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}),
                )]
            },
            &[to(3, 1, "first opened broken failed")],
        )
        .stays(),
    ]
}

/// Waiting mends it.
fn waits() -> Vec<Row> {
    vec![
        row(
            "402 in flight",
            |_| {
                vec![
                    with(
                        402,
                        "In-flight budget",
                        &json!({"limit_source": "openrouter_in_flight_budget"}),
                    )
                    .header("retry-after-ms", "1"),
                ]
            },
            &[to(0, 2, "first opened broken waiting retry good")],
        ),
        row(
            "408",
            |_| vec![soon(408, "Timed out")],
            &[to(0, 2, "first opened broken waiting retry good")],
        ),
        row(
            "429 with a time",
            |_| vec![soon(429, "Rate limited")],
            &[to(0, 2, "first opened broken waiting retry good")],
        ),
        row(
            "429 without",
            |_| vec![error(429, "Rate limited")],
            &[to(0, 2, "first opened broken waiting retry good")],
        ),
        row(
            "429 for ever",
            |_| vec![soon(429, "Rate limited")],
            &[to(3, 2, "first opened broken waiting retry opened broken failed")],
        )
        .stays(),
        row(
            "429 for an hour",
            |_| vec![error(429, "Rate limited").header("retry-after", "7200")],
            &[to(3, 1, "first opened broken failed")],
        )
        .stays(),
        row(
            "500",
            |_| vec![soon(500, "Internal server error")],
            &[to(0, 2, "first opened broken waiting retry good")],
        ),
        row(
            "502 page",
            |_| vec![Reply::html(502, "Bad gateway").header("retry-after-ms", "1")],
            &[to(0, 2, "first opened broken waiting retry good")],
        ),
        row(
            "503",
            |_| vec![soon(503, "No instances available")],
            &[to(0, 2, "first opened broken waiting retry good")],
        ),
        row(
            "524 empty",
            |_| vec![Reply::raw(524, "text/plain", []).header("retry-after-ms", "1")],
            &[to(0, 2, "first opened broken waiting retry good")],
        ),
        row(
            "529",
            |_| vec![soon(529, "Overloaded")],
            &[to(0, 2, "first opened broken waiting retry good")],
        ),
    ]
}

/// The way there.
fn elsewhere() -> Vec<Row> {
    vec![
        row(
            "301",
            |_| vec![Reply::html(301, "Moved").header("location", "http://127.0.0.1:9/v1/chat/completions")],
            &[to(3, 1, "first broken failed")],
        )
        .stays(),
        row(
            "307",
            |_| vec![Reply::html(307, "Moved").header("location", "/elsewhere")],
            &[to(3, 1, "first broken failed")],
        )
        .stays(),
        row(
            "308 without a place",
            |_| vec![Reply::html(308, "Moved")],
            &[to(3, 1, "first broken failed")],
        )
        .stays(),
        row(
            "nobody listens",
            |_| vec![],
            &[to(3, 0, "first broken waiting retry broken failed")],
        )
        .place(Place::Nowhere),
        row(
            "reset",
            |_| vec![],
            &[to(3, 2, "first broken waiting retry broken failed")],
        )
        .place(Place::Reset),
    ]
}
