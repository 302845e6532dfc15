//! The matches of a search in a text that may be long and may be growing.
//!
//! Owns how far the text has been gone through and what was found there. What a match is, is `needle`'s.

use super::Part;
use super::index::floor;
use crate::workbench::needle::Needle;
use std::ops::Range;

/// Bytes gone through at a time.
const BUDGET: usize = 4 << 20;

/// The most matches that are kept.
const MOST: usize = 10_000;

/// A search and what it has found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Matches {
    needle: Needle,
    parts: Vec<Found>,
    current: Option<(usize, usize)>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Found {
    /// The bytes gone through.
    seen: usize,
    /// Where the last match ends.
    end: usize,
    /// The first bytes of the matches, in order.
    starts: Vec<usize>,
}

impl Matches {
    /// A search; nothing for an empty pattern.
    pub(super) fn new(pattern: &str) -> Result<Option<Self>, String> {
        let needle = Needle::new(pattern)?;
        Ok(needle.map(|needle| Self {
            needle,
            parts: Vec::new(),
            current: None,
        }))
    }

    /// Goes on looking, through a bounded amount of text.
    pub(super) fn extend(&mut self, parts: &[Part<'_>]) {
        self.parts.resize_with(parts.len(), Found::default);
        let mut budget = BUDGET;
        let mut room = MOST.saturating_sub(self.count());
        for (found, part) in self.parts.iter_mut().zip(parts) {
            if part.text.len() < found.seen {
                *found = Found::default();
            }
            let new = part.text.len() - found.seen;
            if new == 0 || budget == 0 || room == 0 {
                continue;
            }
            let end = floor(part.text, found.seen + new.min(budget));
            budget = budget.saturating_sub(new);
            // A match may have begun in what was there before.
            let overlap = found.seen.saturating_sub(self.needle.longest());
            let mut from = floor(part.text, overlap).max(found.end);
            let text = part.text.get(..end).unwrap_or_default();
            while let Some(bytes) = self.needle.find(text, from).filter(|_| room > 0) {
                found.starts.push(bytes.start);
                found.end = bytes.end;
                from = bytes.end;
                room -= 1;
            }
            found.seen = end;
        }
    }

    /// How many have been found.
    pub(super) fn count(&self) -> usize {
        self.parts.iter().map(|found| found.starts.len()).sum()
    }

    /// Goes to the next or the previous match, seen from the current one or from a place, and round at the end.
    pub(super) fn go(&mut self, from: (usize, usize), forward: bool) -> Option<(usize, usize)> {
        let parts = self.parts.len();
        let (part, byte) = self.current.unwrap_or(from);
        let here = self.parts.get(part)?;
        let (before, behind) = (
            here.starts.partition_point(|&start| start < byte),
            here.starts
                .partition_point(|&start| start < byte + usize::from(self.current.is_some())),
        );
        let in_part = |at: usize, start: Option<&usize>| start.map(|&start| (at, start));
        let found = if forward {
            in_part(part, here.starts.get(behind)).or_else(|| {
                (1..=parts)
                    .map(|step| (part + step) % parts)
                    .find_map(|at| in_part(at, self.parts.get(at)?.starts.first()))
            })
        } else {
            in_part(part, before.checked_sub(1).and_then(|at| here.starts.get(at))).or_else(|| {
                (1..=parts)
                    .map(|step| (part + parts - step) % parts)
                    .find_map(|at| in_part(at, self.parts.get(at)?.starts.last()))
            })
        };
        self.current = found;
        found
    }

    /// The matches that touch a row, each with whether it is the current one.
    pub(super) fn around<'a>(
        &'a self,
        part: usize,
        text: &'a str,
        row: &Range<usize>,
    ) -> impl Iterator<Item = (Range<usize>, bool)> + 'a {
        let starts = self.parts.get(part).map_or(&[][..], |found| &found.starts);
        let first = starts.partition_point(|&start| start + self.needle.longest() <= row.start);
        let end = row.end;
        starts
            .get(first..)
            .unwrap_or_default()
            .iter()
            .take_while(move |&&start| start < end)
            .filter_map(move |&start| {
                let near = text.get(..floor(text, start + self.needle.longest()))?;
                let bytes = self.needle.find(near, start)?;
                Some((bytes, self.current == Some((part, start))))
            })
    }
}
