//! Replays: time, keys, another schema, leaving; and what holds whatever is pressed.

use super::super::actions;
use super::*;
use crate::record::Record;
use crate::session::history::MarkerKind;
use crate::workbench::action::ACTIONS;
use crate::workbench::effect::{Answer, Effect, Rejudged};
use crate::workbench::panes::fixtures::{Story, replayed};
use crate::workbench::replay::Behind;
use crossterm::event::{KeyCode, KeyEvent};
use proptest::prelude::*;

const SIZE: (u16, u16) = (120, 40);

fn stage() -> Stage {
    Stage::replaying(SIZE, &replayed())
}

/// The position, and the attempts and the value of the run by then.
fn place(stage: &Stage) -> (usize, usize, String) {
    let run = stage.model.run();
    let value = run.and_then(crate::record::RunRecord::value);
    (
        position(stage),
        run.map_or(0, |run| run.attempts.len()),
        value.map(|value| value.to_string()).unwrap_or_default(),
    )
}

fn position(stage: &Stage) -> usize {
    stage.model.replay.as_ref().unwrap().player.position()
}

/// What the events up to where it stands add up to.
fn lived(stage: &Stage) -> Record {
    let replay = stage.model.replay.as_ref().unwrap();
    let mut record = Record::default();
    replay.player.history().seek(&mut record, 0, replay.player.position());
    record
}

#[test]
fn it_opens_where_the_run_begins_with_its_texts() {
    let stage = stage();
    assert_eq!(place(&stage), (1, 0, String::new()));
    assert!(stage.model.on_timeline());
    assert_eq!(stage.texts()[0], fixtures_schema());
    assert!(stage.texts()[1].starts_with("Ada Lovelace"));
    assert_eq!(due(&stage.model, stage.now), None, "nothing ticks while it pauses");
    assert_eq!(stage.model.options.model, "openai/gpt-4o-mini");
}

fn fixtures_schema() -> &'static str {
    crate::workbench::panes::fixtures::SCHEMA
}

#[test]
fn keys_move_it() {
    let all = replayed().recorded().history.tape().len();
    let fields: Vec<usize> = {
        let recorded = replayed().recorded();
        let markers = recorded.history.markers().iter();
        let fields = markers.filter(|marker| marker.kind == MarkerKind::FieldClosed);
        fields.map(|marker| marker.position()).collect()
    };
    let table: [(&str, usize); 13] = [
        (".", 2),
        (". . ,", 2),
        ("G", all),
        ("end", all),
        ("G g", 0),
        ("G home", 0),
        ("W", 2),
        ("W W", 6),
        ("G B B", 2),
        ("w", fields[0]),
        ("w w b", fields[0]),
        ("0", 0),
        ("right left", 1),
    ];
    for (keys, expected) in table {
        let mut stage = stage();
        assert_eq!(stage.press(keys), "", "{keys}");
        assert_eq!(position(&stage), expected, "{keys}");
        assert_eq!(stage.model.record, lived(&stage), "{keys}");
    }
    let mut stage = stage();
    stage.press("G ,");
    assert!(position(&stage) < all);
    assert_eq!(stage.model.record, lived(&stage));
}

