//! `formwork sessions`: the recorded sessions listed and found, and what is done with them.
//!
//! Owns the search and what is said beside the list. Reading the folder is `session::store`'s, the table `table`'s, changing sessions
//! `change`'s. The settings are not asked: recordings can be looked at whatever is wrong with those.

mod change;
pub mod since;
mod table;

use crate::cli::args::{ListArgs, PathArgs, SessionsArgs, SessionsCommand};
use crate::cli::exit::{CliError, Exit};
use crate::cli::front::Front;
use crate::cli::wrap::paragraph;
use crate::config::Config;
use crate::config::paths::Paths;
use crate::session::store::{Entry, FindError, KEPT_FOR, Keep, Listing, Removed, Store};
use crate::text::clean_multiline;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Lists sessions, or does what is asked with those that are named.
///
/// # Errors
/// There is no home, the folder cannot be read, or a name means no session or several.
pub fn run(args: &SessionsArgs, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let store = store(front)?;
    match &args.command {
        None => list(&args.list, &store, front),
        Some(SessionsCommand::Path(args)) => path(args, &store, front),
        Some(SessionsCommand::Rename(args)) => change::rename(args, &store, front),
        Some(SessionsCommand::Fork(args)) => change::fork(args, &store, front),
        Some(SessionsCommand::Delete(args)) => change::delete(args, &store, front),
        Some(SessionsCommand::Restore(args)) => change::restore(args, &store, front),
        Some(SessionsCommand::Scrub(args)) => change::scrub(args, &store, front),
    }
}

/// The stored sessions.
pub(super) fn store(front: &Front<'_>) -> Result<Store, CliError> {
    let paths = Paths::from_env(front.env, &front.cwd)?;
    Ok(Store::new(paths.sessions, &paths.cache))
}

/// Removes what the settings do not want kept, beside whatever else is going on: nothing waits for it. `but` stays.
pub(super) fn tidy(config: &Config, but: Option<&Path>) {
    let keep = Keep {
        days: config.settings.sessions.keep_days,
        mb: config.settings.sessions.max_mb,
    };
    let store = Store::new(&config.paths.sessions, &config.paths.cache);
    let but = but.map(Path::to_owned);
    // A file is removed as a whole or not at all, so that the program may end meanwhile; what is left is for the next time. Without
    // a thread it is, too.
    let work = move || {
        let now = SystemTime::now();
        store.empty_trash(now);
        store.retain(keep, but.as_deref(), now);
    };
    drop(std::thread::Builder::new().name("tidy".to_owned()).spawn(work));
}

/// The session that is meant.
pub(super) fn find(name: &str, store: &Store, front: &Front<'_>) -> Result<PathBuf, CliError> {
    let found = store.find(name, &front.cwd);
    found.map_err(|error: FindError| CliError::usage(error.to_string()))
}

fn unreadable(store: &Store, error: &std::io::Error) -> CliError {
    let folder = store.folder().display();
    CliError::usage(format!("cannot read the folder of sessions {folder}: {error}"))
}

fn list(args: &ListArgs, store: &Store, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let listing = store.list().map_err(|error| unreadable(store, &error))?;
    let now = SystemTime::now();
    store.empty_trash(now);
    let words: Vec<String> = args.words.iter().map(|word| word.to_lowercase()).collect();
    let fits = |entry: &&Entry| fits(entry, args, &words, now);
    let shown: Vec<&Entry> = listing.entries.iter().filter(fits).collect();
    if args.json {
        let rows: Result<Vec<Value>, _> = shown.iter().map(|entry| row(entry)).collect();
        let data = rows.and_then(|rows| serde_json::to_string_pretty(&rows));
        let data = data.map_err(std::io::Error::from)?;
        print(&data, front)?;
    } else {
        let columns = match (front.stdout_is_terminal, front.stdout_columns) {
            (true, columns) => columns.unwrap_or(80),
            (false, _) => usize::MAX,
        };
        write!(front.stdout, "{}", table::table(&shown, columns, now))?;
    }
    front.stdout.flush()?;
    let removed = store.last_removed().and_then(|removed| told(removed, now));
    for line in narration(&listing, shown.len(), store.folder())
        .into_iter()
        .chain(removed)
    {
        write!(front.stderr, "{}", paragraph(&line, 0, front.columns))?;
    }
    Ok(Exit::Valid)
}

/// A session as JSON, without the words that it is searched by.
fn row(entry: &Entry) -> serde_json::Result<Value> {
    let mut row = serde_json::to_value(entry)?;
    if let Value::Object(members) = &mut row {
        members.shift_remove("search");
    }
    Ok(row)
}

/// Whether a session is one that is asked for. `words` are in lower case.
fn fits(entry: &Entry, args: &ListArgs, words: &[String], now: SystemTime) -> bool {
    let model = |word: &String| entry.model.to_lowercase().contains(&word.to_lowercase());
    words.iter().all(|word| entry.has(word))
        && args.outcome.as_deref().is_none_or(|word| word == entry.outcome_word())
        && args.model.as_ref().is_none_or(model)
        && args.since.is_none_or(|since| since.lets(entry.modified, now))
}

/// How many sessions are shown, and what else is there.
fn narration(listing: &Listing, shown: usize, folder: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(first) = listing.others.first() {
        let rest = match listing.others.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let named = first.display();
        lines.push(format!(
            "cannot be read as sessions: {named}{rest}; `formwork replay` says why"
        ));
    }
    let all = listing.entries.len();
    lines.push(format!("{shown} of {all} sessions in {}", folder.display()));
    lines
}

fn path(args: &PathArgs, store: &Store, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let found = if let Some(name) = &args.name {
        find(name, store, front)?
    } else {
        let last = store.last().map_err(|error| unreadable(store, &error))?;
        last.ok_or_else(|| CliError::usage(format!("there is no session in {}", store.folder().display())))?
    };
    print(&found.to_string_lossy(), front)?;
    Ok(Exit::Valid)
}

/// What the settings had removed, told for a week.
pub(super) fn told(removed: Removed, now: SystemTime) -> Option<String> {
    let at = UNIX_EPOCH + Duration::from_secs(removed.at);
    let recent = now.duration_since(at).is_ok_and(|age| age < KEPT_FOR);
    let sessions = match removed.count {
        1 => "1 session was".to_owned(),
        count => format!("{count} sessions were"),
    };
    let kib = removed.bytes.div_ceil(1024);
    let when = humantime::format_rfc3339_seconds(at);
    recent
        .then(|| format!("{sessions} removed at {when} ({kib} KiB), as `sessions.keep_days` and `sessions.max_mb` ask"))
}

/// Data on stdout, sanitised if that is a terminal.
fn print(data: &str, front: &mut Front<'_>) -> Result<(), CliError> {
    if front.stdout_is_terminal {
        writeln!(front.stdout, "{}", clean_multiline(data))?;
    } else {
        writeln!(front.stdout, "{data}")?;
    }
    Ok(())
}
