//! Lines of arguments and what they mean.

use super::{Cli, Command, RunArgs};
use clap::{CommandFactory, Parser};
use serde_json::json;
use std::path::PathBuf;

fn run(line: &[&str]) -> Result<RunArgs, String> {
    let line = ["formwork", "run"].into_iter().chain(line.iter().copied());
    match Cli::try_parse_from(line).map_err(|error| error.to_string())?.command {
        Some(Command::Run(run)) => Ok(*run),
        other => Err(format!("{other:?}")),
    }
}

#[test]
fn the_definition_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn a_full_line() {
    let line = "in.txt -s s.json -m m --mode tools --reasks 0 --param seed=7 --param stop=[\"a\"] --timeout 90s -q";
    let found = run(&line.split(' ').collect::<Vec<_>>()).unwrap();
    assert_eq!(found.task.file, Some(PathBuf::from("in.txt")));
    assert_eq!(found.task.mode.unwrap().to_string(), "tools");
    assert_eq!(
        found.task.params,
        [("seed".to_owned(), json!(7)), ("stop".to_owned(), json!(["a"]))]
    );
    assert_eq!(found.task.timeout.unwrap().as_secs(), 90);
    assert_eq!((found.task.reasks, found.quiet, found.stream), (Some(0), true, false));
}

#[test]
fn texts_may_begin_with_a_hyphen() {
    let found = run(&["-t", "- one\n- two", "--instructions", "-x"]).unwrap();
    assert_eq!(found.task.text.as_deref(), Some("- one\n- two"));
    assert_eq!(run(&["-"]).unwrap().task.file, Some(PathBuf::from("-")));
}

#[test]
fn usage_errors() {
    let table: [(&[&str], &str); 9] = [
        (
            &["--mode", "tool"],
            "possible values: auto, structured, tools, json, prompt",
        ),
        (&["--param", "seed"], "an equals sign"),
        (&["--param", "user=me"], "text needs quotes"),
        (&["--timeout", "0"], "no span of time"),
        (&["--max-cost", "-1"], "0 or more"),
        (&["--max-tokens", "0"], "not in 1.."),
        (&["--stream", "--events"], "cannot be used with"),
        (&["in.txt", "-t", "x"], "cannot be used with"),
        (&["--session", "f", "--no-session"], "cannot be used with"),
    ];
    for (line, expected) in table {
        let error = run(line).unwrap_err();
        assert!(error.contains(expected), "{line:?}: {error}");
    }
}

#[test]
fn the_workbench_takes_the_same_task() {
    let cli = Cli::try_parse_from(["formwork", "-s", "name", "in.txt"]).unwrap();
    assert!(cli.command.is_none());
    assert_eq!(cli.task, run(&["-s", "name", "in.txt"]).unwrap().task);
    // After an option a command's name is a file's.
    let cli = Cli::try_parse_from(["formwork", "-s", "name", "run"]).unwrap();
    assert_eq!(cli.task.file, Some(PathBuf::from("run")));
}

#[test]
fn help_names_every_exit_code() {
    let error = run(&["--help"]).unwrap_err();
    for code in ["0 ", "1 ", "2 ", "3 ", "4 ", "130 "] {
        assert!(error.contains(&format!("\n  {code}")), "{error}");
    }
    for heading in ["Task:", "Model:", "Limits:", "Session:", "Output:"] {
        assert!(error.contains(&format!("\n{heading}\n")), "{heading}");
    }
}
