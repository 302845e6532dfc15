//! The incremental reader of a model's answer: bytes in, in any pieces, a growing tree out.
//!
//! Owns reading while the answer streams, and with it the repairs that no later byte can make wrong. It is append-only: what
//! closed never reopens. Guesses over the whole text belong to the pass at the end (`repair`), schemas to `extract`.
//! Each grammar has a file below: `structure` (braces, commas, colons), `text` (strings), `quote` (is this the closing quote?),
//! `escape`, `number`, `word` (literals and bare keys), `comment`, and `seek` (what stands round the JSON).

mod closed;
mod comment;
mod escape;
mod machine;
mod mark;
mod number;
mod opener;
mod quote;
mod seek;
mod step;
mod structure;
mod text;
mod utf8;
mod word;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use super::limits::Limits;
use super::tree::{NodeId, Tree};
use crate::verdict::Repair;
use closed::Cursor;
use machine::Machine;
pub(crate) use mark::Mark;
use utf8::Decoder;

/// Offsets of bytes and of decoded text are 32 bits wide, and decoding makes at most three bytes of one.
const MOST_BYTES: usize = 1 << 30;

/// What a reader takes for JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tolerance {
    /// Exactly one document of RFC 8259: what `serde_json` accepts.
    Strict,
    /// JSON somewhere in an answer, with the slips that have one plain reading mended and recorded.
    Lenient,
}

/// Where and why reading stopped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at byte {offset}: {message}")]
pub struct ReadError {
    /// Byte offset into the raw answer.
    pub offset: u64,
    /// What was wrong there.
    pub message: String,
}

/// How far reading has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// No JSON yet.
    Seeking,
    /// A document is open. After [`Reader::finish`]: it was cut off.
    Reading,
    /// A document closed, and none is open.
    Complete,
    /// The text stopped being JSON, or a limit was hit; what follows is not read.
    Broken(ReadError),
}

/// Reads an answer piece by piece.
///
/// Work is proportional to the bytes pushed. Where the pieces are cut makes no difference, not even inside a UTF-8 sequence or an
/// escape: the same bytes give the same tree, repairs and state.
#[derive(Clone, Debug, PartialEq)]
pub struct Reader {
    machine: Machine,
    decoder: Decoder,
    closed: Cursor,
    len: u64,
    finished: bool,
}

impl Reader {
    /// A reader that has seen nothing yet.
    pub fn new(tolerance: Tolerance, limits: Limits) -> Self {
        let limits = Limits {
            bytes: limits.bytes.min(MOST_BYTES),
            ..limits
        };
        Self {
            machine: Machine::new(tolerance, limits),
            decoder: Decoder::default(),
            closed: Cursor::default(),
            len: 0,
            finished: false,
        }
    }

    /// Reads the next bytes of the answer. Bytes after [`Self::finish`] or after the reader broke are only counted.
    #[inline]
    pub fn push(&mut self, bytes: &[u8]) {
        let before = self.len;
        self.len += bytes.len() as u64;
        if self.finished {
            return;
        }
        if self.len > self.machine.limits.bytes as u64 {
            self.push_too_much(bytes, before);
            return;
        }
        // Most pieces of a long answer are a few letters inside a string: what these cost is what a long answer costs.
        let at = before as u32;
        let letters = if self.decoder.is_whole() {
            self.machine.letters(bytes, at)
        } else {
            0
        };
        if letters < bytes.len() {
            let (_, rest) = bytes.split_at(letters);
            self.decoder.push(rest, at + letters as u32, &mut self.machine);
        }
    }

    /// Reads the next piece of the answer where it comes as text, which spares looking for cut letters. Otherwise as [`Self::push`].
    #[inline]
    pub fn push_str(&mut self, text: &str) {
        let after = self.len + text.len() as u64;
        let fits = !self.finished && after <= self.machine.limits.bytes as u64;
        if fits && self.decoder.is_whole() && self.machine.plain(text) {
            self.len = after;
        } else {
            self.push(text.as_bytes());
        }
    }

    /// Reads up to the limit, and stops there.
    #[cold]
    fn push_too_much(&mut self, bytes: &[u8], before: u64) {
        let limit = self.machine.limits.bytes;
        let room = (limit as u64).saturating_sub(before);
        let (allowed, _) = bytes.split_at(room as usize);
        self.decoder.push(allowed, before as u32, &mut self.machine);
        self.machine
            .stop(limit as u32, format!("the answer is longer than {limit} bytes"));
    }

    /// Says that the answer is at its end: a last number or literal closes if it is whole, and so does a string whose quote came.
    /// What was cut off stays open.
    pub fn finish(&mut self) {
        if !self.finished {
            self.finished = true;
            let end = self.len.min(self.machine.limits.bytes as u64) as u32;
            self.decoder.finish(end, &mut self.machine);
            self.machine.finish(end);
        }
    }

    /// What has been read.
    pub fn tree(&self) -> &Tree {
        &self.machine.tree
    }

    /// What had to be mended, in order of offset. Empty until JSON is found.
    pub fn repairs(&self) -> &[Repair] {
        if self.machine.tree.is_empty() {
            &[]
        } else {
            &self.machine.repairs
        }
    }

    /// How far reading has come.
    pub fn state(&self) -> State {
        self.machine.state()
    }

    /// The root to show: the open one unless an earlier, closed one holds more promise (an object beats `[1]` in prose). Of equals
    /// the latest. Roots that turned out not to be JSON are never it.
    pub fn current_root(&self) -> Option<NodeId> {
        self.machine.current_root()
    }

    /// The nodes that closed since this was last asked, in closing order. A node is handed out once.
    pub fn take_closed(&mut self) -> Vec<NodeId> {
        std::iter::from_fn(|| self.closed.next(&self.machine.tree)).collect()
    }

    /// The open nodes from the root inwards: containers, then a string or number that is being read.
    pub fn open_path(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.machine.open_path()
    }

    /// Raw bytes pushed so far.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether nothing has been pushed yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}
