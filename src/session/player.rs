//! The clock of a replay: which of a session's events have happened, at the pace at which they did.
//!
//! Owns play, pause, speed, steps and seeks. It is pure: every call is handed the wall time in milliseconds, and says how many events
//! have happened; what these add up to is `history`'s. Playing time is the session's time without its idle stretches (`pace`).

mod pace;
mod speed;
#[cfg(test)]
mod tests;

use super::history::{History, MarkerKind};
use pace::Pace;
use speed::Speed;
use std::sync::Arc;

/// The longest that nothing happens in a replay unless the user says otherwise, in milliseconds.
pub const IDLE_LIMIT: u64 = 2000;

/// What a step goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// What one drawn screen shows: the events of 33 ms of playing time, at least one.
    Frame,
    /// To where a field closed.
    Field,
    /// To where an attempt began.
    Attempt,
}

/// Plays a history.
#[derive(Clone, Debug)]
pub struct Player {
    history: Arc<History>,
    pace: Pace,
    /// How many events have happened.
    position: usize,
    /// Playing time at the moment `since`, or now while paused.
    elapsed: u64,
    /// The wall time since which it plays; `None` while paused.
    since: Option<u64>,
    speed: Speed,
}

impl Player {
    /// A player that is paused at the beginning. A stretch in which nothing happens lasts `idle_limit` milliseconds at most.
    pub fn new(history: Arc<History>, idle_limit: u64) -> Self {
        Self {
            pace: Pace::new(history.tape(), idle_limit),
            history,
            position: 0,
            elapsed: 0,
            since: None,
            speed: Speed::default(),
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

    /// How many events there are.
    fn end(&self) -> usize {
        self.history.tape().len()
    }

    /// Whether all events have happened.
    pub fn is_over(&self) -> bool {
        self.position == self.end()
    }

    /// Playing time so far in milliseconds.
    pub fn elapsed(&self, now: u64) -> u64 {
        let played = self
            .since
            .map_or(0, |since| self.speed.played(now.saturating_sub(since)));
        self.elapsed.saturating_add(played).min(self.length())
    }

    /// Playing time of the whole in milliseconds.
    pub fn length(&self) -> u64 {
        self.time_at(self.end())
    }

    /// Playing time at which a position is reached, in milliseconds: that of the last event that has happened.
    pub fn time_at(&self, position: usize) -> u64 {
        let last = position.min(self.end()).checked_sub(1);
        last.map_or(0, |last| self.pace.time(self.history.tape(), last))
    }

    /// Whether time passes.
    pub const fn is_playing(&self) -> bool {
        self.since.is_some()
    }

    /// How much faster than life it plays: ¼ to 64.
    pub fn speed(&self) -> f64 {
        self.speed.times()
    }

    /// Plays, from the beginning when it was over, or pauses.
    pub fn toggle(&mut self, now: u64) {
        if self.is_playing() {
            return self.pause(now);
        }
        if self.is_over() {
            self.place(0, 0, now);
        }
        if !self.is_over() {
            self.since = Some(now);
        }
    }

    /// Stops time.
    pub fn pause(&mut self, now: u64) {
        self.advance(now);
        self.elapsed = self.elapsed(now);
        self.since = None;
    }

    /// Sets the speed to the step that is next to `times`.
    pub fn set_speed(&mut self, times: f64, now: u64) {
        self.change_speed(Speed::next_to(times), now);
    }

    /// Twice as fast, up to ×64.
    pub fn faster(&mut self, now: u64) {
        self.change_speed(self.speed.faster(), now);
    }

    /// Half as fast, down to ×¼.
    pub fn slower(&mut self, now: u64) {
        self.change_speed(self.speed.slower(), now);
    }

    /// As fast as life.
    pub fn normal(&mut self, now: u64) {
        self.change_speed(Speed::default(), now);
    }

    /// The place stays: what was played so far was played at the speed before.
    fn change_speed(&mut self, speed: Speed, now: u64) {
        self.advance(now);
        if self.is_playing() {
            self.elapsed = self.elapsed(now);
            self.since = Some(now);
        }
        self.speed = speed;
    }

    /// The wall time at which the next event is due, `now` for one that is overdue; `None` when paused or over.
    pub fn due(&self, now: u64) -> Option<u64> {
        let since = self.since.filter(|_| !self.is_over())?;
        let next = self.time_at(self.position + 1);
        let lasts = self.speed.lasts(next.saturating_sub(self.elapsed));
        Some(since.saturating_add(lasts).max(now))
    }

    /// Lets pass the time until `now`, and returns how many events have happened. At the end it pauses.
    pub fn advance(&mut self, now: u64) -> usize {
        if self.is_playing() {
            let elapsed = self.elapsed(now);
            let happened = self.pace.count_at(self.history.tape(), elapsed);
            self.position = self.position.max(happened);
            if self.is_over() {
                self.elapsed = self.length();
                self.since = None;
            }
        }
        self.position
    }

    /// Goes to the next or the previous place of a kind; where there is none, to the end or the beginning. Stepping by frames pauses.
    pub fn step(&mut self, unit: Unit, forward: bool, now: u64) {
        self.advance(now);
        let to = match unit {
            Unit::Frame => {
                self.pause(now);
                let tape = self.history.tape();
                if forward {
                    self.pace.next_frame(tape, self.position)
                } else {
                    self.pace.previous_frame(tape, self.position)
                }
            }
            Unit::Field => self.marker(forward, |kind| kind == MarkerKind::FieldClosed),
            Unit::Attempt => self.marker(forward, MarkerKind::is_attempt),
        };
        self.seek(to, now);
    }

    /// The position of the next or the previous marker of a kind.
    fn marker(&self, forward: bool, is_wanted: impl Fn(MarkerKind) -> bool) -> usize {
        let markers = self.history.markers();
        let wanted = |marker: &&super::history::Marker| is_wanted(marker.kind);
        if forward {
            let next = markers.partition_point(|marker| marker.position() <= self.position);
            let found = markers.iter().skip(next).find(wanted);
            found.map_or_else(|| self.end(), |marker| marker.position())
        } else {
            let passed = markers.partition_point(|marker| marker.position() < self.position);
            let found = markers.iter().take(passed).rfind(wanted);
            found.map_or(0, |marker| marker.position())
        }
    }

    /// Goes to so many tenths of the playing time.
    pub fn seek_tenth(&mut self, tenth: u8, now: u64) {
        let time = u128::from(self.length()) * u128::from(tenth.min(10)) / 10;
        self.seek_time(u64::try_from(time).unwrap_or(u64::MAX), now);
    }

    /// Goes on or back by some milliseconds of playing time.
    pub fn seek_by(&mut self, ms: i64, now: u64) {
        self.seek_time(self.elapsed(now).saturating_add_signed(ms), now);
    }

    /// Goes to a moment of the playing time.
    fn seek_time(&mut self, time: u64, now: u64) {
        let time = time.min(self.length());
        // At the very beginning nothing has happened.
        let position = if time == 0 {
            0
        } else {
            self.pace.count_at(self.history.tape(), time)
        };
        self.place(position, time, now);
    }

    /// Goes to where `position` events have happened. Positions beyond the end are the end.
    pub fn seek(&mut self, position: usize, now: u64) {
        self.place(position.min(self.end()), self.time_at(position), now);
    }

    fn place(&mut self, position: usize, time: u64, now: u64) {
        self.position = position;
        self.elapsed = time;
        self.since = self.since.filter(|_| position < self.end()).map(|_| now);
    }
}
