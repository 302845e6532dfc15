//! Tables for the rewrites and for the way back.

use super::*;

const STRICT: Rewrite = Rewrite {
    strict: true,
    reduced: false,
    inline: false,
    wrap: true,
};
const REDUCED: Rewrite = Rewrite {
    strict: true,
    reduced: true,
    inline: false,
    wrap: true,
};
const INLINE: Rewrite = Rewrite {
    strict: false,
    reduced: false,
    inline: true,
    wrap: false,
};
const WRAP: Rewrite = Rewrite {
    strict: false,
    reduced: false,
    inline: false,
    wrap: true,
};

fn load(schema: &Value) -> Schema {
    Schema::load(&schema.to_string(), None).unwrap()
}

fn adapted(schema: &Value, rewrite: Rewrite) -> Value {
    adapt(&load(schema), rewrite).value
}

/// `pointer keyword enforcer undo` of each change.
fn listed(schema: &Value, rewrite: Rewrite) -> Vec<String> {
    let line = |change: &Change| {
        let undo = change.undo.map_or_else(String::new, |undo| format!(" {undo:?}"));
        format!("{} {} {:?}{undo}", change.pointer, change.keyword, change.enforcer)
    };
    adapt(&load(schema), rewrite).changes.iter().map(line).collect()
}

#[test]
fn nothing_asked_for_drops_the_dialect_only() {
    let schema = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://e.x/s", "title": "T", "type": "object",
        "properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"default": 1}, "B": {}}});
    for rewrite in [Rewrite::default(), WRAP] {
        let expected = json!({"title": "T", "type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"default": 1}, "B": {}}});
        assert_eq!(adapted(&schema, rewrite), expected);
        assert_eq!(listed(&schema, rewrite), [" $schema Local", " $id Local"]);
    }
}

#[test]
fn strict_closes_requires_and_makes_nullable() {
    let schema = json!({"title": "User", "type": "object", "properties": {
        "name": {"type": "string", "title": "Name"},
        "age": {"type": "integer"},
        "role": {"enum": ["a", "b"], "type": "string"},
        "bare": {"enum": ["a"], "description": "d"},
        "nick": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null},
        "either": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        "home": {"$ref": "#/$defs/Home", "description": "where"},
    }, "required": ["name"], "$defs": {"Home": {"type": "object", "properties": {"zip": {"type": "string"}}}}});
    let expected = json!({"type": "object", "properties": {
        "name": {"type": "string"},
        "age": {"type": ["integer", "null"]},
        "role": {"enum": ["a", "b", null], "type": ["string", "null"]},
        "bare": {"anyOf": [{"enum": ["a"]}, {"type": "null"}], "description": "d"},
        "nick": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "either": {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
        "home": {"anyOf": [{"$ref": "#/$defs/Home"}, {"type": "null"}], "description": "where"},
    }, "additionalProperties": false, "required": ["name", "age", "role", "bare", "nick", "either", "home"],
    "$defs": {"Home": {"type": "object", "properties": {"zip": {"type": ["string", "null"]}}, "additionalProperties": false, "required": ["zip"]}}});
    assert_eq!(adapted(&schema, STRICT).to_string(), expected.to_string());
    assert_eq!(
        listed(&schema, STRICT),
        [
            " title Local",
            "/properties/name title Local",
            "/properties/nick default Local",
            "/properties/home description Server",
            " additionalProperties Server",
            "/properties/age required Server DropNull",
            "/properties/role required Server DropNull",
            "/properties/bare required Server DropNull",
            "/properties/nick required Server",
            "/properties/either required Server DropNull",
            "/properties/home required Server DropNull",
            "/$defs/Home additionalProperties Server",
            "/$defs/Home/properties/zip required Server DropNull",
        ]
    );
}

#[test]
fn strict_keyword_by_keyword() {
    let object = |property: Value| json!({"type": "object", "properties": {"a": property}, "required": ["a"]});
    let defs = json!({"A": {"type": "object", "properties": {"x": {}}, "required": ["x"]}});
    let closed = json!({"type": "object", "properties": {"x": {}}, "additionalProperties": false, "required": ["x"]});
    for (property, expected) in [
        (
            json!({"oneOf": [{"type": "string"}, {"type": "null"}]}),
            json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ),
        (
            json!({"allOf": [{"type": "string"}], "description": "d"}),
            json!({"type": "string", "description": "d"}),
        ),
        (json!({"allOf": [{"$ref": "#/$defs/A"}]}), json!({"$ref": "#/$defs/A"})),
        (
            json!({"allOf": [{"$ref": "#/$defs/A"}], "description": "d"}),
            json!({"anyOf": [{"$ref": "#/$defs/A"}], "description": "d"}),
        ),
        (
            json!({"$ref": "#/$defs/A", "default": {}}),
            json!({"$ref": "#/$defs/A"}),
        ),
        (
            json!({"allOf": [{"$ref": "#/$defs/A"}, {"properties": {"y": {"type": "string"}}, "required": ["y"]}]}),
            json!({"type": "object", "properties": {"x": {}, "y": {"type": "string"}}, "additionalProperties": false, "required": ["x", "y"]}),
        ),
        (
            json!({"$ref": "#/$defs/A", "properties": {"y": {"type": "string"}}, "required": ["y"]}),
            json!({"properties": {"y": {"type": "string"}, "x": {}}, "type": "object", "additionalProperties": false, "required": ["y", "x"]}),
        ),
        (
            json!({"type": "string", "not": {"const": "x"}}),
            json!({"type": "string", "description": "Must be not fitting {\"const\":\"x\"}."}),
        ),
        (
            json!({"type": "string", "pattern": "x", "minLength": 1}),
            json!({"type": "string", "pattern": "x", "minLength": 1}),
        ),
        (json!(true), json!({})),
        (
            json!({"type": "array", "items": {"type": "object", "properties": {}}}),
            json!({"type": "array", "items": {"type": "object", "properties": {}, "additionalProperties": false, "required": []}}),
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
        ),
        (
            json!({"enum": [{"title": "kept"}]}),
            json!({"enum": [{"title": "kept"}]}),
        ),
    ] {
        let mut schema = object(property.clone());
        schema["$defs"] = defs.clone();
        let sent = adapted(&schema, STRICT);
        assert_eq!(sent["properties"]["a"].to_string(), expected.to_string(), "{property}");
        let refers = expected.to_string().contains("$ref");
        assert_eq!(
            sent.get("$defs"),
            refers.then(|| json!({"A": closed})).as_ref(),
            "{property}"
        );
    }
}

#[test]
fn reduced_puts_bounds_into_words() {
    let schema = json!({"type": "object", "properties": {
        "age": {"type": "integer", "minimum": 0, "maximum": 150, "description": "In years."},
        "phone": {"type": "string", "pattern": "^\\d+$", "format": "phone"},
        "day": {"type": "string", "format": "date"},
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 9}, "minItems": 1, "uniqueItems": true},
        "kind": {"const": "x"},
    }, "required": ["age", "phone", "day", "tags", "kind"]});
    let expected = json!({
        "age": {"type": "integer", "description": "In years. Must be at least 0, at most 150."},
        "phone": {"type": "string", "description": "Must be matching the regular expression ^\\d+$, in the format phone."},
        "day": {"type": "string", "format": "date"},
        "tags": {"type": "array", "items": {"type": "string", "description": "Must be at most 9 characters long."},
            "description": "Must be at least 1 items, without duplicate items."},
        "kind": {"enum": ["x"]},
    });
    assert_eq!(
        adapted(&schema, REDUCED)["properties"].to_string(),
        expected.to_string()
    );
    let changes = listed(&schema, REDUCED);
    assert!(
        changes.contains(&"/properties/age minimum Hint".to_owned()),
        "{changes:?}"
    );
    assert!(
        changes.contains(&"/properties/kind const Server".to_owned()),
        "{changes:?}"
    );
}

