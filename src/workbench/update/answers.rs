//! Taking in what effects came to.
//!
//! Owns dropping what is late: answers about a text that has changed since are not looked at.

use super::super::editor::{Mark, Severity};
use super::super::effect::{Answer, Effect, SaveError};
use super::super::model::{Asked, EditorPane, Model, ProviderInfo, ProviderState, Recording, SchemaFile};
use super::super::toasts::ToastKind;
use super::{drafts, opening, overlays, questions, replay, runs, sessions};
use crate::schema::{Schema, SchemaError};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

/// A plan is worked out so long after the last key.
const REST: u64 = 200;

/// What the workbench wants done when it opens.
pub fn begin(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    check(model, &mut effects);
    super::sync(model);
    effects
}

/// What it wants done when it is gone back to after another sitting: the answers that were under way then never come.
pub fn resume(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    model.check.asked = None;
    model.check.then_run = false;
    model.models.loading = false;
    model.sessions.loading = false;
    model.rest_due = None;
    if let Some(replay) = &mut model.replay {
        replay.what_if.asked = None;
    }
    if let ProviderState::Opening(name) = &model.provider {
        effects.push(Effect::OpenProvider(name.clone()));
    }
    check(model, &mut effects);
    super::sync(model);
    effects
}

/// Takes in an answer.
pub fn take(model: &mut Model, answer: Answer, effects: &mut Vec<Effect>) {
    match answer {
        Answer::Checked { revision, result } => checked(model, revision, result, effects),
        Answer::Planned {
            revision,
            plans,
            body,
            changes,
        } => {
            if revision == model.planned.revision {
                model.planned.plans = plans;
                model.planned.body = Some(Arc::new(body));
                model.planned.changes = changes;
                opening::planned(model);
            }
        }
        Answer::Provider(result) => provider(model, result, effects),
        Answer::Providers(rows) => opening::providers(model, rows),
        Answer::Models(models) => {
            model.models = models;
            opening::models(model);
        }
        Answer::Endpoints(id, endpoints) => opening::endpoints(model, &id, endpoints),
        Answer::Copied(Ok(words)) => model.toasts.push(words, ToastKind::Info, model.now),
        Answer::Copied(Err(why)) | Answer::Notice(why) => model.toasts.push(why, ToastKind::Warning, model.now),
        Answer::Saved { path, result, schema } => saved(model, path, result, schema),
        Answer::Read { path, pane, result } => read(model, path, pane, result, effects),
        Answer::FileChanged { text, at } => file_changed(model, text, at, effects),
        Answer::Edited { pane, result } => edited(model, pane, result, effects),
        Answer::Rejudged { revision, rejudged } => replay::rejudged(model, revision, rejudged, effects),
        Answer::Sessions(list) => sessions::listed(model, list),
        Answer::Preview(source, preview) => opening::preview(model, &source, preview),
        Answer::SessionChanged(result) => sessions::changed(model, result, effects),
        Answer::Discarded(discarded) => sessions::discarded(model, discarded, effects),
        Answer::Recording(path) => model.recording = Recording::Into(path),
        Answer::NotRecording(why) => {
            model.recording = Recording::Off;
            model
                .toasts
                .push(format!("not recording any more: {why}"), ToastKind::Error, model.now);
        }
    }
}

/// Has the schema's newest text looked at.
pub fn check(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.check.asked.is_some() {
        // The answer under way finds the text changed and asks again.
        return;
    }
    let revision = model.schema.revision();
    model.check.asked = Some(revision);
    effects.push(Effect::Check {
        revision,
        text: model.schema.text(),
        name: model.schema_name.clone(),
    });
}

/// Has what a run would do worked out again once the keys have come to rest.
pub fn plan_later(model: &mut Model) {
    if model.replay.is_some() {
        // It has been run.
        return;
    }
    model.planned.due = Some(model.now.saturating_add(REST));
}

/// Has what a run would do worked out again.
pub fn plan(model: &mut Model, effects: &mut Vec<Effect>) {
    model.planned.revision += 1;
    model.planned.due = None;
    if let Some(schema) = model.current_schema().cloned()
        && model.provider_info().is_some()
    {
        effects.push(Effect::Plan {
            revision: model.planned.revision,
            task: Arc::new(model.task()),
            schema,
        });
    }
}

