//! The arguments of `formwork test`.
//!
//! Owns their syntax and help.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueHint};

pub(super) const EXAMPLES: &str = "\
Examples:
  formwork test sessions                         every *.jsonl in the folder, on all cores
  formwork test bug.jsonl user                   a file, and a recording that comes with formwork
  formwork test sessions --json | jq '.[] | select(.ok | not)'
  formwork test sessions --live -m openai/gpt-4o-mini   the same tasks again, with another model

Each recorded answer is read, repaired and judged by today's formwork under the schema it was asked with. The value, the place and
keyword of each error, and the kind and place of each repair have to be as they were recorded; wording does not count. Nothing is
sent. With --live each run that was valid is made again, which costs what it costs, and the values are compared field by field.

Exit codes:
  0    everything is as it was recorded, also where nothing was ever judged
  1    something differs, or one of several sessions cannot be read
  2    the command line is wrong, or no session could be read
  3    with --live: nothing differs, and a provider or the network failed
  130  with --live: cancelled";

/// `formwork test`.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct TestArgs {
    /// Sessions, or folders of them
    #[arg(value_name = "SESSION|FOLDER", required = true, value_hint = ValueHint::AnyPath, value_parser = NonEmptyStringValueParser::new())]
    pub sessions: Vec<String>,

    /// Print JSON
    #[arg(long)]
    pub json: bool,

    /// Run the tasks again with a model, and compare the values
    #[arg(long)]
    pub live: bool,

    /// Whom to ask, instead of each session's provider
    #[arg(long, value_name = "NAME", requires = "live")]
    pub provider: Option<String>,

    /// Another address for the provider; its key goes there, too
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, requires = "live")]
    pub base_url: Option<String>,

    /// Another model
    #[arg(short, long, requires = "live")]
    pub model: Option<String>,
}
