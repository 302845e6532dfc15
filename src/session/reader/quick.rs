//! Pieces of answers, read by hand in the one shape in which this program writes them.
//!
//! Owns speed: a large session is a million such lines, and a parser that knows all events takes ten times as long for each. Any line
//! that looks the least bit different is left to it, good or bad.

use crate::event::CallRef;
use crate::record::Piece;
use crate::verdict::Channel;

/// Reads lines one after another; it keeps what a line's text and call need, for the next one to reuse.
#[derive(Debug, Default)]
pub(in crate::session) struct Hand {
    text: String,
    call: CallRef,
}

impl Hand {
    /// The stamp and the piece of a line; `None` when a parser has to look at it.
    pub fn read<'l>(&'l mut self, line: &'l [u8]) -> Option<(u64, Piece<'l>)> {
        let mut scan = Scan(line.trim_ascii_end());
        scan.skip(b"{\"at\":")?;
        let at = scan.number()?;
        scan.skip(b",\"event\":\"delta\",\"run\":")?;
        let run = u32::try_from(scan.number()?).ok()?;
        scan.skip(b",\"attempt\":")?;
        let attempt = u32::try_from(scan.number()?).ok()?;
        scan.skip(b",\"channel\":\"")?;
        let channel = match scan.plain()? {
            "content" => Channel::Content,
            "call" => Channel::Call,
            "reasoning" => Channel::Reasoning,
            "refusal" => Channel::Refusal,
            _ => return None,
        };
        let called = scan.skip(b",\"call\":{\"index\":").is_some();
        if called {
            scan.call(&mut self.call)?;
        }
        scan.skip(b",\"text\":\"")?;
        let written = scan.text(&mut self.text)?;
        if scan.0 != b"}" {
            return None;
        }
        let call = called.then_some(&self.call);
        let text = match written {
            Written::Plain(text) => text,
            Written::Escaped => &self.text,
        };
        let piece = Piece {
            run,
            attempt,
            channel,
            call,
            text,
        };
        Some((at, piece))
    }
}

/// How a text stands in a line.
enum Written<'l> {
    /// As it is.
    Plain(&'l str),
    /// With escapes; it was decoded.
    Escaped,
}

/// What is left of a line.
struct Scan<'l>(&'l [u8]);

impl<'l> Scan<'l> {
    fn skip(&mut self, expected: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }

    /// A number as JSON writes a whole one.
    fn number(&mut self) -> Option<u64> {
        let len = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at(len);
        if !(1..=19).contains(&len) || (len > 1 && digits.first() == Some(&b'0')) {
            return None;
        }
        self.0 = rest;
        Some(
            digits
                .iter()
                .fold(0, |number, digit| number * 10 + u64::from(digit - b'0')),
        )
    }

    /// A text without escapes, up to the quote that ends it.
    fn plain(&mut self) -> Option<&'l str> {
        let (text, end) = self.run()?;
        (end == b'"').then_some(text)
    }

    /// The text up to the next quote or backslash, and which of the two that is.
    fn run(&mut self) -> Option<(&'l str, u8)> {
        let special = |byte: &u8| matches!(byte, b'"' | b'\\') || *byte < 0x20;
        let len = self.0.iter().position(special)?;
        let (text, rest) = self.0.split_at(len);
        let (end, rest) = rest.split_first()?;
        self.0 = rest;
        let text = std::str::from_utf8(text).ok()?;
        (*end >= 0x20).then_some((text, *end))
    }

    /// A text up to the quote that ends it: as it stands, or with its escapes read into `decoded`.
    fn text(&mut self, decoded: &mut String) -> Option<Written<'l>> {
        let (text, end) = self.run()?;
        if end == b'"' {
            return Some(Written::Plain(text));
        }
        decoded.clear();
        decoded.push_str(text);
        loop {
            decoded.push(self.escape()?);
            let (text, end) = self.run()?;
            decoded.push_str(text);
            if end == b'"' {
                return Some(Written::Escaped);
            }
        }
    }

    /// What stands behind a backslash. Pairs of surrogates are the parser's.
    fn escape(&mut self) -> Option<char> {
        let (letter, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(match letter {
            b'"' | b'\\' | b'/' => char::from(*letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let (digits, rest) = self.0.split_at_checked(4)?;
                self.0 = rest;
                let digit = |code: u32, digit: &u8| Some(code << 4 | char::from(*digit).to_digit(16)?);
                char::from_u32(digits.iter().try_fold(0, digit)?)?
            }
            _ => return None,
        })
    }

    /// The rest of a call, from its index on.
    fn call(&mut self, call: &mut CallRef) -> Option<()> {
        call.index = u32::try_from(self.number()?).ok()?;
        for (start, member) in [(&b",\"id\":\""[..], &mut call.id), (b",\"name\":\"", &mut call.name)] {
            member.clear();
            if self.skip(start).is_some() {
                member.push_str(self.plain()?);
            }
        }
        self.skip(b"}")
    }
}

