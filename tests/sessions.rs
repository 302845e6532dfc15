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
async fn a_session_is_renamed_forked_deleted_and_brought_back() {
    let bench = recorded().await;
    let kept = bench.sessions();
    let ran = formwork(&bench, &["sessions", "rename", "zzz", "the good one"]).await;
    ran.ended(0, "renamed ");
    let found = async |words: &[&str]| {
        let ran = formwork(&bench, &[&["sessions", "--json"], words].concat()).await;
        let found: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
        found
    };
    let renamed = found(&["good one"]).await;
    assert_eq!((renamed.len(), &renamed[0]["title"]), (1, &json!("the good one")));
    assert!(renamed[0].get("search").is_none() && renamed[0]["duration"].is_u64());
    // It can still be replayed, and its value searched for.
    formwork(&bench, &["replay", "good one", "--print"])
        .await
        .ended(0, "valid");
    // The other one may be of 28 minutes past some hour.
    assert_eq!(found(&["28", "quick"]).await.len(), 1);
    let ran = formwork(&bench, &["sessions", "fork", "good one"]).await;
    ran.ended(0, "");
    let fork = PathBuf::from(ran.stdout.trim_end());
    assert_eq!(fork.file_name().unwrap(), "20990101T000000-zzzzzz-2.jsonl");
    let text = |path: &PathBuf| fs::read_to_string(path).unwrap();
    let (old, new) = (text(&kept[1]), text(&fork));
    assert_eq!(new.split_once('\n').unwrap().1, old.split_once('\n').unwrap().1);
    formwork(&bench, &["sessions", "delete", "zzzzzz-2", "--yes"])
        .await
        .ended(0, "sessions restore");
    assert_eq!(bench.sessions(), kept);
    formwork(&bench, &["sessions", "restore", "20990101T000000-zzzzzz-2"])
        .await
        .ended(0, "brought back ");
    assert_eq!(text(&fork), new);
    formwork(&bench, &["sessions", "restore"])
        .await
        .ended(2, "no deleted session is left");
    for since in [&["--since", "2d"][..], &["--since", "2020-01-01"]] {
        assert_eq!(found(since).await.len(), 3);
    }
    assert_eq!(found(&["--since", "2199-01-01"]).await.len(), 0);
}

#[tokio::test]
async fn a_scrubbed_copy_has_the_shape_only() {
    let bench = recorded().await;
    let ran = formwork(&bench, &["sessions", "scrub", "zzz"]).await;
    ran.ended(0, "");
    let copy = bench.work().join("20990101T000000-zzzzzz.scrubbed.jsonl");
    assert_eq!(ran.stdout.trim_end(), copy.to_string_lossy());
    let text = fs::read_to_string(&copy).unwrap();
    for word in ["Ivan", "years", "28"] {
        assert!(
            !text.contains(&format!("{word} ")) && !text.contains(&format!(" {word}")),
            "{word}: {text}"
        );
    }
    assert!(!text.contains("Ivan"), "{text}");
    let ran = formwork(&bench, &["replay", copy.to_str().unwrap(), "--print"]).await;
    ran.ended(0, "valid at the first attempt");
    assert_eq!(ran.lines(), [json!({"name": "Xxxx", "age": 11})]);
    // What is there stays, and nothing that is no session is read.
    formwork(&bench, &["sessions", "scrub", "zzz"])
        .await
        .ended(2, "cannot write ");
    assert_eq!(fs::read_to_string(&copy).unwrap(), text);
    fs::write(bench.work().join("notes.txt"), "mine").unwrap();
    formwork(&bench, &["sessions", "scrub", "notes.txt"])
        .await
        .ended(2, "notes.txt is no session");
    assert!(!bench.work().join("notes.scrubbed.jsonl").exists());
}

#[tokio::test]
async fn what_is_too_old_goes_and_is_told_of() {
    let bench = recorded().await;
    let old = bench.home().join("sessions/20990101T000000-zzzzzz.jsonl");
    let year = std::time::Duration::from_secs(365 * 24 * 60 * 60);
    let file = fs::File::options().append(true).open(&old).unwrap();
    file.set_modified(std::time::SystemTime::now() - year).unwrap();
    bench.task(&["--mode", "json", "--reasks", "0"]).await;
    assert!(old.exists(), "nothing asks for it yet");
    fs::write(bench.home().join("config.toml"), "[sessions]\nkeep_days = 30\n").unwrap();
    // The run does not wait for it, so another may be needed.
    while old.exists() {
        bench.task(&["--mode", "json", "--reasks", "0"]).await;
    }
    formwork(&bench, &["sessions"])
        .await
        .ended(0, "1 session was removed at ");
    let ran = formwork(&bench, &["doctor"]).await;
    assert!(ran.stdout.contains("1 session was removed at "), "{ran:?}");
}

/// Nothing is recorded when the settings say so, except into a file that is named.
#[tokio::test]
async fn recording_is_a_setting() {
    let bench = Bench::new(Script::auto(Auto::new(ivan())));
    fs::create_dir_all(bench.home()).unwrap();
    fs::write(bench.home().join("config.toml"), "[session]\nrecord = false\n").unwrap();
    bench.task(&["--mode", "json"]).await.ended(0, "valid");
    assert!(!bench.home().join("sessions").exists());
    let named = bench.work().join("mine.jsonl");
    bench
        .task(&["--mode", "json", "--session", "mine.jsonl"])
        .await
        .ended(0, "valid");
    assert!(fs::read_to_string(named).unwrap().contains("\"ended\""));
}

/// A disk that takes nothing ends the recording, not the run.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_cannot_be_written_is_said() {
    let bench = Bench::new(Script::auto(Auto::new(ivan())));
    fs::create_dir_all(bench.home()).unwrap();
    fs::write(bench.home().join("sessions"), "a file in the way").unwrap();
    bench
        .task(&["--mode", "json"])
        .await
        .ended(0, "not recording: cannot open the session ");
    assert_eq!(
        fs::read_to_string(bench.home().join("sessions")).unwrap(),
        "a file in the way"
    );
    for (text, why) in [
        ("{\"a\":1}\n", "has no session's first line"),
        ("{\"formwork\":9}\n", "has format 9"),
        ("\0\0\0", "has no session's first line"),
    ] {
        let path = bench.work().join("other.jsonl");
        fs::write(&path, text).unwrap();
        bench.task(&["--session", "other.jsonl"]).await.ended(2, why);
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
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
