//! The room of `provider`.
