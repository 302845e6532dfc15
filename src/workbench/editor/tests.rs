//! Typing, taking back, pasting, searching; texts that are large or mean harm; what stands on screen.

mod screens;
mod wrapping;

use super::*;
use crate::text::is_hidden;
use crate::workbench::styles::{Glyphs, Look, Styles};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;

const SCHEMA: &str =
    "{\n  \"type\": \"object\",\n  \"properties\": {\n    \"age\": {\"type\": \"intege\", \"minimum\": 0}\n  }\n}";

/// Presses keys as written: `a`, `enter`, `ctrl-w`, `shift-left`, one after the other with spaces between.
fn press(editor: &mut Editor, keys: &str) {
    for key in keys.split(' ') {
        let mut modifiers = KeyModifiers::NONE;
        let mut name = key;
        for (word, modifier) in [
            ("ctrl-", KeyModifiers::CONTROL),
            ("alt-", KeyModifiers::ALT),
            ("shift-", KeyModifiers::SHIFT),
        ] {
            if let Some(rest) = name.strip_prefix(word) {
                (name, modifiers) = (rest, modifiers | modifier);
            }
        }
        let code = match name {
            "enter" => KeyCode::Enter,
            "tab" if modifiers == KeyModifiers::SHIFT => KeyCode::BackTab,
            "tab" => KeyCode::Tab,
            "space" => KeyCode::Char(' '),
            "backspace" => KeyCode::Backspace,
            "delete" => KeyCode::Delete,
            "left" => KeyCode::Left,
            "right" => KeyCode::Right,
            "up" => KeyCode::Up,
            "down" => KeyCode::Down,
            "home" => KeyCode::Home,
            "end" => KeyCode::End,
            "pageup" => KeyCode::PageUp,
            "pagedown" => KeyCode::PageDown,
            name => KeyCode::Char(name.chars().next().unwrap()),
        };
        editor.key(KeyEvent::new(code, modifiers));
    }
}

fn json(text: &str) -> Editor {
    let editor = Editor::new(Language::Json, "a schema\nor a shorthand");
    let mut editor = editor.starting("press i to type, or paste".into());
    editor.load(text);
    editor
}

fn look() -> Look {
    let mut styles = Styles::default();
    styles.error = styles.error.add_modifier(Modifier::BOLD);
    styles.selection = styles.selection.add_modifier(Modifier::REVERSED);
    styles.key = styles.key.add_modifier(Modifier::ITALIC);
    Look {
        styles,
        glyphs: Glyphs::UNICODE,
    }
}

fn drawn(editor: &Editor, width: u16, height: u16, typing: bool) -> (Buffer, Option<Position>) {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    let cursor = editor.view(&mut buf, area, &look(), true, typing);
    (buf, cursor)
}

fn screen(editor: &Editor, width: u16, height: u16) -> String {
    let (buf, _) = drawn(editor, width, height, true);
    let rows = buf.content().chunks(width.into());
    let rows = rows.map(|row| row.iter().map(Cell::symbol).collect::<String>().trim_end().to_owned());
    rows.collect::<Vec<_>>().join("\n")
}

/// The text of the cells that have a modifier.
fn with(editor: &Editor, width: u16, height: u16, modifier: Modifier) -> String {
    let (buf, _) = drawn(editor, width, height, true);
    let cells = buf.content().iter().filter(|cell| cell.modifier.contains(modifier));
    cells.map(Cell::symbol).collect()
}

#[test]
fn typing() {
    let table = [
        ("", "a b space enter tab c", "ab \n  c"),
        ("", "{ enter \" a \" enter }", "{\n  \"a\"\n}"),
        ("", "{ enter [ enter 1 enter ] enter }", "{\n  [\n    1\n  ]\n}"),
        ("    a", "end }", "    a}"),
        ("\t", "end ]", "]"),
        (" ", "end }", "}"),
        ("", "}", "}"),
        ("    a", "end shift-tab", "  a"),
        ("    a", "end shift-tab shift-tab shift-tab x", "ax"),
        ("\t a", "right shift-tab x", "x a"),
        ("  [1]", "right right right enter", "  [\n    1]"),
        ("one two", "end ctrl-w x", "one x"),
        ("one two", "end alt-backspace alt-backspace", ""),
        ("one two", "ctrl-right ctrl-k", "one "),
        ("one\ntwo", "end ctrl-k", "onetwo"),
        ("one\ntwo", "down ctrl-a backspace", "onetwo"),
        ("one\ntwo", "end delete delete", "onewo"),
        ("one\ntwo", "ctrl-e x down ctrl-a y", "onex\nytwo"),
        ("one two", "shift-right shift-right x", "xe two"),
        ("one two", "ctrl-shift-right backspace", "two"),
        ("one\ntwo\nthree", "right shift-down shift-down delete", "ohree"),
        ("one two", "shift-end enter x", "\nx"),
        ("abc", "shift-right shift-right left x", "xabc"),
        ("abc", "shift-right shift-right right x", "abxc"),
        ("e\u{301}x", "right backspace", "ex"),
        ("e\u{301}x", "right right backspace", "e\u{301}"),
        ("日本語\nabcdef", "right right down x", "日本語\nabcdxef"),
        ("ab\n\nab", "end down down x", "ab\n\nabx"),
        ("a\r\nb", "down x", "a\r\nxb"),
        ("a", "alt-x ctrl-x ctrl-z", "a"),
    ];
    for (text, keys, expected) in table {
        let mut editor = json(text);
        press(&mut editor, keys);
        assert_eq!(editor.text(), expected, "{keys} in {text:?}");
    }
    let mut plain = Editor::new(Language::Plain, "");
    press(&mut plain, "space space { enter tab x");
    assert_eq!(plain.text(), "  {\n    x");
    press(&mut plain, "space enter space space }");
    assert_eq!(plain.text(), "  {\n    x \n  }");
}

