//! Ctrl-C, SIGTERM and SIGKILL while an answer streams.

#![cfg(unix)]

use super::{ivan, names};
use crate::binary::{Bench, TASK, read_session};
use crate::support::{Auto, Piece, Reply, Script};
use serde_json::json;
use std::process::Command;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;

fn hanging() -> Script {
    let chunk = json!({"choices": [{"index": 0, "delta": {"content": "{\"name\": \"Iv"}}]});
    Script::new([Reply::hang([Piece::from(format!("data: {chunk}\n\n"))])]).then_auto(Auto::new(ivan()))
}

/// Starts a run and waits until the first piece of the answer was printed.
async fn streaming(bench: &Bench) -> Child {
    let args = [&TASK[..], &["--mode", "json", "--stream", "--session", "mine.jsonl"]].concat();
    let mut child = bench.command(&args).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("{\"name\":\"Iv\"}"));
    child.stdout = Some(lines.into_inner().into_inner());
    child
}

fn signal(child: &Child, name: &str) {
    let id = child.id().unwrap().to_string();
    assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
}

#[tokio::test]
async fn an_interrupted_run_says_so_and_the_next_goes_on() {
    for name in ["-INT", "-TERM"] {
        let bench = Bench::new(hanging());
        let child = streaming(&bench).await;
        signal(&child, name);
        let ran = bench.wait(child).await;
        ran.ended(130, "cancelled");
        bench.server.dropped(1).await;
        let file = bench.work().join("mine.jsonl");
        let session = read_session(&file);
        let last = session.last().unwrap();
        assert_eq!(
            (&last["event"], &last["outcome"]),
            (&json!("ended"), &json!("cancelled")),
            "{name}"
        );
        assert!(session.iter().any(|event| event["text"] == "{\"name\": \"Iv"));

        bench
            .task(&["--mode", "json", "--session", "mine.jsonl"])
            .await
            .ended(0, "valid");
        let session = read_session(&file);
        assert_eq!(names(&session).iter().filter(|event| **event == "ended").count(), 2);
        assert_eq!(
            (&session.last().unwrap()["outcome"], &session.last().unwrap()["run"]),
            (&json!("valid"), &json!(2))
        );
    }
}

/// While one formwork writes, another one takes a file beside it; when the first was killed, its run is ended by the next.
#[tokio::test]
async fn a_session_has_one_writer_and_survives_its_death() {
    let bench = Bench::new(hanging());
    let child = streaming(&bench).await;
    let second = bench.task(&["--mode", "json", "--session", "mine.jsonl"]).await;
    second.ended(0, "is being written by another formwork");
    assert!(bench.work().join("mine-2.jsonl").exists());
    signal(&child, "-KILL");
    assert_eq!(bench.wait(child).await.code, None);
    bench
        .task(&["--mode", "json", "--session", "mine.jsonl"])
        .await
        .ended(0, "valid");
    let session = read_session(&bench.work().join("mine.jsonl"));
    let ends: Vec<_> = session.iter().filter(|event| event["event"] == "ended").collect();
    assert_eq!((&ends[0]["outcome"], &ends[0]["run"]), (&json!("cancelled"), &json!(1)));
    assert_eq!((&ends[1]["outcome"], &ends[1]["run"]), (&json!("valid"), &json!(2)));
}

/// A wait before a retry is no reason to stay.
#[tokio::test]
async fn a_countdown_can_be_cancelled() {
    let busy = Reply::error(429, &json!({"error": {"code": 429, "message": "Busy"}})).header("retry-after", "500");
    let bench = Bench::new(Script::new([busy]));
    let mut child = bench
        .command(&[&TASK[..], &["--mode", "json", "--events"]].concat())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    while !lines
        .next_line()
        .await
        .unwrap()
        .unwrap()
        .contains("\"event\":\"waiting\"")
    {}
    child.stdout = Some(lines.into_inner().into_inner());
    signal(&child, "-INT");
    bench.wait(child).await.ended(130, "cancelled");
}

/// Nor is a reader that left, nor a disk that is full: the run is cancelled and has an end.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_output_that_fails_ends_the_run() {
    for output in ["--stream", "--events"] {
        let bench = Bench::new(hanging());
        let mut command = bench.command(&[&TASK[..], &["--mode", "json", output]].concat());
        command.stdout(std::fs::File::create("/dev/full").unwrap());
        let ran = bench.wait(command.spawn().unwrap()).await;
        ran.ended(2, "cannot write the output");
        let session = read_session(&bench.sessions()[0]);
        assert_eq!(session.last().unwrap()["outcome"], "cancelled", "{output}");
    }
}

/// Nor is a catalogue that does not come.
#[tokio::test]
async fn a_wait_for_the_catalogue_can_be_cancelled() {
    let bench = Bench::new(Script::new([]).models_reply(Reply::silent()));
    let child = bench.command(&TASK).spawn().unwrap();
    bench.server.asked(1).await;
    signal(&child, "-INT");
    bench.wait(child).await.ended(130, "cancelled");
    assert_eq!(bench.server.chats().len(), 0);
}
