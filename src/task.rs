//! The task: what to extract, from what, by whom and within which limits.
//!
//! Owns plain data with serde only; the modes are in `task/mode.rs`. Loading a schema, choosing a plan and sending anything belong to
//! other rooms.

mod mode;

pub use mode::{Mode, ModeChoice};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a run may spend. Every limit that stops a run is named in its `ended` event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Re-asks after an invalid or unreadable answer.
    pub reasks: u32,
    /// Retries of the same request after a transport fault, a 429 or a 5xx.
    pub retries: u32,
    /// Whether a mode the endpoint cannot serve may be replaced by another; `false` also ignores the memory of past fallbacks.
    pub fallback: bool,
    /// Attempts of any kind, `None` for no limit of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    /// Tokens, prompt and completion, over all attempts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u64>,
    /// `max_tokens` of one answer; `None` takes the smaller of 4096 and the model's cap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
    /// Dollars over all attempts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_cost: Option<f64>,
    /// Wall time of the whole run in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            reasks: 2,
            retries: 3,
            fallback: true,
            attempts: None,
            tokens: None,
            max_tokens: None,
            max_cost: None,
            timeout_ms: None,
        }
    }
}

/// Everything one run needs, without any secret and without an address: a session can carry it to a stranger.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Task {
    /// The schema's text as the user wrote it: JSON, JSON with comments, YAML or the shorthand.
    pub schema: String,
    /// The stem of the schema's file, which names the function or format when the schema has no `title`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_name: Option<String>,
    /// The text to extract from.
    pub input: String,
    /// What the user wants besides the schema, sent in the system message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    /// The model's id as the provider knows it.
    pub model: String,
    /// The mode asked for.
    pub mode: ModeChoice,
    /// What the run may spend.
    pub limits: Limits,
    /// Sampling temperature; sent only where the model is not known to refuse it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Further body fields, sent as they are (`--param K=JSON`).
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub params: Map<String, Value>,
    /// Refuse repairs of risk `guess`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub strict_json: bool,
    /// Leave out OpenRouter's `provider.require_parameters` in the modes that send it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub allow_any_endpoint: bool,
}
