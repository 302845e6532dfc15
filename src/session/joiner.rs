//! Joins the small deltas of a fast stream into fewer lines.
//!
//! Owns the rule, which is a function of the events and the given time; writing belongs to `journal`.

use crate::event::{CallRef, Delta, RunEvent, Stamped};
use std::time::Duration;
use tokio::time::Instant;

/// How much of a stream, in its own time, one line may hold, and how long it may be held back (design §5).
const SPAN: Duration = Duration::from_millis(100);

/// The text after which a line is long enough.
const ENOUGH: usize = 64 << 10;

/// Holds back the last delta until something else comes or its time is up.
#[derive(Debug, Default)]
pub struct Joiner {
    held: Option<(Stamped, Instant)>,
}

impl Joiner {
    /// Takes an event and gives back what is to be written now, in order.
    pub fn push(&mut self, new: Stamped, now: Instant) -> [Option<Stamped>; 2] {
        if !matches!(new.event, RunEvent::Delta { .. }) {
            return [self.take(), Some(new)];
        }
        let due = now + SPAN;
        let Some((held, held_due)) = self.held.take() else {
            self.held = Some((new, due));
            return [None, None];
        };
        match join(held, new) {
            Ok(joined) => {
                self.held = Some((joined, held_due));
                [None, None]
            }
            Err((held, new)) => {
                self.held = Some((new, due));
                [Some(held), None]
            }
        }
    }

    /// When the held delta must be written.
    pub fn due(&self) -> Option<Instant> {
        self.held.as_ref().map(|(_, due)| *due)
    }

    /// Gives up the held delta.
    pub fn take(&mut self) -> Option<Stamped> {
        self.held.take().map(|(held, _)| held)
    }
}

/// Joins two neighbours, or gives them back. The joined delta keeps the time of its first byte.
#[expect(clippy::result_large_err, reason = "both come back to be used at once")]
fn join(mut held: Stamped, new: Stamped) -> Result<Stamped, (Stamped, Stamped)> {
    if new.at.saturating_sub(held.at) >= SPAN.as_millis() as u64 {
        return Err((held, new));
    }
    let (
        RunEvent::Delta { run, attempt, delta },
        RunEvent::Delta {
            run: new_run,
            attempt: new_attempt,
            delta: more,
        },
    ) = (&mut held.event, &new.event)
    else {
        return Err((held, new));
    };
    if (*run, *attempt) != (*new_run, *new_attempt) || !same_place(delta, more) || delta.text.len() >= ENOUGH {
        return Err((held, new));
    }
    delta.text.push_str(&more.text);
    Ok(held)
}

fn same_place(held: &Delta, new: &Delta) -> bool {
    let same_call = match (&held.call, &new.call) {
        (None, None) => true,
        (Some(held), Some(new)) => continues(held, new),
        (Some(_), None) | (None, Some(_)) => false,
    };
    held.channel == new.channel && same_call
}

/// Whether `new` says nothing of the call that `held` did not say.
fn continues(held: &CallRef, new: &CallRef) -> bool {
    let nothing_new = |held: &str, new: &str| new.is_empty() || new == held;
    held.index == new.index && nothing_new(&held.id, &new.id) && nothing_new(&held.name, &new.name)
}

#[cfg(test)]
mod tests {
    use super::{ENOUGH, Joiner, SPAN};
    use crate::event::{CallRef, Delta, RunEvent, Stamped};
    use crate::verdict::Channel;
    use tokio::time::Instant;

    fn delta(at: u64, attempt: u32, channel: Channel, call: Option<(u32, &str)>, text: &str) -> Stamped {
        let call = call.map(|(index, id)| CallRef {
            index,
            id: id.into(),
            name: String::new(),
        });
        Stamped {
            at,
            event: RunEvent::Delta {
                run: 1,
                attempt,
                delta: Delta {
                    channel,
                    call,
                    text: text.into(),
                },
            },
        }
    }

    fn content(at: u64, text: &str) -> Stamped {
        delta(at, 1, Channel::Content, None, text)
    }

    fn waiting(at: u64) -> Stamped {
        Stamped {
            at,
            event: RunEvent::Waiting {
                run: 1,
                ms: 1,
                reason: String::new(),
            },
        }
    }

    fn joined(events: impl IntoIterator<Item = Stamped>) -> Vec<Stamped> {
        let mut joiner = Joiner::default();
        let now = Instant::now();
        let mut out: Vec<Stamped> = events
            .into_iter()
            .flat_map(|event| joiner.push(event, now))
            .flatten()
            .collect();
        out.extend(joiner.take());
        out
    }

    #[test]
    fn neighbours_are_joined() {
        let call = |at, call, text| delta(at, 1, Channel::Call, Some(call), text);
        let table = [
            (
                vec![content(5, "a"), content(50, "b"), content(104, "c")],
                vec![content(5, "abc")],
            ),
            (
                vec![content(5, "a"), content(105, "b")],
                vec![content(5, "a"), content(105, "b")],
            ),
            (
                vec![content(1, "a"), waiting(2), content(3, "b")],
                vec![content(1, "a"), waiting(2), content(3, "b")],
            ),
            (
                vec![content(1, "a"), delta(2, 2, Channel::Content, None, "b")],
                vec![content(1, "a"), delta(2, 2, Channel::Content, None, "b")],
            ),
            (
                vec![content(1, "a"), delta(2, 1, Channel::Reasoning, None, "b")],
                vec![content(1, "a"), delta(2, 1, Channel::Reasoning, None, "b")],
            ),
            (
                vec![call(1, (0, "x"), "a"), call(2, (0, ""), "b")],
                vec![call(1, (0, "x"), "ab")],
            ),
            (
                vec![call(1, (0, ""), "a"), call(2, (0, "x"), "b")],
                vec![call(1, (0, ""), "a"), call(2, (0, "x"), "b")],
            ),
            (
                vec![call(1, (0, ""), "a"), call(2, (1, ""), "b")],
                vec![call(1, (0, ""), "a"), call(2, (1, ""), "b")],
            ),
        ];
        for (events, expected) in table {
            assert_eq!(joined(events.clone()), expected, "{events:?}");
        }
    }

    #[test]
    fn a_long_line_is_enough() {
        let long = "x".repeat(ENOUGH);
        let events = vec![content(1, &long), content(2, "b")];
        assert_eq!(joined(events.clone()), events);
    }

    #[test]
    fn a_delta_is_held_from_its_first_byte() {
        let mut joiner = Joiner::default();
        let now = Instant::now();
        joiner.push(content(1, "a"), now);
        joiner.push(content(50, "b"), now + SPAN / 2);
        assert_eq!(joiner.due(), Some(now + SPAN));
        assert_eq!(joiner.take(), Some(content(1, "ab")));
        assert_eq!(joiner.due(), None);
    }
}
