//! The incremental reader against others: a document in four-character pieces, each piece read when it is there.
//!
//! Owns the rounds and the three peers: one `serde_json` parse of the whole as the yardstick, `jsonmodem` as the other incremental
//! parser, and `jiter` over everything so far at each piece, which is how partial answers are read in Python. Prints a line of JSON
//! for each document: its name, its bytes, and the seconds that each took, the best of many rounds; what would take minutes is left out.

#[path = "../../reader/documents.rs"]
mod documents;

use documents::{QUOTING, long_string, records};
use formwork::json::reader::{Limits, Reader, State, Tolerance};
use jiter::{JsonValue, PartialMode};
use jsonmodem::{ParserOptions, StreamingParser};
use serde_json::{Value, json};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Characters of a piece.
const CHARS: usize = 4;

/// The longest document that is read anew at each piece, in bytes.
const ANEW: usize = 100_500;

/// The longest string that is given to `jsonmodem`, whose work on one grows with the square of its length.
const LONG: usize = 100_500;

fn main() {
    for (name, bytes) in [("20 kB", 20_000), ("100 kB", 100_000), ("1 MB", 1_000_000)] {
        row(&format!("records, {name}"), &records(bytes), false);
        row(&format!("one string, {name}"), &long_string(QUOTING, bytes), true);
    }
}

fn row(name: &str, text: &str, string: bool) {
    let pieces = pieces(text);
    let rounds = (20_000_000 / text.len()).clamp(9, 400);
    let best = |rounds: usize, work: &dyn Fn()| (0..rounds).map(|_| time(work)).min().map(|time| time.as_secs_f64());
    let whole = best(rounds, &|| drop(black_box(serde_json::from_str::<Value>(black_box(text)))));
    let own = best(rounds, &|| drop(black_box(formwork(&pieces))));
    let modem = (!string || text.len() < LONG).then(|| best(rounds.min(9), &|| drop(black_box(modem(&pieces)))));
    let anew = (text.len() < ANEW).then(|| best(2, &|| anew(text, &pieces)));
    let line = json!({
        "document": name, "bytes": text.len(), "serde_json": whole, "formwork": own,
        "jsonmodem": modem.flatten(), "jiter": anew.flatten(),
    });
    println!("{line}");
}

fn time(work: &dyn Fn()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// A text in pieces of so many characters.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.char_indices().nth(CHARS).map_or(rest.len(), |(at, _)| at);
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// formwork's reader, whose tree holds the value at every moment.
fn formwork(pieces: &[&str]) -> Reader {
    let mut reader = Reader::new(Tolerance::Lenient, Limits::default());
    pieces.iter().for_each(|piece| reader.push_str(piece));
    reader.finish();
    assert_eq!(reader.state(), State::Complete);
    reader
}

/// Events only, without the values they add up to.
fn modem(pieces: &[&str]) -> usize {
    let mut parser = StreamingParser::new(ParserOptions::default());
    let mut events = 0;
    for piece in pieces {
        parser.feed(piece);
        for event in &mut parser {
            black_box(event.ok());
            events += 1;
        }
    }
    events + parser.finish().count()
}

/// Everything so far, at each piece.
fn anew(text: &str, pieces: &[&str]) {
    let mut end = 0;
    for piece in pieces {
        end += piece.len();
        let value = JsonValue::parse_with_config(&text.as_bytes()[..end], false, PartialMode::TrailingStrings);
        drop(black_box(value));
    }
}
