//! What is drawn by lot: answers of the server, and keys.

use crate::support::{Piece, Reply};
use fastrand::Rng;
use serde_json::{Value, json};

/// What the task is about.
pub(crate) fn ivan() -> Value {
    json!({"name": "Ivan", "age": 28})
}

/// Keys that change what is shown and nothing of the task.
pub(crate) fn keys(rng: &mut Rng) -> &'static str {
    let keys = [
        "1", "2", "3", "]", "[", "f", "zm", "zr", "j", "k", "G", "g", "}", "{", "F", "yy", "ya", "n",
    ];
    rng.choice(keys).unwrap()
}

/// A good answer as often as not, else a fault.
pub(crate) fn reply(rng: &mut Rng) -> Reply {
    match rng.u32(..26) {
        0 => busy(429, "Rate limited"),
        1 => busy(503, "Overloaded"),
        2 => Reply::html(502, "Bad gateway").header("retry-after-ms", "1"),
        3 => Reply::cut([half()]),
        4 => Reply::hang([half()]),
        5 => Reply::silent(),
        6 => stream("data: {garbage\n\ndata: [DONE]\n\n".into()),
        7 => Reply::sse_content("{\"name\": \"Ivan\", \"age\": \"old\"}", 3),
        8 => Reply::sse_content("I cannot say.", 3),
        9 => finish(&json!({"content": "{\"name\": \"Iv"}), "length"),
        10 => finish(&json!({"refusal": "No."}), "stop"),
        11 => Reply::error(
            404,
            &json!({"error": {"code": 404, "message": "No endpoints found that support tool use."}}),
        ),
        12 => Reply::error(
            401,
            &json!({"error": {"code": 401, "message": "No auth credentials found"}}),
        ),
        13 => stream(half() + "data: {\"error\": {\"code\": 502, \"message\": \"died\"}, \"choices\": []}\n\n"),
        14 => Reply::json(200, &json!({"choices": []})),
        15 => Reply::raw(200, "application/json", []),
        16 => long(rng),
        _ => Reply::sse_content(&ivan().to_string(), rng.usize(1..9)),
    }
}

fn busy(status: u16, message: &str) -> Reply {
    let body = json!({"error": {"code": status, "message": message}});
    Reply::error(status, &body).header("retry-after-ms", "1")
}

fn half() -> String {
    format!(
        "data: {}\n\n",
        json!({"choices": [{"index": 0, "delta": {"content": "{\"name\": \"Iv"}}]})
    )
}

fn stream(body: String) -> Reply {
    Reply::raw(200, "text/event-stream", [Piece::from(body)])
}

fn finish(delta: &Value, reason: &str) -> Reply {
    Reply::sse([
        json!({"choices": [{"index": 0, "delta": delta}]}),
        json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}),
    ])
}

/// Up to 40 kB in small pieces.
fn long(rng: &mut Rng) -> Reply {
    let notes: Vec<String> = (0..rng.usize(..400))
        .map(|n| format!("note {n}: {}", "é日x".repeat(rng.usize(..10))))
        .collect();
    Reply::sse_content(&json!({"name": "Ivan", "age": 28, "notes": notes}).to_string(), 40)
}
