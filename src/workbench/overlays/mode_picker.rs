//! Which mode: each with the plan that it would make, and why.
//!
//! Owns the list. What a plan is belongs to `extract::plan`.

use super::Response;
use super::form::{Form, view_details};
use super::frame::{Frame, Hint};
use super::picker::{Picker, Row};
use crate::event::PlanStep;
use crate::task::ModeChoice;
use crate::workbench::draw::{pieces, put};
use crate::workbench::styles::Look;
use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The columns inside the box where there is room.
const WIDTH: u16 = 76;

/// Before a label: the mark of the mode that is set, a space.
const GUTTER: u16 = 2;

/// The longest mode and a gap.
const LABEL: u16 = 12;

const HINTS: [Hint<'_>; 2] = [("Enter", "use"), ("Esc", "close")];

/// The mode picker.
#[derive(Clone, Debug)]
pub struct ModePicker {
    modes: Vec<(ModeChoice, Vec<PlanStep>)>,
    current: ModeChoice,
    picker: Picker,
}

impl ModePicker {
    /// A picker of modes, each with its plan, the cursor on the one that is set.
    pub fn new(modes: Vec<(ModeChoice, Vec<PlanStep>)>, current: ModeChoice) -> Self {
        let mut picker = Picker::new(modes.iter().map(|(mode, _)| mode.to_string()));
        if let Some(at) = modes.iter().position(|(mode, _)| *mode == current) {
            picker.select(at);
        }
        Self { modes, current, picker }
    }

    /// Takes plans that were worked out anew; query and cursor stay.
    pub fn set_plans(&mut self, modes: Vec<(ModeChoice, Vec<PlanStep>)>) {
        if modes.len() == self.modes.len() {
            self.modes = modes;
        }
    }

    /// Takes a key; typing narrows the list.
    pub fn key(&mut self, key: KeyEvent, area: Rect) -> Response<ModeChoice> {
        let places = self.form().places(area);
        let chosen = |at| self.modes.get(at).map(|(mode, _)| *mode);
        self.picker.choose(&key, places.list.height, chosen)
    }

    /// Pastes into the query.
    pub fn paste(&mut self, text: &str) {
        self.picker.narrow(text);
    }

    /// Draws it in the middle of `area`.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look) -> Option<Position> {
        let places = self.form().places(area);
        let frame = Frame {
            title: "Mode",
            notes: &[],
            hints: &HINTS,
        };
        let position = self.picker.view_frame(buf, &places, look, &frame);
        self.picker.view_rows(buf, &places, look, |buf, area, row| {
            let Row::Entry(at) = row else {
                return None;
            };
            let (mode, plan) = self.modes.get(at)?;
            if *mode == self.current {
                put(
                    buf,
                    area.x,
                    area.y,
                    1.min(area.width),
                    look.glyphs.marked,
                    look.styles.strong,
                );
            }
            let label = Rect {
                x: area.x.saturating_add(GUTTER),
                width: LABEL.min(area.width.saturating_sub(GUTTER)),
                ..area
            };
            put(
                buf,
                label.x,
                label.y,
                label.width,
                self.picker.label(at),
                look.styles.text,
            );
            let rest = Rect {
                x: label.right(),
                width: area.width.saturating_sub(GUTTER + LABEL),
                ..area
            };
            let chain = chain(plan.iter().map(|step| step.mode.as_str()), look);
            pieces(buf, rest, 0, [(chain.as_str(), look.styles.dim)]);
            Some(label)
        });
        let said = self.said(look);
        view_details(buf, places.details, [(said.as_str(), look.styles.text)]);
        position
    }

    fn form(&self) -> Form {
        Form {
            width: WIDTH,
            rows: self.modes.len(),
            header: false,
            details: 4,
        }
    }

    /// The plan of the mode under the cursor: how it begins and why, and what follows.
    fn said(&self, look: &Look) -> String {
        let Some(Row::Entry(at)) = self.picker.current() else {
            return "no mode has this name".to_owned();
        };
        let Some((first, rest)) = self.modes.get(at).and_then(|(_, plan)| plan.split_first()) else {
            return "no plan yet: it needs a schema and a provider".to_owned();
        };
        let begin = format!("{}: {}", first.mode, first.reason);
        let all = std::iter::once(begin.as_str()).chain(rest.iter().map(|step| step.mode.as_str()));
        chain(all, look)
    }
}

fn chain<'a>(parts: impl Iterator<Item = &'a str>, look: &Look) -> String {
    let arrow = format!(" {} ", look.glyphs.arrow);
    parts.collect::<Vec<_>>().join(&arrow)
}
