//! Sessions on a real disk, in folders of their own.

mod beside;

use super::{Journal, JournalError};
use crate::event::{Closing, Delta, Draft, Header, Phase, RunEvent, Stamped, Why};
use crate::task::Mode;
use crate::verdict::{Channel, Outcome, Totals, Usage};
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// 2026-11-22T17:42:59.250Z
fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(1_795_369_379_250)
}

fn started(at: u64, run: u32) -> Stamped {
    let event = RunEvent::Started {
        run,
        version: "0".into(),
        task: std::sync::Arc::default(),
        provider: "local".into(),
        plan: Vec::new(),
    };
    Stamped { at, event }
}

fn delta(at: u64, text: &str) -> Stamped {
    let delta = Delta {
        channel: Channel::Content,
        call: None,
        text: text.into(),
    };
    Stamped {
        at,
        event: RunEvent::Delta {
            run: 1,
            attempt: 1,
            delta,
        },
    }
}

fn ended(at: u64, run: u32, outcome: Outcome, reason: &str, totals: Totals) -> Stamped {
    Stamped {
        at,
        event: RunEvent::Ended {
            run,
            outcome,
            reason: reason.into(),
            budget: None,
            totals,
        },
    }
}

fn read(path: &Path) -> (Header, Vec<Stamped>) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.ends_with('\n'));
    let mut lines = text.lines();
    let header = serde_json::from_str(lines.next().unwrap()).unwrap();
    (header, lines.map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[tokio::test]
async fn a_run_is_recorded() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path().join("sessions");
    let journal = Journal::create(&folder, "a title", now()).unwrap();
    assert_eq!(journal.next_run(), 1);
    let handle = journal.start();
    let progress = RunEvent::Progress {
        run: 1,
        phase: Phase::Load,
        done: 1,
        total: 2,
    };
    let end = ended(250, 1, Outcome::Valid, "done", Totals::default());
    for event in [
        started(1, 1),
        Stamped { at: 2, event: progress },
        delta(3, "{\"a"),
        delta(4, "\":1}"),
        end.clone(),
    ] {
        handle.send(event).await;
    }
    let path = handle.close().await.unwrap();
    let (header, events) = read(&path);
    assert_eq!(
        (header.formwork, header.created.as_str(), header.title.as_str()),
        (1, "2026-11-22T17:42:59.250Z", "a title")
    );
    let deltas = events
        .iter()
        .filter(|stamped| matches!(stamped.event, RunEvent::Delta { .. }));
    assert_eq!(deltas.collect::<Vec<_>>(), [&delta(3, "{\"a"), &delta(4, "\":1}")]);
    assert_eq!(events.first(), Some(&started(1, 1)));
    assert_eq!(events.last(), Some(&end));
    let name = path.file_name().unwrap().to_str().unwrap();
    assert!(
        name.starts_with("20261122T174259-") && name.len() == "20261122T174259-abcdef.jsonl".len(),
        "{name}"
    );
}

#[tokio::test]
async fn a_delta_is_written_though_nothing_follows() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("s.jsonl");
    let handle = Journal::open(&path, "", now()).unwrap().start();
    handle.send(delta(3, "alone")).await;
    while read(&path).1.is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(read(&path).1, [delta(3, "alone")]);
    handle.close().await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn a_session_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path().join("sessions");
    let journal = Journal::create(&folder, "", now()).unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(journal.path())), (0o700, 0o600));
}

#[tokio::test]
async fn a_session_is_continued() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("s.jsonl");
    let handle = Journal::open(&path, "t", now()).unwrap().start();
    handle.send(started(5, 1)).await;
    handle.close().await.unwrap();

    let journal = Journal::open(&path, "other", now() + Duration::from_secs(60)).unwrap();
    assert_eq!(journal.next_run(), 2);
    assert!(journal.clock().now() >= 60_000);
    assert!(journal.notices().is_empty());
    let handle = journal.start();
    handle.send(started(60_000, 2)).await;
    handle.close().await.unwrap();

    let (header, events) = read(&path);
    assert_eq!(header.title, "t");
    let cut_off = ended(
        5,
        1,
        Outcome::Cancelled,
        "formwork stopped before the run had ended",
        Totals::default(),
    );
    assert_eq!(events, [started(5, 1), cut_off, started(60_000, 2)]);
}

