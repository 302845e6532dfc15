//! Lines made of styled pieces, and sentences broken into such lines.
//!
//! Owns where a sentence breaks and how a line of pieces is drawn. What the pieces say is the panes'.

use crate::text::clean;
use crate::workbench::draw::put;
use crate::workbench::styles::{Glyphs, Look, Styles};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What a piece means, from which the theme makes its style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Plain.
    Text,
    /// What matters less.
    Dim,
    /// What matters more.
    Strong,
    /// What went wrong.
    Error,
    /// What deserves a look.
    Warning,
    /// What is good to know.
    Info,
    /// It fits.
    Valid,
    /// It does not.
    Invalid,
    /// It is under way.
    Growing,
    /// A repaired place.
    Repair,
    /// A JSON key.
    Key,
    /// A JSON string.
    Quoted,
    /// A JSON number.
    Number,
    /// `true`, `false`, `null`.
    Literal,
    /// JSON's braces, commas, colons.
    Punctuation,
}

impl Tone {
    /// Its style in a theme.
    pub const fn style(self, styles: &Styles) -> Style {
        match self {
            Self::Text => styles.text,
            Self::Dim => styles.dim,
            Self::Strong => styles.strong,
            Self::Error => styles.error,
            Self::Warning => styles.warning,
            Self::Info => styles.info,
            Self::Valid => styles.valid,
            Self::Invalid => styles.invalid,
            Self::Growing => styles.growing,
            Self::Repair => styles.repair,
            Self::Key => styles.key,
            Self::Quoted => styles.string,
            Self::Number => styles.number,
            Self::Literal => styles.literal,
            Self::Punctuation => styles.punctuation,
        }
    }
}

/// A glyph by its meaning, one column wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing has come.
    Waiting,
    /// It is under way.
    Growing,
    /// It fits.
    Valid,
    /// It does not.
    Invalid,
    /// From, to.
    Arrow,
    /// What is below is hidden.
    Folded,
    /// What is below is shown.
    Unfolded,
    /// Something to look at.
    Warning,
    /// A repaired place.
    Repair,
    /// A cut.
    Ellipsis,
}

impl Mark {
    /// Its character.
    pub const fn glyph(self, glyphs: &Glyphs) -> &'static str {
        match self {
            Self::Waiting => glyphs.waiting,
            Self::Growing => glyphs.growing,
            Self::Valid => glyphs.valid,
            Self::Invalid => glyphs.invalid,
            Self::Arrow => glyphs.arrow,
            Self::Folded => glyphs.folded,
            Self::Unfolded => glyphs.unfolded,
            Self::Warning => glyphs.warning,
            Self::Repair => glyphs.repair,
            Self::Ellipsis => glyphs.ellipsis,
        }
    }
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text of any origin.
    Text(String, Tone),
    /// A glyph.
    Mark(Mark, Tone),
}

/// A line of pieces.
pub type Line = Vec<Piece>;

/// A piece of text.
pub fn text(text: impl Into<String>, tone: Tone) -> Piece {
    Piece::Text(text.into(), tone)
}

/// A glyph.
pub const fn mark(mark: Mark, tone: Tone) -> Piece {
    Piece::Mark(mark, tone)
}

/// Breaks pieces at spaces into lines of at most `width` columns. The first line begins `indent` columns in, the others `hang`; a word
/// that is too long for a line is broken inside.
pub fn flow(pieces: impl IntoIterator<Item = Piece>, width: u16, indent: u16, hang: u16) -> Vec<Line> {
    let width = usize::from(width).max(8);
    let hang = usize::from(hang).min(width - 8);
    let indent = usize::from(indent).min(width - 8);
    let mut flow = Flow {
        lines: Vec::new(),
        line: Vec::new(),
        width,
        hang,
        used: 0,
        fresh: true,
    };
    flow.start(indent);
    for piece in pieces {
        match piece {
            Piece::Mark(glyph, tone) => flow.mark(glyph, tone),
            Piece::Text(text, tone) => {
                for (at, word) in text.split([' ', '\n', '\t']).enumerate() {
                    flow.word(&clean(word), tone, at > 0);
                }
            }
        }
    }
    flow.lines.push(flow.line);
    flow.lines
}

struct Flow {
    lines: Vec<Line>,
    line: Line,
    width: usize,
    hang: usize,
    used: usize,
    /// Whether nothing but the indent stands on the line.
    fresh: bool,
}

impl Flow {
    fn start(&mut self, indent: usize) {
        self.used = indent;
        self.fresh = true;
        if indent > 0 {
            self.line.push(text(" ".repeat(indent), Tone::Text));
        }
    }

    fn turn(&mut self) {
        self.lines.push(std::mem::take(&mut self.line));
        self.start(self.hang);
    }

    fn mark(&mut self, glyph: Mark, tone: Tone) {
        if self.used + 1 > self.width {
            self.turn();
        }
        self.line.push(Piece::Mark(glyph, tone));
        self.used += 1;
        self.fresh = false;
    }

