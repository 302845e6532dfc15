//! The loop guard: small models repeat themselves without end, above all in open arrays.
//!
//! Owns telling a loop from a list. It sees tokens only.

/// The longest stretch, in tokens, whose repetition is noticed.
const LONGEST: usize = 128;

/// A stretch must have come so many times in a row.
const TIMES: usize = 4;

/// All of it together must be so many tokens: a row of zeros is no loop yet.
const LEAST: usize = 64;

/// Watches the tokens of one answer.
#[derive(Debug, Default)]
pub struct Guard {
    tokens: Vec<u32>,
    /// For each length, how many tokens in a row were the same as so many tokens before.
    runs: Vec<usize>,
}

impl Guard {
    /// Takes the next token; `true` when the answer goes round in circles.
    pub fn push(&mut self, token: u32) -> bool {
        self.runs.resize(LONGEST, 0);
        let mut looping = false;
        for (length, run) in (1..).zip(&mut self.runs) {
            let before = self.tokens.len().checked_sub(length);
            let same = before.and_then(|at| self.tokens.get(at)) == Some(&token);
            *run = if same { *run + 1 } else { 0 };
            looping |= *run + length >= LEAST.max(TIMES * length) && *run > 0;
        }
        self.tokens.push(token);
        looping
    }
}

#[cfg(test)]
mod tests {
    use super::Guard;

    /// After how many tokens a loop is noticed.
    fn noticed(tokens: impl IntoIterator<Item = u32>) -> Option<usize> {
        let mut guard = Guard::default();
        tokens.into_iter().position(|token| guard.push(token)).map(|at| at + 1)
    }

    #[test]
    fn circles_are_noticed_and_lists_are_not() {
        // One token for ever, and an array's item of twenty tokens.
        assert_eq!(noticed([5; 1000]), Some(64));
        assert_eq!(noticed((0..1000).map(|at| at % 20)), Some(80));
        assert_eq!(noticed((0..1000).map(|at| at % 128)), Some(512));
        // A prologue does not hide it.
        assert_eq!(noticed((900..950).chain((0..1000).map(|at| at % 20))), Some(130));
        // Items that differ in one token, a stretch that is too long, three times the same, and a short row of zeros.
        assert_eq!(
            noticed((0..1000).map(|at| if at % 20 == 7 { 100 + at } else { at % 20 })),
            None
        );
        assert_eq!(noticed((0..1000).map(|at| at % 200)), None);
        assert_eq!(noticed((0..79).map(|at| at % 20)), None);
        assert_eq!(noticed((0..63).map(|at| at % 2)), None);
        assert_eq!(noticed([]), None);
    }
}
