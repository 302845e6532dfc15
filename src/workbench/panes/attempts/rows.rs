//! The sentences of the ledger: the plan, and for each attempt why it was made, what came of it and what was done then.
//!
//! Owns the wording and the order of the rows. How they are drawn is the pane's.

use super::columns;
use super::phrases::{figures, place, reason, served, violation};
use super::{Kind, Row};
use crate::event::Fault;
use crate::extract::faults;
use crate::extract::prompt::cut;
use crate::record::{AttemptRecord, RunRecord};
use crate::session::whatif::Difference;
use crate::verdict::{Channel, Outcome, Risk, Verdict};
use crate::words;
use crate::workbench::flow::{Mark, Piece, Tone, flow, mark, text};
use crate::workbench::replay;

/// Bytes of a sentence that came from outside.
pub const SENTENCE: usize = 300;
/// Bytes and lines of an answer that are shown in an attempt's details.
const ANSWER: usize = 800;
const ANSWER_LINES: usize = 8;
/// Repairs, and errors, that are listed one by one.
const LISTED: usize = 40;
/// Where the sentences below an attempt's first row begin.
const INDENT: u16 = 4;

/// Collects rows.
pub(super) struct Writer<'a> {
    run: &'a RunRecord,
    width: u16,
    attempt: Option<usize>,
    pub(super) rows: Vec<Row>,
}

impl<'a> Writer<'a> {
    pub(super) const fn new(run: &'a RunRecord, width: u16, rows: Vec<Row>) -> Self {
        Self {
            run,
            width,
            attempt: None,
            rows,
        }
    }

    fn row(&mut self, kind: Kind, problem: bool) {
        self.rows.push(Row {
            attempt: self.attempt,
            kind,
            problem,
        });
    }

    /// A sentence; `problem` marks its first row.
    fn say(&mut self, pieces: Vec<Piece>, indent: u16, hang: u16, problem: bool) {
        for (at, line) in flow(pieces, self.width, indent, hang).into_iter().enumerate() {
            self.row(Kind::Line(line), problem && at == 0);
        }
    }

    /// A sentence below an attempt's first row, after a glyph.
    fn note(&mut self, glyph: Mark, tone: Tone, pieces: Vec<Piece>, problem: bool) {
        let mut all = vec![mark(glyph, tone), text(" ", tone)];
        all.extend(pieces);
        self.say(all, INDENT, INDENT + 2, problem);
    }

    /// The steps that the run may take.
    pub(super) fn plan(&mut self) {
        let mut pieces = vec![text("plan: ", Tone::Dim)];
        for (at, step) in self.run.plan.iter().enumerate() {
            if at > 0 {
                pieces.extend([text(" ", Tone::Dim), mark(Mark::Arrow, Tone::Dim), text(" ", Tone::Dim)]);
            }
            pieces.push(text(step.mode.as_str(), Tone::Strong));
            if at == 0 && !step.reason.is_empty() {
                pieces.push(text(format!(" ({})", cut(&step.reason, SENTENCE)), Tone::Dim));
            }
        }
        if self.run.plan.is_empty() {
            pieces.push(text("none yet", Tone::Dim));
        }
        self.say(pieces, 1, 3, false);
    }

    /// One attempt: its first row and what is below.
    pub(super) fn attempt(&mut self, index: usize, open: bool) {
        self.attempt = Some(index);
        let run = self.run;
        let attempt = &run.attempts[index];
        self.row(Kind::Header, false);
        if let Some(reason) = reason(run, index) {
            self.say(vec![text(cut(&reason, SENTENCE), Tone::Dim)], INDENT, INDENT, false);
        }
        if open {
            self.details(index);
        }
        self.outcome(index, open);
        let mended = attempt
            .verdict
            .as_ref()
            .is_some_and(|verdict| verdict.errors.is_empty());
        if let Some(next) = run.attempts.get(index + 1).filter(|_| !mended)
            && let Some(step) = words::step(next.why, next.mode)
        {
            self.note(Mark::Arrow, Tone::Info, vec![text(step, Tone::Info)], false);
        }
        self.attempt = None;
    }

