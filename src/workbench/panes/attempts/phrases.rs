//! What is said of one attempt in a few words: why it was made, who served it, its figures.
//!
//! Owns the wording alone. In which rows it stands is `rows`' business.

use super::columns::{self, Figures};
use super::rows::SENTENCE;
use crate::extract::faults;
use crate::extract::prompt::cut;
use crate::record::{AttemptRecord, RunRecord};
use crate::verdict::Violation;
use crate::words;

/// Why an attempt was made, without what the row above has just said.
pub fn reason(run: &RunRecord, index: usize) -> Option<String> {
    let attempt = &run.attempts[index];
    let reason = attempt.reason.as_str();
    let told = index
        .checked_sub(1)
        .and_then(|before| run.attempts.get(before))
        .and_then(told);
    let rest = match &told {
        Some(told) if !told.is_empty() => reason.strip_suffix(told.as_str()),
        Some(_) | None => None,
    };
    match rest {
        Some("") => Some("the model is shown its answer and the problems above".to_owned()),
        Some(rest) => Some(rest.trim_end_matches(": ").to_owned()),
        None if index == 0 && run.plan.first().is_some_and(|step| step.reason == reason) => None,
        None => Some(reason.to_owned()).filter(|reason| !reason.is_empty()),
    }
}

/// What the rows of an attempt say of its failure.
fn told(attempt: &AttemptRecord) -> Option<String> {
    if let Some(error) = attempt.verdict.as_ref().and_then(|verdict| verdict.errors.first()) {
        return Some(violation(error));
    }
    let (_, closing) = attempt.closed.as_ref()?;
    closing.error.as_ref().map(faults::describe)
}

/// Where an error is.
pub fn place(error: &Violation) -> &str {
    if error.pointer.is_empty() {
        "the whole"
    } else {
        &error.pointer
    }
}

/// An error with its place.
pub fn violation(error: &Violation) -> String {
    if error.pointer.is_empty() {
        error.message.clone()
    } else {
        format!("{}: {}", error.pointer, error.message)
    }
}

/// Who answered, and how the response began.
pub fn served(attempt: &AttemptRecord) -> String {
    let mut parts = Vec::new();
    match attempt.opened {
        Some((status, ms)) => parts.push(format!("HTTP {status} after {}", words::span(ms))),
        None => parts.push("no response yet".to_owned()),
    }
    for (label, known) in [
        ("by", &attempt.upstream),
        ("model", &attempt.served),
        ("id", &attempt.generation),
    ] {
        if let Some(known) = known {
            parts.push(format!("{label} {}", cut(known, SENTENCE)));
        }
    }
    parts.join(", ")
}

/// Every figure of an attempt, for when the columns have no room.
pub fn figures(run: &RunRecord, index: usize) -> String {
    let figures = Figures::of(run, index, 0);
    let whole = columns::end(run, index).map(|_| figures.whole);
    let tokens = figures.tokens.and_then(|tokens| {
        let (sent, answered) = tokens.split_once('/')?;
        Some(format!("{sent} tokens in, {answered} out"))
    });
    let parts = [
        figures.first.map(|first| format!("first after {first}")),
        whole.map(|whole| format!("{whole} in all")),
        tokens,
        figures.cost,
        figures.finish.map(|finish| format!("finish {finish}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
