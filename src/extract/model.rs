//! What is known of a model and of the server that offers it, as far as planning a run needs it.
//!
//! Owns plain data. Where it comes from (a catalogue, an endpoint list) belongs to `provider`.

pub mod figures;

use crate::task::Mode;
use serde::{Deserialize, Serialize};

/// Which fields of a request body a server understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// OpenRouter: `provider` preferences, `reasoning`, `max_tokens`.
    OpenRouter,
    /// Any OpenAI-compatible server: only what all of them take (`openrouter.md` §6).
    OpenAi,
    /// The embedded model.
    Local,
}

/// What a catalogue says of one model. `None` and empty mean "not said", never "not so".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModelInfo {
    /// The id used in requests.
    pub id: String,
    /// A name for people.
    pub name: String,
    /// Tokens of context.
    pub context_length: Option<u64>,
    /// The most `max_tokens` may be.
    pub max_completion_tokens: Option<u64>,
    /// Names of parameters and capabilities (`openrouter.md` §4.3); `None` when the server does not say.
    pub supported_parameters: Option<Vec<String>>,
    /// Dollars per prompt token; `None` when unknown.
    pub prompt_price: Option<f64>,
    /// Dollars per completion token; `None` when unknown.
    pub completion_price: Option<f64>,
    /// Dollars per request; `None` when there is none.
    pub request_price: Option<f64>,
    /// Whether the model reasons and cannot be told not to.
    pub reasoning_mandatory: bool,
    /// Whether the model can reason at all.
    pub reasoning: bool,
    /// When the offer ends, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// Unix seconds at which it was added.
    pub created: Option<u64>,
    /// What it takes in: `text`, `image`, `file`, …
    pub input_modalities: Vec<String>,
}

impl ModelInfo {
    /// Whether the catalogue lists a parameter; `None` when the catalogue does not say.
    pub fn supports(&self, parameter: &str) -> Option<bool> {
        let listed = self.supported_parameters.as_ref()?;
        Some(listed.iter().any(|name| name == parameter))
    }

    /// Whether the catalogue lists what a mode needs; `None` when the catalogue does not say.
    pub fn serves(&self, mode: Mode) -> Option<bool> {
        let listed = self.supported_parameters.as_ref()?;
        Some(
            mode.capability()
                .is_none_or(|needed| listed.iter().any(|name| name == needed)),
        )
    }
}

/// What is known when a plan is made.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// The catalogue has the model.
    Model(Box<ModelInfo>),
    /// There is a catalogue, and the model is not in it: it is sent all the same. `near` holds similar ids.
    Missing {
        /// Up to five ids that look alike.
        near: Vec<String>,
    },
    /// There is no catalogue (another server, no network, none cached in time).
    Nothing,
}

impl Known {
    /// The model's entry, if there is one.
    pub fn model(&self) -> Option<&ModelInfo> {
        match self {
            Self::Model(info) => Some(info),
            Self::Missing { .. } | Self::Nothing => None,
        }
    }
}
