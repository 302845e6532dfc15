//! A session as a program writes it.

use crate::event::{Closing, Delta, Draft, PlanStep, RunEvent, Stamped, Why};
use crate::task::{Mode, Task};
use crate::verdict::{Channel, Outcome, Source, Totals, Usage};
use serde_json::json;
use std::sync::Arc;

/// One run with every event that a session keeps.
pub(super) fn events() -> Vec<Stamped> {
    let run = 1;
    let task = Task {
        schema: "name, age int".into(),
        input: "Ada is 36 \u{202e}".into(),
        model: "m".into(),
        ..Task::default()
    };
    let (reason, plan) = (
        String::from("because"),
        PlanStep {
            mode: Mode::Json,
            reason: "first".into(),
        },
    );
    let asked = [
        RunEvent::Draft(Draft {
            schema: Some("name, age int".into()),
            ..Draft::default()
        }),
        RunEvent::Draft(Draft {
            input: Some("Ada".into()),
            mode: Some("auto".into()),
            ..Draft::default()
        }),
        RunEvent::Started {
            run,
            version: "0".into(),
            task: Arc::new(task),
            provider: "p".into(),
            plan: vec![plan],
        },
        RunEvent::Waiting { run, ms: 5, reason },
    ];
    let stamps = [0, 2, 5, 5, 10, 13, 13, 14, 20, 31, 32, 33, 45];
    let stamped = stamps.into_iter().zip(asked.into_iter().chain(answered()));
    stamped.map(|(at, event)| Stamped { at, event }).collect()
}

/// What comes of its only attempt.
fn answered() -> Vec<RunEvent> {
    let (run, attempt) = (1, 1);
    let reason = String::from("because");
    let usage = Usage {
        prompt: 10,
        completion: 7,
        cost: Some(0.000_123_456_789),
        ..Usage::default()
    };
    let piece = |text: &str| RunEvent::Delta {
        run,
        attempt,
        delta: Delta {
            channel: Channel::Content,
            call: None,
            text: text.into(),
        },
    };
    vec![
        RunEvent::Attempt {
            run,
            attempt,
            mode: Mode::Json,
            why: Why::First,
            reason: reason.clone(),
            changes: vec![],
            body: json!({"model": "m", "temperature": 0.1, "big": 18_446_744_073_709_551_615_u64}),
        },
        RunEvent::Opened {
            run,
            attempt,
            status: 200,
            ms: 3,
        },
        RunEvent::Routed {
            run,
            attempt,
            provider: Some("u".into()),
            model: None,
            id: Some("g".into()),
        },
        piece("{\"name\": \"A"),
        piece("da\", \"ag"),
        piece("e\": 36}"),
        RunEvent::Closed {
            run,
            attempt,
            closing: Closing {
                finish: Some("stop".into()),
                usage: Some(usage),
                ..Closing::default()
            },
        },
        RunEvent::Judged {
            run,
            attempt,
            source: Source {
                channel: Channel::Content,
                call: None,
                start: 0,
                end: 26,
            },
            value: json!({"name": "Ada", "age": 36, "x": 0.1 + 0.2}),
            errors: vec![],
            repairs: vec![],
        },
        RunEvent::Ended {
            run,
            outcome: Outcome::Valid,
            reason,
            budget: None,
            totals: Totals {
                attempts: 1,
                usage,
                ms: 40,
            },
        },
    ]
}
