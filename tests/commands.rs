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
        (&["doctor"], "local: there is no key"),
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

#[test]
fn mistakes_go_to_stderr() {
    let table: [(&[&str], &str); 3] = [
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
