//! A view over text that is only read: scrolled, searched, and followed to its end while it grows.
//!
//! Owns the place in the text and what is looked for in it. The text stays with whoever has it and is handed in at each call, in
//! parts that may have titles, so that an answer of several channels is one view without being copied. A part that has grown costs
//! what is new, a frame costs what is visible, however long the text or a line of it is.

mod index;
mod matches;
#[cfg(test)]
mod tests;
mod walk;

use crate::workbench::action::Action;
use crate::workbench::columns::{Pen, pieces};
use crate::workbench::draw;
use crate::workbench::styles::Look;
use index::Index;
use matches::Matches;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::style::Style;
use std::borrow::Cow;
use std::ops::Range;
pub(super) use walk::wrap;
use walk::{Spot, Walk};

/// A text of the view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part<'a> {
    /// What stands on a row above it.
    pub title: Option<Cow<'a, str>>,
    /// The text.
    pub text: &'a str,
}

impl<'a> From<&'a str> for Part<'a> {
    fn from(text: &'a str) -> Self {
        Self { title: None, text }
    }
}

/// A place in a part that is drawn in a style of its own, which is laid over that of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ink {
    /// The part.
    pub part: usize,
    /// The bytes of its text.
    pub bytes: Range<usize>,
    /// The style.
    pub style: Style,
}

/// The view's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextView {
    indexes: Vec<Index>,
    top: Spot,
    following: bool,
    matches: Option<Matches>,
}

impl TextView {
    /// A view at the start of a text, or one that sticks to the end of a text that is growing.
    pub fn new(following: bool) -> Self {
        Self {
            following,
            ..Self::default()
        }
    }

