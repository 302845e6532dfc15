//! Bytes into text: keeps a sequence that is cut by the end of a piece until the rest of it comes.
//!
//! Owns UTF-8 only. Bytes that are not UTF-8 are handed on as such, in the units in which `String::from_utf8_lossy` replaces them.

use super::machine::Machine;
use super::text::SHORT;

/// The start of a sequence whose rest has not come yet.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Decoder {
    tail: [u8; 4],
    held: usize,
}

impl PartialEq for Decoder {
    fn eq(&self, other: &Self) -> bool {
        self.tail.get(..self.held) == other.tail.get(..other.held)
    }
}

impl Decoder {
    /// Whether no sequence is cut.
    #[inline]
    pub const fn is_whole(&self) -> bool {
        self.held == 0
    }

    /// Hands `bytes`, the first of which is byte `at` of the answer, to the machine.
    pub fn push(&mut self, bytes: &[u8], at: u32, machine: &mut Machine) {
        let mut rest = bytes;
        let mut here = at;
        while self.held > 0 && !rest.is_empty() {
            let (more, after) = rest.split_at(self.joined(rest.len()));
            let mut joined = [0; 4 + SHORT];
            let held = copy(self.tail.get(..self.held).unwrap_or_default(), &mut joined);
            let len = held + copy(more, joined.get_mut(held..).unwrap_or_default());
            self.held = 0;
            self.decode(joined.get(..len).unwrap_or_default(), here - held as u32, machine);
            here += more.len() as u32;
            rest = after;
        }
        self.decode(rest, here, machine);
    }

    /// How much of `len` further bytes to join to the cut sequence: a short piece whole, of a long one what the sequence lacks.
    fn joined(&self, len: usize) -> usize {
        if len <= SHORT {
            return len;
        }
        width(self.tail[0]).saturating_sub(self.held).max(1)
    }

    /// Decodes what starts with no cut sequence.
    fn decode(&mut self, bytes: &[u8], at: u32, machine: &mut Machine) {
        match std::str::from_utf8(bytes) {
            Ok(text) => machine.feed(text, at),
            // Only the end is missing, as in most pieces of a text beyond ASCII.
            Err(error) if error.error_len().is_none() => {
                let (whole, cut) = bytes.split_at(error.valid_up_to());
                self.held = copy(cut, &mut self.tail);
                machine.feed(std::str::from_utf8(whole).unwrap_or_default(), at);
            }
            Err(_) => self.decode_chunks(bytes, at, machine),
        }
    }

    /// The same when a sequence is cut or wrong.
    fn decode_chunks(&mut self, bytes: &[u8], at: u32, machine: &mut Machine) {
        let mut here = at;
        for chunk in bytes.utf8_chunks() {
            let (valid, wrong) = (chunk.valid(), chunk.invalid());
            if !valid.is_empty() {
                machine.feed(valid, here);
            }
            let start = here + valid.len() as u32;
            here = start + wrong.len() as u32;
            // Only at the end can a sequence go on.
            if here == at + bytes.len() as u32 && is_cut(wrong) {
                self.held = copy(wrong, &mut self.tail);
            } else if !wrong.is_empty() {
                machine.bad_bytes(start);
            }
        }
    }

    /// The end of the answer, `end` bytes in: a sequence still cut is handed on as wrong.
    pub fn finish(&mut self, end: u32, machine: &mut Machine) {
        if self.held > 0 {
            machine.bad_bytes(end - self.held as u32);
            self.held = 0;
        }
    }
}

/// How long the sequence is that starts with `lead`.
const fn width(lead: u8) -> usize {
    match lead {
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    }
}

/// Whether bytes are a sequence whose end is missing, and nothing else.
fn is_cut(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
}

/// Copies as much as fits; returns how much that is.
fn copy(from: &[u8], to: &mut [u8]) -> usize {
    to.iter_mut().zip(from).map(|(slot, byte)| *slot = *byte).count()
}
