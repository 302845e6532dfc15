//! The states of an answer's fields while it streams: growing, closed, valid or invalid.
//!
//! Owns judging at close: scalars and array items when they close, never before (design §3). The whole is judged by `extract` at the end.

use crate::extract::view::{Mapping, adopt};
use crate::json::reader::Reader;
use crate::json::tree::{Kind, NodeId, Tree};
use crate::schema::Schema;
use crate::schema::shape::ShapeId;
use crate::verdict::{Change, Violation};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Where a field stands. A field without a node is [`FieldState::Waiting`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldState {
    /// Nothing of it has come.
    Waiting,
    /// It is being written.
    Growing,
    /// It is whole and not judged by itself.
    Closed,
    /// It is whole and fits its schema.
    Valid,
    /// It is whole and breaks its schema.
    Invalid,
}

/// The states of a tree's nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Fields {
    mapping: Mapping,
    states: Vec<FieldState>,
    problems: BTreeMap<NodeId, Arc<[Violation]>>,
    /// The nodes with problems, in order of closing.
    invalid: Vec<NodeId>,
    /// Scalars that closed, and scalars in arrays that opened.
    closed: usize,
    in_arrays: usize,
    /// Scalars that the schema names outside arrays, once it has been walked through.
    declared: Option<usize>,
}

/// A moment of the states.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    nodes: usize,
    invalid: usize,
    closed: usize,
    in_arrays: usize,
    declared: Option<usize>,
}

impl Fields {
    pub(super) fn new(changes: &[Change]) -> Self {
        Self {
            mapping: Mapping::new(changes),
            states: Vec::new(),
            problems: BTreeMap::new(),
            invalid: Vec::new(),
            closed: 0,
            in_arrays: 0,
            declared: None,
        }
    }

    /// Takes in what the reader has read since.
    pub(super) fn extend(&mut self, reader: &mut Reader, schema: Option<&Schema>) {
        let closed = reader.take_closed();
        let Some(schema) = schema else { return };
        self.declared.get_or_insert_with(|| declared(schema));
        let tree = reader.tree();
        let first = self.mapping.extend(tree, schema);
        self.states.resize(tree.len(), FieldState::Growing);
        for id in tree.ids_from(first) {
            self.in_arrays += usize::from(is_scalar(tree, id) && in_array(tree, id));
        }
        for id in closed {
            self.close(tree, schema, id);
        }
    }

    /// The moment that they are at.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            nodes: self.states.len(),
            invalid: self.invalid.len(),
            closed: self.closed,
            in_arrays: self.in_arrays,
            declared: self.declared,
        }
    }

    /// Goes to the moment at which the reader is, taking what is missing from `whole`: the states of the same tree, read at least as
    /// far. `open` are the nodes that are open here and now.
    pub(super) fn take(&mut self, whole: &Self, mark: &Mark, reader: &Reader, open: &[NodeId]) {
        let place = (reader.tree(), mark.nodes);
        self.mapping.take(&whole.mapping, place, open, reader.open_path());
        let known = self.states.len();
        for id in open.iter().filter(|id| id.index() < known) {
            self.states[id.index()] = whole.states[id.index()];
        }
        adopt(&mut self.states, &whole.states, mark.nodes);
        for id in reader.open_path().filter(|id| id.index() < mark.nodes) {
            self.states[id.index()] = FieldState::Growing;
        }
        for id in self.invalid.iter().skip(mark.invalid) {
            self.problems.remove(id);
        }
        for id in whole.invalid.iter().take(mark.invalid).skip(self.invalid.len()) {
            if let Some(problems) = whole.problems.get(id) {
                self.problems.insert(*id, Arc::clone(problems));
            }
        }
        adopt(&mut self.invalid, &whole.invalid, mark.invalid);
        self.closed = mark.closed;
        self.in_arrays = mark.in_arrays;
        self.declared = mark.declared;
    }

    fn close(&mut self, tree: &Tree, schema: &Schema, id: NodeId) {
        let item = tree
            .node(id)
            .parent()
            .is_some_and(|parent| tree.node(parent).kind == Kind::Array);
        self.closed += usize::from(is_scalar(tree, id));
        self.states[id.index()] = FieldState::Closed;
        if !(is_scalar(tree, id) || item) || self.mapping.is_added_null(tree, schema, id) {
            return;
        }
        if let (Some(shape), Some(value)) = (self.mapping.judged_by(id), self.mapping.value(tree, schema, id)) {
            let errors = schema.judge_at(shape, &value);
            self.states[id.index()] = if errors.is_empty() {
                FieldState::Valid
            } else {
                FieldState::Invalid
            };
            if !errors.is_empty() {
                self.invalid.push(id);
                self.problems.insert(id, errors.into());
            }
        }
    }

    /// The state of a node.
    pub fn state(&self, id: NodeId) -> FieldState {
        self.states.get(id.index()).copied().unwrap_or(FieldState::Waiting)
    }

    /// What a node breaks; pointers are relative to it.
    pub fn problems(&self, id: NodeId) -> &[Violation] {
        self.problems.get(&id).map_or(&[], |problems| problems)
    }

    /// The nodes that break their schema, in order of closing, so that a reader who remembers how many it has seen sees the new ones.
    pub fn invalid(&self) -> &[NodeId] {
        &self.invalid
    }

    /// Scalars that closed, and nodes that break their schema.
    pub(super) fn settled(&self) -> (usize, usize) {
        (self.closed, self.invalid.len())
    }

    /// Which field of the schema each node is.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// The partial value of the root that is being read.
    pub(super) fn value(&self, reader: &Reader, schema: &Schema) -> Option<Value> {
        let tree = reader.tree();
        let root = self.mapping.answer_root(tree, reader.current_root()?)?;
        self.mapping.value(tree, schema, root)
    }

    /// Scalars closed, and scalars known: those that the schema names outside arrays, and those that came inside arrays.
    /// `None` without a schema.
    pub(super) fn progress(&self) -> Option<(usize, usize)> {
        let known = self.declared?.saturating_add(self.in_arrays);
        Some((self.closed, known.max(self.closed)))
    }
}

fn is_scalar(tree: &Tree, id: NodeId) -> bool {
    !matches!(tree.node(id).kind, Kind::Object | Kind::Array)
}

/// Whether a node stands in an array at any height. Depth is bounded by the reader.
fn in_array(tree: &Tree, id: NodeId) -> bool {
    let mut at = id;
    while let Some(parent) = tree.node(at).parent() {
        if tree.node(parent).kind == Kind::Array {
            return true;
        }
        at = parent;
    }
    false
}

/// The scalar fields that the schema names outside arrays.
fn declared(schema: &Schema) -> usize {
    declared_at(schema, schema.shape().root(), &mut HashMap::new())
}

/// The scalar fields that are named at and below `id`. Shared parts are counted wherever they stand, a recursion once;
/// the counts are remembered, so that a schema whose `$ref`s double at each level costs no more than its size.
fn declared_at(schema: &Schema, id: ShapeId, counts: &mut HashMap<ShapeId, usize>) -> usize {
    if let Some(count) = counts.get(&id) {
        return *count;
    }
    counts.insert(id, 0);
    let node = schema.shape().node(id);
    let count = if node.members.is_empty() {
        usize::from(node.items.is_none() && node.prefix.is_empty())
    } else {
        node.members.iter().fold(0, |sum: usize, member| {
            sum.saturating_add(declared_at(schema, member.shape, counts))
        })
    };
    counts.insert(id, count);
    count
}
