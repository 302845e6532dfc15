//! One line of text that is being typed: a query, a path, a search.
//!
//! Owns the text, the cursor and the keys of editing. What the line is for, and every key that this one leaves, belongs to whoever
//! holds it.

use crate::text;
use crate::workbench::draw::{pieces, put};
use crate::workbench::styles::Look;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The longest line, in characters: what is pasted beyond is dropped, so that a frame stays cheap.
pub const LONGEST: usize = 4_096;

/// What a key did to the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Nothing: the key means nothing to a line.
    Unknown,
    /// The text is as it was; the cursor may have moved.
    Moved,
    /// The text is another one.
    Changed,
}

/// A line of text with a cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineInput {
    text: String,
    /// In bytes, at the start of a character that takes room, or at the end.
    cursor: usize,
}

impl LineInput {
    /// A line with a text in it and the cursor at its end.
    pub fn new(text: &str) -> Self {
        let mut line = Self::default();
        line.paste(text);
        line
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Inserts at the cursor; line ends and tabs become spaces.
    pub fn paste(&mut self, text: &str) {
        let room = LONGEST.saturating_sub(self.text.chars().count());
        let mut pasted = String::new();
        let mut before = ' ';
        for c in text.chars().take(room) {
            match c {
                // Of CR LF one is enough.
                '\n' if before == '\r' => {}
                '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => pasted.push(' '),
                _ => pasted.push(c),
            }
            before = c;
        }
        self.text.insert_str(self.cursor, &pasted);
        self.cursor += pasted.len();
        self.settle();
    }

    /// Edits or moves. Home, End and Ctrl-A, Ctrl-E go to the ends; Ctrl or Alt with an arrow, Alt-B and Alt-F go by words;
    /// Ctrl-W and Alt-Backspace take the word before the cursor, Ctrl-U and Ctrl-K all before and behind it.
    pub fn key(&mut self, key: &KeyEvent) -> Edit {
        if key.kind == KeyEventKind::Release {
            return Edit::Unknown;
        }
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        match (key.code, ctrl, alt) {
            (KeyCode::Char(c), false, false) if !c.is_control() => self.insert(c),
            (KeyCode::Left, false, false) | (KeyCode::Char('b'), true, false) => self.go(self.before()),
            (KeyCode::Right, false, false) | (KeyCode::Char('f'), true, false) => self.go(self.behind()),
            (KeyCode::Left, _, _) | (KeyCode::Char('b'), false, true) => self.go(self.word_before()),
            (KeyCode::Right, _, _) | (KeyCode::Char('f'), false, true) => self.go(self.word_behind()),
            (KeyCode::Home, _, _) | (KeyCode::Char('a'), true, false) => self.go(0),
            (KeyCode::End, _, _) | (KeyCode::Char('e'), true, false) => self.go(self.text.len()),
            (KeyCode::Backspace, false, false) | (KeyCode::Char('h'), true, false) => {
                self.cut(self.before(), self.cursor)
            }
            (KeyCode::Delete, false, false) | (KeyCode::Char('d'), true, false) => self.cut(self.cursor, self.behind()),
            (KeyCode::Backspace, _, _) | (KeyCode::Char('w'), true, false) => self.cut(self.word_before(), self.cursor),
            (KeyCode::Delete, _, _) | (KeyCode::Char('d'), false, true) => self.cut(self.cursor, self.word_behind()),
            (KeyCode::Char('u'), true, false) => self.cut(0, self.cursor),
            (KeyCode::Char('k'), true, false) => self.cut(self.cursor, self.text.len()),
            _ => Edit::Unknown,
        }
    }

    /// Draws the line on the first row of `area`, moved so far that the cursor is in it, and says where that stands.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look, style: Style) -> Option<Position> {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return None;
        }
        let (before, behind) = self.text.split_at_checked(self.cursor)?;
        let before = text::clean(before);
        // The last column is the cursor's.
        let room = usize::from(area.width - 1);
        let used = if before.width() <= room {
            pieces(buf, area, 0, [(&*before, style)])
        } else {
            let cut = look.glyphs.ellipsis;
            let end = tail(&before, room.saturating_sub(cut.width()));
            pieces(buf, area, 0, [(cut, style), (end, style)])
        };
        let used = used.min(area.width - 1);
        put(buf, area.x + used, area.y, area.width - used, behind, style);
        Some(Position::new(area.x + used, area.y))
    }

    fn insert(&mut self, c: char) -> Edit {
        if self.text.chars().count() >= LONGEST {
            return Edit::Moved;
        }
        self.text.insert(self.cursor, c);
        self.cursor += c.len_utf8();
        self.settle();
        Edit::Changed
    }

    fn go(&mut self, to: usize) -> Edit {
        self.cursor = to;
        Edit::Moved
    }

    fn cut(&mut self, from: usize, to: usize) -> Edit {
        if from >= to {
            return Edit::Moved;
        }
        self.text.replace_range(from..to, "");
        self.cursor = from;
        self.settle();
        Edit::Changed
    }

    /// Moves the cursor behind marks that belong to the character before it.
    fn settle(&mut self) {
        let rest = self.text.get(self.cursor..).unwrap_or_default();
        self.cursor += rest.find(|c| !is_mark(c)).unwrap_or(rest.len());
    }

    fn before(&self) -> usize {
        let before = self.text.get(..self.cursor).unwrap_or_default();
        let mut starts = before.char_indices().rev();
        starts.find(|&(_, c)| !is_mark(c)).map_or(0, |(at, _)| at)
    }

    fn behind(&self) -> usize {
        let rest = self.text.get(self.cursor..).unwrap_or_default();
        let mut starts = rest.char_indices().skip(1);
        let next = starts.find(|&(_, c)| !is_mark(c)).map_or(rest.len(), |(at, _)| at);
        self.cursor + next
    }

    /// The start of the word that the cursor is in or behind.
    fn word_before(&self) -> usize {
        let before = self.text.get(..self.cursor).unwrap_or_default();
        let trimmed = before.trim_end_matches(|c| !is_of_word(c));
        let start = trimmed.trim_end_matches(is_of_word);
        let marked = self
            .text
            .get(start.len()..)
            .is_some_and(|rest| rest.starts_with(is_mark));
        if marked {
            // Marks on what is no word's character stay with it.
            start.char_indices().next_back().map_or(0, |(at, _)| at)
        } else {
            start.len()
        }
    }

    /// The end of the word that the cursor is in or before.
    fn word_behind(&self) -> usize {
        let rest = self.text.get(self.cursor..).unwrap_or_default();
        let trimmed = rest
            .trim_start_matches(|c| !is_of_word(c))
            .trim_start_matches(is_of_word);
        self.text.len() - trimmed.len()
    }
}

/// Whether a character is drawn on the one before it.
fn is_mark(c: char) -> bool {
    !text::is_hidden(c) && c.width() == Some(0)
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_mark(c)
}

/// The end of a cleaned text that is at most `columns` wide and begins with no mark.
fn tail(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let mut start = text.len();
    for (at, c) in text.char_indices().rev() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        if !is_mark(c) {
            start = at;
        }
    }
    text.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests;
