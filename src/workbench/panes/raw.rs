//! The tab *Raw*: an attempt's answer as it came, with the repairs marked where they were made.
//!
//! Owns which attempt is shown and what stands above, over and below its channels. The scrolling is `text_view`'s.

#[cfg(test)]
mod tests;

use crate::event::RunId;
use crate::record::answer::StreamRecord;
use crate::record::{AttemptRecord, RunRecord};
use crate::verdict::{Channel, Repair, Risk, Verdict};
use crate::workbench::action::Action;
use crate::workbench::draw;
use crate::workbench::styles::Look;
use crate::workbench::text_view::{Ink, Part, TextView};
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use std::borrow::Cow;

/// Repairs that the legend names; it is one row.
const MOST_NAMED: usize = 8;

/// The pane.
#[derive(Clone, Debug, PartialEq)]
pub struct RawPane {
    view: TextView,
    /// The run and attempt that the view stands in.
    shown: Option<(RunId, u32)>,
    /// The attempt that is shown in place of the last one.
    chosen: Option<u32>,
    /// The repair gone to last.
    repair: Option<usize>,
}

impl Default for RawPane {
    fn default() -> Self {
        Self {
            view: TextView::new(true),
            shown: None,
            chosen: None,
            repair: None,
        }
    }
}

impl RawPane {
    /// Shows an attempt by its number; `None` stands for the last one, also when a new one begins.
    pub const fn choose(&mut self, attempt: Option<u32>) {
        self.chosen = attempt;
    }

    /// Takes up what has come. To be called after every event, and when another run or attempt is to be shown.
    pub fn sync(&mut self, run: Option<&RunRecord>) {
        let shown = run
            .zip(self.attempt(run))
            .map(|(run, attempt)| (run.id, attempt.number));
        if shown != self.shown {
            *self = Self {
                shown,
                chosen: self.chosen,
                ..Self::default()
            };
        }
        let parts = self.parts(run);
        self.view.sync(&parts);
    }

    /// Moves, in a pane whose inside is `size` large. Says whether the action means anything here.
    pub fn act(&mut self, action: Action, size: Size, run: Option<&RunRecord>) -> bool {
        let parts = self.parts(run);
        let size = Size::new(size.width, size.height - legend_rows(size.height));
        match action {
            Action::NextProblem => self.seek_repair(true, &parts, size, run),
            Action::PreviousProblem => self.seek_repair(false, &parts, size, run),
            _ => return self.view.act(action, &parts, size),
        }
        true
    }

    /// Looks for a text, or for nothing any more; as [`TextView::search`].
    pub fn search(&mut self, pattern: Option<&str>, run: Option<&RunRecord>) -> Result<Option<usize>, String> {
        let parts = self.parts(run);
        self.view.search(pattern, &parts)
    }

    /// Whether the end stays in sight while the answer grows.
    pub const fn is_following(&self) -> bool {
        self.view.is_following()
    }

    /// The whole text of the channel that was judged, or else of the one most likely to hold the JSON: what `copy-all` copies.
    pub fn text<'a>(&self, run: Option<&'a RunRecord>) -> Option<&'a str> {
        let attempt = self.attempt(run)?;
        let judged = attempt.verdict.as_ref().and_then(|verdict| judged(attempt, verdict));
        let stream = judged
            .and_then(|at| attempt.answer.streams.get(at))
            .or_else(|| attempt.answer.primary())?;
        Some(&stream.text)
    }

    /// Draws the pane's inside.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look, run: Option<&RunRecord>) {
        let area = area.intersection(buf.area);
        let legend = legend_rows(area.height);
        let body = Rect {
            height: area.height - legend,
            ..area
        };
        let parts = self.parts(run);
        let attempt = self.attempt(run);
        if parts.is_empty() {
            let line = nothing(run, attempt);
            let parts = [Part::from(&*line)];
            let mut view = TextView::new(false);
            view.sync(&parts);
            view.view(buf, area, look, &parts, &[]);
            return;
        }
        let inks = attempt.map(|attempt| inks(attempt, look)).unwrap_or_default();
        self.view.view(buf, body, look, &parts, &inks);
        if legend > 0 {
            self.legend(
                buf,
                Rect {
                    y: body.bottom(),
                    height: 1,
                    ..area
                },
                look,
                run,
            );
        }
    }

    fn attempt<'a>(&self, run: Option<&'a RunRecord>) -> Option<&'a AttemptRecord> {
        let run = run?;
        let chosen = self.chosen;
        let chosen = chosen.and_then(|number| run.attempts.iter().find(|attempt| attempt.number == number));
        chosen.or_else(|| run.attempt())
    }

    fn parts<'a>(&self, run: Option<&'a RunRecord>) -> Vec<Part<'a>> {
        let streams = self.attempt(run).map_or(&[][..], |attempt| &attempt.answer.streams);
        streams
            .iter()
            .map(|stream| Part {
                title: Some(title(stream)),
                text: &stream.text,
            })
            .collect()
    }

    fn seek_repair(&mut self, forward: bool, parts: &[Part<'_>], size: Size, run: Option<&RunRecord>) {
        let Some(attempt) = self.attempt(run) else {
            return;
        };
        let Some(verdict) = attempt.verdict.as_ref().filter(|verdict| !verdict.repairs.is_empty()) else {
            return;
        };
        let count = verdict.repairs.len();
        let at = match (self.repair, forward) {
            (Some(at), true) => (at + 1) % count,
            (Some(at), false) => (at + count - 1) % count,
            (None, true) => 0,
            (None, false) => count - 1,
        };
        self.repair = Some(at);
        if let (Some(part), Some(repair)) = (judged(attempt, verdict), verdict.repairs.get(at)) {
            self.view.go_to(part, byte(repair.offset), parts, size);
        }
    }

    fn legend(&self, buf: &mut Buffer, row: Rect, look: &Look, run: Option<&RunRecord>) {
        let verdict = self.attempt(run).and_then(|attempt| attempt.verdict.as_ref());
        let repairs = verdict.map_or(&[][..], |verdict| &verdict.repairs);
        let current = self.repair.and_then(|at| Some((at, repairs.get(at)?)));
        let text = match (current, verdict) {
            (Some((at, repair)), _) => format!("repair {} of {}: {}", at + 1, repairs.len(), named(repair)),
            (None, Some(_)) if repairs.is_empty() => "read as it came, nothing repaired".to_owned(),
            (None, Some(_)) => summary(repairs),
            (None, None) if self.is_following() => "following the answer".to_owned(),
            (None, None) => "F follows the answer".to_owned(),
        };
        if repairs.is_empty() {
            draw::pieces(buf, row, 0, [(&*text, look.styles.dim)]);
        } else {
            let glyph = (look.glyphs.repair, look.styles.repair);
            draw::pieces(buf, row, 0, [glyph, (" ", look.styles.text), (&text, look.styles.text)]);
        }
    }
}

