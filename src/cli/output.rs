//! What `run` prints on stdout: the value, the partial values as they change, or the events.
//!
//! Owns the form of the data. Narration is stderr's (`narrate`, `live`).

use crate::event::{RunEvent, Stamped};
use crate::record::RunRecord;
use crate::text;
use crate::verdict::Outcome;
use serde::Serialize;
use serde_json::Value;
use std::io::{self, Write};

/// A partial value is printed at most once in so many milliseconds (design §7).
const STREAM_EVERY_MS: u64 = 100;

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// The final value.
    Value,
    /// Each partial value that has changed on a line of its own, the final value last.
    Stream,
    /// The session's events, a line each.
    Events,
}

/// Prints the data of one run.
pub struct Printer<'w> {
    out: &'w mut dyn Write,
    output: Output,
    /// On a terminal values are laid out for reading and hidden characters are drawn as stand-ins.
    terminal: bool,
    last: String,
    last_at: Option<u64>,
    changed: bool,
}

impl<'w> Printer<'w> {
    /// A printer onto `out`.
    pub fn new(out: &'w mut dyn Write, output: Output, terminal: bool) -> Self {
        Self {
            out,
            output,
            terminal,
            last: String::new(),
            last_at: None,
            changed: false,
        }
    }

    /// One event; `run` is the record after it.
    ///
    /// # Errors
    /// Those of writing, here and below.
    pub fn event(&mut self, stamped: &Stamped, run: &RunRecord) -> io::Result<()> {
        match self.output {
            Output::Events => self.line(stamped),
            Output::Stream => {
                self.changed |= matches!(stamped.event, RunEvent::Delta { .. } | RunEvent::Closed { .. });
                self.tick(stamped.at, run)
            }
            Output::Value => Ok(()),
        }
    }

    /// When a partial value that is held back may be printed.
    pub fn due(&self) -> Option<u64> {
        (self.changed && self.output == Output::Stream).then(|| self.last_at.map_or(0, |at| at + STREAM_EVERY_MS))
    }

    /// Prints the partial value if it is due and differs from the one before.
    pub fn tick(&mut self, now: u64, run: &RunRecord) -> io::Result<()> {
        if self.due().is_none_or(|due| now < due) {
            return Ok(());
        }
        self.changed = false;
        let Some(value) = run.value() else { return Ok(()) };
        self.last_at = Some(now);
        self.partial(&value)
    }

    /// The final value of a valid run.
    pub fn end(&mut self, run: &RunRecord) -> io::Result<()> {
        let valid = run.ended.as_ref().is_some_and(|ended| ended.outcome == Outcome::Valid);
        match (self.output, run.verdict()) {
            (Output::Value, Some(verdict)) if valid => self.value(&verdict.value)?,
            (Output::Stream, Some(verdict)) if valid => self.partial(&verdict.value)?,
            (Output::Value | Output::Stream | Output::Events, _) => {}
        }
        self.out.flush()
    }

    fn partial(&mut self, value: &Value) -> io::Result<()> {
        let text = value.to_string();
        if text == self.last {
            return Ok(());
        }
        self.write(&text)?;
        self.last = text;
        Ok(())
    }

    /// A value, laid out for reading on a terminal.
    ///
    /// # Errors
    /// Those of writing.
    pub fn value(&mut self, value: &Value) -> io::Result<()> {
        let text = if self.terminal {
            serde_json::to_string_pretty(value)?
        } else {
            value.to_string()
        };
        self.write(&text)
    }

    /// A value on a line of its own.
    ///
    /// # Errors
    /// Those of writing.
    pub fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string(value)?;
        self.write(&text)
    }

    fn write(&mut self, line: &str) -> io::Result<()> {
        if self.terminal {
            writeln!(self.out, "{}", text::clean_multiline(line))?;
        } else {
            writeln!(self.out, "{line}")?;
        }
        self.out.flush()
    }
}
