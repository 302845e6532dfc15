//! The quirks of `openrouter.md` §2.2–§2.8 by tables of chunks.

use super::Fold;
use crate::event::{CallRef, Closing, Delta, FaultClass};
use crate::provider::Signal;
use crate::verdict::{Channel, Usage};
use serde_json::{Value, json};
use std::time::UNIX_EPOCH;

fn fold(events: &[Value]) -> (Vec<Signal>, Closing) {
    let mut fold = Fold::new(|| UNIX_EPOCH, None);
    let mut out = Vec::new();
    for event in events {
        let text = event.as_str().map_or_else(|| event.to_string(), str::to_owned);
        fold.event(&text, &mut out);
    }
    let closing = fold.close(&mut out);
    (out, closing)
}

fn whole(body: &Value) -> (Vec<Signal>, Closing) {
    let mut fold = Fold::new(|| UNIX_EPOCH, None);
    let mut out = Vec::new();
    fold.whole(body.to_string().as_bytes(), &mut out);
    let closing = fold.close(&mut out);
    (out, closing)
}

fn text(signals: &[Signal], wanted: Channel) -> String {
    let texts = signals.iter().filter_map(|signal| match signal {
        Signal::Delta(delta) if delta.channel == wanted => Some(delta.text.as_str()),
        _ => None,
    });
    texts.collect()
}

#[expect(clippy::needless_pass_by_value, reason = "takes what json! gives")]
fn delta(delta: Value) -> Value {
    json!({"choices": [{"index": 0, "delta": delta, "finish_reason": null}]})
}

fn finish(reason: &str) -> Value {
    json!({"choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": reason}]})
}

fn usage() -> Value {
    json!({"prompt_tokens": 52, "completion_tokens": 14, "total_tokens": 66, "cost": 0.25,
        "prompt_tokens_details": {"cached_tokens": 3}, "completion_tokens_details": {"reasoning_tokens": 5}})
}

const USAGE: Usage = Usage {
    prompt: 52,
    completion: 14,
    reasoning: 5,
    cached: 3,
    cost: Some(0.25),
    computed: false,
};

#[test]
fn usage_is_found_in_its_three_places_and_never_unsets_the_finish_reason() {
    let merged = json!({"choices": [{"delta": {}, "finish_reason": "stop"}], "usage": usage()});
    let shapes = [
        vec![finish("stop"), json!({"choices": [], "usage": usage()})],
        vec![
            finish("stop"),
            json!({"choices": [{"delta": {"content": ""}, "finish_reason": null}], "usage": usage()}),
        ],
        vec![merged],
        vec![
            json!({"usage": {"prompt_tokens": 1}}),
            finish("stop"),
            json!({"choices": null, "usage": usage()}),
            json!({"usage": null}),
        ],
    ];
    for events in shapes {
        let (_, closing) = fold(&events);
        assert_eq!(
            closing,
            Closing {
                finish: Some("stop".into()),
                usage: Some(USAGE),
                ..Closing::default()
            },
            "{events:?}"
        );
    }
}

#[test]
fn pieces_go_to_their_channels() {
    let call = json!({"tool_calls": [{"index": 0, "id": "c", "function": {"name": "U", "arguments": "{}"}}]});
    let events = [
        json!({"id": "g", "model": "m", "provider": "P", "choices": [{"delta": {"role": "assistant", "content": null}}]}),
        delta(json!({"reasoning": "hm", "content": "a"})),
        delta(json!({"content": [{"type": "text", "text": "b"}]})),
        delta(json!({"refusal": "no"})),
        delta(call),
        json!({"id": "", "model": "other", "choices": [{"index": 1, "delta": {"content": "another choice"}}]}),
        json!("not a chunk"),
    ];
    let (signals, closing) = fold(&events[..6]);
    let piece = |channel, text: &str| {
        Signal::Delta(Delta {
            channel,
            call: None,
            text: text.into(),
        })
    };
    let call = CallRef {
        index: 0,
        id: "c".into(),
        name: "U".into(),
    };
    let expected = [
        Signal::Routed {
            provider: Some("P".into()),
            model: Some("m".into()),
            id: Some("g".into()),
        },
        piece(Channel::Reasoning, "hm"),
        piece(Channel::Content, "a"),
        piece(Channel::Content, "b"),
        piece(Channel::Refusal, "no"),
        Signal::Delta(Delta {
            channel: Channel::Call,
            call: Some(call),
            text: "{}".into(),
        }),
        Signal::Alive,
    ];
    assert_eq!(signals, expected);
    assert_eq!(
        closing.error.unwrap().class,
        FaultClass::NoContent,
        "no finish reason, no [DONE]"
    );
    let broken = fold(&events).1.error.unwrap();
    assert_eq!(broken.class, FaultClass::NoContent);
    assert!(broken.message.contains("not a chunk"), "{}", broken.message);
}

