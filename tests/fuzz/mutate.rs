//! Makes new inputs from old ones.
//!
//! Owns the kinds of change. It knows nothing of what the bytes mean except the tokens that a target hands in.

use fastrand::Rng;

/// What every reader of text may meet.
const ANYWHERE: [&[u8]; 40] = [
    b"\"",
    b"'",
    b"\\",
    b"\\\"",
    b"\\u0000",
    b"\\ud83d",
    b"\\ude00",
    b"\\uD800",
    b"\r\n",
    b"\n",
    b"\r",
    b"\t",
    b"\0",
    b"\x1b]0;x\x07",
    b"\x1b[2J",
    b"\x7f",
    b"\xc2\x9b",
    b"\xff",
    b"\xc3",
    b"\xe2\x82",
    b"\xf0\x9f\x98",
    b"\xed\xa0\x80",
    "\u{202e}".as_bytes(),
    "\u{200b}".as_bytes(),
    "\u{feff}".as_bytes(),
    "e\u{301}\u{301}\u{301}".as_bytes(),
    "日本".as_bytes(),
    "😀".as_bytes(),
    b"0",
    b"-",
    b"-0",
    b"1e999",
    b"1e-999",
    b"9007199254740993",
    b"99999999999999999999999999999999999999",
    b"0.1",
    b" ",
    b"#",
    b"//",
    b"null",
];

/// What can stand inside itself.
const NESTS: [(&[u8], &[u8]); 6] = [
    (b"{\"a\":", b"}"),
    (b"[", b"]"),
    (b"(", b")"),
    (b"{", b"}"),
    (b"\"", b"\""),
    (b"/*", b"*/"),
];

/// Changes inputs.
pub struct Mutator<'t> {
    tokens: &'t [&'t str],
    rng: Rng,
}

impl<'t> Mutator<'t> {
    /// A mutator that puts these tokens in.
    pub fn new(tokens: &'t [&'t str], seed: u64) -> Self {
        Self {
            tokens,
            rng: Rng::with_seed(seed),
        }
    }

    /// `input` with one to sixteen changes; some take a piece of `other`.
    pub fn mutate(&mut self, input: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = input.to_vec();
        let changes = 1 << self.rng.u32(..5);
        for _ in 0..self.rng.u32(1..=changes) {
            self.change(&mut bytes, other);
        }
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        let (from, to) = self.range(bytes.len());
        let place = self.rng.usize(..=bytes.len());
        match self.rng.u32(..12) {
            0 if !bytes.is_empty() => {
                let at = self.rng.usize(..bytes.len());
                bytes[at] ^= 1 << self.rng.u32(..8);
            }
            1 if !bytes.is_empty() => {
                let at = self.rng.usize(..bytes.len());
                bytes[at] = self.rng.u8(..);
            }
            2 | 3 => put(bytes, place, place, &self.token()),
            4 => {
                let token = self.token();
                put(bytes, from, to, &token);
            }
            5 => put(bytes, from, to, b""),
            6 => {
                let times = 1 << self.rng.u32(..6);
                let piece = bytes[from..to].repeat(times);
                put(bytes, to, to, &piece);
            }
            7 => {
                let piece = bytes[from..to].to_vec();
                put(bytes, place, place, &piece);
            }
            8 if self.rng.u32(..4) == 0 => bytes.truncate(place),
            9 => {
                let (begin, end) = self.range(other.len());
                put(bytes, place, place, &other[begin..end]);
            }
            10 => {
                let tail = other.get(self.rng.usize(..=other.len())..).unwrap_or_default();
                bytes.truncate(place);
                bytes.extend_from_slice(tail);
            }
            11 => {
                let (open, close) = NESTS[self.rng.usize(..NESTS.len())];
                let most = 1 << self.rng.u32(1..9);
                let times = self.rng.usize(..most);
                put(bytes, to, to, &close.repeat(times));
                put(bytes, from, from, &open.repeat(times));
            }
            _ => {}
        }
    }

    /// A part of so many bytes, most often a small one.
    fn range(&mut self, len: usize) -> (usize, usize) {
        let from = self.rng.usize(..=len);
        let longest = (1_usize << self.rng.u32(..8)).min(len - from);
        (from, from + self.rng.usize(..=longest))
    }

    fn token(&mut self) -> Vec<u8> {
        if self.tokens.is_empty() || self.rng.u32(..3) == 0 {
            ANYWHERE[self.rng.usize(..ANYWHERE.len())].to_vec()
        } else {
            self.tokens[self.rng.usize(..self.tokens.len())].as_bytes().to_vec()
        }
    }
}

fn put(bytes: &mut Vec<u8>, from: usize, to: usize, piece: &[u8]) {
    bytes.splice(from..to, piece.iter().copied());
}
