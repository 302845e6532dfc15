//! What follows a fault: adjust the body, fall back, wait and retry, or end with a sentence that says what to do.
//!
//! Owns the order in which remedies are used. Which remedies a fault has is the table in `faults`.

use super::{Run, State, Step};
use crate::event::{Budget, Closing, Fault, FaultClass, RunEvent, Why};
use crate::extract::again::Found;
use crate::extract::body;
use crate::extract::faults::{self, Adjust, Remedy, Ruling, Sent};
use crate::extract::model::Known;
use crate::extract::retry;
use crate::verdict::Outcome;

impl Run {
    /// The stream ended with a fault.
    pub(super) fn faulted(&mut self, now: u64, closing: Closing, fault: Fault) -> Step {
        let ruling = self.rule(&fault);
        let fault = Fault {
            class: ruling.class,
            ..fault
        };
        let closing = Closing {
            error: Some(fault.clone()),
            ..closing
        };
        self.note_closed(closing.clone());
        if let Found::Read(reading) = self.look(&closing) {
            self.note_judged(reading.verdict);
            return self.valid(now);
        }
        for (place, remedy) in ruling.remedies.iter().enumerate() {
            let last = place + 1 == ruling.remedies.len();
            let step = match remedy {
                Remedy::Stop => Some(self.fail(now, &fault, &ruling.advice)),
                // Before another remedy, waiting is worth one try.
                Remedy::Wait { ms } if last || self.use_once(remedy) => self.wait(now, &fault, *ms, &ruling),
                Remedy::Mode => self.other_mode(now, &fault, &ruling),
                Remedy::Adjust(adjust) if self.use_once(remedy) => self.adjust(now, adjust, &fault),
                Remedy::Wait { .. } | Remedy::Adjust(_) => None,
            };
            if let Some(step) = step {
                return step;
            }
        }
        self.fail(now, &fault, &ruling.advice)
    }

    /// Whether a remedy is used for the first time within this step of the plan; from now on it counts as used. Each length and each
    /// wait is the same remedy whatever its number.
    fn use_once(&mut self, remedy: &Remedy) -> bool {
        let same = |used: &Remedy| match (used, remedy) {
            (Remedy::Wait { .. }, Remedy::Wait { .. })
            | (Remedy::Adjust(Adjust::MaxTokens(_)), Remedy::Adjust(Adjust::MaxTokens(_))) => true,
            _ => used == remedy,
        };
        if self.used.iter().any(same) {
            return false;
        }
        self.used.push(remedy.clone());
        true
    }

    fn rule(&self, fault: &Fault) -> Ruling {
        faults::rule(fault, &self.sent())
    }

