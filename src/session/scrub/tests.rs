//! Sessions whose input, answers and errors must not be found in their copies.

use super::{Scrubbed, scrub};
use crate::event::{Closing, Delta, Draft, Fault, RunEvent, Stamped, Why};
use crate::record::Record;
use crate::session::Tape;
use crate::session::reader::Reader;
use crate::task::{Mode, Task};
use crate::verdict::{Channel, Outcome, Source, Totals, Violation};
use serde_json::json;
use std::sync::Arc;

const INPUT: &str = "Zacharias Quimby (né 1987) wohnt in Köln-Mülheim; zquimby@example.net, 日本橋 Straße 4711";
const INSTRUCTIONS: &str = "Beware of Zacharias' uncle Balthasar";
const ANSWER: &str = "Voilà Zacharias:\n```json\n{\"name\": \"Zacharias \\u00e9 Quimby\", \"age\": 4711, \"gossip\": [\"Mülheim\"]}\n```";

fn delta(channel: Channel, text: &str) -> RunEvent {
    let delta = Delta {
        channel,
        call: None,
        text: text.into(),
    };
    RunEvent::Delta {
        run: 1,
        attempt: 1,
        delta,
    }
}

fn session() -> Vec<Stamped> {
    let task = Task {
        schema: "name, age int".into(),
        input: INPUT.into(),
        instructions: Some(INSTRUCTIONS.into()),
        model: "acme/quick".into(),
        params: json!({"user": "Balthasar"}).as_object().cloned().unwrap(),
        ..Task::default()
    };
    let fault = Fault {
        message: "cannot serve Zacharias Quimby".into(),
        detail: Some("Köln".into()),
        metadata: json!({"flagged_input": "zquimby"}),
        code: Some("bad_word".into()),
        ..Fault::default()
    };
    let error = Violation {
        pointer: "/gossip/0".into(),
        keyword: "additionalProperties".into(),
        message: "\"Mülheim\" is not expected".into(),
    };
    let (head, tail) = ANSWER.split_at(ANSWER.find("harias").unwrap());
    let body = json!({
        "model": "acme/quick",
        "user": "Balthasar",
        "messages": [
            {"role": "system", "content": INSTRUCTIONS},
            {"role": "user", "content": [{"type": "text", "text": INPUT}]},
            {"role": "assistant", "tool_calls": [{"id": "c", "function": {"name": "f", "arguments": ANSWER}}]},
        ],
    });
    let events = [
        RunEvent::Draft(Draft {
            input: Some(INPUT.into()),
            schema: Some("name, age int".into()),
            ..Draft::default()
        }),
        RunEvent::Started {
            run: 1,
            version: "0".into(),
            task: Arc::new(task),
            provider: "p".into(),
            plan: Vec::new(),
        },
        RunEvent::Attempt {
            run: 1,
            attempt: 1,
            mode: Mode::Json,
            why: Why::Reask,
            reason: "the answer did not fit: /gossip says \"Mülhe…\", 4711".into(),
            changes: Vec::new(),
            body,
        },
        RunEvent::Opened {
            run: 1,
            attempt: 1,
            status: 200,
            ms: 3,
        },
        delta(Channel::Reasoning, "So Quimby lives in Mülheim"),
        delta(Channel::Content, head),
        delta(Channel::Content, tail),
        RunEvent::Closed {
            run: 1,
            attempt: 1,
            closing: Closing {
                reasoning: Some(json!([{"type": "t", "text": "Quimby"}])),
                error: Some(fault),
                ..Closing::default()
            },
        },
        RunEvent::Judged {
            run: 1,
            attempt: 1,
            source: Source {
                channel: Channel::Content,
                call: None,
                start: 26,
                end: 97,
            },
            value: json!({"name": "Zacharias é Quimby", "age": 4711, "gossip": ["Mülheim"]}),
            errors: vec![error],
            repairs: Vec::new(),
        },
        RunEvent::Ended {
            run: 1,
            outcome: Outcome::Invalid,
            reason: "gave up on Quimby".into(),
            budget: None,
            totals: Totals::default(),
        },
    ];
    (0..)
        .step_by(7)
        .zip(events)
        .map(|(at, event)| Stamped { at, event })
        .collect()
}

