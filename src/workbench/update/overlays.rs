//! What lies over the panes: opening it, keys in it, and what a choice sets off.
//!
//! Owns the way from a choice to its effect. How an overlay looks and moves is its own.

use super::super::action::{Action, Context};
use super::super::effect::Effect;
use super::super::keymap::{Press, help};
use super::super::model::{Asked, EditorPane, Model, OutputTab, Pane, ProviderState, SchemaFile};
use super::super::overlays::{
    Answer, Choice, Chosen, Confirm, Endpoints, Help, HelpGroup, ModePicker, ModelChoices, ModelPicker, Overlay, Palette,
    Prompt, ProviderPicker, ProviderRow, Purpose, Response,
};
use super::super::toasts::ToastKind;
use super::{actions, answers, copies, drafts, keys};
use crossterm::event::KeyEvent;
use ratatui::layout::{Rect, Size};
use std::path::PathBuf;

/// A model's endpoints are asked for when the cursor has rested on it so long.
const REST: u64 = 300;

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
    let Some(layout) = model.layout() else { return Rect::default() };
    if model.overlay.as_ref().is_some_and(Overlay::is_in_pane) {
        return layout.inner(model.focus);
    }
    Rect::new(0, 0, model.size.0, model.size.1.saturating_sub(2))
}

fn close(model: &mut Model) {
    if matches!(&model.overlay, Some(Overlay::Prompt(prompt)) if prompt.purpose() == Purpose::Search) {
        search_for(model, None);
    }
    model.overlay = None;
    model.asked = None;
}

/// The cursor of the model picker has moved: its endpoints are asked for after a moment.
fn rest(model: &mut Model) {
    model.endpoints_due = match &model.overlay {
        Some(Overlay::Model(picker)) => picker.wanted().map(|_| model.now.saturating_add(REST)),
        _ => None,
    };
}

/// The moment has passed.
pub fn rested(model: &mut Model, effects: &mut Vec<Effect>) {
    model.endpoints_due = None;
    if let Some(Overlay::Model(picker)) = &mut model.overlay
        && let Some(id) = picker.wanted().map(str::to_owned)
    {
        picker.set_endpoints(id.clone(), Endpoints::Loading);
        effects.push(Effect::ListEndpoints(id));
    }
}

