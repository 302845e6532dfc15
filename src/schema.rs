//! The room of `schema`.
