//! `formwork doctor`: what is set up and what is missing.
//!
//! Owns gathering the facts and printing them. Nothing is sent, no key command is run, and of a key nothing is said but where it
//! would come from.

mod embedded;
mod print;

use super::exit::{CliError, Exit};
use super::sessions;
use crate::config::settings::{KeyCommand, ProviderSettings};
use crate::config::{Config, Env, FileSeen, Paths, ProviderFlags, ProviderKind, provider};
use crate::session::Store;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What only the process can know of its terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Streams {
    /// Whether stdin is a terminal.
    pub stdin: bool,
    /// Whether stdout is one.
    pub stdout: bool,
    /// Whether stderr is one.
    pub stderr: bool,
    /// Columns and rows.
    pub size: Option<(u16, u16)>,
}

/// Everything that is found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The program's version.
    pub version: &'static str,
    /// What is wrong with the settings; nothing that depends on them is reported then.
    pub error: Option<String>,
    /// Settings files, weakest first.
    pub files: Vec<FileReport>,
    /// Who set each key that is not built in.
    pub settings: BTreeMap<String, String>,
    /// `FORMWORK_*` variables that mean nothing.
    pub unknown_variables: Vec<String>,
    /// Every provider.
    pub providers: Vec<ProviderReport>,
    /// The provider that is used without flags, or why there is none.
    pub chosen: Option<String>,
    /// The terminal.
    pub terminal: Terminal,
    /// The embedded model.
    pub embedded: Embedded,
    /// Where files are kept.
    pub folders: Option<Folders>,
}

/// The embedded model.
#[derive(Debug, Serialize)]
pub struct Embedded {
    /// What it is.
    pub model: String,
    /// Where its weights are, or what is missing.
    pub weights: String,
}

/// A settings file.
#[derive(Debug, Serialize)]
pub struct FileReport {
    /// Where it is looked for.
    pub path: PathBuf,
    /// Whether it is there.
    pub found: bool,
}

