//! Which provider a command speaks to, at which address and with which key (design §8).
//!
//! Owns the choice and the built-in providers. Speaking to it, and refusing to send a key over plain HTTP, belong to `provider`.

use super::settings::{ProviderKind, ProviderSettings};
use super::{Config, ConfigError, Env, key};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// How long connecting may take unless the settings say otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long nothing may come unless the settings say otherwise; keep-alive comments count as something (`openrouter.md` §2.9).
const IDLE_TIMEOUT: Duration = Duration::from_secs(120);

/// The name under which a provider is built in, what it speaks, its address, its key's variable.
const BUILT_IN: [(&str, ProviderKind, &str, &str); 3] = [
    (
        "openrouter",
        ProviderKind::OpenRouter,
        OPENROUTER_URL,
        "OPENROUTER_API_KEY",
    ),
    ("openai", ProviderKind::OpenAi, OPENAI_URL, "OPENAI_API_KEY"),
    ("local", ProviderKind::Local, "", ""),
];

const OPENROUTER_URL: &str = "https://openrouter.ai/api/v1";

const OPENAI_URL: &str = "https://api.openai.com/v1";

/// What the command line says of the provider.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProviderFlags<'a> {
    /// `--provider`.
    pub provider: Option<&'a str>,
    /// `--base-url`.
    pub base_url: Option<&'a str>,
    /// `--model`.
    pub model: Option<&'a str>,
}

/// Where a key came from, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// From this variable.
    Variable(String),
    /// From the provider's `api_key_cmd`.
    Command,
    /// There is none, and none is needed. `looked_at` is the variable that would have been used.
    None {
        /// The variable that is not set, if one is named.
        looked_at: Option<String>,
    },
}

/// A provider with everything that is needed to speak to it.
#[derive(Clone, Debug)]
pub struct ResolvedProvider {
    /// Its name in the settings, the only thing of it that a session keeps.
    pub name: String,
    /// What it speaks.
    pub kind: ProviderKind,
    /// Its address without a trailing slash; empty for `local`.
    pub base_url: String,
    /// Its key.
    pub key: Option<SecretString>,
    /// Where the key came from.
    pub key_source: KeySource,
    /// Further HTTP headers.
    pub headers: Vec<(String, SecretString)>,
    /// How long connecting may take.
    pub connect_timeout: Duration,
    /// How long nothing may come.
    pub idle_timeout: Duration,
    /// Whether nothing asked for it: `local`, because there was no key. To be told to the user.
    pub by_default: bool,
}

impl Config {
    /// Picks the provider and gets its key. May run the provider's key command, for up to a minute.
    ///
    /// # Errors
    /// [`ConfigError::Provider`] if the choice makes no sense, [`ConfigError::Key`] if a key that is needed cannot be had.
    pub fn resolve_provider(&self, flags: ProviderFlags<'_>, env: &Env) -> Result<ResolvedProvider, ConfigError> {
        let choice = self.choose(flags, env)?;
        self.resolve(choice, flags, |place| get_key(place, env))
    }

    /// As [`Config::resolve_provider`], for nothing but the list of models: `openrouter` when nothing is set up, and its public list
    /// is read without a key, so that no key command is run. Elsewhere a key is sent if there is one.
    ///
    /// # Errors
    /// As above.
    pub fn resolve_catalogue(&self, flags: ProviderFlags<'_>, env: &Env) -> Result<ResolvedProvider, ConfigError> {
        let choice = match self.choose(flags, env)? {
            (_, true) => ("openrouter".to_owned(), true),
            named @ (_, false) => named,
        };
        self.resolve(choice, flags, |place| match place.kind {
            ProviderKind::OpenRouter if place.base_url == OPENROUTER_URL => Ok(no_key(None)),
            ProviderKind::OpenRouter => find_key(place, env),
            ProviderKind::OpenAi | ProviderKind::Local => get_key(place, env),
        })
    }

    /// As [`Config::resolve_provider`], for nothing but where its requests go: no key is looked for, and no key command is run.
    ///
    /// # Errors
    /// [`ConfigError::Provider`] as above.
    pub fn resolve_address(&self, flags: ProviderFlags<'_>, env: &Env) -> Result<ResolvedProvider, ConfigError> {
        let choice = self.choose(flags, env)?;
        self.resolve(choice, flags, |place| {
            let settings = place.settings;
            Ok(match (&settings.api_key_env, &settings.api_key_cmd) {
                (None, Some(_)) => (None, KeySource::Command),
                (variable, _) => no_key(variable.as_deref()),
            })
        })
    }

