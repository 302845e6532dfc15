//! Files that are made, continued, shared, torn or not made at all.

use super::{ivan, names};
use crate::binary::{Bench, read_session};
use crate::support::{Auto, Script};
use formwork::task::Mode;
use std::fs;
use std::path::PathBuf;

const ONE_RUN: [&str; 7] = ["started", "attempt", "opened", "routed", "delta", "closed", "judged"];

fn bench() -> Bench {
    Bench::new(Script::auto(Auto {
        value: ivan(),
        chars: 100,
    }))
}

fn runs(events: &[&str]) -> usize {
    events.iter().filter(|name| **name == "ended").count()
}

#[tokio::test]
async fn a_session_holds_the_task_and_what_came_of_it() {
    let bench = bench();
    bench
        .task(&["--mode", "json", "--reasks", "1", "--param", "seed=7"])
        .await
        .ended(0, "session ");
    let session = read_session(&bench.sessions()[0]);
    assert_eq!(names(&session), [&ONE_RUN[..], &["ended"]].concat());
    let (started, attempt) = (&session[1], &session[2]);
    assert_eq!(started["task"]["input"], "Ivan is 28 years old");
    assert_eq!(
        (&started["task"]["limits"]["reasks"], &started["task"]["params"]["seed"]),
        (&1.into(), &7.into())
    );
    assert_eq!(started["provider"], "openrouter");
    assert!(
        !started["task"].to_string().contains(&bench.server.base_url()),
        "no address is in a task"
    );
    assert_eq!(attempt["body"], bench.server.chats()[0]);
    let (judged, ended) = (&session[7], &session[8]);
    assert_eq!((&judged["value"], &ended["outcome"]), (&ivan(), &"valid".into()));
    assert_eq!(
        (&ended["totals"]["attempts"], &ended["totals"]["usage"]["cost"]),
        (&1.into(), &0.25.into())
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(
            (mode(bench.sessions()[0].clone()), mode(bench.home().join("sessions"))),
            (0o600, 0o700)
        );
    }
}

#[tokio::test]
async fn a_named_session_is_continued() {
    let bench = bench();
    let file = bench.work().join("mine.jsonl");
    for _ in 0..2 {
        bench
            .task(&["--mode", "json", "--session", "mine.jsonl"])
            .await
            .ended(0, "mine.jsonl");
    }
    // A program that was killed while it wrote.
    let mut text = fs::read_to_string(&file).unwrap();
    let ended = text.lines().last().unwrap().len() + 1;
    text.truncate(text.len() - ended);
    text += "{\"at\":12,\"event\":\"end";
    fs::write(&file, text).unwrap();
    bench
        .task(&["--mode", "json", "--session", "mine.jsonl"])
        .await
        .ended(0, "a torn last line was cut off");
    let session = read_session(&file);
    assert_eq!(runs(&names(&session)), 3);
    let numbers: Vec<u64> = session
        .iter()
        .filter(|event| event["event"] == "started")
        .map(|event| event["run"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, [1, 2, 3]);
    let outcomes: Vec<&str> = session.iter().filter_map(|event| event["outcome"].as_str()).collect();
    assert_eq!(outcomes, ["valid", "cancelled", "valid"]);
    assert!(bench.sessions().is_empty());
}

#[tokio::test]
async fn a_file_that_is_something_else_is_left_alone() {
    let bench = bench();
    let newer = "{\"formwork\":99,\"id\":\"a\",\"created\":\"2026-01-01T00:00:00Z\"}\n";
    for (text, said) in [("my notes\n", "nothing was written to it"), (newer, "use a newer one")] {
        fs::write(bench.work().join("notes.txt"), text).unwrap();
        bench.task(&["--session", "notes.txt"]).await.ended(2, said);
        assert_eq!(fs::read_to_string(bench.work().join("notes.txt")).unwrap(), text);
    }
    assert_eq!(bench.server.chats().len(), 0);
}

#[tokio::test]
async fn nothing_is_recorded_on_request() {
    let bench = bench();
    bench.task(&["--mode", "json", "--no-session"]).await.ended(0, "valid");
    fs::write(bench.home().join("config.toml"), "[session]\nrecord = false\n").unwrap();
    bench.task(&["--mode", "json"]).await.ended(0, "valid");
    assert!(bench.sessions().is_empty());
}

/// A home that cannot be written to costs the recording, not the value.
#[tokio::test]
async fn a_home_that_is_no_folder_is_no_obstacle() {
    let bench = bench();
    fs::write(bench.home().join("sessions"), "in the way").unwrap();
    let ran = bench.task(&["--mode", "json"]).await;
    ran.ended(0, "not recording: ");
    assert_eq!(ran.lines(), [ivan()]);
}

#[tokio::test]
async fn a_dry_run_sends_and_records_nothing() {
    let bench = bench();
    for mode in Mode::ALL.map(Mode::as_str) {
        let ran = bench.task(&["--mode", mode, "--dry-run"]).await;
        ran.ended(0, "plan 1: ");
        let body: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(bench.server.chats().len(), 0);
        let named = bench
            .task(&["--mode", mode, "--dry-run", "--session", "mine.jsonl"])
            .await;
        assert_eq!(named.stdout, ran.stdout);
        assert!(bench.sessions().is_empty() && !bench.work().join("mine.jsonl").exists());
        let twin = self::bench();
        twin.task(&["--mode", mode]).await.ended(0, "");
        assert_eq!(twin.server.chats(), [body], "{mode}");
    }
}
