//! A replay: a recorded session, where it stands, and what another schema would make of it.
//!
//! Owns the state beside the `Model`'s own. The clock is the player's, the record the model's; what keys do with both is `update`'s.

mod difference;
mod status;

use super::editor::Editor;
use super::effect::Rejudged;
use super::timeline;
use crate::record::Record;
use crate::session::history::{History, MarkerKind};
use crate::session::player::Player;
use crate::session::tape::Tape;
use crate::session::whatif::Difference;
use crate::task::Task;
pub use difference::{summary, words_of};
pub use status::ReplayStatus;
use std::sync::Arc;

/// What was opened to be replayed.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The session.
    pub history: Arc<History>,
    /// Stretches in which nothing happens are played in so many milliseconds at most.
    pub idle_limit: u64,
    /// A schema to be tried on it from the beginning.
    pub schema: Option<String>,
    /// Where it begins, in events that have happened; `None` for where a run has begun.
    pub position: Option<usize>,
}

/// What waits behind a replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    /// The shell: leaving ends the program.
    Shell,
    /// A workbench, to which leaving goes back. Whether something of it would be lost without that.
    Workbench {
        /// It is in no session.
        unsaved: bool,
    },
}

impl Behind {
    /// Whether something is lost when the replay is not left for it.
    pub const fn is_unsaved(self) -> bool {
        matches!(self, Self::Workbench { unsaved: true })
    }
}

/// The schema that is tried on a recording.
#[derive(Debug, Default)]
pub struct WhatIf {
    /// The revision that is being judged. One at a time, as with checks.
    pub asked: Option<u64>,
    /// How what is shown differs from what was recorded; `None` while that is shown.
    pub differences: Option<Arc<[Difference]>>,
    /// What was recorded, as it was when it was shown last, and the position then.
    kept: Option<(Box<Record>, usize)>,
}

/// A replay.
#[derive(Debug)]
pub struct Replay {
    /// Where it stands.
    pub player: Player,
    /// What was recorded; the player has another history while a schema is tried.
    pub recorded: Arc<History>,
    /// Whether the timeline has the focus.
    pub focused: bool,
    /// What waits behind it.
    pub behind: Behind,
    /// The schema that is tried.
    pub what_if: WhatIf,
    /// The schema's text as recorded, of the run that is shown.
    pub schema: String,
    /// The provider's name of that run.
    pub provider: Option<String>,
    /// Which run's texts are in the panes: the number of runs, and of events before there is one.
    pub texts: Option<(usize, usize)>,
    idle_limit: u64,
    marks: Marks,
}

/// The marks of a timeline, made for a width and a history.
#[derive(Debug, Default)]
struct Marks {
    width: u16,
    columns: Vec<Option<MarkerKind>>,
    made: bool,
}

impl Replay {
    /// At the beginning of a session, which has the focus and pauses.
    pub fn new(recorded: Recorded, behind: Behind) -> Self {
        Self {
            player: Player::new(Arc::clone(&recorded.history), recorded.idle_limit),
            recorded: recorded.history,
            focused: true,
            behind,
            what_if: WhatIf::default(),
            schema: String::new(),
            provider: None,
            texts: None,
            idle_limit: recorded.idle_limit,
            marks: Marks::default(),
        }
    }

    /// The first moment at which there is something to see: a run has been asked for.
    pub fn opening(&self) -> usize {
        let runs = (0..self.recorded.tape().len()).find(|at| self.task_at(*at).is_some());
        runs.map_or(self.recorded.tape().len(), |at| at + 1)
    }

    /// What the first run asks for: the panes before anything has happened.
    pub fn first_task(&self) -> Option<(Arc<Task>, String)> {
        (0..self.recorded.tape().len()).find_map(|at| self.task_at(at))
    }

    fn task_at(&self, at: usize) -> Option<(Arc<Task>, String)> {
        match self.recorded.tape().event(at).as_ref() {
            crate::event::RunEvent::Started { task, provider, .. } => Some((Arc::clone(task), provider.clone())),
            _ => None,
        }
    }

    /// Whether a schema's text is another one than recorded: typed here, and nowhere else.
    pub fn is_edited(&self, schema: &Editor) -> bool {
        self.texts.is_some() && schema.text() != self.schema
    }

