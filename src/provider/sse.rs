//! Server-sent events: bytes in, frames out, without I/O.
//!
//! Owns the framing of WHATWG HTML §9.2 (*Server-sent events*): line ends, fields, dispatch. What an event's data means belongs
//! to `openrouter::fold`; reading the socket and reconnecting (which a chat completion cannot) do not happen here.

#[cfg(test)]
mod tests;

/// The most bytes that one event may have, its line ends included (design §9).
pub const EVENT_CAP: usize = 16 * 1024 * 1024;

/// One thing found in the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// An event was dispatched.
    Event {
        /// Its `event` field; empty for the default type.
        event: String,
        /// Its `data` lines, joined by LF.
        data: String,
        /// The last event id as of this event; empty if none was ever given.
        id: String,
    },
    /// A comment line: no content, but a sign of life.
    Comment,
}

/// An event grew beyond [`EVENT_CAP`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event of the stream is larger than 16 MiB")]
pub struct EventTooLarge;

/// An incremental decoder. Bytes may be cut anywhere, inside a line end or a character too; each byte is looked at once.
#[derive(Debug, Default)]
pub struct Decoder {
    /// The current line as far as it came, without its end.
    line: Vec<u8>,
    /// The data of the current event; each line ends with LF.
    data: String,
    /// The current event's type.
    event: String,
    /// The last event id, which outlives its event.
    id: String,
    /// The byte before was a CR, so that an LF now belongs to it.
    after_cr: bool,
    /// A first line was seen, so that a byte order mark is no longer special.
    begun: bool,
}

impl Decoder {
    /// A decoder at the start of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes and appends what they complete to `out`.
    ///
    /// # Errors
    /// When one event exceeds [`EVENT_CAP`]; the decoder is of no use afterwards.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<Frame>) -> Result<(), EventTooLarge> {
        let mut rest = bytes;
        if self.after_cr && !rest.is_empty() {
            self.after_cr = false;
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            let (head, tail) = rest.split_at(end);
            self.room_for(head)?;
            if self.line.is_empty() {
                self.take_line(head, out);
            } else {
                let mut line = std::mem::take(&mut self.line);
                line.extend_from_slice(head);
                self.take_line(&line, out);
                line.clear();
                self.line = line;
            }
            rest = self.after_end(tail);
        }
        self.room_for(rest)?;
        self.line.extend_from_slice(rest);
        Ok(())
    }

    /// Ends the stream. Gives the event that no blank line completed, if it has data: the standard discards it, a client of
    /// servers that forget the last blank line may want it.
    pub fn finish(mut self) -> Option<Frame> {
        let mut out = Vec::new();
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() {
            self.take_line(&line, &mut out);
        }
        out.clear();
        self.dispatch(&mut out);
        out.pop()
    }

    /// Skips the line end that `tail` begins with; an LF after a CR may still be on its way.
    fn after_end<'a>(&mut self, tail: &'a [u8]) -> &'a [u8] {
        match tail {
            [b'\r'] => {
                self.after_cr = true;
                &[]
            }
            [b'\r', b'\n', rest @ ..] | [_, rest @ ..] => rest,
            [] => &[],
        }
    }

    fn room_for(&self, more: &[u8]) -> Result<(), EventTooLarge> {
        if self.line.len() + self.data.len() + more.len() > EVENT_CAP {
            return Err(EventTooLarge);
        }
        Ok(())
    }

    /// Interprets one whole line.
    fn take_line(&mut self, line: &[u8], out: &mut Vec<Frame>) {
        let line = if self.begun {
            line
        } else {
            line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line)
        };
        self.begun = true;
        if line.is_empty() {
            self.dispatch(out);
            return;
        }
        let (field, value) = match line.iter().position(|byte| *byte == b':') {
            Some(0) => {
                out.push(Frame::Comment);
                return;
            }
            Some(colon) => {
                let value = &line[colon + 1..];
                (&line[..colon], value.strip_prefix(b" ").unwrap_or(value))
            }
            None => (line, &line[line.len()..]),
        };
        match field {
            b"data" => {
                self.data.push_str(&String::from_utf8_lossy(value));
                self.data.push('\n');
            }
            b"event" => self.event = String::from_utf8_lossy(value).into_owned(),
            b"id" if !value.contains(&0) => self.id = String::from_utf8_lossy(value).into_owned(),
            // `retry` is for clients that reconnect; other names are ignored by the standard.
            _ => {}
        }
    }

    /// A blank line: hands out the event if it has data, and starts the next one.
    fn dispatch(&mut self, out: &mut Vec<Frame>) {
        let event = std::mem::take(&mut self.event);
        if self.data.pop().is_some() {
            out.push(Frame::Event {
                event,
                data: std::mem::take(&mut self.data),
                id: self.id.clone(),
            });
        }
    }
}
