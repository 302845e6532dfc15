//! The process as a command sees it: arguments' surroundings, and the three streams with what is known of each.
//!
//! Owns nothing but the handles, so that a command can be run in a test with its own.

use crate::config::Env;
use std::io::{Read, Write};
use std::path::PathBuf;

/// What surrounds a command.
pub struct Front<'a> {
    /// The environment's variables.
    pub env: &'a Env,
    /// The folder that relative paths start at.
    pub cwd: PathBuf,
    /// Standard input.
    pub stdin: &'a mut dyn Read,
    /// Whether it is a terminal.
    pub stdin_is_terminal: bool,
    /// Standard output: data.
    pub stdout: &'a mut dyn Write,
    /// Whether it is a terminal.
    pub stdout_is_terminal: bool,
    /// The columns of the terminal behind standard output; `None` when it is none.
    pub stdout_columns: Option<usize>,
    /// Standard error: narration.
    pub stderr: &'a mut dyn Write,
    /// The columns of the terminal behind standard error; `None` when it is none.
    pub columns: Option<usize>,
}
