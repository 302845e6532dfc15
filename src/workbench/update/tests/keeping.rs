//! What is kept: drafts in the session, texts in files, and what is asked before anything is lost.

use super::*;
use crate::event::{Draft, RunEvent};
use crate::workbench::effect::{Answer, Effect, SaveError};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

fn drafts(stage: &mut Stage) -> Vec<Draft> {
    let drafts = stage.take().into_iter().filter_map(|effect| match effect {
        Effect::Journal(stamped) => Some(stamped.event),
        _ => None,
    });
    drafts
        .map(|event| match event {
            RunEvent::Draft(draft) => draft,
            other => panic!("no draft: {other:?}"),
        })
        .collect()
}

#[test]
fn a_draft_is_written_two_seconds_after_the_last_key_and_tells_what_changed() {
    let mut stage = ready();
    stage.pass(10_000);
    assert_eq!(drafts(&mut stage), [], "nothing was touched");
    stage.press("i");
    stage.send(Event::Key(stage::key_of("space")));
    stage.now += 1_500;
    stage.send(Event::Key(stage::key_of("space")));
    let last = stage.now;
    stage.send(Event::Due);
    assert_eq!(stage.model.drafted.due, Some(last + 2_000));
    stage.now = last + 2_000;
    stage.send(Event::Due);
    stage.settle();
    let written = drafts(&mut stage);
    assert_eq!(written.len(), 1);
    assert_eq!(written[0].input.as_deref(), Some(INPUT), "the first is of everything");
    assert_eq!(written[0].provider.as_deref(), Some("openrouter"));
    stage.press("esc M");
    stage.send(Event::Leaving);
    let mode = Draft {
        mode: Some("structured".into()),
        ..Draft::default()
    };
    assert_eq!(drafts(&mut stage), [mode]);
    assert_eq!(
        stage.model.record.draft.mode.as_deref(),
        Some("structured"),
        "the record has it, too"
    );
    // What was changed back is not told.
    stage.press("M M M M M");
    stage.pass(2_000);
    assert_eq!(drafts(&mut stage), []);
    stage.send(Event::Leaving);
    assert_eq!(drafts(&mut stage), []);
}

#[test]
fn a_text_that_goes_and_comes_is_told() {
    let mut stage = ready();
    stage.press("2 i a");
    stage.pass(2_000);
    stage.take();
    stage.press("alt-u");
    stage.pass(2_000);
    let input = Draft {
        input: Some(INPUT.into()),
        ..Draft::default()
    };
    assert_eq!(drafts(&mut stage), [input]);
}

#[test]
fn the_sample_is_one_until_it_is_touched() {
    let mut stage = ready();
    stage.model.sample = true;
    stage.press("tab j 3 ] ?");
    assert!(stage.model.sample);
    stage.press("esc 1 i x");
    assert!(!stage.model.sample);
}

fn file(stage: &mut Stage) -> PathBuf {
    let path = PathBuf::from("person.json");
    stage.model.schema_file = Some(SchemaFile {
        path: path.clone(),
        seen: Some(SystemTime::UNIX_EPOCH),
        revision: stage.model.schema.revision(),
    });
    path
}

