//! An editor on screen.
//!
//! Owns the rows: numbers, colours, marks, what is selected and found, and the problem's message below. The crate that does the
//! editing draws control characters raw, so that all of this is drawn here, through `columns`. What is drawn costs what is visible,
//! and of a long line what is left of the pane's right edge or, where it is wrapped, the line. Which rows are visible is `scroll`'s.

use super::core::Core;
use super::lex::{self, Token, Tokens};
use super::problems::glyph;
use super::rows::{Rows, Spot};
use super::{Content, Editor, Language, Severity};
use crate::workbench::columns::{Pen, Piece, byte_of, pieces};
use crate::workbench::draw;
use crate::workbench::styles::{Look, Styles};
use crate::workbench::text_view::{Part, wrap};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use std::iter::Peekable;
use std::ops::Range;

/// What a frame of the text is drawn from.
struct Frame<'a> {
    look: &'a Look,
    core: &'a Core,
    focused: bool,
    typing: bool,
    /// The row of the cursor and its column there.
    cursor: (Spot, usize),
    /// The first visible column.
    left: usize,
    /// The visible rows.
    rows: Vec<Row>,
    /// The columns of the text.
    text: Rect,
}

/// A visible row.
struct Row {
    spot: Spot,
    /// Its bytes in the line.
    bytes: Range<usize>,
    /// Whether it is the last one of its line.
    last: bool,
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
        let text = Rect {
            x: area.x + gutter,
            width: area.width - gutter,
            ..area
        };
        let mut rows = Rows::new(core, self.wraps_at(area.width));
        let scroll = self.scrolled(&mut rows, core.cursor(), area.as_size());
        let frame = Frame {
            look,
            core,
            focused,
            typing,
            cursor: (rows.spot(core.cursor()), rows.column(core.cursor())),
            left: scroll.left,
            rows: visible(&mut rows, scroll.top, area.height),
            text,
        };
        self.draw_rows(buf, area, &frame);
        if self.is_empty() {
            self.draw_placeholder(buf, &frame);
        }
        frame.cursor()
    }

    fn draw_rows(&self, buf: &mut Buffer, area: Rect, frame: &Frame<'_>) {
        let gutter = area.width - frame.text.width;
        let styles = &frame.look.styles;
        let mut ink = Vec::new();
        for (y, row) in (0..area.height).zip(&frame.rows) {
            let line = row.spot.line;
            if frame.focused && row.spot == frame.cursor.0 {
                draw::paint_row(buf, area, y, styles.line_current);
            }
            if gutter > 0 && row.spot.row == 0 {
                self.draw_number(buf, Rect { width: gutter, ..area }, y, frame, line);
            }
            if y == 0 || row.spot.row == 0 {
                ink = self.ink(frame, line, frame.core.line(line), &frame.visible_bytes(line));
            }
            self.draw_row(buf, frame.text.y + y, frame, row, &ink);
        }
    }

    fn draw_placeholder(&self, buf: &mut Buffer, frame: &Frame<'_>) {
        let start = (frame.focused && !frame.typing).then_some(self.start.as_str());
        let lines = self.placeholder.lines().chain(start);
        let rows = lines.flat_map(|line| {
            let rows = wrap(line, frame.text.width.into(), 0).into_iter();
            rows.map(move |bytes| line.get(bytes).unwrap_or_default().trim_end())
        });
        for (y, line) in (0..frame.text.height).zip(rows) {
            draw::pieces(buf, frame.text, y, [(line, frame.look.styles.dim)]);
        }
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

    fn draw_row(&self, buf: &mut Buffer, y: u16, frame: &Frame<'_>, row: &Row, ink: &[Ink]) {
        let line = frame.core.line(row.spot.line);
        let visible = frame.pieces(row);
        let mut tokens = (self.language == Language::Json).then(|| lex::tokens(line).peekable());
        let width = frame.text.width;
        let behind = visible.last().map_or(row.bytes.end, |piece| piece.byte + piece.bytes);
        let (cut_left, cut_right) = (
            frame.left > 0 && !line.is_empty() && width > 1,
            behind < row.bytes.end && width > 1,
        );
        let from = frame.left + usize::from(cut_left);
        let to = frame.left + usize::from(width) - usize::from(cut_right);
        let mut pen = Pen::new(buf, y);
        for piece in visible.iter().filter(|piece| piece.column >= from && piece.column < to) {
            let style = frame.style(piece, tokens.as_mut(), ink);
            let x = frame.text.x + (piece.column - frame.left) as u16;
            pen.draw(x, piece.width.min(to - piece.column) as u16, &piece.shown, style);
        }
        pen.lift();
        let dim = frame.look.styles.dim;
        let ellipsis = frame.look.glyphs.ellipsis;
        if cut_right {
            draw::put(buf, frame.text.right() - 1, y, 1, ellipsis, dim);
        } else if let Some(x) = frame.line_end(&visible, row) {
            let style = ink.iter().filter(|ink| ink.bytes.contains(&line.len()));
            let style = style.fold(Style::new(), |style, ink| style.patch(ink.style));
            if style != Style::new() {
                draw::put(buf, x, y, 1, " ", style);
            }
        }
        if cut_left {
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

    /// The visible pieces of a row; their bytes are those of the line.
    fn pieces(&self, row: &Row) -> Vec<Piece<'_>> {
        let text = self.core.line(row.spot.line).get(row.bytes.clone()).unwrap_or_default();
        let end = self.left + usize::from(self.text.width);
        let visible = pieces(text).skip_while(|piece| piece.column < self.left);
        let visible = visible.take_while(|piece| piece.column < end);
        visible
            .map(|piece| Piece {
                byte: piece.byte + row.bytes.start,
                ..piece
            })
            .collect()
    }

    /// The bytes of a line from the start of its first visible row to the end of its last, or to the pane's right edge.
    fn visible_bytes(&self, line: usize) -> Range<usize> {
        let mut rows = self.rows.iter().filter(|row| row.spot.line == line);
        let Some(first) = rows.next() else { return 0..0 };
        if let Some(last) = rows.next_back() {
            return first.bytes.start..last.bytes.end;
        }
        let pieces = self.pieces(first);
        let start = pieces.first().map_or(first.bytes.end, |piece| piece.byte);
        start..pieces.last().map_or(first.bytes.end, |piece| piece.byte + piece.bytes)
    }

    /// The screen's column behind the last piece of a line, if it is visible.
    fn line_end(&self, visible: &[Piece<'_>], row: &Row) -> Option<u16> {
        let end = match visible.last() {
            Some(piece) => piece.column + piece.width,
            None if row.bytes.is_empty() => 0,
            None => return None,
        };
        let x = end.checked_sub(self.left).filter(|_| row.last)?;
        (x < usize::from(self.text.width)).then(|| self.text.x + x as u16)
    }

    /// Where the terminal's cursor belongs. What is drawn wider than the pane may hide it, so that it is kept inside.
    fn cursor(&self) -> Option<Position> {
        let (spot, column) = self.cursor;
        let y = self.rows.iter().position(|row| row.spot == spot)?;
        let x = column
            .saturating_sub(self.left)
            .min(usize::from(self.text.width).checked_sub(1)?);
        (self.focused && self.typing).then(|| Position {
            x: self.text.x + x as u16,
            y: self.text.y + y as u16,
        })
    }
}

/// The rows from `top` on that fit into a height.
fn visible(rows: &mut Rows<'_>, top: Spot, height: u16) -> Vec<Row> {
    let last = rows.last();
    let mut spot = top;
    let mut out = Vec::with_capacity(height.into());
    for _ in 0..height {
        let of_line = rows.of(spot.line);
        out.push(Row {
            spot,
            bytes: of_line.get(spot.row).cloned().unwrap_or_default(),
            last: spot.row + 1 == of_line.len(),
        });
        if spot == last {
            break;
        }
        spot = rows.down(spot, 1);
    }
    out
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
