//! One answer, token by token.
//!
//! Owns the loop: forced tokens are fed without a choice, the others picked among what the grammar allows; a cancel, the token cap and
//! the loop guard end it.

use super::grammar::Grammar;
use super::guard::Guard;
use super::leash::Leash;
use super::model::{Model, PIECE};
use super::sample::Sampler;
use super::vocabulary::Vocabulary;
use crate::event::{Closing, Delta, Fault, FaultClass};
use crate::provider::Signal;
use crate::verdict::{Channel, Usage};
use tokio::sync::mpsc::UnboundedSender;

/// The code of a fault that says that the answer went round in circles.
pub const REPETITION: &str = "repetition";

/// What an answer is written with.
pub struct Answer<'a> {
    /// The model, which was fed the prompt.
    pub model: &'a mut Model,
    /// Its tokens.
    pub vocabulary: &'a Vocabulary,
    /// What the answer may be; `None` if anything goes.
    pub grammar: Option<&'a mut Grammar>,
    /// Who picks.
    pub sampler: Sampler,
    /// The most tokens.
    pub most: usize,
    /// Where the text goes.
    pub out: &'a UnboundedSender<Signal>,
    /// Cut when nobody waits any more.
    pub leash: &'a Leash,
}

/// Why an answer was broken off.
pub enum Stopped {
    /// Nobody waits for it.
    Cancelled,
    /// Something is wrong with it.
    Fault(Box<Fault>),
}

impl Answer<'_> {
    /// Writes it. `scores` are those after the prompt, which had so many tokens, some of them known from before.
    ///
    /// # Errors
    /// [`Stopped`].
    pub fn write(mut self, mut scores: Vec<f32>, prompt: usize, cached: usize) -> Result<Closing, Stopped> {
        let mut guard = Guard::default();
        let mut letters = Letters::default();
        let mut written = 0;
        let finish = loop {
            if written >= self.most {
                break "length";
            }
            let mut tokens = self.next(&scores)?;
            tokens.truncate(self.most - written);
            if tokens.is_empty() {
                break "stop";
            }
            written += tokens.len();
            let mut looping = false;
            for token in &tokens {
                looping |= guard.push(*token);
                self.say(letters.push(self.vocabulary.bytes(*token)));
            }
            if looping {
                return Err(Stopped::Fault(Box::new(circles(written))));
            }
            if self.grammar.as_ref().is_some_and(|grammar| grammar.is_over()) {
                break "stop";
            }
            for piece in tokens.chunks(PIECE) {
                let leash = self.leash;
                scores = self.model.feed(piece, &|| leash.is_cut()).ok_or(Stopped::Cancelled)?;
            }
        };
        self.say(letters.rest());
        Ok(Closing {
            finish: Some(finish.to_owned()),
            usage: Some(Usage {
                prompt: prompt as u64,
                completion: written as u64,
                cached: cached as u64,
                cost: Some(0.0),
                ..Usage::default()
            }),
            ..Closing::default()
        })
    }

    /// The next tokens: what is forced, else one that is picked, else none, for the end.
    fn next(&mut self, scores: &[f32]) -> Result<Vec<u32>, Stopped> {
        if self.leash.is_cut() {
            return Err(Stopped::Cancelled);
        }
        let Some(grammar) = &mut self.grammar else {
            let picked = self.sampler.pick(scores, None);
            return Ok(picked
                .filter(|token| !self.vocabulary.ends(*token))
                .into_iter()
                .collect());
        };
        let forced = grammar.forced();
        if !forced.is_empty() {
            return Ok(forced);
        }
        if grammar.is_over() {
            return Ok(Vec::new());
        }
        let broken = |why: String| Stopped::Fault(Box::new(grammar_fault(&why)));
        let allowed = grammar.allowed().map_err(broken)?;
        let picked = self.sampler.pick(scores, Some(&allowed));
        let Some(token) = picked.filter(|token| !self.vocabulary.ends(*token)) else {
            return Ok(Vec::new());
        };
        grammar.take(token).map_err(broken)?;
        Ok(vec![token])
    }

    fn say(&self, text: String) {
        if text.is_empty() {
            return;
        }
        let delta = Delta {
            channel: Channel::Content,
            call: None,
            text,
        };
        // A stream that was dropped is noticed by its leash.
        drop(self.out.send(Signal::Delta(delta)));
    }
}

fn circles(tokens: usize) -> Fault {
    Fault {
        class: FaultClass::Generation,
        status: Some(400),
        code: Some(REPETITION.into()),
        message: format!("the demo model went round in circles and was stopped after {tokens} tokens"),
        ..Fault::default()
    }
}

fn grammar_fault(why: &str) -> Fault {
    Fault {
        class: FaultClass::Schema,
        status: Some(400),
        message: format!("unsupported JSON schema: the grammar of the demo model gave up: {why}"),
        ..Fault::default()
    }
}

/// Bytes into text: a letter's bytes may come in several tokens.
#[derive(Debug, Default)]
struct Letters {
    held: Vec<u8>,
}

impl Letters {
    /// Takes bytes and gives what is whole by now.
    fn push(&mut self, bytes: &[u8]) -> String {
        self.held.extend_from_slice(bytes);
        let mut text = String::new();
        loop {
            match std::str::from_utf8(&self.held) {
                Ok(whole) => {
                    text += whole;
                    self.held.clear();
                    return text;
                }
                Err(error) => {
                    let (good, rest) = self.held.split_at(error.valid_up_to());
                    text += &String::from_utf8_lossy(good);
                    // What can still become a letter is kept.
                    let bad = error.error_len().unwrap_or(0);
                    if bad > 0 {
                        text.push(char::REPLACEMENT_CHARACTER);
                    }
                    self.held = rest.get(bad..).unwrap_or_default().to_vec();
                    if bad == 0 {
                        return text;
                    }
                }
            }
        }
    }

    /// What is left at the end.
    fn rest(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.held)).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::Letters;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn letters_come_whole_however_their_bytes_come(bytes: Vec<u8>, text: String, cut in 1_usize..5) {
            for all in [bytes.as_slice(), text.as_bytes()] {
                let mut letters = Letters::default();
                let mut joined: String = all.chunks(cut).map(|part| letters.push(part)).collect();
                joined += &letters.rest();
                prop_assert_eq!(joined, String::from_utf8_lossy(all));
            }
        }
    }
}
