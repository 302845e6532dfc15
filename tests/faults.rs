//! The fault matrix: every misbehaviour of a server × every mode × `formwork run` and the workbench.
//!
//! A misbehaviour is a row of `table.rs`: what the server answers, and for each mode how the run ends, after how many requests, and by
//! which events. `headless.rs` plays it to the real binary, `workbench.rs` to the worker, `update` and `view` in this process,
//! `terminal.rs` to the real workbench on a pseudo-terminal, each row in one mode. All also see that the session on the disk reads back
//! to the same record as was lived, and that the key is nowhere.
//!
//! To add a row: write it in `table.rs` (or `table/answers.rs` for what comes with status 200) with `&[]` as what is expected, run
//! `cargo test --test faults`, which prints what happened in the form of the table, and judge whether that is right before it is put
//! there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

#[path = "support/binary.rs"]
mod binary;
#[path = "support/inside.rs"]
mod inside;
#[cfg(unix)]
#[path = "support/pty.rs"]
mod pty;
mod support;

#[path = "faults/headless.rs"]
mod headless;
#[path = "faults/table.rs"]
mod table;
#[cfg(unix)]
#[path = "faults/terminal.rs"]
mod terminal;
#[path = "faults/told.rs"]
mod told;
#[path = "faults/workbench.rs"]
mod workbench;
