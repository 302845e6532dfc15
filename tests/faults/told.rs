//! What happened in a run, in a line: one word for each event, pieces of an answer taken together.

use formwork::event::{RunEvent, Stamped};
use formwork::record::Record;
use formwork::session::Tape;
use std::path::Path;

/// What a good answer looks like; the table says `good`.
const GOOD: &str = "opened routed pieces closed judged valid";

/// The events as words, separated by spaces: why an attempt was made (`first`, `retry`, …), `opened`, `routed`, `pieces`, `closed` or, with
/// a fault, `broken`, `judged`, `waiting`, and at last the outcome. How a good answer ends is shortened to `good`.
pub(crate) fn words<'e>(events: impl IntoIterator<Item = &'e RunEvent>) -> String {
    let mut words: Vec<&str> = Vec::new();
    for event in events {
        let word = match event {
            RunEvent::Draft(_) | RunEvent::Started { .. } | RunEvent::Progress { .. } | RunEvent::Unknown => continue,
            RunEvent::Attempt { why, .. } => why.as_str(),
            RunEvent::Opened { .. } => "opened",
            RunEvent::Routed { .. } => "routed",
            RunEvent::Delta { .. } => "pieces",
            RunEvent::Waiting { .. } => "waiting",
            RunEvent::Closed { closing, .. } if closing.error.is_some() => "broken",
            RunEvent::Closed { .. } => "closed",
            RunEvent::Judged { .. } => "judged",
            RunEvent::Ended { outcome, .. } => outcome.as_str(),
        };
        let again = word == "pieces" && words.last() == Some(&"pieces");
        if !again {
            words.push(word);
        }
    }
    words.join(" ").replace(GOOD, "good")
}

/// What events add up to.
pub(crate) fn lived(events: &[Stamped]) -> Record {
    let mut record = Record::default();
    for stamped in events {
        record.apply(stamped.at, &stamped.event);
    }
    record
}

/// What a session's file adds up to; it must be whole.
pub(crate) fn kept(path: &Path) -> Record {
    let tape = Tape::read(path).unwrap();
    assert_eq!((&tape.warnings, &tape.interrupted), (&vec![], &vec![]));
    lived(&tape.events().collect::<Vec<_>>())
}
