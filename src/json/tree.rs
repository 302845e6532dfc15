//! The arena that holds an answer while it is read: nodes with their spans, open or closed.
//!
//! Owns the nodes and their decoded text. Append-only: what closed never reopens, so the tree as of byte *k* is this same
//! arena read up to *k*. It knows nothing of JSON's grammar (`reader`, `repair`) or of schemas.

mod mark;

pub(super) use mark::Mark;
use serde_json::{Map, Number, Value};

const NONE: u32 = u32::MAX;

/// A node's place in its tree. Ids count up in the order in which nodes opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

impl NodeId {
    /// The id as an index from 0.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// A string, decoded.
    String,
    /// A number; its text is kept.
    Number,
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
}

/// One value of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    keyed: bool,
    /// Offset of its first byte in the raw text.
    pub open: u32,
    close: u32,
    parent: u32,
    next: u32,
    /// The child opened last. The first one needs no field: it is the node after this one.
    last: u32,
    /// Where the member name starts in the tree's text; the node's own text follows it.
    name: u32,
    /// Where the member name ends and the node's own text starts. That ends where the next node's name starts: text is only ever
    /// added to the node opened last.
    text: u32,
}

impl Node {
    /// Offset one past its last byte; `None` while it is open.
    pub fn close(&self) -> Option<u32> {
        (self.close != NONE).then_some(self.close)
    }

    /// Whether nothing more can be added to it.
    pub fn is_closed(&self) -> bool {
        self.close != NONE
    }

    /// The container it stands in.
    pub fn parent(&self) -> Option<NodeId> {
        (self.parent != NONE).then_some(NodeId(self.parent))
    }
}

/// A tree of values. Several roots may stand side by side (concatenated documents).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    nodes: Vec<Node>,
    /// Keys, decoded strings and number texts, in order of arrival.
    text: String,
    roots: Vec<NodeId>,
}

impl Tree {
    /// An empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens a node under `parent` (a root without one) at byte `at`. `key` is its member name in an object.
    pub fn open(&mut self, parent: Option<NodeId>, key: Option<&str>, kind: Kind, at: u32) -> NodeId {
        let id = self.nodes.len() as u32;
        let name = self.text.len() as u32;
        self.text.push_str(key.unwrap_or_default());
        let text = self.text.len() as u32;
        self.nodes.push(Node {
            kind,
            keyed: key.is_some(),
            open: at,
            close: NONE,
            parent: parent.map_or(NONE, |parent| parent.0),
            next: NONE,
            last: NONE,
            name,
            text,
        });
        match parent {
            Some(NodeId(parent)) => {
                let last = std::mem::replace(&mut self.nodes[parent as usize].last, id);
                if last != NONE {
                    self.nodes[last as usize].next = id;
                }
            }
            None => self.roots.push(NodeId(id)),
        }
        NodeId(id)
    }

    /// Appends decoded text to the string or number that was opened last.
    pub fn push_text(&mut self, id: NodeId, text: &str) {
        self.tail(id).push_str(text);
    }

    /// The text of the string or number that was opened last, for adding to its end.
    #[inline]
    pub(super) fn tail(&mut self, id: NodeId) -> &mut String {
        debug_assert_eq!(id.index() + 1, self.nodes.len(), "text belongs to the node opened last");
        &mut self.text
    }

    /// Replaces the text of the node that was opened last, and says anew what it is: a number in another notation is known for
    /// what it is only at its end.
    pub(super) fn rewrite(&mut self, id: NodeId, kind: Kind, text: &str) {
        debug_assert_eq!(id.index() + 1, self.nodes.len(), "text belongs to the node opened last");
        let node = &mut self.nodes[id.index()];
        node.kind = kind;
        self.text.truncate(node.text as usize);
        self.text.push_str(text);
    }

    /// Closes a node one past its last byte.
    pub fn close(&mut self, id: NodeId, at: u32) {
        self.nodes[id.index()].close = at;
    }

