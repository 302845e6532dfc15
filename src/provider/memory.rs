//! What endpoints were seen unable to do: remembered per (base URL, model, mode) for a day (design §3).
//!
//! Owns one small file in the cache folder. Deciding what is remembered is `extract`'s; a file that cannot be read or written costs a
//! request, never a run.

use crate::config::paths::make_private_folder;
use crate::task::Mode;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long an endpoint's inability is believed.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// The file's name in the cache folder.
const FILE: &str = "fallbacks.json";
/// A larger file is not ours.
const LARGEST: u64 = 1024 * 1024;

/// When each (base URL, model, mode), joined by spaces, was last seen to fail, in Unix seconds.
type Entries = BTreeMap<String, u64>;

/// The memory of one base URL.
#[derive(Clone, Debug)]
pub struct Memory {
    file: Option<PathBuf>,
    base_url: String,
}

impl Memory {
    /// The memory kept under `cache_dir`; without one, nothing is remembered.
    pub fn new(cache_dir: Option<&Path>, base_url: &str) -> Self {
        Self {
            file: cache_dir.map(|dir| dir.join(FILE)),
            base_url: base_url.to_owned(),
        }
    }

    /// The modes that `model` was seen unable to serve within the day before `now`.
    pub fn cannot(&self, model: &str, now: SystemTime) -> Vec<Mode> {
        let entries = self.read();
        let fresh = |mode: &Mode| {
            entries
                .get(&self.key(model, *mode))
                .is_some_and(|at| is_fresh(*at, now))
        };
        Mode::ALL.into_iter().filter(fresh).collect()
    }

    /// Notes that `model` cannot serve `mode`; entries older than a day are dropped on the way.
    ///
    /// # Errors
    /// Those of writing the file.
    pub fn remember(&self, model: &str, mode: Mode, now: SystemTime) -> std::io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let mut entries = self.read();
        entries.retain(|_, at| is_fresh(*at, now));
        entries.insert(self.key(model, mode), unix(now));
        let folder = file.parent().unwrap_or_else(|| Path::new("."));
        make_private_folder(folder)?;
        // A temporary file beside it, then a rename: a reader never sees half a file. Its mode is 0600.
        let mut written = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer(&mut written, &entries)?;
        written.flush()?;
        written.persist(file).map_err(|error| error.error)?;
        Ok(())
    }

    fn key(&self, model: &str, mode: Mode) -> String {
        format!("{} {model} {mode}", self.base_url)
    }

    fn read(&self) -> Entries {
        let Some(file) = &self.file else { return Entries::new() };
        let small = std::fs::metadata(file).is_ok_and(|data| data.len() <= LARGEST);
        let text = if small {
            std::fs::read(file).unwrap_or_default()
        } else {
            Vec::new()
        };
        serde_json::from_slice(&text).unwrap_or_default()
    }
}

fn unix(now: SystemTime) -> u64 {
    now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Entries from the future (a clock set back) are not believed either.
fn is_fresh(at: u64, now: SystemTime) -> bool {
    let now = unix(now);
    at <= now && now - at < DAY.as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_per_base_url_model_and_mode() {
        let folder = tempfile::tempdir().unwrap();
        let now = UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let memory = Memory::new(Some(folder.path()), "https://a.example/v1");
        memory.remember("m", Mode::Tools, now).unwrap();
        memory.remember("m", Mode::Structured, now).unwrap();
        assert_eq!(memory.cannot("m", now), [Mode::Structured, Mode::Tools]);
        assert_eq!(memory.cannot("other", now), []);
        assert_eq!(
            Memory::new(Some(folder.path()), "https://b.example/v1").cannot("m", now),
            []
        );
        assert_eq!(memory.cannot("m", now + DAY), []);
        assert_eq!(memory.cannot("m", now - Duration::from_secs(1)), [], "a clock set back");
    }

    #[test]
    fn a_broken_or_missing_file_remembers_nothing_and_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        let memory = Memory::new(Some(folder.path()), "u");
        assert_eq!(memory.cannot("m", now), []);
        std::fs::write(folder.path().join(FILE), "{half").unwrap();
        assert_eq!(memory.cannot("m", now), []);
        memory.remember("m", Mode::Json, now).unwrap();
        assert_eq!(memory.cannot("m", now), [Mode::Json]);
        assert!(Memory::new(None, "u").remember("m", Mode::Json, now).is_ok());
    }
}
