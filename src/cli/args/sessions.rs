//! The arguments of `formwork sessions`.
//!
//! Owns their syntax and help.

use crate::cli::sessions::since::{self, Since};
use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser};
use clap::{Args, Subcommand, ValueHint};
use std::path::PathBuf;

pub(super) const SESSIONS_EXAMPLES: &str = "\
Examples:
  formwork sessions                              all, the last written first
  formwork sessions invoice 2026-11 --outcome invalid
  formwork sessions --model claude --since 2d --json
  formwork sessions --since 2026-11-01           since that day, in UTC
  formwork sessions path invoice                 where that one is
  formwork sessions path                         where the last one is
  formwork sessions rename qkzvbm 'a better title'
  formwork sessions fork invoice                 a copy to go on in
  formwork sessions delete qkzvbm --yes
  formwork sessions restore                      the one deleted last
  formwork sessions scrub bug.jsonl              a copy to give away

A deleted session can be brought back for 7 days. A scrubbed copy has no input, instructions and answers: texts are replaced by
others of the same length; the schema, models, timing and costs stay.

A NAME is a path, a session's name, id or title, or a part of one that no other session has.
To search for `path` or `delete`, put an option before it: formwork sessions --since 9y path

Exit codes:
  0    also when no session fits the search
  2    the command line is wrong, or the NAME means no session or several";

/// `formwork sessions`.
#[derive(Args, Clone, Debug, PartialEq)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub struct SessionsArgs {
    /// What to do; list them when nothing is named.
    #[command(subcommand)]
    pub command: Option<SessionsCommand>,
    /// Which to list.
    #[command(flatten)]
    pub list: ListArgs,
}

/// What is done with sessions beside listing them.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum SessionsCommand {
    /// Print the path of a session
    Path(PathArgs),
    /// Give a session another title
    Rename(RenameArgs),
    /// Copy a session, to go on in the copy
    Fork(NameArgs),
    /// Delete sessions; for 7 days they can be brought back
    Delete(DeleteArgs),
    /// Bring a deleted session back
    Restore(RestoreArgs),
    /// Copy a session without its input and answers
    Scrub(ScrubArgs),
}

/// Which sessions are listed, and how.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct ListArgs {
    /// Words that a session must contain: in its title, name, id, model, date, or among the first of its input, schema and value
    #[arg(value_name = "WORDS")]
    pub words: Vec<String>,

    /// How the last run ended
    #[arg(long, value_parser = PossibleValuesParser::new(["valid", "invalid", "refused", "failed", "cancelled", "interrupted", "draft"]))]
    pub outcome: Option<String>,

    /// What the last run's model must contain
    #[arg(short, long)]
    pub model: Option<String>,

    /// Only sessions written within this time, or since this day: 2d, 12h, 2026-11-01
    #[arg(long, value_name = "TIME|DATE", value_parser = since::parse)]
    pub since: Option<Since>,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `formwork sessions path`.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct PathArgs {
    /// Which one; the last written when nothing is named
    #[arg(value_name = "NAME", value_hint = ValueHint::FilePath, value_parser = NonEmptyStringValueParser::new())]
    pub name: Option<String>,
}

/// `formwork sessions rename`.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct RenameArgs {
    /// Which one
    #[arg(value_name = "NAME", value_hint = ValueHint::FilePath, value_parser = NonEmptyStringValueParser::new())]
    pub name: String,

    /// Its new title
    #[arg(value_name = "TITLE", value_parser = NonEmptyStringValueParser::new())]
    pub title: String,
}

/// A command on one session.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct NameArgs {
    /// Which one
    #[arg(value_name = "NAME", value_hint = ValueHint::FilePath, value_parser = NonEmptyStringValueParser::new())]
    pub name: String,
}

/// `formwork sessions restore`.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct RestoreArgs {
    /// Which one; the last deleted when nothing is named
    #[arg(value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub name: Option<String>,
}

/// `formwork sessions scrub`.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct ScrubArgs {
    /// A session's file, or words of its name, id or title
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath, value_parser = NonEmptyStringValueParser::new())]
    pub name: String,

    /// Where the copy goes, which must not exist [default: NAME.scrubbed.jsonl in this folder]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
}

/// `formwork sessions delete`.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct DeleteArgs {
    /// Which ones
    #[arg(value_name = "NAME", required = true, value_hint = ValueHint::FilePath, value_parser = NonEmptyStringValueParser::new())]
    pub names: Vec<String>,

    /// Delete them; without it they are only named
    #[arg(short, long)]
    pub yes: bool,
}
