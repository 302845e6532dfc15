//! The shape of the settings: every table and key that a file or the environment may set, with its built-in value.
//!
//! Owns plain data and serde. `deny_unknown_fields` stands on every table, so that this file is the list of known keys.

use super::duration;
use crate::task::ModeChoice;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// All settings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The provider to use when no flag and no task names one.
    pub default_provider: Option<String>,
    /// What to extract, and within which limits.
    pub task: TaskSettings,
    /// The workbench's looks.
    pub ui: UiSettings,
    /// What the terminal can do.
    pub terminal: TerminalSettings,
    /// Whether runs are recorded.
    pub session: SessionSettings,
    /// How long recordings stay.
    pub sessions: SessionsSettings,
    /// The embedded model.
    pub local: LocalSettings,
    /// Providers by name; the built-in ones may be changed in part.
    pub providers: BTreeMap<String, ProviderSettings>,
    /// Key bindings, read by the workbench.
    pub keys: Map<String, Value>,
}

/// `[task]`: what flags of `run` can say, too. A member left out leaves the choice to the next layer and at last to formwork.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TaskSettings {
    /// The schema: a file, the shorthand, or JSON.
    pub schema: Option<String>,
    /// What the model is told besides the schema.
    pub instructions: Option<String>,
    /// The model's id.
    pub model: Option<String>,
    /// How the model is asked.
    pub mode: Option<ModeChoice>,
    /// The provider's name.
    pub provider: Option<String>,
    /// Re-asks after an answer that does not fit.
    pub reasks: Option<u32>,
    /// Retries after a transport fault.
    pub retries: Option<u32>,
    /// Whether another mode may be tried.
    pub fallback: Option<bool>,
    /// Tokens of one answer.
    pub max_tokens: Option<u32>,
    /// Tokens of the whole run.
    pub max_total_tokens: Option<u64>,
    /// Sampling temperature.
    #[serde(deserialize_with = "not_negative")]
    pub temperature: Option<f64>,
    /// Wall time of the whole run.
    #[serde(deserialize_with = "duration::optional")]
    pub timeout: Option<Duration>,
    /// Dollars of the whole run.
    #[serde(deserialize_with = "not_negative")]
    pub max_cost: Option<f64>,
    /// Refuse repairs that guess.
    pub strict_json: Option<bool>,
    /// Leave out OpenRouter's `require_parameters`.
    pub allow_any_endpoint: Option<bool>,
    /// Further body fields.
    pub params: Map<String, Value>,
}

/// `[ui]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UiSettings {
    /// The theme's name.
    pub theme: String,
    /// Draw with ASCII only.
    pub ascii: bool,
    /// Frames a second at most.
    pub max_fps: u16,
}

impl Default for UiSettings {
    fn default() -> Self {
        Self {
            theme: "default".into(),
            ascii: false,
            max_fps: 30,
        }
    }
}

/// `[terminal]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TerminalSettings {
    /// How many colours there are.
    pub color: Color,
    /// Whether the kitty keyboard protocol is asked for.
    pub kitty_keys: KittyKeys,
}

/// How many colours the terminal shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Color {
    /// Found out from the environment.
    #[default]
    Auto,
    /// 24 bits.
    TrueColor,
    /// The xterm palette.
    #[serde(rename = "256")]
    Indexed,
    /// The terminal's own 16.
    #[serde(rename = "16")]
    Ansi,
    /// None.
    None,
}

/// Whether the kitty keyboard protocol is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KittyKeys {
    /// Asked for; a terminal that does not know it ignores that.
    #[default]
    Auto,
    /// Never.
    Off,
}

/// `[session]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SessionSettings {
    /// Whether runs are recorded.
    pub record: bool,
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self { record: true }
    }
}

/// `[sessions]`; a member left out is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SessionsSettings {
    /// Days after which a recording may be removed.
    pub keep_days: Option<u32>,
    /// Mebibytes that all recordings together may take.
    pub max_mb: Option<u64>,
}

/// `[local]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LocalSettings {
    /// The embedded model's weights.
    pub weights: Option<PathBuf>,
}

/// What a provider speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProviderKind {
    /// OpenRouter's API.
    OpenRouter,
    /// What most servers take for OpenAI's API.
    OpenAi,
    /// The embedded model.
    Local,
}

impl ProviderKind {
    /// The word in the settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenRouter => "openrouter",
            Self::OpenAi => "openai",
            Self::Local => "local",
        }
    }

    /// Where below its address requests go; `None` for what runs inside formwork, which has no address.
    pub const fn path(self) -> Option<&'static str> {
        match self {
            Self::OpenRouter | Self::OpenAi => Some("/chat/completions"),
            Self::Local => None,
        }
    }
}

/// `[providers.NAME]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProviderSettings {
    /// What it speaks; `openai` if it is left out for a name that is not built in.
    pub kind: Option<ProviderKind>,
    /// Its address up to what comes before `/chat/completions`.
    pub base_url: Option<String>,
    /// The variable that holds its key.
    pub api_key_env: Option<String>,
    /// A command that prints its key, asked if the variable is not set.
    pub api_key_cmd: Option<KeyCommand>,
    /// Further HTTP headers.
    pub headers: BTreeMap<String, HeaderValue>,
    /// How long connecting may take.
    #[serde(deserialize_with = "duration::optional")]
    pub connect_timeout: Option<Duration>,
    /// How long nothing may come.
    #[serde(deserialize_with = "duration::optional")]
    pub idle_timeout: Option<Duration>,
}

/// A command that prints a key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(
    untagged,
    expecting = "a command as one string for the shell, or as a list of strings without one"
)]
pub enum KeyCommand {
    /// Run through the system's shell.
    Shell(String),
    /// Run as it is: the program and its arguments.
    Argv(Vec<String>),
}

/// A header's value, which may well be a secret.
#[derive(Clone, Debug, Default)]
pub struct HeaderValue(pub SecretString);

impl<'de> Deserialize<'de> for HeaderValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // serde's own message would quote the value.
        let text =
            String::deserialize(deserializer).map_err(|_| serde::de::Error::custom("a header's value is text"))?;
        Ok(Self(text.into()))
    }
}

fn not_negative<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let number = f64::deserialize(deserializer)?;
    if number.is_finite() && number >= 0.0 {
        return Ok(Some(number));
    }
    Err(serde::de::Error::custom(format!(
        "{number} is out of range: it must be 0 or more"
    )))
}
