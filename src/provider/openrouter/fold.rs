//! A chat completion added up: chunks in, signals out, and at the end how it closed.
//!
//! Owns what chunks mean (`openrouter.md` §2): order of the checks, finish reasons, the three places of usage, errors inside a 200.
//! Knows no bytes and no HTTP; framing is `sse`'s, telling a stream from a whole answer is `intake`'s.

use super::calls::Calls;
use super::faults;
use super::reasoning::Reasoning;
use super::wire::{Chunk, Message, is_error};
use crate::event::{Closing, Delta, Fault, FaultClass};
use crate::provider::Signal;
use crate::verdict::{Channel, Usage};
use serde_json::Value;
use std::time::SystemTime;

/// One answer so far.
#[derive(Debug)]
pub struct Fold {
    /// Read only when an error names a point in time.
    clock: fn() -> SystemTime,
    calls: Calls,
    reasoning: Reasoning,
    usage: Option<Usage>,
    finish: Option<String>,
    /// Upstream provider, model served and generation's id, as far as known.
    route: [Option<String>; 3],
    /// A choice was seen, even an empty one.
    answered: bool,
    /// A delta was handed out, so that a `message` in the same stream only repeats it.
    streamed: bool,
    /// The server said that no more will come.
    done: bool,
    fault: Option<Fault>,
}

impl Fold {
    /// An answer of which nothing has come but, maybe, the generation's id.
    pub fn new(clock: fn() -> SystemTime, id: Option<String>) -> Self {
        Self {
            clock,
            calls: Calls::default(),
            reasoning: Reasoning::default(),
            usage: None,
            finish: None,
            route: [None, None, id],
            answered: false,
            streamed: false,
            done: false,
            fault: None,
        }
    }

    /// Whether nothing more is expected: the server said so, or an error came.
    pub fn is_over(&self) -> bool {
        self.done || self.fault.is_some()
    }

    /// Whether a finish reason was seen: what breaks off after it took nothing of the answer along.
    pub fn has_finished(&self) -> bool {
        self.finish.is_some()
    }

    /// Takes the data of one event.
    pub fn event(&mut self, data: &str, out: &mut Vec<Signal>) {
        let before = out.len();
        let data = data.trim();
        if data == "[DONE]" {
            self.done = true;
        } else if !data.is_empty() && !self.chunk(data, out) {
            // Some gateways forget the blank line between two events, which joins their data by LF (§2.1).
            let apart = data.contains('\n')
                && data
                    .lines()
                    .all(|line| line.trim() == "[DONE]" || self.chunk(line, out));
            if apart {
                self.done |= data.ends_with("[DONE]");
            } else if !self.is_over() {
                let message = format!(
                    "the server sent an event that is no chat completion: {}",
                    faults::excerpt(data)
                );
                self.fault = Some(faults::own(FaultClass::NoContent, message));
            }
        }
        if out.len() == before {
            out.push(Signal::Alive);
        }
    }

    /// Takes a whole answer, which came without a stream.
    pub fn whole(&mut self, body: &[u8], out: &mut Vec<Signal>) {
        self.done = true;
        let text = String::from_utf8_lossy(body);
        if self.chunk(&text, out) && (self.answered || self.fault.is_some()) {
            return;
        }
        let Ok(root) = serde_json::from_str::<Value>(&text) else {
            let message = format!(
                "the server answered something that is no JSON: {}",
                faults::excerpt(&text)
            );
            self.fault = Some(faults::own(FaultClass::NotAnApi, message));
            return;
        };
        // Shape E6: the completion nested under `provider`.
        if let Some(inner) = root.get("provider").filter(|inner| inner.get("choices").is_some()) {
            self.chunk(&inner.to_string(), out);
        } else if ["message", "detail"]
            .iter()
            .any(|key| root.get(*key).is_some_and(|value| !value.is_null()))
        {
            self.fault = Some(faults::from_root(&root, (self.clock)()));
        } else if ["choices", "usage", "id"].iter().all(|key| root.get(*key).is_none()) {
            let message = format!(
                "the server answered JSON that is no chat completion; is the base URL right? {}",
                faults::excerpt(&text)
            );
            self.fault = Some(faults::own(FaultClass::NotAnApi, message));
        }
    }

