//! What of the panes goes into the session, and when.
//!
//! Owns the difference between what is on screen and what was written.

use super::super::effect::Effect;
use super::super::model::Model;
use crate::event::{Draft, RunEvent, Stamped};

/// A draft is written so long after the last key.
const QUIET: u64 = 2_000;

/// Something in the panes has changed.
pub fn touched(model: &mut Model) {
    if model.replay.is_some() {
        // What is recorded is not drafted again.
        return;
    }
    model.sample = false;
    model.drafted.due = Some(model.now.saturating_add(QUIET));
}

/// Writes what has changed since the last draft, if anything was touched.
pub fn write(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.drafted.due.take().is_none() {
        return;
    }
    write_now(model, effects);
}

/// Writes what has changed since the last draft.
pub fn write_now(model: &mut Model, effects: &mut Vec<Effect>) {
    model.drafted.due = None;
    let rest = rest(model);
    let texts = [&model.schema, &model.input, &model.instructions];
    let revisions = texts.map(super::super::editor::Editor::revision);
    let before = model.drafted.revisions;
    let changed = |at: usize| before.is_none_or(|before| before.get(at) != revisions.get(at));
    let old = &model.drafted.rest;
    let draft = Draft {
        schema: changed(0).then(|| model.schema.text()),
        input: changed(1).then(|| model.input.text()),
        instructions: changed(2).then(|| model.instructions.text()),
        model: differs(rest.model.as_ref(), old.model.as_ref()),
        mode: differs(rest.mode.as_ref(), old.mode.as_ref()),
        provider: differs(rest.provider.as_ref(), old.provider.as_ref()),
    };
    model.drafted.revisions = Some(revisions);
    model.drafted.rest = rest;
    if draft != Draft::default() {
        let stamped = Stamped {
            at: model.now,
            event: RunEvent::Draft(draft),
        };
        model.record.apply(stamped.at, &stamped.event);
        effects.push(Effect::Journal(Box::new(stamped)));
    }
}

/// Everything of a draft but the texts.
fn rest(model: &Model) -> Draft {
    Draft {
        model: Some(model.options.model.clone()),
        mode: Some(model.options.mode.to_string()),
        provider: model.provider_info().map(|info| info.name.clone()),
        ..Draft::default()
    }
}

fn differs(new: Option<&String>, old: Option<&String>) -> Option<String> {
    new.filter(|_| new != old).cloned()
}
