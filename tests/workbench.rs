//! The real binary on a real pseudo-terminal against the scripted server: what the workbench shows and does, key by key.
//!
//! Every test starts the program afresh in folders of its own. When it ends, the key must be nowhere, and nothing raw of what others
//! wrote on the terminal.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

#[path = "support/binary.rs"]
mod binary;
#[path = "support/pty.rs"]
mod pty;
mod support;
#[cfg(feature = "local")]
#[path = "support/weights.rs"]
mod weights;

#[path = "workbench/cases.rs"]
mod cases;
#[path = "workbench/desk.rs"]
mod desk;
#[path = "workbench/embedded.rs"]
mod embedded;
#[path = "workbench/hostile.rs"]
mod hostile;
#[path = "workbench/keys.rs"]
mod keys;
#[path = "workbench/leaving.rs"]
mod leaving;
#[path = "workbench/looks.rs"]
mod looks;
#[path = "workbench/replay.rs"]
mod replay;
#[path = "workbench/runs.rs"]
mod runs;
#[path = "workbench/screens.rs"]
mod screens;
#[path = "workbench/sessions.rs"]
mod sessions;
#[path = "workbench/typing.rs"]
mod typing;
