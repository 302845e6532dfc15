//! The browser of sessions with ten thousand of them.
//!
//! Owns the list: titles as long as sentences, and as many words of each session as the store keeps.

use crate::inside::{once_row, spread_row};
use crate::stage::Stage;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use formwork::workbench::effect::Answer;
use formwork::workbench::overlays::{SessionList, SessionRow, Source};
use formwork::workbench::update::Event;
use std::path::PathBuf;

const SESSIONS: usize = 10_000;

const OUTCOMES: [&str; 5] = ["valid", "invalid", "refused", "failed", "cancelled"];

fn list() -> SessionList {
    let words = [
        "invoice", "letter", "person", "street", "total", "amount", "city", "note",
    ];
    let sentence = |at: usize, count: usize| {
        let some = (0..count).map(|word| words[(at * 7 + word * 3 + word * word) % words.len()]);
        some.collect::<Vec<_>>().join(" ")
    };
    let row = |at: usize| SessionRow {
        source: Source::File(PathBuf::from(format!("20261127-{at:06}.jsonl"))),
        title: format!("{} {at}", sentence(at, 8)),
        titled: true,
        when: format!("{at} h ago"),
        model: format!("acme/model-{}", at % 7),
        mode: "structured".into(),
        outcome: OUTCOMES[at % OUTCOMES.len()],
        cost: "$0.0012".into(),
        tokens: "853".into(),
        runs: 1,
        search: format!("{} number {at}", sentence(at + 1, 48)),
    };
    SessionList {
        rows: (0..SESSIONS).map(row).collect(),
        ..SessionList::default()
    }
}

/// What opening, typing and filtering take.
pub fn browsing() {
    let list = list();
    let mut stage = Stage::new("{}", "");
    once_row("update: 10,000 sessions, opened", || {
        stage.keys("S");
        let took = stage.event(Event::Answer(Box::new(Answer::Sessions(list.clone()))));
        stage.key(KeyCode::Esc);
        took
    });
    stage.keys("S");
    stage.event(Event::Answer(Box::new(Answer::Sessions(list))));
    spread_row("update: 10,000 sessions, a key typed", || {
        let typed = "invoice total 99".chars().map(|c| stage.key(KeyCode::Char(c)));
        let mut took: Vec<f64> = typed.collect();
        took.extend((0..16).map(|_| stage.key(KeyCode::Backspace)));
        took
    });
    spread_row("update: 10,000 sessions, a filter", || {
        let alt = |letter| KeyEvent::new(KeyCode::Char(letter), KeyModifiers::ALT);
        "virfcm"
            .chars()
            .cycle()
            .take(24)
            .map(|letter| stage.event(Event::Key(alt(letter))))
            .collect()
    });
}
