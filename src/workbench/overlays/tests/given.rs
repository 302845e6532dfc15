//! Overlays to try things on, with hostile names among the harmless.

use super::super::*;
use crate::event::PlanStep;
use crate::extract::model::ModelInfo;
use crate::provider::openrouter::catalogue::EndpointInfo;
use crate::task::Mode;
use crate::workbench::styles::{Glyphs, Styles};
use std::collections::BTreeMap;
use std::time::Duration;

pub(in crate::workbench::overlays) fn look() -> Look {
    Look {
        styles: Styles::default(),
        glyphs: Glyphs::UNICODE,
    }
}

pub(in crate::workbench::overlays) fn screen() -> Rect {
    Rect::new(0, 0, 80, 24)
}

pub(in crate::workbench::overlays) fn model(
    id: &str,
    name: &str,
    prices: Option<(f64, f64)>,
    supported: &[&str],
) -> ModelInfo {
    ModelInfo {
        id: id.into(),
        name: name.into(),
        context_length: Some(131_072),
        max_completion_tokens: Some(16_384),
        prompt_price: prices.map(|(prompt, _)| prompt),
        completion_price: prices.map(|(_, completion)| completion),
        supported_parameters: Some(supported.iter().map(|&name| name.into()).collect()),
        ..ModelInfo::default()
    }
}

pub(in crate::workbench::overlays) fn list() -> ModelList {
    let all = ["structured_outputs", "tools", "response_format"];
    ModelList {
        models: [
            model("acme/quick-2", "Acme: Quick 2", Some((3.75e-8, 1e-6)), &all),
            ModelInfo {
                expires: Some("2026-12-31".into()),
                ..model(
                    "acme/thorough-2-with-a-rather-long-name:free",
                    "Acme: Thorough 2 (free)",
                    Some((0.0, 0.0)),
                    &all[1..],
                )
            },
            model("beta/router", "", None, &[]),
            ModelInfo {
                supported_parameters: None,
                ..model(
                    "evil/\u{1b}[31mred\u{202e}\n日本語",
                    "name\u{7}\u{200b} of evil",
                    Some((1.5e-5, 7.5e-5)),
                    &[],
                )
            },
            model(
                "gamma/deep-thought",
                "Gamma: Deep Thought",
                Some((2e-6, 1.2e-5)),
                &all[1..2],
            ),
        ]
        .into(),
        age: Some(Duration::from_secs(3 * 3_600 + 60)),
        stale: false,
        error: None,
        loading: false,
    }
}

fn endpoint(supported: &[&str]) -> EndpointInfo {
    EndpointInfo {
        supported_parameters: Some(supported.iter().map(|&name| name.into()).collect()),
        ..EndpointInfo::default()
    }
}

pub(in crate::workbench::overlays) fn choices() -> ModelChoices {
    let mut endpoints = vec![endpoint(&["tools", "structured_outputs"]); 3];
    endpoints.extend(vec![endpoint(&["tools", "response_format"]); 8]);
    ModelChoices {
        list: list(),
        current: Some("acme/quick-2".into()),
        recent: vec!["acme/quick-2".into(), "gone/model".into()],
        favourites: vec!["gamma/deep-thought".into()],
        endpoints: Some(BTreeMap::from([("acme/quick-2".into(), Endpoints::Known(endpoints))])),
        soon: "2027-01-31".into(),
    }
}

fn step(mode: Mode, reason: &str) -> PlanStep {
    PlanStep {
        mode,
        reason: reason.into(),
    }
}

