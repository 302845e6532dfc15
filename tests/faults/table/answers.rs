//! Answers with status 200 that are no good: wrong values, the wrong place, errors inside. Streams that break are in `streams`.

use super::{Row, ivan, row, to};
use crate::binary::KEY;
use crate::support::{Piece, Reply};
use serde_json::{Value, json};

pub(super) fn chunk(delta: &Value, finish: Option<&str>) -> Value {
    json!({"id": "gen-1", "model": "acme/quick-1", "provider": "Acme", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})
}

pub(super) fn event(value: &Value) -> String {
    format!("data: {value}\n\n")
}

/// A piece of an answer, where the mode has its answers.
pub(super) fn piece(tools: bool, text: &str) -> Value {
    if tools {
        let call =
            json!({"index": 0, "id": "c1", "type": "function", "function": {"name": "Answer", "arguments": text}});
        chunk(&json!({"tool_calls": [call]}), None)
    } else {
        chunk(&json!({"content": text}), None)
    }
}

pub(super) fn half(tools: bool) -> String {
    event(&piece(tools, "{\"name\": \"Iv"))
}

/// A stream of one text and a finish reason.
fn answer(tools: bool, text: &str, finish: &str) -> Reply {
    Reply::sse([piece(tools, text), chunk(&json!({}), Some(finish))])
}

pub(super) fn raw(pieces: impl IntoIterator<Item = Piece>) -> Reply {
    Reply::raw(200, "text/event-stream", pieces)
}

pub(super) fn text(body: String) -> Reply {
    raw([Piece::from(body)])
}

/// Answers that come whole and do not fit.
pub(super) fn rows() -> Vec<Row> {
    let mut rows = wrong_answers();
    rows.extend(wrong_places());
    rows
}

fn wrong_answers() -> Vec<Row> {
    vec![
        row(
            "wrong type",
            |tools| vec![answer(tools, "{\"name\": \"Ivan\", \"age\": \"old\"}", "stop")],
            &[to(0, 2, "first opened routed pieces closed judged reask good")],
        ),
        row(
            "wrong type for ever",
            |tools| vec![answer(tools, "{\"name\": \"Ivan\", \"age\": \"old\"}", "stop")],
            &[to(
                1,
                2,
                "first opened routed pieces closed judged reask opened routed pieces closed judged invalid",
            )],
        )
        .stays(),
        row(
            "prose",
            |tools| vec![answer(tools, "Ivan is 28.", "stop")],
            &[to(0, 2, "first opened routed pieces closed reask good")],
        ),
        row(
            "nothing",
            |tools| vec![answer(tools, "", "stop")],
            &[
                to(0, 2, "first opened routed closed reask good"),
                to(0, 2, "first opened routed closed reask good"),
                to(0, 2, "first opened routed pieces closed judged reask good"),
                to(0, 2, "first opened routed closed reask good"),
                to(0, 2, "first opened routed closed reask good"),
            ],
        ),
        row(
            "fences and thoughts",
            |_| {
                vec![answer(
                    false,
                    "<think>{\"age\": 1}</think>Here:\n```json\n{'name': 'Ivan', age: 28,}\n```\nDone.",
                    "stop",
                )]
            },
            &[to(0, 1, "first good")],
        ),
        row(
            "cut by its length",
            |tools| vec![answer(tools, "{\"name\": \"Ivan\", \"age\"", "length")],
            &[to(0, 2, "first opened routed pieces closed judged longer good")],
        ),
        row(
            "cut for ever",
            |tools| vec![answer(tools, "{\"name\": \"Ivan\", \"age\"", "length")],
            &[to(
                1,
                2,
                "first opened routed pieces closed judged longer opened routed pieces closed judged invalid",
            )],
        )
        .stays(),
        row(
            "filtered",
            |tools| vec![answer(tools, "{\"name\": ", "content_filter")],
            &[to(1, 1, "first opened routed pieces closed refused")],
        ),
        row(
            "refused",
            |_| {
                vec![Reply::sse([
                    chunk(&json!({"refusal": "I cannot"}), None),
                    chunk(&json!({"refusal": " do that."}), Some("stop")),
                ])]
            },
            &[to(1, 1, "first opened routed pieces closed refused")],
        ),
        row(
            "deep",
            |tools| vec![answer(tools, &"[".repeat(5000), "stop")],
            &[to(0, 2, "first opened routed pieces closed reask good")],
        ),
        row(
            "the key in the answer",
            |tools| vec![answer(tools, &json!({"name": KEY, "age": 28}).to_string(), "stop")],
            &[to(0, 2, "first opened routed pieces closed judged reask good")],
        ),
        row(
            "hostile letters",
            |tools| {
                vec![answer(
                    tools,
                    "{\"name\": \"\u{1b}]0;x\u{7}\u{202e}\u{9b}31m\", \"age\": 28, \"\u{200b}\": [\"\u{1b}[2J\"]}",
                    "stop\u{1b}[2J",
                )]
            },
            &[to(0, 2, "first opened routed pieces closed judged reask good")],
        ),
    ]
}

