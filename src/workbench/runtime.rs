//! The loop: events into `update`, effects out to where they are done, frames when something has changed.
//!
//! Owns time, channels, the terminal, the worker and the journal while the workbench runs. Nothing else in the workbench touches any
//! of them.

mod effects;
mod frames;
pub mod recorder;
mod sessions;

use super::effect::{Answer, Destination, Effect};
use super::model::Model;
use super::styles::Look;
use super::supply::{Supplied, Supply};
use super::update::{Event, due, update};
use super::view::view;
use crate::config::Env;
use crate::event::RunEvent;
use crate::session::Clock;
use crate::session::store::Store;
use crate::term::signals::{Signal, Signals};
use crate::term::{Input, Term, watchdog};
use crate::worker::{self, Command};
use effects::Backstage;
pub use effects::changed_at;
use frames::Frames;
use recorder::Recorder;
pub use sessions::{recorded, rejudge};
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// Events of a run that are taken in before the loop looks at the keyboard again.
const BATCH: usize = 256;

/// What the workbench starts with.
pub struct Start {
    /// Its state.
    pub model: Model,
    /// What `update` would have wanted for it: the first checks.
    pub effects: Vec<Effect>,
    /// How it looks.
    pub look: Look,
    /// The session's clock.
    pub clock: Clock,
    /// Who writes the session, if anybody does.
    pub recorder: Option<Recorder>,
    /// Where the recorder and other helpers answer.
    pub answers: (mpsc::UnboundedSender<Answer>, mpsc::UnboundedReceiver<Answer>),
    /// Opens providers.
    pub supply: Arc<dyn Supply>,
    /// The provider to begin with, if it could be opened.
    pub supplied: Option<Supplied>,
    /// Frames a second at most.
    pub max_fps: u16,
    /// The stored sessions.
    pub store: Store,
    /// The environment, for the user's editor and the clipboard.
    pub env: Env,
}

/// Why the workbench ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Left {
    /// The user wanted to.
    Quit,
    /// A signal, or the terminal is gone.
    Because(String),
    /// The user wanted to go elsewhere.
    For(Destination),
}

/// What is left of a sitting.
pub struct Ended {
    /// Why it ended.
    pub left: Left,
    /// Its state, so that it can be gone back to.
    pub model: Model,
    /// The provider in use.
    pub supplied: Option<Supplied>,
}

/// Runs until the user leaves or the terminal is gone; what was to be written is written then. The terminal has been entered and is
/// left by the caller.
///
/// # Errors
/// A terminal that cannot be written to.
pub async fn run(start: Start, term: &mut Term) -> io::Result<Ended> {
    let signals = Signals::new()?;
    let (commands, events) = worker::spawn();
    let (answer, answers) = start.answers;
    let (opened, providers) = mpsc::unbounded_channel();
    let mut runtime = Runtime {
        model: start.model,
        look: start.look,
        clock: start.clock,
        frames: Frames::new(start.max_fps),
        signals,
        events,
        answers,
        providers,
        recorder: start.recorder,
        backstage: Backstage {
            commands,
            answer,
            opened,
            supply: start.supply,
            supplied: start.supplied,
            store: start.store,
            env: start.env,
        },
        todo: start.effects.into(),
        left: None,
    };
    let result = runtime.listen(term).await;
    runtime.close().await;
    Ok(Ended {
        left: result?,
        model: runtime.model,
        supplied: runtime.backstage.supplied,
    })
}

struct Runtime {
    model: Model,
    look: Look,
    clock: Clock,
    frames: Frames,
    signals: Signals,
    events: mpsc::Receiver<RunEvent>,
    answers: mpsc::UnboundedReceiver<Answer>,
    providers: mpsc::UnboundedReceiver<Result<Supplied, String>>,
    recorder: Option<Recorder>,
    backstage: Backstage,
    todo: VecDeque<Effect>,
    left: Option<Left>,
}

/// What woke the loop.
enum Woken {
    Signal(Signal),
    Input(Option<Input>),
    Answer(Answer),
    Provider(Result<Supplied, String>),
    Run(RunEvent),
    Tick,
    Frame,
    Due,
}

impl Runtime {
    async fn listen(&mut self, term: &mut Term) -> io::Result<Left> {
        let mut tick = tokio::time::interval(Duration::from_secs(1));
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        self.perform(term).await?;
        loop {
            if let Some(left) = self.left.take() {
                return Ok(left);
            }
            if self.frames.is_due() {
                self.draw(term)?;
            }
            let now = self.clock.now();
            let due = due(&self.model, now).map(|at| Duration::from_millis(at.saturating_sub(now)));
            let frame = self.frames.wait();
            let woken = tokio::select! {
                biased;
                signal = self.signals.next() => Woken::Signal(signal),
                input = term.next() => Woken::Input(input),
                Some(answer) = self.answers.recv() => Woken::Answer(answer),
                Some(provider) = self.providers.recv() => Woken::Provider(provider),
                () = tokio::time::sleep(frame.unwrap_or_default()), if frame.is_some() => Woken::Frame,
                Some(event) = self.events.recv() => Woken::Run(event),
                () = tokio::time::sleep(due.unwrap_or_default()), if due.is_some() => Woken::Due,
                _ = tick.tick() => Woken::Tick,
            };
            self.woken(woken, term).await?;
        }
    }

