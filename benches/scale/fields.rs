//! The tree of fields in the workbench, from the first delta to the verdict, and what goes through all of it.

use super::clock::Clock;
use super::row;
use super::stage::Stage;
use super::texts::{numbers, people, people_schema, pieces, wide};
use crossterm::event::KeyCode;
use formwork::workbench::model::{OutputTab, Pane};
use serde_json::Value;

/// A frame is drawn after so many deltas.
const FRAME: usize = 16;

/// The rows.
pub fn fields() {
    answer("Fields: 100 numbers in a list", |scale| numbers(100 * scale));
    answer("Fields: 4 kB of records", |scale| {
        (people_schema(), people(4_000 * scale))
    });
    answer("Fields: 10 declared properties", |scale| wide(10 * scale));
    row("Fields: fold and unfold all, 100 numbers", |scale| {
        let (schema, value) = numbers(100 * scale);
        let mut stage = answered(&schema, &value);
        move || {
            let clock = Clock::start();
            stage.keys("zmzr");
            clock.stop()
        }
    });
    row("Fields: a search, 100 numbers", |scale| {
        let (schema, value) = numbers(100 * scale);
        let mut stage = answered(&schema, &value);
        move || {
            let clock = Clock::start();
            stage.keys("/7");
            stage.key(KeyCode::Enter);
            stage.keys("n");
            clock.stop()
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
            let text = value.to_string();
            let verdict = value.clone();
            let clock = Clock::start();
            for (at, piece) in pieces.iter().enumerate() {
                stage.delta(piece);
                if at % FRAME == 0 {
                    stage.draw();
                }
            }
            stage.judged(&text, verdict);
            stage.draw();
            clock.stop()
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
