//! `formwork sessions` and `formwork replay` from outside, with sessions that the binary has recorded.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

#[path = "support/binary.rs"]
mod binary;
mod support;

use binary::{Bench, KEY, Ran};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use support::{Auto, Reply, Script};

fn ivan() -> Value {
    json!({"name": "Ivan", "age": 28})
}

/// A valid run and one that is not, each in a session of its own.
async fn recorded() -> Bench {
    let bench = Bench::new(Script::new([]).otherwise(Reply::sse_content("{\"name\": 7}", 3)));
    let task = [
        "-t",
        "no person here",
        "-s",
        "name",
        "-m",
        "acme/slow",
        "--mode",
        "json",
    ];
    bench.run(&[&task[..], &["--reasks", "0"]].concat()).await.ended(1, "");
    let valid = Bench::new(Script::auto(Auto::new(ivan())));
    valid.task(&["--mode", "json"]).await.ended(0, "valid");
    let from = valid.sessions().remove(0);
    fs::copy(&from, bench.home().join("sessions/20990101T000000-zzzzzz.jsonl")).unwrap();
    bench
}

/// Runs a command and gives what it left; the scripted server must not hear of it.
async fn formwork(bench: &Bench, args: &[&str]) -> Ran {
    let before = bench.server.requests().len();
    let ran = bench.wait(bench.bare(args).spawn().unwrap()).await;
    assert_eq!(bench.server.requests().len(), before, "{args:?}");
    ran
}

#[tokio::test]
async fn sessions_are_listed_and_searched() {
    let bench = recorded().await;
    let ran = formwork(&bench, &["sessions"]).await;
    ran.ended(0, "2 of 2 sessions in ");
    let mut lines = ran.stdout.lines();
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        words(lines.next().unwrap()),
        ["title", "name", "age", "outcome", "model", "mode", "cost", "tokens"]
    );
    assert!(
        ran.stdout.contains("zzzzzz") && ran.stdout.contains("acme/quick"),
        "{ran:?}"
    );
    let table: [(&[&str], &[&str]); 9] = [
        (&[], &["acme/quick", "acme/slow"]),
        (&["IVAN"], &["acme/quick"]),
        (&["person", "slow"], &["acme/slow"]),
        (&["--outcome", "valid"], &["acme/quick"]),
        (&["--outcome", "invalid"], &["acme/slow"]),
        (&["--outcome", "interrupted"], &[]),
        (&["--model", "SLOW"], &["acme/slow"]),
        (&["--since", "2d"], &["acme/quick", "acme/slow"]),
        (&["--since", "2d", "path"], &[]),
    ];
    for (args, expected) in table {
        let ran = formwork(&bench, &[&["sessions", "--json"], args].concat()).await;
        ran.ended(0, &format!("{} of 2 sessions", expected.len()));
        let found: Value = serde_json::from_str(&ran.stdout).unwrap();
        let mut models: Vec<&str> = found
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["model"].as_str().unwrap())
            .collect();
        models.sort_unstable();
        assert_eq!(models, expected, "{args:?}");
    }
    fs::write(bench.home().join("sessions/other.jsonl"), "{\"a\":1}\n").unwrap();
    formwork(&bench, &["sessions"])
        .await
        .ended(0, "cannot be read as sessions: ");
}

#[tokio::test]
async fn a_session_is_found_and_deleted() {
    let bench = recorded().await;
    let kept = bench.sessions();
    let path = |ran: &Ran| PathBuf::from(ran.stdout.trim_end());
    let ran = formwork(&bench, &["sessions", "path", "zzz"]).await;
    ran.ended(0, "");
    assert_eq!(path(&ran), kept[1]);
    assert!(kept.contains(&path(&formwork(&bench, &["sessions", "path"]).await)));
    formwork(&bench, &["sessions", "path", "jsonl"])
        .await
        .ended(2, "2 sessions fit `jsonl`: say more of ");
    formwork(&bench, &["sessions", "path", "zzzzyz"])
        .await
        .ended(2, "near are 20990101T000000-zzzzzz");
    formwork(&bench, &["sessions", "delete", "zzz"])
        .await
        .ended(2, "nothing was deleted: --yes deletes ");
    formwork(&bench, &["sessions", "delete", "zzz", "missing", "--yes"])
        .await
        .ended(2, "no file and no stored session fits `missing`");
    assert_eq!(bench.sessions(), kept);
    formwork(&bench, &["sessions", "delete", "zzz", "--yes"])
        .await
        .ended(0, "deleted ");
    assert_eq!(bench.sessions(), kept[..1]);
    fs::write(bench.work().join("notes.txt"), "mine").unwrap();
    formwork(&bench, &["sessions", "delete", "notes.txt", "--yes"])
        .await
        .ended(2, "is no session");
    assert!(bench.work().join("notes.txt").exists());
}

#[tokio::test]
async fn a_recorded_value_is_printed_again() {
    let bench = recorded().await;
    let ran = formwork(&bench, &["replay", "Ivan", "--print"]).await;
    ran.ended(0, "valid at the first attempt");
    assert_eq!(ran.lines(), [ivan()]);
    let ran = formwork(&bench, &["replay", "slow", "--print"]).await;
    ran.ended(2, "no file and no stored session fits `slow`");
    let ran = formwork(&bench, &["replay", "no person", "--print"]).await;
    ran.ended(1, "last value: {\"name\":7}");
    assert_eq!(ran.stdout, "");
    formwork(&bench, &["replay", "Ivan", "--print", "--run", "2"])
        .await
        .ended(2, "the session has no run 2: it has 1");
    let ran = formwork(&bench, &["replay", "Ivan"]).await;
    assert_eq!((ran.code, ran.lines()), (Some(0), vec![ivan()]));
}

#[tokio::test]
async fn recorded_events_are_printed_as_they_were() {
    let bench = recorded().await;
    let text = fs::read_to_string(&bench.sessions()[1]).unwrap();
    let (header, events) = text.split_once('\n').unwrap();
    let ran = formwork(&bench, &["replay", "zzz", "--events"]).await;
    ran.ended(0, "");
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), (events, ""));
    // Two runs, the second of which was cut off in the middle of a line.
    let second = events.replace("\"run\":1", "\"run\":2");
    let started = second.lines().next().unwrap();
    let file = bench.work().join("mine.jsonl");
    let unknown = "{\"at\":5,\"event\":\"tomorrow\"}";
    fs::write(
        &file,
        format!("{header}\n{events}nonsense\n{unknown}\n{started}\n{{\"at\":9"),
    )
    .unwrap();
    let ran = formwork(&bench, &["replay", "mine.jsonl", "--events"]).await;
    ran.ended(0, "was skipped: expected");
    assert!(ran.stderr.contains("the torn last line, "), "{ran:?}");
    assert_eq!(ran.stdout, format!("{events}{started}\n"));
    let ran = formwork(&bench, &["replay", "mine.jsonl", "--events", "--run", "2"]).await;
    assert_eq!(ran.stdout, format!("{started}\n"));
    formwork(&bench, &["replay", "mine.jsonl", "--print"])
        .await
        .ended(1, "run 2 has no end: it was interrupted");
    let ran = formwork(&bench, &["replay", "mine.jsonl", "--print", "--run", "1"]).await;
    assert_eq!((ran.code, ran.lines()), (Some(0), vec![ivan()]));
    fs::write(&file, "my notes").unwrap();
    formwork(&bench, &["replay", "mine.jsonl", "--print"])
        .await
        .ended(2, "mine.jsonl is no session: it has no session's first line");
    assert!(!text.contains(KEY));
}
