//! Numbers: their text is kept, and whether it is one is known at the delimiter.
//!
//! Owns RFC 8259 §6 and the other notations that a lenient reader rewrites into it.

use super::machine::Machine;
use super::step::Step;
use crate::json::literal::literal;
use crate::json::tree::Kind;
use crate::verdict::{RepairKind, Risk};
use serde_json::Number;

/// Whether a byte may stand in a number of any notation.
const fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+' | b'_')
}

/// Whether a character may follow a number or a word.
pub(super) const fn delimits(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | ',' | ']' | '}' | '/' | '#' | ';')
}

/// What a number's text turned out to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reading {
    /// A JSON number as it stands.
    Plain,
    /// A number in another notation, rewritten.
    Rewritten(String, Risk),
    /// Not a finite number.
    NotFinite,
    /// No number.
    Nothing,
}

/// Reads a number's text.
pub(super) fn read(text: &str) -> Reading {
    if is_json(text) {
        return if in_range(text) {
            Reading::Plain
        } else {
            Reading::NotFinite
        };
    }
    let (minus, body) = match text.strip_prefix('-') {
        Some(body) => ("-", body),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    if matches!(literal(text), Some((_, Some((RepairKind::NotANumber, _))))) {
        return Reading::NotFinite;
    }
    let hex = body.strip_prefix("0x").or_else(|| body.strip_prefix("0X"));
    if let Some(digits) = hex.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        return match u64::from_str_radix(digits, 16) {
            Ok(number) => Reading::Rewritten(format!("{minus}{number}"), Risk::Guess),
            Err(_) => Reading::Nothing,
        };
    }
    let Some(digits) = without_separators(body) else {
        return Reading::Nothing;
    };
    let (whole, rest) = digits.split_at(digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len()));
    let significant = whole.trim_start_matches('0');
    let risk = if whole.len() > 1 && whole.starts_with('0') {
        Risk::Guess
    } else {
        Risk::Safe
    };
    let whole_or_zero = if significant.is_empty() { "0" } else { significant };
    let bare_point = rest
        .strip_prefix('.')
        .filter(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
    let rest = match bare_point {
        Some(_) if whole.is_empty() => return Reading::Nothing,
        Some(exponent) => &format!(".0{exponent}"),
        None => rest,
    };
    let number = format!("{minus}{whole_or_zero}{rest}");
    match (is_json(&number), in_range(&number)) {
        (true, true) if !whole.is_empty() || rest.starts_with('.') => Reading::Rewritten(number, risk),
        (true, false) => Reading::NotFinite,
        _ => Reading::Nothing,
    }
}

/// Drops `_` between digits; `None` when one stands elsewhere.
fn without_separators(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let between = |at: usize| {
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        at > 0 && digit(at - 1) && digit(at + 1)
    };
    let fits = bytes.iter().enumerate().all(|(at, byte)| *byte != b'_' || between(at));
    fits.then(|| text.replace('_', ""))
}

/// Whether a text is a number of RFC 8259 §6.
pub(super) fn is_json(text: &str) -> bool {
    let rest = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest.first() == Some(&b'0')) {
        return false;
    }
    let mut rest = rest.get(whole..).unwrap_or_default();
    if let [b'.', fraction @ ..] = rest {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = fraction.get(count..).unwrap_or_default();
    }
    match rest {
        [] => true,
        [b'e' | b'E', b'+' | b'-', exponent @ ..] | [b'e' | b'E', exponent @ ..] => {
            !exponent.is_empty() && digits(exponent) == exponent.len()
        }
        _ => false,
    }
}

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Whether a JSON number fits a 64-bit float, as `serde_json` demands. Only long ones and those with an exponent can fail.
fn in_range(text: &str) -> bool {
    let risky = text.len() > 300 || text.bytes().any(|byte| matches!(byte, b'e' | b'E'));
    !risky || serde_json::from_str::<Number>(text).is_ok()
}

impl Machine {
    /// Reads a run of number characters and, if it is there, looks at the delimiter.
    #[inline]
    pub fn number(&mut self, text: &str, at: usize, base: u32) -> usize {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let run = rest.iter().position(|byte| !is_part(*byte)).unwrap_or(rest.len());
        let stop = at + run;
        if run > 0
            && let (Some(id), Some(part)) = (self.scalar, text.get(at..stop))
        {
            self.tree.push_text(id, part);
        }
        if let Some(c) = text.get(stop..).and_then(|rest| rest.chars().next()) {
            let here = base + stop as u32;
            if self.strict || delimits(c) {
                self.end_number(here);
            } else {
                self.fail(here, "a number that goes on as something else");
            }
        }
        stop
    }

    fn end_number(&mut self, end: u32) {
        let Some(id) = self.scalar else { return };
        let at = self.tree.node(id).open;
        match read(self.tree.text(id)) {
            Reading::Plain => {}
            _ if self.strict => return self.fail(at, "not a number that JSON can hold"),
            Reading::Rewritten(number, risk) => {
                self.note(RepairKind::NumberFormat, at, risk);
                self.tree.rewrite(id, Kind::Number, &number);
            }
            Reading::NotFinite => {
                self.note(RepairKind::NotANumber, at, Risk::Guess);
                self.tree.rewrite(id, Kind::Null, "");
            }
            Reading::Nothing => return self.fail(at, "not a number"),
        }
        self.close_scalar(end);
    }

    /// The answer ends in a number: it closes if it is one as it stands.
    pub fn finish_number(&mut self, end: u32) {
        if self.scalar.is_some_and(|id| is_json(self.tree.text(id))) {
            self.end_number(end);
        }
    }

    /// A number that did not start like one, such as `+5` or `.5`. Says whether it was one.
    pub fn word_number(&mut self, text: &str, end: u32) -> bool {
        let at = self.held_at;
        let (number, risk) = match read(text) {
            Reading::Plain => (text.to_owned(), None),
            Reading::Rewritten(number, risk) => (number, Some(risk)),
            Reading::NotFinite | Reading::Nothing => return false,
        };
        if let Some(risk) = risk {
            self.note(RepairKind::NumberFormat, at, risk);
        }
        self.step = Step::Number;
        self.open_scalar(Kind::Number, at);
        if let Some(id) = self.scalar {
            self.tree.push_text(id, &number);
        }
        self.close_scalar(end);
        true
    }
}
