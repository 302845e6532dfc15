//! The extraction logic: plan → attempt → judge → re-ask or fall back or end.
//!
//! A state machine without I/O: it is told what happened and answers with what to do next (`engine`). The `worker` does it.

pub mod again;
pub mod answer;
pub mod body;
pub mod curl;
pub mod endpoint;
pub mod engine;
pub mod faults;
pub mod model;
pub mod plan;
pub mod prompt;
pub mod read;
pub mod reask;
pub mod retry;
pub mod view;
