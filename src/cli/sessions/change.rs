//! What `formwork sessions` does with sessions that are named.
//!
//! Owns what is said of it. The files are `session`'s.

use super::{find, print};
use crate::cli::args::{DeleteArgs, NameArgs, RenameArgs, RestoreArgs, ScrubArgs};
use crate::cli::exit::{CliError, Exit};
use crate::cli::front::Front;
use crate::config::paths::private_file;
use crate::session::scrub;
use crate::session::store::{self, Store};
use crate::text::clean;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Gives a session another title.
pub(super) fn rename(args: &RenameArgs, store: &Store, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let path = find(&args.name, store, front)?;
    store::rename(&path, &args.title).map_err(|error| CliError::usage(error.to_string()))?;
    say("renamed", &path, front)
}

/// Copies a session and prints where the copy is.
pub(super) fn fork(args: &NameArgs, store: &Store, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let path = find(&args.name, store, front)?;
    let fork = store::fork(&path).map_err(|error| CliError::usage(error.to_string()))?;
    print(&fork.to_string_lossy(), front)?;
    Ok(Exit::Valid)
}

/// Deletes sessions. All are found before the first is deleted, so that a misspelt name costs nothing.
pub(super) fn delete(args: &DeleteArgs, store: &Store, front: &mut Front<'_>) -> Result<Exit, CliError> {
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
        store
            .discard(path)
            .map_err(|error| CliError::usage(error.to_string()))?;
        say("deleted", path, front)?;
    }
    writeln!(front.stderr, "for 7 days `formwork sessions restore` brings it back")?;
    Ok(Exit::Valid)
}

/// Brings a deleted session back.
pub(super) fn restore(args: &RestoreArgs, store: &Store, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let found = store.find_discarded(args.name.as_deref(), &front.cwd);
    let found = found.map_err(|error| CliError::usage(format!("nothing was brought back: {error}")))?;
    let Some(gone) = found else {
        return Err(CliError::usage("nothing was brought back: no deleted session is left"));
    };
    store.restore(&gone).map_err(|error| {
        let place = gone.path.display();
        CliError::usage(format!(
            "cannot bring back {place}: {error}; it is still in {}",
            gone.kept.display()
        ))
    })?;
    say("brought back", &gone.path, front)
}

/// Copies a session without its contents and prints where the copy is.
pub(super) fn scrub(args: &ScrubArgs, store: &Store, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let path = find(&args.name, store, front)?;
    let output = match &args.output {
        Some(output) => front.cwd.join(output),
        None => front.cwd.join(beside(&path)),
    };
    let (text, done) = scrub::file(&path).map_err(|error| CliError::usage(error.to_string()))?;
    let cannot = |error: io::Error| CliError::usage(format!("cannot write {}: {error}", output.display()));
    let mut file = private_file()
        .write(true)
        .create_new(true)
        .open(&output)
        .map_err(cannot)?;
    file.write_all(&text).map_err(|error| {
        // Half a copy is of no use.
        drop(fs::remove_file(&output));
        cannot(error)
    })?;
    print(&output.to_string_lossy(), front)?;
    if done.left_out > 0 {
        writeln!(
            front.stderr,
            "{} lines were left out: they cannot be read here",
            done.left_out
        )?;
    }
    Ok(Exit::Valid)
}

/// The name of a scrubbed copy.
fn beside(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    PathBuf::from(format!("{stem}.scrubbed.jsonl"))
}

fn say(what: &str, path: &Path, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let path = path.display().to_string();
    writeln!(front.stderr, "{what} {}", clean(&path))?;
    Ok(Exit::Valid)
}
