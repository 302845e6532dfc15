//! Scores the stream decoder and the provider against gathered cases, which are not part of the project: `FORMWORK_CORPORA` names
//! the folder that holds `sse.jsonl` and `openai-recorded-streams.jsonl`. Without it, the tests say so and pass.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod support;

use formwork::event::{Closing, Delta};
use formwork::extract::model::Dialect;
use formwork::provider::openrouter::{OpenRouter, Settings};
use formwork::provider::sse::{Decoder, Frame};
use formwork::provider::{Provider, Signal};
use formwork::verdict::Channel;
use futures_util::StreamExt;
use serde_json::{Value, json};
use std::io::Write;
use support::{Piece, Reply, Script, Server};

/// Prints a line, which the harness shows with `--nocapture`.
fn say(line: &str) {
    let mut stderr = std::io::stderr().lock();
    stderr.write_all(format!("{line}\n").as_bytes()).unwrap();
}

/// The cases of one file, or none when there is no folder.
fn cases(file: &str) -> Vec<Value> {
    let Some(folder) = std::env::var_os("FORMWORK_CORPORA") else {
        say("skipped: FORMWORK_CORPORA is not set");
        return Vec::new();
    };
    let text = std::fs::read_to_string(std::path::Path::new(&folder).join(file)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// RFC 4648 base 64, enough for the corpus.
fn base64(text: &str) -> Vec<u8> {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for c in text.bytes().filter(|c| *c != b'=') {
        let six = alphabet.iter().position(|letter| *letter == c).unwrap();
        bits = bits << 6 | u32::try_from(six).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xFF).unwrap());
        }
    }
    bytes
}

fn decode<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Vec<Frame> {
    let (mut decoder, mut out) = (Decoder::new(), Vec::new());
    for piece in pieces {
        decoder.push(piece, &mut out).unwrap();
    }
    out.retain(|frame| *frame != Frame::Comment);
    out
}

/// Whether a frame is the expected event; its id is compared where the case names one.
fn is_event(frame: &Frame, expected: &Value) -> bool {
    let Frame::Event { event, data, id } = frame else {
        return false;
    };
    expected["data"] == json!(data)
        && expected["event"].as_str().unwrap_or_default() == event
        && expected["id"].as_str().is_none_or(|wanted| wanted == id)
}

#[test]
fn events_are_decoded_in_every_chunking() {
    let cases = cases("sse.jsonl");
    let mut failed = Vec::new();
    for case in &cases {
        let recorded: Option<Vec<Vec<u8>>> = case["chunks_b64"]
            .as_array()
            .map(|chunks| chunks.iter().map(|chunk| base64(chunk.as_str().unwrap())).collect());
        let input = match (case["input"].as_str(), case["input_b64"].as_str()) {
            (Some(text), _) => text.as_bytes().to_vec(),
            (None, Some(text)) => base64(text),
            (None, None) => panic!("a case has no input"),
        };
        let mut results = vec![
            decode([input.as_slice()].into_iter()),
            decode(input.chunks(1)),
            decode(input.chunks(7)),
        ];
        results.extend(recorded.map(|chunks| decode(chunks.iter().map(Vec::as_slice))));
        let expected = case["expected"].as_array().unwrap();
        let fits = |frames: &Vec<Frame>| {
            frames.len() == expected.len()
                && frames
                    .iter()
                    .zip(expected)
                    .all(|(frame, expected)| is_event(frame, expected))
        };
        if !results.iter().all(fits) {
            failed.push(&case["name"]);
        }
    }
    say(&format!("sse: {} of {}", cases.len() - failed.len(), cases.len()));
    assert!(failed.is_empty(), "{failed:?}");
}

/// Adds an answer up in the corpus's words.
fn fold(signals: &[Signal]) -> (Value, Closing) {
    let (mut content, mut refusal) = (String::new(), String::new());
    let mut calls: Vec<[String; 3]> = Vec::new();
    for signal in signals {
        let Signal::Delta(Delta { channel, call, text }) = signal else {
            continue;
        };
        match channel {
            Channel::Content => content.push_str(text),
            Channel::Refusal => refusal.push_str(text),
            Channel::Reasoning => panic!("no case has reasoning"),
            Channel::Call => {
                let call = call.as_ref().unwrap();
                let at = call.index as usize;
                calls.resize(calls.len().max(at + 1), Default::default());
                calls[at][0].clone_from(&call.id);
                calls[at][1].clone_from(&call.name);
                calls[at][2].push_str(text);
            }
        }
    }
    let calls: Vec<Value> = calls
        .iter()
        .map(|[id, name, text]| json!({"id": id, "name": name, "arguments": text}))
        .collect();
    let text = |text: String| if text.is_empty() { Value::Null } else { json!(text) };
    let Some(Signal::Closed(closing)) = signals.last() else {
        panic!("the last signal closes")
    };
    let folded = json!({
        "index": 0, "content": text(content), "refusal": text(refusal), "tool_calls": calls, "finish_reason": closing.finish,
    });
    (folded, closing.clone())
}

#[tokio::test]
async fn recorded_streams_are_folded_in_every_chunking() {
    let cases = cases("openai-recorded-streams.jsonl");
    let sizes = [usize::MAX, 7, 1];
    let replies = cases.iter().flat_map(|case| {
        sizes.map(|size| {
            let bytes = case["input"].as_str().unwrap().as_bytes();
            let pieces = bytes
                .chunks(size.min(bytes.len()))
                .map(|piece| Piece::from(piece.to_vec()));
            Reply::raw(200, "text/event-stream", pieces)
        })
    });
    let server = Server::start(Script::new(replies));
    let provider = OpenRouter::new(Settings::new("test", Dialect::OpenAi, server.base_url())).unwrap();
    let mut right = 0;
    for case in &cases {
        let expected = &case["expected"];
        for _ in sizes {
            let signals: Vec<Signal> = provider.attempt(json!({})).collect().await;
            // Only the first choice is ever asked for; further ones of a recording must not leak into it.
            let (folded, closing) = fold(&signals);
            assert_eq!(folded, expected["choices"][0], "{}", case["name"]);
            let usage = closing.usage.unwrap();
            assert_eq!(
                (json!(usage.prompt), json!(usage.completion)),
                (
                    expected["usage"]["prompt_tokens"].clone(),
                    expected["usage"]["completion_tokens"].clone()
                )
            );
            assert_eq!(closing.error, None);
        }
        right += 1;
    }
    say(&format!("recorded streams: {right} of {}", cases.len()));
}
