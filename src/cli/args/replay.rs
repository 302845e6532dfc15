//! The arguments of `formwork replay`.
//!
//! Owns their syntax and help.

use crate::config::duration;
use crate::event::RunId;
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueHint};
use std::time::Duration;

pub(super) const EXAMPLES: &str = "\
Examples:
  formwork replay user                           watched again in the workbench
  formwork replay user --print                   the value of a recording that comes with formwork
  formwork replay invoice --print | jq .total    the value of a stored session's last run again
  formwork replay s.jsonl --print --run 2        that of its second run
  formwork replay s.jsonl --print --at 1.5s      as far as it had come after 1.5 s
  formwork replay s.jsonl --print --schema s2.json   the same answers under another schema
  formwork replay invoice --events               everything, as `run --events` prints it

SESSION is a path, the name of a recording that comes with formwork (user, addresses, phone, fallback, reask, repair, retry,
cancelled, list), or a stored session's name, id or title, or a part of one that no other session has.

Exit codes:
  0    the value is valid; with --events, the session could be read; with --at, the run had not ended by then
  1    the run is not valid, or has no end (the last value is on stderr)
  2    the command line is wrong, or there is no such session, run or moment";

/// A moment of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// After so many events.
    Event(usize),
    /// So many milliseconds after the session was created.
    Time(u64),
}

/// `formwork replay`.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct ReplayArgs {
    /// Which session
    #[arg(value_name = "SESSION", value_hint = ValueHint::FilePath, value_parser = NonEmptyStringValueParser::new())]
    pub session: String,

    /// Print the value of the last run
    #[arg(long, conflicts_with = "events")]
    pub print: bool,

    /// Print the events as JSON lines
    #[arg(long)]
    pub events: bool,

    /// As it was after N events, or after a time: 12, 1.5s, 800ms
    #[arg(long, value_name = "N|TIME", value_parser = moment)]
    pub at: Option<Moment>,

    /// Which run, from 1
    #[arg(long, value_name = "N")]
    pub run: Option<RunId>,

    /// In the workbench: the longest that nothing happens
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub idle_limit: Option<Duration>,

    /// Judge the recorded answers under another schema
    #[arg(short, long, value_name = "FILE|SHORTHAND|JSON", value_hint = ValueHint::FilePath)]
    pub schema: Option<String>,
}

/// A number alone counts events; a time has a unit.
fn moment(text: &str) -> Result<Moment, String> {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        return Ok(Moment::Event(number));
    }
    let wrong = || format!("`{text}` is no moment: write a number of events, or a time such as 1.5s, 800ms or 2m");
    let seconds = text.strip_suffix('s').and_then(|number| number.parse::<f64>().ok());
    let span = match seconds {
        Some(seconds) => std::time::Duration::try_from_secs_f64(seconds).ok(),
        None => humantime::parse_duration(text).ok(),
    };
    let ms = span.ok_or_else(wrong)?.as_millis();
    Ok(Moment::Time(u64::try_from(ms).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::{Moment, moment};

    #[test]
    fn moments() {
        let table = [
            ("0", Some(Moment::Event(0))),
            (" 12 ", Some(Moment::Event(12))),
            ("1.5s", Some(Moment::Time(1500))),
            ("0s", Some(Moment::Time(0))),
            ("800ms", Some(Moment::Time(800))),
            ("2m 1s", Some(Moment::Time(121_000))),
            ("-1", None),
            ("1.5", None),
            ("-1s", None),
            ("soon", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(moment(text).ok(), expected, "{text}");
        }
    }
}
