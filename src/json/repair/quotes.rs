//! Where a string ends: the one question that makes or breaks sloppy JSON.
//!
//! Owns the rule that a quote closes only if what follows makes sense as JSON there, and the places where a quote is missing.
//! Every look-ahead is bounded (`look`), and a string whose end is nowhere is looked over again only within the reader's budget.

use super::look::{Family, Look};
use super::parser::{Parser, Place, Shape};
use crate::json::literal::COMMON;

/// How far a run of closers is followed.
const CLOSERS: usize = 300;
/// How far back a missing quote's comma is looked for.
const BACK: usize = 128;

/// Where a string's content ends and reading goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ending {
    /// One past the last byte of content.
    pub(super) content: usize,
    /// Where reading goes on.
    pub(super) after: usize,
    /// How it ended.
    pub(super) how: How,
}

/// How a string ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// With its quote.
    Closed,
    /// Where its quote is missing.
    Unquoted,
    /// With the text.
    Cut,
}

/// What was seen inside a string so far.
#[derive(Clone, Copy, Debug, Default)]
struct Inside {
    /// A quote was taken as content.
    dirty: bool,
    /// The last of them seemed to open a quotation.
    odd: bool,
    /// Where the first colon stands.
    colon: Option<usize>,
    /// Braces opened and not closed in the content.
    braces: i32,
}

