//! What went wrong with an attempt: one shape for every error body, and the class that the error table gives it.
//!
//! Owns the data as sessions store it. Normalising a body is the provider's, classing it `extract::faults`'.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The class of a fault: the row group of the error table (`openrouter.md` §3.3) it fell in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultClass {
    /// 1: no key, a wrong one or a revoked one.
    Key,
    /// 2a: money is reserved by parallel requests.
    InFlightBudget,
    /// 2b: `max_tokens` reserves more than the balance.
    CanAfford,
    /// 2c, 20d: no money.
    Credit,
    /// 3: moderation, guardrail, region, workspace budget.
    Denied,
    /// 4, 11: no endpoint serves the mode.
    ModeUnsupported,
    /// 5: a value of `tool_choice` is refused.
    ToolChoice,
    /// 6: the hard filter over parameters left no endpoint.
    Parameters,
    /// 7: an input modality is not supported.
    Modality,
    /// 8: the account's privacy settings left no endpoint.
    Policy,
    /// 9: provider restrictions left no endpoint.
    Providers,
    /// 10: the model is unknown or gone.
    Model,
    /// 12: the schema was refused.
    Schema,
    /// 12, Groq's runtime row: the model failed to meet a schema that the server accepted.
    Generation,
    /// 13: a field of the body was refused.
    Field,
    /// 14: thinking and a forced tool do not go together.
    Thinking,
    /// 15: reasoning cannot be turned off.
    ReasoningMandatory,
    /// 16: the messages lack the word json.
    JsonWord,
    /// 17: the input is too long.
    TooLong,
    /// 18: the provider's content filter.
    ContentPolicy,
    /// 19: another bad request.
    BadRequest,
    /// 20a: the daily cap of free models.
    DailyCap,
    /// 20b, 20c and other 429s.
    RateLimited,
    /// 21, 22: upstream trouble.
    Upstream,
    /// 22: a 200 without an answer, or a stream that broke off.
    NoContent,
    /// 23: connection, TLS or name.
    Network,
    /// 23: nothing came for too long.
    Timeout,
    /// The server answered something that is no chat completion, such as HTML.
    NotAnApi,
    /// An answer beyond 64 MiB or an SSE event beyond 16 MiB.
    TooLarge,
    /// The request was not sent: no key, `http://` with a key, a broken address.
    Setup,
    /// Not classed yet.
    #[default]
    Unknown,
}

/// What went wrong with an attempt, normalised from every shape of `openrouter.md` §3.1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fault {
    /// The class; [`FaultClass::Unknown`] until `extract` has looked at it, unless the provider knows (network, timeout).
    pub class: FaultClass,
    /// HTTP status, or the one the body names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The error's own message.
    pub message: String,
    /// The upstream's words from `metadata.raw`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The upstream provider that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// OpenRouter's `error_type`, or OpenAI's `type`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_type: Option<String>,
    /// A code that is a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The body field the server complains of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub param: Option<String>,
    /// How long to wait, in milliseconds, from whichever hint was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// `metadata.failed_routing_step`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// `availability.code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability: Option<String>,
    /// `availability.retryable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retryable: Option<bool>,
    /// `metadata.limit_source`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_source: Option<String>,
    /// The remaining members of `error.metadata` that the table looks at (`flagged_input`, `reasons`, `patterns`,
    /// `requested_providers`, `available_providers`, `limit_usd`, `resets_at`, `excluded_by`), as they came.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub metadata: Value,
}
