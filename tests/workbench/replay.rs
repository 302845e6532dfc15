//! Replays of the real program: nothing is asked of the server, nothing is written to the session, and it is left as it was found.

use crate::desk::{Desk, Seat, no_tools};
use crate::support::{Auto, Script, model_entry};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// A session in which no endpoint calls tools, so that the model is asked in another mode.
pub(crate) fn fallback(desk: &Desk) -> PathBuf {
    let lines = [
        json!({"formwork": 1, "id": "fallback-404", "created": "2026-11-22T17:42:59.000Z", "title": "Ivan"}),
        json!({"at": 0, "event": "draft", "schema": "name, age int", "input": "Ivan is 28 years old", "model": "acme/quick", "mode": "tools", "provider": "openrouter"}),
        json!({"at": 100, "event": "started", "run": 1, "version": "0.1.0", "provider": "openrouter",
            "task": {"schema": "name, age int", "input": "Ivan is 28 years old", "model": "acme/quick", "mode": "tools"},
            "plan": [{"mode": "tools", "reason": "you chose it"}, {"mode": "json", "reason": "no tools"}]}),
        json!({"at": 200, "event": "attempt", "run": 1, "attempt": 1, "mode": "tools", "why": "first", "reason": "you chose it", "changes": [], "body": {"model": "acme/quick"}}),
        json!({"at": 300, "event": "opened", "run": 1, "attempt": 1, "status": 404, "ms": 100}),
        json!({"at": 400, "event": "closed", "run": 1, "attempt": 1, "error": {"class": "mode_unsupported", "status": 404, "message": "No endpoints found that support tool use."}}),
        json!({"at": 500, "event": "attempt", "run": 1, "attempt": 2, "mode": "json", "why": "fallback", "reason": "tools cannot be served", "changes": [], "body": {"model": "acme/quick"}}),
        json!({"at": 700, "event": "opened", "run": 1, "attempt": 2, "status": 200, "ms": 200}),
        json!({"at": 800, "event": "delta", "run": 1, "attempt": 2, "channel": "content", "text": "{\"name\": \"Iv"}),
        json!({"at": 900, "event": "delta", "run": 1, "attempt": 2, "channel": "content", "text": "an\", \"age\""}),
        json!({"at": 1000, "event": "delta", "run": 1, "attempt": 2, "channel": "content", "text": ": 28}"}),
        json!({"at": 1100, "event": "closed", "run": 1, "attempt": 2, "finish": "stop", "usage": {"prompt": 50, "completion": 12, "cost": 0.0001}}),
        json!({"at": 1200, "event": "judged", "run": 1, "attempt": 2, "source": {"channel": "content", "start": 0, "end": 26}, "value": {"name": "Ivan", "age": 28}, "errors": [], "repairs": []}),
        json!({"at": 1300, "event": "ended", "run": 1, "outcome": "valid", "reason": "valid after 2 attempts", "totals": {"attempts": 2, "ms": 602, "usage": {"prompt": 50, "completion": 12, "cost": 0.0001}}}),
    ];
    let lines = lines.map(|line| line.to_string());
    let text = lines.join("\n") + "\n";
    let folder = desk.bench.home().join("sessions");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("fallback-404.jsonl");
    fs::write(&path, text).unwrap();
    path
}

/// How many events the session has.
pub(crate) const EVENTS: usize = 13;

/// Sees that nothing was asked, and that no file is another one.
#[track_caller]
fn untouched(desk: &Desk, path: &Path, before: &str) {
    assert_eq!(desk.bench.server.requests().len(), 0);
    assert_eq!(fs::read_to_string(path).unwrap(), before);
    assert_eq!(desk.bench.sessions(), [path]);
}

fn place(seat: &Seat, event: usize) {
    seat.row(&[&format!("event {event} of {EVENTS}")]);
}

