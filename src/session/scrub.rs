//! A copy of a session without what was in it: input, instructions and answers become stand-ins of the same length, so that it can be
//! given away and still replayed.
//!
//! Owns which members of which event say something of the input. Schema, models, timing, tokens, costs, and the kinds of faults and
//! repairs stay. What a stand-in looks like is `mask`'s.

mod mask;

use super::reader::{Flaw, ReadError, Reader};
use crate::event::{Closing, Delta, Draft, Fault, Header, RunEvent, RunId, Stamped};
use crate::schema::Schema;
use crate::task::{Mode, Task};
use crate::verdict::{Channel, Violation};
use mask::Names;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead};
use std::path::Path;
use std::sync::Arc;

/// Members of a request's body that say nothing of the input, and whose texts stay, as those of every mode do.
const PLAIN: [&str; 8] = [
    "model",
    "parallel_tool_calls",
    "provider",
    "reasoning",
    "stream",
    "stream_options",
    "usage",
    "max_tokens",
];

/// Members of a message that are the protocol's.
const PROTOCOL: [&str; 5] = ["role", "type", "id", "tool_call_id", "format"];

/// What became of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scrubbed {
    /// Events that were written.
    pub events: u64,
    /// Lines that were left out because they cannot be read here: broken ones, and events of a later program.
    pub left_out: u64,
}

/// The text of a copy of a session's file without its contents. Both are held in memory.
///
/// # Errors
/// See [`ReadError`].
pub fn file(path: &Path) -> Result<(Vec<u8>, Scrubbed), ReadError> {
    scrub(Reader::open(path)?).map_err(|error| ReadError::new(path, error.into()))
}

/// As [`file()`], from any source.
///
/// # Errors
/// Those of reading.
pub fn scrub<R: BufRead>(reader: Reader<R>) -> io::Result<(Vec<u8>, Scrubbed)> {
    let header = reader.header().clone();
    let mut done = Scrubbed::default();
    let mut events = Vec::new();
    for line in reader {
        match line {
            Ok(line) if line.stamped.event == RunEvent::Unknown => done.left_out += 1,
            Ok(line) => events.push(line.stamped),
            Err(Flaw::Unreadable(error)) => return Err(error),
            Err(Flaw::Broken { .. } | Flaw::Torn { .. }) => done.left_out += 1,
        }
    }
    let header = Header {
        id: format!("{:016x}", fastrand::u64(..)),
        title: mask::text(&header.title),
        ..header
    };
    let mut out = Vec::new();
    write(&header, &mut out)?;
    let mut scrubber = Scrubber::new(&events);
    for stamped in events {
        let event = scrubber.event(stamped.event);
        write(&Stamped { event, ..stamped }, &mut out)?;
        done.events += 1;
    }
    Ok((out, done))
}

fn write(line: &impl serde::Serialize, out: &mut Vec<u8>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.push(b'\n');
    Ok(())
}

