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
#[derive(Deserialize)]
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

/// Whether a line is an event, of this program or of a later one.
pub fn is_event(line: &[u8]) -> bool {
    serde_json::from_slice::<Gist<'_>>(line).is_ok()
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
        let gist = serde_json::from_slice::<Gist<'_>>(bytes).ok();
        self.tail = match (line.is_ended(), &gist) {
            (true, _) => Tail::Clean,
            (false, Some(_)) => Tail::Unended,
            (false, None) => Tail::Torn,
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
mod tests {
    use super::{Summary, Tail, scan};
    use crate::verdict::{Outcome, Totals, Usage};

    const HEADER: &str = "{\"formwork\":1,\"id\":\"i\",\"created\":\"2026-11-22T17:42:59Z\",\"title\":\"t\"}\n";

    #[test]
    fn a_run_that_was_cut_off() {
        let text = [
            HEADER,
            "{\"at\":1,\"event\":\"started\",\"run\":1}\n{\"at\":2,\"event\":\"ended\",\"run\":1}\n",
            "{\"at\":10,\"event\":\"started\",\"run\":2}\n{\"at\":11,\"event\":\"attempt\",\"run\":2}\n",
            "{\"at\":15,\"event\":\"closed\",\"run\":2,\"usage\":{\"prompt\":3,\"completion\":4,\"cost\":0.5}}\n",
            "no event\n{\"at\":20,\"event\":\"tomorrow\",\"x\":1}\n",
        ]
        .concat();
        let found = scan(text.as_bytes()).unwrap();
        assert_eq!((found.last_at, found.last_run, found.tail), (20, 2, Tail::Clean));
        assert_eq!(found.whole, text.len() as u64);
        let usage = Usage {
            prompt: 3,
            completion: 4,
            cost: Some(0.5),
            ..Usage::default()
        };
        let totals = Totals {
            attempts: 1,
            usage,
            ms: 5,
        };
        assert_eq!(found.open.into_iter().collect::<Vec<_>>(), [(2, totals)]);
        assert_eq!((found.summary.runs, found.summary.spent), (2, usage));
    }

    #[test]
    fn a_summary() {
        let lines = [
            "{\"at\":0,\"event\":\"draft\",\"model\":\"a\",\"mode\":\"auto\"}\n",
            "{\"at\":1,\"event\":\"started\",\"run\":1,\"task\":{\"model\":\"m\"}}\n",
            "{\"at\":2,\"event\":\"attempt\",\"run\":1,\"mode\":\"json\"}\n",
            "{\"at\":2,\"event\":\"draft\",\"model\":\"b\"}\n",
            "{\"at\":3,\"event\":\"ended\",\"run\":1,\"outcome\":\"refused\",\"totals\":{\"usage\":{\"prompt\":5,\"cost\":1.5}}}\n",
            "{\"at\":4,\"event\":\"started\",\"run\":2,\"task\":{\"model\":\"n\"}}\n",
            "{\"at\":5,\"event\":\"ended\",\"run\":2,\"outcome\":\"postponed\"}\n",
        ];
        let summary = |count: usize| {
            let found = scan([&[HEADER], &lines[..count]].concat().concat().as_bytes()).unwrap();
            assert_eq!(found.open.len(), usize::from([2, 3, 4, 6].contains(&count)), "{count}");
            found.summary
        };
        let expect = |runs, outcome, model: &str, mode: &str, prompt, cost| Summary {
            runs,
            outcome,
            model: model.into(),
            mode: mode.into(),
            spent: Usage {
                prompt,
                cost,
                ..Usage::default()
            },
            ..Summary::default()
        };
        assert_eq!(summary(0), Summary::default());
        assert_eq!(summary(1), expect(0, None, "a", "auto", 0, None));
        assert_eq!(summary(2), expect(1, None, "m", "", 0, None));
        assert_eq!(summary(4), expect(1, None, "m", "json", 0, None));
        assert_eq!(summary(5), expect(1, Some(Outcome::Refused), "m", "json", 5, Some(1.5)));
        assert_eq!(summary(7), expect(2, None, "n", "", 5, Some(1.5)));
    }

    #[test]
    fn what_can_be_searched() {
        let lines = [
            "{\"at\":0,\"event\":\"draft\",\"schema\":\"Name\",\"input\":\"Ada \\u2014 is\\n36\"}\n",
            "{\"at\":1,\"event\":\"titled\",\"title\":\"First\"}\n",
            "{\"at\":2,\"event\":\"started\",\"run\":1,\"task\":{\"schema\":\"age int\",\"input\":\"Bob\"}}\n",
            "{\"at\":3,\"event\":\"judged\",\"run\":1,\"value\":{\"age\":36}}\n",
            "{\"at\":4,\"event\":\"ended\",\"run\":1,\"totals\":{\"ms\":250}}\n",
            "{\"at\":5,\"event\":\"draft\",\"input\":\"Eve\"}\n{\"at\":6,\"event\":\"titled\",\"title\":\"Second\"}\n",
        ];
        let summary = |count: usize| {
            let found = scan([&[HEADER], &lines[..count]].concat().concat().as_bytes()).unwrap();
            let Summary {
                title,
                input,
                schema,
                value,
                ms,
                ..
            } = found.summary;
            (title.unwrap_or_default(), input, schema, value, ms)
        };
        let expect = |title: &str, input: &str, schema: &str, value: &str, ms| {
            (
                title.to_owned(),
                input.to_owned(),
                schema.to_owned(),
                value.to_owned(),
                ms,
            )
        };
        assert_eq!(summary(1), expect("", "ada — is 36", "name", "", 0));
        assert_eq!(summary(3), expect("First", "bob", "age int", "", 0));
        assert_eq!(summary(6), expect("Second", "eve", "age int", "36", 250));
    }

    /// A line of a gigabyte is passed over and not held; NULs are no event; what follows is read.
    #[test]
    fn a_huge_line_and_nothing_at_all() {
        use std::io::{BufReader, Read, repeat};
        let event = "{\"at\":7,\"event\":\"started\",\"run\":3}\n";
        let tail = format!("\n\0\0\0\0\n{event}");
        let source = HEADER
            .as_bytes()
            .chain(repeat(b'x').take(1 << 30))
            .chain(tail.as_bytes());
        let found = scan(BufReader::with_capacity(1 << 20, source)).unwrap();
        assert!(found.overlong);
        assert_eq!((found.last_run, found.last_at, found.tail), (3, 7, Tail::Clean));
    }

    #[test]
    fn every_cut_of_a_line_is_torn() {
        let event = "{\"at\":1,\"event\":\"draft\"}";
        for cut in 1..event.len() {
            let found = scan(format!("{HEADER}{}", &event[..cut]).as_bytes()).unwrap();
            assert_eq!((found.whole, found.tail), (HEADER.len() as u64, Tail::Torn), "{cut}");
        }
        let found = scan(format!("{HEADER}{event}").as_bytes()).unwrap();
        assert_eq!(
            (found.whole, found.tail),
            ((HEADER.len() + event.len()) as u64, Tail::Unended)
        );
    }
}
