//! Rows 20 to 23 of the error table: too many requests, upstream trouble, silence. Most of it passes with time.

use super::{Remedy, Row, stop, wait};
use crate::event::FaultClass;
use crate::extract::model::Dialect;

/// Milliseconds between looks at a llama.cpp server that is loading its weights (44 s were reported for a cold start).
const LOADING_MS: u64 = 5_000;

/// The rows, in order.
pub(super) const ROWS: &[Row] = &[
    Row {
        id: "20a",
        class: FaultClass::DailyCap,
        when: |seen| {
            seen.status(&[429]) && (seen.limit("openrouter_free_tier_daily") || seen.has("free-models-per-day"))
        },
        remedies: stop,
        advice: |seen| {
            let reset = seen
                .fault
                .retry_after_ms
                .map(|ms| format!(" in {}", span(ms)))
                .unwrap_or_default();
            format!(
                "The day's free requests are used up; they start anew at midnight UTC{reset}. Until then use a model without `:free`."
            )
        },
    },
    Row {
        id: "20b",
        class: FaultClass::RateLimited,
        when: |seen| seen.status(&[429]) && seen.has("free-models-per-min"),
        remedies: wait,
        advice: |_| "Free models take 20 requests a minute: wait a minute, or use a model without `:free`.".into(),
    },
    Row {
        id: "20d",
        class: FaultClass::Credit,
        when: |seen| seen.status(&[429]) && seen.has("insufficient_quota"),
        remedies: stop,
        advice: |_| {
            "The account has no credit left: add some on the provider's billing page, or use another key.".into()
        },
    },
    Row {
        id: "20c",
        class: FaultClass::RateLimited,
        when: |seen| seen.status(&[429]),
        remedies: wait,
        advice: |_| "The provider takes no more requests for now: try again later, or pick another model.".into(),
    },
    Row {
        id: "21",
        class: FaultClass::Upstream,
        when: |seen| seen.status(&[503]) && seen.has("loading model"),
        remedies: |seen| {
            vec![Remedy::Wait {
                ms: seen.fault.retry_after_ms.or(Some(LOADING_MS)),
            }]
        },
        advice: |_| "The server is still loading the model: run again when it is ready, or raise `--retries`.".into(),
    },
    Row {
        id: "22",
        class: FaultClass::NoContent,
        when: |seen| seen.fault.class == FaultClass::NoContent,
        remedies: wait,
        advice: |_| "The server sent no complete answer: try again, another `--mode`, or another model.".into(),
    },
    Row {
        id: "23",
        class: FaultClass::Network,
        when: |seen| seen.fault.class == FaultClass::Network,
        remedies: wait,
        advice: |seen| match seen.sent.dialect {
            Dialect::OpenRouter => "Check the network, the proxy settings and the base URL.".into(),
            Dialect::OpenAi | Dialect::Local => "Start the server, or correct the address with `--base-url`.".into(),
        },
    },
    Row {
        id: "23",
        class: FaultClass::Timeout,
        when: |seen| seen.fault.class == FaultClass::Timeout,
        remedies: wait,
        advice: |_| "Nothing came for too long: try again, or pick a faster model.".into(),
    },
    Row {
        id: "21",
        class: FaultClass::Upstream,
        // Every 5xx, so that one which is not listed yet is treated like its kin.
        when: |seen| seen.fault.status.is_some_and(|status| status >= 500) || seen.status(&[408, 409, 425]),
        remedies: wait,
        advice: |_| "The provider has trouble: try again later, or pick another model.".into(),
    },
];

/// What is left: an error without a status of its own, such as one inside a 200.
pub(super) const LAST: Row = Row {
    id: "22",
    class: FaultClass::Upstream,
    when: |_| true,
    remedies: wait,
    advice: |_| "The provider broke off: try again, or pick another model.".into(),
};

/// A time to wait in whole words, rounded up.
fn span(ms: u64) -> String {
    let minutes = ms.div_ceil(60_000);
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}
