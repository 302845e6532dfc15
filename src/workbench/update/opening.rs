//! Opening what lies over the panes, and what arrives for it while it is open.
//!
//! Owns what each overlay is given. Its keys and its choices are `overlays`'.

use super::super::action::{Action, Context};
use super::super::effect::Effect;
use super::super::keymap::help;
use super::super::model::{Asked, Model, OutputTab, Pane};
use super::super::overlays::{
    Endpoints, Help, HelpGroup, ModePicker, ModelChoices, ModelPicker, Overlay, Palette, Preview, Prompt,
    ProviderPicker, ProviderRow, Purpose, Source,
};
use super::super::toasts::ToastKind;
use super::overlays::rest;
use super::{answers, copies, keys, replay};
use crate::task::ModeChoice;

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

/// The first lines of a session have come.
pub fn preview(model: &mut Model, source: &Source, preview: Result<Preview, String>) {
    if let Some(Overlay::Sessions(browser)) = &mut model.overlay {
        browser.set_preview(source, preview);
    }
}

/// A model's endpoints have come.
pub fn endpoints(model: &mut Model, id: &str, endpoints: Endpoints) {
    if let Some(Overlay::Model(picker)) = &mut model.overlay {
        picker.set_endpoints(id.to_owned(), endpoints);
    }
}

/// Opens the mode picker; the plans are worked out anew, and come into it when they are.
pub fn open_modes(model: &mut Model, effects: &mut Vec<Effect>) {
    let mut plans = model.planned.plans.clone();
    if plans.is_empty() {
        plans = ModeChoice::ALL.map(|choice| (choice, Vec::new())).into();
    }
    model.overlay = Some(Overlay::Mode(ModePicker::new(plans, model.options.mode)));
    answers::plan(model, effects);
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
        own.or_else(|| keymap.key_for(action, &Context::ALL))
            .unwrap_or_default()
    };
    let blocked = |action: Action| blocked(model, action);
    // What only a replay has is not in the way elsewhere.
    let offered = |action: Action| model.replay.is_some() || !replay::is_of_replays(action);
    model.overlay = Some(Overlay::Palette(Palette::new(&offered, &key_of, &blocked)));
}

/// Why an action can do nothing here and now.
pub fn blocked(model: &Model, action: Action) -> Option<&'static str> {
    let on_editor = model.editor_pane().is_some();
    if let Some(why) = replay::refused(model, action) {
        return Some(why);
    }
    match action {
        Action::Run if model.running.is_some() => Some("a run is under way"),
        _ if !on_editor && action.is_only_of(&[Context::Editor, Context::Typing]) => Some("only in Schema and Input"),
        _ if on_editor && action.is_only_of(&[Context::Output]) => Some("only in Output"),
        Action::Type if model.typing => Some("typing already"),
        Action::NextMatch | Action::PreviousMatch if model.search.is_none() => Some("nothing is searched for"),
        _ => None,
    }
}

/// Opens the help, with the keys of the place first.
pub fn open_help(model: &mut Model) {
    let groups = help(&model.keymap, keys::contexts(model))
        .into_iter()
        .map(|group| HelpGroup {
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
