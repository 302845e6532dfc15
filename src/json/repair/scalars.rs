//! Numbers, literals, calls and strings without quotes.
//!
//! Owns where a token without quotes ends and what it means.

use super::numbers::{Meaning, meaning};
use super::parser::{Parser, Place, Shape};
use crate::json::literal::is_common;
use crate::json::tree::Kind;
use crate::verdict::{RepairKind, Risk};

/// How far the bracket that matches one inside a token is looked for.
const NEST: usize = 128;

/// A longer token is text.
const LONGEST: usize = 400;

/// A token without quotes.
#[derive(Clone, Copy, Debug)]
struct Token {
    end: usize,
    after: usize,
    /// It ended with a quote that nothing had opened.
    quote: bool,
}

impl Parser<'_> {
    /// Reads the token at the cursor as a value.
    pub(super) fn scalar(&mut self, key: Option<&str>, place: Place) {
        let at = self.pos;
        if self.strict {
            return self.strict_scalar(key);
        }
        if let Some(length) = self.look.ellipsis(at) {
            self.repair(RepairKind::Ellipsis, at, Risk::Guess);
            self.pos += length;
            return self.read_one();
        }
        if let Some(inside) = self.call(at) {
            self.repair(RepairKind::FunctionCall, at, Risk::Safe);
            self.push(Shape::Group, key);
            self.pos = inside;
            return;
        }
        let token = self.number_token(at).unwrap_or_else(|| self.token(at, place));
        if token.end == at {
            self.pos = token.after.max(at + self.look.char(at).map_or(1, char::len_utf8));
            self.garbage += 1;
            self.repair(RepairKind::DroppedMember, at, Risk::Guess);
            return self.read_one();
        }
        self.pos = token.after;
        self.meant(key, at, token, place);
    }

    fn meant(&mut self, key: Option<&str>, at: usize, token: Token, place: Place) {
        let text = &self.look.text[at..token.end];
        let span = (at, token.after);
        if token.quote {
            self.repair(RepairKind::MissingQuote, at, Risk::Guess);
            let decoded = self.decode(at, token.end, super::look::Family::Double);
            return self.leaf(key, Kind::String, &decoded, span);
        }
        let ends = token.end == self.look.end && place != Place::Root;
        let meaning = meaning(text, ends);
        if ends && !matches!(meaning, Meaning::Dropped) {
            self.cut = true;
        }
        match meaning {
            Meaning::Number(number, repair) => {
                self.log(repair, at);
                self.leaf(key, Kind::Number, &number, span);
            }
            Meaning::Literal(kind, repair) => {
                self.log(repair, at);
                self.leaf(key, kind, "", span);
            }
            Meaning::Text(RepairKind::UnquotedString) if place == Place::Root && !is_code(text) => {
                self.stop = Some(super::parser::Stop::Nonsense);
            }
            Meaning::Text(repair) => {
                self.repair(repair, at, Risk::Guess);
                let decoded = self.decode_bare(at, token.end);
                self.leaf(key, Kind::String, &decoded, span);
            }
            Meaning::Dropped => {
                self.repair(RepairKind::DroppedMember, at, Risk::Guess);
                self.read_one();
            }
        }
    }

    fn log(&mut self, repair: Option<(RepairKind, Risk)>, at: usize) {
        if let Some((kind, risk)) = repair {
            self.repair(kind, at, risk);
        }
    }

    /// Text without quotes is kept byte for byte.
    fn decode_bare(&self, at: usize, end: usize) -> String {
        self.look.text[at..end].to_owned()
    }

    fn strict_scalar(&mut self, key: Option<&str>) {
        let at = self.pos;
        let rest = self.look.rest(at);
        let length = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '-' | '.'))
            .unwrap_or(rest.len());
        let span = (at, at + length);
        self.pos = span.1;
        match meaning(&rest[..length], false) {
            Meaning::Number(number, None) => self.leaf(key, Kind::Number, &number, span),
            Meaning::Literal(kind, None) => self.leaf(key, kind, "", span),
            Meaning::Number(..) | Meaning::Literal(..) | Meaning::Text(_) | Meaning::Dropped => {
                self.stop = Some(super::parser::Stop::Nonsense);
            }
        }
    }

    /// Where the argument of the call at `at` starts, if it is one call with one argument.
    fn call(&self, at: usize) -> Option<usize> {
        let mut start = at;
        if self.look.starts(at, "new ") {
            start = self.look.space(at + 4);
        }
        let mut end = start;
        while let Some(c) = self.look.char(end) {
            if !(c.is_alphanumeric() || c == '_' || c == '.' || c == '$') || end - start > 64 {
                break;
            }
            end += c.len_utf8();
        }
        let named = self
            .look
            .char(start)
            .is_some_and(|c| c.is_alphabetic() || c == '_' || c == '$');
        let open = self.look.space(end);
        if !named || self.look.byte(open) != Some(b'(') {
            return None;
        }
        let inside = self.look.blank(open + 1);
        if matches!(self.look.byte(inside), Some(b'{' | b'[')) {
            return Some(inside);
        }
        let close = self.look.matching(open, NEST)?;
        let argument = self.look.text.get(inside..close - 1)?;
        let simple =
            open == end && !argument.is_empty() && (!argument.contains(',') || argument.starts_with(['"', '\'']));
        let value = argument.starts_with(['"', '\''])
            || argument.starts_with(|c: char| c.is_ascii_digit() || c == '-')
            || is_common(argument.trim());
        let stands_alone = matches!(
            self.look.byte(self.look.space(close)),
            None | Some(b',' | b'}' | b']' | b')' | b';')
        );
        (simple && value && stands_alone).then_some(inside)
    }

    /// A plain number that nothing but structure follows.
    fn number_token(&self, at: usize) -> Option<Token> {
        let rest = self.look.text.as_bytes().get(at..self.look.end)?;
        let length = rest
            .iter()
            .take(400)
            .take_while(|b| b.is_ascii_digit() || b"+-.eE".contains(b))
            .count();
        let end = at + length;
        super::numbers::is_number(self.look.text.get(at..end)?).then_some(())?;
        let gap = self.look.space(end);
        let line_ends = self.look.text[end..gap].contains('\n');
        let stands = match self.look.char(gap) {
            Some(c @ (',' | ';')) => c == ';' || !self.grouped(end, gap),
            None | Some('{' | '[' | '}' | ']' | ')') => true,
            Some('"' | '\'') => gap > end || self.look.quoted_key(gap, false),
            Some('0'..='9' | '-') => {
                gap > end && self.top().is_some_and(|frame| frame.shape == Shape::Array) && self.plain_number(gap)
            }
            Some(_) => {
                let comment = gap > end && self.look.comment(gap, NEST).is_some();
                line_ends || comment || self.comment_behind(gap) || self.look.frame(gap)
            }
        };
        stands.then_some(Token {
            end,
            after: end,
            quote: false,
        })
    }

    fn plain_number(&self, at: usize) -> bool {
        let rest = self.look.rest(at);
        let stop = rest.get(..rest.len().min(40)).unwrap_or("");
        let length = stop
            .find(|c: char| !super::look::is_word(c) && c != '+')
            .unwrap_or(stop.len());
        let token = &stop[..length];
        token.bytes().all(|b| b.is_ascii_digit() || b == b'.') || super::numbers::is_number(token)
    }

    /// Whether the comma behind a member's number is one between its thousands: `1,234`.
    fn grouped(&self, end: usize, comma: usize) -> bool {
        let member = self
            .top()
            .is_none_or(|frame| matches!(frame.shape, Shape::Object | Shape::Group));
        let digits = (comma + 1..comma + 5)
            .take_while(|i| self.look.byte(*i).is_some_and(|b| b.is_ascii_digit()))
            .count();
        let colon = self.look.colon(self.look.space(comma + 4)).is_some();
        member && comma == end && digits == 3 && !colon
    }

    /// A token that ends where JSON goes on.
    fn token(&self, at: usize, place: Place) -> Token {
        let mut next = at;
        while let Some(c) = self.look.char(next) {
            match c {
                '{' | '[' | '/' | '#' | ';' if self.value_ends(at, next, c, place) => return self.bare(at, next),
                '{' | '[' | '(' => {
                    next = self.look.matching(next, NEST).unwrap_or(next + 1);
                }
                ',' if place == Place::Member && is_literal(&self.look.text[at..next]) => return self.bare(at, next),
                '"' if self.token_quote(at, next, place) => return self.bare(at, next),
                '"' if next > at && self.token_ends_quoted(next + 1, place) => {
                    return Token {
                        end: next,
                        after: next + 1,
                        quote: true,
                    };
                }
                _ if self.token_ends(next, c, place) => return self.bare(at, next),
                _ => next += c.len_utf8(),
            }
        }
        self.bare(at, next)
    }

    /// Whether the token from `at` to `next` is a literal or a number and ends there, at what no text without quotes would go on with.
    fn value_ends(&self, at: usize, next: usize, c: char, place: Place) -> bool {
        let ends = match c {
            ';' => matches!(place, Place::Item | Place::Member),
            '/' | '#' => place != Place::Key && self.comment_behind(next),
            _ => place == Place::Item,
        };
        ends && is_value(&self.look.text[at..next])
    }

    /// Whether a comment starts right at `at`, behind a value. `1//2` and `C#7` are none.
    fn comment_behind(&self, at: usize) -> bool {
        let starts = ["/*", "// ", "# "].iter().any(|mark| self.look.starts(at, mark));
        starts && self.look.comment(at, NEST).is_some()
    }

    fn bare(&self, at: usize, next: usize) -> Token {
        let end = at + self.look.text[at..next].trim_end().len();
        Token {
            end,
            after: end,
            quote: false,
        }
    }

    /// Whether the quote at `next` opens the next member or item.
    fn token_quote(&self, at: usize, next: usize, place: Place) -> bool {
        let gap = self.look.char_before(next).is_some_and(char::is_whitespace);
        match place {
            Place::Member => gap && self.look.quoted_key(next, false),
            Place::Item => gap && next > at,
            Place::Key | Place::Root => false,
        }
    }

    fn token_ends_quoted(&self, after: usize, place: Place) -> bool {
        let next = self.look.blank(after);
        match self.look.char(next) {
            None | Some('}' | ']') => place != Place::Root,
            Some(',') if place == Place::Member => {
                let follows = self.look.blank(next + 1);
                self.look.key(follows) || matches!(self.look.byte(follows), None | Some(b'}' | b']'))
            }
            Some(',') => place == Place::Item,
            Some(_) => place == Place::Member && self.look.quoted_key(next, false),
        }
    }

    fn token_ends(&self, next: usize, c: char, place: Place) -> bool {
        match c {
            '}' | ']' => place != Place::Root,
            ')' => self
                .top()
                .is_some_and(|frame| matches!(frame.shape, Shape::Tuple | Shape::Group)),
            ',' | '，' if place == Place::Item => true,
            ',' | '，' | ';' if place == Place::Member => {
                let follows = self.look.blank(next + c.len_utf8());
                self.look.key(follows)
                    || self.look.ellipsis(follows).is_some()
                    || matches!(self.look.byte(follows), None | Some(b'}' | b']' | b','))
            }
            ',' | ';' => place == Place::Root && self.look.space(next + 1) >= self.look.end,
            '\n' => place != Place::Member || self.line_ends(next),
            '/' | '#' | '<' => {
                let gap = self.look.char_before(next).is_some_and(char::is_whitespace);
                let spaced = c != '#' || self.look.byte(next + 1) == Some(b' ');
                gap && spaced && self.look.comment(next, NEST).is_some() || c == '<' && self.look.frame(next)
            }
            '`' => self.look.frame(next),
            _ => false,
        }
    }

    /// Whether the line break at `next` ends a member's value.
    fn line_ends(&self, next: usize) -> bool {
        let follows = self.look.blank(next);
        match self.look.char(follows) {
            None | Some('}' | ']' | ',' | '"' | '\'' | '{' | '[') => true,
            Some(_) => self.look.bare_key(follows) || self.look.frame(follows),
        }
    }
}

/// A date, a version, an identifier: one word that starts with a digit. Words alone are sentences, not data.
fn is_code(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(char::is_whitespace)
}

/// A literal or a number. Neither is long.
fn is_value(text: &str) -> bool {
    text.len() <= LONGEST
        && matches!(
            meaning(text.trim_end(), false),
            Meaning::Literal(..) | Meaning::Number(..)
        )
}

/// A literal, which no comma continues.
fn is_literal(text: &str) -> bool {
    matches!(meaning(text.trim_end(), false), Meaning::Literal(..))
}
