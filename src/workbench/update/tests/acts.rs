//! Keys, actions, pastes, the mouse: where they go, and that they lose nothing.

use super::super::{actions, keys};
use super::*;
use crate::task::ModeChoice;
use crate::workbench::action::{ACTIONS, Action};
use crate::workbench::layout::Layout;
use crate::workbench::panes::fixtures;
use crossterm::event::{KeyCode, KeyEvent, MouseEventKind};

/// Every focus that there is.
fn places() -> Vec<Stage> {
    let mut places = Vec::new();
    for (pane, tab, instructions) in [
        (Pane::Schema, OutputTab::Fields, false),
        (Pane::Input, OutputTab::Fields, false),
        (Pane::Input, OutputTab::Fields, true),
        (Pane::Output, OutputTab::Fields, false),
        (Pane::Output, OutputTab::Raw, false),
        (Pane::Output, OutputTab::Attempts, false),
        (Pane::Output, OutputTab::Wire, false),
    ] {
        for size in [(120, 40), (40, 12), (20, 5)] {
            for story in [None, Some(fixtures::invalid()), Some(fixtures::streaming())] {
                let mut stage = Stage::new(size);
                stage.model.instructions.load("be exact");
                stage.model.focus = pane;
                stage.model.tab = tab;
                stage.model.shows_instructions = instructions;
                if let Some(story) = story {
                    stage.lived(&story);
                }
                places.push(stage);
            }
        }
    }
    places
}

#[test]
fn no_action_loses_a_text_anywhere() {
    for mut stage in places() {
        let before = stage.texts();
        let (focus, tab) = (stage.model.focus, stage.model.tab);
        let (instructions, size) = (stage.model.shows_instructions, stage.model.size);
        let running = stage.model.running;
        for row in ACTIONS {
            stage.model.focus = focus;
            stage.model.tab = tab;
            stage.model.shows_instructions = instructions;
            stage.model.running = running;
            stage.model.overlay = None;
            for _ in 0..2 {
                let mut effects = Vec::new();
                actions::act(&mut stage.model, row.action, &mut effects);
                stage.send(Event::Resize(size.0, size.1));
                stage.screen();
            }
            assert_eq!(stage.texts(), before, "{} in {focus:?} {tab:?}", row.name);
        }
    }
}

#[test]
fn panes_and_tabs() {
    let table = [
        ("tab", Pane::Input, OutputTab::Fields),
        ("tab tab", Pane::Output, OutputTab::Fields),
        ("tab tab tab", Pane::Schema, OutputTab::Fields),
        ("shift-tab", Pane::Output, OutputTab::Fields),
        ("3 ]", Pane::Output, OutputTab::Raw),
        ("3 [", Pane::Output, OutputTab::Wire),
        ("]", Pane::Schema, OutputTab::Raw),
        ("3 2", Pane::Input, OutputTab::Fields),
        ("3 1", Pane::Schema, OutputTab::Fields),
        ("i 3", Pane::Schema, OutputTab::Fields),
    ];
    for (keys, focus, tab) in table {
        let mut stage = ready();
        stage.press(keys);
        assert_eq!((stage.model.focus, stage.model.tab), (focus, tab), "{keys}");
    }
    let mut stage = ready();
    stage.press("2 ]");
    assert!(stage.model.shows_instructions);
    assert_eq!(stage.model.editor_pane(), Some(EditorPane::Instructions));
    stage.press("f");
    assert!(stage.model.full);
    stage.press("tab");
    assert!(!stage.model.full, "another pane is not hidden behind this one");
}

#[test]
fn typing_begins_and_ends() {
    let mut stage = Stage::with((120, 40), "", "");
    stage.press("i");
    assert!(stage.model.typing);
    stage.types("q");
    assert_eq!(stage.texts()[0], "q");
    stage.press("esc");
    assert!(!stage.model.typing);
    assert_eq!(stage.press("q"), "journal draft, quit");
    let mut stage = ready();
    stage.press("3 i");
    assert!(!stage.model.typing, "nothing can be typed into the output");
}

