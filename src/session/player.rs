//! The clock of a replay.
//!
//! Owns where it stands.

use super::history::{History, MarkerKind};
use crate::event::RunEvent;
use std::sync::Arc;

/// The longest that nothing happens.
pub const IDLE_LIMIT: u64 = 2000;

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// An event.
    Frame,
    /// A field that closes.
    Field,
    /// An attempt.
    Attempt,
}

/// A replay's clock.
#[derive(Clone, Debug)]
pub struct Player {
    history: Arc<History>,
    /// Playing time of each event.
    times: Arc<Vec<u64>>,
    position: usize,
    elapsed: u64,
    since: Option<u64>,
    speed: f64,
}

impl Player {
    /// Paused at the beginning.
    pub fn new(history: Arc<History>, idle_limit: u64) -> Self {
        let tape = history.tape();
        let mut times = Vec::new();
        let (mut last, mut sum) = (0, 0);
        for event in 0..tape.len() {
            let at = tape.at(event);
            sum += at.saturating_sub(last).min(idle_limit);
            last = at;
            times.push(sum);
        }
        Self {
            history,
            times: Arc::new(times),
            position: 0,
            elapsed: 0,
            since: None,
            speed: 1.0,
        }
    }

    /// What is played.
    pub const fn history(&self) -> &Arc<History> {
        &self.history
    }

    /// How many events have happened.
    pub const fn position(&self) -> usize {
        self.position
    }

    /// The playing time at which so many events have happened.
    pub fn time_at(&self, position: usize) -> u64 {
        position
            .checked_sub(1)
            .and_then(|at| self.times.get(at))
            .copied()
            .unwrap_or(0)
    }

    /// Playing time that has passed.
    pub fn elapsed(&self, now: u64) -> u64 {
        let more = self
            .since
            .map_or(0.0, |since| now.saturating_sub(since) as f64 * self.speed);
        (self.elapsed + more as u64).min(self.length())
    }

    /// Playing time in all.
    pub fn length(&self) -> u64 {
        self.times.last().copied().unwrap_or(0)
    }

    /// Whether it plays.
    pub const fn is_playing(&self) -> bool {
        self.since.is_some()
    }

    /// How fast.
    pub const fn speed(&self) -> f64 {
        self.speed
    }

    fn settle(&mut self, now: u64) {
        self.elapsed = self.elapsed(now);
        if self.since.is_some() {
            self.since = Some(now);
        }
    }

    /// Plays or pauses.
    pub fn toggle(&mut self, now: u64) {
        self.settle(now);
        if self.since.take().is_none() {
            if self.position == self.times.len() {
                self.seek(0, now);
            }
            self.since = Some(now);
        }
    }

    /// Pauses.
    pub fn pause(&mut self, now: u64) {
        self.settle(now);
        self.since = None;
    }

    /// Sets the speed.
    pub fn set_speed(&mut self, speed: f64, now: u64) {
        self.settle(now);
        self.speed = speed.clamp(0.25, 64.0);
    }

    /// Twice as fast.
    pub fn faster(&mut self, now: u64) {
        self.set_speed(self.speed * 2.0, now);
    }

    /// Half as fast.
    pub fn slower(&mut self, now: u64) {
        self.set_speed(self.speed / 2.0, now);
    }

    /// As it was.
    pub fn normal(&mut self, now: u64) {
        self.set_speed(1.0, now);
    }

    /// When the next event is due.
    pub fn due(&self, now: u64) -> Option<u64> {
        let since = self.since?;
        let next = *self.times.get(self.position)?;
        let wait = next.saturating_sub(self.elapsed) as f64 / self.speed;
        Some((since + wait.ceil() as u64).max(now))
    }

    /// The position at a moment.
    pub fn advance(&mut self, now: u64) -> usize {
        let elapsed = self.elapsed(now);
        if self.since.is_some() {
            let to = self.times.partition_point(|at| *at <= elapsed);
            self.position = self.position.max(to);
            if self.position == self.times.len() {
                self.pause(now);
            }
        }
        self.position
    }

    /// Steps.
    pub fn step(&mut self, unit: Unit, forward: bool, now: u64) {
        self.pause(now);
        let all = self.times.len();
        let wanted = |position: &usize| match unit {
            Unit::Frame => true,
            Unit::Field => self
                .history
                .markers()
                .iter()
                .any(|marker| marker.kind == MarkerKind::FieldClosed && marker.position() == *position),
            Unit::Attempt => {
                matches!(
                    self.history.tape().event(position - 1).as_ref(),
                    RunEvent::Attempt { .. }
                )
            }
        };
        let to = if forward {
            (self.position + 1..=all).find(wanted).unwrap_or(all)
        } else {
            (1..self.position).rev().find(wanted).unwrap_or(0)
        };
        self.seek(to, now);
    }

    /// To a tenth.
    pub fn seek_tenth(&mut self, tenth: u8, now: u64) {
        self.to_time(self.length() * u64::from(tenth) / 10, now);
    }

    /// By a time.
    pub fn seek_by(&mut self, ms: i64, now: u64) {
        self.to_time(self.elapsed(now).saturating_add_signed(ms), now);
    }

    fn to_time(&mut self, time: u64, now: u64) {
        self.settle(now);
        self.elapsed = time.min(self.length());
        self.position = self.times.partition_point(|at| *at <= self.elapsed);
        if time == 0 {
            self.position = 0;
        }
    }

    /// To a position.
    pub fn seek(&mut self, position: usize, now: u64) {
        self.settle(now);
        self.position = position.min(self.times.len());
        self.elapsed = self.time_at(self.position);
    }
}
