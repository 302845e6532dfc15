//! The reader of a session, event by event.
//!
//! Owns tolerance: a torn last line is dropped, a broken one skipped, an event of a later program read as unknown, and each is said. A
//! file that is something else is refused. The whole in memory is `tape`'s, what the events add up to `record`'s.

mod quick;

use super::lines::{Lines, MAX_LINE, RawLine, Refusal};
use super::scan::is_event;
use crate::event::{Header, Stamped};
use crate::text::one_line;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use thiserror::Error;

pub(super) use quick::Hand;

/// Bytes that are fetched from the disk at a time.
const CHUNK: usize = 64 << 10;

/// The most columns of a line's fault: it may quote the line.
const MAX_WHY: usize = 200;

/// Why a session cannot be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The file cannot be opened or read.
    #[error("cannot read the session {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file is something else.
    #[error("{} is no session: it {why}", path.display())]
    NotASession {
        /// The file.
        path: PathBuf,
        /// The end of a sentence.
        why: &'static str,
    },
    /// A later program wrote the file.
    #[error("{} has format {version}, which this formwork does not know: use a newer one", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        version: u32,
    },
}

impl ReadError {
    pub(super) fn new(path: &Path, why: Refusal) -> Self {
        let path = path.to_owned();
        match why {
            Refusal::Io(source) => Self::Io { path, source },
            Refusal::NotASession(why) => Self::NotASession { path, why },
            Refusal::Newer(version) => Self::Newer { path, version },
        }
    }
}

/// An event and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The line's number; the header's is 1.
    pub number: u64,
    /// Where it begins, in bytes.
    pub offset: u64,
    /// The event and its stamp.
    pub stamped: Stamped,
}

/// Why there is no event where one was to be.
#[derive(Debug, Error)]
pub enum Flaw {
    /// A line within the file is no event, or too long; the next one can be read.
    #[error("line {line} was skipped: {why}")]
    Broken {
        /// Its number.
        line: u64,
        /// What is wrong with it; it may quote the line and is sanitised.
        why: String,
    },
    /// The last line was not written to its end; nothing follows.
    #[error("the torn last line, {line}, was dropped")]
    Torn {
        /// Its number.
        line: u64,
    },
    /// The rest cannot be read; nothing follows.
    #[error("the rest cannot be read: {0}")]
    Unreadable(io::Error),
}

/// Reads a session event by event. It holds one line at a time.
#[derive(Debug)]
pub struct Reader<R> {
    header: Header,
    lines: Lines<R>,
    over: bool,
}

impl Reader<BufReader<File>> {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let refused = |why| ReadError::new(path, why);
        let found = path.metadata().map_err(|error| refused(error.into()))?;
        // A pipe would be waited for.
        if !found.is_file() {
            return Err(refused(Refusal::NotASession("is no regular file")));
        }
        let file = File::open(path).map_err(|error| refused(error.into()))?;
        Self::new(BufReader::with_capacity(CHUNK, file)).map_err(refused)
    }
}

impl<R: BufRead> Reader<R> {
    /// Reads the header from any source.
    ///
    /// # Errors
    /// See [`Refusal`].
    pub fn new(source: R) -> Result<Self, Refusal> {
        Self::limited(source, MAX_LINE)
    }

    /// As [`Reader::new`], for lines of at most `limit` bytes.
    fn limited(source: R, limit: u64) -> Result<Self, Refusal> {
        let (header, lines) = Lines::open(source, limit)?;
        Ok(Self {
            header,
            lines,
            over: false,
        })
    }

    /// Makes something of the next line that is not blank; `None` when nothing follows.
    pub(super) fn take_line<T>(
        &mut self,
        make: impl FnOnce(RawLine<'_>) -> Result<T, Flaw>,
    ) -> Option<Result<T, Flaw>> {
        while !self.over {
            let line = match self.lines.next() {
                Ok(Some(line)) => line,
                Ok(None) => break,
                Err(error) => {
                    self.over = true;
                    return Some(Err(Flaw::Unreadable(error)));
                }
            };
            if line
                .bytes
                .is_some_and(|bytes| line.is_ended() && bytes.trim_ascii().is_empty())
            {
                continue;
            }
            return Some(make(line));
        }
        self.over = true;
        None
    }

    /// The file's first line.
    pub const fn header(&self) -> &Header {
        &self.header
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Line, Flaw>;

    fn next(&mut self) -> Option<Self::Item> {
        self.take_line(event)
    }
}

/// The event of a line.
pub(super) fn event(line: RawLine<'_>) -> Result<Line, Flaw> {
    let broken = |why| Flaw::Broken { line: line.number, why };
    let Some(bytes) = line.bytes else {
        return Err(broken("it is longer than a session's line may be".to_owned()));
    };
    match serde_json::from_slice(bytes.trim_ascii_end()) {
        Ok(stamped) => Ok(Line {
            number: line.number,
            offset: line.offset,
            stamped,
        }),
        // The writer ends every line, and a part of an event is none.
        Err(_) if !line.is_ended() && !is_event(bytes) => Err(Flaw::Torn { line: line.number }),
        Err(error) => Err(broken(why(&error))),
    }
}

/// What is wrong with a line. The parser counts lines of its own, of which there is but one.
fn why(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_suffix(&place) {
        Some(text) => format!("{} (column {})", one_line(text, MAX_WHY), error.column()),
        None => one_line(&text, MAX_WHY).into_owned(),
    }
}

#[cfg(test)]
mod tests;
