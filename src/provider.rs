//! Who answers: the trait that every provider implements, and what it sends back.
//!
//! Owns the border to the network. Knows no screen and no session file; the plan and the judging are `extract`'s.

#[cfg(feature = "local")]
pub mod local;
pub mod memory;
pub mod offers;
pub mod openrouter;
pub mod sse;

use crate::event::{Closing, Delta, Phase};
use crate::extract::model::{Dialect, Known};
use crate::task::Mode;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use serde_json::Value;

/// One thing that a provider reports of an attempt.
#[derive(Clone, Debug, PartialEq)]
pub enum Signal {
    /// The response's headers arrived.
    Opened {
        /// HTTP status.
        status: u16,
    },
    /// A sign of life without content (an SSE comment, an empty chunk).
    Alive,
    /// Who serves it became known; a member that is `Some` is new.
    Routed {
        /// The upstream provider.
        provider: Option<String>,
        /// The model served.
        model: Option<String>,
        /// The generation's id.
        id: Option<String>,
    },
    /// Something slow before the answer.
    Progress {
        /// What is under way.
        phase: Phase,
        /// Units done.
        done: u64,
        /// Units in all; 0 when unknown.
        total: u64,
    },
    /// A piece of the answer.
    Delta(Delta),
    /// The attempt is over. Always the last signal, and always sent unless the stream is dropped.
    Closed(Closing),
}

/// A source of answers. Dropping an attempt's stream cancels it: the connection is closed.
pub trait Provider: Send + Sync {
    /// The provider's name in the settings.
    fn name(&self) -> &str;

    /// Which body fields it understands.
    fn dialect(&self) -> Dialect;

    /// The origin that remembered fallbacks are kept under, such as `https://openrouter.ai/api/v1`.
    fn base_url(&self) -> &str;

    /// What is known of a model. May wait up to 3 s for a catalogue that is not cached (design §3).
    fn known<'a>(&'a self, model: &'a str) -> BoxFuture<'a, Known>;

    /// The modes that this endpoint was seen unable to serve within the last day (design §3).
    fn cannot(&self, model: &str) -> Vec<Mode>;

    /// Notes for a day that this endpoint cannot serve a mode.
    fn remember(&self, model: &str, mode: Mode);

    /// Sends one request body and streams what comes back. Never fails: a fault is the [`Signal::Closed`] at the end.
    fn attempt(&self, body: Value) -> BoxStream<'static, Signal>;
}
