//! The schemas and answers of the benchmark.

use serde_json::{Map, Value, json};

/// The schema of a list of people.
pub fn people_schema() -> Value {
    let person = json!({
        "type": "object",
        "properties": {
            "id": {"type": "integer", "minimum": 0}, "name": {"type": "string"}, "email": {"type": "string", "pattern": "@"},
            "age": {"type": "integer", "minimum": 0, "maximum": 150}, "note": {"type": "string"}
        },
        "required": ["id", "name", "email", "age", "note"],
        "additionalProperties": false
    });
    json!({
        "title": "People", "type": "object",
        "properties": {"people": {"type": "array", "items": person}},
        "required": ["people"], "additionalProperties": false
    })
}

/// A list of people, about `bytes` long as JSON.
pub fn people(bytes: usize) -> Value {
    let person = |number: usize| {
        json!({
            "id": number,
            "name": format!("Ada Lovelace {number}"),
            "email": format!("ada{number}@example.org"),
            "age": number % 100,
            "note": "She wrote \"Note G\".\nThe first of its kind.",
        })
    };
    let one = person(1000).to_string().len() + 1;
    json!({"people": (0..bytes.div_ceil(one)).map(person).collect::<Vec<_>>()})
}

/// A list of so many numbers, and its schema.
pub fn numbers(count: usize) -> (Value, Value) {
    let schema = json!({"type": "object", "properties": {"items": {"type": "array", "items": {"type": "integer"}}}});
    (schema, json!({"items": (0..count).collect::<Vec<_>>()}))
}

/// A schema with so many properties, and an answer.
pub fn wide(count: usize) -> (Value, Value) {
    let names = (0..count).map(|number| format!("field_{number}"));
    let property = json!({"type": "string", "maxLength": 100, "description": "One of many."});
    let properties: Map<String, Value> = names.clone().map(|name| (name, property.clone())).collect();
    let answer: Map<String, Value> = names.map(|name| (name, json!("a value"))).collect();
    let required: Vec<&String> = properties.keys().collect();
    let schema =
        json!({"type": "object", "required": required, "properties": properties, "additionalProperties": false});
    (schema, Value::Object(answer))
}

/// A schema of about so many bytes, over many lines.
pub fn long_schema(bytes: usize) -> String {
    let one = serde_json::to_string_pretty(&wide(1).0).unwrap().len();
    let mut count = bytes / one;
    loop {
        let text = serde_json::to_string_pretty(&wide(count).0).unwrap();
        if text.len() >= bytes {
            return text;
        }
        count += count / 4 + 1;
    }
}

/// A text of about so many bytes, in lines.
pub fn letter(bytes: usize) -> String {
    "Ada wrote \"Note G\" in 1843; nobody read it for a hundred years.\n".repeat(bytes / 64)
}

/// A text in pieces of so many characters.
pub fn pieces(text: &str, chars: usize) -> Vec<String> {
    let all: Vec<char> = text.chars().collect();
    all.chunks(chars).map(|piece| piece.iter().collect()).collect()
}
