//! A session's title, changed: an event `titled` is appended, so that the file only ever grows. Programs that do not know the event
//! pass over it.
//!
//! Owns that event, which no run sends. The list takes the last one.

use super::open::{self, MAX_TITLE};
use super::{Journal, JournalError};
use crate::session::lines::Refusal;
use crate::session::reader::{ReadError, Reader};
use crate::text::one_line;
use serde::Serialize;
use std::io::{self, Write};
use std::path::Path;
use std::time::SystemTime;

#[derive(Serialize)]
struct Titled<'t> {
    at: u64,
    event: &'static str,
    title: &'t str,
}

/// Gives a session another title. The time of its last writing stays.
///
/// # Errors
/// [`JournalError::InUse`] when another program is writing it, otherwise as those of [`Journal::open`]; nothing is made.
pub fn retitle(path: &Path, title: &str, now: SystemTime) -> Result<(), JournalError> {
    // Opening for writing would make a file that is missing.
    drop(Reader::open(path).map_err(unreadable)?);
    let written = path.metadata().and_then(|file| file.modified()).ok();
    let journal = open::claim(path, "", now)?.ok_or_else(|| JournalError::InUse(path.to_owned()))?;
    append(journal, title, written).map_err(|error| open::refuse(path, error.into()))
}

fn append(journal: Journal, title: &str, written: Option<SystemTime>) -> io::Result<()> {
    let title = one_line(title.trim(), MAX_TITLE);
    let titled = Titled {
        at: journal.clock.now(),
        event: "titled",
        title: &title,
    };
    let mut file = journal.file;
    file.write_all(&open::line(&titled)?)?;
    file.sync_data()?;
    match written {
        Some(written) => file.set_modified(written),
        None => Ok(()),
    }
}

fn unreadable(error: ReadError) -> JournalError {
    match error {
        ReadError::Io { path, source } => open::refuse(&path, source.into()),
        ReadError::NotASession { path, why } => open::refuse(&path, Refusal::NotASession(why)),
        ReadError::Newer { path, version } => open::refuse(&path, Refusal::Newer(version)),
    }
}
