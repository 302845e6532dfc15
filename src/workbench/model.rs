//! The state of the workbench: everything that the screen shows and that keys change.
//!
//! Owns plain data and its simplest questions; `places` names panes and tabs, `parts` has what is a thing of its own. `update` changes
//! it, `view` reads it.

mod parts;
mod places;

pub use parts::{Asked, Check, Drafted, Planned, ProviderInfo, ProviderState, Recording, Running, SchemaFile};
pub use places::{EditorPane, OutputTab, Pane};

use super::action::{Action, Context};
use super::editor::{Editor, Language};
use super::keymap::Keymap;
use super::layout::Layout;
use super::overlays::{ModelList, Overlay, SessionList};
use super::panes::attempts::AttemptsPane;
use super::panes::fields::FieldsPane;
use super::panes::raw::RawPane;
use super::panes::wire::WirePane;
use super::replay::Replay;
use super::status::Settings;
use super::toasts::Toasts;
use crate::record::{Record, RunRecord};
use crate::schema::Schema;
use crate::session::store::Discarded;
use crate::task::Task;
use crossterm::event::KeyEvent;

/// Everything.
#[expect(clippy::struct_excessive_bools, reason = "each is a state of its own")]
pub struct Model {
    /// Columns and rows.
    pub size: (u16, u16),
    /// The session's time of the last event, in milliseconds.
    pub now: u64,
    /// What keys mean.
    pub keymap: Keymap,
    /// The beginning of a key sequence.
    pub pending: Vec<KeyEvent>,
    /// The pane with the focus.
    pub focus: Pane,
    /// Whether letters are text.
    pub typing: bool,
    /// Whether the pane with the focus has the whole screen.
    pub full: bool,
    /// The schema's editor.
    pub schema: Editor,
    /// The input's editor.
    pub input: Editor,
    /// The instructions' editor.
    pub instructions: Editor,
    /// Whether the pane Input shows the instructions.
    pub shows_instructions: bool,
    /// The open tab of the output.
    pub tab: OutputTab,
    /// What is known of the schema's text.
    pub check: Check,
    /// The schema's file, if it has one.
    pub schema_file: Option<SchemaFile>,
    /// Name of the schema where it has no title.
    pub schema_name: Option<String>,
    /// The task's options; its texts are in the editors.
    pub options: Task,
    /// Who answers.
    pub provider: ProviderState,
    /// What a run would do.
    pub planned: Planned,
    /// What has happened.
    pub record: Record,
    /// The run under way.
    pub running: Option<Running>,
    /// The tab Fields.
    pub fields: FieldsPane,
    /// The tab Raw.
    pub raw: RawPane,
    /// The tab Attempts.
    pub attempts: AttemptsPane,
    /// The tab Wire.
    pub wire: WirePane,
    /// What lies over the panes.
    pub overlay: Option<Overlay>,
    /// What it asks about.
    pub asked: Option<Asked>,
    /// When what a list's cursor rests on is to be looked at: a model's endpoints, a session's texts.
    pub rest_due: Option<u64>,
    /// Models that end on this day (`YYYY-MM-DD`) or before are told to end soon.
    pub soon: String,
    /// The text that is searched for in the pane.
    pub search: Option<String>,
    /// Short messages.
    pub toasts: Toasts,
    /// The provider's models.
    pub models: ModelList,
    /// The models that were used, newest first.
    pub recent: Vec<String>,
    /// The models that are marked.
    pub favourites: Vec<String>,
    /// Whether the mouse is ours.
    pub mouse: bool,
    /// Whether what happens is written down.
    pub recording: Recording,
    /// What of the draft is.
    pub drafted: Drafted,
    /// Whether a first-time sample is shown that nobody has touched.
    pub sample: bool,
    /// The sessions as they were last listed.
    pub sessions: SessionList,
    /// The sessions that were deleted, the last one last.
    pub discarded: Vec<Discarded>,
    /// What is replayed, if this is no work of one's own.
    pub replay: Option<Box<Replay>>,
}

