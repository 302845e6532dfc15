//! What the workbench needs of the settings and of servers, behind one trait.
//!
//! Owns the border: the workbench knows no HTTP and no settings; whoever starts it hands in what does.

use super::model::ProviderInfo;
use super::overlays::{Endpoints, ModelList, ProviderRow};
use crate::provider::Provider;
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// A provider that was opened.
#[derive(Clone)]
pub struct Supplied {
    /// It, as the worker takes it.
    pub provider: Arc<dyn Provider>,
    /// What the screen may know of it.
    pub info: ProviderInfo,
    /// Its lists.
    pub lists: Arc<dyn Lists>,
}

/// Opens providers. Calls may block for up to a minute (a key command), so they are made on a thread for that.
pub trait Supply: Send + Sync {
    /// Opens a provider by its name; without one, the one that flags and settings choose.
    ///
    /// # Errors
    /// A sentence that says what to do.
    fn open(&self, name: Option<&str>) -> Result<Supplied, String>;

    /// Every provider in the settings; `current` is the name of the one in use.
    fn providers(&self, current: &str) -> Vec<ProviderRow>;

    /// Keeps the favourite models for the next time.
    ///
    /// # Errors
    /// A sentence that names the file.
    fn keep_favourites(&self, models: &[String]) -> Result<(), String>;
}

/// What a provider can list.
pub trait Lists: Send + Sync {
    /// Its models; `refresh` asks anew even if a fresh list is kept.
    fn models(&self, refresh: bool) -> BoxFuture<'_, ModelList>;

    /// The endpoints of a model.
    fn endpoints<'a>(&'a self, model: &'a str) -> BoxFuture<'a, Endpoints>;
}
