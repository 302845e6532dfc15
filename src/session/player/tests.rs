//! Tables and properties of the clock of a replay.

use super::{History, Player, Unit};
use crate::event::RunEvent;
use crate::session::history::tests::{story, tape_of, told};
use proptest::prelude::*;
use std::sync::Arc;

/// A player of events that mean nothing, at these moments.
fn player(times: &[u64], idle_limit: u64) -> Player {
    let tape = tape_of(times.iter().map(|at| (*at, RunEvent::Unknown)));
    Player::new(Arc::new(History::new(Arc::new(tape))), idle_limit)
}

#[test]
fn it_plays_at_the_pace_of_the_session() {
    let mut player = player(&[10, 20, 20, 100], 2000);
    assert_eq!(
        (player.position(), player.is_playing(), player.due(5)),
        (0, false, None)
    );
    player.toggle(1000);
    assert_eq!((player.position(), player.due(1000)), (0, Some(1010)));
    for (now, position, due) in [
        (1009, 0, Some(1010)),
        (1010, 1, Some(1020)),
        (1019, 1, Some(1020)),
        (1025, 3, Some(1100)),
        (1100, 4, None),
    ] {
        assert_eq!((player.advance(now), player.due(now)), (position, due), "{now}");
    }
    assert_eq!(
        (player.is_playing(), player.elapsed(9999), player.length()),
        (false, 100, 100)
    );
    player.toggle(5000);
    assert_eq!(
        (player.position(), player.is_playing(), player.elapsed(5001)),
        (0, true, 1)
    );
}

#[test]
fn idle_time_is_capped() {
    let mut player = player(&[9_000, 9_001, 20_000, 20_001], 2000);
    assert_eq!(player.length(), 2000 + 1 + 2000 + 1);
    player.toggle(0);
    for (now, position) in [(1999, 0), (2000, 1), (2001, 2), (4000, 2), (4001, 3), (4002, 4)] {
        assert_eq!(player.advance(now), position, "{now}");
    }
    let mut player = self::player(&[5, 9], 0);
    player.toggle(7);
    assert_eq!((player.length(), player.advance(7)), (0, 2));
}

#[test]
fn a_session_without_events_is_over_at_once() {
    let mut player = player(&[], 2000);
    player.toggle(3);
    player.step(Unit::Frame, true, 3);
    player.seek_tenth(5, 3);
    player.seek_by(500, 3);
    assert_eq!((player.is_playing(), player.position(), player.length()), (false, 0, 0));
}

#[test]
fn speeds_keep_the_place() {
    let mut player = player(&[1000, 1900, 100_000], 1 << 40);
    player.toggle(0);
    player.faster(400);
    assert_eq!(
        (player.speed(), player.elapsed(400), player.due(400)),
        (2.0, 400, Some(700))
    );
    player.set_speed(64.0, 500);
    player.faster(500);
    assert_eq!((player.speed(), player.elapsed(501)), (64.0, 664));
    for _ in 0..20 {
        player.slower(501);
    }
    assert_eq!((player.speed(), player.elapsed(505)), (0.25, 665));
    // 335 are missing, at a quarter of life's speed.
    let since = 501;
    assert_eq!(player.due(505), Some(since + (1000 - 664) * 4));
    player.normal(505);
    assert_eq!((player.speed(), player.elapsed(506)), (1.0, 666));
    player.pause(506);
    assert_eq!((player.elapsed(10_000), player.due(10_000)), (666, None));
}

#[test]
fn tenths_and_leaps() {
    let mut player = player(&[0, 250, 500, 1000], 2000);
    for (tenth, position, elapsed) in [
        (0, 0, 0),
        (2, 1, 200),
        (5, 3, 500),
        (9, 3, 900),
        (10, 4, 1000),
        (99, 4, 1000),
    ] {
        player.seek_tenth(tenth, 7);
        assert_eq!((player.position(), player.elapsed(7)), (position, elapsed), "{tenth}");
    }
    player.seek_tenth(5, 0);
    for (by, elapsed, position) in [(-100, 400, 2), (i64::MIN, 0, 0), (250, 250, 2), (i64::MAX, 1000, 4)] {
        player.seek_by(by, 0);
        assert_eq!((player.elapsed(0), player.position()), (elapsed, position), "{by}");
    }
    // Going back from the end does not set it going.
    player.seek_by(-1, 0);
    assert!(!player.is_playing());
    player.toggle(0);
    player.seek_by(5000, 100);
    assert_eq!((player.is_playing(), player.position()), (false, 4));
}

