//! A text that is too large to be edited here.
//!
//! Owns where that begins, and the text with the view over it. Beyond it the editing model shows wrong lines (its rows are 16 bits
//! wide) or takes too long for a key.

use crate::workbench::text_view::{Part, TextView};

/// The most lines that can be edited.
pub const MOST_LINES: usize = 60_000;

/// The most bytes that can be edited.
pub const MOST_BYTES: usize = 2_000_000;

/// The most bytes of a line that can be edited.
pub const MOST_LINE_BYTES: usize = 64_000;

/// What is said where such a text is shown.
pub(super) const NOTICE: &str = "too large to edit here: e opens $EDITOR";

/// The text, and the view over it.
#[derive(Clone, Debug)]
pub(super) struct Large {
    pub(super) text: String,
    pub(super) view: TextView,
    /// How many lines it has. Every frame asks, and counting ten megabytes takes longer than a frame may.
    lines: usize,
}

impl Large {
    pub(super) fn new(text: String) -> Self {
        let mut view = TextView::new(false);
        view.sync(&[Part::from(&*text)]);
        let lines = line_of(&text, text.len()) + 1;
        Self { text, view, lines }
    }

    /// How many lines it has.
    pub(super) const fn lines(&self) -> usize {
        self.lines
    }

    /// The byte at which a line begins.
    pub(super) fn start_of(&self, line: usize) -> usize {
        let feeds = self.text.match_indices('\n').map(|(at, _)| at + 1);
        std::iter::once(0).chain(feeds).nth(line).unwrap_or(self.text.len())
    }
}

/// The line of a byte, from 0.
pub(super) fn line_of(text: &str, byte: usize) -> usize {
    let before = text.get(..byte).unwrap_or_default();
    // Byte by byte, which the compiler does many at a time.
    before.bytes().filter(|byte| *byte == b'\n').count()
}

/// Whether a text is too large.
pub(super) fn is_large(text: &str) -> bool {
    if text.len() > MOST_BYTES {
        return true;
    }
    let mut lines = 0;
    text.split('\n').any(|line| {
        lines += 1;
        line.len() > MOST_LINE_BYTES || lines > MOST_LINES
    })
}
