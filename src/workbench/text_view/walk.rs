//! Rows of wrapped text, one after the other, down and up.
//!
//! Owns how a segment is wrapped to a width, and the stepping from row to row over parts and their titles. It keeps the rows of one
//! segment at a time, so that a step costs no more than a segment.

use super::Part;
use super::index::Index;
use crate::workbench::columns::pieces;
use std::ops::Range;

/// Where a row begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    /// The part.
    pub(super) part: usize,
    /// The byte in the part's text; `None` is its title.
    pub(super) byte: Option<usize>,
}

/// Stands on a row.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    parts: &'a [Part<'a>],
    indexes: &'a [Index],
    width: usize,
    part: usize,
    /// The row stood on; `None` is the title.
    at: Option<At>,
    /// The rows of the segment in `at`.
    rows: Vec<Range<usize>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct At {
    segment: usize,
    row: usize,
}

impl<'a> Walk<'a> {
    /// Stands on the row that holds `spot`, or the nearest one. `None` when there are no rows.
    pub(super) fn new(parts: &'a [Part<'a>], indexes: &'a [Index], width: usize, spot: Spot) -> Option<Self> {
        let mut walk = Self {
            parts,
            indexes,
            width: width.max(1),
            part: spot.part.min(parts.len().checked_sub(1)?),
            at: None,
            rows: Vec::new(),
        };
        let byte = if spot.part < parts.len() {
            spot.byte
        } else {
            Some(usize::MAX)
        };
        match byte {
            Some(byte) if walk.index()?.len() > 0 => {
                walk.enter(walk.index()?.find(byte));
                let row = walk.rows.partition_point(|row| row.start <= byte).saturating_sub(1);
                walk.at = walk.at.map(|at| At { row, ..at });
            }
            _ if walk.title() => {}
            Some(_) | None => walk.first().then_some(())?,
        }
        Some(walk)
    }

    /// Stands on the last row of all.
    pub(super) fn last(parts: &'a [Part<'a>], indexes: &'a [Index], width: usize) -> Option<Self> {
        let end = Spot {
            part: parts.len(),
            byte: None,
        };
        Self::new(parts, indexes, width, end)
    }

    /// Where the row begins.
    pub(super) fn spot(&self) -> Spot {
        Spot {
            part: self.part,
            byte: self.row().map(|row| row.start),
        }
    }

    /// The part stood in.
    pub(super) const fn part(&self) -> usize {
        self.part
    }

    /// The row's bytes in the part's text; `None` on its title.
    pub(super) fn row(&self) -> Option<Range<usize>> {
        self.rows.get(self.at?.row).cloned()
    }

    /// Goes one row down; says whether there was one.
    pub(super) fn down(&mut self) -> bool {
        let Some(at) = self.at else {
            return self.first() || self.next_part();
        };
        if at.row + 1 < self.rows.len() {
            self.at = Some(At { row: at.row + 1, ..at });
            true
        } else if self.index().is_some_and(|index| at.segment + 1 < index.len()) {
            self.enter(at.segment + 1);
            true
        } else {
            self.next_part()
        }
    }

    /// Goes one row up; says whether there was one.
    pub(super) fn up(&mut self) -> bool {
        match self.at {
            Some(At { segment, row }) if row > 0 => self.at = Some(At { segment, row: row - 1 }),
            Some(At { segment, .. }) if segment > 0 => self.enter_end(segment - 1),
            Some(_) if self.title() => self.at = None,
            Some(_) | None => return self.previous_part(),
        }
        true
    }

    fn index(&self) -> Option<&'a Index> {
        self.indexes.get(self.part)
    }

    fn title(&self) -> bool {
        self.parts.get(self.part).is_some_and(|part| part.title.is_some())
    }

    /// To the first row of text in the part; no if it has none.
    fn first(&mut self) -> bool {
        let any = self.index().is_some_and(|index| index.len() > 0);
        if any {
            self.enter(0);
        }
        any
    }

    fn next_part(&mut self) -> bool {
        let (part, at) = (self.part, self.at);
        while self.part + 1 < self.parts.len() {
            self.part += 1;
            self.at = None;
            if self.title() || self.first() {
                return true;
            }
        }
        self.part = part;
        if let Some(at) = at {
            self.enter(at.segment);
        }
        self.at = at;
        false
    }

    fn previous_part(&mut self) -> bool {
        let (part, at) = (self.part, self.at);
        while self.part > 0 {
            self.part -= 1;
            self.at = None;
            match self.index().map_or(0, Index::len) {
                0 if self.title() => return true,
                0 => {}
                len => {
                    self.enter_end(len - 1);
                    return true;
                }
            }
        }
        self.part = part;
        if let Some(at) = at {
            self.enter(at.segment);
        }
        self.at = at;
        false
    }

    fn enter(&mut self, segment: usize) {
        let (Some(part), Some(index)) = (self.parts.get(self.part), self.indexes.get(self.part)) else {
            return;
        };
        let bytes = index.segment(part.text, segment);
        let text = part.text.get(bytes.clone()).unwrap_or_default();
        self.rows = wrap(text, self.width, bytes.start);
        self.at = Some(At { segment, row: 0 });
    }

    fn enter_end(&mut self, segment: usize) {
        self.enter(segment);
        let row = self.rows.len().saturating_sub(1);
        self.at = Some(At { segment, row });
    }
}

/// The rows that a segment takes at a width, at least one, as bytes of the text in which it begins at `start`. Rows end behind a
/// space where there is one in their second half.
pub(in crate::workbench) fn wrap(segment: &str, width: usize, start: usize) -> Vec<Range<usize>> {
    let width = width.max(1);
    let mut rows = Vec::with_capacity(segment.len() / width + 1);
    let mut from = 0;
    while let Some(rest) = segment.get(from..) {
        let bytes = row_of(rest, width);
        if bytes == rest.len() {
            break;
        }
        rows.push(start + from..start + from + bytes);
        from += bytes;
    }
    rows.push(start + from..start + segment.len());
    rows
}

/// The bytes of `rest` that go onto its first row; never none if there are any.
fn row_of(rest: &str, width: usize) -> usize {
    let mut space = None;
    for piece in pieces(rest) {
        if piece.column + piece.width > width && piece.byte > 0 {
            // The space that a row breaks at hangs over its end.
            return if piece.shown == " " {
                piece.byte + piece.bytes
            } else {
                space.unwrap_or(piece.byte)
            };
        }
        if piece.shown == " " && piece.column >= width / 2 {
            space = Some(piece.byte + piece.bytes);
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_segment() {
        let table: &[(&str, usize, &[&str])] = &[
            ("", 4, &[""]),
            ("abcdefg", 3, &["abc", "def", "g"]),
            ("日本語", 4, &["日本", "語"]),
            ("日本", 1, &["日", "本"]),
            ("a long way home", 8, &["a long ", "way home"]),
            ("abcdefg hi", 8, &["abcdefg ", "hi"]),
            ("abcdefgh ij", 8, &["abcdefgh ", "ij"]),
            ("a bcdefghij", 8, &["a bcdefg", "hij"]),
        ];
        for (text, width, expected) in table {
            let rows: Vec<_> = wrap(text, *width, 0).into_iter().map(|row| &text[row]).collect();
            assert_eq!(rows, *expected, "{text:?} at {width}");
        }
    }
}
