//! What holds whatever comes in whatever order.

use super::*;
use crate::event::{CallRef, Delta, RunEvent, Why};
use crate::task::{Mode, Task};
use crate::text::is_hidden;
use crate::verdict::{Channel, Outcome, Source, Totals, Violation};
use crate::workbench::effect::Answer;
use crate::workbench::overlays::{KeyState, ModelList, ProviderRow};
use crate::workbench::panes::fixtures::SCHEMA;
use crossterm::event::{KeyCode, KeyEvent, MouseEventKind};
use proptest::prelude::*;
use serde_json::json;
use std::sync::Arc;

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    Key(KeyEvent),
    Paste(String),
    Resize(u16, u16),
    Wheel(bool, u16, u16),
    Click(u16, u16),
    Run(u8, String),
    Answer(u8, String),
    Wait(u64),
}

fn keys() -> impl Strategy<Value = KeyEvent> {
    let named = [
        "esc",
        "enter",
        "tab",
        "shift-tab",
        "up",
        "down",
        "left",
        "right",
        "home",
        "end",
        "pageup",
        "pagedown",
        "backspace",
        "delete",
        "space",
        "f1",
        "f5",
        "ctrl-c",
        "ctrl-p",
        "ctrl-r",
        "ctrl-q",
        "ctrl-u",
        "ctrl-d",
        "ctrl-f",
        "alt-u",
        "alt-e",
        "alt-m",
        "alt-enter",
        "alt-t",
    ];
    prop_oneof![
        prop::sample::select(named.to_vec()).prop_map(stage::key_of),
        "[ -~日é]".prop_map(|text| KeyEvent::from(KeyCode::Char(text.chars().next().unwrap_or('x')))),
    ]
}

fn hostile() -> impl Strategy<Value = String> {
    "([a-z{}\\[\\]\":, 0-9日]|\u{1b}\\[31m|\u{202e}|\u{200b}|\n|\r|\t|\u{7}|\u{9b}|e\u{301}|👩‍👩‍👧|\u{feff}){0,12}"
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => keys().prop_map(Step::Key),
        1 => hostile().prop_map(Step::Paste),
        1 => (0_u16..140, 0_u16..50).prop_map(|(columns, rows)| Step::Resize(columns, rows)),
        1 => (any::<bool>(), 0_u16..140, 0_u16..50).prop_map(|(up, x, y)| Step::Wheel(up, x, y)),
        1 => (0_u16..140, 0_u16..50).prop_map(|(x, y)| Step::Click(x, y)),
        4 => (any::<u8>(), hostile()).prop_map(|(kind, text)| Step::Run(kind, text)),
        2 => (any::<u8>(), hostile()).prop_map(|(kind, text)| Step::Answer(kind, text)),
        1 => (0_u64..5_000).prop_map(Step::Wait),
    ]
}

fn event(kind: u8, text: String) -> RunEvent {
    let delta = |channel, call| RunEvent::Delta {
        run: 1,
        attempt: 1,
        delta: Delta {
            channel,
            call,
            text: text.clone(),
        },
    };
    match kind % 9 {
        0 => RunEvent::Started {
            run: 1,
            version: text.clone(),
            task: Arc::new(Task {
                schema: SCHEMA.into(),
                model: text.clone(),
                ..Task::default()
            }),
            provider: text,
            plan: Vec::new(),
        },
        1 => RunEvent::Attempt {
            run: 1,
            attempt: 1,
            mode: Mode::Tools,
            why: Why::Reask,
            reason: text.clone(),
            changes: Vec::new(),
            body: json!({ text.clone(): text }),
        },
        2 | 3 => delta(Channel::Content, None),
        4 => delta(
            Channel::Call,
            Some(CallRef {
                name: text.clone(),
                ..CallRef::default()
            }),
        ),
        5 => delta(Channel::Reasoning, None),
        6 => RunEvent::Waiting {
            run: 1,
            ms: 900,
            reason: text,
        },
        7 => RunEvent::Judged {
            run: 1,
            attempt: 1,
            source: Source {
                channel: Channel::Content,
                call: None,
                start: 0,
                end: text.len() as u64,
            },
            value: json!({ "name": text.clone(), text.clone(): [text.clone()] }),
            errors: vec![Violation {
                pointer: "/name".into(),
                keyword: text.clone(),
                message: text,
            }],
            repairs: Vec::new(),
        },
        _ => RunEvent::Ended {
            run: 1,
            outcome: Outcome::Failed,
            reason: text,
            budget: None,
            totals: Totals::default(),
        },
    }
}

fn answer(kind: u8, text: String) -> Answer {
    match kind % 8 {
        0 => Answer::Notice(text),
        1 => Answer::Provider(Err(text)),
        2 => Answer::Providers(vec![ProviderRow {
            name: text.clone(),
            kind: text.clone(),
            address: text.clone(),
            key: KeyState::Missing(text.clone()),
            current: true,
            note: text,
        }]),
        3 => Answer::Models(ModelList {
            error: Some(text),
            ..ModelList::default()
        }),
        4 => Answer::NotRecording(text),
        5 => Answer::Provider(Ok(crate::workbench::model::ProviderInfo {
            name: text.clone(),
            notices: vec![text],
            ..stage::provider()
        })),
        6 => Answer::Saved {
            path: text.into(),
            result: Ok(None),
            schema: true,
        },
        _ => Answer::Copied(Err(text)),
    }
}

fn take(stage: &mut Stage, step: Step) {
    match step {
        Step::Key(key) => drop(stage.send(Event::Key(key))),
        Step::Paste(text) => drop(stage.send(Event::Paste(text))),
        Step::Resize(columns, rows) => drop(stage.send(Event::Resize(columns, rows))),
        Step::Wheel(true, x, y) => drop(stage.mouse(MouseEventKind::ScrollUp, x, y)),
        Step::Wheel(false, x, y) => drop(stage.mouse(MouseEventKind::ScrollDown, x, y)),
        Step::Click(x, y) => stage.click(x, y),
        Step::Run(kind, text) => stage.run(event(kind, text)),
        Step::Answer(kind, text) => stage.answer(answer(kind, text)),
        Step::Wait(ms) => drop(stage.wait(ms)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nothing_hidden_is_ever_drawn_and_nothing_panics(steps in prop::collection::vec(steps(), 1..60)) {
        let mut stage = ready();
        for step in steps {
            take(&mut stage, step);
            let screen = stage.screen();
            prop_assert!(!screen.chars().any(|c| c != '\n' && is_hidden(c)), "{screen}");
            if let Some(at) = due(&stage.model, stage.now) {
                prop_assert!(at > 0);
            }
        }
        stage.settle();
    }

    #[test]
    fn only_typing_undoing_and_choosing_a_file_change_a_text(keys in prop::collection::vec(keys(), 1..40)) {
        let mut stage = ready();
        for key in keys {
            let (before, typing) = (stage.texts(), stage.model.typing && stage.model.overlay.is_none());
            stage.send(Event::Key(key));
            stage.settle();
            let undone = matches!(key.code, KeyCode::Char('u' | 'U')) || stage.model.overlay.is_some();
            let leaves = key.code == KeyCode::Esc;
            if leaves || !(typing || undone || key.code == KeyCode::Enter) {
                prop_assert_eq!(stage.texts(), before, "{:?}", key);
            }
        }
    }
}
