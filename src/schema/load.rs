//! From a text to a JSON Schema value: which form it is in, how it is parsed, what it is called.
//!
//! Owns sniffing, parsing and naming. Whether the value is a usable schema is `check`'s business.

use super::check::MAX_DEPTH;
use super::error::SchemaError;
use super::{Form, shorthand};
use jsonc_parser::{ParseOptions, parse_to_serde_value};
use serde_json::{Map, Value};

/// The largest schema text read, in bytes.
pub const MAX_TEXT: usize = 1 << 20;

/// JSON with comments and trailing commas, and nothing looser.
pub(crate) const JSONC: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_loose_object_property_names: false,
    allow_trailing_commas: true,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// A text that was read, before it is checked.
pub(crate) struct Loaded {
    pub text: String,
    pub value: Value,
    pub name: String,
    pub form: Form,
    pub notes: Vec<String>,
    /// Where in the document the schema begins (`""`, or `/schema` and the like when it was wrapped).
    pub prefix: String,
    /// The shorthand's fields: pointer and byte offset.
    pub marks: Vec<(String, usize)>,
}

/// Reads a text in whichever form it is, takes it out of a request's wrapper and names it.
///
/// # Errors
/// The text is too long, empty, or in none of the forms. The error is that of the form the writer most probably meant.
pub(crate) fn read(text: &str, name_hint: Option<&str>) -> Result<Loaded, SchemaError> {
    if text.len() > MAX_TEXT {
        let message = format!(
            "the schema has {} bytes; at most {MAX_TEXT} (1 MiB) are read",
            text.len()
        );
        return Err(SchemaError::new(message));
    }
    let (form, document, marks) = parse(text)?;
    let mut notes = Vec::new();
    let (value, own_name, prefix) = unwrap(document, &mut notes);
    if !value.is_object() {
        return Err(SchemaError::new(not_a_schema(&value)));
    }
    let title = value.get("title").and_then(Value::as_str);
    let name = [own_name.as_deref(), title, name_hint]
        .into_iter()
        .flatten()
        .find_map(clean_name);
    let name = name.unwrap_or_else(|| "Answer".to_owned());
    Ok(Loaded {
        text: text.to_owned(),
        value,
        name,
        form,
        notes,
        prefix: prefix.to_owned(),
        marks,
    })
}

type Parsed = (Form, Value, Vec<(String, usize)>);

/// Sniffs the form and parses.
fn parse(text: &str) -> Result<Parsed, SchemaError> {
    let text_only = text.strip_prefix('\u{feff}').unwrap_or(text);
    let start = after_comments(text_only);
    let Some(first) = start.chars().next() else {
        return Err(SchemaError::new(
            "the schema is empty; write one, such as `name, age int, tags [str]`",
        ));
    };
    let json = match serde_json::from_str::<Value>(text_only) {
        Ok(value) => return Ok((Form::Json, value, Vec::new())),
        Err(error) => error,
    };
    if first == '{' || first == '[' {
        return braced(text_only, start, &json);
    }
    if let Some(value) = yaml_schema(text_only)? {
        return Ok((Form::Yaml, value, Vec::new()));
    }
    let (value, marks) = shorthand::parse(text_only)?;
    Ok((Form::Shorthand, value, marks))
}

/// A text that opens with a bracket: JSON with comments, else a YAML flow mapping, else shorthand in braces.
fn braced(text: &str, start: &str, json: &serde_json::Error) -> Result<Parsed, SchemaError> {
    let jsonc = match parse_to_serde_value::<Option<Value>>(text, &JSONC) {
        Ok(Some(value)) => return Ok((Form::Jsonc, value, Vec::new())),
        Ok(None) => SchemaError::new("the schema is empty"),
        Err(error) => json_error(text, json, &error),
    };
    let inside = after_comments(&start[1..]);
    if start.starts_with('[') || inside.starts_with(['"', '}']) || inside.is_empty() {
        return Err(jsonc);
    }
    if let Ok(Some(value)) = yaml_schema(text) {
        return Ok((Form::Yaml, value, Vec::new()));
    }
    let (value, marks) = shorthand::parse(text)?;
    Ok((Form::Shorthand, value, marks))
}

/// The error of a text that was meant as JSON. `serde_json`'s place is used where both agree that the text is plain JSON.
fn json_error(text: &str, json: &serde_json::Error, jsonc: &jsonc_parser::errors::ParseError) -> SchemaError {
    if json.to_string().starts_with("recursion limit") {
        return SchemaError::on(json.line(), json.column(), super::check::too_deep());
    }
    SchemaError::at(
        text,
        jsonc.range().start,
        format!("this is not JSON: {}", lower_first(&jsonc.kind().to_string())),
    )
}

/// The text as YAML, if it is a mapping that has the members of a schema; `None` when it may be shorthand.
///
/// # Errors
/// The YAML is broken and its lines look like those of a schema.
fn yaml_schema(text: &str) -> Result<Option<Value>, SchemaError> {
    if nests_deep(text) {
        return Err(SchemaError::new(super::check::too_deep()));
    }
    match yaml_serde::from_str::<Value>(text) {
        Ok(value @ Value::Object(_)) if looks_like_schema(&value) => Ok(Some(value)),
        Err(error) if text.lines().any(is_schema_line) => {
            let message = format!("this is not YAML: {error}");
            Err(match error.location() {
                Some(place) => SchemaError::on(place.line(), place.column(), message),
                None => SchemaError::new(message),
            })
        }
        Ok(_) | Err(_) => Ok(None),
    }
}

