//! JSON inside JSON: escaped documents, documents in strings, and values moved from one tree into another.
//!
//! Owns the map from unescaped text back to the raw text, so that spans and repairs of the inner document point into the answer.

use super::extract::Found;
use crate::json::tree::{Kind, NodeId, Tree};
use crate::verdict::Repair;

/// Text with one level of escapes taken off, and where it came from.
#[derive(Debug)]
pub(super) struct Unescaped {
    /// The text.
    pub(super) text: String,
    /// For each stretch its start here and in the raw text.
    stretches: Vec<(usize, usize)>,
}

impl Unescaped {
    /// Takes one level of escapes off `text[start..end]`; what is no escape stays as it is.
    pub(super) fn of(text: &str, start: usize, end: usize) -> Self {
        let raw = &text[start..end];
        let mut inner = Self {
            text: String::with_capacity(raw.len()),
            stretches: vec![(0, start)],
        };
        let mut plain = 0;
        let mut at = 0;
        while let Some(found) = raw[at..].find('\\') {
            at += found;
            let Some((c, length)) = unescape(&raw[at..]) else {
                at += 1;
                continue;
            };
            inner.text.push_str(&raw[plain..at]);
            inner.text.push(c);
            at += length;
            plain = at;
            inner.stretches.push((inner.text.len(), start + at));
        }
        inner.text.push_str(&raw[plain..]);
        inner
    }

    /// The raw offset of an offset in the unescaped text.
    pub(super) fn raw(&self, at: usize) -> usize {
        let after = self.stretches.partition_point(|(inner, _)| *inner <= at);
        let (inner, raw) = self.stretches[after.saturating_sub(1)];
        // An offset inside an escape's character cannot come up: trees and repairs keep to character boundaries.
        raw + (at - inner)
    }

    /// A document found in the unescaped text, as one of the raw text.
    pub(super) fn outward(&self, found: &Found) -> Found {
        let mut tree = Tree::new();
        if let Some(root) = found.tree.root() {
            graft(&mut tree, None, &found.tree, root, &|at| self.raw(at as usize) as u32);
        }
        let moved = |repair: &Repair| Repair {
            offset: self.raw(repair.offset as usize) as u64,
            ..*repair
        };
        Found {
            start: self.raw(found.start),
            end: self.raw(found.end),
            tree,
            repairs: found.repairs.iter().map(moved).collect(),
            ..*found
        }
    }
}

/// The character an escape stands for, and the escape's length.
fn unescape(text: &str) -> Option<(char, usize)> {
    let c = match text.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let code = u32::from_str_radix(text.get(2..6)?, 16).ok()?;
            return char::from_u32(code).map(|c| (c, 6));
        }
        _ => return None,
    };
    Some((c, 2))
}

/// Copies the value `root` of one tree under `parent` in another, with every offset mapped. Linear in the values after `root`.
pub(super) fn graft(into: &mut Tree, parent: Option<NodeId>, from: &Tree, root: NodeId, map: &dyn Fn(u32) -> u32) {
    let mut copies: Vec<NodeId> = Vec::new();
    for id in from.ids_from(root.index()) {
        let node = from.node(id);
        // Ids count up as nodes open, so a subtree is one run of ids.
        let (parent, key) = if id == root {
            (parent, None)
        } else {
            match node.parent().filter(|parent| *parent >= root) {
                Some(parent) => (copies.get(parent.index() - root.index()).copied(), from.key(id)),
                None => break,
            }
        };
        let copy = into.open(parent, key, node.kind, map(node.open));
        if matches!(node.kind, Kind::String | Kind::Number) {
            into.push_text(copy, from.text(id));
        }
        if let Some(close) = node.close() {
            into.close(copy, map(close));
        }
        copies.push(copy);
    }
}
