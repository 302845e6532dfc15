//! The command line: every flag, its help and its checks, in one place.
//!
//! Owns syntax only. What is merged with the settings, read from files and run belongs to the command's own file.

mod export;
mod man;
mod models;
mod replay;
mod sessions;
mod test;

use crate::config::duration;
use crate::task::ModeChoice;
use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueHint};
use serde_json::Value;
use std::path::PathBuf;
use std::time::Duration;

pub use export::{ExportArgs, Form};
pub use man::ManArgs;
pub use models::ModelsArgs;
pub use replay::{Moment, ReplayArgs};
pub use sessions::{
    DeleteArgs, ListArgs, NameArgs, PathArgs, RenameArgs, RestoreArgs, ScrubArgs, SessionsArgs, SessionsCommand,
};
pub use test::TestArgs;

const ABOUT: &str = "A text and a JSON Schema in, validated JSON out";

const EXAMPLES: &str = "\
Examples:
  formwork                                       the workbench, as it was left
  formwork -s person.json letter.txt             the workbench with these two
  formwork run -s 'name, age int' letter.txt     one run: the value on stdout
  formwork check person.json --for openai        what OpenAI's models are sent
  formwork models claude --supports tools        models that can do it
  formwork sessions                              what was recorded
  formwork doctor                                what is set up, what missing

Each command says more: formwork run --help";

const CHECK_EXAMPLES: &str = "\
Examples:
  formwork check 'name, age int, tags [str]'     a shorthand as JSON Schema
  formwork check person.json --for openai        what OpenAI's models are sent
  formwork check person.json --for google/gemini-2.5-flash --mode tools

The schema goes to stdout, all that is to be said of it to stderr; --json puts everything into one object on stdout.
The families: openai, anthropic, google, xai, groq, mistral, deepseek, zai, qwen, meta, perplexity, gpt-oss, llamacpp,
generic. Anything else is taken as a model's id.

Exit codes:
  0    it is a good schema, even if the model's provider would refuse it: that is a finding
  2    the command line or the schema is wrong; a schema's fault is named with its line and column";

const OPEN_EXAMPLES: &str = "\
Examples:
  formwork open letter                           the session with this word in its title
  formwork open ./bug.jsonl                      a file that somebody sent

Nothing is written to it before something is changed or run. A session has no key and no address in it: the provider of
that name in your own settings is used.";

const RUN_EXAMPLES: &str = "\
Examples:
  formwork run -s 'name, age int' -t 'Ada is 36'
  formwork run -s invoice.schema.json invoice.txt -m openai/gpt-4o-mini
  cat mail.txt | formwork run -s 'from, subject, urgent bool' | jq .subject
  formwork run -s s.json in.txt --base-url http://localhost:8080/v1 -m qwen3
  formwork run -s s.json in.txt --dry-run        show the request and what it may cost

Exit codes:
  0    the value is valid
  1    not valid, or refused, after all attempts (the last value is on stderr)
  2    the command line, the settings, the input or the schema are wrong
  3    the provider or the network failed, or its key is missing
  4    a budget stopped it: --timeout, --max-cost or --max-total-tokens
  130  cancelled";

/// The whole command line.
#[derive(Clone, Debug, Parser)]
#[command(name = "formwork", version, about = ABOUT, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
#[command(disable_help_subcommand = true, max_term_width = 100)]
pub struct Cli {
    /// What to do; the workbench when nothing is named.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What the workbench opens with.
    #[command(flatten)]
    pub task: TaskArgs,
}

/// The commands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Open a stored session in the workbench
    #[command(after_help = OPEN_EXAMPLES)]
    Open(Box<OpenArgs>),
    /// Run once and print the value as JSON
    #[command(after_help = RUN_EXAMPLES)]
    Run(Box<RunArgs>),
    /// Check a schema, and show what a model would be sent
    #[command(after_help = CHECK_EXAMPLES)]
    Check(CheckArgs),
    /// List models and what they support
    #[command(after_help = models::MODELS_EXAMPLES)]
    Models(ModelsArgs),
    /// List recorded sessions; find, rename, copy, delete or scrub them
    #[command(after_help = sessions::SESSIONS_EXAMPLES)]
    Sessions(SessionsArgs),
    /// Replay a session: its value, its events, or any moment of it; nothing is sent
    #[command(after_help = replay::EXAMPLES)]
    Replay(ReplayArgs),
    /// Judge recorded answers again, or run their tasks again, and compare
    #[command(after_help = test::EXAMPLES)]
    Test(TestArgs),
    /// Print a recorded run as a curl command, a Python script, JSON or a table
    #[command(after_help = export::EXAMPLES)]
    Export(ExportArgs),
    /// Say what is set up and what is missing
    Doctor(DoctorArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print a manual page
    #[command(after_help = man::EXAMPLES)]
    Man(ManArgs),
}

