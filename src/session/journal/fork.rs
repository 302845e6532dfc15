//! Forks: a session of its own that begins with all that another one holds.
//!
//! Owns names and copying. The other file is only read, so that it may be written by another program meanwhile; stamps stay true, because
//! a fork counts from the same moment.

use super::open::{self, NAMES};
use super::{Journal, JournalError};
use crate::event::Header;
use crate::session::clock::rfc3339;
use crate::session::lines::{Lines, MAX_LINE, Refusal};
use crate::session::scan::is_event;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Why a run that was under way in the other session has an end here.
const LEFT_BEHIND: &str = "the session was forked before the run had ended";

/// A fork beside a session that another program is writing, or is about to begin: `name-2.jsonl`.
///
/// # Errors
/// As those of [`Journal::open`].
pub(super) fn beside(path: &Path, title: &str, now: SystemTime) -> Result<Journal, JournalError> {
    let mut journal = match fork(path, now) {
        // Its writer has the lock and not yet written the first line.
        Err(JournalError::NotASession { .. }) if path.metadata().is_ok_and(|found| found.len() == 0) => {
            open::make(names(path), path, &open::header(title, rfc3339(now)))?
        }
        made => made?,
    };
    let notice = format!(
        "{} is being written by another formwork: recording into {}",
        path.display(),
        journal.path.display()
    );
    journal.notices.push(notice);
    Ok(journal)
}

/// A session beside `path`, locked, with a header of its own and the same events. Runs that are under way there are cancelled here.
///
/// # Errors
/// [`JournalError::NotASession`] and [`JournalError::Newer`] for `path`; [`JournalError::Open`] when one of the files cannot be read,
/// made or written, in which case nothing of the fork stays.
pub fn fork(path: &Path, now: SystemTime) -> Result<Journal, JournalError> {
    let refused = |why| open::refuse(path, why);
    let file = File::open(path).map_err(|error| refused(error.into()))?;
    if !file.metadata().is_ok_and(|found| found.is_file()) {
        return Err(refused(Refusal::NotASession("is no regular file")));
    }
    let (source, lines) = Lines::open(BufReader::new(file), MAX_LINE).map_err(refused)?;
    let header = Header {
        title: source.title,
        ..open::header("", source.created)
    };
    let journal = open::make(names(path), path, &header)?;
    let made = journal.path.clone();
    let filled = copy(lines, &journal.file)
        .map_err(|error| open::refuse(&made, error.into()))
        .and_then(|()| open::resume(reopened(&journal)?, &made, LEFT_BEHIND, now));
    if filled.is_err() {
        // Half a fork is of no use; what could not be written will hardly be missed if it cannot be removed either.
        drop(fs::remove_file(&made));
    }
    filled
}

/// The fork's file again, to be read from its beginning. It shares the lock of the first handle.
fn reopened(journal: &Journal) -> Result<File, JournalError> {
    let again = || {
        let mut file = journal.file.try_clone()?;
        io::Seek::rewind(&mut file)?;
        Ok(file)
    };
    again().map_err(|error: io::Error| open::refuse(&journal.path, error.into()))
}

/// The names that are tried, beside the other file.
fn names(path: &Path) -> impl Iterator<Item = PathBuf> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path
        .extension()
        .map(|ending| format!(".{}", ending.to_string_lossy()))
        .unwrap_or_default();
    (2..NAMES).map(move |number| path.with_file_name(format!("{stem}-{number}{ending}")))
}

/// Copies every whole line; those that are too long for a session are left out.
fn copy(mut lines: Lines<BufReader<File>>, to: &File) -> io::Result<()> {
    let mut out = BufWriter::new(to);
    while let Some(line) = lines.next()? {
        let Some(bytes) = line.bytes else { continue };
        if line.is_ended() {
            out.write_all(bytes)?;
        } else if is_event(bytes) {
            out.write_all(bytes)?;
            out.write_all(b"\n")?;
        }
    }
    out.flush()
}
