//! The schema-aware view of an answer that is still being read: which field each node is, and the partial value to show.
//!
//! Owns what the reader must not know: that an open enum string is not yet a value, and that what an adaptation added is taken away
//! again. Judging is `schema`'s, reading `json`'s.

use crate::json::pointer;
use crate::json::tree::{Kind, NodeId, Tree};
use crate::schema::Schema;
use crate::schema::shape::ShapeId;
use crate::verdict::{Change, Undo};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// What an attempt's schema changes mean for reading its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// Schema pointers of properties in which a `null` means absent.
    nulls: HashSet<String>,
    /// Whether the answer stands in the member `value` of an object.
    wrapped: bool,
}

impl Undone {
    /// Reads the changes of an attempt.
    pub fn of(changes: &[Change]) -> Self {
        let undone = |change: &Change, undo| change.undo == Some(undo);
        Self {
            nulls: changes
                .iter()
                .filter(|change| undone(change, Undo::DropNull))
                .map(|change| change.pointer.clone())
                .collect(),
            wrapped: changes.iter().any(|change| undone(change, Undo::Unwrap)),
        }
    }
}

/// Makes a list as long as `len`, taking what is missing from a longer one that begins alike.
pub(crate) fn adopt<T: Copy>(list: &mut Vec<T>, whole: &[T], len: usize) {
    if let Some(missing) = whole.get(list.len()..len) {
        list.extend_from_slice(missing);
    }
    list.truncate(len);
}

/// Which field of the schema each node of a tree is. Extended as nodes arrive; work is proportional to the new nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    undone: Undone,
    shapes: Vec<Option<ShapeId>>,
    /// Per node, how many children it has so far.
    children: Vec<usize>,
    /// Per node, its index among its parent's children.
    indexes: Vec<usize>,
    /// Per node, whether an alternative above it decides what it must be, so that it cannot be judged by itself.
    undecided: Vec<bool>,
    /// Nodes that are the wrapper and no part of the answer, in order of opening.
    wrappers: Vec<NodeId>,
}

impl Mapping {
    /// An empty mapping for answers to a schema with these changes.
    pub fn new(changes: &[Change]) -> Self {
        Self {
            undone: Undone::of(changes),
            ..Self::default()
        }
    }

    /// Takes in the nodes that arrived since, and returns the first of them as an index.
    pub fn extend(&mut self, tree: &Tree, schema: &Schema) -> usize {
        let first = self.shapes.len();
        for id in tree.ids_from(first) {
            let node = tree.node(id);
            let (shape, index) = match node.parent() {
                None if self.undone.wrapped && node.kind == Kind::Object => {
                    self.wrappers.push(id);
                    (None, 0)
                }
                None => (Some(schema.shape().root()), 0),
                Some(parent) => {
                    let index = self.children[parent.index()];
                    self.children[parent.index()] += 1;
                    (self.child_shape(tree, schema, parent, id, index), index)
                }
            };
            self.undecided.push(
                node.parent()
                    .is_some_and(|parent| self.is_undecided_below(schema, parent)),
            );
            self.shapes.push(shape);
            self.children.push(0);
            self.indexes.push(index);
        }
        first
    }

    /// Goes to the moment at which `tree` is, taking what is missing from `whole`: a mapping of the same tree, read at least as far.
    /// `nodes` is how many nodes were mapped then, `open` are those that are open here and now, `open_then` those at the moment.
    pub(crate) fn take(
        &mut self,
        whole: &Self,
        (tree, nodes): (&Tree, usize),
        open: &[NodeId],
        open_then: impl Iterator<Item = NodeId>,
    ) {
        let known = self.children.len();
        for id in open.iter().filter(|id| id.index() < known) {
            self.children[id.index()] = whole.children[id.index()];
        }
        adopt(&mut self.shapes, &whole.shapes, nodes);
        adopt(&mut self.children, &whole.children, nodes);
        adopt(&mut self.indexes, &whole.indexes, nodes);
        adopt(&mut self.undecided, &whole.undecided, nodes);
        let wrappers = whole.wrappers.partition_point(|id| id.index() < nodes);
        adopt(&mut self.wrappers, &whole.wrappers, wrappers);
        for id in open_then.filter(|id| id.index() < nodes) {
            let last = tree.last_child(id);
            self.children[id.index()] = last.map_or(0, |last| self.indexes[last.index()] + 1);
        }
    }

