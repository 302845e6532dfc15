//! The type of a field in a word or two, as the schema's shorthand would say it.
//!
//! Owns the words that stand where a value has not come.

use crate::schema::Schema;
use crate::schema::shape::{ShapeId, Type};
use serde_json::Value;

/// Values of an enumeration that are named. More do not fit a row.
const NAMED: usize = 16;

/// The type of a field: `string`, `integer|null`, `admin|user`, `[string]`, with `?` behind it where it may be left out.
pub fn type_word(schema: &Schema, id: ShapeId, optional: bool) -> String {
    let mut word = word(schema, id, true);
    if optional {
        word.push('?');
    }
    word
}

fn word(schema: &Schema, id: ShapeId, deep: bool) -> String {
    if let Some(values) = values(schema, id) {
        return values;
    }
    let node = schema.shape().node(id);
    if node.types.is_empty() {
        return "any".into();
    }
    // What it may be, and only then that it may be nothing.
    let (null, types): (Vec<Type>, Vec<Type>) = node.types.iter().partition(|kind| **kind == Type::Null);
    let words: Vec<String> = types
        .iter()
        .chain(&null)
        .map(|kind| match (kind, node.items) {
            (Type::Array, Some(items)) if deep => format!("[{}]", self::word(schema, items, false)),
            _ => kind.to_string(),
        })
        .collect();
    words.join("|")
}

/// The values of `enum` or `const`.
fn values(schema: &Schema, id: ShapeId) -> Option<String> {
    let mut places = schema.shape().places(id).iter();
    places.find_map(|place| listed(schema, place))
}

fn listed(schema: &Schema, place: &str) -> Option<String> {
    let refs = schema.refs();
    let mut place = place;
    // As many steps as any chain of `$ref`s takes, so that a circle ends.
    for _ in 0..=refs.longest_chain() {
        let held = schema.value().pointer(place)?;
        if let Some(values) = held.get("enum").and_then(Value::as_array) {
            let words: Vec<String> = values.iter().take(NAMED).map(plain).collect();
            return Some(words.join("|"));
        }
        if let Some(value) = held.get("const") {
            return Some(plain(value));
        }
        place = refs.target(place)?;
    }
    None
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(_) => "[..]".into(),
        Value::Object(_) => "{..}".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::type_word;
    use crate::schema::Schema;

    #[test]
    fn words() {
        let table = [
            (r#"{"type":"string"}"#, "string"),
            (r#"{"type":["integer","null"]}"#, "integer|null"),
            (r#"{"enum":["admin","user",3,null]}"#, "admin|user|3|null"),
            (r#"{"const":"x"}"#, "x"),
            (r#"{"type":"array","items":{"type":"string"}}"#, "[string]"),
            (r#"{"type":"array","items":{"type":"array","items":{}}}"#, "[array]"),
            (r#"{"type":"array"}"#, "array"),
            (r##"{"$ref":"#/$defs/e","$defs":{"e":{"enum":["a","b"]}}}"##, "a|b"),
            ("{}", "any"),
        ];
        for (schema, expected) in table {
            let schema = Schema::load(schema, None).unwrap();
            assert_eq!(type_word(&schema, schema.shape().root(), false), expected);
            assert_eq!(
                type_word(&schema, schema.shape().root(), true),
                expected.to_owned() + "?"
            );
        }
    }
}