#[test]
fn steps_are_words_pastes_and_replacements() {
    let mut editor = json("");
    press(&mut editor, "o n e space t w o , enter");
    press(&mut editor, "shift-up x");
    editor.paste("1\r\n2\r3");
    editor.set_text("all new");
    let mut steps = vec![editor.text()];
    while editor.undo() {
        steps.push(editor.text());
    }
    assert_eq!(
        steps,
        [
            "all new",
            "x1\n2\n3",
            "x",
            "one two,\n",
            "one two,",
            "one two",
            "one ",
            ""
        ]
    );
    let mut again = Vec::new();
    while editor.redo() {
        again.push(editor.text());
    }
    again.reverse();
    assert_eq!(again, steps[..steps.len() - 1]);
    editor.undo();
    press(&mut editor, "!");
    assert!(!editor.redo());
    let revision = editor.revision();
    press(&mut editor, "left");
    editor.set_text(&editor.text());
    assert_eq!(editor.revision(), revision);
    editor.load("new");
    assert!(!editor.undo());
    assert!(editor.revision() > revision);
}

#[test]
fn moving_ends_a_step() {
    let mut editor = json("");
    press(&mut editor, "a b left right c d backspace backspace");
    let mut steps = Vec::new();
    while editor.undo() {
        steps.push(editor.text());
    }
    assert_eq!(steps, ["abcd", "ab", ""]);
}

#[test]
fn five_hundred_steps() {
    let mut editor = json("");
    for _ in 0..600 {
        editor.paste("x");
    }
    let mut steps = 0;
    while editor.undo() {
        steps += 1;
    }
    assert_eq!((steps, editor.text().len()), (500, 100));
}

#[test]
fn what_is_selected_and_copied() {
    let mut editor = json("one\ntwo\nthree");
    assert_eq!(editor.selected_text(), None);
    assert_eq!(editor.current_line(), "one");
    press(&mut editor, "right shift-down shift-down");
    assert_eq!(editor.selected_text().as_deref(), Some("ne\ntwo\nt"));
    assert_eq!(editor.current_line(), "three");
    assert_eq!(with(&editor, 40, 5, Modifier::REVERSED), "ne two t");
    editor.act(Action::Up, 5);
    assert_eq!(editor.selected_text(), None);
}

#[test]
fn searching() {
    let mut editor = json("abc\nAbc ABC\n\nxabc");
    assert_eq!(editor.search(Some("abc")), Ok(Some(4)));
    let mut places = vec![editor.cursor()];
    for action in [Action::NextMatch; 4].into_iter().chain([Action::PreviousMatch; 2]) {
        editor.act(action, 5);
        places.push(editor.cursor());
    }
    assert_eq!(places, [(0, 0), (1, 0), (1, 4), (3, 1), (0, 0), (3, 1), (1, 4)]);
    assert_eq!(editor.search(Some("Abc")), Ok(Some(1)));
    assert_eq!(editor.cursor(), (1, 0));
    assert_eq!(editor.search(Some("nowhere")), Ok(Some(0)));
    assert!(!editor.act(Action::NextMatch, 5));
    assert_eq!(editor.search(None), Ok(None));
    assert!(editor.search(Some(&"x".repeat(1000))).is_err());
}

#[test]
fn moving_by_actions() {
    let text = "a line\n".repeat(30);
    let mut editor = json(&text);
    let mut lines = Vec::new();
    for action in [
        Action::PageDown,
        Action::HalfDown,
        Action::Down,
        Action::Up,
        Action::HalfUp,
        Action::PageUp,
        Action::Bottom,
        Action::Top,
        Action::Right,
        Action::Down,
        Action::Left,
    ] {
        assert!(!editor.act(action, 11));
        lines.push(editor.cursor());
    }
    assert_eq!(
        lines,
        [
            (10, 0),
            (15, 0),
            (16, 0),
            (15, 0),
            (10, 0),
            (0, 0),
            (30, 0),
            (0, 0),
            (0, 1),
            (1, 1),
            (1, 0)
        ]
    );
    editor.go_to(99, 99);
    assert_eq!(editor.cursor(), (30, 0));
}

#[test]
fn lines_that_would_become_too_long_stay() {
    let half = "x".repeat(large::MOST_LINE_BYTES - 1);
    let mut editor = json(&format!("{half}\n{half}"));
    press(&mut editor, "down home backspace");
    assert_eq!(editor.lines(), 2);
    press(&mut editor, "a b c");
    assert_eq!(editor.current_line().len(), large::MOST_LINE_BYTES);
    editor.paste("more");
    assert!(editor.is_large());
}

proptest! {
    #[test]
    fn everything_can_be_taken_back(
        text in "[a-c \n\t日{\u{301}]{0,30}",
        keys in prop::collection::vec(0_usize..22, 0..40),
    ) {
        let all = [
            "a", "日", "space", "{", "enter", "tab", "backspace", "delete", "left", "right", "up", "down", "home", "end", "ctrl-w",
            "ctrl-k", "shift-left", "shift-down", "ctrl-shift-right", "alt-backspace", "ctrl-left", "ctrl-right",
        ];
        let mut editor = json(&text);
        for key in keys {
            press(&mut editor, all[key]);
            let (line, char) = editor.cursor();
            prop_assert!(char <= editor.text().split('\n').nth(line).unwrap().chars().count());
        }
        let last = editor.text();
        while editor.undo() {}
        prop_assert_eq!(editor.text(), text);
        while editor.redo() {}
        prop_assert_eq!(editor.text(), last);
    }
}
