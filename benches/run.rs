//! What a whole run costs the client: processor time of the binary for an answer that comes four characters at a time.
//!
//! Plays the scripted server of the tests and lets a shell tell the time of its child, user and system together. Prints a table with
//! the lines of the recorded session and what one delta costs, start of the program included, which stays level if work is linear.
//! An argument picks the rows whose names contain it. The gate is one second for 400 kB, in each mode, with `--stream` and without.
#![expect(clippy::print_stdout, reason = "a benchmark's result is its output")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on must fail")]

#[path = "../tests/support.rs"]
#[expect(
    dead_code,
    unused_imports,
    reason = "the module's tests, which use all of it, are no part of a benchmark"
)]
mod support;

use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use support::{Auto, Script, Server};

/// Characters of a delta.
const CHARS: usize = 4;

/// Each run is repeated so often, and the quickest counts.
const ROUNDS: usize = 3;

fn main() {
    let only = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    println!(
        "{:<16}{:>10}{:>9}{:>8}{:>12}{:>10}",
        "run", "bytes", "deltas", "lines", "CPU", "a delta"
    );
    for mode in ["tools", "json"] {
        for stream in [false, true] {
            let name = if stream {
                format!("{mode} --stream")
            } else {
                mode.to_owned()
            };
            if only.as_ref().is_none_or(|only| name.contains(only.as_str())) {
                rows(&name, mode, stream);
            }
        }
    }
}

/// The sizes of one kind of run.
fn rows(name: &str, mode: &str, stream: bool) {
    for bytes in [20_000, 100_000, 400_000] {
        let answer = people(bytes);
        let bytes = answer.to_string().len();
        let deltas = bytes.div_ceil(CHARS);
        let rounds = (0..ROUNDS).map(|_| run(&answer, mode, stream));
        let (seconds, lines) = rounds.min_by(|one, other| one.0.total_cmp(&other.0)).unwrap();
        let each = seconds * 1e6 / f64::from(deltas as u32);
        println!("{name:<16}{bytes:>10}{deltas:>9}{lines:>8}{seconds:>10.2} s{each:>8.1}µs");
    }
}

/// One run: its processor time in seconds, and how many lines its session has.
fn run(answer: &Value, mode: &str, stream: bool) -> (f64, usize) {
    let server = Server::start(Script::auto(Auto {
        value: answer.clone(),
        chars: CHARS,
    }));
    let home = tempfile::tempdir().unwrap();
    let session = home.path().join("run.jsonl");
    let seconds = shell_time(
        home.path(),
        Command::new("/bin/sh")
            .args(["-c", "\"$0\" \"$@\" >/dev/null || exit; times"])
            .arg(env!("CARGO_BIN_EXE_formwork"))
            .args(["run", "--text", "everybody", "--schema", &schema().to_string()])
            .args([
                "--model",
                "acme/quick",
                "--base-url",
                &server.base_url(),
                "--mode",
                mode,
            ])
            .arg("--session")
            .arg(&session)
            .args(stream.then_some("--stream")),
    );
    let lines = std::fs::read_to_string(session).unwrap().lines().count();
    (seconds, lines)
}

/// What the children of a shell took, which prints it as `0m1.25s 0m0.50s` in its last line.
fn shell_time(home: &Path, shell: &mut Command) -> f64 {
    let output = shell
        .env_clear()
        .env("FORMWORK_HOME", home)
        .current_dir(home)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let times = text.lines().last().unwrap().split_whitespace();
    times
        .map(|time| {
            let (minutes, seconds) = time.trim_end_matches('s').split_once('m').unwrap();
            minutes.parse::<f64>().unwrap() * 60.0 + seconds.parse::<f64>().unwrap()
        })
        .sum()
}

fn schema() -> Value {
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
fn people(bytes: usize) -> Value {
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
