//! What effects come to: schemas, plans, providers; late answers.

use super::*;
use crate::schema::Schema;
use crate::task::ModeChoice;
use crate::workbench::effect::{Answer, Effect};
use serde_json::json;

/// The check that is to be done.
fn check_of(stage: &mut Stage) -> (u64, String) {
    let check = stage.take().into_iter().find_map(|effect| match effect {
        Effect::Check { revision, text, .. } => Some((revision, text)),
        _ => None,
    });
    check.expect("a check is wanted")
}

#[test]
fn an_answer_about_an_older_text_is_not_looked_at() {
    let mut stage = Stage::with((120, 40), "", INPUT);
    stage.press("i");
    stage.send(Event::Paste("na".into()));
    let (older, text) = check_of(&mut stage);
    stage.send(Event::Paste("me, age intt".into()));
    stage.answer(Answer::Checked {
        revision: older,
        result: Schema::load(&text, None),
    });
    assert!(stage.model.current_schema().is_none());
    assert_ne!(stage.model.check.known, Some(older));
    stage.settle();
    assert!(stage.model.check.error.is_some());
    assert_eq!(stage.model.check.known, Some(stage.model.schema.revision()));
}

#[test]
fn the_last_good_schema_stays_while_the_text_is_none() {
    let mut stage = ready();
    stage.press("i x");
    assert!(stage.model.check.error.is_some());
    assert!(stage.model.check.schema.is_some() && stage.model.current_schema().is_none());
    stage.press("alt-u");
    assert!(stage.model.current_schema().is_some());
    stage.model.schema.set_text("");
    stage.press("x backspace");
    assert!(stage.model.check.schema.is_none(), "an empty text has no schema");
}

#[test]
fn a_late_plan_is_not_taken() {
    let mut stage = ready();
    let before = stage.model.planned.plans.clone();
    assert_eq!(before.len(), ModeChoice::ALL.len());
    let answer = |revision| Answer::Planned {
        revision,
        plans: Vec::new(),
        body: json!({}),
        changes: Vec::new(),
    };
    let now = stage.model.planned.revision;
    stage.answer(answer(now - 1));
    assert_eq!(stage.model.planned.plans, before);
    stage.answer(answer(now));
    assert_eq!(stage.model.planned.plans, Vec::new());
}

#[test]
fn a_plan_is_made_anew_when_what_it_depends_on_changes() {
    for keys in ["M", "i space", "2 i space"] {
        let mut stage = ready();
        let before = stage.model.planned.revision;
        stage.press(keys);
        assert!(stage.model.planned.revision > before, "{keys}");
        assert_eq!(stage.model.planned.plans.len(), ModeChoice::ALL.len(), "{keys}");
    }
}

#[test]
fn providers_come_and_fail() {
    let mut stage = ready();
    let local = crate::workbench::model::ProviderInfo {
        name: "local".into(),
        model: Some("SmolLM2-135M".into()),
        notices: vec!["a small model".into()],
        ..stage::provider()
    };
    stage.answer(Answer::Provider(Ok(local)));
    stage.settle();
    assert_eq!(stage.model.options.model, "SmolLM2-135M", "it has only one");
    assert_eq!(toasts(&stage.model), "a small model");
    assert_eq!(stage.model.settings().provider, "local");
    stage.answer(Answer::Provider(Err("the key command failed".into())));
    assert_eq!(stage.model.settings().provider, "no provider");
    assert_eq!(stage.press("r"), "");
    assert!(toasts(&stage.model).starts_with("the key command failed"));
}

#[test]
fn words_about_copies_files_and_the_session() {
    let table = [
        (Answer::Copied(Ok("value sent".into())), "value sent"),
        (Answer::Copied(Err("no clipboard".into())), "no clipboard"),
        (Answer::Notice("careful".into()), "careful"),
        (
            Answer::Edited {
                pane: EditorPane::Input,
                result: Ok(None),
            },
            "nothing was changed",
        ),
        (
            Answer::Edited {
                pane: EditorPane::Input,
                result: Err("vi is not there".into()),
            },
            "vi is not there",
        ),
        (
            Answer::NotRecording("the disk is full".into()),
            "not recording any more: the disk is full",
        ),
    ];
    for (answer, words) in table {
        let mut stage = ready();
        let before = stage.texts();
        stage.answer(answer);
        assert_eq!(toasts(&stage.model), words);
        assert_eq!(stage.texts(), before);
    }
    let mut stage = ready();
    stage.model.recording = Recording::Ready;
    stage.answer(Answer::Recording("a.jsonl".into()));
    assert_eq!(stage.model.recording, Recording::Into("a.jsonl".into()));
    stage.answer(Answer::NotRecording("the disk is full".into()));
    assert_eq!(stage.model.recording, Recording::Off);
}

#[test]
fn the_users_editor_hands_a_text_back() {
    let mut stage = ready();
    assert!(stage.press("2 e").starts_with("edit Input Ada"));
    stage.answer(Answer::Edited {
        pane: EditorPane::Input,
        result: Ok(Some("Grace Hopper".into())),
    });
    assert_eq!(stage.texts()[1], "Grace Hopper");
    stage.press("u");
    assert_eq!(stage.texts()[1], INPUT, "and can be taken back");
    assert_eq!(stage.press("3 e"), "", "there is nothing to edit");
}

#[test]
fn toasts_leave_by_themselves() {
    let mut stage = ready();
    stage.answer(Answer::Notice("careful".into()));
    let until = due(&stage.model, stage.now).expect("it leaves");
    stage.now = until;
    assert!(stage.send(Event::Due), "it is drawn without it");
    assert!(stage.model.toasts.is_empty());
    assert!(!stage.send(Event::Due));
}

#[test]
fn the_mode_is_kept_where_the_model_changes() {
    let mut stage = ready();
    stage.press("M");
    let mode = stage.model.options.mode;
    assert_ne!(mode, ModeChoice::Auto);
    stage.answer(Answer::Provider(Ok(stage::provider())));
    assert_eq!(stage.model.options.mode, mode);
    assert_eq!(stage.model.options.model, MODEL);
}
