//! What follows an answer: valid, refused, a longer attempt, a re-ask, a fallback, or the end.
//!
//! Owns the decision. What the answer is worth is `again`'s, the messages are `reask`'s.

use super::{Run, Step, budget};
use crate::event::{Budget, Closing, RunEvent, Why};
use crate::extract::again::{self, Found};
use crate::extract::read::{Reader, Reading};
use crate::extract::{body, prompt, reask};
use crate::verdict::{Outcome, Verdict};

/// How much longer an answer may be after one that was cut (design §3).
const LONGER: u32 = 4;

impl Run {
    /// The stream ended without a fault.
    pub(super) fn answered(&mut self, now: u64, closing: &Closing) -> Step {
        self.note_closed(closing.clone());
        let found = self.look(closing);
        let cut = self.was_cut(closing, matches!(&found, Found::Read(reading) if reading.complete));
        match found {
            Found::Refused(reason) => self.end(now, Outcome::Refused, reason, None),
            Found::Read(reading) => self.judged(now, closing, reading, cut),
            Found::Unreadable(_) | Found::Nothing if cut => self.cut(now),
            Found::Unreadable(why) => self.unreadable(now, closing, &why),
            // Only a fault leaves nothing.
            Found::Nothing => self.unreadable(now, closing, "the answer is empty"),
        }
    }

    fn judged(&mut self, now: u64, closing: &Closing, reading: Reading, cut: bool) -> Step {
        let errors = reading.verdict.errors.clone();
        self.note_judged(reading.verdict);
        if cut && !reading.complete {
            return self.cut(now);
        }
        if errors.is_empty() {
            return self.valid(now);
        }
        let feedback = prompt::invalid(self.mode(), &errors);
        let first = errors.first().map_or_else(String::new, |error| {
            let place = if error.pointer.is_empty() {
                String::new()
            } else {
                format!("{}: ", error.pointer)
            };
            format!("{place}{}", error.message)
        });
        self.reask(now, closing, &feedback, &first)
    }

    /// What the answer is worth after this end of its stream.
    pub(super) fn look(&self, closing: &Closing) -> Found {
        let reader = Reader {
            mode: self.mode(),
            function: self.setup.schema.name(),
            schema: &self.setup.schema,
            changes: &self.changes,
            strict_json: self.setup.task.strict_json,
        };
        again::look(&reader, &self.answer, closing)
    }

    pub(super) fn valid(&mut self, now: u64) -> Step {
        let reason = match self.attempts {
            1 => "valid at the first attempt".to_owned(),
            attempts => format!("valid after {attempts} attempts"),
        };
        self.end(now, Outcome::Valid, reason, None)
    }

    pub(super) fn note_judged(&mut self, verdict: Verdict) {
        self.events.push(RunEvent::Judged {
            run: self.setup.run,
            attempt: self.attempts,
            source: verdict.source,
            value: verdict.value,
            errors: verdict.errors,
            repairs: verdict.repairs,
        });
    }

    /// Whether the answer ended because it was too long. Servers that name another reason for a cut call are found out by their
    /// token count (`openrouter.md` §2.3).
    fn was_cut(&self, closing: &Closing, complete: bool) -> bool {
        let spent = || Some(closing.usage?.completion >= budget::max_tokens_of(&self.sent)?);
        closing.finish.as_deref() == Some("length") || (!complete && spent().unwrap_or(false))
    }

    /// One longer attempt, as far as model, server and money allow; a second cut ends the run.
    fn cut(&mut self, now: u64) -> Step {
        let sent = budget::max_tokens_of(&self.sent);
        let before = self.max_tokens;
        self.max_tokens = before.saturating_mul(LONGER).min(self.longest());
        // What would really be sent: money or a `--param` may keep it as short as before.
        let longer = budget::max_tokens_of(&body::body(&self.request()).0);
        let at = sent.map_or_else(String::new, |sent| format!(" at {sent} tokens"));
        if let Some(longer) = longer.filter(|longer| !self.longer && Some(*longer) > sent) {
            self.longer = true;
            let reason = format!("the answer was cut off{at}, {longer} are asked for");
            return self.send(now, Why::Longer, reason);
        }
        if !self.longer && self.max_tokens > before && self.affordable(self.max_tokens) < self.max_tokens {
            let reason = format!("the answer was cut off{at}, and what is left of --max-cost pays for no longer one");
            return self.end(now, Outcome::Failed, reason, Some(Budget::Cost));
        }
        let advice = if sent >= Some(u64::from(self.longest())) {
            "and no longer one is to be had here; ask for less in one run, or take a model that answers longer"
        } else {
            "give --max-tokens a larger number, or take a model that answers longer"
        };
        self.end(
            now,
            Outcome::Invalid,
            format!("the answer was cut off{at}; {advice}"),
            None,
        )
    }

    /// Prose instead of a call means that the tools were ignored (`openrouter.md` §0.1): another mode helps more than asking again.
    fn unreadable(&mut self, now: u64, closing: &Closing, why: &str) -> Step {
        if self.mode().answers_in_call() && self.answer.calls.is_empty() && self.fall_back() {
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
