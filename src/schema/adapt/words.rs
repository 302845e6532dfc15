//! Keywords in words, for descriptions.
//!
//! Owns the wording; which keywords are moved is decided in `write`.

use super::super::judge::shown;
use serde_json::Value;

/// Formats that every provider with a reduced schema takes (OpenRouter reference §5.8).
const SAFE_FORMATS: [&str; 3] = ["date-time", "date", "time"];

/// Whether the reduced rewrite takes a keyword out of the schema.
pub(super) fn is_reduced(keyword: &str, held: &Value) -> bool {
    match keyword {
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" | "minLength" | "maxLength"
        | "minItems" | "maxItems" | "uniqueItems" | "pattern" => true,
        "format" => !held.as_str().is_some_and(|format| SAFE_FORMATS.contains(&format)),
        _ => false,
    }
}

/// A constraint in words; `None` when there is nothing to say, as of `uniqueItems: false`.
pub(super) fn in_words(keyword: &str, held: &Value) -> Option<String> {
    let number = held.as_f64().map(|_| held);
    let of = |words: &str, unit: &str| number.map(|number| format!("{words} {number}{unit}"));
    match keyword {
        "minimum" => of("at least", ""),
        "maximum" => of("at most", ""),
        "exclusiveMinimum" => of("more than", ""),
        "exclusiveMaximum" => of("less than", ""),
        "multipleOf" => of("a multiple of", ""),
        "minLength" => of("at least", " characters long"),
        "maxLength" => of("at most", " characters long"),
        "minItems" | "minContains" => of("at least", " items"),
        "maxItems" | "maxContains" => of("at most", " items"),
        "minProperties" => of("at least", " members"),
        "maxProperties" => of("at most", " members"),
        "uniqueItems" => (held == &Value::Bool(true)).then(|| "without duplicate items".to_owned()),
        "pattern" => held
            .as_str()
            .map(|pattern| format!("matching the regular expression {pattern}")),
        "format" => held.as_str().map(|format| format!("in the format {format}")),
        "not" => Some(format!("not fitting {}", shown(held))),
        _ => None,
    }
}

/// A description with constraints added to it.
pub(super) fn with_constraints(description: Option<&str>, constraints: &[String]) -> String {
    let must = format!("Must be {}.", constraints.join(", "));
    match description.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) if text.ends_with(['.', '!', '?']) => format!("{text} {must}"),
        Some(text) => format!("{text}. {must}"),
        None => must,
    }
}
