//! What stands on screen, of tame, hostile and large texts.

use super::*;

fn marked() -> Editor {
    let mut editor = json(SCHEMA);
    let mark = |line, column, message: &str, severity| Mark {
        line,
        column,
        message: message.to_owned(),
        severity,
    };
    editor.marks(vec![
        mark(
            3,
            20,
            "\"intege\" is no type; did you mean \"integer\"?",
            Severity::Error,
        ),
        mark(1, 2, "no description", Severity::Warning),
    ]);
    editor
}

#[test]
fn marks_at_their_places() {
    let mut editor = marked();
    insta::assert_snapshot!(screen(&editor, 60, 12), @r#"
      1 {
    ! 2   "type": "object",
      3   "properties": {
    ✗ 4     "age": {"type": "intege", "minimum": 0}
      5   }
      6 }





    ! line 2: no description
    "#);
    assert_eq!(with(&editor, 60, 12, Modifier::UNDERLINED), "\"type\"\"intege\"");
    assert_eq!(
        with(&editor, 60, 12, Modifier::ITALIC),
        "\"type\"\"properties\"\"age\"\"type\"\"minimum\""
    );
    editor.act(Action::NextProblem, 6);
    assert_eq!(editor.cursor(), (1, 2));
    editor.act(Action::NextProblem, 6);
    assert_eq!(editor.cursor(), (3, 20));
    editor.resize(Size::new(30, 6));
    insta::assert_snapshot!(screen(&editor, 30, 6), @r#"
    ! 2   "type": "object",
      3   "properties": {
    ✗ 4     "age": {"type": "inte…
      5   }
    ✗ line 4: "intege" is no type;
    did you mean "integer"?
    "#);
    editor.resize(Size::new(28, 6));
    insta::assert_snapshot!(screen(&editor, 28, 6), @r#"
      "type": "object",
      "properties": {
        "age": {"type": "intege…
      }
    ✗ line 4: "intege" is no
    type; did you mean "integer…
    "#);
    editor.act(Action::NextProblem, 6);
    assert_eq!(editor.cursor(), (1, 2));
    editor.act(Action::PreviousProblem, 6);
    assert_eq!(editor.cursor(), (3, 20));
}

#[test]
fn empty_shows_the_placeholder_and_the_cursor() {
    let editor = json("");
    insta::assert_snapshot!(screen(&editor, 40, 4), @r#"
    1 a schema
      or a shorthand
    "#);
    assert_eq!(drawn(&editor, 40, 4, true).1, Some(Position::new(4, 0)));
    assert_eq!(drawn(&editor, 40, 4, false).1, None);
    let rows = |width| {
        let (buf, _) = drawn(&editor, width, 4, false);
        buf.content().iter().map(Cell::symbol).collect::<String>()
    };
    assert!(rows(40).contains("      press i to type, or paste "));
    assert!(rows(20).contains("press i to type, or paste"));
}

#[test]
fn hostile_text_is_shown_and_the_cursor_stands_where_it_is() {
    let mut editor = json("a\u{1b}[31mred\tx\n\u{202e}abc\u{200b}d\n\u{9b}2J日本x\u{301}\u{301}\r\n\u{301}z");
    insta::assert_snapshot!(screen(&editor, 40, 6), @r#"
    1 a␛[31mred   x
    2 <U+202E>abc<U+200B>d
    3 <U+009B>2J日 本 x́́␍
    4 <U+0301>z
    "#);
    let mut places = Vec::new();
    for (line, char) in [(0, 2), (0, 10), (1, 1), (1, 5), (2, 4), (2, 99), (3, 1)] {
        editor.go_to(line, char);
        let at = drawn(&editor, 40, 6, true).1.unwrap();
        places.push((at.x - 4, at.y));
    }
    assert_eq!(places, [(2, 0), (12, 0), (8, 1), (19, 1), (12, 2), (16, 2), (8, 3)]);
}

#[test]
fn long_lines_scroll_sideways() {
    let mut editor = json("");
    editor.load(&format!("short\n{}", "0123456789".repeat(6)));
    editor.resize(Size::new(34, 3));
    insta::assert_snapshot!(screen(&editor, 34, 3), @r#"
    1 short
    2 01234567890123456789012345678…
    "#);
    press(&mut editor, "down end");
    insta::assert_snapshot!(screen(&editor, 34, 3), @r#"
    1 …
    2 …2345678901234567890123456789
    "#);
    assert_eq!(drawn(&editor, 34, 3, true).1, Some(Position::new(33, 1)));
}

#[test]
fn what_is_too_large_is_kept_and_shown() {
    let line = "y".repeat(1_000_000);
    let lines = "{}\n".repeat(70_000);
    let bytes = "0123456789abcdef\n".repeat(200_000);
    for text in [&line, &lines, &bytes] {
        let mut editor = json(text);
        assert!(editor.is_large());
        press(&mut editor, "x enter backspace ctrl-k");
        editor.paste("x");
        assert!(editor.text() == *text);
        let mut editor = json("ab");
        press(&mut editor, "right");
        editor.paste(text);
        assert!(editor.is_large() && editor.text() == format!("a{text}b"));
        assert!(editor.undo() && editor.text() == "ab" && !editor.is_large());
        assert!(editor.redo() && editor.is_large());
        editor.set_text("small");
        press(&mut editor, "end er");
        assert!(editor.undo() && editor.undo() && editor.is_large());
    }
    let mut editor = json(&lines);
    assert_eq!(editor.lines(), 70_001);
    editor.go_to(65_000, 0);
    insta::assert_snapshot!(screen(&editor, 50, 4), @r#"
    {}
    {}
    {}
    ! too large to edit here: e opens $EDITOR
    "#);
}

proptest! {
    #[test]
    fn nothing_hidden_is_drawn_and_the_cursor_is_on_screen(
        text in "(\\PC|\\pC|\\pM|\n|\t|\u{202e}|\x1b|日|\"ab\": 1,){0,60}",
        width in 0_u16..50,
        height in 0_u16..8,
        place in (0_usize..9, 0_usize..40),
        marks in prop::collection::vec((0_usize..9, 0_usize..40), 0..3),
    ) {
        let mut editor = json(&text);
        let mark = |(line, column)| Mark { line, column, message: text.clone(), severity: Severity::Error };
        editor.marks(marks.into_iter().map(mark).collect());
        prop_assert!(editor.search(Some("a")).is_ok());
        editor.resize(Size::new(width, height));
        editor.go_to(place.0, place.1);
        let area = Rect::new(0, 0, width, height);
        let mut buf = Buffer::empty(area);
        let cursor = editor.view(&mut buf, area, &look(), true, true);
        prop_assert_eq!(cursor.is_some(), width > 0 && height > 0);
        for cell in buf.content() {
            prop_assert!(!cell.symbol().chars().any(is_hidden), "{:?}", cell.symbol());
        }
    }
}
