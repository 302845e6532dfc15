//! The view over texts that grow, are long, or mean harm.

use super::*;
use crate::text::is_hidden;
use crate::workbench::styles::{Glyphs, Styles};
use proptest::prelude::*;
use ratatui::style::Modifier;

fn look() -> Look {
    let mut styles = Styles::default();
    styles.matched = styles.matched.add_modifier(Modifier::UNDERLINED);
    styles.matched_current = styles.matched_current.add_modifier(Modifier::REVERSED);
    Look {
        styles,
        glyphs: Glyphs::UNICODE,
    }
}

fn shown(view: &TextView, parts: &[Part<'_>], width: u16, height: u16) -> Vec<String> {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    view.view(&mut buf, area, &look(), parts, &[]);
    buf.content()
        .chunks(width.into())
        .map(|row| {
            row.iter()
                .map(ratatui::buffer::Cell::symbol)
                .collect::<String>()
                .trim_end()
                .to_owned()
        })
        .collect()
}

fn numbered(lines: usize) -> String {
    let lines: Vec<_> = (1..=lines).map(|line| line.to_string()).collect();
    lines.join("\n") + "\n"
}

#[test]
fn moving_and_following() {
    let size = Size::new(10, 4);
    let text = numbered(20);
    let mut view = TextView::new(true);
    let table: &[(Action, &str, bool)] = &[
        (Action::Follow, "17 18 19 20", true),
        (Action::Down, "17 18 19 20", true),
        (Action::Up, "16 17 18 19", false),
        (Action::Down, "17 18 19 20", false),
        (Action::PageUp, "14 15 16 17", false),
        (Action::HalfUp, "12 13 14 15", false),
        (Action::Top, "1 2 3 4", false),
        (Action::Up, "1 2 3 4", false),
        (Action::HalfDown, "3 4 5 6", false),
        (Action::PageDown, "6 7 8 9", false),
        (Action::Bottom, "17 18 19 20", true),
        (Action::PageUp, "14 15 16 17", false),
        (Action::PageDown, "17 18 19 20", false),
        (Action::PageDown, "17 18 19 20", false),
        (Action::Up, "16 17 18 19", false),
    ];
    let parts = [Part::from(&*text)];
    view.sync(&parts);
    for (action, rows, following) in table {
        assert!(view.act(*action, &parts, size));
        assert_eq!(shown(&view, &parts, 10, 4).join(" "), *rows, "after {action}");
        assert_eq!(view.is_following(), *following, "after {action}");
    }
    assert!(!view.act(Action::Fold, &parts, size));
}

#[test]
fn what_follows_sees_the_end_and_what_does_not_stays() {
    let (mut following, mut staying) = (TextView::new(true), TextView::new(false));
    let mut text = String::new();
    for line in 1..=9 {
        text += &line.to_string();
        text.push('\n');
        let parts = [Part::from(&*text)];
        following.sync(&parts);
        staying.sync(&parts);
    }
    let parts = [Part::from(&*text)];
    assert_eq!(shown(&following, &parts, 4, 3), ["7", "8", "9"]);
    assert_eq!(shown(&staying, &parts, 4, 3), ["1", "2", "3"]);
    let parts = [Part::from("new")];
    following.sync(&parts);
    assert_eq!(shown(&following, &parts, 4, 3), ["new", "", ""]);
}

#[test]
fn parts_with_titles() {
    let parts = |text| {
        [
            Part {
                title: Some("reasoning".into()),
                text: "hm\nhm",
            },
            Part {
                title: Some("refusal".into()),
                text: "",
            },
            Part {
                title: Some("content".into()),
                text,
            },
        ]
    };
    let mut view = TextView::new(false);
    view.sync(&parts("one"));
    view.sync(&parts("one\ntwo"));
    let all = [
        "reasoning ──",
        "hm",
        "hm",
        "refusal ────",
        "content ────",
        "one",
        "two",
        "",
    ];
    assert_eq!(shown(&view, &parts("one\ntwo"), 12, 8), all);
    for top in 0..6 {
        assert_eq!(shown(&view, &parts("one\ntwo"), 12, 2), all[top.min(5)..top.min(5) + 2]);
        view.act(Action::Down, &parts("one\ntwo"), Size::new(12, 2));
    }
    for top in (0..5).rev() {
        view.act(Action::Up, &parts("one\ntwo"), Size::new(12, 2));
        assert_eq!(shown(&view, &parts("one\ntwo"), 12, 2), all[top..top + 2]);
    }
}

#[test]
fn one_line_of_a_megabyte_scrolls_and_comes_back() {
    let numbers: Vec<_> = (0..100_000).map(|n| format!("{n:09}")).collect();
    let text = numbers.join(",") + ",";
    let parts = [Part::from(&*text)];
    let size = Size::new(60, 20);
    let mut view = TextView::new(false);
    view.sync(&parts);
    let start = shown(&view, &parts, 60, 20);
    assert!(start[0].starts_with("000000000,000000001,"));
    view.act(Action::Bottom, &parts, size);
    assert!(shown(&view, &parts, 60, 20)[19].ends_with("000099999,"));
    for _ in 0..900 {
        view.act(Action::PageUp, &parts, size);
    }
    assert_eq!(shown(&view, &parts, 60, 20), start);
}

#[test]
fn another_width_keeps_the_place() {
    let text = "abcdefghij".repeat(50);
    let parts = [Part::from(&*text)];
    let mut view = TextView::new(false);
    view.sync(&parts);
    view.go_to(0, 200, &parts, Size::new(10, 3));
    assert_eq!(view.place(&parts, Size::new(10, 3)), (0, 190));
    assert_eq!(view.place(&parts, Size::new(20, 3)), (0, 180));
    assert_eq!(view.place(&parts, Size::new(10, 3)), (0, 190));
}

#[test]
fn searching() {
    let text = numbered(40);
    let parts = [Part::from("4"), Part::from(&*text)];
    let size = Size::new(10, 3);
    let mut view = TextView::new(false);
    view.sync(&parts[..1]);
    assert_eq!(view.search(Some("4"), &parts[..1]), Ok(Some(1)));
    view.sync(&parts);
    assert_eq!(view.count(), Some(6));
    let mut places = Vec::new();
    for action in [Action::NextMatch; 4].into_iter().chain([Action::PreviousMatch; 4]) {
        view.act(action, &parts, size);
        places.push(shown(&view, &parts, 10, 3)[1].clone());
    }
    assert_eq!(places, ["1", "4", "14", "24", "14", "4", "1", "39"]);
    assert_eq!(view.search(None, &parts), Ok(None));
    assert!(view.search(Some(&"x".repeat(500)), &parts).is_err());
}

#[test]
fn matches_are_marked_across_rows() {
    let parts = [Part::from("aabcaaBC")];
    let mut view = TextView::new(false);
    view.sync(&parts);
    assert_eq!(view.search(Some("abc"), &parts), Ok(Some(2)));
    view.act(Action::NextMatch, &parts, Size::new(3, 3));
    let area = Rect::new(0, 0, 3, 3);
    let mut buf = Buffer::empty(area);
    view.view(&mut buf, area, &look(), &parts, &[]);
    let marked = |modifier| {
        let cells = buf.content().iter().enumerate();
        let marked = cells.filter(|(_, cell)| cell.modifier.contains(modifier));
        marked.map(|(at, _)| at).collect::<Vec<_>>()
    };
    assert_eq!(marked(Modifier::REVERSED), [1, 2, 3]);
    assert_eq!(marked(Modifier::UNDERLINED), [5, 6, 7]);
}

proptest! {
    #[test]
    fn nothing_hidden_is_drawn_and_nothing_breaks(
        texts in prop::collection::vec("(\\PC|\\pC|\\pM|\n|\t|\u{202e}|\x1b|日|ab cd){0,60}", 0..3),
        width in 0_u16..30,
        height in 0_u16..8,
        actions in prop::collection::vec(0_usize..9, 0..12),
    ) {
        let parts: Vec<Part<'_>> = texts
            .iter()
            .map(|text| Part { title: Some(Cow::Borrowed(text)), text })
            .collect();
        let mut view = TextView::new(false);
        view.sync(&parts);
        prop_assert!(view.search(Some("a"), &parts).is_ok());
        let all = [
            Action::Up, Action::Down, Action::PageUp, Action::PageDown, Action::Top, Action::Bottom, Action::HalfDown,
            Action::NextMatch, Action::PreviousMatch,
        ];
        for action in actions {
            view.act(all[action], &parts, Size::new(width, height));
        }
        let area = Rect::new(1, 1, width, height);
        let mut buf = Buffer::empty(Rect::new(0, 0, width.saturating_sub(3) + 2, height + 1));
        view.view(&mut buf, area, &look(), &parts, &[]);
        for cell in buf.content() {
            prop_assert!(!cell.symbol().chars().any(is_hidden), "{:?}", cell.symbol());
        }
    }

    #[test]
    fn every_row_is_seen_once_down_and_up(text in "[a-c 日\n]{0,80}", width in 1_u16..9) {
        let parts = [Part::from(&*text), Part { title: Some("t".into()), text: &text }];
        let mut view = TextView::new(false);
        view.sync(&parts);
        let Some(mut walk) = Walk::new(&parts, &view.indexes, width.into(), Spot::default()) else {
            return Ok(());
        };
        let mut down = vec![walk.spot()];
        while walk.down() {
            down.push(walk.spot());
        }
        prop_assert!(down.is_sorted());
        let mut up = vec![walk.spot()];
        while walk.up() {
            up.push(walk.spot());
        }
        up.reverse();
        prop_assert_eq!(down, up);
    }
}
