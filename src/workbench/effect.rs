//! What `update` wants done, and what comes back.
//!
//! Owns both as plain data. `runtime` does the first and sends the second.

use super::model::{EditorPane, ProviderInfo};
use super::overlays::{Endpoints, ModelList, Preview, ProviderRow, SessionList, Source};
use crate::event::{PlanStep, RunId, Stamped};
use crate::record::Record;
use crate::schema::{Schema, SchemaError};
use crate::session::history::History;
use crate::session::store::Discarded;
use crate::session::whatif::Difference;
use crate::task::{ModeChoice, Task};
use crate::verdict::Change;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

/// Something to be done outside.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Load the schema's text; the answer carries the revision.
    Check {
        /// The text's revision.
        revision: u64,
        /// The text.
        text: String,
        /// The stem of its file.
        name: Option<String>,
    },
    /// Work out what a run would do; the answer carries the revision.
    Plan {
        /// The revision of the draft.
        revision: u64,
        /// The task as it stands.
        task: Arc<Task>,
        /// Its schema.
        schema: Schema,
    },
    /// Start a run.
    Start {
        /// Its number.
        run: RunId,
        /// The task.
        task: Arc<Task>,
        /// Its schema.
        schema: Schema,
    },
    /// Cancel a run.
    CancelRun(RunId),
    /// Write an event to the session.
    Journal(Box<Stamped>),
    /// Open another provider.
    OpenProvider(String),
    /// List the providers.
    ListProviders,
    /// List the provider's models; `true` asks anew.
    ListModels(bool),
    /// Ask for the endpoints of a model.
    ListEndpoints(String),
    /// Keep these as the favourite models.
    KeepFavourites(Vec<String>),
    /// Put a text on the clipboard.
    Copy {
        /// The text.
        text: String,
        /// What it is, for the word about it.
        what: &'static str,
    },
    /// Write a text to a file.
    SaveFile {
        /// The file.
        path: PathBuf,
        /// The text.
        text: String,
        /// Whether a file that is there may be replaced.
        replace: bool,
        /// Whether it is the schema's own file.
        schema: bool,
    },
    /// Read a file into a pane.
    ReadFile {
        /// The file.
        path: PathBuf,
        /// The pane.
        pane: EditorPane,
    },
    /// See whether the schema's file has changed.
    LookAtFile {
        /// The file.
        path: PathBuf,
        /// When it had last changed.
        seen: Option<SystemTime>,
    },
    /// Hand the terminal to the user's own editor.
    Edit {
        /// The pane.
        pane: EditorPane,
        /// Its text.
        text: String,
    },
    /// Judge a recording under another schema; the answer carries the revision of its text.
    Rejudge {
        /// The text's revision.
        revision: u64,
        /// The recording.
        history: Arc<History>,
        /// How many of its events are to have happened.
        position: usize,
        /// The schema.
        schema: Schema,
    },
    /// List the sessions.
    ListSessions,
    /// Read the first lines of a session's texts.
    Preview(Source),
    /// Give a session another title.
    RenameSession(PathBuf, String),
    /// Make a copy of a session.
    ForkSession(Source),
    /// Delete a session, so that it can be brought back.
    DeleteSession(PathBuf),
    /// Bring a deleted session back.
    RestoreSession(Discarded),
    /// Leave for another session; this one is written to its end first.
    GoTo(Destination),
    /// Take the mouse, or leave it to the terminal.
    Mouse(bool),
    /// Go back to the shell until `fg`.
    Suspend,
    /// Leave.
    Quit,
}

/// What the workbench is left for.
#[derive(Clone, Debug, PartialEq)]
pub enum Destination {
    /// A stored session, to go on in it.
    Session(PathBuf),
    /// A session, to be replayed.
    Replay(Source),
    /// A draft in a session of its own, and the provider's name.
    Draft(Box<Task>, Option<String>),
    /// The workbench that a replay was opened from.
    Back,
}

