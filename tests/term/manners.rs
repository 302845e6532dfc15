//! Entering, leaving, input, lending and every way to die.

use crate::child::{CHILD, DEAF};
use crate::pty::{Pty, command, find};
use portable_pty::CommandBuilder;
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// What leaving writes, in this order, with kitty's keys on.
const LEFT: &str = "\x1b[?2026l\x1b[<1u\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1004l\x1b[?2004l\
                    \x1b[0 q\x1b[?25h\x1b[0m\x1b[?1007r\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1015l\x1b[?1006l";

fn child() -> CommandBuilder {
    let mut child = command(std::env::current_exe().unwrap());
    child.args(["--exact", "child::child", "--ignored", "--nocapture", "--quiet"]);
    child.env(CHILD, "1");
    child
}

fn start(command: CommandBuilder) -> Pty {
    let pty = Pty::spawn(command, 60, 12);
    pty.wait_text("size (60, 12)");
    pty
}

/// The last line that the program printed, which must come after everything was taken back.
#[track_caller]
fn left(pty: &Pty, last: &str) {
    let raw = pty.raw();
    let left = find(&raw, LEFT.as_bytes()).unwrap_or_else(|| panic!("not left: {}", raw.escape_ascii()));
    let after = &raw[left + LEFT.len()..];
    assert!(
        find(after, last.as_bytes()).is_some(),
        "{last}: {}",
        after.escape_ascii()
    );
    assert!(find(after, b"\x1b[?").is_none(), "once: {}", after.escape_ascii());
}

fn signal(pty: &Pty, signal: Signal) {
    kill_process(Pid::from_raw(pty.pid().try_into().unwrap()).unwrap(), signal).unwrap();
}

#[test]
fn modes_are_reset_set_and_taken_back() {
    let mut pty = start(child());
    pty.wait("the modes", |screen| {
        screen.alternate_screen() && screen.bracketed_paste() && screen.hide_cursor()
    });
    let raw = pty.raw();
    let order = [
        "\x1b[?1000l",
        "\x1b[?2004l",
        "\x1b[?1049h",
        "\x1b[?2004h",
        "\x1b[?1004h",
        "\x1b[>5u",
        "\x1b[?2026h",
        "\x1b[?2026l",
    ];
    let places: Vec<_> = order.iter().map(|part| find(&raw, part.as_bytes()).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?} {}", raw.escape_ascii());
    assert!(find(&raw, b"\x1b[?1000h").is_none() && find(&raw, b"\x1b[6n").is_none());
    pty.send("\x0f");
    pty.wait("the mouse", |screen| {
        screen.mouse_protocol_mode() == vt100::MouseProtocolMode::ButtonMotion
    });
    pty.send("\x1b[<0;3;4M");
    pty.wait_text("Down(Left), column: 2, row: 3");
    pty.send("\x11");
    assert_eq!(pty.exit().exit_code(), 7);
    left(&pty, "end: quit");
}

#[test]
fn keys_and_pastes_arrive_whole() {
    let mut pty = start(child());
    pty.send("a\x1b[A");
    pty.wait_text("key a\nkey Up");
    // A slow link splits what a key sends: three harmless keys.
    pty.send("\x1b");
    pty.wait_text("key Esc");
    pty.send("[A");
    pty.wait_text("key Esc\nkey [\nkey A");
    pty.send("\x1b[200~one\r\ntwo\rthree\x1b[A\n\x1b[201~");
    pty.wait_text("Paste(\"one\\ntwo\\nthree\\u{1b}[A\\n\")");
    pty.send("\x1b[I");
    pty.wait_text("Focus(true)");
    pty.send("\x19");
    pty.wait_text("sent to the terminal's clipboard");
    assert!(find(&pty.raw(), b"\x1b]52;c;c2VjcmV0\x1b\\").is_some());
}

