//! The narration of a run on stderr: one line that is redrawn in place on a terminal, and finished lines above it.
//!
//! Owns the look of both and how often they are drawn. What happened comes from the run's events; who calls decides what is worth a
//! line. Nothing is drawn in place on a pipe, where each finished line is all there is.

use crate::text::one_line;
use crate::words::{dollars, seconds};
use std::io::Write;
use std::time::{Duration, Instant};

/// The shortest time between two drawings of the line.
const PACE: Duration = Duration::from_millis(100);

/// Back to the first column, and clear from there.
const REDRAW: &[u8] = b"\r\x1b[K";

/// What the line shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LiveState {
    /// The model.
    pub model: String,
    /// The mode it is asked in.
    pub mode: String,
    /// What is going on, in a word or two.
    pub state: String,
    /// Fields that have closed.
    pub fields_closed: usize,
    /// Fields that the schema has; 0 if that cannot be told.
    pub fields_known: usize,
    /// Tokens a second, once known.
    pub tokens_per_s: Option<f64>,
    /// Dollars so far, once known.
    pub cost: Option<f64>,
    /// Milliseconds since the run began.
    pub elapsed_ms: u64,
}

impl LiveState {
    /// The line, without anything that steers a terminal, at most `columns` wide.
    pub fn line(&self, columns: usize) -> String {
        let mut line = String::new();
        for word in [&self.model, &self.mode, &self.state] {
            part(&mut line, word);
        }
        match (self.fields_closed, self.fields_known) {
            (0, 0) => {}
            (closed, 0) => part(&mut line, &format!("{closed} fields")),
            (closed, known) => part(&mut line, &format!("{closed}/{known} fields")),
        }
        if let Some(speed) = self.tokens_per_s {
            part(&mut line, &format!("{speed:.0} tok/s"));
        }
        if let Some(cost) = self.cost {
            part(&mut line, &dollars(cost));
        }
        part(&mut line, &seconds(self.elapsed_ms));
        one_line(&line, columns).into_owned()
    }
}

fn part(line: &mut String, text: &str) {
    if !text.is_empty() {
        let gap = if line.is_empty() { "" } else { "  " };
        line.push_str(gap);
        line.push_str(text);
    }
}

/// Writes narration. What cannot be written is dropped, and so is all that follows: a reader of stderr that left (`2>&1 | head`)
/// must cost neither the value nor the exit code.
#[derive(Debug)]
pub struct Narrator<W> {
    out: W,
    /// The terminal's columns; `None` on a pipe.
    columns: Option<usize>,
    quiet: bool,
    /// When the line was last drawn.
    drawn: Option<Instant>,
    /// Whether a line stands on the screen.
    standing: bool,
    /// Whether nobody can be told anything any more.
    lost: bool,
}

impl<W: Write> Narrator<W> {
    /// A narrator for a terminal of so many columns, or for a pipe. A quiet one writes nothing.
    pub const fn new(out: W, columns: Option<usize>, quiet: bool) -> Self {
        Self {
            out,
            columns,
            quiet,
            drawn: None,
            standing: false,
            lost: false,
        }
    }

    /// Takes note of another width.
    pub fn resize(&mut self, columns: usize) {
        self.columns = self.columns.map(|_| columns);
    }

    /// Draws the line, unless that was done a moment ago or nobody could see it.
    pub fn update(&mut self, state: &LiveState, now: Instant) {
        let Some(columns) = self.columns.filter(|_| !self.quiet) else {
            return;
        };
        if self
            .drawn
            .is_some_and(|drawn| now.saturating_duration_since(drawn) < PACE)
        {
            return;
        }
        self.drawn = Some(now);
        self.standing = true;
        // The last column stays free: some terminals wrap as soon as it is written.
        let line = state.line(columns.saturating_sub(1));
        self.write(&[REDRAW, line.as_bytes()].concat());
    }

    /// Writes a finished line, above the one that is redrawn.
    pub fn say(&mut self, text: &str) {
        if self.quiet {
            return;
        }
        self.clear();
        // So that the line comes back with the next update.
        self.drawn = None;
        self.write(format!("{}\n", crate::text::clean(text)).as_bytes());
    }

    /// Writes a finished line even when quiet: an error, or the last value of a run that failed.
    pub fn insist(&mut self, text: &str) {
        let quiet = std::mem::replace(&mut self.quiet, false);
        self.say(text);
        self.quiet = quiet;
    }

    /// Whether there is a line to redraw.
    pub const fn is_live(&self) -> bool {
        self.columns.is_some() && !self.quiet
    }

    /// Takes the line away, so that something else can be written.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.standing) {
            self.write(REDRAW);
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        if !self.lost {
            self.lost = self.out.write_all(bytes).and_then(|()| self.out.flush()).is_err();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LiveState, Narrator};
    use std::time::{Duration, Instant};

    fn state() -> LiveState {
        LiveState {
            model: "vendor/model".into(),
            mode: "tools".into(),
            state: "writing".into(),
            fields_closed: 3,
            fields_known: 5,
            tokens_per_s: Some(41.6),
            cost: Some(0.00123),
            elapsed_ms: 2_340,
        }
    }

    #[test]
    fn lines() {
        let full = "vendor/model  tools  writing  3/5 fields  42 tok/s  $0.001230  2.3s";
        let table = [
            (state(), 80, full),
            (state(), 24, "vendor/model  tools  wr…"),
            (
                LiveState {
                    fields_known: 0,
                    tokens_per_s: None,
                    cost: None,
                    ..state()
                },
                80,
                "vendor/model  tools  writing  3 fields  2.3s",
            ),
            (
                LiveState {
                    state: "wait".into(),
                    ..LiveState::default()
                },
                80,
                "wait  0.0s",
            ),
            (
                LiveState {
                    model: "a\x1b[2Jb\n".into(),
                    ..LiveState::default()
                },
                80,
                "a␛[2Jb␊  0.0s",
            ),
        ];
        for (state, columns, expected) in table {
            assert_eq!(state.line(columns), expected);
        }
    }

    fn narrate(columns: Option<usize>, quiet: bool) -> String {
        let mut out = Vec::new();
        let mut narrator = Narrator::new(&mut out, columns, quiet);
        let start = Instant::now();
        let state = LiveState {
            state: "go".into(),
            ..LiveState::default()
        };
        for ms in [0, 50, 99, 100] {
            narrator.update(&state, start + Duration::from_millis(ms));
        }
        narrator.say("fell back\x1b to json");
        narrator.update(&state, start + Duration::from_millis(101));
        narrator.clear();
        narrator.clear();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_terminal_is_redrawn_at_most_ten_times_a_second() {
        let line = "\r\x1b[Kgo  0.0s";
        let expected = format!("{line}{line}\r\x1b[Kfell back␛ to json\n{line}\r\x1b[K");
        assert_eq!(narrate(Some(80), false), expected);
    }

    #[test]
    fn a_pipe_gets_finished_lines_only() {
        assert_eq!(narrate(None, false), "fell back␛ to json\n");
        assert_eq!(narrate(None, true), "");
        assert_eq!(narrate(Some(80), true), "");
    }
}
