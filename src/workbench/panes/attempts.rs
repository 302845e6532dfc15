//! The tab Attempts: the ledger of a run, newest last.
//!
//! Owns which rows there are, the cursor in them and which attempts are open. The sentences are made in `rows`, what is said in few words in
//! `phrases`, the columns of an attempt's first row in `columns`.

mod columns;
mod phrases;
mod rows;
#[cfg(test)]
mod tests;

use crate::event::RunId;
use crate::record::RunRecord;
use crate::session::whatif::Difference;
use crate::words;
use crate::workbench::action::Action;
use crate::workbench::draw::{paint_row, put};
use crate::workbench::flow::{self, Line, Tone, plain, text};
use crate::workbench::rows::{Rows, next};
use crate::workbench::styles::Look;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is said before the first run.
const EMPTY: &str = "No run yet. Press r to run; every request is listed here with its reason, time, tokens and cost.";

/// A row of the ledger.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    /// The attempt it belongs to, as an index into the record.
    attempt: Option<usize>,
    kind: Kind,
    /// Whether it is where the next problem is found.
    problem: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    /// An attempt's first row, drawn from the record.
    Header,
    /// The wait under way, with its countdown.
    Waiting,
    /// Anything else.
    Line(Line),
}

/// The pane's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttemptsPane {
    /// The run that is shown: its number and its beginning.
    shown: Option<(RunId, u64)>,
    /// Its attempts when it was last looked at.
    attempts: usize,
    width: u16,
    rows: Vec<Row>,
    cursor: Rows,
    /// The attempts that are open, by index.
    open: BTreeSet<usize>,
    /// What is searched, in lower case; empty for nothing.
    needle: String,
    /// What another schema makes of a replayed session, if one is tried.
    differences: Option<Arc<[Difference]>>,
}

impl AttemptsPane {
    /// Takes in what the run has become, for a pane of `width` columns inside. Costs what the last attempt's rows cost, unless another
    /// run, another width or an earlier moment is shown.
    pub fn sync(&mut self, run: Option<&RunRecord>, width: u16) {
        let shown = run.map(|run| (run.id, run.started));
        if shown != self.shown {
            self.open.clear();
            self.cursor = Rows::default();
            self.attempts = 0;
            self.shown = shown;
        }
        let whole = self.width != width || run.is_none_or(|run| run.attempts.len() < self.attempts);
        self.width = width;
        self.lay(run, if whole { 0 } else { self.attempts.saturating_sub(1) });
    }

    /// A replay is judged under another schema, with these differences, or as it was recorded. Every row is made anew at the next
    /// [`Self::sync`].
    pub fn rejudged(&mut self, differences: Option<Arc<[Difference]>>) {
        self.differences = differences;
        self.width = 0;
    }

    /// The rows anew from those of attempt `from` on.
    fn lay(&mut self, run: Option<&RunRecord>, from: usize) {
        let Some(run) = run else {
            self.rows = flow::flow([text(EMPTY, Tone::Dim)], self.width, 1, 1)
                .into_iter()
                .map(|line| Row {
                    attempt: None,
                    kind: Kind::Line(line),
                    problem: false,
                })
                .collect();
            self.attempts = 0;
            return;
        };
        let kept = self
            .rows
            .iter()
            .position(|row| row.attempt.is_some_and(|attempt| attempt >= from))
            .filter(|_| from > 0);
        let from = if kept.is_some() { from } else { 0 };
        self.rows.truncate(kept.unwrap_or(0));
        let mut writer = rows::Writer::new(run, self.width, std::mem::take(&mut self.rows));
        if from == 0 {
            writer.plan();
        }
        for attempt in from..run.attempts.len() {
            writer.attempt(attempt, self.open.contains(&attempt));
        }
        writer.end();
        if let Some(differences) = &self.differences {
            writer.differences(differences);
        }
        self.rows = writer.rows;
        self.attempts = run.attempts.len();
    }

    /// Does what a key asks for in a pane of `height` rows inside; `false` when it means nothing here.
    pub fn act(&mut self, action: Action, run: Option<&RunRecord>, height: u16) -> bool {
        let len = self.rows.len();
        if self.cursor.act(action, len, height) {
            return true;
        }
        let at = self.cursor.cursor(len);
        let attempt = self.rows.get(at).and_then(|row| row.attempt);
        match action {
            Action::Open | Action::Fold => self.toggle(attempt, run, height),
            Action::Right => self.unfold(attempt, run, height),
            Action::Left => self.fold(attempt, run, height),
            Action::FoldAll | Action::UnfoldAll => {
                self.open = match action {
                    Action::UnfoldAll => (0..self.attempts).collect(),
                    _ => BTreeSet::new(),
                };
                self.lay(run, 0);
                self.go_to(attempt, height);
            }
            Action::NextProblem | Action::PreviousProblem => {
                let found = next(len, at, action == Action::NextProblem, |row| self.rows[row].problem);
                self.go(found, height);
            }
            Action::NextMatch | Action::PreviousMatch => {
                let found = next(len, at, action == Action::NextMatch, |row| self.matches(row, run));
                self.go(found, height);
            }
            _ => return false,
        }
        true
    }

