//! The schema loader in all its forms, and what is done with a schema that was loaded.

use crate::drive::{Target, gist, shape};
use fastrand::Rng;
use formwork::schema::adapt::{adapt, undo};
use formwork::schema::family::Family;
use formwork::schema::lint::lint;
use formwork::schema::{Form, Schema};
use formwork::task::Mode;
use serde_json::{Value, json};

pub const TARGET: Target = Target {
    name: "schema",
    seeds: &[
        r#"{"title": "User", "type": "object", "properties": {"name": {"type": "string", "minLength": 1}, "age": {"type": "integer", "minimum": 0, "maximum": 150}, "role": {"enum": ["admin", "user", null]}}, "required": ["name"], "additionalProperties": false}"#,
        "// a comment\n{\"type\": \"object\", \"properties\": {\"tags\": {\"type\": \"array\", \"items\": {\"type\": \"string\", \"pattern\": \"^[a-z]+$\"}, \"uniqueItems\": true,},},}",
        "type: object\nproperties:\n  name: {type: string}\n  when: {type: string, format: date}\n  more: &more\n    type: array\n    items: {type: number}\n  again: *more\nrequired: [name]\n",
        r##"{"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"node": {"type": "object", "properties": {"next": {"$ref": "#/definitions/node"}, "v": {"type": ["string", "null"]}}}}, "$ref": "#/definitions/node"}"##,
        r##"{"$defs": {"a": {"$anchor": "x", "anyOf": [{"type": "string"}, {"$ref": "#/$defs/b"}]}, "b": {"oneOf": [{"const": 1}, {"not": {"type": "object"}}]}}, "type": "object", "properties": {"p": {"$ref": "#x"}}, "patternProperties": {"^x": {"type": "number", "multipleOf": 0.01}}}"##,
        r#"{"type": "json_schema", "json_schema": {"name": "A", "strict": true, "schema": {"type": "object", "properties": {"a": {"type": "array", "prefixItems": [{"type": "string"}], "items": false}}}}}"#,
        r#"{"type": "object", "properties": {"a": {"type": "string", "pattern": "(?=a)(a|aa)+\\1?$"}}, "if": {"properties": {"a": {"const": "x"}}}, "then": {"required": ["b"]}, "else": {}, "dependentRequired": {"a": ["b"]}, "unevaluatedProperties": false}"#,
    ],
    tokens: &[
        "\"type\"",
        "\"object\"",
        "\"properties\"",
        "\"$ref\"",
        "\"#/$defs/a\"",
        "\"#\"",
        "\"$id\"",
        "\"$anchor\"",
        "\"anyOf\":[",
        "\"allOf\":[",
        "\"oneOf\":[",
        "\"not\":",
        "\"pattern\"",
        "\"(a+)+$\"",
        "\"a{0,1000}\"",
        "\"(?<=x)\"",
        "\"enum\"",
        "\"const\"",
        "\"items\"",
        "\"prefixItems\"",
        "\"additionalProperties\"",
        "\"required\"",
        "\"format\"",
        "\"$schema\"",
        "\"https://json-schema.org/draft/2020-12/schema\"",
        "\"http://json-schema.org/draft-04/schema#\"",
        "true",
        "false",
        "&a ",
        "*a",
        "<<: *a",
        "- ",
        ": ",
        "? ",
        "--- ",
        "|\n",
        "!!str ",
        "\"https://example.com/x.json\"",
        "\"file:///etc/passwd\"",
        "\"title\"",
        "\"minimum\"",
        "\"$dynamicRef\"",
        "\"$recursiveRef\"",
        "\"unevaluatedItems\"",
        "\"dependentSchemas\"",
    ],
    check,
};

pub const SHORTHAND: Target = Target {
    name: "shorthand",
    seeds: &[
        "name, age int, tags [str], address {street, city}, phone str /^\\+?[0-9 -]+$/",
        "role admin|user: what they may do, nick?, bio: one sentence, level 1|2|3, x int|null",
        "{\n  name: the \"full\" name # comment\n  \"odd name\"? date\n  items [{sku, qty int}]\n  any any\n}",
        "a [[int]], b [str /a\\/b/], c \"x y\"|\"z\", d?: \"quoted, with a comma\", e datetime",
    ],
    tokens: &[
        ",", "\n", "{", "}", "[", "]", "?", ":", "|", "/", "\\/", "\"", "#", " int", " str", " bool", " num", " date",
        " any", "null", "a", "name", " \"x\"", "$", ".", "-", "/(/", "/(a+)+$/",
    ],
    check,
};

fn check(input: &[u8], rng: &mut Rng) -> u64 {
    let text = String::from_utf8_lossy(input);
    let schema = match Schema::load(&text, Some("file")) {
        Ok(schema) => schema,
        Err(error) => {
            // As YAML counts them.
            let lines = text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).count();
            assert!(
                error.line.is_none_or(|line| (1..=lines + 1).contains(&line)),
                "{error:?}"
            );
            assert!(!error.message.is_empty() && error.message.len() < 3000, "{error}");
            return shape(gist(&error.message));
        }
    };
    let name = schema.name();
    assert!((1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
    for id in schema.shape().ids() {
        let node = schema.shape().node(id);
        assert!(schema.value().pointer(&node.pointer).is_some(), "{}", node.pointer);
    }
    let probes = probes(&schema);
    same_again(&schema, &probes);
    adapted(&schema, &probes, rng);
    let keywords: Vec<&str> = schema
        .value()
        .as_object()
        .unwrap()
        .keys()
        .take(8)
        .map(String::as_str)
        .collect();
    let verdicts: Vec<usize> = probes.iter().map(|probe| schema.judge(probe).len().min(3)).collect();
    shape((keywords, verdicts, schema.form(), schema.draft(), schema.notes().len()))
}

/// Values of every kind, and an object with a member for each field at the root.
fn probes(schema: &Schema) -> Vec<Value> {
    let root = schema.shape().node(schema.shape().root());
    let object = |value: Value| {
        Value::Object(
            root.members
                .iter()
                .map(|member| (member.name.clone(), value.clone()))
                .collect(),
        )
    };
    let mut probes = vec![
        json!(null),
        json!(true),
        json!(1),
        json!("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"),
        json!([]),
        json!({}),
    ];
    probes.extend([json!("a"), json!(1), json!([["a"], {"b": null}]), json!(null)].map(object));
    probes
}

/// The value that was read is a schema as well, and judges alike.
fn same_again(schema: &Schema, probes: &[Value]) {
    let text = schema.value().to_string();
    let again = Schema::load(&text, Some("file")).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(again.form(), Form::Json);
    for probe in probes {
        let (one, other) = (schema.judge(probe), again.judge(probe));
        assert_eq!(one.len(), other.len(), "{probe}: {one:?} {other:?}");
        assert!(one.iter().all(|violation| violation.message.len() < 4000));
    }
}

/// What is sent is a schema, and undoing its changes ends.
fn adapted(schema: &Schema, probes: &[Value], rng: &mut Rng) {
    let family = Family::ALL[rng.usize(..Family::ALL.len())];
    let mode = Mode::ALL[rng.usize(..Mode::ALL.len())];
    let sent = adapt(schema, family.rewrite_of(schema, mode));
    let text = sent.value.to_string();
    if text.len() < 1 << 20 {
        Schema::load(&text, None).unwrap_or_else(|error| panic!("{family:?} {mode:?}: {error}: {text}"));
    }
    for probe in probes {
        drop(undo(schema, &sent.changes, probe.clone()));
    }
    drop(lint(schema, family, mode));
}
