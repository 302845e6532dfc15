//! The way back: an answer to the schema as sent becomes a value for the schema as written.
//!
//! Owns the undoing of the two changes that show in a value, [`Undo::DropNull`] and [`Undo::Unwrap`].

use super::super::check::MAX_DEPTH;
use super::super::shape::ShapeId;
use crate::schema::Schema;
use crate::verdict::{Change, Undo};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// Undoes on `value` what `changes` did to the schema.
///
/// A `null` is removed where the property was made nullable and the schema as written does not allow `null`. Where alternatives
/// disagree on that, it is removed only if the object fits without it and does not fit with it. Parts of the value that the
/// schema does not describe are left alone, as is everything deeper than 128 levels.
pub fn undo(schema: &Schema, changes: &[Change], mut value: Value) -> Value {
    if changes.iter().any(|change| change.undo == Some(Undo::Unwrap))
        && let Value::Object(map) = &mut value
        && let Some(inner) = map.shift_remove("value")
    {
        value = inner;
    }
    let dropped: HashSet<&str> = changes
        .iter()
        .filter(|change| change.undo == Some(Undo::DropNull))
        .map(|change| change.pointer.as_str())
        .collect();
    if !dropped.is_empty() {
        Undoing { schema, dropped }.walk(schema.shape().root(), &mut value, 0);
    }
    value
}

struct Undoing<'a> {
    schema: &'a Schema,
    /// Places of the properties that were made nullable.
    dropped: HashSet<&'a str>,
}

/// What becomes of a `null` member.
enum Fate {
    Keep,
    Drop,
    Try,
}

impl Undoing<'_> {
    fn walk(&self, id: ShapeId, value: &mut Value, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        let shape = self.schema.shape();
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    if let Some(child) = shape.item(id, index) {
                        self.walk(child, item, depth + 1);
                    }
                }
            }
            Value::Object(members) => self.members(id, members, depth),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn members(&self, id: ShapeId, members: &mut Map<String, Value>, depth: usize) {
        let mut unsure = Vec::new();
        members.retain(|key, value| {
            let Some(child) = self.schema.shape().member(id, key) else {
                return true;
            };
            if !value.is_null() {
                self.walk(child, value, depth + 1);
                return true;
            }
            match self.fate(child) {
                Fate::Keep => true,
                Fate::Drop => false,
                Fate::Try => {
                    unsure.push(key.clone());
                    true
                }
            }
        });
        if unsure.is_empty() {
            return;
        }
        let fits = |members: &Map<String, Value>| self.schema.judge_at(id, &Value::Object(members.clone())).is_empty();
        let mut without = members.clone();
        without.retain(|key, _| !unsure.contains(key));
        if !fits(members) && fits(&without) {
            *members = without;
        }
    }

    /// What becomes of a `null` at a node.
    fn fate(&self, id: ShapeId) -> Fate {
        let shape = self.schema.shape();
        let ours = shape
            .places(id)
            .iter()
            .filter(|place| self.dropped.contains(place.as_str()))
            .count();
        match (ours, shape.node(id).nullable) {
            (0, _) => Fate::Keep,
            (_, false) => Fate::Drop,
            (_, true) => Fate::Try,
        }
    }
}
