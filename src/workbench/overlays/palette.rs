//! Every action with its keys, to be searched.
//!
//! Owns the list. The actions are `action`'s, the keys the keymap's, and whether an action can be done now the caller's.

use super::Response;
use super::form::{Form, view_details, widest};
use super::frame::{Frame, Hint};
use super::picker::{Picker, Row};
use crate::workbench::action::{ACTIONS, Action};
use crate::workbench::draw::put;
use crate::workbench::styles::Look;
use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The columns inside the box where there is room.
const WIDTH: u16 = 110;

/// Below this width of a row the description is said below the list only.
const NARROW: u16 = 60;

const HINTS: [Hint<'_>; 2] = [("Enter", "do it"), ("Esc", "close")];

/// One action.
#[derive(Clone, Debug)]
struct Entry {
    action: Action,
    name: &'static str,
    description: &'static str,
    keys: String,
    /// Why it cannot be done now.
    blocked: Option<&'static str>,
}

/// The palette.
#[derive(Clone, Debug)]
pub struct Palette {
    entries: Vec<Entry>,
    picker: Picker,
    /// The columns of the names, and of the keys.
    name: u16,
    keys: u16,
}

impl Palette {
    /// The actions that are `offered`: `keys` says how one is called up, `blocked` why it cannot be done now.
    pub fn new(
        offered: &dyn Fn(Action) -> bool,
        keys: &dyn Fn(Action) -> String,
        blocked: &dyn Fn(Action) -> Option<&'static str>,
    ) -> Self {
        let entries: Vec<Entry> = ACTIONS
            .iter()
            .filter(|row| offered(row.action))
            .map(|row| Entry {
                action: row.action,
                name: row.name,
                description: row.description,
                keys: keys(row.action),
                blocked: blocked(row.action),
            })
            .collect();
        let name = widest(entries.iter().map(|entry| entry.name), "");
        let wide = usize::from(name);
        let label = |entry: &Entry| format!("{:wide$}  {}", entry.name, entry.description);
        Self {
            picker: Picker::new(entries.iter().map(label)),
            keys: widest(entries.iter().map(|entry| entry.keys.as_str()), ""),
            name,
            entries,
        }
    }

    /// Takes a key; typing narrows the list. What cannot be done is not chosen.
    pub fn key(&mut self, key: KeyEvent, area: Rect) -> Response<Action> {
        let places = self.form().places(area);
        let chosen = |at| {
            let entry: &Entry = self.entries.get(at)?;
            entry.blocked.is_none().then_some(entry.action)
        };
        self.picker.choose(&key, places.list.height, chosen)
    }

    /// Pastes into the query.
    pub fn paste(&mut self, text: &str) {
        self.picker.narrow(text);
    }

    /// Draws it in the middle of `area`.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look) -> Option<Position> {
        let places = self.form().places(area);
        let frame = Frame {
            title: "Actions",
            notes: &[],
            hints: &HINTS,
        };
        let position = self.picker.view_frame(buf, &places, look, &frame);
        self.picker.view_rows(buf, &places, look, |buf, area, row| match row {
            Row::Entry(at) => Some(self.row(buf, area, look, at, self.entries.get(at)?)),
            Row::Heading(_) | Row::Typed => None,
        });
        self.details(buf, places.details, look);
        position
    }

    fn row(&self, buf: &mut Buffer, area: Rect, look: &Look, at: usize, entry: &Entry) -> Rect {
        let wide = area.width >= NARROW;
        let style = if entry.blocked.is_some() {
            look.styles.dim
        } else {
            look.styles.text
        };
        let beside = area.width.saturating_sub(self.name + 2);
        let keys = if wide { self.keys.min(area.width / 3) } else { beside };
        let label = Rect {
            width: area.width.saturating_sub(keys + 2),
            ..area
        };
        let text = if wide { self.picker.label(at) } else { entry.name };
        put(buf, label.x, label.y, label.width, text, style);
        // Why it cannot be done is said below, where there is room for it.
        let key = if entry.blocked.is_some() {
            look.styles.dim
        } else {
            look.styles.hint_key
        };
        if keys > 0 {
            put(buf, label.right() + 2, area.y, keys, &entry.keys, key);
        }
        label
    }

    /// What is said of the action under the cursor.
    fn details(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        let Some(Row::Entry(at)) = self.picker.current() else {
            view_details(
                buf,
                area,
                [("no action fits: fewer letters find more", look.styles.dim)],
            );
            return;
        };
        let Some(entry) = self.entries.get(at) else {
            return;
        };
        let blocked = entry.blocked.map(|reason| format!("not now: {reason}"));
        let reason = blocked.as_deref().map(|reason| (reason, look.styles.warning));
        view_details(
            buf,
            area,
            [(entry.description, look.styles.text)].into_iter().chain(reason),
        );
    }

    fn form(&self) -> Form {
        Form {
            width: WIDTH,
            rows: self.entries.len(),
            header: false,
            details: 2,
        }
    }
}