/// Whether a text, read as YAML, could nest deeper than a schema may: by open brackets, or by `- - -` on one line. The YAML
/// parser's time grows with the square of such nesting, so this is asked first.
fn nests_deep(text: &str) -> bool {
    let mut brackets = 0_usize;
    let mut dashes = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => brackets += 1,
            b']' | b'}' => brackets = brackets.saturating_sub(1),
            b'-' | b'?' => dashes += 1,
            b' ' => {}
            _ => dashes = 0,
        }
        if brackets > MAX_DEPTH || (dashes > MAX_DEPTH && byte == b' ') {
            return true;
        }
    }
    false
}

/// Whether a line of broken YAML can only be meant as a schema.
fn is_schema_line(line: &str) -> bool {
    [
        "properties:",
        "$schema:",
        "$defs:",
        "definitions:",
        "type: object",
        "---",
    ]
    .iter()
    .any(|start| line.starts_with(start))
}

/// Whether a mapping has a member that makes it a schema rather than shorthand fields with descriptions.
fn looks_like_schema(value: &Value) -> bool {
    let has = |name: &str, test: fn(&Value) -> bool| value.get(name).is_some_and(test);
    let named = ["$schema", "$ref", "$id"]
        .iter()
        .any(|name| has(name, |held| held.as_str().is_some_and(looks_like_uri)));
    let object = ["properties", "$defs", "definitions", "items", "schema", "json_schema"];
    let list = ["anyOf", "oneOf", "allOf", "enum", "required"];
    named
        || object.iter().any(|name| has(name, Value::is_object))
        || list.iter().any(|name| has(name, Value::is_array))
        || has("type", |held| {
            held.is_array()
                || held
                    .as_str()
                    .is_some_and(|name| super::shape::Type::named(name).is_some())
        })
}

fn looks_like_uri(text: &str) -> bool {
    text.contains(['/', '#', ':']) && !text.contains(' ')
}

/// What follows leading white space and comments (`//`, `/* */`, `#`).
fn after_comments(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        let after = if rest.starts_with("//") || rest.starts_with('#') {
            rest.find('\n').map_or("", |at| &rest[at..])
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or("", |at| &rest[at + 2..])
        } else {
            return rest;
        };
        rest = after.trim_start();
    }
}

/// Takes the schema out of a `response_format` or function definition, with its name and the pointer it was found at.
fn unwrap(mut document: Value, notes: &mut Vec<String>) -> (Value, Option<String>, &'static str) {
    let (prefix, named) = match &document {
        Value::Object(map) => wrapper(map),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            return (document, None, "");
        }
    };
    if prefix.is_empty() {
        return (document, None, "");
    }
    let name = document.pointer(named).and_then(Value::as_str).map(str::to_owned);
    match document.pointer_mut(prefix).map(Value::take) {
        Some(schema) => {
            notes.push(format!(
                "the schema was taken out of the request format round it (`{}`)",
                &prefix[1..]
            ));
            (schema, name, prefix)
        }
        None => (document, None, ""),
    }
}

/// Where a request format holds its schema and its name; empty when the object is a schema itself.
fn wrapper(map: &Map<String, Value>) -> (&'static str, &'static str) {
    let inner = |outer: &str, inner: &str| {
        map.get(outer)
            .and_then(|held| held.get(inner))
            .is_some_and(Value::is_object)
    };
    let is_type = |name: &str| map.get("type").and_then(Value::as_str) == Some(name);
    if is_type("json_schema") && inner("json_schema", "schema") {
        ("/json_schema/schema", "/json_schema/name")
    } else if is_type("function") && inner("function", "parameters") {
        ("/function/parameters", "/function/name")
    } else if map.get("schema").is_some_and(Value::is_object)
        && (map.contains_key("name") || map.contains_key("strict"))
        && !["properties", "$schema", "$ref", "$defs", "anyOf"]
            .iter()
            .any(|keyword| map.contains_key(*keyword))
    {
        ("/schema", "/name")
    } else {
        ("", "")
    }
}

/// Why a JSON value that is no object is not a schema.
fn not_a_schema(value: &Value) -> String {
    let what = match value {
        Value::Null => "`null`".to_owned(),
        Value::Bool(yes) => format!("`{yes}`"),
        Value::Number(number) => format!("the number {number}"),
        Value::String(_) => "a text in quotes".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "this".to_owned(),
    };
    format!(
        "{what} is not a schema; write an object such as {{\"type\": \"object\", \"properties\": {{…}}}}, or fields such as `name, age int`"
    )
}

/// A name that function calls and formats accept: `[A-Za-z0-9_-]{1,64}`. `None` when nothing is left of it.
fn clean_name(text: &str) -> Option<String> {
    let mut name = String::new();
    for character in text.trim().chars() {
        if character.is_ascii_alphanumeric() || character == '-' || character == '_' {
            name.push(character);
        } else if !name.ends_with('_') {
            name.push('_');
        }
    }
    let name: String = name.trim_matches('_').chars().take(64).collect();
    (!name.is_empty()).then_some(name)
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests;
