//! What a scripted server answers: replies as data, and builders for the common ones.

use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::Notify;

/// One step of a body. Each piece of bytes is a chunk of its own on the wire.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Bytes to send.
    Bytes(Vec<u8>),
    /// The same bytes so many times, made as they are sent.
    Repeat(Vec<u8>, usize),
    /// Nothing goes on until this is notified.
    Wait(Arc<Notify>),
    /// Nothing more comes, and the connection stays open.
    Hang,
    /// The connection is dropped in the middle of the body.
    Cut,
}

impl From<&str> for Piece {
    fn from(text: &str) -> Self {
        Self::Bytes(text.as_bytes().to_vec())
    }
}

impl From<String> for Piece {
    fn from(text: String) -> Self {
        Self::Bytes(text.into_bytes())
    }
}

impl From<Vec<u8>> for Piece {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// One answer.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<Piece>,
    /// Not even the headers are sent.
    pub silent: bool,
}

impl Reply {
    /// Any answer.
    pub fn raw(status: u16, content_type: &str, body: impl IntoIterator<Item = Piece>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self {
            status,
            headers,
            body: body.into_iter().collect(),
            silent: false,
        }
    }

    /// A JSON document.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::raw(status, "application/json", [Piece::from(body.to_string())])
    }

    /// An error's JSON body.
    pub fn error(status: u16, body: &Value) -> Self {
        Self::json(status, body)
    }

    /// A web page.
    pub fn html(status: u16, title: &str) -> Self {
        Self::raw(
            status,
            "text/html",
            [Piece::from(format!(
                "<!DOCTYPE html><html><title>{title}</title></html>"
            ))],
        )
    }

    /// A stream whose events hold the given values, with `[DONE]` at the end.
    pub fn sse(events: impl IntoIterator<Item = Value>) -> Self {
        let pieces = events
            .into_iter()
            .map(|event| Piece::from(format!("data: {event}\n\n")));
        Self::raw(
            200,
            "text/event-stream",
            pieces.chain([Piece::from("data: [DONE]\n\n")]),
        )
    }

    /// A whole streamed answer as OpenRouter gives it, `chars` characters of text an event.
    pub fn sse_content(text: &str, chars: usize) -> Self {
        let pieces = split(text, chars)
            .into_iter()
            .map(|piece| chunk(&json!({"role": "assistant", "content": piece}), None));
        let end = [
            chunk(&json!({"role": "assistant", "content": ""}), Some("stop")),
            usage_chunk(),
        ];
        Self::sse(pieces.chain(end)).processing()
    }

    /// A whole streamed tool call, `chars` characters of arguments an event.
    pub fn sse_tool_call(name: &str, arguments: &str, chars: usize) -> Self {
        let call = |fields: Value| {
            chunk(
                &json!({"role": "assistant", "content": null, "tool_calls": [fields]}),
                None,
            )
        };
        let opening =
            call(json!({"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": ""}}));
        let pieces = split(arguments, chars)
            .into_iter()
            .map(|piece| call(json!({"index": 0, "function": {"arguments": piece}})));
        let end = [
            chunk(&json!({"role": "assistant", "content": ""}), Some("tool_calls")),
            usage_chunk(),
        ];
        Self::sse([opening].into_iter().chain(pieces).chain(end)).processing()
    }

    /// A whole answer without a stream.
    pub fn json_message(content: &str) -> Self {
        Self::json(
            200,
            &completion(&json!({"role": "assistant", "content": content}), "stop"),
        )
    }

    /// A whole tool call without a stream.
    pub fn json_tool_call(name: &str, arguments: &str) -> Self {
        let call =
            json!({"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}});
        Self::json(
            200,
            &completion(
                &json!({"role": "assistant", "content": null, "tool_calls": [call]}),
                "tool_calls",
            ),
        )
    }

    /// A stream that begins and never ends.
    pub fn hang<P: Into<Piece>>(pieces: impl IntoIterator<Item = P>) -> Self {
        Self::raw(
            200,
            "text/event-stream",
            pieces.into_iter().map(Into::into).chain([Piece::Hang]),
        )
    }

    /// A stream that breaks off.
    pub fn cut<P: Into<Piece>>(pieces: impl IntoIterator<Item = P>) -> Self {
        Self::raw(
            200,
            "text/event-stream",
            pieces.into_iter().map(Into::into).chain([Piece::Cut]),
        )
    }

    /// Takes the request and never answers.
    pub fn silent() -> Self {
        Self {
            silent: true,
            ..Self::raw(200, "text/plain", [])
        }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Puts OpenRouter's comment in front.
    fn processing(mut self) -> Self {
        self.body.insert(0, Piece::from(": OPENROUTER PROCESSING\n\n"));
        self
    }
}

/// Answers with one value in whichever mode a body asks for.
#[derive(Clone, Debug)]
pub struct Auto {
    pub value: Value,
    /// Characters of text an event.
    pub chars: usize,
}

impl Auto {
    /// Answers `value`, five characters an event.
    pub fn new(value: Value) -> Self {
        Self { value, chars: 5 }
    }

    /// The answer to one body.
    pub fn reply(&self, body: &Value) -> Reply {
        let text = self.value.to_string();
        let stream = body["stream"] == json!(true);
        let named = body["tool_choice"]["function"]["name"]
            .as_str()
            .or_else(|| body["tools"][0]["function"]["name"].as_str());
        let text = match body["response_format"]["type"].as_str() {
            Some("json_schema" | "json_object") => text,
            _ => match named {
                Some(name) if stream => return Reply::sse_tool_call(name, &text, self.chars),
                Some(name) => return Reply::json_tool_call(name, &text),
                None => format!("Here it is:\n```json\n{text}\n```\n"),
            },
        };
        if stream {
            Reply::sse_content(&text, self.chars)
        } else {
            Reply::json_message(&text)
        }
    }
}

/// What a server answers in all.
#[derive(Clone, Debug)]
pub struct Script {
    /// The replies to chat completions, in order.
    pub replies: Vec<Reply>,
    /// The reply once those are used up.
    pub otherwise: Otherwise,
    /// The reply to `/models`.
    pub models: Reply,
    /// The reply to `/models/…/endpoints`.
    pub endpoints: Reply,
}

/// What comes when no scripted reply is left.
#[derive(Clone, Debug)]
pub enum Otherwise {
    /// Always the same.
    Reply(Box<Reply>),
    /// Whatever the body asks for.
    Auto(Auto),
}

impl Script {
    /// Replies in order, then an error that says so. There are no models.
    pub fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        let over = json!({"error": {"code": 418, "message": "the script is over"}});
        let none = Reply::error(404, &json!({"error": {"code": 404, "message": "not scripted"}}));
        Self {
            replies: replies.into_iter().collect(),
            otherwise: Otherwise::Reply(Box::new(Reply::error(418, &over))),
            models: none.clone(),
            endpoints: none,
        }
    }

    /// Always the value, in whichever mode is asked for.
    pub fn auto(auto: Auto) -> Self {
        Self::new([]).then_auto(auto)
    }

    /// After the replies: the value, in whichever mode is asked for.
    pub fn then_auto(self, auto: Auto) -> Self {
        Self {
            otherwise: Otherwise::Auto(auto),
            ..self
        }
    }

    /// After the replies: always this one.
    pub fn otherwise(self, reply: Reply) -> Self {
        Self {
            otherwise: Otherwise::Reply(Box::new(reply)),
            ..self
        }
    }

    /// The models of the catalogue.
    pub fn models(self, models: impl IntoIterator<Item = Value>) -> Self {
        let models: Vec<Value> = models.into_iter().collect();
        self.models_reply(Reply::json(200, &json!({"data": models})))
    }

    /// Any answer to `/models`.
    pub fn models_reply(self, models: Reply) -> Self {
        Self { models, ..self }
    }

    /// The answer to `/models/…/endpoints`.
    pub fn endpoints(self, body: &Value) -> Self {
        Self {
            endpoints: Reply::json(200, body),
            ..self
        }
    }
}

/// An entry of the catalogue, with what it supports.
pub fn model_entry(id: &str, supported: &[&str]) -> Value {
    json!({
        "id": id, "canonical_slug": format!("{id}-20260101"), "name": id, "created": 1_790_000_000, "context_length": 128_000,
        "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
        "pricing": {"prompt": "0.000001", "completion": "0.000002"},
        "top_provider": {"context_length": 128_000, "max_completion_tokens": 16_384, "is_moderated": false},
        "supported_parameters": supported
    })
}

/// A chunk of a stream.
fn chunk(delta: &Value, finish: Option<&str>) -> Value {
    json!({
        "id": "gen-1", "object": "chat.completion.chunk", "created": 1, "model": "acme/quick-20260101", "provider": "Acme",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish, "native_finish_reason": finish, "logprobs": null}]
    })
}

/// The frame after the finish, as OpenRouter documents it.
fn usage_chunk() -> Value {
    json!({
        "id": "gen-1", "object": "chat.completion.chunk", "created": 1, "model": "acme/quick-20260101", "provider": "Acme",
        "choices": [], "usage": usage()
    })
}

fn completion(message: &Value, finish: &str) -> Value {
    json!({
        "id": "gen-1", "object": "chat.completion", "created": 1, "model": "acme/quick-20260101", "provider": "Acme",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": usage()
    })
}

fn usage() -> Value {
    json!({
        "prompt_tokens": 52, "completion_tokens": 14, "total_tokens": 66, "cost": 0.25,
        "prompt_tokens_details": {"cached_tokens": 3}, "completion_tokens_details": {"reasoning_tokens": 5}
    })
}

/// A text in pieces of `size` characters.
fn split(text: &str, size: usize) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(size.max(1)).map(|piece| piece.iter().collect()).collect()
}
