//! `--stream` and `--events`: what is printed while the model writes.

use crate::binary::{Bench, TASK, read_session};
use crate::support::{Piece, Reply, Script};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::sync::Notify;

/// One event with a piece of content.
fn content(text: &str) -> Piece {
    Piece::from(format!(
        "data: {}\n\n",
        json!({"choices": [{"index": 0, "delta": {"content": text}}]})
    ))
}

fn done() -> Piece {
    let finish = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
    Piece::from(format!("data: {finish}\n\ndata: [DONE]\n\n"))
}

fn sse(pieces: Vec<Piece>) -> Reply {
    Reply::raw(200, "text/event-stream", pieces)
}

/// The server goes on only when a line was seen, so that each of them is certain.
#[tokio::test]
async fn every_line_is_json_and_says_something_new() {
    let gates: Vec<Arc<Notify>> = (0..3).map(|_| Arc::default()).collect();
    let wait = |gate: usize| Piece::Wait(Arc::clone(&gates[gate]));
    let bench = Bench::new(Script::new([sse(vec![
        content("{\"name\": \"Iv"),
        wait(0),
        content("an\", \"age"),
        wait(1),
        content("\": 2"),
        content("8"),
        content(", "),
        wait(2),
        content("\"tags\": [\"a\""),
        content(", \"b\"]}"),
        done(),
    ])]));
    let mut child = bench
        .command(&[
            "-s",
            "name, age int, tags [str]",
            "-t",
            "Ivan",
            "-m",
            "acme/quick",
            "--mode",
            "json",
            "--stream",
        ])
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let expected = [
        json!({"name": "Iv"}),
        json!({"name": "Ivan"}),
        json!({"name": "Ivan", "age": 28}),
    ];
    for (gate, expected) in gates.iter().zip(expected) {
        let line = lines.next_line().await.unwrap().unwrap();
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), expected);
        gate.notify_one();
    }
    let mut rest: Vec<Value> = Vec::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        rest.push(serde_json::from_str(&line).unwrap());
    }
    assert_eq!(
        rest.last(),
        Some(&json!({"name": "Ivan", "age": 28, "tags": ["a", "b"]}))
    );
    assert!(rest.windows(2).all(|pair| pair[0] != pair[1]), "{rest:?}");
    bench.wait(child).await.ended(0, "");
}

/// The stream stalls after the first digit until the run's time is up: long enough for it to be shown, which it must not be.
#[tokio::test]
async fn half_a_number_is_not_shown() {
    let bench = Bench::new(Script::new([sse(vec![
        content("{\"name\": \"Ivan\","),
        content(" \"age\": 2"),
        Piece::Hang,
    ])]));
    let ran = bench.task(&["--mode", "json", "--stream", "--timeout", "1s"]).await;
    ran.ended(4, "--timeout");
    assert!(
        ran.lines().iter().all(|line| *line == json!({"name": "Ivan"})),
        "{ran:?}"
    );
}

#[tokio::test]
async fn digits_that_come_one_at_a_time_make_one_number() {
    let text = json!({"name": "Ivan", "age": 1_234_567_890}).to_string();
    for (mode, reply) in [
        ("json", Reply::sse_content(&text, 1)),
        ("tools", Reply::sse_tool_call("answer", &text, 1)),
    ] {
        let bench = Bench::new(Script::new([reply]));
        let ran = bench.task(&["--mode", mode, "--stream"]).await;
        let lines = ran.lines();
        assert_eq!(
            lines.last(),
            Some(&json!({"name": "Ivan", "age": 1_234_567_890})),
            "{ran:?}"
        );
        assert!(lines.windows(2).all(|pair| pair[0] != pair[1]), "{ran:?}");
        let ages = lines.iter().filter_map(|line| line.get("age"));
        assert!(ages.into_iter().all(|age| *age == json!(1_234_567_890)), "{ran:?}");
    }
}

/// Deltas may be joined differently on the way to the disk; nothing else may differ.
#[tokio::test]
async fn the_session_holds_the_events_that_are_printed() {
    let bench = Bench::new(Script::new([
        Reply::sse_content("{\"name\": \"Ivan\", \"age\": \"old\"}", 2),
        Reply::sse_content("{\"name\": \"Ivan\", \"age\": 28}", 2),
    ]));
    let ran = bench.run(&[&TASK[..], &["--mode", "json", "--events"]].concat()).await;
    ran.ended(0, "valid after 2 attempts");
    let printed = joined(ran.lines());
    let names: Vec<&str> = printed.iter().map(|event| event["event"].as_str().unwrap()).collect();
    let attempt = ["attempt", "opened", "routed", "delta", "closed", "judged"];
    assert_eq!(names, [&["started"][..], &attempt, &attempt, &["ended"]].concat());
    let stamps: Vec<u64> = printed.iter().map(|event| event["at"].as_u64().unwrap()).collect();
    assert!(stamps.is_sorted(), "{stamps:?}");
    let recorded = read_session(&bench.sessions()[0]);
    assert_eq!(recorded[0]["formwork"], 1);
    assert_eq!(joined(recorded[1..].to_vec()), printed);
}

/// Neighbouring deltas of one channel as one, with the first one's stamp.
fn joined(events: Vec<Value>) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::new();
    for event in events {
        match out.last_mut() {
            Some(last)
                if last["event"] == "delta" && event["event"] == "delta" && last["channel"] == event["channel"] =>
            {
                let text = format!("{}{}", last["text"].as_str().unwrap(), event["text"].as_str().unwrap());
                last["text"] = json!(text);
            }
            _ => out.push(event),
        }
    }
    out
}

/// As `formwork run --stream | head -1`.
#[tokio::test]
async fn a_reader_that_leaves_is_no_failure() {
    let gate: Arc<Notify> = Arc::default();
    let body = vec![
        content("{\"name\": \"Iv"),
        Piece::Wait(Arc::clone(&gate)),
        content("an\", \"age\": 28}"),
        done(),
    ];
    for output in ["--stream", "--events"] {
        let bench = Bench::new(Script::new([sse(body.clone())]));
        let mut child = bench
            .command(&[&TASK[..], &["--mode", "json", output]].concat())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.next_line().await.unwrap().is_some());
        drop(lines);
        gate.notify_one();
        let ran = bench.wait(child).await;
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert_eq!(read_session(&bench.sessions()[0]).last().unwrap()["event"], "ended");
    }
}

/// Nobody listens to the narration: the value and the exit code are what they would have been.
#[tokio::test]
async fn a_listener_that_leaves_costs_nothing() {
    let fenced = Reply::sse_content("```json\n{\"name\": \"Ivan\", \"age\": 28}\n```", 5);
    let wrong = Reply::sse_content("{\"name\": \"Ivan\"}", 5);
    for (reply, code, stdout) in [(fenced, 0, "{\"name\":\"Ivan\",\"age\":28}\n"), (wrong, 1, "")] {
        let bench = Bench::new(Script::new([reply]));
        let args = [&TASK[..], &["--mode", "json", "--reasks", "0"]].concat();
        let mut child = bench.command(&args).spawn().unwrap();
        drop(child.stderr.take());
        let ran = bench.wait(child).await;
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(code), stdout));
        assert_eq!(read_session(&bench.sessions()[0]).last().unwrap()["event"], "ended");
    }
}
