//! Exit codes, and the error that ends a command.
//!
//! Owns the numbers of design §7 and nothing else; what leads to which is decided where it happens.

use crate::config::ConfigError;
use std::io;
use std::process::ExitCode;
use thiserror::Error;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// The value is valid, or the command did what it was asked.
    Valid = 0,
    /// Not valid, or refused, after all attempts.
    NotValid = 1,
    /// The command line, the settings, the input or the schema are wrong.
    Usage = 2,
    /// The provider or the network failed, or the provider's key is missing.
    Provider = 3,
    /// A budget stopped the run.
    Budget = 4,
    /// The user stopped the run.
    Cancelled = 130,
}

impl Exit {
    /// The number that the shell sees.
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a command ended early: a code and a sentence for stderr. The sentence is not yet sanitised.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct CliError {
    /// The exit code.
    pub code: Exit,
    /// What failed, on what, and what to do next; empty when there is nothing to say (the reader of a pipe left).
    pub message: String,
}

impl CliError {
    /// An error with a code and a sentence.
    pub fn new(code: Exit, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// The command line, the settings, the input or the schema are wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        let code = match error {
            ConfigError::Key(_) => Exit::Provider,
            ConfigError::At { .. }
            | ConfigError::Variable { .. }
            | ConfigError::Read { .. }
            | ConfigError::NoHome
            | ConfigError::Merge(_)
            | ConfigError::Provider(_) => Exit::Usage,
        };
        Self::new(code, error.to_string())
    }
}

/// An error of writing to stdout or stderr. A reader that left (`| head`) is no failure: the program ends quietly with 0.
impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::new(Exit::Valid, "");
        }
        Self::usage(format!("cannot write the output: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::{CliError, Exit};
    use std::io;

    #[test]
    fn the_numbers_of_the_design() {
        let codes = [
            Exit::Valid,
            Exit::NotValid,
            Exit::Usage,
            Exit::Provider,
            Exit::Budget,
            Exit::Cancelled,
        ];
        assert_eq!(codes.map(Exit::code), [0, 1, 2, 3, 4, 130]);
    }

    #[test]
    fn a_reader_that_left_is_no_failure() {
        let left = CliError::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(left, CliError::new(Exit::Valid, ""));
        assert_eq!(
            CliError::from(io::Error::from(io::ErrorKind::StorageFull)).code,
            Exit::Usage
        );
    }
}
