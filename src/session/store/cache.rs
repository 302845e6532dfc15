//! The list of sessions on disk.
//!
//! Owns the file's form and its atomic replacement. A file that cannot be read, or that another version wrote, is as good as none.

use super::Entry;
use crate::config::paths::make_private_folder;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// The file in the cache folder.
pub(super) const NAME: &str = "sessions.json";

/// Goes up whenever an entry says something else, so that no old entry is believed.
const VERSION: u32 = 2;

#[derive(Deserialize)]
struct Kept {
    version: u32,
    entries: Vec<Entry>,
}

#[derive(Serialize)]
struct Keep<'e> {
    version: u32,
    entries: &'e [Entry],
}

/// The entries by their files.
pub(super) fn read(file: &Path) -> HashMap<PathBuf, Entry> {
    let kept = fs::read(file)
        .ok()
        .and_then(|text| serde_json::from_slice::<Kept>(&text).ok())
        .filter(|kept| kept.version == VERSION);
    let entries = kept.map(|kept| kept.entries).unwrap_or_default();
    entries.into_iter().map(|entry| (entry.path.clone(), entry)).collect()
}

/// Replaces the file in one step, readable by its owner only (the mode of temporary files).
pub(super) fn write(file: &Path, entries: &[Entry]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    make_private_folder(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    let mut writer = BufWriter::new(new.as_file_mut());
    let version = VERSION;
    serde_json::to_writer(&mut writer, &Keep { version, entries })?;
    writer.flush()?;
    drop(writer);
    new.persist(file).map_err(|error| error.error)?;
    Ok(())
}
