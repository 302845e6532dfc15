//! Strings: runs of plain text, raw control characters, and the quotes they may stand in.
//!
//! Owns the inside of a string. Whether a quote closes it is `quote`'s to say, what a backslash means `escape`'s.

use super::escape::simple_escape;
use super::machine::Machine;
use super::step::Step;
use crate::json::tree::Kind;
use crate::verdict::{RepairKind, Risk};

/// The quotes a string stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Quote {
    /// `"`, the only ones JSON has.
    #[default]
    Double,
    /// `'`
    Single,
    /// `` ` ``
    Backtick,
    /// `“…”` and its kin; a plain `"` closes them too.
    Smart,
    /// `‘…’`
    SmartSingle,
}

impl Quote {
    /// The quotes, other than `"`, that `c` opens.
    pub const fn opened_by(c: char) -> Option<Self> {
        match c {
            '\'' => Some(Self::Single),
            '`' => Some(Self::Backtick),
            '“' | '”' | '„' => Some(Self::Smart),
            '‘' | '’' => Some(Self::SmartSingle),
            _ => None,
        }
    }

    /// What using them is called.
    pub const fn repair(self) -> RepairKind {
        match self {
            Self::Double | Self::Single | Self::Backtick => RepairKind::SingleQuotes,
            Self::Smart | Self::SmartSingle => RepairKind::SmartQuotes,
        }
    }

    /// The bytes at which a closing quote may start.
    const fn stops(self) -> (u8, u8) {
        match self {
            Self::Double => (b'"', b'"'),
            Self::Single => (b'\'', b'\''),
            Self::Backtick => (b'`', b'`'),
            Self::Smart => (0xe2, b'"'),
            Self::SmartSingle => (0xe2, 0xe2),
        }
    }

    const fn closed_by(self, c: char) -> bool {
        match self {
            Self::Double => c == '"',
            Self::Single => c == '\'',
            Self::Backtick => c == '`',
            Self::Smart => matches!(c, '”' | '“' | '"'),
            Self::SmartSingle => matches!(c, '’' | '‘'),
        }
    }
}

/// A piece up to this long is read letter by letter; a longer one is worth looking for runs.
pub(super) const SHORT: usize = 16;

/// Decodes ASCII letters and simple escapes into `target`. `escaped` says whether a backslash came before. Returns how many bytes
/// were used up, and whether the last of them was a backslash.
#[inline]
fn decode(bytes: &[u8], mut escaped: bool, target: &mut String) -> (usize, bool) {
    for (taken, &byte) in bytes.iter().enumerate() {
        if escaped {
            let Some(letter) = simple_escape(byte) else {
                return (taken, true);
            };
            target.push(letter);
            escaped = false;
        } else if PLAIN[usize::from(byte)] {
            target.push(char::from(byte & 0x7f));
        } else if byte == b'\\' {
            escaped = true;
        } else {
            return (taken, false);
        }
    }
    (bytes.len(), escaped)
}

/// What is known of the string that is being read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Text {
    pub quote: Quote,
    /// It is a member name.
    pub is_key: bool,
    /// Nothing was read in it yet.
    pub empty: bool,
    /// Its raw control characters are noted already.
    pub raw_noted: bool,
    /// The quote that may close it, and where that stands.
    pub closer: Option<char>,
    pub closer_at: u32,
    /// Where the quote of what may be the next key stands in what is held back.
    pub next: usize,
}

/// ASCII bytes that mean themselves in a string in `"`.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0x20;
    while byte < 0x80 {
        plain[byte] = byte != b'"' as usize && byte != b'\\' as usize;
        byte += 1;
    }
    plain
};

impl Machine {
    /// A string value starts with the quote at byte `at`.
    pub fn open_string(&mut self, quote: Quote, at: u32) {
        self.open_scalar(Kind::String, at);
        self.begin_text(quote, false);
    }

    /// A member name starts.
    pub fn open_key(&mut self, quote: Quote) {
        self.key.clear();
        self.begin_text(quote, true);
    }

    fn begin_text(&mut self, quote: Quote, is_key: bool) {
        self.text = Text {
            quote,
            is_key,
            empty: true,
            ..Text::default()
        };
        self.step = Step::Text;
    }

    /// Adds decoded text to the string.
    #[inline]
    pub fn emit(&mut self, text: &str) {
        self.text.empty = false;
        if self.text.is_key {
            self.key.push_str(text);
        } else if let Some(id) = self.scalar {
            self.tree.push_text(id, text);
        }
    }

    /// Adds one decoded character.
    pub fn emit_char(&mut self, c: char) {
        self.emit(c.encode_utf8(&mut [0; 4]));
    }

