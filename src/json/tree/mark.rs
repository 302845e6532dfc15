//! Moments of a tree: going back to one, and on to one from a tree that has read further.
//!
//! Owns what an append-only arena needs for it: how long it was, and the little before that end which later bytes change.

use super::{Kind, NONE, NodeId, Tree};

/// A moment of a tree.
#[derive(Clone, Debug)]
pub(in crate::json) struct Mark {
    nodes: usize,
    text: usize,
    roots: usize,
    /// The child opened last in the innermost open container.
    last: u32,
    /// The text of the number that is open: its end may rewrite it.
    number: Option<Box<str>>,
}

impl Mark {
    /// About how many bytes it takes up beyond itself.
    pub fn weight(&self) -> usize {
        self.number.as_ref().map_or(0, |text| text.len())
    }
}

impl Tree {
    /// The moment that it is at; `open` are its open nodes from the root inwards.
    pub(in crate::json) fn mark(&self, open: impl Iterator<Item = NodeId>) -> Mark {
        let innermost = open.last();
        let number = innermost.filter(|id| self.node(*id).kind == Kind::Number);
        Mark {
            nodes: self.nodes.len(),
            text: self.text.len(),
            roots: self.roots.len(),
            last: innermost.map_or(NONE, |id| self.node(id).last),
            number: number.map(|id| self.text(id).into()),
        }
    }

    /// Goes to a moment, taking what is missing from `whole`: the same tree, read at least as far. `open` are the nodes that are open
    /// here and now, `open_then` those at the moment. What stays is not copied.
    pub(in crate::json) fn take(
        &mut self,
        whole: &Self,
        mark: &Mark,
        open: impl Iterator<Item = NodeId>,
        open_then: impl Iterator<Item = NodeId>,
    ) {
        self.refresh(whole, open);
        if let Some(missing) = whole.nodes.get(self.nodes.len()..mark.nodes) {
            self.nodes.extend_from_slice(missing);
        }
        self.nodes.truncate(mark.nodes);
        if let Some(missing) = whole.roots.get(self.roots.len()..mark.roots) {
            self.roots.extend_from_slice(missing);
        }
        self.roots.truncate(mark.roots);
        self.take_text(whole, mark);
        self.reopen(mark, open_then);
    }

    /// Takes over what happened to the open nodes, and to the last child of the innermost.
    fn refresh(&mut self, whole: &Self, open: impl Iterator<Item = NodeId>) {
        let (mut innermost, mut last) = (None, NONE);
        for id in open {
            last = self.nodes[id.index()].last;
            self.nodes[id.index()] = whole.nodes[id.index()];
            innermost = Some(id);
        }
        // Further out the last child is the next open node.
        if last != NONE {
            self.nodes[last as usize] = whole.nodes[last as usize];
        }
        // What a number was rewritten to is not what stands here.
        if let Some(id) = innermost.filter(|id| id.index() + 1 == self.nodes.len()) {
            self.text.truncate(self.nodes[id.index()].text as usize);
        }
    }

    fn take_text(&mut self, whole: &Self, mark: &Mark) {
        let number = mark.number.as_deref();
        let end = match (number, self.nodes.last()) {
            (Some(_), Some(node)) => node.text as usize,
            _ => mark.text,
        };
        if let Some(missing) = whole.text.get(self.text.len()..end) {
            self.text.push_str(missing);
        }
        self.text.truncate(end);
        if let (Some(text), Some(node)) = (number, self.nodes.last_mut()) {
            node.kind = Kind::Number;
            self.text.push_str(text);
        }
    }

    /// Opens what was open: it has no end, and nothing stands behind it.
    fn reopen(&mut self, mark: &Mark, open: impl Iterator<Item = NodeId>) {
        let mut parent = None;
        for id in open {
            let node = &mut self.nodes[id.index()];
            (node.close, node.next) = (NONE, NONE);
            if let Some(NodeId(parent)) = parent.replace(id) {
                self.nodes[parent as usize].last = id.0;
            }
        }
        let Some(innermost) = parent else { return };
        self.nodes[innermost.index()].last = mark.last;
        if mark.last != NONE {
            self.nodes[mark.last as usize].next = NONE;
        }
    }
}
