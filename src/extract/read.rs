//! Reading an answer: which channel holds it, which candidate fits, what it breaks.
//!
//! Owns the choice between candidates, because only here the schema is known. Finding and repairing them is `json::repair`'s.

use crate::extract::answer::{Answer, Call};
use crate::json::repair::{self, Candidate, Limits};
use crate::schema::{Schema, adapt};
use crate::task::Mode;
use crate::verdict::{Change, Channel, Risk, Source, Verdict};
use serde_json::Value;

/// Candidates of one text that are judged; what comes after them is further from an answer than any of them.
const JUDGED: usize = 16;

/// An answer that was read and judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What judging found.
    pub verdict: Verdict,
    /// Whether the JSON came to its own end, so that nothing can be missing.
    pub complete: bool,
}

impl Reading {
    /// Whether the value fits the schema as written.
    pub fn is_valid(&self) -> bool {
        self.verdict.errors.is_empty()
    }
}

/// How an answer is to be read.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// The mode it was asked in.
    pub mode: Mode,
    /// The name of the function that was to be called.
    pub function: &'a str,
    /// The schema as written.
    pub schema: &'a Schema,
    /// What was changed in it for this attempt.
    pub changes: &'a [Change],
    /// Whether repairs of risk `guess` are refused.
    pub strict_json: bool,
}

impl Reader<'_> {
    /// Reads an answer and judges it against the schema as written.
    ///
    /// In `tools` the call with the schema's name counts first, then any single call, then JSON found in the content; in the other
    /// modes the content, then a single call. Reasoning is looked at only when there is nothing else (`openrouter.md` §1.5, §2.6).
    ///
    /// # Errors
    /// A sentence that says why no JSON could be read.
    pub fn read(&self, answer: &Answer) -> Result<Reading, String> {
        let mut why = if answer.calls.is_empty() {
            "the answer is empty".to_owned()
        } else {
            format!("none of its {} calls is of `{}`", answer.calls.len(), self.function)
        };
        for (channel, call, text) in self.places(answer) {
            match self.read_text(channel, call, text) {
                Ok(reading) => return Ok(reading),
                Err(reason) => why = reason,
            }
        }
        Err(why)
    }

    /// Where JSON may stand, likeliest first.
    fn places<'t>(&self, answer: &'t Answer) -> Vec<(Channel, Option<u32>, &'t str)> {
        let mut places = Vec::new();
        let call = self
            .call(&answer.calls)
            .map(|call| (Channel::Call, Some(call.index), call.arguments.as_str()));
        let content = (!answer.content.trim().is_empty()).then_some((Channel::Content, None, answer.content.as_str()));
        if self.mode.answers_in_call() {
            places.extend(call);
            places.extend(content);
        } else {
            places.extend(content);
            places.extend(call);
        }
        if places.is_empty() && !answer.reasoning.trim().is_empty() {
            places.push((Channel::Reasoning, None, answer.reasoning.as_str()));
        }
        places
    }

    /// The call that holds the answer: the one with our name, else a single one.
    fn call<'c>(&self, calls: &'c [Call]) -> Option<&'c Call> {
        calls.iter().find(|call| call.name == self.function).or(match calls {
            [only] => Some(only),
            _ => None,
        })
    }

    fn read_text(&self, channel: Channel, call: Option<u32>, text: &str) -> Result<Reading, String> {
        if channel == Channel::Call && text.trim().is_empty() {
            return Ok(self.no_arguments(call));
        }
        let candidates = repair::read(text, Limits::default());
        if candidates.is_empty() {
            return Err("no JSON was found in it".into());
        }
        let total = candidates.len();
        let mut best: Option<Reading> = None;
        for candidate in candidates
            .into_iter()
            .filter(|one| !(self.strict_json && one.has_guess()))
            .take(JUDGED)
        {
            let reading = self.judge(channel, call, &candidate);
            if reading.is_valid() && reading.complete {
                return Ok(reading);
            }
            if best.as_ref().is_none_or(|best| rank(&reading) < rank(best)) {
                best = Some(reading);
            }
        }
        best.ok_or_else(|| {
            format!("none of its {total} readings as JSON is free of guesses, which --strict-json refuses")
        })
    }

    fn judge(&self, channel: Channel, call: Option<u32>, candidate: &Candidate) -> Reading {
        let value = adapt::undo(self.schema, self.changes, candidate.value());
        let errors = self.schema.judge(&value);
        let source = Source {
            channel,
            call,
            start: candidate.start,
            end: candidate.end,
        };
        let verdict = Verdict {
            source,
            value,
            errors,
            repairs: candidate.repairs.clone(),
        };
        Reading {
            verdict,
            complete: candidate.complete,
        }
    }

    /// A call without arguments is a call with `{}` (`openrouter.md` §1.5). Nothing says that it came to its end: a stream that broke
    /// off or was cut before the arguments looks the same.
    fn no_arguments(&self, call: Option<u32>) -> Reading {
        let value = adapt::undo(self.schema, self.changes, Value::Object(serde_json::Map::new()));
        let errors = self.schema.judge(&value);
        let source = Source {
            channel: Channel::Call,
            call,
            start: 0,
            end: 0,
        };
        Reading {
            verdict: Verdict {
                source,
                value,
                errors,
                repairs: Vec::new(),
            },
            complete: false,
        }
    }
}

/// Smaller is better: fewer violations, then complete, then fewer guesses.
fn rank(reading: &Reading) -> (usize, bool, usize) {
    let guesses = reading
        .verdict
        .repairs
        .iter()
        .filter(|repair| repair.risk == Risk::Guess)
        .count();
    (reading.verdict.errors.len(), !reading.complete, guesses)
}
