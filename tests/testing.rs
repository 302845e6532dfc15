//! `formwork test`, `formwork export` and the moments of `formwork replay` from outside, with the recordings that ship.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]
#![expect(
    clippy::print_stderr,
    reason = "a measurement tells its result, and a test that was skipped says so"
)]

#[path = "support/binary.rs"]
mod binary;
mod support;

use binary::{Bench, Ran, read_session};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use support::{Auto, Script};

const NAMES: [&str; 9] = [
    "user",
    "addresses",
    "phone",
    "fallback",
    "reask",
    "repair",
    "retry",
    "cancelled",
    "list",
];

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("sessions")
        .join(format!("{name}.jsonl"))
}

fn bench() -> Bench {
    Bench::new(Script::new([]))
}

/// Runs a command and gives what it left; the scripted server must not hear of it.
async fn formwork(bench: &Bench, args: &[&str]) -> Ran {
    let ran = bench.wait(bench.bare(args).spawn().unwrap()).await;
    assert_eq!(bench.server.requests().len(), 0, "{args:?}");
    ran
}

/// A copy of a recording in which a text is replaced, which must be there.
fn altered(bench: &Bench, name: &str, from: &str, to: &str) {
    let text = fs::read_to_string(shipped(name)).unwrap();
    assert!(text.contains(from), "{from} in {name}");
    fs::write(bench.work().join(format!("{name}.jsonl")), text.replace(from, to)).unwrap();
}

fn array(ran: &Ran) -> Vec<Value> {
    serde_json::from_str(&ran.stdout).unwrap()
}

#[tokio::test]
async fn every_recording_passes() {
    let bench = bench();
    let folder = shipped("user").parent().unwrap().to_owned();
    let ran = formwork(&bench, &["test", folder.to_str().unwrap()]).await;
    ran.ended(0, "9 sessions: 9 as recorded");
    assert_eq!(ran.stdout.lines().count(), 9);
    assert!(
        ran.stdout
            .contains("cancelled.jsonl  1 run, never judged: nothing to compare"),
        "{ran:?}"
    );
    let ran = formwork(&bench, &[&["test"], &NAMES[..]].concat()).await;
    ran.ended(0, "9 sessions: 9 as recorded");
    assert!(ran.stdout.starts_with("ok       user  1 run, 1 verdict\n"), "{ran:?}");
    assert!(ran.stdout.contains("ok       reask  1 run, 2 verdicts\n"), "{ran:?}");
}

