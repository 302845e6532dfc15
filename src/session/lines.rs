//! The lines of a session's file: counted, placed and bounded; and its header, which is the first of them.
//!
//! Owns what the reader and the writer's scan have in common. What the further lines say is theirs.

use crate::event::{FORMAT, Header};
use serde::Deserialize;
use std::io::{self, BufRead, Read};

/// The most bytes of a line, its line feed included (design §9).
pub const MAX_LINE: u64 = 128 << 20;

/// The most bytes of a header.
const MAX_HEADER: u64 = 64 << 10;

/// A buffer that a long line has made larger than this is given back before the next line.
const KEPT: usize = 1 << 20;

/// Why a file is not read as a session.
#[derive(Debug)]
pub enum Refusal {
    /// It cannot be read.
    Io(io::Error),
    /// It is something else; the reason ends a sentence that begins with the file's name.
    NotASession(&'static str),
    /// A later program wrote it, in this format.
    Newer(u32),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// One line as it stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawLine<'l> {
    /// Its number; the header's is 1.
    pub number: u64,
    /// Where it begins, in bytes.
    pub offset: u64,
    /// Its bytes, a line feed included; `None` when there are too many of them.
    pub bytes: Option<&'l [u8]>,
}

impl RawLine<'_> {
    /// Whether it ends with a line feed, as all but a file's last line do. Lines that are too long count as ended.
    pub fn is_ended(&self) -> bool {
        self.bytes.is_none_or(|bytes| bytes.ends_with(b"\n"))
    }
}

/// The lines after the header, one at a time in one buffer.
#[derive(Debug)]
pub struct Lines<R> {
    source: R,
    limit: u64,
    buffer: Vec<u8>,
    number: u64,
    offset: u64,
    header_ended: bool,
}

impl<R: BufRead> Lines<R> {
    /// Reads the header. Further lines may have `limit` bytes; longer ones are passed over without being held in memory.
    ///
    /// # Errors
    /// See [`Refusal`].
    pub fn open(source: R, limit: u64) -> Result<(Header, Self), Refusal> {
        let mut lines = Self {
            source,
            limit: MAX_HEADER,
            buffer: Vec::new(),
            number: 0,
            offset: 0,
            header_ended: false,
        };
        let first = lines.next()?.ok_or(Refusal::NotASession("is empty"))?;
        let header_ended = first.is_ended();
        let header = header(first.bytes.ok_or(NO_HEADER)?)?;
        lines.limit = limit;
        lines.header_ended = header_ended;
        Ok((header, lines))
    }

    /// Whether a line feed follows the header.
    pub const fn header_ended(&self) -> bool {
        self.header_ended
    }

    /// Bytes read so far, which is where the next line begins.
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// The next line, if there is one.
    ///
    /// # Errors
    /// Those of reading.
    pub fn next(&mut self) -> io::Result<Option<RawLine<'_>>> {
        self.buffer.clear();
        self.buffer.shrink_to(KEPT);
        let most = self.limit.saturating_add(1);
        let mut length = self.source.by_ref().take(most).read_until(b'\n', &mut self.buffer)? as u64;
        if length == 0 {
            return Ok(None);
        }
        let fits = length <= self.limit;
        if !fits && !self.buffer.ends_with(b"\n") {
            length += self.source.skip_until(b'\n')? as u64;
        }
        let offset = self.offset;
        self.offset += length;
        self.number += 1;
        Ok(Some(RawLine {
            number: self.number,
            offset,
            bytes: fits.then_some(self.buffer.as_slice()),
        }))
    }
}

/// What is said of a file whose first line is something else.
const NO_HEADER: Refusal = Refusal::NotASession("has no session's first line");

fn header(line: &[u8]) -> Result<Header, Refusal> {
    #[derive(Deserialize)]
    struct Version {
        formwork: u32,
    }
    let version = serde_json::from_slice::<Version>(line).map_err(|_| NO_HEADER)?;
    if version.formwork > FORMAT {
        return Err(Refusal::Newer(version.formwork));
    }
    serde_json::from_slice(line).map_err(|_| Refusal::NotASession("has a broken first line"))
}

#[cfg(test)]
mod tests {
    use super::{Lines, Refusal};

    const HEADER: &str = "{\"formwork\":1,\"id\":\"i\",\"created\":\"2026-11-22T17:42:59Z\",\"title\":\"t\"}\n";

    /// Number, offset, text and end of each line after the header.
    fn lines(text: &str, limit: u64) -> Vec<(u64, usize, Option<String>, bool)> {
        let (_, mut lines) = Lines::open(text.as_bytes(), limit).unwrap();
        let mut found = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            let bytes = line.bytes.map(|bytes| String::from_utf8(bytes.to_vec()).unwrap());
            found.push((line.number, line.offset as usize, bytes, line.is_ended()));
        }
        assert_eq!(lines.offset(), text.len() as u64);
        found
    }

    #[test]
    fn lines_are_counted_placed_and_bounded() {
        let at = HEADER.len();
        let text = |text: &str| Some(text.to_owned());
        let expected = [
            (2, at, text("abc\n"), true),
            (3, at + 4, text("\n"), true),
            (4, at + 5, None, true),
            (5, at + 10, None, true),
            (6, at + 20, text("end"), false),
        ];
        assert_eq!(lines(&format!("{HEADER}abc\n\nabcd\nabcdefghi\nend"), 4), expected);
        assert_eq!(lines(&format!("{HEADER}abcdefghi"), 4), [(2, at, None, true)]);
        assert_eq!(lines(HEADER, 4), []);
    }

    #[test]
    fn what_is_no_session() {
        let long = "x".repeat(1 << 20);
        let table = [
            "",
            "\n",
            "hello\n",
            "{}\n",
            "[1]\n",
            "{\"formwork\":1}\n",
            "{\"formwork\":\"1\"}\n",
            "\0\0\0\0",
            "{\"a\":1}\n",
            "\u{feff}{\"formwork\":1}\n",
            &long,
            "{\"formwork\":-1}",
            "{\"type\":\"session\",\"version\":1}\n",
        ];
        for text in table {
            let error = Lines::open(text.as_bytes(), 9).unwrap_err();
            assert!(matches!(error, Refusal::NotASession(_)), "{text:.20}");
        }
        let newer = Lines::open("{\"formwork\":2}\n".as_bytes(), 9).unwrap_err();
        assert!(matches!(newer, Refusal::Newer(2)));
    }
}
