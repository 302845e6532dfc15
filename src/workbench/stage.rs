//! A workbench for tests: events in, what is to be done as words, and a world that answers at once.
//!
//! Owns what files, schemas and providers would answer. What is done and shown is the workbench's.

use super::effect::{Answer, Effect};
use super::keymap::Keymap;
use super::model::{Model, ProviderInfo, ProviderState, Recording};
use super::panes::fixtures::{SCHEMA, Story};
use super::replay::{Behind, Recorded};
use super::runtime::rejudge;
use super::styles::{Glyphs, Look};
use super::theme::{Theme, built_in, parse};
use super::update::{Event, begin, begin_replay, update};
use super::view::paint;
use crate::event::RunEvent;
use crate::extract::endpoint::Endpoint;
use crate::extract::engine::{Run, Setup};
use crate::extract::model::{Dialect, Known};
use crate::extract::plan::{Grounds, plan};
use crate::schema::Schema;
use crate::task::{ModeChoice, Task};
use crate::term::depth::Depth;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::sync::Arc;

/// The model that is asked.
pub(crate) const MODEL: &str = "openai/gpt-4o-mini";

/// The text that is read.
pub(crate) const INPUT: &str = "Ada Lovelace, 36, wrote the first program.";

/// A workbench with a clock.
pub(crate) struct Stage {
    pub(crate) model: Model,
    pub(crate) now: u64,
    /// What was to be done and has not been looked at.
    effects: Vec<Effect>,
}

/// Who answers.
pub(crate) fn provider() -> ProviderInfo {
    ProviderInfo {
        name: "openrouter".into(),
        demo: false,
        model: None,
        has_endpoints: true,
        endpoint: Endpoint {
            method: "POST".into(),
            url: "https://openrouter.ai/api/v1/chat/completions".into(),
            key_env: Some("OPENROUTER_API_KEY".into()),
            headers: Vec::new(),
        },
        notices: Vec::new(),
    }
}

impl Stage {
    /// A workbench with nothing in it.
    pub(crate) fn empty(size: (u16, u16)) -> Self {
        let provider = ProviderState::Ready(provider());
        let model = Model::new(
            Keymap::default(),
            size,
            provider,
            Recording::Into("session.jsonl".into()),
        );
        Self {
            model,
            now: 1_000,
            effects: Vec::new(),
        }
    }

    /// One that has everything a run needs.
    pub(crate) fn new(size: (u16, u16)) -> Self {
        Self::with(size, SCHEMA, INPUT)
    }

    /// One with a schema and an input.
    pub(crate) fn with(size: (u16, u16), schema: &str, input: &str) -> Self {
        let mut stage = Self::empty(size);
        stage.model.schema.load(schema);
        stage.model.input.load(input);
        stage.model.options.model = MODEL.into();
        stage.effects = begin(&mut stage.model);
        stage.settle();
        stage.effects.clear();
        stage
    }

    /// A replay of a story, opened from the shell.
    pub(crate) fn replaying(size: (u16, u16), story: &Story) -> Self {
        Self::replay(size, story.recorded(), Behind::Shell)
    }

    /// A replay with something behind it.
    pub(crate) fn replay(size: (u16, u16), recorded: Recorded, behind: Behind) -> Self {
        let mut stage = Self::empty(size);
        stage.model.recording = Recording::Off;
        stage.model.now = stage.now;
        stage.effects = begin_replay(&mut stage.model, recorded, behind);
        stage.settle();
        stage.effects.clear();
        stage
    }

    /// Something happens; what is to be done is kept.
    pub(crate) fn send(&mut self, event: Event) -> bool {
        let (effects, dirty) = update(&mut self.model, event, self.now);
        self.effects.extend(effects);
        dirty
    }

    /// Something more is to be done.
    pub(crate) fn effects_are(&mut self, effects: Vec<Effect>) {
        self.effects.extend(effects);
    }

    /// What an effect came to.
    pub(crate) fn answer(&mut self, answer: Answer) {
        self.send(Event::Answer(Box::new(answer)));
    }

    /// A fact about a run.
    pub(crate) fn run(&mut self, event: RunEvent) {
        self.send(Event::Run(Box::new(event)));
    }

