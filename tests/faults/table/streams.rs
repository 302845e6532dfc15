//! Streams that break off, fall silent or are garbage, and odd ones that are to be read all the same.

use super::answers::{chunk, event, half, piece, raw, text};
use super::{Row, ivan, row, to};
use crate::support::{Piece, Reply};
use serde_json::json;

/// Streams that break.
pub(super) fn rows() -> Vec<Row> {
    let mut rows = breaks();
    rows.extend(odd_streams());
    rows
}

fn breaks() -> Vec<Row> {
    vec![
        row(
            "an error in the stream",
            |tools| {
                let died = json!({"error": {"code": 502, "message": "Upstream died"}, "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}]});
                vec![text(half(tools) + &event(&died))]
            },
            &[to(0, 2, "first opened routed pieces broken waiting retry good")],
        ),
        row(
            "a bare error in the stream",
            |tools| {
                vec![text(
                    half(tools) + &event(&json!({"error": {"message": "boom", "code": "server_error"}})),
                )]
            },
            &[to(0, 2, "first opened routed pieces broken waiting retry good")],
        ),
        row(
            "a limit in the stream",
            |_| {
                vec![text(event(
                    &json!({"error": {"code": 429, "message": "Rate limited"}, "choices": []}),
                ))]
            },
            &[to(0, 2, "first opened broken waiting retry good")],
        ),
        row(
            "cut",
            |tools| vec![Reply::cut([half(tools)])],
            &[to(0, 2, "first opened routed pieces broken waiting retry good")],
        ),
        row(
            "cut for ever again",
            |tools| vec![Reply::cut([half(tools)])],
            &[to(
                3,
                2,
                "first opened routed pieces broken waiting retry opened routed pieces broken failed",
            )],
        )
        .stays(),
        row(
            "cut before anything",
            |_| vec![Reply::cut(Vec::<Piece>::new())],
            &[to(0, 2, "first opened broken waiting retry good")],
        ),
        row(
            "cut in a letter",
            |tools| {
                let bytes = event(&piece(tools, "{\"name\": \"И")).into_bytes();
                let at = bytes.windows(2).position(|two| two == "И".as_bytes()).unwrap();
                vec![raw([Piece::from(bytes[..=at].to_vec()), Piece::Cut])]
            },
            &[to(0, 2, "first opened broken waiting retry good")],
        ),
        row(
            "cut after the value",
            |tools| vec![Reply::cut([event(&piece(tools, &ivan().to_string()))])],
            &[to(0, 1, "first opened routed pieces broken judged valid")],
        ),
        row(
            "an end without a finish",
            |tools| vec![text(half(tools))],
            &[to(0, 2, "first opened routed pieces broken waiting retry good")],
        ),
        row(
            "silence within",
            |tools| vec![Reply::hang([half(tools)])],
            &[to(0, 2, "first opened routed pieces broken waiting retry good")],
        )
        .idle_ms(1000),
        row(
            "silence at first",
            |_| vec![Reply::silent()],
            &[to(0, 2, "first broken waiting retry good")],
        )
        .idle_ms(1000),
        row(
            "silence after the finish",
            |tools| {
                let whole = event(&piece(tools, &ivan().to_string())) + &event(&chunk(&json!({}), Some("stop")));
                vec![Reply::hang([whole])]
            },
            &[to(0, 1, "first good")],
        )
        .idle_ms(1000),
        row(
            "an event too large",
            |_| {
                let letters = vec![b'a'; 1 << 20];
                vec![raw([Piece::from("data: "), Piece::Repeat(letters, 17)])]
            },
            &[to(3, 1, "first opened broken failed")],
        )
        .stays(),
    ]
}

fn odd_streams() -> Vec<Row> {
    vec![
        row(
            "garbage",
            |_| {
                vec![text(
                    "data: {not JSON\n\ndata: \u{1}\n\nevent: x\ndata: []\n\n: c\n\ndata: [DONE]\n\n".into(),
                )]
            },
            &[to(0, 2, "first opened broken waiting retry good")],
        ),
        row(
            "only the end",
            |_| vec![text("data: [DONE]\n\n".into())],
            &[to(0, 2, "first opened broken waiting retry good")],
        ),
        row(
            "garbage between",
            |tools| {
                let body = half(tools)
                    + "data: {broken\n\n: ping\n\n"
                    + &event(&piece(tools, "an\", \"age\": 28}"))
                    + &event(&chunk(&json!({}), Some("stop")));
                vec![text(body)]
            },
            &[to(0, 2, "first opened routed pieces broken waiting retry good")],
        ),
        row(
            "no end",
            |tools| {
                vec![text(
                    event(&piece(tools, &ivan().to_string())) + &event(&chunk(&json!({}), Some("stop"))),
                )]
            },
            &[to(0, 1, "first good")],
        ),
        row(
            "no end, no finish",
            |tools| vec![text(event(&piece(tools, &ivan().to_string())))],
            &[to(0, 1, "first opened routed pieces broken judged valid")],
        ),
        row(
            "letters in two pieces",
            |tools| {
                let body = event(&piece(tools, "{\"name\": \"Иван 😀\", \"age\": 28}"))
                    + &event(&chunk(&json!({}), Some("stop")))
                    + "data: [DONE]\n\n";
                vec![raw(body
                    .into_bytes()
                    .chunks(3)
                    .map(|bytes| Piece::from(bytes.to_vec()))
                    .collect::<Vec<_>>())]
            },
            &[to(0, 2, "first opened routed pieces closed judged reask good")],
        ),
        row(
            "carriage returns and a mark",
            |tools| {
                let body = event(&piece(tools, &ivan().to_string())) + &event(&chunk(&json!({}), Some("stop")));
                vec![text(format!("\u{feff}{}", body.replace('\n', "\r")))]
            },
            &[to(0, 1, "first good")],
        ),
        row(
            "usage by itself",
            |tools| {
                let usage = json!({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3, "cost": 0.1}});
                let events = [
                    piece(tools, &ivan().to_string()),
                    chunk(&json!({}), Some("stop")),
                    usage.clone(),
                    usage,
                ];
                vec![Reply::sse(events)]
            },
            &[to(0, 1, "first good")],
        ),
    ]
}
