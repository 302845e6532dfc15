//! What a run says of itself on stderr, one line for each thing worth knowing: fallbacks, re-asks, retries, repairs and the end.
//!
//! Owns the wording. Pure: events and the record in, lines out; drawing them (and the sanitiser) is `live`'s.

use crate::event::RunEvent;
use crate::extract::prompt::cut;
use crate::record::RunRecord;
use crate::session::whatif::Difference;
use crate::verdict::{Outcome, Repair, Risk};
use crate::words;
use std::collections::BTreeMap;
use std::path::Path;

/// Bytes of a reason that still fit a line.
const REASON: usize = 300;

/// The line for an event, if it is worth one. `run` is the record after the event.
pub fn line(event: &RunEvent, run: &RunRecord) -> Option<String> {
    match event {
        RunEvent::Started { .. } => started(run),
        RunEvent::Attempt { mode, why, reason, .. } => {
            let what = words::step(*why, *mode)?;
            Some(format!("{what}: {}", cut(reason, REASON)))
        }
        RunEvent::Waiting { ms, reason, .. } => Some(format!("waiting {:.1} s: {}", seconds(*ms), cut(reason, REASON))),
        RunEvent::Judged { errors, repairs, .. } => judged(errors.len(), repairs),
        RunEvent::Draft(_)
        | RunEvent::Progress { .. }
        | RunEvent::Opened { .. }
        | RunEvent::Routed { .. }
        | RunEvent::Delta { .. }
        | RunEvent::Closed { .. }
        | RunEvent::Ended { .. }
        | RunEvent::Unknown => None,
    }
}

/// Only a plan that passes something over is worth a line of its own.
fn started(run: &RunRecord) -> Option<String> {
    let first = run.plan.first()?;
    first
        .reason
        .contains("passed over")
        .then(|| format!("starting with {}: {}", first.mode, first.reason))
}

fn judged(errors: usize, repairs: &[Repair]) -> Option<String> {
    if repairs.is_empty() {
        return None;
    }
    let mut kinds: BTreeMap<(String, Risk), (usize, u64)> = BTreeMap::new();
    for repair in repairs {
        let entry = kinds
            .entry((words::repair(repair.kind), repair.risk))
            .or_insert((0, repair.offset));
        entry.0 += 1;
    }
    let parts: Vec<String> = kinds
        .into_iter()
        .map(|((name, risk), (count, offset))| {
            let guess = if risk == Risk::Guess { ", a guess" } else { "" };
            let times = if count > 1 {
                format!("{count}× ")
            } else {
                String::new()
            };
            format!("{times}{name} (byte {offset}{guess})")
        })
        .collect();
    let still = if errors > 0 { "; still not valid" } else { "" };
    Some(format!("repaired: {}{still}", parts.join(", ")))
}

/// The last line: how the run ended and what it spent.
pub fn ended(run: &RunRecord, session: Option<&Path>) -> Option<String> {
    let ended = run.ended.as_ref()?;
    let mode = run
        .attempt()
        .map_or_else(String::new, |attempt| format!(" · {}", attempt.mode));
    let session = session.map_or_else(String::new, |path| format!(" · session {}", path.display()));
    let reason = cut(&ended.reason, 4 * REASON);
    let outcome = match ended.outcome {
        // Their reasons say it.
        Outcome::Valid | Outcome::Invalid | Outcome::Cancelled => String::new(),
        Outcome::Refused | Outcome::Failed => format!("{}: ", ended.outcome),
    };
    let spent = words::spent(&run.totals).join(" · ");
    Some(format!("{outcome}{reason}{mode} · {spent}{session}"))
}

/// Where a verdict of now is other than the recorded one.
pub fn difference(difference: &Difference) -> String {
    let Difference {
        run,
        attempt,
        pointer,
        recorded,
        now,
    } = difference;
    let attempt = match attempt {
        0 => String::new(),
        number => format!(", attempt {number}"),
    };
    let place = if pointer.is_empty() { "the whole" } else { pointer };
    format!("run {run}{attempt}: {place}: recorded {recorded}; now {now}")
}

fn seconds(ms: u64) -> f64 {
    ms as f64 / 1000.0
}
