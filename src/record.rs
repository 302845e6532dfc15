//! The room of `record`.
