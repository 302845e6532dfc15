//! The folder of sessions: which there are, the newest, and the one that a name means.
//!
//! Owns the list. It is kept in the cache folder and made anew from the files whenever it is missing, so that only files that have
//! changed are read (`cache`); what a name means is `find`'s, deleting and bringing back `trash`'s, removing what is old `retention`'s.

mod cache;
mod find;
mod retention;
mod trash;

use super::clock::rfc3339_nanos;
use super::journal::{self, JournalError};
use super::reader::{ReadError, Reader};
use super::scan::scan;
use crate::verdict::Outcome;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use thiserror::Error;

pub use find::{ALIKE, FindError};
pub use retention::{Keep, Removed};
pub use trash::{Discarded, KEPT_FOR};

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
    /// Milliseconds that all runs took together.
    #[serde(default)]
    pub duration: u64,
    /// Lower-cased words of the last input, schema and value, at most 340 bytes.
    #[serde(default)]
    pub search: String,
}

impl Entry {
    /// What the list says of a session that is read from any source and counts as the file `path`, last written at `modified`.
    /// `None` if it is no session.
    pub fn read(path: &Path, modified: SystemTime, size: u64, source: impl BufRead) -> Option<Self> {
        let found = scan(source).ok()?;
        let summary = found.summary;
        let words = [summary.input, summary.schema, summary.value];
        let words: Vec<_> = words.into_iter().filter(|words| !words.is_empty()).collect();
        Some(Self {
            path: path.to_owned(),
            id: found.header.id,
            title: summary.title.unwrap_or(found.header.title),
            created: found.header.created,
            modified,
            size,
            runs: summary.runs,
            outcome: summary.outcome,
            model: summary.model,
            mode: summary.mode,
            cost: summary.spent.cost,
            tokens: summary.spent.prompt.saturating_add(summary.spent.completion),
            duration: summary.ms,
            search: words.join("\n"),
        })
    }

    /// Whether a word, in lower case, is anywhere in what is known of the session.
    pub fn has(&self, word: &str) -> bool {
        let texts = [&self.title, &self.id, &self.model, &self.created];
        self.search.contains(word)
            || texts.iter().any(|text| text.to_lowercase().contains(word))
            || self.name().to_lowercase().contains(word)
    }

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

/// Gives a session another title: it is appended, as everything else. The time of its last writing stays.
///
/// # Errors
/// It is no session, cannot be written, or another program writes it.
pub fn rename(path: &Path, title: &str) -> Result<(), JournalError> {
    journal::retitle(path, title, SystemTime::now())
}

/// Makes a session beside another one that begins with all that the other one holds, and returns its path.
///
/// # Errors
/// The other one is no session or cannot be read, or there is no room beside it.
pub fn fork(path: &Path) -> Result<PathBuf, JournalError> {
    let journal = journal::fork(path, SystemTime::now())?;
    Ok(journal.path().to_owned())
}

/// A session's file, locked so that nobody else begins to write it as long as the handle lives.
fn claim(path: &Path) -> Result<File, DeleteError> {
    drop(Reader::open(path)?);
    let file = File::open(path).map_err(|source| DeleteError::Io {
        path: path.to_owned(),
        source,
    })?;
    if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
        return Err(DeleteError::InUse(path.to_owned()));
    }
    Ok(file)
}

/// What the system says of a file, if its name is a session's.
fn session_file(path: &Path) -> Option<Metadata> {
    let named = path.extension().is_some_and(|ending| ending == ENDING);
    let file = if named { path.metadata().ok() } else { None };
    file.filter(Metadata::is_file)
}

/// Reads a session for the list; `None` if it is none.
fn entry(path: &Path, file: &Metadata) -> Option<Entry> {
    let source = BufReader::new(File::open(path).ok()?);
    Entry::read(path, file.modified().ok()?, file.len(), source)
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
