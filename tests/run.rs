//! `formwork run` from outside: the guide's examples in every mode, repairs, re-asks, fallback and streaming.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

#[path = "support/binary.rs"]
mod binary;
mod support;

#[path = "run/examples.rs"]
mod examples;
#[path = "run/fallback.rs"]
mod fallback;
#[path = "run/sloppy.rs"]
mod sloppy;
#[path = "run/stream.rs"]
mod stream;
