//! The brush: text onto cells, cleaned and cut.
//!
//! Owns the one way in which text of any origin reaches the screen buffer. What is drawn belongs to the panes.

use crate::text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Draws one line of text at `x`, `y` in at most `width` columns, cut with an ellipsis, nothing outside the buffer. Returns the
/// columns it took.
pub fn put(buf: &mut Buffer, x: u16, y: u16, width: u16, text: &str, style: Style) -> u16 {
    let area = buf.area;
    if y < area.top() || y >= area.bottom() || x < area.left() || x >= area.right() {
        return 0;
    }
    let width = width.min(area.right() - x);
    let line = text::one_line(text, usize::from(width));
    let (end, _) = buf.set_stringn(x, y, &line, usize::from(width), style);
    end - x
}

/// Draws pieces one after the other on a line of `area`, `row` rows below its top. Returns the columns they took.
pub fn pieces<'a>(buf: &mut Buffer, area: Rect, row: u16, pieces: impl IntoIterator<Item = (&'a str, Style)>) -> u16 {
    if row >= area.height {
        return 0;
    }
    let mut used = 0;
    for (text, style) in pieces {
        if used >= area.width {
            break;
        }
        used += put(buf, area.x + used, area.y + row, area.width - used, text, style);
    }
    used
}

/// Gives a row of `area` a style, so that a selected row is marked over its whole width.
pub fn paint_row(buf: &mut Buffer, area: Rect, row: u16, style: Style) {
    if row < area.height {
        buf.set_style(
            Rect {
                y: area.y + row,
                height: 1,
                ..area
            }
            .intersection(buf.area),
            style,
        );
    }
}

/// Gives the marks of cut texts the character that the looks have for them: where text is cut, nothing is known of looks.
pub fn mark_cuts(buf: &mut Buffer, mark: &str) {
    const CUT: &str = "…";
    if mark != CUT {
        for cell in buf.content.iter_mut().filter(|cell| cell.symbol() == CUT) {
            cell.set_symbol(mark);
        }
    }
}

/// The most characters of one cell: what letters of any script need, and flags and families of emoji.
const CELL: usize = 12;

/// Takes off what is heaped on a letter beyond that: marks without width are text, and thousands of them on one letter an attack.
pub fn cut_heaps(buf: &mut Buffer) {
    // Twelve characters have at most so many bytes, and hardly any cell has more.
    for cell in buf.content.iter_mut().filter(|cell| cell.symbol().len() > 4 * CELL) {
        let kept: String = cell.symbol().chars().take(CELL).collect();
        cell.set_symbol(&kept);
    }
}

#[cfg(test)]
mod tests {
    use super::{cut_heaps, mark_cuts, put};
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    #[test]
    fn text_is_cleaned_cut_and_kept_inside() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 8, 1));
        assert_eq!(put(&mut buf, 2, 0, 40, "a\u{1b}[31mbcdefgh", Style::new()), 6);
        assert_eq!(buf, Buffer::with_lines(["  a␛[31…"]));
        assert_eq!(put(&mut buf, 8, 0, 3, "x", Style::new()), 0);
        assert_eq!(put(&mut buf, 0, 1, 3, "x", Style::new()), 0);
    }

    #[test]
    fn heaps_of_marks_are_cut() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 8, 1));
        let (heap, letter) = ("\u{301}".repeat(10_000), "👩🏽‍🚀");
        put(&mut buf, 0, 0, 8, &format!("e{heap}x{letter}"), Style::new());
        let before = buf.clone();
        cut_heaps(&mut buf);
        assert_eq!(buf.content[0].symbol(), format!("e{}", "\u{301}".repeat(11)));
        assert_eq!(buf.content[1..], before.content[1..]);
    }

    #[test]
    fn cuts_have_the_mark_of_the_looks() {
        let mut buf = Buffer::with_lines(["a… b~"]);
        mark_cuts(&mut buf, "…");
        assert_eq!(buf, Buffer::with_lines(["a… b~"]));
        mark_cuts(&mut buf, "~");
        assert_eq!(buf, Buffer::with_lines(["a~ b~"]));
    }
}
