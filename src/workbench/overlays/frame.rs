//! The box of an overlay: where it stands, its border with title, note and keys, and text in lines.
//!
//! Owns what all overlays have in common on screen. What is inside belongs to each.

use crate::text;
use crate::workbench::draw::put;
use crate::workbench::styles::Look;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Block, Widget as _};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Below this width of the screen a box takes all of it.
const NARROW: u16 = 60;

/// A screen that is lower leaves no margin above and below.
const LOW: u16 = 20;

/// A key and what it does.
pub(super) type Hint<'a> = (&'a str, &'a str);

/// Where a box with `width` columns and `rows` rows inside stands in `area`: in the middle, as large as there is room.
pub(super) fn place(area: Rect, width: u16, rows: u16) -> Rect {
    let margin = |size: u16, enough: u16, margin: u16| if size < enough { size } else { size - margin };
    let width = if area.width < NARROW {
        area.width
    } else {
        width.saturating_add(4).min(margin(area.width, NARROW, 4))
    };
    let height = rows.saturating_add(2).min(margin(area.height, LOW, 2));
    Rect {
        x: area.x.saturating_add((area.width - width) / 2),
        y: area.y.saturating_add((area.height - height) / 2),
        width,
        height,
    }
}

/// The inside of a box: without its border and a column of air on both sides.
pub(super) fn inside(outer: Rect) -> Rect {
    if outer.width < 5 || outer.height < 3 {
        return Rect {
            width: 0,
            height: 0,
            ..outer
        };
    }
    Rect {
        x: outer.x.saturating_add(2),
        y: outer.y.saturating_add(1),
        width: outer.width - 4,
        height: outer.height - 2,
    }
}

/// What stands in a box's border.
pub(super) struct Frame<'a> {
    /// At its top left.
    pub title: &'a str,
    /// At its top right: the first that there is room for as a whole.
    pub notes: &'a [&'a str],
    /// At its bottom: the most important first, as many as there is room for.
    pub hints: &'a [Hint<'a>],
}

impl Frame<'_> {
    /// Clears what is below and draws the border.
    pub fn view(&self, buf: &mut Buffer, outer: Rect, look: &Look) {
        let outer = outer.intersection(buf.area);
        clear(buf, outer, look.styles.overlay);
        if outer.width < 2 || outer.height < 2 {
            return;
        }
        Block::bordered()
            .border_set(look.glyphs.border)
            .border_style(look.styles.overlay_frame)
            .render(outer, buf);
        // The corner, a dash and a space on both sides.
        let room = outer.width.saturating_sub(6);
        let from = outer.x + 2;
        let mut used = 0;
        if room > 0 {
            used = word(buf, from, outer.y, room, self.title, look.styles.title_focused);
        }
        let fits = |note: &&&str| used + columns(note) + 3 <= room;
        if let Some(note) = self.notes.iter().find(fits) {
            let wide = columns(note);
            let x = outer.right() - 4 - wide;
            word(buf, x, outer.y, wide, note, look.styles.dim);
        }
        self.hints(buf, outer, look);
    }

    fn hints(&self, buf: &mut Buffer, outer: Rect, look: &Look) {
        let mut x = outer.x + 2;
        let end = outer.right().saturating_sub(2);
        for (key, does) in self.hints {
            let wide = columns(key) + 1 + columns(does);
            if x + wide + 2 > end {
                break;
            }
            let y = outer.bottom() - 1;
            x += put(buf, x, y, 1, " ", look.styles.hint);
            x += put(buf, x, y, end - x, key, look.styles.hint_key);
            x += put(buf, x, y, end - x, " ", look.styles.hint);
            x += put(buf, x, y, end - x, does, look.styles.hint);
            put(buf, x, y, 1, " ", look.styles.hint);
            x += 2;
        }
    }
}

/// Draws a text with a space on both sides; returns its columns without them.
fn word(buf: &mut Buffer, x: u16, y: u16, width: u16, text: &str, style: Style) -> u16 {
    if text.is_empty() {
        return 0;
    }
    put(buf, x, y, 1, " ", style);
    let used = put(buf, x + 1, y, width, text, style);
    put(buf, x + 1 + used, y, 1, " ", style);
    used
}