/// Rows below the text, in a pane of a height.
const fn legend_rows(height: u16) -> u16 {
    (height > 2) as u16
}

fn title(stream: &StreamRecord) -> Cow<'static, str> {
    match (stream.channel, &stream.call) {
        (Channel::Content, _) => "content".into(),
        (Channel::Reasoning, _) => "reasoning".into(),
        (Channel::Refusal, _) => "refusal".into(),
        (Channel::Call, Some(call)) if !call.name.is_empty() => {
            // A hostile name may be as long as an answer.
            let name: String = call.name.chars().take(200).collect();
            format!("call {name}").into()
        }
        (Channel::Call, Some(call)) => format!("call {}", call.index + 1).into(),
        (Channel::Call, None) => "call".into(),
    }
}

/// The stream that was judged.
fn judged(attempt: &AttemptRecord, verdict: &Verdict) -> Option<usize> {
    let source = verdict.source;
    attempt.answer.streams.iter().position(|stream| {
        let call = stream.call.as_ref().map(|call| call.index);
        stream.channel == source.channel && (source.call.is_none() || call == source.call)
    })
}

/// What was not read is dim, what was repaired is marked.
fn inks(attempt: &AttemptRecord, look: &Look) -> Vec<Ink> {
    let Some(verdict) = &attempt.verdict else {
        return Vec::new();
    };
    let Some(part) = judged(attempt, verdict) else {
        return Vec::new();
    };
    let text = attempt.answer.streams.get(part).map_or("", |stream| &stream.text);
    let dim = |bytes| Ink {
        part,
        bytes,
        style: look.styles.dim,
    };
    let mut inks = vec![
        dim(0..byte(verdict.source.start)),
        dim(byte(verdict.source.end)..text.len()),
    ];
    let last = text.char_indices().next_back().map_or(0, |(at, _)| at);
    inks.extend(verdict.repairs.iter().map(|repair| {
        // What was put behind the end is marked on the last character.
        let at = byte(repair.offset).min(last);
        Ink {
            part,
            bytes: at..at + 1,
            style: look.styles.repair,
        }
    }));
    inks
}

/// What to say where there is no answer.
fn nothing(run: Option<&RunRecord>, attempt: Option<&AttemptRecord>) -> Cow<'static, str> {
    let Some(run) = run else {
        return "Nothing has been asked yet: r runs the task.".into();
    };
    let failed = attempt
        .and_then(|attempt| attempt.closed.as_ref())
        .map(|(_, closing)| closing.error.is_some());
    match (failed, &run.ended) {
        (Some(true), _) => "No answer came: the tab Attempts says why.".into(),
        (Some(false), _) => "The answer was empty.".into(),
        (None, Some(ended)) => format!("No answer came: {}", ended.reason).into(),
        (None, None) => "Asked; nothing of the answer has come yet.".into(),
    }
}

fn summary(repairs: &[Repair]) -> String {
    let guesses = repairs.iter().filter(|repair| repair.risk == Risk::Guess).count();
    let count = match repairs.len() {
        1 => "1 repair".to_owned(),
        count => format!("{count} repairs"),
    };
    let all_safe = if guesses == 0 { ", safe" } else { "" };
    let named: Vec<String> = repairs
        .iter()
        .take(MOST_NAMED)
        .map(|repair| match repair.risk {
            Risk::Safe => format!("{} at {}", word(repair), repair.offset),
            Risk::Guess => named(repair),
        })
        .collect();
    format!("{count}{all_safe}: {}", named.join(", "))
}

fn named(repair: &Repair) -> String {
    let risk = match repair.risk {
        Risk::Safe => "safe",
        Risk::Guess => "a guess",
    };
    format!("{} at {} ({risk})", word(repair), repair.offset)
}

/// The repair's stored word, spelt for people.
fn word(repair: &Repair) -> String {
    match serde_json::to_value(repair.kind) {
        Ok(serde_json::Value::String(word)) => word.replace('_', " "),
        Ok(_) | Err(_) => "repair".to_owned(),
    }
}

fn byte(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}
