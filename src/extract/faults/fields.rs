//! Which field of the body a server complains of, and which fields can be spared.
//!
//! Owns reading names out of prose and out of `param`; the remedies stand in [`super::request`].

use super::Sent;
use super::seen::Seen;
use crate::task::Mode;

/// Parameters that no mode needs. `max_tokens` is not among them: without it OpenRouter reserves money for the model's maximum.
const OPTIONAL: [&str; 21] = [
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "top_a",
    "frequency_penalty",
    "presence_penalty",
    "repetition_penalty",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "prediction",
    "seed",
    "stop",
    "parallel_tool_calls",
    "include_reasoning",
    "reasoning",
    "reasoning_effort",
    "web_search_options",
    "verbosity",
    "service_tier",
];

/// Body fields that a complaint never means: they are the request itself.
const ALWAYS: [&str; 3] = ["model", "messages", "stream"];

/// What servers call a field in prose, longest first where one holds the other.
const ALIASES: [(&str, &str); 8] = [
    ("tool choice", "tool_choice"),
    ("tool calling", "tools"),
    ("tool use", "tools"),
    ("function calling", "tools"),
    ("structured output", "response_format"),
    ("response format", "response_format"),
    ("json mode", "response_format"),
    ("json schema", "response_format"),
];

/// Words before a bare name that make it the object of the complaint.
const BEFORE: [&str; 9] = [
    "param: ",
    "parameter: ",
    "parameter ",
    "field: ",
    "field ",
    "supplied: ",
    "argument: ",
    "support ",
    "supports ",
];

/// Words after a bare name that make it the subject of the complaint.
const AFTER: [&str; 6] = [
    " is not supported",
    " are not supported",
    " not supported",
    " is unsupported",
    " is not permitted",
    ": extra inputs",
];

/// The names of the body's fields that [`super::Adjust::DropOptional`] leaves out: those the model does not list, `max_tokens`
/// included; when it lists them all (or nothing is known), every optional one, since an endpoint may take less than its model.
pub fn droppable<'a>(sent: &Sent<'a>) -> Vec<&'a str> {
    let Some(body) = sent.body.as_object() else {
        return Vec::new();
    };
    let capped = |name: &str| name == "max_tokens" || name == "max_completion_tokens";
    let optional = || body.keys().map(String::as_str).filter(|name| OPTIONAL.contains(name));
    let Some(supported) = sent.supported else {
        return optional().collect();
    };
    let listed = |name: &str| supported.iter().any(|listed| listed == name);
    let unlisted: Vec<&str> = body
        .keys()
        .map(String::as_str)
        .filter(|name| (OPTIONAL.contains(name) || capped(name)) && !listed(name))
        .collect();
    if unlisted.is_empty() {
        optional().collect()
    } else {
        unlisted
    }
}

/// Whether a field is what makes the mode.
pub(super) fn is_own(field: &str, mode: Mode) -> bool {
    mode.fields().contains(&field)
}

/// Whether the server complains of the mode's own field.
pub(super) fn names_own(seen: &Seen) -> bool {
    seen.field.is_some_and(|field| is_own(field, seen.sent.mode))
}

/// The field of the body that an error names: in `param` first, else in its words (lower case).
pub(super) fn named<'a>(text: &str, param: Option<&str>, sent: &Sent<'a>) -> Option<&'a str> {
    let body = sent.body.as_object()?;
    let keys = || body.keys().map(String::as_str);
    if let Some(param) = param.filter(|param| !param.is_empty()) {
        let path = param.trim_start_matches("body.");
        let root = path.split(['.', '[']).next().unwrap_or(path);
        if let Some(key) = keys().find(|key| *key == root) {
            // A complaint about the messages may mention a field by the way.
            return Some(key).filter(|key| !ALWAYS.contains(key));
        }
    }
    let best = keys()
        .filter(|key| !ALWAYS.contains(key))
        .filter_map(|key| mention(text, key).map(|(rank, at)| (rank, at, key)))
        .min_by_key(|(rank, at, _)| (*rank, *at));
    if let Some((_, _, key)) = best {
        return Some(key);
    }
    let alias = ALIASES
        .into_iter()
        .find(|(words, name)| text.contains(words) && body.contains_key(*name))?;
    keys().find(|key| *key == alias.1)
}

/// How plainly a text names a field and where: 0 in quotes, 1 by a name that is no English word, 2 in a phrase of complaint.
fn mention(text: &str, name: &str) -> Option<(u8, usize)> {
    text.match_indices(name)
        .filter_map(|(at, _)| {
            let before = text.get(..at)?;
            let after = text.get(at + name.len()..)?;
            Some((rank(before, name, after)?, at))
        })
        .min()
}

/// The rank of one mention; `None` when it is part of another word or plain prose ("Provider returned error").
fn rank(before: &str, name: &str, after: &str) -> Option<u8> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let quote = |c: char| matches!(c, '\'' | '"' | '`');
    if before.ends_with(word) || after.starts_with(word) {
        return None;
    }
    if before.ends_with(quote) && after.starts_with(|c| quote(c) || matches!(c, '.' | '[' | '\\')) {
        return Some(0);
    }
    if name.contains('_') {
        return Some(1);
    }
    let phrase =
        BEFORE.iter().any(|words| before.ends_with(words)) || AFTER.iter().any(|words| after.starts_with(words));
    phrase.then_some(2)
}