    /// Takes up what has changed in the parts since the last call. A part must only have grown; if it is shorter than it was, it is
    /// taken for a new one. For another text of any length make another view.
    pub fn sync(&mut self, parts: &[Part<'_>]) {
        self.indexes.resize_with(parts.len(), Index::default);
        for (index, part) in self.indexes.iter_mut().zip(parts) {
            index.sync(part.text);
        }
        if let Some(matches) = &mut self.matches {
            matches.extend(parts);
        }
    }

    /// Moves, in a view that is `size` large. Says whether the action means anything here.
    pub fn act(&mut self, action: Action, parts: &[Part<'_>], size: Size) -> bool {
        let page = usize::from(size.height).max(1);
        match action {
            Action::Up => self.step(parts, size, false, 1),
            Action::Down => self.step(parts, size, true, 1),
            Action::PageUp => self.step(parts, size, false, page.saturating_sub(1).max(1)),
            Action::PageDown => self.step(parts, size, true, page.saturating_sub(1).max(1)),
            Action::HalfUp => self.step(parts, size, false, (page / 2).max(1)),
            Action::HalfDown => self.step(parts, size, true, (page / 2).max(1)),
            Action::Top => {
                self.top = Spot::default();
                self.following = false;
            }
            Action::Bottom | Action::Follow => self.following = true,
            Action::NextMatch => self.seek_match(parts, size, true),
            Action::PreviousMatch => self.seek_match(parts, size, false),
            _ => return false,
        }
        true
    }

    /// Shows the row with a byte of a part, in the upper third of a view that is `size` large.
    pub fn go_to(&mut self, part: usize, byte: usize, parts: &[Part<'_>], size: Size) {
        let spot = Spot { part, byte: Some(byte) };
        self.following = false;
        if let Some(mut walk) = Walk::new(parts, &self.indexes, size.width.into(), spot) {
            for _ in 0..size.height / 3 {
                walk.up();
            }
            self.top = walk.spot();
        }
    }

    /// Whether the end stays in sight while the text grows.
    pub const fn is_following(&self) -> bool {
        self.following
    }

    /// The part and the byte at the top of a view that is `size` large.
    pub fn place(&self, parts: &[Part<'_>], size: Size) -> (usize, usize) {
        let spot = self.first(parts, size).map(|walk| walk.spot()).unwrap_or_default();
        (spot.part, spot.byte.unwrap_or(0))
    }

    /// Looks for a text, or for nothing any more, and gives the number of matches in what was looked at so far: a long text is
    /// gone through a few megabytes at each [`Self::sync`]. An error is a sentence.
    pub fn search(&mut self, pattern: Option<&str>, parts: &[Part<'_>]) -> Result<Option<usize>, String> {
        self.matches = Matches::new(pattern.unwrap_or_default())?;
        if let Some(matches) = &mut self.matches {
            matches.extend(parts);
        }
        Ok(self.count())
    }

    /// How many matches have been found.
    pub fn count(&self) -> Option<usize> {
        self.matches.as_ref().map(Matches::count)
    }

    /// Draws what is visible. `inks` later in the list lie over earlier ones.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look, parts: &[Part<'_>], inks: &[Ink]) {
        let area = area.intersection(buf.area);
        let Some(mut walk) = self.first(parts, area.as_size()).filter(|_| !area.is_empty()) else {
            return;
        };
        for y in area.top()..area.bottom() {
            let row = Rect { y, height: 1, ..area };
            match (parts.get(walk.part()), walk.row()) {
                (Some(part), Some(bytes)) => self.text_row(buf, row, look, part.text, walk.part(), &bytes, inks),
                (Some(part), None) => title_row(buf, row, look, part.title.as_deref().unwrap_or_default()),
                (None, _) => {}
            }
            if !walk.down() {
                return;
            }
        }
    }

    /// Stands on the first visible row; the last page is a full one.
    fn first<'a>(&'a self, parts: &'a [Part<'a>], size: Size) -> Option<Walk<'a>> {
        let mut last = Walk::last(parts, &self.indexes, size.width.into())?;
        for _ in 1..size.height {
            last.up();
        }
        if self.following || self.top >= last.spot() {
            return Some(last);
        }
        Walk::new(parts, &self.indexes, size.width.into(), self.top)
    }

    fn step(&mut self, parts: &[Part<'_>], size: Size, down: bool, rows: usize) {
        let Some(mut walk) = self.first(parts, size) else {
            return;
        };
        let before = walk.spot();
        for _ in 0..rows {
            if down {
                walk.down();
            } else {
                walk.up();
            }
        }
        let top = walk.spot();
        drop(walk);
        if down && self.following {
            return;
        }
        self.top = top;
        if down {
            // Not beyond the last page, so that the way back begins at once.
            self.top = self.first(parts, size).map_or(top, |walk| walk.spot());
        } else if top != before {
            self.following = false;
        }
    }

    fn seek_match(&mut self, parts: &[Part<'_>], size: Size, forward: bool) {
        let from = self.place(parts, size);
        let found = self.matches.as_mut().and_then(|matches| matches.go(from, forward));
        if let Some((part, byte)) = found {
            self.go_to(part, byte, parts, size);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a row is told by all of these")]
    fn text_row(
        &self,
        buf: &mut Buffer,
        row: Rect,
        look: &Look,
        text: &str,
        part: usize,
        bytes: &Range<usize>,
        inks: &[Ink],
    ) {
        let mut inks: Vec<(Range<usize>, Style)> = inks
            .iter()
            .filter(|ink| {
                ink.part == part && ink.bytes.start < bytes.end.max(bytes.start + 1) && ink.bytes.end > bytes.start
            })
            .map(|ink| (ink.bytes.clone(), ink.style))
            .collect();
        if let Some(matches) = &self.matches {
            for (found, current) in matches.around(part, text, bytes) {
                let styles = &look.styles;
                inks.push((
                    found,
                    if current {
                        styles.matched_current
                    } else {
                        styles.matched
                    },
                ));
            }
        }
        let mut pen = Pen::new(buf, row.y);
        for piece in pieces(text.get(bytes.clone()).unwrap_or_default()) {
            let room = usize::from(row.width).saturating_sub(piece.column);
            if room == 0 {
                break;
            }
            let at = bytes.start + piece.byte;
            let plain = if piece.stand_in {
                look.styles.dim
            } else {
                look.styles.text
            };
            let style = inks
                .iter()
                .filter(|(ink, _)| ink.start < at + piece.bytes && at < ink.end)
                .fold(plain, |style, (_, ink)| style.patch(*ink));
            pen.draw(
                row.x + piece.column as u16,
                piece.width.min(room) as u16,
                &piece.shown,
                style,
            );
        }
        pen.lift();
    }
}

fn title_row(buf: &mut Buffer, row: Rect, look: &Look, title: &str) {
    let used = draw::put(buf, row.x, row.y, row.width, title, look.styles.title);
    let line = look.glyphs.border.horizontal_top;
    for x in (used + 1)..row.width {
        draw::put(buf, row.x + x, row.y, 1, line, look.styles.frame);
    }
}
