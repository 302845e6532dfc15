//! The room of `extract`.
