//! `formwork run` from outside: what a session file holds, how it is continued, and what is never in it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

#[path = "support/binary.rs"]
mod binary;
mod support;

#[path = "run_session/interrupt.rs"]
mod interrupt;
#[path = "run_session/key.rs"]
mod key;
#[path = "run_session/recording.rs"]
mod recording;

use serde_json::{Value, json};

/// What the short task is about.
fn ivan() -> Value {
    json!({"name": "Ivan", "age": 28})
}

/// The name of each event of a session, without its header.
fn names(session: &[Value]) -> Vec<&str> {
    session[1..]
        .iter()
        .map(|event| event["event"].as_str().unwrap())
        .collect()
}
