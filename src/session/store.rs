//! The folder of sessions: which there are, the newest, and the one that a name means.
//!
//! Owns the list. It is kept in the cache folder and made anew from the files whenever it is missing, so that only files that have
//! changed are read (`cache`); what a name means is `find`'s.

mod cache;
mod find;

use super::clock::rfc3339_nanos;
use super::reader::{ReadError, Reader};
use super::scan::scan;
use crate::verdict::Outcome;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use thiserror::Error;

pub use find::FindError;

/// The ending of a session's file in the folder.
const ENDING: &str = "jsonl";

/// What the list says of a session. All words are the file's own and not sanitised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its file.
    #[serde(serialize_with = "lossy")]
    pub path: PathBuf,
    /// Its id.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// When it was created, as its header says it.
    pub created: String,
    /// When it was last written.
    #[serde(serialize_with = "moment", deserialize_with = "from_moment")]
    pub modified: SystemTime,
    /// Its size in bytes.
    pub size: u64,
    /// How many runs were started.
    pub runs: u32,
    /// How the last run ended; `None` without runs, and while the last one has no end.
    pub outcome: Option<Outcome>,
    /// The last run's model, or the draft's; empty when there is none.
    pub model: String,
    /// The mode of the last attempt, or the draft's; empty when there is none.
    pub mode: String,
    /// Dollars of all runs, as far as they are known.
    pub cost: Option<f64>,
    /// Tokens of all runs, prompts included.
    pub tokens: u64,
    /// Lower-cased words of input, schema and last value.
    #[serde(default)]
    pub search: String,
}

/// A deleted session that can be brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discarded {
    /// Where it was.
    pub path: PathBuf,
    /// Where it is.
    pub kept: PathBuf,
}

impl Entry {
    /// The file's name without its ending, which is what the session is called.
    pub fn name(&self) -> String {
        let stem = self.path.file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    }

    /// The last run's outcome in a word: `interrupted` when it has no end, `draft` when there is no run.
    pub const fn outcome_word(&self) -> &'static str {
        match (self.runs, self.outcome) {
            (0, _) => "draft",
            (_, None) => INTERRUPTED,
            (_, Some(outcome)) => outcome.as_str(),
        }
    }

    /// Whether the entry still says what the file holds.
    fn fits(&self, file: &Metadata) -> bool {
        self.size == file.len() && file.modified().is_ok_and(|modified| modified == self.modified)
    }
}

/// The word for a last run without an end, which may also be under way.
pub const INTERRUPTED: &str = "interrupted";

/// What is in the folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// The sessions, the last written first.
    pub entries: Vec<Entry>,
    /// Files that are named as sessions are and cannot be read as such, in order of their names.
    pub others: Vec<PathBuf>,
}

/// Why a session is not deleted.
#[derive(Debug, Error)]
pub enum DeleteError {
    /// It is none, or cannot be read.
    #[error("{0}; it was not deleted")]
    Unreadable(#[from] ReadError),
    /// Another program is writing it.
    #[error("{} is being written by another formwork: end that first; it was not deleted", .0.display())]
    InUse(PathBuf),
    /// The system refuses.
    #[error("cannot delete {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

/// A folder of sessions.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
    cache: PathBuf,
}

impl Store {
    /// The sessions in `folder`, with their list kept in `cache_folder`. Neither needs to exist.
    pub fn new(folder: impl Into<PathBuf>, cache_folder: &Path) -> Self {
        Self {
            folder: folder.into(),
            cache: cache_folder.join(cache::NAME),
        }
    }

    /// The folder of sessions.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All sessions, the last written first. Reads what has changed since the last time. Blocks.
    ///
    /// # Errors
    /// When there is a folder and it cannot be read.
    pub fn list(&self) -> io::Result<Listing> {
        let mut known = cache::read(&self.cache);
        let mut listing = Listing::default();
        let mut changed = false;
        let files = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(listing),
            files => files?,
        };
        for path in files.filter_map(|file| Some(file.ok()?.path())) {
            // Looked at before it is read: what is written meanwhile makes it look changed the next time.
            let Some(file) = session_file(&path) else { continue };
            let kept = known.remove(&path).filter(|entry| entry.fits(&file));
            changed |= kept.is_none();
            match kept.or_else(|| entry(&path, &file)) {
                Some(entry) => listing.entries.push(entry),
                None => listing.others.push(path),
            }
        }
        listing
            .entries
            .sort_by(|a, b| b.modified.cmp(&a.modified).then_with(|| b.path.cmp(&a.path)));
        listing.others.sort();
        if changed || !known.is_empty() {
            // Without it the next list only takes longer.
            drop(cache::write(&self.cache, &listing.entries));
        }
        Ok(listing)
    }

