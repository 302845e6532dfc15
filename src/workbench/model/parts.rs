//! The parts of the state that have several members or forms of their own.
//!
//! Owns what is known of the provider, the schema's text, the plan, the files, the session and what is being asked. Together they are
//! the `Model`.

use crate::event::{Draft, PlanStep, RunId};
use crate::extract::endpoint::Endpoint;
use crate::schema::{Schema, SchemaError};
use crate::task::ModeChoice;
use crate::verdict::Change;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

/// Who answers, as the screen knows it: never a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderInfo {
    /// Its name in the settings.
    pub name: String,
    /// Whether it is the model inside, which nobody should take for a good one.
    pub demo: bool,
    /// The model that it has, when it has only one.
    pub model: Option<String>,
    /// Whether it tells which upstreams serve a model.
    pub has_endpoints: bool,
    /// Where requests go.
    pub endpoint: Endpoint,
    /// What the user should know of it.
    pub notices: Vec<String>,
}

/// The provider that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderState {
    /// It is being opened.
    Opening(String),
    /// It is there.
    Ready(ProviderInfo),
    /// It cannot be used.
    Unusable(String),
}

/// What is known of the schema's text.
#[derive(Clone, Debug, Default)]
pub struct Check {
    /// The revision that is being checked. One at a time: a large schema takes longer than a key.
    pub asked: Option<u64>,
    /// The revision that the result is of.
    pub known: Option<u64>,
    /// The last text that was a schema.
    pub schema: Option<Schema>,
    /// Why the newest text is none.
    pub error: Option<SchemaError>,
    /// Whether a run is to start as soon as the newest text has been checked.
    pub then_run: bool,
}

/// What a run would do.
#[derive(Clone, Debug, Default)]
pub struct Planned {
    /// Counts what it depends on.
    pub revision: u64,
    /// When it is to be worked out again.
    pub due: Option<u64>,
    /// The plan of each choice of a mode.
    pub plans: Vec<(ModeChoice, Vec<PlanStep>)>,
    /// The body that would be sent.
    pub body: Option<Arc<Value>>,
    /// What would be changed in the schema.
    pub changes: Vec<Change>,
}

/// The run under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    /// Its number.
    pub run: RunId,
    /// Whether it has been told to end.
    pub cancelled: bool,
}

/// The schema's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaFile {
    /// Where it is.
    pub path: PathBuf,
    /// When it had last changed.
    pub seen: Option<SystemTime>,
    /// The revision of the text that is in it.
    pub revision: u64,
}

/// What a question or a prompt is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Whether to quit.
    Quit,
    /// Where a text is to be written.
    Write {
        /// The text.
        text: String,
        /// Whether it is the schema, to its own file.
        schema: bool,
    },
    /// Whether this text of the schema's file is to be taken.
    Reload(String),
}

/// Whether what happens is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recording {
    /// It will be, with the first event.
    Ready,
    /// Into this file.
    Into(PathBuf),
    /// It is not: nobody wants it, or it failed.
    Off,
}

/// What of the draft is in the session.
#[derive(Clone, Debug, Default)]
pub struct Drafted {
    /// The revisions of schema, input and instructions.
    pub revisions: Option<[u64; 3]>,
    /// The rest.
    pub rest: Draft,
    /// When the draft is to be written, if something has changed.
    pub due: Option<u64>,
}