    fn word(&mut self, word: &str, tone: Tone, spaced: bool) {
        let space = spaced && !self.fresh;
        let width = word.width();
        if !self.fresh && self.used + usize::from(space) + width > self.width {
            // A space at the end of a line is not shown, so a piece that is only one breaks nothing.
            if word.is_empty() {
                return;
            }
            self.turn();
            return self.broken(word, tone);
        }
        if space {
            self.append(" ", 1, tone);
        }
        self.broken(word, tone);
    }

    /// A word that stands where there is room for it, or at the beginning of a line.
    fn broken(&mut self, word: &str, tone: Tone) {
        let mut from = 0;
        let mut columns = 0;
        for (at, c) in word.char_indices() {
            let width = c.width().unwrap_or(0);
            if self.used + columns + width > self.width && at > from {
                self.append(&word[from..at], columns, tone);
                self.turn();
                (from, columns) = (at, 0);
            }
            columns += width;
        }
        self.append(&word[from..], columns, tone);
    }

    fn append(&mut self, word: &str, width: usize, tone: Tone) {
        if word.is_empty() {
            return;
        }
        self.used += width;
        self.fresh = false;
        match self.line.last_mut() {
            Some(Piece::Text(last, old)) if *old == tone => last.push_str(word),
            Some(_) | None => self.line.push(text(word, tone)),
        }
    }
}

/// The text of a line, with nothing for glyphs; what a search looks through.
pub fn plain(line: &[Piece]) -> String {
    line.iter()
        .map(|piece| match piece {
            Piece::Text(text, _) => text.as_str(),
            Piece::Mark(..) => "",
        })
        .collect()
}

/// Draws a line in row `row` of `area`; every occurrence of `needle` (in lower case, empty for none) is marked as a match.
pub fn draw(buf: &mut Buffer, area: Rect, row: u16, line: &[Piece], look: &Look, needle: &str) -> u16 {
    if row >= area.height {
        return 0;
    }
    let y = area.y + row;
    let mut used = 0;
    for piece in line {
        let (words, tone) = match piece {
            Piece::Text(words, tone) => (words.as_str(), *tone),
            Piece::Mark(glyph, tone) => (glyph.glyph(&look.glyphs), *tone),
        };
        let room = area.width.saturating_sub(used);
        if room == 0 {
            break;
        }
        let x = area.x + used;
        used += put(buf, x, y, room, words, tone.style(&look.styles));
    }
    highlight(buf, Rect::new(area.x, y, used, 1), line, look, needle);
    used
}

fn highlight(buf: &mut Buffer, row: Rect, line: &[Piece], look: &Look, needle: &str) {
    if needle.is_empty() {
        return;
    }
    let shown: String = line
        .iter()
        .map(|piece| match piece {
            Piece::Text(words, _) => clean(words).to_lowercase(),
            Piece::Mark(glyph, _) => glyph.glyph(&look.glyphs).to_owned(),
        })
        .collect();
    for (at, found) in shown.match_indices(needle) {
        let x = shown[..at].width();
        let Ok(x) = u16::try_from(x) else { break };
        let width = u16::try_from(found.width()).unwrap_or(u16::MAX);
        let cells = Rect::new(
            row.x.saturating_add(x),
            row.y,
            width.min(row.width.saturating_sub(x)),
            1,
        );
        buf.set_style(cells.intersection(row).intersection(buf.area), look.styles.matched);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(words: &str, width: u16, indent: u16, hang: u16) -> Vec<String> {
        flow([text(words, Tone::Text)], width, indent, hang)
            .iter()
            .map(|line| plain(line))
            .collect()
    }

    #[test]
    fn sentences_break_at_spaces() {
        let table: [(&str, u16, u16, u16, &[&str]); 5] = [
            ("one two three", 9, 0, 0, &["one two", "three"]),
            ("one two three", 10, 1, 2, &[" one two", "  three"]),
            ("incomprehensible", 10, 0, 2, &["incomprehe", "  nsible"]),
            ("a\x1b[1m\nb", 10, 0, 0, &["a␛[1m b"]),
            ("", 10, 2, 2, &["  "]),
        ];
        for (words, width, indent, hang, expected) in table {
            assert_eq!(lines(words, width, indent, hang), expected, "{words:?}");
        }
    }

    #[test]
    fn tones_stay_with_their_words() {
        let pieces = [text("bad: ", Tone::Error), text("no such thing", Tone::Text)];
        assert_eq!(
            flow(pieces, 12, 0, 2),
            [
                vec![text("bad: ", Tone::Error), text("no such", Tone::Text)],
                vec![text("  thing", Tone::Text)],
            ]
        );
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_no_word_is_lost(words in "[a-z日]{1,12}( [a-z]{1,6}){0,20}", indent in 0_u16..6, hang in 0_u16..6, width in 8_u16..30) {
            let lines = lines(&words, width, indent, hang);
            prop_assert!(lines.iter().all(|line| line.width() <= usize::from(width)));
            let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&words));
        }
    }
}
