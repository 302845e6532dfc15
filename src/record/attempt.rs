//! One attempt: its request, its answer, and how both came out.
//!
//! Owns what an attempt's own events change. Reading the answer is `answer`'s, the run round it the room's.

use super::answer::AnswerRecord;
use super::piece::{Piece, Settled};
use crate::event::{Closing, RunEvent, Why};
use crate::schema::Schema;
use crate::task::Mode;
use crate::verdict::{Change, Verdict};
use serde_json::Value;
use std::sync::Arc;

/// One attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct AttemptRecord {
    /// Its number in the run, from 1.
    pub number: u32,
    /// When it was sent.
    pub at: u64,
    /// How the model was asked.
    pub mode: Mode,
    /// Why it was made.
    pub why: Why,
    /// The same in a sentence.
    pub reason: String,
    /// What was changed in the schema.
    pub changes: Vec<Change>,
    /// The request body.
    pub body: Arc<Value>,
    /// HTTP status, and milliseconds to the headers.
    pub opened: Option<(u16, u64)>,
    /// The upstream provider.
    pub upstream: Option<String>,
    /// The model served.
    pub served: Option<String>,
    /// The generation's id.
    pub generation: Option<String>,
    /// What was answered.
    pub answer: AnswerRecord,
    /// When the first and the last piece of it came.
    pub pieces: Option<(u64, u64)>,
    /// How its stream ended, and when.
    pub closed: Option<(u64, Closing)>,
    /// What judging it found.
    pub verdict: Option<Arc<Verdict>>,
}

impl AttemptRecord {
    pub(super) fn piece(&mut self, at: u64, piece: &Piece<'_>, schema: Option<&Schema>) -> Settled {
        let first = self.pieces.is_none();
        self.pieces = Some((self.pieces.map_or(at, |(first, _)| first), at));
        let (closed, invalid) = self.answer.push(piece, schema);
        Settled { first, closed, invalid }
    }

    pub(super) fn apply(&mut self, at: u64, event: &RunEvent, schema: Option<&Schema>) {
        match event {
            RunEvent::Opened { status, ms, .. } => self.opened = Some((*status, *ms)),
            RunEvent::Routed {
                provider, model, id, ..
            } => {
                for (old, new) in [
                    (&mut self.upstream, provider),
                    (&mut self.served, model),
                    (&mut self.generation, id),
                ] {
                    if new.is_some() {
                        old.clone_from(new);
                    }
                }
            }
            RunEvent::Closed { closing, .. } => {
                self.answer.finish(schema);
                self.closed = Some((at, closing.clone()));
            }
            RunEvent::Judged {
                source,
                value,
                errors,
                repairs,
                ..
            } => {
                self.verdict = Some(Arc::new(Verdict {
                    source: *source,
                    value: value.clone(),
                    errors: errors.clone(),
                    repairs: repairs.clone(),
                }));
            }
            RunEvent::Draft(_)
            | RunEvent::Started { .. }
            | RunEvent::Attempt { .. }
            | RunEvent::Progress { .. }
            | RunEvent::Delta { .. }
            | RunEvent::Waiting { .. }
            | RunEvent::Ended { .. }
            | RunEvent::Unknown => {}
        }
    }

    /// Tokens of the answer per second: as the server counted them once the attempt has closed, until then estimated at four bytes
    /// each. `None` within the first 200 ms, when a rate means nothing.
    pub fn tokens_per_s(&self, now: u64) -> Option<f64> {
        let (first, last) = self.pieces?;
        let end = if self.closed.is_some() { last } else { now };
        let seconds = Some(end.saturating_sub(first)).filter(|ms| *ms >= 200)? as f64 / 1000.0;
        let counted = self
            .closed
            .as_ref()
            .and_then(|(_, closing)| closing.usage)
            .map(|usage| usage.completion as f64);
        let bytes: usize = self.answer.streams.iter().map(|stream| stream.text.len()).sum();
        Some(counted.unwrap_or(bytes as f64 / 4.0) / seconds)
    }

    /// Milliseconds from sending to the first piece of the answer.
    pub fn first_piece_ms(&self) -> Option<u64> {
        self.pieces.map(|(first, _)| first.saturating_sub(self.at))
    }
}
