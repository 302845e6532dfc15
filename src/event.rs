//! The events of a run and of a session: the only thing the worker sends, the fronts read and a session stores.
//!
//! Owns their shape on disk (design §5, format 1). Writing and reading files belongs to `session`, adding events up to `record`.

mod fault;

use crate::task::{Mode, Task};
use crate::verdict::{Change, Channel, Outcome, Repair, Source, Totals, Usage, Violation};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

pub use fault::{Fault, FaultClass};

/// The version in a session's header line. A reader refuses a newer one.
pub const FORMAT: u32 = 1;

/// The number of a run within its session, from 1.
pub type RunId = u32;

/// The first line of a session file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The format version, [`FORMAT`].
    pub formwork: u32,
    /// A unique id.
    pub id: String,
    /// When it was created, RFC 3339 in UTC.
    pub created: String,
    /// What it is about.
    #[serde(default)]
    pub title: String,
}

/// One further line of a session file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stamped {
    /// Milliseconds since the session was created.
    pub at: u64,
    /// What happened.
    #[serde(flatten)]
    pub event: RunEvent,
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanStep {
    /// The mode the step asks in.
    pub mode: Mode,
    /// Why it is in the plan, at this place.
    pub reason: String,
}

/// Why an attempt was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// The run's first.
    First,
    /// The endpoint cannot serve the mode before.
    Fallback,
    /// The answer before did not fit.
    Reask,
    /// A fault that waiting may mend.
    Retry,
    /// The answer before was cut by its length.
    Longer,
    /// The same mode with a changed body: the reduced schema, or a parameter fewer.
    Reduced,
}

impl Why {
    /// The reason's word as stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Fallback => "fallback",
            Self::Reask => "reask",
            Self::Retry => "retry",
            Self::Longer => "longer",
            Self::Reduced => "reduced",
        }
    }
}

/// What is under way before a model answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Weights are being fetched, in bytes.
    Fetch,
    /// Weights are being loaded, in bytes.
    Load,
    /// The prompt is being read, in tokens.
    Prompt,
}

/// Which tool call a delta belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRef {
    /// The call's index within the answer, from 0, after the quirks of `openrouter.md` §2.5 are settled.
    pub index: u32,
    /// The call's id; empty if the server gave none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// The function's name; empty until known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
}

/// A piece of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delta {
    /// Where it belongs.
    pub channel: Channel,
    /// The call it belongs to, for the channel `call`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<CallRef>,
    /// The text, to be appended.
    pub text: String,
}

/// How an attempt's stream ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Closing {
    /// The normalised finish reason, if one came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finish: Option<String>,
    /// Tokens and cost, if the server named them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Reasoning details to hand back untouched in a re-ask, merged by index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<Value>,
    /// What went wrong, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Fault>,
}

/// What changed in the panes. Only the members that changed are there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// The schema's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The input's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// The instructions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    /// The model's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The mode asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// The provider's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
}

/// One fact about a run (design §5). Unknown events of a later program read as [`RunEvent::Unknown`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum RunEvent {
    /// The panes changed.
    Draft(Draft),
    /// A run began.
    Started {
        /// The run.
        run: RunId,
        /// The program's version.
        version: String,
        /// What was asked for.
        task: Arc<Task>,
        /// The provider's name in the settings.
        provider: String,
        /// The steps the run may take.
        plan: Vec<PlanStep>,
    },
    /// A request is about to be sent.
    Attempt {
        /// The run.
        run: RunId,
        /// The attempt's number within the run, from 1.
        attempt: u32,
        /// The mode it asks in.
        mode: Mode,
        /// Why it is made.
        why: Why,
        /// The same in a sentence.
        reason: String,
        /// What was changed in the schema for it.
        changes: Vec<Change>,
        /// The exact request body.
        body: Value,
    },
    /// Something slow before the answer; shown, not journaled.
    Progress {
        /// The run.
        run: RunId,
        /// What is under way.
        phase: Phase,
        /// Units done.
        done: u64,
        /// Units in all; 0 when unknown.
        total: u64,
    },
    /// The response's headers arrived.
    Opened {
        /// The run.
        run: RunId,
        /// The attempt.
        attempt: u32,
        /// HTTP status.
        status: u16,
        /// Milliseconds from sending to headers.
        ms: u64,
    },
    /// Who serves it became known.
    Routed {
        /// The run.
        run: RunId,
        /// The attempt.
        attempt: u32,
        /// The upstream provider.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider: Option<String>,
        /// The model actually served.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        model: Option<String>,
        /// The generation's id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
    },
    /// A piece of the answer.
    Delta {
        /// The run.
        run: RunId,
        /// The attempt.
        attempt: u32,
        /// The piece.
        #[serde(flatten)]
        delta: Delta,
    },
    /// The run waits before a retry.
    Waiting {
        /// The run.
        run: RunId,
        /// Milliseconds to wait.
        ms: u64,
        /// Why.
        reason: String,
    },
    /// The attempt's stream ended.
    Closed {
        /// The run.
        run: RunId,
        /// The attempt.
        attempt: u32,
        /// How.
        #[serde(flatten)]
        closing: Closing,
    },
    /// An answer was read and judged against the schema as written.
    Judged {
        /// The run.
        run: RunId,
        /// The attempt.
        attempt: u32,
        /// Where the value was read.
        source: Source,
        /// The value.
        value: Value,
        /// What it breaks.
        errors: Vec<Violation>,
        /// What had to be repaired.
        repairs: Vec<Repair>,
    },
    /// The run is over.
    Ended {
        /// The run.
        run: RunId,
        /// How.
        outcome: Outcome,
        /// Why, in a sentence.
        reason: String,
        /// Which budget stopped it, if one did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        budget: Option<Budget>,
        /// What it spent.
        totals: Totals,
    },
    /// An event of a later program: kept in its file, ignored here.
    #[serde(other)]
    Unknown,
}

/// A limit that stopped a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Budget {
    /// Too many attempts.
    Attempts,
    /// Too many tokens.
    Tokens,
    /// Too much money.
    Cost,
    /// Too much time.
    Time,
}

impl RunEvent {
    /// The run the event belongs to; `None` for a draft and for unknown events.
    pub const fn run(&self) -> Option<RunId> {
        match self {
            Self::Started { run, .. }
            | Self::Attempt { run, .. }
            | Self::Progress { run, .. }
            | Self::Opened { run, .. }
            | Self::Routed { run, .. }
            | Self::Delta { run, .. }
            | Self::Waiting { run, .. }
            | Self::Closed { run, .. }
            | Self::Judged { run, .. }
            | Self::Ended { run, .. } => Some(*run),
            Self::Draft(_) | Self::Unknown => None,
        }
    }

    /// As [`RunEvent::run`], to be changed: numbers are a session's own.
    pub const fn run_mut(&mut self) -> Option<&mut RunId> {
        match self {
            Self::Started { run, .. }
            | Self::Attempt { run, .. }
            | Self::Progress { run, .. }
            | Self::Opened { run, .. }
            | Self::Routed { run, .. }
            | Self::Delta { run, .. }
            | Self::Waiting { run, .. }
            | Self::Closed { run, .. }
            | Self::Judged { run, .. }
            | Self::Ended { run, .. } => Some(run),
            Self::Draft(_) | Self::Unknown => None,
        }
    }

    /// Whether a session keeps the event.
    pub const fn is_journaled(&self) -> bool {
        !matches!(self, Self::Progress { .. } | Self::Unknown)
    }
}
