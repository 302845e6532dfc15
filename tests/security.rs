//! Attacks: text that would steer a terminal, inputs that would take all memory or time, files and connections that would give the key
//! away. What is promised is in `SECURITY.md`, which names these tests; the workbench's screen has its own in `workbench/hostile.rs`.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

#[path = "support/binary.rs"]
mod binary;
#[path = "support/inside.rs"]
mod inside;
#[path = "support/pty.rs"]
mod pty;
mod support;

#[path = "security/bombs.rs"]
mod bombs;
#[path = "security/hostile.rs"]
mod hostile;
#[path = "security/private.rs"]
mod private;
