//! `formwork test --live`: the recorded tasks run again, and the values compared.
//!
//! Owns which runs are made again, one after the other, and that their number is said first. They go through the same worker as any
//! run; nothing is recorded.

use super::report::{Report, State};
use super::{Subject, TestArgs};
use crate::cli::exit::CliError;
use crate::cli::front::Front;
use crate::cli::input;
use crate::cli::live::Narrator;
use crate::cli::providers;
use crate::cli::signals::Signals;
use crate::config::{Config, ProviderFlags};
use crate::event::{RunEvent, RunId};
use crate::provider::Provider;
use crate::record::Record;
use crate::session::whatif::{Again, Difference, compare};
use crate::task::Task;
use crate::verdict::Outcome;
use crate::words;
use crate::worker::{self, Command, Job};
use serde_json::Value;
use std::io::Write;
use std::sync::Arc;

/// A run to be made again.
struct Wanted {
    run: RunId,
    task: Arc<Task>,
    provider: String,
    /// What was recorded.
    value: Value,
}

/// A session, and what of it is to be run again.
struct Planned {
    report: Report,
    runs: Vec<Wanted>,
}

/// How one run came out.
enum Ran {
    /// With a value, and how much it cost in words.
    Value(Value, String),
    Failed(String),
    Cancelled,
}

/// Runs every valid run of every session again.
pub(super) fn all(args: &TestArgs, subjects: &[Subject], front: &mut Front<'_>) -> Result<Vec<Report>, CliError> {
    let config = Config::load(front.env, &front.cwd)?;
    let mut planned: Vec<Planned> = subjects.iter().map(plan).collect();
    let runs: usize = planned.iter().map(|one| one.runs.len()).sum();
    let providers = open(args, &planned, &config, front)?;
    let stderr: &mut dyn Write = &mut *front.stderr;
    let mut narrator = Narrator::new(stderr, front.columns, false);
    narrator.say(&format!(
        "making {} of {} again, each with all the attempts it needs",
        words::count(runs, "run"),
        words::count(subjects.len(), "session")
    ));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut signals = Signals::new()?;
        for one in &mut planned {
            again(one, args, &providers, &mut signals, &mut narrator).await;
            if one.report.state == State::Cancelled {
                break;
            }
        }
        Ok::<(), CliError>(())
    })?;
    Ok(planned.into_iter().map(|one| one.report).collect())
}

/// The valid runs of a session, with their values.
fn plan(subject: &Subject) -> Planned {
    let mut report = Report::new(subject.label.clone());
    let mut record = Record::default();
    match subject.recording.read() {
        Ok(tape) => {
            for index in 0..tape.len() {
                tape.apply(index, &mut record);
            }
            report.notes = tape.warnings;
        }
        Err(error) => report.state = State::Unreadable(error.message),
    }
    report.again.runs = record.runs.len();
    let valid = record
        .runs
        .into_iter()
        .filter(|run| run.ended.as_ref().is_some_and(|ended| ended.outcome == Outcome::Valid));
    let runs = valid.filter_map(|run| {
        let value = run.verdict()?.value.clone();
        Some(Wanted {
            run: run.id,
            task: run.task,
            provider: run.provider,
            value,
        })
    });
    Planned {
        runs: runs.collect(),
        report,
    }
}

/// A provider under the name that it is asked for by.
type Named = (String, Arc<dyn Provider>);

/// A provider for each name that is asked for. Nothing is sent.
fn open(args: &TestArgs, planned: &[Planned], config: &Config, front: &Front<'_>) -> Result<Vec<Named>, CliError> {
    let mut opened: Vec<Named> = Vec::new();
    for run in planned.iter().flat_map(|one| &one.runs) {
        let name = args.provider.as_deref().unwrap_or(&run.provider);
        if opened.iter().any(|(known, _)| known == name) {
            continue;
        }
        let flags = ProviderFlags {
            provider: Some(name),
            base_url: args.base_url.as_deref(),
            model: args.model.as_deref(),
        };
        let provider = providers::open(config, flags, front.env)?.provider;
        opened.push((name.to_owned(), provider));
    }
    Ok(opened)
}

/// Makes the runs of one session again.
async fn again(
    planned: &mut Planned,
    args: &TestArgs,
    providers: &[Named],
    signals: &mut Signals,
    narrator: &mut Narrator<&mut dyn Write>,
) {
    let mut again = Again {
        runs: planned.report.again.runs,
        ..Again::default()
    };
    for run in &planned.runs {
        let name = args.provider.as_deref().unwrap_or(&run.provider);
        let Some((_, provider)) = providers.iter().find(|(known, _)| known == name) else {
            continue;
        };
        let mut task = run.task.as_ref().clone();
        if let Some(model) = &args.model {
            task.model.clone_from(model);
        }
        match make(run.run, task, Arc::clone(provider), signals).await {
            Ran::Value(value, spent) => {
                narrator.say(&format!("{}, run {}: {spent}", planned.report.label, run.run));
                again.verdicts += 1;
                let found = compare::values(&run.value, &value).into_iter();
                again.differences.extend(found.map(|found| Difference {
                    run: run.run,
                    attempt: 0,
                    pointer: found.pointer,
                    recorded: found.recorded,
                    now: found.now,
                }));
            }
            Ran::Failed(why) => planned.report.state = State::Failed(format!("run {}: {why}", run.run)),
            Ran::Cancelled => {
                planned.report.state = State::Cancelled;
                return;
            }
        }
    }
    if planned.report.state == State::Same || !again.differences.is_empty() {
        planned.report.settle(again);
    }
}

/// One run, from its task to its value. A value that is not valid is compared as well.
async fn make(run: RunId, task: Task, provider: Arc<dyn Provider>, signals: &mut Signals) -> Ran {
    let schema = match input::load_schema(&task.schema, task.schema_name.as_deref()) {
        Ok(schema) => schema,
        Err(error) => return Ran::Failed(error.message),
    };
    let (commands, mut events) = worker::spawn();
    let job = Job {
        run,
        task: Arc::new(task),
        schema,
        provider,
    };
    // The worker outlives this function, so the command cannot be lost.
    let _ = commands.send(Command::Start(Box::new(job))).await;
    let mut record = Record::default();
    loop {
        tokio::select! {
            event = events.recv() => {
                let Some(event) = event else { break };
                let over = matches!(event, RunEvent::Ended { .. });
                record.apply(0, &event);
                if over {
                    break;
                }
            }
            () = signals.next() => {
                let _ = commands.send(Command::Cancel(run)).await;
            }
        }
    }
    let Some(run) = record.runs.first() else {
        return Ran::Failed("the run did not begin".into());
    };
    match (&run.ended, run.verdict()) {
        (Some(ended), _) if ended.outcome == Outcome::Cancelled => Ran::Cancelled,
        (Some(ended), Some(verdict)) if matches!(ended.outcome, Outcome::Valid | Outcome::Invalid) => {
            let spent = words::spent(&run.totals).join(" · ");
            Ran::Value(verdict.value.clone(), format!("{}, {spent}", ended.outcome))
        }
        (Some(ended), _) => Ran::Failed(ended.reason.clone()),
        (None, _) => Ran::Failed("the run has no end".into()),
    }
}