#[test]
fn frames_fields_and_attempts() {
    let mut player = player(&[0, 10, 32, 33, 500], 2000);
    let mut stops = Vec::new();
    for _ in 0..4 {
        player.step(Unit::Frame, true, 0);
        stops.push(player.position());
    }
    assert_eq!(stops, [3, 4, 5, 5]);
    let back: Vec<usize> = (0..4)
        .map(|_| {
            player.step(Unit::Frame, false, 0);
            player.position()
        })
        .collect();
    assert_eq!(back, [4, 3, 0, 0]);
    let mut player = Player::new(Arc::new(History::new(Arc::new(told()))), 2000);
    player.toggle(0);
    let mut stops = |unit, forward| {
        let stops: Vec<usize> = std::iter::repeat_with(|| {
            player.step(unit, forward, 0);
            player.position()
        })
        .take(6)
        .collect();
        stops
    };
    assert_eq!(stops(Unit::Attempt, true), [3, 5, 11, 14, 19, 19]);
    assert_eq!(stops(Unit::Field, false), [16, 15, 7, 6, 0, 0]);
    assert_eq!(stops(Unit::Field, true), [6, 7, 15, 16, 19, 19]);
    assert_eq!(stops(Unit::Attempt, false), [14, 11, 5, 3, 0, 0]);
}

/// What a user can do.
#[derive(Clone, Debug)]
enum Press {
    Toggle,
    Faster,
    Slower,
    Normal,
    Step(Unit, bool),
    Tenth(u8),
    By(i64),
    To(prop::sample::Index),
}

fn press() -> impl Strategy<Value = Press> {
    let unit = prop::sample::select(vec![Unit::Frame, Unit::Field, Unit::Attempt]);
    prop_oneof![
        3 => Just(Press::Toggle),
        1 => Just(Press::Faster),
        1 => Just(Press::Slower),
        1 => Just(Press::Normal),
        3 => (unit, any::<bool>()).prop_map(|(unit, forward)| Press::Step(unit, forward)),
        1 => (0_u8..11).prop_map(Press::Tenth),
        1 => (-3000_i64..3000).prop_map(Press::By),
        1 => any::<prop::sample::Index>().prop_map(Press::To),
    ]
}

fn act(player: &mut Player, press: &Press, now: u64) {
    match press {
        Press::Toggle => player.toggle(now),
        Press::Faster => player.faster(now),
        Press::Slower => player.slower(now),
        Press::Normal => player.normal(now),
        Press::Step(unit, forward) => player.step(*unit, *forward, now),
        Press::Tenth(tenth) => player.seek_tenth(*tenth, now),
        Press::By(ms) => player.seek_by(*ms, now),
        Press::To(index) => player.seek(index.index(player.history().tape().len() + 1), now),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn time_passes_forwards_and_ends_at_the_end(
        tape in story(),
        presses in prop::collection::vec((press(), 0_u64..900), 0..30),
        idle_limit in 0_u64..3000,
    ) {
        let mut player = Player::new(Arc::new(History::new(Arc::new(tape))), idle_limit);
        let (end, mut now) = (player.history().tape().len(), 50);
        prop_assert!((1..=end).all(|position| player.time_at(position - 1) <= player.time_at(position)));
        for (press, wait) in &presses {
            act(&mut player, press, now);
            // Reading the clock changes nothing, and the place fits the time.
            let (position, elapsed) = (player.position(), player.elapsed(now));
            prop_assert!(player.time_at(position) <= elapsed);
            prop_assert!(position == end || elapsed <= player.time_at(position + 1));
            prop_assert_eq!(player.is_playing() && player.is_over(), false);
            now += wait;
            prop_assert!(player.elapsed(now) >= elapsed);
            let before = player.elapsed(now);
            prop_assert!(player.advance(now) >= position);
            prop_assert_eq!(player.elapsed(now), before);
        }
        if !player.is_playing() {
            player.toggle(now);
        }
        // Woken when events are due, and never too early, it comes to the end.
        while let Some(due) = player.due(now) {
            let before = player.position();
            prop_assert!(due >= now);
            now = due;
            prop_assert!(player.advance(now) > before);
        }
        prop_assert_eq!((player.position(), player.elapsed(now), player.is_playing()), (end, player.length(), false));
    }

    #[test]
    fn a_step_there_and_back_returns(tape in story(), unit in prop::sample::select(vec![Unit::Frame, Unit::Field, Unit::Attempt])) {
        let mut player = Player::new(Arc::new(History::new(Arc::new(tape))), 2000);
        let end = player.history().tape().len();
        let mut stops = vec![0];
        while stops.last() != Some(&end) {
            player.step(unit, true, 0);
            prop_assert!(Some(&player.position()) > stops.last());
            stops.push(player.position());
        }
        for stop in stops.iter().rev().skip(1) {
            player.step(unit, false, 0);
            prop_assert_eq!(player.position(), *stop);
        }
    }
}