#[test]
fn errors_inside_the_stream_keep_what_came_before() {
    let error = json!({"code": 429, "message": "slow down", "metadata": {"error_type": "rate_limit_exceeded"}});
    let shapes = [
        json!({"error": error, "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}]}),
        json!({"error": error, "choices": []}),
        json!({"error": error}),
        json!({"choices": [{"delta": {}, "finish_reason": "error", "error": error}]}),
    ];
    for event in shapes {
        let (signals, closing) = fold(&[delta(json!({"content": "{\"a\""})), event.clone()]);
        assert_eq!(text(&signals, Channel::Content), "{\"a\"");
        let fault = closing.error.unwrap();
        assert_eq!(
            (fault.status, fault.message.as_str(), fault.class),
            (Some(429), "slow down", FaultClass::Unknown),
            "{event}"
        );
    }
    let odd = [
        (json!({"error": {"code": "server_error", "message": "m"}}), 500),
        (json!({"error": {"code": null, "message": "m"}, "choices": []}), 500),
        (json!({"error": "m"}), 500),
        (json!({"object": "error", "message": "m", "code": 400}), 400),
        (finish("error"), 500),
    ];
    for (event, status) in odd {
        assert_eq!(
            fold(std::slice::from_ref(&event)).1.error.unwrap().status,
            Some(status),
            "{event}"
        );
    }
}

#[test]
fn null_errors_are_none() {
    let events = [
        json!({"error": null, "choices": [{"delta": {"content": "a"}, "finish_reason": "stop"}]}),
        json!({"error": {}}),
    ];
    assert_eq!(
        fold(&events).1,
        Closing {
            finish: Some("stop".into()),
            ..Closing::default()
        }
    );
}

#[test]
fn the_end_of_the_stream_by_table() {
    let table = [
        (vec![delta(json!({"content": "a"})), finish("stop")], None),
        (vec![delta(json!({"content": "a"})), json!("[DONE]")], None),
        (vec![delta(json!({"content": "a"}))], Some(FaultClass::NoContent)),
        (
            vec![json!({"choices": []}), json!("[DONE]")],
            Some(FaultClass::NoContent),
        ),
        (
            vec![json!({"choices": null}), json!("[DONE]")],
            Some(FaultClass::NoContent),
        ),
        (vec![], Some(FaultClass::NoContent)),
    ];
    for (events, class) in table {
        assert_eq!(fold(&events).1.error.map(|fault| fault.class), class, "{events:?}");
    }
}

#[test]
fn finish_reasons_are_normalised_where_the_meaning_is_clear() {
    for (given, normal) in [
        ("stop", "stop"),
        ("STOP", "stop"),
        ("max_tokens", "length"),
        ("end_turn", "stop"),
        ("content_filter", "content_filter"),
        ("odd", "odd"),
    ] {
        assert_eq!(fold(&[finish(given)]).1.finish.as_deref(), Some(normal));
    }
}

#[test]
fn a_call_without_arguments_is_an_empty_object_unless_it_was_cut() {
    let call = delta(json!({"tool_calls": [{"index": 0, "id": "c", "function": {"name": "U", "arguments": ""}}]}));
    assert_eq!(
        text(&fold(&[call.clone(), finish("tool_calls")]).0, Channel::Call),
        "{}"
    );
    assert_eq!(text(&fold(&[call.clone(), finish("length")]).0, Channel::Call), "");
    assert_eq!(text(&fold(&[call]).0, Channel::Call), "");
}

#[test]
fn two_events_joined_by_a_forgotten_blank_line_are_two() {
    let joined = format!(
        "{}\n{}\n[DONE]",
        delta(json!({"content": "a"})),
        delta(json!({"content": "b"}))
    );
    let (signals, closing) = fold(&[json!(joined)]);
    assert_eq!(text(&signals, Channel::Content), "ab");
    assert_eq!(closing.error, None);
}

#[test]
fn whole_answers_by_table() {
    let message =
        json!({"content": "{}", "reasoning": "hm", "reasoning_details": [{"type": "reasoning.text", "text": "hm"}]});
    let completion = json!({"id": "g", "choices": [{"message": message, "finish_reason": "stop"}], "usage": usage()});
    for body in [completion.clone(), json!({"provider": completion})] {
        let (signals, closing) = whole(&body);
        assert_eq!(text(&signals, Channel::Content), "{}", "{body}");
        assert_eq!(
            (closing.finish.as_deref(), closing.usage, closing.error),
            (Some("stop"), Some(USAGE), None)
        );
        assert_eq!(
            closing.reasoning,
            Some(json!([{"type": "reasoning.text", "text": "hm"}]))
        );
    }
    let table = [
        (
            json!({"error": {"code": 404, "message": "m"}}),
            FaultClass::Unknown,
            Some(404),
        ),
        (
            json!({"choices": [{"message": {"content": "a"}, "error": {"code": 502, "message": "m"}}]}),
            FaultClass::Unknown,
            Some(502),
        ),
        (json!({"id": "g", "choices": null}), FaultClass::NoContent, None),
        (json!({"id": "g", "choices": []}), FaultClass::NoContent, None),
        (json!({"detail": "m"}), FaultClass::Unknown, Some(500)),
        (json!({"status": "ok"}), FaultClass::NotAnApi, None),
        (json!(["a"]), FaultClass::NotAnApi, None),
    ];
    for (body, class, status) in table {
        let fault = whole(&body).1.error.unwrap();
        assert_eq!((fault.class, fault.status), (class, status), "{body}");
    }
}

#[test]
fn a_message_that_repeats_the_stream_is_not_taken_twice() {
    let last = json!({"choices": [{"delta": {}, "message": {"content": "ab"}, "finish_reason": "stop"}]});
    let (signals, _) = fold(&[
        delta(json!({"content": "a"})),
        delta(json!({"content": "b"})),
        last.clone(),
    ]);
    assert_eq!(text(&signals, Channel::Content), "ab");
    assert_eq!(text(&fold(&[last]).0, Channel::Content), "ab");
}
