//! Models as a table that fits a terminal.
//!
//! Owns columns and their order of leaving when room is short. How numbers and prices read is `extract::model::figures`'; ids come
//! from a server and go through the sanitiser.

use crate::extract::model::ModelInfo;
use crate::extract::model::figures::{UNKNOWN, aligned, marks, price, tokens};
use crate::text::{clean, one_line};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// Spaces between columns.
const GAP: usize = 2;

/// Other columns leave before ids of this width are cut.
const ID: usize = 48;

/// Above the ids.
const TITLE: &str = "model";

/// A column beside the id.
struct Column {
    title: &'static str,
    /// Of the columns that are there, the one with the greatest number leaves first.
    rank: u8,
    align: Align,
    cells: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Align {
    Left,
    Right,
}

impl Column {
    fn new(title: &'static str, rank: u8, align: Align, cells: Vec<String>) -> Self {
        Self {
            title,
            rank,
            align,
            cells,
        }
    }

    /// Cells are ASCII of our own making, but for dates.
    fn width(&self) -> usize {
        let cells = self.cells.iter().map(|cell| cell.width());
        cells.max().unwrap_or_default().max(self.title.len())
    }

    fn says_something(&self) -> bool {
        self.cells.iter().any(|cell| !matches!(cell.as_str(), "" | UNKNOWN))
    }
}

/// The table, a header first, in at most `columns` columns; what no model says has no column, and ids alone no header.
/// Offers that end on the day `soon` or before say when.
pub(super) fn table(models: &[&ModelInfo], columns: usize, soon: &str) -> String {
    let ids: Vec<_> = models.iter().map(|model| clean(&model.id)).collect();
    let longest = ids
        .iter()
        .map(|id| id.width())
        .max()
        .unwrap_or_default()
        .max(TITLE.len());
    let mut others = beside(models, soon);
    others.retain(Column::says_something);
    let taken = |others: &[Column]| others.iter().map(|column| GAP + column.width()).sum::<usize>();
    while longest.min(ID) + taken(&others) > columns {
        // The modes stay: they are what the list is asked for.
        let Some(last) = (0..others.len())
            .filter(|&at| others[at].rank > 0)
            .max_by_key(|&at| others[at].rank)
        else {
            break;
        };
        others.remove(last);
    }
    let room = columns.saturating_sub(taken(&others));
    let width = longest.min(room);
    let mut out = String::new();
    if !others.is_empty() && !models.is_empty() {
        push_row(&mut out, &one_line(TITLE, room), width, &others, |column| column.title);
    }
    for (row, id) in ids.iter().enumerate() {
        push_row(&mut out, &one_line(id, room), width, &others, |column| {
            &column.cells[row]
        });
    }
    out
}

fn push_row<'c>(out: &mut String, id: &str, width: usize, others: &'c [Column], cell: impl Fn(&'c Column) -> &'c str) {
    let mut line = format!("{id}{:pad$}", "", pad = width.saturating_sub(id.width()));
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

fn beside(models: &[&ModelInfo], soon: &str) -> Vec<Column> {
    let cells = |cell: &dyn Fn(&ModelInfo) -> String| models.iter().map(|model| cell(model)).collect::<Vec<_>>();
    let price = |of: fn(&ModelInfo) -> Option<f64>| aligned(cells(&|model| price(of(model), model.request_price)));
    vec![
        Column::new("STJ", 0, Align::Left, cells(&marks)),
        Column::new("$/M in", 1, Align::Right, price(|model| model.prompt_price)),
        Column::new("$/M out", 1, Align::Right, price(|model| model.completion_price)),
        Column::new("context", 3, Align::Right, cells(&|model| tokens(model.context_length))),
        Column::new(
            "max out",
            4,
            Align::Right,
            cells(&|model| tokens(model.max_completion_tokens)),
        ),
        Column::new("expires", 2, Align::Left, cells(&|model| expires(model, soon))),
    ]
}

/// When the offer ends, if that is soon. Dates of the form `YYYY-MM-DD` have the order of their text.
fn expires(model: &ModelInfo, soon: &str) -> String {
    let date = model.expires.as_deref().filter(|date| *date <= soon);
    date.map(|date| one_line(date, 10).into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
