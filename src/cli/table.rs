//! Tables that fit a terminal.
//!
//! Owns the layout: a first column that is cut when room is short, and further ones that leave before that. What is in the cells is
//! the caller's.

use crate::text::one_line;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// Spaces between columns.
const GAP: usize = 2;

/// What is not said.
pub(super) const UNKNOWN: &str = "?";

/// A column beside the first.
pub(super) struct Column {
    title: String,
    /// Of the columns that are there, the one with the greatest number leaves first; those with 0 stay.
    rank: u8,
    align: Align,
    cells: Vec<String>,
}

/// Where a cell stands in its column.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

impl Column {
    /// A column. Its cells are sanitised, one for each row.
    pub(super) fn new(title: impl Into<String>, rank: u8, align: Align, cells: Vec<String>) -> Self {
        Self {
            title: title.into(),
            rank,
            align,
            cells,
        }
    }

    fn width(&self) -> usize {
        let cells = self.cells.iter().map(|cell| cell.width());
        cells.max().unwrap_or_default().max(self.title.len())
    }

    fn says_something(&self) -> bool {
        self.cells.iter().any(|cell| !matches!(cell.as_str(), "" | UNKNOWN))
    }
}

/// The table, a header first, in at most `columns` columns. The first column is cut to no less than `least` while another could
/// leave. Columns that say nothing are left out; the first alone has no header.
pub(super) fn table(
    title: &str,
    first: &[impl AsRef<str>],
    least: usize,
    mut others: Vec<Column>,
    columns: usize,
) -> String {
    let widths = first.iter().map(|cell| cell.as_ref().width());
    let longest = widths.max().unwrap_or_default().max(title.len());
    others.retain(Column::says_something);
    let taken = |others: &[Column]| others.iter().map(|column| GAP + column.width()).sum::<usize>();
    while longest.min(least) + taken(&others) > columns {
        let Some(leaving) = (0..others.len())
            .filter(|&at| others[at].rank > 0)
            .max_by_key(|&at| others[at].rank)
        else {
            break;
        };
        others.remove(leaving);
    }
    let room = columns.saturating_sub(taken(&others));
    let width = longest.min(room);
    let mut out = String::new();
    if !others.is_empty() && !first.is_empty() {
        push_row(&mut out, &one_line(title, room), width, &others, |column| &column.title);
    }
    for (row, cell) in first.iter().enumerate() {
        push_row(&mut out, &one_line(cell.as_ref(), room), width, &others, |column| {
            &column.cells[row]
        });
    }
    out
}

fn push_row<'c>(
    out: &mut String,
    first: &str,
    width: usize,
    others: &'c [Column],
    cell: impl Fn(&'c Column) -> &'c str,
) {
    let mut line = format!("{first}{:pad$}", "", pad = width.saturating_sub(first.width()));
    for column in others {
        let cell = cell(column);
        let pad = column.width().saturating_sub(cell.width());
        // Writing to a string cannot fail.
        let _ = match column.align {
            Align::Left => write!(line, "{:GAP$}{cell}{:pad$}", "", ""),
            Align::Right => write!(line, "{:GAP$}{:pad$}{cell}", "", ""),
        };
    }
    out.push_str(line.trim_end());
    out.push('\n');
}
