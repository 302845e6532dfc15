//! What a run says of itself on stderr, one line for each thing worth knowing: fallbacks, re-asks, retries, repairs and the end.
//!
//! Owns the wording. Pure: events and the record in, lines out; drawing them (and the sanitiser) is `live`'s.

use crate::cli::live::dollars;
use crate::event::{RunEvent, Why};
use crate::extract::prompt::cut;
use crate::record::RunRecord;
use crate::verdict::{Outcome, Repair, Risk, Totals};
use std::collections::BTreeMap;
use std::path::Path;

/// Bytes of a reason that still fit a line.
const REASON: usize = 300;

/// The line for an event, if it is worth one. `run` is the record after the event.
pub fn line(event: &RunEvent, run: &RunRecord) -> Option<String> {
    match event {
        RunEvent::Started { .. } => started(run),
        RunEvent::Attempt { mode, why, reason, .. } => {
            let what = match why {
                Why::First => return None,
                Why::Fallback => format!("falling back to {mode}"),
                Why::Reask => format!("re-asking ({mode})"),
                Why::Retry => format!("trying again ({mode})"),
                Why::Longer => format!("asking for a longer answer ({mode})"),
                Why::Reduced => format!("asking in another way ({mode})"),
            };
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
        let name = serde_json::to_value(repair.kind).ok()?.as_str()?.replace('_', " ");
        let entry = kinds.entry((name, repair.risk)).or_insert((0, repair.offset));
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
    Some(format!("{outcome}{reason}{mode} · {}{session}", spent(&run.totals)))
}

/// Totals in words.
pub fn spent(totals: &Totals) -> String {
    let requests = if totals.attempts == 1 {
        "1 request".into()
    } else {
        format!("{} requests", totals.attempts)
    };
    let tokens = totals.usage.prompt.saturating_add(totals.usage.completion);
    let tokens = if tokens == 0 {
        String::new()
    } else {
        format!(" · {tokens} tokens")
    };
    let cost = totals.usage.cost.map_or_else(String::new, |cost| {
        let computed = if totals.usage.computed { " by list price" } else { "" };
        format!(" · {}{computed}", dollars(cost))
    });
    format!("{requests}{tokens}{cost} · {:.1} s", seconds(totals.ms))
}

fn seconds(ms: u64) -> f64 {
    ms as f64 / 1000.0
}
