//! The hint line: the five or six keys that matter most where one is.
//!
//! Owns which they are and how the line is drawn. The keys come from the keymap, so that the line is right for the user's own keys.

use super::action::{Action, Context};
use super::draw;
use super::keymap::{Key, Keymap, shown};
use super::styles::Look;
use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Where the focus is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The pane Schema.
    Schema,
    /// The pane Input.
    Input,
    /// The tab Fields.
    Fields,
    /// The tab Raw.
    Raw,
    /// The tab Attempts.
    Attempts,
    /// The tab Wire.
    Wire,
    /// The timeline of a replay.
    Timeline,
}

/// What decides about the hints.
#[derive(Clone, Copy, Debug)]
pub struct HintState<'a> {
    /// Where the focus is.
    pub place: Place,
    /// Whether a run is under way.
    pub running: bool,
    /// Whether a replay is on, in which nothing is run.
    pub replaying: bool,
    /// What has come of a sequence of keys.
    pub pending: &'a [KeyEvent],
}

/// A key, as it is shown, and the word for what it does.
pub type Hint = (String, &'static str);

/// An action and its word.
type Wanted = (Action, &'static str);

const SCHEMA: &[Wanted] = &[
    (Action::Type, "type"),
    (Action::OpenEditor, "$EDITOR"),
    (Action::WriteSchema, "write"),
    (Action::Run, "run"),
    (Action::PickModel, "model"),
    (Action::Help, "help"),
];

const INPUT: &[Wanted] = &[
    (Action::Type, "type"),
    (Action::OpenEditor, "$EDITOR"),
    (Action::LoadFile, "load"),
    (Action::Run, "run"),
    (Action::PickModel, "model"),
    (Action::Help, "help"),
];

const TYPING: &[Wanted] = &[
    (Action::Back, "leave"),
    (Action::Run, "run"),
    (Action::Undo, "undo"),
    (Action::OpenEditor, "$EDITOR"),
    (Action::Palette, "actions"),
    (Action::Help, "help"),
];

const FIELDS: &[Wanted] = &[
    (Action::Fold, "fold"),
    (Action::NextProblem, "problem"),
    (Action::CopyValue, "copy"),
    (Action::Run, "run"),
    (Action::NextTab, "tab"),
    (Action::Help, "help"),
];

const RAW: &[Wanted] = &[
    (Action::Search, "search"),
    (Action::Follow, "follow"),
    (Action::CopyAll, "copy"),
    (Action::Run, "run"),
    (Action::NextTab, "tab"),
    (Action::Help, "help"),
];

const ATTEMPTS: &[Wanted] = &[
    (Action::Open, "open"),
    (Action::NextProblem, "problem"),
    (Action::CopyCurl, "curl"),
    (Action::Run, "run"),
    (Action::NextTab, "tab"),
    (Action::Help, "help"),
];

const WIRE: &[Wanted] = &[
    (Action::Search, "search"),
    (Action::CopyCurl, "curl"),
    (Action::Save, "save"),
    (Action::Run, "run"),
    (Action::NextTab, "tab"),
    (Action::Help, "help"),
];

const TIMELINE: &[Wanted] = &[
    (Action::Play, "play/pause"),
    (Action::PreviousFrame, "back"),
    (Action::NextFrame, "on"),
    (Action::NextField, "field"),
    (Action::Faster, "faster"),
    (Action::TakeDraft, "draft"),
    (Action::NextPane, "panes"),
    (Action::Quit, "leave"),
    (Action::Help, "help"),
];

/// The hints for a place, the most useful first. `contexts` are those that keys are looked up in; an action without a key in them
/// is left out. After the first key of a sequence they are the keys that may follow.
pub fn hints(keymap: &Keymap, contexts: &[Context], state: HintState<'_>) -> Vec<Hint> {
    if !state.pending.is_empty() {
        let next = keymap.followers(contexts, state.pending).into_iter();
        return next
            .filter_map(|(key, action)| Some((key, action.row()?.name)))
            .collect();
    }
    let place = if contexts.contains(&Context::Typing) {
        TYPING
    } else {
        match state.place {
            Place::Schema => SCHEMA,
            Place::Input => INPUT,
            Place::Fields => FIELDS,
            Place::Raw => RAW,
            Place::Attempts => ATTEMPTS,
            Place::Wire => WIRE,
            Place::Timeline => TIMELINE,
        }
    };
    // One run at a time: while it is under way the key that ends it stands where the eye looks first.
    let cancel = state.running.then_some((Action::Cancel, "cancel"));
    let rest = place
        .iter()
        .copied()
        .filter(|(action, _)| !state.running || *action != Action::Run)
        .map(|wanted| if state.replaying { replayed(wanted) } else { wanted });
    cancel
        .into_iter()
        .chain(rest)
        .filter_map(|(action, word)| Some((keymap.key_for(action, contexts)?, word)))
        .collect()
}

/// What stands in a replay where a run or a model would be chosen.
const fn replayed(wanted: Wanted) -> Wanted {
    match wanted.0 {
        Action::Run => (Action::TakeDraft, "draft"),
        Action::PickModel => (Action::PaneTimeline, "timeline"),
        _ => wanted,
    }
}

/// Columns between one hint and the next.
const GAP: u16 = 2;

/// Draws the line: what has come of a sequence, then the hints, as many from the left as fit whole.
pub fn view(buf: &mut Buffer, area: Rect, look: &Look, hints: &[Hint], pending: &[KeyEvent]) {
    let line = Rect {
        height: area.height.min(1),
        ..area
    };
    draw::paint_row(buf, line, 0, look.styles.hint);
    let mut used = 0;
    if !pending.is_empty() {
        let keys: Vec<Key> = pending.iter().copied().map(Key::from).collect();
        let begun = format!("{} {}", shown(&keys), look.glyphs.ellipsis);
        used = draw::pieces(buf, line, 0, [(begun.as_str(), look.styles.hint_key)]) + GAP;
    }
    for (key, word) in hints {
        let wide = columns(key) + 1 + columns(word);
        if used + wide > line.width {
            return;
        }
        let rest = Rect {
            x: line.x + used,
            width: line.width - used,
            ..line
        };
        let pieces = [
            (key.as_str(), look.styles.hint_key),
            (" ", look.styles.hint),
            (word, look.styles.hint),
        ];
        used += draw::pieces(buf, rest, 0, pieces) + GAP;
    }
}

fn columns(text: &str) -> u16 {
    u16::try_from(unicode_width::UnicodeWidthStr::width(text)).unwrap_or(u16::MAX / 4)
}

#[cfg(test)]
mod tests;
