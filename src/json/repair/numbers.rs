//! What a token without quotes means: a number, a literal, or text.
//!
//! Owns the notations other languages and people use for numbers; the words for literals are `json::literal`'s. Where a token ends
//! is decided by `scalars`.

use crate::json::literal::{COMMON, literal};
use crate::json::tree::Kind;
use crate::verdict::{RepairKind, Risk};

/// What a token means, and the repair it took.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meaning {
    /// A number, in JSON's notation.
    Number(String, Option<(RepairKind, Risk)>),
    /// `true`, `false` or `null`.
    Literal(Kind, Option<(RepairKind, Risk)>),
    /// Text, and what to call that.
    Text(RepairKind),
    /// Nothing that could be kept.
    Dropped,
}

/// The meaning of a token; `ends` says that the text ends with it.
pub(super) fn meaning(token: &str, ends: bool) -> Meaning {
    if is_number(token) {
        let cut = ends.then_some((RepairKind::Truncated, Risk::Guess));
        return Meaning::Number(token.to_owned(), cut);
    }
    if let Some((kind, repair)) = literal(token) {
        return Meaning::Literal(kind, repair);
    }
    if ends {
        if let Some(kind) = cut_literal(token) {
            return Meaning::Literal(kind, Some((RepairKind::Truncated, Risk::Guess)));
        }
        if matches!(token, "-" | "+" | ".") {
            return Meaning::Dropped;
        }
    }
    notation(token, ends).unwrap_or(Meaning::Text(RepairKind::UnquotedString))
}

/// Whether a token is a number as JSON writes it (RFC 8259 §6) and as a double can hold it.
pub(super) fn is_number(token: &str) -> bool {
    let digits = |text: &str| -> usize { text.bytes().take_while(u8::is_ascii_digit).count() };
    let rest = token.strip_prefix('-').unwrap_or(token);
    let whole = digits(rest);
    if whole == 0 || whole > 1 && rest.starts_with('0') {
        return false;
    }
    let mut rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = &fraction[count..];
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let count = digits(exponent);
        if count == 0 {
            return false;
        }
        rest = &exponent[count..];
    }
    rest.is_empty() && token.parse::<f64>().is_ok_and(f64::is_finite)
}

/// Whether a text is two or more numbers with commas or line breaks between, and nothing else.
pub(super) fn are_numbers(text: &str) -> bool {
    let text = text.trim_end_matches([',', ' ']);
    let mut count = 0;
    let all = text.split([',', '\n']).map(str::trim).all(|token| {
        count += 1;
        is_number(token)
    });
    all && count > 1
}

/// The literal a token at the end of the text began.
fn cut_literal(token: &str) -> Option<Kind> {
    let begun = COMMON
        .into_iter()
        .find(|(word, _)| !token.is_empty() && word.starts_with(token));
    begun.map(|(_, kind)| kind)
}

/// A number in another notation, rewritten.
fn notation(token: &str, ends: bool) -> Option<Meaning> {
    let bytes = token.as_bytes();
    let first = bytes.iter().find(|b| !b"+-.".contains(b))?;
    if !first.is_ascii_digit() {
        return None;
    }
    let (sign, body) = match bytes.first()? {
        b'+' => ("", &token[1..]),
        b'-' => ("-", &token[1..]),
        _ => ("", token),
    };
    let (body, mut risk) = separators(body)?;
    if padded(&body) {
        return Some(Meaning::Text(RepairKind::NumberFormat));
    }
    let (body, cut) = completed(&body);
    if cut || ends {
        risk = Risk::Guess;
    }
    let number = format!("{sign}{body}");
    let kind = if ends {
        RepairKind::Truncated
    } else {
        RepairKind::NumberFormat
    };
    is_number(&number).then_some(Meaning::Number(number, Some((kind, risk))))
}

/// Leading zeros and hexadecimal: what looks like a number may be an identifier, so its text is kept.
fn padded(body: &str) -> bool {
    let zero = body.len() > 1 && body.starts_with('0') && body[1..].starts_with(|c: char| c.is_ascii_digit());
    let plain = body.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let hex = body.strip_prefix("0x").or_else(|| body.strip_prefix("0X"));
    zero && plain || hex.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// The token without separators between digits; thousands by commas are a guess, underscores are not.
fn separators(body: &str) -> Option<(String, Risk)> {
    let body = body.strip_suffix('n').unwrap_or(body);
    if body.contains(',') {
        let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
        let mut groups = whole.split(',');
        let head = groups.next()?;
        let fits = (1..=3).contains(&head.len()) && groups.all(|group| group.len() == 3);
        let digits = whole.bytes().all(|b| b.is_ascii_digit() || b == b',');
        return (fits && digits && !fraction.contains(',')).then(|| (body.replace(',', ""), Risk::Guess));
    }
    let lone = body.starts_with('_') || body.ends_with('_') || body.contains("__");
    (!lone).then(|| (body.replace('_', ""), Risk::Safe))
}

/// The token with the digits that `.5`, `5.` and `5e` lack; the last only by leaving out the exponent.
fn completed(body: &str) -> (String, bool) {
    let trimmed = body.trim_end_matches(['+', '-']);
    let mut number = match trimmed.strip_suffix(['e', 'E']) {
        Some(mantissa) => mantissa.to_owned(),
        None => body.to_owned(),
    };
    let cut = number.len() < body.len();
    if number.starts_with('.') {
        number.insert(0, '0');
    }
    if let Some(dot) = number.find('.') {
        let digit = number.as_bytes().get(dot + 1).is_some_and(u8::is_ascii_digit);
        if !digit {
            number.insert(dot + 1, '0');
        }
    }
    (number, cut)
}
