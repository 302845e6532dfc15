//! The body of a successful response: a stream of events or one JSON document, told apart by how it begins.
//!
//! Owns the telling apart and the limits of design §9. Some servers ignore `stream`, others name the wrong content type, and a wrong
//! base URL answers with a website, so that the bytes decide. No I/O: the socket is `attempt`'s.

use super::faults;
use super::fold::Fold;
use crate::event::{Closing, Fault, FaultClass};
use crate::provider::Signal;
use crate::provider::sse::{Decoder, Frame};
use std::time::SystemTime;

/// The most bytes of one answer (design §9): of a document, or of the text that a stream brings.
pub const ANSWER_CAP: usize = 64 * 1024 * 1024;

/// The most bytes of a stream on the wire. Events of a few letters each are some fifty times as long as their text; none of it is kept.
const WIRE_CAP: u64 = 64 * ANSWER_CAP as u64;

/// A body so far.
#[derive(Debug)]
pub struct Intake {
    form: Form,
    fold: Fold,
    frames: Vec<Frame>,
    /// Bytes on the wire.
    wire: u64,
    /// Bytes of the answer.
    answer: usize,
    /// A fault of the body as such, beside those that the answer tells of.
    fault: Option<Fault>,
}

#[derive(Debug)]
enum Form {
    /// Only whitespace so far.
    Blank,
    /// Server-sent events.
    Events {
        decoder: Decoder,
        /// A frame was seen, so that it is a stream indeed.
        seen: bool,
        /// How the body began, to be shown if it is none.
        opening: Vec<u8>,
    },
    /// One document, kept until its end.
    Json(Vec<u8>),
}

impl Intake {
    /// A body of which nothing has come. `id` is the generation's id if the headers named it.
    pub fn new(clock: fn() -> SystemTime, id: Option<String>) -> Self {
        Self {
            form: Form::Blank,
            fold: Fold::new(clock, id),
            frames: Vec::new(),
            wire: 0,
            answer: 0,
            fault: None,
        }
    }

    /// Takes the next bytes. True when nothing after them matters.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<Signal>) -> bool {
        self.wire += bytes.len() as u64;
        let before = out.len();
        let over = self.take(bytes, out);
        self.answer += out.iter().skip(before).map(brought).sum::<usize>();
        if self.answer > ANSWER_CAP {
            self.fault = Some(faults::own(FaultClass::TooLarge, "the answer is larger than 64 MiB"));
        } else if self.wire > WIRE_CAP {
            self.fault = Some(faults::own(FaultClass::TooLarge, "the stream is larger than 4 GiB"));
        }
        over || self.fault.is_some()
    }

    fn take(&mut self, bytes: &[u8], out: &mut Vec<Signal>) -> bool {
        let mut bytes = bytes;
        if let Form::Blank = self.form {
            bytes = skip_blank(bytes);
            let Some(first) = bytes.first() else { return false };
            self.form = match first {
                b'{' | b'[' => Form::Json(Vec::new()),
                b'<' => {
                    self.fault = Some(faults::own(
                        FaultClass::NotAnApi,
                        "answered HTML; is the base URL right?",
                    ));
                    return true;
                }
                _ => Form::Events {
                    decoder: Decoder::new(),
                    seen: false,
                    opening: Vec::new(),
                },
            };
        }
        match &mut self.form {
            Form::Blank => false,
            Form::Json(body) => {
                body.extend_from_slice(bytes);
                self.answer += bytes.len();
                false
            }
            Form::Events { decoder, seen, opening } => {
                if !*seen {
                    opening.extend_from_slice(&bytes[..bytes.len().min(800_usize.saturating_sub(opening.len()))]);
                }
                let pushed = decoder.push(bytes, &mut self.frames);
                *seen |= !self.frames.is_empty();
                if let Err(too_large) = pushed {
                    self.fault = Some(faults::own(FaultClass::TooLarge, too_large.to_string()));
                }
                self.take_frames(out);
                self.fault.is_some() || self.fold.is_over()
            }
        }
    }

    /// Ends the body. `broken` says why it ended before its time, which no longer matters once the answer was finished.
    pub fn finish(mut self, broken: Option<Fault>, out: &mut Vec<Signal>) -> Closing {
        match std::mem::replace(&mut self.form, Form::Blank) {
            Form::Blank => {
                let empty = || faults::own(FaultClass::NoContent, "the server answered with an empty body");
                self.fault = self.fault.take().or_else(|| broken.is_none().then(empty));
            }
            Form::Json(body) if broken.is_none() && self.fault.is_none() => self.fold.whole(&body, out),
            Form::Json(_) => {}
            Form::Events { decoder, seen, opening } => {
                let rest = decoder.finish();
                if !seen && rest.is_none() && broken.is_none() && self.fault.is_none() {
                    let opening = String::from_utf8_lossy(&opening).into_owned();
                    let message = format!(
                        "answered text that is no chat completion; is the base URL right? {}",
                        faults::excerpt(&opening)
                    );
                    self.fault = Some(faults::own(FaultClass::NotAnApi, message));
                }
                // Cut in the middle of an event, what came of it is no chunk; at a proper end it is a forgotten blank line.
                self.frames.extend(rest.filter(|_| broken.is_none()));
                self.take_frames(out);
            }
        }
        let broken = broken.filter(|_| !self.fold.is_over() && !self.fold.has_finished());
        let fault = self.fault.take().or(broken);
        let mut closing = self.fold.close(out);
        if fault.is_some() {
            closing.error = fault;
        }
        closing
    }

    fn take_frames(&mut self, out: &mut Vec<Signal>) {
        for frame in self.frames.drain(..) {
            if self.fold.is_over() {
                break;
            }
            match frame {
                Frame::Event { data, .. } => self.fold.event(&data, out),
                Frame::Comment => out.push(Signal::Alive),
            }
        }
    }
}

/// Bytes of answer that a signal brings.
fn brought(signal: &Signal) -> usize {
    match signal {
        Signal::Delta(delta) => delta.text.len(),
        Signal::Opened { .. } | Signal::Alive | Signal::Routed { .. } | Signal::Progress { .. } | Signal::Closed(_) => {
            0
        }
    }
}

/// Skips whitespace and a byte order mark. A mark cut in two is not worth the trouble: no server sends one before JSON.
fn skip_blank(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let start = bytes
        .iter()
        .position(|byte| !byte.is_ascii_whitespace())
        .unwrap_or(bytes.len());
    &bytes[start..]
}
