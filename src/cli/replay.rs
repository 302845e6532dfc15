//! `formwork replay`: what a session recorded, printed again without any network.
//!
//! Owns the choice of the run and the exit code. Values and events are printed as `run` prints them.

use crate::cli::args::ReplayArgs;
use crate::cli::exit::{CliError, Exit};
use crate::cli::front::Front;
use crate::cli::live::Narrator;
use crate::cli::output::{Output, Printer};
use crate::cli::run::tell_end;
use crate::cli::{sessions, workbench};
use crate::event::RunId;
use crate::record::{Record, RunRecord};
use crate::session::Tape;
use crate::session::player::IDLE_LIMIT;
use crate::verdict::Outcome;
use crate::workbench::overlays::Source;
use crate::workbench::runtime::recorded;
use std::io::Write;

/// Prints the value or the events of a session. stdout is data, stderr is narration.
///
/// # Errors
/// There is no such session or run, or it cannot be read.
pub fn run(args: &ReplayArgs, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let path = sessions::find(&args.session, &sessions::store(front)?, front)?;
    if !args.print && !args.events {
        let recorded = recorded(&Source::File(path), IDLE_LIMIT).map_err(CliError::usage)?;
        return workbench::replay(recorded, front);
    }
    let tape = Tape::read(&path).map_err(|error| CliError::usage(error.to_string()))?;
    let mut record = Record::default();
    for index in 0..tape.len() {
        tape.apply(index, &mut record);
    }
    let wanted = wanted(args, &record)?;
    let stderr: &mut dyn Write = &mut *front.stderr;
    let mut narrator = Narrator::new(stderr, front.columns, false);
    for warning in &tape.warnings {
        narrator.say(&format!("{}: {warning}", path.display()));
    }
    if args.events {
        let mut printer = Printer::new(&mut *front.stdout, Output::Events, front.stdout_is_terminal);
        print_events(&tape, args.run, &mut printer)?;
        return Ok(Exit::Valid);
    }
    let run = wanted.ok_or_else(|| CliError::usage(format!("{} has no run", path.display())))?;
    Printer::new(&mut *front.stdout, Output::Value, front.stdout_is_terminal).end(run)?;
    tell_end(&mut narrator, run, None);
    let Some(ended) = &run.ended else {
        narrator.insist(&format!(
            "run {} has no end: it was interrupted, or is under way",
            run.id
        ));
        return Ok(Exit::NotValid);
    };
    Ok(match ended.outcome {
        Outcome::Valid => Exit::Valid,
        Outcome::Invalid | Outcome::Refused | Outcome::Failed | Outcome::Cancelled => Exit::NotValid,
    })
}

/// The run that is asked for; the last one if none is, and none if there is none.
fn wanted<'r>(args: &ReplayArgs, record: &'r Record) -> Result<Option<&'r RunRecord>, CliError> {
    let Some(number) = args.run else {
        return Ok(record.runs.last());
    };
    if let Some(run) = record.run(number) {
        return Ok(Some(run));
    }
    let numbers: Vec<String> = record.runs.iter().map(|run| run.id.to_string()).collect();
    let there = match numbers.as_slice() {
        [] => "it has none".to_owned(),
        numbers => format!("it has {}", numbers.join(", ")),
    };
    Err(CliError::usage(format!("the session has no run {number}: {there}")))
}

/// Each event on a line, of all runs or of one; those that this program does not know are left out.
fn print_events(tape: &Tape, only: Option<RunId>, printer: &mut Printer<'_>) -> Result<(), CliError> {
    for stamped in tape.events() {
        if stamped.event.is_journaled() && (only.is_none() || stamped.event.run() == only) {
            printer.line(&stamped)?;
        }
    }
    Ok(())
}