fn checked(model: &mut Model, revision: u64, result: Result<Schema, SchemaError>, effects: &mut Vec<Effect>) {
    model.check.asked = None;
    if revision != model.schema.revision() {
        return check(model, effects);
    }
    model.check.known = Some(revision);
    let marks = match result {
        Ok(schema) => {
            model.check.error = None;
            let notes = schema
                .notes()
                .iter()
                .map(|note| mark(0, 0, note.clone(), Severity::Warning));
            let notes = notes.collect();
            model.check.schema = Some(schema);
            notes
        }
        Err(error) => {
            let line = error.line.unwrap_or(1).saturating_sub(1);
            let column = error.column.unwrap_or(1).saturating_sub(1);
            let marks = vec![mark(line, column, error.message.clone(), Severity::Error)];
            model.check.error = Some(error);
            marks
        }
    };
    let empty = model.schema.text().trim().is_empty();
    if empty {
        model.check.schema = None;
    }
    model.schema.marks(if empty { Vec::new() } else { marks });
    plan_later(model);
    replay::schema_checked(model, effects);
    if std::mem::take(&mut model.check.then_run) {
        runs::start(model, effects);
    }
}

fn mark(line: usize, column: usize, message: String, severity: Severity) -> Mark {
    Mark {
        line,
        column,
        message,
        severity,
    }
}

fn provider(model: &mut Model, result: Result<ProviderInfo, String>, effects: &mut Vec<Effect>) {
    match result {
        Ok(info) => {
            for notice in &info.notices {
                model.toasts.push(notice.clone(), ToastKind::Info, model.now);
            }
            // A model's id means nothing to another provider, unless the other has only one.
            if let Some(only) = &info.model {
                model.options.model.clone_from(only);
            }
            model.provider = ProviderState::Ready(info);
            drafts::touched(model);
            plan(model, effects);
        }
        Err(why) => {
            model.toasts.push(why.clone(), ToastKind::Error, model.now);
            model.provider = ProviderState::Unusable(why);
        }
    }
}

fn saved(model: &mut Model, path: PathBuf, result: Result<Option<SystemTime>, SaveError>, schema: bool) {
    match result {
        Ok(at) => {
            let words = format!("written: {}", path.display());
            model.toasts.push(words, ToastKind::Info, model.now);
            if matches!(model.asked, Some(Asked::Write { .. })) && model.overlay.is_none() {
                model.asked = None;
            }
            if schema {
                let revision = model.schema.revision();
                model.schema_file = Some(SchemaFile {
                    path,
                    seen: at,
                    revision,
                });
            }
        }
        Err(SaveError::Exists) => questions::confirm_replace(model, path),
        Err(SaveError::Failed(why)) => model.toasts.push(why, ToastKind::Error, model.now),
    }
}

fn read(
    model: &mut Model,
    path: PathBuf,
    pane: EditorPane,
    result: Result<(String, Option<SystemTime>), String>,
    effects: &mut Vec<Effect>,
) {
    match result {
        Ok((text, at)) => {
            model.editor_mut(pane).set_text(&text);
            if pane == EditorPane::Schema {
                let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
                model.schema_name = stem;
                let revision = model.schema.revision();
                model.schema_file = Some(SchemaFile {
                    path,
                    seen: at,
                    revision,
                });
            }
            edited_by_hand(model, pane, effects);
        }
        Err(why) => model.toasts.push(why, ToastKind::Error, model.now),
    }
}

/// Looks whether the schema's file has changed, once a second.
pub fn look_at_file(model: &Model, effects: &mut Vec<Effect>) {
    if let Some(file) = &model.schema_file {
        effects.push(Effect::LookAtFile {
            path: file.path.clone(),
            seen: file.seen,
        });
    }
}

/// The schema's file was changed by somebody else: taken over, unless that would lose what was typed here.
fn file_changed(model: &mut Model, text: String, at: Option<SystemTime>, effects: &mut Vec<Effect>) {
    let own = model.schema.revision();
    let open = model.overlay.is_some();
    let Some(file) = &mut model.schema_file else { return };
    let untouched = file.revision == own;
    let same = text == model.schema.text();
    if !same && !untouched && open {
        // Not above what is open: the next look at the file finds it changed again.
        return;
    }
    file.seen = at;
    if same {
        file.revision = own;
    } else if untouched {
        overlays::take_file(model, &text, effects);
        model
            .toasts
            .push("the schema's file has changed: read again", ToastKind::Info, model.now);
    } else {
        questions::confirm_reload(model, text);
    }
}

fn edited(model: &mut Model, pane: EditorPane, result: Result<Option<String>, String>, effects: &mut Vec<Effect>) {
    match result {
        Ok(Some(text)) => {
            model.editor_mut(pane).set_text(&text);
            edited_by_hand(model, pane, effects);
        }
        Ok(None) => model.toasts.push("nothing was changed", ToastKind::Info, model.now),
        Err(why) => model.toasts.push(why, ToastKind::Error, model.now),
    }
}

/// A pane's text has changed.
pub fn edited_by_hand(model: &mut Model, pane: EditorPane, effects: &mut Vec<Effect>) {
    drafts::touched(model);
    if pane == EditorPane::Schema {
        check(model, effects);
    } else {
        plan_later(model);
    }
}
