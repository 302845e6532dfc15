//! `formwork`, `formwork open` and `formwork replay`: the workbench, with the same task options as `run`.
//!
//! Owns the way in and what is said after it. What it opens with is `first`'s, going from one session to another `sittings`'s; what
//! happens in each is the workbench's.

mod favourites;
mod first;
mod sittings;
mod supply;

use crate::cli::args::TaskArgs;
use crate::cli::exit::{CliError, Exit};
use crate::cli::front::Front;
use crate::config::Config;
use crate::session::store::Store;
use crate::text::clean;
use crate::workbench::replay::Recorded;
use crate::workbench::runtime::Left;
use crate::workbench::runtime::recorder::Place;
use sittings::{House, Opening};
use std::path::PathBuf;

/// Opens the workbench: with a stored session if one is named, else with what flags and settings say.
///
/// # Errors
/// The settings, a file or the session cannot be read, or there is no terminal.
pub fn run(args: &TaskArgs, session: Option<&str>, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let config = Config::load(front.env, &front.cwd)?;
    needs_terminal(front)?;
    let store = Store::new(&config.paths.sessions, &config.paths.cache);
    let first = first::first(args, session, &config, &store, front)?;
    sit(args, config, store, Opening::Work(Box::new(first)), front)
}

/// Replays a session in the workbench. Nothing is asked of any server, and the session is not written to.
///
/// # Errors
/// The settings cannot be read, or there is no terminal.
pub fn replay(recorded: Recorded, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let config = Config::load(front.env, &front.cwd)?;
    needs_terminal(front)?;
    let store = Store::new(&config.paths.sessions, &config.paths.cache);
    let opening = Opening::Replay(Box::new(recorded));
    sit(&TaskArgs::default(), config, store, opening, front)
}

fn needs_terminal(front: &Front<'_>) -> Result<(), CliError> {
    if front.stdin_is_terminal && front.stdout_is_terminal {
        return Ok(());
    }
    Err(CliError::usage(
        "the workbench needs a terminal on stdin and stdout: use `formwork run` or `formwork replay --print` in scripts and pipes",
    ))
}

fn sit(
    args: &TaskArgs,
    config: Config,
    store: Store,
    opening: Opening,
    front: &mut Front<'_>,
) -> Result<Exit, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let house = House::new(args, config, store, front.env);
    let ended = runtime.block_on(house.serve(opening));
    // A key command or a download under way is not waited for.
    runtime.shutdown_background();
    let (left, recorded) = ended?;
    if let Left::Because(why) = &left {
        writeln!(front.stderr, "formwork: {}", clean(why))?;
    }
    for path in recorded {
        let path = path.display().to_string();
        writeln!(front.stderr, "session {}", clean(&path))?;
    }
    Ok(Exit::Valid)
}

/// The folder of new sessions, or the file that was named.
fn place(args: &TaskArgs, config: &Config, front: &Front<'_>) -> Place {
    match &args.session {
        Some(path) => Place::File(front.cwd.join(path)),
        None => Place::Folder(config.paths.sessions.clone()),
    }
}

/// How the workbench was left, and which sessions were written.
type Ended = (Left, Vec<PathBuf>);