/// What the pieces of one answer have in common: run, attempt, channel and call.
type Stream = (RunId, u32, &'static str, u32);

struct Scrubber {
    /// The names of each run's schema.
    names: BTreeMap<RunId, Names>,
    /// The stand-ins of each answer that are still to be handed out.
    answers: BTreeMap<Stream, String>,
    /// Every word that was replaced, in lower case: sentences that quote one lose it.
    secrets: BTreeSet<String>,
}

impl Scrubber {
    fn new(events: &[Stamped]) -> Self {
        let mut new = Self {
            names: BTreeMap::new(),
            answers: BTreeMap::new(),
            secrets: BTreeSet::new(),
        };
        for stamped in events {
            new.look(&stamped.event);
        }
        for (stream, text) in &mut new.answers {
            remember(&mut new.secrets, text);
            let none = Names::new();
            let names = new.names.get(&stream.0).unwrap_or(&none);
            *text = if [CONTENT, CALL].contains(&stream.2) {
                mask::answer(text, names)
            } else {
                mask::text(text)
            };
        }
        new
    }

    /// Gathers names, whole answers and the words that must go.
    fn look(&mut self, event: &RunEvent) {
        let mut secret = |text: &str| remember(&mut self.secrets, text);
        match event {
            RunEvent::Draft(draft) => {
                let texts = [&draft.input, &draft.instructions];
                texts.into_iter().flatten().for_each(|text| secret(text));
            }
            RunEvent::Started { run, task, .. } => {
                secret(&task.input);
                secret(task.instructions.as_deref().unwrap_or_default());
                self.names.insert(*run, names(task));
            }
            RunEvent::Delta { run, attempt, delta } => {
                let answer = self.answers.entry(stream(*run, *attempt, delta)).or_default();
                answer.push_str(&delta.text);
            }
            RunEvent::Closed { closing, .. } => {
                let fault = closing.error.as_ref();
                let texts = fault.map(|fault| (fault.message.as_str(), fault.detail.as_deref().unwrap_or_default()));
                for text in texts.into_iter().flat_map(<[&str; 2]>::from) {
                    secret(text);
                }
            }
            RunEvent::Judged { value, .. } => secret(&value.to_string()),
            RunEvent::Attempt { .. }
            | RunEvent::Progress { .. }
            | RunEvent::Opened { .. }
            | RunEvent::Routed { .. }
            | RunEvent::Waiting { .. }
            | RunEvent::Ended { .. }
            | RunEvent::Unknown => {}
        }
    }

    fn event(&mut self, mut event: RunEvent) -> RunEvent {
        let none = Names::new();
        let names = event.run().and_then(|run| self.names.get(&run)).unwrap_or(&none);
        match &mut event {
            RunEvent::Draft(draft) => scrub_draft(draft),
            RunEvent::Started { task, .. } => *task = Arc::new(scrub_task(task, names)),
            RunEvent::Attempt { reason, body, .. } => {
                *reason = self.sentence(reason);
                scrub_body(body, names);
            }
            RunEvent::Waiting { reason, .. } | RunEvent::Ended { reason, .. } => *reason = self.sentence(reason),
            RunEvent::Delta { run, attempt, delta } => {
                let answer = self.answers.entry(stream(*run, *attempt, delta)).or_default();
                // Character by character of the same length, so the cut is between two.
                let rest = answer.split_off(delta.text.len().min(answer.len()));
                delta.text = std::mem::replace(answer, rest);
            }
            RunEvent::Closed { closing, .. } => scrub_closing(closing),
            RunEvent::Judged { value, errors, .. } => {
                *value = mask::value(value, names);
                for error in errors {
                    scrub_error(error, names);
                }
            }
            RunEvent::Progress { .. } | RunEvent::Opened { .. } | RunEvent::Routed { .. } | RunEvent::Unknown => {}
        }
        event
    }

    /// A sentence of formwork's, or of a server's, without the words that it quotes, even if the quotation was cut.
    fn sentence(&self, text: &str) -> String {
        let is_part = |c: char| c.is_alphanumeric();
        let quoted = |word: &str| {
            let lower = word.to_lowercase();
            let next = self.secrets.range(lower.clone()..).next();
            next.is_some_and(|secret| secret.starts_with(&lower))
        };
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(is_part) {
            let (before, from) = rest.split_at(start);
            let (word, after) = from.split_at(from.find(|c| !is_part(c)).unwrap_or(from.len()));
            out += before;
            if quoted(word) {
                out += &mask::text(word);
            } else {
                out += word;
            }
            rest = after;
        }
        out + rest
    }
}

const CONTENT: &str = "content";
const CALL: &str = "call";

fn stream(run: RunId, attempt: u32, delta: &Delta) -> Stream {
    let channel = match delta.channel {
        Channel::Content => CONTENT,
        Channel::Call => CALL,
        Channel::Reasoning => "reasoning",
        Channel::Refusal => "refusal",
    };
    (run, attempt, channel, delta.call.as_ref().map_or(0, |call| call.index))
}

/// Notes every word of a text, in lower case.
fn remember(secrets: &mut BTreeSet<String>, text: &str) {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    secrets.extend(words.map(str::to_lowercase));
}

/// The members' names that a task's schema speaks of, and the one that formwork itself adds.
fn names(task: &Task) -> Names {
    let mut names = Names::from(["value".to_owned()]);
    if let Ok(schema) = Schema::load(&task.schema, task.schema_name.as_deref()) {
        gather(schema.value(), &mut names);
    }
    names
}

fn gather(schema: &Value, names: &mut Names) {
    match schema {
        Value::Object(members) => {
            for (name, member) in members {
                names.insert(name.clone());
                gather(member, names);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn scrub_draft(draft: &mut Draft) {
    for text in [&mut draft.input, &mut draft.instructions].into_iter().flatten() {
        *text = mask::text(text);
    }
}

fn scrub_task(task: &Task, names: &Names) -> Task {
    Task {
        input: mask::text(&task.input),
        instructions: task.instructions.as_deref().map(mask::text),
        params: task
            .params
            .iter()
            .map(|(name, value)| (name.clone(), mask::value(value, names)))
            .collect(),
        ..task.clone()
    }
}

/// The messages of a request lose their texts, and so does whatever is no member that formwork knows.
fn scrub_body(body: &mut Value, names: &Names) {
    let Value::Object(members) = body else {
        *body = mask::value(body, names);
        return;
    };
    for (name, member) in members {
        let is_plain = |fields: &[&str]| fields.contains(&name.as_str());
        if !is_plain(&PLAIN) && !Mode::ALL.iter().any(|mode| is_plain(mode.fields())) {
            scrub_protocol(member);
        }
    }
}

/// Texts go, except those that the protocol needs; so do numbers that are not it.
fn scrub_protocol(value: &mut Value) {
    match value {
        Value::String(text) => *text = mask::text(text),
        Value::Array(items) => items.iter_mut().for_each(scrub_protocol),
        Value::Object(members) => {
            for (name, member) in members {
                if name == "name" || PROTOCOL.contains(&name.as_str()) {
                    continue;
                }
                scrub_protocol(member);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn scrub_closing(closing: &mut Closing) {
    if let Some(reasoning) = &mut closing.reasoning {
        scrub_protocol(reasoning);
    }
    if let Some(fault) = &mut closing.error {
        scrub_fault(fault);
    }
}

/// What a server says may quote what it was sent. Classes, codes and who failed stay.
fn scrub_fault(fault: &mut Fault) {
    fault.message = mask::text(&fault.message);
    fault.detail = fault.detail.as_deref().map(mask::text);
    fault.metadata = mask::value(&fault.metadata, &Names::new());
}

/// What is broken stays, where as far as the schema names it; the message would quote the value.
fn scrub_error(error: &mut Violation, names: &Names) {
    error.pointer = mask::pointer(&error.pointer, names);
    error.message = format!("breaks `{}`", error.keyword);
}

#[cfg(test)]
mod tests;
