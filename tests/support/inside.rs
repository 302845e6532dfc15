//! The workbench in this process, without a terminal: the worker's events into `update`, its effects done, its frames drawn into
//! memory, its events written to a session.
//!
//! Owns what stands around `update` and `view`. The clock counts events, so that nothing depends on how fast the machine is. Other tests
//! include it with `#[path = "support/inside.rs"] mod inside;` and use all of it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use formwork::event::{RunEvent, Stamped};
use formwork::extract::endpoint::Endpoint;
use formwork::provider::Provider;
use formwork::schema::Schema;
use formwork::session::{Journal, JournalHandle};
use formwork::task::Task;
use formwork::term::depth::Depth;
use formwork::text;
use formwork::workbench::effect::{Answer, Effect};
use formwork::workbench::keymap::Keymap;
use formwork::workbench::model::{Model, ProviderInfo, ProviderState, Recording};
use formwork::workbench::styles::{Glyphs, Look};
use formwork::workbench::theme;
use formwork::workbench::update::{self, Event, update};
use formwork::workbench::view::view;
use formwork::worker::{Command, Job};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::mpsc;

/// The two ends of a worker, which may outlive many a workbench.
pub(crate) type Worker = (mpsc::Sender<Command>, mpsc::Receiver<RunEvent>);

/// A workbench and what stands around it.
pub(crate) struct Inside<'w> {
    /// Its state.
    pub model: Box<Model>,
    worker: &'w mut Worker,
    provider: Arc<dyn Provider>,
    screen: Terminal<TestBackend>,
    look: Look,
    journal: JournalHandle,
    now: u64,
    /// The events of the last run.
    pub lived: Vec<RunEvent>,
}

impl<'w> Inside<'w> {
    /// Sits down: a task in the panes, a provider, a new session in `folder`.
    pub async fn new(task: &Task, provider: Arc<dyn Provider>, worker: &'w mut Worker, folder: &Path) -> Self {
        let info = ProviderInfo {
            name: "acme".into(),
            demo: false,
            model: None,
            has_endpoints: false,
            endpoint: Endpoint::default(),
            notices: Vec::new(),
        };
        let (columns, rows) = (80, 24);
        let ready = ProviderState::Ready(info);
        let mut model = Box::new(Model::new(Keymap::default(), (columns, rows), ready, Recording::Ready));
        model.options = task.clone();
        model.schema.load(&task.schema);
        model.input.load(&task.input);
        let effects = update::begin(&mut model);
        let (theme, _) = theme::load("ansi", folder);
        let journal = Journal::create(folder, "", std::time::SystemTime::UNIX_EPOCH).unwrap();
        let mut inside = Self {
            model,
            worker,
            provider,
            screen: Terminal::new(TestBackend::new(columns, rows)).unwrap(),
            look: Look {
                styles: theme.styles(Depth::Ansi),
                glyphs: Glyphs::UNICODE,
            },
            journal: journal.start(),
            now: 0,
            lived: Vec::new(),
        };
        inside.perform(effects).await;
        inside
    }

    /// Presses keys without modifiers.
    pub async fn keys(&mut self, keys: &str) {
        for key in keys.chars() {
            self.event(Event::Key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE)))
                .await;
        }
    }

    /// Presses Ctrl-C.
    pub async fn interrupt(&mut self) {
        self.event(Event::Key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)))
            .await;
    }

    /// Gives the screen another size.
    pub async fn resize(&mut self, columns: u16, rows: u16) {
        self.screen.backend_mut().resize(columns, rows);
        self.event(Event::Resize(columns, rows)).await;
    }

    /// Takes in what the worker says next.
    pub async fn next(&mut self) {
        let event = self.worker.1.recv().await.unwrap();
        if matches!(event, RunEvent::Started { .. }) {
            self.lived.clear();
        }
        self.lived.push(event.clone());
        self.event(Event::Run(Box::new(event))).await;
    }

    /// Presses `r` and goes on until the run is over, with a frame for each event.
    pub async fn run(&mut self) {
        self.keys("r").await;
        while self.model.running.is_some() {
            self.next().await;
            self.draw();
        }
    }

    /// One frame, of which no cell may steer a terminal.
    pub fn draw(&mut self) {
        let (model, look) = (&self.model, &self.look);
        let frame = self.screen.draw(|frame| view(model, look, frame)).unwrap();
        for cell in &frame.buffer.content {
            let hidden = cell.symbol().chars().find(|c| text::is_hidden(*c));
            assert_eq!(hidden, None, "{:?}", cell.symbol());
        }
    }

    /// Leaves; gives the session's file.
    pub async fn leave(mut self) -> (Box<Model>, PathBuf) {
        self.event(Event::Leaving).await;
        (self.model, self.journal.close().await.unwrap())
    }

    async fn event(&mut self, event: Event) {
        self.now += 1;
        let (effects, _) = update(&mut self.model, event, self.now);
        self.perform(effects).await;
    }

    async fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Check { revision, text, name } => {
                    let result = Schema::load(&text, name.as_deref());
                    let answer = Answer::Checked { revision, result };
                    Box::pin(self.event(Event::Answer(Box::new(answer)))).await;
                }
                Effect::Start { run, task, schema } => self.start(run, task, schema).await,
                Effect::CancelRun(run) => self.worker.0.send(Command::Cancel(run)).await.unwrap(),
                Effect::Journal(stamped) => self.write(*stamped).await,
                // Nothing else touches a run.
                _ => {}
            }
        }
    }

    async fn start(&self, run: u32, task: Arc<Task>, schema: Schema) {
        let job = Job {
            run,
            task,
            schema,
            provider: Arc::clone(&self.provider),
        };
        self.worker.0.send(Command::Start(Box::new(job))).await.unwrap();
    }

    async fn write(&self, stamped: Stamped) {
        self.journal.send(stamped).await;
        assert_eq!(self.journal.failure(), None);
    }
}
