//! The problems of a text: where they are, and what is said about them below it.
//!
//! Owns going from one to the next and the message's rows, where it is also told why a key did nothing. What is wrong with a text is
//! found elsewhere.

use super::large::NOTICE;
use super::{Content, Editor, Mark, Severity};
use crate::workbench::draw;
use crate::workbench::styles::Look;
use crate::workbench::text_view::wrap;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::style::Style;

/// Rows that a problem's message may take.
const MOST_ROWS: u16 = 3;

impl Editor {
    /// Takes the problems that are known now, in place of those before.
    pub fn marks(&mut self, mut marks: Vec<Mark>) {
        marks.sort_by_key(|mark| (mark.line, mark.column));
        self.marks = marks;
        self.keep_in_sight();
    }

    pub(super) fn seek_problem(&mut self, forward: bool) {
        let cursor = self.cursor();
        let at = |mark: &&Mark| (mark.line, mark.column);
        let found = if forward {
            self.marks.iter().find(|mark| at(mark) > cursor).or(self.marks.first())
        } else {
            self.marks.iter().rfind(|mark| at(mark) < cursor).or(self.marks.last())
        };
        if let Some((line, column)) = found.as_ref().map(at) {
            self.go_to(line, column);
        }
    }

    /// The rows of text that fit into the pane as it was last measured.
    pub(super) fn rows(&self) -> u16 {
        self.rows_of(self.size)
    }

    pub(super) fn rows_of(&self, size: Size) -> u16 {
        // A third of the pane at most, and nothing where that would leave next to no text.
        let most = if size.height > 2 {
            (size.height / 3).min(MOST_ROWS)
        } else {
            0
        };
        let message = self
            .message()
            .map_or(0, |(_, text)| wrap(&text, size.width.into(), 0).len());
        size.height - most.min(u16::try_from(message).unwrap_or(most))
    }

    pub(super) fn on_line(&self, line: usize) -> &[Mark] {
        let first = self.marks.partition_point(|mark| mark.line < line);
        let end = self.marks.partition_point(|mark| mark.line <= line);
        self.marks.get(first..end).unwrap_or_default()
    }

    /// What stands below the text: why a key did nothing, the problem of the cursor's line or, if it has none, the first one.
    pub(super) fn message(&self) -> Option<(Severity, String)> {
        if let Content::Large(_) = self.content {
            return Some((Severity::Warning, format!("! {NOTICE}")));
        }
        if let Some(refused) = self.refused {
            return Some((Severity::Warning, format!("! {}", refused.message())));
        }
        let (line, char) = self.cursor();
        let here = self.on_line(line);
        let here = here.iter().rfind(|mark| mark.column <= char).or(here.first());
        let mark = here.or(self.marks.first())?;
        // A glyph takes one column, as this stand-in for it.
        Some((mark.severity, format!("! line {}: {}", mark.line + 1, mark.message)))
    }

    pub(super) fn draw_message(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        let Some((severity, text)) = self.message() else {
            return;
        };
        let (glyph, style) = glyph(look, severity);
        let rows = wrap(&text, area.width.into(), 0);
        let cut = rows.len() > usize::from(area.height);
        for (row, bytes) in (0..area.height).zip(rows) {
            let end = if cut && row + 1 == area.height {
                text.len()
            } else {
                bytes.end
            };
            let line = text.get(bytes.start..end).unwrap_or_default();
            draw::pieces(buf, area, row, [(line.trim_end(), style)]);
        }
        draw::put(buf, area.x, area.y, area.width.min(area.height), glyph, style);
    }
}

/// How a severity is drawn.
pub(super) fn glyph(look: &Look, severity: Severity) -> (&'static str, Style) {
    match severity {
        Severity::Error => (look.glyphs.invalid, look.styles.error),
        Severity::Warning => (look.glyphs.warning, look.styles.warning),
    }
}
