//! The timeline of a replay: how far it is, and where something happened.
//!
//! Owns the drawing and the arithmetic between time and columns. What a replay is and where it stands is the player's.

use super::draw::{pieces, put};
use super::styles::Look;
use crate::session::history::MarkerKind;
use crate::words;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr as _;

/// The least columns of the bar; narrower, the times beside it leave.
const LEAST: u16 = 20;

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Timeline<'a> {
    /// Playing time that has passed, in milliseconds.
    pub elapsed: u64,
    /// Playing time in all, in milliseconds.
    pub length: u64,
    /// Whether it is playing.
    pub playing: bool,
    /// Whether it has the focus.
    pub focused: bool,
    /// What each column of the bar is marked with; as many as [`bar_width`] says.
    pub marks: &'a [Option<MarkerKind>],
}

/// The columns of the bar on a timeline of `width` columns, for a replay of `length` milliseconds.
pub fn bar_width(width: u16, length: u64) -> u16 {
    width.saturating_sub(left(width, length) + right(width, length))
}

/// The columns before the bar: the time that has passed with a space on both sides.
fn left(width: u16, length: u64) -> u16 {
    let words = u16::try_from(words::running(length).width().max(6)).unwrap_or(u16::MAX);
    let beside = words.saturating_add(2);
    if beside.saturating_mul(2).saturating_add(LEAST) > width {
        1
    } else {
        beside
    }
}

/// The columns behind it: the time in all.
fn right(width: u16, length: u64) -> u16 {
    left(width, length)
}

/// The column, from 0, of a moment on a bar.
pub fn column(elapsed: u64, length: u64, width: u16) -> u16 {
    let last = u64::from(width.saturating_sub(1));
    if length == 0 {
        return 0;
    }
    let at = u128::from(elapsed.min(length)) * u128::from(last) / u128::from(length);
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// What each column of a bar is marked with: of several things that fall into one, the most telling.
pub fn marks(moments: impl IntoIterator<Item = (u64, MarkerKind)>, length: u64, width: u16) -> Vec<Option<MarkerKind>> {
    let mut marks = vec![None; usize::from(width)];
    for (at, kind) in moments {
        if let Some(slot) = marks.get_mut(usize::from(column(at, length, width)))
            && slot.is_none_or(|there| weight(kind) > weight(there))
        {
            *slot = Some(kind);
        }
    }
    marks
}

/// What a marker stands for, in a word or two.
pub const fn word(kind: MarkerKind) -> &'static str {
    match kind {
        MarkerKind::First => "first attempt",
        MarkerKind::FirstToken => "first token",
        MarkerKind::FieldClosed => "field closed",
        MarkerKind::Violation => "violation",
        MarkerKind::Fallback => "fallback",
        MarkerKind::Reask => "re-ask",
        MarkerKind::Retry => "retry",
        MarkerKind::Longer => "longer",
        MarkerKind::Reduced => "reduced",
        MarkerKind::End => "end",
    }
}

const fn weight(kind: MarkerKind) -> u8 {
    match kind {
        MarkerKind::FieldClosed => 0,
        MarkerKind::FirstToken => 1,
        MarkerKind::First => 2,
        MarkerKind::Retry | MarkerKind::Longer | MarkerKind::Reduced => 3,
        MarkerKind::Violation => 4,
        MarkerKind::Reask => 5,
        MarkerKind::Fallback => 6,
        MarkerKind::End => 7,
    }
}

const fn sign(kind: MarkerKind, look: &Look) -> (&'static str, Style) {
    let (glyphs, styles) = (&look.glyphs, &look.styles);
    match kind {
        MarkerKind::First => (glyphs.first, styles.strong),
        MarkerKind::FirstToken => (glyphs.first_token, styles.info),
        MarkerKind::FieldClosed => (glyphs.field, styles.valid),
        MarkerKind::Violation => (glyphs.invalid, styles.invalid),
        MarkerKind::Fallback => (glyphs.arrow, styles.warning),
        MarkerKind::Reask => (glyphs.reask, styles.warning),
        MarkerKind::Retry | MarkerKind::Longer | MarkerKind::Reduced => (glyphs.retry, styles.warning),
        MarkerKind::End => (glyphs.end, styles.strong),
    }
}

impl Timeline<'_> {
    /// Draws it: the bar with the markers below on two rows, or with the markers in it on one.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        if area.is_empty() {
            return;
        }
        let from = left(area.width, self.length);
        let bar = Rect {
            x: area.x + from,
            width: bar_width(area.width, self.length),
            height: 1,
            ..area
        };
        self.times(buf, area, from, look);
        let head = column(self.elapsed, self.length, bar.width);
        let frame = if self.focused {
            look.styles.frame_focused
        } else {
            look.styles.frame
        };
        for (at, x) in (0..bar.width).zip(bar.x..) {
            let (glyph, style) = match at.cmp(&head) {
                std::cmp::Ordering::Less => (look.glyphs.played, frame),
                std::cmp::Ordering::Equal if self.playing => (look.glyphs.playing, look.styles.strong),
                std::cmp::Ordering::Equal => (look.glyphs.paused, look.styles.strong),
                std::cmp::Ordering::Greater => (look.glyphs.ahead, look.styles.dim),
            };
            put(buf, x, bar.y, 1, glyph, style);
        }
        let row = if area.height > 1 { bar.y + 1 } else { bar.y };
        for (at, (x, mark)) in (0..bar.width).zip((bar.x..).zip(self.marks)) {
            // On one row, where it stands is more than what was there.
            if let Some(kind) = mark.filter(|_| area.height > 1 || at != head) {
                let (glyph, style) = sign(kind, look);
                put(buf, x, row, 1, glyph, style);
            }
        }
    }

    /// The time that has passed before the bar, and the time in all behind it.
    fn times(&self, buf: &mut Buffer, area: Rect, from: u16, look: &Look) {
        if from < 2 {
            return;
        }
        let style = if self.focused {
            look.styles.title_focused
        } else {
            look.styles.title
        };
        let room = usize::from(from - 2);
        let passed = format!(" {:>room$} ", words::running(self.elapsed));
        pieces(buf, area, 0, [(passed.as_str(), style)]);
        let all = words::running(self.length);
        put(buf, area.right() - from + 1, area.y, from - 1, &all, look.styles.dim);
        if area.height > 1 {
            put(buf, area.x + 1, area.y + 1, from - 1, "replay", style);
        }
    }
}

#[cfg(test)]
mod tests;
