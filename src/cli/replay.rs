//! `formwork replay`: what a session recorded, printed again without any network.
//!
//! Owns the choice of the moment and of the run, and the exit code. Values and events are printed as `run` prints them; judging under
//! another schema is `session::whatif`'s.

use crate::cli::args::{Moment, ReplayArgs};
use crate::cli::exit::{CliError, Exit};
use crate::cli::front::Front;
use crate::cli::live::Narrator;
use crate::cli::output::{Output, Printer};
use crate::cli::recording::{self, Recording};
use crate::cli::run::tell_end;
use crate::cli::{input, narrate, workbench};
use crate::event::{RunEvent, RunId, Stamped};
use crate::record::{Record, RunRecord};
use crate::session::player::IDLE_LIMIT;
use crate::session::whatif::{Difference, under};
use crate::session::{History, Tape};
use crate::verdict::Outcome;
use crate::words;
use crate::workbench::replay::Recorded;
use std::io::Write;
use std::sync::Arc;

/// A session as it is to be replayed.
pub struct Replayed {
    /// Where it was recorded.
    pub recording: Recording,
    /// It, with its answers judged under another schema if one was given.
    pub tape: Tape,
    /// Where the verdicts under that schema differ from the recorded ones.
    pub differences: Vec<Difference>,
    /// How many of its events are to have happened.
    pub position: usize,
    /// The run that is meant; the last one if none is.
    pub run: Option<RunId>,
}

/// Replays a session: prints its value or its events, or opens it. stdout is data, stderr is narration.
///
/// # Errors
/// There is no such session, run or moment, or it cannot be read; the schema is none.
pub fn run(args: &ReplayArgs, front: &mut Front<'_>) -> Result<Exit, CliError> {
    if !args.events && !args.print && front.stdout_is_terminal && front.stdin_is_terminal {
        return open(args, front);
    }
    let replayed = replayed(args, front)?;
    if args.events {
        return print_events(&replayed, front);
    }
    print(&replayed, args.at.is_some(), front)
}

/// What is done at a terminal, where nothing says what to print: the workbench replays it. A schema that is given is tried from the
/// beginning.
fn open(args: &ReplayArgs, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let tape = recording::find(&args.session, front)?.read()?;
    let schema = match &args.schema {
        Some(given) => {
            let text = input::schema(given, &front.cwd)?;
            input::load_schema(&text.text, text.name.as_deref())?;
            Some(text.text)
        }
        None => None,
    };
    let place = match (args.at, args.run) {
        (Some(at), _) => Some(position(Some(at), &tape)?),
        (None, Some(run)) => Some(beginning(run, &tape)?),
        (None, None) => None,
    };
    let idle_limit = args
        .idle_limit
        .map_or(IDLE_LIMIT, |limit| u64::try_from(limit.as_millis()).unwrap_or(u64::MAX));
    let recorded = Recorded {
        history: Arc::new(History::new(Arc::new(tape))),
        idle_limit,
        schema,
        position: place,
    };
    workbench::replay(recorded, front)
}

/// The position at which a run has begun.
fn beginning(run: RunId, tape: &Tape) -> Result<usize, CliError> {
    let begins = |at: &usize| matches!(tape.event(*at).as_ref(), RunEvent::Started { run: own, .. } if *own == run);
    let found = (0..tape.len()).find(begins).map(|at| at + 1);
    found.ok_or_else(|| CliError::usage(format!("the session has no run {run}")))
}

fn replayed(args: &ReplayArgs, front: &Front<'_>) -> Result<Replayed, CliError> {
    let recording = recording::find(&args.session, front)?;
    let mut tape = recording.read()?;
    let mut differences = Vec::new();
    if let Some(given) = &args.schema {
        let text = input::schema(given, &front.cwd)?;
        let schema = input::load_schema(&text.text, text.name.as_deref())?;
        (tape, differences) = under(&tape, &schema);
    }
    let position = position(args.at, &tape)?;
    Ok(Replayed {
        recording,
        tape,
        differences,
        position,
        run: args.run,
    })
}

/// How many events are to have happened.
fn position(at: Option<Moment>, tape: &Tape) -> Result<usize, CliError> {
    let events = tape.len();
    match at {
        None => Ok(events),
        Some(Moment::Event(number)) if number > events => Err(CliError::usage(format!(
            "--at {number}: the session has {}",
            words::count(events, "event")
        ))),
        Some(Moment::Event(number)) => Ok(number),
        Some(Moment::Time(ms)) => Ok(tape.count_at(ms)),
    }
}

