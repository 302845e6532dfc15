//! What the workbench opens with.
//!
//! Owns the order: a session that is named, a task from flags and settings, the last session, a sample.

use super::place;
use crate::cli::args::TaskArgs;
use crate::cli::exit::CliError;
use crate::cli::front::Front;
use crate::cli::input::{self, Sources};
use crate::config::Config;
use crate::event::RunEvent;
use crate::record::{Record, RunRecord};
use crate::session::Tape;
use crate::session::store::Store;
use crate::task::Task;
use crate::verdict::Outcome;
use crate::workbench::model::{Model, Pane, SchemaFile};
use crate::workbench::runtime::changed_at;
use crate::workbench::runtime::recorder::Place;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The sample of a first time: three kinds of fields, and small enough for the demo model.
const SAMPLE_SCHEMA: &str = "name, age int\naddresses [{street, city, country}]\n";

/// Its text.
const SAMPLE_INPUT: &str = "Jason is 25 years old. He lives at 123 Main St, New York, USA and has a summer house at 456 Beach Rd, Miami, USA\n";

/// What the workbench opens with.
pub struct First {
    /// Schema, input, instructions and options.
    task: Task,
    /// The schema's file.
    schema_file: Option<PathBuf>,
    /// What a session has recorded.
    record: Record,
    /// Whether it is the sample.
    sample: bool,
    /// The provider that a session names.
    pub provider: Option<String>,
    /// When the session was created; `None` for a new one.
    pub created: Option<SystemTime>,
    /// The session's time now, in milliseconds.
    pub at: u64,
    /// Where it is written.
    pub place: Place,
    /// What the user should know.
    pub warnings: Vec<String>,
}

/// Finds out what to open with.
///
/// # Errors
/// A file or a session that is named and cannot be read.
pub fn first(
    args: &TaskArgs,
    session: Option<&str>,
    config: &Config,
    store: &Store,
    front: &mut Front<'_>,
) -> Result<First, CliError> {
    if let Some(name) = session {
        let path = store
            .find(name, &front.cwd)
            .map_err(|error| CliError::usage(error.to_string()))?;
        return stored(&path, args, config);
    }
    if let Some(path) = args.session.as_ref().map(|path| front.cwd.join(path))
        && path.metadata().is_ok_and(|found| found.len() > 0)
    {
        return stored(&path, args, config);
    }
    let asked = TaskArgs {
        session: None,
        no_session: false,
        ..args.clone()
    };
    let settings = &config.settings.task;
    if asked == TaskArgs::default() && settings.schema.is_none() {
        if let Ok(Some(path)) = store.last()
            && args.session.is_none()
        {
            // One that cannot be read is no reason not to begin.
            match stored(&path, args, config) {
                Ok(first) => return Ok(first),
                Err(error) => return Ok(sample(args, config, front, vec![error.message])),
            }
        }
        return Ok(sample(args, config, front, Vec::new()));
    }
    given(args, config, front)
}

/// A task from flags and settings; what is missing is written in the workbench.
fn given(args: &TaskArgs, config: &Config, front: &mut Front<'_>) -> Result<First, CliError> {
    let settings = &config.settings.task;
    let mut task = input::options(args, settings);
    let mut schema_file = None;
    if let Some(given) = args.schema.as_deref().or(settings.schema.as_deref()) {
        let schema = input::schema(given, &front.cwd)?;
        schema_file = Some(front.cwd.join(given)).filter(|path| path.is_file());
        task.schema = schema.text;
        task.schema_name = schema.name;
    }
    if args.file.is_some() || args.text.is_some() {
        let mut sources = Sources {
            cwd: &front.cwd,
            stdin: &mut *front.stdin,
            stdin_is_terminal: front.stdin_is_terminal,
        };
        task.input = input::input(args, &mut sources)?;
    }
    Ok(First {
        task,
        schema_file,
        record: Record::default(),
        sample: false,
        provider: None,
        created: None,
        at: 0,
        place: place(args, config, front),
        warnings: Vec::new(),
    })
}

fn sample(args: &TaskArgs, config: &Config, front: &Front<'_>, warnings: Vec<String>) -> First {
    First {
        task: Task {
            schema: SAMPLE_SCHEMA.to_owned(),
            input: SAMPLE_INPUT.to_owned(),
            ..input::options(args, &config.settings.task)
        },
        schema_file: None,
        record: Record::default(),
        sample: true,
        provider: None,
        created: None,
        at: 0,
        place: place(args, config, front),
        warnings,
    }
}