    /// The first root.
    pub fn root(&self) -> Option<NodeId> {
        self.roots.first().copied()
    }

    /// Every root, in order.
    pub fn roots(&self) -> &[NodeId] {
        &self.roots
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing has been read yet.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// A node by id.
    ///
    /// # Panics
    /// When the id is of another tree.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// Every id, in order of opening.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        self.ids_from(0)
    }

    /// The ids from the `first` node on, in order of opening. Costs nothing for those before it.
    pub fn ids_from(&self, first: usize) -> impl Iterator<Item = NodeId> + use<> {
        (first as u32..self.nodes.len() as u32).map(NodeId)
    }

    /// The member name of a node; `None` for roots and array items.
    pub fn key(&self, id: NodeId) -> Option<&str> {
        let node = self.node(id);
        node.keyed.then(|| &self.text[node.name as usize..node.text as usize])
    }

    /// The decoded text of a string, or the text of a number; empty for other kinds.
    pub fn text(&self, id: NodeId) -> &str {
        let end = self
            .nodes
            .get(id.index() + 1)
            .map_or(self.text.len(), |next| next.name as usize);
        &self.text[self.node(id).text as usize..end]
    }

    /// The children of a container, in order.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut next = self.first_child(id);
        std::iter::from_fn(move || {
            let id = next?;
            next = self.next_sibling(id);
            Some(id)
        })
    }

    /// The child opened first.
    pub fn first_child(&self, id: NodeId) -> Option<NodeId> {
        // Ids count up in order of opening, so nothing stands between a container and its first child.
        (self.node(id).last != NONE).then_some(NodeId(id.0 + 1))
    }

    /// The next child of the same container; `None` for roots and last children.
    pub fn next_sibling(&self, id: NodeId) -> Option<NodeId> {
        let next = self.node(id).next;
        (next != NONE).then_some(NodeId(next))
    }

    /// The child opened last.
    pub fn last_child(&self, id: NodeId) -> Option<NodeId> {
        let last = self.node(id).last;
        (last != NONE).then_some(NodeId(last))
    }

    /// The RFC 6901 pointer from the root of `id` to it. Linear in the items that stand before it.
    pub fn pointer(&self, id: NodeId) -> String {
        let mut steps = Vec::new();
        let mut at = id;
        while let Some(parent) = self.node(at).parent() {
            steps.push(match self.key(at) {
                Some(key) => super::pointer::escape(key),
                None => self
                    .children(parent)
                    .position(|child| child == at)
                    .unwrap_or(0)
                    .to_string(),
            });
            at = parent;
        }
        steps.iter().rev().fold(String::new(), |path, step| path + "/" + step)
    }

    /// The value of a node as far as it is known: open strings and containers as they stand, open numbers and literals left out.
    ///
    /// Returns `None` for an open number or literal. A later duplicate key replaces the earlier value in its place, as `serde_json` does.
    pub fn value(&self, id: NodeId) -> Option<Value> {
        let node = self.node(id);
        Some(match node.kind {
            Kind::Object => {
                let mut map = Map::new();
                for child in self.children(id) {
                    if let (Some(key), Some(value)) = (self.key(child), self.value(child)) {
                        map.insert(key.to_owned(), value);
                    }
                }
                Value::Object(map)
            }
            Kind::Array => Value::Array(self.children(id).filter_map(|child| self.value(child)).collect()),
            Kind::String => Value::String(self.text(id).to_owned()),
            Kind::Number if node.is_closed() => number(self.text(id)),
            Kind::True if node.is_closed() => Value::Bool(true),
            Kind::False if node.is_closed() => Value::Bool(false),
            Kind::Null if node.is_closed() => Value::Null,
            Kind::Number | Kind::True | Kind::False | Kind::Null => return None,
        })
    }
}

/// A JSON number as `serde_json` reads it: integers that fit stay integers, the rest become floats.
fn number(text: &str) -> Value {
    serde_json::from_str::<Number>(text).map_or(Value::Null, Value::Number)
}
