//! Which session a name means.
//!
//! Owns the order of the ways to name one: the exact name or id, its beginning, any part of name, id or title, in any case. The first
//! way that fits a session decides; if it fits several, they are named.

use super::Entry;
use std::io;
use std::path::PathBuf;
use strsim::normalized_damerau_levenshtein as alike;
use thiserror::Error;

/// How alike a name must be to be suggested, 0 to 1.
pub const ALIKE: f64 = 0.5;

/// How many sessions an error names.
const NAMED: usize = 5;

/// Why a name means no session.
#[derive(Debug, Error)]
pub enum FindError {
    /// The stored sessions cannot be listed.
    #[error("cannot read the folder of sessions {}: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// More than one session fits.
    #[error("{count} sessions fit `{name}`: say more of {}", labels.join(", "))]
    Several {
        /// What was asked for.
        name: String,
        /// How many there are.
        count: usize,
        /// The first of them, the last written first.
        labels: Vec<String>,
    },
    /// No file and no session fits.
    #[error("no file and no stored session fits `{name}`: {}", near(labels))]
    None {
        /// What was asked for.
        name: String,
        /// Sessions with something alike, the most alike first.
        labels: Vec<String>,
    },
}

fn near(labels: &[String]) -> String {
    if labels.is_empty() {
        return "`formwork sessions` lists them".to_owned();
    }
    format!("near are {}", labels.join(", "))
}

/// The one entry that a name means.
pub(super) fn among(name: &str, entries: &[Entry]) -> Result<PathBuf, FindError> {
    let wanted = name.trim().to_lowercase();
    let ways: [fn(&str, &str) -> bool; 2] = [|own, wanted| own == wanted, |own, wanted| own.starts_with(wanted)];
    for fits in ways {
        let found = entries.iter().filter(|entry| {
            let names = names(entry);
            names.iter().any(|own| fits(own, &wanted))
        });
        if let Some(found) = one(name, &wanted, &found.collect::<Vec<_>>()) {
            return found;
        }
    }
    let parts = entries.iter().filter(|entry| {
        let title = entry.title.to_lowercase();
        names(entry).iter().any(|own| own.contains(&wanted)) || title.contains(&wanted)
    });
    one(name, &wanted, &parts.collect::<Vec<_>>()).unwrap_or_else(|| {
        Err(FindError::None {
            name: name.to_owned(),
            labels: nearest(&wanted, entries),
        })
    })
}

/// The file's name with and without its ending, and the id.
fn names(entry: &Entry) -> [String; 3] {
    let file = entry.path.file_name().unwrap_or_default().to_string_lossy();
    [
        entry.name().to_lowercase(),
        file.to_lowercase(),
        entry.id.to_lowercase(),
    ]
}

/// The one session that was found, or that there are several. Nothing to look for finds nothing.
fn one(name: &str, wanted: &str, found: &[&Entry]) -> Option<Result<PathBuf, FindError>> {
    match found {
        _ if wanted.is_empty() => None,
        [] => None,
        [entry] => Some(Ok(entry.path.clone())),
        several => Some(Err(FindError::Several {
            name: name.to_owned(),
            count: several.len(),
            labels: several.iter().take(NAMED).map(|entry| label(entry)).collect(),
        })),
    }
}

/// A session as an error names it.
fn label(entry: &Entry) -> String {
    format!("{} ({})", entry.name(), entry.title)
}

/// Sessions of whose names or titles some word is like what was wanted.
fn nearest(wanted: &str, entries: &[Entry]) -> Vec<String> {
    let likeness = |entry: &Entry| {
        let text = format!("{} {} {}", entry.name(), entry.id, entry.title).to_lowercase();
        let words = text.split(|c: char| !c.is_alphanumeric());
        let words = words.filter(|word| !word.is_empty());
        words.map(|word| alike(word, wanted)).fold(0.0, f64::max)
    };
    let mut scored: Vec<(f64, &Entry)> = entries
        .iter()
        .map(|entry| (likeness(entry), entry))
        .filter(|(score, _)| *score >= ALIKE)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().take(NAMED).map(|(_, entry)| label(entry)).collect()
}
