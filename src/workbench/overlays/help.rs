//! What the keys do, group by group, to be scrolled.
//!
//! Owns the scroll position. Which groups there are, and in which order, belongs to the keymap.

use super::Response;
use super::form::widest;
use super::frame::{Frame, Hint, inside, place, wrapped};
use crate::workbench::draw::put;
use crate::workbench::styles::Look;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::convert::Infallible;

/// The columns inside the box where there is room.
const WIDTH: u16 = 76;

/// The most lines of a description.
const LINES: u16 = 4;

const HINTS: [Hint<'_>; 2] = [("Esc", "close"), ("Up Down", "scroll")];

/// Keys that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpGroup {
    /// What they have in common.
    pub title: String,
    /// Keys, and what they do.
    pub entries: Vec<(String, String)>,
}

/// The help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    groups: Vec<HelpGroup>,
    top: usize,
}

/// One line on screen.
enum Line<'a> {
    Empty,
    Title(&'a str),
    /// A line of the keys and one of their description.
    Entry(String, String),
}

impl Help {
    /// Help with the groups in this order.
    pub const fn new(groups: Vec<HelpGroup>) -> Self {
        Self { groups, top: 0 }
    }

    /// Scrolls, or closes at Esc, `q`, `?` and F1.
    pub fn key(&mut self, key: KeyEvent, area: Rect) -> Response<Infallible> {
        if key.kind == KeyEventKind::Release {
            return Response::Stay;
        }
        let inner = inside(self.outer(area));
        let height = usize::from(inner.height).max(1);
        let last = self.last(inner);
        let top = self.top.min(last);
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        self.top = match key.code {
            KeyCode::Esc | KeyCode::Char('q' | '?') | KeyCode::F(1) => return Response::Close,
            KeyCode::Char('d') if ctrl => top + height / 2,
            KeyCode::Char('u') if ctrl => top.saturating_sub(height / 2),
            KeyCode::Char('n') if ctrl => top + 1,
            KeyCode::Char('p') if ctrl => top.saturating_sub(1),
            KeyCode::Up | KeyCode::Char('k') => top.saturating_sub(1),
            KeyCode::Down | KeyCode::Char('j') => top + 1,
            KeyCode::PageUp => top.saturating_sub(height),
            KeyCode::PageDown | KeyCode::Char(' ') => top + height,
            KeyCode::Home | KeyCode::Char('g') => 0,
            KeyCode::End | KeyCode::Char('G') => last,
            _ => top,
        }
        .min(last);
        Response::Stay
    }

    /// Draws it in the middle of `area`.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        let outer = self.outer(area);
        let inner = inside(outer);
        let lines = self.lines(inner.width);
        let height = usize::from(inner.height);
        let last = lines.len().saturating_sub(height);
        let top = self.top.min(last);
        let note = if last > 0 {
            format!("{} to {} of {}", top + 1, (top + height).min(lines.len()), lines.len())
        } else {
            String::new()
        };
        let frame = Frame {
            title: "Keys",
            notes: &[&note],
            hints: &HINTS,
        };
        frame.view(buf, outer, look);
        let keys = self.keys(inner.width);
        for (line, row) in lines.iter().skip(top).zip(0..inner.height) {
            let y = inner.y + row;
            match line {
                Line::Empty => {}
                Line::Title(title) => {
                    put(buf, inner.x, y, inner.width, title, look.styles.strong);
                }
                Line::Entry(chord, words) => {
                    put(buf, inner.x, y, keys, chord, look.styles.hint_key);
                    let x = inner.x + keys + 2;
                    put(buf, x, y, inner.width.saturating_sub(keys + 2), words, look.styles.text);
                }
            }
        }
    }

    fn outer(&self, area: Rect) -> Rect {
        let width = inside(place(area, WIDTH, 1)).width;
        let rows = u16::try_from(self.lines(width).len()).unwrap_or(u16::MAX);
        place(area, WIDTH, rows)
    }

    fn last(&self, inner: Rect) -> usize {
        self.lines(inner.width).len().saturating_sub(usize::from(inner.height))
    }

    /// The columns of the keys.
    fn keys(&self, width: u16) -> u16 {
        let entries = self.groups.iter().flat_map(|group| &group.entries);
        widest(entries.map(|(keys, _)| keys.as_str()), "").min(width * 2 / 5)
    }

    /// All lines: some hundred, made from our own table.
    fn lines(&self, width: u16) -> Vec<Line<'_>> {
        let keys = self.keys(width);
        let room = width.saturating_sub(keys + 2);
        let mut lines = Vec::new();
        for group in self.groups.iter().filter(|group| !group.entries.is_empty()) {
            if !lines.is_empty() {
                lines.push(Line::Empty);
            }
            lines.push(Line::Title(&group.title));
            for (chord, description) in &group.entries {
                let mut chords = wrapped(chord, keys, LINES).into_iter();
                let mut words = wrapped(description, room, LINES).into_iter();
                loop {
                    let line = (chords.next(), words.next());
                    if line == (None, None) {
                        break;
                    }
                    lines.push(Line::Entry(line.0.unwrap_or_default(), line.1.unwrap_or_default()));
                }
            }
        }
        lines
    }
}
