//! Rows 12 to 19 of the error table: the server refuses the request's body.
//!
//! Rows 14 to 16 stand before 12 and 13, because their sentences name a field as well.

use super::fields;
use super::markers::{FIELD, GENERATION, KEYWORDS, OWN_FIELD, SCHEMA};
use super::routing::looser_choice;
use super::seen::Seen;
use super::{Adjust, Remedy, Row, next_mode, stop};
use crate::event::FaultClass;
use crate::extract::model::Dialect;

/// A limit lower than this is no room for an answer.
const LEAST_TOKENS: u32 = 128;

/// The rows, in order.
pub(super) const ROWS: &[Row] = &[
    Row {
        id: "14",
        class: FaultClass::Thinking,
        when: |seen| {
            seen.status(&[400, 422])
                && (seen.all(&["thinking", "tool_choice"])
                    || only_auto(seen)
                    || seen.has("function tools with reasoning_effort"))
        },
        remedies: without_force,
        advice: |_| {
            "This model does not let a tool be forced while it thinks: use `--mode structured` or `--mode json`.".into()
        },
    },
    Row {
        id: "15",
        class: FaultClass::ReasoningMandatory,
        when: |seen| seen.status(&[400, 422]) && seen.has("reasoning is mandatory"),
        remedies: |_| vec![Remedy::Adjust(Adjust::DropReasoning)],
        advice: |_| "This model always reasons: leave `reasoning` out of `--param`.".into(),
    },
    Row {
        id: "16",
        class: FaultClass::JsonWord,
        when: |seen| {
            seen.status(&[400, 422])
                && seen.any(&[
                    "must contain the word 'json'",
                    "must contain the word \"json\"",
                    "the word json",
                ])
        },
        remedies: |_| vec![Remedy::Adjust(Adjust::SayJson)],
        advice: |_| "Say the word JSON in `--instructions`.".into(),
    },
    Row {
        id: "loop",
        class: FaultClass::Generation,
        // Only the embedded model says so; what makes its choices the same each time makes the loop the same.
        when: |seen| seen.sent.dialect == Dialect::Local && seen.code(&["repetition"]),
        remedies: stop,
        advice: |_| {
            "It is a small model: give it a shorter text or a simpler schema (`maxItems` ends a list), or use a real one with \
             OPENROUTER_API_KEY or --base-url."
                .into()
        },
    },
    Row {
        id: "12",
        class: FaultClass::Generation,
        when: |seen| seen.status(&[400, 422]) && seen.any(&GENERATION),
        remedies: |seen| {
            vec![
                Remedy::Wait {
                    ms: seen.fault.retry_after_ms,
                },
                Remedy::Mode,
            ]
        },
        advice: |_| "The model did not manage to follow the schema: simplify it, or pick a stronger model.".into(),
    },
    Row {
        id: "12",
        class: FaultClass::Schema,
        when: schema_refused,
        remedies: |_| vec![Remedy::Adjust(Adjust::Reduced), Remedy::Mode],
        advice: |_| {
            "This provider refuses the schema: `formwork check SCHEMA --for MODEL` shows what it takes; `--mode json` avoids it.".into()
        },
    },
    Row {
        id: "13",
        class: FaultClass::Field,
        when: |seen| seen.status(&[400, 422]) && lower_cap(seen).is_some(),
        remedies: |seen| lower_cap(seen).map_or_else(|| stop(seen), |cap| vec![Remedy::Adjust(Adjust::MaxTokens(cap))]),
        advice: |_| "Lower `--max-tokens` to what this model allows.".into(),
    },
    Row {
        id: "13",
        class: FaultClass::Field,
        when: field_refused,
        remedies: without_field,
        advice: |seen| match seen.field {
            Some(field) if fields::is_own(field, seen.sent.mode) => {
                format!(
                    "This server cannot serve the mode `{}`: pick another `--mode`, or another model.",
                    seen.sent.mode
                )
            }
            Some(field) => format!("This server does not take `{field}`: leave it out."),
            None => "This server does not take a field of the request: `--dry-run` shows the body.".into(),
        },
    },
    Row {
        id: "17",
        class: FaultClass::TooLong,
        when: |seen| {
            let code = seen.code(&[
                "context_length_exceeded",
                "string_too_long",
                "payload_too_large",
                "exceed_context_size_error",
            ]);
            let words = [
                "context length",
                "prompt is too long",
                "maximum context",
                "too many tokens",
                "available context size",
            ];
            seen.status(&[413]) || (seen.status(&[400, 422, 500]) && (code || seen.any(&words)))
        },
        remedies: stop,
        advice: |_| {
            "The input does not fit this model: shorten it, or pick a model with a longer context (`formwork models`)."
                .into()
        },
    },
    Row {
        id: "18",
        class: FaultClass::ContentPolicy,
        when: |seen| seen.status(&[400, 422]) && seen.code(&["content_policy_violation", "refusal", "content_filter"]),
        remedies: stop,
        advice: |_| "The provider's content filter refuses this input: change the text, or pick another model.".into(),
    },
    Row {
        id: "19",
        class: FaultClass::BadRequest,
        when: |seen| seen.status(&[404, 405]),
        remedies: stop,
        advice: |_| {
            "Nothing answers at this address: check `--base-url` (it usually ends in `/v1`) and the model's id.".into()
        },
    },
    Row {
        id: "19",
        class: FaultClass::BadRequest,
        // Whatever else is a client's error and not row 20's or 21's.
        when: |seen| {
            seen.fault
                .status
                .is_some_and(|status| (300..500).contains(&status) && !matches!(status, 408 | 409 | 425 | 429))
        },
        remedies: stop,
        advice: |_| "The server refuses the request: `--dry-run` shows the body that was sent.".into(),
    },
];

