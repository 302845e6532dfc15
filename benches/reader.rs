//! What reading a stream costs: a document in four-byte pieces against one `serde_json` parse of the whole.
//!
//! Prints a table of ratios. The gates are 2 for 20 kB of records, 1.5 for 1 and 10 MB, and 4 for 10 MB of one string.
#![expect(clippy::print_stdout, reason = "a benchmark's result is its output")]

use formwork::json::reader::{Limits, Reader, State, Tolerance};
use serde_json::{Value, json};
use std::hint::black_box;
use std::time::{Duration, Instant};

fn main() {
    println!(
        "{:<16}{:>12}{:>14}{:>14}{:>9}",
        "document", "bytes", "serde_json", "four bytes", "ratio"
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
        row(&format!("string {name}"), &long_string(bytes));
    }
}

fn row(name: &str, text: &str) {
    let rounds = (20_000_000 / text.len()).clamp(3, 200);
    let whole = || drop(black_box(serde_json::from_str::<Value>(black_box(text))));
    let pieces = || drop(black_box(read(black_box(text))));
    let (mut best_whole, mut best_pieces) = (Duration::MAX, Duration::MAX);
    // In turns, so that a busy moment of the machine hits both.
    for _ in 0..7 {
        best_whole = best_whole.min(time(rounds, whole));
        best_pieces = best_pieces.min(time(rounds, pieces));
    }
    let ratio = best_pieces.as_secs_f64() / best_whole.as_secs_f64();
    let bytes = text.len();
    println!("{name:<16}{bytes:>12}{best_whole:>14.1?}{best_pieces:>14.1?}{ratio:>8.2}×");
}

fn time(rounds: usize, work: impl Fn()) -> Duration {
    let start = Instant::now();
    (0..rounds).for_each(|_| work());
    start.elapsed() / rounds as u32
}

fn read(text: &str) -> Reader {
    let mut reader = Reader::new(Tolerance::Lenient, Limits::default());
    text.as_bytes().chunks(4).for_each(|piece| reader.push(piece));
    reader.finish();
    assert_eq!(reader.state(), State::Complete);
    reader
}

/// An array of mixed records, about `bytes` long.
fn records(bytes: usize) -> String {
    let mut text = String::from("[");
    for number in 0_usize.. {
        if text.len() >= bytes {
            break;
        }
        let record = json!({
            "id": number,
            "name": format!("Ada Lovelace {number}"),
            "email": format!("ada{number}@example.org"),
            "score": number as f64 * 0.37,
            "active": number.is_multiple_of(3),
            "tags": ["alpha", "beta", format!("t{}", number % 17)],
            "address": {"street": "12 St James's Square", "city": "London", "zip": null},
            "note": "She wrote \"Note G\".\nThe first of its kind.",
        });
        if number > 0 {
            text.push(',');
        }
        text.push_str(&record.to_string());
    }
    text + "]"
}

/// One long string with some escapes.
fn long_string(bytes: usize) -> String {
    let line = "The quick brown fox jumps over the lazy dog, says \"the book\" — twice.\n";
    json!({ "text": line.repeat(bytes / line.len()) }).to_string()
}