    /// What came of an attempt.
    fn outcome(&mut self, index: usize, open: bool) {
        let run = self.run;
        let attempt = &run.attempts[index];
        if let Some(verdict) = &attempt.verdict {
            return self.verdict(verdict, open);
        }
        if let Some((_, closing)) = &attempt.closed {
            return match &closing.error {
                Some(fault) => self.fault(fault),
                None => self.unread(attempt, index),
            };
        }
        if columns::end(run, index).is_some() {
            let words = "stopped before its end";
            return self.note(Mark::Invalid, Tone::Error, vec![text(words, Tone::Text)], false);
        }
        let glyph = columns::state(run, index).0;
        self.note(
            glyph,
            Tone::Growing,
            vec![text(words::doing(run), Tone::Growing)],
            false,
        );
    }

    fn verdict(&mut self, verdict: &Verdict, open: bool) {
        let repairs = verdict.repairs.len();
        let after = if repairs == 0 {
            String::new()
        } else {
            format!(" after {}", words::count(repairs, "repair"))
        };
        let Some(first) = verdict.errors.first() else {
            return self.note(
                Mark::Valid,
                Tone::Valid,
                vec![text(format!("valid{after}"), Tone::Valid)],
                false,
            );
        };
        let problems = words::count(verdict.errors.len(), "problem");
        if open {
            let words = format!("not valid{after}: {problems}, listed above");
            return self.note(Mark::Invalid, Tone::Invalid, vec![text(words, Tone::Invalid)], false);
        }
        let pieces = vec![
            text(format!("not valid{after}, {problems}: "), Tone::Invalid),
            text(cut(&violation(first), SENTENCE), Tone::Text),
        ];
        self.note(Mark::Invalid, Tone::Invalid, pieces, true);
    }

    fn fault(&mut self, fault: &Fault) {
        let mut class = words::fault(fault.class);
        if let Some(status) = fault.status {
            class = format!("{class} (HTTP {status})");
        }
        let pieces = vec![
            text(format!("{class}: "), Tone::Error),
            text(cut(&faults::describe(fault), SENTENCE), Tone::Text),
        ];
        self.note(Mark::Invalid, Tone::Error, pieces, true);
    }

    /// An answer came to its end and there is no verdict on it.
    fn unread(&mut self, attempt: &AttemptRecord, index: usize) {
        let run = self.run;
        let refused = run
            .ended
            .as_ref()
            .is_some_and(|ended| ended.outcome == Outcome::Refused && index + 1 == run.attempts.len());
        let finish = attempt
            .closed
            .as_ref()
            .and_then(|(_, closing)| closing.finish.as_deref());
        if run.ended.is_none() && index + 1 == run.attempts.len() {
            return self.note(
                Mark::Growing,
                Tone::Growing,
                vec![text(words::doing(run), Tone::Growing)],
                false,
            );
        }
        let words = match finish {
            _ if refused || !attempt.answer.text(Channel::Refusal).is_empty() => "refused",
            Some("length") => "cut off by its length",
            Some(_) | None => "no JSON could be read from the answer",
        };
        self.note(Mark::Invalid, Tone::Error, vec![text(words, Tone::Error)], true);
    }

