//! Which sessions fit what is typed.
//!
//! Owns the matching: each word of the query is looked for in the title as a picker does, letter by letter, and as it stands in the
//! words of input, schema and value. Titles are sentences, in which any few letters can be found far from each other: those must be
//! close. A query that grows is looked for among what the shorter one could have found.

use super::super::fuzzy::Fuzzy;
use super::SessionRow;
use std::cmp::Reverse;

/// What a letter must bring at least, so that they are close to each other: a word that stands there brings more, letters that are
/// strewn over a sentence less.
const CLOSE: u32 = 18;

/// What was found last.
#[derive(Clone, Debug, Default)]
pub(super) struct Finder {
    query: String,
    found: Vec<usize>,
    /// What a longer query may find: letters that are strewn may turn out to be close to the next one.
    candidates: Vec<usize>,
    /// Whether that is still true.
    known: bool,
}

impl Finder {
    /// The sessions or the filters are others: everything is looked through again.
    pub fn forget(&mut self) {
        self.known = false;
    }

    /// What was found last.
    #[cfg(test)]
    pub fn found(&self) -> &[usize] {
        &self.found
    }

    /// The numbers of the rows that fit, the best titles first, and those that fit alike in their order; what ships comes after one's own.
    pub fn find(&mut self, query: &str, rows: &[SessionRow], lets: impl Fn(&SessionRow) -> bool) -> &[usize] {
        let narrower = self.known && !self.query.is_empty() && query.starts_with(&self.query);
        let mut words: Vec<Word> = query.split_whitespace().map(Word::new).collect();
        let mut scored: Vec<(bool, Reverse<u32>, usize)> = Vec::new();
        let mut candidates = Vec::new();
        let mut look = |at: usize| {
            let Some(row) = rows.get(at).filter(|row| lets(row)) else {
                return;
            };
            let fit = fit(&mut words, row);
            if let Fit::Well(score) = fit {
                scored.push((row.source.path().is_none(), Reverse(score), at));
            }
            if !matches!(fit, Fit::Not) {
                candidates.push(at);
            }
        };
        if narrower {
            self.candidates.iter().copied().for_each(&mut look);
        } else {
            (0..rows.len()).for_each(&mut look);
        }
        scored.sort_unstable();
        self.found = scored.into_iter().map(|(.., at)| at).collect();
        self.candidates = candidates;
        query.clone_into(&mut self.query);
        self.known = true;
        &self.found
    }
}

/// A word of the query.
struct Word {
    fuzzy: Fuzzy,
    plain: memchr::memmem::Finder<'static>,
    /// What it must bring in a title; as it stands, anywhere else, it brings as much.
    least: u32,
}

impl Word {
    fn new(word: &str) -> Self {
        let letters = u32::try_from(word.chars().count()).unwrap_or(u32::MAX);
        Self {
            fuzzy: Fuzzy::new(word),
            plain: memchr::memmem::Finder::new(&word.to_lowercase()).into_owned(),
            least: letters.saturating_mul(CLOSE),
        }
    }
}

/// How a row fits.
enum Fit {
    /// Something of the query is nowhere in it.
    Not,
    /// All letters are there, and those of some word far apart.
    Strewn,
    /// So well.
    Well(u32),
}

fn fit(words: &mut [Word], row: &SessionRow) -> Fit {
    let mut sum = Some(0_u32);
    for word in words {
        let titled = word.fuzzy.score(&row.title);
        let stands = word.plain.find(row.search.as_bytes()).is_some();
        if titled.is_none() && !stands {
            return Fit::Not;
        }
        let best = titled
            .filter(|score| *score >= word.least)
            .max(stands.then_some(word.least));
        sum = sum.zip(best).map(|(sum, best)| sum.saturating_add(best));
    }
    sum.map_or(Fit::Strewn, Fit::Well)
}
