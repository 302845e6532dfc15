//! Removing sessions that are too old or take too much room, if the settings ask for it.
//!
//! Owns the order, oldest first, and what is never removed: the session at hand, one that another program is writing, one that was
//! written within the last minute, and files that are no sessions. What was removed last is noted in the cache folder, so that it can
//! be told of.

use super::{Store, claim, session_file};
use crate::config::paths::{make_private_folder, private_file};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The note in the cache folder.
const NOTE: &str = "removed.json";

/// A session this young is in use, whatever the clock and the settings say.
const YOUNG: Duration = Duration::from_secs(60);

/// What is kept; a member left out is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// Days since the last writing.
    pub days: Option<u32>,
    /// Mebibytes of all sessions together.
    pub mb: Option<u64>,
}

/// What was removed at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// When, in seconds since 1970.
    pub at: u64,
    /// Sessions.
    pub count: usize,
    /// Their bytes.
    pub bytes: u64,
}

impl Store {
    /// Removes what need not be kept, for good, the oldest first; `but` stays. Returns what it was. What cannot be removed stays.
    pub fn retain(&self, keep: Keep, but: Option<&Path>, now: SystemTime) -> Removed {
        let mut removed = Removed {
            at: now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(),
            ..Removed::default()
        };
        if keep == Keep::default() {
            return removed;
        }
        let mut files = self.files();
        files.sort();
        let mut bytes: u64 = files.iter().map(|(_, _, size)| size).sum();
        let days = keep
            .days
            .map(|days| Duration::from_secs(u64::from(days) * 24 * 60 * 60));
        let most = keep.mb.map(|mb| mb.saturating_mul(1 << 20));
        for (modified, path, size) in files {
            // One from the future has no age, and is no reason to remove anything.
            let age = now.duration_since(modified).unwrap_or_default();
            let old = days.is_some_and(|days| age > days);
            let large = most.is_some_and(|most| bytes > most);
            if age < YOUNG || !(old || large) || but == Some(path.as_path()) {
                continue;
            }
            // The lock is held until the file is gone.
            let gone = claim(&path).is_ok_and(|_locked| fs::remove_file(&path).is_ok());
            if gone {
                bytes -= size;
                removed.count += 1;
                removed.bytes += size;
            }
        }
        if removed.count > 0 {
            // Without the note it is only not told of.
            drop(self.note(removed));
        }
        removed
    }

    /// What was removed last, if anything ever was.
    pub fn last_removed(&self) -> Option<Removed> {
        serde_json::from_slice(&fs::read(self.note_file()).ok()?).ok()
    }

    fn files(&self) -> Vec<(SystemTime, PathBuf, u64)> {
        let files = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let file = |path: PathBuf| {
            let file = session_file(&path)?;
            Some((file.modified().ok()?, path, file.len()))
        };
        files.filter_map(|found| file(found.path())).collect()
    }

    fn note(&self, removed: Removed) -> std::io::Result<()> {
        make_private_folder(self.cache.parent().unwrap_or(Path::new(".")))?;
        let mut file = private_file()
            .write(true)
            .create(true)
            .truncate(true)
            .open(self.note_file())?;
        file.write_all(&serde_json::to_vec(&removed)?)
    }

    fn note_file(&self) -> PathBuf {
        self.cache.with_file_name(NOTE)
    }
}

#[cfg(test)]
mod tests {
    use super::{Keep, Removed};
    use crate::session::Journal;
    use crate::session::store::Store;
    use std::fs::{self, File};
    use std::path::PathBuf;
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    const DAY: u64 = 24 * 60 * 60;

    /// The moment of all tests.
    fn now() -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(100 * DAY)
    }

    struct Home {
        _temp: tempfile::TempDir,
        store: Store,
    }

    impl Home {
        fn new() -> Self {
            let temp = tempfile::tempdir().unwrap();
            let store = Store::new(temp.path().join("sessions"), &temp.path().join("cache"));
            fs::create_dir(store.folder()).unwrap();
            Self { _temp: temp, store }
        }

        /// A session of `kib` kibibytes, last written `age` before now.
        fn add(&self, name: &str, age: Duration, kib: usize) -> PathBuf {
            let path = self.store.folder().join(format!("{name}.jsonl"));
            let header = "{\"formwork\":1,\"id\":\"i\",\"created\":\"2026-11-22T17:42:59Z\",\"title\":\"\"}\n";
            let rest = " ".repeat((kib << 10).saturating_sub(header.len()));
            fs::write(&path, header.to_owned() + &rest).unwrap();
            let file = File::options().append(true).open(&path).unwrap();
            file.set_modified(now() - age).unwrap();
            path
        }

        fn names(&self) -> Vec<String> {
            let files = self.store.files().into_iter();
            let mut names: Vec<_> = files
                .map(|(_, path, _)| path.file_stem().unwrap().to_string_lossy().into_owned())
                .collect();
            names.sort();
            names
        }
    }

    const fn days(count: u64) -> Duration {
        Duration::from_secs(count * DAY)
    }

    #[test]
    fn what_is_kept() {
        let second = Duration::from_secs(1);
        let table = [
            (Keep::default(), "abcdef"),
            (
                Keep {
                    days: Some(30),
                    mb: None,
                },
                "abcd",
            ),
            (
                Keep {
                    days: Some(0),
                    mb: None,
                },
                "a",
            ),
            // Of the two large ones the older is enough: what is left has room.
            (
                Keep {
                    days: None,
                    mb: Some(1),
                },
                "abcde",
            ),
            (
                Keep {
                    days: None,
                    mb: Some(0),
                },
                "a",
            ),
            (
                Keep {
                    days: Some(2),
                    mb: Some(1),
                },
                "abc",
            ),
            (
                Keep {
                    days: Some(1000),
                    mb: Some(1000),
                },
                "abcdef",
            ),
        ];
        for (keep, expected) in table {
            let home = Home::new();
            home.add("a", Duration::from_secs(59), 1);
            home.add("b", days(1), 1);
            home.add("c", days(2), 1);
            home.add("d", days(30), 1);
            home.add("e", days(30) + second, 600);
            home.add("f", days(40), 600);
            let removed = home.store.retain(keep, None, now());
            assert_eq!(home.names().concat(), expected, "{keep:?}");
            assert_eq!(removed.count, 6 - expected.len(), "{keep:?}");
            assert_eq!(
                home.store.last_removed(),
                Some(removed).filter(|removed| removed.count > 0)
            );
        }
    }

    #[test]
    fn what_is_in_use_stays() {
        let home = Home::new();
        let at_hand = home.add("hand", days(50), 1);
        let written = home.add("written", days(50), 1);
        fs::write(home.store.folder().join("notes.jsonl"), "mine").unwrap();
        let writer = Journal::open(&written, "", now()).unwrap();
        let file = File::options().append(true).open(&written).unwrap();
        file.set_modified(now() - days(50)).unwrap();
        let keep = Keep {
            days: Some(1),
            mb: Some(0),
        };
        let none = Removed {
            at: 100 * DAY,
            ..Removed::default()
        };
        assert_eq!(home.store.retain(keep, Some(&at_hand), now()), none);
        drop(writer);
        assert_eq!(home.store.retain(keep, Some(&at_hand), now()).count, 1);
        assert_eq!(home.names(), ["hand", "notes"]);
    }
}