    /// Reads the letters and simple escapes that a short piece starts with, in a string in `"`; returns how many bytes that were.
    ///
    /// Most pieces of a long answer are a few letters, and this spares them what a longer piece has to go through.
    #[inline]
    pub fn letters(&mut self, bytes: &[u8], base: u32) -> usize {
        let inside = matches!(self.step, Step::Text | Step::Escape) && self.text.quote == Quote::Double;
        if !inside || bytes.len() > SHORT || self.is_broken() {
            return 0;
        }
        let target = match self.scalar {
            Some(id) => self.tree.tail(id),
            None => &mut self.key,
        };
        let (taken, escaped) = decode(bytes, self.step == Step::Escape, target);
        if taken > 0 {
            self.text.empty = false;
            self.step = if escaped { Step::Escape } else { Step::Text };
            self.escape.at = base + taken as u32 - 1;
        }
        taken
    }

    /// Takes a piece that is nothing but plain text of a string in `"`; `false`, and nothing is taken, when it is more than that.
    #[inline]
    pub fn plain(&mut self, text: &str) -> bool {
        let inside = self.step == Step::Text && self.text.quote == Quote::Double;
        let special = |byte: &u8| *byte < 0x20 || *byte == b'"' || *byte == b'\\';
        if !inside || text.is_empty() || self.is_broken() || text.as_bytes().iter().any(special) {
            return false;
        }
        self.emit(text);
        true
    }

    /// Reads a run of plain text and the special character behind it.
    #[inline]
    pub fn text(&mut self, text: &str, at: usize, base: u32) -> usize {
        let bytes = text.as_bytes();
        let (one, two) = self.text.quote.stops();
        let rest = bytes.get(at..).unwrap_or_default();
        let plain = |&byte: &u8| byte != b'\\' && byte >= 0x20 && byte != one && byte != two;
        let run = rest.iter().position(|byte| !plain(byte)).unwrap_or(rest.len());
        let stop = at + run;
        if run > 0 {
            self.emit(text.get(at..stop).unwrap_or_default());
        }
        let here = base + stop as u32;
        match bytes.get(stop) {
            None => stop,
            Some(b'\\') => {
                self.step = Step::Escape;
                self.escape.at = here;
                stop + 1
            }
            Some(b'"') if self.text.quote == Quote::Double => self.double_quote(bytes, stop, here),
            Some(_) => self.special(text, stop, here),
        }
    }

    /// A `"` in a string that `"` opened. The common case, a delimiter right behind it, is settled at once.
    #[inline]
    fn double_quote(&mut self, bytes: &[u8], at: usize, here: u32) -> usize {
        if self.strict {
            if self.text.is_key {
                self.step = Step::Colon;
            } else {
                self.close_scalar(here + 1);
            }
            return at + 1;
        }
        match (bytes.get(at + 1), self.text.is_key) {
            (Some(b':'), true) => {
                self.step = Step::Value;
                at + 2
            }
            (Some(b','), false) => {
                self.close_scalar(here + 1);
                at + 1
            }
            _ => {
                self.doubt('"', here);
                at + 1
            }
        }
    }

    /// A quote of another kind, or a control character.
    fn special(&mut self, text: &str, at: usize, here: u32) -> usize {
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
            return text.len();
        };
        if self.text.quote.closed_by(c) {
            self.doubt(c, here);
        } else {
            if c < ' ' {
                if self.strict {
                    self.fail(here, "a control character in a string");
                    return at;
                }
                if !self.text.raw_noted {
                    self.text.raw_noted = true;
                    self.note(RepairKind::RawControl, here, Risk::Safe);
                }
            }
            self.emit_char(c);
        }
        at + c.len_utf8()
    }

    /// A quote that may close the string; what follows decides.
    fn doubt(&mut self, c: char, here: u32) {
        self.text.closer = Some(c);
        self.text.closer_at = here;
        self.held.clear();
        self.held_at = here + c.len_utf8() as u32;
        self.step = Step::Quote;
    }

    /// Bytes at byte `at` are not UTF-8; one replacement character stands for them. No state holds that character back, so no
    /// offset shifts by its length.
    pub fn bad_bytes(&mut self, at: u32) {
        if self.strict {
            self.stop(at, "bytes that are not UTF-8".to_owned());
            return;
        }
        if self.is_broken() {
            return;
        }
        if self.step == Step::Bare {
            self.drop_bare();
        }
        self.feed("\u{fffd}", at);
        if self.step == Step::Text {
            self.note(RepairKind::BadUtf8, at, Risk::Guess);
        }
    }
}
