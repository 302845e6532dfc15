//! Making a session's file, or going on in one that exists.
//!
//! Owns names, locks, the header and the ends of runs that were left open. All of it happens before the actor starts, so it may wait for the disk.

use super::{Journal, JournalError, fork};
use crate::config::paths::{make_private_folder, private_file};
use crate::event::{FORMAT, Header, RunEvent, Stamped};
use crate::session::clock::{Clock, rfc3339};
use crate::session::lines::Refusal;
use crate::session::scan::{Scan, Tail, scan};
use crate::text::one_line;
use crate::verdict::Outcome;
use std::fs::{File, TryLockError};
use std::io::{self, BufReader, Write};
use std::iter;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

/// How many names are tried before giving up.
pub(super) const NAMES: u32 = 1000;

/// The most columns of a title.
pub(super) const MAX_TITLE: usize = 200;

/// Why a run of an earlier program is ended by us.
const LEFT_OPEN: &str = "formwork stopped before the run had ended";

impl Journal {
    /// Makes a session in a folder, which is made as well, under a name of the time and six random characters.
    ///
    /// # Errors
    /// [`JournalError::Open`] if that cannot be done.
    pub fn create(folder: &Path, title: &str, now: SystemTime) -> Result<Self, JournalError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| JournalError::Open { path, source }
        };
        make_private_folder(folder).map_err(failed(folder))?;
        let stamp: String = rfc3339(now)
            .chars()
            .filter(|c| c.is_ascii_digit() || *c == 'T')
            .take("20260101T000000".len())
            .collect();
        let names = (0..NAMES).map(|_| {
            let random: String = iter::repeat_with(|| fastrand::char('a'..='z')).take(6).collect();
            folder.join(format!("{stamp}-{random}.jsonl"))
        });
        make(names, folder, &header(title, rfc3339(now)))
    }

    /// Goes on in a session, or makes it if the file is missing or empty. Runs that had no end get one; a torn last line is cut off.
    /// If another program writes to it, the journal is a fork beside it.
    ///
    /// # Errors
    /// [`JournalError::NotASession`] and [`JournalError::Newer`], with the file untouched, and [`JournalError::Open`].
    pub fn open(path: &Path, title: &str, now: SystemTime) -> Result<Self, JournalError> {
        match claim(path, title, now)? {
            Some(journal) => Ok(journal),
            None => fork::beside(path, title, now),
        }
    }
}

/// As [`Journal::open`], but `None` if another program writes to the file.
pub(super) fn claim(path: &Path, title: &str, now: SystemTime) -> Result<Option<Journal>, JournalError> {
    let failed = |source| JournalError::Open {
        path: path.to_owned(),
        source,
    };
    if path.metadata().is_ok_and(|found| !found.is_file()) {
        return Err(JournalError::NotASession {
            path: path.to_owned(),
            why: "is no regular file",
        });
    }
    let file = private_file()
        .read(true)
        .append(true)
        .create(true)
        .open(path)
        .map_err(failed)?;
    if !lock(&file).map_err(failed)? {
        return Ok(None);
    }
    // Looked at under the lock: before it, another program may have been about to write the header.
    if file.metadata().map_err(failed)?.len() == 0 {
        let header = header(title, rfc3339(now));
        return begin(file, path.to_owned(), &header).map(Some).map_err(failed);
    }
    resume(file, path, LEFT_OPEN, now).map(Some)
}

/// Makes the first of several names that is free.
pub(super) fn make(
    names: impl Iterator<Item = PathBuf>,
    place: &Path,
    header: &Header,
) -> Result<Journal, JournalError> {
    for path in names {
        match private_file().read(true).append(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(source) => return Err(JournalError::Open { path, source }),
            Ok(file) => {
                let made = lock(&file).and_then(|_| begin(file, path.clone(), header));
                return made.map_err(|source| JournalError::Open { path, source });
            }
        }
    }
    let source = io::Error::new(io::ErrorKind::AlreadyExists, "no free name was found");
    Err(JournalError::Open {
        path: place.to_owned(),
        source,
    })
}

/// Whether the lock was had. A file system without locks counts as had: one writer is the rule there, too, only not kept by force.
fn lock(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The header of a new session that was created at the moment `created`, RFC 3339.
pub(super) fn header(title: &str, created: String) -> Header {
    Header {
        formwork: FORMAT,
        id: format!("{:016x}", fastrand::u64(..)),
        created,
        title: one_line(title, MAX_TITLE).into_owned(),
    }
}

/// Writes the header of a new session.
fn begin(mut file: File, path: PathBuf, header: &Header) -> io::Result<Journal> {
    file.write_all(&line(header)?)?;
    let clock = Clock::new(Instant::now(), 0);
    Ok(Journal {
        file,
        path,
        clock,
        next_run: 1,
        notices: Vec::new(),
    })
}

/// Puts a session in order, ends its open runs for a reason and goes on after it.
pub(super) fn resume(file: File, path: &Path, reason: &str, now: SystemTime) -> Result<Journal, JournalError> {
    let found = scan(BufReader::new(&file)).map_err(|error| refuse(path, error))?;
    if found.overlong {
        return Err(refuse(path, Refusal::NotASession("has a line of more than 128 MiB")));
    }
    put_in_order(file, path, &found, reason, now).map_err(|source| JournalError::Open {
        path: path.to_owned(),
        source,
    })
}

fn put_in_order(mut file: File, path: &Path, found: &Scan, reason: &str, now: SystemTime) -> io::Result<Journal> {
    let mut notices = Vec::new();
    let mut added = Vec::new();
    match found.tail {
        Tail::Clean => {}
        Tail::Unended => added.push(b'\n'),
        Tail::Torn => {
            file.set_len(found.whole)?;
            notices.push(format!("{}: a torn last line was cut off", path.display()));
        }
    }
    for (&run, &totals) in &found.open {
        let event = RunEvent::Ended {
            run,
            outcome: Outcome::Cancelled,
            reason: reason.to_owned(),
            budget: None,
            totals,
        };
        added.extend(line(&Stamped {
            at: found.last_at,
            event,
        })?);
    }
    file.write_all(&added)?;
    let clock = Clock::new(Instant::now(), since(&found.header.created, now).max(found.last_at));
    let next_run = found.last_run.saturating_add(1);
    Ok(Journal {
        file,
        path: path.to_owned(),
        clock,
        next_run,
        notices,
    })
}

pub(super) fn line(value: &impl serde::Serialize) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    Ok(line)
}

pub(super) fn refuse(path: &Path, error: Refusal) -> JournalError {
    let path = path.to_owned();
    match error {
        Refusal::Io(source) => JournalError::Open { path, source },
        Refusal::NotASession(why) => JournalError::NotASession { path, why },
        Refusal::Newer(version) => JournalError::Newer { path, version },
    }
}

/// Milliseconds from a header's `created` to now; 0 if that cannot be told.
fn since(created: &str, now: SystemTime) -> u64 {
    let created = humantime::parse_rfc3339_weak(created).unwrap_or(now);
    now.duration_since(created)
        .map_or(0, |passed| u64::try_from(passed.as_millis()).unwrap_or(u64::MAX))
}
