//! Text from others that would steer a terminal: it is shown, and it does nothing.

use crate::desk::{Desk, Seat};
use crate::pty::find;
use crate::support::{Reply, Script, model_entry};
use serde_json::{Value, json};
use std::fs;

/// A title for the window, a bell, a colour by C1, a turn of the direction, and a space of no width.
const EVIL: &str = "\u{1b}]0;owned\u{7}\u{9b}31m\u{9d}0;owned\u{9c}\u{202e}abc\u{200b}\u{8}\u{7f}";

/// What of it must never be written as it is.
const RAW: [&str; 9] = [
    "\u{1b}]0;",
    "\u{7}",
    "\u{9b}",
    "\u{9d}",
    "\u{9c}",
    "\u{202e}",
    "\u{200b}",
    "\u{8}",
    "\u{7f}",
];

#[track_caller]
fn harmless(seat: &Seat) {
    let raw = seat.raw();
    for part in RAW {
        assert_eq!(find(&raw, part.as_bytes()), None, "{part:?} at\n{}", seat.text());
    }
    // Nor as single bytes, which no UTF-8 has there.
    assert!(std::str::from_utf8(&raw).is_ok());
}

fn evil(words: &str) -> String {
    format!("{words}{EVIL}")
}

fn schema() -> Value {
    json!({
        "title": evil("title"), "description": evil("told"), "type": "object",
        "properties": {evil("name"): {"type": "string", "description": evil("what")}, "age": {"type": "integer"}},
        "required": [evil("name")]
    })
}

#[test]
fn nothing_of_a_schema_a_text_or_an_answer_steers_the_terminal() {
    let value = json!({evil("name"): evil("value"), "age": evil("old"), evil("more"): 1}).to_string();
    let fits = json!({evil("name"): evil("value"), "age": 28});
    let desk = Desk::new(
        Script::new([
            Reply::sse_content(&evil(&value), 3),
            Reply::sse_content(&format!("```json\n{fits}\n```"), 3),
        ])
        .models([model_entry(
            &evil("acme/evil"),
            &["structured_outputs", "response_format"],
        )]),
    );
    fs::write(
        desk.bench.work().join("schema.json"),
        serde_json::to_string_pretty(&schema()).unwrap(),
    )
    .unwrap();
    // Raw in the file as well: JSON would not allow that, a text does.
    fs::write(desk.bench.work().join("letter.txt"), evil("letter ").repeat(3)).unwrap();
    let args = [
        "-s",
        "schema.json",
        "letter.txt",
        "-m",
        &evil("acme/evil"),
        "--mode",
        "json",
    ];
    let mut seat = desk.open(&args);
    seat.row(&["2 Input"]);
    seat.row(&["letter", "owned"]);
    seat.press("m", &["Enter use"]);
    seat.row(&["acme/evil", "owned"]);
    seat.send("\x1b");
    seat.no_row(&["Enter use"]);
    seat.press("r", &["✓ valid"]);
    for (keys, shown) in [
        ("3", &["value", "owned"][..]),
        ("]", &["```json"]),
        ("]", &["re-ask"]),
        ("zr", &["surrounding text"]),
        ("]", &["owned"]),
    ] {
        seat.send(keys);
        seat.row(shown);
    }
    seat.send("2f");
    seat.no_row(&["1 Schema"]);
    seat.row(&["letter", "owned"]);
    seat.send("/abc\r");
    seat.no_row(&["2 Input", " 1:1 "]);
    seat.quit();
    harmless(&seat);
    // What was made of it: a session with such a title, listed and opened.
    let mut seat = desk.open(&[]);
    seat.row(&["letter", "owned"]);
    seat.quit();
    harmless(&seat);
}

#[test]
fn nothing_of_an_error_or_a_name_steers_the_terminal() {
    let words = json!({"error": {"code": 400, "message": evil("refused "), "metadata": {"raw": evil("raw "), "provider_name": evil("Acme")}}});
    let desk = Desk::new(
        Script::new([])
            .otherwise(Reply::error(400, &words))
            .models_reply(Reply::error(500, &words)),
    );
    let file = evil("file").replace('/', "");
    fs::write(desk.bench.work().join(&file), "name, age int").unwrap();
    let mut seat = desk.open(&["-s", &file, "-t", &evil("text"), "-m", "acme/quick", "--mode", "json"]);
    seat.row(&["1 Schema"]);
    seat.press("3]]r", &["✗ failed"]);
    seat.row(&["error:"]);
    seat.press("m", &["Enter use"]);
    seat.row(&["no list", "owned"]);
    seat.send("\x1b");
    seat.no_row(&["Enter use"]);
    seat.press("1w", &["written:"]);
    seat.quit();
    harmless(&seat);
}

/// What is pasted is text as well, and what is copied goes to the clipboard only, coded.
#[test]
fn nothing_that_is_pasted_or_copied_steers_the_terminal() {
    let desk = Desk::ivan();
    let mut seat = desk.task(&[]);
    seat.send("2");
    seat.press(
        &format!("\x1b[200~{}\x1b[201~", evil("pasted ")),
        &["owned<U+009C><U+202E>abc"],
    );
    seat.press("ya", &["text sent to the terminal's clipboard"]);
    seat.press("m", &["Enter use"]);
    seat.send(format!("\x1b[200~{}\x1b[201~", evil("acme/")));
    seat.row(&["> acme/", "owned"]);
    seat.quit();
    harmless(&seat);
}

/// Names that the settings give, names that a server gives itself, why it stopped; and thousands of marks on one letter.
#[test]
fn nothing_of_a_provider_steers_the_terminal() {
    let chunk = |delta: Value, finish: Value| {
        json!({
            "id": evil("gen"), "model": evil("acme/served"), "provider": evil("Upstream"),
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish, "native_finish_reason": finish}]
        })
    };
    let heap = format!("e{}", "\u{301}".repeat(20_000));
    let value = json!({"name": heap, "age": 28}).to_string();
    let desk = Desk::new(Script::new([Reply::sse([
        chunk(json!({"reasoning": evil("hm")}), Value::Null),
        chunk(json!({"content": value}), Value::Null),
        chunk(json!({}), json!(evil("stop"))),
    ])]));
    let name = toml::Value::String(evil("mine"));
    desk.set(&format!(
        "[providers.{name}]\nkind = \"openai\"\nbase_url = \"http://127.0.0.1:1/v1\"\n[keys.{name}]\nrun = {name}\n"
    ));
    let text = format!("{heap} {}", evil("text"));
    let mut seat = desk.open(&["-s", "name, age int", "-t", &text, "-m", "acme/quick", "--mode", "json"]);
    seat.press("r", &["✓ valid"]);
    seat.send("3]]zr");
    seat.row(&["Upstream", "owned"]);
    seat.send("]");
    seat.press("P", &["Enter use"]);
    seat.row(&["mine", "owned"]);
    seat.send("\x1b");
    seat.no_row(&["Enter use"]);
    seat.quit();
    harmless(&seat);
    let marks = seat.raw().windows(2).filter(|two| *two == "\u{301}".as_bytes()).count();
    assert!(marks < 2000, "{marks} marks were written");
}
