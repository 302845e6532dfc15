//! Where the pieces of a text begin that are wrapped on their own.
//!
//! Owns the index that makes a text of any length and any line length scroll: it knows no width, so that a new one costs nothing,
//! and a text that has grown costs only what is new.

use std::ops::Range;

/// A line longer than this is wrapped in parts, in bytes. It bounds the cost of finding a row in a line.
const LONGEST: usize = 16 * 1024;

/// How far beyond that a good place for the cut is looked for.
const SLACK: usize = 256;

/// The starts of a text's segments: of its lines, and of the parts of long ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Index {
    /// The first byte of each but the first, which begins at 0.
    starts: Vec<usize>,
    /// The bytes that have been looked at.
    seen: usize,
}

impl Index {
    /// Brings the index up to date with `text`, which has grown or is another one if it is shorter.
    pub(super) fn sync(&mut self, text: &str) {
        if text.len() < self.seen || !text.is_char_boundary(self.seen) {
            *self = Self::default();
        }
        while let Some(found) = text.get(self.seen..).and_then(|rest| rest.find('\n')) {
            let feed = self.seen + found;
            self.cut(text, feed);
            self.starts.push(feed + 1);
            self.seen = feed + 1;
        }
        self.cut(text, text.len());
        self.seen = text.len();
    }

    /// How many segments there are. An empty one behind a last line feed does not count.
    pub(super) fn len(&self) -> usize {
        let behind_feed = self.starts.last() == Some(&self.seen);
        self.starts.len() + usize::from(!behind_feed && self.seen > 0)
    }

    /// The bytes of a segment of `text`, without its line feed.
    pub(super) fn segment(&self, text: &str, at: usize) -> Range<usize> {
        let start = at
            .checked_sub(1)
            .and_then(|at| self.starts.get(at))
            .copied()
            .unwrap_or(0);
        let end = self.starts.get(at).copied().unwrap_or(self.seen).min(text.len());
        let feed = text.get(start..end).is_some_and(|segment| segment.ends_with('\n'));
        start..end - usize::from(feed)
    }

    /// The segment that holds a byte, or the last one.
    pub(super) fn find(&self, byte: usize) -> usize {
        let at = self.starts.partition_point(|&start| start <= byte);
        at.min(self.len().saturating_sub(1))
    }

    /// Cuts the line that ends at `end` where it is too long.
    fn cut(&mut self, text: &str, end: usize) {
        loop {
            let start = self.starts.last().copied().unwrap_or(0);
            // Not before the whole slack is there, so that the cut is the same in however many pieces the text came.
            let window = start + LONGEST..start + LONGEST + SLACK;
            if window.end >= end {
                return;
            }
            let bytes = text.as_bytes().get(window.clone()).unwrap_or_default();
            // Before a plain character, which is never an accent on the one before it.
            let plain = bytes.iter().position(|b| matches!(b, b' '..=b'~'));
            let at = match plain {
                Some(at) => window.start + at,
                None => floor(text, window.end),
            };
            self.starts.push(at);
        }
    }
}

/// The last place at or before `at` where a character begins or the text ends.
pub(super) fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn segments(text: &str) -> Vec<&str> {
        let mut index = Index::default();
        index.sync(text);
        (0..index.len()).map(|at| &text[index.segment(text, at)]).collect()
    }

    #[test]
    fn lines_are_segments() {
        let table: &[(&str, &[&str])] = &[
            ("", &[]),
            ("a", &["a"]),
            ("a\n", &["a"]),
            ("a\n\nb", &["a", "", "b"]),
            ("\n", &[""]),
            ("\n\n", &["", ""]),
        ];
        for (text, expected) in table {
            assert_eq!(segments(text), *expected, "{text:?}");
        }
        let long = "é".repeat(40_000) + " x\ny";
        let parts = segments(&long);
        assert_eq!(parts.concat() + "\n", long.replacen('\n', "", 1) + "\n");
        assert!(parts.len() > 4 && parts.iter().all(|part| part.len() <= LONGEST + SLACK));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn the_way_it_came_makes_no_difference(
            pieces in prop::collection::vec(prop_oneof!["[a\n]{0,9}", "é{0,9}", Just("b".repeat(20_000)), Just("é".repeat(9_000))], 0..12),
        ) {
            let whole = pieces.concat();
            let mut grown = Index::default();
            let mut text = String::new();
            for piece in &pieces {
                text.push_str(piece);
                grown.sync(&text);
            }
            let mut at_once = Index::default();
            at_once.sync(&whole);
            prop_assert_eq!(&grown, &at_once);
            for byte in (0..whole.len()).step_by(997) {
                let at = grown.find(byte);
                let segment = grown.segment(&whole, at);
                prop_assert!(segment.start <= byte && byte <= segment.end);
            }
        }
    }
}