impl Parser<'_> {
    /// The end of the string whose content starts at `from`.
    pub(super) fn ending(&mut self, from: usize, family: Family, place: Place) -> Ending {
        let ascii = matches!(family, Family::Double | Family::Single);
        let mut inside = Inside::default();
        let mut at = from;
        while let Some(byte) = self.look.byte(at) {
            if byte == b'\\' {
                at += 1 + self.look.char(at + 1).map_or(0, char::len_utf8);
                continue;
            }
            if byte >= 0x80 && ascii {
                at += 1;
                continue;
            }
            let Some(c) = self.look.char(at) else { break };
            let next = at + c.len_utf8();
            if c == ':' && inside.colon.is_none() {
                inside.colon = Some(at);
            }
            inside.braces += i32::from(c == '{') - i32::from(c == '}');
            if family.closed_by(c) {
                if self.strict || self.closes(next, place, inside) {
                    return Ending {
                        content: at,
                        after: next,
                        how: How::Closed,
                    };
                }
                if let Some(end) = self.ends_before(from, at, place, inside) {
                    return Ending {
                        content: self.trimmed(from, end),
                        after: end,
                        how: How::Unquoted,
                    };
                }
                self.note(&mut inside, at, next);
            }
            at = next;
        }
        self.unclosed(from, place)
    }

    fn note(&self, inside: &mut Inside, at: usize, next: usize) {
        let before = self.look.char_before(at);
        let opens = before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '{' | '=' | '>' | ':'));
        let word_follows = self.look.char(next).is_some_and(|c| !c.is_whitespace());
        inside.dirty = true;
        inside.odd = opens && word_follows;
    }

    fn trimmed(&self, from: usize, to: usize) -> usize {
        from + self.look.text[from..to].trim_end().len()
    }

    /// Whether a quote that ends at `after` closes its string.
    fn closes(&self, after: usize, place: Place, inside: Inside) -> bool {
        let next = self.look.blank(after);
        let Some(c) = self.look.char(next) else { return true };
        let concatenated = c == '+' && self.look.family(self.look.blank(next + 1)).is_some();
        if concatenated && place != Place::Key || self.look.frame(next) {
            return true;
        }
        match place {
            Place::Key => self.closes_key(next, c, after),
            Place::Member => self.closes_member(next, c, after, inside),
            Place::Item => self.closes_item(next, c, after, inside),
            Place::Root => {
                let tail = self.look.rest(next);
                tail.trim_start_matches(|c: char| c.is_whitespace() || ";,)".contains(c))
                    .is_empty()
            }
        }
    }

    fn closes_key(&self, next: usize, c: char, after: usize) -> bool {
        self.look.colon(next).is_some()
            || matches!(c, ',' | '}' | '{' | '[')
            || c.is_ascii_digit()
            || (self.look.family(next).is_some() && (next > after || self.look.family(next) != Some(Family::Double)))
            || next > after && COMMON.iter().any(|(word, _)| self.look.starts(next, word))
    }

    fn closes_member(&self, next: usize, c: char, after: usize, inside: Inside) -> bool {
        match c {
            '}' | ']' => self.closers(next, inside),
            ')' => self
                .top()
                .is_some_and(|frame| matches!(frame.shape, Shape::Group | Shape::Tuple)),
            ',' | '，' | ';' | '；' => self.member_follows(next + c.len_utf8(), inside),
            '"' | '\'' | '“' => self.look.quoted_key(next, false),
            _ => {
                let breaks = self.look.text[after..next].matches('\n').count();
                breaks > 0 && self.look.bare_key(next) || breaks > 1 && !inside.dirty
            }
        }
    }

    /// Whether a member, or the end of the object, follows a comma.
    fn member_follows(&self, at: usize, inside: Inside) -> bool {
        let next = self.look.blank(at);
        let Some(c) = self.look.char(next) else { return true };
        match c {
            '}' | ']' => self.closers(next, inside),
            ',' | '…' => true,
            '.' => self.look.starts(next, "..."),
            '"' | '\'' | '“' | '‘' | '`' => self.look.quoted_key(next, !inside.odd),
            '{' | '[' => !inside.dirty,
            _ => {
                !inside.odd && (self.look.bare_key(next) || self.look.half_quoted_key(next) || self.word_then_key(next))
            }
        }
    }

    /// A stray word before a quoted key.
    fn word_then_key(&self, at: usize) -> bool {
        let rest = self.look.rest(at);
        let word = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        (1..=32).contains(&word) && self.look.quoted_key(self.look.space(at + word), false)
    }

    fn closes_item(&self, next: usize, c: char, after: usize, inside: Inside) -> bool {
        match c {
            '}' | ']' | ')' => self.closers(next, inside),
            ',' | '，' | ';' => self.item_follows(next + c.len_utf8(), inside),
            ':' => !inside.dirty,
            '"' | '\'' | '“' => {
                !inside.odd && (next > after || !inside.dirty && self.look.next_mark(next + 1, Family::Double).is_ok())
            }
            '{' | '[' => !inside.odd && next > after,
            '0'..='9' | '-' => next > after && self.number_alone(next),
            _ => false,
        }
    }

    /// Whether an item, or the end of the array, follows a comma.
    fn item_follows(&self, at: usize, inside: Inside) -> bool {
        let next = self.look.blank(at);
        let Some(c) = self.look.char(next) else { return true };
        match c {
            '}' | ']' | ')' => self.closers(next, inside),
            '"' | '\'' | '“' | '‘' | '`' => !inside.odd,
            '{' | '[' | '0'..='9' | '-' | ',' | '.' | '…' => true,
            _ => !inside.dirty,
        }
    }

    /// A number and then the end of an item.
    fn number_alone(&self, at: usize) -> bool {
        let rest = self.look.rest(at);
        let window = rest.get(..rest.len().min(40)).unwrap_or("");
        let length = window
            .find(|c: char| !c.is_ascii_digit() && !"+-.eE".contains(c))
            .unwrap_or(window.len());
        matches!(
            self.look.byte(self.look.space(at + length)),
            None | Some(b',' | b']' | b'}')
        )
    }

    /// Whether a run of closers at `at` fits the open containers and what stands behind it fits where it leads.
    fn closers(&self, at: usize, inside: Inside) -> bool {
        let mut open = self.stack.iter().rev().map(|frame| frame.shape);
        let mut next = at;
        while next < at + CLOSERS {
            let Some(c) = self.look.char(next) else { return true };
            if !matches!(c, '}' | ']' | ')') {
                let around = open.next();
                return self.after_closers(next, c, around, inside);
            }
            match (open.next(), c) {
                (Some(Shape::Object), ']' | ')') | (Some(Shape::Array), '}' | ')') if inside.dirty => return false,
                (None, _) if !inside.dirty => return true,
                (Some(_) | None, _) => {}
            }
            next = self.look.blank(next + 1);
        }
        true
    }

    fn after_closers(&self, next: usize, c: char, around: Option<Shape>, inside: Inside) -> bool {
        if self.look.frame(next) {
            return true;
        }
        let Some(shape) = around else {
            return !inside.dirty || c == ';' || inside.braces <= 0 && c != ',' && self.look.family(next).is_none();
        };
        let opener = matches!(c, '{' | '[') || self.look.family(next).is_some();
        match (c, shape) {
            (',' | ';', Shape::Object) => self.member_follows(next + 1, inside),
            (',' | ';', Shape::Array | Shape::Tuple) => {
                self.item_follows(next + 1, inside) || self.look.bare_key(self.look.blank(next + 1))
            }
            (_, Shape::Array | Shape::Tuple) => opener && !inside.dirty || c == '{' && !inside.odd,
            (_, Shape::Object) => !inside.odd && (self.look.quoted_key(next, false) || self.look.bare_key(next)),
            (_, Shape::Group) => !inside.dirty,
        }
    }

    /// Where the string ends if the quote at `at` opens the next member or item and its own is missing.
    fn ends_before(&self, from: usize, at: usize, place: Place, inside: Inside) -> Option<usize> {
        let so_far = self.look.text.get(from..at)?;
        match place {
            Place::Key => inside.colon,
            Place::Root => {
                let plus = so_far.trim_end().strip_suffix('+')?;
                Some(from + plus.len())
            }
            Place::Member if !inside.odd => {
                if self.look.quoted_key(at, false) {
                    let line = so_far.trim_end_matches([' ', '\t']);
                    return line.ends_with(',').then(|| from + line.len() - 1).or_else(|| {
                        line.ends_with('\n')
                            .then(|| from + line.trim_end().trim_end_matches(',').len())
                    });
                }
                bare_member(so_far)
                    .filter(|_| self.run_closes(at))
                    .map(|comma| from + comma)
            }
            Place::Item if !inside.odd => {
                let head = so_far.trim_end();
                let plus = head.ends_with('+');
                (head.ends_with([',', '+']) && (plus || self.run_closes(at))).then(|| from + head.len() - 1)
            }
            Place::Member | Place::Item => None,
        }
    }

    /// Whether the string that would open at `at` is short and closed before a comma, a closer or the end.
    fn run_closes(&self, at: usize) -> bool {
        let Ok((_, after)) = self.look.next_mark(at + 1, Family::Double) else {
            return false;
        };
        matches!(self.look.byte(self.look.space(after)), None | Some(b',' | b'}' | b']'))
    }

    /// The end of a string no quote closes.
    fn unclosed(&mut self, from: usize, place: Place) -> Ending {
        let end = self.look.end;
        let cut = Ending {
            content: end,
            after: end,
            how: How::Cut,
        };
        let cost = end - from;
        if self.strict || cost > self.budget {
            return cut;
        }
        self.budget -= cost;
        let content = &self.look.text[from..end];
        let found = match place {
            Place::Key => content.find(':').filter(|colon| *colon > 0),
            Place::Root => content.trim_end().strip_suffix('+').map(str::len),
            Place::Member if content.trim_end_matches(['`', ' ', '\n']).ends_with('}') => {
                first_member(content, self.look, from).or_else(|| self.tail(content))
            }
            Place::Member | Place::Item => self.tail(content),
        };
        let Some(found) = found else { return cut };
        Ending {
            content: self.trimmed(from, from + found),
            after: from + found,
            how: How::Unquoted,
        }
    }

    /// Where closers start that end the text and fit what is open.
    fn tail(&self, content: &str) -> Option<usize> {
        let content = content.trim_end_matches(|c: char| c == '`' || c.is_whitespace());
        let head = content.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '}' | ']' | ','));
        let mut open = self.stack.iter().rev().map(|frame| frame.shape);
        let mut closers = content[head.len()..]
            .chars()
            .filter(|c| matches!(c, '}' | ']'))
            .peekable();
        closers.peek()?;
        closers
            .all(|c| match open.next() {
                Some(Shape::Object) => c == '}',
                Some(Shape::Array) => c == ']',
                Some(Shape::Tuple | Shape::Group) | None => false,
            })
            .then_some(head.len())
    }
}

/// Where the comma stands if text ends in `, word: `.
fn bare_member(text: &str) -> Option<usize> {
    let head = text.trim_end().strip_suffix(':')?.trim_end();
    let word = head.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
    let before = word.trim_end();
    let near = head.len() - before.len() <= BACK && word.len() < head.len();
    (near && before.ends_with(',')).then(|| before.len() - 1)
}

/// Where the first `, key:` stands in text.
fn first_member(content: &str, look: Look<'_>, from: usize) -> Option<usize> {
    content
        .match_indices(',')
        .map(|(comma, _)| comma)
        .find(|comma| look.key(look.space(from + comma + 1)))
}
