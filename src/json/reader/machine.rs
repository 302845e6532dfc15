//! The state of reading, and what all grammars share: opening, closing, noting repairs, giving up.
//!
//! Owns the machine's fields and the loop that hands each piece of text to the grammar whose turn it is.

use super::escape::Escape;
use super::seek::Seek;
use super::step::{Frame, Promise, Step};
use super::text::Text;
use super::word::Word;
use super::{Limits, ReadError, State, Tolerance};
use crate::json::tree::{Kind, NodeId, Tree};
use crate::verdict::{Repair, RepairKind, Risk};

/// More repairs than this are no answer but an attack on memory.
const MOST_REPAIRS: usize = 1 << 16;

/// Everything that reading depends on.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    pub tree: Tree,
    pub repairs: Vec<Repair>,
    pub limits: Limits,
    pub strict: bool,
    pub step: Step,
    /// Where to go on after a comment, or after the second brace.
    pub resume: Step,
    pub stack: Vec<Frame>,
    /// The string, number or literal that is being read.
    pub scalar: Option<NodeId>,
    /// The name of the member whose value comes next.
    pub key: String,
    pub text: Text,
    pub escape: Escape,
    pub word: Word,
    pub seek: Seek,
    /// Bytes whose meaning the next ones decide; the first of them is byte `held_at`.
    pub held: String,
    pub held_at: u32,
    /// Where the last comma or comment started.
    pub comma_at: u32,
    pub comment_at: u32,
    live: Option<(NodeId, Promise)>,
    best: Option<(NodeId, Promise)>,
    error: Option<ReadError>,
}

/// Equal machines have read the same and go on alike. What a step that is over left in its fields does not count: it depends on
/// where the pieces were cut.
impl PartialEq for Machine {
    fn eq(&self, other: &Self) -> bool {
        self.tree == other.tree
            && self.repairs == other.repairs
            && (self.limits, self.strict) == (other.limits, other.strict)
            && (self.step, self.scalar) == (other.step, other.scalar)
            && self.stack == other.stack
            && (self.live, self.best, &self.error) == (other.live, other.best, &other.error)
            && (!self.step.holds() || self.held == other.held)
    }
}

impl Machine {
    pub fn new(tolerance: Tolerance, limits: Limits) -> Self {
        let strict = tolerance == Tolerance::Strict;
        Self {
            tree: Tree::new(),
            repairs: Vec::new(),
            limits,
            strict,
            step: if strict { Step::Value } else { Step::Seek },
            resume: Step::Seek,
            stack: Vec::new(),
            scalar: None,
            key: String::new(),
            text: Text::default(),
            escape: Escape::default(),
            word: Word::default(),
            seek: Seek::default(),
            held: String::new(),
            held_at: 0,
            comma_at: 0,
            comment_at: 0,
            live: None,
            best: None,
            error: None,
        }
    }

    /// The same without what it has read.
    pub fn emptied(&self) -> Self {
        Self {
            tree: Tree::new(),
            repairs: Vec::new(),
            stack: self.stack.clone(),
            key: self.key.clone(),
            held: self.held.clone(),
            error: self.error.clone(),
            ..*self
        }
    }

    /// About how many bytes it takes up beyond itself, without what it has read.
    pub fn weight(&self) -> usize {
        size_of_val(self.stack.as_slice()) + self.key.len() + self.held.len()
    }

    /// Reads `text`, whose first byte is byte `base` of the answer.
    pub fn feed(&mut self, text: &str, base: u32) {
        let mut at = 0;
        while at < text.len() && self.error.is_none() {
            at = match self.step {
                Step::Text => self.text(text, at, base),
                Step::Number => self.number(text, at, base),
                Step::Value
                | Step::FirstItem
                | Step::Item
                | Step::FirstKey
                | Step::Key
                | Step::Colon
                | Step::Comma
                | Step::Done => self.structure(text, at, base),
                Step::Escape | Step::Hex | Step::LowSlash | Step::LowU => self.escape(text, at, base),
                Step::Bare => self.bare(text, at, base),
                Step::Seek => self.prose(text, at, base),
                Step::Word => self.word(text, at, base),
                _ => self.step_char(text, at, base),
            };
        }
    }

