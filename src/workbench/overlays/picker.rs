//! A list that a query narrows: what all pickers are made of.
//!
//! Owns the query, the rows that fit it, the cursor, the scroll position, and how they are drawn. What a row says beside its label,
//! and what choosing it means, belongs to each picker.

use super::Response;
use super::form::Places;
use super::frame::{Frame, columns};
use super::fuzzy::Fuzzy;
use crate::text;
use crate::workbench::draw::{paint_row, put};
use crate::workbench::line_input::{Edit, LineInput};
use crate::workbench::styles::Look;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::cmp::Reverse;

/// The most columns of a label that are matched and drawn: labels come from servers.
const LABEL: usize = 200;

/// Before the query.
const PROMPT: &str = "> ";

/// One row of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// Words above the rows below; the cursor passes over it.
    Heading(&'static str),
    /// The entry with this number.
    Entry(usize),
    /// The query itself.
    Typed,
}

/// What a key did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pressed {
    /// Nothing that the picker would have to act upon.
    Nothing,
    /// The query is another one: the rows have to be made anew.
    Typed,
    /// The row under the cursor was chosen.
    Chose(Row),
    /// The picker is to be closed.
    Close,
}

/// A query and a list.
#[derive(Clone, Debug)]
pub(super) struct Picker {
    input: LineInput,
    /// What the query is matched against: cleaned, of bounded length.
    labels: Vec<String>,
    rows: Vec<Row>,
    /// How many rows are entries.
    count: usize,
    cursor: usize,
    top: usize,
}

impl Picker {
    /// A list of labels, all of them shown.
    pub fn new(labels: impl IntoIterator<Item = String>) -> Self {
        let mut picker = Self {
            input: LineInput::default(),
            labels: Vec::new(),
            rows: Vec::new(),
            count: 0,
            cursor: 0,
            top: 0,
        };
        picker.relabel(labels);
        picker.show_matches();
        picker
    }

    /// Other labels; the rows have to be made anew.
    pub fn relabel(&mut self, labels: impl IntoIterator<Item = String>) {
        let short = |label: String| text::one_line(&label, LABEL).into_owned();
        self.labels = labels.into_iter().map(short).collect();
        self.show(Vec::new());
    }

    /// The same with labels that are clean and short already: many of them cost time.
    pub fn relabel_clean(&mut self, labels: Vec<String>) {
        self.labels = labels;
        self.show(Vec::new());
    }

    /// The query without spaces around it.
    pub fn query(&self) -> &str {
        self.input.text().trim()
    }

