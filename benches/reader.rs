//! What reading a stream costs: a document in four-byte pieces, as bytes and as text, against one `serde_json` parse of the whole.
//!
//! Prints a table of ratios; an argument picks the rows whose names contain it. The gates are 2 for 20 kB of records, 1.5 for 1 and
//! 10 MB of them, and 4 for 10 MB of the string with many escapes. The other strings show what a chunk costs where the whole is
//! little more than one copy.
#![expect(clippy::print_stdout, reason = "a benchmark's result is its output")]

#[path = "reader/documents.rs"]
mod documents;

use documents::{CHINESE, PROSE, QUOTING, long_string, records};
use formwork::json::reader::{Limits, Reader, State, Tolerance};
use serde_json::Value;
use std::hint::black_box;
use std::time::{Duration, Instant};

fn main() {
    println!(
        "{:<16}{:>12}{:>14}{:>14}{:>9}{:>14}{:>9}",
        "document", "bytes", "serde_json", "four bytes", "ratio", "as text", "ratio"
    );
    for (name, bytes) in [
        ("20 kB", 20_000),
        ("100 kB", 100_000),
        ("1 MB", 1_000_000),
        ("10 MB", 10_000_000),
    ] {
        row(&format!("records {name}"), &records(bytes));
    }
    for (name, bytes) in [("20 kB", 20_000), ("1 MB", 1_000_000), ("10 MB", 10_000_000)] {
        row(&format!("string {name}"), &long_string(QUOTING, bytes));
        row(&format!("prose {name}"), &long_string(PROSE, bytes));
        row(&format!("chinese {name}"), &long_string(CHINESE, bytes));
    }
}

fn row(name: &str, text: &str) {
    let only = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    if only.is_some_and(|only| !name.contains(&only)) {
        return;
    }
    let rounds = (100_000_000 / text.len()).clamp(15, 1000);
    let (mut whole, mut pieces, mut texts) = (Duration::MAX, Duration::MAX, Duration::MAX);
    // In turns, and the best of many: a busy moment of the machine then counts for neither.
    for _ in 0..rounds {
        whole = whole.min(time(|| serde_json::from_str::<Value>(black_box(text))));
        pieces = pieces.min(time(|| read(black_box(text))));
        texts = texts.min(time(|| read_text(black_box(text))));
    }
    let ratio = |taken: Duration| taken.as_secs_f64() / whole.as_secs_f64();
    let (by_bytes, by_text, bytes) = (ratio(pieces), ratio(texts), text.len());
    println!("{name:<16}{bytes:>12}{whole:>14.1?}{pieces:>14.1?}{by_bytes:>8.2}×{texts:>14.1?}{by_text:>8.2}×");
}

/// The time of one round, without that of freeing what it made.
fn time<T>(work: impl Fn() -> T) -> Duration {
    let start = Instant::now();
    let made = black_box(work());
    let taken = start.elapsed();
    drop(made);
    taken
}

fn read(text: &str) -> Reader {
    let mut reader = Reader::new(Tolerance::Lenient, Limits::default());
    text.as_bytes().chunks(4).for_each(|piece| reader.push(piece));
    reader.finish();
    assert_eq!(reader.state(), State::Complete);
    reader
}

/// The same as a run does it: what a server sends has been decoded to text, so that pieces end between letters.
fn read_text(text: &str) -> Reader {
    let mut reader = Reader::new(Tolerance::Lenient, Limits::default());
    let mut rest = text;
    while !rest.is_empty() {
        let end = (rest.len().min(4)..rest.len()).find(|end| rest.is_char_boundary(*end));
        let (piece, after) = rest.split_at(end.unwrap_or(rest.len()));
        reader.push_str(piece);
        rest = after;
    }
    reader.finish();
    assert_eq!(reader.state(), State::Complete);
    reader
}