/// A provider.
#[derive(Debug, Serialize)]
pub struct ProviderReport {
    /// Its name.
    pub name: String,
    /// What it speaks.
    pub kind: &'static str,
    /// Its address, or what is wrong with it.
    pub address: String,
    /// Whether a key is there, and where from.
    pub key: String,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
/// What is known of the terminal.
#[derive(Debug, Serialize)]
pub struct Terminal {
    /// Which streams are terminals, and their size.
    #[serde(flatten)]
    pub streams: Streams,
    /// `TERM`.
    pub term: Option<String>,
    /// `COLORTERM`.
    pub colorterm: Option<String>,
    /// Whether `NO_COLOR` is set.
    pub no_color: bool,
    /// Whether the locale says UTF-8.
    pub utf8: bool,
    /// Whether it runs in tmux.
    pub tmux: bool,
    /// Whether it runs over SSH.
    pub ssh: bool,
}

/// Where files are kept, and how many.
#[derive(Debug, Serialize)]
pub struct Folders {
    /// The folder of settings.
    pub config: PathBuf,
    /// The folder of sessions.
    pub sessions: PathBuf,
    /// Sessions in it.
    pub session_count: usize,
    /// Their bytes.
    pub session_bytes: u64,
    /// What the settings had removed within the last week.
    pub sessions_removed: Option<String>,
    /// The folder of what can be fetched again.
    pub cache: PathBuf,
    /// Files in it.
    pub cached: Vec<CachedFile>,
    /// The folder of logs.
    pub logs: PathBuf,
}

/// A file that can be fetched again.
#[derive(Debug, Serialize)]
pub struct CachedFile {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Seconds since it was written.
    pub age_s: u64,
}

/// Gathers and prints.
///
/// # Errors
/// What writing says. Settings that cannot be read end with [`Exit::Usage`], after everything else was printed.
pub fn main(json: bool, env: &Env, cwd: &Path, streams: Streams, out: &mut impl Write) -> Result<Exit, CliError> {
    let report = gather(env, cwd, streams, SystemTime::now());
    if json {
        let text = serde_json::to_string_pretty(&report).map_err(std::io::Error::from)?;
        writeln!(out, "{text}")?;
    } else {
        print::report(&report, out)?;
    }
    Ok(if report.error.is_some() {
        Exit::Usage
    } else {
        Exit::Valid
    })
}

/// Gathers what there is to say.
pub fn gather(env: &Env, cwd: &Path, streams: Streams, now: SystemTime) -> Report {
    let mut report = Report {
        version: env!("CARGO_PKG_VERSION"),
        error: None,
        files: Vec::new(),
        settings: BTreeMap::new(),
        unknown_variables: Vec::new(),
        providers: Vec::new(),
        chosen: None,
        terminal: terminal(env, streams),
        embedded: embedded::none(),
        folders: Paths::from_env(env, cwd).ok().map(|paths| folders(paths, now)),
    };
    match Config::load(env, cwd) {
        Err(error) => report.error = Some(error.to_string()),
        Ok(config) => settings(&mut report, config, env),
    }
    report
}

fn settings(report: &mut Report, config: Config, env: &Env) {
    report.embedded = embedded::report(&config);
    let providers = config.providers();
    report.providers = providers
        .iter()
        .map(|(name, settings)| provider_report(name, settings, env))
        .collect();
    report.chosen = Some(match config.choose(ProviderFlags::default(), env) {
        Ok((name, true)) => embedded::by_default(&name),
        Ok((name, false)) if providers.contains_key(&name) => name,
        Ok((name, false)) => format!("none: the settings ask for `{name}`, which is not set up"),
        Err(error) => format!("none: {error}"),
    });
    let seen = |FileSeen { path, found }| FileReport { path, found };
    report.files = config.files.into_iter().map(seen).collect();
    report.settings = config.origins;
    report.unknown_variables = config.unknown_variables;
}

fn provider_report(name: &str, settings: &ProviderSettings, env: &Env) -> ProviderReport {
    let kind = settings.kind.unwrap_or(ProviderKind::OpenAi);
    let address = provider::address(name, kind, settings.base_url.as_deref()).unwrap_or_else(|error| error.to_string());
    let key = match (kind, &settings.api_key_env, &settings.api_key_cmd) {
        (ProviderKind::Local, _, _) => "none needed".to_owned(),
        (_, Some(variable), _) if env.get(variable).is_some() => format!("set, from {variable}"),
        (_, _, Some(KeyCommand::Shell(_) | KeyCommand::Argv(_))) => "from api_key_cmd, which was not run".to_owned(),
        (_, Some(variable), None) => format!("not set; looked at {variable}"),
        (_, None, None) => "not set up".to_owned(),
    };
    ProviderReport {
        name: name.to_owned(),
        kind: kind.as_str(),
        address,
        key,
    }
}

fn terminal(env: &Env, streams: Streams) -> Terminal {
    let owned = |name: &str| env.get(name).map(str::to_owned);
    // The first that is set decides (POSIX, Base Definitions 8.2).
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| env.get(name));
    let locale = locale.unwrap_or_default().to_ascii_lowercase();
    Terminal {
        streams,
        term: owned("TERM"),
        colorterm: owned("COLORTERM"),
        no_color: env.get("NO_COLOR").is_some(),
        utf8: locale.contains("utf-8") || locale.contains("utf8"),
        tmux: env.get("TMUX").is_some(),
        ssh: ["SSH_CONNECTION", "SSH_TTY"]
            .into_iter()
            .any(|name| env.get(name).is_some()),
    }
}

fn folders(paths: Paths, now: SystemTime) -> Folders {
    let stored = files_in(&paths.sessions);
    let stored: Vec<_> = stored
        .filter(|(name, _)| Path::new(name).extension().is_some_and(|end| end == "jsonl"))
        .collect();
    let age = |data: &Metadata| {
        data.modified()
            .ok()
            .and_then(|at| now.duration_since(at).ok())
            .unwrap_or_default()
            .as_secs()
    };
    let cached = files_in(&paths.cache).map(|(name, data)| CachedFile {
        name,
        bytes: data.len(),
        age_s: age(&data),
    });
    let mut cached: Vec<_> = cached.collect();
    cached.sort_by(|a, b| a.name.cmp(&b.name));
    let removed = Store::new(&paths.sessions, &paths.cache).last_removed();
    Folders {
        sessions_removed: removed.and_then(|removed| sessions::told(removed, now)),
        session_count: stored.len(),
        session_bytes: stored.iter().map(|(_, data)| data.len()).sum(),
        cached,
        config: paths.config,
        sessions: paths.sessions,
        cache: paths.cache,
        logs: paths.logs,
    }
}

/// The files in a folder, which need not exist.
fn files_in(folder: &Path) -> impl Iterator<Item = (String, Metadata)> {
    fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let data = entry.metadata().ok().filter(Metadata::is_file)?;
            Some((entry.file_name().to_string_lossy().into_owned(), data))
        })
}

#[cfg(test)]
mod tests;
