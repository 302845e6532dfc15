//! A JSON value as a flat list of nodes, each before those below it.
//!
//! Owns what is kept of each value; which of them are rows is the list's.

use crate::workbench::flow::Tone;
use serde_json::Value;

/// Bytes of a string that are shown while it is closed.
const PREVIEW: usize = 400;

/// A value, without the values below it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) parent: Option<usize>,
    pub(super) depth: u16,
    pub(super) place: Place,
    pub(super) kind: Kind,
    /// One past the last node below it.
    pub(super) end: usize,
    /// Whether a comma follows.
    pub(super) comma: bool,
    /// Whether a container is shown whole, or a string in full.
    pub(super) open: bool,
}

/// Where in its container a node stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Place {
    Root,
    Member(String),
    Item(usize),
}

/// What a node is; containers with the number of what is in them.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Object(usize),
    Array(usize),
    /// Its beginning, quoted, and whether there is more.
    String(String, bool),
    Scalar(String, Tone),
}

pub(super) fn indent(node: &Node) -> usize {
    2 * usize::from(node.depth)
}

/// The beginning of a text, cut between characters.
pub(super) fn start(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

/// Adds a value and all below it. Values come from parsers that bound their depth.
pub(super) fn push(nodes: &mut Vec<Node>, value: &Value, place: Place, parent: Option<usize>, depth: u16, comma: bool) {
    let at = nodes.len();
    let (kind, open) = match value {
        Value::Object(members) => (Kind::Object(members.len()), true),
        Value::Array(items) => (Kind::Array(items.len()), true),
        Value::String(whole) => {
            let head = start(whole, PREVIEW);
            let mut quoted = Value::from(head).to_string();
            let more = head.len() < whole.len();
            if more {
                quoted.pop();
            }
            (Kind::String(quoted, more), false)
        }
        Value::Number(_) => (Kind::Scalar(value.to_string(), Tone::Number), false),
        Value::Bool(_) | Value::Null => (Kind::Scalar(value.to_string(), Tone::Literal), false),
    };
    nodes.push(Node {
        parent,
        depth,
        place,
        kind,
        end: at + 1,
        comma,
        open,
    });
    match value {
        Value::Object(members) => {
            for (index, (key, member)) in members.iter().enumerate() {
                let place = Place::Member(key.clone());
                push(nodes, member, place, Some(at), depth + 1, index + 1 < members.len());
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                push(
                    nodes,
                    item,
                    Place::Item(index),
                    Some(at),
                    depth + 1,
                    index + 1 < items.len(),
                );
            }
        }
        Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => {}
    }
    nodes[at].end = nodes.len();
}