    /// Keys with spaces between them, as the settings write them; what is to be done after them, in words.
    pub(crate) fn press(&mut self, keys: &str) -> String {
        for key in keys.split_whitespace() {
            self.send(Event::Key(key_of(key)));
            self.settle();
        }
        self.told()
    }

    /// A text is typed.
    pub(crate) fn types(&mut self, text: &str) -> String {
        for c in text.chars() {
            self.send(Event::Key(KeyEvent::from(KeyCode::Char(c))));
        }
        self.settle();
        self.told()
    }

    /// The mouse does something at a column and a row.
    pub(crate) fn mouse(&mut self, kind: MouseEventKind, column: u16, row: u16) -> bool {
        self.send(Event::Mouse(MouseEvent {
            kind,
            column,
            row,
            modifiers: KeyModifiers::NONE,
        }))
    }

    /// A click.
    pub(crate) fn click(&mut self, column: u16, row: u16) {
        self.mouse(MouseEventKind::Down(MouseButton::Left), column, row);
    }

    /// Time passes; what is due is done.
    pub(crate) fn pass(&mut self, ms: u64) {
        self.now += ms;
        self.send(Event::Due);
        self.settle();
    }

    /// The same; what is to be done after it, in words.
    pub(crate) fn wait(&mut self, ms: u64) -> String {
        self.pass(ms);
        self.told()
    }

    /// Schemas are loaded and plans made until nothing of that is wanted any more.
    pub(crate) fn settle(&mut self) {
        loop {
            let wanted = |effect: &Effect| {
                matches!(
                    effect,
                    Effect::Check { .. } | Effect::Plan { .. } | Effect::Rejudge { .. }
                )
            };
            if let Some(at) = self.effects.iter().position(wanted) {
                let answer = loaded_or_planned(self.effects.remove(at));
                self.answer(answer);
            } else if let Some(due) = self.model.planned.due {
                self.now = self.now.max(due);
                self.send(Event::Due);
            } else {
                return;
            }
        }
    }

    /// What was to be done since the last time, in words.
    pub(crate) fn told(&mut self) -> String {
        let words: Vec<String> = self.take().iter().map(told).collect();
        words.join(", ")
    }

