//! The lenient reader: a cursor, a stack of open containers and the log of what was repaired.
//!
//! Owns the main loop and the opening and closing of containers. Members and items are read in `members`, where strings end is
//! decided in `quotes`, their text in `strings`, everything without quotes in `scalars`, and wrong closers in `closers`. In
//! strict mode the first repair fails the reading, so that strict JSON is read by its own grammar alone (RFC 8259).

use super::Limits;
use super::look::{Look, is_json_space, is_space};
use crate::json::tree::{Kind, NodeId, Tree};
use crate::verdict::{Repair, RepairKind, Risk};

/// Repairs after which a text counts as unreadable.
const MAX_REPAIRS: usize = 2_000_000;

/// Why nothing was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The text is not JSON, however read.
    Nonsense,
    /// A limit was reached; nothing further on is worth a try.
    Limit,
}

/// Where and why a reading failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    /// Why.
    pub(super) stop: Stop,
    /// How far it came.
    pub(super) at: usize,
}

/// What was read.
#[derive(Debug)]
pub(super) struct Parsed {
    /// The value, one root.
    pub(super) tree: Tree,
    /// What was repaired, in the order in which it was noticed.
    pub(super) repairs: Vec<Repair>,
    /// One past the last byte read.
    pub(super) end: usize,
    /// Whether every container was closed before the text ended.
    pub(super) complete: bool,
}

/// What kind of container is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `(…)` or `{…}` read as an array.
    Tuple,
    /// `(…)` round one value, a call's or none's.
    Group,
}

/// What was read last in an open container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Its opener.
    Fresh,
    /// A comma, and where.
    Comma(usize),
    /// A member or an item.
    After,
}

/// An open container.
#[derive(Debug)]
pub(super) struct Frame {
    /// What it is.
    pub(super) shape: Shape,
    /// The node its values go into; for a group that of the container round it.
    pub(super) node: Option<NodeId>,
    /// What was read last in it.
    pub(super) state: State,
    /// Further openers of the same kind that stood with it and want their closers.
    pub(super) doubled: u32,
    /// Whether its opener is missing.
    pub(super) implied: bool,
    /// Whether it closes with `}` although it is read as an array.
    pub(super) braces: bool,
    /// A group's key for its one value.
    pub(super) key: Option<String>,
}

/// Where a scalar stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A member's name.
    Key,
    /// A member's value.
    Member,
    /// An item of an array.
    Item,
    /// The whole document, or the one value of a group.
    Root,
}

/// The cursor and everything read so far.
#[derive(Debug)]
pub(super) struct Parser<'t> {
    pub(super) look: Look<'t>,
    pub(super) pos: usize,
    pub(super) strict: bool,
    pub(super) tree: Tree,
    pub(super) repairs: Vec<Repair>,
    pub(super) stack: Vec<Frame>,
    /// Bytes that second looks may still cost.
    pub(super) budget: usize,
    /// Text that was thrown away, in pieces.
    pub(super) garbage: u32,
    /// Whether the text ended inside something.
    pub(super) cut: bool,
    pub(super) stop: Option<Stop>,
    limits: Limits,
}

impl<'t> Parser<'t> {
    /// A reader of `text[start..end]`.
    pub(super) fn new(look: Look<'t>, start: usize, strict: bool, limits: Limits) -> Self {
        Self {
            look,
            pos: start,
            strict,
            tree: Tree::new(),
            repairs: Vec::new(),
            stack: Vec::new(),
            budget: (look.end - start).saturating_mul(4),
            garbage: 0,
            cut: false,
            stop: None,
            limits,
        }
    }

    /// Reads one document from the cursor on.
    ///
    /// # Errors
    /// [`Refused`], when there is none.
    pub(super) fn document(mut self) -> Result<Parsed, Refused> {
        self.blank();
        self.root();
        self.finish()
    }

