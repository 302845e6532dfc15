//! `formwork` and `formwork open`: the workbench with the same task options as `run`.
//!
//! Owns what it opens with: a task from flags and settings, a stored session, the last one, or a sample. What happens then is the
//! workbench's.

mod favourites;
mod first;
mod supply;

use crate::cli::args::TaskArgs;
use crate::cli::exit::{CliError, Exit};
use crate::cli::front::Front;
use crate::cli::models;
use crate::cli::sessions;
use crate::config::Config;
use crate::session::Clock;
use crate::session::store::Store;
use crate::term::depth::{self, Depth};
use crate::term::{Options, Term};
use crate::text::clean;
use crate::workbench::effect::Answer;
use crate::workbench::keymap::Keymap;
use crate::workbench::model::{Model, ProviderState, Recording};
use crate::workbench::runtime::recorder::{Place, Recorder};
use crate::workbench::runtime::{self, Left, Start};
use crate::workbench::styles::{Glyphs, Look};
use crate::workbench::supply::Supply as _;
use crate::workbench::theme;
use crate::workbench::toasts::ToastKind;
use crate::workbench::update;
use first::First;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Instant, SystemTime};
use supply::Supplier;
use tokio::sync::mpsc;

/// Opens the workbench: with a stored session if one is named, else with what flags and settings say.
///
/// # Errors
/// The settings, a file or the session cannot be read, or there is no terminal.
pub fn run(args: &TaskArgs, session: Option<&str>, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let config = Config::load(front.env, &front.cwd)?;
    if !front.stdin_is_terminal || !front.stdout_is_terminal {
        return Err(CliError::usage(
            "the workbench needs a terminal on stdin and stdout: use `formwork run` in scripts and pipes",
        ));
    }
    let store = Store::new(&config.paths.sessions, &config.paths.cache);
    let first = first::first(args, session, &config, &store, front)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let ended = runtime.block_on(open(args, first, config, front));
    // A key command or a download under way is not waited for.
    runtime.shutdown_background();
    let (left, recorded) = ended?;
    if let Left::Because(why) = &left {
        writeln!(front.stderr, "formwork: {}", clean(why))?;
    }
    if let Some(path) = recorded {
        let path = path.display().to_string();
        writeln!(front.stderr, "session {}", clean(&path))?;
    }
    Ok(Exit::Valid)
}

/// How the workbench was left, and which session was written.
type Ended = (Left, Option<PathBuf>);

async fn open(args: &TaskArgs, first: First, config: Config, front: &Front<'_>) -> Result<Ended, CliError> {
    // A file that is named is written, whatever the settings say.
    let record = !args.no_session && (config.settings.session.record || args.session.is_some());
    if record {
        let at_hand = match &first.place {
            Place::File(path) => Some(path.as_path()),
            Place::Folder(_) => None,
        };
        sessions::tidy(&config, at_hand);
    }
    let depth = Depth::find(config.settings.terminal.color, front.env);
    let (theme, theme_problem) = theme::load(&config.settings.ui.theme, &config.paths.config.join("themes"));
    let (keymap, key_problems) = Keymap::new(&config.settings.keys, |key| config.place(key));
    let ascii = config.settings.ui.ascii || !depth::is_utf8(front.env);
    let look = Look {
        styles: theme.styles(depth),
        glyphs: if ascii { Glyphs::ASCII } else { Glyphs::UNICODE },
    };
    let max_fps = config.settings.ui.max_fps;
    let kitty_keys = config.settings.terminal.kitty_keys == crate::config::settings::KittyKeys::Auto;
    let favourites = favourites::load(&config.paths.config);
    let supply = Supplier::new(config, args.clone(), front.env.clone());
    let opened = supply.open(first.provider.as_deref());
    let recording = if record { Recording::Ready } else { Recording::Off };
    let mut term = Term::enter(Options {
        mouse: false,
        kitty_keys,
    })
    .map_err(|error| CliError::usage(error.to_string()))?;
    let provider = match &opened {
        Ok(found) => ProviderState::Ready(found.info.clone()),
        Err(why) => ProviderState::Unusable(why.clone()),
    };
    let mut model = Model::new(keymap, term.size(), provider, recording);
    let created = first.created.unwrap_or_else(SystemTime::now);
    let clock = Clock::new(Instant::now(), first.at);
    let place = first.place.clone();
    let warnings = first.warnings.clone();
    first.fill(
        &mut model,
        opened.as_ref().ok().and_then(|found| found.info.model.clone()),
    );
    model.now = clock.now();
    model.favourites = favourites;
    model.soon = models::day(SystemTime::now() + models::SOON);
    let told = opened
        .as_ref()
        .map_or_else(|why| vec![why.clone()], |found| found.info.notices.clone());
    for words in warnings
        .into_iter()
        .chain(theme_problem)
        .chain(key_problems)
        .chain(told)
    {
        model.toasts.push(words, ToastKind::Warning, model.now);
    }
    let effects = update::begin(&mut model);
    let answers = mpsc::unbounded_channel::<Answer>();
    let recorder = record.then(|| Recorder::start(place, created, answers.0.clone()));
    let start = Start {
        model,
        effects,
        look,
        clock,
        recorder,
        answers,
        supply: Arc::new(supply),
        supplied: opened.ok(),
        max_fps,
        env: front.env.clone(),
    };
    let ended = Box::pin(runtime::run(start, &mut term)).await;
    let left = term.leave();
    let ended = ended?;
    left?;
    Ok(ended)
}

/// The folder of new sessions, or the file that was named.
fn place(args: &TaskArgs, config: &Config, front: &Front<'_>) -> Place {
    match &args.session {
        Some(path) => Place::File(front.cwd.join(path)),
        None => Place::Folder(config.paths.sessions.clone()),
    }
}
