//! Backslash escapes (RFC 8259 §7), surrogate pairs included, however they are cut.
//!
//! Owns what a backslash means. An escape shows nothing until it is whole; one that JSON does not know stays as text, a guess.

use super::machine::Machine;
use super::step::Step;
use crate::verdict::{RepairKind, Risk};

/// An escape that is not whole yet.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Escape {
    /// Where its backslash stands.
    pub at: u32,
    unit: u16,
    digits: [char; 3],
    count: usize,
    /// A high surrogate that waits for its low half, and where its backslash stands.
    high: Option<(u16, u32)>,
}

/// What a backslash and one more byte mean, `\\u` aside.
#[inline]
pub(super) const fn simple_escape(byte: u8) -> Option<char> {
    Some(match byte {
        b'"' | b'\\' | b'/' => byte as char,
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        _ => return None,
    })
}

impl Machine {
    /// Reads one character of an escape.
    pub fn escape(&mut self, text: &str, at: usize, base: u32) -> usize {
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
            return text.len();
        };
        let taken = match self.step {
            Step::Hex => self.hex(c),
            Step::LowSlash if c == '\\' => {
                self.escape.at = base + at as u32;
                self.step = Step::LowU;
                true
            }
            Step::LowU if c == 'u' => {
                self.begin_hex();
                true
            }
            Step::LowSlash => {
                self.lone_high();
                self.step = Step::Text;
                false
            }
            Step::LowU => {
                self.lone_high();
                self.step = Step::Escape;
                false
            }
            _ => self.escaped(c),
        };
        if taken { at + c.len_utf8() } else { at }
    }

    fn begin_hex(&mut self) {
        self.escape.unit = 0;
        self.escape.count = 0;
        self.step = Step::Hex;
    }

    fn escaped(&mut self, c: char) -> bool {
        if let Some(plain) = u8::try_from(c).ok().and_then(simple_escape) {
            self.emit_char(plain);
            self.step = Step::Text;
            return true;
        }
        let plain = match c {
            'u' => {
                self.begin_hex();
                return true;
            }
            _ if self.strict => {
                self.fail(self.escape.at, "an escape that JSON does not know");
                return false;
            }
            // JavaScript and Python write it so; nothing else can be meant.
            '\'' => {
                self.note(RepairKind::BadEscape, self.escape.at, Risk::Safe);
                c
            }
            _ => {
                self.note(RepairKind::BadEscape, self.escape.at, Risk::Guess);
                self.emit("\\");
                self.step = Step::Text;
                return false;
            }
        };
        self.emit_char(plain);
        self.step = Step::Text;
        true
    }

    fn hex(&mut self, c: char) -> bool {
        let Some(digit) = c.to_digit(16) else {
            self.bad_hex();
            return false;
        };
        self.escape.unit = self.escape.unit << 4 | digit as u16;
        if let Some(slot) = self.escape.digits.get_mut(self.escape.count) {
            *slot = c;
            self.escape.count += 1;
        } else {
            self.step = Step::Text;
            self.unit(self.escape.unit);
        }
        true
    }

    /// Four digits that were not: they stay as text.
    fn bad_hex(&mut self) {
        if self.strict {
            self.fail(self.escape.at, "`\\u` without four hexadecimal digits");
            return;
        }
        self.lone_high();
        self.note(RepairKind::BadEscape, self.escape.at, Risk::Guess);
        self.emit("\\u");
        let escape = self.escape;
        for c in escape.digits.iter().take(escape.count) {
            self.emit_char(*c);
        }
        self.step = Step::Text;
    }

    /// A UTF-16 code unit.
    fn unit(&mut self, unit: u16) {
        let high = self.escape.high.map_or(0, |(high, _)| high);
        if (0xdc00..0xe000).contains(&unit) && high != 0 {
            self.escape.high = None;
            let code = 0x1_0000 + ((u32::from(high) - 0xd800) << 10) + (u32::from(unit) - 0xdc00);
            self.emit_char(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            return;
        }
        self.lone_high();
        if (0xd800..0xdc00).contains(&unit) {
            self.escape.high = Some((unit, self.escape.at));
            self.step = Step::LowSlash;
        } else if let Some(c) = char::from_u32(u32::from(unit)) {
            self.emit_char(c);
        } else {
            self.lone(self.escape.at);
        }
    }

    /// The low half did not come.
    fn lone_high(&mut self) {
        if let Some((_, at)) = self.escape.high.take() {
            self.lone(at);
        }
    }

    fn lone(&mut self, at: u32) {
        if self.strict {
            self.fail(at, "half a surrogate pair");
        } else {
            self.note(RepairKind::LoneSurrogate, at, Risk::Guess);
            self.emit_char(char::REPLACEMENT_CHARACTER);
        }
    }
}
