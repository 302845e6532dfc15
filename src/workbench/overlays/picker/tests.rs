//! Moving, scrolling and choosing in a list.

use super::{Picker, Pressed, Row};
use crate::workbench::overlays::form::Form;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;
use ratatui::layout::Rect;

fn press(picker: &mut Picker, code: KeyCode, modifiers: KeyModifiers) -> Pressed {
    picker.key(&KeyEvent::new(code, modifiers), 4)
}

/// Two headings among eight entries.
fn picker() -> Picker {
    let mut picker = Picker::new((0..8).map(|number| format!("row {number}")));
    let mut rows = vec![Row::Heading("few")];
    rows.extend((0..3).map(Row::Entry));
    rows.push(Row::Heading("many"));
    rows.extend((3..8).map(Row::Entry));
    picker.show(rows);
    picker
}

#[test]
fn moving_passes_over_headings_and_stops_at_the_ends() {
    use KeyCode::{Char, Down, End, Home, PageDown, PageUp, Up};
    let none = KeyModifiers::NONE;
    let ctrl = KeyModifiers::CONTROL;
    let steps = [
        (Up, none, 0, 0),
        (Down, none, 1, 0),
        (Char('n'), ctrl, 2, 0),
        (Down, none, 3, 2),
        (Char('p'), ctrl, 2, 2),
        (PageDown, none, 4, 3),
        (End, none, 7, 6),
        (Down, none, 7, 6),
        (PageUp, none, 4, 6),
        (PageUp, none, 2, 3),
        (Home, none, 0, 0),
    ];
    let mut picker = picker();
    for (number, (code, modifiers, entry, top)) in steps.into_iter().enumerate() {
        assert_eq!(press(&mut picker, code, modifiers), Pressed::Nothing);
        assert_eq!(
            (picker.current(), picker.top),
            (Some(Row::Entry(entry)), top),
            "step {number}"
        );
    }
}

#[test]
fn typing_choosing_closing() {
    let none = KeyModifiers::NONE;
    let mut picker = picker();
    assert_eq!(press(&mut picker, KeyCode::Char('7'), none), Pressed::Typed);
    picker.show_matches();
    assert_eq!(press(&mut picker, KeyCode::Enter, none), Pressed::Chose(Row::Entry(7)));
    press(&mut picker, KeyCode::Char('x'), none);
    picker.show_matches();
    assert_eq!(press(&mut picker, KeyCode::Enter, none), Pressed::Nothing);
    assert_eq!(press(&mut picker, KeyCode::Down, none), Pressed::Nothing);
    assert_eq!(
        press(&mut picker, KeyCode::Char('u'), KeyModifiers::CONTROL),
        Pressed::Typed
    );
    picker.paste("row\n3");
    picker.show_matches();
    assert_eq!(picker.current(), Some(Row::Entry(3)));
    assert_eq!(press(&mut picker, KeyCode::Esc, none), Pressed::Close);
}

#[test]
fn of_those_that_fit_alike_the_smaller_rank_is_first() {
    let mut picker = Picker::new(["ab", "ab", "abc", "b"].map(str::to_owned));
    picker.paste("ab");
    assert_eq!(picker.matches(|entry| Some(9 - entry)), [2, 1, 0]);
    assert_eq!(picker.matches(|entry| (entry != 1).then_some(0)), [0, 2]);
}

#[test]
fn what_leaves_when_a_box_is_low() {
    let form = Form {
        width: 60,
        rows: 40,
        header: true,
        details: 4,
    };
    // Height of the screen; rows of header, list, rule, details.
    let table = [
        (40, (1, 29, 1, 4)),
        (24, (1, 13, 1, 4)),
        (12, (0, 5, 0, 4)),
        (10, (0, 5, 0, 2)),
        (8, (0, 5, 0, 0)),
        (4, (0, 1, 0, 0)),
        (1, (0, 0, 0, 0)),
    ];
    for (height, expected) in table {
        let places = form.places(Rect::new(0, 0, 80, height));
        let rows = [places.header, places.list, places.rule, places.details].map(|place| place.height);
        assert_eq!((rows[0], rows[1], rows[2], rows[3]), expected, "{height}");
    }
}

proptest! {
    #[test]
    fn the_cursor_is_in_sight_and_on_a_choice(moves in proptest::collection::vec((0_usize..6, 1_u16..12), 1..40)) {
        let codes = [KeyCode::Up, KeyCode::Down, KeyCode::PageUp, KeyCode::PageDown, KeyCode::Home, KeyCode::End];
        let mut picker = picker();
        for (code, height) in moves {
            picker.key(&KeyEvent::from(codes[code]), height);
            let top = picker.first_row(height);
            prop_assert!(top <= picker.cursor && picker.cursor < top + usize::from(height));
            prop_assert!(matches!(picker.current(), Some(Row::Entry(_))));
        }
    }
}
