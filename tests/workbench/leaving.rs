//! Ways out and back: signals, a lost line, the shell, an editor of the user's own.

use crate::binary::TASK;
use crate::desk::{Desk, Seat, gated, script};
use crate::pty::{command, find};
use crate::support::Script;
use portable_pty::CommandBuilder;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::ffi::OsString;

/// What leaving the screen begins with: back to the shell's.
const LEFT: &str = "\x1b[?1049l";

fn signal(seat: &Seat, signal: Signal) {
    kill_process(Pid::from_raw(seat.pid().try_into().unwrap()).unwrap(), signal).unwrap();
}

/// A desk with a run in the middle of its answer, and something typed that no draft holds yet.
fn in_the_middle() -> (Desk, Seat) {
    let (reply, _) = gated(&["{\"name\": \"Ivan\",", " \"age\": 28}"]);
    let desk = Desk::new(Script::new([reply]));
    let mut seat = desk.task(&["--mode", "json"]);
    seat.send("r");
    seat.row(&["name", "\"Ivan\""]);
    seat.press("2iNote: ", &["Note: Ivan"]);
    (desk, seat)
}

/// What streamed, the end of the run and what was typed are in the session.
#[track_caller]
fn kept(desk: &Desk) {
    let lines = desk.session();
    let of = |name: &str| -> Vec<&Value> { lines.iter().filter(|line| line["event"] == name).collect() };
    let streamed: String = of("delta").iter().map(|line| line["text"].as_str().unwrap()).collect();
    assert_eq!(streamed, "{\"name\": \"Ivan\",");
    assert_eq!(of("ended").len(), 1, "{lines:?}");
    assert_eq!(of("ended")[0]["outcome"], "cancelled");
    assert_eq!(of("draft").last().unwrap()["input"], "Note: Ivan is 28 years old");
}

#[test]
fn signals_leave_a_whole_session_and_a_sane_terminal() {
    for (number, name) in [
        (Signal::TERM, "SIGTERM"),
        (Signal::HUP, "SIGHUP"),
        (Signal::INT, "SIGINT"),
    ] {
        let (desk, mut seat) = in_the_middle();
        signal(&seat, number);
        assert!(seat.exit().signal().is_none());
        let raw = seat.raw();
        let left = find(&raw, LEFT.as_bytes()).unwrap();
        let after = String::from_utf8_lossy(&raw[left..]);
        assert!(after.contains(name) && after.contains("session "), "{after:?}");
        kept(&desk);
    }
}

#[test]
fn a_lost_line_leaves_a_whole_session_and_no_process() {
    let (desk, mut seat) = in_the_middle();
    seat.hang_up();
    seat.exit();
    kept(&desk);
    // It is no dead end: the next start has it all.
    let mut seat = desk.open(&[]);
    seat.row(&["Note: Ivan is 28 years old"]);
    seat.row(&["cancelled"]);
    seat.row(&["name", "\"Ivan\""]);
    seat.quit();
}

/// The command under a shell with job control, which says when it is its turn.
fn under_a_shell(mut inner: CommandBuilder) -> CommandBuilder {
    let text = "set -m\n\"$@\"\ncode=$?\nwhile [ $code -gt 128 ]; do\n\
                echo \"stopped $code\"; read go; fg; code=$?\ndone\necho \"over $code\"";
    let front = ["sh", "-c", text, "sh"].map(OsString::from);
    inner.get_argv_mut().splice(0..0, front);
    inner
}

/// Twice, and a run goes on meanwhile.
#[test]
fn it_goes_back_to_the_shell_and_returns() {
    let (reply, gates) = gated(&["{\"name\": \"Ivan\",", " \"age\": 28}"]);
    let desk = Desk::new(Script::new([reply]));
    let args = [&TASK[..], &["--mode", "json"]].concat();
    let mut seat = desk.start(under_a_shell(desk.command(&args)));
    seat.send("r");
    seat.row(&["name", "\"Ivan\""]);
    for round in 0..2 {
        let before = seat.raw().len();
        // The second time while text is typed.
        seat.send(["", "2i"][round]);
        seat.send("\x1a");
        seat.wait_raw(before, LEFT);
        seat.wait_raw(before, "stopped 1");
        let before = seat.raw().len();
        seat.send("\r");
        seat.wait_raw(before, "\x1b[?1049h");
        seat.row(&["1 Schema"]);
        seat.row(&["name", "\"Ivan\""]);
    }
    gates[0].notify_one();
    seat.row(&["✓ valid"]);
    seat.send("\x11");
    seat.wait_text("over 0");
}

