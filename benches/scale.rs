//! Cost against size: the reader, the tree of fields, the journal, the list of sessions and everything about schemas, each from a size
//! to a thousand times that.
//!
//! Prints the times, how much dearer each step of ten is, and the power of the size by which the cost grows over the whole way; an
//! argument picks the rows whose names contain it. Linear is the power 1, a quadratic would be 2, a million times the cost for a
//! thousand times the size. Where data outgrow the processor's caches each byte costs more though no more is done, up to twice in a
//! step of ten: so much is let pass, and what is more is marked. A mark is a reason to count instructions (`valgrind
//! --tool=callgrind`) for two sizes, and to mend what then grows faster than the size. What is measured is the best of some rounds, so
//! that another program's work counts for nothing.
//!
//! Judging by very many patterns is marked: a compiled pattern has some kilobytes, of ten all stay in the nearest cache, of ten
//! thousand none. Its instructions grow with the number.
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
const STEP: f64 = 25.0;

/// The power of the size by which the cost may grow.
const POWER: f64 = 1.15;

fn main() {
    println!(
        "{:<42}{:>44}{:>26}{:>8}",
        "", "1×, 10×, 100×, 1000×", "each step of ten", "power"
    );
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
    let power = (times[3] / times[0]).ln() / 1000_f64.ln();
    let linear = power <= POWER && steps.iter().all(|step| *step <= STEP);
    let verdict = if linear { "" } else { "  STEEPER" };
    println!(
        "{name:<42}{:>44}{:>26}{power:>8.2}{verdict}",
        shown.join(" "),
        ratios.join(" ")
    );
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
