//! Does this brace or bracket open JSON, or does it stand in prose?
//!
//! Owns the moment between a `{` or `[` outside JSON and the text that tells. What comes in between is held back.

use super::machine::Machine;
use super::number::{self, Reading};
use super::step::Step;
use super::text::Quote;
use super::word::Word;
use crate::json::literal::literal;
use crate::verdict::{RepairKind, Risk};

/// More than this behind an opener says nothing any more.
const LONGEST: usize = 256;

impl Machine {
    /// An opener at byte `at`, outside JSON.
    pub fn open_doubtful(&mut self, c: char, at: u32) {
        self.held.clear();
        self.held.push(c);
        self.held_at = at;
        self.seek.word_at = 0;
        self.step = Step::Opener;
    }

    /// The next character behind it. Says whether it was used up.
    pub fn opener(&mut self, c: char) -> bool {
        let object = self.held.starts_with('{');
        let more = match (self.step, c) {
            _ if self.held.len() > LONGEST => false,
            (Step::Opener | Step::OpenerGap, ' ' | '\t' | '\n' | '\r') => true,
            (Step::Opener, '{') if self.held == "{" => true,
            (Step::Opener, _) if opens(c, object) => return self.json(),
            (Step::Opener, _) if Word::starts(c) => {
                self.seek.word_at = self.held.len();
                self.step = Step::OpenerWord;
                true
            }
            (Step::OpenerWord, _) if Word::continues(c) => true,
            (Step::OpenerWord | Step::OpenerGap, ':') if object => return self.json(),
            (Step::OpenerWord, ' ' | '\t' | '\n' | '\r') if object => {
                self.step = Step::OpenerGap;
                true
            }
            (Step::OpenerWord, _) if !object => return self.bracketed(c),
            _ => false,
        };
        if more {
            self.held.push(c);
        } else {
            self.no_json();
        }
        more
    }

    /// `[` and a word.
    fn bracketed(&mut self, c: char) -> bool {
        let word = self.held.get(self.seek.word_at..).unwrap_or_default();
        let tool = matches!(word, "TOOL_REQUEST" | "END_TOOL_REQUEST" | "TOOL_CALLS" | "TOOL_CALL");
        if literal(word).is_some() || matches!(number::read(word), Reading::Plain | Reading::Rewritten(..)) {
            return self.json();
        }
        if c == ']' && tool {
            if !word.starts_with("END") {
                self.note(RepairKind::ToolWrapper, self.held_at, Risk::Safe);
            }
            self.held.clear();
            self.step = Step::Seek;
            return true;
        }
        self.no_json();
        false
    }

    fn json(&mut self) -> bool {
        let object = self.held.starts_with('{');
        self.open_container(object, self.held_at);
        self.replay(1);
        false
    }

    fn no_json(&mut self) {
        self.surround(self.held_at);
        self.step = Step::Seek;
        self.replay(1);
    }
}

/// Whether `c` right behind an opener tells that it opens JSON.
fn opens(c: char, object: bool) -> bool {
    if c == '"' || Quote::opened_by(c).is_some() {
        return true;
    }
    if object {
        matches!(c, '}' | ',' | '/' | '#')
    } else {
        matches!(c, '{' | '[' | ']' | ',' | '-' | '+' | '0'..='9' | '/')
    }
}