    /// The same as it is.
    pub(crate) fn take(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// The run of a story, as if it had been lived through.
    pub(crate) fn lived(&mut self, story: &Story) {
        let run = story.run();
        self.now = self.now.max(story.now());
        self.model.running = run.ended.is_none().then_some(super::model::Running {
            run: run.id,
            cancelled: false,
        });
        self.model.record.runs = vec![run];
        self.send(Event::Resize(self.model.size.0, self.model.size.1));
    }

    /// What is drawn, as text without spaces at the ends of its lines.
    pub(crate) fn screen(&self) -> String {
        let buf = self.buffer(&look(Depth::None));
        let area = buf.area;
        let rows = area.rows().map(|row| {
            let row: String = row.columns().map(|cell| buf[(cell.x, cell.y)].symbol()).collect();
            row.trim_end().to_owned()
        });
        rows.collect::<Vec<_>>().join("\n")
    }

    /// What is drawn.
    pub(crate) fn buffer(&self, look: &Look) -> Buffer {
        let area = Rect::new(0, 0, self.model.size.0, self.model.size.1);
        let mut buf = Buffer::empty(area);
        paint(&self.model, look, &mut buf, area);
        buf
    }

    /// The texts that nobody wants to lose.
    pub(crate) fn texts(&self) -> [String; 3] {
        [&self.model.schema, &self.model.input, &self.model.instructions].map(super::editor::Editor::text)
    }
}

/// The theme that every terminal has, at a depth of colours.
pub(crate) fn look(depth: Depth) -> Look {
    Look {
        styles: theme("ansi").styles(depth),
        glyphs: Glyphs::UNICODE,
    }
}

/// A theme that ships.
pub(crate) fn theme(name: &str) -> Theme {
    parse(built_in(name).expect("it ships"), name).expect("it is whole")
}

/// A key, as the settings write it.
pub(crate) fn key_of(words: &str) -> KeyEvent {
    let mut modifiers = KeyModifiers::NONE;
    let mut name = words;
    for (word, modifier) in [
        ("ctrl-", KeyModifiers::CONTROL),
        ("alt-", KeyModifiers::ALT),
        ("shift-", KeyModifiers::SHIFT),
    ] {
        if let Some(rest) = name.strip_prefix(word) {
            modifiers |= modifier;
            name = rest;
        }
    }
    let code = match name {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "space" => KeyCode::Char(' '),
        "backspace" => KeyCode::Backspace,
        "delete" => KeyCode::Delete,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "pageup" => KeyCode::PageUp,
        "pagedown" => KeyCode::PageDown,
        "f1" => KeyCode::F(1),
        "f5" => KeyCode::F(5),
        "f8" => KeyCode::F(8),
        _ => KeyCode::Char(name.chars().next().expect("a key has a name")),
    };
    KeyEvent::new(code, modifiers)
}

fn loaded_or_planned(effect: Effect) -> Answer {
    match effect {
        Effect::Check { revision, text, name } => Answer::Checked {
            revision,
            result: Schema::load(&text, name.as_deref()),
        },
        Effect::Plan { revision, task, schema } => planned(revision, task, schema),
        Effect::Rejudge {
            revision,
            history,
            position,
            schema,
        } => Answer::Rejudged {
            revision,
            rejudged: rejudge(&history, position, &schema),
        },
        other => panic!("not answered: {other:?}"),
    }
}

fn planned(revision: u64, task: Arc<Task>, schema: Schema) -> Answer {
    let known = Known::Nothing;
    let plans = ModeChoice::ALL.map(|choice| {
        let grounds = Grounds {
            choice,
            known: &known,
            dialect: Dialect::OpenRouter,
            open_maps: schema.has_open_maps(),
            cannot: &[],
            fallback: true,
        };
        (choice, plan(&grounds))
    });
    let plans = plans.into();
    let run = Run::new(Setup {
        run: 1,
        task,
        schema,
        provider: "openrouter".into(),
        dialect: Dialect::OpenRouter,
        known: Known::Nothing,
        cannot: Vec::new(),
        seed: 0,
    });
    let (body, changes) = run.preview();
    Answer::Planned {
        revision,
        plans,
        body,
        changes,
    }
}

fn told(effect: &Effect) -> String {
    match effect {
        Effect::Check { .. } => "check".into(),
        Effect::Plan { .. } => "plan".into(),
        Effect::Start { run, .. } => format!("start {run}"),
        Effect::CancelRun(run) => format!("cancel {run}"),
        Effect::Journal(stamped) => {
            let event = serde_json::to_value(&stamped.event).expect("events are JSON");
            format!("journal {}", event["event"].as_str().unwrap_or_default())
        }
        Effect::OpenProvider(name) => format!("open {name}"),
        Effect::Rejudge { .. } => "rejudge".into(),
        Effect::ListSessions => "list sessions".into(),
        Effect::Preview(source) => format!("preview {source:?}"),
        Effect::RenameSession(path, title) => format!("rename {} to {title}", path.display()),
        Effect::ForkSession(source) => format!("fork {source:?}"),
        Effect::DeleteSession(path) => format!("delete {}", path.display()),
        Effect::RestoreSession(_) => "restore".into(),
        Effect::GoTo(destination) => format!("go to {destination:?}"),
        Effect::ListProviders => "list providers".into(),
        Effect::ListModels(anew) => format!("list models{}", if *anew { " anew" } else { "" }),
        Effect::ListEndpoints(model) => format!("list endpoints of {model}"),
        Effect::KeepFavourites(models) => format!("keep {}", models.join(" ")),
        Effect::Copy { text, what } => format!("copy {what} {text}"),
        Effect::SaveFile {
            path,
            text,
            replace,
            schema,
        } => {
            let over = if *replace { " over it" } else { "" };
            let what = if *schema { "schema" } else { "text" };
            format!("save {what} to {}{over}: {text}", path.display())
        }
        Effect::ReadFile { path, pane } => format!("read {} into {pane:?}", path.display()),
        Effect::LookAtFile { path, .. } => format!("look at {}", path.display()),
        Effect::Edit { pane, text } => format!("edit {pane:?} {text}"),
        Effect::Mouse(on) => format!("mouse {on}"),
        Effect::Suspend => "suspend".into(),
        Effect::Quit => "quit".into(),
    }
}
