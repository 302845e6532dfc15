//! Braces, brackets, commas and colons, strict and lenient.
//!
//! Owns what may stand between scalars, and the repairs of it: commas too many or too few, doubled braces, wrong closers.

use super::machine::Machine;
use super::step::{Frame, Step};
use super::text::Quote;
use super::word::Word;
use crate::json::tree::Kind;
use crate::verdict::{RepairKind, Risk};

/// What a step wants, for messages.
const fn wanted(step: Step) -> &'static str {
    match step {
        Step::FirstItem => "expected a value or `]`",
        Step::FirstKey => "expected a key or `}`",
        Step::Key => "expected a key",
        Step::Colon => "expected `:`",
        Step::Comma => "expected `,` or a closer",
        Step::Done => "expected nothing after the document",
        _ => "expected a value",
    }
}

impl Machine {
    /// Reads one token's start at `at`; returns how far it came.
    #[inline]
    pub fn structure(&mut self, text: &str, at: usize, base: u32) -> usize {
        let Some(&byte) = text.as_bytes().get(at) else {
            return at;
        };
        let here = base + at as u32;
        match (byte, self.step) {
            (b' ' | b'\n' | b'\r' | b'\t', _) => {}
            (b',', Step::Comma) => self.comma(here),
            (b'"', Step::FirstKey | Step::Key) => self.open_key(Quote::Double),
            (b':', Step::Colon) => self.step = Step::Value,
            (b'"', Step::Value | Step::FirstItem | Step::Item) => self.open_string(Quote::Double, here),
            (b'0'..=b'9' | b'-', Step::Value | Step::FirstItem | Step::Item) => {
                self.step = Step::Number;
                self.open_scalar(Kind::Number, here);
                return at;
            }
            (b'{', Step::Value | Step::FirstItem | Step::Item) => self.open_container(true, here),
            (b'[', Step::Value | Step::FirstItem | Step::Item) => self.open_container(false, here),
            (b't' | b'f' | b'n', Step::Value | Step::FirstItem | Step::Item) => {
                self.open_word(here, Word::VALUE);
                return at;
            }
            (b'}' | b']', Step::Comma) | (b'}', Step::FirstKey) | (b']', Step::FirstItem) => {
                self.close_container(byte, here);
            }
            _ if self.strict => self.fail(here, wanted(self.step)),
            _ => return self.slip(text, at, here),
        }
        at + 1
    }

    fn comma(&mut self, here: u32) {
        self.comma_at = here;
        self.step = match self.stack.last() {
            Some(frame) if frame.object => Step::Key,
            _ => Step::Item,
        };
    }

    /// Opens an object or an array.
    pub fn open_container(&mut self, object: bool, at: u32) {
        if self.stack.len() >= self.limits.depth {
            let most = self.limits.depth;
            self.stop(at, format!("the answer nests deeper than {most} levels"));
            return;
        }
        let kind = if object { Kind::Object } else { Kind::Array };
        if let Some(id) = self.open(kind, at) {
            self.stack.push(Frame {
                id,
                object,
                doubled: false,
                at,
            });
            self.step = if object { Step::FirstKey } else { Step::FirstItem };
        }
    }

    /// Closes the innermost container that `byte` fits. Those further in were left open, a guess.
    fn close_container(&mut self, byte: u8, here: u32) {
        let object = byte == b'}';
        let Some(depth) = self.stack.iter().rposition(|frame| frame.object == object) else {
            self.fail(here, "a closer without its opener");
            return;
        };
        if self.strict && depth + 1 < self.stack.len() {
            self.fail(here, "the wrong closer");
            return;
        }
        while self.stack.len() > depth {
            let Some(frame) = self.stack.pop() else { return };
            if self.stack.len() > depth {
                self.note(RepairKind::MissingCloser, here, Risk::Guess);
                self.close(frame.id, here);
            } else {
                self.close(frame.id, here + 1);
                if frame.doubled {
                    self.resume = self.step;
                    self.step = Step::SecondBrace;
                }
            }
        }
    }

    /// After the `}` of doubled braces: the other one is dropped.
    pub fn second_brace(&mut self, c: char) -> bool {
        self.step = self.resume;
        c == '}'
    }

