//! What another schema makes of a recording, below the output.
//!
//! Owns the room that this takes and its lines; there are as many as fit, and the tab Attempts lists them all.

use super::super::flow::{self, Line, Tone, flow, text};
use super::super::model::{Model, OutputTab};
use super::super::replay::{summary, words_of};
use super::super::styles::Look;
use crate::session::whatif::Difference;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Draws the differences of the run that is shown at the bottom of the tab Fields; returns the room that is left above.
pub(super) fn below(model: &Model, look: &Look, buf: &mut Buffer, area: Rect) -> Rect {
    let shown = model.replay.as_ref().filter(|_| model.tab == OutputTab::Fields);
    let Some(differences) = shown.and_then(|replay| replay.what_if.differences.as_ref()) else {
        return area;
    };
    let run = model.run().map(|run| run.id);
    let here: Vec<&Difference> = differences.iter().filter(|found| Some(found.run) == run).collect();
    // What the pane is there for keeps the greater part.
    let room = usize::from(area.height / 3).max(1);
    let lines = lines(&here, area.width, room);
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(area.height);
    let above = Rect {
        height: area.height - height,
        ..area
    };
    for (line, row) in lines.iter().zip(above.height..area.height) {
        flow::draw(buf, area, row, line, look, "");
    }
    above
}

fn lines(differences: &[&Difference], width: u16, room: usize) -> Vec<Line> {
    let mut lines: Vec<_> = flow([text(summary(differences.len()), Tone::Warning)], width, 1, 1);
    lines.truncate(room);
    for (at, found) in differences.iter().enumerate() {
        let rest = differences.len() - at;
        let wrapped = flow(words_of(found), width, 2, 4);
        // The last row says that there is more, unless this was all.
        let free = room.saturating_sub(lines.len());
        if wrapped.len() + usize::from(rest > 1) > free {
            if free > 0 {
                let more = format!("and {rest} more, in the tab Attempts");
                lines.extend(flow([text(more, Tone::Dim)], width, 2, 2).into_iter().take(1));
            }
            break;
        }
        lines.extend(wrapped);
    }
    lines
}
