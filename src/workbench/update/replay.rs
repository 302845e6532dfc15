//! What happens in a replay: time passes, keys move it, another schema is tried, it is left.
//!
//! Owns bringing the record and the panes to where the player stands. Events that time brings go the way that live ones go.

use super::super::action::{Action, Context};
use super::super::effect::{Destination, Effect, Rejudged};
use super::super::model::{EditorPane, Model, Pane, ProviderState};
use super::super::replay::{Behind, Recorded, Replay, same_place};
use super::super::toasts::ToastKind;
use super::{answers, keys, questions, runs};
use crate::session::player::Unit;
use crate::task::Task;
use std::sync::Arc;

/// The arrow keys go so far, in milliseconds of playing time.
const SEEK: i64 = 1_000;

/// While it plays, the time on screen moves at least so often, in milliseconds.
const MOVES: u64 = 100;

/// More events than these are not gone through one by one.
const MANY: usize = 4_096;

/// Why what is recorded is not changed, run again or asked for elsewhere.
const RECORDED: &str = "a replay stays as recorded";

/// Why the timeline's keys do nothing without one.
const NO_REPLAY: &str = "only in a replay";

/// Makes an empty workbench one that replays a session. Returns what is to be done.
pub fn begin_replay(model: &mut Model, recorded: Recorded, behind: Behind) -> Vec<Effect> {
    let mut effects = Vec::new();
    let (tried, place) = (recorded.schema.clone(), recorded.position);
    let mut replay = Replay::new(recorded, behind);
    replay.player.seek(place.unwrap_or_else(|| replay.opening()), model.now);
    model.provider = ProviderState::Unusable("a replay asks nobody".to_owned());
    model.focus = Pane::Output;
    model.replay = Some(Box::new(replay));
    arrive(model, 0, &mut effects);
    if let Some(schema) = tried {
        model.schema.set_text(&schema);
    }
    super::sync(model);
    effects
}

/// Why an action can do nothing while a replay is on.
pub fn refused(model: &Model, action: Action) -> Option<&'static str> {
    let input = matches!(model.editor_pane(), Some(EditorPane::Input | EditorPane::Instructions));
    match action {
        _ if model.replay.is_none() => is_of_replays(action).then_some(NO_REPLAY),
        Action::Run | Action::PickModel | Action::NextMode | Action::PickMode | Action::PickProvider => Some(RECORDED),
        Action::Type | Action::OpenEditor | Action::LoadFile if input => Some(RECORDED),
        _ => None,
    }
}

/// Whether an action means nothing but in a replay.
pub fn is_of_replays(action: Action) -> bool {
    action == Action::PaneTimeline || action.is_of(&[Context::Timeline])
}

/// Says why something is refused, and which key goes on from there.
pub fn tell_refused(model: &mut Model, why: &'static str) {
    let how = match why {
        NO_REPLAY => keys::named(model, keys::contexts(model), Action::Sessions, "lists the sessions"),
        _ => keys::named(
            model,
            Context::TIMELINE,
            Action::TakeDraft,
            "on the timeline makes a draft of it that can be changed and run",
        ),
    };
    model.toasts.push(format!("{why}{how}"), ToastKind::Info, model.now);
}

/// Does what a key of the timeline says.
pub fn act(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    let now = model.now;
    let Some(replay) = &mut model.replay else { return };
    let before = replay.player.position();
    let player = &mut replay.player;
    match action {
        Action::PaneTimeline => {
            replay.focused = true;
            model.full = false;
            model.typing = false;
            model.focus = Pane::Output;
        }
        Action::Play => player.toggle(now),
        Action::PreviousFrame => player.step(Unit::Frame, false, now),
        Action::NextFrame => player.step(Unit::Frame, true, now),
        Action::PreviousField => player.step(Unit::Field, false, now),
        Action::NextField => player.step(Unit::Field, true, now),
        Action::PreviousAttempt => player.step(Unit::Attempt, false, now),
        Action::NextAttempt => player.step(Unit::Attempt, true, now),
        Action::SeekBack => player.seek_by(-SEEK, now),
        Action::SeekForward => player.seek_by(SEEK, now),
        Action::SeekStart => player.seek(0, now),
        Action::SeekEnd => player.seek(usize::MAX, now),
        Action::Slower => player.slower(now),
        Action::Faster => player.faster(now),
        Action::NormalSpeed => player.normal(now),
        Action::TakeDraft => return take_draft(model, effects),
        // Without the key that was pressed nothing says which.
        Action::SeekTenth => model.toasts.push("press a digit: 0 to 9", ToastKind::Info, now),
        _ => {}
    }
    arrive(model, before, effects);
}