    /// Ends the answer, whether the server said so or the bytes just stopped.
    pub fn close(mut self, out: &mut Vec<Signal>) -> Closing {
        let cut = matches!(self.finish.as_deref(), Some("length" | "error"));
        if self.fault.is_none() && !cut && (self.done || self.finish.is_some()) {
            let mut deltas = Vec::new();
            self.calls.finish(&mut deltas);
            out.extend(deltas.into_iter().map(Signal::Delta));
        }
        let error = self.fault.take().or_else(|| self.missing());
        Closing {
            finish: self.finish,
            usage: self.usage,
            reasoning: self.reasoning.into_details(),
            error,
        }
    }

    /// What an answer without an error lacks to be one.
    fn missing(&self) -> Option<Fault> {
        if self.finish.as_deref() == Some("error") {
            let message = "the provider ended the answer with an error and named no reason";
            return Some(Fault {
                status: Some(500),
                message: message.into(),
                ..Fault::default()
            });
        }
        if self.finish.is_none() && !self.done {
            return Some(faults::own(
                FaultClass::NoContent,
                "the stream ended without a finish reason",
            ));
        }
        (!self.answered).then(|| faults::own(FaultClass::NoContent, "the server's answer holds no choice"))
    }

    /// Takes one chunk; false if the text is none.
    fn chunk(&mut self, text: &str, out: &mut Vec<Signal>) -> bool {
        let Ok(chunk) = serde_json::from_str::<Chunk<'_>>(text) else {
            return false;
        };
        self.note_route(&chunk, out);
        chunk.usage.0.merge_into(&mut self.usage);
        let mut error = is_error(&chunk.error).then(|| faults::from_error(&chunk.error, (self.clock)()));
        for choice in chunk.choices.iter().flat_map(|choices| &choices.0) {
            // Only one answer is asked for; further ones would be mixed into it.
            if choice.index.count().unwrap_or(0) != 0 {
                continue;
            }
            self.answered = true;
            self.message(&choice.delta.0, false, out);
            if !self.streamed {
                self.message(&choice.message.0, true, out);
            }
            if !choice.finish_reason.get().is_empty() {
                self.finish = Some(normal(choice.finish_reason.get()));
            }
            if is_error(&choice.error) {
                error = error.or_else(|| Some(faults::from_error(&choice.error, (self.clock)())));
            }
        }
        if chunk.object.get() == "error" {
            error = error.or_else(|| {
                serde_json::from_str(text)
                    .ok()
                    .map(|root: Value| faults::from_root(&root, (self.clock)()))
            });
        }
        self.fault = self.fault.take().or(error);
        true
    }

    /// Hands out the pieces of one message.
    fn message(&mut self, message: &Message<'_>, whole: bool, out: &mut Vec<Signal>) {
        let before = out.len();
        let thought = if whole {
            self.reasoning.whole(message)
        } else {
            self.reasoning.piece(message)
        };
        let texts = [
            (Channel::Reasoning, thought.as_ref()),
            (Channel::Content, message.content.get()),
            (Channel::Refusal, message.refusal.get()),
        ];
        for (channel, text) in texts {
            if !text.is_empty() {
                out.push(Signal::Delta(Delta {
                    channel,
                    call: None,
                    text: text.to_owned(),
                }));
            }
        }
        if !message.tool_calls.0.is_empty() {
            let mut deltas = Vec::new();
            for piece in &message.tool_calls.0 {
                self.calls.push(piece, &mut deltas);
            }
            out.extend(deltas.into_iter().map(Signal::Delta));
        }
        self.streamed |= !whole && out.len() > before;
    }

    /// Reports who serves the answer, each of the three once, when first named.
    fn note_route(&mut self, chunk: &Chunk<'_>, out: &mut Vec<Signal>) {
        let named = [&chunk.provider, &chunk.model, &chunk.id];
        if named
            .iter()
            .zip(&self.route)
            .all(|(name, known)| known.is_some() || name.get().is_empty())
        {
            return;
        }
        let mut news = [None, None, None];
        for ((name, known), new) in named.iter().zip(&mut self.route).zip(&mut news) {
            if known.is_none() && !name.get().is_empty() {
                *known = Some(name.get().to_owned());
                new.clone_from(known);
            }
        }
        let [provider, model, id] = news;
        out.push(Signal::Routed { provider, model, id });
    }
}

/// A finish reason in OpenRouter's words (§2.3), where another server's word clearly means the same.
fn normal(reason: &str) -> String {
    let lower = reason.to_ascii_lowercase();
    match lower.as_str() {
        "max_tokens" | "max_output_tokens" => "length".into(),
        "function_call" | "tool_use" => "tool_calls".into(),
        "end_turn" | "stop_sequence" | "eos" | "eos_token" => "stop".into(),
        _ => lower,
    }
}

#[cfg(test)]
mod tests;