    /// Reads the items of an array whose brackets are missing, up to the end of the text.
    ///
    /// # Errors
    /// [`Refused`], when there are none.
    pub(super) fn bare_items(mut self) -> Result<Parsed, Refused> {
        self.repair(RepairKind::MissingOpener, self.pos, Risk::Guess);
        self.push(Shape::Array, None);
        let mut parsed = self.finish()?;
        // No bracket was opened, so nothing tells whether the text was cut.
        parsed.complete = true;
        Ok(parsed)
    }

    fn finish(mut self) -> Result<Parsed, Refused> {
        while self.stop.is_none() && !self.stack.is_empty() {
            self.step();
        }
        let hollow = self.tree.root().is_none_or(|root| {
            self.garbage > 0 && self.tree.len() == 1 && matches!(self.tree.node(root).kind, Kind::Object | Kind::Array)
        });
        if let Some(stop) = self.stop.or(hollow.then_some(Stop::Nonsense)) {
            return Err(Refused { stop, at: self.pos });
        }
        Ok(Parsed {
            tree: self.tree,
            repairs: self.repairs,
            end: self.pos,
            complete: !self.cut,
        })
    }

    fn root(&mut self) {
        if !self.strict && self.look.quoted_key(self.pos, false) {
            self.imply_object(None);
        } else {
            self.value(None, Place::Root);
        }
    }

    /// Opens an object whose opener is missing, at the cursor.
    pub(super) fn imply_object(&mut self, key: Option<&str>) {
        self.repair(RepairKind::MissingOpener, self.pos, Risk::Guess);
        self.push(Shape::Object, key);
        if let Some(frame) = self.stack.last_mut() {
            frame.implied = true;
        }
    }

    fn step(&mut self) {
        self.blank();
        let Some(frame) = self.stack.last() else { return };
        let shape = frame.shape;
        let Some(byte) = self.look.byte(self.pos) else {
            self.finish_cut();
            return;
        };
        match (shape, byte) {
            (_, b'}' | b']' | b')') => self.closer(byte),
            (Shape::Group, _) => self.group(),
            _ if !self.strict && self.look.frame(self.pos) => self.finish_cut(),
            _ => {
                if let Some(length) = self.look.comma(self.pos) {
                    self.comma(byte, length);
                } else if let Some(length) = self.skippable_ellipsis() {
                    self.repair(RepairKind::Ellipsis, self.pos, Risk::Guess);
                    self.pos += length;
                } else {
                    self.before_next(byte);
                    self.next(shape);
                }
            }
        }
    }

    fn next(&mut self, shape: Shape) {
        match shape {
            Shape::Object => self.member(),
            Shape::Array | Shape::Tuple => self.item(),
            Shape::Group => {}
        }
    }

    /// Dots that stand for left-out items are skipped; in strict mode they are an error of `value`'s.
    fn skippable_ellipsis(&self) -> Option<usize> {
        self.look.ellipsis(self.pos)
    }

    fn before_next(&mut self, byte: u8) {
        let after = self.stack.last().is_some_and(|frame| frame.state == State::After);
        let closing = byte == b'{' && self.stack.last().is_some_and(|frame| frame.shape == Shape::Object);
        if after && !closing {
            self.repair(RepairKind::MissingComma, self.pos, Risk::Safe);
        }
    }

    fn comma(&mut self, byte: u8, length: usize) {
        let at = self.pos;
        self.pos += length;
        let Some(frame) = self.stack.last_mut() else { return };
        let expected = frame.state == State::After;
        if expected {
            frame.state = State::Comma(at);
        }
        if !expected || byte != b',' {
            self.repair(RepairKind::StrayComma, at, Risk::Safe);
        }
    }

    fn group(&mut self) {
        let Some(frame) = self.stack.last_mut() else { return };
        if frame.state == State::After {
            self.stack.pop();
            self.read_one();
            return;
        }
        let key = frame.key.take();
        frame.state = State::After;
        let place = self.outer_place();
        self.value(key.as_deref(), place);
    }

