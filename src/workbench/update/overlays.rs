//! What lies over the panes: opening it, keys in it, and what a choice sets off.
//!
//! Owns the way from a choice to its effect. How an overlay looks and moves is its own.

use super::super::action::{Action, Context};
use super::super::effect::{Destination, Effect};
use super::super::keymap::Press;
use super::super::model::{Asked, EditorPane, Model, ProviderState, SchemaFile};
use super::super::overlays::{Answer, Chosen, Endpoints, Overlay, Purpose, Response};
use super::{actions, answers, drafts, replay, search, sessions};
use crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use std::path::PathBuf;

/// A model's endpoints are asked for when the cursor has rested on it so long.
const REST: u64 = 300;

/// A session is looked into when the cursor has rested on it so long: that costs no request.
const GLANCE: u64 = 60;

/// A key for the overlay that is open. Ctrl-C is heard above all of them.
pub fn key(model: &mut Model, key: KeyEvent, effects: &mut Vec<Effect>) {
    let area = area(model);
    let Some(overlay) = &mut model.overlay else { return };
    // What is heard while typing into an editor is heard here: nothing of it is text.
    match model.keymap.press(Context::TYPING, &mut Vec::new(), key) {
        Press::Action(Action::Cancel) => return interrupted(model, effects),
        Press::Action(action @ (Action::Quit | Action::Suspend)) => return actions::act(model, action, effects),
        Press::Action(_) | Press::Pending | Press::Unbound => {}
    }
    let response = overlay.key(key, area);
    match response {
        Response::Stay => {}
        Response::Close => close(model),
        Response::Chose(chosen) => {
            model.overlay = None;
            chose(model, chosen, effects);
        }
        Response::Did(done) => did(model, done, effects),
    }
    rest(model);
}

/// A text was pasted above the panes: into the line that is typed there.
pub fn paste(model: &mut Model, text: &str, effects: &mut Vec<Effect>) {
    let Some(overlay) = &mut model.overlay else { return };
    overlay.paste(text);
    if let Overlay::Prompt(prompt) = overlay
        && prompt.purpose() == Purpose::Search
    {
        let text = prompt.text().to_owned();
        did(model, Chosen::Text(Purpose::Search, text), effects);
    }
    rest(model);
}

/// Ctrl-C cancels a run, closes the overlay when there is none to cancel, and quits a question about quitting.
fn interrupted(model: &mut Model, effects: &mut Vec<Effect>) {
    let quitting = model.asked == Some(Asked::Quit);
    if quitting {
        effects.push(Effect::Quit);
    } else if !super::runs::cancel(model, effects) {
        close(model);
    }
}

/// Where overlays are drawn.
fn area(model: &Model) -> Rect {
    let Some(layout) = model.layout() else {
        return Rect::default();
    };
    if model.overlay.as_ref().is_some_and(Overlay::is_in_pane) {
        return layout.inner(model.focus);
    }
    Rect::new(0, 0, model.size.0, model.size.1.saturating_sub(2))
}

fn close(model: &mut Model) {
    if matches!(&model.overlay, Some(Overlay::Prompt(prompt)) if prompt.purpose() == Purpose::Search) {
        search::search_for(model, None);
    }
    model.overlay = None;
    model.asked = None;
}

/// The cursor of a list has moved: what it is on is looked at after a moment.
pub fn rest(model: &mut Model) {
    model.rest_due = match &model.overlay {
        Some(Overlay::Model(picker)) => picker.wanted().map(|_| model.now.saturating_add(REST)),
        Some(Overlay::Sessions(browser)) => browser.wanted().map(|_| model.now.saturating_add(GLANCE)),
        _ => None,
    };
}

/// The moment has passed.
pub fn rested(model: &mut Model, effects: &mut Vec<Effect>) {
    model.rest_due = None;
    if let Some(Overlay::Model(picker)) = &mut model.overlay
        && let Some(id) = picker.wanted().map(str::to_owned)
    {
        picker.set_endpoints(id.clone(), Endpoints::Loading);
        effects.push(Effect::ListEndpoints(id));
    }
    if let Some(Overlay::Sessions(browser)) = &mut model.overlay
        && let Some(source) = browser.wanted().cloned()
    {
        browser.looking(source.clone());
        effects.push(Effect::Preview(source));
    }
}