/// Goes to a tenth of the whole.
pub fn seek_tenth(model: &mut Model, tenth: u8, effects: &mut Vec<Effect>) {
    let now = model.now;
    let Some(replay) = &mut model.replay else { return };
    let before = replay.player.position();
    replay.player.seek_tenth(tenth, now);
    arrive(model, before, effects);
}

/// When something of a replay changes by itself: an event is due, or the time on screen moves.
pub fn due(model: &Model, now: u64) -> Option<u64> {
    let replay = model.replay.as_ref()?;
    let next = replay.player.due(now)?;
    Some(next.min(now.saturating_add(MOVES)))
}

/// Time has passed: what has become due happens. Returns whether it plays.
pub fn passed(model: &mut Model, effects: &mut Vec<Effect>) -> bool {
    let now = model.now;
    let Some(replay) = &mut model.replay else { return false };
    if !replay.player.is_playing() {
        return false;
    }
    let before = replay.player.position();
    let after = replay.player.advance(now);
    if after.saturating_sub(before) > MANY {
        arrive(model, before, effects);
        return true;
    }
    let history = Arc::clone(replay.player.history());
    for at in before..after {
        runs::happen(model, history.tape().at(at), &history.tape().event(at));
    }
    show_texts(model, effects);
    true
}

/// The player stands elsewhere than at `before`: the record and the panes follow.
fn arrive(model: &mut Model, before: usize, effects: &mut Vec<Effect>) {
    let Some(replay) = &model.replay else { return };
    let (history, after) = (Arc::clone(replay.player.history()), replay.player.position());
    if after != before {
        history.seek(&mut model.record, before, after);
        model.fields.reset();
    }
    show_texts(model, effects);
}

/// Puts the texts of the run that is shown into the panes; before the first run those that it will have, and where there is none the
/// draft's.
fn show_texts(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(replay) = &mut model.replay else { return };
    let run = model
        .record
        .runs
        .last()
        .map(|run| (Arc::clone(&run.task), run.provider.clone()));
    let known = run.or_else(|| replay.first_task());
    let drafted = if known.is_some() { 0 } else { replay.player.position() };
    let texts = Some((model.record.runs.len(), drafted));
    if replay.texts == texts {
        return;
    }
    let (mut task, provider) = match known {
        Some((task, provider)) => (task.as_ref().clone(), Some(provider)),
        None => drafted_task(model),
    };
    let Some(replay) = &mut model.replay else { return };
    // Before the recorded text becomes another run's.
    let edited = replay.is_edited(&model.schema);
    if replay.what_if.differences.is_some() {
        // The record has the schema that is tried; what was recorded is asked of the recording.
        if let Some(schema) = recorded_schema(replay, model.record.runs.len()) {
            task.schema = schema;
        }
    }
    replay.texts = texts;
    replay.provider = provider;
    replay.schema.clone_from(&task.schema);
    model.schema_name.clone_from(&task.schema_name);
    load(model, EditorPane::Input, &task.input);
    load(
        model,
        EditorPane::Instructions,
        task.instructions.as_deref().unwrap_or_default(),
    );
    if edited {
        // What is typed stays, and is now compared with another text.
        schema_checked(model, effects);
    } else if load(model, EditorPane::Schema, &task.schema) || model.check.known.is_none() {
        answers::check(model, effects);
    }
    model.options = Task {
        schema: String::new(),
        input: String::new(),
        instructions: None,
        ..task
    };
}

/// The recorded schema of the run with this number, from 1; of the first for 0.
fn recorded_schema(replay: &Replay, number: usize) -> Option<String> {
    let tape = replay.recorded.tape();
    let mut schemas = (0..tape.len()).filter_map(|at| match tape.event(at).as_ref() {
        crate::event::RunEvent::Started { task, .. } => Some(task.schema.clone()),
        _ => None,
    });
    schemas.nth(number.saturating_sub(1))
}

/// A session without runs: what was drafted so far.
fn drafted_task(model: &Model) -> (Task, Option<String>) {
    let draft = &model.record.draft;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let task = Task {
        schema: text(&draft.schema),
        input: text(&draft.input),
        instructions: draft.instructions.clone(),
        model: text(&draft.model),
        mode: draft
            .mode
            .as_deref()
            .and_then(|mode| mode.parse().ok())
            .unwrap_or_default(),
        ..Task::default()
    };
    (task, draft.provider.clone())
}

