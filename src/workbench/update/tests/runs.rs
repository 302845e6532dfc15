//! Starting, cancelling and quitting; what a run tells, and what of it is written down.

use super::*;
use crate::event::{CallRef, Closing, Delta, Fault, FaultClass, Phase, RunEvent, Why};
use crate::task::{Mode, Task};
use crate::verdict::{Channel, Outcome, Source, Totals};
use serde_json::json;
use std::sync::Arc;

fn started(run: u32) -> RunEvent {
    RunEvent::Started {
        run,
        version: "0".into(),
        task: Arc::new(Task {
            schema: crate::workbench::panes::fixtures::SCHEMA.into(),
            model: MODEL.into(),
            ..Task::default()
        }),
        provider: "openrouter".into(),
        plan: Vec::new(),
    }
}

fn attempt(attempt: u32, mode: Mode, why: Why) -> RunEvent {
    RunEvent::Attempt {
        run: 1,
        attempt,
        mode,
        why,
        reason: "told".into(),
        changes: Vec::new(),
        body: json!({"model": MODEL}),
    }
}

fn ended(run: u32, outcome: Outcome) -> RunEvent {
    RunEvent::Ended {
        run,
        outcome,
        reason: format!("it was {outcome}"),
        budget: None,
        totals: Totals::default(),
    }
}

#[test]
fn what_a_run_needs() {
    type Lack = fn(&mut Stage);
    let table: [(&str, Lack, Pane); 6] = [
        ("no schema yet", |stage| stage.model.schema.load(" \n"), Pane::Schema),
        (
            "the schema is not ready",
            |stage| stage.model.schema.load("{\"type\": 3}"),
            Pane::Schema,
        ),
        ("no input yet", |stage| stage.model.input.load(""), Pane::Input),
        (
            "local is being opened",
            |stage| stage.model.provider = ProviderState::Opening("local".into()),
            Pane::Output,
        ),
        (
            "set OPENROUTER_API_KEY",
            |stage| stage.model.provider = ProviderState::Unusable("set OPENROUTER_API_KEY".into()),
            Pane::Output,
        ),
        ("", |stage| stage.model.options.model.clear(), Pane::Output),
    ];
    for (words, lack, focus) in table {
        let mut stage = ready();
        lack(&mut stage);
        stage.press("3 i");
        let mut effects = Vec::new();
        super::super::answers::check(&mut stage.model, &mut effects);
        stage.effects_are(effects);
        stage.settle();
        stage.take();
        let told = stage.press("r");
        assert!(!told.contains("start"), "{words}: {told}");
        assert!(
            toasts(&stage.model).starts_with(words),
            "{words}: {}",
            toasts(&stage.model)
        );
        assert_eq!(stage.model.focus, focus, "{words}");
        assert_eq!(stage.model.running, None);
        if words.is_empty() {
            assert_eq!(told, "list models");
            assert!(matches!(stage.model.overlay, Some(Overlay::Model(_))));
        }
    }
}

#[test]
fn a_run_starts_with_a_draft_and_only_once() {
    let mut stage = ready();
    stage.press("3 ] ] ]");
    assert_eq!(stage.press("r"), "journal draft, start 1");
    assert_eq!(stage.model.tab, OutputTab::Fields, "what comes is to be seen");
    assert_eq!(stage.model.recent, [MODEL]);
    assert_eq!(stage.press("r f5 ctrl-r alt-enter"), "");
    assert_eq!(toasts(&stage.model), "a run is under way: Ctrl-C cancels it");
    stage.run(started(1));
    stage.run(ended(1, Outcome::Valid));
    assert_eq!(stage.model.running, None);
    stage.told();
    assert_eq!(stage.press("r"), "start 2", "nothing was changed in the panes");
}

#[test]
fn the_task_is_what_the_panes_hold() {
    let mut stage = ready();
    stage.model.instructions.load("be exact");
    stage.send(Event::Key(stage::key_of("r")));
    let task = stage.take().into_iter().find_map(|effect| match effect {
        crate::workbench::effect::Effect::Start { task, .. } => Some(task),
        _ => None,
    });
    let task = task.expect("a run starts");
    assert_eq!((task.input.as_str(), task.model.as_str()), (INPUT, MODEL));
    assert_eq!(task.instructions.as_deref(), Some("be exact"));
}

