//! Sentences in a pane: what the sample is for, why there are no fields, how a run without an answer ended.
//!
//! Owns when each is said and where. Runs and schemas are told by their own panes as far as those know of them.

use super::super::action::{Action, Context};
use super::super::draw;
use super::super::flow::{Tone, flow, plain, text};
use super::super::model::{Model, OutputTab, Pane};
use super::super::styles::Look;
use crate::verdict::Outcome;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The most lines of a sentence at the bottom of a pane.
const LINES: usize = 4;

/// Draws what is to be said at the bottom of a pane; returns the room that is left above.
pub(super) fn below(model: &Model, look: &Look, buf: &mut Buffer, area: Rect, pane: Pane) -> Rect {
    let said = match pane {
        Pane::Output => ending(model).or_else(|| sample(model, area, pane)),
        Pane::Schema | Pane::Input => sample(model, area, pane),
    };
    let Some((words, tone)) = said else { return area };
    let lines = lines(&words, tone, area.width);
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    // What the pane is there for keeps the greater part.
    if height > area.height / 2 {
        return area;
    }
    let above = Rect {
        height: area.height - height,
        ..area
    };
    for (line, y) in lines.iter().zip(above.bottom()..area.bottom()) {
        draw::put(buf, area.x, y, area.width, line, tone.style(&look.styles));
    }
    above
}

/// Says why there are no fields, where the schema's text is none; whether it is so.
pub(super) fn no_fields(model: &Model, look: &Look, buf: &mut Buffer, area: Rect) -> bool {
    let none = model.run().is_none() && model.check.schema.is_none() && model.check.error.is_some();
    if !none || model.schema.is_empty() {
        return false;
    }
    let words = "No fields yet: the schema has a mistake, told below its text.";
    for (line, y) in lines(words, Tone::Dim, area.width)
        .iter()
        .zip(area.top()..area.bottom())
    {
        draw::put(buf, area.x, y, area.width, line, look.styles.dim);
    }
    true
}

fn lines(words: &str, tone: Tone, width: u16) -> Vec<String> {
    let words = crate::text::one_line(words, usize::from(width).saturating_mul(LINES));
    let lines = flow([text(&*words, tone)], width, 1, 1);
    lines.iter().take(LINES).map(|line| plain(line)).collect()
}

/// Why a run ended without an answer that fits: a message about it is gone after some seconds.
fn ending(model: &Model) -> Option<(String, Tone)> {
    let ended = model.run()?.ended.as_ref().filter(|_| model.tab == OutputTab::Fields)?;
    let tone = match ended.outcome {
        Outcome::Valid | Outcome::Invalid => return None,
        Outcome::Refused | Outcome::Failed => Tone::Error,
        Outcome::Cancelled => Tone::Warning,
    };
    Some((format!("{}: {}", ended.outcome, ended.reason), tone))
}

/// What to do with the sample, where the eyes are: in the output, or in the pane that hides it.
fn sample(model: &Model, area: Rect, pane: Pane) -> Option<(String, Tone)> {
    let shown = model.sample && model.run().is_none() && !area.is_empty();
    let seen = model
        .layout()
        .is_some_and(|layout| !layout.inner(Pane::Output).is_empty());
    if !shown || (seen && pane != Pane::Output) {
        return None;
    }
    let key = |action| model.keymap.key_for(action, Context::EDITOR);
    let (run, change) = (key(Action::Run)?, key(Action::Type)?);
    Some((format!("a sample: {run} runs it, {change} changes it"), Tone::Info))
}
