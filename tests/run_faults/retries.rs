//! Faults that pass: the same request again, after the time the server asks for.

use super::ivan;
use crate::binary::Bench;
use crate::support::{Auto, Piece, Reply, Script};
use serde_json::{Value, json};

fn limited(metadata: &Value) -> Reply {
    Reply::error(
        429,
        &json!({"error": {"code": 429, "message": "Rate limited", "metadata": metadata}}),
    )
}

fn chunk(value: &Value) -> String {
    format!("data: {value}\n\n")
}

fn half() -> String {
    chunk(&json!({"choices": [{"index": 0, "delta": {"content": "{\"name\": \"Iv"}}]}))
}

/// Without a hint the wait would be at least 0.375 s.
#[tokio::test]
async fn every_kind_of_hint_is_kept() {
    let none = json!({});
    let past = "1700000000000";
    let hints = [
        limited(&none).header("retry-after-ms", "20"),
        limited(&none).header("retry-after", "0.02"),
        limited(&none).header("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT"),
        limited(&none).header("x-ratelimit-reset", past),
        limited(&json!({"retry_after_seconds": 0.02})),
        limited(&json!({"headers": {"X-RateLimit-Reset": past}})),
        Reply::error(
            429,
            &json!({"error": {"code": 429, "message": "Busy", "availability": {"retry_after": 0.02}}}),
        ),
    ];
    let count = hints.len();
    let bench = Bench::new(Script::new(hints).then_auto(Auto::new(ivan())));
    let ran = bench.task(&["--mode", "json", "--retries", "9"]).await;
    ran.ended(0, "valid after 8 attempts");
    assert_eq!(ran.stderr.matches("waiting 0.0 s: ").count(), count, "{ran:?}");
    let chats = bench.server.chats();
    assert!(
        chats.iter().all(|body| *body == chats[0]),
        "a retry is the same request"
    );
}

#[tokio::test]
async fn retries_are_counted_and_long_waits_left_to_the_user() {
    let busy = || limited(&json!({})).header("retry-after-ms", "1");
    let bench = Bench::new(Script::new([]).otherwise(busy()));
    bench
        .task(&["--mode", "json", "--retries", "2"])
        .await
        .ended(3, "Rate limited");
    assert_eq!(bench.server.chats().len(), 3);
    let bench = Bench::new(Script::new([limited(&json!({})).header("retry-after", "7200")]));
    bench.task(&["--mode", "json"]).await.ended(3, "a wait of 7200 s");
    let daily = json!({"error": {"code": 429, "message": "Rate limit exceeded: free-models-per-day", "metadata": {}}});
    let bench = Bench::new(Script::new([Reply::error(429, &daily)]));
    bench.task(&["--mode", "json"]).await.ended(3, "midnight UTC");
    assert_eq!(bench.server.chats().len(), 1);
}

/// Each of these is answered by one more request, and what half came leaves no trace in the value.
#[tokio::test]
async fn what_breaks_off_is_tried_again() {
    let died = json!({
        "error": {"code": 502, "message": "Upstream died"},
        "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}]
    });
    let sse = |body: String| Reply::raw(200, "text/event-stream", [Piece::from(body)]);
    let table = [
        (
            "503",
            Reply::error(
                503,
                &json!({"error": {"code": 503, "message": "No instances available"}}),
            ),
        ),
        ("502 page", Reply::html(502, "Bad gateway")),
        ("empty", Reply::raw(200, "application/json", [])),
        ("error inside", sse(format!("{}{}", half(), chunk(&died)))),
        ("cut", Reply::cut([half()])),
        ("no finish", sse(half())),
        (
            "error in a 200",
            Reply::json(200, &json!({"error": {"code": 503, "message": "Overloaded"}})),
        ),
    ];
    let runs = table.map(|(what, reply)| async move {
        let bench = Bench::new(Script::new([reply]).then_auto(Auto::new(ivan())));
        let ran = bench.task(&["--mode", "json"]).await;
        ran.ended(0, "trying again (json)");
        assert_eq!(
            (ran.lines(), bench.server.chats().len()),
            (vec![ivan()], 2),
            "{what}: {ran:?}"
        );
    });
    futures_util::future::join_all(runs).await;
}

/// The connection broke, but the value was whole: nothing is gained by asking again.
#[tokio::test]
async fn a_whole_value_before_a_cut_counts() {
    let whole = chunk(&json!({"choices": [{"index": 0, "delta": {"content": ivan().to_string()}}]}));
    let bench = Bench::new(Script::new([Reply::raw(
        200,
        "text/event-stream",
        [Piece::from(whole)],
    )]));
    let ran = bench.task(&["--mode", "json"]).await;
    assert_eq!(
        (ran.code, ran.lines(), bench.server.chats().len()),
        (Some(0), vec![ivan()], 1),
        "{ran:?}"
    );
}