impl Model {
    /// An empty workbench.
    pub fn new(keymap: Keymap, size: (u16, u16), provider: ProviderState, recording: Recording) -> Self {
        let start = match keymap.key_for(Action::Type, Context::EDITOR) {
            Some(key) => format!("press {key} to type, or paste"),
            None => "paste a text".to_owned(),
        };
        Self {
            size,
            now: 0,
            keymap,
            pending: Vec::new(),
            focus: Pane::Schema,
            typing: false,
            full: false,
            schema: Editor::new(Language::Json, "a JSON Schema, or name, age int, tags [str]").starting(start.clone()),
            input: Editor::new(Language::Plain, "the text to read").starting(start.clone()),
            instructions: Editor::new(Language::Plain, "what to tell the model besides the schema").starting(start),
            shows_instructions: false,
            tab: OutputTab::Fields,
            check: Check::default(),
            schema_file: None,
            schema_name: None,
            options: Task::default(),
            provider,
            planned: Planned::default(),
            record: Record::default(),
            running: None,
            fields: FieldsPane::default(),
            raw: RawPane::default(),
            attempts: AttemptsPane::default(),
            wire: WirePane::default(),
            overlay: None,
            asked: None,
            rest_due: None,
            soon: String::new(),
            search: None,
            toasts: Toasts::default(),
            models: ModelList::default(),
            recent: Vec::new(),
            favourites: Vec::new(),
            mouse: false,
            recording,
            drafted: Drafted::default(),
            sample: false,
            sessions: SessionList::default(),
            discarded: Vec::new(),
            replay: None,
        }
    }

    /// Where the panes are; `None` when the screen is too small.
    pub fn layout(&self) -> Option<Layout> {
        Layout::of(self.size, self.focus, self.full, self.replay.is_some())
    }

    /// The run that is shown: the last one.
    pub fn run(&self) -> Option<&RunRecord> {
        self.record.runs.last()
    }

    /// Whether the timeline has the focus; the pane Output is then the one above it.
    pub fn on_timeline(&self) -> bool {
        self.replay.as_ref().is_some_and(|replay| replay.focused) && !self.typing
    }

    /// The session's time that is shown, in milliseconds: a replay's, or the present one.
    pub fn moment(&self) -> u64 {
        self.replay.as_ref().map_or(self.now, |replay| replay.moment(self.now))
    }

    /// The editor that keys go to, when the focus is on one.
    pub const fn editor_pane(&self) -> Option<EditorPane> {
        match self.focus {
            Pane::Schema => Some(EditorPane::Schema),
            Pane::Input if self.shows_instructions => Some(EditorPane::Instructions),
            Pane::Input => Some(EditorPane::Input),
            Pane::Output => None,
        }
    }

    /// An editor.
    pub const fn editor(&self, pane: EditorPane) -> &Editor {
        match pane {
            EditorPane::Schema => &self.schema,
            EditorPane::Input => &self.input,
            EditorPane::Instructions => &self.instructions,
        }
    }

    /// An editor, to be changed.
    pub const fn editor_mut(&mut self, pane: EditorPane) -> &mut Editor {
        match pane {
            EditorPane::Schema => &mut self.schema,
            EditorPane::Input => &mut self.input,
            EditorPane::Instructions => &mut self.instructions,
        }
    }

    /// The provider's name and what else is known of it.
    pub const fn provider_info(&self) -> Option<&ProviderInfo> {
        match &self.provider {
            ProviderState::Ready(info) => Some(info),
            ProviderState::Opening(_) | ProviderState::Unusable(_) => None,
        }
    }

    /// The task as it stands.
    pub fn task(&self) -> Task {
        Task {
            schema: self.schema.text(),
            schema_name: self.schema_name.clone(),
            input: self.input.text(),
            instructions: Some(self.instructions.text()).filter(|text| !text.trim().is_empty()),
            ..self.options.clone()
        }
    }

    /// What the status line says of the draft.
    pub fn settings(&self) -> Settings {
        let plan = self
            .planned
            .plans
            .iter()
            .find(|(choice, _)| *choice == self.options.mode);
        let info = self.provider_info();
        Settings {
            model: self.options.model.clone(),
            mode: self.options.mode,
            planned: plan
                .and_then(|(_, steps)| steps.first())
                .map(|step| (step.mode, step.reason.clone())),
            provider: match &self.provider {
                ProviderState::Ready(info) => info.name.clone(),
                ProviderState::Opening(name) => format!("{name}: opening"),
                ProviderState::Unusable(_) if self.replay.is_some() => String::new(),
                ProviderState::Unusable(_) => "no provider".to_owned(),
            },
            usable: info.is_some(),
            demo: info.is_some_and(|info| info.demo),
            recording: self.recording != Recording::Off,
            replay: self.replay.as_ref().map(|replay| replay.status(self.now)),
        }
    }

    /// The loaded schema, if it is of the text as it stands.
    pub fn current_schema(&self) -> Option<&Schema> {
        let current = self.check.known == Some(self.schema.revision()) && self.check.error.is_none();
        self.check.schema.as_ref().filter(|_| current)
    }
}
