//! The matrix through the workbench: worker, `update`, `view` and session in this process.

use crate::inside::{Inside, Worker};
use crate::support::{Auto, Piece, Reply, Script, Server};
use crate::table::{self, Expected, INPUT, MODES, Row, SCHEMA};
use crate::told::{kept, words};
use formwork::extract::model::Dialect;
use formwork::provider::openrouter::{OpenRouter, Settings};
use formwork::task::{Limits, Task};
use formwork::worker;
use futures_util::{StreamExt as _, stream};
use std::sync::Arc;

const KEY: &str = "sk-or-v1-SECRET-5f1d0c0ffee";

#[tokio::test]
async fn the_workbench_survives_every_misbehaviour_in_every_mode() {
    let rows = table::rows();
    let cases = rows
        .iter()
        .flat_map(|row| MODES.iter().enumerate().map(move |(at, mode)| (row, at, *mode)));
    let wrong: Vec<String> = stream::iter(cases)
        .map(|(row, at, mode)| async move {
            let seen = play(row, mode).await;
            row.compare(at, &seen)
        })
        .buffered(16)
        .filter_map(async |wrong| wrong)
        .collect()
        .await;
    assert!(
        wrong.is_empty(),
        "{} of {} differ:\n{}",
        wrong.len(),
        rows.len() * MODES.len(),
        wrong.join("\n")
    );
}

async fn play(row: &Row, mode: &'static str) -> Expected {
    let server = Server::start(row.script(mode));
    let elsewhere = row.elsewhere();
    let url = elsewhere
        .as_ref()
        .map_or_else(|| server.base_url(), |elsewhere| elsewhere.url.clone());
    let provider = OpenRouter::new(Settings {
        key: Some(KEY.into()),
        idle_timeout: row.idle(),
        ..Settings::new("openrouter", Dialect::OpenRouter, url)
    });
    let folder = tempfile::tempdir().unwrap();
    let mut worker: Worker = worker::spawn();
    let mut inside = Inside::new(&task(mode), Arc::new(provider.unwrap()), &mut worker, folder.path()).await;
    inside.run().await;
    for key in ["3", "]", "]", "]", "}", "zm", "zr", "yc"] {
        inside.keys(key).await;
        inside.draw();
    }
    inside.resize(40, 12).await;
    inside.draw();
    let events = words(&inside.lived).leak();
    let (model, path) = inside.leave().await;
    assert_eq!(
        kept(&path),
        model.record,
        "{} in {mode}: the session is what was lived",
        row.name
    );
    assert!(
        !std::fs::read_to_string(path).unwrap().contains(KEY),
        "{}: the key",
        row.name
    );
    Expected {
        exit: None,
        requests: elsewhere.map_or_else(|| server.chats().len(), |elsewhere| elsewhere.asked()),
        events,
    }
}

fn task(mode: &str) -> Task {
    Task {
        schema: SCHEMA.into(),
        input: INPUT.into(),
        model: "acme/quick".into(),
        mode: mode.parse().unwrap(),
        limits: Limits {
            retries: 1,
            reasks: 1,
            ..Limits::default()
        },
        ..Task::default()
    }
}

/// Cancelled while it streams and while it waits: the run ends as cancelled, at once, and the next one is as good as ever.
#[tokio::test]
async fn a_cancelled_run_leaves_nothing_behind() {
    let begun = [Piece::from(
        "data: {\"choices\":[{\"delta\":{\"content\":\"{\\\"name\\\": \\\"Iv\"}}]}\n\n",
    )];
    let busy =
        Reply::error(429, &serde_json::json!({"error": {"message": "Rate limited"}})).header("retry-after", "30");
    let script = Script::new([Reply::hang(begun), busy]).then_auto(Auto::new(table::ivan()));
    let server = Server::start(script);
    let provider = OpenRouter::new(Settings::new("openrouter", Dialect::OpenRouter, server.base_url()));
    let folder = tempfile::tempdir().unwrap();
    let mut worker: Worker = worker::spawn();
    let mut inside = Inside::new(&task("json"), Arc::new(provider.unwrap()), &mut worker, folder.path()).await;
    for (until, expected) in [
        ("pieces", "first opened pieces cancelled"),
        ("waiting", "first opened broken waiting cancelled"),
    ] {
        inside.keys("r").await;
        while !words(&inside.lived).ends_with(until) {
            inside.next().await;
        }
        inside.interrupt().await;
        while inside.model.running.is_some() {
            inside.next().await;
            inside.draw();
        }
        assert_eq!(words(&inside.lived), expected);
    }
    server.dropped(1).await;
    inside.run().await;
    assert_eq!(words(&inside.lived), "first good");
    let (model, path) = inside.leave().await;
    assert_eq!(kept(&path), model.record);
    assert_eq!(model.record.runs.len(), 3);
}
