//! Scripts: one to look at, and many that Python has to take.

use super::script;
use crate::cli::export::place::Place;
use crate::config::settings::ProviderKind;
use crate::event::{RunEvent, Why};
use crate::extract::endpoint::Endpoint;
use crate::record::{Record, RunRecord};
use crate::task::{Limits, Mode, Task};
use serde_json::{Value, json};
use std::process::{Command, Stdio};
use std::sync::Arc;

fn run(schema: &str, mode: Mode) -> RunRecord {
    let task = Task {
        schema: schema.into(),
        input: "Jason is 25 years old.\nHe says \"hi\" \\ {x} %s".into(),
        instructions: Some("Be brief.".into()),
        model: "anthropic/claude-3.7-sonnet".into(),
        limits: Limits {
            max_tokens: Some(500),
            ..Limits::default()
        },
        temperature: Some(0.5),
        params: json!({"seed": 7}).as_object().unwrap().clone(),
        ..Task::default()
    };
    let events = [
        RunEvent::Started {
            run: 1,
            version: String::new(),
            task: Arc::new(task),
            provider: "openrouter".into(),
            plan: Vec::new(),
        },
        RunEvent::Attempt {
            run: 1,
            attempt: 1,
            mode,
            why: Why::First,
            reason: String::new(),
            changes: Vec::new(),
            body: json!({"provider": {"require_parameters": true}}),
        },
    ];
    let mut record = Record::default();
    for event in &events {
        record.apply(0, event);
    }
    record.runs.remove(0)
}

fn written(schema: &str, mode: Mode) -> String {
    let run = run(schema, mode);
    let place = Place {
        kind: ProviderKind::OpenRouter,
        base_url: "https://openrouter.ai/api/v1".into(),
        endpoint: Endpoint {
            key_env: Some("OPENROUTER_API_KEY".into()),
            ..Endpoint::default()
        },
    };
    script(&run, run.schema.as_ref().unwrap(), &place)
}

#[test]
fn a_script_in_full() {
    let schema = "name: their whole name\nage int, role admin|user, nick?\naddresses [{street, city, zip?}], phone str /^\\+?1?\\s*(\\d{3})$/";
    insta::assert_snapshot!(written(schema, Mode::Tools));
}

/// Schemas of every kind, and texts that try to leave their literals.
fn schemas() -> Vec<Value> {
    let recursive = json!({"$defs": {"Node": {"type": "object", "properties": {
        "name": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#/$defs/Node"}},
        "parent": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]}}, "required": ["name", "children"]}},
        "$ref": "#/$defs/Node"});
    let nested_list = json!({"$defs": {"Tree": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}},
        "type": "object", "properties": {"tree": {"$ref": "#/$defs/Tree"}}, "required": ["tree"]});
    let hostile = "x\"\"\"\n'''\\\nimport os; os.abort() #\u{1b}\u{202e}";
    vec![
        recursive,
        nested_list,
        json!({"type": "object", "description": hostile, "title": hostile, "properties": {
            hostile: {"type": "string", "description": hostile, "pattern": "a\"b\\\\", "default": hostile},
            "class": {"enum": [hostile, null, true, 3]}, "": {"const": hostile}, "model_x": {}, "_y": true, "str": {"type": "string"},
            "int": {"type": ["integer", "null"], "minimum": -1}, "2": {"type": "number", "exclusiveMaximum": 1e300, "multipleOf": 0.1}},
            "required": ["class", "str"]}),
        json!({"type": "array", "items": {"type": "object", "properties": {"a": {"type": "integer"}}}}),
        json!({"type": "string", "minLength": 2}),
        json!({"anyOf": [{"type": "object", "properties": {"a": {"type": "integer"}}, "title": "Left"},
                         {"type": "object", "properties": {"b": {"type": "string"}}, "title": "Left"}]}),
        json!({"type": "object", "additionalProperties": {"type": "array", "items": {"type": "number"}, "minItems": 1}}),
        json!({"type": "object", "additionalProperties": false, "properties": {
            "pair": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": false, "minItems": 2},
            "some": {"type": "array", "prefixItems": [{"type": "integer"}]},
            "word": {"type": "string", "pattern": "(?!x)[a-z]+"}, "again": {"type": "string", "pattern": "^(.)\\1$"},
            "when": {"type": "string", "format": "date-time"}, "set": {"type": "array", "uniqueItems": true},
            "never": false, "map": {"type": "object"}, "free": {}}}),
        json!({"allOf": [{"$ref": "#/$defs/A"}, {"type": "object", "properties": {"b": {"type": "boolean"}}, "required": ["b"]}],
               "$defs": {"A": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}}}),
    ]
}

#[expect(clippy::print_stderr, reason = "a test that was skipped says so")]
#[test]
fn python_takes_every_script() {
    let python = |arguments: &[&str]| {
        let mut command = Command::new("python3");
        command.args(arguments).stdin(Stdio::null()).output()
    };
    if !python(&["--version"]).is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no python3");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (number, schema) in schemas().iter().enumerate() {
        let script = written(&schema.to_string(), Mode::ALL[number % Mode::ALL.len()]);
        let file = folder.path().join(format!("script_{number}.py"));
        std::fs::write(&file, &script).unwrap();
        let output = python(&["-m", "py_compile", file.to_str().unwrap()]).unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{schema}\n{script}\n{said}");
    }
}

#[test]
fn modes_and_addresses() {
    let table = [
        (Mode::Tools, "from_openai(client, mode=instructor.Mode.TOOLS)"),
        (
            Mode::Structured,
            "from_openrouter(client, mode=instructor.Mode.OPENROUTER_STRUCTURED_OUTPUTS)",
        ),
        (Mode::Json, "from_openai(client, mode=instructor.Mode.JSON)"),
        (Mode::Prompt, "from_openai(client, mode=instructor.Mode.MD_JSON)"),
    ];
    for (mode, expected) in table {
        let script = written("name", mode);
        assert!(script.contains(expected), "{script}");
        assert!(script.contains("os.environ[\"OPENROUTER_API_KEY\"]"), "{script}");
    }
}
