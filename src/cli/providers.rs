//! From resolved settings to a provider that can be asked.
//!
//! Owns which kind of provider each name becomes. Finding its address and key is `config::provider`'s.

use crate::cli::args::TaskArgs;
use crate::cli::exit::{CliError, Exit};
use crate::config::Config;
use crate::config::Env;
use crate::config::KeySource;
use crate::config::provider::{ProviderFlags, ResolvedProvider};
use crate::config::settings::ProviderKind;
use crate::event::Fault;
use crate::extract::endpoint::Endpoint;
use crate::extract::faults::describe;
use crate::extract::model::Dialect;
#[cfg(feature = "local")]
use crate::provider::local::Local;
use crate::provider::offers::Offers;
use crate::provider::openrouter::{OpenRouter, Settings};
use secrecy::ExposeSecret as _;
use std::sync::Arc;

/// How many models an error lists.
const LISTED: usize = 8;

/// A provider that was opened.
#[derive(Clone)]
pub struct Opened {
    /// The provider.
    pub provider: Arc<dyn Offers>,
    /// Whether nothing asked for it.
    pub by_default: bool,
}

/// The flags that choose a provider.
pub fn flags(args: &TaskArgs) -> ProviderFlags<'_> {
    ProviderFlags {
        provider: args.provider.as_deref(),
        base_url: args.base_url.as_deref(),
        model: args.model.as_deref(),
    }
}

/// Where a provider's requests go, as far as it may be shown.
pub fn endpoint(resolved: &ResolvedProvider) -> Endpoint {
    let key_env = match &resolved.key_source {
        KeySource::Variable(variable) => Some(variable.clone()),
        KeySource::Command => Some("API_KEY".to_owned()),
        KeySource::None { .. } => None,
    };
    Endpoint {
        method: "POST".to_owned(),
        url: resolved
            .kind
            .path()
            .map_or_else(String::new, |path| format!("{}{path}", resolved.base_url)),
        key_env,
        headers: resolved.headers.iter().map(|(name, _)| (name.clone(), None)).collect(),
    }
}

/// Opens the provider that flags, settings and environment name. Nothing is sent.
///
/// # Errors
/// A missing key or a broken address, with what to do about it.
pub fn open(config: &Config, flags: ProviderFlags<'_>, env: &Env) -> Result<Opened, CliError> {
    opened(config, config.resolve_provider(flags, env)?)
}

/// Opens the provider whose models are to be listed: no key is needed for OpenRouter's, which is taken when nothing is set up.
///
/// # Errors
/// As [`open`].
pub fn open_catalogue(config: &Config, flags: ProviderFlags<'_>, env: &Env) -> Result<Opened, CliError> {
    opened(config, config.resolve_catalogue(flags, env)?)
}

/// Opens a provider whose settings were resolved. Nothing is sent.
///
/// # Errors
/// A broken address, or a build without the embedded model.
pub fn opened(config: &Config, resolved: ResolvedProvider) -> Result<Opened, CliError> {
    let dialect = match resolved.kind {
        ProviderKind::OpenRouter => Dialect::OpenRouter,
        ProviderKind::OpenAi => Dialect::OpenAi,
        ProviderKind::Local => return embedded(config, resolved),
    };
    let by_default = resolved.by_default;
    let settings = Settings {
        key: resolved.key,
        headers: resolved
            .headers
            .into_iter()
            .map(|(name, value)| (name, value.expose_secret().to_owned()))
            .collect(),
        connect_timeout: resolved.connect_timeout,
        idle_timeout: resolved.idle_timeout,
        cache_dir: Some(config.paths.cache.clone()),
        ..Settings::new(resolved.name, dialect, resolved.base_url)
    };
    let provider = OpenRouter::new(settings).map_err(|fault| failed(&fault))?;
    Ok(Opened {
        provider: Arc::new(provider),
        by_default,
    })
}

#[cfg(feature = "local")]
#[expect(clippy::unnecessary_wraps, reason = "the slim build has no embedded model")]
fn embedded(config: &Config, resolved: ResolvedProvider) -> Result<Opened, CliError> {
    Ok(Opened {
        provider: Arc::new(Local::new(resolved.name, &config.paths.cache, config.local_weights())),
        by_default: resolved.by_default,
    })
}

#[cfg(not(feature = "local"))]
fn embedded(_: &Config, resolved: ResolvedProvider) -> Result<Opened, CliError> {
    let what = if resolved.by_default {
        "no provider is set up, and this build has no embedded model"
    } else {
        "this build has no embedded model"
    };
    let message = format!(
        "{what}: set OPENROUTER_API_KEY to a key from https://openrouter.ai/keys, or name an OpenAI-compatible server with \
         --base-url http://localhost:8080/v1"
    );
    Err(CliError::new(Exit::Provider, message))
}

/// A fault that ends a command.
pub fn failed(fault: &Fault) -> CliError {
    CliError::new(Exit::Provider, describe(fault))
}

impl Opened {
    /// What the user should know before a run: that nothing better was found, and what will be fetched.
    pub fn notices(&self) -> Vec<String> {
        self.provider.notices(self.by_default)
    }

    /// The model of a server that offers just one, so that a server of one's own needs no `-m`.
    ///
    /// # Errors
    /// A usage error that lists some models when there are several, or says that one must be named.
    pub async fn only_model(&self) -> Result<String, CliError> {
        let hint = "give one with -m, as in -m google/gemini-2.5-flash; `formwork models` lists them";
        if self.provider.dialect() == Dialect::OpenRouter {
            return Err(CliError::usage(format!("no model: {hint}")));
        }
        let models = self
            .provider
            .catalogue(false)
            .await
            .map_err(|fault| failed(&fault))?
            .models;
        match &models[..] {
            [] => Err(CliError::usage(format!("no model: the server lists none; {hint}"))),
            [only] => Ok(only.id.clone()),
            several => {
                let ids: Vec<&str> = several.iter().take(LISTED).map(|model| model.id.as_str()).collect();
                Err(CliError::usage(format!(
                    "no model: the server has {}; give one with -m",
                    ids.join(", ")
                )))
            }
        }
    }
}
