//! The workbench: schema, input and output of a task in a terminal.
//!
//! Owns the screen's state and what keys mean. One direction: events come in, `update` changes the `Model` and answers with effects,
//! `view` reads. The worker, the files and the terminal are reached by `runtime` only.

pub mod action;
pub mod columns;
pub mod draw;
pub mod editor;
pub mod effect;
pub mod flow;
pub mod hints;
pub mod json_list;
pub mod keymap;
pub mod layout;
pub mod line_input;
pub mod model;
pub mod needle;
pub mod overlays;
pub mod panes;
pub mod replay;
pub mod rows;
pub mod runtime;
#[cfg(test)]
mod stage;
pub mod status;
pub mod styles;
pub mod supply;
pub mod text_view;
pub mod theme;
pub mod timeline;
pub mod toasts;
pub mod update;
pub mod view;