    /// The grammars that go character by character.
    fn step_char(&mut self, text: &str, at: usize, base: u32) -> usize {
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
            return text.len();
        };
        let here = base + at as u32;
        let taken = match self.step {
            Step::Ticks | Step::Info => self.fence(c),
            Step::Tag => self.tag(c),
            Step::Think | Step::ThinkTag => self.think(c),
            Step::Opener | Step::OpenerWord | Step::OpenerGap => self.opener(c),
            Step::SecondBrace => self.second_brace(c),
            Step::Quote => self.quote(c, here),
            Step::QuoteSlash => self.quote_slash(c),
            Step::NextKey | Step::NextColon => self.next_key(c),
            Step::WordGap => self.word_gap(c, here),
            Step::Slash | Step::LineComment | Step::BlockComment | Step::BlockStar => self.comment(c, here),
            Step::Seek
            | Step::Bare
            | Step::Value
            | Step::FirstItem
            | Step::Item
            | Step::FirstKey
            | Step::Key
            | Step::Colon
            | Step::Comma
            | Step::Text
            | Step::Escape
            | Step::Hex
            | Step::LowSlash
            | Step::LowU
            | Step::Number
            | Step::Word
            | Step::Done => false,
        };
        if taken { at + c.len_utf8() } else { at }
    }

    /// Reads what was held back once more, from byte `skip` of it on.
    pub fn replay(&mut self, skip: usize) {
        let held = std::mem::take(&mut self.held);
        let at = self.held_at + skip as u32;
        self.feed(held.get(skip..).unwrap_or_default(), at);
    }

    /// Opens a node at byte `at` in the innermost container. `None` when there are too many; the machine is broken then.
    #[inline]
    pub fn open(&mut self, kind: Kind, at: u32) -> Option<NodeId> {
        if self.tree.len() >= self.limits.nodes {
            let limit = self.limits.nodes;
            self.stop(at, format!("the answer has more than {limit} values"));
            return None;
        }
        let id = match self.stack.last() {
            Some(frame) => {
                let key = if frame.object { Some(self.key.as_str()) } else { None };
                self.tree.open(Some(frame.id), key, kind, at)
            }
            None => self.open_root(kind, at),
        };
        Some(id)
    }

    fn open_root(&mut self, kind: Kind, at: u32) -> NodeId {
        let id = self.tree.open(None, None, kind, at);
        self.live = Some((id, Promise::Little));
        id
    }

    /// Opens a scalar that stays open.
    #[inline]
    pub fn open_scalar(&mut self, kind: Kind, at: u32) {
        self.scalar = self.open(kind, at);
    }

    /// Closes the scalar one past its last byte.
    #[inline]
    pub fn close_scalar(&mut self, end: u32) {
        if let Some(id) = self.scalar.take() {
            self.close(id, end);
        }
    }

    /// Closes a node whose frame, if any, is already off the stack, and goes on behind it.
    #[inline]
    pub fn close(&mut self, id: NodeId, end: u32) {
        self.tree.close(id, end);
        match self.stack.last() {
            Some(frame) => {
                self.step = Step::Comma;
                if let Some((_, promise)) = &mut self.live {
                    if frame.object {
                        *promise = Promise::Much;
                    } else if *promise == Promise::Little
                        && matches!(self.tree.node(id).kind, Kind::String | Kind::Array | Kind::Object)
                    {
                        *promise = Promise::Some;
                    }
                }
            }
            None => self.close_root(),
        }
    }

    fn close_root(&mut self) {
        self.step = if self.strict { Step::Done } else { Step::Seek };
        let Some((id, promise)) = self.live.take() else {
            return;
        };
        match self.best {
            // What came before was a mark in the prose, such as `[1]`.
            Some((mark, Promise::Little)) if promise > Promise::Little => {
                self.repairs
                    .retain(|repair| repair.kind != RepairKind::SeveralDocuments);
                self.note(RepairKind::SurroundingText, self.tree.node(mark).open, Risk::Safe);
            }
            Some(_) => self.note(RepairKind::SeveralDocuments, self.tree.node(id).open, Risk::Guess),
            None => {}
        }
        if self.best.is_none_or(|(_, best)| promise >= best) {
            self.best = Some((id, promise));
        }
        self.seek.surrounded = false;
    }

    /// Forgets the roots so far: they belong to the model's thoughts.
    pub fn forget_roots(&mut self) {
        self.best = None;
    }

    /// Whether a document has closed.
    pub fn has_root(&self) -> bool {
        self.best.is_some()
    }

    /// Notes a repair, in order of offset.
    pub fn note(&mut self, kind: RepairKind, at: u32, risk: Risk) {
        if self.repairs.len() >= MOST_REPAIRS {
            self.stop(at, format!("the answer needs more than {MOST_REPAIRS} repairs"));
            return;
        }
        let offset = u64::from(at);
        let place = self.repairs.partition_point(|repair| repair.offset <= offset);
        self.repairs.insert(place, Repair { kind, offset, risk });
    }

    /// The text is no JSON at byte `at`. A root that has shown nothing yet was prose: it is given up and the search goes on.
    pub fn fail(&mut self, at: u32, message: &str) {
        let prose = !self.strict && self.live.is_none_or(|(_, promise)| promise == Promise::Little);
        if prose {
            self.stack.clear();
            self.scalar = None;
            self.held.clear();
            self.step = Step::Seek;
            if let Some((id, _)) = self.live.take() {
                let start = self.tree.node(id).open;
                let before = self.repairs.partition_point(|repair| repair.offset < u64::from(start));
                self.repairs.truncate(before);
                self.surround(start);
            }
        } else {
            self.stop(at, message.to_owned());
        }
    }

    /// Reads no further.
    pub fn stop(&mut self, at: u32, message: String) {
        if self.error.is_none() {
            self.error = Some(ReadError {
                offset: u64::from(at),
                message,
            });
        }
    }

    /// The end of the answer, `end` bytes in.
    pub fn finish(&mut self, end: u32) {
        if self.step == Step::Bare {
            self.finish_bare();
        }
        if self.error.is_some() {
            return;
        }
        match self.step {
            Step::Quote if !self.text.is_key => self.confirm(),
            Step::Number => self.finish_number(end),
            Step::Word => self.finish_word(end),
            _ => {}
        }
    }

    /// Whether nothing more is read.
    pub fn is_broken(&self) -> bool {
        self.error.is_some()
    }

    pub fn state(&self) -> State {
        match &self.error {
            Some(error) => State::Broken(error.clone()),
            None if self.live.is_some() => State::Reading,
            None if self.best.is_some() => State::Complete,
            None => State::Seeking,
        }
    }

    pub fn current_root(&self) -> Option<NodeId> {
        let better = |&(_, promise): &(NodeId, Promise)| self.best.is_none_or(|(_, best)| promise >= best);
        self.live.filter(better).or(self.best).map(|(id, _)| id)
    }

    pub fn open_path(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.stack.iter().map(|frame| frame.id).chain(self.scalar)
    }
}
