//! `formwork models` from outside, against a scripted server.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod support;

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};
use support::{Reply, Script, Server, model_entry};
use tempfile::TempDir;

/// A home whose settings put OpenRouter at the server.
fn home(server: &Server) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let settings = format!("[providers.openrouter]\nbase_url = '{}'\n", server.base_url());
    fs::write(home.path().join("config.toml"), settings).unwrap();
    home
}

/// Runs `models`. Gives exit code, stdout and stderr.
fn models(home: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_formwork"));
    let command = command.arg("models").args(args).env_clear();
    let output = command.env("FORMWORK_HOME", home).current_dir(home).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn listing() -> Script {
    let hostile =
        json!({"id": "zeta/\u{1b}[2J\u{202e}", "name": "Evil", "pricing": {"prompt": "-1", "completion": "0"}});
    Script::new([]).models([
        model_entry("acme/thorough-1", &["tools", "response_format"]),
        model_entry("acme/quick-2", &["structured_outputs", "tools", "response_format"]),
        hostile,
    ])
}

#[test]
fn a_table_without_a_key_and_later_without_a_server() {
    let server = Server::start(listing());
    let home = home(&server);
    let expected = "\
model              STJ  $/M in  $/M out  context  max out
acme/quick-2       STJ    1.00     2.00     128k      16k
acme/thorough-1    -TJ    1.00     2.00     128k      16k
zeta/␛[2J<U+202E>  ?         ?     free        ?        ?
";
    let (code, out, err) = models(home.path(), &[]);
    assert_eq!((code, out.as_str()), (Some(0), expected));
    assert_eq!(err, "3 of 3 models of openrouter; the list is less than a minute old\n");
    assert_eq!(server.requests()[0].header("authorization"), None);
    assert_eq!(models(home.path(), &[]).1, out);
    assert_eq!(server.requests().len(), 1, "the list is kept");
    models(home.path(), &["--refresh"]);
    assert_eq!(server.requests().len(), 2);
    drop(server);
    assert_eq!(models(home.path(), &[]).1, out);
    let (code, out, err) = models(home.path(), &["--refresh"]);
    assert_eq!((code, out.as_str()), (Some(3), ""), "a new list was asked for: {err}");
}

#[test]
fn an_old_list_is_said_to_be_old() {
    let server = Server::start(listing());
    let home = home(&server);
    models(home.path(), &[]);
    drop(server);
    let cache = fs::read_dir(home.path().join("cache")).unwrap();
    for file in cache.map(|file| file.unwrap().path()) {
        let mut listing: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        listing["fetched"] = json!(now - 10 * 24 * 60 * 60);
        fs::write(&file, listing.to_string()).unwrap();
    }
    let (code, out, err) = models(home.path(), &["quick"]);
    assert_eq!((code, out.lines().count()), (Some(0), 2));
    assert_eq!(
        err,
        "1 of 3 models of openrouter; the list is 10 days old, and no newer one could be had: check the network\n"
    );
}

#[test]
fn filters() {
    let server = Server::start(listing());
    let home = home(&server);
    let table: [(&[&str], &[&str]); 6] = [
        (&["ACME", "quick"], &["acme/quick-2"]),
        (&["evil"], &["zeta/\u{1b}[2J\u{202e}"]),
        (&["--supports", "structured"], &["acme/quick-2"]),
        (
            &["--supports", "json", "--supports", "tools"],
            &["acme/quick-2", "acme/thorough-1"],
        ),
        (&["thorough", "--supports", "structured_outputs"], &[]),
        (&["nothing"], &[]),
    ];
    for (args, expected) in table {
        let (code, out, err) = models(home.path(), &[args, &["--json"]].concat());
        let found: Value = serde_json::from_str(&out).unwrap();
        let ids: Vec<&str> = found
            .as_array()
            .unwrap()
            .iter()
            .map(|model| model["id"].as_str().unwrap())
            .collect();
        assert_eq!((code, ids.as_slice()), (Some(0), expected), "{args:?}");
        assert!(
            err.contains(&format!("{} of 3 models", expected.len())),
            "{args:?}: {err}"
        );
    }
    let (_, out, err) = models(home.path(), &["quikc"]);
    assert_eq!(
        (out.as_str(), err.lines().next()),
        ("", Some("no model fits: near are acme/quick-2"))
    );
    let (code, out, err) = models(home.path(), &["--supports", "tool"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert_eq!(err, "formwork: no model lists `tool`: did you mean `tools`?\n");
}

#[test]
fn another_server_lists_ids() {
    let server =
        Server::start(Script::new([]).models([json!({"id": "qwen3", "object": "model"}), json!({"id": "llama"})]));
    let home = tempfile::tempdir().unwrap();
    let (code, out, err) = models(home.path(), &["--base-url", &server.base_url()]);
    assert_eq!((code, out.as_str()), (Some(0), "llama\nqwen3\n"));
    assert!(err.starts_with("2 of 2 models of openai;"), "{err}");
    let (code, _, err) = models(home.path(), &["--base-url", &server.base_url(), "--supports", "tools"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("leave out --supports"), "{err}");
}

#[test]
fn no_list_to_be_had() {
    let home = tempfile::tempdir().unwrap();
    let page = Server::start(Script::new([]).models_reply(Reply::html(200, "Welcome")));
    let gone = Server::start(Script::new([]));
    let dead = gone.base_url();
    drop(gone);
    let table = [(page.base_url(), "lists no models"), (dead, "is the server running at")];
    for (url, expected) in table {
        let (code, out, err) = models(home.path(), &["--base-url", &url]);
        assert_eq!((code, out.as_str()), (Some(3), ""), "{url}");
        assert!(err.contains(expected), "{err}");
    }
}