#[test]
fn a_long_paste_is_one_paste() {
    let mut pty = start(child());
    let lines = "0123456789\r".repeat(2_000);
    pty.send(["\x1b[200~", &lines, "\x1b[201~"].concat());
    pty.wait_text("Paste(\"0123456789\\n0123456789");
    pty.send("z");
    // The paste is one line of the log, so it is the only one between.
    pty.wait_text("\nkey z");
    assert_eq!(pty.text().matches("Paste").count(), 1);
}

#[test]
fn a_new_size_repaints_everything() {
    let mut pty = start(child());
    pty.send("x");
    pty.wait_text("key x");
    let before = pty.raw().len();
    pty.resize(33, 7);
    pty.wait_text("resize 33 7");
    let raw = pty.raw();
    let frame = String::from_utf8_lossy(&raw[before..]).into_owned();
    assert!(frame.starts_with("\x1b[?2026h\x1b[0m\x1b[2J"), "{frame:?}");
    assert!(frame.contains("size") && frame.contains("key"), "{frame:?}");
    pty.wait_text("key x\nresize 33 7");
}

#[test]
fn a_panic_leaves_a_sane_terminal() {
    for (key, message) in [("\x10", "as asked"), ("\x14", "in a thread")] {
        let mut pty = start(child());
        pty.send(key);
        pty.exit();
        left(&pty, message);
    }
}

#[test]
fn signals_end_it_cleanly() {
    for (number, name) in [
        (Signal::TERM, "SIGTERM"),
        (Signal::HUP, "SIGHUP"),
        (Signal::INT, "SIGINT"),
        (Signal::QUIT, "SIGQUIT"),
    ] {
        let mut pty = start(child());
        signal(&pty, number);
        assert_eq!(pty.exit().exit_code(), 7);
        left(&pty, &format!("end: {name}"));
    }
}

#[test]
fn a_hang_up_ends_it() {
    let mut hears = start(child());
    hears.hang_up();
    // By the signal or by the watchdog, whichever comes first.
    assert!([7, 8].contains(&hears.exit().exit_code()));
    // Nothing to draw and deaf for the signal: the watchdog is all there is.
    let mut deaf = child();
    deaf.env(DEAF, "1");
    let mut deaf = start(deaf);
    // The reader is at work, too: it would read for ever.
    deaf.send("k");
    deaf.wait_text("key k");
    deaf.hang_up();
    assert_eq!(deaf.exit().exit_code(), 8);
}

/// An editor that does what its script says; `$1` is the file.
fn editor(folder: &Path, script: &str) -> CommandBuilder {
    let path = folder.join("editor");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let mut child = child();
    child.env("VISUAL", format!("'{}' --wait", path.display()));
    child.env("TMPDIR", folder);
    child
}

#[test]
fn the_editor_gets_the_terminal_and_every_key() {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"echo "editing $(cat "$2") $1"; read line; echo "$line" > "$2""#;
    let mut pty = start(editor(folder.path(), script));
    for round in 1..=5 {
        let before = pty.raw().len();
        pty.send("\x05");
        pty.wait_raw(before, "\x1b[?1049l");
        pty.wait_raw(before, "editing old text --wait");
        // Every byte must reach the editor, not a reader left behind.
        let line = format!("new text {round}");
        pty.send(format!("{line}\r"));
        pty.wait("the change", |screen| {
            screen.alternate_screen() && screen.contents().contains(&format!("changed {line:?}"))
        });
        pty.send("k");
        pty.wait("a key after it", |screen| {
            screen.contents().matches("key k").count() == round
        });
    }
    let left_over: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left_over, ["editor"]);
}

#[test]
fn a_failed_editor_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut pty = start(editor(folder.path(), "echo lost > \"$2\"; exit 1"));
    pty.send("\x05");
    pty.wait_text("ended with exit status:");
    // Ctrl-C in a line editor is for that one.
    let folder = tempfile::tempdir().unwrap();
    let mut pty = start(editor(
        folder.path(),
        "trap 'exit 0' INT; echo busy; while :; do sleep 1; done",
    ));
    pty.send("\x05");
    pty.wait_text("busy");
    pty.send("\x03");
    pty.wait_text("unchanged");
    pty.send("k");
    pty.wait_text("key k");
}