    fn resolve(
        &self,
        (name, by_default): (String, bool),
        flags: ProviderFlags<'_>,
        find_key: impl FnOnce(&Place<'_>) -> Result<(Option<SecretString>, KeySource), ConfigError>,
    ) -> Result<ResolvedProvider, ConfigError> {
        let providers = self.providers();
        let settings = providers.get(&name).ok_or_else(|| unknown(&name, &providers))?;
        let kind = settings.kind.unwrap_or(ProviderKind::OpenAi);
        let base_url = address(&name, kind, flags.base_url.or(settings.base_url.as_deref()))?;
        let (key, key_source) = find_key(&Place {
            name: &name,
            kind,
            base_url: &base_url,
            settings,
        })?;
        let headers = settings
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), value.0.clone()))
            .collect();
        Ok(ResolvedProvider {
            name,
            kind,
            base_url,
            key,
            key_source,
            headers,
            connect_timeout: settings.connect_timeout.unwrap_or(CONNECT_TIMEOUT),
            idle_timeout: settings.idle_timeout.unwrap_or(IDLE_TIMEOUT),
            by_default,
        })
    }

    /// The user's own weights for the embedded model. A relative path starts at the folder of the settings.
    pub fn local_weights(&self) -> Option<PathBuf> {
        let own = self.settings.local.weights.as_ref()?;
        Some(self.paths.config.join(own))
    }

    /// Every provider, the built-in ones included, with what is built in filled in.
    pub fn providers(&self) -> BTreeMap<String, ProviderSettings> {
        let mut providers = self.settings.providers.clone();
        for (name, kind, url, variable) in BUILT_IN {
            let provider = providers.entry(name.to_owned()).or_default();
            // A provider that was given another tongue keeps nothing of ours: its key must not go to a stranger by accident.
            if provider.kind.is_some_and(|other| other != kind) || kind == ProviderKind::Local {
                provider.kind.get_or_insert(kind);
                continue;
            }
            provider.kind = Some(kind);
            provider.base_url.get_or_insert_with(|| url.to_owned());
            if provider.api_key_env.is_none() && provider.api_key_cmd.is_none() {
                provider.api_key_env = Some(variable.to_owned());
            }
        }
        providers
    }

    /// The provider's name, and whether it is `local` for want of anything else. Whether there is such a provider is not looked at.
    ///
    /// # Errors
    /// [`ConfigError::Provider`] if several are set up and none is chosen.
    pub fn choose(&self, flags: ProviderFlags<'_>, env: &Env) -> Result<(String, bool), ConfigError> {
        let settings = &self.settings;
        let providers = self.providers();
        let named = flags
            .provider
            .or(settings.task.provider.as_deref())
            .or(settings.default_provider.as_deref());
        if let Some(name) = named {
            return Ok((name.to_owned(), false));
        }
        let has_key = providers
            .get("openrouter")
            .is_some_and(|openrouter| may_have_key(openrouter, env));
        let own_address = settings
            .providers
            .get("openai")
            .is_some_and(|openai| openai.base_url.is_some());
        let custom: Vec<&String> = settings.providers.keys().filter(|name| !is_built_in(name)).collect();
        let name = match custom.as_slice() {
            _ if has_key => "openrouter",
            _ if flags.base_url.is_some() || own_address => "openai",
            [only] => only.as_str(),
            [] if flags.model.is_some() || settings.task.model.is_some() => "openrouter",
            [] => return Ok(("local".to_owned(), true)),
            [..] => return Err(ConfigError::Provider(several(&custom))),
        };
        Ok((name.to_owned(), false))
    }
}

fn is_built_in(name: &str) -> bool {
    BUILT_IN.iter().any(|(built_in, ..)| *built_in == name)
}

/// Whether a key is likely to be found, without running any command.
fn may_have_key(settings: &ProviderSettings, env: &Env) -> bool {
    let variable = settings.api_key_env.as_deref().and_then(|name| env.get(name));
    variable.is_some() || settings.api_key_cmd.is_some()
}