fn chose(model: &mut Model, chosen: Chosen, effects: &mut Vec<Effect>) {
    match chosen {
        Chosen::Model(id) => {
            model.options.model = id;
            drafts::touched(model);
            answers::plan(model, effects);
        }
        Chosen::Favourites(_) | Chosen::Session(_) => did(model, chosen, effects),
        Chosen::Mode(mode) => actions::set_mode(model, mode, effects),
        Chosen::Provider(name) => take_provider(model, name, effects),
        Chosen::Action(action) => actions::act(model, action, effects),
        Chosen::Answer(answer) => answered(model, answer, effects),
        Chosen::Text(purpose, text) => line(model, purpose, &text, effects),
    }
}

fn did(model: &mut Model, done: Chosen, effects: &mut Vec<Effect>) {
    match done {
        Chosen::Favourites(favourites) => {
            model.favourites.clone_from(&favourites);
            effects.push(Effect::KeepFavourites(favourites));
        }
        Chosen::Session(act) => sessions::act(model, act, effects),
        Chosen::Text(Purpose::Search, text) => {
            let found = search::search_for(model, Some(text));
            if let (Some(Overlay::Prompt(prompt)), Some(words)) = (&mut model.overlay, found) {
                prompt.set_note(words);
            }
        }
        _ => {}
    }
}

fn take_provider(model: &mut Model, name: String, effects: &mut Vec<Effect>) {
    let only = model.provider_info().and_then(|info| info.model.clone());
    if only.is_some_and(|only| only == model.options.model) {
        // It means nothing to another provider.
        model.options.model.clear();
    }
    model.models = super::super::overlays::ModelList::default();
    model.provider = ProviderState::Opening(name.clone());
    effects.push(Effect::OpenProvider(name));
}

fn answered(model: &mut Model, answer: Answer, effects: &mut Vec<Effect>) {
    let asked = model.asked.take();
    match (answer, asked) {
        (Answer::Quit, _) => effects.push(Effect::Quit),
        (Answer::Overwrite(path), Some(Asked::Write { text, schema })) => effects.push(Effect::SaveFile {
            path,
            text,
            replace: true,
            schema,
        }),
        (Answer::Load(_), Some(Asked::Reload(text))) => take_file(model, &text, effects),
        (Answer::Open(path), _) => effects.push(Effect::GoTo(Destination::Session(path))),
        (Answer::Draft, _) => replay::go_to_draft(model, effects),
        (Answer::Leave, _) => replay::go_back(model, effects),
        (Answer::Back | Answer::Overwrite(_) | Answer::Load(_), _) => {}
    }
}

/// A line was typed to its end.
fn line(model: &Model, purpose: Purpose, text: &str, effects: &mut Vec<Effect>) {
    match purpose {
        // What was typed has been searched for already, and the first place is shown.
        Purpose::Search => {}
        Purpose::SaveTo => {
            if let Some(Asked::Write { text: whole, schema }) = model.asked.clone() {
                effects.push(Effect::SaveFile {
                    path: PathBuf::from(text.trim()),
                    text: whole,
                    replace: false,
                    schema,
                });
            }
        }
        Purpose::LoadFrom => {
            if let Some(pane) = model.editor_pane() {
                let path = PathBuf::from(text.trim());
                effects.push(Effect::ReadFile { path, pane });
            }
        }
    }
}

/// Takes the schema's text from its file.
pub fn take_file(model: &mut Model, text: &str, effects: &mut Vec<Effect>) {
    model.schema.set_text(text);
    let revision = model.schema.revision();
    if let Some(SchemaFile { revision: own, .. }) = &mut model.schema_file {
        *own = revision;
    }
    answers::edited_by_hand(model, EditorPane::Schema, effects);
}