#[test]
fn esc_leaves_what_is_innermost() {
    let mut stage = ready();
    stage.press("f / A d a enter i y p m");
    let model = &stage.model;
    assert!(model.typing && model.full && model.search.is_some());
    stage.press("esc");
    assert!(!stage.model.typing && stage.model.search.is_some());
    stage.press("esc");
    assert!(stage.model.search.is_none() && stage.model.full);
    stage.press("esc");
    assert!(!stage.model.full);
    assert_eq!(stage.press("esc"), "");
    stage.press("y p");
    assert_eq!(
        toasts(&stage.model),
        "pointers are copied from the tabs Fields and Wire"
    );
    stage.press("esc");
    assert!(stage.model.toasts.is_empty());
}

#[test]
fn a_broken_sequence_does_nothing() {
    let mut stage = ready();
    assert_eq!(stage.press("y q"), "");
    assert!(stage.model.pending.is_empty());
    stage.press("y");
    stage.send(Event::Paste("x".into()));
    assert!(stage.model.pending.is_empty(), "a paste ends a sequence");
    assert_eq!(stage.press("y ctrl-c"), "journal draft, quit");
}

#[test]
fn a_paste_goes_where_the_focus_is() {
    let mut stage = ready();
    stage.model.schema.load("");
    stage.send(Event::Paste("q\r\nname".into()));
    assert_eq!(stage.texts()[0], "q\nname", "typing or not, and nothing in it is a key");
    stage.press("2");
    stage.send(Event::Paste("Hello. ".into()));
    assert!(stage.texts()[1].starts_with("Hello. "));
    stage.press("]");
    stage.send(Event::Paste("short".into()));
    assert_eq!(stage.texts()[2], "short");
    stage.press("3");
    let before = stage.texts();
    stage.send(Event::Paste("lost?".into()));
    assert_eq!(stage.texts(), before);
    assert!(toasts(&stage.model).contains("nothing was pasted"));
    stage.press("1 /");
    stage.send(Event::Paste("name".into()));
    assert_eq!(stage.model.search.as_deref(), Some("name"), "searched at once");
}

#[test]
fn what_is_copied() {
    let mut stage = ready();
    stage.lived(&fixtures::invalid());
    stage.press("3 g");
    let table = [
        ("2 y y", "copy line Ada Lovelace, 36, wrote the first program."),
        ("2 y a", "copy text Ada Lovelace, 36, wrote the first program."),
        ("3 g j y y", "copy value Ada"),
        ("3 g j y p", "copy pointer /name"),
        ("3 y a", "copy JSON {\n  \"name\": \"Ada\",\n  \"age\": -36\n}"),
        ("3 ] y a", "copy answer {\"name\": \"Ada\", \"age\": -36}"),
    ];
    for (keys, expected) in table {
        assert_eq!(stage.press(keys), expected, "{keys}");
    }
    assert!(stage.press("y c").starts_with("copy curl command curl "));
    let mut nothing = Stage::with((120, 40), "", "");
    nothing.model.provider = ProviderState::Unusable("no key".into());
    for keys in ["3 y y", "3 y a", "3 y c", "3 ] y a", "3 ] y p", "3 s"] {
        assert_eq!(nothing.press(keys), "", "{keys}");
        assert!(!nothing.model.toasts.is_empty(), "{keys} says why not");
        nothing.press("esc");
    }
}

#[test]
fn modes_go_round_and_say_what_they_mean() {
    let mut stage = ready();
    let mut seen = Vec::new();
    for _ in ModeChoice::ALL {
        stage.press("M");
        seen.push(stage.model.options.mode.to_string());
    }
    let mut round = ModeChoice::ALL.map(|choice| choice.to_string());
    round.rotate_left(1);
    assert_eq!(seen, round);
    assert!(toasts(&stage.model).starts_with("mode auto: structured: "));
}

#[test]
fn the_mouse_is_asked_for_and_left() {
    let mut stage = ready();
    assert_eq!(stage.press("T"), "mouse true");
    assert_eq!(stage.press("T"), "mouse false");
    assert!(toasts(&stage.model).starts_with("the mouse is the terminal's again"));
}

