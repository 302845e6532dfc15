//! Rows 1 to 3 of the error table, and what is settled before any error body is read: settings, sizes, keys, money, permission.
//!
//! None of it depends on the mode, so none of it leads to another one.

use super::seen::Seen;
use super::{Adjust, Remedy, Row, stop, wait};
use crate::event::FaultClass;
use crate::extract::model::Dialect;
use serde_json::Value;

/// The fewest tokens that a smaller `max_tokens` is worth sending with; reasoning alone can take several hundred.
const LEAST_TOKENS: u32 = 128;
/// The same for a model that always reasons.
const LEAST_TOKENS_REASONING: u32 = 1024;

/// The rows, in order.
pub(super) const ROWS: &[Row] = &[
    Row {
        id: "setup",
        class: FaultClass::Setup,
        when: |seen| seen.fault.class == FaultClass::Setup,
        remedies: stop,
        advice: |seen| match seen.sent.dialect {
            // Its own words say what to do: pip, network, disk and `local.weights` have nothing to do with a provider's settings.
            Dialect::Local => "`formwork doctor` shows the state of the weights.".into(),
            Dialect::OpenRouter | Dialect::OpenAi => {
                "Nothing was sent: correct the provider's settings; `formwork doctor` shows what was found.".into()
            }
        },
    },
    Row {
        id: "size",
        class: FaultClass::TooLarge,
        when: |seen| seen.fault.class == FaultClass::TooLarge,
        remedies: stop,
        advice: |_| {
            "The answer was cut off at the size limit: ask for less in one run, or lower `--max-tokens`.".into()
        },
    },
    Row {
        id: "1",
        class: FaultClass::Key,
        when: |seen| seen.status(&[401]),
        remedies: stop,
        advice: |seen| {
            if seen.openrouter() {
                "Check the key: it is read from OPENROUTER_API_KEY unless the settings say otherwise, and keys are made at \
                 https://openrouter.ai/settings/keys."
                    .into()
            } else {
                "Check the key that the provider's `api_key_env` or `api_key_cmd` yields; `formwork doctor` says where it was looked for."
                    .into()
            }
        },
    },
    Row {
        id: "2a",
        class: FaultClass::InFlightBudget,
        when: |seen| {
            seen.status(&[402])
                && (seen.fault.retry_after_ms.is_some()
                    || seen.limit("openrouter_in_flight_budget")
                    || seen.has("in_flight_budget_exhausted")
                    || seen
                        .metadata("reason")
                        .is_some_and(|reason| reason == "in_flight_budget_exhausted"))
        },
        remedies: wait,
        advice: |_| {
            "Other requests hold the rest of the budget: wait until they are done, or run fewer at once.".into()
        },
    },
    Row {
        id: "2b",
        class: FaultClass::CanAfford,
        when: |seen| seen.status(&[402]) && seen.number_after("can only afford ").is_some(),
        remedies: |seen| match affordable(seen) {
            Some(tokens) => vec![Remedy::Adjust(Adjust::MaxTokens(tokens))],
            None => vec![Remedy::Stop],
        },
        advice: |seen| format!("Add credit at {}, or lower `--max-tokens`.", credit_page(seen)),
    },
    Row {
        id: "2c",
        class: FaultClass::Credit,
        when: |seen| seen.status(&[402]),
        remedies: stop,
        advice: no_credit,
    },
    Row {
        id: "3a",
        class: FaultClass::Denied,
        when: |seen| {
            seen.status(&[403]) && (seen.metadata("flagged_input").is_some() || seen.metadata("reasons").is_some())
        },
        remedies: stop,
        advice: |seen| {
            let reasons = seen
                .metadata("reasons")
                .map(|found| format!(" for {}", list(found)))
                .unwrap_or_default();
            let quote = seen
                .metadata("flagged_input")
                .map(|found| format!(", at {}", list(found)))
                .unwrap_or_default();
            format!(
                "Moderation flagged the input{reasons}{quote}: change the text, or pick a model that is not moderated."
            )
        },
    },
    Row {
        id: "3b",
        class: FaultClass::Denied,
        when: |seen| {
            seen.status(&[403]) && (seen.metadata("patterns").is_some() || seen.text.starts_with("request blocked"))
        },
        remedies: stop,
        advice: |seen| {
            let patterns = seen
                .metadata("patterns")
                .map(|found| format!(" ({})", list(found)))
                .unwrap_or_default();
            format!(
                "A guardrail of the account blocks this input{patterns}: change the text, or the guardrail in the account's settings."
            )
        },
    },
    Row {
        id: "3c",
        class: FaultClass::Denied,
        when: |seen| {
            seen.status(&[403])
                && (seen
                    .fault
                    .limit_source
                    .as_deref()
                    .is_some_and(|source| source.ends_with("_budget"))
                    || seen.metadata("limit_usd").is_some()
                    || seen.metadata("resets_at").is_some())
        },
        remedies: stop,
        advice: |seen| {
            let reset = seen
                .metadata("resets_at")
                .map(|at| format!(" until {}", list(at)))
                .unwrap_or_default();
            format!("The workspace's budget is used up{reset}: raise it in the account's settings, or use another key.")
        },
    },
    Row {
        id: "3d",
        class: FaultClass::Denied,
        when: |seen| seen.status(&[403]),
        remedies: stop,
        advice: |seen| match seen.address() {
            Some(page) => {
                format!("The server does not permit this request: see {page}, or pick another model with `--model`.")
            }
            None => {
                "The server does not permit this request: check the key's rights, or pick another model with `--model`."
                    .into()
            }
        },
    },
    Row {
        id: "address",
        class: FaultClass::NotAnApi,
        // A proxy's error page is as passing as the fault behind it: those stay with rows 20 and 21.
        when: |seen| {
            seen.fault.class == FaultClass::NotAnApi
                && !seen
                    .fault
                    .status
                    .is_some_and(|status| status >= 500 || matches!(status, 408 | 409 | 425 | 429))
        },
        remedies: stop,
        advice: |_| "Correct it with `--base-url`; it usually ends in `/v1`.".into(),
    },
];

/// The `max_tokens` that the balance allows: less than was asked for, and enough for an answer.
fn affordable(seen: &Seen) -> Option<u32> {
    let least = if seen.sent.reasoning_mandatory {
        LEAST_TOKENS_REASONING
    } else {
        LEAST_TOKENS
    };
    let tokens = seen.number_after("can only afford ")?;
    let fewer = seen.max_tokens().is_none_or(|asked| u64::from(tokens) < asked);
    (tokens >= least && fewer).then_some(tokens)
}

/// The page that the server names, else OpenRouter's.
fn credit_page<'a>(seen: &Seen<'a>) -> &'a str {
    seen.address().unwrap_or("https://openrouter.ai/settings/credits")
}

/// What to do about row 2c.
fn no_credit(seen: &Seen) -> String {
    if !seen.openrouter() {
        return "The account has no credit left at this provider: add some on its billing page, or use another key."
            .into();
    }
    if seen.limit("openrouter_key_limit") || seen.any(&["monthly limit", "weekly limit", "daily limit", "key limit"]) {
        let page = seen.address().unwrap_or("https://openrouter.ai/settings/keys");
        return format!("The key's own spending limit is reached: raise it at {page}, or use another key.");
    }
    format!(
        "Add credit at {}; a negative balance blocks free models too.",
        credit_page(seen)
    )
}

/// A piece of metadata in words, at most a hundred characters of it.
pub(super) fn list(value: &Value) -> String {
    let words = match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(list).collect::<Vec<_>>().join(", "),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    };
    match words.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words,
    }
}
