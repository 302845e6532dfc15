//! A session in memory: every event in order, and when it happened.
//!
//! Owns compactness: an answer comes in a great many small pieces, and each costs three words and its text here. What the events add up
//! to at any of their moments is `history`'s, reading a file's lines `reader`'s.

use super::lines::RawLine;
use super::reader::{Flaw, Hand, ReadError, Reader, event};
use crate::event::{CallRef, Delta, Header, RunEvent, RunId, Stamped};
use crate::record::{Piece, Record};
use crate::verdict::Channel;
use std::borrow::Cow;
use std::io::{self, BufRead};
use std::path::Path;

/// The most warnings of lines that are kept one by one.
const WARNINGS: u64 = 20;

/// How many of the streams begun last a piece is looked for in. One that is not found begins another of the same name, which costs
/// memory only.
const NEAR: usize = 64;

/// A session in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Tape {
    /// The first line.
    pub header: Header,
    /// What the user should know of the file: torn and broken lines. Sanitised, and few however many there are.
    pub warnings: Vec<String>,
    /// Runs that have no end, by number: interrupted, or under way in another program.
    pub interrupted: Vec<RunId>,
    slots: Vec<Slot>,
    /// The texts of all pieces, one after another.
    text: String,
    streams: Vec<Stream>,
    /// All events but pieces.
    others: Vec<RunEvent>,
    /// The index and the stamp of events whose stamp is smaller than an earlier one's. Only another program writes such.
    fallen: Vec<(usize, u64)>,
}

/// An event's place on the tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    at: u64,
    /// Where the text of the pieces from here on begins.
    text: usize,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// A piece of this stream.
    Piece(u32),
    /// This one of the other events.
    Other(u32),
}

/// What the pieces of one channel have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stream {
    run: RunId,
    attempt: u32,
    channel: Channel,
    call: Option<CallRef>,
}

