//! The editing model: lines, a cursor, a selection, and edits that can be taken back.
//!
//! Owns the crate `tui_textarea`, which nothing else names. It is used for what it does to text; what is drawn, which key means
//! what and how many edits make a step are decided above, because it draws control characters raw, has no step of several edits, and
//! ends its own steps by the clock.

use super::columns::byte_of;
use super::large::MOST_LINE_BYTES;
use std::fmt;
use tui_textarea::{CursorMove, TextArea};

/// Edits that can be taken back, more than [`super::history`] ever asks for.
const MOST_EDITS: usize = 40_000;

/// A place: line and character, both from 0.
pub(super) type Place = (usize, usize);

/// A text that can be edited. Lines and columns must stay below 65,536, which is the reach of the model's cursor.
#[derive(Clone)]
pub(super) struct Core {
    area: TextArea<'static>,
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core").field("lines", &self.area.lines().len()).finish()
    }
}

impl Core {
    /// A text with the cursor at its start and nothing to take back. Only line feeds end lines.
    pub(super) fn new(text: &str) -> Self {
        let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
        area.set_max_histories(MOST_EDITS);
        Self { area }
    }

    pub(super) fn text(&self) -> String {
        self.lines().join("\n")
    }

    /// Its lines, at least one.
    pub(super) fn lines(&self) -> &[String] {
        self.area.lines()
    }

    /// A line; empty beyond the end.
    pub(super) fn line(&self, at: usize) -> &str {
        self.lines().get(at).map_or("", String::as_str)
    }

    /// Bytes of the text.
    pub(super) fn bytes(&self) -> usize {
        let all: usize = self.lines().iter().map(|line| line.len() + 1).sum();
        all.saturating_sub(1)
    }

    /// Bytes of the longest line that is changed when a text takes the place of the selection, or comes in at the cursor.
    pub(super) fn longest_with(&self, text: &str) -> usize {
        let (start, end) = self.selection().unwrap_or((self.cursor(), self.cursor()));
        let before = byte_of(self.line(start.0), start.1);
        let after = self.joined(start, end) - before;
        let last = text.matches('\n').count();
        let lines = text.split('\n').enumerate();
        let bytes =
            lines.map(|(at, line)| line.len() + if at == 0 { before } else { 0 } + if at == last { after } else { 0 });
        bytes.max().unwrap_or(0)
    }

    /// Bytes of the line that is left when what is between two places is removed.
    fn joined(&self, from: Place, to: Place) -> usize {
        let (first, last) = (self.line(from.0), self.line(to.0));
        byte_of(first, from.1) + last.len() - byte_of(last, to.1)
    }

    /// The byte of the text at which a place is.
    pub(super) fn offset(&self, (line, char): Place) -> usize {
        let before: usize = self.lines().iter().take(line).map(|line| line.len() + 1).sum();
        before + byte_of(self.line(line), char)
    }

    pub(super) fn cursor(&self) -> Place {
        self.area.cursor()
    }

    /// What is selected, if it is not nothing.
    pub(super) fn selection(&self) -> Option<(Place, Place)> {
        self.area.selection_range().filter(|(start, end)| start != end)
    }

    /// The text that is selected.
    pub(super) fn selected(&self) -> Option<String> {
        let (start, end) = self.selection()?;
        let mut out = String::new();
        for at in start.0..=end.0 {
            let line = self.line(at);
            let from = if at == start.0 { byte_of(line, start.1) } else { 0 };
            let to = if at == end.0 { byte_of(line, end.1) } else { line.len() };
            out.push_str(line.get(from..to).unwrap_or_default());
            if at < end.0 {
                out.push('\n');
            }
        }
        Some(out)
    }

    /// Puts the cursor at a place, or at the nearest there is; the selection ends, or grows to there.
    pub(super) fn go(&mut self, place: Place, select: bool) {
        if !select {
            self.area.cancel_selection();
        } else if !self.area.is_selecting() {
            self.area.start_selection();
        }
        let near = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
        self.area.move_cursor(CursorMove::Jump(near(place.0), near(place.1)));
    }

    /// Removes what is selected, unless that would leave a line that is too long. As every edit below it returns the number of
    /// edits it took, 0 or 1.
    pub(super) fn remove_selection(&mut self) -> u16 {
        let fits = |(from, to)| self.joined(from, to) <= MOST_LINE_BYTES;
        let removed = self.selection().is_some_and(fits) && self.area.delete_char();
        self.area.cancel_selection();
        removed.into()
    }

    /// Removes the text between two places.
    pub(super) fn remove(&mut self, from: Place, to: Place) -> u16 {
        self.area.cancel_selection();
        self.go(from, false);
        self.go(to, true);
        self.remove_selection()
    }

    /// Inserts a character that is no line feed.
    pub(super) fn insert_char(&mut self, c: char) -> u16 {
        self.area.cancel_selection();
        self.area.insert_char(c);
        1
    }

    /// Inserts a text without carriage returns.
    pub(super) fn insert(&mut self, text: &str) -> u16 {
        self.area.cancel_selection();
        self.area.insert_str(text).into()
    }

    /// Takes one edit back.
    pub(super) fn undo(&mut self) -> bool {
        self.area.undo()
    }

    /// Does it again.
    pub(super) fn redo(&mut self) -> bool {
        self.area.redo()
    }
}
