//! What can be wrong with the settings, each as one sentence that says where and what to do.
//!
//! Owns the type only. No variant ever carries a key, a header's value or what a key command printed.

use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// An error in the settings. Only [`ConfigError::Key`] is the provider's affair (exit code 3); the others are usage errors.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// A line of a file is wrong.
    #[error("{file}:{line}: {message}")]
    At {
        /// The file as the user knows it.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        message: String,
    },
    /// A `FORMWORK_*` variable has a value of the wrong kind.
    #[error("{name}: {message}")]
    Variable {
        /// The variable.
        name: String,
        /// What is wrong with it.
        message: String,
    },
    /// A file is there and cannot be read.
    #[error("cannot read the settings in {}: {source}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// There is no folder to keep anything in.
    #[error("neither FORMWORK_HOME nor HOME is set: set one of them to a folder")]
    NoHome,
    /// The layers, each right by itself, do not make one whole.
    #[error("the settings do not fit together: {0}")]
    Merge(String),
    /// There is no such provider, or it cannot be used as it is set up.
    #[error("{0}")]
    Provider(String),
    /// The chosen provider's key is missing or cannot be had.
    #[error("{0}")]
    Key(String),
}
