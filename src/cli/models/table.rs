//! Models as a table.
//!
//! Owns columns and their order of leaving when room is short. How numbers and prices read is `extract::model::figures`'; ids come
//! from a server and go through the sanitiser.

use crate::cli::table::{self, Align, Column};
use crate::extract::model::ModelInfo;
use crate::extract::model::figures::{aligned, letters, marks, price, tokens};
use crate::text::{clean, one_line};

/// Other columns leave before ids of this width are cut.
const ID: usize = 48;

/// Above the ids.
const TITLE: &str = "model";

/// The table, a header first, in at most `columns` columns; what no model says has no column, and ids alone no header.
/// Offers that end on the day `soon` or before say when.
pub(super) fn table(models: &[&ModelInfo], columns: usize, soon: &str) -> String {
    let ids: Vec<_> = models.iter().map(|model| clean(&model.id)).collect();
    table::table(TITLE, &ids, ID, beside(models, soon), columns)
}

fn beside(models: &[&ModelInfo], soon: &str) -> Vec<Column> {
    let cells = |cell: &dyn Fn(&ModelInfo) -> String| models.iter().map(|model| cell(model)).collect::<Vec<_>>();
    let price = |of: fn(&ModelInfo) -> Option<f64>| aligned(cells(&|model| price(of(model), model.request_price)));
    vec![
        // The modes stay: they are what the list is asked for.
        Column::new(letters(), 0, Align::Left, cells(&marks)),
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
