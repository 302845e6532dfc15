//! A record that was taken anywhere is the one that was lived there.

mod stories;

use super::{History, MarkerKind, moments};
use crate::record::Record;
use crate::session::tape::Tape;
use proptest::prelude::*;
use std::sync::Arc;
use stories::endless;
pub(in crate::session) use stories::{story, tape_of, told};

/// The records that have lived through the first events, one for each position.
fn lived(tape: &Tape) -> Vec<Record> {
    let mut record = Record::default();
    let mut lived = vec![record.clone()];
    for index in 0..tape.len() {
        record.apply(tape.at(index), &tape.event(index));
        lived.push(record.clone());
    }
    lived
}

fn lived_to(tape: &Tape, count: usize) -> Record {
    let mut record = Record::default();
    for index in 0..count {
        tape.apply(index, &mut record);
    }
    record
}

/// Walks through the positions and compares at each.
fn walk(history: &History, lived: &[Record], positions: impl IntoIterator<Item = usize>) {
    let (mut record, mut at) = (Record::default(), 0);
    for to in positions {
        history.seek(&mut record, at, to);
        let end = to.min(history.tape().len());
        assert!(record == lived[end], "from {at} to {end}");
        at = end;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_record_is_the_same_forwards_backwards_and_by_seek(
        tape in story(),
        every in 1_usize..40,
        jumps in prop::collection::vec(any::<prop::sample::Index>(), 1..12),
    ) {
        let lived = lived(&tape);
        let history = History::every(Arc::new(tape), every, 0);
        let len = history.tape().len();
        walk(&history, &lived, jumps.iter().map(|jump| jump.index(len + 1)));
        walk(&history, &lived, (0..=len).rev().step_by(1 + len / 40));
        walk(&history, &lived, (0..=len + 3).step_by(1 + len / 40));
    }
}

/// A text that is held back until its end weighs as much as the whole; moments of it are few.
#[test]
fn moments_take_up_little_whatever_the_answer_is() {
    for opening in ["\"", "{\"a", "{\"a\":'"] {
        let tape = endless(opening, 40_000);
        let lived = lived_to(&tape, 39_000);
        let history = History::every(Arc::new(tape), 8, 0);
        let weight = history.moments.weight();
        assert!(
            weight < 2 * moments::FREE + moments::EACH * 40_000,
            "{opening}: {weight}"
        );
        let mut record = Record::default();
        history.seek(&mut record, 0, 40_000);
        history.seek(&mut record, 40_000, 39_000);
        assert!(record == lived, "{opening}");
    }
}

#[test]
fn markers_tell_what_happened() {
    let history = History::new(Arc::new(told()));
    let kinds: Vec<MarkerKind> = history.markers().iter().map(|marker| marker.kind).collect();
    let expected = [
        MarkerKind::First,
        MarkerKind::Fallback,
        MarkerKind::FirstToken,
        MarkerKind::FieldClosed,
        MarkerKind::FieldClosed,
        MarkerKind::Violation,
        MarkerKind::Reask,
        MarkerKind::FirstToken,
        MarkerKind::Retry,
        MarkerKind::FirstToken,
        MarkerKind::FieldClosed,
        MarkerKind::FieldClosed,
        MarkerKind::End,
    ];
    assert_eq!(kinds, expected);
    assert!(history.markers().is_sorted_by_key(|marker| marker.event()));
    let end = history.markers().last().unwrap();
    assert_eq!(
        (end.event() + 1, end.position()),
        (history.tape().len(), history.tape().len())
    );
}
