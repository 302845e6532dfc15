//! One sitting after the other on the same terminal: work, a replay, other work, and back.
//!
//! Owns what they share and which comes next. Each sitting has its own clock, its own recorder and its own channels, so that nothing
//! of one can reach another; a replay has neither a recorder nor a provider.

use super::first::{self, First};
use super::supply::Supplier;
use super::{Ended, favourites};
use crate::cli::args::TaskArgs;
use crate::cli::exit::CliError;
use crate::cli::models;
use crate::cli::{providers, sessions};
use crate::config::settings::KittyKeys;
use crate::config::{Config, Env};
use crate::session::Clock;
use crate::session::player::IDLE_LIMIT;
use crate::session::store::Store;
use crate::term::depth::{self, Depth};
use crate::term::{Options, Term};
use crate::workbench::effect::{Answer, Destination, Effect};
use crate::workbench::keymap::Keymap;
use crate::workbench::model::{Model, ProviderState, Recording};
use crate::workbench::replay::{Behind, Recorded};
use crate::workbench::runtime::recorder::{Place, Recorder};
use crate::workbench::runtime::{self, Left, Start};
use crate::workbench::styles::{Glyphs, Look};
use crate::workbench::supply::{Supplied, Supply as _};
use crate::workbench::theme;
use crate::workbench::toasts::ToastKind;
use crate::workbench::update;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Instant, SystemTime};
use tokio::sync::mpsc;

/// What a sitting opens with.
pub enum Opening {
    /// Work of one's own.
    Work(Box<First>),
    /// A replay.
    Replay(Box<Recorded>),
}

/// A sitting: its state, and what is around it.
struct Sitting {
    model: Model,
    clock: Clock,
    created: SystemTime,
    place: Place,
}

/// What all sittings share.
pub struct House {
    args: TaskArgs,
    config: Config,
    store: Store,
    env: Env,
    keymap: Keymap,
    look: Look,
    supply: Arc<Supplier>,
    /// What is wrong with theme and keys.
    problems: Vec<String>,
}

impl House {
    /// For these flags, settings and variables.
    pub fn new(args: &TaskArgs, config: Config, store: Store, env: &Env) -> Self {
        let depth = Depth::find(config.settings.terminal.color, env);
        let (theme, theme_problem) = theme::load(&config.settings.ui.theme, &config.paths.config.join("themes"));
        let (keymap, key_problems) = Keymap::new(&config.settings.keys, |key| config.place(key));
        let ascii = config.settings.ui.ascii || !depth::is_utf8(env);
        Self {
            args: args.clone(),
            supply: Arc::new(Supplier::new(config.clone(), args.clone(), env.clone())),
            config,
            store,
            env: env.clone(),
            keymap,
            look: Look {
                styles: theme.styles(depth),
                glyphs: if ascii { Glyphs::ASCII } else { Glyphs::UNICODE },
            },
            problems: theme_problem.into_iter().chain(key_problems).collect(),
        }
    }

    /// Whether what happens is written down.
    fn records(&self) -> bool {
        // A file that is named is written, whatever the settings say.
        !self.args.no_session && (self.config.settings.session.record || self.args.session.is_some())
    }

    /// Enters the terminal, and serves one sitting after the other until the user leaves.
    ///
    /// # Errors
    /// There is no terminal, or it cannot be written to.
    pub async fn serve(&self, opening: Opening) -> Result<Ended, CliError> {
        if let Opening::Work(first) = &opening
            && self.records()
        {
            let at_hand = match &first.place {
                Place::File(path) => Some(path.as_path()),
                Place::Folder(_) => None,
            };
            sessions::tidy(&self.config, at_hand);
        }
        // A key command may ask something: that is for the screen as it was.
        let opened = match &opening {
            Opening::Work(first) => Some(self.supply.open(first.provider.as_deref())),
            Opening::Replay(_) => None,
        };
        let mut term = Term::enter(Options {
            mouse: false,
            kitty_keys: self.config.settings.terminal.kitty_keys == KittyKeys::Auto,
        })
        .map_err(|error| CliError::usage(error.to_string()))?;
        let ended = self.sit(opening, opened, &mut term).await;
        let left = term.leave();
        let ended = ended?;
        left?;
        Ok(ended)
    }

