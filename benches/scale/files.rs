//! Session files: writing one, reading it back, and listing many.

use super::row;
use formwork::event::{Delta, RunEvent, Stamped};
use formwork::session::{Journal, Store, Tape};
use formwork::verdict::Channel;
use std::fs;
use std::path::Path;
use std::time::{Instant, SystemTime};

/// Writing and reading a session of so many deltas.
pub fn journal() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    row("journal: 100 deltas written", |scale| {
        let runtime = &runtime;
        move || {
            let folder = tempfile::tempdir().unwrap();
            let start = Instant::now();
            runtime.block_on(write(&folder.path().join("one.jsonl"), 100 * scale));
            start.elapsed()
        }
    });
    row("journal: 100 deltas read back", |scale| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("one.jsonl");
        runtime.block_on(write(&file, 100 * scale));
        move || {
            let _folder = &folder;
            let start = Instant::now();
            let session = Tape::read(&file).unwrap();
            let taken = start.elapsed();
            drop(std::hint::black_box(session));
            taken
        }
    });
    row("journal: continued after 100 deltas", |scale| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("one.jsonl");
        runtime.block_on(write(&file, 100 * scale));
        move || {
            let _folder = &folder;
            let start = Instant::now();
            drop(std::hint::black_box(
                Journal::open(&file, "scale", SystemTime::now()).unwrap(),
            ));
            start.elapsed()
        }
    });
}

async fn write(file: &Path, deltas: usize) {
    let journal = Journal::open(file, "scale", SystemTime::now()).unwrap().start();
    for at in 0..deltas {
        let delta = Delta {
            channel: Channel::Content,
            call: None,
            text: "Ada ".into(),
        };
        let event = RunEvent::Delta {
            run: 1,
            attempt: 1,
            delta,
        };
        journal.send(Stamped { at: at as u64, event }).await;
    }
    journal.close().await.unwrap();
}

/// A folder of so many sessions, listed for the first time and again.
pub fn sessions() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for (name, again) in [
        ("sessions: 5 listed for the first time", false),
        ("sessions: 5 listed again", true),
    ] {
        row(name, |scale| {
            let folder = tempfile::tempdir().unwrap();
            let (sessions, cache) = (folder.path().join("sessions"), folder.path().join("cache"));
            fs::create_dir_all(&sessions).unwrap();
            fs::create_dir_all(&cache).unwrap();
            let first = sessions.join("0.jsonl");
            runtime.block_on(write(&first, 20));
            for number in 1..5 * scale {
                fs::copy(&first, sessions.join(format!("{number}.jsonl"))).unwrap();
            }
            let store = Store::new(sessions, &cache);
            if again {
                store.list().unwrap();
            }
            move || {
                let _folder = &folder;
                if !again {
                    fs::remove_dir_all(&cache).unwrap();
                    fs::create_dir_all(&cache).unwrap();
                }
                let start = Instant::now();
                assert_eq!(store.list().unwrap().entries.len(), 5 * scale);
                start.elapsed()
            }
        });
    }
}
