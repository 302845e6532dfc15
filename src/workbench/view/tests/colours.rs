//! What styles say: the focus, the open tab, states; and that a screen without colours has none.

use super::*;
use crate::term::depth::Depth;
use crate::workbench::stage::{look, theme};
use crate::workbench::styles::{Glyphs, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier, Style};

/// Where words stand first.
fn find(buf: &Buffer, words: &str) -> Position {
    let wanted: Vec<String> = words.chars().map(String::from).collect();
    let is_it = |x: u16, y: u16| {
        wanted
            .iter()
            .zip(x..)
            .all(|(symbol, x)| buf.cell((x, y)).is_some_and(|cell| cell.symbol() == symbol))
    };
    let area = buf.area;
    let mut places = (0..area.height).flat_map(|y| (0..area.width).map(move |x| (x, y)));
    let found = places.find(|(x, y)| is_it(*x, *y));
    Position::from(found.unwrap_or_else(|| panic!("`{words}` is not there")))
}

fn style(buf: &Buffer, words: &str) -> Style {
    buf[find(buf, words)].style()
}

/// Whether a cell shows everything that a style says.
fn has(shown: Style, wanted: Style) -> bool {
    let colours = wanted.fg.is_none_or(|fg| shown.fg == Some(fg)) && wanted.bg.is_none_or(|bg| shown.bg == Some(bg));
    colours && shown.add_modifier.contains(wanted.add_modifier)
}

#[test]
fn colours_say_what_is_what() {
    let look = look(Depth::Ansi);
    let styles = &look.styles;
    let buf = shown((120, 40), &fixtures::invalid(), OutputTab::Fields).buffer(&look);
    let table = [
        ("Fields", styles.tab_open),
        ("1 Schema", styles.title),
        ("\u{2717} invalid", styles.invalid),
        ("-36 is less", styles.invalid),
    ];
    for (words, wanted) in table {
        assert!(has(style(&buf, words), wanted), "{words}: {:?}", style(&buf, words));
    }
    assert_ne!(style(&buf, "Fields"), style(&buf, "Attempts"));
    let buf = shown((120, 40), &fixtures::fallback(), OutputTab::Attempts).buffer(&look);
    assert!(has(style(&buf, "\u{2713} valid"), styles.valid));
    let mut stage = Stage::new((120, 40));
    stage.press("i");
    let buf = stage.buffer(&look);
    assert!(has(style(&buf, "1 Schema"), styles.title_focused));
    assert!(has(style(&buf, "typing"), styles.strong));
}

#[test]
fn without_colours_there_are_none_and_nothing_is_lost() {
    let mono = Look {
        styles: theme("mono").styles(Depth::Ansi),
        glyphs: Glyphs::UNICODE,
    };
    for (name, story) in fixtures::stories() {
        for tab in OutputTab::ALL {
            let stage = shown((120, 40), &story, tab);
            for look in [&mono, &look(Depth::None)] {
                let buf = stage.buffer(look);
                let plain = |colour: Option<Color>| matches!(colour, None | Some(Color::Reset));
                let all = buf.content.iter().map(ratatui::buffer::Cell::style);
                for style in all {
                    assert!(plain(style.fg) && plain(style.bg), "{name}: {style:?}");
                }
                // The open tab and the row under the cursor are told by how they are drawn.
                let open = style(&buf, tab.title());
                let other = OutputTab::ALL.into_iter().find(|other| *other != tab).unwrap();
                assert_ne!(
                    open.add_modifier,
                    style(&buf, other.title()).add_modifier,
                    "{name} {tab:?}"
                );
            }
            let reversed = |buf: &Buffer| {
                buf.content
                    .iter()
                    .any(|cell| cell.modifier.contains(Modifier::REVERSED))
            };
            assert!(
                reversed(&stage.buffer(&mono)) || tab == OutputTab::Raw,
                "{name} {tab:?}: no cursor"
            );
        }
    }
}

#[test]
fn ascii_is_enough() {
    let ascii = Look {
        styles: theme("mono").styles(Depth::None),
        glyphs: Glyphs::ASCII,
    };
    for (name, story) in fixtures::stories() {
        for tab in OutputTab::ALL {
            for size in [(120, 40), (80, 24), (40, 12)] {
                let buf = shown(size, &story, tab).buffer(&ascii);
                let strange: Vec<&str> = buf
                    .content
                    .iter()
                    .map(ratatui::buffer::Cell::symbol)
                    .filter(|symbol| !symbol.is_ascii())
                    .collect();
                // A cut is marked in `text` for every glyph set alike.
                let strange: Vec<&&str> = strange.iter().filter(|symbol| **symbol != "\u{2026}").collect();
                assert!(strange.is_empty(), "{name} {tab:?} {size:?}: {strange:?}");
            }
        }
    }
}
