//! Drawing fields: state, name, value, and the reasons under them.
//!
//! Owns how a row looks. Only rows on screen are looked at, and of a long text only what fits.

use super::outline::{NONE, Outline, ROOT};
use super::source::Source;
use super::words::type_word;
use super::wrap;
use crate::json::tree::{Kind, Node};
use crate::record::fields::FieldState;
use crate::text;
use crate::workbench::draw;
use crate::workbench::styles::Look;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use std::borrow::Cow;
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
/// Members of an object that are counted one by one; beyond it, those that came.
const COUNTED: u32 = 64;

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
    pub needle: Option<&'a str>,
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

    /// Draws row `sub` of an item on a row of `area`.
    pub fn row(&self, buf: &mut Buffer, area: Rect, row: u16, item: u32, sub: usize, current: bool) {
        let mut line = Line {
            buf,
            x: area.x,
            y: area.y + row,
            end: area.right(),
            painter: self,
            current,
        };
        match sub {
            0 => self.field(&mut line, item),
            _ => self.below(&mut line, item, sub - 1),
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
            line.x = start + (x - FOLD) as u16;
            line.put(if here.folded { glyphs.folded } else { glyphs.unfolded }, styles.dim);
        }
        line.x = start + x as u16;
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
        line.x = start + (x + pad + 2) as u16;
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
    fn below(&self, line: &mut Line, item: u32, sub: usize) {
        let Some(here) = self.outline.item(item) else { return };
        let width = usize::from(self.width);
        let room = room_below(self.outline, item, width);
        line.x += name_x(self.outline, item, width) as u16;
        let mut sub = sub;
        if here.opened {
            let (rows, rest) = wrap::wrap(self.source.text(here.node), room, TEXT_ROWS);
            if let Some(words) = rows.get(sub) {
                line.text(words, self.look.styles.string);
                if sub + 1 == rows.len() && self.state(item) == State::Growing {
                    line.put(self.look.glyphs.cursor, self.look.styles.growing);
                }
                return;
            }
            sub -= rows.len();
            if rest > 0 {
                if sub == 0 {
                    let words = format!("{} {rest} bytes more", self.look.glyphs.ellipsis);
                    return line.put(&words, self.look.styles.dim);
                }
                sub -= 1;
            }
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

    fn value(&self, line: &mut Line, item: u32, state: State) {
        let styles = &self.look.styles;
        let Some(here) = self.outline.item(item) else { return };
        let node = self.source.node(here.node).filter(|_| state != State::Absent);
        let Some(node) = node else {
            return match state {
                // Said once: what stands in an absent field is no news.
                State::Absent if self.is_within_absent(here.parent) => {}
                State::Absent => line.put("not in the answer", styles.dim),
                _ => line.put(&self.type_word(item), styles.waiting),
            };
        };
        let open = !node.is_closed();
        match node.kind {
            Kind::Object | Kind::Array => self.container(line, item, node, state),
            Kind::String if open && is_enum(self.outline, &self.source, item) => self.half(line, item, state),
            Kind::String => self.string(line, item, state),
            Kind::Number if !open => line.text(wrap::head(self.source.text(here.node), line.room()), styles.number),
            Kind::True if !open => line.text("true", styles.literal),
            Kind::False if !open => line.text("false", styles.literal),
            Kind::Null if !open => line.text("null", styles.literal),
            Kind::Number | Kind::True | Kind::False | Kind::Null => self.half(line, item, state),
        }
    }

    /// A value that means nothing before it is whole: only its type is shown.
    fn half(&self, line: &mut Line, item: u32, state: State) {
        let styles = &self.look.styles;
        if state == State::Cut {
            return line.put("cut off", styles.warning);
        }
        line.put(&self.type_word(item), styles.waiting);
        if state == State::Growing {
            line.put(self.look.glyphs.cursor, styles.growing);
        }
    }

    fn type_word(&self, item: u32) -> String {
        let here = self.outline.item(item);
        let shape = here.and_then(|item| item.shape);
        let optional = here.is_some_and(|item| item.optional);
        match self.source.schema.zip(shape) {
            Some((schema, shape)) => type_word(schema, shape, optional),
            None => String::new(),
        }
    }

    fn string(&self, line: &mut Line, item: u32, state: State) {
        let (styles, glyphs) = (&self.look.styles, &self.look.glyphs);
        let Some(here) = self.outline.item(item) else { return };
        let words = self.source.text(here.node);
        if here.opened {
            return line.put(&format!("{} bytes", words.len()), styles.dim);
        }
        let room = line.room();
        let fits = wrap::columns(words, room) + 2 <= room && words.len() <= room.saturating_mul(16);
        match (state, fits) {
            (State::Growing, true) => {
                line.text(&format!("\"{}", text::clean(words)), styles.string);
                line.put(glyphs.cursor, styles.growing);
            }
            // What is written now is at the end.
            (State::Growing, false) => {
                line.put(glyphs.ellipsis, styles.dim);
                line.text(wrap::tail(words, room.saturating_sub(2)), styles.string);
                line.put(glyphs.cursor, styles.growing);
            }
            (State::Cut, true) => {
                line.text(&format!("\"{}", text::clean(words)), styles.string);
                line.put(glyphs.ellipsis, styles.warning);
            }
            (_, true) => line.text(&format!("\"{}\"", text::clean(words)), styles.string),
            (_, false) => line.text(&format!("\"{}", wrap::head(words, room)), styles.string),
        }
    }

    fn container(&self, line: &mut Line, item: u32, node: &Node, state: State) {
        let styles = &self.look.styles;
        let Some(here) = self.outline.item(item) else { return };
        let came = self.came(item);
        let declared = self.declared(item);
        let words: Cow<str> = match node.kind {
            Kind::Array => match here.arrived {
                0 if node.is_closed() => "[]".into(),
                1 => "1 item".into(),
                count => format!("{count} items").into(),
            },
            _ if state == State::Growing && declared >= came && declared > 0 => {
                format!("{came} of {}", fields(declared)).into()
            }
            _ if came == 0 && node.is_closed() => "{}".into(),
            _ => fields(came).into(),
        };
        line.put(&words, styles.dim);
        if state == State::Cut {
            line.put(", cut off", styles.warning);
        }
        if here.folded && here.below > 0 {
            let plural = if here.below == 1 { "" } else { "s" };
            line.put(&format!(", {} problem{plural}", here.below), styles.error);
        }
    }

    /// The members of an object that came and are part of the answer.
    fn came(&self, item: u32) -> usize {
        let arrived = self.outline.item(item).map_or(0, |item| item.arrived);
        if arrived > COUNTED {
            return arrived as usize;
        }
        let children = self.outline.children(item);
        let nodes = children.filter_map(|child| self.outline.item(child)?.node);
        nodes.filter(|id| !self.source.is_added_null(Some(*id))).count()
    }

    fn declared(&self, item: u32) -> usize {
        let shape = self.outline.item(item).and_then(|item| item.shape);
        let members = self.source.schema.zip(shape);
        members.map_or(0, |(schema, shape)| schema.shape().node(shape).members.len())
    }
}

fn fields(count: usize) -> String {
    format!("{count} field{}", if count == 1 { "" } else { "s" })
}

/// A row that is being drawn.
struct Line<'a, 'b> {
    buf: &'b mut Buffer,
    x: u16,
    y: u16,
    end: u16,
    painter: &'a Painter<'a>,
    current: bool,
}

impl Line<'_, '_> {
    fn room(&self) -> usize {
        usize::from(self.end.saturating_sub(self.x))
    }

    fn put(&mut self, words: &str, style: Style) {
        if self.room() > 0 {
            self.x += draw::put(self.buf, self.x, self.y, self.end - self.x, words, style);
        }
    }

    /// As [`Self::put`], with what is searched for marked.
    fn text(&mut self, words: &str, style: Style) {
        let Some(needle) = self.painter.needle else {
            return self.put(words, style);
        };
        let line = text::one_line(words, self.room()).into_owned();
        let styles = &self.painter.look.styles;
        let matched = if self.current {
            styles.matched_current
        } else {
            styles.matched
        };
        let mut rest = line.as_str();
        while let Some((start, end)) = find(rest, needle) {
            self.put(&rest[..start], style);
            self.put(&rest[start..end], style.patch(matched));
            rest = &rest[end..];
        }
        self.put(rest, style);
    }
}

/// Where the needle is in a short text, by the same rule as the search. Where small letters have other lengths it is not marked.
fn find(text: &str, needle: &str) -> Option<(usize, usize)> {
    let capitals = needle.chars().any(char::is_uppercase);
    let hay: Cow<str> = if capitals {
        text.into()
    } else {
        text.to_lowercase().into()
    };
    let start = hay.find(needle).filter(|_| hay.len() == text.len())?;
    let end = start + needle.len();
    (text.is_char_boundary(start) && text.is_char_boundary(end)).then_some((start, end))
}
