//! Answers that arrive: streams in every chunking, whole documents, errors before and inside a stream.

use super::{closing, fault, play, provider, signals, text};
use crate::support::{Auto, Piece, Reply, Script, Server};
use formwork::event::{Closing, FaultClass};
use formwork::provider::{Provider, Signal};
use formwork::verdict::{Channel, Usage};
use serde_json::json;

const USAGE: Usage = Usage {
    prompt: 52,
    completion: 14,
    reasoning: 5,
    cached: 3,
    computed: false,
    cost: Some(0.25),
};

/// A short stream with every line end, a comment, a character of three bytes and a late usage frame.
const BODY: &str = concat!(
    ": OPENROUTER PROCESSING\r\n\r\n",
    "data: {\"id\":\"gen-1\",\"model\":\"m\",\"provider\":\"P\",\"choices\":[{\"delta\":{\"content\":\"{\\\"a\\\":\"}}]}\r\n\r\n",
    "data:{\"choices\":[{\"delta\":{\"content\":\"\\\"€\"},\"finish_reason\":null}]}\n\n",
    "data: {\"choices\":[{\"delta\":{\"content\":\"\\\"}\"},\r",
    "data: \"finish_reason\":\"stop\"}]}\r\r",
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":52,\"completion_tokens\":14,\"cost\":0.25,",
    "\"prompt_tokens_details\":{\"cached_tokens\":3},\"completion_tokens_details\":{\"reasoning_tokens\":5}}}\n\n",
    "data: [DONE]\n\n",
);

fn without_life(signals: Vec<Signal>) -> Vec<Signal> {
    signals.into_iter().filter(|signal| *signal != Signal::Alive).collect()
}

#[tokio::test]
async fn a_stream_cut_at_any_byte_is_the_same_stream() {
    let bytes = BODY.as_bytes();
    let cut = |at: usize| {
        let (head, tail) = bytes.split_at(at);
        Reply::raw(
            200,
            "text/event-stream",
            [head.to_vec(), tail.to_vec()].map(Piece::from),
        )
    };
    let bytewise = Reply::raw(
        200,
        "text/event-stream",
        bytes.iter().map(|byte| Piece::from(vec![*byte])),
    );
    let server = Server::start(Script::new((1..bytes.len()).map(cut).chain([bytewise])));
    let provider = provider(&server);
    let expected = [
        Signal::Opened { status: 200 },
        Signal::Routed {
            provider: Some("P".into()),
            model: Some("m".into()),
            id: Some("gen-1".into()),
        },
    ];
    for at in 1..=bytes.len() {
        let signals = without_life(signals(&provider, json!({})).await);
        assert_eq!(signals[..2], expected, "cut at {at}");
        assert_eq!(text(&signals, Channel::Content), "{\"a\":\"€\"}", "cut at {at}");
        let end = Closing {
            finish: Some("stop".into()),
            usage: Some(USAGE),
            ..Closing::default()
        };
        assert_eq!(*closing(&signals), end, "cut at {at}");
    }
}

#[tokio::test]
async fn comments_and_empty_chunks_are_signs_of_life() {
    let signals = play(Reply::sse_content("a", 1)).await;
    assert_eq!(
        signals.iter().filter(|signal| **signal == Signal::Alive).count(),
        4,
        "comment, finish, usage, [DONE]: {signals:?}"
    );
}

#[tokio::test]
async fn the_generation_id_is_told_with_the_headers() {
    let signals = play(Reply::sse_content("a", 1).header("X-Generation-Id", "gen-1")).await;
    assert_eq!(
        signals[1],
        Signal::Routed {
            provider: None,
            model: None,
            id: Some("gen-1".into())
        }
    );
    let routed = Signal::Routed {
        provider: Some("Acme".into()),
        model: Some("acme/quick-20260101".into()),
        id: None,
    };
    assert_eq!(
        signals
            .iter()
            .filter(|signal| matches!(signal, Signal::Routed { .. }))
            .nth(1),
        Some(&routed)
    );
}

#[tokio::test]
async fn every_mode_is_answered_streamed_and_whole() {
    let server = Server::start(Script::auto(Auto::new(json!({"name": "Ivan"}))));
    let provider = provider(&server);
    let tool = json!([{"type": "function", "function": {"name": "User"}}]);
    for stream in [true, false] {
        let call = signals(&provider, json!({"tools": tool, "stream": stream})).await;
        assert_eq!(text(&call, Channel::Call), "{\"name\":\"Ivan\"}");
        assert_eq!(closing(&call).finish.as_deref(), Some("tool_calls"));
        let called = call.iter().find_map(|signal| match signal {
            Signal::Delta(delta) => delta.call.clone(),
            _ => None,
        });
        let called = called.unwrap();
        assert_eq!(
            (called.index, called.id.as_str(), called.name.as_str()),
            (0, "call_1", "User")
        );
        let strict = signals(
            &provider,
            json!({"response_format": {"type": "json_schema"}, "stream": stream}),
        )
        .await;
        assert_eq!(text(&strict, Channel::Content), "{\"name\":\"Ivan\"}");
        assert_eq!(
            *closing(&strict),
            Closing {
                finish: Some("stop".into()),
                usage: Some(USAGE),
                ..Closing::default()
            }
        );
        let prompt = signals(&provider, json!({"stream": stream})).await;
        assert!(text(&prompt, Channel::Content).contains("```json\n{\"name\":\"Ivan\"}"));
    }
    assert_eq!(
        server.chats()[0],
        json!({"tools": tool, "stream": true}),
        "the body goes out as it was given"
    );
}

