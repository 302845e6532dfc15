//! Schemas, inputs and options as people give them.

use super::{MAX_TEXT, SchemaText, Sources, input, options, schema, task};
use crate::cli::args::TaskArgs;
use crate::cli::exit::{CliError, Exit};
use crate::config::settings::TaskSettings;
use crate::task::{Limits, Mode, ModeChoice, Task};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn folder() -> tempfile::TempDir {
    let temp = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        ("person.schema.json", b"{}".as_slice()),
        ("name", b"title"),
        ("in.txt", b"Ada is 36"),
        ("blank.txt", b" \n"),
        ("latin.txt", b"caf\xe9!"),
    ] {
        fs::write(temp.path().join(name), bytes).unwrap();
    }
    fs::create_dir(temp.path().join("folder")).unwrap();
    temp
}

fn read(args: &TaskArgs, cwd: &Path, mut stdin: &[u8], terminal: bool) -> Result<String, CliError> {
    input(
        args,
        &mut Sources {
            cwd,
            stdin: &mut stdin,
            stdin_is_terminal: terminal,
        },
    )
}

fn file(path: &str) -> TaskArgs {
    TaskArgs {
        file: Some(PathBuf::from(path)),
        ..TaskArgs::default()
    }
}

fn text(text: &str) -> TaskArgs {
    TaskArgs {
        text: Some(text.to_owned()),
        ..TaskArgs::default()
    }
}

#[test]
fn schemas() {
    let temp = folder();
    let table = [
        ("person.schema.json", Ok(("{}", Some("person")))),
        ("name", Ok(("title", Some("name")))),
        ("name, age int", Ok(("name, age int", None))),
        ("phone str /[0-9]+/", Ok(("phone str /[0-9]+/", None))),
        (" {\"type\":\"object\"}", Ok((" {\"type\":\"object\"}", None))),
        ("title", Ok(("title", None))),
        ("missing.json", Err("no such file: missing.json")),
        ("my schemas/missing.YAML", Err("no such file: my schemas/missing.YAML")),
        ("a/b", Err("no such file: a/b")),
        ("-", Err("no such file: -")),
        ("folder", Err("is a folder")),
        ("latin.txt", Err("the schema latin.txt is not UTF-8: byte 3")),
        ("  ", Err("the schema is empty")),
    ];
    for (given, expected) in table {
        match (schema(given, temp.path()), expected) {
            (Ok(found), Ok((text, name))) => {
                assert_eq!(
                    found,
                    SchemaText {
                        text: text.into(),
                        name: name.map(str::to_owned)
                    }
                );
            }
            (Err(error), Err(words)) => {
                assert_eq!(error.code, Exit::Usage);
                assert!(error.message.contains(words), "{given}: {}", error.message);
            }
            (found, expected) => panic!("{given}: {found:?} is not {expected:?}"),
        }
    }
}

/// Flags, stdin, whether that is a terminal, and the text or words of the error.
type Case<'a> = (&'a TaskArgs, &'a [u8], bool, Result<&'a str, &'a str>);

#[test]
fn inputs() {
    let temp = folder();
    let none = TaskArgs::default();
    let table: [Case<'_>; 11] = [
        (&file("in.txt"), b"", true, Ok("Ada is 36")),
        (&text("hello"), b"unread", false, Ok("hello")),
        (&none, b"piped", false, Ok("piped")),
        (&file("-"), b"piped", true, Ok("piped")),
        (&none, b"", true, Err("no input: give a file")),
        (&none, b"\n", false, Err("stdin is empty")),
        (&text(""), b"", true, Err("--text is empty")),
        (&file("blank.txt"), b"", true, Err("the input blank.txt is empty")),
        (&file("latin.txt"), b"", true, Err("byte 3 is no part")),
        (&file("missing"), b"", true, Err("cannot read the input missing")),
        (&file("folder"), b"", true, Err("is a folder")),
    ];
    for (args, stdin, terminal, expected) in table {
        match (read(args, temp.path(), stdin, terminal), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err(error), Err(words)) => assert!(error.message.contains(words), "{}", error.message),
            (found, expected) => panic!("{found:?} is not {expected:?}"),
        }
    }
}

#[test]
fn an_input_has_a_limit() {
    let none = TaskArgs::default();
    let most = vec![b'a'; MAX_TEXT];
    assert_eq!(read(&none, Path::new("."), &most, false).unwrap().len(), MAX_TEXT);
    let more = vec![b'a'; MAX_TEXT + 1];
    assert!(
        read(&none, Path::new("."), &more, false)
            .unwrap_err()
            .message
            .contains("larger than 16 MiB")
    );
}

#[test]
fn flags_win_over_settings() {
    let settings = TaskSettings {
        model: Some("settings".into()),
        mode: Some(ModeChoice::Only(Mode::Json)),
        reasks: Some(5),
        fallback: Some(false),
        max_cost: Some(1.0),
        timeout: Some(Duration::from_secs(60)),
        strict_json: Some(true),
        params: serde_json::from_value(json!({"seed": 1, "top_p": 0.5})).unwrap(),
        ..TaskSettings::default()
    };
    let args = TaskArgs {
        model: Some("flag".into()),
        reasks: Some(0),
        timeout: Some(Duration::from_millis(1500)),
        max_total_tokens: Some(9),
        params: vec![("seed".into(), json!(2))],
        ..TaskArgs::default()
    };
    let expected = Task {
        model: "flag".into(),
        mode: ModeChoice::Only(Mode::Json),
        limits: Limits {
            reasks: 0,
            fallback: false,
            tokens: Some(9),
            max_cost: Some(1.0),
            timeout_ms: Some(1500),
            ..Limits::default()
        },
        params: serde_json::from_value(json!({"seed": 2, "top_p": 0.5})).unwrap(),
        strict_json: true,
        ..Task::default()
    };
    assert_eq!(options(&args, &settings), expected);
    assert_eq!(options(&TaskArgs::default(), &TaskSettings::default()), Task::default());
}

#[test]
fn a_whole_task() {
    let temp = folder();
    let mut sources = Sources {
        cwd: temp.path(),
        stdin: &mut b"".as_slice(),
        stdin_is_terminal: true,
    };
    let settings = TaskSettings {
        schema: Some("person.schema.json".into()),
        ..TaskSettings::default()
    };
    let found = task(&file("in.txt"), &settings, &mut sources).unwrap();
    assert_eq!(
        (found.schema.as_str(), found.schema_name.as_deref()),
        ("{}", Some("person"))
    );
    assert_eq!(found.input, "Ada is 36");
    let error = task(&file("in.txt"), &TaskSettings::default(), &mut sources).unwrap_err();
    assert!(error.message.contains("no schema: give one with -s"));
}
