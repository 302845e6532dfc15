//! Where the cursor goes: by letters and by words.
//!
//! Owns places in a text, which are a line and a character. A letter with its accents is one step.

use super::core::{Core, Place};
use crate::workbench::columns::pieces;

/// One step left, over the line's start to the end of the one before it.
pub(super) fn left(core: &Core, (line, char): Place) -> Place {
    let before = pieces(core.line(line)).take_while(|piece| piece.char < char).last();
    match (before, line.checked_sub(1)) {
        (Some(piece), _) => (line, piece.char),
        (None, Some(above)) => (above, end(core, above)),
        (None, None) => (0, 0),
    }
}

/// One step right, over the line's end to the start of the next.
pub(super) fn right(core: &Core, (line, char): Place) -> Place {
    let next = pieces(core.line(line))
        .map(|piece| piece.char + piece.chars)
        .find(|&next| next > char);
    match next {
        Some(next) => (line, next),
        None if line + 1 < core.lines().len() => (line + 1, 0),
        None => (line, char),
    }
}

/// To the start of the word, or of the one before it.
pub(super) fn word_left(core: &Core, (line, char): Place) -> Place {
    let before: Vec<char> = core.line(line).chars().take(char).collect();
    if before.is_empty() {
        return left(core, (line, char));
    }
    let word = before.iter().rposition(|c| !c.is_whitespace());
    let start = word.map_or(0, |last| {
        let kind = kind(before[last]);
        let other = before[..last].iter().rposition(|&c| self::kind(c) != kind);
        other.map_or(0, |other| other + 1)
    });
    (line, start)
}

/// Behind the word, to the start of the next.
pub(super) fn word_right(core: &Core, (line, char): Place) -> Place {
    let mut rest = core.line(line).chars().skip(char).peekable();
    let Some(first) = rest.peek().copied() else {
        return right(core, (line, char));
    };
    let mut at = char;
    while rest
        .next_if(|&c| !c.is_whitespace() && kind(c) == kind(first))
        .is_some()
    {
        at += 1;
    }
    while rest.next_if(|c| c.is_whitespace()).is_some() {
        at += 1;
    }
    (line, at)
}

/// The end of a line.
pub(super) fn end(core: &Core, line: usize) -> usize {
    core.line(line).chars().count()
}

/// The white space that a line begins with, up to the character `char`.
pub(super) fn indentation(core: &Core, (line, char): Place) -> String {
    let start = core.line(line).chars().take(char);
    start.take_while(|c| matches!(c, ' ' | '\t')).collect()
}

fn kind(c: char) -> u8 {
    match c {
        _ if c.is_whitespace() => 0,
        _ if c.is_alphanumeric() || c == '_' => 1,
        _ => 2,
    }
}
