//! Keys and their texts, the cursor's place, and that nothing panics.

use super::{Edit, LineInput};
use crate::workbench::styles::{Glyphs, Look, Styles};
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

const NONE: KeyModifiers = KeyModifiers::NONE;
const CTRL: KeyModifiers = KeyModifiers::CONTROL;
const ALT: KeyModifiers = KeyModifiers::ALT;

fn press(line: &mut LineInput, code: KeyCode, modifiers: KeyModifiers) -> Edit {
    line.key(&KeyEvent::new(code, modifiers))
}

/// The text with a bar at the cursor.
fn shown(line: &LineInput) -> String {
    let (before, behind) = line.text().split_at(line.cursor);
    format!("{before}|{behind}")
}

/// A line from a text with a bar at the cursor.
fn line(text: &str) -> LineInput {
    let (before, behind) = text.split_once('|').unwrap();
    LineInput {
        text: format!("{before}{behind}"),
        cursor: before.len(),
    }
}

#[test]
fn keys() {
    use KeyCode::{Backspace, Char, Delete, End, Home, Left, Right};
    let table = [
        ("ab|", Char('c'), NONE, "abc|"),
        ("a|b", Char('é'), NONE, "aé|b"),
        ("ab|", Char('C'), KeyModifiers::SHIFT, "abC|"),
        ("a日|", Left, NONE, "a|日"),
        ("|日a", Right, NONE, "日|a"),
        ("xe\u{301}|", Left, NONE, "x|e\u{301}"),
        ("|e\u{301}x", Right, NONE, "e\u{301}|x"),
        ("xe\u{301}|", Backspace, NONE, "x|"),
        ("x|e\u{301}y", Delete, NONE, "x|y"),
        ("|ab", Backspace, NONE, "|ab"),
        ("ab|", Delete, NONE, "ab|"),
        ("ab|c", Home, NONE, "|abc"),
        ("ab|c", End, NONE, "abc|"),
        ("ab|c", Char('a'), CTRL, "|abc"),
        ("ab|c", Char('e'), CTRL, "abc|"),
        ("acme/quick two|", Char('w'), CTRL, "acme/quick |"),
        ("acme/quick |", Char('w'), CTRL, "acme/|"),
        ("acme/quick |", Backspace, ALT, "acme/|"),
        ("acme/qu|ick", Char('u'), CTRL, "|ick"),
        ("acme/qu|ick", Char('k'), CTRL, "acme/qu|"),
        ("acme/quick|", Left, CTRL, "acme/|quick"),
        ("acme/quick|", Char('b'), ALT, "acme/|quick"),
        ("|acme/quick", Right, ALT, "acme|/quick"),
        ("|acme/quick", Char('f'), ALT, "acme|/quick"),
        ("acme|/quick", Char('d'), ALT, "acme|"),
        ("/\u{301}abc|", Left, CTRL, "|/\u{301}abc"),
    ];
    for (before, code, modifiers, after) in table {
        let mut line = line(before);
        press(&mut line, code, modifiers);
        assert_eq!(shown(&line), after, "{before} {code:?} {modifiers:?}");
    }
}

#[test]
fn what_a_key_did() {
    let mut line = LineInput::new("ab");
    assert_eq!(press(&mut line, KeyCode::Char('c'), NONE), Edit::Changed);
    assert_eq!(press(&mut line, KeyCode::Left, NONE), Edit::Moved);
    assert_eq!(press(&mut line, KeyCode::Up, NONE), Edit::Unknown);
    assert_eq!(press(&mut line, KeyCode::Char('t'), ALT), Edit::Unknown);
    let release = KeyEvent::new_with_kind(KeyCode::Char('x'), NONE, KeyEventKind::Release);
    assert_eq!(line.key(&release), Edit::Unknown);
    assert_eq!(line.text(), "abc");
}

#[test]
fn pasted_lines_become_one() {
    let mut line = line("a|d");
    line.paste("b\r\nc\td\n");
    assert_eq!(shown(&line), "ab c d |d");
    line.paste(&"x".repeat(2 * super::LONGEST));
    assert_eq!(line.text().chars().count(), super::LONGEST);
    assert_eq!(press(&mut line, KeyCode::Char('y'), NONE), Edit::Moved);
}

fn view(text: &str, width: u16) -> (String, Option<Position>) {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, 1));
    let look = Look {
        styles: Styles::default(),
        glyphs: Glyphs::UNICODE,
    };
    let at = line(text).view(&mut buf, Rect::new(0, 0, width, 1), &look, Style::new());
    (buf.content().iter().map(ratatui::buffer::Cell::symbol).collect(), at)
}

#[test]
fn the_cursor_is_always_in_sight() {
    let table = [
        ("abc|", 6, "abc   ", 3),
        ("ab|cdefgh", 6, "abcde…", 2),
        ("abcdefgh|", 6, "…efgh ", 5),
        ("abcdefg|h", 6, "…defgh", 5),
        ("a\u{1b}|", 6, "a␛    ", 2),
        ("日本語|", 6, "…本 語   ", 5),
        ("abc|", 1, "…", 0),
    ];
    for (text, width, expected, column) in table {
        let (drawn, at) = view(text, width);
        assert_eq!(at, Some(Position::new(column, 0)), "{text}");
        assert_eq!(drawn.trim_end(), expected.trim_end(), "{text} in {width}");
    }
    assert_eq!(view("abc|", 0).1, None);
}

proptest! {
    #[test]
    fn no_key_panics(text in "(\\PC|\u{301}|\u{1b}|日|\n| ){0,12}", keys in proptest::collection::vec((0_usize..9, 0_u8..4), 0..30), width in 0_u16..12) {
        let codes = [
            KeyCode::Left, KeyCode::Right, KeyCode::Backspace, KeyCode::Delete, KeyCode::Home, KeyCode::End,
            KeyCode::Char('w'), KeyCode::Char('\u{301}'), KeyCode::Char('k'),
        ];
        let mut line = LineInput::new(&text);
        for (code, modifiers) in keys {
            press(&mut line, codes[code], KeyModifiers::from_bits_truncate(modifiers << 1));
            prop_assert!(line.text().is_char_boundary(line.cursor));
            prop_assert!(line.cursor == 0 || !line.text()[line.cursor..].starts_with(super::is_mark));
            let (_, at) = view(&shown(&line), width);
            prop_assert!(at.is_none_or(|at| at.x < width));
        }
    }
}
