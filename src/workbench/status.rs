//! The status line: who is asked how, what is going on, and what it has cost.
//!
//! Owns the words and which of them leave first when the line is short. The facts come from the record and the settings.

mod fit;
#[cfg(test)]
mod tests;

use crate::record::RunRecord;
use crate::task::{Mode, ModeChoice};
use crate::text::clean;
use crate::verdict::Outcome;
use crate::words;
use crate::workbench::draw::{paint_row, put};
use crate::workbench::replay::ReplayStatus;
use crate::workbench::styles::{Look, Styles};
use fit::{Detail, Part};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// What the line shows of the settings: for the next run, while there is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// The model that would be asked.
    pub model: String,
    /// The mode that would be.
    pub mode: ModeChoice,
    /// The plan's first step and its reason, once it is known.
    pub planned: Option<(Mode, String)>,
    /// The provider's name, or how it stands with it.
    pub provider: String,
    /// Whether that is a provider that can be asked. While it is not, no other one than the last run's has been chosen.
    pub usable: bool,
    /// Whether the model is the one inside the program, used because nothing else was set up.
    pub demo: bool,
    /// Whether a session is written.
    pub recording: bool,
    /// Where a replay stands.
    pub replay: Option<ReplayStatus>,
}

/// What is going on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Doing {
    /// Nothing has run.
    #[default]
    Ready,
    /// Something, for so many milliseconds.
    Running {
        /// In a word or two.
        what: String,
        /// Since the run began.
        ms: u64,
    },
    /// A retry waits for so many milliseconds more.
    Waiting {
        /// Until it goes on.
        ms: u64,
    },
    /// It is over.
    Ended {
        /// How.
        outcome: Outcome,
        /// How long it took.
        ms: u64,
    },
}

/// Everything that the line shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatusState {
    /// The model asked.
    pub model: String,
    /// The mode that was chosen.
    pub choice: ModeChoice,
    /// The mode in use.
    pub mode: Option<Mode>,
    /// Why it is.
    pub why: String,
    /// The provider's name.
    pub provider: String,
    /// Whether this is the model inside the program, for want of another.
    pub demo: bool,
    /// What is going on.
    pub doing: Doing,
    /// Milliseconds from sending to the first piece of the answer.
    pub first_ms: Option<u64>,
    /// Tokens of the answer a second.
    pub tokens_per_s: Option<f64>,
    /// Tokens of all answers; estimated for one that has not ended.
    pub tokens: u64,
    /// Dollars over all attempts.
    pub cost: Option<f64>,
    /// Fields closed and fields known.
    pub fields: Option<(usize, usize)>,
    /// Problems found in the last answer, once it has been looked at.
    pub problems: Option<usize>,
    /// Whether a session is written.
    pub recording: bool,
    /// Where a replay stands.
    pub replay: Option<ReplayStatus>,
}

impl StatusState {
    /// What the line shows at `now`: the run, or the settings when they are those of another run that may come. Costs the same
    /// however large the run is.
    pub fn of(run: Option<&RunRecord>, settings: &Settings, now: u64) -> Self {
        let mut state = Self {
            recording: settings.recording,
            replay: settings.replay.clone(),
            demo: settings.demo,
            ..Self::default()
        };
        if let Some(run) = run.filter(|run| settings.replay.is_some() || is_told_of(run, settings)) {
            state.take(run, now);
        } else {
            let planned = settings.planned.clone();
            state.model.clone_from(&settings.model);
            state.choice = settings.mode;
            state.mode = planned.as_ref().map(|(mode, _)| *mode);
            state.why = planned.map(|(_, why)| why).unwrap_or_default();
            state.provider.clone_from(&settings.provider);
        }
        state
    }

