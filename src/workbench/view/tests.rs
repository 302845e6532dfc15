//! Whole screens: every state of a run, every overlay, at three sizes, and what their colours say.

mod colours;
mod replay;

use crate::extract::model::ModelInfo;
use crate::verdict::Outcome;
use crate::workbench::effect::Answer;
use crate::workbench::model::{OutputTab, Pane, Recording};
use crate::workbench::overlays::{KeyState, ModelList, ProviderRow};
use crate::workbench::panes::fixtures;
use crate::workbench::stage::{INPUT, Stage};
use crate::workbench::update::Event;
use std::time::Duration;

/// What a first-time user sees.
const SAMPLE: (&str, &str) = (
    "name, age int\naddresses [{street, city, country}]\n",
    "Jason is 25 years old. He lives at 123 Main St, New York, USA and has a summer house at 456 Beach Rd, Miami, USA\n",
);

/// The sizes that must look well.
const SIZES: [(&str, (u16, u16)); 3] = [("wide", (120, 40)), ("middle", (80, 24)), ("small", (40, 12))];

/// Compares a screen at each size with how it looked.
fn at_sizes(name: &str, make: impl Fn((u16, u16)) -> Stage) {
    for (word, size) in SIZES {
        let screen = make(size).screen();
        insta::with_settings!({omit_expression => true, snapshot_path => "snapshots", prepend_module_to_snapshot => false}, {
            insta::assert_snapshot!(format!("{name}_{word}"), screen);
        });
    }
}

fn sample(size: (u16, u16)) -> Stage {
    let mut stage = Stage::with(size, SAMPLE.0, SAMPLE.1);
    stage.model.sample = true;
    stage
}

/// A run in a tab, with the focus on it.
fn shown(size: (u16, u16), story: &fixtures::Story, tab: OutputTab) -> Stage {
    let mut stage = Stage::new(size);
    stage.model.focus = Pane::Output;
    stage.model.tab = tab;
    stage.lived(story);
    stage
}

fn model(id: &str, name: &str, price: f64, supported: &[&str]) -> ModelInfo {
    ModelInfo {
        id: id.into(),
        name: name.into(),
        context_length: Some(131_072),
        prompt_price: Some(price),
        completion_price: Some(4.0 * price),
        supported_parameters: Some(supported.iter().map(|&name| name.into()).collect()),
        ..ModelInfo::default()
    }
}

fn models() -> ModelList {
    let all = ["structured_outputs", "tools", "response_format"];
    ModelList {
        models: [
            model("acme/quick-2", "Acme: Quick 2", 1.5e-7, &all),
            model("acme/thorough-2:free", "Acme: Thorough 2 (free)", 0.0, &all[1..]),
            model("openai/gpt-4o-mini", "OpenAI: GPT-4o mini", 1.5e-7, &all),
            model("zeta/plain", "Zeta: Plain", 2e-6, &[]),
        ]
        .into(),
        age: Some(Duration::from_secs(7_200)),
        ..ModelList::default()
    }
}

fn providers() -> Vec<ProviderRow> {
    let row = |name: &str, kind: &str, address: &str, key| ProviderRow {
        name: name.into(),
        kind: kind.into(),
        address: address.into(),
        key,
        current: name == "openrouter",
        note: String::new(),
    };
    let key = KeyState::Set("OPENROUTER_API_KEY".into());
    vec![
        row("local", "embedded model", "", KeyState::NotNeeded),
        row(
            "openai",
            "OpenAI-compatible",
            "http://localhost:8080/v1",
            KeyState::Missing("OPENAI_API_KEY".into()),
        ),
        row("openrouter", "OpenRouter", "https://openrouter.ai/api/v1", key),
    ]
}

#[test]
fn the_first_time() {
    at_sizes("first_time", sample);
}

#[test]
fn typing() {
    at_sizes("typing", |size| {
        let mut stage = sample(size);
        stage.press("i ctrl-end");
        stage.types("nick?");
        stage
    });
}

#[test]
fn a_schema_with_an_error() {
    at_sizes("schema_error", |size| {
        let text = "{\n  \"type\": \"object\",\n  \"properties\": {\n    \"age\": {\"type\": \"intege\"}\n  }\n}";
        Stage::with(size, text, INPUT)
    });
}

