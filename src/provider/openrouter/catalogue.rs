//! What models a server offers, and who serves one of them.
//!
//! Owns fetching and freshness: a list is fresh for a day, a stale one is used at once and fetched anew behind it, and with none at all
//! a run waits a little and then goes on without (design §3). Reading the JSON is `parse`'s, the file `cache`'s, the lookup `find`'s.

mod cache;
mod find;
mod parse;
#[cfg(test)]
mod tests;

pub use parse::{EndpointInfo, ToolChoices};

use super::http::Link;
use super::intake::ANSWER_CAP;
use super::{Settings, faults};
use crate::event::{Fault, FaultClass};
use crate::extract::model::{Known, ModelInfo};
use cache::Cache;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// How long a list counts as fresh.
pub const FRESH: Duration = Duration::from_secs(24 * 60 * 60);

/// How long after a failed fetch a run does not wait for another one.
const COOL: Duration = Duration::from_secs(60);

/// A server's models.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    /// Every model, in the server's order.
    pub models: Vec<ModelInfo>,
    /// How long ago they were fetched.
    pub age: Duration,
    /// Whether that is longer than a day, and no newer list could be had.
    pub stale: bool,
}

/// A fetched list as kept in memory and on disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Listing {
    /// The address it came from: a file of another server is no use.
    base_url: String,
    /// Unix seconds.
    fetched: u64,
    entries: Vec<Entry>,
}

/// One model with the other names it goes by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Entry {
    info: ModelInfo,
    /// The permanent, often dated slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    canonical: Option<String>,
}

impl Listing {
    fn age(&self) -> Duration {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        now.saturating_sub(Duration::from_secs(self.fetched))
    }

    fn is_fresh(&self) -> bool {
        self.age() < FRESH
    }

    fn to_catalogue(&self) -> Catalogue {
        let models = self.entries.iter().map(|entry| entry.info.clone()).collect();
        Catalogue {
            models,
            age: self.age(),
            stale: !self.is_fresh(),
        }
    }
}

/// Where one server's list is kept.
pub(super) struct Shelf {
    link: Arc<Link>,
    cache: Option<Cache>,
    wait: Duration,
    held: Mutex<Held>,
    /// Held while a request is under way, so that there is only one.
    fetching: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Held {
    listing: Option<Arc<Listing>>,
    failed: Option<Instant>,
}

impl Shelf {
    /// An empty shelf.
    pub fn new(link: Arc<Link>, settings: &Settings) -> Self {
        let cache = settings.cache_dir.as_ref().map(|dir| Cache::new(dir, link.base()));
        Self {
            link,
            cache,
            wait: settings.catalogue_wait,
            held: Mutex::default(),
            fetching: tokio::sync::Mutex::default(),
        }
    }

    /// What is known of a model, within the settings' `catalogue_wait`.
    pub async fn known(self: &Arc<Self>, model: &str) -> Known {
        if let Some(listing) = self.load().await {
            if !listing.is_fresh() && !self.failed_lately() {
                let renewer = self.clone();
                tokio::spawn(async move { renewer.refresh_if_idle().await });
            }
            return find::known(&listing.entries, model);
        }
        if self.failed_lately() {
            return Known::Nothing;
        }
        // A task of its own, so that a list that comes too late for this run is there for the next.
        let fetcher = self.clone();
        let task = tokio::spawn(async move { fetcher.fetch(false).await });
        match tokio::time::timeout(self.wait, task).await {
            Ok(Ok(Ok(listing))) => find::known(&listing.entries, model),
            Ok(Ok(Err(_)) | Err(_)) | Err(_) => Known::Nothing,
        }
    }

    /// See [`crate::provider::offers::Offers::catalogue`].
    pub async fn catalogue(&self, refresh: bool) -> Result<Catalogue, Fault> {
        let cached = if refresh { None } else { self.load().await };
        if let Some(listing) = cached.as_ref().filter(|listing| listing.is_fresh()) {
            return Ok(listing.to_catalogue());
        }
        match (self.fetch(refresh).await, cached) {
            (Ok(listing), _) => Ok(listing.to_catalogue()),
            (Err(_), Some(stale)) => Ok(stale.to_catalogue()),
            (Err(fault), None) => Err(fault),
        }
    }

    /// See [`crate::provider::offers::Offers::endpoints`].
    pub async fn endpoints(&self, model: &str) -> Result<Vec<EndpointInfo>, Fault> {
        let base = model.split_once(':').map_or(model, |(base, _variant)| base);
        let Some((author, slug)) = base
            .split_once('/')
            .filter(|(author, slug)| !author.is_empty() && !slug.is_empty())
        else {
            let message =
                format!("the endpoints of {model:?} cannot be asked for: a model id has the form author/slug");
            return Err(faults::own(FaultClass::Setup, message));
        };
        parse::endpoints(&self.get(&["models", author, slug, "endpoints"]).await?)
    }

    /// The list in memory, or the one on disk.
    async fn load(&self) -> Option<Arc<Listing>> {
        if let Some(listing) = &self.held().listing {
            return Some(listing.clone());
        }
        let cache = self.cache.clone()?;
        let listing = tokio::task::spawn_blocking(move || cache.read()).await.ok()??;
        let mut held = self.held();
        Some(held.listing.get_or_insert_with(|| Arc::new(listing)).clone())
    }

    /// Fetches unless a fetch is under way.
    async fn refresh_if_idle(&self) {
        if let Ok(_alone) = self.fetching.try_lock() {
            // What went wrong is of no interest behind a list that still serves; `failed` keeps from trying at once again.
            let _ = self.request().await;
        }
    }

    /// Fetches the list, or waits for the fetch under way; `anew` also when that one has just brought it.
    async fn fetch(&self, anew: bool) -> Result<Arc<Listing>, Fault> {
        let _alone = self.fetching.lock().await;
        let fresh = self
            .held()
            .listing
            .clone()
            .filter(|listing| listing.is_fresh() && !anew);
        match fresh {
            Some(listing) => Ok(listing),
            None => self.request().await,
        }
    }

    async fn request(&self) -> Result<Arc<Listing>, Fault> {
        let entries = match self.get(&["models"]).await {
            Ok(body) => parse::models(&body),
            Err(fault) => Err(fault),
        };
        self.held().failed = entries.is_err().then(Instant::now);
        let fetched = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs();
        let listing = Arc::new(Listing {
            base_url: self.link.base().to_owned(),
            fetched,
            entries: entries?,
        });
        self.held().listing = Some(listing.clone());
        if let Some(cache) = self.cache.clone() {
            let kept = listing.clone();
            // A list that cannot be kept is fetched again next time: nothing to tell anybody.
            let _ = tokio::task::spawn_blocking(move || cache.write(&kept)).await;
        }
        Ok(listing)
    }

    async fn get(&self, path: &[&str]) -> Result<Vec<u8>, Fault> {
        let mut response = self.link.send(self.link.request(Method::GET, path)).await?;
        let (body, broken) = self.link.read(&mut response, ANSWER_CAP).await;
        if !response.status().is_success() {
            let fault = faults::from_response(response.status().as_u16(), response.headers(), &body, SystemTime::now());
            return Err(self.link.secrets().fault(fault));
        }
        match broken {
            Some(fault) => Err(fault),
            None => Ok(self.link.secrets().body(body)),
        }
    }

    fn failed_lately(&self) -> bool {
        self.held().failed.is_some_and(|at| at.elapsed() < COOL)
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
