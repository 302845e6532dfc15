//! A session in memory.
//!
//! Owns its events in their order.

use super::reader::{ReadError, Reader, Session, read};
use crate::event::{Header, RunEvent, RunId, Stamped};
use std::borrow::Cow;
use std::io::{self, BufRead};
use std::path::Path;

/// A session in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Tape {
    /// The first line.
    pub header: Header,
    /// What the user should know of the file.
    pub warnings: Vec<String>,
    /// Runs that have no end.
    pub interrupted: Vec<RunId>,
    events: Vec<Stamped>,
}

impl Tape {
    /// Reads a whole file.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        read(path).map(Self::from)
    }

    /// Reads to the end.
    ///
    /// # Errors
    /// When the source fails.
    pub fn gather<R: BufRead>(reader: Reader<R>) -> io::Result<Self> {
        Session::gather(reader).map(Self::from)
    }

    /// Without events.
    pub const fn new(header: Header) -> Self {
        Self {
            header,
            warnings: Vec::new(),
            interrupted: Vec::new(),
            events: Vec::new(),
        }
    }

    /// Adds an event.
    pub fn push(&mut self, stamped: Stamped) {
        self.events.push(stamped);
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The time of an event.
    pub fn at(&self, index: usize) -> u64 {
        self.events.get(index).map_or(0, |stamped| stamped.at)
    }

    /// An event.
    pub fn event(&self, index: usize) -> Cow<'_, RunEvent> {
        self.events
            .get(index)
            .map_or(Cow::Owned(RunEvent::Unknown), |stamped| Cow::Borrowed(&stamped.event))
    }

    /// How many events have happened by a time.
    pub fn count_at(&self, at: u64) -> usize {
        self.events.partition_point(|stamped| stamped.at <= at)
    }

    /// The time of the last event.
    pub fn duration(&self) -> u64 {
        self.events.last().map_or(0, |stamped| stamped.at)
    }
}

impl From<Session> for Tape {
    fn from(session: Session) -> Self {
        Self {
            header: session.header,
            warnings: session.warnings,
            interrupted: session.interrupted,
            events: session.events,
        }
    }
}
