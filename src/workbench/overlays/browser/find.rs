//! Which sessions fit what is typed.
//!
//! Owns the matching: each word of the query is looked for in the title as a picker does, letter by letter, and else as it stands in
//! the words of input, schema and value. A query that grows is looked for among what the shorter one had found.

use super::super::fuzzy::Fuzzy;
use super::SessionRow;
use std::cmp::Reverse;

/// What was found last.
#[derive(Clone, Debug, Default)]
pub(super) struct Finder {
    query: String,
    found: Vec<usize>,
    /// Whether that is still true.
    known: bool,
}

impl Finder {
    /// The sessions or the filters are others: everything is looked through again.
    pub fn forget(&mut self) {
        self.known = false;
    }

    /// The numbers of the rows that fit, the best titles first, and those that fit alike in their order.
    pub fn find(&mut self, query: &str, rows: &[SessionRow], lets: impl Fn(&SessionRow) -> bool) -> &[usize] {
        let narrower = self.known && !self.query.is_empty() && query.starts_with(&self.query);
        let words: Vec<Word> = query.split_whitespace().map(Word::new).collect();
        let mut scored: Vec<(Reverse<u32>, usize)> = Vec::new();
        let mut words = words;
        let mut look = |at: usize| {
            let Some(row) = rows.get(at).filter(|row| lets(row)) else {
                return;
            };
            if let Some(score) = score(&mut words, row) {
                scored.push((Reverse(score), at));
            }
        };
        if narrower {
            self.found.iter().copied().for_each(&mut look);
        } else {
            (0..rows.len()).for_each(&mut look);
        }
        scored.sort_unstable();
        self.found = scored.into_iter().map(|(_, at)| at).collect();
        query.clone_into(&mut self.query);
        self.known = true;
        &self.found
    }
}

/// A word of the query.
struct Word {
    fuzzy: Fuzzy,
    plain: memchr::memmem::Finder<'static>,
}

impl Word {
    fn new(word: &str) -> Self {
        Self {
            fuzzy: Fuzzy::new(word),
            plain: memchr::memmem::Finder::new(&word.to_lowercase()).into_owned(),
        }
    }
}

/// How well a row fits: what its title has of the words. `None` when a word is nowhere in it.
fn score(words: &mut [Word], row: &SessionRow) -> Option<u32> {
    let mut sum = 0_u32;
    for word in words {
        let titled = word.fuzzy.score(&row.title);
        if titled.is_none() && word.plain.find(row.search.as_bytes()).is_none() {
            return None;
        }
        sum = sum.saturating_add(titled.unwrap_or_default());
    }
    Some(sum)
}
