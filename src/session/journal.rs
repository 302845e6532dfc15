//! The writer of a session: one actor that owns the file.
//!
//! Owns making, continuing and locking files (`open`), forking and renaming them (`fork`, `title`), and appending to them: every line is handed to the system at once
//! (small deltas come joined from the worker), and the disk is waited for when a run ends. A disk that fails ends the recording, never
//! the run.

mod fork;
mod open;
mod title;

use super::clock::Clock;
use crate::event::{RunEvent, RunId, Stamped};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use thiserror::Error;
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

pub(super) use fork::fork;
pub(super) use title::retitle;

/// Events that may wait for the disk before the sender does.
const QUEUE: usize = 1024;

/// Bytes that are gathered before they are written although more is waiting.
const BATCH: usize = 256 << 10;

/// Why there is no journal, or why it ended.
#[derive(Debug, Error)]
pub enum JournalError {
    /// The file or its folder cannot be made, opened or read.
    #[error("cannot open the session {}: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file is something else, and is left as it is.
    #[error("{} is not a session that can be continued: it {why}; nothing was written to it", path.display())]
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
    /// Another program is writing the file.
    #[error("{} is being written by another formwork: end that first; nothing was changed", .0.display())]
    InUse(PathBuf),
    /// Writing failed; what came before is kept.
    #[error("{0}")]
    Stopped(String),
}

/// A session that is open for writing and locked.
#[derive(Debug)]
pub struct Journal {
    file: File,
    path: PathBuf,
    clock: Clock,
    next_run: RunId,
    notices: Vec<String>,
}

impl Journal {
    /// The file that is written, which is not the one asked for after a fork.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The clock of the session's stamps.
    pub const fn clock(&self) -> Clock {
        self.clock
    }

    /// The number of the next run.
    pub const fn next_run(&self) -> RunId {
        self.next_run
    }

    /// What the user should know: that a fork was made, or a torn line cut off. Not sanitised.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// Starts the actor. Must be called within a tokio runtime, which has to live until [`JournalHandle::close`] returns.
    pub fn start(self) -> JournalHandle {
        let (events, queue) = mpsc::channel(QUEUE);
        let failure = Arc::new(OnceLock::new());
        let writer = Writer {
            file: tokio::fs::File::from_std(self.file),
            path: self.path.clone(),
            lines: Vec::new(),
            failure: Arc::clone(&failure),
        };
        JournalHandle {
            events,
            path: self.path,
            failure,
            actor: tokio::spawn(writer.work(queue)),
        }
    }
}

/// The sender's end of a journal.
#[derive(Debug)]
pub struct JournalHandle {
    events: mpsc::Sender<Stamped>,
    path: PathBuf,
    failure: Arc<OnceLock<String>>,
    actor: JoinHandle<()>,
}

impl JournalHandle {
    /// The file that is written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Hands an event over. Waits only while a thousand events already wait for the disk; events that a session does not keep
    /// are dropped. After a failure it does nothing.
    pub async fn send(&self, stamped: Stamped) {
        if stamped.event.is_journaled() && self.failure().is_none() {
            // The actor outlives its handle, so this fails only if the runtime is being shut down.
            drop(self.events.send(stamped).await);
        }
    }

    /// The sentence that says why recording ended, once it has.
    pub fn failure(&self) -> Option<&str> {
        self.failure.get().map(String::as_str)
    }

    /// Writes what is left, waits for the disk and unlocks the file.
    ///
    /// # Errors
    /// [`JournalError::Stopped`] if not everything was written.
    pub async fn close(self) -> Result<PathBuf, JournalError> {
        let Self {
            events,
            path,
            failure,
            actor,
        } = self;
        drop(events);
        if let Err(error) = actor.await {
            return Err(JournalError::Stopped(format!(
                "recording into {} broke off: {error}",
                path.display()
            )));
        }
        match failure.get() {
            Some(why) => Err(JournalError::Stopped(why.clone())),
            None => Ok(path),
        }
    }
}

/// The actor.
struct Writer {
    file: tokio::fs::File,
    path: PathBuf,
    /// Lines that are not yet handed to the system: those of events that were waiting together.
    lines: Vec<u8>,
    failure: Arc<OnceLock<String>>,
}

impl Writer {
    async fn work(mut self, mut queue: mpsc::Receiver<Stamped>) {
        while let Some(first) = queue.recv().await {
            self.batch(first, &mut queue).await;
        }
        self.write(true).await;
    }

    /// Takes the events that are waiting, so that a burst costs one write.
    async fn batch(&mut self, first: Stamped, queue: &mut mpsc::Receiver<Stamped>) {
        let mut ended = false;
        let mut next = Some(first);
        while let Some(stamped) = next {
            ended |= matches!(stamped.event, RunEvent::Ended { .. });
            self.add(&stamped);
            next = if self.lines.len() < BATCH {
                queue.try_recv().ok()
            } else {
                None
            };
        }
        self.write(ended).await;
    }

    /// Adds an event's line, unless writing has failed before.
    fn add(&mut self, stamped: &Stamped) {
        if self.failure.get().is_some() {
            return;
        }
        match serde_json::to_vec(stamped) {
            Ok(line) => {
                self.lines.extend(line);
                self.lines.push(b'\n');
            }
            Err(error) => self.fail(&error.into()),
        }
    }

    /// Hands the lines to the system, after which a killed program loses nothing, and waits for the disk if `sync`.
    async fn write(&mut self, sync: bool) {
        let lines = std::mem::take(&mut self.lines);
        if self.failure.get().is_some() {
            return;
        }
        if let Err(error) = append(&mut self.file, &lines, sync).await {
            self.fail(&error);
        }
    }

    /// Keeps the first failure for the front. What was written stays: the reader, and the next writer, drop a torn line.
    fn fail(&self, error: &io::Error) {
        let why = format!(
            "recording into {} ended: {error}; the run goes on unrecorded",
            self.path.display()
        );
        self.failure.get_or_init(|| why);
    }
}

async fn append(file: &mut tokio::fs::File, lines: &[u8], sync: bool) -> io::Result<()> {
    file.write_all(lines).await?;
    file.flush().await?;
    if sync { file.sync_data().await } else { Ok(()) }
}

#[cfg(test)]
mod tests;
