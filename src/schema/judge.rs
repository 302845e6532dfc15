//! Judging a value: the validator's errors as violations that a person, or the model in a re-ask, can act on.
//!
//! Owns the sentences and the depth limit. Which validator is used is the caller's choice.

use super::check::depth_over;
use super::work::{MOST, Work};
use crate::json::pointer::join;
use crate::verdict::Violation;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{ValidationError, Validator};
use serde_json::{Value, json};

/// How deep a value may nest to be judged (design §9).
pub const MAX_DEPTH: usize = 128;

/// Characters of a value that a sentence shows.
const SHOWN: usize = 80;

/// Characters of a pattern or of another library sentence that a sentence shows.
const QUOTED: usize = 200;

/// The most characters of a message: it may quote names of the schema's, which may be anything.
const MESSAGE: usize = 1000;

/// Levels of recursion that fit any thread's stack with room to spare.
const SHALLOW: usize = 256;

/// Stack of the thread for values that need more, in bytes; only what is used becomes memory.
const STACK: usize = 256 << 20;

/// What a value is judged by.
pub(crate) struct Judging<'a> {
    /// The compiled schema.
    pub validator: &'a Validator,
    /// The member of an object as which the validator takes the value, if it does not take it as it is.
    pub member: Option<&'a str>,
    /// The most steps the schema takes at one value: depth times chain bounds the recursion.
    pub chain: usize,
    /// Counts the steps of judging, where they can double.
    pub work: Option<&'a Work>,
    /// Where the schema stands in the whole.
    pub pointer: &'a str,
}

/// Every violation of `value`, in the order the validator finds them. What would not fit the caller's stack is judged on a thread of
/// its own.
pub(crate) fn judge(judging: &Judging<'_>, value: &Value) -> Vec<Violation> {
    if depth_over(value, MAX_DEPTH) {
        return vec![undecided(format!(
            "the value nests deeper than {MAX_DEPTH} levels and is not judged"
        ))];
    }
    if !depth_over(value, SHALLOW / (judging.chain + 1)) {
        return errors(judging, value);
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, || errors(judging, value));
        let judged = thread.ok().and_then(|handle| handle.join().ok());
        judged.unwrap_or_else(|| {
            vec![undecided(
                "there is not enough memory to judge so deep a value".to_owned(),
            )]
        })
    })
}

/// The violation of a value that is too deep.
fn undecided(message: String) -> Violation {
    Violation {
        pointer: String::new(),
        keyword: "depth".to_owned(),
        message,
    }
}

fn errors(judging: &Judging<'_>, value: &Value) -> Vec<Violation> {
    if judging
        .work
        .is_some_and(|work| work.is_too_much(judging.pointer, value))
    {
        return vec![undecided(format!(
            "the value nests so deep in alternatives that come back to themselves that judging it would take more than {MOST} steps; \
             it is not judged"
        ))];
    }
    let Some(member) = judging.member else {
        return list(judging.validator, value);
    };
    let mut violations = list(judging.validator, &json!({member: value}));
    let prefix = join("", member).len();
    for violation in &mut violations {
        violation.pointer.drain(..prefix);
    }
    violations
}

/// What a validator finds wrong with a value.
fn list(validator: &Validator, value: &Value) -> Vec<Violation> {
    let mut violations = Vec::new();
    // Most values fit, and finding out is much cheaper than listing what does not.
    if validator.is_valid(value) {
        return violations;
    }
    for error in validator.iter_errors(value) {
        collect(&error, &mut violations);
    }
    violations
}

/// One error as violations: an alternative that is the only plausible one is reported as if it stood alone.
fn collect(error: &ValidationError<'_>, out: &mut Vec<Violation>) {
    if let Kind::AnyOf { context } | Kind::OneOfNotValid { context } = error.kind() {
        let mut plausible = context
            .iter()
            .filter(|branch| !branch.iter().any(|inner| wrong_kind(error, inner)));
        if let (Some(only), None) = (plausible.next(), plausible.next()) {
            for inner in only {
                collect(inner, out);
            }
            return;
        }
    }
    out.push(Violation {
        pointer: error.instance_path().as_str().to_owned(),
        keyword: error.kind().keyword().to_owned(),
        message: cut(&sentence(error), MESSAGE),
    });
}

/// Whether an inner error says that the value is of another kind altogether, such as `null` for an object.
fn wrong_kind(outer: &ValidationError<'_>, inner: &ValidationError<'_>) -> bool {
    matches!(inner.kind(), Kind::Type { .. }) && inner.instance_path() == outer.instance_path()
}

/// What is wrong, in one sentence without the place.
fn sentence(error: &ValidationError<'_>) -> String {
    let value = error.instance();
    match error.kind() {
        Kind::Type { kind } => format!("expected {}, got {}", types(kind), described(value)),
        Kind::Required { property } => format!("`{}` is missing", property.as_str().unwrap_or_default()),
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            format!("{} not expected here; leave it out", names(unexpected))
        }
        Kind::UnevaluatedItems { unexpected } => {
            format!("{} not expected here", count(unexpected.len() as u64, "item"))
        }
        Kind::AdditionalItems { limit } => format!("at most {} expected here", count(*limit as u64, "item")),
        Kind::Enum { options } => format!("{} is not one of {}", shown(value), options_shown(options)),
        Kind::Constant { expected_value } => format!("expected {}, got {}", shown(expected_value), shown(value)),
        Kind::Format { format } => format!("{} is not a valid {format}", shown(value)),
        Kind::Pattern { pattern } => format!("{} does not match the pattern {}", shown(value), cut(pattern, QUOTED)),
        Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => {
            format!(
                "could not be decided: the pattern takes too much work on {}",
                shown(value)
            )
        }
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => none_fits(error, context),
        Kind::OneOfMultipleValid { .. } => format!(
            "{} fits more than one of the alternatives, and only one is allowed",
            shown(value)
        ),
        Kind::PropertyNames { error } => format!(
            "the key {} is not allowed: {}",
            shown(error.instance()),
            sentence(error)
        ),
        Kind::FalseSchema => "no value is allowed here; leave it out".to_owned(),
        Kind::Not { schema } => format!("{} must not fit {}", shown(value), shown(schema)),
        Kind::UniqueItems => "the items must all be different".to_owned(),
        Kind::Contains => "no item is of the kind that has to be among them".to_owned(),
        other => bound(other, value).unwrap_or_else(|| cut(&error.to_string(), QUOTED)),
    }
}