/// Whether the server allows no other `tool_choice` than `auto`, however it quotes the word.
fn only_auto(seen: &Seen) -> bool {
    seen.has("only")
        && seen
            .text
            .replace(['"', '\'', '`', '\\'], "")
            .contains("only auto is supported")
}

/// Row 14: thinking off where that can be asked for, then a free choice, then another mode.
fn without_force(seen: &Seen) -> Vec<Remedy> {
    let effort = seen.has("reasoning_effort");
    let already = seen
        .sent
        .body
        .pointer("/reasoning/effort")
        .or_else(|| seen.sent.body.get("reasoning_effort"));
    let off = !seen.sent.reasoning_mandatory
        && !only_auto(seen)
        && (seen.openrouter() || effort)
        && already.is_none_or(|effort| effort != "none");
    let off = off.then_some(Remedy::Adjust(Adjust::NoReasoning));
    let forced = seen.sent.body.get("tool_choice").is_some_and(|choice| choice != "auto");
    let auto = (forced && !effort).then_some(Remedy::Adjust(Adjust::ToolChoice("auto")));
    off.into_iter().chain(auto).chain([Remedy::Mode]).collect()
}

/// Row 12: a schema was sent, and the server complains of it.
fn schema_refused(seen: &Seen) -> bool {
    if !seen.schema_sent() {
        return false;
    }
    // Some builds of llama.cpp answer 500 to a grammar that they cannot build.
    if seen.status(&[500]) {
        return seen.any(&[
            "failed to parse grammar",
            "json schema conversion failed",
            "json schema error at",
        ]);
    }
    seen.status(&[400, 422])
        && (seen.any(&SCHEMA) || keyword_refused(seen) || google_refused(seen) || own_field_and_schema(seen))
}

/// "… minItems is not supported" with nothing but `json_schema` to say where.
fn keyword_refused(seen: &Seen) -> bool {
    seen.has("not supported") && seen.any(&["json_schema", "json schema"]) && seen.any(&KEYWORDS)
}

/// Google's bare sentence counts when a schema was sent and no other cause is named.
fn google_refused(seen: &Seen) -> bool {
    let google = seen
        .fault
        .provider
        .as_deref()
        .is_some_and(|name| name.to_lowercase().starts_with("google"));
    seen.has("request contains an invalid argument") && (google || seen.has("invalid_argument"))
}

/// A complaint of the mode's own field that speaks of a schema is about the schema. The format's name `json_schema` alone is not.
fn own_field_and_schema(seen: &Seen) -> bool {
    let speaks = seen.text.replace("json_schema", "").contains("schema") && !seen.has("json schema");
    fields::names_own(seen) && seen.any(&FIELD) && speaks
}

/// Row 13: a field of the body is unknown or not allowed.
fn field_refused(seen: &Seen) -> bool {
    let refused = seen.any(&FIELD) || (fields::names_own(seen) && seen.any(&OWN_FIELD));
    seen.status(&[400, 422, 500]) && seen.field.is_some() && refused
}

/// Row 13: the field goes or gets its other name; the mode's own field takes the mode with it.
fn without_field(seen: &Seen) -> Vec<Remedy> {
    let drop = |field: &str| Remedy::Adjust(Adjust::DropField(field.to_owned()));
    let rename = |from: &str, to: &str| {
        Remedy::Adjust(Adjust::RenameField {
            from: from.into(),
            to: to.into(),
        })
    };
    match seen.field {
        Some(field) if fields::is_own(field, seen.sent.mode) => {
            // vLLM was started without a tool parser: `auto` is exactly what it cannot do.
            let looser = (field == "tool_choice" && !seen.has("enable-auto-tool-choice")).then(|| looser_choice(seen));
            looser.into_iter().flatten().chain([Remedy::Mode]).collect()
        }
        Some("max_tokens") => {
            vec![rename("max_tokens", "max_completion_tokens"), drop("max_tokens")]
        }
        Some("max_completion_tokens") => {
            vec![
                rename("max_completion_tokens", "max_tokens"),
                drop("max_completion_tokens"),
            ]
        }
        Some("reasoning" | "reasoning_effort") => vec![Remedy::Adjust(Adjust::DropReasoning)],
        Some(field) => vec![drop(field)],
        None => next_mode(seen),
    }
}

/// The `max_tokens` that the server would take, when it finds ours too large and says so: below what was sent, above nothing.
fn lower_cap(seen: &Seen) -> Option<u32> {
    let asked = seen.max_tokens()?;
    let about = seen.any(&["max_tokens", "max_completion_tokens", "in the messages"]);
    let large = [
        "too large",
        "at most",
        "maximum allowed",
        "less than or equal to",
        "maximum context length",
    ];
    if !about || !seen.any(&large) {
        return None;
    }
    let cap = seen
        .number_after("at most ")
        .or_else(|| seen.number_after("less than or equal to "))
        .or_else(|| room(seen))
        .or_else(|| seen.number_after(" > "))?;
    (cap >= LEAST_TOKENS && u64::from(cap) < asked).then_some(cap)
}

/// What the context leaves for the answer, when the server counts both.
fn room(seen: &Seen) -> Option<u32> {
    let context = seen.number_after("maximum context length is ")?;
    let input = seen.number_after("your request has ").or_else(|| {
        let (before, _) = seen.text.split_once(" in the messages")?;
        let digits = before.rsplit(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok()
    })?;
    context.checked_sub(input)
}
