//! Deleted sessions, which can be brought back for a week.
//!
//! Owns the folder `.trash` beside a session: names in it begin with the second of deleting, so that the files themselves stay as they
//! were, their times included.

use super::{DeleteError, Entry, FindError, Store, claim, entry, find, session_file};
use crate::config::paths::make_private_folder;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long a deleted session can be brought back.
pub const KEPT_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The folder beside the sessions.
const FOLDER: &str = ".trash";

/// Stands between the second and the name.
const MARK: char = '~';

/// How many names are tried for what is deleted in the same second.
const NAMES: u64 = 10_000;

/// A deleted session that can be brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discarded {
    /// Where it was.
    pub path: PathBuf,
    /// Where it is.
    pub kept: PathBuf,
}

impl Store {
    /// Deletes a session so that it can be brought back: it is moved into a folder beside it. What has been there for more than a
    /// week goes for good.
    ///
    /// # Errors
    /// See [`DeleteError`].
    pub fn discard(&self, path: &Path) -> Result<Discarded, DeleteError> {
        discard(path, SystemTime::now())
    }

    /// Brings a deleted session back.
    ///
    /// # Errors
    /// It is there no more, or there is another file in its place, which stays.
    pub fn restore(&self, discarded: &Discarded) -> io::Result<()> {
        // A link is made where no file is, and nowhere else; renaming would replace one.
        match fs::hard_link(&discarded.kept, &discarded.path) {
            Ok(()) => fs::remove_file(&discarded.kept),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            Err(_) if !discarded.path.try_exists()? => fs::rename(&discarded.kept, &discarded.path),
            Err(error) => Err(error),
        }
    }

    /// The deleted session that a name means, or the one deleted last. `name` is read as in [`Store::find`].
    ///
    /// # Errors
    /// See [`FindError`].
    pub fn find_discarded(&self, name: Option<&str>, cwd: &Path) -> Result<Option<Discarded>, FindError> {
        let own = name.map(|name| cwd.join(name));
        let beside = own.as_deref().and_then(Path::parent).unwrap_or(cwd);
        let mut gone = Vec::new();
        for folder in [
            Some(self.folder.as_path()),
            Some(beside).filter(|beside| *beside != self.folder),
        ] {
            let Some(folder) = folder else { continue };
            let found = discarded(folder).map_err(|source| FindError::Folder {
                path: folder.join(FOLDER),
                source,
            });
            gone.extend(found?);
        }
        // The same name may have been deleted more than once: the last one counts.
        gone.sort_by(|a, b| b.kept.file_name().cmp(&a.kept.file_name()));
        let Some(name) = name else {
            return Ok(gone.into_iter().next());
        };
        if let Some(at) = gone.iter().position(|gone| Some(gone.path.as_path()) == own.as_deref()) {
            return Ok(Some(gone.swap_remove(at)));
        }
        let mut entries: Vec<Entry> = Vec::new();
        for gone in &gone {
            if entries.iter().any(|entry| entry.path == gone.path) {
                continue;
            }
            let known = session_file(&gone.kept).and_then(|file| entry(&gone.kept, &file));
            entries.extend(known.map(|entry| Entry {
                path: gone.path.clone(),
                ..entry
            }));
        }
        let path = find::among(name, &entries)?;
        Ok(gone.into_iter().find(|gone| gone.path == path))
    }

    /// Removes for good what was deleted more than a week before `now`. What cannot be removed stays.
    pub fn empty_trash(&self, now: SystemTime) {
        empty(&self.folder, now);
    }
}

fn discard(path: &Path, now: SystemTime) -> Result<Discarded, DeleteError> {
    let failed = |source| DeleteError::Io {
        path: path.to_owned(),
        source,
    };
    let locked = claim(path)?;
    let beside = path.parent().unwrap_or(Path::new("."));
    let folder = beside.join(FOLDER);
    make_private_folder(&folder).map_err(failed)?;
    empty(beside, now);
    let second = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let kept = (second..second.saturating_add(NAMES))
        .map(|second| folder.join(format!("{second:012}{MARK}{name}")))
        .find(|kept| !kept.exists())
        .unwrap_or_else(|| folder.join(name.as_ref()));
    fs::rename(path, &kept).map_err(failed)?;
    drop(locked);
    Ok(Discarded {
        path: path.to_owned(),
        kept,
    })
}

/// What was deleted from a folder.
fn discarded(folder: &Path) -> io::Result<Vec<Discarded>> {
    let files = match fs::read_dir(folder.join(FOLDER)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        files => files?,
    };
    let gone = files.flatten().filter_map(|file| {
        let kept = file.path();
        let (_, name) = parts(&kept)?;
        Some(Discarded {
            path: folder.join(name),
            kept,
        })
    });
    Ok(gone.collect())
}

