//! Members and items: keys, colons, and the start of every value.
//!
//! Owns what may stand where in a container. Strings and scalars are read by `strings` and `scalars`.

use super::look::{Family, find};
use super::parser::{Frame, Parser, Place, Shape, State};
use crate::json::tree::Kind;
use crate::verdict::{RepairKind, Risk};

/// How far the end of a parenthesis is looked for, to tell `(1)` from `(1, 2)`.
const GROUP: usize = 2048;
impl Parser<'_> {
    /// Reads an item of an array, or what stands for one.
    pub(super) fn item(&mut self) {
        if !self.strict && self.look.quoted_key(self.pos, false) && self.stack.last().is_some_and(|f| !f.braces) {
            self.imply_object(None);
        } else {
            self.value(None, Place::Item);
        }
    }

    /// Reads a member of an object from its key on.
    pub(super) fn member(&mut self) {
        let at = self.pos;
        match self.look.char(at) {
            Some('{') => return self.opener_for_key(),
            Some('[') => return self.array_for_key(),
            _ => {}
        }
        let key = match self.look.family(at) {
            Some(family) => self.string(family, Place::Key).map(|piece| piece.text),
            None => self.bare_key(),
        };
        let Some(key) = key else { return };
        if self.cut && self.pos >= self.look.end {
            self.drop_member(at);
            return;
        }
        self.blank();
        if let Some(length) = self.look.colon(self.pos) {
            if self.look.byte(self.pos) != Some(b':') {
                self.repair(RepairKind::MissingColon, self.pos, Risk::Safe);
            }
            self.pos += length;
            self.blank();
        } else if self.value_starts() {
            self.repair(RepairKind::MissingColon, self.pos, Risk::Safe);
        }
        if self.fenced_value(&key) {
            return;
        }
        if self.value_starts() {
            self.value(Some(&key), Place::Member);
        } else {
            self.drop_member(at);
        }
    }

    /// A value that stands in a code fence of its own: its text without the fence and its language word.
    fn fenced_value(&mut self, key: &str) -> bool {
        let at = self.pos;
        if self.strict || !self.look.starts(at, "```") {
            return false;
        }
        if self.budget == 0 {
            return false;
        }
        let Some(end) = find(self.look.text.as_bytes(), at + 3, self.look.end, b"```") else {
            self.budget = 0;
            return false;
        };
        let content = &self.look.text[at + 3..end];
        let code = content
            .split_once('\n')
            .map_or(content, |(_, code)| code.strip_suffix('\n').unwrap_or(code))
            .to_owned();
        self.repair(RepairKind::RepeatedQuotes, at, Risk::Guess);
        self.pos = end + 3;
        self.leaf(Some(key), Kind::String, &code, (at, self.pos));
        true
    }

    fn drop_member(&mut self, at: usize) {
        self.repair(RepairKind::DroppedMember, at, Risk::Guess);
        self.read_one();
    }

    /// Whether anything but a comma, a closer or the end stands at the cursor.
    fn value_starts(&self) -> bool {
        match self.look.byte(self.pos) {
            None | Some(b'}' | b']' | b')') => false,
            Some(_) => self.look.comma(self.pos).is_none() && !self.look.frame(self.pos),
        }
    }

    /// A `{` where a key should be: the next item of the array round this object, or one brace too many.
    fn opener_for_key(&mut self) {
        let depth = self.stack.len();
        let in_array = depth > 1 && matches!(self.stack[depth - 2].shape, Shape::Array | Shape::Tuple);
        let fresh = self.stack.last().is_some_and(|frame| frame.state == State::Fresh);
        if in_array && !fresh {
            if let Some(State::Comma(_)) = self.stack.last().map(|frame| frame.state) {
                self.repair(RepairKind::MissingCloser, self.pos, Risk::Guess);
                self.pop(self.pos);
                self.set_comma();
            } else {
                self.repair(RepairKind::MissingCloser, self.pos, Risk::Guess);
                self.pop(self.pos);
            }
            return;
        }
        self.repair(
            RepairKind::DoubledBraces,
            self.pos,
            if fresh { Risk::Safe } else { Risk::Guess },
        );
        self.pos += 1;
        if let Some(frame) = self.stack.last_mut() {
            frame.doubled += 1;
        }
    }

    fn set_comma(&mut self) {
        let at = self.pos;
        if let Some(frame) = self.stack.last_mut() {
            frame.state = State::Comma(at);
        }
    }

    /// A `[` where a key should be is left out with all it holds, as far as its end is near.
    fn array_for_key(&mut self) {
        self.repair(RepairKind::DroppedMember, self.pos, Risk::Guess);
        self.garbage += 1;
        self.pos = self.look.matching(self.pos, GROUP).unwrap_or(self.pos + 1);
        self.read_one();
    }

    /// Reads a key without quotes, or leaves out what is none.
    fn bare_key(&mut self) -> Option<String> {
        let at = self.pos;
        let mut end = at;
        while let Some(c) = self.look.char(end) {
            let boundary = matches!(c, ',' | ';' | '{' | '}' | '[' | ']' | '\n' | '"' | '，')
                || self.look.colon(end).is_some()
                || (c == '\'' || c == '“' || c == '‘') && self.look.char_before(end) == Some(' ');
            if boundary {
                break;
            }
            end += c.len_utf8();
        }
        let key = self.look.text[at..end].trim_end();
        let gap = self.look.char_before(end).is_some_and(char::is_whitespace);
        if self.look.colon(end).is_some() && !key.is_empty() {
            self.repair(RepairKind::UnquotedKey, at, Risk::Safe);
            self.pos = end;
            return Some(key.to_owned());
        }
        match self.look.family(end) {
            Some(Family::Double) if !gap && !key.is_empty() => {
                self.repair(RepairKind::MissingQuote, at, Risk::Safe);
                self.pos = end + 1;
                Some(key.to_owned())
            }
            Some(_) if !key.is_empty() && !self.look.quoted_key(end, false) => {
                self.repair(RepairKind::UnquotedKey, at, Risk::Safe);
                self.pos = end;
                Some(key.to_owned())
            }
            _ => self.drop_text(at, end),
        }
    }

    fn drop_text(&mut self, at: usize, end: usize) -> Option<String> {
        let end = if end == at {
            at + self.look.char(at).map_or(1, char::len_utf8)
        } else {
            end
        };
        self.repair(RepairKind::DroppedMember, at, Risk::Guess);
        self.garbage += 1;
        self.pos = end;
        None
    }

    /// Reads the value at the cursor.
    pub(super) fn value(&mut self, key: Option<&str>, place: Place) {
        match self.look.char(self.pos) {
            Some('{') => self.open_brace(key),
            Some('[') => {
                self.push(Shape::Array, key);
                self.pos += 1;
            }
            Some('(') if !self.strict => self.open_parenthesis(key),
            Some(c) => match Family::of(c) {
                Some(family) => self.string_value(family, key, place),
                None => self.scalar(key, place),
            },
            None => self.cut = true,
        }
    }

    fn open_brace(&mut self, key: Option<&str>) {
        if !self.strict && self.is_set() {
            self.repair(RepairKind::Literal, self.pos, Risk::Guess);
            self.push(Shape::Tuple, key);
            if let Some(frame) = self.stack.last_mut() {
                frame.braces = true;
            }
        } else {
            self.push(Shape::Object, key);
        }
        self.pos += 1;
    }

    /// `{'a', 'b'}`: two strings with a comma between and none followed by a colon.
    fn is_set(&self) -> bool {
        let string = |at: usize| {
            let at = self.look.space(at);
            let family = self.look.family(at)?;
            let start = at + self.look.char(at)?.len_utf8();
            self.look
                .next_mark(start, family)
                .ok()
                .map(|(_, after)| self.look.space(after))
        };
        let Some(first) = string(self.pos + 1) else {
            return false;
        };
        self.look.byte(first) == Some(b',')
            && string(first + 1).is_some_and(|second| matches!(self.look.byte(second), Some(b',' | b'}')))
    }

    fn open_parenthesis(&mut self, key: Option<&str>) {
        let end = self.look.matching(self.pos, GROUP);
        let inside = end.map_or("", |end| &self.look.text[self.pos + 1..end - 1]);
        let single = end.is_some() && !inside.trim().is_empty() && !inside.contains(',');
        self.repair(
            RepairKind::Literal,
            self.pos,
            if single { Risk::Safe } else { Risk::Guess },
        );
        self.push(if single { Shape::Group } else { Shape::Tuple }, key);
        self.pos += 1;
    }

    /// The innermost open container.
    pub(super) fn top(&self) -> Option<&Frame> {
        self.stack.last()
    }
}