    fn take(&mut self, run: &RunRecord, now: u64) {
        let attempt = run.attempt();
        self.model.clone_from(&run.task.model);
        self.choice = run.task.mode;
        self.mode = attempt
            .map(|attempt| attempt.mode)
            .or(run.plan.first().map(|step| step.mode));
        let planned = run.plan.iter().find(|step| Some(step.mode) == self.mode);
        self.why = planned.map(|step| step.reason.clone()).unwrap_or_default();
        self.provider.clone_from(&run.provider);
        self.doing = doing(run, now);
        self.cost = run.totals.usage.cost;
        self.tokens = run.totals.usage.completion;
        let Some(attempt) = attempt else { return };
        self.first_ms = attempt.first_piece_ms();
        self.tokens_per_s = attempt.tokens_per_s(now);
        if attempt.closed.is_none() {
            let bytes: usize = attempt.answer.streams.iter().map(|stream| stream.text.len()).sum();
            self.tokens += bytes as u64 / 4;
        }
        self.fields = attempt.answer.progress();
        let reading = attempt.answer.primary().and_then(|stream| stream.reading.as_ref());
        self.problems = match &attempt.verdict {
            Some(verdict) => Some(verdict.errors.len()),
            None => reading.map(|reading| reading.fields.invalid().len()),
        };
    }

    /// Draws the line: everything where there is room, else what matters most; nothing is cut but what has a line to itself.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        paint_row(buf, area, 0, look.styles.status);
        if area.height == 0 {
            return;
        }
        let parts = fit::fitting(usize::from(area.width), |detail| self.parts(detail, look));
        let mut x = area.x;
        for (at, part) in parts.iter().enumerate() {
            let gap = if at == 0 {
                " ".to_owned()
            } else {
                format!(" {} ", look.glyphs.separator)
            };
            for (words, style) in [(&gap, look.styles.status), (&part.words, part.style)] {
                x += put(buf, x, area.y, area.right().saturating_sub(x), words, style);
            }
        }
    }

    fn parts(&self, detail: &Detail, look: &Look) -> Vec<Part> {
        let styles = &look.styles;
        let plain = |words: String| Part::new(words, styles.status);
        let mut parts = self.replayed(detail, styles);
        if !self.model.is_empty() {
            let mut part = Part::new(self.named(detail), styles.status_strong);
            part.expendable = true;
            parts.push(part);
        }
        if !detail.no_mode {
            parts.push(plain(self.asked(detail)));
        }
        if !detail.no_provider && !self.provider.is_empty() {
            parts.push(plain(clean(&self.provider).into_owned()));
        }
        // Before a run has begun, the replay's own words say all.
        if self.replay.is_none() || self.doing != Doing::Ready {
            parts.push(self.state(detail, look));
        }
        if let Some(first) = self.first_ms.filter(|_| !detail.no_first) {
            parts.push(plain(format!("first {}", words::span(first))));
        }
        if let Some(speed) = self.tokens_per_s.filter(|_| !detail.no_speed) {
            parts.push(plain(format!("{speed:.0} tok/s")));
        }
        if self.tokens > 0 && !detail.no_tokens {
            parts.push(plain(format!("{} tok", self.tokens)));
        }
        if let Some(cost) = self.cost.filter(|_| !detail.no_cost) {
            parts.push(plain(words::dollars(cost)));
        }
        parts.extend(self.fields(detail).map(plain));
        parts.extend(self.found(detail, styles));
        if !self.recording && self.replay.is_none() && !detail.no_recording {
            parts.push(Part::new("not recording".into(), styles.status.patch(styles.warning)));
        }
        parts
    }

    /// Where a replay stands, and what a tried schema has come to.
    fn replayed(&self, detail: &Detail, styles: &Styles) -> Vec<Part> {
        let Some(replay) = &self.replay else { return Vec::new() };
        let what_if = replay.what_if();
        let words = match what_if {
            Some(_) if detail.replay >= 2 => Some("what if".to_owned()),
            other => other,
        };
        let mut parts = vec![Part::new(replay.words(detail.replay), styles.status_strong)];
        parts.extend(words.map(|words| Part::new(words, styles.status.patch(styles.warning))));
        parts
    }

    fn named(&self, detail: &Detail) -> String {
        let model = clean(&self.model);
        let name = if detail.short_model {
            model.rsplit('/').next().unwrap_or(&model)
        } else {
            &model
        };
        match (self.demo, detail.short_demo, detail.no_demo) {
            (true, false, false) => format!("{name} (demo model)"),
            (true, true, false) => format!("{name} (demo)"),
            (false, _, _) | (true, _, true) => name.to_owned(),
        }
    }

    fn asked(&self, detail: &Detail) -> String {
        let auto = self.choice == ModeChoice::Auto;
        let mut words = match self.mode {
            Some(mode) if auto && !detail.short_mode => format!("{mode} (auto)"),
            Some(mode) => mode.to_string(),
            None => self.choice.to_string(),
        };
        if !self.why.is_empty() && !detail.no_why {
            words = format!("{words}: {}", clean(&self.why));
        }
        words
    }

    fn state(&self, detail: &Detail, look: &Look) -> Part {
        let styles = &look.styles;
        let over = |glyph: &str, outcome: Outcome, ms: u64| {
            if detail.short_state {
                format!("{glyph} {outcome}")
            } else {
                format!("{glyph} {outcome} {}", words::span(ms))
            }
        };
        let (words, style) = match &self.doing {
            Doing::Ready => ("ready".to_owned(), Style::new()),
            Doing::Running { what, ms } => {
                let what = if detail.short_state { short(what) } else { what };
                (format!("{} {}", clean(what), words::running(*ms)), styles.growing)
            }
            Doing::Waiting { ms } if detail.short_state => (format!("waiting {}", words::running(*ms)), styles.warning),
            Doing::Waiting { ms } => (format!("trying again in {}", words::running(*ms)), styles.warning),
            Doing::Ended { outcome, ms } => {
                let (glyph, style) = match outcome {
                    Outcome::Valid => (look.glyphs.valid, styles.valid),
                    Outcome::Invalid => (look.glyphs.invalid, styles.invalid),
                    Outcome::Refused | Outcome::Failed => (look.glyphs.invalid, styles.error),
                    Outcome::Cancelled => (look.glyphs.warning, styles.warning),
                };
                (over(glyph, *outcome, *ms), style)
            }
        };
        Part::new(words, styles.status_strong.patch(style))
    }

    fn fields(&self, detail: &Detail) -> Option<String> {
        let (closed, known) = self.fields.filter(|_| !detail.no_fields)?;
        Some(match detail.fields {
            0 => format!("{closed} of {known} fields"),
            1 => format!("{closed}/{known} fields"),
            _ => format!("{closed}/{known}"),
        })
    }

    fn found(&self, detail: &Detail, styles: &Styles) -> Option<Part> {
        let number = self
            .problems
            .filter(|number| !detail.no_problems && (*number > 0 || !detail.no_good_news))?;
        let style = if number > 0 {
            styles.status.patch(styles.invalid)
        } else {
            styles.status
        };
        Some(Part::new(words::count(number, "problem"), style))
    }
}