#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
/// What to extract, by whom and within which limits. What is left out comes from the settings.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct TaskArgs {
    /// The text to read; `-` or nothing is stdin
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "text")]
    pub file: Option<PathBuf>,

    /// The schema: a file, a shorthand such as 'name, age int', or JSON
    #[arg(short, long, value_name = "FILE|SHORTHAND|JSON", value_hint = ValueHint::FilePath, help_heading = "Task")]
    pub schema: Option<String>,

    /// The text itself, instead of a file
    #[arg(short, long, help_heading = "Task", allow_hyphen_values = true)]
    pub text: Option<String>,

    /// What to tell the model besides the schema
    #[arg(long, value_name = "TEXT", help_heading = "Task", allow_hyphen_values = true)]
    pub instructions: Option<String>,

    /// The model's id, as `formwork models` lists it
    #[arg(short, long, help_heading = "Model")]
    pub model: Option<String>,

    /// How the model is asked for JSON
    #[arg(long, help_heading = "Model", value_parser = mode_parser())]
    pub mode: Option<ModeChoice>,

    /// Whom to ask: openrouter, openai (any compatible server), or one from the settings
    #[arg(long, value_name = "NAME", help_heading = "Model")]
    pub provider: Option<String>,

    /// Another address for the provider, such as `http://localhost:8080/v1`; its key goes there, too
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, help_heading = "Model")]
    pub base_url: Option<String>,

    /// Sampling temperature
    #[arg(long, value_name = "NUMBER", help_heading = "Model", value_parser = not_negative, allow_negative_numbers = true)]
    pub temperature: Option<f64>,

    /// A further field of the request's body, such as seed=7; the value is JSON; may be repeated
    #[arg(long = "param", value_name = "K=JSON", help_heading = "Model", value_parser = param)]
    pub params: Vec<(String, Value)>,

    /// Let OpenRouter pick endpoints that ignore some of the request's parameters
    #[arg(long, help_heading = "Model")]
    pub allow_any_endpoint: bool,

    /// Re-asks after an answer that does not fit [default: 2]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    pub reasks: Option<u32>,

    /// Retries after a network fault, a 429 or a 5xx [default: 3]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    pub retries: Option<u32>,

    /// Stay in the first mode, even if the endpoint cannot serve it
    #[arg(long, help_heading = "Limits")]
    pub no_fallback: bool,

    /// Refuse repairs that had to guess what the model meant
    #[arg(long, help_heading = "Limits")]
    pub strict_json: bool,

    /// Tokens of one answer [default: 4096, or the model's cap]
    #[arg(long, value_name = "N", help_heading = "Limits", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_tokens: Option<u32>,

    /// Tokens of the whole run, prompts included
    #[arg(long, value_name = "N", help_heading = "Limits", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_total_tokens: Option<u64>,

    /// Wall time of the whole run: seconds, or 90s, 2m
    #[arg(long, value_name = "TIME", help_heading = "Limits", value_parser = duration::parse)]
    pub timeout: Option<Duration>,

    /// Dollars of the whole run
    #[arg(long, value_name = "DOLLARS", help_heading = "Limits", value_parser = not_negative, allow_negative_numbers = true)]
    pub max_cost: Option<f64>,

    /// Record into this session file; one that exists is continued
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Session")]
    pub session: Option<PathBuf>,

    /// Record nothing
    #[arg(long, help_heading = "Session", conflicts_with = "session")]
    pub no_session: bool,
}

/// `formwork open`.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct OpenArgs {
    /// A session's file, or words of its name, id or title
    #[arg(value_name = "SESSION", value_hint = ValueHint::FilePath, value_parser = NonEmptyStringValueParser::new())]
    pub session: String,

    /// Whom to ask, instead of the session's provider
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,

    /// Another address for the provider; its key goes there, too
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub base_url: Option<String>,

    /// Record nothing
    #[arg(long)]
    pub no_session: bool,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
/// `formwork run`.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct RunArgs {
    /// The task.
    #[command(flatten)]
    pub task: TaskArgs,

    /// Print the partial value on a line of its own whenever it has changed, the final value last
    #[arg(long, help_heading = "Output", conflicts_with_all = ["events", "dry_run"])]
    pub stream: bool,

    /// Print the session's events as JSON lines instead of the value
    #[arg(long, help_heading = "Output", conflicts_with = "dry_run")]
    pub events: bool,

    /// Print the request's body and the most it can cost, and send nothing
    #[arg(long, help_heading = "Output")]
    pub dry_run: bool,

    /// Say nothing on stderr but errors
    #[arg(short, long, help_heading = "Output")]
    pub quiet: bool,
}

/// `formwork check`.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct CheckArgs {
    /// The schema: a file, a shorthand such as 'name, age int', or JSON
    #[arg(value_name = "SCHEMA", value_hint = ValueHint::FilePath)]
    pub schema: String,

    /// Show the schema as this model, or this family of models, would be sent it
    #[arg(long = "for", value_name = "MODEL|FAMILY", value_parser = NonEmptyStringValueParser::new())]
    pub target: Option<String>,

    /// How the model would be asked [default: auto, which is structured unless the schema has free-form maps]
    #[arg(long, value_parser = mode_parser(), requires = "target")]
    pub mode: Option<ModeChoice>,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `formwork doctor`.
#[derive(Args, Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoctorArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `formwork completions`.
#[derive(Args, Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

fn mode_parser() -> impl TypedValueParser<Value = ModeChoice> {
    PossibleValuesParser::new(ModeChoice::ALL.map(ModeChoice::as_str)).try_map(|word| word.parse())
}

fn not_negative(text: &str) -> Result<f64, String> {
    let number = text
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| "give a number of 0 or more".to_owned())
}

fn param(text: &str) -> Result<(String, Value), String> {
    let (name, json) = text
        .split_once('=')
        .ok_or("give a name, an equals sign and JSON, as in seed=7")?;
    if name.is_empty() {
        return Err("the name before the equals sign is missing".to_owned());
    }
    let value = serde_json::from_str(json)
        .map_err(|error| format!("`{json}` is not JSON ({error}); text needs quotes, as in '{name}=\"text\"'"))?;
    Ok((name.to_owned(), value))
}

#[cfg(test)]
mod tests;
