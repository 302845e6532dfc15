//! What is kept without being asked for, and what is not.

use crate::desk::Desk;
use crate::support::{Auto, Script, model_entry};
use serde_json::json;

#[test]
fn the_next_start_is_where_the_last_one_ended() {
    let entry = model_entry("acme/other", &["tools", "response_format", "structured_outputs"]);
    let script = Script::auto(Auto::new(json!({"name": "Ivan", "age": 28}))).models([entry]);
    let desk = Desk::new(script);
    let mut seat = desk.task(&[]);
    // A schema of one's own, a text, another model and mode, and a result.
    seat.press("itall bool?, \x1b", &["tall bool?, name"]);
    seat.press("2iHere: \x1b", &["Here: Ivan"]);
    seat.press("m", &["Enter use"]);
    seat.row(&["acme/other", "STJ"]);
    seat.send("other\r");
    seat.row(&["acme/other", "ready"]);
    seat.press("M", &["mode structured"]);
    seat.send("M");
    seat.row(&["mode tools"]);
    seat.press("r", &["✓ valid"]);
    seat.quit();
    let chats = desk.bench.server.chats();
    assert_eq!(chats.last().unwrap()["model"], "acme/other");
    let before = desk.session().len();

    let mut seat = desk.open(&[]);
    for row in [
        &["tall bool?, name, age int"][..],
        &["Here: Ivan is 28 years old"],
        &["acme/other", "tools", "✓ valid"],
        &["age", "28"],
    ] {
        seat.row(row);
    }
    seat.press("3]]", &["1 ✓ first"]);
    seat.quit();
    assert_eq!(desk.session().len(), before, "looking writes nothing");

    // It goes on in the same file.
    let mut seat = desk.open(&[]);
    seat.row(&["✓ valid"]);
    seat.send("r");
    seat.wait("a second run", |_| desk.bench.server.chats().len() == chats.len() + 1);
    seat.row(&["✓ valid"]);
    seat.quit();
    let ended = desk.events().iter().filter(|event| *event == "ended").count();
    assert_eq!(ended, 2);
    assert_eq!(desk.bench.server.chats().last().unwrap()["model"], "acme/other");
}

#[test]
fn a_session_is_opened_by_a_word_of_its_title() {
    let desk = Desk::ivan();
    for text in ["a letter about Ivan", "a bill of Ivan"] {
        let mut seat = desk.open(&["-s", "name, age int", "-t", text, "-m", "acme/quick"]);
        seat.press("r", &["✓ valid"]);
        seat.quit();
    }
    let mut seat = desk.open(&["open", "letter"]);
    seat.row(&["a letter about Ivan"]);
    seat.row(&["✓ valid"]);
    seat.quit();
    let mut seat = desk.open(&[]);
    seat.row(&["a bill of Ivan"]);
    seat.quit();
    let mut wrong = crate::pty::Pty::spawn(desk.command(&["open", "nothing"]), 100, 10);
    assert_eq!(wrong.exit().exit_code(), 2);
    assert!(wrong.text().contains("nothing"), "{}", wrong.text());
}

#[test]
fn without_a_session_it_says_so_and_asks() {
    let desk = Desk::ivan();
    let mut seat = desk.task(&["--no-session"]);
    seat.row(&["ready", "not recording"]);
    // Nothing was typed: nothing to lose.
    seat.quit();

    let mut seat = desk.task(&["--no-session"]);
    seat.press("2iNote: \x1b", &["Note: Ivan"]);
    seat.row(&["i type"]);
    // Esc and a hasty Enter stay.
    for stay in ["\x1b", "\r", "s"] {
        seat.press("q", &["quit without a session?"]);
        seat.send(stay);
        seat.no_row(&["quit without"]);
        assert!(seat.shows(&["Note: Ivan"]));
    }
    seat.press("\x11", &["quit without a session?"]);
    seat.send("q");
    assert_eq!(seat.exit().exit_code(), 0);
    assert!(desk.bench.sessions().is_empty());
}

/// The files that were named are read, and the schema is written back where it came from.
#[test]
fn files_are_read_and_the_schema_is_written_back() {
    let desk = Desk::ivan();
    let (schema, letter) = (
        desk.bench.work().join("person.txt"),
        desk.bench.work().join("letter.txt"),
    );
    std::fs::write(&schema, "name, age int").unwrap();
    std::fs::write(&letter, "Dear Ivan").unwrap();
    let mut seat = desk.open(&["-s", "person.txt", "letter.txt", "-m", "acme/quick"]);
    seat.row(&["Dear Ivan"]);
    seat.press("i\x1b[F, tall bool\x1b", &["tall", "boolean"]);
    seat.row(&["i type"]);
    seat.press("w", &["written: "]);
    assert_eq!(std::fs::read_to_string(&schema).unwrap(), "name, age int, tall bool");
    // Somebody else changes it.
    std::fs::write(&schema, "name, colour").unwrap();
    seat.row(&["colour", "string"]);
    seat.quit();
    let text = std::fs::read_to_string(&letter).unwrap();
    assert_eq!(text, "Dear Ivan");
}

#[test]
fn the_first_time_there_is_a_sample_that_runs() {
    let value = json!({"name": "Jason", "age": 25, "addresses": [{"street": "123 Main St", "city": "New York", "country": "USA"}]});
    let desk = Desk::new(Script::auto(Auto::new(value)));
    desk.set("[task]\nmodel = \"acme/quick\"");
    let mut seat = desk.open(&[]);
    seat.press("r", &["✓ valid"]);
    seat.row(&["city", "\"New York\""]);
    seat.quit();
}
