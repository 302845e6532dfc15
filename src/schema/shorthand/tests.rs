//! Tables for the shorthand.

use super::*;

fn field(text: &str) -> Value {
    let (schema, _) = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    schema["properties"]
        .as_object()
        .and_then(|map| map.values().next().cloned())
        .unwrap()
}

#[test]
fn types() {
    for (text, expected) in [
        ("a", json!({"type": "string"})),
        ("a str", json!({"type": "string"})),
        ("a integer", json!({"type": "integer"})),
        ("a float", json!({"type": "number"})),
        ("a bool", json!({"type": "boolean"})),
        ("a date", json!({"type": "string", "format": "date"})),
        ("a datetime", json!({"type": "string", "format": "date-time"})),
        ("a any", json!({})),
        ("a []", json!({"type": "array", "items": {"type": "string"}})),
        (
            "a [[int]]",
            json!({"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}),
        ),
        ("a admin|user", json!({"type": "string", "enum": ["admin", "user"]})),
        (
            "a admin | \"super user\"",
            json!({"type": "string", "enum": ["admin", "super user"]}),
        ),
        ("a \"str\"|x", json!({"type": "string", "enum": ["str", "x"]})),
        ("a x|null", json!({"type": ["string", "null"], "enum": ["x", null]})),
        ("a 1|2|3", json!({"type": "integer", "enum": [1, 2, 3]})),
        ("a 1|two", json!({"type": "string", "enum": ["1", "two"]})),
        ("a int|null", json!({"type": ["integer", "null"]})),
        (
            "a date|null",
            json!({"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}),
        ),
        (r"a str /^\d+\/\w$/", json!({"type": "string", "pattern": r"^\d+/\w$"})),
        ("a /x, y|{z}/", json!({"type": "string", "pattern": "x, y|{z}"})),
        (
            "a [str /x/]",
            json!({"type": "array", "items": {"type": "string", "pattern": "x"}}),
        ),
        (
            "a int: in years (0, 1)",
            json!({"type": "integer", "description": "in years (0, 1)"}),
        ),
        (
            "a: \"first, last\"",
            json!({"type": "string", "description": "first, last"}),
        ),
        ("a: # none", json!({"type": "string"})),
        ("a: ", json!({"type": "string"})),
    ] {
        assert_eq!(field(text), expected, "{text}");
    }
}

#[test]
fn objects_nest_and_newlines_separate() {
    let text = "# a person\nname: the full name\nnick?\n\naddresses [{street, city?: where, zip str /x/}]\n\"e-mail adress\" str,";
    let (schema, marks) = parse(text).unwrap();
    let expected = json!({
        "type": "object",
        "properties": {
            "name": {"type": "string", "description": "the full name"},
            "nick": {"type": "string"},
            "addresses": {"type": "array", "items": {
                "type": "object",
                "properties": {
                    "street": {"type": "string"},
                    "city": {"type": "string", "description": "where"},
                    "zip": {"type": "string", "pattern": "x"},
                },
                "required": ["street", "zip"],
                "additionalProperties": false,
            }},
            "e-mail adress": {"type": "string"},
        },
        "required": ["name", "addresses", "e-mail adress"],
        "additionalProperties": false,
    });
    assert_eq!(schema, expected);
    assert_eq!(
        serde_json::to_string(&schema).unwrap(),
        serde_json::to_string(&expected).unwrap(),
        "order"
    );
    let (pointer, offset) = &marks[3];
    assert_eq!(pointer, "/properties/addresses/items/properties/street");
    assert!(text[*offset..].starts_with("street"));
    assert_eq!(
        parse("{\n  street\n  city\n}").unwrap().0,
        parse("street, city").unwrap().0
    );
}

#[test]
fn errors_point_at_the_place() {
    for (text, expected) in [
        ("age itn", "line 1, column 5: `itn` is not a type; did you mean `int`?"),
        ("a\nb quux bar", "line 2, column 3: `quux` is not a type; use"),
        ("a int bar", "line 1, column 7: `bar` was not expected after `a`"),
        ("a, b, a", "line 1, column 7: `a` is there twice"),
        ("a {b", "line 1, column 3: this bracket is never closed"),
        ("a [str", "line 1, column 3: this bracket is never closed"),
        ("a [str, int]", "line 1, column 9: a list has one type"),
        ("a {}", "line 1, column 4: an object needs at least one field"),
        ("a}", "line 1, column 2: `}` closes nothing"),
        ("a]", "line 1, column 2: `]` closes nothing"),
        ("a /x", "line 1, column 3: this pattern is never closed"),
        ("a int /x/", "line 1, column 3: a pattern needs a text"),
        ("a \"x", "line 1, column 3: this quote is never closed"),
        ("a x|", "line 1, column 5: a word was expected"),
        ("a x|int", "line 1, column 3: `int` is a type among words"),
        ("a x|x", "line 1, column 3: \"x\" is there twice"),
        ("= b", "line 1, column 1: a field's name"),
        ("a \"b\"", "line 1, column 3: `b` is not a type"),
    ] {
        let error = parse(text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{text:?}: {error}");
    }
    assert!(
        parse(&format!("a {}", "[".repeat(1000)))
            .unwrap_err()
            .message
            .contains("levels")
    );
    assert!(parse(&"a {".repeat(100_000)).unwrap_err().message.contains("levels"));
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "[a-c0-9 ,:|?/\\[\\]{}\"\\\\\n#ä]{0,40}") {
        let _ = parse(&text);
    }
}
