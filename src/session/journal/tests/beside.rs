//! Forks and titles: what is done with a session beside running.

use super::super::{Journal, JournalError, fork, retitle};
use super::{ended, now, read, started};
use crate::verdict::{Outcome, Totals};
use std::fs;
use std::time::{Duration, UNIX_EPOCH};

#[tokio::test]
async fn a_second_writer_forks() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("s.jsonl");
    let first = Journal::open(&path, "", now()).unwrap();
    let second = Journal::open(&path, "", now()).unwrap();
    let third = Journal::open(&path, "", now()).unwrap();
    assert_eq!(second.path(), temp.path().join("s-2.jsonl"));
    assert_eq!(third.path(), temp.path().join("s-3.jsonl"));
    assert!(second.notices()[0].contains("s-2.jsonl"));
    // The lock goes with the actor and ends with it.
    let handle = first.start();
    assert_eq!(
        Journal::open(&path, "", now()).unwrap().path(),
        temp.path().join("s-4.jsonl")
    );
    handle.close().await.unwrap();
    assert_eq!(Journal::open(&path, "", now()).unwrap().path(), path);
}

/// A fork holds what the session held, in an order of its own from then on.
#[tokio::test]
async fn a_fork_begins_with_the_earlier_runs() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("s.jsonl");
    let handle = Journal::open(&path, "t", now()).unwrap().start();
    let first = [
        started(5, 1),
        ended(9, 1, Outcome::Valid, "done", Totals::default()),
        started(12, 2),
    ];
    for event in first.clone() {
        handle.send(event).await;
    }
    while read(&path).1.len() < 3 {
        tokio::task::yield_now().await;
    }
    let second = Journal::open(&path, "other", now() + Duration::from_secs(9)).unwrap();
    assert_eq!((second.next_run(), second.notices().len()), (3, 1));
    assert!(second.clock().now() >= 9_000);
    let fork = second.path().to_owned();
    let behind = ended(
        12,
        2,
        Outcome::Cancelled,
        "the session was forked before the run had ended",
        Totals::default(),
    );
    let expected = [&first[..], std::slice::from_ref(&behind)].concat();
    let ((old, _), (new, events)) = (read(&path), read(&fork));
    assert_eq!(events, expected);
    assert_eq!((&new.title, &new.created), (&old.title, &old.created));
    assert_ne!(new.id, old.id);
    // It is locked as any session is, and goes on as one.
    assert_eq!(
        Journal::open(&fork, "", now()).unwrap().path(),
        temp.path().join("s-2-2.jsonl")
    );
    let second = second.start();
    second.send(started(10_000, 3)).await;
    second.close().await.unwrap();
    assert_eq!(read(&fork).1.last(), Some(&started(10_000, 3)));
    handle.close().await.unwrap();
    assert_eq!(read(&path).1, first);
}

#[test]
fn a_fork_of_a_broken_session_takes_what_is_whole() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("s.jsonl");
    let header = "{\"formwork\":1,\"id\":\"i\",\"created\":\"2026-11-22T17:42:59Z\",\"title\":\"t\"}\n";
    let line = "{\"at\":2,\"event\":\"tomorrow\"}";
    for (tail, expected) in [("{\"at\":3,\"eve", ""), (line, "{\"at\":2,\"event\":\"tomorrow\"}\n")] {
        let text = format!("{header}no event\n{line}\n{tail}");
        fs::write(&path, &text).unwrap();
        let fork = fork(&path, now()).unwrap();
        let copied = fs::read_to_string(fork.path()).unwrap();
        let (_, events) = copied.split_once('\n').unwrap();
        assert_eq!(events, format!("no event\n{line}\n{expected}"));
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    for text in ["", "my notes", "{\"formwork\":2}\n"] {
        let before = fs::read_dir(temp.path()).unwrap().count();
        fs::write(&path, text).unwrap();
        fork(&path, now()).unwrap_err();
        assert_eq!(fs::read_dir(temp.path()).unwrap().count(), before);
    }
}

#[test]
fn a_title_is_appended() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("s.jsonl");
    let journal = Journal::open(&path, "first", now()).unwrap();
    let error = retitle(&path, "second", now()).unwrap_err();
    assert!(matches!(error, JournalError::InUse(_)), "{error}");
    drop(journal);
    let file = fs::File::options().append(true).open(&path).unwrap();
    file.set_modified(UNIX_EPOCH + Duration::from_secs(77)).unwrap();
    let before = fs::read_to_string(&path).unwrap();
    retitle(&path, " second \u{1b}\n", now() + Duration::from_secs(1)).unwrap();
    let after = fs::read_to_string(&path).unwrap();
    let added = after.strip_prefix(&before).unwrap();
    assert!(
        added.starts_with("{\"at\":10") && added.ends_with(",\"event\":\"titled\",\"title\":\"second ␛\"}\n"),
        "{added}"
    );
    assert_eq!(
        path.metadata().unwrap().modified().unwrap(),
        UNIX_EPOCH + Duration::from_secs(77)
    );
    // The reader passes over it without a word.
    let session = crate::session::Tape::read(&path).unwrap();
    assert_eq!((session.len(), session.warnings.len()), (1, 0));
    for other in ["missing.jsonl", "notes"] {
        fs::write(temp.path().join("notes"), "mine").unwrap();
        retitle(&temp.path().join(other), "x", now()).unwrap_err();
    }
    assert!(!temp.path().join("missing.jsonl").exists());
    assert_eq!(fs::read_to_string(temp.path().join("notes")).unwrap(), "mine");
}