#[test]
fn streaming() {
    at_sizes("streaming", |size| {
        shown(size, &fixtures::streaming(), OutputTab::Fields)
    });
    at_sizes("streaming_raw", |size| {
        shown(size, &fixtures::streaming(), OutputTab::Raw)
    });
}

#[test]
fn ends() {
    at_sizes("valid", |size| shown(size, &fixtures::fallback(), OutputTab::Fields));
    at_sizes("invalid", |size| shown(size, &fixtures::invalid(), OutputTab::Fields));
    at_sizes("failed", |size| shown(size, &fixtures::failed(), OutputTab::Fields));
}

#[test]
fn attempts() {
    at_sizes("attempts_fallback", |size| {
        shown(size, &fixtures::fallback(), OutputTab::Attempts)
    });
    at_sizes("attempts_reask", |size| {
        shown(size, &fixtures::reask(), OutputTab::Attempts)
    });
    at_sizes("attempts_countdown", |size| {
        shown(size, &fixtures::countdown(), OutputTab::Attempts)
    });
}

#[test]
fn repairs_in_the_answer() {
    at_sizes("repaired", |size| shown(size, &fixtures::repaired(), OutputTab::Raw));
}

#[test]
fn the_request() {
    at_sizes("wire_before", |size| {
        let mut stage = Stage::new(size);
        stage.press("3 [");
        stage
    });
    at_sizes("wire_after", |size| shown(size, &fixtures::invalid(), OutputTab::Wire));
}

#[test]
fn pickers() {
    at_sizes("model_picker", |size| {
        let mut stage = Stage::new(size);
        stage.model.favourites = vec!["zeta/plain".into()];
        stage.press("m");
        stage.answer(Answer::Models(models()));
        stage
    });
    at_sizes("mode_picker", |size| {
        let mut stage = Stage::new(size);
        stage.press("x");
        stage
    });
    at_sizes("provider_picker", |size| {
        let mut stage = Stage::new(size);
        stage.answer(Answer::Providers(providers()));
        stage
    });
    at_sizes("palette", |size| {
        let mut stage = Stage::new(size);
        stage.press(": s c");
        stage
    });
}

#[test]
fn help() {
    at_sizes("help", |size| {
        let mut stage = Stage::new(size);
        stage.press("3 ?");
        stage
    });
}

#[test]
fn questions() {
    at_sizes("confirm_quit", |size| {
        let mut stage = Stage::new(size);
        stage.model.recording = Recording::Off;
        stage.press("2 i a esc q");
        stage
    });
    at_sizes("search", |size| {
        let mut stage = shown(size, &fixtures::fallback(), OutputTab::Fields);
        stage.press("/ a d");
        stage
    });
    at_sizes("save", |size| {
        let mut stage = shown(size, &fixtures::fallback(), OutputTab::Fields);
        stage.press("s");
        stage
    });
}

#[test]
fn notes() {
    at_sizes("not_recording", |size| {
        let mut stage = sample(size);
        stage.answer(Answer::NotRecording("the disk is full".into()));
        stage.press("3 y p");
        stage
    });
    at_sizes("next_run", |size| {
        let mut stage = shown(size, &fixtures::fallback(), OutputTab::Fields);
        stage.press("M");
        stage.press("esc");
        stage
    });
}

#[test]
fn how_a_run_ended_is_said_once() {
    let table = [
        ("stopped by the user", "cancelled: stopped by the user", true),
        ("cancelled after 2 s", "cancelled after 2 s", true),
        ("cancelled", "cancelled: cancelled", false),
    ];
    for (reason, words, is_said) in table {
        let story = fixtures::streaming().ended(Outcome::Cancelled, reason, None);
        let screen = shown((120, 40), &story, OutputTab::Fields).screen();
        let below = screen.lines().nth(37).unwrap_or_default();
        assert_eq!(below.contains(words), is_said, "{reason}: {below}");
        assert_eq!(below.contains("cancelled"), is_said, "{below}");
    }
}

#[test]
fn too_small() {
    let mut stage = Stage::new((39, 11));
    insta::assert_snapshot!(stage.screen().trim_end(), @r"
    formwork needs 40x12
    this is 39x11
    ");
    stage.lived(&fixtures::streaming());
    insta::assert_snapshot!(stage.screen().trim_end(), @r"
    formwork needs 40x12
    this is 39x11
    the run goes on
    ");
    for size in [(0, 0), (1, 1), (40, 1), (3, 40)] {
        stage.send(Event::Resize(size.0, size.1));
        stage.screen();
    }
}
