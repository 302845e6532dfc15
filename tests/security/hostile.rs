//! Every command on a terminal, with text from others in every place that it shows: nothing but what formwork itself means reaches the
//! terminal.

use crate::binary::{Bench, KEY};
use crate::pty::{Pty, command, find};
use crate::support::{Auto, Reply, Script, model_entry};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::ffi::OsStrExt;

/// A window's title, a device control string, colours by C1, a question to the terminal, turns of direction, letters without width, a
/// heap of marks, a very wide letter, tags, and what is no character.
const EVIL: &str = "owned\u{1b}]0;t\u{7}\u{1b}P1$q\u{1b}\\\u{9b}31m\u{9d}0;t\u{9c}\u{90}q\u{1b}[6n\u{5}\u{202e}\u{2066}a\u{2069}\u{200b}\u{200d}\u{feff}\
                    \u{ad}e\u{301}\u{301}\u{301}\u{301}\u{fdfd}\u{e0041}\u{1d173}\u{fffe}\u{2028}\u{85}\u{8}\u{7f}\u{c}\u{b}\u{e}";

/// What of it must never be written as it is.
const RAW: [&str; 24] = [
    "\u{1b}]",
    "\u{1b}P",
    "\u{1b}\\",
    "\u{1b}[6n",
    "\u{7}",
    "\u{9b}",
    "\u{9d}",
    "\u{9c}",
    "\u{90}",
    "\u{5}",
    "\u{202e}",
    "\u{2066}",
    "\u{2069}",
    "\u{200b}",
    "\u{200d}",
    "\u{feff}",
    "\u{ad}",
    "\u{e0041}",
    "\u{1d173}",
    "\u{2028}",
    "\u{85}",
    "\u{8}",
    "\u{7f}",
    "\u{e}",
];

/// What a command writes on a terminal of its own, until it ends.
fn on_a_terminal(bench: &Bench, args: &[&str]) -> String {
    let mut formwork = command(env!("CARGO_BIN_EXE_formwork"));
    formwork.args(args);
    formwork.env("FORMWORK_HOME", bench.home());
    formwork.env("OPENROUTER_API_KEY", KEY);
    formwork.env("FORMWORK_NOTHING", EVIL);
    formwork.cwd(bench.work());
    let mut pty = Pty::spawn(formwork, 100, 50);
    pty.exit();
    let raw = pty.raw();
    for part in RAW {
        assert_eq!(
            find(&raw, part.as_bytes()),
            None,
            "{part:?} of {args:?} in\n{}",
            raw.escape_ascii()
        );
    }
    assert_eq!(find(&raw, KEY.as_bytes()), None, "the key, by {args:?}");
    let written = String::from_utf8(raw).unwrap();
    assert!(!written.contains("panicked"), "{written}");
    // Colours, and what redraws a line; nothing that moves, asks or sets.
    for sequence in written.split('\u{1b}').skip(1) {
        let end = sequence.find(|c: char| c.is_ascii_alphabetic());
        let last = end.and_then(|end| sequence.get(end..=end));
        assert!(
            sequence.starts_with('[') && matches!(last, Some("m" | "K")),
            "{sequence:?} by {args:?}"
        );
    }
    written
}

#[track_caller]
fn shows(bench: &Bench, args: &[&str]) {
    let written = on_a_terminal(bench, args);
    assert!(written.contains("owned"), "{args:?} shows none of it:\n{written}");
}

fn evil(words: &str) -> String {
    format!("{words} {EVIL}")
}

fn schema() -> Value {
    json!({
        "title": evil("title"), "description": evil("told"), "type": "object",
        "properties": {evil("name"): {"type": "string", "description": evil("what"), "pattern": "^", "enum": [evil("one"), evil("two")]}},
        "required": [evil("name")]
    })
}

fn chunk(delta: &Value, finish: Option<&str>) -> Value {
    json!({
        "id": evil("gen"), "model": evil("acme/evil"), "provider": evil("Acme"),
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish, "native_finish_reason": finish}]
    })
}

fn answer(value: &Value, finish: &str) -> Reply {
    let content = json!({"content": value.to_string(), "reasoning": evil("hm")});
    Reply::sse([chunk(&content, None), chunk(&json!({}), Some(finish))])
}

fn words(status: u16) -> Reply {
    let metadata = json!({"raw": evil("raw"), "provider_name": evil("Acme"), "reasons": [evil("reason")], "flagged_input": evil("flagged")});
    Reply::error(
        status,
        &json!({"error": {"code": status, "message": evil("refused"), "metadata": metadata}}),
    )
}

fn run<'a>(url: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [
        &[
            "run",
            "--base-url",
            url,
            "-s",
            "schema.json",
            "--mode",
            "json",
            "--retries",
            "0",
            "--reasks",
            "1",
        ][..],
        more,
    ]
    .concat()
}

fn bench(script: Script) -> Bench {
    let bench = Bench::new(script.models([model_entry(&evil("acme/evil"), &["tools", EVIL])]));
    fs::write(bench.work().join("schema.json"), schema().to_string()).unwrap();
    bench
}

