//! What opens above the panes, and what a choice there sets off.

use super::*;
use crate::extract::model::ModelInfo;
use crate::task::{Mode, ModeChoice};
use crate::workbench::effect::Answer;
use crate::workbench::overlays::{Endpoints, KeyState, ModelList, ProviderRow};

fn list() -> ModelList {
    let model = |id: &str| ModelInfo {
        id: id.into(),
        ..ModelInfo::default()
    };
    ModelList {
        models: [model("acme/one"), model("acme/two"), model(MODEL)].into(),
        ..ModelList::default()
    }
}

fn rows() -> Vec<ProviderRow> {
    let row = |name: &str| ProviderRow {
        name: name.into(),
        kind: "OpenAI-compatible".into(),
        address: String::new(),
        key: KeyState::NotNeeded,
        current: name == "openrouter",
        note: String::new(),
    };
    vec![row("local"), row("openrouter")]
}

#[test]
fn esc_closes_each_and_changes_nothing() {
    type IsIt = fn(&Overlay) -> bool;
    let table: [(&str, IsIt); 8] = [
        ("m", |overlay| matches!(overlay, Overlay::Model(_))),
        ("x", |overlay| matches!(overlay, Overlay::Mode(_))),
        (":", |overlay| matches!(overlay, Overlay::Palette(_))),
        ("?", |overlay| matches!(overlay, Overlay::Help(_))),
        ("/", |overlay| matches!(overlay, Overlay::Prompt(_))),
        ("s", |overlay| matches!(overlay, Overlay::Prompt(_))),
        ("o", |overlay| matches!(overlay, Overlay::Prompt(_))),
        ("w", |overlay| matches!(overlay, Overlay::Prompt(_))),
    ];
    for (key, is_it) in table {
        let mut stage = ready();
        let (texts, options) = (stage.texts(), stage.model.options.clone());
        stage.press(key);
        assert!(stage.model.overlay.as_ref().is_some_and(is_it), "{key}");
        stage.types("a");
        stage.send(Event::Paste("b\nc".into()));
        stage.press("down up tab esc");
        assert!(stage.model.overlay.is_none(), "{key}");
        assert_eq!((stage.model.asked.clone(), stage.texts()), (None, texts), "{key}");
        assert_eq!(stage.model.options, options, "{key}");
    }
}

#[test]
fn a_model_is_chosen() {
    let mut stage = ready();
    assert_eq!(stage.press("m"), "list models");
    assert!(stage.model.models.loading);
    stage.answer(Answer::Models(list()));
    stage.types("two");
    assert_eq!(stage.press("enter"), "");
    assert_eq!(stage.model.options.model, "acme/two");
    assert!(stage.model.overlay.is_none());
    assert!(stage.model.drafted.due.is_some());
    assert_eq!(stage.model.settings().model, "acme/two");
    // Any id can be typed.
    stage.press("m");
    stage.types("zeta/own");
    stage.press("enter");
    assert_eq!(stage.model.options.model, "zeta/own");
}

#[test]
fn favourites_are_kept_at_once() {
    let mut stage = ready();
    stage.press("m");
    stage.answer(Answer::Models(list()));
    stage.types("one");
    assert_eq!(stage.press("ctrl-f"), "keep acme/one");
    assert_eq!(stage.model.favourites, ["acme/one"]);
    assert!(stage.model.overlay.is_some());
}

#[test]
fn endpoints_are_asked_for_where_the_cursor_rests() {
    let mut stage = ready();
    stage.press("m");
    stage.answer(Answer::Models(list()));
    let due = stage.model.rest_due.expect("it rests on a model");
    stage.now = due - 1;
    stage.press("down");
    assert!(stage.model.rest_due.is_some_and(|next| next > due), "it has moved on");
    let told = stage.wait(300);
    assert!(told.starts_with("list endpoints of "), "{told}");
    assert_eq!(stage.wait(300), "", "once");
    let id = told.trim_start_matches("list endpoints of ").to_owned();
    stage.answer(Answer::Endpoints(id, Endpoints::Failed("no network".into())));
    assert!(stage.screen().contains("no network"));
    stage.press("esc");
    assert_eq!(stage.model.rest_due, None);
    // A server without such a list is not asked.
    let mut stage = ready();
    if let ProviderState::Ready(info) = &mut stage.model.provider {
        info.has_endpoints = false;
    }
    stage.press("m");
    stage.answer(Answer::Models(list()));
    assert_eq!(stage.model.rest_due, None);
}

