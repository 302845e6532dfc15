//! The raw answer on screen, while it comes and when it has been judged.

use super::*;
use crate::event::{CallRef, Closing, Delta, RunEvent, Why};
use crate::record::Record;
use crate::task::{Mode, Task};
use crate::text::is_hidden;
use crate::verdict::{RepairKind, Source};
use crate::workbench::styles::{Glyphs, Styles};
use ratatui::buffer::Cell;
use ratatui::style::Modifier;
use serde_json::json;
use std::sync::Arc;

fn record(events: Vec<RunEvent>) -> Record {
    let mut record = Record::default();
    let started = RunEvent::Started {
        run: 1,
        version: String::new(),
        task: Arc::new(Task::default()),
        provider: "p".into(),
        plan: Vec::new(),
    };
    for event in [started].into_iter().chain(events) {
        record.apply(0, &event);
    }
    record
}

fn attempt(attempt: u32) -> RunEvent {
    RunEvent::Attempt {
        run: 1,
        attempt,
        mode: Mode::Json,
        why: Why::First,
        reason: String::new(),
        changes: Vec::new(),
        body: json!({}),
    }
}

fn delta(attempt: u32, channel: Channel, text: &str) -> RunEvent {
    let call = (channel == Channel::Call).then(|| CallRef {
        name: "per\u{1b}son".into(),
        ..CallRef::default()
    });
    let text = text.to_owned();
    RunEvent::Delta {
        run: 1,
        attempt,
        delta: Delta { channel, call, text },
    }
}

fn judged_as(start: u64, end: u64, repairs: &[(RepairKind, u64, Risk)]) -> RunEvent {
    let repairs = repairs.iter();
    RunEvent::Judged {
        run: 1,
        attempt: 1,
        source: Source {
            channel: Channel::Content,
            call: None,
            start,
            end,
        },
        value: json!({}),
        errors: Vec::new(),
        repairs: repairs
            .map(|&(kind, offset, risk)| Repair { kind, offset, risk })
            .collect(),
    }
}

fn screen(pane: &RawPane, run: Option<&RunRecord>, width: u16, height: u16) -> (String, String) {
    let mut styles = Styles::default();
    styles.repair = styles.repair.add_modifier(Modifier::UNDERLINED);
    let look = Look {
        styles,
        glyphs: Glyphs::UNICODE,
    };
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    pane.view(&mut buf, area, &look, run);
    assert!(!buf.content().iter().any(|cell| cell.symbol().chars().any(is_hidden)));
    let marked = buf
        .content()
        .iter()
        .filter(|cell| cell.modifier.contains(Modifier::UNDERLINED));
    let marked = marked.map(Cell::symbol).collect();
    let rows = buf.content().chunks(usize::from(width).max(1));
    let rows = rows.map(|row| row.iter().map(Cell::symbol).collect::<String>().trim_end().to_owned());
    (rows.collect::<Vec<_>>().join("\n"), marked)
}

#[test]
fn while_it_comes() {
    let record = record(vec![
        attempt(1),
        delta(
            1,
            Channel::Reasoning,
            "Let me think about what the user wants to be told here.",
        ),
        delta(1, Channel::Content, "{\"name\": \"Ada\u{202e}\",\n \"age\": 3"),
        delta(1, Channel::Call, "{}"),
    ]);
    let run = record.run(1);
    let mut pane = RawPane::default();
    pane.sync(run);
    insta::assert_snapshot!(screen(&pane, run, 38, 10).0, @r#"
    reasoning ────────────────────────────
    Let me think about what the user wants
    to be told here.
    content ──────────────────────────────
    {"name": "Ada<U+202E>",
     "age": 3
    call per␛son ─────────────────────────
    {}

    following the answer
    "#);
    assert!(pane.is_following());
    pane.act(Action::Top, Size::new(38, 6), run);
    insta::assert_snapshot!(screen(&pane, run, 38, 6).0, @r#"
    reasoning ────────────────────────────
    Let me think about what the user wants
    to be told here.
    content ──────────────────────────────
    {"name": "Ada<U+202E>",
    F follows the answer
    "#);
}

#[test]
fn when_it_was_judged() {
    let text = "Here:\n```json\n{\"a\": 1,}\n```\nBye";
    let repairs = [
        (RepairKind::Fence, 6, Risk::Safe),
        (RepairKind::TrailingComma, 21, Risk::Safe),
        (RepairKind::MissingCloser, 999, Risk::Guess),
    ];
    let events = vec![
        attempt(1),
        delta(1, Channel::Content, text),
        judged_as(14, 23, &repairs),
    ];
    let record = record(events);
    let run = record.run(1);
    let mut pane = RawPane::default();
    pane.sync(run);
    let (rows, marked) = screen(&pane, run, 80, 7);
    insta::assert_snapshot!(rows, @r#"
    content ────────────────────────────────────────────────────────────────────────
    Here:
    ```json
    {"a": 1,}
    ```
    Bye
    ≈ 3 repairs: fence at 6, trailing comma at 21, missing closer at 999 (a guess)
    "#);
    assert_eq!(marked, "`,e≈");
    let size = Size::new(38, 4);
    assert!(pane.act(Action::NextProblem, size, run));
    assert!(pane.act(Action::NextProblem, size, run));
    insta::assert_snapshot!(screen(&pane, run, 38, 4).0, @r#"
    ```json
    {"a": 1,}
    ```
    ≈ repair 2 of 3: trailing comma at 21…
    "#);
    assert!(pane.act(Action::PreviousProblem, size, run));
    assert!(screen(&pane, run, 38, 4).0.contains("repair 1 of 3: fence at 6 (safe)"));
    assert_eq!(pane.text(run), Some(text));
    assert_eq!(pane.search(Some("json"), run), Ok(Some(1)));
}

#[test]
fn the_last_attempt_unless_another_is_chosen() {
    let record = record(vec![
        attempt(1),
        delta(1, Channel::Content, "first"),
        attempt(2),
        delta(2, Channel::Content, "second"),
    ]);
    let run = record.run(1);
    let mut pane = RawPane::default();
    for (chosen, word) in [
        (None, "second"),
        (Some(1), "first"),
        (Some(7), "second"),
        (None, "second"),
    ] {
        pane.choose(chosen);
        pane.sync(run);
        assert_eq!(screen(&pane, run, 20, 3).0.lines().nth(1), Some(word));
    }
}

#[test]
fn where_there_is_nothing() {
    let closed = |error| RunEvent::Closed {
        run: 1,
        attempt: 1,
        closing: Closing {
            error,
            ..Closing::default()
        },
    };
    let pane = RawPane::default();
    assert_eq!(
        screen(&pane, None, 30, 3).0,
        "Nothing has been asked yet: r\nruns the task.\n"
    );
    let table = [
        (vec![], "Asked; nothing of the answer has come yet."),
        (vec![attempt(1)], "Asked; nothing of the answer has come yet."),
        (vec![attempt(1), closed(None)], "The answer was empty."),
    ];
    for (events, expected) in table {
        let record = record(events);
        assert_eq!(screen(&pane, record.run(1), 60, 1).0, expected);
    }
    screen(&pane, None, 0, 0);
    screen(&pane, None, 1, 1);
}
