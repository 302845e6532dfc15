//! The user's own editor.
//!
//! Owns which program that is, the file it gets and what became of it. Giving it the terminal belongs to `Term`.

use super::job;
use crate::config::Env;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempPath;
use thiserror::Error;

/// What the user did in the editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edited {
    /// The new text.
    Changed(String),
    /// The text is as it was.
    Unchanged,
}

/// Why there is no new text. The old one stands.
#[derive(Debug, Error)]
pub enum EditError {
    /// The variable does not hold a command.
    #[error("{variable} is not a command line ({reason}); set it to one, for example `vim` or `code --wait`")]
    Command {
        /// `VISUAL` or `EDITOR`.
        variable: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The temporary file cannot be written or read.
    #[error("the editor's file {path} failed: {source}; the text is unchanged")]
    File {
        /// The file, or the folder it should have been in.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// The editor cannot be started.
    #[error("the editor `{program}` cannot be started: {source}; set VISUAL or EDITOR to one that can")]
    Start {
        /// Its name.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// The editor said it failed, or the user made it say so (`:cq` in vim).
    #[error("the editor `{program}` ended with {status}; the text is unchanged")]
    Failed {
        /// Its name.
        program: String,
        /// How it ended.
        status: String,
    },
    /// The editor left something that is not UTF-8.
    #[error("what the editor saved is not UTF-8; the text is unchanged and the file is kept as {path}")]
    NotText {
        /// The file.
        path: String,
    },
    /// The terminal cannot be given away or taken back.
    #[error("the terminal failed: {0}")]
    Terminal(#[from] io::Error),
}

/// An editor's command line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Editor {
    program: String,
    arguments: Vec<String>,
}

impl Editor {
    /// `VISUAL`, else `EDITOR`, else `vi`; split into words as a shell does. Blank variables count as unset.
    pub(super) fn find(env: &Env) -> Result<Self, EditError> {
        for variable in ["VISUAL", "EDITOR"] {
            let Some(line) = env.get(variable) else { continue };
            let words = shell_words::split(line).map_err(|error| EditError::Command {
                variable,
                reason: error.to_string(),
            })?;
            let mut words = words.into_iter();
            if let Some(program) = words.next() {
                let arguments = words.collect();
                return Ok(Self { program, arguments });
            }
        }
        Ok(Self {
            program: "vi".to_owned(),
            arguments: Vec::new(),
        })
    }

    /// Runs the editor on a file, on the terminal, until it ends.
    pub(super) fn run(&self, file: &Path) -> Result<(), EditError> {
        let program = || self.program.clone();
        let child = Command::new(&self.program).args(&self.arguments).arg(file).spawn();
        #[cfg_attr(unix, expect(unused_mut, reason = "elsewhere waiting needs it"))]
        let mut child = child.map_err(|source| EditError::Start {
            program: program(),
            source,
        })?;
        #[cfg(unix)]
        let status = job::wait(&child)?;
        #[cfg(not(unix))]
        let status = job::wait(&mut child)?;
        if status.success() {
            return Ok(());
        }
        Err(EditError::Failed {
            program: program(),
            status: status.to_string(),
        })
    }
}

/// The text in a temporary file that only the user may read; removed when dropped.
#[derive(Debug)]
pub(super) struct Draft {
    path: TempPath,
}

impl Draft {
    /// Writes the text into a new file whose name ends with `suffix`, by which editors know the language.
    pub(super) fn new(text: &str, suffix: &str, env: &Env) -> Result<Self, EditError> {
        let folder = env.path("TMPDIR").unwrap_or_else(std::env::temp_dir);
        let draft = tempfile::Builder::new()
            .prefix("formwork-")
            .suffix(suffix)
            .tempfile_in(&folder)
            .and_then(|mut file| file.write_all(text.as_bytes()).map(|()| file.into_temp_path()));
        match draft {
            Ok(path) => Ok(Self { path }),
            Err(source) => Err(file_error(&folder, source)),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What is in the file now, compared with what it was. Read anew by its name: many editors write another file in its place.
    pub(super) fn read(self, before: &str) -> Result<Edited, EditError> {
        let bytes = fs::read(&self.path).map_err(|source| file_error(&self.path, source))?;
        let Ok(mut text) = String::from_utf8(bytes) else {
            let kept: PathBuf = self.path.keep().unwrap_or_else(|error| error.path.to_path_buf());
            return Err(EditError::NotText {
                path: kept.display().to_string(),
            });
        };
        // Editors end the last line; a text that did not end so was not meant to.
        if !before.ends_with('\n') && text.ends_with('\n') {
            text.truncate(text.len() - 1);
        }
        Ok(if text == before {
            Edited::Unchanged
        } else {
            Edited::Changed(text)
        })
    }
}

fn file_error(path: &Path, source: io::Error) -> EditError {
    EditError::File {
        path: path.display().to_string(),
        source,
    }
}

#[cfg(test)]
mod tests;
