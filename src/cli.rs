//! The command line.

pub mod args;
pub mod completions;
pub mod exit;
pub mod input;
pub mod live;
