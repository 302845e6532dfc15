//! The rows that lines take on screen, one or, where they are wrapped, several.
//!
//! Owns stepping from row to row and from a row's column to a place in the text and back. Where a row ends is `text_view`'s rule, so
//! that a text looks the same typed and shown. Only the lines that are asked for are wrapped, each once, however long the text is.

use super::core::{Core, Place};
use crate::workbench::columns::{byte_of, char_at, column_of};
use crate::workbench::text_view::wrap;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// A row: its line and which of the line's rows it is, both from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    pub(super) line: usize,
    pub(super) row: usize,
}

/// The rows of a text, at one width.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    core: &'a Core,
    /// The columns that lines are wrapped at; without them each is one row.
    room: Option<usize>,
    known: HashMap<usize, Rc<[Range<usize>]>>,
}

impl<'a> Rows<'a> {
    /// The rows of a text in a pane with so many `columns` for it, if it is wrapped. The last column is kept for the cursor at the
    /// end of a full row.
    pub(super) fn new(core: &'a Core, columns: Option<usize>) -> Self {
        Self {
            core,
            room: columns.map(|columns| columns.saturating_sub(1).max(1)),
            known: HashMap::new(),
        }
    }

    /// The bytes of each row of a line, at least one row.
    pub(super) fn of(&mut self, line: usize) -> Rc<[Range<usize>]> {
        let (core, room) = (self.core, self.room);
        let rows = self.known.entry(line).or_insert_with(|| rows(core.line(line), room));
        Rc::clone(rows)
    }

    /// The bytes of a row in its line.
    pub(super) fn bytes(&mut self, spot: Spot) -> Range<usize> {
        self.of(spot.line).get(spot.row).cloned().unwrap_or_default()
    }

    /// The row that a place is in.
    pub(super) fn spot(&mut self, (line, char): Place) -> Spot {
        let byte = byte_of(self.core.line(line), char);
        let row = self.of(line).partition_point(|row| row.start <= byte);
        Spot {
            line,
            row: row.saturating_sub(1),
        }
    }

    /// The row that there is nearest to one that may have been.
    pub(super) fn nearest(&mut self, spot: Spot) -> Spot {
        let line = spot.line.min(self.core.lines().len().saturating_sub(1));
        Spot {
            line,
            row: spot.row.min(self.of(line).len().saturating_sub(1)),
        }
    }

    /// The last row of all.
    pub(super) fn last(&mut self) -> Spot {
        self.nearest(Spot {
            line: usize::MAX,
            row: usize::MAX,
        })
    }

    /// So many rows further up, or the first row.
    pub(super) fn up(&mut self, mut spot: Spot, mut rows: usize) -> Spot {
        while rows > spot.row {
            let Some(above) = spot.line.checked_sub(1) else {
                return Spot::default();
            };
            rows -= spot.row + 1;
            spot = self.nearest(Spot {
                line: above,
                row: usize::MAX,
            });
        }
        Spot {
            row: spot.row - rows,
            ..spot
        }
    }

    /// So many rows further down, or the last row.
    pub(super) fn down(&mut self, mut spot: Spot, mut rows: usize) -> Spot {
        loop {
            let below = self.of(spot.line).len().saturating_sub(spot.row + 1);
            if rows <= below || spot.line + 1 >= self.core.lines().len() {
                let row = spot.row + rows.min(below);
                return Spot { row, ..spot };
            }
            rows -= below + 1;
            spot = Spot {
                line: spot.line + 1,
                row: 0,
            };
        }
    }

    /// The column of its row at which a place is.
    pub(super) fn column(&mut self, place: Place) -> usize {
        let spot = self.spot(place);
        let (text, before) = self.text(spot);
        column_of(text, place.1.saturating_sub(before))
    }

    /// The place at a column of a row, or the last one of the row.
    pub(super) fn place(&mut self, spot: Spot, column: usize) -> Place {
        let (text, before) = self.text(spot);
        let mut char = char_at(text, column);
        if spot.row + 1 < self.of(spot.line).len() && char == text.chars().count() {
            // What is behind the row's last letter is the start of the next row.
            char = char_at(text, column_of(text, char).saturating_sub(1));
        }
        (spot.line, before + char)
    }

    /// The text of a row, and the characters of the line before it.
    fn text(&mut self, spot: Spot) -> (&'a str, usize) {
        let bytes = self.bytes(spot);
        let line = self.core.line(spot.line);
        let before = line.get(..bytes.start).unwrap_or_default().chars().count();
        (line.get(bytes).unwrap_or_default(), before)
    }
}

fn rows(line: &str, room: Option<usize>) -> Rc<[Range<usize>]> {
    let Some(room) = room else {
        return std::iter::once(0..line.len()).collect();
    };
    let mut rows = wrap(line, room, 0);
    let last = rows.last().cloned().unwrap_or_default();
    if column_of(line.get(last).unwrap_or_default(), usize::MAX) > room {
        // A space that hangs over the end leaves no column for the cursor behind it.
        rows.push(line.len()..line.len());
    }
    rows.into()
}
