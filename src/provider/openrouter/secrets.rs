//! What a server must not be able to put into a session, on the screen or into a cache: the key and other secrets that it was sent.
//!
//! Owns finding them in everything that comes back, also where a stream cuts one in two. A server that repeats its caller's key is
//! broken or badly set up, and a session must be fit to be shown around all the same (design §9). It is no guard against a server that
//! means harm: that one has the key already.

use crate::event::{Closing, Delta, Fault};
use crate::provider::Signal;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::sync::Arc;

/// What stands in a secret's place.
const STRUCK: &str = "[secret]";

/// The shortest text that is struck out of faults: shorter ones would be struck out of ordinary words.
const SHORTEST: usize = 8;

/// The shortest that is struck out of answers, which must stay as they are otherwise: what is written where no key is needed
/// (`ollama`, `sk-no-key-required`) is shorter, and real keys are longer.
const SHORTEST_KEY: usize = 20;

/// The secrets of one server.
pub struct Secrets {
    /// Struck out of faults: the key and every custom header's value.
    sent: Vec<SecretString>,
    /// Struck out of everything: what is surely a key.
    keys: Vec<SecretString>,
}

impl Secrets {
    /// The key, and custom headers, each with whether its name says that it holds a secret.
    pub fn new<'a>(key: Option<&str>, headers: impl Iterator<Item = (&'a str, bool)>) -> Self {
        let mut secrets = Self {
            sent: key.map(SecretString::from).into_iter().collect(),
            keys: key
                .into_iter()
                .filter(|key| key.len() >= SHORTEST_KEY)
                .map(SecretString::from)
                .collect(),
        };
        for (value, is_key) in headers.filter(|(value, _)| value.len() >= SHORTEST) {
            secrets.sent.push(SecretString::from(value));
            if is_key && value.len() >= SHORTEST_KEY {
                secrets.keys.push(SecretString::from(value));
            }
        }
        secrets
    }

    /// A fault without any secret.
    pub fn fault(&self, fault: Fault) -> Fault {
        let Ok(mut value) = serde_json::to_value(&fault) else {
            return fault;
        };
        if !strike(&self.sent, &mut value) {
            return fault;
        }
        let class = fault.class;
        serde_json::from_value(value)
            .unwrap_or_else(|_| super::faults::own(class, "the server's error quoted a secret and is not shown"))
    }

    /// A whole body without a key.
    pub fn body(&self, body: Vec<u8>) -> Vec<u8> {
        let holds = |key: &SecretString| {
            let key = key.expose_secret().as_bytes();
            body.windows(key.len()).any(|window| window == key)
        };
        if !self.keys.iter().any(holds) {
            return body;
        }
        let mut text = String::from_utf8_lossy(&body).into_owned();
        strike_text(&self.keys, &mut text);
        text.into_bytes()
    }

    /// Where in `text` a key begins that may go on after it; the text's length if none does.
    fn begun(&self, text: &str) -> usize {
        let bytes = text.as_bytes();
        let begins = |key: &SecretString| {
            let key = key.expose_secret().as_bytes();
            let from = (bytes.len() + 1).saturating_sub(key.len());
            (from..bytes.len()).find(|at| bytes.get(*at..).is_some_and(|rest| key.starts_with(rest)))
        };
        self.keys.iter().filter_map(begins).min().unwrap_or(bytes.len())
    }
}

/// Takes the keys out of the signals of one attempt. What may be the beginning of one waits for what follows it.
pub struct Sieve {
    secrets: Arc<Secrets>,
    held: Vec<Delta>,
}

impl Sieve {
    /// A sieve for an attempt that has not begun.
    pub const fn new(secrets: Arc<Secrets>) -> Self {
        Self {
            secrets,
            held: Vec::new(),
        }
    }

    /// The signals without keys.
    pub fn pass(&mut self, signals: Vec<Signal>) -> Vec<Signal> {
        let mut out = Vec::with_capacity(signals.len());
        for signal in signals {
            match signal {
                Signal::Delta(delta) => out.extend(self.delta(delta).map(Signal::Delta)),
                Signal::Routed { provider, model, id } => out.push(Signal::Routed {
                    provider: self.name(provider),
                    model: self.name(model),
                    id: self.name(id),
                }),
                Signal::Closed(closing) => {
                    out.extend(self.held.drain(..).map(Signal::Delta));
                    out.push(Signal::Closed(self.closing(closing)));
                }
                other @ (Signal::Opened { .. } | Signal::Alive | Signal::Progress { .. }) => out.push(other),
            }
        }
        out
    }

    fn delta(&mut self, mut delta: Delta) -> Option<Delta> {
        if self.secrets.keys.is_empty() {
            return Some(delta);
        }
        let was_empty = delta.text.is_empty();
        if let Some(at) = self.held.iter().position(|held| is_same_stream(held, &delta)) {
            let held = self.held.swap_remove(at);
            delta.text.insert_str(0, &held.text);
        }
        strike_text(&self.secrets.keys, &mut delta.text);
        let begun = self.secrets.begun(&delta.text);
        if begun < delta.text.len() {
            let text = delta.text.split_off(begun);
            self.held.push(Delta { text, ..delta.clone() });
        }
        // A call's name comes with no text at all.
        (was_empty || !delta.text.is_empty()).then_some(delta)
    }

    fn name(&self, name: Option<String>) -> Option<String> {
        name.map(|mut name| {
            strike_text(&self.secrets.keys, &mut name);
            name
        })
    }

    fn closing(&self, mut closing: Closing) -> Closing {
        closing.finish = self.name(closing.finish);
        if let Some(reasoning) = &mut closing.reasoning {
            strike(&self.secrets.keys, reasoning);
        }
        closing.error = closing.error.map(|fault| self.secrets.fault(fault));
        closing
    }
}

/// Whether the text of one goes on in the other.
fn is_same_stream(one: &Delta, other: &Delta) -> bool {
    let index = |delta: &Delta| delta.call.as_ref().map(|call| call.index);
    one.channel == other.channel && index(one) == index(other)
}

/// Replaces every secret in a text; true if there was one.
fn strike_text(secrets: &[SecretString], text: &mut String) -> bool {
    let mut struck = false;
    for secret in secrets {
        let secret = secret.expose_secret();
        if text.len() >= secret.len() && text.contains(secret) {
            *text = text.replace(secret, STRUCK);
            struck = true;
        }
    }
    struck
}

/// Replaces every secret in the texts of a value; true if there was one.
fn strike(secrets: &[SecretString], value: &mut Value) -> bool {
    // Folded rather than asked for with `any`: every item has to be gone through.
    match value {
        Value::String(text) => strike_text(secrets, text),
        Value::Array(items) => items
            .iter_mut()
            .fold(false, |struck, item| strike(secrets, item) | struck),
        Value::Object(members) => {
            let mut struck = false;
            *members = std::mem::take(members)
                .into_iter()
                .map(|(mut name, mut member)| {
                    struck |= strike_text(secrets, &mut name) | strike(secrets, &mut member);
                    (name, member)
                })
                .collect();
            struck
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests;