/// The sentences of bounds; `None` for kinds that are no bounds.
fn bound(kind: &Kind, value: &Value) -> Option<String> {
    Some(match kind {
        Kind::Minimum { limit } => format!("{} is less than {limit}", shown(value)),
        Kind::Maximum { limit } => format!("{} is more than {limit}", shown(value)),
        Kind::ExclusiveMinimum { limit } => format!("{} is not more than {limit}", shown(value)),
        Kind::ExclusiveMaximum { limit } => format!("{} is not less than {limit}", shown(value)),
        Kind::MultipleOf { multiple_of } => format!("{} is not a multiple of {multiple_of}", shown(value)),
        Kind::MinLength { limit } => format!("{} is shorter than {}", shown(value), count(*limit, "character")),
        Kind::MaxLength { limit } => format!("{} is longer than {}", shown(value), count(*limit, "character")),
        Kind::MinItems { limit } => format!("at least {} expected, got {}", count(*limit, "item"), length(value)),
        Kind::MaxItems { limit } => format!("at most {} expected, got {}", count(*limit, "item"), length(value)),
        Kind::MinProperties { limit } => {
            format!("at least {} expected, got {}", count(*limit, "member"), length(value))
        }
        Kind::MaxProperties { limit } => format!("at most {} expected, got {}", count(*limit, "member"), length(value)),
        _ => return None,
    })
}

/// The sentence of a value that fits none of several alternatives: the closest one, and why it does not fit.
fn none_fits(error: &ValidationError<'_>, context: &[Vec<ValidationError<'static>>]) -> String {
    // A branch of the wrong kind has one error and still is further away than one with several.
    let far = |branch: &Vec<ValidationError<'static>>| branch.iter().filter(|inner| wrong_kind(error, inner)).count();
    let closest = context
        .iter()
        .enumerate()
        .min_by_key(|(_, branch)| (far(branch), branch.len()));
    let Some((index, branch)) = closest else {
        return format!("{} fits none of the alternatives", shown(error.instance()));
    };
    let here = error.instance_path().as_str();
    let reasons: Vec<String> = branch
        .iter()
        .take(3)
        .map(|inner| {
            let below = inner.instance_path().as_str().strip_prefix(here).unwrap_or_default();
            let place = if below.is_empty() {
                String::new()
            } else {
                format!("{below}: ")
            };
            format!("{place}{}", sentence(inner))
        })
        .collect();
    let more = if branch.len() > 3 {
        format!(" (and {} more)", branch.len() - 3)
    } else {
        String::new()
    };
    let reasons = cut(&reasons.join("; "), 2 * QUOTED);
    format!(
        "fits none of the {} alternatives; the closest is number {}: {reasons}{more}",
        context.len(),
        index + 1
    )
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => one.to_string(),
        TypeKind::Multiple(several) => several
            .iter()
            .map(|one| one.to_string())
            .collect::<Vec<_>>()
            .join(" or "),
    }
}

/// A value with its type: `the string "28"`.
fn described(value: &Value) -> String {
    let kind = match value {
        Value::Null | Value::Bool(_) => return shown(value),
        Value::Number(_) => "the number",
        Value::String(_) => "the string",
        Value::Array(_) => "the array",
        Value::Object(_) => "the object",
    };
    format!("{kind} {}", shown(value))
}

/// A value as JSON, cut to about eighty characters.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        // Long texts are cut before they are escaped, so that the cost does not follow their length.
        Value::String(text) if text.len() > 4 * SHOWN => {
            let head: String = text.chars().take(SHOWN).collect();
            cut(&Value::String(head).to_string(), SHOWN)
        }
        Value::Array(items) if items.len() > SHOWN => format!("[… {} items]", items.len()),
        Value::Object(members) if members.len() > SHOWN => format!("{{… {} members}}", members.len()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            cut(&value.to_string(), SHOWN)
        }
    }
}

/// The options of an enum, as many as fit.
fn options_shown(options: &Value) -> String {
    let list: Vec<String> = options.as_array().into_iter().flatten().map(shown).collect();
    cut(&list.join(", "), 2 * QUOTED)
}

fn names(unexpected: &[String]) -> String {
    let list: Vec<String> = unexpected
        .iter()
        .take(5)
        .map(|name| format!("`{}`", cut(name, SHOWN)))
        .collect();
    let more = unexpected.len().saturating_sub(list.len());
    let verb = if unexpected.len() == 1 { "is" } else { "are" };
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{}{more} {verb}", list.join(", "))
}

fn count(number: u64, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

fn length(value: &Value) -> usize {
    value
        .as_array()
        .map(Vec::len)
        .or_else(|| value.as_object().map(serde_json::Map::len))
        .unwrap_or_default()
}

/// At most `limit` characters, with an ellipsis when something was cut.
fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
