//! The command line: from arguments to an exit code.
//!
//! Owns parsing, dispatch and the last word on stderr. Each command has its own file. stdout is data, stderr is narration.

pub mod args;
pub mod check;
pub mod completions;
pub mod doctor;
pub mod exit;
pub mod export;
pub mod front;
pub mod input;
pub mod live;
pub mod man;
pub mod models;
pub mod narrate;
pub mod output;
pub mod providers;
pub mod recording;
pub mod replay;
pub mod run;
pub mod sessions;
mod signals;
mod table;
pub mod test;
pub mod workbench;
pub mod wrap;

use crate::config::Env;
use crate::text::clean_multiline;
use args::{Cli, Command, TaskArgs};
use clap::Parser;
use clap::error::ErrorKind;
use doctor::Streams;
use exit::{CliError, Exit};
use front::Front;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

/// Runs the program: `args` with its name first, `env` the whole environment.
pub fn main(args: impl IntoIterator<Item = OsString>, env: &Env) -> ExitCode {
    let mut out = io::stdout().lock();
    let result = match Cli::try_parse_from(args) {
        Ok(cli) => dispatch(&cli, env, &mut out),
        Err(error) => usage(&error, env, &mut out),
    };
    let result = result.and_then(|exit| out.flush().map(|()| exit).map_err(CliError::from));
    let exit = match result {
        Ok(exit) => exit,
        Err(error) => {
            complain(&error);
            error.code
        }
    };
    exit.into()
}

fn dispatch(cli: &Cli, env: &Env, out: &mut dyn Write) -> Result<Exit, CliError> {
    let cwd = std::env::current_dir()
        .map_err(|error| CliError::usage(format!("cannot tell the current folder ({error}): change to another")))?;
    let streams = streams();
    let mut front = Front {
        env,
        cwd,
        stdin: &mut io::stdin().lock(),
        stdin_is_terminal: streams.stdin,
        stdout: out,
        stdout_is_terminal: streams.stdout,
        stdout_columns: columns(streams, streams.stdout),
        stderr: &mut io::stderr(),
        columns: columns(streams, streams.stderr),
    };
    command(cli, streams, &mut front)
}

fn columns(streams: Streams, is_terminal: bool) -> Option<usize> {
    streams
        .size
        .filter(|_| is_terminal)
        .map(|(columns, _)| usize::from(columns))
}

fn command(cli: &Cli, streams: Streams, front: &mut Front<'_>) -> Result<Exit, CliError> {
    match &cli.command {
        None => workbench::run(&cli.task, None, front),
        Some(Command::Open(args)) => {
            let task = TaskArgs {
                provider: args.provider.clone(),
                base_url: args.base_url.clone(),
                no_session: args.no_session,
                ..TaskArgs::default()
            };
            workbench::run(&task, Some(&args.session), front)
        }
        Some(Command::Run(args)) => run::run(args, front),
        Some(Command::Check(args)) => check::run(args, front),
        Some(Command::Models(args)) => models::run(args, front),
        Some(Command::Sessions(args)) => sessions::run(args, front),
        Some(Command::Replay(args)) => replay::run(args, front),
        Some(Command::Test(args)) => test::run(args, front),
        Some(Command::Export(args)) => export::run(args, front),
        Some(Command::Doctor(args)) => doctor::main(args.json, front.env, &front.cwd, streams, &mut front.stdout),
        Some(Command::Completions(args)) => completions::main(*args, &mut front.stdout),
        Some(Command::Man(args)) => man::main(args, &front.cwd, &mut front.stdout),
    }
}

/// What clap has to say: help and version are data, the rest is an error.
fn usage(error: &clap::Error, env: &Env, out: &mut impl Write) -> Result<Exit, CliError> {
    let text = error.render();
    if !matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let text = text.to_string();
        return Err(CliError::usage(
            text.strip_prefix("error: ").unwrap_or(&text).trim_end(),
        ));
    }
    if io::stdout().is_terminal() && env.get("NO_COLOR").is_none() {
        write!(out, "{}", text.ansi())?;
    } else {
        write!(out, "{text}")?;
    }
    Ok(Exit::Valid)
}

fn complain(error: &CliError) {
    if error.message.is_empty() {
        return;
    }
    // With stderr gone there is nobody left to tell.
    drop(writeln!(
        io::stderr().lock(),
        "formwork: {}",
        clean_multiline(&error.message)
    ));
}

fn streams() -> Streams {
    let (stdin, stdout, stderr) = (
        io::stdin().is_terminal(),
        io::stdout().is_terminal(),
        io::stderr().is_terminal(),
    );
    let size = if stdin || stdout || stderr {
        crossterm::terminal::size().ok()
    } else {
        None
    };
    Streams {
        stdin,
        stdout,
        stderr,
        size,
    }
}