fn chose(model: &mut Model, chosen: Chosen, effects: &mut Vec<Effect>) {
    match chosen {
        Chosen::Model(id) => {
            model.options.model = id;
            drafts::touched(model);
            answers::plan(model, effects);
        }
        Chosen::Favourites(_) => did(model, chosen, effects),
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
        Chosen::Text(Purpose::Search, text) => {
            let found = search_for(model, Some(text));
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
        (Answer::Back | Answer::Overwrite(_) | Answer::Load(_), _) => {}
    }
}

/// A line was typed to its end.
fn line(model: &mut Model, purpose: Purpose, text: &str, effects: &mut Vec<Effect>) {
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

/// Opens the model picker; the list comes from the provider.
pub fn open_models(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.models.models.is_empty() {
        model.models.loading = true;
    }
    let has_endpoints = model.provider_info().is_some_and(|info| info.has_endpoints);
    let choices = ModelChoices {
        list: model.models.clone(),
        current: Some(model.options.model.clone()).filter(|id| !id.is_empty()),
        recent: model.recent.clone(),
        favourites: model.favourites.clone(),
        endpoints: has_endpoints.then(std::collections::BTreeMap::new),
        soon: model.soon.clone(),
    };
    model.overlay = Some(Overlay::Model(ModelPicker::new(choices)));
    effects.push(Effect::ListModels(false));
    rest(model);
}

/// A list of models has come.
pub fn models(model: &mut Model) {
    if let Some(Overlay::Model(picker)) = &mut model.overlay {
        picker.set_list(model.models.clone());
    }
    rest(model);
}

/// A model's endpoints have come.
pub fn endpoints(model: &mut Model, id: &str, endpoints: Endpoints) {
    if let Some(Overlay::Model(picker)) = &mut model.overlay {
        picker.set_endpoints(id.to_owned(), endpoints);
    }
}

/// Opens the mode picker; the plans are worked out anew.
pub fn open_modes(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.planned.plans.is_empty() {
        let words = "the plans are not known yet: the schema or the provider is not ready";
        return model.toasts.push(words, ToastKind::Warning, model.now);
    }
    show_modes(model);
    answers::plan(model, effects);
}

fn show_modes(model: &mut Model) {
    let picker = ModePicker::new(model.planned.plans.clone(), model.options.mode);
    model.overlay = Some(Overlay::Mode(picker));
}

/// Plans have been worked out.
pub fn planned(model: &mut Model) {
    if let Some(Overlay::Mode(picker)) = &mut model.overlay {
        picker.set_plans(model.planned.plans.clone());
    }
}

/// The providers are known: they are shown.
pub fn providers(model: &mut Model, rows: Vec<ProviderRow>) {
    model.overlay = Some(Overlay::Provider(ProviderPicker::new(rows)));
}

/// Opens the palette.
pub fn open_palette(model: &mut Model) {
    let contexts = keys::contexts(model);
    let keymap = &model.keymap;
    let key_of = |action: Action| {
        let own = keymap.key_for(action, contexts);
        own.or_else(|| keymap.key_for(action, &Context::ALL)).unwrap_or_default()
    };
    let blocked = |action: Action| blocked(model, action);
    model.overlay = Some(Overlay::Palette(Palette::new(&key_of, &blocked)));
}

/// Why an action can do nothing here and now.
fn blocked(model: &Model, action: Action) -> Option<&'static str> {
    let on_editor = model.editor_pane().is_some();
    match action {
        Action::Run if model.running.is_some() => Some("a run is under way"),
        Action::Type | Action::OpenEditor | Action::LoadFile | Action::Undo | Action::Redo if !on_editor => {
            Some("only in Schema and Input")
        }
        Action::Open | Action::Fold | Action::FoldAll | Action::UnfoldAll | Action::Follow if on_editor => {
            Some("only in Output")
        }
        Action::NextMatch | Action::PreviousMatch if model.search.is_none() => Some("nothing is searched for"),
        _ => None,
    }
}

/// Opens the help, with the keys of the place first.
pub fn open_help(model: &mut Model) {
    let groups = help(&model.keymap, keys::contexts(model)).into_iter().map(|group| HelpGroup {
        title: group.title.to_owned(),
        entries: group
            .entries
            .into_iter()
            .map(|(keys, words, _)| (keys, words.to_owned()))
            .collect(),
    });
    model.overlay = Some(Overlay::Help(Help::new(groups.collect())));
}

/// Asks for a file to load.
pub fn open_load(model: &mut Model) {
    if model.editor_pane().is_none() {
        let words = "files are loaded into the schema (1) or the input (2)";
        return model.toasts.push(words, ToastKind::Info, model.now);
    }
    model.overlay = Some(Overlay::Prompt(Prompt::new(Purpose::LoadFrom, "")));
}

/// Asks for a file to save to.
pub fn open_save(model: &mut Model) {
    match copies::whole(model) {
        Ok((_, text)) => ask_where(model, text, false, default_name(model)),
        Err(why) => model.toasts.push(why, ToastKind::Info, model.now),
    }
}

/// Asks for the file that the schema is to be written to.
pub fn open_write(model: &mut Model) {
    let text = model.schema.text();
    ask_where(model, text, true, "schema.json");
}

fn ask_where(model: &mut Model, text: String, schema: bool, name: &str) {
    model.asked = Some(Asked::Write { text, schema });
    model.overlay = Some(Overlay::Prompt(Prompt::new(Purpose::SaveTo, name)));
}

const fn default_name(model: &Model) -> &'static str {
    match (model.focus, model.tab) {
        (Pane::Schema, _) => "schema.json",
        (Pane::Input, _) => "input.txt",
        (Pane::Output, OutputTab::Fields | OutputTab::Attempts) => "value.json",
        (Pane::Output, OutputTab::Raw) => "answer.txt",
        (Pane::Output, OutputTab::Wire) => "request.json",
    }
}

