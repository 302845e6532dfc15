//! The workbench without a terminal: its state, and a screen that writes into memory.
//!
//! Owns what stands around `update` and `view`: the effects that a runtime would do, the clock, the frames. Both are told in
//! milliseconds.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use formwork::event::{Closing, Delta, RunEvent, Why};
use formwork::extract::endpoint::Endpoint;
use formwork::schema::Schema;
use formwork::task::{Mode, Task};
use formwork::term::depth::Depth;
use formwork::verdict::{Channel, Outcome, Source, Totals};
use formwork::workbench::effect::{Answer, Effect};
use formwork::workbench::keymap::Keymap;
use formwork::workbench::model::{Model, OutputTab, Pane, ProviderInfo, ProviderState, Recording};
use formwork::workbench::styles::{Glyphs, Look};
use formwork::workbench::theme;
use formwork::workbench::update::{self, Event, update};
use formwork::workbench::view::view;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

/// Bytes that were written.
#[derive(Clone, Default)]
struct Page(Rc<RefCell<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The state and the screen.
pub struct Stage {
    /// The state.
    pub model: Model,
    look: Look,
    page: Page,
    screen: Terminal<CrosstermBackend<Page>>,
    now: u64,
    /// What the longest effect took that was done on the way.
    pub effects: f64,
}

impl Stage {
    /// A workbench with a schema and an input, checked.
    pub fn new(schema: &str, input: &str) -> Self {
        let (columns, rows) = super::screen::SIZE;
        let info = ProviderInfo {
            name: "acme".into(),
            demo: false,
            model: None,
            has_endpoints: false,
            endpoint: Endpoint {
                method: "POST".into(),
                url: "http://localhost/v1".into(),
                ..Endpoint::default()
            },
            notices: Vec::new(),
        };
        let mut model = Model::new(
            Keymap::default(),
            (columns, rows),
            ProviderState::Ready(info),
            Recording::Off,
        );
        model.options.model = "acme/quick".into();
        model.schema.load(schema);
        model.input.load(input);
        let (theme, _) = theme::load("ansi", Path::new("/nonexistent"));
        let page = Page::default();
        let options = TerminalOptions {
            viewport: Viewport::Fixed(Rect::new(0, 0, columns, rows)),
        };
        let mut stage = Self {
            model,
            look: Look {
                styles: theme.styles(Depth::Ansi),
                glyphs: Glyphs::UNICODE,
            },
            screen: Terminal::with_options(CrosstermBackend::new(page.clone()), options).unwrap(),
            page,
            now: 0,
            effects: 0.0,
        };
        let effects = update::begin(&mut stage.model);
        stage.perform(effects);
        stage
    }

    /// One event; how long `update` took.
    pub fn event(&mut self, event: Event) -> f64 {
        self.now += 1;
        let start = Instant::now();
        let (effects, _) = update(&mut self.model, event, self.now);
        let taken = start.elapsed().as_secs_f64() * 1e3;
        self.perform(effects);
        taken
    }

    /// Keys without modifiers, one after the other; how long the slowest took.
    pub fn keys(&mut self, keys: &str) -> f64 {
        let keys = keys
            .chars()
            .map(|key| KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE));
        keys.map(|key| self.event(Event::Key(key))).fold(0.0, f64::max)
    }

    /// Any key.
    pub fn key(&mut self, code: KeyCode) -> f64 {
        self.event(Event::Key(KeyEvent::new(code, KeyModifiers::NONE)))
    }

    /// Shows a pane, and for the output a tab.
    pub fn go(&mut self, pane: Pane, tab: OutputTab) {
        self.model.focus = pane;
        self.model.tab = tab;
        let (columns, rows) = self.model.size;
        self.event(Event::Resize(columns, rows));
    }

    /// One frame; how long it took, its bytes included.
    pub fn draw(&mut self) -> f64 {
        self.page.0.borrow_mut().clear();
        let (model, look) = (&self.model, &self.look);
        let start = Instant::now();
        self.screen.draw(|frame| view(model, look, frame)).unwrap();
        start.elapsed().as_secs_f64() * 1e3
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Check { revision, text, name } = effect {
                let result = Schema::load(&text, name.as_deref());
                let taken = self.event(Event::Answer(Box::new(Answer::Checked { revision, result })));
                self.effects = self.effects.max(taken);
            }
        }
    }

    fn run(&mut self, event: RunEvent) -> f64 {
        self.event(Event::Run(Box::new(event)))
    }

    /// A run begins and its request is answered.
    pub fn begin(&mut self) {
        let task = Task {
            schema: self.model.schema.text(),
            input: self.model.input.text(),
            ..Task::default()
        };
        let body =
            json!({"model": "acme/quick", "messages": [{"role": "user", "content": task.input}], "stream": true});
        let reason = String::from("as asked");
        let task = Arc::new(task);
        let (run, attempt) = (1, 1);
        let started = RunEvent::Started {
            run,
            version: "0".into(),
            task,
            provider: "acme".into(),
            plan: Vec::new(),
        };
        self.run(started);
        let changes = Vec::new();
        self.run(RunEvent::Attempt {
            run,
            attempt,
            mode: Mode::Json,
            why: Why::First,
            reason,
            changes,
            body,
        });
        self.run(RunEvent::Opened {
            run,
            attempt,
            status: 200,
            ms: 1,
        });
    }

    /// A piece of the answer.
    pub fn delta(&mut self, text: &str) -> f64 {
        let delta = Delta {
            channel: Channel::Content,
            call: None,
            text: text.to_owned(),
        };
        self.run(RunEvent::Delta {
            run: 1,
            attempt: 1,
            delta,
        })
    }

    /// The answer is whole and has been judged; how long its value took.
    pub fn judged(&mut self, text: &str, value: Value) -> f64 {
        let (run, attempt) = (1, 1);
        self.run(RunEvent::Closed {
            run,
            attempt,
            closing: Closing {
                finish: Some("stop".into()),
                ..Closing::default()
            },
        });
        let source = Source {
            channel: Channel::Content,
            call: None,
            start: 0,
            end: text.len() as u64,
        };
        let judged = RunEvent::Judged {
            run,
            attempt,
            source,
            value,
            errors: Vec::new(),
            repairs: Vec::new(),
        };
        let taken = self.run(judged);
        let (outcome, reason) = (Outcome::Valid, String::from("valid at the first attempt"));
        self.run(RunEvent::Ended {
            run,
            outcome,
            reason,
            budget: None,
            totals: Totals::default(),
        });
        taken
    }
}
