//! Cost against size: the reader, the tree of fields, the journal, the list of sessions and everything about schemas, each from a size
//! to a thousand times that.
//!
//! Prints the times and how much dearer ten times the size is; an argument picks the rows whose names contain it. The gate is that
//! nothing is worse than linear: a step of ten in the size costs at most 13 times as much, and the whole way 1,300 times. What is
//! measured is the best of some rounds, so that another program's work counts for nothing.
#![expect(clippy::print_stdout, reason = "a benchmark's result is its output")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on must fail")]

#[path = "scale/clock.rs"]
mod clock;
#[path = "reader/documents.rs"]
#[expect(dead_code, reason = "the benchmark of the reader uses all of it")]
mod documents;
#[path = "scale/fields.rs"]
mod fields;
#[path = "scale/files.rs"]
mod files;
#[path = "scale/schemas.rs"]
mod schemas;
#[path = "workbench/screen.rs"]
#[expect(dead_code, reason = "the benchmark of the workbench uses all of it")]
mod screen;
#[path = "workbench/stage.rs"]
mod stage;
#[path = "workbench/texts.rs"]
#[expect(dead_code, reason = "the benchmark of the workbench uses all of it")]
mod texts;

use clock::Clock;
use formwork::json::reader::{Limits, Reader, Tolerance};
use std::hint::black_box;
use std::time::Duration;

/// How often each size is measured, at most; large ones less often.
const ROUNDS: u32 = 9;

/// Time after which a size is not measured again.
const ENOUGH: Duration = Duration::from_millis(1500);

/// What ten times the size may cost at most.
const STEP: f64 = 13.0;

fn main() {
    println!("{:<46}{:>44}{:>26}", "", "1×, 10×, 100×, 1000×", "each step of ten");
    reader();
    fields::fields();
    files::journal();
    files::sessions();
    schemas::schemas();
}

/// Four-byte pieces of records.
fn reader() {
    row("reader: records of 20 kB", |scale| {
        let text = documents::records(20_000 * scale);
        move || {
            let clock = Clock::start();
            let mut reader = Reader::new(Tolerance::Lenient, Limits::default());
            text.as_bytes().chunks(4).for_each(|piece| reader.push(piece));
            reader.finish();
            let taken = clock.stop();
            drop(black_box(reader));
            taken
        }
    });
}

/// A row: `prepare` is given 1, 10, 100 and 1000 and gives a round of that size, which tells its own time.
fn row<R: FnMut() -> Duration>(name: &str, prepare: impl Fn(usize) -> R) {
    let only = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    if only.is_some_and(|only| !name.contains(&only)) {
        return;
    }
    let times = [1, 10, 100, 1000].map(|scale| best(prepare(scale)).as_secs_f64());
    let steps: Vec<f64> = times.windows(2).map(|pair| pair[1] / pair[0]).collect();
    let shown: Vec<String> = times
        .iter()
        .map(|time| format!("{:.1?}", Duration::from_secs_f64(*time)))
        .collect();
    let ratios: Vec<String> = steps.iter().map(|step| format!("{step:.1}×")).collect();
    let worst = steps.iter().copied().fold(times[3] / times[0] / 100.0, f64::max);
    let verdict = if worst > STEP { "  NOT LINEAR" } else { "" };
    println!("{name:<42}{:>44}{:>26}{verdict}", shown.join(" "), ratios.join(" "));
}

fn best(mut round: impl FnMut() -> Duration) -> Duration {
    let (mut least, mut all) = (Duration::MAX, Duration::ZERO);
    for _ in 0..ROUNDS {
        let taken = round();
        least = least.min(taken);
        all += taken;
        if all > ENOUGH {
            break;
        }
    }
    least
}
