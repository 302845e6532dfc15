//! What one attempt has answered so far, by channel.
//!
//! Owns the accumulated text. Turning it into a value is `read`'s work.

use crate::event::Delta;
use crate::verdict::Channel;

/// Blanks in a row after which a stream is taken for a run-away: grammars without required members let some models print
/// white space until `max_tokens` (`openrouter.md` §2.5).
const RUNAWAY: usize = 2048;

/// One tool call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// Its index within the answer.
    pub index: u32,
    /// Its id; empty if the server gave none.
    pub id: String,
    /// The function's name.
    pub name: String,
    /// The arguments, JSON in text.
    pub arguments: String,
}

/// The channels of one answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Content.
    pub content: String,
    /// Tool calls in order of arrival.
    pub calls: Vec<Call>,
    /// Reasoning text.
    pub reasoning: String,
    /// Refusal text.
    pub refusal: String,
    /// Blanks that came last, in a row.
    pub(super) blank: usize,
}

impl Answer {
    /// Appends one piece. Work is proportional to the piece.
    pub fn push(&mut self, delta: &Delta) {
        match delta.channel {
            Channel::Content => self.content.push_str(&delta.text),
            Channel::Reasoning => self.reasoning.push_str(&delta.text),
            Channel::Refusal => self.refusal.push_str(&delta.text),
            Channel::Call => self.push_call(delta),
        }
        let tail = delta.text.len() - delta.text.trim_end().len();
        self.blank = if tail == delta.text.len() {
            self.blank + tail
        } else {
            tail
        };
    }

    fn push_call(&mut self, delta: &Delta) {
        let reference = delta.call.clone().unwrap_or_default();
        let known = self.calls.iter().rposition(|call| call.index == reference.index);
        let at = known.unwrap_or_else(|| {
            self.calls.push(Call {
                index: reference.index,
                ..Call::default()
            });
            self.calls.len() - 1
        });
        let call = &mut self.calls[at];
        if call.id.is_empty() {
            call.id = reference.id;
        }
        if call.name.is_empty() {
            call.name = reference.name;
        }
        call.arguments.push_str(&delta.text);
    }

    /// Whether nothing but white space has come for so long that nothing else will.
    pub fn is_runaway(&self) -> bool {
        self.blank > RUNAWAY
    }

    /// Whether nothing usable came at all.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty() && self.content.trim().is_empty() && self.reasoning.trim().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::CallRef;

    fn content(text: &str) -> Delta {
        Delta {
            channel: Channel::Content,
            call: None,
            text: text.into(),
        }
    }

    #[test]
    fn only_an_unbroken_row_of_blanks_is_a_runaway() {
        let mut answer = Answer::default();
        for _ in 0..4000 {
            answer.push(&content(" \n"));
            answer.push(&content("x "));
        }
        assert!(!answer.is_runaway());
        for _ in 0..=RUNAWAY {
            answer.push(&content(" "));
        }
        assert!(answer.is_runaway());
    }

    #[test]
    fn calls_keep_their_first_id_and_name() {
        let mut answer = Answer::default();
        for (id, name, text) in [("a", "User", "{"), ("", "Other", "}")] {
            let call = Some(CallRef {
                index: 0,
                id: id.into(),
                name: name.into(),
            });
            answer.push(&Delta {
                channel: Channel::Call,
                call,
                text: text.into(),
            });
        }
        let expected = Call {
            index: 0,
            id: "a".into(),
            name: "User".into(),
            arguments: "{}".into(),
        };
        assert_eq!(answer.calls, [expected]);
    }
}
