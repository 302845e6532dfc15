//! A line's characters and the columns they take on screen.
//!
//! Owns how a line of any text is cut into what stands in cells: letters with their accents, tabs, and the stand-ins of
//! [`crate::text`]. Editors and text views lay out, place the cursor and draw through it, so that these three always agree.

use crate::text;
use crate::workbench::draw;
use ratatui::buffer::Buffer;
use ratatui::style::Style;
use ratatui::text::Span;
use std::borrow::Cow;
use unicode_width::UnicodeWidthChar;

/// Columns between two tab stops.
pub const TAB: usize = 4;

/// A letter with more accents than this is drawn as several.
const MOST_CHARS: usize = 16;

/// Asks for the two columns wide emoji form of the character before it (Unicode TS #51).
const EMOJI_FORM: char = '\u{FE0F}';

/// What is drawn for a tab: as much of this as its width asks for.
const BLANK: &str = "    ";

/// Something that takes columns of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Its first byte in the line.
    pub byte: usize,
    /// Its bytes in the line.
    pub bytes: usize,
    /// How many characters of the line come before it.
    pub char: usize,
    /// Its characters in the line.
    pub chars: usize,
    /// The column of the line where it stands, from 0.
    pub column: usize,
    /// The columns it takes, at least one.
    pub width: usize,
    /// What is drawn, clean.
    pub shown: Cow<'a, str>,
    /// Whether that stands for something which must not be drawn as it is.
    pub stand_in: bool,
}

/// Goes through the pieces of one line from its start.
#[derive(Clone, Debug)]
pub struct Pieces<'a> {
    line: &'a str,
    byte: usize,
    char: usize,
    column: usize,
}

/// The pieces of `line`, which holds no line feed.
pub const fn pieces(line: &str) -> Pieces<'_> {
    Pieces {
        line,
        byte: 0,
        char: 0,
        column: 0,
    }
}

/// The column at which the character `char` of `line` stands; behind the last one that where the line ends.
pub fn column_of(line: &str, char: usize) -> usize {
    let mut end = 0;
    for piece in pieces(line) {
        if piece.char + piece.chars > char {
            return piece.column;
        }
        end = piece.column + piece.width;
    }
    end
}

/// The character of `line` that stands at a column; behind the last one the number of characters.
pub fn char_at(line: &str, column: usize) -> usize {
    let mut end = 0;
    for piece in pieces(line) {
        if piece.column + piece.width > column {
            return piece.char;
        }
        end = piece.char + piece.chars;
    }
    end
}

/// The byte at which the character `char` of `line` begins; the line's length behind the last one.
pub fn byte_of(line: &str, char: usize) -> usize {
    line.char_indices().nth(char).map_or(line.len(), |(byte, _)| byte)
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let rest = self.line.get(self.byte..)?;
        let first = rest.chars().next()?;
        let plain = matches!(first, ' '..='~') && rest.as_bytes().get(1).is_none_or(u8::is_ascii);
        let (bytes, chars, width, shown, stand_in) = if plain {
            (1, 1, 1, Cow::Borrowed(rest.get(..1)?), false)
        } else if first == '\t' {
            let width = TAB - self.column % TAB;
            (1, 1, width, Cow::Borrowed(BLANK.get(..width)?), false)
        } else {
            cluster(rest, first)
        };
        let piece = Piece {
            byte: self.byte,
            bytes,
            char: self.char,
            chars,
            column: self.column,
            width,
            shown,
            stand_in,
        };
        self.byte += bytes;
        self.char += chars;
        self.column += width;
        Some(piece)
    }
}

/// The bytes, characters, columns and looks of what `rest` begins with, and whether that is a stand-in.
fn cluster(rest: &str, first: char) -> (usize, usize, usize, Cow<'_, str>, bool) {
    if !text::is_hidden(first) {
        let visible = rest
            .char_indices()
            .take(MOST_CHARS)
            .take_while(|(_, c)| !text::is_hidden(*c))
            .last()
            .map_or(0, |(at, c)| at + c.len_utf8());
        let visible = Span::raw(rest.get(..visible).unwrap_or_default());
        let bytes = visible
            .styled_graphemes(Style::new())
            .next()
            .map_or(0, |grapheme| grapheme.symbol.len());
        let whole = rest.get(..bytes).unwrap_or_default();
        let width = measure(whole);
        if width > 0 {
            return (bytes, whole.chars().count(), width, Cow::Borrowed(whole), false);
        }
    }
    let bytes = first.len_utf8();
    let hidden = rest.get(..bytes).unwrap_or_default();
    let shown = match text::clean(hidden) {
        // An accent without a letter, which would land on whatever is left of it.
        Cow::Borrowed(_) => format!("<U+{:04X}>", u32::from(first)),
        Cow::Owned(shown) => shown,
    };
    (bytes, 1, shown.chars().count(), Cow::Owned(shown), true)
}

