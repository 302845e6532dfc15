//! Drawing fields: state, name, value, and the reasons under them.
//!
//! Owns how a row looks. Only rows on screen are looked at, and of a long text only what fits.

mod line;
mod value;

use super::outline::{NONE, Outline, ROOT};
use super::source::Source;
use super::wrap;
use crate::json::tree::Node;
use crate::record::fields::FieldState;
use crate::text;
use crate::workbench::draw;
use crate::workbench::needle::Needle;
use crate::workbench::styles::Look;
use line::Line;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

/// Columns before the indentation: the state and a space.
const GUTTER: usize = 2;
/// Columns of the fold mark and its space.
const FOLD: usize = 2;
/// From this width on a level is two columns, below it one.
const WIDE: usize = 48;
/// Rows that a reason may take.
const REASON_ROWS: usize = 12;
/// Rows that an opened text may take; what is beyond is counted.
const TEXT_ROWS: usize = 500;
/// What a row says of its field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Growing,
    /// Its stream ended before it did.
    Cut,
    Closed,
    Valid,
    Invalid,
    /// The answer is over and it is not in it.
    Absent,
}

/// Draws rows.
pub struct Painter<'a> {
    /// The fields.
    pub outline: &'a Outline,
    /// Where their values are.
    pub source: Source<'a>,
    /// What to draw with.
    pub look: &'a Look,
    /// The columns that heights were measured for.
    pub width: u16,
    /// What is searched for.
    pub needle: Option<&'a Needle>,
    /// The row of the cursor.
    pub cursor: (u32, usize),
}

/// The rows of the opened text that was drawn last: wrapped once a frame, not once a row.
#[derive(Default)]
pub struct Texts<'a> {
    item: Option<u32>,
    rows: Vec<&'a str>,
    rest: usize,
}

/// How many rows an item takes in `width` columns.
pub fn height(outline: &Outline, item: u32, source: &Source, width: u16) -> usize {
    let room = room_below(outline, item, usize::from(width));
    let mut rows = 1;
    if let Some(here) = outline.item(item).filter(|here| here.opened) {
        let (lines, rest) = wrap::wrap(source.text(here.node), room, TEXT_ROWS);
        rows += lines.len() + usize::from(rest > 0);
    }
    let reasons = outline.reasons.get(&item).map_or(&[][..], Vec::as_slice);
    rows + reasons
        .iter()
        .map(|reason| wrap::wrap(&reason.message, room, REASON_ROWS).0.len())
        .sum::<usize>()
}

/// Whether an item's strings are limited to some, so that an open one is no value yet.
pub fn is_enum(outline: &Outline, source: &Source, item: u32) -> bool {
    let shape = outline.item(item).and_then(|item| item.shape);
    source
        .schema
        .zip(shape)
        .is_some_and(|(schema, shape)| schema.shape().node(shape).is_enum)
}

/// The column where an item's name starts.
fn name_x(outline: &Outline, item: u32, width: usize) -> usize {
    let step = if width < WIDE { 1 } else { 2 };
    GUTTER + (outline.depth(item) * step).min(width * 2 / 5) + FOLD
}

/// The columns for what stands under an item.
fn room_below(outline: &Outline, item: u32, width: usize) -> usize {
    width.saturating_sub(name_x(outline, item, width)).max(8)
}

impl<'a> Painter<'a> {
    /// What stands there before there is a schema.
    pub fn nothing(&self, buf: &mut Buffer, area: Rect) {
        let words = "No schema yet: write one, and its fields stand here.";
        let area = Rect {
            x: area.x + 1.min(area.width),
            width: area.width.saturating_sub(2),
            ..area
        };
        let (rows, _) = wrap::wrap(words, usize::from(area.width), usize::from(area.height));
        for (row, words) in rows.into_iter().enumerate() {
            draw::pieces(buf, area, row as u16, [(words, self.look.styles.dim)]);
        }
    }

    /// Marks the cursor's row.
    pub fn mark(&self, buf: &mut Buffer, area: Rect, row: u16, focused: bool) {
        let styles = &self.look.styles;
        let style = if focused {
            styles.selected
        } else {
            styles.selected_unfocused
        };
        draw::paint_row(buf, area, row, style);
    }

    /// Draws a row of an item on row `y` of `area`. `texts` goes from row to row of a frame.
    pub fn row(&self, buf: &mut Buffer, area: Rect, y: u16, (item, sub): (u32, usize), texts: &mut Texts<'a>) {
        let mut line = Line {
            buf,
            x: area.x,
            y: area.y + y,
            end: area.right(),
            painter: self,
            current: (item, sub) == self.cursor,
        };
        match sub {
            0 => self.field(&mut line, item),
            _ => self.below(&mut line, item, sub - 1, texts),
        }
    }

