//! Tool-call pieces put together: which call each piece belongs to.
//!
//! Owns the quirks of `openrouter.md` §2.5. Keeps no argument text: the pieces are handed on as deltas and added up by whoever
//! reads them.

use super::wire::ToolCall;
use crate::event::{CallRef, Delta};
use crate::verdict::Channel;
use std::collections::HashMap;

/// The calls of one answer so far.
#[derive(Debug, Default)]
pub struct Calls {
    known: Vec<Call>,
    /// The latest call under each index of the wire.
    by_index: HashMap<u64, usize>,
    /// Calls with an id, by that id and the wire index it came under.
    by_id: HashMap<(Option<u64>, String), usize>,
    /// The call that the last piece went to.
    current: Option<usize>,
}

#[derive(Debug)]
struct Call {
    wire_index: Option<u64>,
    /// The id that is told of it.
    id: String,
    /// The id its pieces come under: the first call's, for one that was split off.
    wire_id: String,
    name: String,
    scan: Scan,
}

/// How far the value in a call's arguments has come. Only an object is followed: nothing else is split.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Scan {
    /// Only whitespace so far.
    #[default]
    Blank,
    /// Inside an object.
    Open { depth: u32, in_string: bool, escaped: bool },
    /// The object was closed.
    Complete,
    /// Not an object.
    Other,
}

impl Scan {
    /// Goes over the next text. Gives the offset at which a second object begins, if one does.
    fn advance(&mut self, text: &str) -> Option<usize> {
        for (offset, byte) in text.bytes().enumerate() {
            if *self == Self::Other {
                return None;
            }
            if *self == Self::Complete && byte == b'{' {
                return Some(offset);
            }
            *self = self.after(byte);
        }
        None
    }

    fn after(self, byte: u8) -> Self {
        match self {
            Self::Blank if byte.is_ascii_whitespace() => self,
            Self::Blank if byte == b'{' => Self::Open {
                depth: 1,
                in_string: false,
                escaped: false,
            },
            Self::Blank | Self::Other => Self::Other,
            // What follows and is no second object is left to the reader of the arguments.
            Self::Complete => self,
            Self::Open {
                depth,
                in_string: true,
                escaped,
            } => match byte {
                _ if escaped => Self::Open {
                    depth,
                    in_string: true,
                    escaped: false,
                },
                b'\\' => Self::Open {
                    depth,
                    in_string: true,
                    escaped: true,
                },
                b'"' => Self::Open {
                    depth,
                    in_string: false,
                    escaped: false,
                },
                _ => self,
            },
            Self::Open {
                depth,
                in_string: false,
                ..
            } => match byte {
                b'"' => Self::Open {
                    depth,
                    in_string: true,
                    escaped: false,
                },
                b'{' | b'[' => Self::Open {
                    depth: depth.saturating_add(1),
                    in_string: false,
                    escaped: false,
                },
                b'}' | b']' if depth <= 1 => Self::Complete,
                b'}' | b']' => Self::Open {
                    depth: depth - 1,
                    in_string: false,
                    escaped: false,
                },
                _ => self,
            },
        }
    }
}

impl Calls {
    /// Takes one piece and appends the deltas it makes: one for a new call even without text, none for an empty piece of a
    /// known one.
    pub fn push(&mut self, piece: &ToolCall<'_>, out: &mut Vec<Delta>) {
        let wire_index = piece.index.count();
        let id = piece.id.get();
        let name = piece.function.0.name.get();
        let known = self.find(wire_index, id);
        let at = known.unwrap_or_else(|| self.open(wire_index, id));
        self.adopt(at, wire_index, id, name);
        let opened = known.is_none();
        self.append(at, name, &piece.function.0.arguments.0, opened, out);
    }

    /// Ends a completed answer: a call whose arguments never came is a call with none, so that `{}` is its text.
    pub fn finish(&self, out: &mut Vec<Delta>) {
        for (at, call) in self.known.iter().enumerate() {
            if call.scan == Scan::Blank {
                out.push(self.delta(at, "{}"));
            }
        }
    }

    /// The call that a piece belongs to, if it is not a new one.
    fn find(&self, wire_index: Option<u64>, id: &str) -> Option<usize> {
        let latest = match wire_index {
            Some(index) => self.by_index.get(&index).copied(),
            None => self.current,
        };
        if id.is_empty() {
            return latest;
        }
        let same_id = self.by_id.get(&(wire_index, id.to_owned())).copied();
        // A call that has had no id yet takes the one that comes now.
        same_id.or_else(|| latest.filter(|at| wire_index.is_some() && self.known[*at].id.is_empty()))
    }

    fn open(&mut self, wire_index: Option<u64>, id: &str) -> usize {
        let (id, wire_id) = (id.to_owned(), id.to_owned());
        self.known.push(Call {
            wire_index,
            id,
            wire_id,
            name: String::new(),
            scan: Scan::default(),
        });
        self.known.len() - 1
    }

    /// Notes what a piece says of its call: the first id and the first name count.
    fn adopt(&mut self, at: usize, wire_index: Option<u64>, id: &str, name: &str) {
        self.current = Some(at);
        if let Some(index) = wire_index {
            self.by_index.insert(index, at);
        }
        let call = &mut self.known[at];
        if !id.is_empty() && self.by_id.insert((wire_index, id.to_owned()), at).is_none() && call.id.is_empty() {
            id.clone_into(&mut call.id);
            id.clone_into(&mut call.wire_id);
        }
        if call.name.is_empty() {
            name.clone_into(&mut call.name);
        }
    }

    /// Adds argument text to a call; where a second object begins under it, so does a second call.
    fn append(&mut self, at: usize, name: &str, text: &str, opened: bool, out: &mut Vec<Delta>) {
        let (mut at, mut text, mut opened) = (at, text, opened);
        while let Some(split) = self.known[at].scan.advance(text) {
            let (head, tail) = text.split_at(split);
            if !head.is_empty() {
                out.push(self.delta(at, head));
            }
            let wire_index = self.known[at].wire_index;
            let name = if name.is_empty() {
                self.known[at].name.clone()
            } else {
                name.to_owned()
            };
            let wire_id = self.known[at].wire_id.clone();
            at = self.open(wire_index, "");
            self.adopt(at, wire_index, "", &name);
            if !wire_id.is_empty() {
                // Further pieces under the first call's id go on with the object that is open now.
                self.known[at].wire_id.clone_from(&wire_id);
                self.by_id.insert((wire_index, wire_id), at);
            }
            (text, opened) = (tail, true);
        }
        if opened || !text.is_empty() {
            out.push(self.delta(at, text));
        }
    }

    fn delta(&self, at: usize, text: &str) -> Delta {
        let call = &self.known[at];
        let index = u32::try_from(at).unwrap_or(u32::MAX);
        let call = CallRef {
            index,
            id: call.id.clone(),
            name: call.name.clone(),
        };
        Delta {
            channel: Channel::Call,
            call: Some(call),
            text: text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
