//! Finding plain text in text.
//!
//! Owns what a search in a pane means: the letters as they were typed, in any case unless one of them is a capital.

use std::ops::Range;

/// The longest text to search for, in characters.
const MOST_CHARS: usize = 200;

/// What is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    text: String,
    /// Folded; empty when case matters.
    folded: Vec<char>,
}

impl Needle {
    /// A search for `pattern`, in which case matters if it holds a capital. Nothing when it is empty; an error, as a sentence,
    /// when it is too long.
    pub fn new(pattern: &str) -> Result<Option<Self>, String> {
        if pattern.is_empty() {
            return Ok(None);
        }
        if pattern.chars().nth(MOST_CHARS).is_some() {
            return Err(format!("search for less: {MOST_CHARS} characters are the most"));
        }
        let exact = pattern.chars().any(char::is_uppercase);
        Ok(Some(Self {
            text: pattern.to_owned(),
            folded: if exact {
                Vec::new()
            } else {
                pattern.chars().map(fold).collect()
            },
        }))
    }

    /// No match is longer than this, in bytes.
    pub fn longest(&self) -> usize {
        self.text.len().max(self.folded.len() * 4)
    }

    /// The bytes of the first match in `text` at or after the byte `from`.
    pub fn find(&self, text: &str, from: usize) -> Option<Range<usize>> {
        let rest = text.get(from..)?;
        let Some(&first) = self.folded.first() else {
            let at = from + rest.find(&self.text)?;
            return Some(at..at + self.text.len());
        };
        if first.is_ascii() {
            let (low, high) = (first as u8, first.to_ascii_uppercase() as u8);
            let bytes = rest.as_bytes();
            let mut at = 0;
            loop {
                at += bytes.get(at..)?.iter().position(|&b| b == low || b == high)?;
                if let Some(end) = self.ends(rest, at) {
                    return Some(from + at..from + end);
                }
                at += 1;
            }
        }
        rest.char_indices()
            .filter(|&(_, c)| fold(c) == first)
            .find_map(|(at, _)| Some(from + at..from + self.ends(rest, at)?))
    }

    /// The bytes of every match in `text`, none of which overlap.
    pub fn all<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let mut from = 0;
        std::iter::from_fn(move || {
            let found = self.find(text, from)?;
            from = found.end;
            Some(found)
        })
    }

    /// Where the match that begins at the byte `at` of `text` ends.
    fn ends(&self, text: &str, at: usize) -> Option<usize> {
        let mut chars = text.get(at..)?.char_indices();
        for &wanted in &self.folded {
            if fold(chars.next()?.1) != wanted {
                return None;
            }
        }
        Some(at + chars.offset())
    }
}

/// A character without its case; those whose small form is several characters stay apart from it.
fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let mut small = c.to_lowercase();
    match (small.next(), small.next()) {
        (Some(small), None) => small,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::Needle;

    #[test]
    fn case_matters_when_a_capital_is_typed() {
        let table = [
            ("a.b", "A.b a.b axb", vec![(0, 3), (4, 7)]),
            ("A", "a A", vec![(2, 3)]),
            ("ä", "Ä ä", vec![(0, 2), (3, 5)]),
            ("aa", "aaaa", vec![(0, 2), (2, 4)]),
            ("k", "\u{212a}k", vec![(3, 4)]),
            ("x", "", vec![]),
            ("日本", "日日本", vec![(3, 9)]),
        ];
        for (pattern, text, expected) in table {
            let needle = Needle::new(pattern).unwrap().unwrap();
            let found: Vec<_> = needle.all(text).map(|m| (m.start, m.end)).collect();
            assert_eq!(found, expected, "{pattern:?} in {text:?}");
        }
        assert_eq!(Needle::new(""), Ok(None));
        assert!(Needle::new(&"x".repeat(201)).is_err());
    }
}
