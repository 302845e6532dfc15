//! The writer of a session: one actor that owns the file.
//!
//! Owns making, continuing, locking and forking files (`open`), and appending to them: every line is handed to the system at once,
//! small deltas after 100 ms at most, and the disk is waited for when a run ends. A disk that fails ends the recording, never the run.

mod open;

use super::clock::Clock;
use super::joiner::Joiner;
use crate::event::{RunEvent, RunId, Stamped};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use thiserror::Error;
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

/// Events that may wait for the disk before the sender does.
const QUEUE: usize = 1024;

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
    /// Writing failed; what came before is kept.
    #[error("{0}")]
    Stopped(String),
}

/// A session that is open for writing and locked.
#[derive(Debug)]
pub struct Journal {
    file: File,
    length: u64,
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
            length: self.length,
            path: self.path.clone(),
            line: Vec::new(),
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
    /// Bytes of whole lines.
    length: u64,
    path: PathBuf,
    line: Vec<u8>,
    failure: Arc<OnceLock<String>>,
}

impl Writer {
    async fn work(mut self, mut queue: mpsc::Receiver<Stamped>) {
        let mut joiner = Joiner::default();
        loop {
            let next = match joiner.due() {
                None => Ok(queue.recv().await),
                Some(due) => timeout_at(due, queue.recv()).await,
            };
            let Ok(next) = next else {
                self.keep(joiner.take()).await;
                continue;
            };
            let Some(stamped) = next else { break };
            for event in joiner.push(stamped, Instant::now()) {
                self.keep(event).await;
            }
        }
        self.keep(joiner.take()).await;
        let synced = self.file.sync_data().await;
        self.note(synced).await;
    }

    /// Writes one event, unless writing has failed before.
    async fn keep(&mut self, event: Option<Stamped>) {
        let Some(stamped) = event.filter(|_| self.failure.get().is_none()) else {
            return;
        };
        let written = self.write(&stamped).await;
        self.note(written).await;
    }

    async fn write(&mut self, stamped: &Stamped) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, stamped)?;
        self.line.push(b'\n');
        self.file.write_all(&self.line).await?;
        // Hands the line to the system: from here on a killed program loses nothing.
        self.file.flush().await?;
        self.length += self.line.len() as u64;
        if matches!(stamped.event, RunEvent::Ended { .. }) {
            self.file.sync_data().await?;
        }
        Ok(())
    }

    /// Keeps the first failure for the front, and cuts off the line that it tore if that can be done.
    async fn note(&self, result: io::Result<()>) {
        let Err(error) = result else { return };
        let why = format!(
            "recording into {} ended: {error}; the run goes on unrecorded",
            self.path.display()
        );
        if self.failure.set(why).is_ok() {
            // If even this fails the reader drops the torn line.
            drop(self.file.set_len(self.length).await);
        }
    }
}

#[cfg(test)]
mod tests;
