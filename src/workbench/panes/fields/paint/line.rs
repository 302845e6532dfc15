//! A row that is being drawn from left to right.
//!
//! Owns where it ends, and the marks of what is searched for.

use super::Painter;
use crate::text;
use crate::workbench::draw;
use ratatui::buffer::Buffer;
use ratatui::style::Style;

/// A row that is being drawn.
pub struct Line<'a, 'b> {
    pub buf: &'b mut Buffer,
    pub x: u16,
    pub y: u16,
    pub end: u16,
    pub painter: &'a Painter<'a>,
    pub current: bool,
}

impl Line<'_, '_> {
    pub fn room(&self) -> usize {
        usize::from(self.end.saturating_sub(self.x))
    }

    pub fn put(&mut self, words: &str, style: Style) {
        if self.room() > 0 {
            self.x += draw::put(self.buf, self.x, self.y, self.end - self.x, words, style);
        }
    }

    /// As [`Self::put`], with what is searched for marked.
    pub fn text(&mut self, words: &str, style: Style) {
        let Some(needle) = self.painter.needle else {
            return self.put(words, style);
        };
        let line = text::one_line(words, self.room()).into_owned();
        let styles = &self.painter.look.styles;
        let matched = if self.current {
            styles.matched_current
        } else {
            styles.matched
        };
        let mut done = 0;
        for found in needle.all(&line) {
            self.put(&line[done..found.start], style);
            self.put(&line[found.clone()], style.patch(matched));
            done = found.end;
        }
        self.put(&line[done..], style);
    }
}