    fn child_shape(&self, tree: &Tree, schema: &Schema, parent: NodeId, id: NodeId, index: usize) -> Option<ShapeId> {
        if self.is_wrapper(parent) {
            return (tree.key(id) == Some("value")).then(|| schema.shape().root());
        }
        let shape = self.shape(parent)?;
        match tree.key(id) {
            Some(key) => schema.shape().member(shape, key),
            None => schema.shape().item(shape, index),
        }
    }

    /// The field a node is; `None` where the schema does not say.
    pub fn shape(&self, id: NodeId) -> Option<ShapeId> {
        self.shapes.get(id.index()).copied().flatten()
    }

    fn is_undecided_below(&self, schema: &Schema, parent: NodeId) -> bool {
        let branches = self
            .shape(parent)
            .is_some_and(|shape| schema.shape().node(shape).branches);
        branches || self.undecided[parent.index()]
    }

    /// The field to judge a node by when it closes; `None` where the schema does not say, or only together with what surrounds it.
    pub fn judged_by(&self, id: NodeId) -> Option<ShapeId> {
        self.shape(id).filter(|_| !self.undecided[id.index()])
    }

    /// Whether a node is a wrapper and no part of the answer.
    pub fn is_wrapper(&self, id: NodeId) -> bool {
        self.wrappers.binary_search(&id).is_ok()
    }

    /// The answer's own root under a root of the tree.
    pub fn answer_root(&self, tree: &Tree, root: NodeId) -> Option<NodeId> {
        if !self.is_wrapper(root) {
            return Some(root);
        }
        tree.children(root).find(|child| tree.key(*child) == Some("value"))
    }

    /// The RFC 6901 pointer of a node within the answer.
    pub fn pointer(&self, tree: &Tree, id: NodeId) -> String {
        let mut steps = Vec::new();
        let mut at = id;
        while let Some(parent) = tree.node(at).parent().filter(|parent| !self.is_wrapper(*parent)) {
            steps.push(match tree.key(at) {
                Some(key) => pointer::escape(key),
                None => self.indexes[at.index()].to_string(),
            });
            at = parent;
        }
        steps.iter().rev().fold(String::new(), |path, step| path + "/" + step)
    }

    /// The value of a node as far as it may be shown: no open number, literal or enum string, nothing that an adaptation added.
    pub fn value(&self, tree: &Tree, schema: &Schema, id: NodeId) -> Option<Value> {
        let node = tree.node(id);
        match node.kind {
            Kind::Object => {
                let mut map = Map::new();
                for child in tree
                    .children(id)
                    .filter(|child| !self.is_added_null(tree, schema, *child))
                {
                    if let (Some(key), Some(value)) = (tree.key(child), self.value(tree, schema, child)) {
                        map.insert(key.to_owned(), value);
                    }
                }
                Some(Value::Object(map))
            }
            Kind::Array => Some(Value::Array(
                tree.children(id)
                    .filter_map(|child| self.value(tree, schema, child))
                    .collect(),
            )),
            Kind::String if !node.is_closed() && self.is_enum(schema, id) => None,
            Kind::String | Kind::Number | Kind::True | Kind::False | Kind::Null => tree.value(id),
        }
    }

    fn is_enum(&self, schema: &Schema, id: NodeId) -> bool {
        self.shape(id).is_some_and(|shape| schema.shape().node(shape).is_enum)
    }

    /// Whether a member is a `null` that stands for an absent optional property. Where alternatives disagree on `null` it is shown
    /// until the whole is judged.
    pub fn is_added_null(&self, tree: &Tree, schema: &Schema, member: NodeId) -> bool {
        if tree.node(member).kind != Kind::Null || self.undone.nulls.is_empty() {
            return false;
        }
        self.shape(member).is_some_and(|shape| {
            let places = schema.shape().places(shape);
            !schema.shape().node(shape).nullable && places.iter().any(|place| self.undone.nulls.contains(place))
        })
    }
}
