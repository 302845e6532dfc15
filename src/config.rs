//! Settings: from files, the environment and flags to one resolved [`Config`].
//!
//! Owns the layers of design §8 (built-in, the user's `config.toml`, the project's `formwork.toml`, `FORMWORK_*`), where formwork
//! keeps its files, and which provider a command speaks to. Nothing in here reads the process's environment: it is handed in
//! as an [`Env`]. Merging flags into a task belongs to `cli`.

pub mod duration;
pub mod env;
mod error;
mod key;
mod layers;
pub mod paths;
pub mod provider;
pub mod settings;
mod strict;

pub use env::Env;
pub use error::ConfigError;
pub use layers::{Config, FileSeen};
pub use paths::Paths;
pub use provider::{KeySource, ProviderFlags, ResolvedProvider};
pub use settings::{ProviderKind, ProviderSettings, Settings};
pub use strict::nearest;
