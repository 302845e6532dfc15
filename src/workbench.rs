//! The workbench: schema, input and output of a task in a terminal.
//!
//! Owns the screen's state and what keys mean. One direction: events come in, `update` changes the `Model` and answers with effects,
//! `view` reads. The worker, the files and the terminal are reached by `runtime` only.

pub mod action;
pub mod curl;
pub mod draw;
pub mod endpoint;
pub mod flow;
pub mod json_list;
pub mod panes;
pub mod rows;
pub mod status;
pub mod styles;
pub mod toasts;