impl Tape {
    /// Reads a file to its end.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        Self::gather(Reader::open(path)?).map_err(|error| ReadError::new(path, error.into()))
    }

    /// Reads a session to its end.
    ///
    /// # Errors
    /// When the source fails.
    pub fn gather<R: BufRead>(mut reader: Reader<R>) -> io::Result<Self> {
        let mut tape = Self::new(reader.header().clone());
        let mut hand = Hand::default();
        let mut flaws = 0;
        while let Some(read) = reader.take_line(|line| tape.push_line(line, &mut hand)) {
            match read {
                Ok(()) => {}
                Err(Flaw::Unreadable(error)) => return Err(error),
                Err(flaw @ (Flaw::Broken { .. } | Flaw::Torn { .. })) => {
                    flaws += 1;
                    if flaws <= WARNINGS {
                        tape.warnings.push(flaw.to_string());
                    }
                }
            }
        }
        if flaws > WARNINGS {
            tape.warnings
                .push(format!("{} further lines were skipped", flaws - WARNINGS));
        }
        tape.slots.shrink_to_fit();
        tape.text.shrink_to_fit();
        Ok(tape)
    }

    fn push_line(&mut self, line: RawLine<'_>, hand: &mut Hand) -> Result<(), Flaw> {
        if let Some((at, piece)) = line.bytes.and_then(|bytes| hand.read(bytes)) {
            self.push_piece(at, &piece);
        } else {
            self.push(event(line)?.stamped);
        }
        Ok(())
    }

    /// A tape without events.
    pub fn new(header: Header) -> Self {
        Self {
            header,
            warnings: Vec::new(),
            interrupted: Vec::new(),
            slots: Vec::new(),
            text: String::new(),
            streams: Vec::new(),
            others: Vec::new(),
            fallen: Vec::new(),
        }
    }

    /// Adds an event to its end.
    pub fn push(&mut self, stamped: Stamped) {
        let Stamped { at, event } = stamped;
        match &event {
            RunEvent::Started { run, .. } => {
                if let Err(place) = self.interrupted.binary_search(run) {
                    self.interrupted.insert(place, *run);
                }
            }
            RunEvent::Ended { run, .. } => {
                if let Ok(place) = self.interrupted.binary_search(run) {
                    self.interrupted.remove(place);
                }
            }
            RunEvent::Delta { run, attempt, delta } => {
                return self.push_piece(at, &Piece::of(*run, *attempt, delta));
            }
            RunEvent::Draft(_)
            | RunEvent::Attempt { .. }
            | RunEvent::Progress { .. }
            | RunEvent::Opened { .. }
            | RunEvent::Routed { .. }
            | RunEvent::Waiting { .. }
            | RunEvent::Closed { .. }
            | RunEvent::Judged { .. }
            | RunEvent::Unknown => {}
        }
        self.slot(at, What::Other(self.others.len() as u32));
        self.others.push(event);
    }

    /// Adds a piece of an answer to its end.
    pub(super) fn push_piece(&mut self, at: u64, piece: &Piece<'_>) {
        let what = What::Piece(self.stream(piece));
        self.slot(at, what);
        self.text.push_str(piece.text);
    }

    fn slot(&mut self, stamp: u64, what: What) {
        let at = stamp.max(self.duration());
        if at > stamp {
            self.fallen.push((self.slots.len(), stamp));
        }
        let text = self.text.len();
        self.slots.push(Slot { at, text, what });
    }

    /// The number of a piece's stream, made if it is new.
    fn stream(&mut self, piece: &Piece<'_>) -> u32 {
        let is_of = |stream: &Stream| {
            (stream.run, stream.attempt, stream.channel) == (piece.run, piece.attempt, piece.channel)
                && stream.call.as_ref() == piece.call
        };
        if let Some(Slot {
            what: What::Piece(last),
            ..
        }) = self.slots.last()
            && self.streams.get(*last as usize).is_some_and(is_of)
        {
            return *last;
        }
        let near = self.streams.len().saturating_sub(NEAR);
        if let Some(found) = self.streams.iter().skip(near).rposition(is_of) {
            return (near + found) as u32;
        }
        self.streams.push(Stream {
            run: piece.run,
            attempt: piece.attempt,
            channel: piece.channel,
            call: piece.call.cloned(),
        });
        self.streams.len() as u32 - 1
    }

    /// How many events there are, unknown ones among them.
    pub const fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// When an event is reached, in milliseconds since the session was created: its stamp, or an earlier event's if that is larger.
    /// It never falls.
    ///
    /// # Panics
    /// When there is no such event.
    pub fn at(&self, index: usize) -> u64 {
        self.slots[index].at
    }

    /// An event; a piece of an answer is built on the way out.
    ///
    /// # Panics
    /// When there is no such event.
    pub fn event(&self, index: usize) -> Cow<'_, RunEvent> {
        match self.slots[index].what {
            What::Other(other) => Cow::Borrowed(&self.others[other as usize]),
            What::Piece(stream) => {
                let piece = self.piece(index, stream);
                Cow::Owned(RunEvent::Delta {
                    run: piece.run,
                    attempt: piece.attempt,
                    delta: Delta {
                        channel: piece.channel,
                        call: piece.call.cloned(),
                        text: piece.text.to_owned(),
                    },
                })
            }
        }
    }

    /// An event with the stamp that it has in the file.
    ///
    /// # Panics
    /// When there is no such event.
    pub fn stamped(&self, index: usize) -> Stamped {
        let stamp = self.fallen.binary_search_by_key(&index, |(fallen, _)| *fallen);
        Stamped {
            at: stamp.map_or_else(|_| self.at(index), |found| self.fallen[found].1),
            event: self.event(index).into_owned(),
        }
    }

    /// Every event with the stamp that it has in the file.
    pub fn events(&self) -> impl Iterator<Item = Stamped> + '_ {
        (0..self.len()).map(|index| self.stamped(index))
    }

    /// Adds an event to a record that is as of just before it.
    ///
    /// # Panics
    /// When there is no such event.
    pub fn apply(&self, index: usize, record: &mut Record) {
        let Slot { at, what, .. } = self.slots[index];
        match what {
            What::Other(other) => record.apply(at, &self.others[other as usize]),
            What::Piece(stream) => _ = record.piece(at, &self.piece(index, stream)),
        }
    }

    /// The piece of an answer that an event is; `None` for all other events.
    pub(super) fn piece_at(&self, index: usize) -> Option<Piece<'_>> {
        match self.slots[index].what {
            What::Piece(stream) => Some(self.piece(index, stream)),
            What::Other(_) => None,
        }
    }

    /// An event that is no piece of an answer; `None` for those that are.
    pub(super) fn other(&self, index: usize) -> Option<&RunEvent> {
        match self.slots[index].what {
            What::Other(other) => self.others.get(other as usize),
            What::Piece(_) => None,
        }
    }

    fn piece(&self, index: usize, stream: u32) -> Piece<'_> {
        let start = self.slots[index].text;
        let end = self.slots.get(index + 1).map_or(self.text.len(), |next| next.text);
        let stream = &self.streams[stream as usize];
        Piece {
            run: stream.run,
            attempt: stream.attempt,
            channel: stream.channel,
            call: stream.call.as_ref(),
            text: &self.text[start..end],
        }
    }

    /// How many events have happened by a time, in milliseconds since the session was created.
    pub fn count_at(&self, at: u64) -> usize {
        self.slots.partition_point(|slot| slot.at <= at)
    }

    /// Milliseconds from the session's creation to its last event.
    pub fn duration(&self) -> u64 {
        self.slots.last().map_or(0, |slot| slot.at)
    }
}

#[cfg(test)]
mod tests;
