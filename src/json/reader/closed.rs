//! The order in which nodes close, without a log of it.
//!
//! Owns a cursor that walks a growing tree in post-order, which is closing order: children close before their container and
//! before the sibling after them opens. It needs no memory, however long nobody asks.

use crate::json::tree::{NodeId, Tree};

/// How far closed nodes have been handed out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Cursor {
    /// Which root the walk is in.
    root: usize,
    /// The node handed out last within that root.
    last: Option<NodeId>,
}

impl Cursor {
    /// The next closed node; `None` when the next in order is still open or has not come.
    pub fn next(&mut self, tree: &Tree) -> Option<NodeId> {
        loop {
            let root = *tree.roots().get(self.root)?;
            if self.last == Some(root) {
                self.advance();
                continue;
            }
            let candidate = self.candidate(tree, root);
            if tree.node(candidate).is_closed() {
                self.last = Some(candidate);
                return Some(candidate);
            }
            if self.root + 1 == tree.roots().len() {
                return None;
            }
            // A root that stayed open while another one opened was given up: nothing in it closes any more.
            self.advance();
        }
    }

    fn advance(&mut self) {
        self.root += 1;
        self.last = None;
    }

    /// The node that closes next within `root`.
    fn candidate(&self, tree: &Tree, root: NodeId) -> NodeId {
        let Some(last) = self.last else {
            return first_leaf(tree, root);
        };
        match tree.next_sibling(last) {
            Some(sibling) => first_leaf(tree, sibling),
            None => tree.node(last).parent().unwrap_or(root),
        }
    }
}

fn first_leaf(tree: &Tree, mut id: NodeId) -> NodeId {
    while let Some(child) = tree.first_child(id) {
        id = child;
    }
    id
}