    async fn woken(&mut self, woken: Woken, term: &mut Term) -> io::Result<()> {
        match woken {
            Woken::Signal(Signal::Quit(why)) => self.leave(Left::Because(why.to_owned())),
            Woken::Signal(Signal::Suspend) => self.todo.push_back(Effect::Suspend),
            Woken::Signal(Signal::Resumed) => {
                term.resumed()?;
                self.frames.now();
            }
            Woken::Input(None) => self.leave(Left::Because("the terminal was closed".to_owned())),
            Woken::Input(Some(input)) => self.input(input, term)?,
            Woken::Answer(answer) => self.update(Event::Answer(Box::new(answer))),
            Woken::Provider(opened) => {
                let result = opened.map(|supplied| {
                    let info = supplied.info.clone();
                    self.backstage.supplied = Some(supplied);
                    info
                });
                self.update(Event::Answer(Box::new(Answer::Provider(result))));
            }
            Woken::Run(event) => {
                self.update(Event::Run(Box::new(event)));
                for _ in 1..BATCH {
                    let Ok(event) = self.events.try_recv() else { break };
                    self.update(Event::Run(Box::new(event)));
                }
            }
            Woken::Tick => {
                if watchdog::is_gone() {
                    self.leave(Left::Because("the terminal is gone".to_owned()));
                }
                self.update(Event::Tick);
            }
            Woken::Due => self.update(Event::Due),
            // Drawn at the top of the loop.
            Woken::Frame => {}
        }
        self.perform(term).await
    }

    fn input(&mut self, input: Input, term: &mut Term) -> io::Result<()> {
        match input {
            Input::Key(key) => {
                self.update(Event::Key(key));
                self.frames.hurry();
            }
            Input::Paste(text) => self.update(Event::Paste(text)),
            Input::Mouse(mouse) => self.update(Event::Mouse(mouse)),
            Input::Resize(columns, rows) => {
                term.resize(columns, rows)?;
                self.update(Event::Resize(columns, rows));
            }
            Input::Focus(_) => {}
            Input::Lost(why) => self.leave(Left::Because(why)),
        }
        Ok(())
    }

    /// Whatever happens goes through here.
    fn update(&mut self, event: Event) {
        let (effects, dirty) = update(&mut self.model, event, self.clock.now());
        self.todo.extend(effects);
        if dirty {
            self.frames.want();
        }
    }

    fn draw(&mut self, term: &mut Term) -> io::Result<()> {
        self.model.now = self.clock.now();
        let (model, look) = (&self.model, &self.look);
        term.draw(|frame| view(model, look, frame))?;
        self.frames.drawn();
        Ok(())
    }

    fn leave(&mut self, why: Left) {
        self.update(Event::Leaving);
        self.left = Some(why);
    }

    /// The run under way is cancelled, its end and the draft are written.
    async fn close(&mut self) {
        let patience = Duration::from_secs(2);
        if let Some(running) = self.model.running {
            drop(self.backstage.commands.send(Command::Cancel(running.run)).await);
            let ended = async {
                while let Some(event) = self.events.recv().await {
                    let over = matches!(event, RunEvent::Ended { .. });
                    self.update(Event::Run(Box::new(event)));
                    if over {
                        break;
                    }
                }
            };
            // A worker that does not end in time leaves a run that shows as interrupted.
            drop(tokio::time::timeout(patience, ended).await);
        }
        if let Some(recorder) = self.recorder.take() {
            for effect in self.todo.drain(..) {
                if let Effect::Journal(stamped) = effect {
                    recorder.send(*stamped);
                }
            }
            drop(tokio::time::timeout(patience, recorder.close()).await);
        }
    }

    /// Does what `update` wanted, in order.
    async fn perform(&mut self, term: &mut Term) -> io::Result<()> {
        while let Some(effect) = self.todo.pop_front() {
            match effect {
                Effect::Journal(stamped) => {
                    if let Some(recorder) = &self.recorder {
                        recorder.send(*stamped);
                    }
                }
                Effect::Copy { text, what } => {
                    let result = term
                        .copy(&text, &self.backstage.env)
                        .map(|words| format!("{what} {words}"));
                    self.update(Event::Answer(Box::new(Answer::Copied(result))));
                }
                Effect::Edit { pane, text } => {
                    let suffix = effects::suffix(pane);
                    let result = effects::edited(term.edit(&text, suffix, &self.backstage.env));
                    // A Ctrl-C that was typed in the editor is not meant for us.
                    self.signals.forget_typed().await;
                    self.update(Event::Answer(Box::new(Answer::Edited { pane, result })));
                    let (columns, rows) = term.size();
                    self.update(Event::Resize(columns, rows));
                }
                Effect::Mouse(on) => term.set_mouse(on)?,
                Effect::Suspend => {
                    match term.suspend() {
                        Ok(()) => self.signals.forget_typed().await,
                        Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                            self.update(Event::Answer(Box::new(Answer::Notice(error.to_string()))));
                        }
                        Err(error) => return Err(error),
                    }
                    let (columns, rows) = term.size();
                    self.update(Event::Resize(columns, rows));
                }
                Effect::Quit => self.left = Some(Left::Quit),
                Effect::GoTo(destination) => self.leave(Left::For(destination)),
                other => self.backstage.perform(other).await,
            }
        }
        Ok(())
    }
}