#[tokio::test]
async fn an_altered_value_is_found_and_named() {
    let bench = bench();
    altered(
        &bench,
        "user",
        "\"value\":{\"name\":\"Ivan\",\"age\":28}",
        "\"value\":{\"name\":\"Ivan\",\"age\":29}",
    );
    let ran = formwork(&bench, &["test", "."]).await;
    ran.ended(1, "1 session: 1 not as recorded");
    assert_eq!(
        ran.stdout,
        "differs  ./user.jsonl  1 difference\n  run 1, attempt 1: /age: recorded 29; now 28\n"
    );
    let ran = formwork(&bench, &["test", "user.jsonl", "list", "--json"]).await;
    ran.ended(1, "2 sessions: 1 as recorded, 1 not as recorded");
    let found = array(&ran);
    assert_eq!(
        (&found[0]["differences"], &found[1]["ok"]),
        (
            &json!([{"run": 1, "attempt": 1, "pointer": "/age", "recorded": "29", "now": "28"}]),
            &json!(true)
        )
    );
    // Wording does not count, the kind and the place of a repair do.
    altered(&bench, "reask", "\"message\":\"", "\"message\":\"once more: ");
    formwork(&bench, &["test", "reask.jsonl"])
        .await
        .ended(0, "1 as recorded");
    altered(
        &bench,
        "repair",
        "\"kind\":\"trailing_comma\"",
        "\"kind\":\"stray_comma\"",
    );
    let ran = formwork(&bench, &["test", "repair.jsonl"]).await;
    ran.ended(1, "not as recorded");
    assert!(
        ran.stdout.contains("the whole: recorded repair: stray comma at byte "),
        "{ran:?}"
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_said() {
    let bench = bench();
    altered(&bench, "user", "{\"formwork\":1,", "{\"formwork\":2,");
    let ran = formwork(&bench, &["test", "user.jsonl"]).await;
    ran.ended(2, "1 session: 1 unreadable");
    assert!(
        ran.stdout
            .contains("has format 2, which this formwork does not know: use a newer one"),
        "{ran:?}"
    );
    let ran = formwork(&bench, &["test", "user.jsonl", "list"]).await;
    ran.ended(1, "1 as recorded, 1 unreadable");
    altered(&bench, "list", "\"version\":\"", "\"version\":\"9");
    let mut text = fs::read_to_string(bench.work().join("list.jsonl")).unwrap();
    text += "{\"at\":99999,\"event\":\"tomorrow\"}\n{\"at\":999";
    fs::write(bench.work().join("list.jsonl"), text).unwrap();
    let ran = formwork(&bench, &["test", "list.jsonl"]).await;
    ran.ended(0, "1 as recorded");
    for said in [
        "a later one",
        "events of a later program that were passed over: 1",
        "the torn last line, ",
    ] {
        assert!(ran.stdout.contains(said), "{said}: {ran:?}");
    }
    formwork(&bench, &["test", "nowhere"])
        .await
        .ended(2, "no file and no stored session fits `nowhere`");
    formwork(&bench, &["test", "fallbak"]).await.ended(
        2,
        "no file and no stored session fits `fallbak`: near are fallback (comes with formwork)",
    );
    fs::create_dir(bench.work().join("empty")).unwrap();
    formwork(&bench, &["test", "empty"])
        .await
        .ended(2, "holds no *.jsonl file");
}

#[tokio::test]
async fn live_runs_are_compared_field_by_field() {
    let bench = Bench::new(Script::auto(Auto::new(json!({"name": "Ivan", "age": 29}))));
    let url = bench.server.base_url();
    let args = [
        "test",
        "retry",
        "cancelled",
        "--live",
        "--base-url",
        &url,
        "-m",
        "acme/other",
    ];
    let ran = bench.wait(bench.bare(&args).spawn().unwrap()).await;
    ran.ended(1, "making 1 run of 2 sessions again");
    assert!(ran.stdout.contains("run 1: /age: recorded 28; now 29"), "{ran:?}");
    let chats = bench.server.chats();
    assert_eq!((chats.len(), &chats[0]["model"]), (1, &json!("acme/other")));
    assert!(bench.sessions().is_empty());
    let same = Bench::new(Script::auto(Auto::new(json!({"age": 28, "name": "Ivan"}))));
    let url = same.server.base_url();
    let args = ["test", "retry", "--live", "--base-url", &url];
    same.wait(same.bare(&args).spawn().unwrap())
        .await
        .ended(0, "1 session: 1 as recorded");
    formwork(&self::bench(), &["test", "user", "-m", "x"])
        .await
        .ended(2, "--live");
}

#[tokio::test]
async fn recordings_give_back_their_events() {
    let bench = bench();
    for name in NAMES {
        let text = fs::read_to_string(shipped(name)).unwrap();
        let (_, events) = text.split_once('\n').unwrap();
        let ran = formwork(&bench, &["replay", name, "--events"]).await;
        ran.ended(0, "");
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), (events, ""), "{name}");
    }
}

#[tokio::test]
async fn a_moment_of_a_recording() {
    let bench = bench();
    let session = read_session(&shipped("retry"));
    let at = |name: &str| session.iter().position(|event| event["event"] == name).unwrap();
    let ran = formwork(
        &bench,
        &["replay", "retry", "--print", "--at", &at("waiting").to_string()],
    )
    .await;
    ran.ended(0, "run 1, attempt 1 (structured): waiting: ");
    assert_eq!(ran.stdout, "");
    let delta = at("delta") + 1;
    let ran = formwork(&bench, &["replay", "retry", "--print", "--at", &delta.to_string()]).await;
    ran.ended(0, "answering");
    assert!(ran.stdout.starts_with('{'), "{ran:?}");
    let ran = formwork(&bench, &["replay", "retry", "--events", "--at", "3"]).await;
    assert_eq!(ran.lines(), session[1..4]);
    let ran = formwork(&bench, &["replay", "retry", "--print", "--at", "1h"]).await;
    ran.ended(0, "valid");
    assert_eq!(ran.lines(), [json!({"name": "Ivan", "age": 28})]);
    let ran = formwork(&bench, &["replay", "retry", "--print", "--at", "0"]).await;
    ran.ended(0, "event 0 of ");
    formwork(&bench, &["replay", "retry", "--at", "100000"])
        .await
        .ended(2, "the session has ");
}