/// The columns of a cluster as [`text::one_line`] counts them, which is never less than what it takes on screen.
fn measure(cluster: &str) -> usize {
    let mut columns = 0;
    let mut last = 0;
    for c in cluster.chars() {
        last = if c == EMOJI_FORM {
            2_usize.saturating_sub(last)
        } else {
            c.width().unwrap_or(0)
        };
        columns += last;
    }
    columns
}

/// Draws pieces on one row, those of one style at a stroke.
#[derive(Debug)]
pub struct Pen<'b> {
    buf: &'b mut Buffer,
    y: u16,
    x: u16,
    width: u16,
    style: Style,
    run: String,
}

impl<'b> Pen<'b> {
    /// A pen on the row `y`.
    pub fn new(buf: &'b mut Buffer, y: u16) -> Self {
        Self {
            buf,
            y,
            x: 0,
            width: 0,
            style: Style::new(),
            run: String::new(),
        }
    }

    /// Draws `shown`, which is `width` columns wide, at the column `x` of the screen.
    pub fn draw(&mut self, x: u16, width: u16, shown: &str, style: Style) {
        if style != self.style || x != self.x + self.width || self.run.is_empty() {
            self.lift();
            (self.x, self.style) = (x, style);
        }
        self.run.push_str(shown);
        self.width += width;
        if !shown.is_ascii() {
            // What terminals draw narrower than it was measured must not pull what follows to the left.
            self.lift();
        }
    }

    /// Draws what has not been drawn yet.
    pub fn lift(&mut self) {
        if !self.run.is_empty() {
            draw::put(self.buf, self.x, self.y, self.width, &self.run, self.style);
        }
        self.run.clear();
        self.x = self.x.saturating_add(self.width);
        self.width = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_takes_columns() {
        let table = [
            ("ab", vec![("a", 0, 1), ("b", 1, 1)]),
            ("a\tb", vec![("a", 0, 1), ("   ", 1, 3), ("b", 4, 1)]),
            ("日e\u{301}x", vec![("日", 0, 2), ("e\u{301}", 2, 1), ("x", 3, 1)]),
            (
                "\u{1b}[",
                vec!["␛", "["].into_iter().zip(0..).map(|(s, i)| (s, i, 1)).collect(),
            ),
            ("\u{202e}a", vec![("<U+202E>", 0, 8), ("a", 8, 1)]),
            ("\u{301}a", vec![("<U+0301>", 0, 8), ("a", 8, 1)]),
            ("👩\u{200d}x", vec![("👩", 0, 2), ("<U+200D>", 2, 8), ("x", 10, 1)]),
        ];
        for (line, expected) in table {
            let found: Vec<_> = pieces(line).collect();
            let found: Vec<_> = found.iter().map(|p| (&*p.shown, p.column, p.width)).collect();
            assert_eq!(found, expected, "{line:?}");
        }
    }

    proptest! {
        #[test]
        fn pieces_add_up(line in "(\\PC|\\pC|\\pM|\t|\u{fe0f}|👍🏽|🇩🇪|ab){0,30}") {
            let (mut byte, mut char, mut column) = (0, 0, 0);
            for piece in pieces(&line) {
                prop_assert_eq!((piece.byte, piece.char, piece.column), (byte, char, column));
                prop_assert!(piece.width > 0 && piece.bytes > 0);
                prop_assert!(!piece.shown.chars().any(text::is_hidden));
                prop_assert_eq!(char_at(&line, column), char);
                prop_assert_eq!(column_of(&line, char), column);
                byte += piece.bytes;
                char += piece.chars;
                column += piece.width;
            }
            prop_assert_eq!((byte, char), (line.len(), line.chars().count()));
        }
    }
}