impl Replayed {
    /// The events that are to have happened.
    fn happened(&self) -> impl Iterator<Item = Stamped> + '_ {
        self.tape.events().take(self.position)
    }

    fn record(&self) -> Record {
        let mut record = Record::default();
        for index in 0..self.position {
            self.tape.apply(index, &mut record);
        }
        record
    }

    /// What is to be known of the file, and where verdicts differ.
    fn narrate(&self, narrator: &mut Narrator<&mut dyn Write>) {
        for warning in &self.tape.warnings {
            narrator.say(&format!("{}: {warning}", self.recording));
        }
        let differences = self.differences.iter();
        for difference in differences.filter(|one| self.run.is_none_or(|run| run == one.run)) {
            narrator.say(&narrate::difference(difference));
        }
    }
}

/// Prints the value as it was at the moment, and says how the run stood.
fn print(replayed: &Replayed, is_moment: bool, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let record = replayed.record();
    let wanted = wanted(replayed.run, &record)?;
    let stderr: &mut dyn Write = &mut *front.stderr;
    let mut narrator = Narrator::new(stderr, front.columns, false);
    replayed.narrate(&mut narrator);
    let mut printer = Printer::new(&mut *front.stdout, Output::Value, front.stdout_is_terminal);
    if is_moment {
        let at = replayed
            .position
            .checked_sub(1)
            .map_or(0, |last| replayed.tape.at(last));
        let of = replayed.tape.len();
        narrator.say(&format!("event {} of {of}, {}", replayed.position, words::span(at)));
    }
    let run = match wanted {
        Some(run) => run,
        None if is_moment => return Ok(Exit::Valid),
        None => return Err(CliError::usage(format!("{} has no run", replayed.recording))),
    };
    let Some(ended) = &run.ended else {
        return unended(run, is_moment, &mut printer, &mut narrator);
    };
    printer.end(run)?;
    tell_end(&mut narrator, run, None);
    Ok(match ended.outcome {
        Outcome::Valid => Exit::Valid,
        Outcome::Invalid | Outcome::Refused | Outcome::Failed | Outcome::Cancelled => Exit::NotValid,
    })
}

/// A run that has no end, or none yet at the moment that was asked for: that one's partial value is data.
fn unended(
    run: &RunRecord,
    is_moment: bool,
    printer: &mut Printer<'_>,
    narrator: &mut Narrator<&mut dyn Write>,
) -> Result<Exit, CliError> {
    if !is_moment {
        tell_end(narrator, run, None);
        narrator.insist(&format!(
            "run {} has no end: it was interrupted, or is under way",
            run.id
        ));
        return Ok(Exit::NotValid);
    }
    if let Some(value) = run.value() {
        printer.value(&value)?;
    }
    let attempt = run.attempt().map_or_else(String::new, |attempt| {
        format!(", attempt {} ({})", attempt.number, attempt.mode)
    });
    let fields = run.attempt().and_then(|attempt| attempt.answer.progress());
    let fields = fields.map_or_else(String::new, |(closed, known)| format!(", {closed} of {known} fields"));
    let doing = run
        .waiting
        .as_ref()
        .map_or_else(|| words::doing(run), |waiting| format!("waiting: {}", waiting.reason));
    narrator.say(&format!("run {}{attempt}: {doing}{fields}", run.id));
    Ok(Exit::Valid)
}

/// The run that is asked for; the last one if none is, and none if there is none.
fn wanted(number: Option<RunId>, record: &Record) -> Result<Option<&RunRecord>, CliError> {
    let Some(number) = number else {
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
fn print_events(replayed: &Replayed, front: &mut Front<'_>) -> Result<Exit, CliError> {
    wanted(replayed.run, &replayed.record())?;
    let stderr: &mut dyn Write = &mut *front.stderr;
    replayed.narrate(&mut Narrator::new(stderr, front.columns, false));
    let mut printer = Printer::new(&mut *front.stdout, Output::Events, front.stdout_is_terminal);
    let kept = replayed.happened().filter(|stamped| stamped.event.is_journaled());
    for stamped in kept.filter(|stamped| replayed.run.is_none() || stamped.event.run() == replayed.run) {
        printer.line(&stamped)?;
    }
    Ok(Exit::Valid)
}