/// What the workbench does: nothing is made before there is something to write, and drafts are kept as they changed.
#[tokio::test]
async fn a_session_may_begin_late_and_with_drafts() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path().join("sessions");
    let draft = |at, draft| Stamped {
        at,
        event: RunEvent::Draft(draft),
    };
    let first = Draft {
        schema: Some("name".into()),
        input: Some("two\nlines \u{202e}\u{1b}".into()),
        ..Draft::default()
    };
    let second = Draft {
        model: Some(String::new()),
        ..Draft::default()
    };
    let handle = Journal::create(&folder, "t", now()).unwrap().start();
    for event in [draft(1, first.clone()), draft(2, second.clone())] {
        handle.send(event).await;
    }
    let path = handle.close().await.unwrap();
    assert_eq!(read(&path).1, [draft(1, first), draft(2, second)]);
    let session = crate::session::Tape::read(&path).unwrap();
    assert_eq!((session.events().collect(), session.warnings.len()), (read(&path).1, 0));
}

/// A front that panics or returns early drops its end; the actor writes what it was handed all the same.
#[tokio::test]
async fn a_handle_that_is_dropped_loses_nothing() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("s.jsonl");
    let handle = Journal::open(&path, "", now()).unwrap().start();
    for at in 1..=500 {
        handle.send(delta(at, "x")).await;
    }
    drop(handle);
    let written = || crate::session::Tape::read(&path).unwrap().events().collect::<Vec<_>>();
    while written().len() < 500 {
        tokio::task::yield_now().await;
    }
    assert_eq!(written().last(), Some(&delta(500, "x")));
}

/// The reader and the next writer agree on what was interrupted, on what it had spent and on the next number.
#[tokio::test]
async fn what_the_reader_calls_interrupted_the_writer_ends() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("s.jsonl");
    let handle = Journal::open(&path, "t", now()).unwrap().start();
    for event in [
        started(1, 1),
        ended(2, 1, Outcome::Valid, "done", Totals::default()),
        started(3, 2),
        started(4, 3),
    ] {
        handle.send(event).await;
    }
    handle.close().await.unwrap();
    let before = crate::session::Tape::read(&path).unwrap();
    assert_eq!(before.interrupted, [2, 3]);
    let journal = Journal::open(&path, "t", now()).unwrap();
    assert_eq!(journal.next_run(), 4);
    let after = crate::session::Tape::read(&path).unwrap();
    assert_eq!(after.interrupted, [0; 0]);
    let events: Vec<Stamped> = after.events().collect();
    assert_eq!(events[..4], before.events().collect::<Vec<_>>());
    let runs: Vec<_> = events[4..]
        .iter()
        .map(|stamped| (stamped.at, stamped.event.run()))
        .collect();
    assert_eq!(runs, [(4, Some(2)), (4, Some(3))]);
    drop(journal);
    Journal::open(&path, "t", now()).unwrap();
    assert_eq!(crate::session::Tape::read(&path).unwrap(), after);
}

/// A run that a crash interrupted ends with what its events add up to, as the writer and the workbench see it alike.
#[tokio::test]
async fn an_interrupted_run_has_spent_what_its_events_say() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("s.jsonl");
    let usage = Usage {
        prompt: 3,
        completion: 4,
        cost: Some(0.5),
        ..Usage::default()
    };
    let attempt = |at, attempt| Stamped {
        at,
        event: RunEvent::Attempt {
            run: 1,
            attempt,
            mode: Mode::Json,
            why: Why::First,
            reason: String::new(),
            changes: Vec::new(),
            body: serde_json::Value::Null,
        },
    };
    let closing = Closing {
        usage: Some(usage),
        ..Closing::default()
    };
    let closed = Stamped {
        at: 30,
        event: RunEvent::Closed {
            run: 1,
            attempt: 1,
            closing,
        },
    };
    let Stamped { at, event } = delta(1_250, "{");
    let RunEvent::Delta { run, delta, .. } = event else {
        unreachable!("it is a delta")
    };
    let last = Stamped {
        at,
        event: RunEvent::Delta { run, attempt: 2, delta },
    };
    let handle = Journal::open(&path, "t", now()).unwrap().start();
    for event in [started(10, 1), attempt(11, 1), closed, attempt(31, 2), last] {
        handle.send(event).await;
    }
    handle.close().await.unwrap();
    let mut record = crate::record::Record::default();
    for stamped in read(&path).1 {
        record.apply(stamped.at, &stamped.event);
    }
    let expected = Totals {
        attempts: 2,
        usage,
        ms: 1_240,
    };
    assert_eq!(record.runs[0].spent(), expected);
    drop(Journal::open(&path, "t", now()).unwrap());
    let reason = "formwork stopped before the run had ended";
    assert_eq!(
        read(&path).1.last(),
        Some(&ended(1_250, 1, Outcome::Cancelled, reason, expected))
    );
}