/// Whether the line still tells of a run: until it is over and another model, mode or provider has been chosen.
fn is_told_of(run: &RunRecord, settings: &Settings) -> bool {
    let asked = !settings.usable || run.provider == settings.provider;
    run.ended.is_none() || (asked && run.task.model == settings.model && run.task.mode == settings.mode)
}

/// The first word of what is going on.
fn short(what: &str) -> &str {
    what.split(' ').next().unwrap_or(what)
}

fn doing(run: &RunRecord, now: u64) -> Doing {
    if let Some(ended) = &run.ended {
        return Doing::Ended {
            outcome: ended.outcome,
            ms: run.totals.ms,
        };
    }
    if let Some(waiting) = &run.waiting {
        return Doing::Waiting {
            ms: waiting.until.saturating_sub(now),
        };
    }
    Doing::Running {
        what: words::doing(run),
        ms: now.saturating_sub(run.started),
    }
}

/// Milliseconds until what is shown of a run changes by the clock alone; `None` when it does not.
pub fn needs_clock(run: Option<&RunRecord>, now: u64) -> Option<u64> {
    match doing(run?, now) {
        Doing::Ready | Doing::Ended { .. } => None,
        Doing::Waiting { ms } => words::shrinking_changes_in(ms),
        Doing::Running { ms, .. } => Some(words::running_changes_in(ms)),
    }
}