#[test]
fn it_plays_what_was_recorded_as_it_came() {
    let mut stage = stage();
    stage.press("space");
    let mut seen = Vec::new();
    while let Some(at) = due(&stage.model, stage.now) {
        let ms = at - stage.now;
        assert_eq!(stage.wait(ms.max(1)), "");
        assert_eq!(stage.model.record, lived(&stage));
        if seen.last() != Some(&position(&stage)) {
            seen.push(position(&stage));
        }
        if !stage.model.replay.as_ref().unwrap().player.is_playing() {
            break;
        }
    }
    let all = replayed().recorded().history.tape().len();
    assert_eq!(seen.last(), Some(&all));
    assert!(seen.len() > 6, "{seen:?}");
    assert_eq!(place(&stage).2, r#"{"name":"Ada","age":36,"role":"admin"}"#);
    // The five seconds in which nothing came were not sat through.
    assert!(stage.now < 6_000, "{}", stage.now);
    // At its end it begins again.
    stage.press("space");
    assert!(position(&stage) < all);
}

#[test]
fn it_stands_still_while_it_pauses_and_runs_faster_and_slower() {
    let mut stage = stage();
    stage.press("space");
    stage.pass(50);
    stage.press("space");
    let there = place(&stage);
    stage.pass(60_000);
    assert_eq!(place(&stage), there);
    let speed = |stage: &Stage| stage.model.replay.as_ref().unwrap().player.speed();
    for (key, expected) in [(">", 2.0), (">", 4.0), ("<", 2.0), ("=", 1.0), ("<", 0.5)] {
        stage.press(key);
        assert!((speed(&stage) - expected).abs() < 1e-9, "{key}");
    }
}

#[test]
fn the_fallback_can_be_stepped_over_both_ways() {
    let mut stage = stage();
    stage.press("W W");
    assert_eq!(place(&stage).1, 2);
    stage.press("] ]");
    assert!(stage.screen().contains("json"), "{}", stage.screen());
    stage.press(",");
    assert_eq!(place(&stage).1, 1);
    assert!(!stage.screen().contains("fallback"), "{}", stage.screen());
    stage.press(".");
    assert_eq!(place(&stage).1, 2);
}

#[test]
fn the_focus_goes_round_by_way_of_the_timeline() {
    let mut stage = stage();
    let mut seen = Vec::new();
    for _ in 0..5 {
        stage.press("tab");
        seen.push((stage.model.focus, stage.model.on_timeline()));
    }
    let expected = [
        (Pane::Schema, false),
        (Pane::Input, false),
        (Pane::Output, false),
        (Pane::Output, true),
        (Pane::Schema, false),
    ];
    assert_eq!(seen, expected);
    stage.press("shift-tab");
    assert!(stage.model.on_timeline());
    stage.press("shift-tab");
    assert!(!stage.model.on_timeline() && stage.model.focus == Pane::Output);
    stage.press("4");
    assert!(stage.model.on_timeline());
    stage.press("tab 4");
    assert!(stage.model.on_timeline());
    // Digits are panes again elsewhere.
    stage.press("tab 2");
    assert_eq!(stage.model.focus, Pane::Input);
    stage.press("esc");
    assert!(stage.model.on_timeline());
}

#[test]
fn nothing_is_run_chosen_or_typed_over_what_was_recorded() {
    for keys in ["r", "f5", "m", "M", "x", "P", "2 i", "2 e", "2 o", "tab tab u"] {
        let mut stage = stage();
        stage.press("tab");
        let before = stage.texts();
        assert_eq!(stage.press(keys), "", "{keys}");
        assert!(stage.model.overlay.is_none() && !stage.model.typing, "{keys}");
        assert_eq!(stage.texts(), before);
    }
    let mut stage = stage();
    stage.press("tab 2");
    stage.send(Event::Paste("more".into()));
    assert!(stage.texts()[1].starts_with("Ada"));
    assert!(toasts(&stage.model).contains("draft"), "{}", toasts(&stage.model));
    // Elsewhere the keys of a replay say where they mean something.
    let mut live = ready();
    live.press("3 e");
    assert!(toasts(&live.model).starts_with("only in a replay"));
}

/// All but those that leave the replay.
#[test]
fn no_action_changes_the_recorded_texts() {
    for row in ACTIONS {
        let mut stage = stage();
        stage.press("tab 2");
        let before = stage.texts();
        actions::act(&mut stage.model, row.action, &mut Vec::new());
        if stage.model.replay.is_some() {
            assert_eq!(stage.texts()[1..], before[1..], "{row:?}");
        }
    }
}

#[test]
fn another_schema_is_tried_and_taken_back() {
    let mut stage = stage();
    stage.press("G tab");
    let before = stage.model.record.clone();
    let text = fixtures_schema().replace("\"minimum\":0", "\"minimum\":50");
    stage.model.schema.set_text(&text);
    stage.press("i");
    // A key that changes nothing of it.
    stage.types(" ");
    assert_eq!(stage.told(), "");
    let what_if = |stage: &Stage| {
        let replay = stage.model.replay.as_ref().unwrap();
        replay.what_if.differences.as_ref().map(|found| found.len())
    };
    assert_eq!(what_if(&stage), Some(1));
    let verdict = stage.model.run().and_then(|run| run.verdict()).unwrap().errors.clone();
    assert_eq!(verdict[0].pointer, "/age");
    let screen = stage.screen();
    assert!(
        screen.contains("what if: 1 difference") && screen.contains("/age: "),
        "{screen}"
    );
    // The same everywhere in the recording.
    stage.press("esc 4 g G");
    assert_eq!(what_if(&stage), Some(1));
    assert_eq!(stage.model.record, lived(&stage));
    stage.press("tab u u u");
    assert_eq!(stage.texts()[0], fixtures_schema());
    assert_eq!(what_if(&stage), None);
    assert_eq!(stage.model.record, before);
    assert!(!stage.screen().contains("what if"), "{}", stage.screen());
}

#[test]
fn a_late_judgement_is_dropped() {
    let mut stage = stage();
    stage.press("G tab i");
    stage.send(Event::Key(KeyEvent::from(KeyCode::Char(' '))));
    let check = stage.take();
    assert!(matches!(check.as_slice(), [Effect::Check { .. }]), "{check:?}");
    stage.effects_are(check);
    stage.settle();
    // Judged once; the next key comes before the answer.
    stage.send(Event::Key(KeyEvent::from(KeyCode::Char(' '))));
    let history = std::sync::Arc::clone(&stage.model.replay.as_ref().unwrap().recorded);
    stage.answer(Answer::Rejudged {
        revision: 0,
        rejudged: Rejudged {
            history,
            differences: Vec::new(),
            position: 0,
            record: Box::default(),
        },
    });
    stage.settle();
    assert!(stage.model.replay.as_ref().unwrap().what_if.differences.is_some());
    assert_eq!(stage.model.record, lived(&stage));
}

#[test]
fn the_moment_becomes_a_draft() {
    let mut stage = stage();
    let told = stage.press("G e");
    assert!(told.starts_with("go to Draft"), "{told}");
    assert!(told.contains("Ada Lovelace") && told.contains("openai/gpt-4o-mini") && told.contains("openrouter"));
    // With the schema that is tried.
    let mut tried = self::stage();
    tried.press("G tab i");
    tried.types(" ");
    tried.press("esc 3");
    let told = tried.press("e");
    assert!(told.starts_with("go to Draft"), "{told}");
    let unsaved = Behind::Workbench { unsaved: true };
    let mut nested = Stage::replay(SIZE, replayed().recorded(), unsaved);
    assert_eq!(nested.press("e"), "");
    assert!(nested.press("d").starts_with("go to Draft"));
}

#[test]
fn leaving() {
    let nested = || Stage::replay(SIZE, replayed().recorded(), Behind::Workbench { unsaved: false });
    assert_eq!(stage().press("q"), "quit");
    assert_eq!(stage().press("ctrl-c"), "quit");
    assert_eq!(stage().press("esc"), "");
    for keys in ["q", "ctrl-q", "ctrl-c", "esc", "tab esc esc"] {
        assert_eq!(nested().press(keys), "go to Back", "{keys}");
    }
    // A schema that was typed is not lost by a hasty key.
    let typed = |mut stage: Stage| {
        stage.press("tab i");
        stage.types(" ");
        stage.press("esc");
        stage
    };
    assert_eq!(typed(nested()).press("esc esc esc"), "");
    assert_eq!(typed(nested()).press("q"), "");
    assert_eq!(typed(nested()).press("q q"), "go to Back");
    assert_eq!(typed(stage()).press("q q"), "quit");
    // Nor is one that is none yet; and what is replayed does not go over it.
    let broken = |mut stage: Stage| {
        stage.press("tab i");
        stage.types("{");
        stage.press("esc 4 G g");
        stage
    };
    assert_eq!(broken(nested()).press("q"), "");
    assert!(broken(nested()).texts()[0].starts_with("{{"));
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
        "space",
        "backspace",
        "f5",
        "f8",
        "ctrl-r",
        "ctrl-o",
        "ctrl-x",
        "ctrl-f",
        "ctrl-t",
        "alt-u",
        "alt-v",
        "alt-m",
    ];
    prop_oneof![
        2 => prop::sample::select(named.to_vec()).prop_map(stage::key_of),
        3 => prop::sample::select(",.bwBWgG<>=0123456789eiS{}[]fnyp:?".chars().collect::<Vec<_>>())
            .prop_map(|c| KeyEvent::from(KeyCode::Char(c))),
        1 => "[ -~]".prop_map(|text| KeyEvent::from(KeyCode::Char(text.chars().next().unwrap_or('x')))),
    ]
}

fn told_story(which: u8) -> Story {
    let mut all = crate::workbench::panes::fixtures::stories();
    let at = usize::from(which) % (all.len() + 1);
    if at == all.len() {
        replayed()
    } else {
        all.swap_remove(at).1
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_is_pressed_the_record_is_that_of_the_position_and_nothing_leaves(
        which in any::<u8>(),
        keys in prop::collection::vec((keys(), 0_u64..400), 1..60),
    ) {
        let mut stage = Stage::replaying((100, 30), &told_story(which));
        for (key, ms) in keys {
            stage.send(Event::Key(key));
            stage.pass(ms);
            stage.screen();
            prop_assert_eq!(&stage.model.record, &lived(&stage), "{:?}", key);
            for effect in stage.take() {
                prop_assert!(effect.is_harmless(), "{:?}", effect);
            }
        }
    }
}
