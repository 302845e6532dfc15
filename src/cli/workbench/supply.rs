//! Providers and their lists, as the workbench may know them.
//!
//! Owns the bridge from settings and servers to the workbench's border (`supply`). No key passes it.

use super::favourites;
use crate::cli::args::TaskArgs;
use crate::cli::providers::{self, Opened};
use crate::config::settings::ProviderKind;
use crate::config::{Config, Env, ProviderFlags};
use crate::extract::faults::describe;
use crate::workbench::model::ProviderInfo;
use crate::workbench::overlays::{Endpoints, KeyState, ModelList, ProviderRow};
use crate::workbench::supply::{Lists, Supplied, Supply};
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// Opens providers from the settings.
pub struct Supplier {
    config: Config,
    /// The flags that the workbench was opened with.
    args: TaskArgs,
    env: Env,
}

impl Supplier {
    /// For these settings, flags and variables.
    pub const fn new(config: Config, args: TaskArgs, env: Env) -> Self {
        Self { config, args, env }
    }

    /// The flags for a provider: an address that was given belongs to the one that was given with it.
    fn flags<'a>(&'a self, name: Option<&'a str>) -> ProviderFlags<'a> {
        let given = providers::flags(&self.args);
        match name {
            Some(name) if given.provider != Some(name) => {
                let own = self
                    .config
                    .choose(given, &self.env)
                    .is_ok_and(|(chosen, _)| chosen == name);
                ProviderFlags {
                    provider: Some(name),
                    base_url: given.base_url.filter(|_| own),
                    model: None,
                }
            }
            Some(_) | None => given,
        }
    }
}

impl Supply for Supplier {
    fn open(&self, name: Option<&str>) -> Result<Supplied, String> {
        let flags = self.flags(name);
        let resolved = self
            .config
            .resolve_provider(flags, &self.env)
            .map_err(|error| error.to_string())?;
        let endpoint = providers::endpoint(&resolved);
        let opened = providers::opened(&self.config, resolved).map_err(|error| error.message)?;
        let provider = &opened.provider;
        provider.warm();
        let model = provider.own_model();
        Ok(Supplied {
            provider: provider.clone(),
            info: ProviderInfo {
                name: provider.name().to_owned(),
                demo: model.is_some(),
                model: model.map(|model| model.id),
                has_endpoints: provider.has_endpoints(),
                endpoint,
                notices: opened.notices(),
            },
            lists: Arc::new(opened),
        })
    }

    fn providers(&self, current: &str) -> Vec<ProviderRow> {
        let rows = self.config.providers().into_iter().map(|(name, settings)| {
            let kind = settings.kind.unwrap_or(ProviderKind::OpenAi);
            let variable = settings.api_key_env.as_deref();
            let key = match (kind, variable, &settings.api_key_cmd) {
                (ProviderKind::Local, _, _) | (_, None, None) => KeyState::NotNeeded,
                (_, Some(variable), _) if self.env.get(variable).is_some() => KeyState::Set(variable.to_owned()),
                (_, _, Some(_)) => KeyState::Set("api_key_cmd".to_owned()),
                (_, Some(variable), None) => KeyState::Missing(variable.to_owned()),
            };
            let address = match kind.path() {
                None => String::new(),
                Some(_) => self.address(&name, settings.base_url),
            };
            ProviderRow {
                current: name == current,
                note: if kind == ProviderKind::Local { "demo model" } else { "" }.to_owned(),
                kind: kind.as_str().to_owned(),
                name,
                address,
                key,
            }
        });
        rows.collect()
    }

    fn keep_favourites(&self, models: &[String]) -> Result<(), String> {
        favourites::keep(&self.config.paths.config, models)
    }
}

impl Supplier {
    fn address(&self, name: &str, set: Option<String>) -> String {
        let given = self.flags(Some(name)).base_url.map(str::to_owned);
        given.or(set).unwrap_or_default()
    }
}

impl Lists for Opened {
    fn models(&self, refresh: bool) -> BoxFuture<'_, ModelList> {
        Box::pin(async move {
            match self.provider.catalogue(refresh).await {
                Ok(catalogue) => ModelList {
                    models: catalogue.models.into(),
                    age: Some(catalogue.age),
                    stale: catalogue.stale,
                    error: None,
                    loading: false,
                },
                Err(fault) => ModelList {
                    error: Some(describe(&fault)),
                    ..ModelList::default()
                },
            }
        })
    }

    fn endpoints<'a>(&'a self, model: &'a str) -> BoxFuture<'a, Endpoints> {
        Box::pin(async move {
            match self.provider.endpoints(model).await {
                Ok(list) => Endpoints::Known(list),
                Err(fault) => Endpoints::Failed(describe(&fault)),
            }
        })
    }
}
