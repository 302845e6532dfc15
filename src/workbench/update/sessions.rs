//! The browser of sessions: what a choice in it sets off, and what comes of that.
//!
//! Owns what must not happen while something is under way, and undoing. Files are the runtime's.

use super::super::action::{Action, Context};
use super::super::effect::{Destination, Effect};
use super::super::model::{Model, Recording};
use super::super::overlays::{Browser, Overlay, SessionAct, SessionList, Source};
use super::super::toasts::ToastKind;
use super::{drafts, keys, questions};
use crate::session::store::Discarded;
use std::path::{Path, PathBuf};

/// Opens the browser with what was listed last; the list of now comes when it is there.
pub fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    model.sessions.loading = true;
    let browser = Browser::new(model.sessions.clone(), open_path(model), model.replay.is_some());
    model.overlay = Some(Overlay::Sessions(Box::new(browser)));
    effects.push(Effect::ListSessions);
}

/// The sessions have been listed.
pub fn listed(model: &mut Model, list: SessionList) {
    model.sessions = list;
    if let Some(Overlay::Sessions(browser)) = &mut model.overlay {
        browser.set_list(model.sessions.clone());
        super::overlays::rest(model);
    }
}

/// The session that is written.
fn open_path(model: &Model) -> Option<PathBuf> {
    match &model.recording {
        Recording::Into(path) => Some(path.clone()),
        Recording::Ready | Recording::Off => None,
    }
}

/// Does what was chosen. The browser stays open until something takes its place.
pub fn act(model: &mut Model, act: SessionAct, effects: &mut Vec<Effect>) {
    match act {
        SessionAct::Replay(source) => replay(model, source, effects),
        SessionAct::Open(source) => go_on(model, &source, effects),
        SessionAct::Fork(source) => effects.push(Effect::ForkSession(source)),
        SessionAct::Rename(source, title) => {
            if let Some(path) = changeable(model, &source) {
                effects.push(Effect::RenameSession(path, title));
            }
        }
        SessionAct::Delete(source) => {
            if let Some(path) = changeable(model, &source) {
                effects.push(Effect::DeleteSession(path));
            }
        }
        SessionAct::Restore => match model.discarded.pop() {
            Some(discarded) => effects.push(Effect::RestoreSession(discarded)),
            None => tell(model, "nothing was deleted"),
        },
    }
}

fn tell(model: &mut Model, words: &str) {
    model.toasts.push(words, ToastKind::Info, model.now);
}

/// Whether a run is under way, which another session would end; it is said.
fn is_running(model: &mut Model) -> bool {
    let running = model.running.is_some();
    if running {
        let how = keys::named(
            model,
            Context::TYPING,
            Action::Cancel,
            "cancels it, then another session can be opened",
        );
        tell(model, &format!("a run is under way{how}"));
    }
    running
}

fn replay(model: &mut Model, source: Source, effects: &mut Vec<Effect>) {
    if !is_running(model) {
        model.overlay = None;
        effects.push(Effect::GoTo(Destination::Replay(source)));
    }
}

/// Opens a session to go on in it; what would be lost by it is asked for first.
fn go_on(model: &mut Model, source: &Source, effects: &mut Vec<Effect>) {
    if is_running(model) {
        return;
    }
    match source {
        Source::Ships(_) => tell(model, "it ships with formwork: Ctrl-F makes a copy that is yours"),
        Source::File(path) if open_path(model).as_ref() == Some(path) => {
            model.overlay = None;
            tell(model, "this is the session that is open");
        }
        Source::File(path) if would_lose(model, effects) => questions::confirm_open(model, path.clone()),
        Source::File(path) => {
            model.overlay = None;
            effects.push(Effect::GoTo(Destination::Session(path.clone())));
        }
    }
}

/// Whether something is in no session: here, or in the workbench behind a replay. What is to be written is.
fn would_lose(model: &mut Model, effects: &mut Vec<Effect>) -> bool {
    if let Some(replay) = &model.replay {
        return replay.is_edited(&model.schema) || replay.behind.is_unsaved();
    }
    drafts::write(model, effects);
    is_unsaved(model)
}

/// Whether something was typed or run that is written nowhere.
pub fn is_unsaved(model: &Model) -> bool {
    model.recording == Recording::Off && model.drafted.revisions.is_some()
}

/// The file of a session that may be changed; why not is said.
fn changeable(model: &mut Model, source: &Source) -> Option<PathBuf> {
    match source {
        Source::Ships(_) => {
            tell(
                model,
                "it ships with formwork and stays as it is: Ctrl-F makes a copy that is yours",
            );
            None
        }
        Source::File(path) if open_path(model).as_ref() == Some(path) => {
            tell(model, "this session is open and being written: open another one first");
            None
        }
        Source::File(path) => Some(path.clone()),
    }
}

/// A session was changed, or could not be.
pub fn changed(model: &mut Model, result: Result<String, String>, effects: &mut Vec<Effect>) {
    match result {
        Ok(words) => {
            model.toasts.push(words, ToastKind::Info, model.now);
            effects.push(Effect::ListSessions);
        }
        Err(why) => model.toasts.push(why, ToastKind::Error, model.now),
    }
}

/// A session was deleted.
pub fn discarded(model: &mut Model, discarded: Discarded, effects: &mut Vec<Effect>) {
    let words = format!("deleted: {}; Alt-U in the list brings it back", name(&discarded.path));
    model.discarded.push(discarded);
    changed(model, Ok(words), effects);
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
