//! Doing what an action says.
//!
//! Owns which pane an action concerns. What moving or searching means within a pane is the pane's.

use super::super::action::Action;
use super::super::effect::Effect;
use super::super::model::{EditorPane, Model, OutputTab, Pane, SchemaFile};
use super::super::toasts::ToastKind;
use super::{answers, copies, drafts, keys, opening, questions, replay, runs, search, sessions};
use crate::task::ModeChoice;

/// Does an action.
pub fn act(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    if let Some(why) = replay::refused(model, action) {
        return replay::tell_refused(model, why);
    }
    match action {
        Action::Run => runs::start(model, effects),
        Action::Cancel => {
            if !runs::cancel(model, effects) {
                quit(model, effects);
            }
        }
        Action::Quit => quit(model, effects),
        Action::Suspend => effects.push(Effect::Suspend),
        Action::NextPane => next_pane(model, true, effects),
        Action::PreviousPane => next_pane(model, false, effects),
        Action::PaneSchema => focus(model, Pane::Schema),
        Action::PaneInput => focus(model, Pane::Input),
        Action::PaneOutput => focus(model, Pane::Output),
        Action::Type => model.typing = model.editor_pane().is_some(),
        Action::Back => back(model, effects),
        Action::OpenEditor => open_editor(model, effects),
        Action::WriteSchema => write_schema(model, effects),
        Action::LoadFile => opening::open_load(model),
        Action::PickModel => opening::open_models(model, effects),
        Action::PickMode => opening::open_modes(model, effects),
        Action::PickProvider => effects.push(Effect::ListProviders),
        Action::NextMode => next_mode(model, effects),
        Action::NextTab => tab(model, 1),
        Action::PreviousTab => tab(model, OutputTab::ALL.len() - 1),
        Action::FullScreen => model.full = !model.full,
        Action::Search => search::open(model),
        Action::CopyValue | Action::CopyPointer | Action::CopyAll | Action::CopyCurl => {
            copies::copy(model, action, effects);
        }
        Action::Save => opening::open_save(model),
        Action::Sessions => sessions::open(model, effects),
        Action::PaneTimeline
        | Action::Play
        | Action::PreviousFrame
        | Action::NextFrame
        | Action::PreviousField
        | Action::NextField
        | Action::PreviousAttempt
        | Action::NextAttempt
        | Action::SeekBack
        | Action::SeekForward
        | Action::SeekTenth
        | Action::SeekStart
        | Action::SeekEnd
        | Action::Slower
        | Action::Faster
        | Action::NormalSpeed
        | Action::TakeDraft => replay::act(model, action, effects),
        Action::Help => opening::open_help(model),
        Action::Palette => opening::open_palette(model),
        Action::ToggleMouse => {
            model.mouse = !model.mouse;
            effects.push(Effect::Mouse(model.mouse));
            let words = if model.mouse {
                let how = keys::named(
                    model,
                    keys::contexts(model),
                    Action::ToggleMouse,
                    "gives it back to the terminal",
                );
                format!("the mouse scrolls and chooses panes{how}")
            } else {
                "the mouse is the terminal's again".to_owned()
            };
            model.toasts.push(words, ToastKind::Info, model.now);
        }
        Action::Undo
        | Action::Redo
        | Action::Up
        | Action::Down
        | Action::Left
        | Action::Right
        | Action::PageUp
        | Action::PageDown
        | Action::HalfUp
        | Action::HalfDown
        | Action::Top
        | Action::Bottom
        | Action::Open
        | Action::Fold
        | Action::FoldAll
        | Action::UnfoldAll
        | Action::Follow
        | Action::NextMatch
        | Action::PreviousMatch
        | Action::NextProblem
        | Action::PreviousProblem => {
            if move_in(model, model.focus, action)
                && let Some(pane) = model.editor_pane()
            {
                answers::edited_by_hand(model, pane, effects);
            }
        }
    }
}

