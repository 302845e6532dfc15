//! What to do about a fault: the error table of OpenRouter and its kin (`openrouter.md` §3.3, §3.4), as a table in code.
//!
//! Owns recognising a fault and the order of its remedies. Normalising error bodies is `provider`'s, counting what was already tried,
//! changing the request body and waiting are the run's. [`rule`] is pure; the rows stand in `account`, `routing`, `request` and
//! `load`, first match wins.

mod account;
mod fields;
mod load;
mod markers;
mod request;
mod routing;
mod seen;
#[cfg(test)]
mod tests;

use crate::event::{Fault, FaultClass};
use crate::extract::model::Dialect;
use crate::task::Mode;
use seen::Seen;
use serde_json::Value;

pub use fields::droppable;

/// The request that the fault answers.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    /// The mode it asked in.
    pub mode: Mode,
    /// Which fields the server is taken to understand.
    pub dialect: Dialect,
    /// The exact request body.
    pub body: &'a Value,
    /// The model's `supported_parameters`, if a catalogue lists them.
    pub supported: Option<&'a [String]>,
    /// Whether the model's reasoning cannot be turned off.
    pub reasoning_mandatory: bool,
}

/// One thing to try. Of a [`Ruling`]'s remedies the first that was not used up is taken; when none is left the run ends with the advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Nothing helps: tell the user.
    Stop,
    /// The same request again after `ms`, or after the backoff's own time ([`super::retry::delay`]). As the last remedy it may be
    /// repeated up to the run's retries; before another one it is used once.
    Wait {
        /// The hint in milliseconds, if one was given.
        ms: Option<u64>,
    },
    /// This endpoint cannot serve the mode: the next step of the plan.
    Mode,
    /// The same mode with a changed body; each distinct change once.
    Adjust(Adjust),
}

/// A change to the request body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Adjust {
    /// Send this value of `tool_choice` instead.
    ToolChoice(&'static str),
    /// Leave out the optional parameters that [`droppable`] names.
    DropOptional,
    /// Leave out `provider.require_parameters`.
    DropRequireParameters,
    /// Leave out this top-level field.
    DropField(String),
    /// Send a top-level field under another name.
    RenameField {
        /// Its name in the body.
        from: String,
        /// The name the server wants.
        to: String,
    },
    /// Send this `max_tokens` (or `max_completion_tokens`, whichever the body has).
    MaxTokens(u32),
    /// Send the reduced schema.
    Reduced,
    /// Turn reasoning off: `reasoning.effort` `none` for OpenRouter, `reasoning_effort` `none` elsewhere.
    NoReasoning,
    /// Leave out `reasoning` and `reasoning_effort`.
    DropReasoning,
    /// Say the word JSON in the system message.
    SayJson,
}

/// What the table says of a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// The class to store with the fault.
    pub class: FaultClass,
    /// The row that matched, as numbered in `openrouter.md` §3.3, or a word for what is settled before any answer is read
    /// (`setup`, `size`, `address`).
    pub row: &'static str,
    /// What to try, in order; never empty.
    pub remedies: Vec<Remedy>,
    /// Whether [`Remedy::Mode`], when it is taken for this fault, says something lasting of the endpoint (rows 4–6 and 13, never a
    /// schema rejection).
    pub remembers: bool,
    /// What the user can do next, as a sentence.
    pub advice: String,
}

/// A row of the table.
struct Row {
    /// Its number in `openrouter.md` §3.3.
    id: &'static str,
    /// The class of its faults.
    class: FaultClass,
    /// Whether it is the row of a fault.
    when: fn(&Seen) -> bool,
    /// What to try, in order.
    remedies: fn(&Seen) -> Vec<Remedy>,
    /// What the user can do.
    advice: fn(&Seen) -> String,
}

/// The rows whose change of mode is worth remembering.
const LASTING: [&str; 4] = ["4", "5", "6", "13"];

/// Looks a fault up in the table. The fault's status is the normalised one, so an error inside a 200 is ruled like any other.
pub fn rule(fault: &Fault, sent: &Sent) -> Ruling {
    let seen = Seen::new(fault, sent);
    let tables = [account::ROWS, routing::ROWS, request::ROWS, load::ROWS];
    let row = tables
        .into_iter()
        .flatten()
        .find(|row| (row.when)(&seen))
        .unwrap_or(&load::LAST);
    let remedies = overruled((row.remedies)(&seen), fault);
    Ruling {
        class: row.class,
        row: row.id,
        // The last resort stays one: without it a plan would have nothing to end with.
        remembers: LASTING.contains(&row.id) && remedies.contains(&Remedy::Mode) && sent.mode != Mode::Prompt,
        remedies,
        advice: (row.advice)(&seen),
    }
}

/// A fault in one sentence: the upstream's own words before OpenRouter's, which are often no more than "Provider returned error".
pub fn describe(fault: &Fault) -> String {
    let words = fault.detail.as_deref().unwrap_or(&fault.message);
    match (&fault.provider, fault.status) {
        (Some(provider), _) => format!("[{provider}] {words}"),
        (None, Some(status)) if words.is_empty() => format!("the server answered HTTP {status}"),
        (None, _) => words.to_owned(),
    }
}

/// OpenRouter's own word on whether waiting helps goes before the table's (`availability.retryable`).
fn overruled(mut remedies: Vec<Remedy>, fault: &Fault) -> Vec<Remedy> {
    match fault.retryable {
        Some(true) if remedies == [Remedy::Stop] => vec![Remedy::Wait {
            ms: fault.retry_after_ms,
        }],
        Some(false) => {
            remedies.retain(|remedy| !matches!(remedy, Remedy::Wait { .. }));
            if remedies.is_empty() {
                vec![Remedy::Stop]
            } else {
                remedies
            }
        }
        Some(true) | None => remedies,
    }
}

/// The remedies of a row that nothing mends.
fn stop(_: &Seen) -> Vec<Remedy> {
    vec![Remedy::Stop]
}

/// The remedies of a row that passes with time.
fn wait(seen: &Seen) -> Vec<Remedy> {
    vec![Remedy::Wait {
        ms: seen.fault.retry_after_ms,
    }]
}

/// The remedies of a row that says the endpoint cannot serve the mode.
fn next_mode(_: &Seen) -> Vec<Remedy> {
    vec![Remedy::Mode]
}
