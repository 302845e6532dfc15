//! The key, or the value of a secret header, is nowhere: each run of the bench looks for it, here in the places it could come from.

use super::ivan;
use crate::binary::{Bench, KEY, TASK, holding};
use crate::support::{Auto, Piece, Reply, Script, model_entry};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

/// Every shape in which a server could hand the key back.
fn echoes() -> Vec<Reply> {
    let words = format!("you sent Authorization: Bearer {KEY}");
    let error = |code: u16| json!({"error": {"code": code, "message": words, "metadata": {"raw": words, "provider_name": KEY, "flagged_input": KEY}}});
    let chunk = |value: &Value| Piece::from(format!("data: {value}\n\n"));
    vec![
        Reply::error(401, &error(401)),
        Reply::error(403, &error(403)),
        Reply::error(418, &json!({"detail": words, KEY: KEY})),
        Reply::raw(500, "text/plain", [Piece::from(words.as_str())]),
        Reply::html(502, &words),
        Reply::json(200, &error(429)),
        Reply::raw(200, "text/plain", [Piece::from(words.as_str())]),
        Reply::raw(200, "text/event-stream", [chunk(&error(502))]),
        Reply::html(307, "Moved").header("location", &format!("/elsewhere?key={KEY}")),
        Reply::html(307, "Moved").header("location", &format!("/{KEY}/elsewhere")),
        Reply::error(429, &error(429)).header("retry-after-ms", KEY),
    ]
}

#[tokio::test]
async fn errors_that_quote_the_key() {
    for reply in echoes() {
        let bench = Bench::new(Script::new([]).otherwise(reply));
        for output in ["--events", "--stream"] {
            bench
                .task(&["--mode", "json", "--retries", "0", output])
                .await
                .ended(3, "");
        }
    }
}

/// Retries, fallbacks, catalogues, the memory of fallbacks and a session that is continued, all in one home.
#[tokio::test]
async fn a_home_that_has_seen_much() {
    let script = Script::new([
        Reply::error(
            404,
            &json!({"error": {"code": 404, "message": "No endpoints found that support tool use."}}),
        ),
        Reply::sse_content("```json\n{\"name\": \"Ivan\", \"age\": \"old\"}\n```", 3),
        Reply::error(429, &json!({"error": {"code": 429, "message": "Busy"}})).header("retry-after-ms", "1"),
        Reply::sse_tool_call("answer", "{\"name\": 1}", 3),
    ])
    .then_auto(Auto::new(ivan()))
    .models([model_entry(
        "acme/quick",
        &["tools", "structured_outputs", "response_format"],
    )]);
    let bench = Bench::new(script);
    let settings = "[providers.openrouter.headers]\nx-api-key = 'header-secret-7d1f'\n";
    fs::write(bench.home().join("config.toml"), settings).unwrap();
    for mode in ["tools", "auto", "structured", "json", "prompt", "tools"] {
        bench
            .task(&["--mode", mode, "--session", "all.jsonl"])
            .await
            .ended(0, "");
        bench.task(&["--mode", mode, "--events"]).await.ended(0, "");
    }
    let ran = bench.wait(bench.bare(&["doctor"]).spawn().unwrap()).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(holding(&bench.work(), "header-secret"), Vec::<PathBuf>::new());
    assert_eq!(
        holding(&bench.home(), "header-secret"),
        [bench.home().join("config.toml")]
    );
    assert!(
        bench
            .server
            .requests()
            .iter()
            .all(|request| request.header("x-api-key") == Some("header-secret-7d1f"))
    );
}

/// The variable may hold a line's end, and a command may give the key: it is cut, used and shown nowhere.
#[tokio::test]
async fn keys_from_elsewhere() {
    let bench = Bench::new(Script::auto(Auto::new(ivan())));
    let mut command = bench.command(&[&TASK[..], &["--mode", "json"]].concat());
    command.env("OPENROUTER_API_KEY", format!("{KEY}\n"));
    bench.wait(command.spawn().unwrap()).await.ended(0, "valid");
    let secret = bench
        .server
        .requests()
        .last()
        .unwrap()
        .header("authorization")
        .map(str::to_owned);
    assert_eq!(secret, Some(format!("Bearer {KEY}")));
}
