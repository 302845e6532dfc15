//! Bad input: told before anything is sent, with exit 2, or 3 where the key is missing.

use super::ivan;
use crate::binary::{Bench, KEY, TASK};
use crate::support::{Auto, Script};
use std::fs;

fn bench() -> Bench {
    Bench::new(Script::auto(Auto::new(ivan())))
}

fn assert_nothing_happened(bench: &Bench) {
    assert_eq!(bench.server.requests().len(), 0);
    assert!(bench.sessions().is_empty());
}

#[tokio::test]
async fn bad_schemas() {
    let bench = bench();
    fs::write(
        bench.work().join("broken.json"),
        "{\"type\": \"object\",\n \"properties\": }",
    )
    .unwrap();
    fs::write(bench.work().join("bytes.json"), b"{\"title\": \"\xff\"}").unwrap();
    fs::write(bench.work().join("empty.json"), "  \n").unwrap();
    let remote = r#"{"type": "object", "properties": {"a": {"$ref": "https://example.com/a.json"}}}"#;
    let file = r#"{"type": "object", "properties": {"a": {"$ref": "file:///etc/passwd"}}}"#;
    let deep = format!("{}true{}", "{\"not\":".repeat(9_000), "}".repeat(9_000));
    let table = [
        ("broken.json", "broken"),
        ("bytes.json", "is not UTF-8: byte 11"),
        ("empty.json", "empty"),
        ("missing.json", "no such file: missing.json"),
        ("{\"type\": ", "the schema"),
        ("{\"type\": 5}", "line 1, column 10: `type` must be"),
        ("{\"type\": \"objekt\"}", "objekt"),
        ("{\"pattern\": \"(\"}", "`(` is not a regular expression"),
        ("{\"$ref\": \"#/$defs/Nowhere\"}", "#/$defs/Nowhere"),
        (remote, "https://example.com/a.json"),
        (file, "file:///etc/passwd"),
        (" ", "the schema is empty"),
        (&deep, "formwork: "),
    ];
    for (schema, said) in table {
        let ran = bench.run(&["-s", schema, "-t", "Ivan", "-m", "acme/quick"]).await;
        ran.ended(2, said);
        assert!(ran.stderr.starts_with("formwork: ") && ran.stdout.is_empty(), "{ran:?}");
    }
    bench
        .run(&["-t", "Ivan", "-m", "acme/quick"])
        .await
        .ended(2, "no schema: give one with -s");
    assert_nothing_happened(&bench);
}

#[tokio::test]
async fn bad_inputs() {
    let bench = bench();
    fs::write(bench.work().join("bytes.txt"), b"Iv\xe9n").unwrap();
    fs::write(bench.work().join("empty.txt"), " \n\t").unwrap();
    fs::File::create(bench.work().join("large.txt"))
        .unwrap()
        .set_len(17 << 20)
        .unwrap();
    let table: [(&[&str], &str); 8] = [
        (&["bytes.txt"], "bytes.txt is not UTF-8: byte 2"),
        (&["empty.txt"], "empty.txt is empty"),
        (&["missing.txt"], "cannot read the input missing.txt"),
        (&["large.txt"], "large.txt is larger than 16 MiB"),
        (&["."], "is a folder"),
        (&["-t", ""], "--text is empty"),
        (&["-"], "stdin is empty"),
        (&[], "stdin is empty"),
    ];
    for (args, said) in table {
        let ran = bench.run(&[&["-s", "name", "-m", "acme/quick"], args].concat()).await;
        ran.ended(2, said);
        assert!(ran.stderr.starts_with("formwork: ") && ran.stdout.is_empty(), "{ran:?}");
    }
    assert_nothing_happened(&bench);
}

#[tokio::test]
async fn bad_flags_and_settings() {
    let bench = bench();
    bench
        .task(&["--mode", "tool"])
        .await
        .ended(2, "possible values: auto, structured, tools, json, prompt");
    bench
        .task(&["--provider", "nobody"])
        .await
        .ended(2, "unknown provider `nobody`");
    bench.run(&["-s", "name", "-t", "Ivan"]).await.ended(2, "no model");
    let secret = bench.server.base_url().replace("127.0.0.1", "me:sekret@127.0.0.1");
    let ran = bench
        .wait(
            bench
                .bare(&[&["run", "--base-url", &secret], &TASK[..]].concat())
                .spawn()
                .unwrap(),
        )
        .await;
    ran.ended(2, "holds a user name or password");
    assert!(!ran.stderr.contains("sekret"), "{ran:?}");
    let table = [
        (
            "config.toml",
            "[task]\nreasks = 1\nmodle = 'x'\n",
            ["config.toml:3: ", "`modle`", "did you mean `model`?"],
        ),
        (
            "config.toml",
            "[task]\nmode = 'tool'\n",
            ["config.toml:2: ", "tool", "auto, structured"],
        ),
        ("config.toml", "[task\n", ["config.toml:1: ", "", ""]),
    ];
    for (name, text, said) in table {
        fs::write(bench.home().join(name), text).unwrap();
        let ran = bench.task(&[]).await;
        for part in said {
            ran.ended(2, part);
        }
    }
    fs::remove_file(bench.home().join("config.toml")).unwrap();
    fs::write(
        bench.work().join("formwork.toml"),
        "[providers.openrouter]\nbase_url = 'https://evil.example'\n",
    )
    .unwrap();
    bench
        .task(&[])
        .await
        .ended(2, "a project's file may set [task] and [ui] only");
    assert_nothing_happened(&bench);
}

#[tokio::test]
async fn a_missing_key_is_named() {
    let bench = bench();
    for value in [None, Some("")] {
        let mut command = bench.bare(&[&["run"], &TASK[..]].concat());
        match value {
            None => command.env_remove("OPENROUTER_API_KEY"),
            Some(value) => command.env("OPENROUTER_API_KEY", value),
        };
        bench
            .wait(command.spawn().unwrap())
            .await
            .ended(3, "OPENROUTER_API_KEY is not set");
    }
    // A key that no header can carry is not shown either.
    let mut command = bench.command(&TASK);
    command.env("OPENROUTER_API_KEY", format!("{KEY}\nx"));
    bench
        .wait(command.spawn().unwrap())
        .await
        .ended(3, "OPENROUTER_API_KEY");
    assert_nothing_happened(&bench);
}
