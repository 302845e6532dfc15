//! Sentences, places, limits; whole schemas and parts of them.

use super::super::Schema;
use super::*;
use serde_json::json;

fn load(schema: &Value) -> Schema {
    Schema::load(&schema.to_string(), None).unwrap()
}

fn lines(violations: &[Violation]) -> Vec<String> {
    violations
        .iter()
        .map(|found| format!("{} {}: {}", found.pointer, found.keyword, found.message))
        .collect()
}

#[test]
fn sentences() {
    let long = "x".repeat(500);
    for (schema, value, expected) in [
        (
            json!({"type": "integer"}),
            json!("28"),
            " type: expected integer, got the string \"28\"",
        ),
        (
            json!({"type": ["integer", "null"]}),
            json!([1]),
            " type: expected null or integer, got the array [1]",
        ),
        (json!({"required": ["age"]}), json!({}), " required: `age` is missing"),
        (
            json!({"properties": {}, "additionalProperties": false}),
            json!({"a": 1, "b": 2}),
            " additionalProperties: `a`, `b` are not expected here; leave it out",
        ),
        (
            json!({"enum": ["a", "b"]}),
            json!("c"),
            " enum: \"c\" is not one of \"a\", \"b\"",
        ),
        (json!({"const": 1}), json!(2), " const: expected 1, got 2"),
        (
            json!({"format": "date"}),
            json!("2020-13-01"),
            " format: \"2020-13-01\" is not a valid date",
        ),
        (
            json!({"pattern": "^\\d+$"}),
            json!("x"),
            " pattern: \"x\" does not match the pattern ^\\d+$",
        ),
        (json!({"minimum": 3}), json!(2), " minimum: 2 is less than 3"),
        (
            json!({"exclusiveMaximum": 3}),
            json!(3),
            " exclusiveMaximum: 3 is not less than 3",
        ),
        (
            json!({"multipleOf": 2}),
            json!(3),
            " multipleOf: 3 is not a multiple of 2",
        ),
        (
            json!({"minLength": 1}),
            json!(""),
            " minLength: \"\" is shorter than 1 character",
        ),
        (
            json!({"minItems": 2}),
            json!([1]),
            " minItems: at least 2 items expected, got 1",
        ),
        (
            json!({"uniqueItems": true}),
            json!([1, 1]),
            " uniqueItems: the items must all be different",
        ),
        (
            json!({"properties": {"a": false}}),
            json!({"a": 1}),
            "/a falseSchema: no value is allowed here; leave it out",
        ),
    ] {
        assert_eq!(lines(&load(&schema).judge(&value)), [expected], "{schema}");
    }
    let cut = load(&json!({"type": "integer"})).judge(&json!(long));
    assert!(cut[0].message.chars().count() < 130, "{}", cut[0].message);
}

#[test]
fn alternatives_name_the_closest() {
    let optional =
        load(&json!({"properties": {"a": {"anyOf": [{"type": "object", "required": ["x"]}, {"type": "null"}]}}}));
    assert_eq!(
        lines(&optional.judge(&json!({"a": {}}))),
        ["/a required: `x` is missing"]
    );
    assert_eq!(
        lines(&optional.judge(&json!({"a": 1}))),
        ["/a anyOf: fits none of the 2 alternatives; the closest is number 1: expected object, got the number 1"]
    );
    let union = load(&json!({"items": {"oneOf": [
        {"type": "object", "properties": {"kind": {"const": "a"}, "n": {"type": "integer"}}, "required": ["kind", "n"]},
        {"type": "object", "properties": {"kind": {"const": "b"}}, "required": ["kind"]},
    ]}}));
    assert_eq!(
        lines(&union.judge(&json!([{"kind": "c", "n": "x"}]))),
        ["/0 oneOf: fits none of the 2 alternatives; the closest is number 2: /kind: expected \"b\", got \"c\""]
    );
}