#[test]
fn inline_replaces_references_unless_recursive() {
    let schema = json!({"type": "object", "properties": {
        "a": {"$ref": "#/$defs/A", "description": "d"}, "n": {"$ref": "#/$defs/N"}, "again": {"$ref": "#/properties/a"},
    }, "$defs": {
        "A": {"type": "string"}, "N": {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}, "next": {"$ref": "#/$defs/N"}}}, "Unused": {},
    }});
    let expected = json!({"type": "object", "properties": {
        "a": {"type": "string", "description": "d"}, "n": {"$ref": "#/$defs/N"}, "again": {"type": "string", "description": "d"},
    }, "$defs": {"N": {"type": "object", "properties": {"a": {"type": "string"}, "next": {"$ref": "#/$defs/N"}}}}});
    assert_eq!(adapted(&schema, INLINE).to_string(), expected.to_string());
    let changes = listed(&schema, INLINE);
    assert!(changes.contains(&"/$defs/Unused $defs Local".to_owned()), "{changes:?}");
}

#[test]
fn inlining_is_bounded() {
    let mut defs = serde_json::Map::new();
    for at in 0..60 {
        let next = format!("#/$defs/d{}", at + 1);
        defs.insert(
            format!("d{at}"),
            json!({"type": "object", "properties": {"x": {"$ref": next}, "y": {"$ref": next}}}),
        );
    }
    defs.insert("d60".to_owned(), json!({"type": "string"}));
    let schema = json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/d0"}}, "$defs": defs});
    let sent = adapted(
        &schema,
        Rewrite {
            strict: true,
            reduced: true,
            inline: true,
            wrap: true,
        },
    );
    assert!(sent.to_string().len() < 8 << 20);
    assert!(Schema::load(&sent.to_string(), None).is_ok());
}

