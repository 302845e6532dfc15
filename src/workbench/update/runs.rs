//! Starting, cancelling and taking in runs.
//!
//! Owns the one point where a run's events enter: each is stamped, added to the record and handed to the journal. Those of a replay
//! take the same way without the journal.

use super::super::action::{Action, Context};
use super::super::effect::Effect;
use super::super::model::{EditorPane, Model, OutputTab, Pane, ProviderState, Running};
use super::super::toasts::ToastKind;
use super::{actions, drafts, keys};
use crate::event::{RunEvent, Stamped};
use crate::verdict::Outcome;
use std::sync::Arc;

/// Takes in an event of the worker.
pub fn take(model: &mut Model, event: RunEvent, effects: &mut Vec<Effect>) {
    let stamped = Stamped { at: model.now, event };
    happen(model, stamped.at, &stamped.event);
    effects.push(Effect::Journal(Box::new(stamped)));
}

/// An event happens, now or again: it is added to the record, and what it means for the screen is done.
pub fn happen(model: &mut Model, at: u64, event: &RunEvent) {
    model.record.apply(at, event);
    match event {
        RunEvent::Ended {
            run, outcome, reason, ..
        } => {
            if model.running.is_some_and(|running| running.run == *run) {
                model.running = None;
            }
            tell_end(model, *outcome, reason.clone());
        }
        RunEvent::Started { .. } => {
            model.fields.reset();
        }
        _ => {}
    }
}

/// How a run ended is in the status line; what went wrong is said where the eyes are.
fn tell_end(model: &mut Model, outcome: Outcome, reason: String) {
    let elsewhere = model
        .layout()
        .is_none_or(|layout| layout.inner(Pane::Output).is_empty());
    // The tab Fields says it, too, and for longer.
    let told = !elsewhere && model.tab == OutputTab::Fields;
    match outcome {
        Outcome::Failed | Outcome::Refused | Outcome::Invalid if told => {}
        Outcome::Failed | Outcome::Refused => model.toasts.push(reason, ToastKind::Error, model.now),
        Outcome::Invalid => model.toasts.push(reason, ToastKind::Warning, model.now),
        Outcome::Valid if elsewhere => model.toasts.push("the run is over: valid", ToastKind::Info, model.now),
        Outcome::Valid | Outcome::Cancelled => {}
    }
}

/// Starts a run, or says why not and goes where it can be mended.
pub fn start(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.running.is_some() {
        let how = keys::named(model, keys::contexts(model), Action::Cancel, "cancels it");
        return model
            .toasts
            .push(format!("a run is under way{how}"), ToastKind::Info, model.now);
    }
    if let Err((words, place)) = ready(model) {
        if let Some(place) = place {
            actions::focus_editor(model, place);
        }
        return model.toasts.push(words, ToastKind::Warning, model.now);
    }
    if model.options.model.is_empty() {
        return super::opening::open_models(model, effects);
    }
    let Some(schema) = model.current_schema().cloned() else {
        // The check of the newest text is under way: it starts the run when it is over.
        model.check.then_run = true;
        return;
    };
    drafts::write_now(model, effects);
    let run = model.record.runs.iter().map(|run| run.id).max().unwrap_or_default() + 1;
    model.running = Some(Running { run, cancelled: false });
    super::search::end_search(model);
    model.recent.retain(|id| *id != model.options.model);
    model.recent.insert(0, model.options.model.clone());
    show_output(model);
    effects.push(Effect::Start {
        run,
        task: Arc::new(model.task()),
        schema,
    });
}

/// What is missing for a run, and where.
fn ready(model: &Model) -> Result<(), (String, Option<EditorPane>)> {
    match &model.provider {
        ProviderState::Ready(_) => {}
        ProviderState::Opening(name) => return Err((format!("{name} is being opened"), None)),
        ProviderState::Unusable(why) => return Err((why.clone(), None)),
    }
    if model.schema.text().trim().is_empty() {
        let how = keys::named(
            model,
            Context::EDITOR,
            Action::Type,
            "lets you type one, such as name, age int",
        );
        return Err((format!("no schema yet{how}"), Some(EditorPane::Schema)));
    }
    if model.check.known == Some(model.schema.revision())
        && let Some(error) = &model.check.error
    {
        return Err((format!("the schema is not ready: {error}"), Some(EditorPane::Schema)));
    }
    if model.input.text().trim().is_empty() {
        let how = keys::named(model, Context::EDITOR, Action::Type, "lets you type, or paste a text");
        return Err((format!("no input yet{how}"), Some(EditorPane::Input)));
    }
    Ok(())
}

/// The run is to be seen: where panes are stacked the output gets the room.
fn show_output(model: &mut Model) {
    let hidden = model
        .layout()
        .is_some_and(|layout| layout.inner(Pane::Output).height < 3);
    if hidden {
        model.typing = false;
        model.focus = Pane::Output;
    }
    if model.tab == OutputTab::Wire {
        model.tab = OutputTab::Fields;
    }
}

/// Cancels the run under way; whether there was one that had not been told.
pub fn cancel(model: &mut Model, effects: &mut Vec<Effect>) -> bool {
    if std::mem::take(&mut model.check.then_run) {
        // The run that was about to start does not.
        return true;
    }
    match &mut model.running {
        Some(running) if !running.cancelled => {
            running.cancelled = true;
            effects.push(Effect::CancelRun(running.run));
            true
        }
        Some(_) | None => false,
    }
}
