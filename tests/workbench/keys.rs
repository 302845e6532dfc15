//! Every key of the table of actions, as three kinds of terminals send it, does what it says.
//!
//! Owns how a key is written on the wire and the order of things: set up, press, see, go back. What is to be seen is `cases`' matter.
//! An action or a key that is added without a case fails the test.

use crate::cases::{Case, Sign, case, on_timeline};
use crate::desk::{Desk, Seat, script};
use crate::pty::find;
use crate::replay::fallback;
use crate::support::{Piece, Reply, Script};
use formwork::workbench::action::{ACTIONS, Context};
use serde_json::json;

/// The bytes that a terminal sends for a key of the table.
fn wire(key: &str, term: &str) -> String {
    let linux = term == "linux";
    // tmux and screen send what linux does for these two.
    let plain = term != "xterm-256color";
    match key {
        "up" => "\x1b[A",
        "down" => "\x1b[B",
        "right" => "\x1b[C",
        "left" => "\x1b[D",
        "home" if plain => "\x1b[1~",
        "home" => "\x1b[H",
        "end" if plain => "\x1b[4~",
        "end" => "\x1b[F",
        "pageup" => "\x1b[5~",
        "pagedown" => "\x1b[6~",
        "f1" if linux => "\x1b[[A",
        "f1" => "\x1bOP",
        "f5" if linux => "\x1b[[E",
        "f5" => "\x1b[15~",
        "f8" => "\x1b[19~",
        "tab" => "\t",
        "shift-tab" => "\x1b[Z",
        "enter" => "\r",
        "esc" => "\x1b",
        "space" => " ",
        "alt-enter" => "\x1b\r",
        "alt-shift-u" => "\x1bU",
        other => return letter(other),
    }
    .to_owned()
}

fn letter(key: &str) -> String {
    match key.split_once('-') {
        Some(("ctrl", letter)) => char::from(letter.as_bytes()[0] & 0x1f).to_string(),
        Some(("alt", letter)) => format!("\x1b{letter}"),
        _ => {
            assert_eq!(key.chars().count(), 1, "no bytes for {key}");
            key.to_owned()
        }
    }
}

/// A desk with enough in every pane, a run that was cancelled in the middle, and something that quitting would lose.
fn sit(term: &str) -> (Desk, Seat) {
    let begun = json!({"choices": [{"index": 0, "delta": {
        "content": "{\"name\": \"Ivan\", \"age\": 28, \"addresses\": [{\"street\": \"Main St\", \"city\": \"Rome\"}, {\"street\""
    }}]});
    let begun = Piece::from(format!("data: {begun}\n\n"));
    let desk = Desk::new(Script::new([]).otherwise(Reply::hang([begun])));
    let text: Vec<String> = (1..=60).map(|line| format!("line {line} of Ivan")).collect();
    let text = text.join("\n");
    let schema = "name, age int\naddresses [{street, city}]";
    let args = ["-s", schema, "-t", &text, "-m", "acme/quick", "--no-session"];
    let mut formwork = desk.command(&args);
    formwork.env("TERM", term);
    formwork.env(
        "VISUAL",
        script(&desk.bench.work(), "printf 'editing: '; read line; exit 1"),
    );
    let mut seat = desk.start(formwork);
    seat.row(&["addresses", "[object]"]);
    seat.press("1ix", &["xname"]);
    seat.send("\x7f");
    seat.no_row(&["xname"]);
    seat.press("\x1b", &["w write"]);
    seat.send("r");
    seat.row(&["city", "\"Rome\""]);
    seat.press("\x03", &["cancelled"]);
    (desk, seat)
}

fn seen(seat: &Seat, sign: &Sign, from: usize) -> bool {
    match sign {
        Sign::Shown(parts) => seat.shows(parts),
        Sign::Gone(parts) => !seat.shows(parts),
        Sign::Written(bytes) => find(&seat.raw()[from..], bytes.as_bytes()).is_some(),
    }
}