    /// What is shown of an open attempt only.
    fn details(&mut self, index: usize) {
        let attempt = &self.run.attempts[index];
        self.say(vec![text(served(attempt), Tone::Dim)], INDENT, INDENT, false);
        let figures = figures(self.run, index);
        if !figures.is_empty() {
            self.say(vec![text(figures, Tone::Dim)], INDENT, INDENT, false);
        }
        self.answer(attempt);
        let Some(verdict) = &attempt.verdict else { return };
        for repair in verdict.repairs.iter().take(LISTED) {
            let risk = match repair.risk {
                Risk::Safe => "safe",
                Risk::Guess => "a guess",
            };
            let name = words::repair(repair.kind);
            let pieces = vec![
                text(name, Tone::Repair),
                text(format!(" at byte {}, {risk}", repair.offset), Tone::Dim),
            ];
            self.note(Mark::Repair, Tone::Repair, pieces, false);
        }
        self.rest(verdict.repairs.len(), "repair");
        for error in verdict.errors.iter().take(LISTED) {
            let pieces = vec![
                text(place(error).to_owned(), Tone::Key),
                text(format!(" {}: ", error.keyword), Tone::Dim),
                text(cut(&error.message, SENTENCE), Tone::Text),
            ];
            self.note(Mark::Invalid, Tone::Invalid, pieces, true);
        }
        self.rest(verdict.errors.len(), "problem");
    }

    fn rest(&mut self, number: usize, noun: &str) {
        if number > LISTED {
            let words = format!("and {} more", words::count(number - LISTED, noun));
            self.say(vec![text(words, Tone::Dim)], INDENT + 2, INDENT + 2, false);
        }
    }

    /// The first lines of an answer as it came.
    fn answer(&mut self, attempt: &AttemptRecord) {
        let Some(stream) = attempt.answer.primary().filter(|stream| !stream.text.is_empty()) else {
            return self.say(vec![text("no answer", Tone::Dim)], INDENT, INDENT, false);
        };
        let size = stream.text.len();
        let head = cut(&stream.text, ANSWER);
        self.say(
            vec![text(format!("answer, {size} bytes:"), Tone::Dim)],
            INDENT,
            INDENT,
            false,
        );
        let mut lines = head
            .lines()
            .flat_map(|line| flow([text(line, Tone::Text)], self.width, INDENT + 2, INDENT + 2));
        let shown: Vec<_> = lines.by_ref().take(ANSWER_LINES).collect();
        let more = lines.next().is_some() || head.len() < size;
        for line in shown {
            self.row(Kind::Line(line), false);
        }
        if more {
            self.say(
                vec![text("more in the tab Raw", Tone::Dim)],
                INDENT + 2,
                INDENT + 2,
                false,
            );
        }
    }

    /// The wait, the end and the totals.
    pub(super) fn end(&mut self) {
        let run = self.run;
        if let Some(ended) = &run.ended {
            let tone = match ended.outcome {
                Outcome::Valid => Tone::Valid,
                Outcome::Invalid => Tone::Invalid,
                Outcome::Refused | Outcome::Failed => Tone::Error,
                Outcome::Cancelled => Tone::Warning,
            };
            let reason = cut(&ended.reason, 2 * SENTENCE);
            let word = ended.outcome.as_str();
            // `valid at the first attempt` begins with the word already.
            let pieces = match reason.strip_prefix(word) {
                Some(rest) => vec![text(word, tone), text(rest.to_owned(), Tone::Text)],
                None => vec![text(word, tone), text(format!(": {reason}"), Tone::Text)],
            };
            self.say(pieces, 1, 3, false);
        }
        if run.waiting.is_some() {
            self.row(Kind::Waiting, false);
            return;
        }
        if run.ended.is_some() || run.attempts.len() > 1 {
            let mut spent = words::spent(&run.totals);
            if run.ended.is_none() {
                // The time is known at the end only.
                spent.pop();
            }
            self.say(
                vec![text(format!("total: {}", spent.join(", ")), Tone::Dim)],
                1,
                3,
                false,
            );
        }
    }
}

impl Writer<'_> {
    /// What another schema makes of the run.
    pub(super) fn differences(&mut self, all: &[Difference]) {
        let run = self.run.id;
        let here = all.iter().filter(|found| found.run == run);
        self.say(
            vec![text(replay::summary(here.clone().count()), Tone::Warning)],
            1,
            3,
            false,
        );
        for found in here {
            let mut pieces = vec![text(format!("attempt {}: ", found.attempt), Tone::Dim)];
            pieces.extend(replay::words_of(found));
            self.note(Mark::Warning, Tone::Warning, pieces, true);
        }
    }
}
