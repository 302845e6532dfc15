//! A JSON value as a list of rows that fold: one row for each member, item and brace, and long strings that open.
//!
//! Owns the rows and what is folded. The cursor is `rows`', drawing a row `flow`'s.

mod nodes;
#[cfg(test)]
mod tests;

use crate::json::pointer;
use crate::workbench::flow::{Line, Mark, Piece, Tone, flow, mark, plain, text};
use nodes::{Kind, Node, Place, indent, push, start};
use serde_json::Value;
use std::sync::Arc;
use unicode_width::UnicodeWidthStr;

/// Bytes of a string that are shown when it is open.
const OPENED: usize = 64 * 1024;

/// The list.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonList {
    value: Arc<Value>,
    nodes: Vec<Node>,
    shown: Vec<Shown>,
    width: u16,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
enum Shown {
    /// A node, or the opening brace of one.
    Node(usize),
    /// The closing brace.
    End(usize),
    /// A line of an open string.
    Line(usize, Line),
}

impl JsonList {
    /// The rows of a value for a pane of `width` columns, everything but strings open.
    pub fn new(value: Arc<Value>, width: u16) -> Self {
        let mut nodes = Vec::new();
        push(&mut nodes, &value, Place::Root, None, 0, false);
        let mut list = Self {
            value,
            nodes,
            shown: Vec::new(),
            width,
        };
        list.lay();
        list
    }

    /// The value.
    pub const fn root(&self) -> &Arc<Value> {
        &self.value
    }

    /// How many rows are shown.
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    /// Whether there are none, which does not happen.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// Takes note of another width.
    pub fn resize(&mut self, width: u16) {
        if self.width != width {
            self.width = width;
            self.lay();
        }
    }

    /// Folds or unfolds what a row belongs to; `false` when there is nothing to fold.
    pub fn toggle(&mut self, row: usize) -> bool {
        let Some(node) = self.node_of(row).filter(|node| self.folds(*node)) else {
            return false;
        };
        self.nodes[node].open = !self.nodes[node].open;
        self.lay();
        true
    }

    /// Whether a row's node folds, and if so whether it is open.
    pub fn is_open(&self, row: usize) -> Option<bool> {
        let node = self.node_of(row).filter(|node| self.folds(*node))?;
        Some(self.nodes[node].open)
    }

    /// Folds or unfolds all containers below the root; strings are closed by folding only.
    pub fn fold_all(&mut self, fold: bool) {
        for node in self.nodes.iter_mut().skip(1) {
            match node.kind {
                Kind::Object(_) | Kind::Array(_) => node.open = !fold,
                Kind::String(..) => node.open &= !fold,
                Kind::Scalar(..) => {}
            }
        }
        self.lay();
    }

    /// Folds the container at a pointer.
    pub fn fold(&mut self, pointer: &str) {
        if let Some(node) = self.find(pointer) {
            self.nodes[node].open = false;
            self.lay();
        }
    }

    /// The row on which a row's node begins.
    pub fn first_row(&self, row: usize) -> Option<usize> {
        self.row_of(self.node_of(row)?)
    }

    /// The row of the container round a row's node.
    pub fn parent_row(&self, row: usize) -> Option<usize> {
        self.row_of(self.nodes.get(self.node_of(row)?)?.parent?)
    }

    /// The pointer of a row's node.
    pub fn pointer(&self, row: usize) -> Option<String> {
        Some(self.pointer_of(self.node_of(row)?))
    }

    /// The value of a row's node.
    pub fn value(&self, row: usize) -> Option<&Value> {
        self.value_of(self.node_of(row)?)
    }

    /// Whether a row has `needle`, which is in lower case.
    pub fn has(&self, row: usize, needle: &str) -> bool {
        plain(&self.line(row)).to_lowercase().contains(needle)
    }

    /// A row as it is drawn.
    pub fn line(&self, row: usize) -> Line {
        match self.shown.get(row) {
            Some(Shown::Node(node)) => self.node_line(*node),
            Some(Shown::End(node)) => {
                let node = &self.nodes[*node];
                let closer = if matches!(node.kind, Kind::Array(_)) { "]" } else { "}" };
                let comma = if node.comma { "," } else { "" };
                vec![
                    text(" ".repeat(indent(node) + 2), Tone::Text),
                    text(format!("{closer}{comma}"), Tone::Punctuation),
                ]
            }
            Some(Shown::Line(_, line)) => line.clone(),
            None => Line::new(),
        }
    }

    fn node_line(&self, at: usize) -> Line {
        let node = &self.nodes[at];
        let mut line = vec![text(" ".repeat(indent(node)), Tone::Text)];
        line.push(match (self.folds(at), node.open) {
            (true, true) => mark(Mark::Unfolded, Tone::Dim),
            (true, false) => mark(Mark::Folded, Tone::Dim),
            (false, _) => text(" ", Tone::Text),
        });
        line.push(text(" ", Tone::Text));
        if let Place::Member(key) = &node.place {
            line.push(text(Value::from(key.as_str()).to_string(), Tone::Key));
            line.push(text(": ", Tone::Punctuation));
        }
        let comma = if node.comma { "," } else { "" };
        self.node_value(at, comma, &mut line);
        line
    }