    /// The session that was written last.
    ///
    /// # Errors
    /// Those of [`Store::list`].
    pub fn last(&self) -> io::Result<Option<PathBuf>> {
        let newest = self.list()?.entries.into_iter().next();
        Ok(newest.map(|entry| entry.path))
    }

    /// The session that a name means: a path as seen from `cwd`, or a stored session's file name, id or title; their beginning or a
    /// part is enough if no other session has it, too.
    ///
    /// # Errors
    /// See [`FindError`].
    pub fn find(&self, name: &str, cwd: &Path) -> Result<PathBuf, FindError> {
        let path = cwd.join(name);
        if path.is_file() {
            return Ok(path);
        }
        let listing = self.list().map_err(|source| FindError::Folder {
            path: self.folder.clone(),
            source,
        })?;
        find::among(name, &listing.entries)
    }
}

/// Gives a session another title.
///
/// # Errors
/// It cannot be written.
pub fn rename(path: &Path, title: &str) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let mut header: crate::event::Header = serde_json::from_str(first).map_err(|error| error.to_string())?;
    title.clone_into(&mut header.title);
    let first = serde_json::to_string(&header).map_err(|error| error.to_string())?;
    fs::write(path, format!("{first}\n{rest}")).map_err(|error| error.to_string())
}

/// Makes a copy.
///
/// # Errors
/// It cannot be written.
pub fn fork(path: &Path) -> Result<PathBuf, String> {
    let new = path.with_extension("fork.jsonl");
    fs::copy(path, &new).map_err(|error| error.to_string())?;
    Ok(new)
}

impl Store {
    /// Deletes a session so that it can be brought back.
    ///
    /// # Errors
    /// See [`DeleteError`].
    pub fn discard(&self, path: &Path) -> Result<Discarded, DeleteError> {
        let kept = path.with_extension("gone");
        fs::rename(path, &kept).map_err(|source| DeleteError::Io {
            path: path.to_owned(),
            source,
        })?;
        Ok(Discarded {
            path: path.to_owned(),
            kept,
        })
    }

    /// Brings it back.
    ///
    /// # Errors
    /// It cannot be moved.
    pub fn restore(&self, discarded: &Discarded) -> io::Result<()> {
        fs::rename(&discarded.kept, &discarded.path)
    }
}

/// Deletes a session's file, unless it is no session or another program is writing it.
///
/// # Errors
/// See [`DeleteError`].
pub fn delete(path: &Path) -> Result<(), DeleteError> {
    let failed = |source| DeleteError::Io {
        path: path.to_owned(),
        source,
    };
    drop(Reader::open(path)?);
    let file = File::open(path).map_err(failed)?;
    if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
        return Err(DeleteError::InUse(path.to_owned()));
    }
    fs::remove_file(path).map_err(failed)
}

/// What the system says of a file, if its name is a session's.
fn session_file(path: &Path) -> Option<Metadata> {
    let named = path.extension().is_some_and(|ending| ending == ENDING);
    let file = if named { path.metadata().ok() } else { None };
    file.filter(Metadata::is_file)
}

/// Reads a session for the list; `None` if it is none.
fn entry(path: &Path, file: &Metadata) -> Option<Entry> {
    let found = scan(BufReader::new(File::open(path).ok()?)).ok()?;
    let summary = found.summary;
    Some(Entry {
        path: path.to_owned(),
        id: found.header.id,
        title: found.header.title,
        created: found.header.created,
        modified: file.modified().ok()?,
        size: file.len(),
        runs: summary.runs,
        outcome: summary.outcome,
        model: summary.model,
        mode: summary.mode,
        cost: summary.spent.cost,
        tokens: summary.spent.prompt.saturating_add(summary.spent.completion),
        search: String::new(),
    })
}

fn lossy<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

fn moment<S: Serializer>(moment: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&rfc3339_nanos(*moment))
}

fn from_moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SystemTime, D::Error> {
    let text = String::deserialize(deserializer)?;
    humantime::parse_rfc3339(&text).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests;