    /// The row of the field itself.
    fn field(&self, line: &mut Line, item: u32) {
        let Some(here) = self.outline.item(item) else { return };
        let styles = &self.look.styles;
        let start = line.x;
        let state = self.state(item);
        let (glyph, style) = self.state_glyph(state);
        line.put(glyph, style);
        let width = usize::from(self.width);
        let x = name_x(self.outline, item, width);
        if here.first != NONE {
            let glyphs = &self.look.glyphs;
            line.x = start.saturating_add((x - FOLD) as u16);
            line.put(if here.folded { glyphs.folded } else { glyphs.unfolded }, styles.dim);
        }
        line.x = start.saturating_add(x as u16);
        let room = width.saturating_sub(x);
        let name = self.name(item);
        let lined = self
            .outline
            .item(here.parent)
            .map_or(0, |parent| usize::from(parent.names));
        let most = (room / 2).max(lined.min(room / 3));
        let name = text::one_line(wrap::head(&name, most), most).into_owned();
        let pad = lined.min(room / 3).max(name.width());
        line.text(&name, if item == ROOT { styles.strong } else { styles.key });
        line.x = start.saturating_add((x + pad + 2) as u16);
        self.value(line, item, state);
    }

    fn name(&self, item: u32) -> String {
        if item == ROOT {
            return self
                .source
                .schema
                .map_or("answer", crate::schema::Schema::name)
                .to_owned();
        }
        let token = self.outline.token(item, &self.source);
        let node = self.outline.item(item).and_then(|item| item.node);
        if self.source.key(node).is_none() && node.is_some() {
            format!("[{token}]")
        } else {
            token.into_owned()
        }
    }

    /// A row under the field: its opened text, then its reasons.
    fn below(&self, line: &mut Line, item: u32, sub: usize, texts: &mut Texts<'a>) {
        let Some(here) = self.outline.item(item) else { return };
        let width = usize::from(self.width);
        let room = room_below(self.outline, item, width);
        line.x = line.x.saturating_add(name_x(self.outline, item, width) as u16);
        let mut sub = sub;
        if here.opened {
            if texts.item != Some(item) {
                let (rows, rest) = wrap::wrap(self.source.text(here.node), room, TEXT_ROWS);
                let item = Some(item);
                *texts = Texts { item, rows, rest };
            }
            let rows = texts.rows.len();
            if let Some(words) = texts.rows.get(sub) {
                line.text(words, self.look.styles.string);
                if sub + 1 == rows && self.state(item) == State::Growing {
                    line.put(self.look.glyphs.cursor, self.look.styles.growing);
                }
                return;
            }
            if texts.rest > 0 && sub == rows {
                let words = format!("{} {} bytes more", self.look.glyphs.ellipsis, texts.rest);
                return line.put(&words, self.look.styles.dim);
            }
            sub -= rows + usize::from(texts.rest > 0);
        }
        let reasons = self.outline.reasons.get(&item).map_or(&[][..], Vec::as_slice);
        let mut rows = reasons
            .iter()
            .flat_map(|reason| wrap::wrap(&reason.message, room, REASON_ROWS).0);
        if let Some(words) = rows.nth(sub) {
            line.put(words, self.look.styles.error);
        }
    }

    fn state(&self, item: u32) -> State {
        let Some(here) = self.outline.item(item) else {
            return State::Waiting;
        };
        if self.outline.reasons.contains_key(&item) {
            return State::Invalid;
        }
        let Some(node) = self.source.node(here.node) else {
            return self.without_node(item);
        };
        if self.source.is_added_null(here.node) {
            return State::Absent;
        }
        match (node.is_closed(), here.below > 0) {
            (true, true) => State::Invalid,
            _ if self.source.judged => {
                if here.below > 0 {
                    State::Invalid
                } else {
                    State::Valid
                }
            }
            (false, _) if self.source.still => State::Cut,
            (false, _) => State::Growing,
            (true, false) => {
                let live = self.source.fields.zip(here.node);
                match live.map(|(fields, id)| fields.state(id)) {
                    Some(FieldState::Valid) => State::Valid,
                    Some(FieldState::Invalid) => State::Invalid,
                    Some(FieldState::Waiting | FieldState::Growing | FieldState::Closed) | None => State::Closed,
                }
            }
        }
    }

    /// The state of a field that has not come: it may, or what it would stand in has closed.
    fn without_node(&self, item: u32) -> State {
        let came = |above: u32| self.source.node(self.outline.item(above)?.node);
        let around = self.outline.ancestors(item).find_map(came);
        if self.source.over || around.is_some_and(Node::is_closed) {
            State::Absent
        } else {
            State::Waiting
        }
    }

    fn is_within_absent(&self, parent: u32) -> bool {
        self.outline.item(parent).is_some_and(|parent| parent.node.is_none()) && parent != ROOT
    }

    fn state_glyph(&self, state: State) -> (&'static str, Style) {
        let (glyphs, styles) = (&self.look.glyphs, &self.look.styles);
        match state {
            State::Waiting => (glyphs.waiting, styles.waiting),
            State::Growing => (glyphs.growing, styles.growing),
            State::Cut => (glyphs.warning, styles.warning),
            State::Closed => (glyphs.closed, styles.closed),
            State::Valid => (glyphs.valid, styles.valid),
            State::Invalid => (glyphs.invalid, styles.invalid),
            State::Absent => (glyphs.no, styles.dim),
        }
    }
}
