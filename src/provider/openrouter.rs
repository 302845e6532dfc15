//! OpenRouter and every server that speaks its dialect of chat completions.
//!
//! Owns the front that the worker sees: settings in, a [`Provider`] out. The way there is `http`, one request is `attempt`, and its
//! answer goes through `intake`, `fold`, `calls`, `reasoning` and `faults`; what models there are is `catalogue`'s.

mod attempt;
mod calls;
pub mod catalogue;
mod faults;
mod fold;
mod http;
mod intake;
mod lenient;
mod reasoning;
mod secrets;
mod wire;

use crate::event::Fault;
use crate::extract::model::{Dialect, Known};
use crate::provider::memory::Memory;
use crate::provider::offers::Offers;
use crate::provider::{Provider, Signal};
use crate::task::Mode;
use catalogue::{Catalogue, EndpointInfo, Shelf};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use http::Link;
use secrecy::SecretString;
use serde_json::Value;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How to reach a server.
#[derive(Clone)]
pub struct Settings {
    /// The provider's name in the configuration.
    pub name: String,
    /// Which body fields it understands.
    pub dialect: Dialect,
    /// Where it is, such as `https://openrouter.ai/api/v1`.
    pub base_url: String,
    /// The key, sent as `Authorization: Bearer`.
    pub key: Option<SecretString>,
    /// Further headers; they replace ours of the same name.
    pub headers: Vec<(String, String)>,
    /// How long connecting may take.
    pub connect_timeout: Duration,
    /// How long nothing may come; any byte starts it anew.
    pub idle_timeout: Duration,
    /// Where the catalogue is kept; `None` keeps it in memory only.
    pub cache_dir: Option<PathBuf>,
    /// How long a run waits for a catalogue when none is cached (design §3: 3 s).
    pub catalogue_wait: Duration,
}

impl Settings {
    /// Settings with the usual timeouts (10 s to connect, 120 s idle), no key and no cache.
    pub fn new(name: impl Into<String>, dialect: Dialect, base_url: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            dialect,
            base_url: base_url.into(),
            key: None,
            headers: Vec::new(),
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(120),
            cache_dir: None,
            catalogue_wait: Duration::from_secs(3),
        }
    }
}

/// Shows no key, no address and no header's value: any of them may hold a secret.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("name", &self.name)
            .field("dialect", &self.dialect)
            .finish_non_exhaustive()
    }
}

/// A server reached over HTTP: OpenRouter, or any OpenAI-compatible one.
pub struct OpenRouter {
    name: String,
    dialect: Dialect,
    link: Arc<Link>,
    shelf: Arc<Shelf>,
    memory: Memory,
}

impl fmt::Debug for OpenRouter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenRouter")
            .field("name", &self.name)
            .field("base_url", &self.link.base())
            .finish_non_exhaustive()
    }
}

impl OpenRouter {
    /// Checks the settings. Sends nothing.
    ///
    /// # Errors
    /// A fault of the class `Setup` for a broken address, header or key, for `http://` with a key except on loopback, and when the
    /// system has no certificates to trust.
    pub fn new(settings: Settings) -> Result<Self, Fault> {
        let link = Arc::new(Link::new(&settings)?);
        let shelf = Arc::new(Shelf::new(link.clone(), &settings));
        let memory = Memory::new(settings.cache_dir.as_deref(), link.base());
        Ok(Self {
            name: settings.name,
            dialect: settings.dialect,
            link,
            shelf,
            memory,
        })
    }
}

impl Provider for OpenRouter {
    fn name(&self) -> &str {
        &self.name
    }

    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn base_url(&self) -> &str {
        self.link.base()
    }

    fn known<'a>(&'a self, model: &'a str) -> BoxFuture<'a, Known> {
        Box::pin(async move {
            match self.dialect {
                Dialect::OpenRouter => self.shelf.known(model).await,
                // Other servers list ids only, which says nothing of what a model can do: not worth a request.
                Dialect::OpenAi | Dialect::Local => Known::Nothing,
            }
        })
    }

    fn cannot(&self, model: &str) -> Vec<Mode> {
        self.memory.cannot(model, SystemTime::now())
    }

    fn remember(&self, model: &str, mode: Mode) {
        // A cache that cannot be written costs the next run one request, and this one nothing.
        let _ = self.memory.remember(model, mode, SystemTime::now());
    }

    fn attempt(&self, body: Value) -> BoxStream<'static, Signal> {
        attempt::run(self.link.clone(), body)
    }
}

impl Offers for OpenRouter {
    fn catalogue(&self, refresh: bool) -> BoxFuture<'_, Result<Catalogue, Fault>> {
        Box::pin(self.shelf.catalogue(refresh))
    }

    fn has_endpoints(&self) -> bool {
        self.dialect == Dialect::OpenRouter
    }

    fn endpoints<'a>(&'a self, model: &'a str) -> BoxFuture<'a, Result<Vec<EndpointInfo>, Fault>> {
        Box::pin(self.shelf.endpoints(model))
    }
}