#[test]
fn a_run_waits_for_the_newest_schema() {
    let mut stage = ready();
    stage.press("i");
    stage.send(Event::Key(stage::key_of("space")));
    stage.send(Event::Key(stage::key_of("ctrl-r")));
    assert!(stage.model.check.then_run);
    assert_eq!(stage.model.running, None);
    stage.settle();
    assert_eq!(stage.told(), "journal draft, start 1");
    assert!(!stage.model.check.then_run);
    // Ctrl-C before the schema is there takes the wish back and does not quit.
    let mut stage = ready();
    stage.press("i");
    stage.send(Event::Key(stage::key_of("space")));
    stage.send(Event::Key(stage::key_of("ctrl-r")));
    stage.send(Event::Key(stage::key_of("ctrl-c")));
    stage.settle();
    assert_eq!(stage.told(), "");
    // A schema that turns out to be none says so instead.
    let mut stage = ready();
    stage.press("i");
    stage.send(Event::Paste("{".into()));
    stage.send(Event::Key(stage::key_of("ctrl-r")));
    stage.settle();
    assert_eq!(stage.told(), "");
    assert!(toasts(&stage.model).starts_with("the schema is not ready"));
}

#[test]
fn ctrl_c_cancels_first_and_then_quits() {
    for before in ["", "i", "3", ":", "m", "/", "?"] {
        let mut stage = ready();
        stage.press("r");
        stage.run(started(1));
        stage.press(before);
        stage.told();
        assert_eq!(stage.press("ctrl-c"), "cancel 1", "{before}");
        assert!(stage.model.running.is_some_and(|running| running.cancelled));
        let overlay = stage.model.overlay.is_some();
        let told = stage.press("ctrl-c");
        assert_eq!(told, if overlay { "" } else { "quit" }, "{before}");
        if overlay {
            assert!(stage.model.overlay.is_none());
            assert_eq!(stage.press("ctrl-c"), "quit", "{before}");
        }
    }
}

#[test]
fn quitting_asks_when_nothing_is_recorded() {
    let mut stage = ready();
    stage.model.recording = Recording::Off;
    assert_eq!(stage.press("q"), "quit", "nothing was typed");
    stage.press("i x esc");
    stage.told();
    assert_eq!(stage.press("q"), "journal draft");
    assert!(matches!(stage.model.overlay, Some(Overlay::Confirm(_))));
    assert_eq!(stage.press("enter"), "", "a hasty Enter stays");
    assert!(stage.model.overlay.is_none());
    assert_eq!(stage.press("q q"), "quit");
    assert_eq!(stage.press("q ctrl-c"), "quit");
    assert_eq!(stage.press("ctrl-q"), "");
    assert_eq!(stage.press("esc"), "");
    assert_eq!(stage.model.asked, None);
}

/// A run that meets everything: a fallback, a retry, a re-ask.
fn eventful() -> Vec<RunEvent> {
    let delta = |attempt, channel, call, text: &str| RunEvent::Delta {
        run: 1,
        attempt,
        delta: Delta {
            channel,
            call,
            text: text.into(),
        },
    };
    let closed = |attempt, error| RunEvent::Closed {
        run: 1,
        attempt,
        closing: Closing {
            error,
            ..Closing::default()
        },
    };
    let fault = |class, status| Fault {
        class,
        status: Some(status),
        message: "no".into(),
        ..Fault::default()
    };
    let opened = |attempt, status| RunEvent::Opened {
        run: 1,
        attempt,
        status,
        ms: 90,
    };
    let judged = |attempt, value| RunEvent::Judged {
        run: 1,
        attempt,
        source: Source {
            channel: Channel::Content,
            call: None,
            start: 0,
            end: 2,
        },
        value,
        errors: Vec::new(),
        repairs: Vec::new(),
    };
    let call = CallRef {
        name: "Person".into(),
        ..CallRef::default()
    };
    vec![
        started(1),
        attempt(1, Mode::Structured, Why::First),
        RunEvent::Progress {
            run: 1,
            phase: Phase::Prompt,
            done: 1,
            total: 2,
        },
        opened(1, 404),
        closed(1, Some(fault(FaultClass::ModeUnsupported, 404))),
        attempt(2, Mode::Tools, Why::Fallback),
        opened(2, 429),
        closed(2, Some(fault(FaultClass::RateLimited, 429))),
        RunEvent::Waiting {
            run: 1,
            ms: 2_000,
            reason: "too many requests".into(),
        },
        attempt(3, Mode::Tools, Why::Retry),
        opened(3, 200),
        RunEvent::Routed {
            run: 1,
            attempt: 3,
            provider: Some("OpenAI".into()),
            model: None,
            id: None,
        },
        delta(3, Channel::Reasoning, None, "hm"),
        delta(3, Channel::Call, Some(call), "{\"name\": 1}"),
        closed(3, None),
        judged(3, json!({"name": 1})),
        attempt(4, Mode::Tools, Why::Reask),
        delta(4, Channel::Content, None, "{}"),
        closed(4, None),
        judged(4, json!({})),
        ended(1, Outcome::Invalid),
    ]
}