    async fn sit(
        &self,
        opening: Opening,
        opened: Option<Result<Supplied, String>>,
        term: &mut Term,
    ) -> Result<Ended, CliError> {
        let mut supplied = None;
        let (mut sitting, mut effects) = match opening {
            Opening::Work(first) => self.first_work(*first, opened, &mut supplied, term.size()),
            Opening::Replay(recorded) => self.replay(*recorded, Behind::Shell, term.size()),
        };
        self.tell(&mut sitting.model);
        let mut behind = None;
        let mut recorded: Vec<PathBuf> = Vec::new();
        loop {
            let is_replay = sitting.model.replay.is_some();
            let provider = if is_replay { None } else { supplied.take() };
            let Sitting {
                clock, created, place, ..
            } = sitting;
            let start = self.start(sitting.model, effects, clock, (created, place.clone()), provider);
            let ended = Box::pin(runtime::run(start, term)).await?;
            if !is_replay {
                supplied = ended.supplied;
            }
            if let Recording::Into(path) = &ended.model.recording
                && !recorded.contains(path)
            {
                recorded.push(path.clone());
            }
            let destination = match ended.left {
                Left::For(destination) => destination,
                left @ (Left::Quit | Left::Because(_)) => return Ok((left, recorded)),
            };
            let here = Sitting {
                model: ended.model,
                clock,
                created,
                place,
            };
            (sitting, effects) = self.next(destination, here, &mut behind, &mut supplied, term.size());
        }
    }

    /// The sitting that comes next. One that cannot be had leaves everything as it is, and says why.
    fn next(
        &self,
        destination: Destination,
        here: Sitting,
        behind: &mut Option<Sitting>,
        supplied: &mut Option<Supplied>,
        size: (u16, u16),
    ) -> (Sitting, Vec<Effect>) {
        let mouse = here.model.mouse;
        let (mut sitting, effects) = match destination {
            Destination::Back => resume(behind.take().unwrap_or(here), None, size),
            Destination::Draft(task, provider) => {
                *behind = None;
                self.work(First::draft(*task, provider, &self.config), supplied, size)
            }
            Destination::Session(path) => match first::stored(&path, &TaskArgs::default(), &self.config) {
                Ok(first) => {
                    *behind = None;
                    self.work(first, supplied, size)
                }
                Err(error) => resume(here, Some(error.message), size),
            },
            Destination::Replay(source) => match runtime::recorded(&source, IDLE_LIMIT) {
                Ok(recorded) => {
                    let waits = match here.model.replay.as_ref().map(|replay| replay.behind) {
                        Some(waits) => waits,
                        None => Behind::Workbench {
                            unsaved: update::is_unsaved(&here.model),
                        },
                    };
                    if here.model.replay.is_none() {
                        *behind = Some(here);
                    }
                    self.replay(recorded, waits, size)
                }
                Err(why) => resume(here, Some(why), size),
            },
        };
        sitting.model.mouse = mouse;
        (sitting, effects)
    }

    /// The first sitting: its provider was opened before the screen was taken.
    fn first_work(
        &self,
        first: First,
        opened: Option<Result<Supplied, String>>,
        supplied: &mut Option<Supplied>,
        size: (u16, u16),
    ) -> (Sitting, Vec<Effect>) {
        let (state, notices) = match opened {
            Some(Ok(found)) => {
                let notices = found.info.notices.clone();
                let state = ProviderState::Ready(found.info.clone());
                *supplied = Some(found);
                (state, notices)
            }
            Some(Err(why)) => (ProviderState::Unusable(why.clone()), vec![why]),
            None => (ProviderState::Unusable(String::new()), Vec::new()),
        };
        let (mut sitting, effects) = self.with_provider(first, state, size);
        for words in notices {
            sitting.model.toasts.push(words, ToastKind::Warning, sitting.model.now);
        }
        (sitting, effects)
    }

