//! The tree of fields in the workbench, from the first delta to the verdict, and what goes through all of it.

use super::row;
use super::stage::Stage;
use super::texts::{numbers, people, people_schema, pieces, wide};
use crossterm::event::KeyCode;
use formwork::workbench::model::{OutputTab, Pane};
use serde_json::Value;
use std::time::Duration;

/// A frame is drawn after so many deltas.
const FRAME: usize = 16;

/// The rows.
pub fn fields() {
    answer("Fields: 100 numbers in a list", |scale| numbers(100 * scale));
    answer("Fields: 4 kB of records", |scale| {
        (people_schema(), people(4_000 * scale))
    });
    answer("Fields: 10 declared properties", |scale| wide(10 * scale));
    row("Fields: fold all, 100 numbers", |scale| {
        let (schema, value) = numbers(100 * scale);
        let mut stage = answered(&schema, &value);
        move || milliseconds(stage.keys("zz"))
    });
    row("Fields: a search, 100 numbers", |scale| {
        let (schema, value) = numbers(100 * scale);
        let mut stage = answered(&schema, &value);
        move || {
            let typed = stage.keys("/7");
            milliseconds(typed + stage.key(KeyCode::Enter) + stage.keys("n"))
        }
    });
}

/// A whole answer in deltas of 16 characters, with its frames.
fn answer(name: &str, texts: impl Fn(usize) -> (Value, Value)) {
    row(name, |scale| {
        let (schema, value) = texts(scale);
        let pieces = pieces(&value.to_string(), 16);
        move || {
            let mut stage = begun(&schema);
            let mut taken = 0.0;
            for (at, piece) in pieces.iter().enumerate() {
                taken += stage.delta(piece);
                if at % FRAME == 0 {
                    taken += stage.draw();
                }
            }
            let text = value.to_string();
            milliseconds(taken + stage.judged(&text, value.clone()) + stage.draw())
        }
    });
}

fn begun(schema: &Value) -> Stage {
    let mut stage = Stage::new(&schema.to_string(), "everybody");
    stage.go(Pane::Output, OutputTab::Fields);
    stage.begin();
    stage
}

fn answered(schema: &Value, value: &Value) -> Stage {
    let mut stage = begun(schema);
    let text = value.to_string();
    for piece in pieces(&text, 4096) {
        stage.delta(&piece);
    }
    stage.judged(&text, value.clone());
    stage.draw();
    stage
}

fn milliseconds(time: f64) -> Duration {
    Duration::from_secs_f64(time / 1e3)
}
