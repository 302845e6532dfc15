//! A piece of an answer as it is added to a record: the same as its event, without a copy of its text.

use crate::event::{CallRef, Delta, RunId};
use crate::verdict::Channel;

/// A piece of an answer, and where it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'p> {
    /// The run.
    pub run: RunId,
    /// The attempt.
    pub attempt: u32,
    /// The channel.
    pub channel: Channel,
    /// The call, for the channel `call`.
    pub call: Option<&'p CallRef>,
    /// The text, to be appended.
    pub text: &'p str,
}

impl<'p> Piece<'p> {
    /// The piece of an event.
    pub const fn of(run: RunId, attempt: u32, delta: &'p Delta) -> Self {
        Self {
            run,
            attempt,
            channel: delta.channel,
            call: delta.call.as_ref(),
            text: delta.text.as_str(),
        }
    }
}

/// What a piece of an answer settled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Whether it is its attempt's first.
    pub first: bool,
    /// Scalar fields that closed with it.
    pub closed: usize,
    /// Fields among those that closed with it, and items, that break the schema.
    pub invalid: usize,
}