/// The columns of a text of ours or one that is already cleaned.
pub(super) fn columns(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// Empties an area. A wide character that reaches into it from the left goes as a whole.
pub(super) fn clear(buf: &mut Buffer, area: Rect, style: Style) {
    let area = area.intersection(buf.area);
    for y in area.top()..area.bottom() {
        if area.x > buf.area.x && area.width > 0 {
            let left = &mut buf[(area.x - 1, y)];
            if left.symbol().width() > 1 {
                left.set_symbol(" ");
            }
        }
        for x in area.left()..area.right() {
            let cell = &mut buf[(x, y)];
            cell.reset();
            cell.set_style(style);
        }
    }
}

/// The first row of an area, and what is below it.
pub(super) fn split_top(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    let top = Rect { height: rows, ..area };
    let rest = Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    };
    (top, rest)
}

/// `text` cleaned and broken into at most `most` lines of `columns`: at spaces, and within words that are too long. What is beyond
/// is not looked at.
pub(super) fn wrapped(text: &str, columns: u16, most: u16) -> Vec<String> {
    let columns = usize::from(columns);
    let most = usize::from(most);
    if columns < 2 || most == 0 {
        return Vec::new();
    }
    let text = text::one_line(text, columns.saturating_mul(most));
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let width = word.width();
        if used > 0 && used + 1 + width > columns {
            lines.push(String::new());
            used = 0;
        } else if used > 0 {
            push(&mut lines, " ");
            used += 1;
        }
        for c in word.chars() {
            let width = c.width().unwrap_or(0);
            if used + width > columns {
                lines.push(String::new());
                used = 0;
            }
            push(&mut lines, c.encode_utf8(&mut [0; 4]));
            used += width;
        }
    }
    if lines.len() > most {
        // What is left of the last line says that there is more.
        let rest = lines.split_off(most - 1).join(" ");
        lines.push(text::one_line(&rest, columns).into_owned());
    }
    lines
}

fn push(lines: &mut [String], text: &str) {
    if let Some(line) = lines.last_mut() {
        line.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::{clear, place, wrapped};
    use proptest::prelude::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;
    use unicode_width::UnicodeWidthStr as _;

    #[test]
    fn places() {
        let table = [
            ((120, 40), (60, 10), Rect::new(28, 14, 64, 12)),
            ((80, 24), (100, 99), Rect::new(2, 1, 76, 22)),
            ((59, 12), (10, 99), Rect::new(0, 0, 59, 12)),
            ((0, 0), (10, 10), Rect::new(0, 0, 0, 0)),
        ];
        for ((width, height), (columns, rows), expected) in table {
            assert_eq!(place(Rect::new(0, 0, width, height), columns, rows), expected);
        }
    }

    #[test]
    fn lines() {
        let table: [(&str, u16, u16, &[&str]); 6] = [
            ("one two three", 7, 9, &["one two", "three"]),
            ("one two three", 7, 1, &["one tw…"]),
            ("one two three four", 7, 2, &["one two", "three…"]),
            ("acme/thorough-2", 6, 9, &["acme/t", "horoug", "h-2"]),
            ("日本語", 5, 9, &["日本", "語"]),
            ("a\nb", 9, 9, &["a␊b"]),
        ];
        for (text, columns, most, expected) in table {
            assert_eq!(wrapped(text, columns, most), expected, "{text} in {columns}");
        }
    }

    #[test]
    fn half_a_wide_character_does_not_stay() {
        let mut buf = Buffer::with_lines(["日本"]);
        clear(&mut buf, Rect::new(1, 0, 2, 1), Style::new());
        assert_eq!(buf[(0, 0)].symbol(), " ");
    }

    proptest! {
        #[test]
        fn lines_keep_to_their_room(text in "([a-zé日\u{1b}]| ){0,60}", columns in 2_u16..20, most in 0_u16..6) {
            let lines = wrapped(&text, columns, most);
            prop_assert!(lines.len() <= usize::from(most));
            prop_assert!(lines.iter().all(|line| line.width() <= usize::from(columns)), "{:?}", lines);
        }
    }
}
