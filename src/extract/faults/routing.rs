//! Rows 4 to 11 of the error table: no endpoint is left that takes the request as it is.

use super::account::list;
use super::fields;
use super::seen::Seen;
use super::{Adjust, Remedy, Row, next_mode, stop};
use crate::event::FaultClass;
use crate::task::Mode;

/// What row 10 is recognised by without the word "model" near it.
const GONE: [&str; 5] = [
    "not a valid model id",
    "no endpoints found for",
    "unavailable for free",
    "model_not_found",
    "no models loaded",
];

/// Codes of `availability` that row 10 owns.
const GONE_CODES: [&str; 6] = [
    "model_not_found",
    "model_deprecated",
    "free_variant_ended",
    "no_endpoints",
    "wrong_endpoint",
    "model_unavailable_upstream",
];

/// The rows, in order.
pub(super) const ROWS: &[Row] = &[
    Row {
        id: "4",
        class: FaultClass::ModeUnsupported,
        when: |seen| seen.status(&[404]) && (seen.has("support tool use") || seen.step("Filter by Tool Compatibility")),
        remedies: next_mode,
        advice: |_| "No endpoint of this model takes tools: use `--mode json`, or a model that lists `tools`.".into(),
    },
    Row {
        id: "5",
        class: FaultClass::ToolChoice,
        when: |seen| seen.status(&[404]) && seen.has("tool_choice"),
        remedies: |seen| looser_choice(seen).chain([Remedy::Mode]).collect(),
        advice: |_| {
            "No endpoint of this model can be made to call a tool: use `--mode structured` or `--mode json`.".into()
        },
    },
    Row {
        id: "6",
        class: FaultClass::Parameters,
        when: |seen| {
            seen.status(&[404])
                && (seen.has("can handle the requested parameters")
                    || seen.step("Filter by Parameters")
                    || (seen.availability(&["constraint_filtered"]) && seen.excluded_by(&["require_parameters"])))
        },
        remedies: fewer_parameters,
        advice: |_| {
            "No endpoint of this model takes every parameter sent: drop `--temperature` and `--param`, or pick another `--mode`.".into()
        },
    },
    Row {
        id: "7",
        class: FaultClass::Modality,
        when: |seen| {
            let input = seen.any(&[
                "support image input",
                "support input audio",
                "support audio input",
                "support file input",
            ]);
            seen.status(&[404])
                && (input
                    || seen.all(&["endpoints found that support ", " input"])
                    || seen.step("Filter by Image Support"))
        },
        remedies: stop,
        advice: |_| "The model does not take this kind of input: pick one that does (`formwork models`).".into(),
    },
    Row {
        id: "8",
        class: FaultClass::Policy,
        when: |seen| {
            seen.status(&[404])
                && (seen.any(&["data policy", "guardrail restrictions", "training violation"])
                    || seen.step("Filter by Guardrails")
                    || seen.availability(&["privacy_restricted"]))
        },
        remedies: stop,
        advice: |seen| {
            let page = seen.address().unwrap_or("https://openrouter.ai/settings/privacy");
            format!("The account's privacy settings leave no endpoint: change them at {page}, or pick another model.")
        },
    },
    Row {
        id: "9",
        class: FaultClass::Providers,
        when: |seen| {
            seen.status(&[404])
                && (seen.any(&["no allowed providers", "provider.only"])
                    || seen.metadata("requested_providers").is_some()
                    || seen.step("Filter by Allowed Providers")
                    || seen.excluded_by(&["only", "order", "ignore"]))
        },
        // Restrictions in the request are the user's own, and the text must not reach a provider that they shut out.
        remedies: stop,
        advice: |seen| {
            let asked = seen
                .metadata("requested_providers")
                .map(|found| format!(" Asked for: {}.", list(found)));
            let there = seen
                .metadata("available_providers")
                .map(|found| format!(" Available: {}.", list(found)));
            format!(
                "Provider restrictions leave no endpoint: loosen them in the request or at https://openrouter.ai/settings/preferences, \
                 and check that the balance is not negative.{}{}",
                asked.unwrap_or_default(),
                there.unwrap_or_default()
            )
        },
    },
    Row {
        id: "10",
        class: FaultClass::Model,
        when: model_gone,
        remedies: stop,
        advice: |seen| {
            if seen.openrouter() {
                "Pick another model with `--model`: `formwork models` lists what is offered now.".into()
            } else {
                "The server does not offer this model: name one that it has loaded with `--model` (`formwork models` asks it).".into()
            }
        },
    },
    Row {
        id: "11",
        class: FaultClass::ModeUnsupported,
        when: |seen| {
            seen.status(&[404])
                && (seen.any(&["no endpoints found", "no endpoints available"])
                    || seen.availability(&["constraint_filtered"]))
        },
        remedies: |seen| {
            if seen.schema_sent() {
                vec![Remedy::Mode]
            } else {
                vec![Remedy::Stop]
            }
        },
        advice: |_| {
            "No endpoint is left for this request: check the account's privacy and provider settings, or pick another model.".into()
        },
    },
];

/// Row 10. Its looser words need a model to be the subject: "the tool does not exist" is no missing model.
fn model_gone(seen: &Seen) -> bool {
    let model = seen.has("model") && seen.any(&["is not available", "does not exist"]);
    // Ollama and LM Studio say only that it was not found.
    let absent = seen.status(&[404]) && seen.has("model") && seen.has("not found");
    seen.status(&[400, 404]) && (seen.any(&GONE) || seen.availability(&GONE_CODES) || model || absent)
}

/// The values of `tool_choice` that ask less than the one sent, strongest first.
pub(super) fn looser_choice(seen: &Seen) -> impl Iterator<Item = Remedy> + use<> {
    let sent = seen.sent.body.get("tool_choice");
    let named = sent.is_some_and(serde_json::Value::is_object);
    let required = sent.is_some_and(|choice| choice == "required");
    let looser: &[&'static str] = match (named, required) {
        (true, _) => &["required", "auto"],
        (_, true) => &["auto"],
        (false, false) => &[],
    };
    looser.iter().map(|choice| Remedy::Adjust(Adjust::ToolChoice(choice)))
}

/// Row 6: fewer parameters, then another mode, and only at the very end without the filter, which lets endpoints ignore the mode.
fn fewer_parameters(seen: &Seen) -> Vec<Remedy> {
    let drop = (!fields::droppable(seen.sent).is_empty()).then_some(Remedy::Adjust(Adjust::DropOptional));
    let mode = (seen.sent.mode != Mode::Prompt).then_some(Remedy::Mode);
    let filtered = seen.preference("require_parameters").is_some_and(|on| on == true);
    let unfilter = filtered.then_some(Remedy::Adjust(Adjust::DropRequireParameters));
    let remedies: Vec<Remedy> = [drop, mode, unfilter].into_iter().flatten().collect();
    if remedies.is_empty() {
        vec![Remedy::Stop]
    } else {
        remedies
    }
}