#[track_caller]
fn wait(seat: &Seat, sign: &Sign, from: usize) {
    match sign {
        Sign::Shown(parts) => seat.row(parts),
        Sign::Gone(parts) => seat.no_row(parts),
        Sign::Written(bytes) => seat.wait_raw(from, bytes),
    }
}

/// Presses one key where its case wants it, sees what it does, and goes back to where it was.
fn press(seat: &mut Seat, case: &Case, typing: bool, keys: &str) {
    if typing {
        seat.press("2i", &["typing"]);
    }
    seat.send(case.before);
    wait(seat, &case.ready, 0);
    let from = seat.raw().len();
    assert!(!seen(seat, &case.sign, from), "{keys}: seen before\n{}", seat.text());
    seat.send(keys);
    wait(seat, &case.sign, from);
    seat.send(case.after);
    home(seat, case);
}

/// Back to the pane Schema with nothing over it, one Esc after the other: two at once would be another key.
fn home(seat: &mut Seat, case: &Case) {
    wait(seat, &case.over, 0);
    for open in OPEN {
        if seat.shows(&[open]) {
            seat.send("\x1b");
            seat.no_row(&[open]);
        }
    }
    if seat.cursor() {
        seat.send("\x1b");
        seat.wait("the end of the search", vt100::Screen::hide_cursor);
    }
    seat.send("1");
    seat.row(&["w write"]);
}

/// What shows that there is something to leave: an overlay, typing, messages.
const OPEN: [&str; 8] = [
    "only in a replay",
    "─ Esc ",
    "Esc leave",
    "no shell",
    "exit status",
    "mode structured:",
    "the mouse is",
    "clipboard",
];

fn all(term: &str) {
    let (_desk, mut seat) = sit(term);
    for row in ACTIONS {
        for (context, keys) in row.keys.iter().filter(|(context, _)| *context != Context::Timeline) {
            let typing = *context == Context::Typing;
            for key in *keys {
                let case = case(row.name, typing);
                let bytes: String = key.split(' ').map(|key| wire(key, term)).collect();
                press(&mut seat, &case, typing, &bytes);
            }
        }
    }
    seat.press("\x11", &["quit without"]);
    seat.send("q");
    assert_eq!(seat.exit().exit_code(), 0);
}

/// The keys of the timeline, in a replay; the one that leaves it comes last.
fn timeline(term: &str) {
    let desk = Desk::ivan();
    fallback(&desk);
    let mut formwork = desk.command(&["replay", "fallback-404"]);
    formwork.env("TERM", term);
    let mut seat = desk.start_at(formwork, (150, 30));
    seat.row(&["event 2 of 13"]);
    let mut rows: Vec<_> = ACTIONS.iter().collect();
    rows.sort_by_key(|row| row.name == "take-draft");
    for row in rows {
        for (_, keys) in row.keys.iter().filter(|(context, _)| *context == Context::Timeline) {
            for key in *keys {
                let case = on_timeline(row.name);
                seat.send("g");
                seat.row(&["event 0 of 13"]);
                seat.send(case.before);
                wait(&seat, &case.ready, 0);
                assert!(!seen(&seat, &case.sign, 0), "{key}: seen before\n{}", seat.text());
                seat.send(wire(key, term));
                wait(&seat, &case.sign, 0);
                seat.send(case.after);
                wait(&seat, &case.over, 0);
            }
        }
    }
    seat.quit();
    assert_eq!(desk.bench.server.chats().len(), 0);
}

#[test]
fn on_the_timeline_under_xterm() {
    timeline("xterm-256color");
}

#[test]
fn on_the_timeline_under_screen() {
    timeline("screen-256color");
}

#[test]
fn on_the_timeline_under_linux() {
    timeline("linux");
}

#[test]
fn under_xterm() {
    all("xterm-256color");
}

#[test]
fn under_screen() {
    all("screen-256color");
}

#[test]
fn under_linux() {
    all("linux");
}

/// The table that users read is the one that is tested.
#[test]
fn the_readme_has_the_table() {
    let readme = include_str!("../../README.md");
    assert!(readme.contains(formwork::workbench::action::markdown_table().trim()));
}