#[test]
fn the_mouse_scrolls_chooses_and_clicks() {
    let mut stage = ready();
    stage.lived(&fixtures::invalid());
    let layout = Layout::of((120, 40), Pane::Schema, false, false).unwrap();
    let output = layout.inner(Pane::Output);
    stage.press("i");
    stage.mouse(MouseEventKind::ScrollDown, output.x, output.y);
    assert_eq!(stage.model.focus, Pane::Schema, "the wheel takes no focus");
    stage.click(output.x + 2, output.y + 1);
    assert_eq!(stage.model.focus, Pane::Output);
    assert!(!stage.model.typing);
    let selected = stage.model.fields.selected(stage.model.run()).unwrap();
    assert_eq!(selected.pointer, "/name");
    let input = layout.pane(Pane::Input);
    stage.click(input.x, input.y);
    assert_eq!(stage.model.focus, Pane::Input, "a title is a part of its pane");
    assert!(!stage.mouse(MouseEventKind::Moved, 0, 0), "nothing to draw");
    assert!(!stage.mouse(MouseEventKind::ScrollUp, 0, 39), "no pane is there");
}

#[test]
fn the_wheel_turns_what_lies_above() {
    let mut stage = ready();
    stage.press(":");
    let line = |stage: &Stage| stage.screen();
    let before = line(&stage);
    assert!(stage.mouse(MouseEventKind::ScrollDown, 0, 0));
    assert_ne!(line(&stage), before);
    stage.mouse(MouseEventKind::ScrollUp, 0, 0);
    assert_eq!(line(&stage), before);
    stage.click(0, 0);
    assert!(matches!(stage.model.overlay, Some(Overlay::Palette(_))));
    assert_eq!(stage.model.focus, Pane::Schema);
}

#[test]
fn releases_mean_nothing() {
    let mut stage = ready();
    let release = KeyEvent {
        kind: crossterm::event::KeyEventKind::Release,
        ..KeyEvent::from(KeyCode::Char('q'))
    };
    stage.send(Event::Key(release));
    assert_eq!(stage.told(), "");
    stage.press("i");
    let before = stage.texts();
    stage.send(Event::Key(release));
    assert_eq!(stage.texts(), before);
}

#[test]
fn contexts_follow_focus_and_typing() {
    use crate::workbench::action::Context;
    let mut stage = ready();
    assert_eq!(keys::contexts(&stage.model), Context::EDITOR);
    stage.press("i");
    assert_eq!(keys::contexts(&stage.model), Context::TYPING);
    stage.press("esc 3");
    assert_eq!(keys::contexts(&stage.model), Context::OUTPUT);
    assert!(stage.model.keymap.key_for(Action::Fold, Context::OUTPUT).is_some());
}

#[test]
fn a_search_shows_the_first_place_and_ends_everywhere() {
    let mut stage = Stage::with((120, 40), "one a, two b", "x\nname one\nname two\nname three");
    stage.press("2 /");
    stage.types("name");
    assert_eq!(stage.model.input.cursor(), (1, 0), "while it is typed");
    assert!(stage.screen().contains("3 places"));
    stage.press("enter");
    assert_eq!(stage.model.input.cursor(), (1, 0), "Enter stays there");
    stage.press("n");
    assert_eq!(stage.model.input.cursor(), (2, 0));
    stage.press("N N");
    assert_eq!(stage.model.input.cursor(), (3, 0));
    stage.press("/");
    stage.press("esc");
    assert_eq!(stage.model.search, None);
    // A search that was left behind in another pane is over as well.
    stage.press("/ o n e enter 1 / t w o enter 2");
    let before = stage.model.input.cursor();
    stage.press("n");
    assert_eq!(
        stage.model.input.cursor(),
        before,
        "nothing is searched for here any more"
    );
    stage.press("/ z z");
    assert!(stage.screen().contains("nothing found"));
}

#[test]
fn searches_in_every_tab() {
    for keys in ["3", "3 ]", "3 ] ]", "3 ] ] ]"] {
        let mut stage = ready();
        stage.lived(&fixtures::fallback());
        stage.press(keys);
        stage.press("/");
        stage.types("name");
        assert!(stage.model.search.is_some(), "{keys}");
        stage.press("enter n N esc");
        assert_eq!(stage.model.search, None, "{keys}");
    }
}
