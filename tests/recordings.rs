//! The recordings in `sessions/`: how they are made, and that they still come out as they did.
//!
//! `FORMWORK_WRITE=all cargo test --test recordings` makes them anew (`FORMWORK_WRITE=user,list` these two), at the pace of a real
//! server; build once more afterwards, for they are a part of the program. Without it the same runs are made at full speed and have to tell the same story. Those of the embedded
//! model need its weights and are only made on request.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

#[path = "support/binary.rs"]
mod binary;
mod support;

#[path = "recordings/scenes.rs"]
mod scenes;
#[path = "recordings/shipped.rs"]
mod shipped;

use binary::{Bench, KEY, read_session};
use scenes::{Pace, Scene};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

/// All of them together are no more than this many bytes.
const MOST: u64 = 400_000;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sessions")
}

/// Whether a recording is to be made anew.
fn is_written(name: &str) -> bool {
    let wanted = std::env::var("FORMWORK_WRITE").unwrap_or_default();
    wanted == "all" || wanted.split(',').any(|wanted| wanted == name)
}

/// Plays a scene into a session file.
async fn play(scene: &Scene, pace: &Pace, file: &Path) {
    let bench = Bench::new((scene.script)(pace));
    let file = file.to_str().unwrap();
    let args = [scene.args.as_slice(), &["--session", file, "--events"]].concat();
    let mut command = if scene.embedded {
        let weights = Path::new(env!("CARGO_TARGET_TMPDIR")).join("weights");
        fs::create_dir_all(&weights).unwrap();
        fs::create_dir_all(bench.home()).unwrap();
        std::os::unix::fs::symlink(weights, bench.home().join("cache")).unwrap();
        bench.bare(&[&["run", "--provider", "local"], args.as_slice()].concat())
    } else {
        bench.command(&args)
    };
    let code = match scene.cancel_after {
        None => bench.wait(command.spawn().unwrap()).await.code,
        Some(characters) => cancelled(&bench, &mut command, characters).await,
    };
    assert_eq!(code, Some(scene.code), "{}", scene.name);
}

/// Interrupts a run once so many characters have come.
async fn cancelled(bench: &Bench, command: &mut Command, characters: usize) -> Option<i32> {
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut seen = 0;
    while seen < characters {
        let line = lines.next_line().await.unwrap().unwrap();
        let event: Value = serde_json::from_str(&line).unwrap();
        seen += event["text"].as_str().map_or(0, str::len);
    }
    let id = child.id().unwrap().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    child.stdout = Some(lines.into_inner().into_inner());
    bench.wait(child).await.code
}

/// What a session tells, without texts, times and ids.
fn story(file: &Path) -> Vec<Value> {
    let told = read_session(file).into_iter().filter_map(|event| {
        let name = event["event"].as_str()?;
        Some(match name {
            "delta" | "draft" => return None,
            "started" => json!([name, event["task"], event["plan"]]),
            "attempt" => json!([name, event["mode"], event["why"], event["changes"], event["body"]]),
            "opened" => json!([name, event["status"]]),
            "closed" => json!([name, event["finish"], event["usage"], event["error"]["class"]]),
            "judged" => json!([name, event["value"], event["errors"], event["repairs"]]),
            "ended" => json!([name, event["outcome"], event["totals"]["attempts"]]),
            other => json!([other]),
        })
    });
    told.collect()
}

#[tokio::test]
async fn every_scene_is_played_as_it_was_recorded() {
    let (real, quick) = (Pace::real(), Pace::quick());
    for scene in scenes::all() {
        let shipped = folder().join(format!("{}.jsonl", scene.name));
        if is_written(scene.name) {
            let _ = fs::remove_file(&shipped);
            play(&scene, &real, &shipped).await;
        } else if !scene.embedded {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("played.jsonl");
            play(&scene, &quick, &file).await;
            assert_eq!(story(&file), story(&shipped), "{}", scene.name);
        }
    }
}

#[test]
fn recordings_are_small_and_hold_neither_key_nor_place() {
    let mut size = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        size += text.len() as u64;
        for word in [
            KEY,
            "sk-or-",
            "127.0.0.1",
            "localhost",
            "/home/",
            "/tmp/",
            env!("CARGO_MANIFEST_DIR"),
        ] {
            assert!(!text.contains(word), "{word} in {}", path.display());
        }
    }
    assert!(size < MOST, "{size} bytes");
}
