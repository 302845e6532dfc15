//! Words: literals, bare keys, and `...` where something was left out.
//!
//! Owns text without quotes. A word opens its node only when it is whole, for only then is it known what it is.

use super::machine::Machine;
use super::number::delimits;
use super::step::Step;
use crate::json::literal::literal;
use crate::verdict::{RepairKind, Risk};

/// A longer word is no literal and no key.
const LONGEST: usize = 256;

/// Where a word stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Word {
    key: bool,
    /// A comma is missing before it.
    comma_missing: bool,
}

impl Word {
    /// In the place of a value.
    pub const VALUE: Self = Self {
        key: false,
        comma_missing: false,
    };
    /// In the place of a key.
    pub const KEY: Self = Self {
        key: true,
        comma_missing: false,
    };

    /// The same, right behind another member or item.
    pub const fn without_comma(self) -> Self {
        Self {
            comma_missing: true,
            ..self
        }
    }

    /// Whether a word may start so.
    pub fn starts(c: char) -> bool {
        c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '+')
    }

    /// Whether a word may go on so.
    pub fn continues(c: char) -> bool {
        Self::starts(c) || c == '-'
    }
}

impl Machine {
    /// A word starts at byte `at`; its first character is yet to be read.
    pub fn open_word(&mut self, at: u32, word: Word) {
        self.held.clear();
        self.held_at = at;
        self.word = word;
        self.step = Step::Word;
    }

    /// Reads a run of a word and, if it is there, looks at what follows.
    pub fn word(&mut self, text: &str, at: usize, base: u32) -> usize {
        let rest = text.get(at..).unwrap_or_default();
        let run = rest.find(|c: char| !Word::continues(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(run);
        let stop = at + run;
        let room = LONGEST.saturating_sub(self.held.len());
        if word.len() > room {
            // How much of it had come depends on the pieces.
            self.held.clear();
            self.fail(self.held_at, "text without quotes");
            // On from the character that was too much, wherever the piece ends.
            let over = word.char_indices().find(|(at, c)| at + c.len_utf8() > room);
            return at + over.map_or(run, |(at, _)| at);
        }
        self.held.push_str(word);
        if let Some(c) = after.chars().next() {
            self.end_word(c, base + stop as u32);
        }
        stop
    }

    fn end_word(&mut self, c: char, end: u32) {
        let at = self.held_at;
        let after_colon = !self.word.key && self.stack.last().is_some_and(|frame| frame.object);
        if !self.strict && !after_colon && self.held.len() >= 3 && self.held.bytes().all(|byte| byte == b'.') {
            self.ellipsis(at);
        } else if self.word.key {
            if c == ':' || c.is_ascii_whitespace() {
                self.step = Step::WordGap;
            } else {
                self.fail(at, "a bare word where a key should be");
            }
        } else if self.strict || delimits(c) {
            self.end_value(end);
        } else {
            self.fail(at, "text without quotes");
        }
    }

    fn end_value(&mut self, end: u32) {
        let at = self.held_at;
        let text = std::mem::take(&mut self.held);
        let strict_word = !self.strict || matches!(text.as_str(), "true" | "false" | "null");
        match literal(&text).filter(|_| strict_word) {
            Some((kind, repair)) => {
                self.note_missing_comma();
                if let Some((repair, risk)) = repair {
                    self.note(repair, at, risk);
                }
                if let Some(id) = self.open(kind, at) {
                    self.close(id, end);
                }
            }
            None if !self.strict && matches!(text.as_bytes(), [b'0'..=b'9' | b'+' | b'.', ..]) => {
                self.note_missing_comma();
                if !self.word_number(&text, end) {
                    self.fail(at, "text without quotes");
                }
            }
            None => self.fail(at, "text without quotes"),
        }
        // Keeps the buffer for the next word.
        if self.held.is_empty() {
            self.held = text;
            self.held.clear();
        }
    }

    fn note_missing_comma(&mut self) {
        if self.word.comma_missing {
            self.note(RepairKind::MissingComma, self.held_at, Risk::Safe);
        }
    }

    /// After a bare key: its colon must come.
    pub fn word_gap(&mut self, c: char, here: u32) -> bool {
        match c {
            ' ' | '\t' | '\n' | '\r' => true,
            ':' => {
                self.note_missing_comma();
                self.note(RepairKind::UnquotedKey, self.held_at, Risk::Safe);
                self.key.clear();
                self.key.push_str(&self.held);
                self.step = Step::Value;
                true
            }
            _ => {
                self.fail(here, "a bare word where a key should be");
                false
            }
        }
    }

    /// The answer ends in a word: it closes if it is a literal.
    pub fn finish_word(&mut self, end: u32) {
        if !self.word.key && literal(&self.held).is_some() {
            self.end_value(end);
        }
    }
}
