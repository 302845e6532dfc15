//! Faults against the meta-schema, in sentences people understand.
//!
//! Owns the translation; the meta-schemas are the validator library's.

use super::super::error::SchemaError;
use super::super::locate::Locator;
use super::super::shape::Type;
use super::super::walk::{Spot, spot};
use super::super::{Draft, judge::shown};
use crate::json::pointer::join;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;
use std::collections::HashSet;

/// Checks a schema against the meta-schema of its draft.
///
/// # Errors
/// The fault that stands first in the text.
pub(super) fn check(schema: &Value, draft: Draft, locator: &Locator<'_>) -> Result<(), SchemaError> {
    let validator = match draft {
        Draft::Draft4 => jsonschema::draft4::meta::validator(),
        Draft::Draft6 => jsonschema::draft6::meta::validator(),
        Draft::Draft7 => jsonschema::draft7::meta::validator(),
        Draft::Draft201909 => jsonschema::draft201909::meta::validator(),
        Draft::Draft202012 => jsonschema::draft202012::meta::validator(),
    };
    let faults = validator
        .iter_errors(schema)
        .map(|error| deepest(&error).instance_path().as_str().to_owned());
    let Some(pointer) = first(schema, &faults.collect()) else {
        return Ok(());
    };
    let found = schema.pointer(&pointer).unwrap_or(&Value::Null);
    Err(locator.error(&pointer, sentence(&pointer, found)))
}

/// The one of `pointers` that comes first in `schema`, whose members are in the order they are written. Goes through the schema once,
/// however many there are.
fn first(schema: &Value, pointers: &HashSet<String>) -> Option<String> {
    if pointers.is_empty() {
        return None;
    }
    let mut open = vec![(schema, String::new())];
    while let Some((value, pointer)) = open.pop() {
        if pointers.contains(&pointer) {
            return Some(pointer);
        }
        match value {
            Value::Object(map) => open.extend(map.iter().rev().map(|(name, held)| (held, join(&pointer, name)))),
            Value::Array(list) => {
                let indexed = list.iter().enumerate().rev();
                open.extend(indexed.map(|(index, held)| (held, format!("{pointer}/{index}"))));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    // An error always has a place in what was judged.
    pointers.iter().min().cloned()
}

/// The error that says most: through `anyOf` and `oneOf`, the one furthest inside.
fn deepest<'a>(error: &'a ValidationError<'a>) -> &'a ValidationError<'a> {
    match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => context
            .iter()
            .flatten()
            .map(deepest)
            .filter(|inner| inner.instance_path().as_str().len() > error.instance_path().as_str().len())
            .filter(|_| !matches!(spot(error.instance_path().as_str()), Spot::Keyword(name) if name == "type"))
            .max_by_key(|inner| inner.instance_path().as_str().len())
            .unwrap_or(error),
        _ => error,
    }
}

/// What is wrong with the value found at a place of a schema.
fn sentence(pointer: &str, found: &Value) -> String {
    let name = crate::json::pointer::tokens(pointer).last().unwrap_or_default();
    match spot(pointer) {
        Spot::Schema => format!(
            "`{name}` must be a schema, such as {{\"type\": \"string\"}}, not {}",
            shown(found)
        ),
        Spot::Keyword(keyword) | Spot::Entry(keyword) if keyword == "type" => bad_type(found),
        Spot::Keyword(keyword) if keyword == "required" && found.is_boolean() => {
            "`required` lists the names of required properties and belongs beside `properties`, not inside a property"
                .to_owned()
        }
        Spot::Keyword(keyword) => format!("`{keyword}` must be {}, not {}", expected(&keyword), shown(found)),
        Spot::Entry(keyword) => format!(
            "`{keyword}` must be {}; {} does not belong in it",
            expected(&keyword),
            shown(found)
        ),
    }
}

/// What is wrong with a `type`.
fn bad_type(found: &Value) -> String {
    let known = Type::ALL.map(Type::as_str);
    let Value::String(word) = found else {
        return format!(
            "`type` must be one of {}, or a list of them, not {}",
            known.join(", "),
            shown(found)
        );
    };
    let lower = word.to_lowercase();
    let spelled = known.iter().map(|name| (*name, *name)).chain(ALIASES);
    let near = spelled
        .map(|(spelling, name)| (strsim::damerau_levenshtein(spelling, &lower), name))
        .min();
    match near {
        Some((distance, name)) if distance <= 2 && distance < lower.len() => {
            format!("`{word}` is not a JSON type; did you mean `{name}`?")
        }
        Some(_) | None => format!("`{word}` is not a JSON type; use one of {}", known.join(", ")),
    }
}

/// What the types are called elsewhere.
const ALIASES: [(&str, &str); 20] = [
    ("str", "string"),
    ("text", "string"),
    ("date", "string"),
    ("datetime", "string"),
    ("enum", "string"),
    ("int", "integer"),
    ("long", "integer"),
    ("float", "number"),
    ("double", "number"),
    ("decimal", "number"),
    ("num", "number"),
    ("bool", "boolean"),
    ("list", "array"),
    ("tuple", "array"),
    ("set", "array"),
    ("dict", "object"),
    ("map", "object"),
    ("struct", "object"),
    ("none", "null"),
    ("nil", "null"),
];

/// What a keyword's value has to be (JSON Schema 2020-12 core and validation).
fn expected(keyword: &str) -> &'static str {
    match keyword {
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
            "an object whose members are schemas"
        }
        "items"
        | "additionalProperties"
        | "additionalItems"
        | "contains"
        | "not"
        | "if"
        | "then"
        | "else"
        | "propertyNames"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "contentSchema" => "a schema, `true` or `false`",
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => "a list of at least one schema",
        "required" => "a list of property names, each once",
        "enum" => "a list of values, each once",
        "examples" => "a list",
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => "a number",
        "multipleOf" => "a number above 0",
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" | "minContains"
        | "maxContains" => "a whole number of 0 or more",
        "uniqueItems" | "deprecated" | "readOnly" | "writeOnly" => "`true` or `false`",
        "pattern" => "a regular expression",
        "dependentRequired" => "an object whose members are lists of property names",
        "$id" => "an address without a fragment",
        "$anchor" | "$dynamicAnchor" => "a name of letters, digits, `_`, `-` and `.`",
        "title" | "description" | "$comment" | "format" | "$ref" | "$schema" | "$dynamicRef" | "contentEncoding"
        | "contentMediaType" => "a text",
        _ => "of the form its draft asks for",
    }
}
