//! `formwork sessions`: the recorded sessions listed, found and deleted.
//!
//! Owns the search and what is said beside the list. Reading the folder is `session::store`'s, the table `table`'s. The settings are not
//! asked: recordings can be looked at whatever is wrong with those.

mod table;

use crate::cli::args::{DeleteArgs, ListArgs, PathArgs, SessionsArgs, SessionsCommand};
use crate::cli::exit::{CliError, Exit};
use crate::cli::front::Front;
use crate::cli::wrap::paragraph;
use crate::config::paths::Paths;
use crate::session::store::{Entry, FindError, Listing, Store, delete};
use crate::text::{clean, clean_multiline};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Lists sessions, or does what is asked with those that are named.
///
/// # Errors
/// There is no home, the folder cannot be read, or a name means no session or several.
pub fn run(args: &SessionsArgs, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let store = store(front)?;
    match &args.command {
        None => list(&args.list, &store, front),
        Some(SessionsCommand::Path(args)) => path(args, &store, front),
        Some(SessionsCommand::Delete(args)) => delete_all(args, &store, front),
    }
}

/// The stored sessions.
pub(super) fn store(front: &Front<'_>) -> Result<Store, CliError> {
    let paths = Paths::from_env(front.env, &front.cwd)?;
    Ok(Store::new(paths.sessions, &paths.cache))
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
    let shown: Vec<&Entry> = listing.entries.iter().filter(|entry| fits(entry, args, now)).collect();
    if args.json {
        let data = serde_json::to_string_pretty(&shown).map_err(std::io::Error::from)?;
        print(&data, front)?;
    } else {
        let columns = match (front.stdout_is_terminal, front.stdout_columns) {
            (true, columns) => columns.unwrap_or(80),
            (false, _) => usize::MAX,
        };
        write!(front.stdout, "{}", table::table(&shown, columns, now))?;
    }
    front.stdout.flush()?;
    for line in narration(&listing, shown.len(), store.folder()) {
        write!(front.stderr, "{}", paragraph(&line, 0, front.columns))?;
    }
    Ok(Exit::Valid)
}

/// Whether a session is one that is asked for.
fn fits(entry: &Entry, args: &ListArgs, now: SystemTime) -> bool {
    let lower = |text: &str| text.to_lowercase();
    let texts = [
        lower(&entry.title),
        lower(&entry.name()),
        lower(&entry.id),
        lower(&entry.model),
        lower(&entry.created),
    ];
    let has = |word: &String| texts.iter().any(|text| text.contains(&lower(word)));
    let age = now.duration_since(entry.modified).unwrap_or_default();
    args.words.iter().all(has)
        && args.outcome.as_deref().is_none_or(|word| word == entry.outcome_word())
        && args
            .model
            .as_ref()
            .is_none_or(|word| lower(&entry.model).contains(&lower(word)))
        && args.since.is_none_or(|span| age <= span)
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

/// All are found before the first is deleted, so that a misspelt name costs nothing.
fn delete_all(args: &DeleteArgs, store: &Store, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let found: Result<Vec<_>, _> = args.names.iter().map(|name| find(name, store, front)).collect();
    let mut found = found?;
    found.sort();
    found.dedup();
    if !args.yes {
        let paths: Vec<_> = found.iter().map(|path| path.display().to_string()).collect();
        let paths = paths.join(", ");
        return Err(CliError::usage(format!("nothing was deleted: --yes deletes {paths}")));
    }
    for path in &found {
        delete(path).map_err(|error| CliError::usage(error.to_string()))?;
        let path = path.display().to_string();
        writeln!(front.stderr, "deleted {}", clean(&path))?;
    }
    Ok(Exit::Valid)
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