fn file(events: &[Stamped]) -> String {
    let mut text =
        "{\"formwork\":1,\"id\":\"i\",\"created\":\"2026-11-22T17:42:59Z\",\"title\":\"person: Zacharias Quimby\"}\n"
            .to_owned();
    for event in events {
        text += &serde_json::to_string(event).unwrap();
        text.push('\n');
    }
    text
}

fn scrubbed(text: &str) -> (String, Scrubbed) {
    let (out, done) = scrub(Reader::new(text.as_bytes()).unwrap()).unwrap();
    (String::from_utf8(out).unwrap(), done)
}

#[test]
fn no_word_of_input_or_answer_is_left() {
    let unknown = "{\"at\":9,\"event\":\"titled\",\"title\":\"Quimby\"}\nZacharias\n";
    let (copy, done) = scrubbed(&(file(&session()) + unknown));
    assert_eq!(
        done,
        Scrubbed {
            events: 10,
            left_out: 2
        }
    );
    // Without the new id, in which any digits may stand.
    let lower = copy.split_once("created").unwrap().1.to_lowercase();
    let secret = [INPUT, INSTRUCTIONS, ANSWER, "Mülhe"].join(" ");
    let words = secret.split(|c: char| !c.is_alphanumeric());
    for word in words.filter(|word| word.chars().count() > 3 || !word.is_ascii()) {
        // The names of the schema, and a fence's.
        if !["name", "json"].contains(&word) {
            assert!(!lower.contains(&word.to_lowercase()), "{word}: {copy}");
        }
    }
    assert!(!lower.contains("gossip"), "{copy}");
    for kept in [
        "name, age int",
        "acme/quick",
        "bad_word",
        "the answer did not fit",
        "\"role\":\"system\"",
        "gave up on",
    ] {
        assert!(copy.contains(kept), "{kept}: {copy}");
    }
}

#[test]
fn structure_lengths_and_timing_stay() {
    let before = session();
    let (copy, _) = scrubbed(&file(&before));
    let after = Tape::gather(Reader::new(copy.as_bytes()).unwrap()).unwrap();
    assert_eq!(after.warnings, [""; 0]);
    let mut records = [Record::default(), Record::default()];
    for (old, new) in before.iter().zip(after.events()) {
        assert_eq!(old.at, new.at);
        assert_eq!(std::mem::discriminant(&old.event), std::mem::discriminant(&new.event));
        if let (RunEvent::Delta { delta: old, .. }, RunEvent::Delta { delta: new, .. }) = (&old.event, &new.event) {
            let lengths = |text: &str| text.chars().map(char::len_utf8).collect::<Vec<_>>();
            assert_eq!(lengths(&old.text), lengths(&new.text));
        }
        for (record, stamped) in records.iter_mut().zip([old, &new]) {
            record.apply(stamped.at, &stamped.event);
        }
    }
    let [old, new] = &records.map(|mut record| record.runs.remove(0));
    let progress = |run: &crate::record::RunRecord| run.attempts[0].answer.progress();
    assert_eq!(progress(old), progress(new));
    assert_eq!(new.task.input.len(), INPUT.len());
    let value = &new.verdict().unwrap().value;
    assert_eq!(
        value,
        &json!({"name": "Xxxxxxxxx ä Xxxxxx", "age": 1111, "xxxxxx": ["Xäxxxxx"]})
    );
    assert_eq!(new.verdict().unwrap().errors[0].pointer, "/xxxxxx/0");
    // A copy of a copy is as good.
    let (again, done) = scrubbed(&copy);
    assert_eq!((again.lines().count(), done.left_out), (copy.lines().count(), 0));
}
