//! `formwork run` from outside when something is wrong: the server, the network, the budget, the input or the settings.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

#[path = "support/binary.rs"]
mod binary;
mod support;

#[path = "run_faults/budgets.rs"]
mod budgets;
#[path = "run_faults/input.rs"]
mod input;
#[path = "run_faults/network.rs"]
mod network;
#[path = "run_faults/refusals.rs"]
mod refusals;
#[path = "run_faults/retries.rs"]
mod retries;

use serde_json::{Value, json};

/// What the short task is about.
fn ivan() -> Value {
    json!({"name": "Ivan", "age": 28})
}
