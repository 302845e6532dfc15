//! From keys, pastes and the mouse to what they mean here.
//!
//! Owns who gets a key first: an overlay, the keymap of the place, the editor that is typed into.

use super::super::action::{Action, Context};
use super::super::effect::Effect;
use super::super::keymap::Press;
use super::super::model::{Model, OutputTab, Pane};
use super::{actions, answers, overlays, replay};
use crossterm::event::{KeyCode, KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

/// Lines that a turn of the wheel scrolls.
const WHEEL: u16 = 3;

/// The contexts that keys are looked up in, the most particular first.
pub fn contexts(model: &Model) -> &'static [Context] {
    match (model.typing, model.focus) {
        (true, _) => Context::TYPING,
        (false, _) if model.on_timeline() => Context::TIMELINE,
        (false, Pane::Schema | Pane::Input) => Context::EDITOR,
        (false, Pane::Output) => Context::OUTPUT,
    }
}

/// What the first key of an action in these contexts does, as the end of a sentence: `: Ctrl-C cancels it`. Nothing without a key.
pub fn named(model: &Model, contexts: &[Context], action: Action, does: &str) -> String {
    let key = model.keymap.key_for(action, contexts);
    key.map(|key| format!(": {key} {does}")).unwrap_or_default()
}

/// A key was pressed.
pub fn key(model: &mut Model, key: KeyEvent, effects: &mut Vec<Effect>) {
    if model.overlay.is_some() {
        return overlays::key(model, key, effects);
    }
    let mut pending = std::mem::take(&mut model.pending);
    let press = model.keymap.press(contexts(model), &mut pending, key);
    model.pending = pending;
    match press {
        Press::Action(Action::SeekTenth) if digit(key).is_some() => {
            replay::seek_tenth(model, digit(key).unwrap_or_default(), effects);
        }
        Press::Action(action) => actions::act(model, action, effects),
        Press::Pending => {}
        Press::Unbound => typed(model, key, effects),
    }
}

/// The digit that a key types.
fn digit(key: KeyEvent) -> Option<u8> {
    let KeyCode::Char(c) = key.code else { return None };
    c.to_digit(10).and_then(|digit| u8::try_from(digit).ok())
}

fn typed(model: &mut Model, key: KeyEvent, effects: &mut Vec<Effect>) {
    if let Some(pane) = model.editor_pane().filter(|_| model.typing)
        && model.editor_mut(pane).key(key)
    {
        answers::edited_by_hand(model, pane, effects);
    }
}

/// A text was pasted: into the overlay, or into the pane with the focus, typing or not; nothing in it is a command.
pub fn paste(model: &mut Model, text: &str, effects: &mut Vec<Effect>) {
    model.pending.clear();
    if model.overlay.is_some() {
        overlays::paste(model, text, effects);
    } else if let Some(pane) = model.editor_pane() {
        if let Some(why) = replay::refused(model, Action::Type) {
            return replay::tell_refused(model, why);
        }
        model.editor_mut(pane).paste(text);
        answers::edited_by_hand(model, pane, effects);
    } else {
        let words = "nothing was pasted: go to the schema (1) or the input (2) first";
        model
            .toasts
            .push(words, super::super::toasts::ToastKind::Info, model.now);
    }
}

/// The mouse: the wheel scrolls what is under it, a click takes the focus there. Over an overlay only the wheel counts.
pub fn mouse(model: &mut Model, mouse: MouseEvent, effects: &mut Vec<Effect>) -> bool {
    if model.overlay.is_some() {
        return wheel_above(model, mouse.kind, effects);
    }
    let Some(layout) = model.layout() else { return false };
    let place = Position::new(mouse.column, mouse.row);
    let Some(pane) = layout.at(place) else { return false };
    let action = match mouse.kind {
        MouseEventKind::ScrollUp => Action::Up,
        MouseEventKind::ScrollDown => Action::Down,
        MouseEventKind::Down(MouseButton::Left) => {
            model.pending.clear();
            model.typing &= model.focus == pane;
            model.focus = pane;
            replay::unfocus(model);
            let inner = layout.inner(pane);
            if inner.contains(place) {
                click(model, pane, place.x - inner.x, place.y - inner.y);
            }
            return true;
        }
        _ => return false,
    };
    for _ in 0..WHEEL {
        actions::move_in(model, pane, action);
    }
    true
}

/// A click inside of the pane that has the focus, at a column and a row of its inside: it puts the cursor there.
fn click(model: &mut Model, pane: Pane, column: u16, row: u16) {
    if let Some(editor) = model.editor_pane() {
        model.editor_mut(editor).click(column, row);
    } else if pane == Pane::Output && model.tab == OutputTab::Fields {
        model.fields.click(row, model.record.runs.last());
    }
}

/// The wheel over an overlay: as the arrow keys, but not in a line that is typed, where they mean nothing.
fn wheel_above(model: &mut Model, kind: MouseEventKind, effects: &mut Vec<Effect>) -> bool {
    let code = match kind {
        MouseEventKind::ScrollUp => KeyCode::Up,
        MouseEventKind::ScrollDown => KeyCode::Down,
        _ => return false,
    };
    for _ in 0..WHEEL {
        overlays::key(model, KeyEvent::from(code), effects);
    }
    true
}
