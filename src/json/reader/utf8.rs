//! Bytes into text: keeps a sequence that is cut by the end of a piece until the rest of it comes.
//!
//! Owns UTF-8 only. Bytes that are not UTF-8 are handed on as such, in the units in which `String::from_utf8_lossy` replaces them.

use super::machine::Machine;

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
    /// Hands `bytes`, the first of which is byte `at` of the answer, to the machine.
    #[inline]
    pub fn push(&mut self, bytes: &[u8], at: u32, machine: &mut Machine) {
        let mut rest = bytes;
        let here = |rest: &[u8]| at + (bytes.len() - rest.len()) as u32;
        while self.held > 0 && !rest.is_empty() {
            rest = self.extend(rest, here(rest), machine);
        }
        let taken = machine.letters(rest, here(rest));
        rest = rest.get(taken..).unwrap_or_default();
        if rest.is_empty() {
            return;
        }
        match std::str::from_utf8(rest) {
            Ok(text) => machine.feed(text, here(rest)),
            Err(_) => self.push_broken(rest, here(rest), machine),
        }
    }

    /// The same when a sequence is cut or wrong.
    fn push_broken(&mut self, bytes: &[u8], at: u32, machine: &mut Machine) {
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

    /// Adds what the cut sequence lacks; returns what is left of `rest`, which starts at byte `here`.
    fn extend<'a>(&mut self, rest: &'a [u8], here: u32, machine: &mut Machine) -> &'a [u8] {
        let start = here - self.held as u32;
        let lacking = width(self.tail[0]).saturating_sub(self.held).max(1);
        for count in [lacking.min(rest.len()), 1] {
            let (more, after) = rest.split_at(count);
            let mut tail = self.tail;
            let held = self.held + copy(more, tail.get_mut(self.held..).unwrap_or_default());
            let sequence = tail.get(..held).unwrap_or_default();
            if let Ok(text) = std::str::from_utf8(sequence) {
                self.held = 0;
                machine.feed(text, start);
                return after;
            }
            if is_cut(sequence) {
                (self.tail, self.held) = (tail, held);
                return after;
            }
        }
        // Not even the next byte belongs to it.
        machine.bad_bytes(start);
        self.held = 0;
        rest
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
pub(super) const fn width(lead: u8) -> usize {
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
