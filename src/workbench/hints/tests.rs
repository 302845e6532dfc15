//! The hints of each place, and the line at three widths.

use super::{HintState, Place, hints, view};
use crate::term::depth::Depth;
use crate::workbench::action::Context;
use crate::workbench::keymap::Keymap;
use crate::workbench::styles::{Glyphs, Look};
use crate::workbench::theme;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::json;
use std::path::Path;

fn look(glyphs: &Glyphs) -> Look {
    let (theme, wrong) = theme::load("mono", Path::new("nowhere"));
    assert_eq!(wrong, None);
    Look {
        styles: theme.styles(Depth::None),
        glyphs: *glyphs,
    }
}

fn line(width: u16, contexts: &[Context], state: HintState<'_>, keymap: &Keymap) -> String {
    let area = Rect::new(0, 0, width, 1);
    let mut buf = Buffer::empty(area);
    let hints = hints(keymap, contexts, state);
    view(&mut buf, area, &look(&Glyphs::UNICODE), &hints, state.pending);
    let cells = buf.content().iter().map(ratatui::buffer::Cell::symbol);
    cells.collect::<String>().trim_end().to_owned()
}

fn at(place: Place) -> HintState<'static> {
    HintState {
        place,
        running: false,
        replaying: false,
        pending: &[],
    }
}

const ALL: [(Place, &[Context]); 9] = [
    (Place::Schema, Context::EDITOR),
    (Place::Input, Context::EDITOR),
    (Place::Schema, Context::TYPING),
    (Place::Fields, Context::OUTPUT),
    (Place::Raw, Context::OUTPUT),
    (Place::Attempts, Context::OUTPUT),
    (Place::Wire, Context::OUTPUT),
    (Place::Input, Context::TYPING),
    (Place::Timeline, Context::TIMELINE),
];

fn lines(width: u16) -> String {
    let keymap = Keymap::default();
    let calm = ALL.map(|(place, contexts)| line(width, contexts, at(place), &keymap));
    let running = ALL[..4].iter().map(|(place, contexts)| {
        let state = HintState {
            running: true,
            ..at(*place)
        };
        line(width, contexts, state, &keymap)
    });
    let pending = [KeyEvent::from(KeyCode::Char('y'))];
    let state = HintState {
        pending: &pending,
        ..at(Place::Fields)
    };
    let begun = line(width, Context::OUTPUT, state, &keymap);
    calm.into_iter()
        .chain(running)
        .chain([begun])
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn the_line_at_120_columns() {
    insta::assert_snapshot!(lines(120), @r"
    i type  e $EDITOR  w write  r run  m model  ? help
    i type  e $EDITOR  o load  r run  m model  ? help
    Esc leave  Ctrl-R run  Alt-U undo  Alt-E $EDITOR  Ctrl-P actions  F1 help
    Space fold  } problem  y y copy  r run  ] tab  ? help
    / search  F follow  y a copy  r run  ] tab  ? help
    Enter open  } problem  y c curl  r run  ] tab  ? help
    / search  y c curl  s save  r run  ] tab  ? help
    Esc leave  Ctrl-R run  Alt-U undo  Alt-E $EDITOR  Ctrl-P actions  F1 help
    Space play/pause  , back  . on  w field  > faster  e draft  Tab panes  q leave  ? help
    Ctrl-C cancel  i type  e $EDITOR  w write  m model  ? help
    Ctrl-C cancel  i type  e $EDITOR  o load  m model  ? help
    Ctrl-C cancel  Esc leave  Alt-U undo  Alt-E $EDITOR  Ctrl-P actions  F1 help
    Ctrl-C cancel  Space fold  } problem  y y copy  ] tab  ? help
    y …  y copy-value  p copy-pointer  a copy-all  c copy-curl
    ");
}

#[test]
fn the_line_at_80_columns() {
    insta::assert_snapshot!(lines(80), @r"
    i type  e $EDITOR  w write  r run  m model  ? help
    i type  e $EDITOR  o load  r run  m model  ? help
    Esc leave  Ctrl-R run  Alt-U undo  Alt-E $EDITOR  Ctrl-P actions  F1 help
    Space fold  } problem  y y copy  r run  ] tab  ? help
    / search  F follow  y a copy  r run  ] tab  ? help
    Enter open  } problem  y c curl  r run  ] tab  ? help
    / search  y c curl  s save  r run  ] tab  ? help
    Esc leave  Ctrl-R run  Alt-U undo  Alt-E $EDITOR  Ctrl-P actions  F1 help
    Space play/pause  , back  . on  w field  > faster  e draft  Tab panes  q leave
    Ctrl-C cancel  i type  e $EDITOR  w write  m model  ? help
    Ctrl-C cancel  i type  e $EDITOR  o load  m model  ? help
    Ctrl-C cancel  Esc leave  Alt-U undo  Alt-E $EDITOR  Ctrl-P actions  F1 help
    Ctrl-C cancel  Space fold  } problem  y y copy  ] tab  ? help
    y …  y copy-value  p copy-pointer  a copy-all  c copy-curl
    ");
}

#[test]
fn the_line_at_38_columns() {
    insta::assert_snapshot!(lines(38), @r"
    i type  e $EDITOR  w write  r run
    i type  e $EDITOR  o load  r run
    Esc leave  Ctrl-R run  Alt-U undo
    Space fold  } problem  y y copy  r run
    / search  F follow  y a copy  r run
    Enter open  } problem  y c curl  r run
    / search  y c curl  s save  r run
    Esc leave  Ctrl-R run  Alt-U undo
    Space play/pause  , back  . on
    Ctrl-C cancel  i type  e $EDITOR
    Ctrl-C cancel  i type  e $EDITOR
    Ctrl-C cancel  Esc leave  Alt-U undo
    Ctrl-C cancel  Space fold  } problem
    y …  y copy-value  p copy-pointer
    ");
}

#[test]
fn the_users_keys_are_shown_and_missing_ones_left_out() {
    let keys = json!({"editor": {"type": "a", "editor": []}, "global": {"help": "f9"}});
    let (keymap, problems) = Keymap::new(keys.as_object().unwrap(), |_| None);
    assert_eq!(problems, Vec::<String>::new());
    let shown = hints(&keymap, Context::EDITOR, at(Place::Schema));
    let expected = [
        ("a", "type"),
        ("w", "write"),
        ("r", "run"),
        ("m", "model"),
        ("F9", "help"),
    ];
    assert_eq!(shown, expected.map(|(key, word)| (key.to_owned(), word)));
}

#[test]
fn no_size_is_too_small() {
    let shown = hints(&Keymap::default(), Context::EDITOR, at(Place::Schema));
    let pending = [KeyEvent::from(KeyCode::Char('y'))];
    for (width, height) in [(0, 0), (1, 1), (3, 0), (7, 2), (u16::MAX, 1)] {
        let area = Rect::new(0, 0, width, height);
        let mut buf = Buffer::empty(Rect::new(0, 0, width.min(300), height));
        view(&mut buf, area, &look(&Glyphs::ASCII), &shown, &pending);
        view(&mut buf, area, &look(&Glyphs::ASCII), &shown, &[]);
    }
}
