//! Prose in narrow panes: where rows break, how the cursor goes by them, what is drawn over them.

use super::*;

const PROSE: &str = "Dear Ms Okafor,\n\nthe crane on pier 4 was inspected on Tuesday; two of its six brake pads are worn below the limit \
    and have to be replaced before the next lift. The invoice (No. 2291, 日本語の注記付き) follows by separate mail.\n\nKind regards";

fn prose(text: &str, width: u16, height: u16) -> Editor {
    let mut editor = Editor::new(Language::Plain, "the text to read");
    editor.load(text);
    editor.resize(Size::new(width, height));
    editor
}

#[test]
fn prose_at_two_sizes() {
    let mut editor = prose(PROSE, 46, 18);
    editor.go_to(2, 104);
    insta::assert_snapshot!(screen(&editor, 46, 18), @"
      1 Dear Ms Okafor,
      2
      3 the crane on pier 4 was inspected on
        Tuesday; two of its six brake pads are
        worn below the limit and have to be
        replaced before the next lift. The
        invoice (No. 2291, 日 本 語 の 注 記 付 き )
        follows by separate mail.
      4
      5 Kind regards
    ");
    assert_eq!(drawn(&editor, 46, 18, true).1, Some(Position::new(32, 4)));
    editor.resize(Size::new(38, 6));
    insta::assert_snapshot!(screen(&editor, 38, 6), @"
      2
      3 the crane on pier 4 was inspected
        on Tuesday; two of its six brake
        pads are worn below the limit and
        have to be replaced before the
        next lift. The invoice (No. 2291,
    ");
    assert_eq!(drawn(&editor, 38, 6, true).1, Some(Position::new(7, 4)));
}

#[test]
fn going_by_rows() {
    // 20 columns without numbers: rows of 19.
    let text = "one two three four five six seven\nab\n日本語日本語日本語日本語\n";
    let table = [
        ((0, 0), "down", (0, 19)),
        ((0, 5), "down", (0, 24)),
        ((0, 24), "up", (0, 5)),
        ((0, 24), "up up", (0, 5)),
        ((0, 18), "down", (0, 33)),
        ((0, 33), "up", (0, 14)),
        ((0, 10), "down down", (1, 2)),
        ((0, 10), "down down down", (2, 5)),
        ((0, 10), "down down down up up", (0, 29)),
        ((2, 8), "down", (2, 12)),
        ((2, 12), "up", (2, 3)),
        ((2, 12), "down down", (3, 0)),
        ((0, 24), "home", (0, 0)),
        ((0, 3), "end", (0, 33)),
        ((0, 18), "right", (0, 19)),
        ((0, 19), "left", (0, 18)),
        ((0, 2), "pagedown", (1, 2)),
        ((2, 1), "pageup", (0, 21)),
        ((3, 0), "up", (2, 9)),
    ];
    for (from, keys, expected) in table {
        let mut editor = prose(text, 20, 3);
        editor.go_to(from.0, from.1);
        press(&mut editor, keys);
        assert_eq!(editor.cursor(), expected, "{keys} from {from:?}");
    }
}

#[test]
fn a_row_that_is_full_goes_on_below() {
    // 10 columns: rows of 9, a space may hang over.
    let table = [
        ("123456789", (9, 0)),
        ("123456789 ", (0, 1)),
        ("123456789 a", (1, 1)),
        ("1234567890", (1, 1)),
        ("1234 6789 1234", (4, 1)),
        ("a\tb", (5, 0)),
        ("\u{202e}", (8, 0)),
        ("ab\u{202e}", (8, 1)),
    ];
    for (text, expected) in table {
        let mut editor = prose(text, 10, 5);
        press(&mut editor, "end");
        let at = drawn(&editor, 10, 5, true).1.unwrap();
        assert_eq!((at.x, at.y), expected, "{text:?}");
        press(&mut editor, "up up down down");
        assert_eq!(drawn(&editor, 10, 5, true).1.unwrap(), at, "{text:?}");
    }
}

#[test]
fn pages_are_of_rows() {
    let mut editor = prose(&"word ".repeat(200), 26, 7);
    let mut rows = Vec::new();
    for action in [
        Action::PageDown,
        Action::HalfDown,
        Action::Down,
        Action::Up,
        Action::HalfUp,
        Action::PageUp,
        Action::Bottom,
        Action::Top,
    ] {
        editor.act(action, 7);
        rows.push(editor.cursor().1 / 25);
    }
    assert_eq!(rows, [6, 9, 10, 9, 6, 0, 39, 0]);
}

#[test]
fn selection_and_matches_go_on_below() {
    let mut editor = prose("one two three four five six seven", 20, 4);
    assert_eq!(editor.search(Some("four five")), Ok(Some(1)));
    let mut look = look();
    look.styles.matched_current = look.styles.matched_current.add_modifier(Modifier::ITALIC);
    let area = Rect::new(0, 0, 20, 4);
    let mut buf = Buffer::empty(area);
    editor.view(&mut buf, area, &look, true, true);
    let found = buf
        .content()
        .iter()
        .filter(|cell| cell.modifier.contains(Modifier::ITALIC));
    assert_eq!(found.map(Cell::symbol).collect::<String>(), "four five");
    editor.go_to(0, 15);
    press(&mut editor, "shift-down");
    assert_eq!(editor.selected_text().as_deref(), Some("our five six seven"));
    assert_eq!(with(&editor, 20, 4, Modifier::REVERSED), "our five six seven");
}

#[test]
fn clicks() {
    let mut editor = prose(PROSE, 46, 18);
    let table = [
        ((0, 0), (0, 0)),
        ((6, 0), (0, 2)),
        ((45, 0), (0, 15)),
        ((9, 3), (2, 42)),
        ((4, 17), (4, 0)),
    ];
    for ((column, row), expected) in table {
        editor.click(column, row);
        assert_eq!(editor.cursor(), expected, "{column} {row}");
    }
    let mut long = json(&format!("{{\"a\": \"{}\"}}\n{{}}", "x".repeat(100)));
    long.resize(Size::new(34, 4));
    press(&mut long, "end");
    long.click(10, 0);
    assert_eq!(long.cursor(), (0, 86));
    long.click(10, 1);
    assert_eq!(long.cursor(), (1, 2));
}

#[test]
fn a_long_line_is_cut_where_its_text_goes_on() {
    let mut editor = json("{\"type\": \"object\", \"properties\": {\"age\": {\"type\": \"integer\"}}}\n{}");
    editor.resize(Size::new(40, 4));
    let mut screens = vec![screen(&editor, 40, 2)];
    for keys in [
        "ctrl-right ".repeat(14),
        "end".to_owned(),
        "ctrl-left ".repeat(9),
        "down".to_owned(),
    ] {
        press(&mut editor, keys.trim_end());
        screens.push(screen(&editor, 40, 2));
    }
    insta::assert_snapshot!(screens.join("\n\n"), @r#"
      1 {"type": "object", "properties": {"…
      2 {}

      1 …"properties": {"age": {"type": "in…
      2 …

      1 …es": {"age": {"type": "integer"}}}
      2 …

      1 {"type": "object", "properties": {"…
      2 {}

      1 {"type": "object", "properties": {"…
      2 {}
    "#);
}

#[test]
fn what_is_refused_is_told() {
    let full = "x".repeat(large::MOST_LINE_BYTES);
    let mut editor = prose(&full, 40, 5);
    press(&mut editor, "end a");
    assert_eq!(editor.text(), full);
    assert_eq!(
        screen(&editor, 40, 5).lines().last(),
        Some("! this line is full: Enter ends it")
    );
    press(&mut editor, "enter a");
    assert_eq!(editor.text(), format!("{full}\na"));
    assert!(editor.message().is_none());
    press(&mut editor, "home backspace");
    assert!(editor.message().unwrap().1.contains("too long to join"));
    assert_eq!(editor.lines(), 2);
    press(&mut editor, "left");
    assert!(editor.message().is_none());

    let line = "y".repeat(49_999) + "\n";
    let mut text = line.repeat(large::MOST_BYTES / 50_000);
    editor.load(&text);
    press(&mut editor, "a");
    assert!(editor.message().unwrap().1.contains("the text is full"));
    assert_eq!(editor.text().len(), text.len());
    text = "\n".repeat(large::MOST_LINES - 1);
    editor.load(&text);
    press(&mut editor, "enter");
    assert!(editor.message().unwrap().1.contains("the text is full"));
    press(&mut editor, "a");
    assert!(editor.message().is_none() && editor.text().starts_with("a\n"));
}

proptest! {
    #[test]
    fn the_cursor_stands_at_its_character(
        text in "(\\PC|\\pC|\\pM|\n|\t|\u{202e}|\x1b|日|word |some more words |x{9}| ){0,80}",
        width in 0_u16..60,
        height in 0_u16..9,
        keys in prop::collection::vec(0_usize..26, 0..30),
        click in (0_u16..60, 0_u16..9),
        is_json in any::<bool>(),
    ) {
        let all = [
            "a", "日", "space", "{", "}", "enter", "tab", "backspace", "delete", "left", "right", "up", "down", "home", "end", "ctrl-w",
            "ctrl-k", "shift-left", "shift-down", "shift-up", "ctrl-right", "pageup", "pagedown", "shift-tab", "down", "click",
        ];
        let mut editor = Editor::new(if is_json { Language::Json } else { Language::Plain }, "");
        editor.load(&text);
        editor.resize(Size::new(width, height));
        prop_assert!(editor.search(Some("a")).is_ok());
        for key in keys {
            match all[key] {
                "click" => editor.click(click.0, click.1),
                key => press(&mut editor, key),
            }
            let (buf, at) = drawn(&editor, width, height, true);
            for cell in buf.content() {
                prop_assert!(!cell.symbol().chars().any(is_hidden), "{:?}", cell.symbol());
            }
            prop_assert_eq!(at.is_some(), width > 0 && height > 0);
            let Some(at) = at else { continue };
            prop_assert!(buf.area.contains(at));
            let (line, char) = editor.cursor();
            let mut rest = editor.text().split('\n').nth(line).unwrap().chars().skip(char).collect::<Vec<_>>().into_iter();
            let (c, next) = (rest.next(), rest.next());
            if c.is_some_and(|c| c.is_ascii_graphic()) && next.is_none_or(|c| c.is_ascii()) && width > 2 {
                prop_assert_eq!(buf[at].symbol(), c.unwrap().to_string(), "{:?} {:?}\n{}", at, editor.cursor(), screen(&editor, width, height));
            }
            let wide = c.is_some_and(|c| c == '日') && next.is_none_or(|c| c.is_ascii());
            if wide && width > 4 {
                prop_assert_eq!(buf[at].symbol(), "日");
            }
            let rows = usize::from(editor.rows_of(Size::new(width, height)));
            prop_assert!(usize::from(at.y) < rows);
            // A click on the cursor leaves it there.
            if c.is_some_and(|c| c.is_ascii_graphic() || c == '日') && next.is_none_or(|c| c.is_ascii()) && width > 9 {
                let mut clicked = editor.clone();
                clicked.click(at.x, at.y);
                prop_assert_eq!(clicked.cursor(), editor.cursor());
            }
        }
    }
}
