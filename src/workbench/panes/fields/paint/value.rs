//! The value of a field on its row: as much as may be shown, and as much as fits.
//!
//! Owns what stands for half a value, a container, a text that is too long.

use super::super::words::type_word;
use super::super::wrap;
use super::line::Line;
use super::{Painter, State, is_enum};
use crate::json::tree::{Kind, Node};
use crate::text;
use std::borrow::Cow;

/// Members of an object that are counted one by one; beyond it, those that came.
const COUNTED: u32 = 64;

impl Painter<'_> {
    pub(super) fn value(&self, line: &mut Line, item: u32, state: State) {
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
        let member = self.outline.member(item, self.source.schema);
        let optional = member.is_some_and(|member| !member.required);
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
                format!("{} of {}", self.closed(item).min(came), fields(declared)).into()
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

    /// The members that are whole, among the first of them.
    fn closed(&self, item: u32) -> usize {
        let children = self.outline.children(item).take(COUNTED as usize);
        let nodes = children.filter_map(|child| self.source.node(self.outline.item(child)?.node));
        nodes.filter(|node| node.is_closed()).count()
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
