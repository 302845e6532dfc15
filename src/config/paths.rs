//! Where formwork keeps its files.
//!
//! Owns the XDG base directory rules (specification 0.8: a relative path is ignored, an empty one counts as unset), `FORMWORK_HOME`, and
//! making folders and files that only their owner can read. What is in them belongs to the rooms that write them.

use super::{ConfigError, Env};
use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// The program's folders. None of them needs to exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The folder of `config.toml`.
    pub config: PathBuf,
    /// The folder of sessions.
    pub sessions: PathBuf,
    /// The folder of what can be fetched again: catalogues, remembered fallbacks, weights.
    pub cache: PathBuf,
    /// The folder of logs.
    pub logs: PathBuf,
}

impl Paths {
    /// The folders that the environment names: all under `FORMWORK_HOME` if it is set, else the XDG ones.
    ///
    /// # Errors
    /// [`ConfigError::NoHome`] if a folder would have to be under a home that is not known.
    pub fn from_env(env: &Env, cwd: &Path) -> Result<Self, ConfigError> {
        if let Some(home) = env.path("FORMWORK_HOME") {
            let home = cwd.join(home);
            return Ok(Self {
                config: home.clone(),
                sessions: home.join("sessions"),
                cache: home.join("cache"),
                logs: home.join("logs"),
            });
        }
        let base = |variable: &str, under_home: &str| {
            let set = env.path(variable).filter(|path| path.is_absolute());
            let folder = set
                .or_else(|| Some(env.path("HOME")?.join(under_home)))
                .ok_or(ConfigError::NoHome)?;
            Ok(folder.join("formwork"))
        };
        Ok(Self {
            config: base("XDG_CONFIG_HOME", ".config")?,
            sessions: base("XDG_DATA_HOME", ".local/share")?.join("sessions"),
            cache: base("XDG_CACHE_HOME", ".cache")?,
            logs: base("XDG_STATE_HOME", ".local/state")?.join("logs"),
        })
    }

    /// The user's settings file.
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }
}

/// Makes a folder and those above it, readable by their owner only (0700). Folders that exist are left as they are.
///
/// # Errors
/// What the system says.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Options for a file that only its owner can read and write when it is made (0600). Nothing else is set.
pub fn private_file() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "modes are a Unix matter"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::{Paths, make_private_folder, private_file};
    use crate::config::{ConfigError, Env};
    use std::path::{Path, PathBuf};

    /// Variables by name.
    type Vars<'a> = &'a [(&'a str, &'a str)];

    fn paths(vars: Vars<'_>) -> Result<[PathBuf; 4], ConfigError> {
        let env: Env = vars.iter().copied().collect();
        Paths::from_env(&env, Path::new("/work")).map(|paths| [paths.config, paths.sessions, paths.cache, paths.logs])
    }

    #[test]
    fn folders_follow_the_environment() {
        let table: [(Vars<'_>, [&str; 4]); 4] = [
            (
                &[("HOME", "/h")],
                [
                    "/h/.config/formwork",
                    "/h/.local/share/formwork/sessions",
                    "/h/.cache/formwork",
                    "/h/.local/state/formwork/logs",
                ],
            ),
            (
                &[
                    ("HOME", "/h"),
                    ("XDG_CONFIG_HOME", "/c"),
                    ("XDG_CACHE_HOME", "relative"),
                    ("XDG_DATA_HOME", ""),
                ],
                [
                    "/c/formwork",
                    "/h/.local/share/formwork/sessions",
                    "/h/.cache/formwork",
                    "/h/.local/state/formwork/logs",
                ],
            ),
            (
                &[("FORMWORK_HOME", "/f"), ("HOME", "/h")],
                ["/f", "/f/sessions", "/f/cache", "/f/logs"],
            ),
            (
                &[("FORMWORK_HOME", "f")],
                ["/work/f", "/work/f/sessions", "/work/f/cache", "/work/f/logs"],
            ),
        ];
        for (vars, expected) in table {
            assert_eq!(paths(vars).unwrap(), expected.map(PathBuf::from), "{vars:?}");
        }
        assert!(matches!(paths(&[("XDG_CONFIG_HOME", "/c")]), Err(ConfigError::NoHome)));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_made_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("a/b");
        make_private_folder(&folder).unwrap();
        make_private_folder(&folder).unwrap();
        let file = folder.join("f");
        private_file().write(true).create_new(true).open(&file).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(
            [mode(&temp.path().join("a")), mode(&folder), mode(&file)],
            [0o700, 0o700, 0o600]
        );
    }
}
