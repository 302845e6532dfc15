//! The room of `cli`.