#[test]
fn runs_and_what_they_leave() {
    let (good, bad) = (
        json!({evil("name"): evil("one")}),
        json!({evil("name"): evil("three"), evil("more"): [evil("x")]}),
    );
    let script = Script::new([
        answer(&bad, "stop"),
        answer(&good, &evil("stop")),
        answer(&bad, &evil("length")),
        answer(&bad, "content_filter"),
        words(403),
        words(404),
        words(429),
        answer(&good, "stop"),
        answer(&good, "stop"),
    ]);
    let bench = bench(script.otherwise(words(400)));
    let url = bench.server.base_url();
    let (text, model, instructions) = (evil("text"), evil("acme/evil"), evil("instructions"));
    let task = ["-t", &text, "-m", &model, "--instructions", &instructions];
    for more in [
        &[][..],
        &["--stream"],
        &["--events"],
        &[],
        &[],
        &["--strict-json"],
        &["--dry-run"],
    ] {
        shows(&bench, &run(&url, &[&task, more].concat()));
    }
    let listed = [
        vec!["sessions"],
        vec!["sessions", "--json"],
        vec!["models", "--base-url", &url],
        vec!["models", "--base-url", &url, "--json"],
    ];
    for args in listed {
        shows(&bench, &args);
    }
    for session in bench.sessions() {
        let session = session.display().to_string();
        shows(&bench, &["replay", &session, "--events"]);
        on_a_terminal(&bench, &["replay", &session, "--print"]);
    }
}

#[test]
fn what_is_wrong_with_schemas_files_and_settings() {
    let bench = bench(Script::auto(Auto::new(json!({"a": 1}))));
    let url = bench.server.base_url();
    let name = evil("file").replace('/', "");
    fs::write(bench.work().join(&name), schema().to_string()).unwrap();
    let broken = [
        json!({"type": evil("objekt")}).to_string(),
        json!({"properties": {evil("a"): {"pattern": evil("(")}}}).to_string(),
        json!({"$ref": evil("#/$defs/")}).to_string(),
        format!("name {EVIL}"),
        format!("{{\"a\": {EVIL}"),
        format!("type: object\n{EVIL}: ["),
    ];
    for args in [
        &["check", &name][..],
        &["check", &name, "--for", "gemini"],
        &["check", &evil("none")],
    ] {
        shows(&bench, args);
    }
    for schema in &broken {
        on_a_terminal(&bench, &["check", schema]);
        on_a_terminal(&bench, &["run", "--base-url", &url, "-s", schema, "-t", "x", "-m", "m"]);
    }
    let (mode, provider) = (evil("mode"), evil("provider"));
    for args in [
        &["run", "--mode", &mode][..],
        &[&provider, "--base-url"],
        &["run", "-s", "name", "-t", "x", "-m", "m", "--provider", &provider],
        &["run", "-s", "name", &name, "-m", &mode, "--param", &mode],
        &["run", "-s", "name", &mode],
        &["replay", &mode],
        &["sessions", "path", &mode],
        &["sessions", "delete", &mode],
        &["models", "--base-url", &url, &mode],
    ] {
        on_a_terminal(&bench, args);
    }
}

#[test]
fn what_is_wrong_with_settings() {
    let bench = bench(Script::auto(Auto::new(json!({"a": 1}))));
    let quoted = toml::Value::String(EVIL.to_owned()).to_string();
    let settings = [
        format!("[providers.{quoted}]\nkind = \"openai\"\nbase_url = \"http://127.0.0.1:1/{{x}}\"\n"),
        format!("[providers.x]\nkind = \"openai\"\napi_key_env = {quoted}\nbase_url = \"https://example.com\"\n"),
        format!("[ui]\ntheme = {quoted}\n[keys.{quoted}]\n{quoted} = {quoted}\n"),
        format!("[task]\nmodel = {quoted}\nmode = {quoted}\n"),
        format!("{quoted} = {quoted}\n"),
        format!("[task]\n# {EVIL}"),
        format!("default_provider = {quoted}\n"),
    ];
    for text in &settings {
        fs::write(bench.home().join("config.toml"), text).unwrap();
        for args in [
            &["doctor"][..],
            &["models"],
            &["run", "-s", "name", "-t", "x", "-m", "m", "--retries", "0"],
        ] {
            on_a_terminal(&bench, args);
        }
    }
    // A file name that is no UTF-8 at all.
    let name = std::ffi::OsStr::from_bytes(b"x\xff\x9b31m\x1b]0;t\x07.jsonl");
    fs::create_dir_all(bench.home().join("sessions")).unwrap();
    if fs::write(
        bench.home().join("sessions").join(name),
        "{\"formwork\":1,\"id\":\"a\",\"created\":\"\"}\n",
    )
    .is_ok()
    {
        fs::write(bench.home().join("config.toml"), "").unwrap();
        on_a_terminal(&bench, &["sessions"]);
    }
}