    /// A label as it is drawn.
    pub fn label(&self, entry: usize) -> &str {
        self.labels.get(entry).map_or("", String::as_str)
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<Row> {
        self.rows.get(self.cursor).copied()
    }

    /// How many entries are shown.
    pub const fn count(&self) -> usize {
        self.count
    }

    /// How many rows there are.
    pub fn length(&self) -> usize {
        self.rows.len()
    }

    /// The entries that fit the query, the best first; of those that fit alike, the one with the smaller `rank` first.
    pub fn matches<R: Ord>(&self, rank: impl Fn(usize) -> Option<R>) -> Vec<usize> {
        let mut fuzzy = Fuzzy::new(self.query());
        let fits = |(entry, label): (usize, &String)| {
            let rank = rank(entry)?;
            Some((Reverse(fuzzy.score(label)?), rank, entry))
        };
        let mut found: Vec<_> = self.labels.iter().enumerate().filter_map(fits).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, _, entry)| entry).collect()
    }

    /// Shows rows, the cursor on the first that can be chosen.
    pub fn show(&mut self, rows: Vec<Row>) {
        self.count = rows.iter().filter(|row| matches!(row, Row::Entry(_))).count();
        self.rows = rows;
        self.top = 0;
        self.cursor = 0;
        self.step_off_heading(true);
    }

    /// Shows every entry that fits the query.
    pub fn show_matches(&mut self) {
        let found = self.matches(|_| Some(()));
        self.show(found.into_iter().map(Row::Entry).collect());
    }

    /// Puts the cursor on the first row of an entry, if it is shown.
    pub fn select(&mut self, entry: usize) {
        if let Some(at) = self.rows.iter().position(|row| *row == Row::Entry(entry)) {
            self.cursor = at;
        }
    }

    /// The number of the row under the cursor.
    pub const fn place(&self) -> usize {
        self.cursor
    }

    /// Puts the cursor on a row, or on the last one if there are not so many.
    pub fn select_row(&mut self, row: usize) {
        self.go(row, false);
    }

    /// Takes a key; `height` is that of the list.
    pub fn key(&mut self, key: &KeyEvent, height: u16) -> Pressed {
        if key.kind == KeyEventKind::Release {
            return Pressed::Nothing;
        }
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let page = usize::from(height.saturating_sub(1).max(1));
        match (key.code, ctrl) {
            (KeyCode::Esc, _) => return Pressed::Close,
            (KeyCode::Enter, _) => return self.current().map_or(Pressed::Nothing, Pressed::Chose),
            (KeyCode::Up, _) | (KeyCode::Char('p'), true) => self.go(self.cursor.saturating_sub(1), false),
            (KeyCode::Down, _) | (KeyCode::Char('n'), true) => self.go(self.cursor.saturating_add(1), true),
            (KeyCode::PageUp, _) => self.go(self.cursor.saturating_sub(page), false),
            (KeyCode::PageDown, _) => self.go(self.cursor.saturating_add(page), true),
            (KeyCode::Home, _) => self.go(0, false),
            (KeyCode::End, _) => self.go(usize::MAX, true),
            _ if self.input.key(key) == Edit::Changed => return Pressed::Typed,
            _ => return Pressed::Nothing,
        }
        self.top = self.first_row(height);
        Pressed::Nothing
    }

    /// Takes a key in a list of nothing but entries: typing narrows it at once. `of` says what the entry with a number is; `None`
    /// when it cannot be chosen.
    pub fn choose<T>(&mut self, key: &KeyEvent, height: u16, of: impl FnOnce(usize) -> Option<T>) -> Response<T> {
        match self.key(key, height) {
            Pressed::Typed => {
                self.show_matches();
                Response::Stay
            }
            Pressed::Close => Response::Close,
            Pressed::Chose(Row::Entry(at)) => of(at).map_or(Response::Stay, Response::Chose),
            Pressed::Nothing | Pressed::Chose(Row::Heading(_) | Row::Typed) => Response::Stay,
        }
    }

    /// Pastes into the query of such a list.
    pub fn narrow(&mut self, text: &str) {
        self.paste(text);
        self.show_matches();
    }

    /// Pastes into the query; the rows have to be made anew.
    pub fn paste(&mut self, text: &str) {
        self.input.paste(text);
    }

    fn go(&mut self, to: usize, down: bool) {
        self.cursor = to.min(self.rows.len().saturating_sub(1));
        self.step_off_heading(down);
    }

    /// Moves on from a heading in the direction of the move, or back when there is nothing further on.
    fn step_off_heading(&mut self, down: bool) {
        let is_choice = |row: &Row| !matches!(row, Row::Heading(_));
        let (above, below) = self.rows.split_at(self.cursor.min(self.rows.len()));
        let up = above.iter().rposition(is_choice);
        let here = below.iter().position(is_choice).map(|ahead| self.cursor + ahead);
        let is_here = here == Some(self.cursor);
        let found = if down || is_here { here.or(up) } else { up.or(here) };
        self.cursor = found.unwrap_or(0);
    }

    /// The first visible row, such that the cursor is visible too, with the heading right above it where there is room.
    fn first_row(&self, height: u16) -> usize {
        let height = usize::from(height);
        let above = self.cursor.checked_sub(1).and_then(|at| self.rows.get(at));
        let headed = height > 1 && matches!(above, Some(Row::Heading(_)));
        let highest = self.cursor - usize::from(headed);
        let lowest = (self.cursor + 1).saturating_sub(height);
        let last = self.rows.len().saturating_sub(height);
        self.top.min(highest).max(lowest).min(last.max(lowest))
    }

    /// Draws the rows: `draw` puts what a row says and answers where its label stands.
    pub fn view_rows(
        &self,
        buf: &mut Buffer,
        places: &Places,
        look: &Look,
        mut draw: impl FnMut(&mut Buffer, Rect, Row) -> Option<Rect>,
    ) {
        let list = places.list;
        let top = self.first_row(list.height);
        let mut fuzzy = Fuzzy::new(self.query());
        let rows = self.rows.iter().enumerate().skip(top).zip(0..list.height);
        for ((at, row), line) in rows {
            let area = Rect {
                y: list.y + line,
                height: 1,
                ..list
            };
            let label = draw(buf, area, *row);
            if at == self.cursor && list.width > 0 {
                // The air on both sides belongs to the row.
                let whole = Rect {
                    x: area.x.saturating_sub(1),
                    width: area.width + 2,
                    ..area
                };
                paint_row(buf, whole, 0, look.styles.selected);
            }
            if let (Some(label), Row::Entry(entry)) = (label, row) {
                highlight(buf, label, self.label(*entry), &mut fuzzy, look);
            }
        }
        self.scrollbar(buf, places, look, top);
    }

    fn scrollbar(&self, buf: &mut Buffer, places: &Places, look: &Look, top: usize) {
        let height = usize::from(places.list.height);
        let all = self.rows.len();
        if height == 0 || all <= height {
            return;
        }
        let size = (height * height / all).max(1);
        let from = top * (height - size) / (all - height);
        for line in (from..from + size).take(height) {
            let y = places.list.y + u16::try_from(line).unwrap_or(u16::MAX);
            put(
                buf,
                places.outer.right() - 1,
                y,
                1,
                look.glyphs.thumb,
                look.styles.scrollbar,
            );
        }
    }

    /// Draws box and query; returns where the terminal's cursor stands.
    pub fn view_frame(&self, buf: &mut Buffer, places: &Places, look: &Look, frame: &Frame<'_>) -> Option<Position> {
        frame.view(buf, places.outer, look);
        if places.query.is_empty() {
            return None;
        }
        let used = put(
            buf,
            places.query.x,
            places.query.y,
            places.query.width,
            PROMPT,
            look.styles.dim,
        );
        let line = Rect {
            x: places.query.x + used,
            width: places.query.width - used,
            ..places.query
        };
        if !places.rule.is_empty() {
            let dash = look.glyphs.border.horizontal_top.repeat(usize::from(places.rule.width));
            put(
                buf,
                places.rule.x,
                places.rule.y,
                places.rule.width,
                &dash,
                look.styles.overlay_frame,
            );
        }
        self.input.view(buf, line, look, look.styles.prompt)
    }
}

/// Marks the matched characters of a label that was drawn in `area`, cut at its end if it is wider.
fn highlight(buf: &mut Buffer, area: Rect, label: &str, fuzzy: &mut Fuzzy, look: &Look) {
    let area = area.intersection(buf.area);
    let cut = columns(label) > area.width;
    let width = area.width.saturating_sub(u16::from(cut));
    let spots = fuzzy.spots(label);
    let mut spots = spots.iter().peekable();
    for ((number, (at, c)), _) in label.char_indices().enumerate().zip(0..LABEL) {
        if spots.peek().is_none_or(|spot| **spot as usize > number) {
            continue;
        }
        spots.next();
        let before = label.get(..at).map_or(0, columns);
        let wide = columns(c.encode_utf8(&mut [0; 4])).max(1);
        if before + wide > width {
            break;
        }
        let spot = Rect {
            x: area.x + before,
            width: wide,
            height: 1,
            ..area
        };
        buf.set_style(spot, look.styles.matched);
    }
}

#[cfg(test)]
mod tests;
