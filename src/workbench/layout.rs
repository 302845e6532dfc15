//! Where the panes are.
//!
//! Owns the arithmetic of the screen: `update` needs heights to scroll, `view` rectangles to draw, the mouse the pane under it.

use super::model::Pane;
use ratatui::layout::{Position, Rect};

/// From this many columns on, schema and input stand beside the output.
const WIDE: u16 = 80;

/// From this many rows on, stacked panes are all open.
const TALL: u16 = 30;

/// Below this many rows schema and input do not share their column.
const LOW: u16 = 16;

/// From this many rows on the timeline of a replay has two.
const ROOMY: u16 = 20;

/// The least that anything can be drawn in.
pub const LEAST: (u16, u16) = (40, 12);

/// The rectangles of a screen. A pane's first row is its title.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The schema's pane.
    pub schema: Rect,
    /// The input's pane.
    pub input: Rect,
    /// The output's pane.
    pub output: Rect,
    /// The status line.
    pub status: Rect,
    /// The hint line.
    pub hints: Rect,
    /// The column between left and right; empty when panes are stacked.
    pub divider: Rect,
    /// The timeline of a replay; empty without one.
    pub timeline: Rect,
}

impl Layout {
    /// Lays out a screen of `columns` by `rows`, with or without a timeline below the panes; `None` when it is too small.
    pub fn of((columns, rows): (u16, u16), focus: Pane, full: bool, timeline: bool) -> Option<Self> {
        if columns < LEAST.0 || rows < LEAST.1 {
            return None;
        }
        let below = match (timeline, rows) {
            (false, _) => 0,
            (true, ROOMY..) => 2,
            (true, _) => 1,
        };
        let body = Rect::new(0, 0, columns, rows - 2 - below);
        let mut layout = Self {
            timeline: Rect::new(0, body.height, columns, below),
            status: Rect::new(0, rows - 2, columns, 1),
            hints: Rect::new(0, rows - 1, columns, 1),
            ..Self::default()
        };
        if full {
            *layout.pane_mut(focus) = body;
        } else if columns >= WIDE {
            layout.beside(body, focus);
        } else {
            layout.stack(body, focus);
        }
        Some(layout)
    }

    /// Schema and input beside the output. Where they would be too low, the one with the focus gets the room, the other is its title.
    fn beside(&mut self, body: Rect, focus: Pane) {
        let left = (body.width * 2 / 5).clamp(36, 60);
        let upper = match focus {
            Pane::Schema if body.height < LOW => body.height - 1,
            Pane::Input if body.height < LOW => 1,
            Pane::Schema | Pane::Input | Pane::Output => body.height.div_ceil(2),
        };
        self.schema = Rect::new(0, 0, left, upper);
        self.input = Rect::new(0, upper, left, body.height - upper);
        self.divider = Rect::new(left, 0, 1, body.height);
        self.output = Rect::new(left + 1, 0, body.width - left - 1, body.height);
    }

    /// One below the other. Where there is little room, the panes without the focus are their titles.
    fn stack(&mut self, body: Rect, focus: Pane) {
        let heights = if body.height >= TALL - 2 {
            let (schema, input) = (body.height * 3 / 10, body.height / 4);
            [schema, input, body.height - schema - input]
        } else {
            Pane::ALL.map(|pane| if pane == focus { body.height - 2 } else { 1 })
        };
        let mut y = 0;
        for (pane, height) in Pane::ALL.into_iter().zip(heights) {
            *self.pane_mut(pane) = Rect::new(0, y, body.width, height);
            y += height;
        }
    }

    /// A pane's rectangle, title included; empty when it is not shown.
    pub const fn pane(&self, pane: Pane) -> Rect {
        match pane {
            Pane::Schema => self.schema,
            Pane::Input => self.input,
            Pane::Output => self.output,
        }
    }

    const fn pane_mut(&mut self, pane: Pane) -> &mut Rect {
        match pane {
            Pane::Schema => &mut self.schema,
            Pane::Input => &mut self.input,
            Pane::Output => &mut self.output,
        }
    }

    /// What is inside a pane, below its title.
    pub const fn inner(&self, pane: Pane) -> Rect {
        let Rect { x, y, width, height } = self.pane(pane);
        let inside = height.saturating_sub(1);
        Rect {
            x,
            y: y + height - inside,
            width,
            height: inside,
        }
    }

    /// The pane at a place.
    pub fn at(&self, place: Position) -> Option<Pane> {
        Pane::ALL.into_iter().find(|pane| self.pane(*pane).contains(place))
    }
}

#[cfg(test)]
mod tests {
    use super::{LEAST, Layout};
    use crate::workbench::model::Pane;

    #[test]
    fn every_cell_belongs_to_one_part() {
        for size in [(120, 40), (80, 24), (79, 24), (60, 40), (40, 12), (300, 12), (40, 200)] {
            for focus in Pane::ALL {
                for (full, timeline) in [(false, false), (true, false), (false, true), (true, true)] {
                    let layout = Layout::of(size, focus, full, timeline).unwrap();
                    let parts = [
                        layout.schema,
                        layout.input,
                        layout.output,
                        layout.status,
                        layout.hints,
                        layout.divider,
                        layout.timeline,
                    ];
                    let area: u32 = parts.iter().map(|part| part.area()).sum();
                    assert_eq!(area, u32::from(size.0) * u32::from(size.1), "{size:?} {focus:?} {full}");
                    for (i, one) in parts.iter().enumerate() {
                        assert!(one.right() <= size.0 && one.bottom() <= size.1);
                        for other in parts.iter().skip(i + 1) {
                            assert!(one.intersection(*other).is_empty(), "{size:?}: {one:?} {other:?}");
                        }
                    }
                    assert!(layout.inner(focus).height >= 4, "{size:?} {focus:?}");
                }
            }
        }
        assert_eq!(Layout::of((LEAST.0 - 1, 50), Pane::Schema, false, false), None);
        assert_eq!(Layout::of((200, LEAST.1 - 1), Pane::Schema, false, true), None);
    }
}