#[test]
fn without_a_shell_it_stays() {
    let desk = Desk::ivan();
    let mut seat = desk.task(&[]);
    seat.press("\x1a", &["no shell to go back to"]);
    seat.quit();
}

/// The editor has the terminal for itself and its text comes back; one that fails changes nothing.
#[test]
fn the_users_editor_takes_the_text_and_brings_it_back() {
    let desk = Desk::ivan();
    let text = r#"cp "$1" seen; printf 'in the editor: '; read line || exit 1
[ "$line" = fail ] && exit 3
printf '%s' "$line" > "$1""#;
    let mut formwork = desk.command(&TASK);
    formwork.env("EDITOR", script(&desk.bench.work(), text));
    formwork.env("TMPDIR", desk.bench.work());
    let mut seat = desk.start(formwork);
    for (keys, line, shown) in [
        ("1e", "name, tall bool", "tall"),
        // Every byte is the editor's, however many there are.
        ("2ie\x1be", "Ada is tall", "Ada is tall"),
    ] {
        let before = seat.raw().len();
        seat.send(keys);
        seat.wait_raw(before, "in the editor: ");
        assert!(find(&seat.raw()[before..], LEFT.as_bytes()).is_some());
        assert!(!seat.shows(&[shown]));
        seat.send(format!("{line}\r"));
        seat.row(&["1 Schema"]);
        seat.row(&[shown]);
    }
    seat.row(&["tall", "boolean"]);
    assert_eq!(
        std::fs::read_to_string(desk.bench.work().join("seen")).unwrap(),
        "eIvan is 28 years old"
    );
    let before = seat.raw().len();
    seat.send("\x1be");
    seat.wait_raw(before, "in the editor: ");
    seat.send("fail\r");
    seat.row(&["exit status"]);
    seat.row(&["Ada is tall"]);
    seat.quit();
    let left_over: Vec<_> = std::fs::read_dir(desk.bench.work())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left_over.len(), 2, "the editor and what it saw: {left_over:?}");
}

#[test]
fn q_quits_outside_editors_only() {
    let desk = Desk::ivan();
    let mut seat = desk.task(&[]);
    seat.press("2iq", &["qIvan"]);
    seat.press("\x1b", &["i type"]);
    seat.send("q");
    assert_eq!(seat.exit().exit_code(), 0);
    // What was typed is kept, though nothing ran.
    assert_eq!(desk.events(), ["draft"]);
    assert_eq!(desk.session()[1]["input"], json!("qIvan is 28 years old"));
}

/// Who only looks leaves nothing behind.
#[test]
fn looking_leaves_no_session() {
    let desk = Desk::ivan();
    let mut seat = desk.task(&[]);
    seat.press("3]]", &["No run yet"]);
    seat.quit();
    assert!(desk.bench.sessions().is_empty());
    assert!(!seat.text().contains("session "), "{}", seat.text());
}

#[test]
fn without_a_terminal_it_says_what_to_do() {
    let desk = Desk::ivan();
    let mut piped = command("sh");
    piped.args(["-c", "\"$0\" < /dev/null", env!("CARGO_BIN_EXE_formwork")]);
    piped.env("FORMWORK_HOME", desk.bench.home());
    let mut pty = crate::pty::Pty::spawn(piped, 120, 10);
    assert_eq!(pty.exit().exit_code(), 2);
    assert!(pty.text().contains("formwork run"), "{}", pty.text());
    assert_eq!(find(&pty.raw(), b"\x1b[?"), None);
}
