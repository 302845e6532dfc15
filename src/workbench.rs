//! The workbench: schema, input and output of a task in a terminal.
//!
//! Owns the screen's state and what keys mean. One direction: events come in, `update` changes the `Model` and answers with effects,
//! `view` reads. The worker, the files and the terminal are reached by `runtime` only.

pub mod action;
pub mod draw;
pub mod panes;
pub mod styles;
