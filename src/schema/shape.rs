//! The map of fields that a schema describes: what is a member, what is an item, what may be null.
//!
//! Owns the map and the ways through it. `$ref`, single `allOf` entries and `Optional` (`anyOf [X, null]`) are seen through;
//! recursion is a cycle of ids. Judging is the business of `Schema::judge_at`.

pub(crate) mod admits;
mod build;
mod parts;

use crate::json::pointer::tokens;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// A JSON type as schemas name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// `null`.
    Null,
    /// `boolean`.
    Boolean,
    /// `integer`.
    Integer,
    /// `number`.
    Number,
    /// `string`.
    String,
    /// `array`.
    Array,
    /// `object`.
    Object,
}

impl Type {
    /// Every type.
    pub const ALL: [Self; 7] = [
        Self::Null,
        Self::Boolean,
        Self::Integer,
        Self::Number,
        Self::String,
        Self::Array,
        Self::Object,
    ];

    /// The name used in schemas.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// The type of a name, if it is one.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A node of the map; only meaningful for the [`Shape`] it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ShapeId(u32);

/// One property of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its schema.
    pub shape: ShapeId,
    /// Whether the object must have it in every case.
    pub required: bool,
}

/// What is known of the values at one place of the schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShapeNode {
    /// Pointer of the subschema in the schema as written.
    pub pointer: String,
    /// The types a value may have, in the order of [`Type`]; empty when any.
    pub types: Vec<Type>,
    /// The known members of an object, in the order they are written. Shared by all that refer to one definition.
    pub members: Arc<[Member]>,
    /// The schema of the items after the prefix.
    pub items: Option<ShapeId>,
    /// The schemas of the first items.
    pub prefix: Arc<[ShapeId]>,
    /// The schema of members without a name of their own, where `additionalProperties` gives one.
    pub additional: Option<ShapeId>,
    /// Whether strings are limited by `enum` or `const`, so that an open string is no value yet.
    pub is_enum: bool,
    /// Whether the schema as written allows `null` here.
    pub nullable: bool,
    /// The nearest description.
    pub description: Option<String>,
    /// Whether members come from alternatives (`anyOf`, `oneOf`, `if`, `dependentSchemas`): they can be judged only with the whole.
    pub branches: bool,
}

/// The fields of one schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Never empty: the first node is the root.
    nodes: Vec<ShapeNode>,
    /// For each node, where its members stand in `members`.
    index: Vec<Arc<HashMap<String, usize>>>,
    /// For each node, every place of the schema it stands for.
    places: Vec<Vec<String>>,
}

impl Shape {
    /// The root.
    pub fn root(&self) -> ShapeId {
        ShapeId(0)
    }

    /// A node. An id of another shape gives some node of this one.
    pub fn node(&self, id: ShapeId) -> &ShapeNode {
        &self.nodes[(id.0 as usize).min(self.nodes.len() - 1)]
    }

    /// Every place of the schema that a node stands for, as pointers; the first is the node's own.
    pub(crate) fn places(&self, id: ShapeId) -> &[String] {
        self.places.get(id.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// Every id, the root first.
    pub fn ids(&self) -> impl Iterator<Item = ShapeId> + use<> {
        (0..self.nodes.len() as u32).map(ShapeId)
    }

    /// The schema of the member `key`: its own, else that of free keys.
    pub fn member(&self, id: ShapeId, key: &str) -> Option<ShapeId> {
        let node = self.node(id);
        let own = self.position(id, key).and_then(|at| node.members.get(at));
        own.map(|member| member.shape).or(node.additional)
    }

    /// Where the member `key` stands among the members of its own name.
    pub fn position(&self, id: ShapeId, key: &str) -> Option<usize> {
        self.index.get(id.0 as usize)?.get(key).copied()
    }

    /// The schema of the item at `index`.
    pub fn item(&self, id: ShapeId, index: usize) -> Option<ShapeId> {
        let node = self.node(id);
        node.prefix.get(index).copied().or(node.items)
    }

    /// The schema of the value at an RFC 6901 pointer into an instance.
    pub fn find(&self, instance_pointer: &str) -> Option<ShapeId> {
        tokens(instance_pointer).try_fold(self.root(), |id, token| {
            let as_item = || token.parse().ok().and_then(|index| self.item(id, index));
            self.member(id, &token).or_else(as_item)
        })
    }
}

#[cfg(test)]
mod tests;