#[test]
fn a_mode_is_chosen_by_its_plan() {
    let mut stage = ready();
    stage.press("x");
    stage.types("json");
    stage.press("enter");
    assert_eq!(stage.model.options.mode, ModeChoice::Only(Mode::Json));
    let mut stage = Stage::with((120, 40), "", "");
    stage.press("x");
    assert!(stage.screen().contains("no plan yet"), "{}", stage.screen());
    stage.types("tools");
    stage.press("enter");
    assert_eq!(stage.model.options.mode, ModeChoice::Only(Mode::Tools));
}

#[test]
fn a_provider_is_chosen() {
    let mut stage = ready();
    assert_eq!(stage.press("P"), "list providers");
    stage.answer(Answer::Providers(rows()));
    assert!(matches!(stage.model.overlay, Some(Overlay::Provider(_))));
    assert_eq!(stage.press("up enter"), "open local");
    assert_eq!(stage.model.provider, ProviderState::Opening("local".into()));
    assert_eq!(stage.model.options.model, MODEL);
    let local = crate::workbench::model::ProviderInfo {
        name: "local".into(),
        model: Some("SmolLM2-135M".into()),
        ..stage::provider()
    };
    stage.answer(Answer::Provider(Ok(local)));
    stage.settle();
    stage.press("P");
    stage.answer(Answer::Providers(rows()));
    stage.press("enter");
    assert_eq!(
        stage.model.options.model, "",
        "the only model of one means nothing to another"
    );
}

#[test]
fn the_palette_does_what_it_lists_and_says_what_it_cannot() {
    let mut stage = ready();
    stage.press(":");
    stage.types("full-screen");
    stage.press("enter");
    assert!(stage.model.full && stage.model.overlay.is_none());
    stage.press("ctrl-p");
    stage.types("fold-all");
    stage.press("enter");
    assert!(stage.model.overlay.is_some(), "not in an editor");
    assert!(stage.screen().contains("only in Output"));
    stage.press("esc i ctrl-p");
    stage.types("run");
    assert_eq!(stage.press("enter"), "journal draft, start 1");
}

#[test]
fn help_begins_with_the_keys_of_the_place() {
    let mut stage = ready();
    stage.press("3 ?");
    let output = stage.screen();
    stage.press("esc 1 f1");
    assert_ne!(stage.screen(), output);
    stage.press("q");
    assert_eq!(stage.told(), "");
}

#[test]
fn nothing_is_loaded_where_nothing_is_typed() {
    let mut stage = ready();
    stage.press("3");
    let mut effects = Vec::new();
    super::super::actions::act(
        &mut stage.model,
        crate::workbench::action::Action::LoadFile,
        &mut effects,
    );
    assert!(stage.model.overlay.is_none());
    assert!(toasts(&stage.model).starts_with("files are loaded into"));
}

#[test]
fn ctrl_c_closes_and_ctrl_q_quits_above_everything() {
    for key in ["m", "x", ":", "?", "/", "s", "o"] {
        let mut stage = ready();
        stage.press(key);
        stage.told();
        assert_eq!(stage.press("ctrl-c"), "", "{key}");
        assert!(stage.model.overlay.is_none(), "{key}");
        stage.press(key);
        stage.told();
        assert_eq!(stage.press("ctrl-z"), "suspend", "{key}");
        assert_eq!(stage.press("ctrl-q"), "quit", "{key}");
    }
}