/// The second of deleting and the name before it; `None` for files that are not ours.
fn parts(kept: &Path) -> Option<(u64, String)> {
    let (second, name) = kept.file_name()?.to_str()?.split_once(MARK)?;
    let second = second.parse().ok().filter(|_| !name.is_empty())?;
    Some((second, name.to_owned()))
}

fn empty(folder: &Path, now: SystemTime) {
    for gone in discarded(folder).unwrap_or_default() {
        let at = parts(&gone.kept).map(|(second, _)| UNIX_EPOCH + Duration::from_secs(second));
        let age = at.and_then(|at| now.duration_since(at).ok());
        if age.is_some_and(|age| age > KEPT_FOR) {
            // It is tried again the next time.
            drop(fs::remove_file(&gone.kept));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Discarded, KEPT_FOR, discard};
    use crate::session::Journal;
    use crate::session::store::{DeleteError, Store};
    use std::fs;
    use std::path::PathBuf;
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    fn home() -> (tempfile::TempDir, Store) {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::new(temp.path().join("sessions"), &temp.path().join("cache"));
        fs::create_dir(store.folder()).unwrap();
        (temp, store)
    }

    fn add(store: &Store, name: &str) -> PathBuf {
        let path = store.folder().join(name);
        let header = format!(
            "{{\"formwork\":1,\"id\":\"{name}\",\"created\":\"2026-11-22T17:42:59Z\",\"title\":\"of {name}\"}}\n"
        );
        fs::write(&path, header).unwrap();
        path
    }

    fn at(second: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(second)
    }

    #[test]
    fn what_is_deleted_can_be_brought_back() {
        let (temp, store) = home();
        let path = add(&store, "a.jsonl");
        let old = path.metadata().unwrap().modified().unwrap();
        let gone = store.discard(&path).unwrap();
        assert!(!path.exists() && gone.kept.exists());
        assert_eq!(store.list().unwrap().entries, []);
        assert_eq!(
            store.find_discarded(Some("of a"), temp.path()).unwrap(),
            Some(gone.clone())
        );
        store.restore(&gone).unwrap();
        assert_eq!(path.metadata().unwrap().modified().unwrap(), old);
        assert!(store.restore(&gone).is_err());
        assert_eq!(store.find_discarded(None, temp.path()).unwrap(), None);
    }

    #[test]
    fn nothing_is_replaced() {
        let (_temp, store) = home();
        let path = add(&store, "a.jsonl");
        let first = discard(&path, at(50)).unwrap();
        add(&store, "a.jsonl");
        assert_eq!(
            store.restore(&first).unwrap_err().kind(),
            std::io::ErrorKind::AlreadyExists
        );
        let second = discard(&path, at(50)).unwrap();
        assert_ne!(first.kept, second.kept);
        let found = store.find_discarded(Some("a"), store.folder()).unwrap();
        assert_eq!(found, Some(second));
    }

    #[test]
    fn a_week_later_it_is_gone() {
        let (_temp, store) = home();
        let gone: Vec<Discarded> = [(10, "a.jsonl"), (20, "b.jsonl")]
            .map(|(second, name)| discard(&add(&store, name), at(second)).unwrap())
            .into();
        fs::write(store.folder().join(".trash/notes"), "mine").unwrap();
        store.empty_trash(at(10) + KEPT_FOR);
        assert!(gone[0].kept.exists());
        store.empty_trash(at(11) + KEPT_FOR);
        assert_eq!((gone[0].kept.exists(), gone[1].kept.exists()), (false, true));
        assert!(store.folder().join(".trash/notes").exists());
    }

    #[test]
    fn a_session_elsewhere_stays_where_it_is() {
        let (temp, store) = home();
        let elsewhere = temp.path().join("bug.jsonl");
        fs::rename(add(&store, "a.jsonl"), &elsewhere).unwrap();
        let gone = store.discard(&elsewhere).unwrap();
        assert_eq!(gone.kept.parent(), Some(temp.path().join(".trash").as_path()));
        assert_eq!(
            store.find_discarded(Some("./bug.jsonl"), temp.path()).unwrap(),
            Some(gone)
        );
    }

    #[test]
    fn only_a_session_that_nobody_writes_is_deleted() {
        let (temp, store) = home();
        let path = add(&store, "a.jsonl");
        let writer = Journal::open(&path, "", at(9)).unwrap();
        assert!(matches!(store.discard(&path), Err(DeleteError::InUse(_))));
        drop(writer);
        let notes = temp.path().join("notes.txt");
        fs::write(&notes, "mine").unwrap();
        let error = store.discard(&notes).unwrap_err().to_string();
        assert!(
            error.ends_with("has no session's first line; it was not deleted"),
            "{error}"
        );
        assert!(notes.exists() && path.exists());
    }

    #[cfg(unix)]
    #[test]
    fn the_folder_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let (_temp, store) = home();
        let gone = store.discard(&add(&store, "a.jsonl")).unwrap();
        let folder = gone.kept.parent().unwrap();
        assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }
}
