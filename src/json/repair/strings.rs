//! Strings: quotes, escapes and what stands raw between them.
//!
//! Owns the decoding of a string once `quotes` has said where it ends (RFC 8259 §7), and strings joined by `+`.

use super::look::{Family, find, is_word};
use super::parser::{Parser, Place};
use super::quotes::How;
use crate::json::tree::Kind;
use crate::verdict::{RepairKind, Risk};

/// How far the end of a doubled quote is looked for.
const DOUBLED: usize = 1024;

/// A decoded string.
#[derive(Debug)]
pub(super) struct Piece {
    /// Its text.
    pub(super) text: String,
    /// One past its last byte.
    pub(super) end: usize,
}

impl Parser<'_> {
    /// Reads the string at the cursor, with those joined to it, as a value.
    pub(super) fn string_value(&mut self, family: Family, key: Option<&str>, place: Place) {
        let at = self.pos;
        let Some(mut piece) = self.string(family, place) else {
            return;
        };
        while !self.strict {
            let plus = self.look.blank(self.pos);
            let quote = self.look.blank(plus + 1);
            if self.look.byte(plus) != Some(b'+') {
                break;
            }
            let family = self.look.family(quote);
            if family.is_none() && quote < self.look.end && self.look.byte(quote) != Some(b']') {
                break;
            }
            self.repair(RepairKind::StringConcatenation, plus, Risk::Safe);
            self.pos = quote;
            let Some(family) = family else { break };
            let Some(next) = self.string(family, place) else { break };
            piece.text.push_str(&next.text);
            piece.end = next.end;
        }
        self.leaf(key, Kind::String, &piece.text, (at, piece.end));
    }

    /// Reads the string at the cursor.
    pub(super) fn string(&mut self, family: Family, place: Place) -> Option<Piece> {
        let at = self.pos;
        let mut start = at + self.look.char(at).map_or(1, char::len_utf8);
        match family {
            Family::Double => {}
            Family::Single | Family::Tick => self.repair(RepairKind::SingleQuotes, at, Risk::Safe),
            Family::SmartDouble | Family::SmartSingle => self.repair(RepairKind::SmartQuotes, at, Risk::Safe),
        }
        if self.stop.is_some() {
            return None;
        }
        match self.repeated(at, family, place) {
            Repeated::No => {}
            Repeated::Whole { start, content, after } => {
                self.repair(RepairKind::RepeatedQuotes, at, Risk::Safe);
                let text = self.decode(start, content, family);
                self.pos = after;
                return Some(Piece { text, end: after });
            }
            Repeated::Opening => {
                self.repair(RepairKind::RepeatedQuotes, at, Risk::Guess);
                start += 1;
            }
        }
        let ending = self.ending(start, family, place);
        let text = self.decode(start, ending.content, family);
        self.pos = ending.after;
        match ending.how {
            How::Closed => {}
            How::Unquoted => self.repair(RepairKind::MissingQuote, ending.content, Risk::Guess),
            How::Cut => {
                self.cut = true;
                self.repair(RepairKind::Truncated, at, Risk::Guess);
            }
        }
        let quoted = ending.how != How::Unquoted;
        let end = if quoted { ending.after } else { ending.content };
        self.stop.is_none().then_some(Piece { text, end })
    }

    /// Whether the string at `at` stands in doubled or tripled quotes.
    fn repeated(&self, at: usize, family: Family, place: Place) -> Repeated {
        if self.strict || !matches!(family, Family::Double | Family::Single) {
            return Repeated::No;
        }
        let mark = self.look.byte(at).unwrap_or(b'"');
        let count = (at..at + 3).take_while(|i| self.look.byte(*i) == Some(mark)).count();
        let bytes = self.look.text.as_bytes();
        if count == 3 {
            let closing = find(bytes, at + 3, self.look.end, &[mark; 3]);
            return match closing {
                Some(content) => Repeated::Whole {
                    start: at + 3,
                    content,
                    after: content + 3,
                },
                None => Repeated::No,
            };
        }
        let next = self.look.char(at + 2);
        let word = next.is_some_and(|c| is_word(c) || c == ' ' && place == Place::Key && self.key_after_space(at + 2));
        if count < 2 || !word || place == Place::Root || place == Place::Item && next.is_some_and(char::is_numeric) {
            return Repeated::No;
        }
        let stop = self.look.end.min(at + DOUBLED);
        match find(bytes, at + 2, stop, &[mark; 2]) {
            Some(content) if self.fits_after(content + 2, place) => Repeated::Whole {
                start: at + 2,
                content,
                after: content + 2,
            },
            _ => Repeated::Opening,
        }
    }

    fn key_after_space(&self, at: usize) -> bool {
        self.look.char(self.look.space(at)).is_some_and(is_word)
    }

    fn fits_after(&self, at: usize, place: Place) -> bool {
        let next = self.look.space(at);
        match self.look.byte(next) {
            None | Some(b'}' | b']' | b',') => place != Place::Key,
            Some(_) => place == Place::Key && self.look.colon(next).is_some(),
        }
    }

    /// Decodes the content of a string.
    pub(super) fn decode(&mut self, start: usize, end: usize, family: Family) -> String {
        let text = self.look.text;
        let mut out = String::with_capacity(end.saturating_sub(start));
        let (mut at, mut plain, mut controls) = (start, start, false);
        let path = !self.strict && is_path(&text[start..end]);
        while at < end {
            let byte = text.as_bytes()[at];
            if byte == b'\\' {
                out.push_str(&text[plain..at]);
                at = self.escape(at, end, path, &mut out);
                plain = at;
                continue;
            }
            if byte < 0x20 && !controls {
                controls = true;
                self.repair(RepairKind::RawControl, at, Risk::Safe);
            }
            if byte < 0x80 {
                if !self.strict && family.closed_by(char::from(byte)) {
                    self.repair(RepairKind::UnescapedQuote, at, Risk::Guess);
                }
                at += 1;
            } else {
                at += text[at..].chars().next().map_or(1, char::len_utf8);
            }
        }
        out.push_str(text.get(plain..end).unwrap_or(""));
        out
    }

    /// Decodes the escape at `at`; returns where it ends.
    fn escape(&mut self, at: usize, end: usize, path: bool, out: &mut String) -> usize {
        let Some(c) = self.look.text[at + 1..end].chars().next() else {
            if self.strict {
                self.repair(RepairKind::BadEscape, at, Risk::Guess);
            }
            return end;
        };
        let next = at + 1 + c.len_utf8();
        if path && !matches!(c, '\\' | '"') {
            self.repair(RepairKind::BadEscape, at, Risk::Guess);
            out.push('\\');
            return at + 1;
        }
        match c {
            '"' | '\\' | '/' => out.push(c),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'u' => return self.unicode(at, end, out),
            '\'' | '`' | '_' | '“' | '”' | '„' | '‘' | '’' | '\n' => {
                self.repair(RepairKind::BadEscape, at, Risk::Safe);
                out.push(c);
            }
            _ => {
                self.repair(RepairKind::BadEscape, at, Risk::Guess);
                out.push('\\');
                return at + 1;
            }
        }
        next
    }

    fn unicode(&mut self, at: usize, end: usize, out: &mut String) -> usize {
        let Some(unit) = self.hex(at, end) else {
            let tail = &self.look.text[at + 2..end];
            let cut = end == self.look.end && tail.len() < 4 && tail.bytes().all(|b| b.is_ascii_hexdigit());
            if cut {
                return end;
            }
            self.repair(RepairKind::BadEscape, at, Risk::Guess);
            out.push_str("\\u");
            return at + 2;
        };
        if let Some(c) = char::from_u32(unit) {
            out.push(c);
            return at + 6;
        }
        let low = if unit < 0xDC00 { self.hex(at + 6, end) } else { None };
        if let Some(low) = low.filter(|low| (0xDC00..0xE000).contains(low)) {
            let code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            out.extend(char::from_u32(code));
            return at + 12;
        }
        let half = self.look.text.get(at + 6..end).unwrap_or("");
        if end == self.look.end
            && unit < 0xDC00
            && half.len() < 6
            && "\\u".starts_with(half.get(..half.len().min(2)).unwrap_or("x"))
        {
            return end;
        }
        self.repair(RepairKind::LoneSurrogate, at, Risk::Guess);
        out.push('\u{FFFD}');
        at + 6
    }

    /// The code unit of the `\uXXXX` at `at`.
    fn hex(&self, at: usize, end: usize) -> Option<u32> {
        let digits = self.look.text.get(at..(at + 6).min(end))?.strip_prefix("\\u")?;
        let all = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        all.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
    }
}

/// How often a string's quotes are repeated.
enum Repeated {
    /// They are not.
    No,
    /// At both ends.
    Whole { start: usize, content: usize, after: usize },
    /// Only at the start.
    Opening,
}

/// Whether text starts like a Windows path whose backslashes were not escaped.
fn is_path(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes, [drive, b':', b'\\', next, ..] if drive.is_ascii_alphabetic() && *next != b'\\')
}