fn later(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

#[test]
fn the_schema_goes_to_its_file() {
    let mut stage = Stage::with((120, 40), "a", INPUT);
    assert_eq!(stage.press("w"), "");
    assert!(
        matches!(stage.model.overlay, Some(Overlay::Prompt(_))),
        "it has none yet"
    );
    stage.press("esc");
    let path = file(&mut stage);
    assert_eq!(stage.press("i x esc w"), "save schema to person.json over it: xa");
    stage.answer(Answer::Saved {
        path,
        result: Ok(Some(later(1))),
        schema: true,
    });
    assert_eq!(toasts(&stage.model), "written: person.json");
    let revision = stage.model.schema.revision();
    let file = stage.model.schema_file.as_ref().unwrap();
    assert_eq!((file.seen, file.revision), (Some(later(1)), revision));
}

#[test]
fn a_file_that_is_there_is_asked_about() {
    let mut stage = Stage::with((120, 40), "a", "some text");
    stage.press("2 s");
    stage.press("ctrl-u o u t enter");
    stage.press("s ctrl-u");
    stage.types("out");
    assert_eq!(stage.press("enter"), "save text to out: some text");
    let exists = || Answer::Saved {
        path: "out".into(),
        result: Err(SaveError::Exists),
        schema: false,
    };
    stage.answer(exists());
    assert!(matches!(stage.model.overlay, Some(Overlay::Confirm(_))));
    assert_eq!(stage.press("enter"), "", "a hasty Enter keeps the file");
    stage.press("s ctrl-u");
    stage.types("out");
    stage.press("enter");
    stage.answer(exists());
    assert_eq!(stage.press("r"), "save text to out over it: some text");
    // The text that was to be written is not known any more: nothing is written.
    stage.model.asked = None;
    stage.answer(exists());
    assert!(stage.model.overlay.is_none());
    assert!(toasts(&stage.model).starts_with("not written: out is there already"));
    stage.answer(Answer::Saved {
        path: "out".into(),
        result: Err(SaveError::Failed("cannot write out: no room".into())),
        schema: false,
    });
    assert!(toasts(&stage.model).starts_with("cannot write out: no room"));
}

#[test]
fn a_file_is_loaded_into_the_pane() {
    let mut stage = ready();
    stage.press("2 o");
    stage.types("in.txt");
    assert_eq!(stage.press("enter"), "read in.txt into Input");
    stage.answer(Answer::Read {
        path: "in.txt".into(),
        pane: EditorPane::Input,
        result: Ok(("Grace".into(), Some(later(1)))),
    });
    assert_eq!(stage.texts()[1], "Grace");
    assert_eq!(stage.model.schema_file, None);
    stage.press("u");
    assert_eq!(stage.texts()[1], INPUT);
    stage.answer(Answer::Read {
        path: "people.json".into(),
        pane: EditorPane::Schema,
        result: Ok(("name".into(), Some(later(1)))),
    });
    stage.settle();
    assert_eq!(
        stage.model.schema_file.as_ref().map(|file| file.seen),
        Some(Some(later(1)))
    );
    assert_eq!(
        stage
            .model
            .current_schema()
            .map(|schema| schema.name().to_owned())
            .as_deref(),
        Some("people")
    );
    let before = stage.texts();
    stage.answer(Answer::Read {
        path: "none".into(),
        pane: EditorPane::Input,
        result: Err("cannot read none".into()),
    });
    assert_eq!(stage.texts(), before);
    assert!(toasts(&stage.model).starts_with("cannot read none"));
}

#[test]
fn a_schema_file_that_changes_is_read_again() {
    let mut stage = Stage::with((120, 40), "a", INPUT);
    file(&mut stage);
    stage.send(Event::Tick);
    assert_eq!(stage.told(), "look at person.json");
    stage.answer(Answer::FileChanged {
        text: "a, b".into(),
        at: Some(later(1)),
    });
    stage.settle();
    assert_eq!(stage.texts()[0], "a, b", "nothing was typed here");
    assert!(stage.model.current_schema().is_some());
    stage.answer(Answer::FileChanged {
        text: "a, b, c".into(),
        at: Some(later(2)),
    });
    assert_eq!(stage.texts()[0], "a, b, c", "and again");
}

#[test]
fn what_was_typed_is_not_read_over() {
    let mut stage = Stage::with((120, 40), "a", INPUT);
    file(&mut stage);
    stage.press("i x esc");
    let changed = |seconds| Answer::FileChanged {
        text: "b".into(),
        at: Some(later(seconds)),
    };
    stage.press(":");
    stage.answer(changed(1));
    assert!(
        matches!(stage.model.overlay, Some(Overlay::Palette(_))),
        "not above what is open"
    );
    let seen = |stage: &Stage| stage.model.schema_file.as_ref().and_then(|file| file.seen);
    assert_eq!(seen(&stage), Some(later(0)), "it is looked at again");
    stage.press("esc");
    stage.answer(changed(1));
    assert!(matches!(stage.model.overlay, Some(Overlay::Confirm(_))));
    assert_eq!(seen(&stage), Some(later(1)));
    stage.press("esc");
    assert_eq!(stage.texts()[0], "xa");
    stage.answer(changed(2));
    stage.press("r");
    assert_eq!(stage.texts()[0], "b");
    stage.press("u");
    assert_eq!(stage.texts()[0], "xa", "and can be taken back");
    // The same text in the file as here: both are at one again.
    stage.answer(Answer::FileChanged {
        text: "xa".into(),
        at: Some(later(3)),
    });
    assert!(stage.model.overlay.is_none());
    stage.answer(changed(4));
    assert_eq!(stage.texts()[0], "b");
}
