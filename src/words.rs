//! The words for the facts and figures of a run, the same on stderr and in the workbench.
//!
//! Owns wording only. Which of them are shown where, and how they are drawn, is the fronts'.

use crate::event::{FaultClass, Phase, Why};
use crate::record::{Progress, RunRecord};
use crate::task::Mode;
use crate::verdict::{Channel, Enforcer, RepairKind, Totals};

/// Money as people read it: two places from a dollar up, four from a cent up, six below.
pub fn dollars(amount: f64) -> String {
    if amount == 0.0 {
        "$0".to_owned()
    } else if amount >= 1.0 {
        format!("${amount:.2}")
    } else if amount >= 0.01 {
        format!("${amount:.4}")
    } else {
        format!("${amount:.6}")
    }
}

/// A span as a line on stderr has it: `0.4s`, `12.3s`, `2m05s`.
pub fn seconds(ms: u64) -> String {
    let tenths = ms / 100;
    if ms < 60_000 {
        return format!("{}.{}s", tenths / 10, tenths % 10);
    }
    let whole = ms / 1000;
    format!("{}m{:02}s", whole / 60, whole % 60)
}

/// A measured span: `0.31 s`, `1.2 s`, `12.3 s`, `2m05s`.
pub fn span(ms: u64) -> String {
    match ms {
        0..1000 => format!("0.{:02} s", ms / 10),
        1000..60_000 => format!("{}.{} s", ms / 1000, ms / 100 % 10),
        _ => seconds(ms),
    }
}

/// A span that runs: tenths below ten seconds, whole seconds after, so that it changes seldom.
pub fn running(ms: u64) -> String {
    match ms {
        0..10_000 => format!("{}.{} s", ms / 1000, ms / 100 % 10),
        10_000..60_000 => format!("{} s", ms / 1000),
        _ => seconds(ms),
    }
}

/// Milliseconds until [`running`] of a growing span reads otherwise.
pub const fn running_changes_in(ms: u64) -> u64 {
    let step = if ms < 10_000 { 100 } else { 1000 };
    step - ms % step
}

/// The same of a span that shrinks; `None` once it is over.
pub const fn shrinking_changes_in(ms: u64) -> Option<u64> {
    match ms {
        0..100 => None,
        100..10_000 => Some(ms % 100 + 1),
        _ => Some(ms % 1000 + 1),
    }
}

/// A number with its noun: `1 problem`, `2 problems`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// What a run has spent: requests, tokens, money and time, as far as they are known.
pub fn spent(totals: &Totals) -> Vec<String> {
    let mut parts = vec![count(totals.attempts as usize, "request")];
    let tokens = totals.usage.prompt.saturating_add(totals.usage.completion);
    if tokens > 0 {
        parts.push(format!("{tokens} tokens"));
    }
    if let Some(cost) = totals.usage.cost {
        let computed = if totals.usage.computed { " by list price" } else { "" };
        parts.push(format!("{}{computed}", dollars(cost)));
    }
    parts.push(format!("{:.1} s", totals.ms as f64 / 1000.0));
    parts
}

/// What an attempt after another does; nothing for the first.
pub fn step(why: Why, mode: Mode) -> Option<String> {
    Some(match why {
        Why::First => return None,
        Why::Fallback => format!("falling back to {mode}"),
        Why::Reask => format!("re-asking ({mode})"),
        Why::Retry => format!("trying again ({mode})"),
        Why::Longer => format!("asking for a longer answer ({mode})"),
        Why::Reduced => format!("asking in another way ({mode})"),
    })
}

/// The reason's word for people.
pub const fn why(why: Why) -> &'static str {
    match why {
        Why::Reask => "re-ask",
        Why::First | Why::Fallback | Why::Retry | Why::Longer | Why::Reduced => why.as_str(),
    }
}

/// A repair's name: the stored word with spaces.
pub fn repair(kind: RepairKind) -> String {
    stored(kind)
}

/// A fault class's name: the stored word with spaces.
pub fn fault(class: FaultClass) -> String {
    stored(class)
}

