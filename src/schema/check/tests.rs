//! What is refused, with which sentence and where; and that nothing overflows.

use super::*;
use serde_json::json;

fn fault(text: &str) -> String {
    match Schema::load(text, None) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

/// Loads on a thread with the stack that threads get by default.
fn on_small_stack(text: String) -> Option<String> {
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    let run = move || Schema::load(&text, None).err().map(|error| error.to_string());
    thread.spawn(run).unwrap().join().unwrap()
}

/// `{"$ref": d0}` with a chain of definitions, each made from the name of the next.
fn chain(length: usize, link: impl Fn(String) -> Value) -> String {
    let mut defs = serde_json::Map::new();
    for at in 0..length {
        defs.insert(format!("d{at}"), link(format!("#/$defs/d{}", at + 1)));
    }
    defs.insert(format!("d{length}"), json!({"type": "string"}));
    json!({"$ref": "#/$defs/d0", "$defs": defs}).to_string()
}

#[test]
fn long_and_shared_references_do_not_overflow_or_explode() {
    let twice = |next: String| json!({"allOf": [{"$ref": next}, {"$ref": next}]});
    let once = |next: String| json!({"$ref": next});
    let inside = |next: String| json!({"properties": {"x": {"$ref": next}, "y": {"$ref": next}}});
    assert_eq!(on_small_stack(chain(100, once)), None);
    assert_eq!(on_small_stack(chain(12, twice)), None);
    assert_eq!(on_small_stack(chain(1000, inside)), None);
    assert!(on_small_stack(chain(200, once)).unwrap().contains("128 references"));
    assert!(on_small_stack(chain(40, twice)).unwrap().contains("100000 subschemas"));
}

#[test]
fn depth_is_bounded_in_every_form() {
    let nested = |levels: usize| {
        format!(
            "{}{{}}{}",
            "{\"properties\":{\"x\":".repeat(levels),
            "}}".repeat(levels)
        )
    };
    assert_eq!(on_small_stack(nested(60)), None);
    let over = on_small_stack(nested(100)).unwrap();
    assert!(over.contains("deeper than 128"), "{over}");
    let jsonc = format!("// note\n{}", nested(100));
    let over = on_small_stack(jsonc).unwrap();
    assert!(over.contains("deeper than 128"), "{over}");
    assert!(on_small_stack(format!("// note\n{}", nested(10_000))).is_some());
    assert!(on_small_stack("- ".repeat(50_000)).is_some());
    assert!(on_small_stack("[".repeat(100_000)).is_some());
    assert!(on_small_stack(format!("type: object\nproperties: {}", "{x: ".repeat(50_000))).is_some());
}

/// Broken schemas and how their errors begin.
const FAULTS: &[(&str, &str)] = &[
    (
        "{\n  \"type\": \"strng\"\n}",
        "line 2, column 11: `strng` is not a JSON type; did you mean `string`?",
    ),
    (
        r#"{"properties": {"a": {"type": "dict"}}}"#,
        "line 1, column 31: `dict` is not a JSON type; did you mean `object`?",
    ),
    (
        r#"{"items": {"type": "currency"}}"#,
        "line 1, column 20: `currency` is not a JSON type; use one of",
    ),
    (
        r#"{"$schema": "http://json-schema.org/draft-07/schema#", "items": {"type": "strng"}}"#,
        "line 1, column 74: `strng`",
    ),
    (r#"{"type": ["string", "nul"]}"#, "line 1, column"),
    (
        r#"{"type": 3}"#,
        "line 1, column 10: `type` must be one of null, boolean",
    ),
    (
        r#"{"properties": {"a": "string"}}"#,
        "line 1, column 22: `a` must be a schema, such as {\"type\": \"string\"}, not \"string\"",
    ),
    (
        r#"{"properties": []}"#,
        "line 1, column 16: `properties` must be an object whose members are schemas, not []",
    ),
    (
        r#"{"properties": {"a": {"required": true}}}"#,
        "line 1, column 35: `required` lists the names",
    ),
    (
        r#"{"required": "a"}"#,
        "line 1, column 14: `required` must be a list of property names",
    ),
    (
        r#"{"required": ["a", 3]}"#,
        "line 1, column 20: `required` must be a list of property names, each once; 3",
    ),
    (
        r#"{"anyOf": []}"#,
        "line 1, column 11: `anyOf` must be a list of at least one schema, not []",
    ),
    (r#"{"anyOf": ["string"]}"#, "line 1, column 12: `0` must be a schema"),
    (
        r#"{"minimum": "3"}"#,
        "line 1, column 13: `minimum` must be a number, not \"3\"",
    ),
    (
        r#"{"minLength": -1}"#,
        "line 1, column 15: `minLength` must be a whole number of 0 or more, not -1",
    ),
    (
        r#"{"additionalProperties": "no"}"#,
        "line 1, column 26: `additionalProperties` must be a schema, `true` or `false`",
    ),
    (
        r#"{"properties": {"a": {"pattern": "("}}}"#,
        "line 1, column 34: `(` is not a regular expression",
    ),
    (
        r#"{"pattern": "a{0,1000000}{0,1000}"}"#,
        "line 1, column 13: `a{0,1000000}{0,1000}` is not a regular expression",
    ),
    (
        r#"{"patternProperties": {"[": {}}}"#,
        "line 1, column 29: `[` is not a regular expression",
    ),
    (
        r#"{"$schema": "https://example.com/mine"}"#,
        "line 1, column 13: \"https://example.com/mine\" is not a draft",
    ),
    (r#"{"$schema": 7}"#, "line 1, column 13: 7 is not a draft"),
    (
        r##"{"items": {"$ref": "#/$defs/A"}}"##,
        "line 1, column 20: `#/$defs/A` leads nowhere",
    ),
    (
        r#"{"$ref": "http://169.254.169.254/x"}"#,
        "line 1, column 10: `http://169.254.169.254/x` lies outside",
    ),
    (
        r##"{"$ref": "#"}"##,
        "line 1, column 1: this reference comes back to itself",
    ),
    (
        "type: object\nproperties:\n  age:\n    type: itn\n",
        "line 4, column 5: `itn` is not a JSON type; did you mean `integer`?",
    ),
    (
        "name, phone str /(/",
        "line 1, column 7: `(` is not a regular expression",
    ),
    (
        "{\"name\": \"n\", \"schema\": {\n\"type\": \"x\"}}",
        "line 2, column 9: `x` is not a JSON type",
    ),
];

#[test]
fn faults_are_sentences_with_a_place() {
    for (text, expected) in FAULTS {
        let fault = fault(text);
        assert!(fault.starts_with(expected), "{text}\n  {fault}");
    }
}

#[test]
fn drafts_are_told_by_schema_or_by_their_keywords() {
    for (schema, expected, notes) in [
        (json!({}), Draft::Draft202012, 0),
        (
            json!({"$schema": "http://json-schema.org/draft-04/schema#"}),
            Draft::Draft4,
            0,
        ),
        (
            json!({"$schema": "http://json-schema.org/draft-06/schema#"}),
            Draft::Draft6,
            0,
        ),
        (
            json!({"$schema": "http://json-schema.org/draft-07/schema"}),
            Draft::Draft7,
            0,
        ),
        (
            json!({"$schema": "https://json-schema.org/draft/2019-09/schema"}),
            Draft::Draft201909,
            0,
        ),
        (json!({"items": [{}, {}]}), Draft::Draft7, 1),
        (json!({"default": {"items": []}}), Draft::Draft202012, 0),
    ] {
        let loaded = Schema::load(&schema.to_string(), None).unwrap();
        assert_eq!((loaded.draft(), loaded.notes().len()), (expected, notes), "{schema}");
    }
}

#[test]
fn look_around_is_noted_and_bounded() {
    let text = r#"{"properties": {"x": {"pattern": "^(a|aa)+\\1?$"}, "y": {"pattern": "^a$"}}}"#;
    let schema = Schema::load(text, None).unwrap();
    assert_eq!(schema.notes().len(), 1);
    assert!(
        schema.notes()[0].contains("/properties/x/pattern needs look-around"),
        "{}",
        schema.notes()[0]
    );
    let hard = json!({"x": format!("{}!", "a".repeat(60))});
    let violations = schema.judge(&hard);
    assert_eq!(violations[0].keyword, "pattern");
    assert!(
        violations[0].message.contains("could not be decided"),
        "{}",
        violations[0].message
    );
    assert!(
        Schema::load(r#"{"pattern": "^(a+)+$"}"#, None)
            .unwrap()
            .notes()
            .is_empty()
    );
}
