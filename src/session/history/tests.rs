//! A record that was taken anywhere is the one that was lived there.

mod stories;

use super::{History, MarkerKind};
use crate::record::Record;
use crate::session::tape::Tape;
use proptest::prelude::*;
use std::sync::Arc;
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
        jumps in prop::collection::vec(any::<prop::sample::Index>(), 1..12),
    ) {
        let lived = lived(&tape);
        let history = History::new(Arc::new(tape));
        let len = history.tape().len();
        walk(&history, &lived, jumps.iter().map(|jump| jump.index(len + 1)));
        walk(&history, &lived, (0..=len).rev().step_by(1 + len / 40));
        walk(&history, &lived, (0..=len + 3).step_by(1 + len / 40));
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