    /// A later one: the provider in use is kept if it is the one, another is opened while one looks on.
    fn work(&self, first: First, supplied: &mut Option<Supplied>, size: (u16, u16)) -> (Sitting, Vec<Effect>) {
        let usual = || {
            let chosen = self.config.choose(providers::flags(&self.args), &self.env);
            chosen.map(|(name, _)| name).map_err(|error| error.to_string())
        };
        let wanted = first.provider.clone().map_or_else(usual, Ok);
        let in_use = supplied.as_ref().map(|supplied| &supplied.info);
        let mut opens = None;
        let state = match (&wanted, in_use) {
            (Ok(wanted), Some(info)) if *wanted == info.name => ProviderState::Ready(info.clone()),
            (Ok(wanted), _) => {
                // What is in use is let go first: two embedded models do not fit beside each other.
                *supplied = None;
                opens = Some(Effect::OpenProvider(wanted.clone()));
                ProviderState::Opening(wanted.clone())
            }
            (Err(why), _) => ProviderState::Unusable(why.clone()),
        };
        let (sitting, mut effects) = self.with_provider(first, state, size);
        effects.extend(opens);
        (sitting, effects)
    }

    fn with_provider(&self, first: First, state: ProviderState, size: (u16, u16)) -> (Sitting, Vec<Effect>) {
        let only = match &state {
            ProviderState::Ready(info) => info.model.clone(),
            ProviderState::Opening(_) | ProviderState::Unusable(_) => None,
        };
        let recording = if self.records() {
            Recording::Ready
        } else {
            Recording::Off
        };
        let mut model = self.model(state, recording, size);
        let clock = Clock::new(Instant::now(), first.at);
        let created = first.created.unwrap_or_else(SystemTime::now);
        let place = first.place.clone();
        model.now = clock.now();
        for words in &first.warnings {
            model.toasts.push(words.clone(), ToastKind::Warning, model.now);
        }
        first.fill(&mut model, only);
        let effects = update::begin(&mut model);
        let sitting = Sitting {
            model,
            clock,
            created,
            place,
        };
        (sitting, effects)
    }

    /// A replay: nobody to ask, and nothing to write.
    fn replay(&self, recorded: Recorded, behind: Behind, size: (u16, u16)) -> (Sitting, Vec<Effect>) {
        let clock = Clock::new(Instant::now(), 0);
        let mut model = self.model(ProviderState::Unusable(String::new()), Recording::Off, size);
        model.now = clock.now();
        for words in &recorded.history.tape().warnings {
            model.toasts.push(words.clone(), ToastKind::Warning, model.now);
        }
        let effects = update::begin_replay(&mut model, recorded, behind);
        let sitting = Sitting {
            model,
            clock,
            created: SystemTime::now(),
            place: Place::Folder(self.config.paths.sessions.clone()),
        };
        (sitting, effects)
    }

    fn model(&self, provider: ProviderState, recording: Recording, size: (u16, u16)) -> Model {
        let mut model = Model::new(self.keymap.clone(), size, provider, recording);
        model.favourites = favourites::load(&self.config.paths.config);
        model.soon = models::day(SystemTime::now() + models::SOON);
        model
    }

    fn tell(&self, model: &mut Model) {
        for words in &self.problems {
            model.toasts.push(words.clone(), ToastKind::Warning, model.now);
        }
    }

    fn start(
        &self,
        model: Model,
        effects: Vec<Effect>,
        clock: Clock,
        (created, place): (SystemTime, Place),
        supplied: Option<Supplied>,
    ) -> Start {
        let answers = mpsc::unbounded_channel::<Answer>();
        // One that is gone back to goes on in the file that it had begun.
        let place = match &model.recording {
            Recording::Into(path) => Place::File(path.clone()),
            Recording::Ready | Recording::Off => place,
        };
        let records = model.replay.is_none() && model.recording != Recording::Off;
        let recorder = records.then(|| Recorder::start(place, created, answers.0.clone()));
        Start {
            model,
            effects,
            look: self.look.clone(),
            clock,
            recorder,
            answers,
            supply: Arc::clone(&self.supply) as Arc<_>,
            supplied,
            max_fps: self.config.settings.ui.max_fps,
            store: self.store.clone(),
            env: self.env.clone(),
        }
    }
}

/// Goes back to a sitting, and says why if it was not meant to be.
fn resume(mut sitting: Sitting, why: Option<String>, size: (u16, u16)) -> (Sitting, Vec<Effect>) {
    let model = &mut sitting.model;
    model.size = size;
    model.now = sitting.clock.now();
    if let Some(why) = why {
        model.toasts.push(why, ToastKind::Error, model.now);
    }
    let effects = update::resume(model);
    (sitting, effects)
}