#[test]
fn the_404_session_is_watched_stepped_through_and_judged_anew() {
    let desk = Desk::ivan();
    let path = fallback(&desk);
    let before = fs::read_to_string(&path).unwrap();
    let mut seat = desk.open(&["replay", "fallback-404"]);
    place(&seat, 2);
    seat.row(&["Ivan is 28 years old"]);

    // Play, pause.
    seat.press(" ", &["replay playing"]);
    seat.press(" ", &["replay paused"]);
    // To the end, then back over the fallback.
    seat.send("G");
    place(&seat, EVENTS);
    seat.row(&["✓ valid"]);
    seat.row(&["age", "28"]);
    seat.press("]]", &["2 ✓ fallback"]);
    seat.send("B");
    place(&seat, 6);
    seat.row(&["2 · fallback"]);
    seat.send(",");
    place(&seat, 5);
    seat.row(&["mode unsupported (HTTP 404)"]);
    seat.no_row(&["2 · fallback"]);
    seat.send(".");
    place(&seat, 6);
    // By seek.
    seat.send("g");
    place(&seat, 0);
    seat.send("5");
    seat.no_row(&["event 0 of"]);
    seat.send("G");
    place(&seat, EVENTS);

    // Under another schema the verdict is another one, and with the old one it is the old one.
    seat.send("[[\t");
    seat.row(&["i type"]);
    seat.press("i\x1b[F, tall bool", &["what if: "]);
    seat.row(&["tall", "boolean"]);
    seat.row(&["required, and missing"]);
    seat.press("\x1b", &["i type"]);
    seat.send("uuuuuuuuuuuuuuuuu");
    seat.no_row(&["what if"]);
    seat.row(&["✓ valid"]);

    seat.send("q");
    assert_eq!(seat.exit().exit_code(), 0);
    untouched(&desk, &path, &before);
}

#[test]
fn a_replay_from_the_browser_goes_back_to_the_workbench_as_it_was() {
    let desk = Desk::ivan();
    fallback(&desk);
    let mut seat = desk.open(&["-s", "street, city", "-t", "a bill", "-m", "acme/quick", "--no-session"]);
    seat.press("2iNote: \x1b", &["Note: a bill"]);
    seat.press("S", &["─ Sessions ─"]);
    seat.row(&["Ivan", "quick", "✓ valid"]);
    seat.row(&["input", "Ivan is 28 years old"]);
    seat.send("\r");
    place(&seat, 2);
    assert!(!seat.shows(&["Note: a bill"]));
    // What is not recorded is not lost by a draft without a question.
    seat.press("e", &["make a draft of this moment?"]);
    seat.send("\x1b");
    seat.no_row(&["make a draft"]);
    seat.press("\x1b", &["Note: a bill"]);
    seat.row(&["street", "string"]);
    seat.row(&["2 Input", " 1:7 "]);
    seat.press("q", &["quit without a session?"]);
    seat.send("q");
    assert_eq!(seat.exit().exit_code(), 0);
    assert_eq!(desk.bench.server.chats().len(), 0);
}

#[test]
fn a_moment_becomes_a_draft_that_runs_into_a_session_of_its_own() {
    let desk = Desk::ivan();
    let path = fallback(&desk);
    let before = fs::read_to_string(&path).unwrap();
    let mut seat = desk.open(&["replay", "fallback-404"]);
    seat.press("r", &["a replay stays as recorded"]);
    seat.press("e", &["acme/quick", "ready"]);
    seat.no_row(&["opening"]);
    seat.press("r", &["✓ valid"]);
    seat.quit();
    assert_eq!(desk.bench.server.chats().len(), 1);
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
    assert_eq!(desk.bench.sessions().len(), 2);
}

#[test]
fn sessions_are_found_renamed_deleted_brought_back_and_opened() {
    let entry = model_entry("acme/quick", &["tools", "response_format", "structured_outputs"]);
    let script = Script::new([no_tools()])
        .then_auto(Auto::new(json!({"name": "Ivan", "age": 28})))
        .models([entry]);
    let desk = Desk::new(script);
    let path = fallback(&desk);
    let mut seat = desk.open(&[
        "-s",
        "total number",
        "-t",
        "an invoice over 12 euros",
        "-m",
        "acme/quick",
    ]);
    seat.press("2iNote: \x1b", &["Note: an invoice"]);
    seat.press("S", &["─ Sessions ─"]);
    seat.row(&["Ivan", "✓ valid"]);
    // Rename.
    seat.press("\x14", &["title: Ivan"]);
    seat.press(" the first\r", &["Ivan the first", "✓ valid"]);
    // Delete, and bring back.
    seat.press("\x18", &["deleted", "brings it back"]);
    seat.no_row(&["Ivan the first", "✓ valid"]);
    assert!(!path.exists());
    seat.press("\x1bu", &["Ivan the first", "✓ valid"]);
    assert!(path.exists());
    // Search in the input, and open.
    seat.send("years old");
    seat.row(&["> years old"]);
    seat.row(&["Ivan the first", "✓ valid"]);
    seat.send("\x0f");
    seat.no_row(&["─ Sessions ─"]);
    seat.row(&["Ivan is 28 years old"]);
    seat.row(&["acme/quick", "✓ valid"]);
    seat.quit();
    // What was typed before was written first. Beside the sessions is the folder of what was deleted.
    let sessions = desk.bench.sessions().into_iter().filter(|path| path.is_file());
    let mut texts = sessions.map(|path| fs::read_to_string(path).unwrap());
    assert!(texts.any(|text| text.contains("Note: an invoice")));
}
