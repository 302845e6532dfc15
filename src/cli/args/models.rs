//! The arguments of `formwork models`.
//!
//! Owns their syntax and help.

use clap::{Args, ValueHint};

pub(super) const MODELS_EXAMPLES: &str = "\
Examples:
  formwork models                                all of OpenRouter's; no key needed
  formwork models claude haiku                   both words in the id or the name
  formwork models --supports structured --supports reasoning
  formwork models --base-url http://localhost:8080/v1
  formwork models free --json | jq -r '.[].id'

STJ: served in the modes structured (S), tools (T) and json (J). Prices are dollars per million tokens.
The list is kept for a day, and longer when there is no newer one to be had.

Exit codes:
  0    also when no model fits
  2    the command line or the settings are wrong, or no model lists the --supports parameter
  3    the provider or the network failed, and no list was kept";

/// `formwork models`.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct ModelsArgs {
    /// Words that a model's id or name must contain
    #[arg(value_name = "WORDS")]
    pub words: Vec<String>,

    /// What a model must support: a mode, or a parameter such as `reasoning`; may be repeated
    #[arg(long, value_name = "MODE|PARAMETER")]
    pub supports: Vec<String>,

    /// Print JSON
    #[arg(long)]
    pub json: bool,

    /// Fetch the list anew, even if the stored one is fresh
    #[arg(long)]
    pub refresh: bool,

    /// Whose models: openrouter, openai (any compatible server), or one from the settings
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,

    /// Another address for the provider
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub base_url: Option<String>,
}