/// Loads a text into an editor, unless it is there; whether it was not.
fn load(model: &mut Model, pane: EditorPane, text: &str) -> bool {
    let editor = model.editor_mut(pane);
    let other = editor.text() != text;
    if other {
        editor.load(text);
    }
    other
}

/// The schema's text has been looked at, and is a schema: the recording is judged under it, unless it is its own.
pub fn schema_checked(model: &mut Model, effects: &mut Vec<Effect>) {
    let (revision, now) = (model.schema.revision(), model.now);
    let Some(schema) = model.current_schema().cloned() else {
        return;
    };
    let Some(replay) = &mut model.replay else { return };
    if !replay.is_edited(&model.schema) {
        if let Some(record) = replay.take_off(now) {
            model.record = record;
            rejudged_panes(model);
        }
        return;
    }
    if replay.what_if.asked.is_some() {
        // The answer under way finds the text changed and asks again.
        return;
    }
    replay.what_if.asked = Some(revision);
    effects.push(Effect::Rejudge {
        revision,
        history: Arc::clone(&replay.recorded),
        position: same_place(
            replay.player.history().tape(),
            replay.player.position(),
            replay.recorded.tape(),
        ),
        schema,
    });
}

/// The recording has been judged under another schema.
pub fn rejudged(model: &mut Model, revision: u64, rejudged: Rejudged, effects: &mut Vec<Effect>) {
    let (newest, now) = (model.schema.revision(), model.now);
    let Some(replay) = &mut model.replay else { return };
    replay.what_if.asked = None;
    if revision != newest {
        // What is no schema now is judged when it is one again.
        return schema_checked(model, effects);
    }
    let shown = std::mem::take(&mut model.record);
    model.record = replay.try_on(rejudged, shown, now);
    rejudged_panes(model);
}

fn rejudged_panes(model: &mut Model) {
    let differences = model
        .replay
        .as_ref()
        .and_then(|replay| replay.what_if.differences.clone());
    model.fields.reset();
    model.attempts.rejudged(differences);
}

/// Makes the replayed moment a draft of its own. What waits behind the replay and is in no session is asked for first.
pub fn take_draft(model: &mut Model, effects: &mut Vec<Effect>) {
    match model.replay.as_ref().map(|replay| replay.behind) {
        None => {}
        Some(Behind::Workbench { unsaved: true }) => questions::confirm_draft(model),
        Some(Behind::Workbench { unsaved: false } | Behind::Shell) => go_to_draft(model, effects),
    }
}

/// The same without a question.
pub fn go_to_draft(model: &Model, effects: &mut Vec<Effect>) {
    if let Some(replay) = &model.replay {
        let task = Box::new(model.task());
        effects.push(Effect::GoTo(Destination::Draft(task, replay.provider.clone())));
    }
}

/// Leaves a replay, after a question if a schema was typed that is nowhere else. `true` when there was one to leave.
pub fn leave(model: &mut Model, effects: &mut Vec<Effect>) -> bool {
    let Some(replay) = &model.replay else { return false };
    if replay.is_edited(&model.schema) {
        questions::confirm_leave(model);
    } else {
        go_back(model, effects);
    }
    true
}

/// The same without a question.
pub fn go_back(model: &Model, effects: &mut Vec<Effect>) {
    let behind = model.replay.as_ref().map(|replay| replay.behind);
    effects.push(match behind {
        Some(Behind::Workbench { .. }) => Effect::GoTo(Destination::Back),
        Some(Behind::Shell) | None => Effect::Quit,
    });
}

/// Esc, when nothing is open any more: to the timeline, and from there back to a workbench that waits. A typed schema is not lost by it.
pub fn back(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(replay) = &mut model.replay else { return };
    if !replay.focused {
        replay.focused = true;
        model.focus = Pane::Output;
    } else if replay.behind == Behind::Shell {
        let how = keys::named(model, Context::TIMELINE, Action::Quit, "leaves the replay");
        let words = format!("there is nothing to go back to{how}");
        model.toasts.push(words, ToastKind::Info, model.now);
    } else if replay.is_edited(&model.schema) {
        let how = keys::named(model, Context::TIMELINE, Action::TakeDraft, "takes it along");
        let words = format!("the schema that you have typed would be lost{how}");
        model.toasts.push(words, ToastKind::Info, model.now);
    } else {
        go_back(model, effects);
    }
}

/// Another place has the focus.
pub fn unfocus(model: &mut Model) {
    if let Some(replay) = &mut model.replay {
        replay.focused = false;
    }
}
