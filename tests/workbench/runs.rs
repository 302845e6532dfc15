//! Runs on screen: what streams, falls back, waits, is asked again and mended, and how a run is stopped.

use crate::desk::{Desk, gated, no_tools};
use crate::support::{Auto, Reply, Script};
use serde_json::{Value, json};

fn ivan() -> Value {
    json!({"name": "Ivan", "age": 28})
}

#[test]
fn a_field_is_shown_while_the_next_is_still_written() {
    let (reply, gates) = gated(&["{\"name\": \"Iv", "an\", \"age\": 2", "8}"]);
    let desk = Desk::new(Script::new([reply]));
    let mut seat = desk.task(&["--mode", "json"]);
    seat.press("r", &["name", "\"Iv"]);
    assert!(!seat.shows(&["\"Ivan\""]) && seat.shows(&["Ctrl-C cancel"]));
    gates[0].notify_one();
    seat.row(&["✓", "name", "\"Ivan\""]);
    // The digits that came may not be all.
    assert!(
        seat.shows(&["~", "age", "integer"]) && !seat.shows(&["valid"]),
        "{}",
        seat.text()
    );
    seat.press("3]", &["{\"name\": \"Ivan\", \"age\": 2"]);
    gates[1].notify_one();
    seat.row(&["{\"name\": \"Ivan\", \"age\": 28}"]);
    seat.row(&["✓ valid"]);
    seat.press("[", &["✓", "age", "  28"]);
    seat.quit();
    assert!(seat.text().contains("session "), "{}", seat.text());
    let events = desk.events();
    let order = [
        "draft", "started", "attempt", "opened", "delta", "closed", "judged", "ended",
    ];
    let mut at = events.iter();
    assert!(order.iter().all(|name| at.any(|event| event == name)), "{events:?}");
}

#[test]
fn a_404_is_seen_as_it_happens_and_stays_in_the_ledger() {
    let (reply, gates) = gated(&["{\"name\": \"Ivan\",", " \"age\": 28}"]);
    let desk = Desk::new(Script::new([no_tools(), reply]));
    let mut seat = desk.task(&["--mode", "tools"]);
    seat.press("3]]r", &["HTTP 404", "No endpoints found"]);
    // The second attempt is under way.
    seat.row(&["~ answering"]);
    assert!(!seat.shows(&["valid"]), "{}", seat.text());
    gates[0].notify_one();
    seat.row(&["✓ valid"]);
    for row in [&["1 ", "first", "tools"], &["2 ", "fallback", "json"]] {
        seat.row(row);
    }
    seat.row(&["HTTP 404"]);
    seat.press("[[", &["age", "28"]);
    seat.quit();
}

#[test]
fn an_answer_that_does_not_fit_is_asked_for_again() {
    let wrong = Reply::sse_content("{\"name\": \"Ivan\", \"age\": \"old\"}", 4);
    let desk = Desk::new(Script::new([wrong]).then_auto(Auto::new(ivan())));
    let mut seat = desk.task(&["--mode", "json"]);
    seat.press("r3", &["✓ valid"]);
    seat.row(&["age", "28"]);
    seat.press("]]", &["re-ask"]);
    seat.row(&["/age", "integer"]);
    seat.quit();
    assert_eq!(desk.bench.server.chats().len(), 2);
}

#[test]
fn a_wait_counts_down_and_goes_on() {
    let busy = Reply::error(429, &json!({"error": {"code": 429, "message": "slow down"}})).header("retry-after", "1");
    let desk = Desk::new(Script::new([busy]).then_auto(Auto::new(ivan())));
    let mut seat = desk.task(&["--mode", "json"]);
    seat.press("3]]r", &["waiting", "0.", "slow down"]);
    seat.row(&["✓ valid"]);
    seat.row(&["2 ", "retry"]);
    seat.quit();
    assert!(desk.events().iter().any(|event| event == "waiting"));
}

#[test]
fn a_repair_is_seen() {
    let desk = Desk::new(Script::new([Reply::sse_content(
        "Here it is:\n```json\n{\"name\": \"Ivan\", \"age\": 28,}\n```",
        7,
    )]));
    let mut seat = desk.task(&["--mode", "json"]);
    seat.press("r3", &["✓ valid"]);
    seat.press("]", &["```json"]);
    seat.press("]", &["valid after", "repair"]);
    seat.press("g\x1b[B\r", &["comma"]);
    seat.quit();
}

/// The first Ctrl-C cancels, and the server sees it; the second leaves.
#[test]
fn ctrl_c_cancels_and_then_quits() {
    let (reply, _gates) = gated(&["{\"name\": \"Ivan\",", " \"age\": 28}"]);
    let desk = Desk::new(Script::new([reply]));
    let mut seat = desk.task(&["--mode", "json"]);
    seat.send("r");
    seat.row(&["name", "\"Ivan\""]);
    seat.press("r", &["a run is under way"]);
    seat.press("\x03", &["cancelled"]);
    desk.dropped(1);
    assert!(seat.shows(&["name", "\"Ivan\""]), "what came stays: {}", seat.text());
    seat.send("\x03");
    assert_eq!(seat.exit().exit_code(), 0);
    let lines = desk.session();
    let ended: Vec<&Value> = lines.iter().filter(|line| line["event"] == "ended").collect();
    assert_eq!(ended.len(), 1);
    assert_eq!(ended[0]["outcome"], "cancelled");
}

#[test]
fn runs_are_numbered_and_the_last_is_shown() {
    let desk = Desk::new(Script::new([
        Reply::sse_content("{\"name\": \"Ivan\", \"age\": 28}", 5),
        Reply::sse_content("{\"name\": \"Ada\", \"age\": 36}", 5),
    ]));
    let mut seat = desk.task(&["--mode", "json"]);
    seat.press("r", &["age", "28"]);
    seat.row(&["✓ valid"]);
    seat.press("r", &["age", "36"]);
    seat.row(&["✓ valid"]);
    seat.quit();
    let lines = desk.session();
    let runs: Vec<u64> = lines
        .iter()
        .filter(|line| line["event"] == "ended")
        .map(|line| line["run"].as_u64().unwrap())
        .collect();
    assert_eq!(runs, [1, 2]);
}

#[test]
fn a_server_that_is_not_there_is_a_sentence() {
    let desk = Desk::ivan();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("http://127.0.0.1:{port}/v1");
    let mut seat = desk.task(&["--mode", "json", "--base-url", &url, "--retries", "0"]);
    seat.press("r", &["✗ failed"]);
    seat.row(&["failed: cannot connect"]);
    seat.quit();
}

#[test]
fn without_a_key_a_run_says_what_to_do() {
    let desk = Desk::ivan();
    let mut command = desk.command(&crate::binary::TASK);
    command.env_remove("OPENROUTER_API_KEY");
    let mut seat = desk.start(command);
    seat.send("r");
    seat.row(&["OPENROUTER_API_KEY"]);
    seat.quit();
    assert_eq!(desk.bench.server.chats().len(), 0);
}
