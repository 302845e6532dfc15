//! Fuzzing: mutated texts through everything that reads what others wrote.
//!
//! A target is a list of seeds, a list of tokens and a check, which must hold for any bytes at all; `drive` mutates, measures and
//! reports. An ordinary test run takes a few hundred cases of a fixed seed. `FORMWORK_FUZZ_SECONDS=600 cargo test --release --test
//! fuzz reader -- --nocapture` gives one target ten minutes of ever new ones; `FORMWORK_FUZZ_SEED` repeats them. An input that once
//! failed is kept in `tests/fuzz/crashes/TARGET/` and comes first in every run.
//!
//! To add a target: a file below with its seeds and its check, and a test here.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

#[path = "fuzz/drive.rs"]
mod drive;
#[path = "fuzz/mutate.rs"]
mod mutate;
#[path = "fuzz/reader.rs"]
mod reader;
#[path = "fuzz/repair.rs"]
mod repair;
#[path = "fuzz/schema.rs"]
mod schema;
#[path = "fuzz/session.rs"]
mod session;
#[path = "fuzz/settings.rs"]
mod settings;
#[path = "fuzz/sse.rs"]
mod sse;

#[test]
fn reader() {
    drive::run(&reader::TARGET);
}

#[test]
fn repair() {
    drive::run(&repair::TARGET);
}

#[test]
fn sse() {
    drive::run(&sse::TARGET);
}

#[test]
fn session() {
    drive::run(&session::TARGET);
}

#[test]
fn schema() {
    drive::run(&schema::TARGET);
}

#[test]
fn shorthand() {
    drive::run(&schema::SHORTHAND);
}

#[test]
fn config() {
    drive::run(&settings::CONFIG);
}

#[test]
fn theme() {
    drive::run(&settings::THEME);
}

#[test]
fn keys() {
    drive::run(&settings::KEYS);
}