#[test]
fn stamps_do_not_run_backwards() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("s.jsonl");
    let header =
        "{\"formwork\":1,\"id\":\"i\",\"created\":\"2026-11-22T17:42:59Z\"}\n{\"at\":99000,\"event\":\"draft\"}\n";
    fs::write(&path, header).unwrap();
    assert!(Journal::open(&path, "", UNIX_EPOCH).unwrap().clock().now() >= 99_000);
}

#[test]
fn a_torn_line_is_cut_off() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("s.jsonl");
    let whole = "{\"formwork\":1,\"id\":\"i\",\"created\":\"2026-11-22T17:42:59Z\",\"title\":\"\"}\n{\"at\":1,\"event\":\"draft\"}\n";
    fs::write(&path, format!("{whole}{{\"at\":2,\"eve")).unwrap();
    let journal = Journal::open(&path, "", now()).unwrap();
    assert!(journal.notices()[0].contains("torn"));
    assert_eq!(fs::read_to_string(&path).unwrap(), whole);
    drop(journal);
    fs::write(&path, whole.trim_end()).unwrap();
    assert!(Journal::open(&path, "", now()).unwrap().notices().is_empty());
    assert_eq!(fs::read_to_string(&path).unwrap(), whole);
}

#[cfg(unix)]
#[test]
fn a_folder_that_takes_nothing_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path().join("closed");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o500)).unwrap();
    // Root may write everywhere.
    if fs::write(folder.join("probe"), "").is_err() {
        let error = Journal::create(&folder, "", now()).unwrap_err().to_string();
        assert!(error.contains("closed") && error.contains("denied"), "{error}");
    }
    let file = temp.path().join("file");
    fs::write(&file, "mine").unwrap();
    let error = Journal::create(&file.join("sessions"), "", now())
        .unwrap_err()
        .to_string();
    assert!(error.starts_with("cannot open the session "), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn what_is_no_session_is_left_alone() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("notes.txt");
    for (text, newer) in [
        ("my notes", false),
        ("{\"a\":1}\n", false),
        ("{\"formwork\":2,\"id\":\"i\"}\n", true),
    ] {
        fs::write(&path, text).unwrap();
        let error = Journal::open(&path, "", now()).unwrap_err();
        assert_eq!(
            matches!(error, JournalError::Newer { version: 2, .. }),
            newer,
            "{error}"
        );
        assert_eq!(matches!(error, JournalError::NotASession { .. }), !newer, "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    let error = Journal::open(temp.path(), "", now()).unwrap_err();
    assert!(error.to_string().contains("no regular file"), "{error}");
    let error = Journal::open(&temp.path().join("missing/s.jsonl"), "", now()).unwrap_err();
    assert!(matches!(error, JournalError::Open { .. }), "{error}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_ends_the_recording_not_the_run() {
    let temp = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(&temp.path().join("s.jsonl"), "", now()).unwrap();
    journal.file = fs::File::options().append(true).open("/dev/full").unwrap();
    let handle = journal.start();
    handle.send(started(1, 1)).await;
    while handle.failure().is_none() {
        tokio::task::yield_now().await;
    }
    assert!(handle.failure().unwrap().contains("the run goes on unrecorded"));
    for at in 2..3000 {
        handle.send(started(at, 1)).await;
    }
    assert!(matches!(handle.close().await, Err(JournalError::Stopped(_))));
}