    fn sent(&self) -> Sent<'_> {
        let info = self.setup.known.model();
        Sent {
            mode: self.mode(),
            dialect: self.setup.dialect,
            body: &self.sent,
            supported: info.and_then(|info| info.supported_parameters.as_deref()),
            reasoning_mandatory: info.is_some_and(|info| info.reasoning_mandatory),
        }
    }

    /// Falls back to the plan's next step; remembers what the endpoint cannot do.
    fn other_mode(&mut self, now: u64, fault: &Fault, ruling: &Ruling) -> Option<Step> {
        let mode = self.mode();
        if ruling.remembers && self.setup.task.limits.fallback {
            self.remember = Some(mode);
        }
        if !self.fall_back() {
            return None;
        }
        self.first_fault
            .get_or_insert_with(|| (fault.clone(), ruling.advice.clone()));
        let reason = format!("{mode} cannot be served: {}", faults::describe(fault));
        Some(self.send(now, Why::Fallback, reason))
    }

    /// Waits before the same request is sent again. `None` when no retry is left or the server asks for too long a wait.
    fn wait(&mut self, now: u64, fault: &Fault, hint: Option<u64>, ruling: &Ruling) -> Option<Step> {
        if self.retries >= self.setup.task.limits.retries {
            return None;
        }
        if let Some(hint) = hint.filter(|hint| *hint > retry::LONGEST_WAIT_MS) {
            let advice = format!(
                "The server asks for a wait of {} s, longer than formwork waits by itself",
                hint / 1000
            );
            return Some(self.fail(now, fault, &format!("{advice}. {}", ruling.advice)));
        }
        let ms = retry::delay(self.retries, hint, self.rng.f64());
        self.retries += 1;
        if let Some((budget, reason)) = self.spent() {
            return Some(self.end(now, Outcome::Failed, reason, Some(budget)));
        }
        if let Some(limit) = self.out_of_time_after(now.saturating_add(ms)) {
            let reason = format!(
                "stopped: a wait of {:.1} s would pass the {:.1} s this run was given (--timeout): {}",
                ms as f64 / 1000.0,
                limit as f64 / 1000.0,
                faults::describe(fault)
            );
            return Some(self.end(now, Outcome::Failed, reason, Some(Budget::Time)));
        }
        self.state = State::Waiting;
        let reason = faults::describe(fault);
        self.events.push(RunEvent::Waiting {
            run: self.setup.run,
            ms,
            reason,
        });
        Some(Step::Wait(ms))
    }

    /// The run's wall time, if a moment lies beyond it.
    fn out_of_time_after(&self, moment: u64) -> Option<u64> {
        self.setup.task.limits.timeout_ms.filter(|limit| moment >= *limit)
    }

    /// Changes the body and sends it again in the same mode. `None` when the body stays as it was: what was refused once is refused
    /// again.
    fn adjust(&mut self, now: u64, adjust: &Adjust, fault: &Fault) -> Option<Step> {
        let what = self.tune(adjust);
        if body::body(&self.request()).0 == self.sent {
            return None;
        }
        Some(self.send(
            now,
            Why::Reduced,
            format!("{what}, because the server said: {}", faults::describe(fault)),
        ))
    }

    /// Notes the change and names it.
    fn tune(&mut self, adjust: &Adjust) -> String {
        let droppable: Vec<String> = faults::droppable(&self.sent()).into_iter().map(str::to_owned).collect();
        let tuning = &mut self.tuning;
        match adjust {
            Adjust::ToolChoice(choice) => {
                tuning.tool_choice = Some(choice);
                format!("tool_choice is now `{choice}`")
            }
            Adjust::DropOptional => {
                let left_out = format!("left out: {}", droppable.join(", "));
                tuning.dropped.extend(droppable);
                left_out
            }
            Adjust::DropRequireParameters => {
                tuning.any_endpoint = true;
                "provider.require_parameters is left out".into()
            }
            Adjust::DropField(field) => {
                tuning.dropped.insert(field.clone());
                format!("`{field}` is left out")
            }
            // The server takes neither name.
            Adjust::RenameField { from, to } if tuning.renamed.get(to) == Some(from) => {
                tuning.dropped.insert(from.clone());
                format!("`{from}` is left out")
            }
            Adjust::RenameField { from, to } => {
                tuning.renamed.insert(from.clone(), to.clone());
                format!("`{from}` is sent as `{to}`")
            }
            Adjust::MaxTokens(tokens) => {
                self.ceiling = self.ceiling.min(*tokens);
                self.max_tokens = self.max_tokens.min(self.ceiling);
                format!("max_tokens is now {}", self.max_tokens)
            }
            Adjust::Reduced => {
                tuning.reduced = true;
                "the reduced schema is sent".into()
            }
            Adjust::NoReasoning => {
                tuning.no_reasoning = true;
                "reasoning is turned off".into()
            }
            Adjust::DropReasoning => {
                tuning.no_reasoning = false;
                tuning
                    .dropped
                    .extend(["reasoning".to_owned(), "reasoning_effort".to_owned()]);
                "`reasoning` is left out".into()
            }
            // The system message says JSON in every mode whose endpoint could ask for it.
            Adjust::SayJson => String::new(),
        }
    }

    /// Ends the run. When every step of the plan failed, the first cause counts: later ones are usually its consequences.
    fn fail(&mut self, now: u64, fault: &Fault, advice: &str) -> Step {
        let (fault, advice) = match &self.first_fault {
            Some((first, advice)) if is_consequence(fault.class) => (first.clone(), advice.clone()),
            _ => (fault.clone(), advice.to_owned()),
        };
        let mut reason = faults::describe(&fault);
        if !advice.is_empty() {
            let end = if reason.ends_with(['?', '!']) { "" } else { "." };
            reason = format!("{}{end} {advice}", reason.trim_end_matches('.'));
        }
        if let (FaultClass::Model, Known::Missing { near }) = (fault.class, &self.setup.known)
            && !near.is_empty()
        {
            reason = format!("{reason} Ids that look alike: {}.", near.join(", "));
        }
        let outcome = if fault.class == FaultClass::ContentPolicy {
            Outcome::Refused
        } else {
            Outcome::Failed
        };
        self.end(now, outcome, reason, None)
    }
}

/// Whether a fault after a fallback says less than the one that caused the fallback.
const fn is_consequence(class: FaultClass) -> bool {
    matches!(
        class,
        FaultClass::ModeUnsupported
            | FaultClass::ToolChoice
            | FaultClass::Parameters
            | FaultClass::Schema
            | FaultClass::Generation
            | FaultClass::Field
            | FaultClass::Thinking
            | FaultClass::ReasoningMandatory
            | FaultClass::JsonWord
            | FaultClass::BadRequest
            | FaultClass::NoContent
            | FaultClass::Unknown
    )
}