    fn node_value(&self, at: usize, comma: &str, line: &mut Line) {
        let node = &self.nodes[at];
        let (open, close, number, noun) = match &node.kind {
            Kind::String(preview, more) => {
                if node.open {
                    let size = self.value_of(at).and_then(Value::as_str).map_or(0, str::len);
                    line.push(text(format!("{size} bytes:"), Tone::Dim));
                    return;
                }
                line.push(text(preview.clone(), Tone::Quoted));
                if *more {
                    line.push(mark(Mark::Ellipsis, Tone::Dim));
                }
                line.push(text(comma, Tone::Punctuation));
                return;
            }
            Kind::Scalar(words, tone) => {
                line.push(text(words.clone(), *tone));
                line.push(text(comma, Tone::Punctuation));
                return;
            }
            Kind::Object(number) => ("{", "}", *number, "member"),
            Kind::Array(number) => ("[", "]", *number, "item"),
        };
        if number == 0 {
            line.push(text(format!("{open}{close}{comma}"), Tone::Punctuation));
        } else if node.open {
            line.push(text(open, Tone::Punctuation));
        } else {
            line.push(text(format!("{open} "), Tone::Punctuation));
            line.push(text(crate::words::count(number, noun), Tone::Dim));
            line.push(text(format!(" {close}{comma}"), Tone::Punctuation));
        }
    }

    /// Whether a node has something to hide: members, items, or more text than its row holds.
    fn folds(&self, at: usize) -> bool {
        let node = &self.nodes[at];
        match &node.kind {
            Kind::Object(number) | Kind::Array(number) => *number > 0,
            Kind::Scalar(..) => false,
            Kind::String(preview, more) => {
                let key = match &node.place {
                    Place::Member(key) => key.width() + 4,
                    Place::Root | Place::Item(_) => 0,
                };
                node.open || *more || indent(node) + 2 + key + preview.width() + 1 > usize::from(self.width)
            }
        }
    }

    /// The rows anew.
    fn lay(&mut self) {
        let mut shown = Vec::new();
        let mut ends: Vec<usize> = Vec::new();
        let mut at = 0;
        while at < self.nodes.len() {
            close(&self.nodes, &mut ends, &mut shown, at);
            let node = &self.nodes[at];
            shown.push(Shown::Node(at));
            match node.kind {
                Kind::Object(number) | Kind::Array(number) => {
                    if number > 0 && node.open {
                        ends.push(at);
                    } else {
                        at = node.end;
                        continue;
                    }
                }
                Kind::String(..) if node.open => self.opened(at, &mut shown),
                Kind::String(..) | Kind::Scalar(..) => {}
            }
            at += 1;
        }
        close(&self.nodes, &mut ends, &mut shown, self.nodes.len());
        self.shown = shown;
    }

    /// The lines of an open string.
    fn opened(&self, at: usize, shown: &mut Vec<Shown>) {
        let Some(whole) = self.value_of(at).and_then(Value::as_str) else {
            return;
        };
        let indent = u16::try_from(indent(&self.nodes[at]) + 4).unwrap_or(u16::MAX);
        let head = start(whole, OPENED);
        for paragraph in head.split('\n') {
            let lines = flow([text(paragraph, Tone::Quoted)], self.width, indent, indent);
            shown.extend(lines.into_iter().map(|line| Shown::Line(at, line)));
        }
        if head.len() < whole.len() {
            let more = format!(
                "{}{} bytes more",
                " ".repeat(usize::from(indent)),
                whole.len() - head.len()
            );
            shown.push(Shown::Line(at, vec![Piece::Text(more, Tone::Dim)]));
        }
    }

    fn node_of(&self, row: usize) -> Option<usize> {
        match self.shown.get(row)? {
            Shown::Node(node) | Shown::End(node) | Shown::Line(node, _) => Some(*node),
        }
    }

    fn row_of(&self, node: usize) -> Option<usize> {
        self.shown.iter().position(|shown| *shown == Shown::Node(node))
    }

    fn find(&self, pointer: &str) -> Option<usize> {
        pointer::tokens(pointer).try_fold(0, |at, token| {
            let mut child = at + 1;
            while child < self.nodes[at].end {
                let found = match &self.nodes[child].place {
                    Place::Root => false,
                    Place::Member(key) => *key == token,
                    Place::Item(index) => index.to_string() == token,
                };
                if found {
                    return Some(child);
                }
                child = self.nodes[child].end;
            }
            None
        })
    }

    /// The nodes from the root to one.
    fn path(&self, at: usize) -> Vec<usize> {
        let mut path = vec![at];
        let mut at = at;
        while let Some(parent) = self.nodes[at].parent {
            path.push(parent);
            at = parent;
        }
        path.reverse();
        path
    }

    fn pointer_of(&self, at: usize) -> String {
        self.path(at)
            .into_iter()
            .fold(String::new(), |pointer, node| match &self.nodes[node].place {
                Place::Root => pointer,
                Place::Member(key) => pointer::join(&pointer, key),
                Place::Item(index) => format!("{pointer}/{index}"),
            })
    }

    fn value_of(&self, at: usize) -> Option<&Value> {
        self.path(at)
            .into_iter()
            .try_fold(&*self.value, |value, node| match &self.nodes[node].place {
                Place::Root => Some(value),
                Place::Member(key) => value.get(key),
                Place::Item(index) => value.get(index),
            })
    }
}

/// Closes the containers that end before node `at`.
fn close(nodes: &[Node], ends: &mut Vec<usize>, shown: &mut Vec<Shown>, at: usize) {
    while let Some(open) = ends.pop_if(|open| nodes[*open].end <= at) {
        shown.push(Shown::End(open));
    }
}
