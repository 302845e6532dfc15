//! Closers: right ones, wrong ones, missing ones and those that come too early.
//!
//! Owns what a `}`, `]` or `)` means for the stack of open containers; the loop is `parser`'s.

use super::parser::{Parser, Shape, State};
use crate::verdict::{RepairKind, Risk};

impl Parser<'_> {
    /// Reads the closer at the cursor.
    pub(super) fn closer(&mut self, byte: u8) {
        let Some(frame) = self.stack.last() else { return };
        let fits = match frame.shape {
            Shape::Object => byte == b'}',
            Shape::Array => byte == b']',
            Shape::Tuple => byte == if frame.braces { b'}' } else { b')' },
            Shape::Group => byte == b')',
        };
        if fits {
            self.close_right(byte);
        } else if frame.implied && byte == b']' && self.encloses(b']') {
            self.pop(self.pos);
        } else {
            self.close_wrong(byte);
        }
    }

    fn close_right(&mut self, byte: u8) {
        if self.closes_early(byte) {
            self.repair(RepairKind::WrongCloser, self.pos, Risk::Guess);
            self.pos += 1;
            self.read_one();
            return;
        }
        self.trailing_comma();
        self.pos += 1;
        self.doubled_closers(byte);
        self.pop(self.pos);
    }

    /// A `}` that would end the document although another member follows.
    fn closes_early(&self, byte: u8) -> bool {
        let [frame] = self.stack.as_slice() else { return false };
        if self.strict || byte != b'}' || frame.state != State::After {
            return false;
        }
        early(self.look, self.pos + 1)
    }

    fn trailing_comma(&mut self) {
        if let Some(State::Comma(at)) = self.stack.last().map(|frame| frame.state) {
            self.repair(RepairKind::TrailingComma, at, Risk::Safe);
        }
    }

    /// The second `}` of a `}}` whose opener was doubled too.
    fn doubled_closers(&mut self, byte: u8) {
        let Some(frame) = self.stack.last() else { return };
        for _ in 0..frame.doubled {
            let next = self.look.space(self.pos);
            if self.look.byte(next) != Some(byte) {
                return;
            }
            self.pos = next + 1;
        }
    }

    /// Whether a container that `byte` closes is open further out.
    fn encloses(&self, byte: u8) -> bool {
        let shape = match byte {
            b'}' => Shape::Object,
            b']' => Shape::Array,
            _ => {
                return self
                    .stack
                    .iter()
                    .any(|frame| matches!(frame.shape, Shape::Tuple | Shape::Group));
            }
        };
        self.stack.iter().any(|frame| frame.shape == shape)
    }

    fn close_wrong(&mut self, byte: u8) {
        let Some(frame) = self.stack.last() else { return };
        let (shape, depth) = (frame.shape, self.stack.len());
        let after = self.look.blank(self.pos + 1);
        let comma = self.look.byte(after) == Some(b',');
        let key_follows = comma && self.look.key(self.look.blank(after + 1));
        let outer_root = depth == 2 && self.stack.first().is_some_and(|frame| frame.shape == Shape::Object);
        if shape == Shape::Group {
            self.pop(self.pos);
        } else if byte == b'}' && shape == Shape::Array && outer_root && key_follows {
            self.stands_for_right();
        } else if self.encloses(byte) {
            self.trailing_comma();
            self.repair(RepairKind::MissingCloser, self.pos, Risk::Guess);
            self.pop(self.pos);
        } else if key_follows && shape == Shape::Object || depth == 1 && comma && shape == Shape::Array {
            self.repair(RepairKind::WrongCloser, self.pos, Risk::Guess);
            self.pos += 1;
        } else {
            self.stands_for_right();
        }
    }

    /// The closer at the cursor is read as the one that belongs there.
    fn stands_for_right(&mut self) {
        self.trailing_comma();
        self.repair(RepairKind::WrongCloser, self.pos, Risk::Guess);
        self.pos += 1;
        self.pop(self.pos);
    }
}

/// Whether what follows an object's end at `at` is one more member of it.
pub(super) fn early(look: super::look::Look<'_>, at: usize) -> bool {
    let next = look.blank(at);
    look.byte(next) == Some(b',') && look.quoted_key(look.blank(next + 1), false)
}
