//! The main job against a real model server, when `FORMWORK_TEST_SERVER` holds its base URL (`tests/serve_model.sh` prints one).
//!
//! Owns what a scripted server cannot show: that bodies are accepted, streams are read and answers are right with real weights.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]
#![expect(clippy::print_stdout, reason = "a test that was skipped says so")]

use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const USER: &str = r#"{"title":"User","type":"object","properties":{"name":{"title":"Name","type":"string"},
    "age":{"title":"Age","type":"integer"}},"required":["name","age"]}"#;
const JASON: &str = "
            Extract: Jason is 25 years old.
            He lives at 123 Main St, New York, USA
            and has a summer house at 456 Beach Rd, Miami, USA
        ";
const ADDRESSES: &str = r##"{"$defs":{"Address":{"title":"Address","type":"object","properties":{"street":{"type":"string"},
    "city":{"type":"string"},"country":{"type":"string"}},"required":["street","city","country"]}},
    "title":"User","type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"},
    "addresses":{"type":"array","items":{"$ref":"#/$defs/Address"}}},"required":["name","age","addresses"]}"##;
const PHONE: &str = r#"{"title":"User","type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"},
    "phone_number":{"type":"string","pattern":"^\\+?1?\\s*\\(?(\\d{3})\\)?[-.\\s]*(\\d{3})[-.\\s]*(\\d{4})$"}},
    "required":["name","age","phone_number"]}"#;

/// The server under test; `None`, with a printed word, when there is none.
fn server() -> Option<String> {
    let url = std::env::var("FORMWORK_TEST_SERVER").ok().filter(|url| !url.is_empty());
    if url.is_none() {
        println!("skipped: FORMWORK_TEST_SERVER is not set");
    }
    url
}

fn run(url: &str, home: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_formwork"));
    command.env_clear().env("FORMWORK_HOME", home).stdin(Stdio::null());
    command.args(["run", "--base-url", url]).args(args).output().unwrap()
}

fn value(output: &Output) -> Value {
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_guides_first_two_examples_are_exactly_right() {
    let Some(url) = server() else { return };
    let home = TempDir::new().unwrap();
    let addresses = json!([
        {"street": "123 Main St", "city": "New York", "country": "USA"},
        {"street": "456 Beach Rd", "city": "Miami", "country": "USA"},
    ]);
    for mode in ["structured", "auto"] {
        let ivan = run(
            &url,
            home.path(),
            &["-s", USER, "-t", "Ivan is 28 years old", "--mode", mode],
        );
        assert_eq!(value(&ivan), json!({"name": "Ivan", "age": 28}), "{mode}");
        let jason = run(&url, home.path(), &["-s", ADDRESSES, "-t", JASON, "--mode", mode]);
        assert_eq!(
            value(&jason),
            json!({"name": "Jason", "age": 25, "addresses": addresses}),
            "{mode}"
        );
    }
}

#[test]
fn an_answer_that_copies_the_number_is_found_out_and_reasked() {
    let Some(url) = server() else { return };
    let home = TempDir::new().unwrap();
    let text = "Extract: Jason is 25 years old and his number is 1-212-456-7890";
    let output = run(&url, home.path(), &["-s", PHONE, "-t", text, "--mode", "structured"]);
    let said = String::from_utf8(output.stderr).unwrap();
    match output.status.code() {
        Some(0) => {
            let number = serde_json::from_slice::<Value>(&output.stdout).unwrap()["phone_number"].clone();
            assert_ne!(number, "1-212-456-7890", "the schema's own pattern does not accept it");
        }
        Some(1) => assert!(said.contains("re-asking") && said.contains("/phone_number"), "{said}"),
        other => panic!("{other:?}: {said}"),
    }
}

#[test]
fn a_server_without_tools_ends_in_another_mode_or_says_why() {
    let Some(url) = server() else { return };
    let home = TempDir::new().unwrap();
    let output = run(
        &url,
        home.path(),
        &["-s", USER, "-t", "Ivan is 28 years old", "--mode", "tools"],
    );
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{said}");
    assert!(
        said.contains("falling back to json") || output.status.code() == Some(0),
        "{said}"
    );
}

#[test]
fn partial_values_come_while_the_model_writes() {
    let Some(url) = server() else { return };
    let home = TempDir::new().unwrap();
    let output = run(
        &url,
        home.path(),
        &["-s", ADDRESSES, "-t", JASON, "--mode", "structured", "--stream"],
    );
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(lines.len() > 1, "{lines:?}");
    assert!(lines.windows(2).all(|pair| pair[0] != pair[1]));
    let half = |line: &Value| line.get("age").is_some_and(|age| *age != 25);
    assert!(!lines.iter().any(half), "half a number: {lines:?}");
}