/// Hands an action to a pane; whether its text has changed.
pub fn move_in(model: &mut Model, pane: Pane, action: Action) -> bool {
    let Some(layout) = model.layout() else { return false };
    let height = layout.inner(pane).height;
    match pane {
        Pane::Schema => model.schema.act(action, height),
        Pane::Input if model.shows_instructions => model.instructions.act(action, height),
        Pane::Input => model.input.act(action, height),
        Pane::Output => {
            let run = model.record.runs.last();
            match model.tab {
                OutputTab::Fields => {
                    model.fields.act(action, run, height);
                }
                OutputTab::Raw => {
                    model.raw.act(action, layout.inner(pane).as_size(), run);
                }
                OutputTab::Attempts => {
                    model.attempts.act(action, run, height);
                }
                OutputTab::Wire => {
                    model.wire.act(action, height);
                }
            }
            false
        }
    }
}

/// The item so many steps after another, round and round.
fn step<T: Copy + PartialEq>(all: &[T], from: T, steps: usize) -> T {
    let at = all.iter().position(|item| *item == from).unwrap_or_default();
    all.get((at + steps) % all.len().max(1)).copied().unwrap_or(from)
}

/// The next pane round and round, the timeline of a replay after the output.
fn next_pane(model: &mut Model, forward: bool, effects: &mut Vec<Effect>) {
    let (last, steps) = if forward { (Pane::Output, 1) } else { (Pane::Schema, 2) };
    if model.on_timeline() {
        focus(model, if forward { Pane::Schema } else { Pane::Output });
    } else if model.replay.is_some() && model.focus == last {
        replay::act(model, Action::PaneTimeline, effects);
    } else {
        focus(model, step(&Pane::ALL, model.focus, steps));
    }
}

fn focus(model: &mut Model, pane: Pane) {
    replay::unfocus(model);
    model.typing = false;
    model.full = false;
    model.focus = pane;
}

/// Goes to an editor.
pub fn focus_editor(model: &mut Model, pane: EditorPane) {
    focus(
        model,
        if pane == EditorPane::Schema {
            Pane::Schema
        } else {
            Pane::Input
        },
    );
    model.shows_instructions = pane == EditorPane::Instructions;
}

/// Leaves what is innermost. Nothing is ever lost by it.
fn back(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.typing {
        model.typing = false;
    } else if model.search.is_some() {
        search::search_for(model, None);
    } else if !model.toasts.dismiss() && !std::mem::take(&mut model.full) {
        replay::back(model, effects);
    }
}

/// Quits, after a question if what was typed would be lost.
fn quit(model: &mut Model, effects: &mut Vec<Effect>) {
    if replay::leave(model, effects) {
        return;
    }
    drafts::write(model, effects);
    if sessions::is_unsaved(model) {
        questions::confirm_quit(model);
    } else {
        effects.push(Effect::Quit);
    }
}

fn open_editor(model: &Model, effects: &mut Vec<Effect>) {
    if let Some(pane) = model.editor_pane() {
        let text = model.editor(pane).text();
        effects.push(Effect::Edit { pane, text });
    }
}

/// Writes the schema to the file that it came from, or asks for one.
fn write_schema(model: &mut Model, effects: &mut Vec<Effect>) {
    match &model.schema_file {
        Some(SchemaFile { path, .. }) => effects.push(Effect::SaveFile {
            path: path.clone(),
            text: model.schema.text(),
            replace: true,
            schema: true,
        }),
        None => opening::open_write(model),
    }
}

fn next_mode(model: &mut Model, effects: &mut Vec<Effect>) {
    set_mode(model, step(&ModeChoice::ALL, model.options.mode, 1), effects);
    let why = model
        .planned
        .plans
        .iter()
        .find(|(choice, _)| *choice == model.options.mode);
    if let Some((choice, steps)) = why
        && let Some(first) = steps.first()
    {
        let words = if *choice == ModeChoice::Only(first.mode) {
            format!("mode {choice}: {}", first.reason)
        } else {
            format!("mode {choice}: {}: {}", first.mode, first.reason)
        };
        model.toasts.push(words, ToastKind::Info, model.now);
    }
}

/// Takes another mode.
pub fn set_mode(model: &mut Model, mode: ModeChoice, effects: &mut Vec<Effect>) {
    model.options.mode = mode;
    drafts::touched(model);
    answers::plan(model, effects);
}

fn tab(model: &mut Model, steps: usize) {
    match model.focus {
        Pane::Input => model.shows_instructions = !model.shows_instructions,
        // The schema has no tabs: the output's are meant.
        Pane::Schema | Pane::Output => model.tab = step(&OutputTab::ALL, model.tab, steps),
    }
}