    /// A character that strict JSON does not have here.
    fn slip(&mut self, text: &str, at: usize, here: u32) -> usize {
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
            return text.len();
        };
        let taken = match c {
            '/' => {
                self.resume = self.step;
                self.comment_at = here;
                self.step = Step::Slash;
                true
            }
            '#' => {
                self.resume = self.step;
                self.note(RepairKind::Comment, here, Risk::Safe);
                self.step = Step::LineComment;
                true
            }
            '\u{a0}' | '\u{200b}' | '\u{2028}' | '\u{3000}' | '\u{feff}' => {
                self.note(RepairKind::InvisibleSpace, here, Risk::Safe);
                true
            }
            _ => match self.step {
                Step::Value => self.value_slip(c, here),
                Step::FirstItem | Step::Item => self.item_slip(c, here),
                Step::FirstKey | Step::Key => self.key_slip(c, here),
                Step::Comma => self.comma_slip(c, here),
                _ => self.refuse(here),
            },
        };
        if taken { at + c.len_utf8() } else { at }
    }

    fn refuse(&mut self, here: u32) -> bool {
        self.fail(here, wanted(self.step));
        false
    }

    fn value_slip(&mut self, c: char, here: u32) -> bool {
        if let Some(quote) = Quote::opened_by(c) {
            self.note(quote.repair(), here, Risk::Safe);
            self.open_string(quote, here);
            true
        } else if Word::starts(c) {
            self.open_word(here, Word::VALUE);
            false
        } else {
            self.refuse(here)
        }
    }

    fn item_slip(&mut self, c: char, here: u32) -> bool {
        match c {
            ',' => self.stray_comma(here),
            '}' | ']' => self.trailing_comma(c, here),
            '…' => self.ellipsis(here),
            _ => self.value_slip(c, here),
        }
    }

    fn key_slip(&mut self, c: char, here: u32) -> bool {
        match c {
            ',' => self.stray_comma(here),
            '}' | ']' => self.trailing_comma(c, here),
            '…' => self.ellipsis(here),
            '{' => self.double_brace(here),
            _ => {
                if let Some(quote) = Quote::opened_by(c) {
                    self.note(quote.repair(), here, Risk::Safe);
                    self.open_key(quote);
                    true
                } else if Word::starts(c) {
                    self.open_word(here, Word::KEY);
                    false
                } else {
                    self.refuse(here)
                }
            }
        }
    }

    /// A member or item where a comma should be. A quote after a string never comes here (`quote`).
    fn comma_slip(&mut self, c: char, here: u32) -> bool {
        let object = self.stack.last().is_some_and(|frame| frame.object);
        if c == ';' {
            self.note(RepairKind::StrayComma, here, Risk::Safe);
            self.comma(here);
            return true;
        }
        if c == '…' {
            return self.ellipsis(here);
        }
        if Word::starts(c) {
            let word = if object { Word::KEY } else { Word::VALUE };
            self.open_word(here, word.without_comma());
            return false;
        }
        let starts = if object {
            c == '"' || Quote::opened_by(c).is_some()
        } else {
            matches!(c, '{' | '[' | '"' | '-') || Quote::opened_by(c).is_some()
        };
        if starts {
            self.note(RepairKind::MissingComma, here, Risk::Safe);
            self.comma(here);
            false
        } else {
            self.refuse(here)
        }
    }

    fn stray_comma(&mut self, here: u32) -> bool {
        self.note(RepairKind::StrayComma, here, Risk::Safe);
        self.comma(here);
        true
    }

    /// A closer behind a comma, or the wrong one behind an opener.
    fn trailing_comma(&mut self, c: char, here: u32) -> bool {
        let byte = if c == '}' { b'}' } else { b']' };
        let object = c == '}';
        if !self.stack.iter().any(|frame| frame.object == object) {
            return self.refuse(here);
        }
        if matches!(self.step, Step::Item | Step::Key) {
            self.note(RepairKind::TrailingComma, self.comma_at, Risk::Safe);
        }
        self.close_container(byte, here);
        true
    }

    /// Something was left out on purpose.
    pub fn ellipsis(&mut self, here: u32) -> bool {
        self.note(RepairKind::Ellipsis, here, Risk::Guess);
        self.step = Step::Comma;
        true
    }

    /// `{{`, as templates write one brace.
    fn double_brace(&mut self, here: u32) -> bool {
        let fits = self.step == Step::FirstKey;
        match self.stack.last_mut() {
            Some(frame) if fits && !frame.doubled && frame.at + 1 == here => {
                frame.doubled = true;
                let at = frame.at;
                self.note(RepairKind::DoubledBraces, at, Risk::Safe);
                true
            }
            _ => self.refuse(here),
        }
    }
}