#[test]
fn every_fact_of_a_run_is_kept_and_written_down() {
    let mut stage = ready();
    stage.press("r");
    for event in eventful() {
        stage.now += 100;
        stage.told();
        let kind = serde_json::to_value(&event).unwrap()["event"]
            .as_str()
            .unwrap()
            .to_owned();
        stage.run(event);
        // Progress is sent on, too; the journal leaves it out.
        assert_eq!(stage.told(), format!("journal {kind}"));
        stage.screen();
    }
    let run = stage.model.run().unwrap();
    let why: Vec<Why> = run.attempts.iter().map(|attempt| attempt.why).collect();
    assert_eq!(why, [Why::First, Why::Fallback, Why::Retry, Why::Reask]);
    assert_eq!(run.attempts[2].answer.text(Channel::Call), "{\"name\": 1}");
    assert_eq!(
        run.started,
        1_100 + (stage.now - 1_000 - 2_100),
        "an event is of the moment at which it comes"
    );
    assert_eq!(stage.model.running, None);
    assert_eq!(toasts(&stage.model), "");
}

#[test]
fn how_a_run_ends_is_told_where_it_cannot_be_seen() {
    let table = [
        (Outcome::Valid, "", ""),
        (Outcome::Valid, "f", "the run is over: valid"),
        (Outcome::Invalid, "", ""),
        (Outcome::Failed, "", ""),
        (Outcome::Failed, "3 ]", "it was failed"),
        (Outcome::Refused, "f", "it was refused"),
        (Outcome::Invalid, "f", "it was invalid"),
        (Outcome::Cancelled, "", ""),
    ];
    for (outcome, keys, words) in table {
        let mut stage = ready();
        stage.press("r");
        stage.press(keys);
        stage.run(started(1));
        stage.run(ended(1, outcome));
        assert_eq!(toasts(&stage.model), words, "{outcome}");
    }
    // An older run's end does not end the one under way.
    let mut stage = ready();
    stage.press("r");
    stage.run(started(1));
    stage.run(ended(7, Outcome::Cancelled));
    assert!(stage.model.running.is_some());
}

#[test]
fn the_clock_is_asked_for_while_something_counts() {
    let mut stage = ready();
    assert_eq!(due(&stage.model, stage.now), None);
    stage.press("r");
    stage.run(started(1));
    let next = due(&stage.model, stage.now).expect("a run's time is shown");
    assert!(next > stage.now && next <= stage.now + 1_000);
    stage.run(RunEvent::Waiting {
        run: 1,
        ms: 5_000,
        reason: String::new(),
    });
    assert!(due(&stage.model, stage.now).is_some_and(|next| next > stage.now));
    stage.run(ended(1, Outcome::Valid));
    assert_eq!(due(&stage.model, stage.now), None);
    assert!(!stage.send(Event::Tick), "a tick alone draws nothing");
}

#[test]
fn a_run_is_to_be_seen_where_panes_are_stacked() {
    let mut stage = Stage::new((60, 20));
    stage.press("i ctrl-r");
    assert_eq!((stage.model.focus, stage.model.typing), (Pane::Output, false));
    let mut stage = ready();
    stage.press("i ctrl-r");
    assert_eq!(
        (stage.model.focus, stage.model.typing),
        (Pane::Schema, true),
        "it is beside"
    );
}
