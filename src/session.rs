//! The room of `session`.
