//! What goes onto a tape comes off it again.

use super::Tape;
use crate::event::{CallRef, Delta, Header, RunEvent, Stamped};
use crate::record::Record;
use crate::verdict::{Channel, Outcome, Totals};
use proptest::prelude::*;

fn header() -> Header {
    Header {
        formwork: 1,
        id: "i".into(),
        created: "2026-11-22T17:42:59Z".into(),
        title: String::new(),
    }
}

/// Pieces of several channels, among other events, with stamps that may fall.
fn event() -> impl Strategy<Value = RunEvent> {
    let call = (0_u32..3, "[ab]?", "[xy]?").prop_map(|(index, id, name)| CallRef { index, id, name });
    let channel = prop::sample::select(vec![Channel::Content, Channel::Call, Channel::Reasoning]);
    let piece = (1_u32..3, 1_u32..3, channel, prop::option::of(call), "[a-cé\n\"]{0,5}");
    let piece = piece.prop_map(|(run, attempt, channel, call, text)| RunEvent::Delta {
        run,
        attempt,
        delta: Delta { channel, call, text },
    });
    let other = prop::sample::select(vec![
        RunEvent::Unknown,
        RunEvent::Waiting {
            run: 1,
            ms: 4,
            reason: "r".into(),
        },
    ]);
    prop_oneof![5 => piece, 1 => other]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_tape_gives_back_what_was_put_on_it(lived in prop::collection::vec((0_u64..50, event()), 0..60)) {
        let lived: Vec<Stamped> = lived.into_iter().map(|(at, event)| Stamped { at, event }).collect();
        let mut tape = Tape::new(header());
        for stamped in &lived {
            tape.push(stamped.clone());
        }
        let (mut taped, mut plain) = (Record::default(), Record::default());
        let mut time = 0;
        for (index, stamped) in lived.iter().enumerate() {
            time = time.max(stamped.at);
            prop_assert_eq!(&tape.stamped(index), stamped);
            prop_assert_eq!(&*tape.event(index), &stamped.event);
            prop_assert_eq!(tape.at(index), time);
            prop_assert!(tape.count_at(time) > index);
            tape.apply(index, &mut taped);
            plain.apply(time, &stamped.event);
        }
        prop_assert_eq!((tape.len(), tape.duration()), (lived.len(), time));
        prop_assert_eq!(taped, plain);
    }
}

#[test]
fn a_piece_costs_its_text_and_no_more_than_three_words() {
    let piece = |call| RunEvent::Delta {
        run: 1,
        attempt: 1,
        delta: Delta {
            channel: Channel::Call,
            call: Some(CallRef {
                index: call,
                ..CallRef::default()
            }),
            text: "abcd".into(),
        },
    };
    let mut tape = Tape::new(header());
    for index in 0..300 {
        tape.push(Stamped {
            at: 1,
            event: piece(index % 3),
        });
    }
    assert_eq!((tape.streams.len(), tape.others.len(), tape.text.len()), (3, 0, 1200));
    assert_eq!(size_of::<super::Slot>(), 24);
}

#[test]
fn runs_without_an_end_are_known() {
    let started = |run| RunEvent::Started {
        run,
        version: String::new(),
        task: std::sync::Arc::default(),
        provider: String::new(),
        plan: Vec::new(),
    };
    let ended = |run| RunEvent::Ended {
        run,
        outcome: Outcome::Failed,
        reason: String::new(),
        budget: None,
        totals: Totals::default(),
    };
    let mut tape = Tape::new(header());
    for (event, interrupted) in [
        (started(2), vec![2]),
        (started(1), vec![1, 2]),
        (started(1), vec![1, 2]),
        (ended(3), vec![1, 2]),
        (ended(2), vec![1]),
    ] {
        tape.push(Stamped { at: 0, event });
        assert_eq!(tape.interrupted, interrupted);
    }
}
