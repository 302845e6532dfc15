//! An editor on screen.
//!
//! Owns the rows: numbers, colours, marks, what is selected and found, and the problem's message below. The crate that does the
//! editing draws control characters raw, so that all of this is drawn here, through `columns`. What is drawn costs what is visible,
//! and of a long line what is left of the pane's right edge.

use super::core::{Core, Place};
use super::lex::{self, Token, Tokens};
use super::problems::glyph;
use super::{Content, Editor, Language, Severity, words};
use crate::workbench::columns::{Pen, Piece, byte_of, pieces};
use crate::workbench::draw;
use crate::workbench::styles::{Look, Styles};
use crate::workbench::text_view::Part;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::{Modifier, Style};
use std::iter::Peekable;
use std::ops::Range;

/// Below this width there are no line numbers.
const NUMBERS_FROM: u16 = 30;

/// Lines and columns that stay visible round the cursor.
const MARGIN: usize = 1;

/// What a frame of the text is drawn from.
struct Frame<'a> {
    look: &'a Look,
    core: &'a Core,
    focused: bool,
    typing: bool,
    top: usize,
    left: usize,
    /// The columns of the text.
    text: Rect,
}

impl Editor {
    /// Draws the editor. Returns where the terminal's cursor belongs while something is typed.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look, focused: bool, typing: bool) -> Option<Position> {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return None;
        }
        let rows = self.rows_of(area.as_size());
        let body = Rect { height: rows, ..area };
        let message = Rect {
            y: area.y + rows,
            height: area.height - rows,
            ..area
        };
        self.draw_message(buf, message, look);
        match &self.content {
            Content::Text(core) => self.draw_text(buf, body, look, core, focused, typing),
            Content::Large(large) => {
                large.view.view(buf, body, look, &[Part::from(&*large.text)], &[]);
                None
            }
        }
    }

    /// The columns left of the text in a pane of a width.
    fn gutter(&self, width: u16) -> u16 {
        if width < NUMBERS_FROM {
            return 0;
        }
        let digits = self.lines().checked_ilog10().unwrap_or(0) + 1;
        digits.max(2) as u16 + 2
    }

    /// Scrolls so that the cursor is visible.
    pub(super) fn keep_in_sight(&mut self) {
        self.scroll = match &self.content {
            Content::Text(core) => self.scrolled(core, Size::new(self.size.width, self.rows())),
            Content::Large(_) => (0, 0),
        };
    }

    /// The first line and column of a pane that shows the cursor, as near as can be to what was shown last.
    fn scrolled(&self, core: &Core, size: Size) -> (usize, usize) {
        let cursor = core.cursor();
        let rows = usize::from(size.height);
        let columns = usize::from(size.width - self.gutter(size.width).min(size.width));
        let top = fit(self.scroll.0, cursor.0, rows).min(core.lines().len().saturating_sub(rows));
        (top, fit(self.scroll.1, words::column(core, cursor), columns))
    }

    fn draw_text(
        &self,
        buf: &mut Buffer,
        area: Rect,
        look: &Look,
        core: &Core,
        focused: bool,
        typing: bool,
    ) -> Option<Position> {
        let gutter = self.gutter(area.width);
        let (top, left) = self.scrolled(core, area.as_size());
        let text = Rect {
            x: area.x + gutter,
            width: area.width - gutter,
            ..area
        };
        let frame = Frame {
            look,
            core,
            focused,
            typing,
            top,
            left,
            text,
        };
        for row in 0..area.height {
            let line = top + usize::from(row);
            if line >= core.lines().len() {
                break;
            }
            if focused && line == core.cursor().0 {
                draw::paint_row(buf, area, row, look.styles.line_current);
            }
            if gutter > 0 {
                self.draw_number(buf, Rect { width: gutter, ..area }, row, &frame, line);
            }
            self.draw_line(buf, row, &frame, line);
        }
        if self.is_empty() {
            for (row, line) in (0..area.height).zip(self.placeholder.lines()) {
                draw::pieces(buf, text, row, [(line, look.styles.dim)]);
            }
        }
        frame.cursor()
    }

    fn draw_number(&self, buf: &mut Buffer, area: Rect, row: u16, frame: &Frame<'_>, line: usize) {
        let styles = &frame.look.styles;
        let current = frame.focused && line == frame.core.cursor().0;
        let style = if current {
            styles.line_number_current
        } else {
            styles.line_number
        };
        let digits = usize::from(area.width) - 2;
        let glyph = match self
            .on_line(line)
            .iter()
            .map(|mark| mark.severity)
            .min_by_key(|s| *s != Severity::Error)
        {
            Some(severity) => glyph(frame.look, severity),
            None => (" ", style),
        };
        let number = format!("{:>digits$}", line + 1);
        draw::pieces(buf, area, row, [glyph, (&number, style)]);
    }

    fn draw_line(&self, buf: &mut Buffer, row: u16, frame: &Frame<'_>, line: usize) {
        let text = frame.core.line(line);
        let width = usize::from(frame.text.width);
        let visible: Vec<Piece<'_>> = pieces(text)
            .skip_while(|piece| piece.column < frame.left)
            .take_while(|piece| piece.column < frame.left + width)
            .collect();
        let first = visible.first().map_or(text.len(), |piece| piece.byte);
        let behind = visible.last().map_or(text.len(), |piece| piece.byte + piece.bytes);
        let ink = self.ink(frame, line, text, &(first..behind));
        let mut tokens = (self.language == Language::Json).then(|| lex::tokens(text).peekable());
        let y = frame.text.y + row;
        let mut pen = Pen::new(buf, y);
        for piece in &visible {
            let x = piece.column - frame.left;
            let style = frame.style(piece, tokens.as_mut(), &ink);
            let room = piece.width.min(width - x) as u16;
            pen.draw(frame.text.x + x as u16, room, &piece.shown, style);
        }
        pen.lift();
        let dim = frame.look.styles.dim;
        let ellipsis = frame.look.glyphs.ellipsis;
        if behind < text.len() && width > 1 {
            draw::put(buf, frame.text.right() - 1, y, 1, ellipsis, dim);
        } else if let Some(x) = frame.line_end(&visible, text) {
            let style = ink.iter().filter(|ink| ink.bytes.contains(&text.len()));
            let style = style.fold(Style::new(), |style, ink| style.patch(ink.style));
            if style != Style::new() {
                draw::put(buf, x, y, 1, " ", style);
            }
        }
        if frame.left > 0 && !text.is_empty() && width > 1 {
            draw::put(buf, frame.text.x, y, 1, ellipsis, dim);
        }
    }

    /// What lies over the colours of the visible bytes of a line, in order. A place behind the line's end is its length.
    fn ink(&self, frame: &Frame<'_>, line: usize, text: &str, visible: &Range<usize>) -> Vec<Ink> {
        let styles = &frame.look.styles;
        let mut ink = Vec::new();
        for mark in self.on_line(line) {
            let (_, style) = glyph(frame.look, mark.severity);
            ink.push(Ink {
                bytes: marked(text, mark.column),
                style: style.add_modifier(Modifier::UNDERLINED),
            });
        }
        let cursor = frame.core.cursor();
        if let Some(needle) = &self.needle {
            let at = (line == cursor.0).then(|| byte_of(text, cursor.1));
            let found = needle.all(text).take_while(|bytes| bytes.start < visible.end);
            ink.extend(found.filter(|bytes| bytes.end > visible.start).map(|bytes| Ink {
                style: if at == Some(bytes.start) {
                    styles.matched_current
                } else {
                    styles.matched
                },
                bytes,
            }));
        }
        if let Some((start, end)) = frame
            .core
            .selection()
            .filter(|(start, end)| start.0 <= line && line <= end.0)
        {
            let from = if line == start.0 { byte_of(text, start.1) } else { 0 };
            let to = if line == end.0 {
                byte_of(text, end.1)
            } else {
                text.len() + 1
            };
            ink.push(Ink {
                bytes: from..to,
                style: styles.selection,
            });
        }
        if frame.focused && !frame.typing && line == cursor.0 {
            let at = byte_of(text, cursor.1);
            ink.push(Ink {
                bytes: at..at + 1,
                style: styles.selected,
            });
        }
        ink
    }
}

