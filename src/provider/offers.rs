//! What a provider tells of itself before anything is asked of it: its models, who serves one of them, what the user should know.
//!
//! Owns the trait that the lists and the first words of a command are made from. Answering is [`Provider`]'s.

use super::Provider;
use super::openrouter::catalogue::{Catalogue, EndpointInfo};
use crate::event::Fault;
use crate::extract::model::ModelInfo;
use futures_util::future::{BoxFuture, ready};

/// A provider that can be looked into. All but the list of models have an answer that fits most.
pub trait Offers: Provider {
    /// Its models. A list younger than a day may be a kept one unless `refresh` is set; an older one is used, and marked stale, when
    /// the server cannot be reached.
    ///
    /// # Errors
    /// The fault of the request, if nothing is kept or `refresh` was asked for.
    fn catalogue(&self, refresh: bool) -> BoxFuture<'_, Result<Catalogue, Fault>>;

    /// Whether it tells who serves a model.
    fn has_endpoints(&self) -> bool {
        false
    }

    /// Who serves a model, and what each of them supports (`openrouter.md` §4.5); empty where that is not told.
    ///
    /// # Errors
    /// The fault of the request; `Setup` when `model` is not of the form that the provider gives to names.
    fn endpoints<'a>(&'a self, _model: &'a str) -> BoxFuture<'a, Result<Vec<EndpointInfo>, Fault>> {
        Box::pin(ready(Ok(Vec::new())))
    }

    /// Its model, where there can be only one: inside formwork.
    fn own_model(&self) -> Option<ModelInfo> {
        None
    }

    /// What the user should know before a run, one line each. `by_default` says that nothing asked for this provider.
    fn notices(&self, _by_default: bool) -> Vec<String> {
        Vec::new()
    }

    /// Gets ready in the background for a first request, as far as nothing has to be fetched for it.
    fn warm(&self) {}
}
