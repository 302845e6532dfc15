//! Connections: none, too slow, too much, elsewhere.

use super::ivan;
use crate::binary::{Bench, TASK};
use crate::support::{Auto, Piece, Reply, Script};
use serde_json::json;
use std::net::TcpListener;

fn half() -> String {
    let chunk = json!({"choices": [{"index": 0, "delta": {"content": "{\"name\": \"Iv"}}]});
    format!("data: {chunk}\n\n")
}

#[tokio::test]
async fn nobody_listens() {
    let bench = Bench::new(Script::new([]));
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/v1");
    let args = [&["run", "--base-url", &url, "--retries", "0"], &TASK[..]].concat();
    let ran = bench.wait(bench.bare(&args).spawn().unwrap()).await;
    ran.ended(3, "is the server running");
    assert_eq!(
        ran.stderr.matches("server running").count(),
        1,
        "said once: {}",
        ran.stderr
    );
    ran.ended(3, &url);
}

#[tokio::test]
async fn a_stream_that_never_ends_is_ended_by_the_clock() {
    let bench = Bench::new(Script::new([Reply::hang([half()]), Reply::silent()]));
    for _ in 0..2 {
        let ran = bench.task(&["--mode", "json", "--timeout", "1s"]).await;
        ran.ended(4, "stopped after 1.0 s");
        assert_eq!(ran.stdout, "");
    }
    bench.server.dropped(2).await;
}

#[tokio::test]
async fn silence_is_ended_by_the_idle_timeout() {
    let bench = Bench::new(Script::new([Reply::hang([half()]), Reply::silent()]));
    let settings = "[providers.openrouter]\nidle_timeout = 0.2\n";
    std::fs::write(bench.home().join("config.toml"), settings).unwrap();
    for _ in 0..2 {
        bench
            .task(&["--mode", "json", "--retries", "0"])
            .await
            .ended(3, "nothing came from");
    }
    bench.server.dropped(2).await;
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let other = Bench::new(Script::auto(Auto::new(ivan())));
    let to = format!("{}/chat/completions", other.server.base_url());
    let bench = Bench::new(Script::new([Reply::html(307, "Moved").header("location", &to)]));
    bench
        .task(&["--mode", "json"])
        .await
        .ended(3, "redirects are not followed");
    assert_eq!(other.server.requests().len(), 0);
}

/// 0.0.0.0 reaches this machine where that is possible at all, but it is no loopback address.
#[tokio::test]
async fn a_key_does_not_travel_in_the_clear() {
    let bench = Bench::new(Script::auto(Auto::new(ivan())));
    let url = bench.server.base_url().replace("127.0.0.1", "0.0.0.0");
    let args = [&["run", "--base-url", &url], &TASK[..]].concat();
    bench
        .wait(bench.bare(&args).spawn().unwrap())
        .await
        .ended(3, "the key was not sent");
    assert_eq!(bench.server.requests().len(), 0);
    assert_eq!(bench.sessions(), Vec::<std::path::PathBuf>::new());
}

#[tokio::test]
async fn loopback_needs_no_proxy() {
    let bench = Bench::new(Script::auto(Auto::new(ivan())));
    let mut command = bench.command(&[&TASK[..], &["--mode", "json"]].concat());
    command
        .env("http_proxy", "http://127.0.0.1:9")
        .env("ALL_PROXY", "http://127.0.0.1:9");
    bench.wait(command.spawn().unwrap()).await.ended(0, "valid");
}

/// 100 MB, made as they are sent. Linux holds the process to a gigabyte of addresses.
#[tokio::test]
async fn an_endless_answer_is_bounded() {
    let letters = "a".repeat(64 * 1024);
    let event = format!(
        "data: {}\n\n",
        json!({"choices": [{"index": 0, "delta": {"content": letters}}]})
    );
    let times = 100 * 1024 * 1024 / event.len();
    let bodies = [
        ("text/event-stream", half(), event.into_bytes()),
        (
            "application/json",
            "{\"choices\": [{\"message\": {\"content\": \"".to_owned(),
            letters.into_bytes(),
        ),
    ];
    for (kind, opening, bytes) in bodies {
        let body = [Piece::from(opening), Piece::Repeat(bytes, times)];
        let bench = Bench::new(Script::new([Reply::raw(200, kind, body)]));
        let url = bench.server.base_url();
        let args = [&["run", "--base-url", &url, "--mode", "json"], &TASK[..]].concat();
        let bare = bench.bare(&args);
        let child = if cfg!(target_os = "linux") {
            let mut shell = tokio::process::Command::new("/bin/sh");
            shell
                .args(["-c", "ulimit -v 1048576; exec \"$0\" \"$@\""])
                .arg(bare.as_std().get_program());
            shell
                .args(bare.as_std().get_args())
                .env_clear()
                .current_dir(bench.work())
                .kill_on_drop(true);
            for (name, value) in bare.as_std().get_envs() {
                shell.env(name, value.unwrap());
            }
            shell
                .stdin(std::process::Stdio::null())
                .stdout(std::process::Stdio::piped());
            shell.stderr(std::process::Stdio::piped()).spawn().unwrap()
        } else {
            { bare }.spawn().unwrap()
        };
        let ran = bench.wait(child).await;
        ran.ended(3, "the answer is larger than 64 MiB");
        assert_eq!(bench.server.chats().len(), 1, "{kind}");
    }
}
