//! Searching in an editor.
//!
//! Owns going from match to match. What a match is, is `needle`'s.

use super::core::{Core, Place};
use super::{Content, Editor, columns};
use crate::workbench::needle::Needle;
use crate::workbench::text_view::Part;

/// The most matches that are counted.
const MOST: usize = 10_000;

impl Editor {
    /// Looks for a text, in which case matters if it holds a capital, or for nothing any more. The cursor goes to the first match at
    /// or behind it. Gives how many there are, at most 10,000; an error is a sentence.
    pub fn search(&mut self, pattern: Option<&str>) -> Result<Option<usize>, String> {
        self.needle = Needle::new(pattern.unwrap_or_default())?;
        if let Content::Large(large) = &mut self.content {
            return large.view.search(pattern, &[Part::from(&*large.text)]);
        }
        let (Content::Text(core), Some(needle)) = (&self.content, &self.needle) else {
            return Ok(None);
        };
        let count = core.lines().iter().flat_map(|line| needle.all(line)).take(MOST).count();
        if let Some((line, char)) = next(core, needle, core.cursor(), true) {
            self.go_to(line, char);
        }
        Ok(Some(count))
    }

    pub(super) fn seek_match(&mut self, forward: bool) {
        let (Content::Text(core), Some(needle)) = (&self.content, &self.needle) else {
            return;
        };
        let found = if forward {
            next(core, needle, core.cursor(), false)
        } else {
            previous(core, needle, core.cursor())
        };
        if let Some((line, char)) = found {
            self.go_to(line, char);
        }
    }
}

/// The first match behind a place or, if `at` says so, at it; from the start if there is none.
fn next(core: &Core, needle: &Needle, (line, char): Place, at: bool) -> Option<Place> {
    let from = columns::byte_of(core.line(line), char + usize::from(!at));
    let here = needle.all(core.line(line)).find(|bytes| bytes.start >= from);
    let lines = core.lines().len();
    let found = here.map(|bytes| (line, bytes.start)).or_else(|| {
        (1..=lines)
            .map(|step| (line + step) % lines)
            .find_map(|line| Some((line, needle.find(core.line(line), 0)?.start)))
    });
    found.map(|(line, byte)| place(core, line, byte))
}

/// The last match before a place; from the end if there is none.
fn previous(core: &Core, needle: &Needle, (line, char): Place) -> Option<Place> {
    let to = columns::byte_of(core.line(line), char);
    let here = needle
        .all(core.line(line))
        .map(|bytes| bytes.start)
        .take_while(|&start| start < to)
        .last();
    let lines = core.lines().len();
    let found = here.map(|byte| (line, byte)).or_else(|| {
        (1..=lines)
            .map(|step| (line + lines - step) % lines)
            .find_map(|line| Some((line, needle.all(core.line(line)).last()?.start)))
    });
    found.map(|(line, byte)| place(core, line, byte))
}

fn place(core: &Core, line: usize, byte: usize) -> Place {
    let before = core.line(line).get(..byte).unwrap_or_default();
    (line, before.chars().count())
}
