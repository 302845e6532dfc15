//! What the pane reads from a run: which attempt is shown, its tree, and what is known of its nodes.
//!
//! Owns the choice, and the tree of a verdict's value where that is not what was read live. Rows are `outline`'s.

use crate::extract::view::Mapping;
use crate::json::tree::{Kind, Node, NodeId, Tree};
use crate::record::fields::Fields;
use crate::record::{AttemptRecord, RunRecord};
use crate::schema::Schema;
use serde_json::Value;

/// The place in a run that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The attempt's index.
    pub attempt: usize,
    /// The index of the stream that holds the JSON, and the root of the document in it; `None` when nothing was read live.
    pub document: Option<(usize, NodeId)>,
}

impl Place {
    /// The last attempt of which there is something to show.
    pub fn of(run: &RunRecord) -> Option<Self> {
        run.attempts.iter().enumerate().rev().find_map(|(index, attempt)| {
            let document = document(attempt);
            (document.is_some() || attempt.verdict.is_some()).then_some(Self {
                attempt: index,
                document,
            })
        })
    }
}

fn document(attempt: &AttemptRecord) -> Option<(usize, NodeId)> {
    let primary = attempt.answer.primary()?;
    let root = primary.reading.as_ref()?.reader.current_root()?;
    let mut streams = attempt.answer.streams.iter();
    Some((streams.position(|stream| std::ptr::eq(stream, primary))?, root))
}

/// A verdict's value as a tree.
#[derive(Clone, Debug)]
pub struct Judged {
    tree: Tree,
    mapping: Mapping,
}

impl Judged {
    /// Builds it; costs what the value holds.
    pub fn new(value: &Value, schema: Option<&Schema>) -> Self {
        let mut tree = Tree::new();
        add(&mut tree, None, None, value);
        let mut mapping = Mapping::new(&[]);
        if let Some(schema) = schema {
            mapping.extend(&tree, schema);
        }
        Self { tree, mapping }
    }

    /// The node of the whole.
    pub fn root(&self) -> Option<NodeId> {
        self.tree.root()
    }
}

/// Adds a value to a tree. As deep as the value, which readers and `serde_json` bound.
fn add(tree: &mut Tree, parent: Option<NodeId>, key: Option<&str>, value: &Value) {
    let kind = match value {
        Value::Null => Kind::Null,
        Value::Bool(true) => Kind::True,
        Value::Bool(false) => Kind::False,
        Value::Number(_) => Kind::Number,
        Value::String(_) => Kind::String,
        Value::Array(_) => Kind::Array,
        Value::Object(_) => Kind::Object,
    };
    let id = tree.open(parent, key, kind, 0);
    match value {
        Value::String(text) => tree.push_text(id, text),
        Value::Number(number) => tree.push_text(id, &number.to_string()),
        Value::Array(items) => {
            for item in items {
                add(tree, Some(id), None, item);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                add(tree, Some(id), Some(key), member);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
    tree.close(id, 0);
}

/// Everything that rows are made and drawn from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    reading: Option<(&'a Tree, &'a Mapping)>,
    /// The states of the live tree.
    pub fields: Option<&'a Fields>,
    /// The schema.
    pub schema: Option<&'a Schema>,
    /// Whether the whole was judged, so that what has no problem is valid.
    pub judged: bool,
    /// Whether what has not come is not in the answer.
    pub over: bool,
    /// Whether nothing grows any more.
    pub still: bool,
}

impl<'a> Source<'a> {
    /// What is at `place` of `run`, or `judged` instead of its live tree.
    pub fn new(
        run: Option<&'a RunRecord>,
        place: Option<Place>,
        judged: Option<&'a Judged>,
        schema: Option<&'a Schema>,
    ) -> Self {
        let attempt = run.and_then(|run| run.attempts.get(place?.attempt));
        let live = attempt.and_then(|attempt| {
            let (stream, _) = place?.document?;
            attempt.answer.streams.get(stream)?.reading.as_ref()
        });
        let ended = run.is_some_and(|run| run.ended.is_some());
        let judgement = attempt.is_some_and(|attempt| attempt.verdict.is_some());
        Self {
            reading: match judged {
                Some(judged) => Some((&judged.tree, &judged.mapping)),
                None => live.map(|live| (live.reader.tree(), live.fields.mapping())),
            },
            fields: live.filter(|_| judged.is_none()).map(|live| &live.fields),
            schema,
            judged: judgement,
            // A run that ended before anything came says nothing about fields.
            over: judgement || (ended && live.is_some()),
            still: judgement || ended || attempt.is_some_and(|attempt| attempt.closed.is_some()),
        }
    }

    /// The tree and the fields its nodes are.
    pub fn reading(&self) -> Option<(&'a Tree, &'a Mapping)> {
        self.reading
    }

    /// The id and the node, where the tree has it: the pane may be asked to draw another record than it took in.
    fn known(&self, id: Option<NodeId>) -> Option<(&'a Tree, NodeId)> {
        let (tree, id) = (self.reading?.0, id?);
        (id.index() < tree.len()).then_some((tree, id))
    }

    /// A node.
    pub fn node(&self, id: Option<NodeId>) -> Option<&'a Node> {
        self.known(id).map(|(tree, id)| tree.node(id))
    }

    /// Its member name.
    pub fn key(&self, id: Option<NodeId>) -> Option<&'a str> {
        self.known(id).and_then(|(tree, id)| tree.key(id))
    }

    /// Its text.
    pub fn text(&self, id: Option<NodeId>) -> &'a str {
        self.known(id).map_or("", |(tree, id)| tree.text(id))
    }

    /// Whether it is a `null` that an adaptation added, which means that the field is absent.
    pub fn is_added_null(&self, id: Option<NodeId>) -> bool {
        let (Some((tree, id)), Some((_, mapping)), Some(schema)) = (self.known(id), self.reading, self.schema) else {
            return false;
        };
        mapping.is_added_null(tree, schema, id)
    }

    /// Its value as far as it may be shown. Costs what it holds.
    pub fn value(&self, id: Option<NodeId>) -> Option<Value> {
        let (tree, id) = self.known(id)?;
        match (self.schema, self.reading) {
            (Some(schema), Some((_, mapping))) => mapping.value(tree, schema, id),
            _ => tree.value(id),
        }
    }

    /// Whether what was read under `root` is `value`. Costs what it holds and makes no copies.
    pub fn is_same(&self, root: NodeId, value: &Value) -> bool {
        let Some((tree, id)) = self.known(Some(root)) else {
            return false;
        };
        match (tree.node(id).kind, value) {
            (Kind::Object, Value::Object(map)) => {
                let mut members = 0;
                let here = tree.children(id).filter(|child| !self.is_added_null(Some(*child)));
                let same = here.into_iter().all(|child| {
                    members += 1;
                    let held = tree.key(child).and_then(|key| map.get(key));
                    held.is_some_and(|held| self.is_same(child, held))
                });
                same && members == map.len()
            }
            (Kind::Array, Value::Array(items)) => {
                let mut items = items.iter();
                let same = tree
                    .children(id)
                    .all(|child| items.next().is_some_and(|item| self.is_same(child, item)));
                same && items.next().is_none()
            }
            (Kind::String, Value::String(text)) => tree.text(id) == text,
            (Kind::Number, Value::Number(_)) | (Kind::True | Kind::False | Kind::Null, _) => {
                tree.value(id).as_ref() == Some(value)
            }
            (Kind::Object | Kind::Array | Kind::String | Kind::Number, _) => false,
        }
    }
}
