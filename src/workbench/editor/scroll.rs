//! What of a text is in sight: where a pane begins, and what goes by its rows.
//!
//! Owns keeping the cursor visible, the movements up and down, and which place a click means.

use super::core::{Core, Place};
use super::rows::{Rows, Spot};
use super::{Content, Editor, Language};
use crate::workbench::columns::pieces;
use ratatui::layout::Size;

/// Below this width there are no line numbers.
const NUMBERS_FROM: u16 = 30;

/// Rows that stay visible round the cursor.
const MARGIN: usize = 1;

/// Columns that stay visible round the cursor, in a pane that is wide enough.
const SIDE_MARGIN: usize = 6;

/// The same in a narrow one: enough for a wide character beside the ellipsis.
const LEAST_MARGIN: usize = 2;

/// The first visible row and column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scroll {
    pub(super) top: Spot,
    pub(super) left: usize,
}

impl Editor {
    /// Puts the cursor where a click says, at a column and a row of the pane, both from 0: below the text to its last row. A
    /// click on the message does nothing, nor does one in a text that is too large to be edited.
    pub fn click(&mut self, column: u16, row: u16) {
        let Content::Text(core) = &self.content else {
            return;
        };
        if row >= self.rows() {
            return;
        }
        let mut rows = Rows::new(core, self.wraps_at(self.size.width));
        let top = rows.nearest(self.scroll.top);
        let spot = rows.down(top, row.into());
        let column = usize::from(column.saturating_sub(self.gutter(self.size.width)));
        let place = rows.place(spot, column + self.scroll.left);
        self.go(|_, _| place, false);
    }

    /// Scrolls so that the cursor is visible. A pane that is not shown keeps what it showed.
    pub(super) fn keep_in_sight(&mut self) {
        let size = Size::new(self.size.width, self.rows());
        self.scroll = match &self.content {
            Content::Text(_) if size.width == 0 || size.height == 0 => self.scroll,
            Content::Text(core) => self.scrolled(&mut Rows::new(core, self.wraps_at(size.width)), core.cursor(), size),
            Content::Large(_) => Scroll::default(),
        };
    }

    /// The beginning of a pane that shows the cursor, as near as can be to what was shown last.
    pub(super) fn scrolled(&self, rows: &mut Rows<'_>, cursor: Place, size: Size) -> Scroll {
        let height = usize::from(size.height);
        let margin = MARGIN.min(height.saturating_sub(1) / 2);
        let spot = rows.spot(cursor);
        let early = rows.up(spot, height.saturating_sub(1 + margin));
        let late = rows.up(spot, margin);
        let last = rows.last();
        let last_page = rows.up(last, height.saturating_sub(1));
        let top = self.scroll.top.max(early).min(late).min(last_page);
        Scroll {
            top: rows.nearest(top),
            left: match (&self.content, self.wraps_at(size.width)) {
                (Content::Text(core), None) => {
                    let columns = size.width - self.gutter(size.width).min(size.width);
                    first_column(self.scroll.left, core, columns.into())
                }
                (Content::Text(_), Some(_)) | (Content::Large(_), _) => 0,
            },
        }
    }

    /// The columns left of the text in a pane of a width.
    pub(super) fn gutter(&self, width: u16) -> u16 {
        if width < NUMBERS_FROM {
            return 0;
        }
        let digits = self.lines().checked_ilog10().unwrap_or(0) + 1;
        digits.max(2) as u16 + 2
    }

    /// The columns for the text in a pane of a width, if it is wrapped.
    pub(super) fn wraps_at(&self, width: u16) -> Option<usize> {
        match self.language {
            Language::Json => None,
            Language::Plain => Some((width - self.gutter(width).min(width)).into()),
        }
    }

    /// Moves the cursor up or down by rows; it keeps to its column.
    pub(super) fn vertical(&mut self, by: isize, select: bool) {
        let Content::Text(core) = &self.content else {
            return;
        };
        let mut rows = Rows::new(core, self.wraps_at(self.size.width));
        let column = self.column.unwrap_or_else(|| rows.column(core.cursor()));
        let from = rows.spot(core.cursor());
        let to = if by < 0 {
            rows.up(from, by.unsigned_abs())
        } else {
            rows.down(from, by.unsigned_abs())
        };
        let place = rows.place(to, column);
        self.go(|_, _| place, select);
        self.column = Some(column);
    }

    /// Moves the cursor to the start of the last row.
    pub(super) fn go_to_last_row(&mut self) {
        let Content::Text(core) = &self.content else {
            return;
        };
        let mut rows = Rows::new(core, self.wraps_at(self.size.width));
        let last = rows.last();
        let place = rows.place(last, 0);
        self.go(|_, _| place, false);
    }
}

/// The first of `room` columns so that the cursor is among them: that of the line's start if it can be, so that short lines are in
/// sight as often as can be; else the nearest to `first` at which something of what is beside the cursor shows, too.
fn first_column(first: usize, core: &Core, room: usize) -> usize {
    let narrow = room.saturating_sub(1) / 2;
    let (least, margin) = (
        LEAST_MARGIN.min(narrow),
        SIDE_MARGIN.min(room / 4).max(LEAST_MARGIN).min(narrow),
    );
    let (line, char) = core.cursor();
    let (mut at, mut end) = (None, 0);
    for piece in pieces(core.line(line)) {
        if at.is_none() && piece.char + piece.chars > char {
            at = Some(piece.column);
        }
        end = piece.column + piece.width;
        if at.is_some_and(|at| end > at + margin) {
            break;
        }
    }
    let at = at.unwrap_or(end);
    // Nothing is kept free behind the line's end.
    let right = end.min(at + margin);
    if end.min(at + least) < room {
        0
    } else {
        first.max(right + 1 - room.max(1)).min(at.saturating_sub(margin))
    }
}
