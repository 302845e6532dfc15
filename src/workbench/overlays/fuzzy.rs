//! Fuzzy matching: which texts have a query's letters in its order, how well, and at which places.
//!
//! Owns the use of `nucleo_matcher`. Every word of the query must be found; case counts once the query has a capital letter. Texts
//! are given cleaned and short, as they are drawn.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// What of a query is looked at, in characters.
const QUERY: usize = 200;

/// A query made ready.
pub(super) struct Fuzzy {
    pattern: Pattern,
    matcher: Matcher,
    letters: Vec<char>,
}

impl Fuzzy {
    /// A query as typed.
    pub fn new(query: &str) -> Self {
        let query: String = query.chars().take(QUERY).collect();
        Self {
            pattern: Pattern::new(&query, CaseMatching::Smart, Normalization::Smart, AtomKind::Fuzzy),
            matcher: Matcher::new(Config::DEFAULT.match_paths()),
            letters: Vec::new(),
        }
    }

    /// How well a text fits, or `None` if it does not. Everything fits an empty query alike.
    pub fn score(&mut self, text: &str) -> Option<u32> {
        let text = letters(text, &mut self.letters);
        self.pattern.score(text, &mut self.matcher)
    }

    /// The numbers of the characters of `text` that the query matches, in order.
    pub fn spots(&mut self, text: &str) -> Vec<u32> {
        let mut spots = Vec::new();
        let text = letters(text, &mut self.letters);
        if self.pattern.indices(text, &mut self.matcher, &mut spots).is_none() {
            return Vec::new();
        }
        spots.sort_unstable();
        spots.dedup();
        spots
    }
}

/// One letter a character: `Utf32Str::new` counts grapheme clusters, which the drawing does not.
fn letters<'a>(text: &'a str, buffer: &'a mut Vec<char>) -> Utf32Str<'a> {
    if text.is_ascii() {
        return Utf32Str::Ascii(text.as_bytes());
    }
    buffer.clear();
    buffer.extend(text.chars());
    Utf32Str::Unicode(buffer)
}

#[cfg(test)]
mod tests {
    use super::Fuzzy;

    fn best<'a>(query: &str, texts: &[&'a str]) -> Vec<&'a str> {
        let mut fuzzy = Fuzzy::new(query);
        let mut found: Vec<_> = texts
            .iter()
            .filter_map(|text| fuzzy.score(text).map(|score| (score, *text)))
            .collect();
        found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        found.into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn order() {
        let texts = ["acme/quick-2", "beta/quack", "acme/slow", "Beta/Quick-éclair"];
        let table: [(&str, &[&str]); 7] = [
            ("quick", &["acme/quick-2", "Beta/Quick-éclair"]),
            ("Quick", &["Beta/Quick-éclair"]),
            ("be qu", &["beta/quack", "Beta/Quick-éclair"]),
            ("slow acme", &["acme/slow"]),
            ("eclair", &["Beta/Quick-éclair"]),
            ("!quick", &[]),
            ("zz", &[]),
        ];
        for (query, expected) in table {
            assert_eq!(best(query, &texts), expected, "{query}");
        }
        assert_eq!(best("", &texts).len(), texts.len());
    }

    #[test]
    fn places() {
        let table: [(&str, &str, &[u32]); 5] = [
            ("qk", "acme/quick", &[5, 9]),
            ("ab ab", "abab", &[0, 1]),
            ("b", "日e\u{301}b", &[3]),
            ("x", "abc", &[]),
            ("", "abc", &[]),
        ];
        for (query, text, expected) in table {
            assert_eq!(Fuzzy::new(query).spots(text), expected, "{query} in {text}");
        }
    }
}