/// Asks whether a file that is there may be replaced.
pub fn confirm_replace(model: &mut Model, path: PathBuf) {
    if !matches!(model.asked, Some(Asked::Write { .. })) {
        // Something else has been asked since; the text that was to be written is not known any more.
        let words = format!("not written: {} is there already", path.display());
        return model.toasts.push(words, ToastKind::Warning, model.now);
    }
    let question = format!("{} is there already", path.display());
    let lost = vec!["what is in the file now".to_owned()];
    let replace = choice('r', "replace it", Answer::Overwrite(path));
    confirm(model, Confirm::new(question, lost, ('k', "keep it"), vec![replace]));
}

/// Asks whether the schema's file, which somebody has changed, is to be read again over what was typed here.
pub fn confirm_reload(model: &mut Model, text: String) {
    let path = model.schema_file.as_ref().map(|file| file.path.clone()).unwrap_or_default();
    model.asked = Some(Asked::Reload(text));
    let lost = vec!["what you have typed into the schema since (undo brings it back)".to_owned()];
    let reload = choice('r', "read the file", Answer::Load(path));
    let question = "the schema's file was changed by somebody else";
    confirm(model, Confirm::new(question, lost, ('k', "keep mine"), vec![reload]));
}

/// Asks before quitting when nothing is recorded.
pub fn confirm_quit(model: &mut Model) {
    model.asked = Some(Asked::Quit);
    let lost = vec!["schema, input and runs: nothing is being recorded".to_owned()];
    let leave = choice('q', "quit", Answer::Quit);
    confirm(model, Confirm::new("quit without a session?", lost, ('s', "stay"), vec![leave]));
}

fn choice(letter: char, words: &str, answer: Answer) -> Choice {
    Choice {
        letter,
        words: words.to_owned(),
        answer,
    }
}

fn confirm(model: &mut Model, confirm: Confirm) {
    model.overlay = Some(Overlay::Confirm(confirm));
}

/// Opens the search of the pane.
pub fn open_search(model: &mut Model) {
    let before = model.search.clone().unwrap_or_default();
    model.overlay = Some(Overlay::Prompt(Prompt::new(Purpose::Search, &before)));
}

/// Searches the pane with the focus, and shows the first place from the cursor on; `None` ends every search. Returns how many
/// places there are, in words.
pub fn search_for(model: &mut Model, needle: Option<String>) -> Option<String> {
    let needle = needle.filter(|needle| !needle.is_empty());
    end_search(model);
    let Some(text) = needle.as_deref() else { return None };
    let size = model.layout().map_or_else(Size::default, |layout| layout.inner(model.focus).as_size());
    let found = match model.editor_pane() {
        Some(pane) => {
            let editor = model.editor_mut(pane);
            let found = editor.search(Some(text));
            if editor.is_large() {
                editor.act(Action::NextMatch, size.height);
            }
            found
        }
        None => {
            let run = model.record.runs.last();
            match model.tab {
                OutputTab::Fields => Ok(Some(model.fields.search(Some(text), run))),
                OutputTab::Raw => {
                    let found = model.raw.search(Some(text), run);
                    model.raw.act(Action::NextMatch, size, run);
                    found
                }
                OutputTab::Attempts => Ok(places(model.attempts.search(text, run, size.height))),
                OutputTab::Wire => Ok(places(model.wire.search(text, size.height))),
            }
        }
    };
    let found = match found {
        Ok(found) => found,
        Err(why) => return Some(why),
    };
    let words = match found {
        Some(0) => "nothing found".to_owned(),
        Some(1) => "1 place".to_owned(),
        Some(count) => format!("{count} places"),
        None => "found".to_owned(),
    };
    model.search = needle;
    Some(words)
}

/// Ends the search wherever there is one: no pane keeps marks that Esc does not take away.
pub fn end_search(model: &mut Model) {
    model.search = None;
    for pane in [EditorPane::Schema, EditorPane::Input, EditorPane::Instructions] {
        // Only a pattern can be wrong.
        drop(model.editor_mut(pane).search(None));
    }
    let run = model.record.runs.last();
    model.fields.search(None, run);
    drop(model.raw.search(None, run));
    model.attempts.search("", run, 0);
    model.wire.search("", 0);
}

/// A list that only says whether there is a place.
fn places(any: bool) -> Option<usize> {
    if any { None } else { Some(0) }
}
