//! What is seen of schemas, through references and combinators.

use super::super::Schema;
use serde_json::{Value, json};
use std::collections::HashSet;

fn load(schema: &Value) -> Schema {
    Schema::load(&schema.to_string(), None).unwrap()
}

/// One line for the node at an instance pointer: `pointer types flags {members}`.
fn line(schema: &Schema, instance: &str) -> String {
    let shape = schema.shape();
    let Some(id) = shape.find(instance) else {
        return "-".to_owned();
    };
    let node = shape.node(id);
    let types: Vec<_> = node.types.iter().map(|kind| kind.as_str()).collect();
    let members: Vec<_> = node
        .members
        .iter()
        .map(|member| format!("{}{}", member.name, if member.required { "" } else { "?" }))
        .collect();
    let flags = [
        ("enum", node.is_enum),
        ("null", node.nullable),
        ("branches", node.branches),
    ];
    let flags: Vec<_> = flags.iter().filter(|(_, on)| *on).map(|(name, _)| *name).collect();
    format!(
        "{} [{}] [{}] {{{}}}",
        node.pointer,
        types.join(" "),
        flags.join(" "),
        members.join(" ")
    )
}

#[test]
fn pydantic_dump() {
    let schema = load(&json!({
        "$defs": {
            "Address": {"properties": {"street": {"type": "string"}, "kind": {"$ref": "#/$defs/Kind"}}, "required": ["street"], "type": "object"},
            "Kind": {"enum": ["home", "work"], "type": "string"},
        },
        "properties": {
            "name": {"title": "Name", "type": "string"},
            "age": {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": null},
            "home": {"anyOf": [{"$ref": "#/$defs/Address"}, {"type": "null"}], "default": null, "description": "where"},
            "all": {"items": {"$ref": "#/$defs/Address"}, "type": "array"},
            "main": {"allOf": [{"$ref": "#/$defs/Address"}], "description": "main"},
            "kind": {"$ref": "#/$defs/Kind", "default": "home"},
            "scores": {"type": "object", "additionalProperties": {"type": "number"}},
            "pair": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": {"type": "boolean"}},
            "mixed": {"type": ["number", "integer", "null"]},
            "any": {},
        },
        "required": ["name", "all"], "title": "User", "type": "object",
    }));
    for (instance, expected) in [
        (
            "",
            " [object] [] {name age? home? all main? kind? scores? pair? mixed? any?}",
        ),
        ("/name", "/properties/name [string] [] {}"),
        ("/age", "/properties/age [null integer] [null] {}"),
        ("/home", "/properties/home [null object] [null] {street kind?}"),
        ("/home/street", "/$defs/Address/properties/street [string] [] {}"),
        ("/all/7/kind", "/$defs/Address/properties/kind [string] [enum] {}"),
        ("/all/7", "/properties/all/items [object] [] {street kind?}"),
        ("/main", "/properties/main [object] [] {street kind?}"),
        ("/kind", "/properties/kind [string] [enum] {}"),
        ("/scores/x", "/properties/scores/additionalProperties [number] [] {}"),
        ("/pair/1", "/properties/pair/prefixItems/1 [integer] [] {}"),
        ("/pair/2", "/properties/pair/items [boolean] [] {}"),
        ("/mixed", "/properties/mixed [null number] [null] {}"),
        ("/any", "/properties/any [] [null] {}"),
        ("/nothing", "-"),
        ("/name/x", "-"),
    ] {
        assert_eq!(line(&schema, instance), expected, "{instance}");
    }
    let home = schema.shape().find("/home").unwrap();
    assert_eq!(schema.shape().node(home).description.as_deref(), Some("where"));
    assert!(schema.root_is_object() && schema.has_open_maps());
}

#[test]
fn recursion_is_a_cycle() {
    let schema = load(&json!({
        "type": "object", "properties": {"name": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#"}}},
    }));
    let shape = schema.shape();
    assert_eq!(
        shape.find("/children/0/children"),
        shape.find("/children/3/children/1/children")
    );
    assert!(shape.ids().count() <= 4);
    assert!(!schema.has_open_maps());
}

#[test]
fn alternatives_are_marked_and_joined() {
    let schema = load(&json!({
        "oneOf": [
            {"type": "object", "properties": {"kind": {"const": "a"}, "x": {"type": "integer"}}, "required": ["kind"]},
            {"type": "object", "properties": {"kind": {"type": "string"}, "y": {"type": "string"}}, "required": ["kind"]},
        ],
    }));
    assert_eq!(line(&schema, ""), " [object] [branches] {kind? x? y?}");
    assert_eq!(line(&schema, "/kind"), "/oneOf/0/properties/kind [string] [enum] {}");
    let conditional = load(&json!({
        "type": "object", "properties": {"a": {}}, "if": {"properties": {"a": {"const": 1}}}, "then": {"properties": {"b": {}}, "required": ["b"]},
    }));
    assert_eq!(line(&conditional, ""), " [object] [branches] {a? b?}");
}

#[test]
fn free_keys_under_patterns_are_not_known() {
    let schema =
        load(&json!({"type": "object", "patternProperties": {"^x": {}}, "additionalProperties": {"type": "string"}}));
    assert_eq!(line(&schema, "/xa"), "-");
    assert!(schema.has_open_maps());
    assert!(load(&json!({"type": "object"})).has_open_maps());
    assert!(!load(&json!({"type": "object", "properties": {}, "additionalProperties": false})).has_open_maps());
}

#[test]
fn siblings_of_a_reference_count_from_2019_on() {
    let draft = |uri: &str| {
        load(&json!({
            "$schema": uri, "type": "object", "definitions": {"s": {"type": "string"}},
            "properties": {"a": {"$ref": "#/definitions/s", "type": "null"}},
        }))
    };
    assert_eq!(
        line(&draft("http://json-schema.org/draft-07/schema#"), "/a"),
        "/properties/a [string] [] {}"
    );
    let none = draft("https://json-schema.org/draft/2020-12/schema");
    assert_eq!(line(&none, "/a"), "/properties/a [] [] {}");
}

#[test]
fn the_root_need_not_be_an_object() {
    for (schema, expected) in [
        (json!({"type": "object"}), true),
        (json!({"$ref": "#/$defs/a", "$defs": {"a": {"type": "object"}}}), true),
        (json!({"anyOf": [{"type": "object"}, {"type": "object"}]}), true),
        (json!({"type": "array"}), false),
        (json!({"type": ["object", "null"]}), false),
        (json!({"properties": {}}), false),
        (json!({}), false),
    ] {
        assert_eq!(load(&schema).root_is_object(), expected, "{schema}");
    }
}

#[test]
fn alternatives_that_come_back_do_not_double_the_places() {
    let alternative = json!({"properties": {"child": {"$ref": "#"}, "other": {"$ref": "#"}}});
    let schema = load(&json!({"type": "object", "anyOf": vec![alternative; 3]}));
    let shape = schema.shape();
    let most = shape.ids().map(|id| shape.places(id).len()).max();
    assert_eq!((shape.ids().count(), most), (3, Some(3)));
    assert!(shape.find("/child/other/child/child").is_some());
}

/// Properties that each refer to one definition, with something beside the reference, and the definition of as many members.
fn referring(count: usize, beside: impl Fn(usize) -> Value) -> Schema {
    let members = |member: &dyn Fn(usize) -> Value| -> Value {
        let members: serde_json::Map<_, _> = (0..count).map(|at| (format!("p{at}"), member(at))).collect();
        Value::Object(members)
    };
    let refer = |at| {
        let mut schema = beside(at);
        schema["$ref"] = json!("#/$defs/large");
        schema
    };
    load(&json!({
        "type": "object", "properties": members(&refer),
        "$defs": {"large": {"type": "object", "properties": members(&|_| json!({"type": "string"}))}},
    }))
}

#[test]
fn what_is_referred_to_often_is_held_once() {
    let schema = referring(
        100,
        |at| json!({"description": format!("Number {at}."), "minProperties": at}),
    );
    let shape = schema.shape();
    let held: HashSet<_> = shape
        .ids()
        .map(|id| &shape.node(id).members)
        .filter(|members| !members.is_empty())
        .map(|members| members.as_ptr())
        .collect();
    assert_eq!(held.len(), 2, "the root's and the definition's");
    let seventh = shape.node(shape.find("/p7").unwrap());
    assert_eq!(seventh.description.as_deref(), Some("Number 7."));
    assert_eq!(
        (seventh.pointer.as_str(), seventh.members.len()),
        ("/properties/p7", 100)
    );
    assert!(shape.find("/p7/p99").is_some());
}

#[test]
fn members_beside_references_are_bounded() {
    let schema = referring(600, |at| json!({"required": [format!("p{at}")]}));
    let shape = schema.shape();
    let all: usize = shape.ids().map(|id| shape.node(id).members.len()).sum();
    assert!((250_000..255_000).contains(&all), "{all} of 360,600");
    assert!(shape.find("/p7/p99").is_some());
}