/// A stored session: its panes as last drafted, and what its runs came to. It is not written to before something happens.
///
/// # Errors
/// It cannot be read.
pub fn stored(path: &Path, args: &TaskArgs, config: &Config) -> Result<First, CliError> {
    let tape = Tape::read(path).map_err(|error| CliError::usage(error.to_string()))?;
    let mut record = Record::default();
    for index in 0..tape.len() {
        tape.apply(index, &mut record);
    }
    let last = tape.duration();
    for run in tape.interrupted {
        // As whoever writes to the session next will end it.
        let event = RunEvent::Ended {
            run,
            outcome: Outcome::Cancelled,
            reason: "interrupted: formwork stopped before the run had ended".into(),
            budget: None,
            totals: record.run(run).map(RunRecord::spent).unwrap_or_default(),
        };
        record.apply(last, &event);
    }
    let created = humantime::parse_rfc3339_weak(&tape.header.created).ok();
    let passed = created.and_then(|created| SystemTime::now().duration_since(created).ok());
    let passed = passed.map_or(0, |passed| u64::try_from(passed.as_millis()).unwrap_or(u64::MAX));
    let options = input::options(args, &config.settings.task);
    let (task, provider) = drafted(&record, options);
    Ok(First {
        task,
        schema_file: None,
        record,
        sample: false,
        provider: args.provider.clone().or(provider),
        created,
        at: passed.max(last),
        place: Place::File(path.to_owned()),
        warnings: tape.warnings,
    })
}

/// The task as it was last drafted: the last run's, with what was changed since; flags win over both.
fn drafted(record: &Record, options: Task) -> (Task, Option<String>) {
    let draft = &record.draft;
    let run = record.runs.last();
    let before = run.map_or_else(Task::default, |run| run.task.as_ref().clone());
    let mode = draft.mode.as_deref().and_then(|mode| mode.parse().ok());
    let model = draft.model.clone().unwrap_or(before.model);
    let task = Task {
        schema: draft.schema.clone().unwrap_or(before.schema),
        schema_name: before.schema_name,
        input: draft.input.clone().unwrap_or(before.input),
        instructions: options
            .instructions
            .clone()
            .or_else(|| draft.instructions.clone())
            .or(before.instructions),
        model: if options.model.is_empty() {
            model
        } else {
            options.model.clone()
        },
        mode: match options.mode {
            crate::task::ModeChoice::Auto => mode.unwrap_or(before.mode),
            asked @ crate::task::ModeChoice::Only(_) => asked,
        },
        ..options
    };
    let provider = draft.provider.clone().or_else(|| run.map(|run| run.provider.clone()));
    (task, provider)
}

impl First {
    /// A draft of its own, in a new session.
    pub fn draft(task: Task, provider: Option<String>, config: &Config) -> Self {
        Self {
            task,
            schema_file: None,
            record: Record::default(),
            sample: false,
            provider,
            created: None,
            at: 0,
            place: Place::Folder(config.paths.sessions.clone()),
            warnings: Vec::new(),
        }
    }

    /// Fills the panes. `only_model` is the model of a provider that has just one.
    pub fn fill(self, model: &mut Model, only_model: Option<String>) {
        model.schema.load(&self.task.schema);
        model.input.load(&self.task.input);
        model
            .instructions
            .load(self.task.instructions.as_deref().unwrap_or_default());
        model.schema_name.clone_from(&self.task.schema_name);
        model.schema_file = self.schema_file.map(|path| SchemaFile {
            seen: changed_at(&path),
            revision: model.schema.revision(),
            path,
        });
        model.record = self.record;
        model.sample = self.sample;
        model.recent = recent(&model.record);
        model.focus = if model.record.runs.is_empty() {
            Pane::Schema
        } else {
            Pane::Output
        };
        model.options = Task {
            schema: String::new(),
            input: String::new(),
            instructions: None,
            ..self.task
        };
        if let Some(only) = only_model {
            model.options.model = only;
        }
    }
}

/// The models of a session's runs, newest first, each once.
fn recent(record: &Record) -> Vec<String> {
    let mut recent: Vec<String> = Vec::new();
    for run in record.runs.iter().rev() {
        if !recent.contains(&run.task.model) {
            recent.push(run.task.model.clone());
        }
    }
    recent
}
