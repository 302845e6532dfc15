//! What is private stays so: files, and the key.

use crate::binary::{Bench, KEY, TASK, read_session};
use crate::support::{Auto, Reply, Script, model_entry};
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tokio::process::Command;

fn ivan() -> serde_json::Value {
    json!({"name": "Ivan", "age": 28})
}

/// Everything below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            let inner = if path.is_dir() { below(&path) } else { Vec::new() };
            [vec![path], inner].concat()
        })
        .collect()
}

/// Whatever the umask: sessions, catalogue, memory of fallbacks and index are their owner's alone.
#[tokio::test]
async fn files_are_private_under_any_umask() {
    for umask in ["000", "022", "077"] {
        let no_tools = Reply::error(
            404,
            &json!({"error": {"code": 404, "message": "No endpoints found that support tool use."}}),
        );
        let script = Script::new([no_tools]).then_auto(Auto::new(ivan()));
        let bench = Bench::new(script.models([model_entry("acme/quick", &["tools", "response_format"])]));
        let url = bench.server.base_url();
        let home = bench.home().join("new/home");
        let own = bench.work().join("mine.jsonl").display().to_string();
        let named = ["run", "--base-url", &url, "--session", &own];
        for args in [
            [&["run", "--base-url", &url, "--mode", "tools"], &TASK[..]].concat(),
            [&named, &TASK[..]].concat(),
            vec!["sessions"],
            vec!["doctor"],
        ] {
            let mut shell = Command::new("/bin/sh");
            shell.args([
                "-c",
                &format!("umask {umask}; exec \"$0\" \"$@\""),
                env!("CARGO_BIN_EXE_formwork"),
            ]);
            let bare = bench.bare(&args);
            shell
                .args(bare.as_std().get_args())
                .env_clear()
                .current_dir(bench.work());
            shell.env("FORMWORK_HOME", &home).env("OPENROUTER_API_KEY", KEY);
            let output = shell.output().await.unwrap();
            assert!(output.status.success(), "{output:?}");
        }
        let made = below(&bench.home());
        assert!(made.iter().filter(|path| path.is_file()).count() >= 3, "{made:?}");
        for path in made.iter().chain([&PathBuf::from(own.clone())]) {
            let rights = path.metadata().unwrap().permissions().mode() & 0o777;
            let expected = if path.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(rights, expected, "umask {umask}: {} is {rights:o}", path.display());
        }
    }
}

/// No redirect is followed, for the answer or for the catalogue: nothing arrives elsewhere, least of all the key.
#[tokio::test]
async fn no_redirect_carries_the_key() {
    let other = Bench::new(Script::auto(Auto::new(ivan())));
    let to = format!("{}/chat/completions", other.server.base_url());
    for status in [301, 302, 303, 307, 308] {
        let moved = Reply::html(status, "Moved").header("location", &to);
        let bench = Bench::new(Script::new([moved.clone()]).models_reply(moved));
        let ran = bench.task(&[]).await;
        ran.ended(3, "redirects are not followed");
        let models = bench.bare(&["models", "--base-url", &bench.server.base_url()]);
        let ran = bench.wait({ models }.spawn().unwrap()).await;
        assert_ne!(ran.code, Some(0), "{ran:?}");
    }
    assert_eq!(other.server.requests().len(), 0);
}

/// A server that repeats the key in answers, names and lists: none of it is shown, recorded or kept.
#[tokio::test]
async fn a_server_that_repeats_the_key_in_an_answer() {
    let chunk = |delta: serde_json::Value, finish: Option<&str>| json!({"id": KEY, "model": KEY, "provider": KEY, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]});
    let (first, second) = KEY.split_at(7);
    let stream = Reply::sse([
        chunk(json!({"reasoning": KEY}), None),
        chunk(json!({"content": format!("{{\"name\": \"{first}")}), None),
        chunk(json!({"content": format!("{second}\", \"age\": 28}}")}), None),
        chunk(json!({}), Some(KEY)),
    ]);
    let entry = model_entry(KEY, &["response_format"]);
    let bench = Bench::new(Script::new([stream]).models([model_entry("acme/quick", &["response_format"]), entry]));
    let ran = bench.task(&["--mode", "json", "--events"]).await;
    ran.ended(0, "valid");
    let session = read_session(&bench.sessions()[0]);
    let judged = session.iter().find(|line| line["event"] == "judged").unwrap();
    assert_eq!(judged["value"], json!({"name": "[secret]", "age": 28}));
    let url = bench.server.base_url();
    for args in [
        vec!["models", "--base-url", &url, "--refresh"],
        vec!["sessions"],
        vec!["doctor"],
    ] {
        bench.wait(bench.bare(&args).spawn().unwrap()).await;
    }
}

/// Settings in which a secret stands at the wrong place: the error names the place and not the secret.
#[tokio::test]
async fn no_error_in_the_settings_repeats_a_secret() {
    let bench = Bench::new(Script::new([]));
    let texts = [
        format!("[providers.x]\nkind = \"openai\"\nheaders = \"Authorization: {KEY}\"\n"),
        format!("[providers.x]\nkind = \"openai\"\napi_key = \"{KEY}\"\n"),
        format!("[providers.x]\nkind = \"openai\"\nheaders = [\"{KEY}\"]\n"),
        format!("[providers.x]\nkind = \"openai\"\napi_key_cmd = \"{KEY}\"\n"),
        format!("[providers.x]\nheaders = {{ Authorization = \"{KEY}\" \n"),
        format!("[providers]\nx = \"{KEY}\"\n"),
        format!("providers = \"{KEY}\"\n"),
        format!("[providers.x]\nkind = \"openai\"\nbase_url = \"{KEY}\"\n"),
    ];
    for text in &texts {
        // Put away before the wait, which looks for the key in every file.
        let config = bench.home().join("config.toml");
        fs::write(&config, text).unwrap();
        for args in [&["doctor"][..], &["run", "-s", "name", "-t", "x", "-m", "m"]] {
            let child = bench.bare(args).spawn().unwrap();
            let output = child.wait_with_output().await.unwrap();
            let said = format!(
                "{}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
            assert!(!said.contains(KEY), "{text}: {said}");
        }
        fs::remove_file(config).unwrap();
    }
}
