//! What the list says of a session, as it is drawn and searched.
//!
//! Owns the words, cleaned and short, made once when the list is. What a file holds is the store's.

use crate::extract::model::figures::{ago, tokens};
use crate::session::store::Entry;
use crate::text::one_line;
use crate::words::dollars;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// The most columns of a title or a model that are kept.
const LABEL: usize = 160;

/// Where a session is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// In this file.
    File(PathBuf),
    /// In the program, under this name.
    Ships(String),
}

impl Source {
    /// Its file, if it has one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Ships(_) => None,
        }
    }
}

/// The sessions, as far as they are known.
#[derive(Clone, Debug, Default)]
pub struct SessionList {
    /// One's own, the last written first, then those that ship.
    pub rows: Arc<[SessionRow]>,
    /// Whether they are being listed.
    pub loading: bool,
    /// Why there is no list.
    pub error: Option<String>,
    /// How many files are named as sessions are and cannot be read.
    pub others: usize,
}

/// One session.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionRow {
    /// Where it is.
    pub source: Source,
    /// What it is about; its name when that is not said.
    pub title: String,
    /// Whether the title is its own.
    pub titled: bool,
    /// When it was last written, or that it ships.
    pub when: String,
    /// The last run's model.
    pub model: String,
    /// The last attempt's mode.
    pub mode: String,
    /// How the last run ended, in a word.
    pub outcome: &'static str,
    /// What all runs have cost.
    pub cost: String,
    /// Their tokens.
    pub tokens: String,
    /// How many runs there are.
    pub runs: u32,
    /// Lower-cased words of everything that is searched beside the title.
    pub search: String,
}

impl SessionRow {
    /// The row of a stored session at the moment `now`.
    pub fn stored(entry: &Entry, now: SystemTime) -> Self {
        let age = now.duration_since(entry.modified).unwrap_or_default();
        Self::of(entry, Source::File(entry.path.clone()), ago(age))
    }

    /// The row of a session that ships.
    pub fn ships(name: &str, entry: &Entry) -> Self {
        Self::of(entry, Source::Ships(name.to_owned()), "ships".to_owned())
    }

    fn of(entry: &Entry, source: Source, when: String) -> Self {
        let short = |text: &str| one_line(text, LABEL).into_owned();
        let name = match &source {
            Source::File(_) => entry.name(),
            Source::Ships(name) => name.clone(),
        };
        let titled = !entry.title.trim().is_empty();
        let title = match &source {
            Source::File(_) if titled => short(&entry.title),
            Source::File(_) => short(&name),
            // What `formwork replay` calls it.
            Source::Ships(_) => short(&format!("{name}: {}", entry.title)),
        };
        Self {
            title,
            titled,
            when,
            model: short(&entry.model),
            mode: short(&entry.mode),
            outcome: entry.outcome_word(),
            cost: entry.cost.map(dollars).unwrap_or_default(),
            tokens: if entry.tokens == 0 {
                String::new()
            } else {
                tokens(Some(entry.tokens))
            },
            runs: entry.runs,
            search: format!(
                "{} {} {}",
                entry.search,
                name.to_lowercase(),
                entry.model.to_lowercase()
            ),
            source,
        }
    }
}

/// What a session begins and ends with: the first lines of its texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// The last input.
    pub input: String,
    /// The last schema.
    pub schema: String,
    /// The last value that was read, as JSON.
    pub value: String,
}
