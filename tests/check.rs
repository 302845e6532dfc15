//! `formwork check` from outside: the schema on stdout, what is said of it on stderr.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use serde_json::{Value, json};
use std::fs;
use std::process::Command;

const PERSON: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Person",
  "type": "object",
  "properties": {
    "name": {"type": "string", "minLength": 1, "description": "the name"},
    "age": {"type": "integer", "minimum": 0, "description": "years"},
    "nick": {"type": "string", "description": "a name among friends"}
  },
  "required": ["name"]
}"#;

const MAP: &str =
    r#"{"type": "object", "properties": {"m": {"type": "object", "additionalProperties": {"type": "string"}}}}"#;

/// Runs `check` where there are a good schema, one with a free-form map and two broken ones.
/// Gives exit code, stdout and stderr.
fn check(args: &[&str]) -> (Option<i32>, String, String) {
    let home = tempfile::tempdir().unwrap();
    let files = [
        ("person.schema.json", PERSON),
        ("map.json", MAP),
        ("comma.json", "{\"type\": \"object\",\n \"properties\": {\"a\" 1}}"),
        (
            "type.json",
            "{\"type\": \"object\",\n \"properties\": {\"a\": {\"type\": \"strng\"}}}",
        ),
    ];
    for (name, text) in files {
        fs::write(home.path().join(name), text).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_formwork"));
    let command = command.arg("check").args(args).env_clear();
    let output = command
        .env("FORMWORK_HOME", home.path())
        .current_dir(home.path())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_shorthand_is_expanded() {
    let (code, out, err) = check(&["name, age int, nick?"]);
    let expected = json!({
        "type": "object",
        "properties": {"name": {"type": "string"}, "age": {"type": "integer"}, "nick": {"type": "string"}},
        "required": ["name", "age"],
        "additionalProperties": false
    });
    assert_eq!((code, read(&out)), (Some(0), expected));
    assert_eq!(err, "Answer: shorthand, draft 2020-12, 3 fields\n");
    let order = ["\"name\"", "\"age\"", "\"nick\""].map(|name| out.find(name).unwrap());
    assert!(order.is_sorted(), "{out}");
}

#[test]
fn a_file_is_shown_as_written() {
    let (code, out, err) = check(&["person.schema.json"]);
    assert_eq!((code, read(&out)), (Some(0), read(PERSON)));
    assert_eq!(err, "Person: JSON, draft 2020-12, 3 fields\n");
    let (code, _, err) = check(&["map.json"]);
    assert_eq!(code, Some(0));
    assert!(
        err.starts_with("map: JSON, draft 2020-12, 1 field\nfree-form maps: "),
        "{err}"
    );
}

#[test]
fn a_broken_schema_is_told_with_its_place() {
    let table: [(&[&str], &str); 4] = [
        (&["comma.json"], "formwork: the schema comma: line 2, column "),
        (&["type.json", "--for", "openai"], "did you mean `string`?"),
        (&["type.json", "--json"], "formwork: the schema type: line 2, column "),
        (&["none.json"], "no such file: none.json"),
    ];
    for (args, expected) in table {
        let (code, out, err) = check(args);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{args:?}");
        assert!(err.contains(expected), "{args:?}: {err}");
    }
}

#[test]
fn what_is_sent_is_shown_with_every_change() {
    let (code, out, err) = check(&["person.schema.json", "--for", "anthropic/claude-haiku-4.5"]);
    let out = read(&out);
    assert_eq!((code, &out["required"]), (Some(0), &json!(["name", "age", "nick"])));
    assert_eq!(out["properties"]["nick"]["type"], json!(["string", "null"]));
    assert_eq!(
        out["properties"]["age"].get("minimum"),
        None,
        "Claude's structured mode takes no bounds"
    );
    for part in [
        "changed `required` at /properties/age, /properties/nick\n    ",
        "changed `minimum` at /properties/age\n",
        "changed `additionalProperties` at the root\n",
        "hint at /properties/age/minimum\n",
        "\n\nPerson: JSON, draft 2020-12, 3 fields\nfor anthropic/claude-haiku-4.5 (family anthropic) in structured mode: ",
    ] {
        assert!(err.contains(part), "{part}: {err}");
    }
}

#[test]
fn refused_is_a_finding_and_no_failure() {
    let recursive = r##"{"type": "object", "properties": {"child": {"$ref": "#", "description": "the next"}}}"##;
    let (code, _, err) = check(&[recursive, "--for", "anthropic"]);
    assert_eq!(code, Some(0));
    assert!(err.contains("refused at /properties/child/$ref\n"), "{err}");
    assert!(err.ends_with("change the schema, or ask in another mode\n"), "{err}");
    let (code, out, err) = check(&[recursive, "--for", "anthropic", "--json"]);
    let out = read(&out);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(
        (&out["family"], &out["mode"]),
        (&json!("anthropic"), &json!("structured"))
    );
    assert_eq!(out["findings"][0]["level"], "refused", "{out}");
    for member in [
        "name",
        "schema",
        "changes",
        "form",
        "draft",
        "fields",
        "open_maps",
        "notes",
    ] {
        assert!(out.get(member).is_some(), "{member}: {out}");
    }
    for found in out["findings"].as_array().unwrap() {
        for member in ["pointer", "keyword", "message", "source", "dated"] {
            assert!(found[member].is_string(), "{member}: {found}");
        }
    }
}

#[test]
fn the_mode_is_auto_unless_it_is_named() {
    let table: [(&[&str], &str, &str); 5] = [
        (
            &["map.json", "--for", "openai"],
            "in tools mode: ",
            "not structured mode",
        ),
        (
            &["map.json", "--for", "openai", "--mode", "structured"],
            "in structured mode: ",
            "sent without `strict`",
        ),
        (&["name", "--for", "openai"], "for openai in structured mode: ", ""),
        (&["name", "--for", "openai", "--mode", "prompt"], "in prompt mode: ", ""),
        (
            &["name", "--for", "antropic/claude"],
            "for antropic/claude (family generic)",
            "note: antropic/claude is of no family",
        ),
    ];
    for (args, mode, further) in table {
        let (code, _, err) = check(args);
        assert_eq!(code, Some(0), "{args:?}");
        assert!(err.contains(mode) && err.contains(further), "{args:?}: {err}");
    }
    let (_, out, _) = check(&["name", "--json"]);
    let out = read(&out);
    assert_eq!((out.get("family"), &out["schema"]["type"]), (None, &json!("object")));
}

#[test]
fn nothing_hostile_reaches_stderr() {
    let schema = "{\"title\": \"\u{1b}]0;x\u{7}\", \"type\": \"object\", \"properties\": {\"a\u{1b}[2J\u{202e}\": {\"minLength\": 1}}}";
    let (_, _, err) = check(&[
        &schema.replace('\u{1b}', "\\u001b").replace('\u{7}', "\\u0007"),
        "--for",
        "anthropic",
    ]);
    assert!(err.contains("␛[2J<U+202E>"), "{err}");
    assert!(!err.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{err:?}");
}
