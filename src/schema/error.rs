//! What is wrong with a schema, and where.
//!
//! Owns the error type only; the sentences are written where the faults are found.

use crate::text::one_line;
use std::fmt;

/// The most columns of a message: it may quote the schema, which may be one long word.
const MAX_MESSAGE: usize = 600;

/// Why a text is not a schema formwork can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    /// Line in the source text, from 1, where it is known.
    pub line: Option<usize>,
    /// Column in characters, from 1.
    pub column: Option<usize>,
    /// JSON Pointer into the schema, once the text could be read.
    pub pointer: Option<String>,
    /// What is wrong and what to do about it: one line, sanitised and not long whatever it quotes.
    pub message: String,
}

impl SchemaError {
    /// An error about the text as a whole.
    pub(crate) fn new(message: impl AsRef<str>) -> Self {
        Self {
            line: None,
            column: None,
            pointer: None,
            message: one_line(message.as_ref(), MAX_MESSAGE).into_owned(),
        }
    }

    /// An error at a byte offset of `text`.
    pub(crate) fn at(text: &str, offset: usize, message: impl AsRef<str>) -> Self {
        let (line, column) = position(text, offset);
        Self::on(line, column, message)
    }

    /// An error at a line and a column, both from 1.
    pub(crate) fn on(line: usize, column: usize, message: impl AsRef<str>) -> Self {
        Self {
            line: Some(line),
            column: Some(column),
            ..Self::new(message)
        }
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column, self.pointer.as_deref()) {
            (Some(line), Some(column), _) => write!(f, "line {line}, column {column}: ")?,
            (Some(line), None, _) => write!(f, "line {line}: ")?,
            (None, _, Some(pointer)) if !pointer.is_empty() => write!(f, "at {pointer}: ")?,
            (None, _, _) => {}
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for SchemaError {}

/// Line and column (in characters), both from 1, of a byte offset. An offset inside a character counts as its start.
pub(crate) fn position(text: &str, offset: usize) -> (usize, usize) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    (line, before[start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        for (text, offset, expected) in [
            ("", 0, (1, 1)),
            ("äb\nc", 2, (1, 2)),
            ("äb\nc", 1, (1, 1)),
            ("äb\nc", 4, (2, 1)),
            ("a", 99, (1, 2)),
        ] {
            assert_eq!(position(text, offset), expected, "{text:?} at {offset}");
        }
    }

    #[test]
    fn the_place_comes_first() {
        assert_eq!(SchemaError::at("a\nbc", 3, "no").to_string(), "line 2, column 2: no");
        assert_eq!(
            SchemaError {
                pointer: Some("/a".to_owned()),
                ..SchemaError::new("no")
            }
            .to_string(),
            "at /a: no"
        );
        assert_eq!(SchemaError::new("no").to_string(), "no");
    }
}