#[test]
fn deep_values_are_one_violation_and_never_overflow() {
    let schema = load(&json!({"$defs": {
        "list": {"type": "array", "items": {"$ref": "#/$defs/a"}}, "a": {"$ref": "#/$defs/b"}, "b": {"allOf": [{"$ref": "#/$defs/list"}]},
    }, "$ref": "#/$defs/a"}));
    let nest = |levels: usize| (0..levels).fold(json!([]), |inner, _| json!([inner]));
    assert_eq!(schema.judge(&nest(100)), []);
    assert_eq!(schema.judge(&nest(127)), []);
    let deep = schema.judge(&nest(128));
    assert_eq!((deep.len(), deep[0].keyword.as_str()), (1, "depth"));
}

#[test]
fn deep_values_meet_long_chains_on_a_small_stack() {
    let mut defs = serde_json::Map::new();
    for at in 0..120 {
        defs.insert(format!("d{at}"), json!({"$ref": format!("#/$defs/d{}", at + 1)}));
    }
    defs.insert(
        "d120".to_owned(),
        json!({"type": "array", "items": {"$ref": "#/$defs/d0"}}),
    );
    let text = json!({"$ref": "#/$defs/d0", "$defs": defs}).to_string();
    let value = (0..127).fold(json!(1), |inner, _| json!([inner]));
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    let judged = thread
        .spawn(move || Schema::load(&text, None).unwrap().judge(&value))
        .unwrap()
        .join()
        .unwrap();
    assert_eq!(judged.len(), 1);
    assert_eq!(judged[0].keyword, "type");
}

#[test]
fn parts_are_judged_with_their_references() {
    for id in [
        None,
        Some("https://example.com/schemas/user.json"),
        Some("user.json"),
        Some("urn:example:user"),
    ] {
        let mut schema = json!({
            "type": "object",
            "properties": {
                "age": {"type": "integer", "minimum": 0},
                "a/b ü": {"$ref": "#/$defs/Node"},
                "list": {"type": "array", "items": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]}},
            },
            "$defs": {"Node": {"type": "object", "required": ["v"], "properties": {"v": {"type": "string"}, "next": {"$ref": "#/$defs/Node"}}}},
        });
        if let Some(id) = id {
            schema["$id"] = json!(id);
        }
        let schema = load(&schema);
        for (place, value, expected) in [
            ("/age", json!(-1), vec![" minimum: -1 is less than 0"]),
            ("/age", json!(1), vec![]),
            (
                "/a~1b ü",
                json!({"v": "x", "next": {"v": 1}}),
                vec!["/next/v type: expected string, got the number 1"],
            ),
            ("/a~1b ü/next/next", json!({}), vec![" required: `v` is missing"]),
            ("/list/4", json!({}), vec![" required: `v` is missing"]),
            ("/list/4", json!(null), vec![]),
            (
                "",
                json!({"age": 1.5}),
                vec!["/age type: expected integer, got the number 1.5"],
            ),
        ] {
            let shape = schema.shape().find(place).unwrap();
            assert_eq!(
                lines(&schema.judge_at(shape, &value)),
                expected,
                "{id:?} {place} {value}"
            );
            assert_eq!(lines(&schema.judge_at(shape, &value)), expected, "from the cache");
        }
    }
}

#[test]
fn parts_keep_their_draft_and_ids() {
    let old = load(&json!({
        "$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"s": {"type": "string"}},
        "properties": {"a": {"$ref": "#/definitions/s", "maxLength": 1}, "t": {"items": [{"type": "integer"}]}},
    }));
    assert_eq!(old.judge_at(old.shape().find("/a").unwrap(), &json!("long")), []);
    assert_eq!(old.judge_at(old.shape().find("/t").unwrap(), &json!(["x"])).len(), 1);
    let named = load(&json!({
        "$id": "https://example.com/root.json", "properties": {"a": {"$ref": "part.json#/properties/b"}},
        "$defs": {"p": {"$id": "part.json", "properties": {"b": {"$ref": "#here"}}, "$defs": {"x": {"$anchor": "here", "type": "string"}}}},
    }));
    assert_eq!(named.judge_at(named.shape().find("/a").unwrap(), &json!(1)).len(), 1);
    assert_eq!(named.judge_at(named.shape().find("/a").unwrap(), &json!("x")), []);
}
