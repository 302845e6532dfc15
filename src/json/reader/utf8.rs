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
        if self.held == 0
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            machine.feed(text, at);
        } else {
            self.push_broken(bytes, at, machine);
        }
    }

    /// The same when a sequence was cut or is wrong.
    fn push_broken(&mut self, bytes: &[u8], at: u32, machine: &mut Machine) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let here = at + (bytes.len() - rest.len()) as u32;
            if self.held > 0 {
                rest = self.extend(rest, here, machine);
                continue;
            }
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    machine.feed(text, here);
                    return;
                }
                Err(error) => {
                    let (good, bad) = rest.split_at(error.valid_up_to());
                    machine.feed(std::str::from_utf8(good).unwrap_or_default(), here);
                    let wrong = here + good.len() as u32;
                    rest = match error.error_len() {
                        Some(len) => {
                            machine.bad_bytes(wrong);
                            bad.get(len..).unwrap_or_default()
                        }
                        None => self.hold(bad),
                    };
                }
            }
        }
    }

    fn hold<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        for (slot, byte) in self.tail.iter_mut().zip(bytes) {
            *slot = *byte;
        }
        self.held = bytes.len();
        &[]
    }

    /// Adds one byte to the cut sequence; returns what is left of `rest`, the byte included if it does not belong.
    fn extend<'a>(&mut self, rest: &'a [u8], here: u32, machine: &mut Machine) -> &'a [u8] {
        let (Some((byte, after)), start) = (rest.split_first(), here - self.held as u32) else {
            return rest;
        };
        let mut tail = self.tail;
        tail[self.held] = *byte;
        match std::str::from_utf8(&tail[..=self.held]) {
            Ok(text) => {
                self.held = 0;
                machine.feed(text, start);
                after
            }
            Err(error) if error.error_len().is_none() => {
                self.tail = tail;
                self.held += 1;
                after
            }
            Err(_) => {
                machine.bad_bytes(start);
                self.held = 0;
                rest
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