/// The answer is not where it was asked for.
fn wrong_places() -> Vec<Row> {
    vec![
        row(
            "another function",
            |_| vec![Reply::sse_tool_call("Somebody", &ivan().to_string(), 4)],
            &[to(0, 1, "first good")],
        ),
        row(
            "content instead of a call",
            |_| vec![Reply::sse_content(&ivan().to_string(), 4)],
            &[to(0, 1, "first good")],
        ),
        row(
            "a call in the content",
            |_| {
                vec![Reply::sse_content(
                    &json!({"name": "Answer", "arguments": ivan()}).to_string(),
                    4,
                )]
            },
            &[to(0, 1, "first good")],
        ),
        row(
            "two calls",
            |_| {
                let call = |index: u32, text: &str| json!({"index": index, "id": format!("c{index}"), "function": {"name": "Answer", "arguments": text}});
                let calls = json!({"tool_calls": [call(0, "{\"name\": 1}"), call(1, &ivan().to_string())]});
                vec![Reply::sse([chunk(&calls, None), chunk(&json!({}), Some("tool_calls"))])]
            },
            &[to(0, 2, "first opened routed pieces closed judged reask good")],
        ),
        row(
            "reasoning only",
            |_| {
                vec![Reply::sse([
                    chunk(&json!({"reasoning": ivan().to_string()}), None),
                    chunk(&json!({}), Some("stop")),
                ])]
            },
            &[to(0, 1, "first good")],
        ),
        row(
            "not streamed",
            |tools| {
                vec![if tools {
                    Reply::json_tool_call("Answer", &ivan().to_string())
                } else {
                    Reply::json_message(&ivan().to_string())
                }]
            },
            &[to(0, 1, "first good")],
        ),
        row(
            "no choices",
            |_| vec![Reply::json(200, &json!({"id": "gen-1", "choices": []}))],
            &[to(0, 2, "first opened routed broken waiting retry good")],
        ),
        row(
            "choices are null",
            |_| vec![Reply::json(200, &json!({"id": "gen-1", "choices": null}))],
            &[to(0, 2, "first opened routed broken waiting retry good")],
        ),
        row(
            "an error instead",
            |_| {
                vec![Reply::json(
                    200,
                    &json!({"error": {"code": 503, "message": "Overloaded"}}),
                )]
            },
            &[to(0, 2, "first opened broken waiting retry good")],
        ),
        row(
            "an error in a choice",
            |_| {
                vec![Reply::json(
                    200,
                    &json!({"choices": [{"error": {"code": 429, "message": "Busy"}, "finish_reason": "error", "message": {"content": "{\"name\""}}]}),
                )]
            },
            &[to(0, 2, "first opened pieces broken waiting retry good")],
        ),
        row(
            "a page",
            |_| vec![Reply::html(200, "Welcome")],
            &[to(3, 1, "first opened broken failed")],
        )
        .stays(),
        row(
            "a text",
            |_| vec![Reply::raw(200, "text/plain", [Piece::from("ok")])],
            &[to(3, 1, "first opened broken failed")],
        )
        .stays(),
        row(
            "an empty body",
            |_| vec![Reply::raw(200, "application/json", [])],
            &[to(0, 2, "first opened broken waiting retry good")],
        ),
    ]
}