pub(in crate::workbench::overlays) fn modes() -> ModePicker {
    let json = || step(Mode::Json, "the model lists response_format");
    let prompt = || step(Mode::Prompt, "every model can be asked in words");
    let tools = "the model lists tools; structured passed over: the schema has free-form maps, which strict schemas cannot express";
    let chosen = "chosen; sent without `strict`, because the schema has free-form maps";
    ModePicker::new(
        vec![
            (ModeChoice::Auto, vec![step(Mode::Tools, tools), json(), prompt()]),
            (
                ModeChoice::Only(Mode::Tools),
                vec![step(Mode::Tools, "chosen"), json(), prompt()],
            ),
            (
                ModeChoice::Only(Mode::Structured),
                vec![step(Mode::Structured, chosen), json(), prompt()],
            ),
            (ModeChoice::Only(Mode::Json), vec![step(Mode::Json, "chosen"), prompt()]),
            (ModeChoice::Only(Mode::Prompt), vec![]),
        ],
        ModeChoice::Auto,
    )
}

pub(in crate::workbench::overlays) fn providers() -> ProviderPicker {
    let row = |name: &str, kind: &str, address: &str, key, note: &str| ProviderRow {
        name: name.into(),
        kind: kind.into(),
        address: address.into(),
        key,
        current: name == "openrouter",
        note: note.into(),
    };
    ProviderPicker::new(vec![
        row(
            "local",
            "embedded model",
            "",
            KeyState::NotNeeded,
            "for a first look, without a network",
        ),
        row(
            "openrouter",
            "OpenRouter",
            "https://openrouter.ai/api/v1",
            KeyState::Missing("OPENROUTER_API_KEY".into()),
            "",
        ),
        row(
            "ev\u{1b}il日本",
            "OpenAI-compatible",
            "http://localhost:8080/v1/\u{202e}a-long/path/that/goes/on",
            KeyState::Set("EVIL_KEY".into()),
            "",
        ),
    ])
}

fn keys_of(action: Action) -> String {
    let keys = action
        .row()
        .and_then(|row| row.keys.first())
        .map(|(_, keys)| keys.join("  "));
    keys.unwrap_or_default()
}

pub(in crate::workbench::overlays) fn blocked(action: Action) -> Option<&'static str> {
    (action == Action::CopyCurl).then_some("nothing was sent yet")
}

pub(in crate::workbench::overlays) fn palette() -> Palette {
    Palette::new(&|_| true, &keys_of, &blocked)
}

pub(in crate::workbench::overlays) fn help() -> Help {
    let entry = |keys: &str, does: &str| (keys.to_owned(), does.to_owned());
    Help::new(vec![
        HelpGroup {
            title: "Output".into(),
            entries: vec![
                entry("Space", "fold or unfold what is under the cursor"),
                entry("y y", "copy the value under the cursor"),
            ],
        },
        HelpGroup {
            title: "Everywhere".into(),
            entries: vec![
                entry("r  F5  Alt-Enter  Ctrl-R", "run the task"),
                entry(
                    "Alt-M",
                    "let the mouse scroll and choose panes, or leave it to the terminal",
                ),
            ],
        },
    ])
}

pub(in crate::workbench::overlays) fn confirm() -> Confirm {
    let choice = |letter, words: &str, answer| Choice {
        letter,
        words: words.into(),
        answer,
    };
    Confirm::new(
        "The schema is not written.",
        vec!["Lost would be: changes to schemas/an-invoice-with-a-long\u{1b}-name.json".into()],
        ('s', "stay"),
        vec![
            choice('w', "write it", Answer::Overwrite("schema.json".into())),
            choice('q', "quit without", Answer::Quit),
        ],
    )
}

pub(in crate::workbench::overlays) fn overlays() -> Vec<Overlay> {
    let mut save = Prompt::new(Purpose::SaveTo, "/tmp/answers/in\u{1b}voice.json");
    save.set_error("/tmp/answers is not there: make the folder first or choose another");
    let mut search = Prompt::new(Purpose::Search, "total");
    search.set_note("3 of 12");
    vec![
        Overlay::Model(ModelPicker::new(choices())),
        Overlay::Mode(modes()),
        Overlay::Provider(providers()),
        Overlay::Palette(palette()),
        Overlay::Help(help()),
        Overlay::Confirm(confirm()),
        Overlay::Prompt(save),
        Overlay::Prompt(search),
    ]
}
