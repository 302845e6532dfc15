//! What must be known of a session before a writer can go on in it, or a list can name it.
//!
//! Owns one pass over the file that makes no events: the header, the last stamp and run, runs without an end, where a torn last line
//! begins, and a summary. Adding events up belongs to `record`.

use super::excerpt;
use super::lines::{Lines, MAX_LINE, RawLine, Refusal};
use crate::event::{Header, RunId};
use crate::verdict::{Outcome, Totals, Usage};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::BufRead;

/// What the pass found.
#[derive(Debug, PartialEq)]
pub struct Scan {
    /// The first line.
    pub header: Header,
    /// The largest stamp.
    pub last_at: u64,
    /// The largest run number; 0 without runs.
    pub last_run: RunId,
    /// Runs that have no `ended`, with what they had spent.
    pub open: BTreeMap<RunId, Totals>,
    /// Bytes up to the end of the last whole line.
    pub whole: u64,
    /// What follows them.
    pub tail: Tail,
    /// Whether a line is longer than a session's may be.
    pub overlong: bool,
    /// What a list says of it.
    pub summary: Summary,
}

/// What a file ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// A line feed.
    Clean,
    /// A whole event whose line feed is missing.
    Unended,
    /// A part of a line.
    Torn,
}

/// A session in a few words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// The title that it was given after it was begun.
    pub title: Option<String>,
    /// How many runs were started.
    pub runs: u32,
    /// How the last of them ended; `None` if it did not, or in a way that a later program knows.
    pub outcome: Option<Outcome>,
    /// The last run's model, or the draft's before any run.
    pub model: String,
    /// The mode of the last attempt, or the draft's before any run.
    pub mode: String,
    /// What all runs have spent.
    pub spent: Usage,
    /// Milliseconds that all runs have taken together.
    pub ms: u64,
    /// Words of the last input, as `excerpt` picks them.
    pub input: String,
    /// Words of the last schema.
    pub schema: String,
    /// Words of the last value that was judged.
    pub value: String,
}

/// The members of an event that matter here. Words are plain text, so that a later program's do not hide an event.
#[derive(Default, Deserialize)]
struct Gist<'l> {
    at: u64,
    #[serde(borrow)]
    event: Cow<'l, str>,
    run: Option<RunId>,
    usage: Option<Usage>,
    totals: Option<Totals>,
    #[serde(borrow)]
    task: Option<TaskGist<'l>>,
    model: Option<String>,
    mode: Option<String>,
    outcome: Option<String>,
    title: Option<String>,
    #[serde(borrow)]
    input: Option<Cow<'l, str>>,
    #[serde(borrow)]
    schema: Option<Cow<'l, str>>,
    value: Option<Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TaskGist<'l> {
    model: String,
    #[serde(borrow)]
    input: Cow<'l, str>,
    #[serde(borrow)]
    schema: Cow<'l, str>,
}

/// What is left of an event whose further members are of kinds that only a later program knows: its run must not be another's.
#[derive(Deserialize)]
struct Numbers<'l> {
    at: u64,
    #[serde(borrow)]
    event: Cow<'l, str>,
    run: Option<RunId>,
}

impl<'l> Gist<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        let numbers = |_| serde_json::from_slice::<Numbers<'l>>(line).map(Self::from);
        serde_json::from_slice(line).or_else(numbers).ok()
    }
}

impl<'l> From<Numbers<'l>> for Gist<'l> {
    fn from(numbers: Numbers<'l>) -> Self {
        Self {
            at: numbers.at,
            event: numbers.event,
            run: numbers.run,
            ..Self::default()
        }
    }
}

/// What every event has, also one of a later program, whose other members may be of any kind.
#[derive(Deserialize)]
struct Least {
    #[serde(rename = "at")]
    _at: u64,
    #[serde(rename = "event")]
    _event: String,
}

/// Whether a line is an event, of this program or of a later one.
pub fn is_event(line: &[u8]) -> bool {
    serde_json::from_slice::<Least>(line).is_ok()
}