/// The program under a shell with job control, which says when it is its turn and then lets the program go on.
fn under_a_shell(mut inner: CommandBuilder) -> CommandBuilder {
    let argv = inner.get_argv_mut();
    let script = r#"set -m
"$@"
code=$?
while [ $code -gt 128 ]; do
    echo "stopped $code"
    stty -a | tr ' ' '\n' | grep -x -e '-*icanon'
    read go
    fg
    code=$?
done
echo "over $code""#;
    let front = ["sh", "-c", script, "sh"].map(Into::into);
    argv.splice(0..0, front);
    inner
}

#[test]
fn it_stops_and_goes_on() {
    let mut pty = start(under_a_shell(child()));
    let text = pty.text();
    let pid = text.lines().find_map(|line| line.strip_prefix("pid ")).unwrap();
    let pid = Pid::from_raw(pid.parse().unwrap()).unwrap();
    for round in 1..=2 {
        let before = pty.raw().len();
        // The key, then the signal from elsewhere.
        if round == 1 {
            pty.send("\x1a");
        } else {
            kill_process(pid, Signal::TSTP).unwrap();
        }
        pty.wait_raw(before, "stopped 14");
        pty.wait_raw(before, "\nicanon");
        assert!(find(&pty.raw()[before..], LEFT.as_bytes()).is_some());
        pty.resize(50, 10);
        let before = pty.raw().len();
        pty.send("\r");
        pty.wait_raw(before, "\x1b[?1049h");
        pty.wait("the way back", |screen| {
            screen.bracketed_paste() && screen.contents().matches("back").count() == round
        });
        pty.send("k");
        pty.wait("a key", |screen| screen.contents().matches("key k").count() == round);
    }
    pty.send("\x11");
    pty.wait_text("over 7");
}

#[test]
fn an_editor_that_stops_stops_all() {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"echo editing; kill -STOP $$; echo again; read line; echo "$line" > "$2""#;
    let mut pty = start(under_a_shell(editor(folder.path(), script)));
    pty.send("\x05");
    pty.wait_text("stopped 14");
    pty.send("\r");
    pty.wait_text("again");
    pty.send("done\r");
    pty.wait_text("changed \"done\"");
}

#[test]
fn without_a_shell_it_does_not_stop() {
    let mut pty = start(child());
    pty.send("\x1a");
    pty.wait_text("no shell to go back to");
    signal(&pty, Signal::TSTP);
    pty.wait("the signal", |screen| {
        screen.contents().matches("no shell").count() == 2
    });
}

#[test]
fn a_stop_from_outside_is_made_good() {
    let mut pty = start(child());
    signal(&pty, Signal::STOP);
    signal(&pty, Signal::CONT);
    pty.wait_text("resumed");
    let raw = pty.raw();
    let set = find(&raw, b"\x1b[>5u").unwrap() + 1;
    pty.wait_raw(set, "\x1b[<1u\x1b[?1007r\x1b[?1000l");
    pty.wait_raw(set, "\x1b[>5u");
    pty.send("\x11");
    pty.exit();
    left(&pty, "end: quit");
}

#[test]
fn without_a_terminal_it_says_so() {
    let mut piped = child();
    piped
        .get_argv_mut()
        .splice(0..0, ["sh", "-c", "\"$@\" < /dev/null", "sh"].map(Into::into));
    let mut pty = Pty::spawn(piped, 100, 12);
    pty.exit();
    assert!(pty.text().contains("NotATerminal(\"stdin\")"), "{}", pty.text());
    assert!(find(&pty.raw(), b"\x1b[?").is_none());
}
