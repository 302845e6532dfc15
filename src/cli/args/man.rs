//! The arguments of `formwork man`.
//!
//! Owns their syntax and help.

use clap::{Args, ValueHint};
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Examples:
  formwork man | man -l -                        read it
  formwork man run | man -l -                    the page of a command
  formwork man --all ~/.local/share/man/man1     install all of them";

/// `formwork man`.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct ManArgs {
    /// The command whose page it is [default: the program's own]
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,

    /// Write the pages of the program and of every command into this folder instead
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, conflicts_with = "command")]
    pub all: Option<PathBuf>,
}