/// A style over bytes of a line.
struct Ink {
    bytes: Range<usize>,
    style: Style,
}

impl Frame<'_> {
    fn style(&self, piece: &Piece<'_>, tokens: Option<&mut Peekable<Tokens<'_>>>, ink: &[Ink]) -> Style {
        let styles = &self.look.styles;
        let mut style = styles.text;
        if let Some(tokens) = tokens {
            while tokens.next_if(|(bytes, _)| bytes.end <= piece.byte).is_some() {}
            if let Some((_, token)) = tokens.peek().filter(|(bytes, _)| bytes.start <= piece.byte) {
                style = colour(styles, *token);
            }
        }
        if piece.stand_in {
            style = styles.dim;
        }
        let bytes = piece.byte..piece.byte + piece.bytes;
        ink.iter()
            .filter(|ink| ink.bytes.start < bytes.end && bytes.start < ink.bytes.end)
            .fold(style, |style, ink| style.patch(ink.style))
    }

    /// The screen's column behind the last piece of a line, if it is visible.
    fn line_end(&self, visible: &[Piece<'_>], text: &str) -> Option<u16> {
        let end = match visible.last() {
            Some(piece) => piece.column + piece.width,
            None if text.is_empty() => 0,
            None => return None,
        };
        let x = end.checked_sub(self.left)?;
        (x < usize::from(self.text.width)).then(|| self.text.x + x as u16)
    }

    /// Where the terminal's cursor belongs.
    fn cursor(&self) -> Option<Position> {
        let (line, column) = self.place();
        let inside = column < usize::from(self.text.width) && line < usize::from(self.text.height);
        (self.focused && self.typing && inside).then(|| Position {
            x: self.text.x + column as u16,
            y: self.text.y + line as u16,
        })
    }

    fn place(&self) -> Place {
        let cursor = self.core.cursor();
        let column = words::column(self.core, cursor);
        (cursor.0.saturating_sub(self.top), column.saturating_sub(self.left))
    }
}

fn colour(styles: &Styles, token: Token) -> Style {
    match token {
        Token::Key => styles.key,
        Token::String => styles.string,
        Token::Number => styles.number,
        Token::Literal => styles.literal,
        Token::Punctuation => styles.punctuation,
        Token::Comment => styles.dim,
        Token::Word => styles.text,
    }
}

/// The bytes that a mark at a character covers: the token there, or the one character.
fn marked(text: &str, char: usize) -> Range<usize> {
    let at = byte_of(text, char);
    let token = lex::tokens(text)
        .map(|(bytes, _)| bytes)
        .find(|bytes| bytes.contains(&at));
    at..token.map_or(at + 1, |bytes| bytes.end)
}

/// The first of `room` lines or columns so that `at` is among them, moved as little as can be from `first`.
fn fit(first: usize, at: usize, room: usize) -> usize {
    let margin = MARGIN.min(room.saturating_sub(1) / 2);
    if at < first + margin {
        at.saturating_sub(margin)
    } else if at + margin >= first + room {
        (at + margin + 1).saturating_sub(room.max(1))
    } else {
        first
    }
}