    /// Where the value of a group stands for those outside.
    fn outer_place(&self) -> Place {
        let shape = self
            .stack
            .iter()
            .rev()
            .map(|frame| frame.shape)
            .find(|shape| *shape != Shape::Group);
        match shape {
            Some(Shape::Object) => Place::Member,
            Some(Shape::Array | Shape::Tuple) => Place::Item,
            Some(Shape::Group) | None => Place::Root,
        }
    }

    /// Opens a container at the cursor without moving it.
    pub(super) fn push(&mut self, shape: Shape, key: Option<&str>) {
        if self.stack.len() >= self.limits.depth {
            self.stop = Some(Stop::Limit);
            return;
        }
        let parent = self.stack.last().and_then(|frame| frame.node);
        let node = match shape {
            Shape::Object => self.node(parent, key, Kind::Object, self.pos),
            Shape::Array | Shape::Tuple => self.node(parent, key, Kind::Array, self.pos),
            Shape::Group => parent,
        };
        let key = if shape == Shape::Group {
            key.map(str::to_owned)
        } else {
            None
        };
        self.stack.push(Frame {
            shape,
            node,
            state: State::Fresh,
            doubled: 0,
            implied: false,
            braces: false,
            key,
        });
    }

    /// Opens a node, unless there are too many.
    pub(super) fn node(&mut self, parent: Option<NodeId>, key: Option<&str>, kind: Kind, at: usize) -> Option<NodeId> {
        if self.tree.len() >= self.limits.nodes {
            self.stop = Some(Stop::Limit);
            return None;
        }
        Some(self.tree.open(parent, key, kind, at as u32))
    }

    /// Adds a scalar that is read to its end.
    pub(super) fn leaf(&mut self, key: Option<&str>, kind: Kind, text: &str, span: (usize, usize)) {
        let parent = self.stack.last().and_then(|frame| frame.node);
        let Some(id) = self.node(parent, key, kind, span.0) else {
            return;
        };
        self.tree.push_text(id, text);
        self.tree.close(id, span.1 as u32);
        self.read_one();
    }

    /// Notes that the innermost container has one more member or item.
    pub(super) fn read_one(&mut self) {
        if let Some(frame) = self.stack.last_mut() {
            frame.state = State::After;
        }
    }

    /// Closes the innermost container at `end`.
    pub(super) fn pop(&mut self, end: usize) {
        let Some(frame) = self.stack.pop() else { return };
        if let (Some(node), true) = (frame.node, frame.shape != Shape::Group) {
            self.tree.close(node, end as u32);
        }
        self.read_one();
    }

    /// Closes everything that is open where the text ends.
    pub(super) fn finish_cut(&mut self) {
        self.cut = true;
        while let Some(frame) = self.stack.last() {
            if frame.shape != Shape::Group {
                self.repair(RepairKind::MissingCloser, self.pos, Risk::Guess);
            }
            self.pop(self.pos);
        }
    }

    /// Logs a repair; in strict mode it fails the reading.
    pub(super) fn repair(&mut self, kind: RepairKind, offset: usize, risk: Risk) {
        if self.strict {
            self.stop = Some(Stop::Nonsense);
        } else if self.repairs.len() >= MAX_REPAIRS {
            self.stop = Some(Stop::Limit);
        } else {
            self.repairs.push(Repair {
                kind,
                offset: offset as u64,
                risk,
            });
        }
    }

    /// Moves past spaces and comments.
    pub(super) fn blank(&mut self) {
        loop {
            while self.look.byte(self.pos).is_some_and(is_json_space) {
                self.pos += 1;
            }
            if self.strict {
                return;
            }
            if let Some(c) = self.look.char(self.pos).filter(|c| is_space(*c)) {
                self.repair(RepairKind::InvisibleSpace, self.pos, Risk::Safe);
                self.pos += c.len_utf8();
            } else if let Some(end) = self.look.comment(self.pos, usize::MAX) {
                self.repair(RepairKind::Comment, self.pos, Risk::Safe);
                self.pos = end;
            } else {
                return;
            }
        }
    }
}
