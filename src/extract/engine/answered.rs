//! What follows an answer: valid, refused, a longer attempt, a re-ask, a fallback, or the end.
//!
//! Owns the decision. Reading and judging are `read`'s, the messages `reask`'s.

use super::{Run, Step, budget};
use crate::event::{Closing, RunEvent, Why};
use crate::extract::read::{Reader, Reading};
use crate::extract::{prompt, reask};
use crate::task::Mode;
use crate::verdict::Outcome;

/// How much longer an answer may be after one that was cut (design §3).
const LONGER: u32 = 4;

impl Run {
    /// The stream ended without a fault.
    pub(super) fn answered(&mut self, now: u64, closing: &Closing) -> Step {
        self.note_closed(closing.clone());
        if let Some(reason) = self.refusal(closing) {
            return self.end(now, Outcome::Refused, reason, None);
        }
        let read = self.read();
        let cut = self.was_cut(closing, read.as_ref().is_ok_and(|reading| reading.complete));
        match read {
            Ok(reading) => {
                self.note_judged(&reading);
                if reading.is_valid() && (reading.complete || !cut) {
                    return self.valid(now);
                }
                if cut && !reading.complete {
                    return self.cut(now);
                }
                let feedback = prompt::invalid(self.mode(), &reading.verdict.errors);
                let first = reading.verdict.errors.first().map_or_else(String::new, |error| {
                    let place = if error.pointer.is_empty() {
                        String::new()
                    } else {
                        format!("{}: ", error.pointer)
                    };
                    format!("{place}{}", error.message)
                });
                self.reask(now, closing, &feedback, &first)
            }
            Err(_) if cut => self.cut(now),
            Err(why) => self.unreadable(now, closing, &why),
        }
    }

    /// The stream broke off without a finish reason: what came counts only if it is whole and fits.
    pub(super) fn salvage(&self) -> Option<Reading> {
        if self.answer.is_empty() {
            return None;
        }
        self.read()
            .ok()
            .filter(|reading| reading.complete && reading.is_valid())
    }

    pub(super) fn valid(&mut self, now: u64) -> Step {
        let reason = match self.attempts {
            1 => "valid at the first attempt".to_owned(),
            attempts => format!("valid after {attempts} attempts"),
        };
        self.end(now, Outcome::Valid, reason, None)
    }

    pub(super) fn note_judged(&mut self, reading: &Reading) {
        let verdict = reading.verdict.clone();
        self.events.push(RunEvent::Judged {
            run: self.setup.run,
            attempt: self.attempts,
            source: verdict.source,
            value: verdict.value,
            errors: verdict.errors,
            repairs: verdict.repairs,
        });
    }

    fn read(&self) -> Result<Reading, String> {
        let reader = Reader {
            mode: self.mode(),
            schema: &self.setup.schema,
            changes: &self.changes,
            strict_json: self.setup.task.strict_json,
        };
        reader.read(&self.answer)
    }

    fn refusal(&self, closing: &Closing) -> Option<String> {
        let refusal = self.answer.refusal.trim();
        if !refusal.is_empty() && self.answer.content.trim().is_empty() && self.answer.calls.is_empty() {
            return Some(format!("the model refused: {}", prompt::cut(refusal, 400)));
        }
        (closing.finish.as_deref() == Some("content_filter"))
            .then(|| "the provider's content filter stopped the answer; change the input or the model".into())
    }

    /// Whether the answer ended because it was too long. Servers that name another reason for a cut call are found out by their
    /// token count (`openrouter.md` §2.3).
    fn was_cut(&self, closing: &Closing, complete: bool) -> bool {
        let limit = u64::from(self.affordable(self.max_tokens));
        closing.finish.as_deref() == Some("length")
            || (!complete && closing.usage.is_some_and(|usage| usage.completion >= limit))
    }

    /// One longer attempt, up to the model's cap; a second cut ends the run.
    fn cut(&mut self, now: u64) -> Step {
        let longer = self.max_tokens.saturating_mul(LONGER).min(budget::cap(&self.setup));
        if self.longer || longer <= self.max_tokens {
            let reason = format!(
                "the answer was cut off at {} tokens; give --max-tokens a larger number, or take a model that answers longer",
                self.max_tokens
            );
            return self.end(now, Outcome::Invalid, reason, None);
        }
        let reason = format!(
            "the answer was cut off at {} tokens, {longer} are asked for",
            self.max_tokens
        );
        self.longer = true;
        self.max_tokens = longer;
        self.send(now, Why::Longer, reason)
    }

    /// Prose instead of a call means that the tools were ignored (`openrouter.md` §0.1): another mode helps more than asking again.
    fn unreadable(&mut self, now: u64, closing: &Closing, why: &str) -> Step {
        if self.mode() == Mode::Tools && self.answer.calls.is_empty() && self.fall_back() {
            let reason = format!("the function was not called, and {why}");
            return self.send(now, Why::Fallback, reason);
        }
        let feedback = prompt::unreadable(self.mode(), why);
        self.reask(now, closing, &feedback, why)
    }

    fn reask(&mut self, now: u64, closing: &Closing, feedback: &str, first: &str) -> Step {
        if self.reasks >= self.setup.task.limits.reasks {
            let asked = match self.reasks {
                0 => "no re-ask was allowed".to_owned(),
                1 => "after 1 re-ask".to_owned(),
                reasks => format!("after {reasks} re-asks"),
            };
            return self.end(now, Outcome::Invalid, format!("not valid, {asked}: {first}"), None);
        }
        self.reasks += 1;
        self.more = reask::messages(&self.answer, closing.reasoning.as_ref(), feedback, self.setup.dialect);
        self.send(now, Why::Reask, first.to_owned())
    }
}
