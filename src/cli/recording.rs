//! The recordings that a command reads: a file, one that comes with the program, or a stored one.
//!
//! Owns which of them a name means, in this order, and reading it. Nothing is written, and nothing asks the network.

use crate::cli::exit::CliError;
use crate::cli::front::Front;
use crate::cli::sessions;
use crate::session::reader::{Flaw, Line, Reader};
use crate::session::store::FindError;
use crate::session::{Refusal, Tape, shipped};
use std::fmt;
use std::path::PathBuf;

/// Where a recording is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recording {
    /// In a file.
    File(PathBuf),
    /// In the program, under this name.
    Shipped(&'static str),
}

/// Its file, or its name.
impl fmt::Display for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Shipped(name) => f.pad(name),
        }
    }
}

/// The recording that a name means: a path, the name of one that comes with the program, or whatever a stored session is found by.
///
/// # Errors
/// There is none, or there are several.
pub fn find(name: &str, front: &Front<'_>) -> Result<Recording, CliError> {
    if front.cwd.join(name).is_file() {
        return Ok(Recording::File(front.cwd.join(name)));
    }
    if let Some(shipped) = shipped::names().into_iter().find(|shipped| *shipped == name) {
        return Ok(Recording::Shipped(shipped));
    }
    let found = sessions::store(front)?.find(name, &front.cwd).map_err(|error| {
        let error = match error {
            FindError::None { name, mut labels } => {
                let shipped = shipped::near(&name).map(|near| format!("{near} (comes with formwork)"));
                labels.splice(0..0, shipped);
                FindError::None { name, labels }
            }
            other => other,
        };
        CliError::usage(error.to_string())
    })?;
    Ok(Recording::File(found))
}

impl Recording {
    /// Reads the whole.
    ///
    /// # Errors
    /// It cannot be read, or is something else.
    pub fn read(&self) -> Result<Tape, CliError> {
        match self {
            Self::File(path) => Tape::read(path).map_err(|error| CliError::usage(error.to_string())),
            Self::Shipped(name) => {
                let read = Reader::new(text(name).as_bytes()).map_err(|why| self.refused(&why))?;
                Tape::gather(read).map_err(|error| CliError::usage(format!("cannot read {self}: {error}")))
            }
        }
    }

    /// Hands each line to `take`, one at a time.
    ///
    /// # Errors
    /// It cannot be read, or is something else.
    pub fn each(&self, mut take: impl FnMut(Result<Line, Flaw>)) -> Result<(), CliError> {
        match self {
            Self::File(path) => Reader::open(path)
                .map_err(|error| CliError::usage(error.to_string()))?
                .for_each(&mut take),
            Self::Shipped(name) => Reader::new(text(name).as_bytes())
                .map_err(|why| self.refused(&why))?
                .for_each(&mut take),
        }
        Ok(())
    }

    fn refused(&self, why: &Refusal) -> CliError {
        CliError::usage(format!("the recording {self} cannot be read: {why:?}"))
    }
}

fn text(name: &str) -> &'static str {
    shipped::text(name).unwrap_or_default()
}
