//! The words of a session that a list can be searched for: few, lower-cased, without what every schema says.
//!
//! Owns the bounds, so that a list of ten thousand sessions stays a few megabytes. What is searched and how belongs to the list's
//! readers.

use serde_json::Value;
use std::collections::HashSet;

/// The most bytes of an input's words.
const INPUT: usize = 160;

/// The most bytes of a schema's words.
const SCHEMA: usize = 80;

/// The most bytes of a value's words.
const VALUE: usize = 96;

/// Words that schemas are written in; nobody looks for a session by them.
const GRAMMAR: [&str; 22] = [
    "additionalproperties",
    "anyof",
    "array",
    "boolean",
    "const",
    "defs",
    "description",
    "enum",
    "false",
    "http",
    "https",
    "integer",
    "items",
    "json-schema",
    "null",
    "number",
    "object",
    "properties",
    "required",
    "string",
    "true",
    "type",
];

/// The first words of an input, spaced by one blank.
pub fn input(text: &str) -> String {
    let mut words = String::new();
    for word in text.split_whitespace() {
        if !push(&mut words, word, INPUT) {
            break;
        }
    }
    words
}

/// The words of a schema, each once: names and descriptions, in whatever form it is written.
pub fn schema(text: &str) -> String {
    let mut words = String::new();
    let mut seen = HashSet::new();
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    for word in text.split(|c| !is_part(c)).filter(|word| !word.is_empty()) {
        let lower = word.to_lowercase();
        if GRAMMAR.contains(&lower.as_str()) || !seen.insert(lower) {
            continue;
        }
        if !push(&mut words, word, SCHEMA) {
            break;
        }
    }
    words
}

/// The texts and numbers of a value, without its names, which are the schema's.
pub fn value(value: &Value) -> String {
    let mut words = String::new();
    scalars(value, &mut words);
    words
}

/// `false` once there is no room.
fn scalars(value: &Value, words: &mut String) -> bool {
    match value {
        Value::Null | Value::Bool(_) => true,
        Value::Number(number) => push(words, &number.to_string(), VALUE),
        Value::String(text) => text.split_whitespace().all(|word| push(words, word, VALUE)),
        Value::Array(items) => items.iter().all(|item| scalars(item, words)),
        Value::Object(members) => members.values().all(|member| scalars(member, words)),
    }
}

/// Adds a word in lower case; `false` when it did not fit as a whole.
fn push(words: &mut String, word: &str, most: usize) -> bool {
    if !words.is_empty() {
        words.push(' ');
    }
    for c in word.chars().flat_map(char::to_lowercase) {
        if words.len() + c.len_utf8() > most {
            words.truncate(words.trim_end().len());
            return false;
        }
        words.push(c);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{INPUT, SCHEMA, VALUE, input, schema, value};
    use serde_json::json;

    #[test]
    fn words() {
        assert_eq!(input("  Ada\n Lovelace\tIS 36 "), "ada lovelace is 36");
        assert_eq!(schema("name, age int?, tags [str]"), "name age int tags str");
        let long =
            json!({"type": "object", "properties": {"Total": {"type": "number", "description": "in euros, total"}}});
        assert_eq!(schema(&long.to_string()), "total in euros");
        let data = json!({"name": "Ada L.", "age": 36, "ok": true, "more": [null, {"x": "y"}]});
        assert_eq!(value(&data), "ada l. 36 y");
        assert_eq!((input(""), schema("{}"), value(&json!({}))), Default::default());
    }

    #[test]
    fn none_is_longer_than_its_bound() {
        for text in ["x".repeat(1 << 20), "İ ".repeat(9_999), "語".repeat(9_999)] {
            assert!((INPUT - 4..=INPUT).contains(&input(&text).len()), "{text:.9}");
            assert!(schema(&text).len() <= SCHEMA);
            assert!((VALUE - 4..=VALUE).contains(&value(&json!([text])).len()), "{text:.9}");
        }
    }
}
