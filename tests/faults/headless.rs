//! The matrix through `formwork run`.

use crate::binary::Bench;
use crate::table::{self, Expected, INPUT, MODES, Row, SCHEMA};
use crate::told::{kept, lived, words};
use formwork::event::Stamped;
use futures_util::{StreamExt as _, stream};
use std::fs;

const TASK: [&str; 6] = ["-s", SCHEMA, "-t", INPUT, "-m", "acme/quick"];

#[tokio::test]
async fn run_survives_every_misbehaviour_in_every_mode() {
    let rows = table::rows();
    let cases = rows
        .iter()
        .flat_map(|row| MODES.iter().enumerate().map(move |(at, mode)| (row, at, *mode)));
    let wrong: Vec<String> = stream::iter(cases)
        .map(|(row, at, mode)| async move {
            let seen = play(row, mode).await;
            row.compare(at, &seen)
        })
        // Processes at a time; most of them wait.
        .buffered(8)
        .filter_map(async |wrong| wrong)
        .collect()
        .await;
    assert!(
        wrong.is_empty(),
        "{} of {} differ:\n{}",
        wrong.len(),
        rows.len() * MODES.len(),
        wrong.join("\n")
    );
}

async fn play(row: &Row, mode: &'static str) -> Expected {
    let bench = Bench::new(row.script(mode));
    let settings = format!(
        "[providers.openrouter]\nidle_timeout = \"{}ms\"\n",
        row.idle().as_millis()
    );
    fs::write(bench.home().join("config.toml"), settings).unwrap();
    let elsewhere = row.elsewhere();
    let url = elsewhere
        .as_ref()
        .map_or_else(|| bench.server.base_url(), |elsewhere| elsewhere.url.clone());
    let flags = [
        "run",
        "--base-url",
        &url,
        "--mode",
        mode,
        "--retries",
        "1",
        "--reasks",
        "1",
        "--events",
    ];
    let ran = bench
        .wait(bench.bare(&[&flags[..], &TASK].concat()).spawn().unwrap())
        .await;
    let events: Vec<Stamped> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let [session] = &bench.sessions()[..] else {
        panic!("{}: one session is written", row.name)
    };
    assert_eq!(
        kept(session),
        lived(&events),
        "{} in {mode}: the session is what was lived",
        row.name
    );
    Expected {
        exit: ran.code,
        requests: elsewhere.map_or_else(|| bench.server.chats().len(), |elsewhere| elsewhere.asked()),
        events: words(events.iter().map(|stamped| &stamped.event)).leak(),
    }
}

/// `--stream` and the plain value say the same as the events did: nothing that broke off is printed as a value.
#[tokio::test]
async fn what_broke_off_is_not_printed() {
    for row in table::rows()
        .iter()
        .filter(|row| row.elsewhere().is_none() && row.expected.iter().all(|expected| expected.exit == Some(3)))
    {
        let bench = Bench::new(row.script("json"));
        let settings = format!(
            "[providers.openrouter]\nidle_timeout = \"{}ms\"\n",
            row.idle().as_millis()
        );
        fs::write(bench.home().join("config.toml"), settings).unwrap();
        let ran = bench
            .run(&[&["--mode", "json", "--retries", "0"], &TASK[..]].concat())
            .await;
        assert_eq!((ran.code.unwrap() > 0, ran.stdout.as_str()), (true, ""), "{}", row.name);
    }
}
