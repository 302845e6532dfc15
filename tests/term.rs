//! The terminal's manners, on a real pseudo-terminal.
//!
//! The test binary starts itself again there as a small program that takes the terminal, shows what comes in and obeys a few keys.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

#[path = "term/child.rs"]
mod child;
#[path = "term/manners.rs"]
mod manners;
#[path = "support/pty.rs"]
mod pty;
