//! The extraction logic: plan → attempt → judge → re-ask or fall back or end.
//!
//! A state machine without I/O: it is told what happened and answers with what to do next. The `worker` does it.

pub mod model;
