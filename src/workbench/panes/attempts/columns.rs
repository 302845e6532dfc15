//! The first row of an attempt: its figures in columns, of which the least needed leave when the pane is narrow.
//!
//! Owns the columns' widths and the order in which they leave.

use crate::record::{AttemptRecord, RunRecord};
use crate::words;
use crate::workbench::flow::{Line, Mark, Tone, mark, text};
use unicode_width::UnicodeWidthStr;

/// A column: what it holds, its width, whether its text stands at its right, and its rank: the highest leaves first.
struct Column {
    words: String,
    width: usize,
    right: bool,
    rank: u8,
    tone: Tone,
}

const fn column(words: String, width: usize, right: bool, rank: u8, tone: Tone) -> Column {
    Column {
        words,
        width,
        right,
        rank,
        tone,
    }
}

/// The row for the attempt at `index`, at most `width` columns wide.
pub(super) fn header(run: &RunRecord, index: usize, open: bool, now: u64, width: u16) -> Line {
    let attempt = &run.attempts[index];
    let (glyph, tone) = state(run, index);
    let fold = if open { Mark::Unfolded } else { Mark::Folded };
    let number = format!(" {:<2}", attempt.number);
    let mut line = vec![
        mark(fold, Tone::Dim),
        text(number.clone(), Tone::Strong),
        mark(glyph, tone),
    ];
    let mut columns = columns(run, index, now);
    let room = usize::from(width).saturating_sub(2 + number.width());
    while columns.iter().map(|column| column.width + 1).sum::<usize>() > room {
        let Some(least) = columns.iter().map(|column| column.rank).max() else {
            break;
        };
        columns.retain(|column| column.rank != least);
    }
    for column in columns {
        let words = crate::text::one_line(&column.words, column.width);
        let gap = " ".repeat(column.width.saturating_sub(words.width()));
        let cell = if column.right {
            format!(" {gap}{words}")
        } else {
            format!(" {words}{gap}")
        };
        line.push(text(cell, column.tone));
    }
    line
}

fn columns(run: &RunRecord, index: usize, now: u64) -> Vec<Column> {
    let attempt = &run.attempts[index];
    let figures = Figures::of(run, index, now);
    vec![
        column(words::why(attempt.why).into(), 8, false, 0, Tone::Strong),
        column(attempt.mode.to_string(), 10, false, 1, Tone::Text),
        column(figures.first.unwrap_or_default(), 6, true, 5, Tone::Dim),
        column(figures.whole, 6, true, 2, Tone::Text),
        column(figures.tokens.unwrap_or_default(), 9, true, 3, Tone::Text),
        column(figures.finish.unwrap_or_default(), 10, false, 4, Tone::Dim),
        column(figures.cost.unwrap_or_default(), 9, true, 7, Tone::Text),
        column(by(attempt).unwrap_or_default().into(), 12, false, 6, Tone::Dim),
    ]
}

/// Who served an attempt: the upstream provider, else the model where it is not the one asked for.
pub(super) fn by(attempt: &AttemptRecord) -> Option<&str> {
    attempt.upstream.as_deref().or(attempt.served.as_deref())
}

/// An attempt's figures in words, as far as they are known.
pub(super) struct Figures {
    /// The time to the first piece.
    pub(super) first: Option<String>,
    /// The time from sending to the end, or so far.
    pub(super) whole: String,
    /// Tokens of the request and of the answer.
    pub(super) tokens: Option<String>,
    /// Money.
    pub(super) cost: Option<String>,
    /// The finish reason.
    pub(super) finish: Option<String>,
}

impl Figures {
    pub(super) fn of(run: &RunRecord, index: usize, now: u64) -> Self {
        let attempt = &run.attempts[index];
        let closing = attempt.closed.as_ref().map(|(_, closing)| closing);
        let usage = closing.and_then(|closing| closing.usage);
        Self {
            first: attempt.first_piece_ms().map(words::span),
            whole: match end(run, index) {
                Some(end) => words::span(end.saturating_sub(attempt.at)),
                None => words::running(now.saturating_sub(attempt.at)),
            },
            tokens: usage.map(|usage| format!("{}/{}", usage.prompt, usage.completion)),
            cost: usage.and_then(|usage| usage.cost).map(words::dollars),
            finish: closing.and_then(|closing| closing.finish.clone()),
        }
    }
}

/// When an attempt was over: closed, followed by another, or stopped with its run.
pub(super) fn end(run: &RunRecord, index: usize) -> Option<u64> {
    let closed = run.attempts[index].closed.as_ref().map(|(at, _)| *at);
    let next = run.attempts.get(index + 1).map(|next| next.at);
    closed.or(next).or(run.ended.as_ref().map(|ended| ended.at))
}

/// The glyph that says how an attempt stands.
pub(super) fn state(run: &RunRecord, index: usize) -> (Mark, Tone) {
    let attempt = &run.attempts[index];
    let failed = attempt
        .closed
        .as_ref()
        .is_some_and(|(_, closing)| closing.error.is_some());
    match &attempt.verdict {
        Some(verdict) if verdict.errors.is_empty() => (Mark::Valid, Tone::Valid),
        Some(_) => (Mark::Invalid, Tone::Invalid),
        None if failed || end(run, index).is_some() => (Mark::Invalid, Tone::Error),
        None if attempt.pieces.is_some() => (Mark::Growing, Tone::Growing),
        None => (Mark::Waiting, Tone::Growing),
    }
}
