//! Where the parts of a picker stand in its box.
//!
//! Owns what leaves first when a screen is low. What the parts say belongs to `picker` and to each picker.

use super::frame::{inside, place, split_top, wrapped};
use crate::workbench::draw::put;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

/// The list is at least this high before details, a header and a rule take rows of it.
const LEAST: u16 = 5;

/// What a picker's box has room for.
pub(super) struct Form {
    /// The columns inside that it would like.
    pub width: u16,
    /// The rows that the list would like.
    pub rows: usize,
    /// Whether there is a header above the list.
    pub header: bool,
    /// The rows of what is said below of the entry under the cursor.
    pub details: u16,
}

/// Where the parts of a picker stand; what there is no room for is empty.
#[derive(Clone, Copy, Debug)]
pub(super) struct Places {
    /// The box with its border.
    pub outer: Rect,
    /// The line that is typed into.
    pub query: Rect,
    /// The line above the list.
    pub header: Rect,
    /// The list.
    pub list: Rect,
    /// Between list and details.
    pub rule: Rect,
    /// Below the list.
    pub details: Rect,
}

impl Form {
    /// The parts in an area. It depends on nothing that changes while one types, so that nothing jumps.
    pub fn places(&self, area: Rect) -> Places {
        let rows = u16::try_from(self.rows).unwrap_or(u16::MAX).max(3);
        let around = 1 + u16::from(self.header) + self.details + u16::from(self.details > 0);
        let outer = place(area, self.width, rows.saturating_add(around));
        let inner = inside(outer);
        let (query, rest) = split_top(inner, 1);
        let enough = rows.min(LEAST);
        let mut spare = rest.height.saturating_sub(enough);
        let mut take = |wanted: u16| {
            let taken = if wanted <= spare { wanted } else { 0 };
            spare -= taken;
            taken
        };
        let details = (1..=self.details)
            .rev()
            .map(&mut take)
            .find(|rows| *rows > 0)
            .unwrap_or(0);
        let header = take(u16::from(self.header));
        let rule = take(u16::from(details > 0));
        let (header, rest) = split_top(rest, header);
        let (list, rest) = split_top(rest, rest.height - rule - details);
        let (rule, details) = split_top(rest, rule);
        Places {
            outer,
            query,
            header,
            list,
            rule,
            details,
        }
    }
}

/// Draws sentences below the list, each in a style, broken into lines, as many as there is room for.
pub(super) fn view_details<'a>(buf: &mut Buffer, area: Rect, sentences: impl IntoIterator<Item = (&'a str, Style)>) {
    let mut row = 0;
    for (sentence, style) in sentences {
        if row >= area.height {
            break;
        }
        for line in wrapped(sentence, area.width, area.height - row) {
            put(buf, area.x, area.y + row, area.width, &line, style);
            row += 1;
        }
    }
}

/// The columns of the widest text, and of `least`.
pub(super) fn widest<'a>(texts: impl IntoIterator<Item = &'a str>, least: &str) -> u16 {
    let texts = texts.into_iter().map(UnicodeWidthStr::width);
    let most = texts.max().unwrap_or(0).max(least.width());
    u16::try_from(most).unwrap_or(u16::MAX)
}