    /// Looks for a text from the cursor on, whatever its case; an empty one ends the search. Returns whether there is one.
    pub fn search(&mut self, needle: &str, run: Option<&RunRecord>, height: u16) -> bool {
        self.needle = needle.to_lowercase();
        let len = self.rows.len();
        let before = (self.cursor.cursor(len) + len).saturating_sub(1) % len.max(1);
        let found = next(len, before, true, |row| self.matches(row, run));
        self.go(found, height);
        found.is_some()
    }

    /// The number of the attempt under the cursor; below all of them that of the last.
    pub fn selected_attempt(&self, run: &RunRecord) -> Option<u32> {
        let row = self.rows.get(self.cursor.cursor(self.rows.len()))?;
        let index = row.attempt.unwrap_or(run.attempts.len().wrapping_sub(1));
        Some(run.attempts.get(index)?.number)
    }

    /// The text of the row under the cursor.
    pub fn selected_text(&self, run: Option<&RunRecord>) -> String {
        self.text(self.cursor.cursor(self.rows.len()), run).trim().to_owned()
    }

    /// Draws the rows that are visible. `now` is what running times and countdowns are counted to.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look, run: Option<&RunRecord>, now: u64, focused: bool) {
        let len = self.rows.len();
        let top = self.cursor.top(len, area.height);
        let cursor = self.cursor.cursor(len);
        for (row, at) in (0..area.height).zip(top..len) {
            self.draw(buf, area, row, &self.rows[at], look, run, now);
            if at == cursor && run.is_some() {
                let style = if focused {
                    look.styles.selected
                } else {
                    look.styles.selected_unfocused
                };
                paint_row(buf, area, row, style);
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a private step of `view`, which has them from its caller"
    )]
    fn draw(&self, buf: &mut Buffer, area: Rect, at: u16, row: &Row, look: &Look, run: Option<&RunRecord>, now: u64) {
        match (&row.kind, run) {
            (Kind::Line(line), _) => {
                flow::draw(buf, area, at, line, look, &self.needle);
            }
            (Kind::Header, Some(run)) => {
                let Some(index) = row.attempt.filter(|index| *index < run.attempts.len()) else {
                    return;
                };
                let line = columns::header(run, index, self.open.contains(&index), now, area.width);
                flow::draw(buf, area, at, &line, look, &self.needle);
            }
            (Kind::Waiting, Some(run)) => {
                if let Some(waiting) = &run.waiting {
                    let left = words::running(waiting.until.saturating_sub(now));
                    let words = format!(" waiting {left}: {}", waiting.reason);
                    put(buf, area.x, area.y + at, area.width, &words, look.styles.growing);
                }
            }
            (Kind::Header | Kind::Waiting, None) => {}
        }
    }

    fn toggle(&mut self, attempt: Option<usize>, run: Option<&RunRecord>, height: u16) {
        let Some(attempt) = attempt else { return };
        if !self.open.remove(&attempt) {
            self.open.insert(attempt);
        }
        self.lay(run, 0);
        self.go_to(Some(attempt), height);
    }

    fn unfold(&mut self, attempt: Option<usize>, run: Option<&RunRecord>, height: u16) {
        if attempt.is_some_and(|attempt| !self.open.contains(&attempt)) {
            self.toggle(attempt, run, height);
        }
    }

    /// Closes an attempt that is open; from a row below an attempt's first one to that one.
    fn fold(&mut self, attempt: Option<usize>, run: Option<&RunRecord>, height: u16) {
        if attempt.is_some_and(|attempt| self.open.contains(&attempt)) {
            self.toggle(attempt, run, height);
        } else {
            self.go_to(attempt, height);
        }
    }

    /// To the first row of an attempt.
    fn go_to(&mut self, attempt: Option<usize>, height: u16) {
        let found = self
            .rows
            .iter()
            .position(|row| row.attempt.is_some() && row.attempt == attempt);
        self.go(found, height);
    }

    fn go(&mut self, row: Option<usize>, height: u16) {
        if let Some(row) = row {
            self.cursor.go(row, self.rows.len(), height);
        }
    }

    fn matches(&self, row: usize, run: Option<&RunRecord>) -> bool {
        !self.needle.is_empty() && self.text(row, run).to_lowercase().contains(&self.needle)
    }

    fn text(&self, row: usize, run: Option<&RunRecord>) -> String {
        let Some(row) = self.rows.get(row) else {
            return String::new();
        };
        match (&row.kind, run, row.attempt) {
            (Kind::Line(line), _, _) => plain(line),
            (Kind::Header, Some(run), Some(index)) if index < run.attempts.len() => {
                plain(&columns::header(run, index, false, 0, u16::MAX))
            }
            (Kind::Waiting, Some(run), _) => run
                .waiting
                .as_ref()
                .map_or_else(String::new, |waiting| format!("waiting: {}", waiting.reason)),
            (Kind::Header | Kind::Waiting, _, _) => String::new(),
        }
    }
}