fn several(names: &[&String]) -> String {
    let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    format!(
        "several providers are set up ({}): choose with --provider or `default_provider`",
        names.join(", ")
    )
}

fn unknown(name: &str, providers: &BTreeMap<String, ProviderSettings>) -> ConfigError {
    let known: Vec<&str> = providers.keys().map(String::as_str).collect();
    ConfigError::Provider(format!("unknown provider `{name}`: known are {}", known.join(", ")))
}

/// Checks an address and cuts its trailing slashes; `local` has none.
///
/// # Errors
/// [`ConfigError::Provider`], which does not repeat the address.
pub fn address(name: &str, kind: ProviderKind, given: Option<&str>) -> Result<String, ConfigError> {
    let wrong = |why: &str| ConfigError::Provider(format!("the address of provider `{name}` {why}"));
    let text = match (kind.path(), given) {
        (None, None) => return Ok(String::new()),
        (None, Some(_)) => {
            return Err(ConfigError::Provider(format!(
                "provider `{name}` runs inside formwork: it takes no address"
            )));
        }
        (Some(_), None) => {
            return Err(wrong("is missing: give --base-url or set its `base_url`"));
        }
        (Some(_), Some(text)) => text.trim().trim_end_matches('/'),
    };
    // The text itself is not repeated: it may hold a password.
    let url = Url::parse(text).map_err(|error| wrong(&format!("is no URL ({error}): write http://host:port/v1")))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong("must start with http:// or https:// and name a host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong(
            "holds a user name or password: use `api_key_env`, `api_key_cmd` or `headers`",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("must end before any `?` or `#`"));
    }
    Ok(text.to_owned())
}

/// Where a key is to be sent, and the settings that say where it is found.
struct Place<'a> {
    name: &'a str,
    kind: ProviderKind,
    base_url: &'a str,
    settings: &'a ProviderSettings,
}

/// A key that must be there where the server is known to ask for one.
fn get_key(place: &Place<'_>, env: &Env) -> Result<(Option<SecretString>, KeySource), ConfigError> {
    let found = find_key(place, env)?;
    let is_needed = place.kind == ProviderKind::OpenRouter || place.base_url == OPENAI_URL;
    if found.0.is_none() && is_needed {
        let variable = place.settings.api_key_env.as_deref();
        return Err(ConfigError::Key(missing(place.name, variable, env)));
    }
    Ok(found)
}

/// The key, if there is one.
fn find_key(place: &Place<'_>, env: &Env) -> Result<(Option<SecretString>, KeySource), ConfigError> {
    let &Place {
        name, kind, settings, ..
    } = place;
    if kind.path().is_none() {
        return Ok(no_key(None));
    }
    let variable = settings.api_key_env.as_deref();
    if let Some((variable, text)) = variable.and_then(|variable| Some((variable, env.get(variable)?))) {
        let key = key::from_text(text).map_err(|why| ConfigError::Key(format!("the key in {variable} {why}")))?;
        return Ok((Some(key), KeySource::Variable(variable.to_owned())));
    }
    if let Some(command) = &settings.api_key_cmd {
        let key = key::from_command(command, env, key::COMMAND_TIMEOUT)
            .map_err(|why| ConfigError::Key(format!("`api_key_cmd` of provider `{name}`: {why}")))?;
        return Ok((Some(key), KeySource::Command));
    }
    Ok(no_key(variable))
}

fn no_key(looked_at: Option<&str>) -> (Option<SecretString>, KeySource) {
    let looked_at = looked_at.map(str::to_owned);
    (None, KeySource::None { looked_at })
}

fn missing(name: &str, variable: Option<&str>, env: &Env) -> String {
    // Someone who has OpenAI's key and names a model would look for the reason in vain.
    let has_openai = name == "openrouter" && env.get("OPENAI_API_KEY").is_some();
    match variable {
        Some(variable) if has_openai => format!(
            "no key for provider `{name}`: {variable} is not set; OPENAI_API_KEY is, and `--provider openai` would use it"
        ),
        Some(variable) => format!(
            "no key for provider `{name}`: {variable} is not set; set it, or name another server with --base-url"
        ),
        None => format!("no key for provider `{name}`: set its `api_key_env` or `api_key_cmd` in the settings"),
    }
}

#[cfg(test)]
mod tests;