fn stored(word: impl serde::Serialize) -> String {
    match serde_json::to_value(word) {
        Ok(serde_json::Value::String(word)) => word.replace('_', " "),
        Ok(_) | Err(_) => String::new(),
    }
}

/// Who enforces a keyword of the schema, in words.
pub const fn enforcer(enforcer: Enforcer) -> &'static str {
    match enforcer {
        Enforcer::Server => "still enforced by the server",
        Enforcer::Hint => "told to the model, judged here",
        Enforcer::Local => "judged here only",
    }
}

/// What a run does at the moment, in two or three words; a wait says how long elsewhere.
pub fn doing(run: &RunRecord) -> String {
    if let Some(ended) = &run.ended {
        return ended.outcome.to_string();
    }
    if run.waiting.is_some() {
        return "waiting".into();
    }
    if let Some(progress) = run.progress {
        return progressing(progress);
    }
    let Some(attempt) = run.attempt() else {
        return "planning".into();
    };
    let streams = &attempt.answer.streams;
    if attempt.closed.is_some() {
        "reading the answer"
    } else if attempt.pieces.is_some() && streams.iter().all(|stream| stream.channel == Channel::Reasoning) {
        "thinking"
    } else if attempt.pieces.is_some() {
        "answering"
    } else if attempt.opened.is_some() {
        "waiting for the first token"
    } else {
        "connecting"
    }
    .into()
}

/// Something slow under way: `fetching weights 12 of 98 MB`.
fn progressing(progress: Progress) -> String {
    let Progress { phase, done, total } = progress;
    let (what, unit, divisor) = match phase {
        Phase::Fetch => ("fetching weights", " MB", 1_000_000),
        Phase::Load => ("loading weights", " MB", 1_000_000),
        Phase::Prompt => ("reading the prompt", " tokens", 1),
    };
    let done = done / divisor;
    match total / divisor {
        0 => format!("{what} {done}{unit}"),
        total => format!("{what} {done} of {total}{unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures() {
        assert_eq!(
            [seconds(0), seconds(59_999), seconds(60_000), seconds(125_000)],
            ["0.0s", "59.9s", "1m00s", "2m05s"]
        );
        assert_eq!(
            [span(0), span(312), span(1_250), span(12_345), span(125_000)],
            ["0.00 s", "0.31 s", "1.2 s", "12.3 s", "2m05s"]
        );
        assert_eq!(
            [
                running(0),
                running(9_999),
                running(10_000),
                running(59_999),
                running(60_000)
            ],
            ["0.0 s", "9.9 s", "10 s", "59 s", "1m00s"]
        );
        assert_eq!(
            [dollars(0.0), dollars(0.00004), dollars(12.5)],
            ["$0", "$0.000040", "$12.50"]
        );
        assert_eq!(
            [repair(RepairKind::MissingComma), fault(FaultClass::ModeUnsupported)],
            ["missing comma", "mode unsupported"]
        );
    }

    /// A clock that wakes as often as it is told to shows every text, and wakes for nothing.
    #[test]
    fn running_spans_change_when_they_say() {
        for ms in (0..12_000).chain(58_000..62_000).step_by(7) {
            let wait = running_changes_in(ms);
            assert_eq!(running(ms), running(ms + wait - 1), "{ms}");
            assert_ne!(running(ms), running(ms + wait), "{ms}");
            let Some(wait) = shrinking_changes_in(ms) else {
                continue;
            };
            assert_eq!(running(ms), running(ms - (wait - 1)), "{ms}");
            assert_ne!(running(ms), running(ms - wait), "{ms}");
        }
    }

    #[test]
    fn progress_in_words() {
        let table = [
            (Phase::Fetch, 12_400_000, 98_000_000, "fetching weights 12 of 98 MB"),
            (Phase::Fetch, 12_400_000, 0, "fetching weights 12 MB"),
            (Phase::Load, 98_000_000, 98_000_000, "loading weights 98 of 98 MB"),
            (Phase::Prompt, 128, 412, "reading the prompt 128 of 412 tokens"),
        ];
        for (phase, done, total, expected) in table {
            assert_eq!(progressing(Progress { phase, done, total }), expected);
        }
    }
}
