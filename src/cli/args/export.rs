//! The arguments of `formwork export`.
//!
//! Owns their syntax and help.

use crate::event::RunId;
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum, ValueHint};
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Examples:
  formwork export invoice --as json -o invoice.json
  formwork export list --as csv                  a table of a list's items
  formwork export fallback --as curl | sh        the last request once more, with your own key
  formwork export reask --as python -o extract.py

SESSION is a path, the name of a recording that comes with formwork, or a stored session's name, id or title, or a part of one that
no other session has. Without --run it is the last run; for ndjson and csv all that are valid. The address is that of your own
provider of the recorded name.

Exit codes:
  0    printed, or written
  1    there is no valid value (the last one is on stderr)
  2    the command line is wrong, there is no such session or run, or the file cannot be written";

/// What a run is exported as. What is said of each is its line in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// The final value, laid out
    Json,
    /// The items of a list, a line each; of another value the value, a line for each valid run
    Ndjson,
    /// The same as a table: `a.b` for a member within a member, JSON for a list within a row. A text that begins with = + - @, a
    /// tab or a line feed gets an apostrophe before it, because spreadsheets would run it as a formula
    Csv,
    /// The request of the last attempt; the key is read from its variable when the command runs
    Curl,
    /// A script with pydantic models made from the schema, which asks the same of the same model with instructor
    Python,
}

/// `formwork export`.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct ExportArgs {
    /// Which session
    #[arg(value_name = "SESSION", value_hint = ValueHint::FilePath, value_parser = NonEmptyStringValueParser::new())]
    pub session: String,

    /// As what
    #[arg(long = "as", value_name = "FORM")]
    pub form: Form,

    /// Which run, from 1
    #[arg(long, value_name = "N")]
    pub run: Option<RunId>,

    /// Write it to a file
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,

    /// Whose address curl and Python are given, instead of the recorded provider's
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,

    /// Another address
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub base_url: Option<String>,
}