    /// Plays what a recording would have been under another schema, at the same place. `shown` is what was shown until
    /// now; returns what is from now on.
    pub fn try_on(&mut self, rejudged: Rejudged, shown: Record, now: u64) -> Record {
        let position = self.player.position();
        if self.what_if.differences.is_none() {
            self.what_if.kept = Some((Box::new(shown), position));
        }
        self.what_if.differences = Some(rejudged.differences.into());
        self.play(rejudged.history, *rejudged.record, rejudged.position, now)
    }

    /// Plays what was recorded again, at the same place; `None` when that is what is played.
    pub fn take_off(&mut self, now: u64) -> Option<Record> {
        self.what_if.differences.take()?;
        let (record, position) = self.what_if.kept.take().unwrap_or_default();
        Some(self.play(Arc::clone(&self.recorded), *record, position, now))
    }

    /// Plays another history at the same place. `record` is what it adds up to at `from`.
    fn play(&mut self, history: Arc<History>, mut record: Record, from: usize, now: u64) -> Record {
        let position = same_place(self.player.history().tape(), self.player.position(), history.tape());
        let (speed, playing) = (self.player.speed(), self.player.is_playing());
        history.seek(&mut record, from, position);
        self.player = Player::new(history, self.idle_limit);
        self.player.set_speed(speed, now);
        self.player.seek(position, now);
        if playing && position < self.player.history().tape().len() {
            self.player.toggle(now);
        }
        self.marks.made = false;
        record
    }

    /// The session's time that is shown at `now`, in milliseconds: the last event's, and what has been played since.
    pub fn moment(&self, now: u64) -> u64 {
        let position = self.player.position();
        let Some(last) = position.checked_sub(1) else { return 0 };
        let since = self.player.elapsed(now).saturating_sub(self.player.time_at(position));
        self.player.history().tape().at(last).saturating_add(since)
    }

    /// Makes the marks for a timeline of `width` columns, unless they are made.
    pub fn sync(&mut self, width: u16) {
        if self.marks.made && self.marks.width == width {
            return;
        }
        let length = self.player.length();
        let markers = self.player.history().markers().iter();
        let moments = markers.map(|marker| (self.player.time_at(marker.position()), marker.kind));
        self.marks = Marks {
            width,
            columns: timeline::marks(moments, length, timeline::bar_width(width, length)),
            made: true,
        };
    }

    /// The timeline at `now`.
    pub fn timeline(&self, now: u64) -> timeline::Timeline<'_> {
        timeline::Timeline {
            elapsed: self.player.elapsed(now),
            length: self.player.length(),
            playing: self.player.is_playing(),
            focused: self.focused,
            marks: &self.marks.columns,
        }
    }

    /// What the status line says of it at `now`.
    pub fn status(&self, now: u64) -> ReplayStatus {
        let position = self.player.position();
        let markers = self.player.history().markers();
        // Of several at one event, the last is the most telling.
        let here = markers.partition_point(|marker| marker.position() <= position);
        let here = here.checked_sub(1).and_then(|at| markers.get(at));
        ReplayStatus {
            event: position,
            events: self.player.history().tape().len(),
            elapsed: self.player.elapsed(now),
            length: self.player.length(),
            speed: self.player.speed(),
            playing: self.player.is_playing(),
            here: here
                .filter(|marker| marker.position() == position)
                .map(|marker| timeline::word(marker.kind)),
            differences: self.what_if.differences.as_ref().map(|found| found.len()),
        }
    }
}

/// The position in `new` at which as much has happened as in `old` at `position`. Another schema may add verdicts, and take some away:
/// of what has the same stamp as many are still to come.
pub fn same_place(old: &Tape, position: usize, new: &Tape) -> usize {
    let Some(last) = position.checked_sub(1).filter(|_| old.len() != new.len()) else {
        return position;
    };
    let at = old.at(last);
    let to_come = old.count_at(at).saturating_sub(position);
    let before = at.checked_sub(1).map_or(0, |earlier| new.count_at(earlier));
    new.count_at(at).saturating_sub(to_come).max(before)
}
