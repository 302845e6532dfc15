//! What `update` and a frame take, in this process.
//!
//! Owns the large texts: a megabyte of schema, input and answer, two thousand properties, a hundred thousand items.

use crate::stage::Stage;
use crate::table::{Target, row, spread};
use crate::texts::{letter, long_schema, numbers, people, people_schema, pieces, wide as wide_texts};
use crossterm::event::KeyCode;
use formwork::workbench::model::{OutputTab, Pane};
use formwork::workbench::update::Event;

/// Rounds of a measurement.
const ROUNDS: usize = 5;

/// A large text.
const MEGABYTE: usize = 1_000_000;

/// What a frame, and what `update` may take in 99 of 100 cases, in milliseconds.
const QUICK: Target = Target::Below(5.0);

/// What nothing may take.
const AT_ALL: Target = Target::Below(100.0);

const SPREAD: &[&str] = &["p50", "p99"];

/// A row of `update` or of frames: the 99th percentile has the target. Every round does the same, so that of each step the quickest
/// counts: what another program took of the processor in between is not ours.
pub fn spread_row(what: &str, measure: impl FnMut() -> Vec<f64>) {
    let mut measure = measure;
    let steps: Vec<Vec<f64>> = (0..ROUNDS).map(|_| measure()).collect();
    let count = steps.iter().map(Vec::len).min().unwrap_or(0);
    let least = (0..count).map(|at| steps.iter().map(|round| round[at]).fold(f64::INFINITY, f64::min));
    let mut rounds = vec![spread(least.collect())[..2].to_vec()];
    rounds.extend(steps.into_iter().map(|round| spread(round)[..2].to_vec()));
    row(what, SPREAD, &rounds, "ms", QUICK);
}

/// A row of something that happens once.
pub fn once_row(what: &str, measure: impl FnMut() -> f64) {
    let mut measure = measure;
    let rounds: Vec<Vec<f64>> = (0..ROUNDS).map(|_| vec![measure()]).collect();
    row(what, &["max"], &rounds, "ms", AT_ALL);
}

/// A workbench with an answer of a megabyte that is still coming.
fn answering(tab: OutputTab) -> Stage {
    let mut stage = Stage::new(&people_schema().to_string(), "everybody");
    stage.go(Pane::Output, tab);
    stage.begin();
    let text = people(MEGABYTE).to_string();
    for piece in pieces(&text[..text.len() - 2], 4096) {
        stage.delta(&piece);
    }
    stage
}

/// A workbench with an answer of a megabyte that is whole.
fn answered(tab: OutputTab) -> Stage {
    let mut stage = Stage::new(&people_schema().to_string(), "everybody");
    stage.go(Pane::Output, tab);
    stage.begin();
    let value = people(MEGABYTE);
    let text = value.to_string();
    for piece in pieces(&text, 4096) {
        stage.delta(&piece);
    }
    stage.judged(&text, value);
    stage
}

/// What `update` takes.
pub fn update() {
    typing();
    for tab in [OutputTab::Fields, OutputTab::Raw] {
        let mut stage = answering(tab);
        let name = format!("update: a delta into 1 MB, {}", tab.title());
        spread_row(&name, || {
            let text = people(8_000).to_string();
            pieces(&format!(",{}", &text[11..text.len() - 2]), 4)
                .iter()
                .map(|piece| stage.delta(piece))
                .collect()
        });
    }
    for tab in OutputTab::ALL {
        let mut stage = answered(tab);
        let name = format!("update: a key in 1 MB, {}", tab.title());
        spread_row(&name, || {
            (0..200).map(|at| stage.keys(["j", "j", "k"][at % 3])).collect()
        });
    }
    once_row("update: 1 MB judged", || {
        let mut stage = answering(OutputTab::Fields);
        let value = people(MEGABYTE);
        stage.delta("]}");
        stage.judged(&value.to_string(), value)
    });
    let mut stage = answered(OutputTab::Fields);
    once_row("update: 1 MB, the tab Raw opened", || {
        stage.model.raw = formwork::workbench::panes::raw::RawPane::default();
        stage.keys("]").max(stage.keys("["))
    });
    for (tab, what) in [(OutputTab::Fields, "Fields"), (OutputTab::Raw, "Raw")] {
        let mut stage = answered(tab);
        once_row(&format!("update: a search in 1 MB, {what}"), || {
            let typed = stage.keys("/note");
            typed.max(stage.key(KeyCode::Enter)).max(stage.keys("nnN"))
        });
    }
}

fn typing() {
    let schema = long_schema(MEGABYTE);
    let mut stage = Stage::new(&schema, "everybody");
    stage.keys("1Gi");
    spread_row("update: a key typed into a 1 MB schema", || {
        let keys = (0..30).map(|at| {
            if at % 2 == 0 {
                stage.keys(" ")
            } else {
                stage.key(KeyCode::Backspace)
            }
        });
        keys.collect()
    });
    row(
        "update: that schema checked",
        &["max"],
        &[vec![stage.effects]],
        "ms",
        AT_ALL,
    );
    let text = letter(MEGABYTE);
    let mut stage = Stage::new("name", &text);
    stage.keys("2i");
    spread_row("update: a key typed into a 1 MB input", || {
        let keys = (0..200).map(|at| {
            if at % 2 == 0 {
                stage.keys("x")
            } else {
                stage.key(KeyCode::Backspace)
            }
        });
        keys.collect()
    });
    for (what, text) in [
        ("1 MB pasted into the input", letter(MEGABYTE)),
        ("10 MB pasted into the input", letter(10 * MEGABYTE)),
        ("a line of 1 MB pasted into the input", "x".repeat(MEGABYTE)),
    ] {
        once_row(&format!("update: {what}"), || {
            let mut stage = Stage::new("name", "before");
            stage.keys("2i");
            let pasted = stage.event(Event::Paste(text.clone()));
            let back = stage.key(KeyCode::Esc).max(stage.keys("u"));
            pasted.max(back)
        });
    }
    once_row("update: 1 MB pasted into the schema", || {
        let mut stage = Stage::new("", "before");
        stage.keys("1i");
        stage.event(Event::Paste(schema.clone()))
    });
}

