//! Is this the closing quote? In a lenient text the next significant character decides.
//!
//! Owns the moment between a quote and that character. Everything in between is held back, and is content if the quote was.

use super::machine::Machine;
use super::step::Step;
use super::text::Quote;
use crate::verdict::{RepairKind, Risk};

/// A longer word than this is no key that lost its comma.
const LONGEST_KEY: usize = 64;

impl Machine {
    /// The character after the quote, blanks aside. Says whether it was used up.
    pub fn quote(&mut self, c: char, here: u32) -> bool {
        if matches!(c, ' ' | '\t' | '\n' | '\r') {
            self.held.push(c);
            return true;
        }
        if self.text.is_key {
            return self.key_quote(c, here);
        }
        let object = self.stack.last().is_some_and(|frame| frame.object);
        let apart = !self.held.is_empty();
        match c {
            ',' => self.confirm(),
            '}' => self.confirm_if(self.stack.iter().any(|frame| frame.object)),
            ']' => self.confirm_if(self.stack.iter().any(|frame| !frame.object)),
            '#' => self.confirm_if(apart),
            '/' => {
                self.held.push(c);
                self.step = Step::QuoteSlash;
                return true;
            }
            '"' | '\'' | '“' if apart && object => {
                self.text.next = self.held.len();
                self.held.push(c);
                self.step = Step::NextKey;
                return true;
            }
            '"' | '\'' | '“' if apart => {
                let risk = if self.held.contains('\n') {
                    Risk::Safe
                } else {
                    Risk::Guess
                };
                self.note(RepairKind::MissingComma, here, risk);
                self.confirm();
                self.comma_at = here;
                self.step = Step::Item;
            }
            _ => self.content(),
        }
        false
    }

    fn key_quote(&mut self, c: char, here: u32) -> bool {
        match c {
            ':' => {
                self.step = Step::Value;
                return true;
            }
            ',' | '}' => self.fail(here, "a key without a value"),
            _ => self.content(),
        }
        false
    }

    /// After a quote and a slash: a comment confirms the quote.
    pub fn quote_slash(&mut self, c: char) -> bool {
        let comment = matches!(c, '/' | '*');
        if comment {
            let slash = self.held_at + self.held.len() as u32 - 1;
            self.confirm();
            self.resume = self.step;
            self.comment_at = slash;
            self.step = Step::Slash;
        } else {
            self.content();
        }
        false
    }

    /// After a quote, blanks and another quote, in an object: if a key and its colon follow, a comma was forgotten.
    pub fn next_key(&mut self, c: char) -> bool {
        let blanks = self.text.next;
        let candidate = self.held.get(blanks..).unwrap_or_default();
        match (self.step, c) {
            (Step::NextColon, ':') => {
                let at = self.held_at + blanks as u32;
                self.note(RepairKind::MissingComma, at, Risk::Safe);
                let held = std::mem::take(&mut self.held);
                self.confirm();
                self.held = held;
                self.comma_at = at;
                self.step = Step::Key;
                self.replay(blanks);
                false
            }
            (Step::NextColon, ' ' | '\t') => {
                self.held.push(c);
                true
            }
            (Step::NextKey, _) if candidate.starts_with(|opener| closes(opener, c)) => {
                self.held.push(c);
                self.step = Step::NextColon;
                true
            }
            (Step::NextKey, _) if (c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '$' | '.')) => {
                let long = candidate.len() > LONGEST_KEY;
                self.held.push(c);
                if long {
                    self.content();
                }
                true
            }
            _ => {
                self.content();
                false
            }
        }
    }

    fn confirm_if(&mut self, confirmed: bool) {
        if confirmed {
            self.confirm();
        } else {
            self.content();
        }
    }

    /// The quote closes its string.
    pub fn confirm(&mut self) {
        let len = self.text.closer.map_or(0, char::len_utf8);
        self.held.clear();
        self.close_scalar(self.text.closer_at + len as u32);
    }

    /// The quote was content, and so is what was held back behind it.
    fn content(&mut self) {
        let Some(c) = self.text.closer.take() else {
            return;
        };
        if self.text.empty && self.held.is_empty() {
            self.fail(
                self.text.closer_at,
                "text right behind an empty string: doubled quotes?",
            );
            return;
        }
        self.note(RepairKind::UnescapedQuote, self.text.closer_at, Risk::Guess);
        self.emit_char(c);
        self.step = Step::Text;
        self.replay(0);
    }
}

fn closes(opener: char, c: char) -> bool {
    match Quote::opened_by(opener) {
        Some(Quote::Smart) => matches!(c, '”' | '"'),
        _ => c == opener,
    }
}
