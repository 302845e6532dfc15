//! What a run needs before it starts: task, schema, provider, journal; and the dry run, which stops there.
//!
//! Owns the order of the checks, so that the cheapest mistakes are found first and nothing is sent or written before all are.

use crate::cli::args::TaskArgs;
use crate::cli::exit::{CliError, Exit};
use crate::cli::front::Front;
use crate::cli::input::{self, Sources};
use crate::cli::providers;
use crate::cli::sessions;
use crate::config::Config;
use crate::extract::engine::{Run, Setup};
use crate::extract::model::Known;
use crate::extract::prompt::cut;
use crate::provider::Provider;
use crate::schema::Schema;
use crate::session::Journal;
use crate::task::Task;
use crate::text;
use crate::words::dollars;
use serde_json::Value;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::SystemTime;

/// Bytes of the input that title a session.
const TITLE: usize = 60;

/// Everything a run needs.
pub(super) struct Prepared {
    /// What to extract.
    pub task: Arc<Task>,
    /// Its schema.
    pub schema: Schema,
    /// Who answers.
    pub provider: Arc<dyn Provider>,
    /// Where it is recorded; `None` when it is not.
    pub journal: Option<Journal>,
    /// What the user should know before it starts.
    pub notices: Vec<String>,
}

/// Reads flags, settings, schema and input, and opens the session if the run is to be recorded at all.
pub(super) async fn prepare(args: &TaskArgs, record: bool, front: &mut Front<'_>) -> Result<Prepared, CliError> {
    let config = Config::load(front.env, &front.cwd)?;
    let mut sources = Sources {
        cwd: &front.cwd,
        stdin: &mut *front.stdin,
        stdin_is_terminal: front.stdin_is_terminal,
    };
    let mut task = input::task(args, &config.settings.task, &mut sources)?;
    let schema = input::load_schema(&task.schema, task.schema_name.as_deref())?;
    let opened = providers::open(&config, providers::flags(args), front.env)?;
    // A model in the settings is meant for servers: inside formwork there is only one.
    if let Some(own) = opened.provider.own_model().filter(|_| args.model.is_none()) {
        task.model = own.id;
    }
    if task.model.is_empty() {
        task.model = opened.only_model().await?;
    }
    let mut notices = opened.notices();
    notices.extend_from_slice(schema.notes());
    let journal = if record {
        journal(args, &config, &task, &schema, front, &mut notices)?
    } else {
        None
    };
    if let Some(journal) = &journal {
        sessions::tidy(&config, Some(journal.path()));
    }
    Ok(Prepared {
        task: Arc::new(task),
        schema,
        provider: opened.provider,
        journal,
        notices,
    })
}

/// Opens the session that was asked for, or a new one. A new one that cannot be made is a notice: the run goes on.
fn journal(
    args: &TaskArgs,
    config: &Config,
    task: &Task,
    schema: &Schema,
    front: &Front<'_>,
    notices: &mut Vec<String>,
) -> Result<Option<Journal>, CliError> {
    let words = task.input.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = format!("{}: {}", schema.name(), cut(&words, TITLE));
    if let Some(path) = &args.session {
        let journal = Journal::open(&front.cwd.join(path), &title, SystemTime::now());
        return Ok(Some(journal.map_err(|error| CliError::usage(error.to_string()))?));
    }
    if args.no_session || !config.settings.session.record {
        return Ok(None);
    }
    match Journal::create(&config.paths.sessions, &title, SystemTime::now()) {
        Ok(journal) => Ok(Some(journal)),
        Err(error) => {
            notices.push(format!("not recording: {error}"));
            Ok(None)
        }
    }
}

/// Prints the body that the first attempt would send, and on stderr the most it can cost. Nothing is sent.
pub(super) async fn dry_run(prepared: &Prepared, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let Prepared {
        task, schema, provider, ..
    } = prepared;
    let known = provider.known(&task.model).await;
    let setup = Setup {
        run: 1,
        task: Arc::clone(task),
        schema: schema.clone(),
        provider: provider.name().to_owned(),
        dialect: provider.dialect(),
        known: known.clone(),
        cannot: provider.cannot(&task.model),
        seed: 0,
    };
    let run = Run::new(setup);
    let (body, changes) = run.preview();
    let mut narration = String::new();
    for notice in &prepared.notices {
        narration.push_str(notice);
        narration.push('\n');
    }
    for (number, step) in run.plan().iter().enumerate() {
        let _ = writeln!(narration, "plan {}: {}: {}", number + 1, step.mode, step.reason);
    }
    for change in &changes {
        let place = if change.pointer.is_empty() {
            "the whole"
        } else {
            &change.pointer
        };
        let _ = writeln!(narration, "schema {place}: {}: {}", change.keyword, change.reason);
    }
    narration += &price(&body, &known);
    write!(front.stderr, "{}", text::clean_multiline(&narration))?;
    let laid_out = serde_json::to_string_pretty(&body).map_err(std::io::Error::from)?;
    if front.stdout_is_terminal {
        writeln!(front.stdout, "{}", text::clean_multiline(&laid_out))?;
    } else {
        writeln!(front.stdout, "{laid_out}")?;
    }
    Ok(Exit::Valid)
}

/// An upper bound of one attempt's price: no tokenizer makes more tokens of a text than it has bytes.
fn price(body: &Value, known: &Known) -> String {
    let prompt = body.to_string().len() as f64;
    let answer = body.get("max_tokens").and_then(Value::as_f64).unwrap_or_default();
    let prices = known
        .model()
        .and_then(|info| Some((info.prompt_price?, info.completion_price?, info.request_price)));
    match prices {
        Some((prompt_price, answer_price, request)) => {
            let most = prompt * prompt_price + answer * answer_price + request.unwrap_or(0.0);
            format!(
                "price: at most {} for this request; re-asks and retries are further requests\n",
                dollars(most)
            )
        }
        None => "price: unknown for this model\n".into(),
    }
}