#[tokio::test]
async fn reasoning_is_shown_and_kept_for_the_next_turn() {
    let details = |entry: serde_json::Value| json!({"choices": [{"delta": {"reasoning_details": [entry]}}]});
    let signals = play(Reply::sse([
        details(json!({"type": "reasoning.text", "text": "One ", "index": 0})),
        details(json!({"type": "reasoning.text", "text": "person.", "index": 0})),
        details(json!({"type": "reasoning.text", "signature": "c2ln", "index": 0})),
        json!({"choices": [{"delta": {"content": "{}"}, "finish_reason": "stop"}]}),
    ]))
    .await;
    assert_eq!(text(&signals, Channel::Reasoning), "One person.");
    let kept = json!([{"type": "reasoning.text", "text": "One person.", "index": 0, "signature": "c2ln"}]);
    assert_eq!(closing(&signals).reasoning, Some(kept));
}

#[tokio::test]
async fn an_error_answer_is_a_fault_with_its_status_and_hint() {
    let body = json!({"error": {"code": 429, "message": "slow down", "metadata": {"raw": "shared pool", "provider_name": "Acme"}}});
    let signals = play(Reply::error(429, &body).header("Retry-After", "29")).await;
    assert_eq!(signals[0], Signal::Opened { status: 429 });
    let fault = fault(&signals);
    assert_eq!(
        (fault.class, fault.status, fault.retry_after_ms),
        (FaultClass::Unknown, Some(429), Some(29_000))
    );
    assert_eq!(
        (fault.detail.as_deref(), fault.provider.as_deref()),
        (Some("shared pool"), Some("Acme"))
    );
}

#[tokio::test]
async fn an_error_inside_the_stream_keeps_what_came_before() {
    let error = json!({"error": {"code": 502, "message": "upstream"}, "choices": [{"delta": {"content": ""}, "finish_reason": "error"}]});
    let first = json!({"choices": [{"delta": {"content": "{\"a\""}}]});
    let after = json!({"choices": [{"delta": {"content": "never"}}]});
    let signals = play(Reply::sse([first, error, after])).await;
    assert_eq!(text(&signals, Channel::Content), "{\"a\"");
    assert_eq!(
        (fault(&signals).status, fault(&signals).message.as_str()),
        (Some(502), "upstream")
    );
    let whole = play(Reply::json(
        200,
        &json!({"error": {"code": 402, "message": "no money"}}),
    ))
    .await;
    assert_eq!(fault(&whole).status, Some(402));
}

#[tokio::test]
async fn what_is_no_chat_completion_says_so() {
    let table = [
        (Reply::html(200, "Welcome"), FaultClass::NotAnApi, "answered HTML"),
        (Reply::html(404, "Lost"), FaultClass::NotAnApi, "titled “Lost”"),
        (
            Reply::raw(200, "text/plain", [Piece::from("ok")]),
            FaultClass::NotAnApi,
            "base URL",
        ),
        (
            Reply::json(200, &json!({"version": 1})),
            FaultClass::NotAnApi,
            "base URL",
        ),
        (
            Reply::raw(200, "application/json", [Piece::from("{\"choices\":")]),
            FaultClass::NotAnApi,
            "no JSON",
        ),
        (
            Reply::raw(200, "application/json", []),
            FaultClass::NoContent,
            "empty body",
        ),
        (
            Reply::json(200, &json!({"id": "gen-1", "choices": []})),
            FaultClass::NoContent,
            "no choice",
        ),
        (
            Reply::raw(200, "text/event-stream", [Piece::from(": hi\n\n")]),
            FaultClass::NoContent,
            "without a finish reason",
        ),
    ];
    for (reply, class, part) in table {
        let signals = play(reply).await;
        let fault = fault(&signals);
        assert_eq!(fault.class, class, "{}", fault.message);
        assert!(fault.message.contains(part), "{}", fault.message);
    }
}

#[tokio::test]
async fn the_bytes_decide_what_the_content_type_gets_wrong() {
    let event = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}";
    for (content_type, body) in [
        ("application/json", format!("{event}\n\n")),
        ("text/plain", event.into()),
        ("text/event-stream", format!("\n{event}\n")),
    ] {
        let signals = play(Reply::raw(200, content_type, [Piece::from(body)])).await;
        assert_eq!(text(&signals, Channel::Content), "a", "{content_type}");
        assert_eq!(closing(&signals).error, None, "{content_type}");
    }
    let whole = "{\"choices\":[{\"message\":{\"content\":\"a\"}}]}";
    let signals = play(Reply::raw(200, "text/event-stream", [Piece::from(whole)])).await;
    assert_eq!(text(&signals, Channel::Content), "a");
}

#[tokio::test]
async fn nothing_is_sent_before_the_stream_is_polled() {
    let server = Server::start(Script::new([]));
    drop(provider(&server).attempt(json!({})));
    assert_eq!(server.requests().len(), 0);
}