/// Reads a whole session. Lines that are no events are passed over.
///
/// # Errors
/// See [`Refusal`].
pub fn scan(source: impl BufRead) -> Result<Scan, Refusal> {
    let (header, mut lines) = Lines::open(source, MAX_LINE)?;
    let tail = if lines.header_ended() {
        Tail::Clean
    } else {
        Tail::Unended
    };
    let mut scan = Scan {
        header,
        last_at: 0,
        last_run: 0,
        open: BTreeMap::new(),
        whole: lines.offset(),
        tail,
        overlong: false,
        summary: Summary::default(),
    };
    let mut started = BTreeMap::new();
    while let Some(line) = lines.next()? {
        scan.line(line, &mut started);
    }
    for totals in scan.open.values() {
        scan.summary.spend(totals);
    }
    Ok(scan)
}

impl Scan {
    fn line(&mut self, line: RawLine<'_>, started: &mut BTreeMap<RunId, u64>) {
        let Some(bytes) = line.bytes else {
            self.overlong = true;
            return;
        };
        let gist = Gist::of(bytes);
        self.tail = if line.is_ended() {
            Tail::Clean
        } else if is_event(bytes) {
            Tail::Unended
        } else {
            Tail::Torn
        };
        if self.tail != Tail::Torn {
            self.whole = line.offset + bytes.len() as u64;
        }
        if let Some(gist) = gist {
            self.note(started, &gist);
            self.summary.note(&gist);
        }
    }

    fn note(&mut self, started: &mut BTreeMap<RunId, u64>, line: &Gist<'_>) {
        self.last_at = self.last_at.max(line.at);
        let Some(run) = line.run else { return };
        self.last_run = self.last_run.max(run);
        if line.event == "started" {
            started.insert(run, line.at);
            self.open.insert(run, Totals::default());
        }
        if line.event == "ended" {
            let counted = self.open.remove(&run).unwrap_or_default();
            self.summary.spend(&line.totals.unwrap_or(counted));
        }
        let Some(totals) = self.open.get_mut(&run) else { return };
        totals.ms = started.get(&run).map_or(0, |start| line.at.saturating_sub(*start));
        if line.event == "attempt" {
            totals.attempts = totals.attempts.saturating_add(1);
        }
        if let Some(usage) = line.usage.as_ref().filter(|_| line.event == "closed") {
            totals.add(usage);
        }
    }
}

impl Summary {
    fn spend(&mut self, totals: &Totals) {
        self.ms = self.ms.saturating_add(totals.ms);
        let mut sum = Totals {
            usage: self.spent,
            ..Totals::default()
        };
        sum.add(&totals.usage);
        self.spent = sum.usage;
    }

    fn note(&mut self, line: &Gist<'_>) {
        match &*line.event {
            "draft" => self.drafted(line),
            "titled" => self.title.clone_from(&line.title),
            "judged" => self.value = line.value.as_ref().map(excerpt::value).unwrap_or_default(),
            "started" => {
                if let Some(task) = &line.task {
                    self.input = excerpt::input(&task.input);
                    self.schema = excerpt::schema(&task.schema);
                }
                self.runs = self.runs.saturating_add(1);
                self.outcome = None;
                self.model = line.task.as_ref().map(|task| task.model.clone()).unwrap_or_default();
                self.mode.clear();
            }
            "attempt" => self.mode = line.mode.clone().unwrap_or_default(),
            "ended" => {
                let word = line.outcome.as_deref().unwrap_or_default();
                self.outcome = Outcome::deserialize(IntoDeserializer::<Error>::into_deserializer(word)).ok();
            }
            _ => {}
        }
    }

    fn drafted(&mut self, line: &Gist<'_>) {
        if let Some(input) = &line.input {
            self.input = excerpt::input(input);
        }
        if let Some(schema) = &line.schema {
            self.schema = excerpt::schema(schema);
        }
        if self.runs > 0 {
            return;
        }
        for (old, new) in [(&mut self.model, &line.model), (&mut self.mode, &line.mode)] {
            if let Some(new) = new {
                old.clone_from(new);
            }
        }
    }
}

#[cfg(test)]
mod tests;