impl Effect {
    /// Whether it is done while a replay is on: nothing of it reaches a network, a journal or a stored session.
    pub const fn is_harmless(&self) -> bool {
        match self {
            Self::Check { .. }
            | Self::Rejudge { .. }
            | Self::ListSessions
            | Self::Preview(_)
            | Self::GoTo(_)
            | Self::Copy { .. }
            | Self::SaveFile { .. }
            | Self::ReadFile { .. }
            | Self::LookAtFile { .. }
            | Self::Edit { .. }
            | Self::Mouse(_)
            | Self::Suspend
            | Self::Quit => true,
            Self::Plan { .. }
            | Self::Start { .. }
            | Self::CancelRun(_)
            | Self::Journal(_)
            | Self::OpenProvider(_)
            | Self::ListProviders
            | Self::ListModels(_)
            | Self::ListEndpoints(_)
            | Self::KeepFavourites(_)
            | Self::RenameSession(..)
            | Self::ForkSession(_)
            | Self::DeleteSession(_)
            | Self::RestoreSession(_) => false,
        }
    }
}

/// A recording under another schema.
#[derive(Clone, Debug)]
pub struct Rejudged {
    /// What would have happened.
    pub history: Arc<History>,
    /// How its verdicts differ from those that were recorded.
    pub differences: Vec<Difference>,
    /// How many of its events have happened.
    pub position: usize,
    /// What they add up to.
    pub record: Box<Record>,
}

/// What an effect came to.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The schema was loaded, or is none.
    Checked {
        /// The revision of its text.
        revision: u64,
        /// The schema.
        result: Result<Schema, SchemaError>,
    },
    /// What a run would do.
    Planned {
        /// The revision of the draft.
        revision: u64,
        /// The plan of each choice of a mode.
        plans: Vec<(ModeChoice, Vec<PlanStep>)>,
        /// The body of the first attempt.
        body: Value,
        /// What is changed in the schema for it.
        changes: Vec<Change>,
    },
    /// The provider was opened, or cannot be.
    Provider(Result<ProviderInfo, String>),
    /// The providers.
    Providers(Vec<ProviderRow>),
    /// The provider's models.
    Models(ModelList),
    /// The endpoints of a model.
    Endpoints(String, Endpoints),
    /// A copy was sent, or not: the words about it.
    Copied(Result<String, String>),
    /// A file was written, or not.
    Saved {
        /// The file.
        path: PathBuf,
        /// When it changed, or why it could not be written.
        result: Result<Option<SystemTime>, SaveError>,
        /// Whether it was the schema's own file.
        schema: bool,
    },
    /// A file was read, or not.
    Read {
        /// The file.
        path: PathBuf,
        /// The pane.
        pane: EditorPane,
        /// Its text and when it changed, or why not.
        result: Result<(String, Option<SystemTime>), String>,
    },
    /// The schema's file has changed.
    FileChanged {
        /// Its text.
        text: String,
        /// When.
        at: Option<SystemTime>,
    },
    /// The user's editor is closed: its text, `None` when nothing was changed, or why not.
    Edited {
        /// The pane.
        pane: EditorPane,
        /// What came of it.
        result: Result<Option<String>, String>,
    },
    /// A recording was judged under another schema.
    Rejudged {
        /// The revision of its text.
        revision: u64,
        /// The recording as it would have been.
        rejudged: Rejudged,
    },
    /// The sessions.
    Sessions(SessionList),
    /// The first lines of a session's texts, or why they cannot be read.
    Preview(Source, Result<Preview, String>),
    /// A session was changed, or not: the words about it.
    SessionChanged(Result<String, String>),
    /// A session was deleted; this brings it back.
    Discarded(Discarded),
    /// Where the session is written.
    Recording(PathBuf),
    /// Something about the session that the user should know.
    Notice(String),
    /// Nothing is recorded any more, and why.
    NotRecording(String),
}

/// Why a file was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveError {
    /// It is there already.
    Exists,
    /// What the system says.
    Failed(String),
}