#[tokio::test]
async fn a_recording_under_another_schema() {
    let bench = bench();
    let ran = formwork(&bench, &["replay", "user", "--print", "--schema", "name, age str"]).await;
    ran.ended(
        1,
        "run 1, attempt 1: /age: recorded fits; now type: expected string, got the number 28",
    );
    ran.ended(1, "not valid under this schema: /age");
    assert_eq!(ran.stdout, "");
    // The bad answer of the re-ask is good under a schema without the pattern, and so is the second.
    let ran = formwork(
        &bench,
        &["replay", "reask", "--print", "-s", "name, age int, phone_number"],
    )
    .await;
    ran.ended(0, "attempt 1: /phone_number: recorded pattern: ");
    assert_eq!(ran.lines()[0]["phone_number"], "+1 (212) 456-7890");
    fs::write(bench.work().join("bad.json"), "{\"type\": 7}").unwrap();
    formwork(&bench, &["replay", "user", "--print", "-s", "bad.json"])
        .await
        .ended(2, "the schema bad");
}

#[tokio::test]
async fn values_are_exported() {
    let bench = bench();
    let ran = formwork(&bench, &["export", "user", "--as", "json"]).await;
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (Some(0), "{\n  \"name\": \"Ivan\",\n  \"age\": 28\n}\n")
    );
    let ran = formwork(&bench, &["export", "list", "--as", "ndjson"]).await;
    assert_eq!((ran.code, ran.lines().len()), (Some(0), 240));
    let ran = formwork(&bench, &["export", "list", "--as", "csv", "-o", "list.csv"]).await;
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""));
    let table = fs::read_to_string(bench.work().join("list.csv")).unwrap();
    let lines: Vec<&str> = table.split("\r\n").collect();
    assert_eq!((lines.len(), lines[0]), (242, "sku,name,count,price,in_stock"));
    assert_eq!(lines[1], "W-0000,steel bolt M3,0,0.05,false");
    let ran = formwork(&bench, &["export", "fallback", "--as", "csv"]).await;
    assert!(
        ran.stdout
            .starts_with("name,age,addresses\r\nJason,25,\"[{\"\"street\"\""),
        "{ran:?}"
    );
    formwork(&bench, &["export", "cancelled", "--as", "json"])
        .await
        .ended(1, "cancelled");
    formwork(&bench, &["export", "user", "--as", "json", "--run", "2"])
        .await
        .ended(2, "user has no run 2");
    fs::copy(shipped("user"), bench.work().join("user.jsonl")).unwrap();
    let ran = formwork(&bench, &["export", "user.jsonl", "--as", "csv", "-o", "./user.jsonl"]).await;
    ran.ended(2, "is the session itself");
    assert_eq!(
        fs::read(bench.work().join("user.jsonl")).unwrap(),
        fs::read(shipped("user")).unwrap()
    );
}

#[tokio::test]
async fn requests_are_exported_without_a_key() {
    let bench = bench();
    let ran = formwork(&bench, &["export", "reask", "--as", "curl"]).await;
    ran.ended(0, "");
    assert!(
        ran.stdout.contains("'https://openrouter.ai/api/v1/chat/completions'"),
        "{ran:?}"
    );
    assert!(
        ran.stdout.contains("\"Authorization: Bearer $OPENROUTER_API_KEY\""),
        "{ran:?}"
    );
    let (_, body) = ran.stdout.split_once("<<'JSON'\n").unwrap();
    let body: Value = serde_json::from_str(body.strip_suffix("\nJSON\n").unwrap()).unwrap();
    let session = read_session(&shipped("reask"));
    let last = session.iter().rfind(|event| event["event"] == "attempt").unwrap();
    assert_eq!(body, last["body"]);
    formwork(&bench, &["export", "user", "--as", "curl"])
        .await
        .ended(0, "the model inside formwork");
    let ran = formwork(
        &bench,
        &[
            "export",
            "user",
            "--as",
            "curl",
            "--base-url",
            "http://localhost:1/v1",
            "--provider",
            "openai",
        ],
    )
    .await;
    assert!(
        ran.stdout.contains("'http://localhost:1/v1/chat/completions'") && !ran.stdout.contains("Authorization"),
        "{ran:?}"
    );
}

/// Every recording as a script that Python takes.
#[tokio::test]
async fn scripts_are_exported() {
    let bench = bench();
    let has_python = std::process::Command::new("python3")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success());
    for name in NAMES {
        let file = format!("{name}.py");
        formwork(&bench, &["export", name, "--as", "python", "-o", &file])
            .await
            .ended(0, "");
        let path = bench.work().join(file);
        let script = fs::read_to_string(&path).unwrap();
        assert!(
            script.contains("(BaseModel):\n") && script.contains("response_model=Response"),
            "{script}"
        );
        if !has_python {
            eprintln!("skipped: no python3");
            continue;
        }
        let output = std::process::Command::new("python3")
            .args(["-m", "py_compile"])
            .arg(&path)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{script}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