#[test]
fn roots_are_wrapped_or_typed() {
    let list = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "array", "items": {"$ref": "#/$defs/A"}, "$defs": {"A": {"type": "string"}}});
    let expected = json!({"type": "object", "properties": {"value": {"type": "array", "items": {"$ref": "#/$defs/A"}}},
        "required": ["value"], "additionalProperties": false, "$defs": {"A": {"type": "string"}}});
    for rewrite in [WRAP, STRICT] {
        assert_eq!(adapted(&list, rewrite), expected);
    }
    assert!(listed(&list, WRAP).contains(&" type Server Unwrap".to_owned()));

    let tree = json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#"}}]});
    let expected = json!({"type": "object", "properties": {"value": {"$ref": "#/$defs/Answer"}}, "required": ["value"], "additionalProperties": false,
        "$defs": {"Answer": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#/$defs/Answer"}}]}}});
    assert_eq!(adapted(&tree, STRICT), expected);

    let union = json!({"anyOf": [{"type": "object", "properties": {}}, {"type": "object", "properties": {}}]});
    assert_eq!(adapted(&union, STRICT)["required"], json!(["value"]));
    assert_eq!(
        adapted(&json!({"properties": {"a": {}}}), WRAP),
        json!({"type": "object", "properties": {"a": {}}})
    );
    let referred = json!({"$ref": "#/$defs/N", "$defs": {"N": {"type": "object", "properties": {"n": {"$ref": "#/$defs/N"}}, "required": ["n"]}}});
    let body = json!({"type": "object", "properties": {"n": {"$ref": "#/$defs/N"}}, "additionalProperties": false, "required": ["n"]});
    let mut expected = body.clone();
    expected["$defs"] = json!({"N": body});
    assert_eq!(adapted(&referred, STRICT), expected);
}

#[test]
fn references_by_address_and_old_lists_are_rewritten() {
    let schema = json!({"$id": "https://example.com/root", "type": "object", "properties": {"a": {"$ref": "https://example.com/root#here"}},
        "$defs": {"X Y": {"$anchor": "here", "type": "string"}}});
    let expected =
        json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/X_Y"}}, "$defs": {"X_Y": {"type": "string"}}});
    assert_eq!(adapted(&schema, Rewrite::default()), expected);
    let old = json!({"type": "object", "properties": {"p": {"type": "array", "items": [{"type": "string"}], "additionalItems": false}}, "required": ["p"],
        "definitions": {}});
    assert_eq!(
        adapted(&old, STRICT)["properties"]["p"],
        json!({"type": "array", "prefixItems": [{"type": "string"}]})
    );
}

#[test]
fn undo_drops_the_nulls_that_adapting_brought() {
    let schema = json!({"type": "object", "properties": {
        "a": {"type": "string"}, "n": {"type": ["string", "null"]}, "r": {"type": ["string", "null"]}, "o": {"$ref": "#/$defs/O"},
        "l": {"type": "array", "items": {"$ref": "#/$defs/O"}},
        "u": {"oneOf": [
            {"type": "object", "properties": {"k": {"const": "x"}, "v": {"type": "integer"}}, "required": ["k"]},
            {"type": "object", "properties": {"k": {"const": "y"}, "v": {"type": ["integer", "null"]}}, "required": ["k", "v"]},
        ]},
    }, "required": ["r"], "$defs": {"O": {"type": "object", "properties": {"b": {"type": "integer"}, "o": {"$ref": "#/$defs/O"}}}}});
    let schema = load(&schema);
    let adapted = adapt(&schema, STRICT);
    for (answer, expected) in [
        (
            json!({"a": null, "n": null, "r": null, "o": null, "l": null, "u": null}),
            json!({"n": null, "r": null}),
        ),
        (
            json!({"r": "x", "o": {"b": null, "o": {"b": 1, "o": null}}}),
            json!({"r": "x", "o": {"o": {"b": 1}}}),
        ),
        (
            json!({"r": "x", "l": [{"b": null}, null, {"b": 2, "o": null}]}),
            json!({"r": "x", "l": [{}, null, {"b": 2}]}),
        ),
        (
            json!({"r": "x", "u": {"k": "x", "v": null}}),
            json!({"r": "x", "u": {"k": "x"}}),
        ),
        (
            json!({"r": "x", "u": {"k": "y", "v": null}}),
            json!({"r": "x", "u": {"k": "y", "v": null}}),
        ),
        (json!({"r": "x", "unknown": null}), json!({"r": "x", "unknown": null})),
        (json!("nonsense"), json!("nonsense")),
    ] {
        assert_eq!(undo(&schema, &adapted.changes, answer.clone()), expected, "{answer}");
    }
    let list = load(&json!({"type": "array"}));
    let changes = adapt(&list, WRAP).changes;
    assert_eq!(undo(&list, &changes, json!({"value": [1]})), json!([1]));
    assert_eq!(undo(&list, &changes, json!([1])), json!([1]));
    assert_eq!(undo(&list, &[], json!({"value": [1]})), json!({"value": [1]}));
}