/// What a frame takes.
pub fn draw() {
    for tab in [OutputTab::Fields, OutputTab::Raw] {
        let mut stage = answered(tab);
        scrolled(&mut stage, &format!("draw: 1 MB scrolled, {}", tab.title()));
        let mut stage = answering(tab);
        spread_row(&format!("draw: 1 MB growing, {}", tab.title()), || {
            let text = people(4_000).to_string();
            let pieces = pieces(&format!(",{}", &text[11..text.len() - 2]), 8);
            let frames = pieces.iter().map(|piece| {
                stage.delta(piece);
                stage.draw()
            });
            frames.collect()
        });
    }
    let mut stage = Stage::new(&people_schema().to_string(), &letter(MEGABYTE));
    stage.go(Pane::Output, OutputTab::Wire);
    stage.begin();
    scrolled(&mut stage, "draw: Wire with an input of 1 MB");
    let mut stage = Stage::new(&long_schema(MEGABYTE), &letter(MEGABYTE));
    stage.go(Pane::Output, OutputTab::Wire);
    stage.begin();
    scrolled(&mut stage, "draw: Wire with a schema of 1 MB");
    for (pane, what) in [(Pane::Schema, "Schema"), (Pane::Input, "Input")] {
        stage.go(pane, OutputTab::Wire);
        scrolled(&mut stage, &format!("draw: {what} with 1 MB"));
    }
    let mut stage = Stage::new("name", &letter(10 * MEGABYTE));
    stage.go(Pane::Input, OutputTab::Fields);
    scrolled(&mut stage, "draw: Input with 10 MB");
    let mut stage = Stage::new("name", &"Ada, ".repeat(MEGABYTE / 5));
    stage.go(Pane::Input, OutputTab::Fields);
    scrolled(&mut stage, "draw: Input with a line of 1 MB");
    let mut stage = Stage::new("name", &"Ada, ".repeat(12_000));
    stage.go(Pane::Input, OutputTab::Fields);
    scrolled(&mut stage, "draw: Input with a line of 60 kB");
}

fn scrolled(stage: &mut Stage, what: &str) {
    let keys = "jjdjjjdjjkdjjGkkdkukdjg";
    spread_row(what, || {
        stage.keys("g");
        let frames = keys.chars().cycle().take(200).map(|key| {
            if key == 'd' {
                stage.key(KeyCode::PageDown);
            } else if key == 'u' {
                stage.key(KeyCode::PageUp);
            } else {
                stage.keys(&key.to_string());
            }
            stage.draw()
        });
        frames.collect()
    });
}

/// Two thousand properties.
pub fn wide() {
    let (schema, answer) = wide_texts(2000);
    let (schema, text) = (serde_json::to_string_pretty(&schema).unwrap(), answer.to_string());
    let mut stage = Stage::new(&schema, "everybody");
    stage.keys("1Gi");
    stage.effects = 0.0;
    spread_row("update: a key typed, 2,000 properties", || {
        let keys = (0..50).map(|at| {
            if at % 2 == 0 {
                stage.keys(" ")
            } else {
                stage.key(KeyCode::Backspace)
            }
        });
        keys.collect()
    });
    row(
        "update: 2,000 properties checked",
        &["max"],
        &[vec![stage.effects]],
        "ms",
        AT_ALL,
    );
    stage.key(KeyCode::Esc);
    scrolled(&mut stage, "draw: Schema, 2,000 properties");
    stage.go(Pane::Output, OutputTab::Fields);
    scrolled(&mut stage, "draw: Fields, 2,000 properties waiting");
    spread_row("update: a delta, 2,000 properties", || {
        let mut stage = Stage::new(&schema, "everybody");
        stage.go(Pane::Output, OutputTab::Fields);
        stage.begin();
        pieces(&text, 4).iter().map(|piece| stage.delta(piece)).collect()
    });
    once_row("update: 2,000 properties judged", || {
        let mut stage = Stage::new(&schema, "everybody");
        stage.go(Pane::Output, OutputTab::Fields);
        stage.begin();
        stage.delta(&text);
        stage.judged(&text, answer.clone())
    });
}

/// A hundred thousand items.
pub fn many() {
    let (schema, answer) = numbers(100_000);
    let (schema, text) = (schema.to_string(), answer.to_string());
    let fresh = || {
        let mut stage = Stage::new(&schema, "everybody");
        stage.go(Pane::Output, OutputTab::Fields);
        stage.begin();
        stage
    };
    spread_row("update: a delta, to 100,000 items", || {
        let mut stage = fresh();
        pieces(&text, 16).iter().map(|piece| stage.delta(piece)).collect()
    });
    once_row("update: 100,000 items in one delta", || fresh().delta(&text));
    once_row("update: 100,000 items judged", || {
        let mut stage = fresh();
        stage.delta(&text);
        stage.judged(&text, answer.clone())
    });
    let mut stage = fresh();
    stage.delta(&text);
    stage.judged(&text, answer.clone());
    once_row("update: 100,000 items folded and unfolded", || {
        stage.keys("zm");
        stage.keys("zm").max(stage.keys("zr"))
    });
    once_row("update: 100,000 items searched", || {
        let typed = stage.keys("/99999");
        typed.max(stage.key(KeyCode::Enter)).max(stage.keys("nN"))
    });
    scrolled(&mut stage, "draw: Fields, 100,000 items");
}