#[cfg(test)]
mod tests {
    use super::Hand;
    use crate::event::{CallRef, Delta, RunEvent, Stamped};
    use crate::record::Piece;
    use crate::verdict::Channel;
    use proptest::prelude::*;

    fn stamped() -> impl Strategy<Value = Stamped> {
        let name = "[a-zA-Z_é]{0,4}";
        let call = (any::<u32>(), name, name).prop_map(|(index, id, name)| CallRef { index, id, name });
        let channels = [Channel::Content, Channel::Call, Channel::Reasoning, Channel::Refusal];
        let channel = prop::sample::select(channels.to_vec());
        let numbers = (any::<u64>(), any::<u32>(), any::<u32>());
        let text = prop_oneof!["[a-z ]{0,6}", any::<String>(), "[\u{0}-\u{1f}\"\\\\/é😀]{0,6}"];
        let delta =
            (channel, prop::option::of(call), text).prop_map(|(channel, call, text)| Delta { channel, call, text });
        (numbers, delta).prop_map(|((at, run, attempt), delta)| Stamped {
            at: at >> 2,
            event: RunEvent::Delta { run, attempt, delta },
        })
    }

    /// What the parser makes of a line, if that is a piece.
    fn parsed(line: &[u8]) -> Option<Stamped> {
        let stamped: Stamped = serde_json::from_slice(line).ok()?;
        matches!(stamped.event, RunEvent::Delta { .. }).then_some(stamped)
    }

    fn is_same(read: &(u64, Piece<'_>), stamped: &Stamped) -> bool {
        let RunEvent::Delta { run, attempt, delta } = &stamped.event else {
            return false;
        };
        *read == (stamped.at, Piece::of(*run, *attempt, delta))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_is_read_by_hand(pieces in prop::collection::vec(stamped(), 1..4)) {
            let mut hand = Hand::default();
            for stamped in &pieces {
                let line = serde_json::to_string(stamped).unwrap() + "\n";
                let read = hand.read(line.as_bytes());
                prop_assert!(read.is_some_and(|read| is_same(&read, stamped)), "{}", line);
            }
        }

        #[test]
        fn what_is_read_by_hand_is_read_so_by_the_parser(
            stamped in stamped(),
            damage in prop::collection::vec((any::<prop::sample::Index>(), prop::option::of(prop::sample::select(&b"\"\\u0d8{}:, 1-\xffe\n"[..]))), 0..4),
        ) {
            let mut line = serde_json::to_vec(&stamped).unwrap();
            for (place, byte) in damage {
                let at = place.index(line.len());
                match byte {
                    Some(byte) => line[at] = byte,
                    None => _ = line.remove(at),
                }
            }
            if let Some(read) = Hand::default().read(&line) {
                prop_assert!(parsed(&line).is_some_and(|stamped| is_same(&read, &stamped)), "{}", String::from_utf8_lossy(&line));
            }
        }
    }
}
