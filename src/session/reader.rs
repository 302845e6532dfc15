//! The reader of a session: event by event, or the whole.
//!
//! Owns tolerance: a torn last line is dropped, a broken one skipped, an event of a later program read as unknown, and each is said. A
//! file that is something else is refused. What the events add up to is `record`'s.

use super::lines::{Lines, MAX_LINE, RawLine, Refusal};
use super::scan::is_event;
use crate::event::{Header, RunEvent, RunId, Stamped};
use crate::text::one_line;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Bytes that are fetched from the disk at a time.
const CHUNK: usize = 64 << 10;

/// The most warnings of lines that are kept one by one.
const WARNINGS: u64 = 20;

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

    /// The file's first line.
    pub const fn header(&self) -> &Header {
        &self.header
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Line, Flaw>;

    fn next(&mut self) -> Option<Self::Item> {
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
            return Some(event(line));
        }
        self.over = true;
        None
    }
}

/// The event of a line.
fn event(line: RawLine<'_>) -> Result<Line, Flaw> {
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

/// Where an event of a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where its line begins in the file, in bytes.
    pub offset: u64,
    /// The time it is reached at in milliseconds: its stamp, or an earlier event's if that is larger. It never falls.
    pub at: u64,
}

/// A session in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// The first line.
    pub header: Header,
    /// The events in the order of the file, unknown ones among them.
    pub events: Vec<Stamped>,
    /// Where they are, one for each.
    pub places: Vec<Place>,
    /// What the user should know of the file: torn and broken lines. Sanitised, and few however many there are.
    pub warnings: Vec<String>,
    /// Runs that have no end: interrupted, or under way in another program.
    pub interrupted: Vec<RunId>,
}

impl Session {
    /// How many events have happened by a time, in milliseconds since the session was created.
    pub fn count_at(&self, at: u64) -> usize {
        self.places.partition_point(|place| place.at <= at)
    }

    /// Milliseconds from the session's creation to its last event.
    pub fn duration(&self) -> u64 {
        self.places.last().map_or(0, |place| place.at)
    }

    /// Reads to the end.
    ///
    /// # Errors
    /// When the source fails.
    pub fn gather<R: BufRead>(reader: Reader<R>) -> io::Result<Self> {
        let mut session = Self {
            header: reader.header().clone(),
            events: Vec::new(),
            places: Vec::new(),
            warnings: Vec::new(),
            interrupted: Vec::new(),
        };
        let mut open = BTreeSet::new();
        let mut flaws = 0;
        for line in reader {
            match line {
                Ok(line) => session.add(line, &mut open),
                Err(Flaw::Unreadable(error)) => return Err(error),
                Err(flaw @ (Flaw::Broken { .. } | Flaw::Torn { .. })) => {
                    flaws += 1;
                    if flaws <= WARNINGS {
                        session.warnings.push(flaw.to_string());
                    }
                }
            }
        }
        if flaws > WARNINGS {
            session
                .warnings
                .push(format!("{} further lines were skipped", flaws - WARNINGS));
        }
        session.interrupted.extend(open);
        Ok(session)
    }

    fn add(&mut self, line: Line, open: &mut BTreeSet<RunId>) {
        match &line.stamped.event {
            RunEvent::Started { run, .. } => _ = open.insert(*run),
            RunEvent::Ended { run, .. } => _ = open.remove(run),
            RunEvent::Draft(_)
            | RunEvent::Attempt { .. }
            | RunEvent::Progress { .. }
            | RunEvent::Opened { .. }
            | RunEvent::Routed { .. }
            | RunEvent::Delta { .. }
            | RunEvent::Waiting { .. }
            | RunEvent::Closed { .. }
            | RunEvent::Judged { .. }
            | RunEvent::Unknown => {}
        }
        self.places.push(Place {
            offset: line.offset,
            at: line.stamped.at.max(self.duration()),
        });
        self.events.push(line.stamped);
    }
}

/// Reads a session as a whole.
///
/// # Errors
/// See [`ReadError`].
pub fn read(path: &Path) -> Result<Session, ReadError> {
    Session::gather(Reader::open(path)?).map_err(|error| ReadError::new(path, error.into()))
}

#[cfg(test)]
mod tests;
