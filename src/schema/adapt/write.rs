//! Writing the copy: one schema after the other, keyword by keyword.
//!
//! Owns the walk over the schema as written. References are in `refer`, closing objects and making properties nullable in `strict`.

use super::super::refs::Refs;
use super::super::shape::admits::Admits;
use super::super::{Schema, walk};
use super::{Rewrite, recursion, words};
use crate::json::pointer::join;
use crate::verdict::{Change, Enforcer};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// Writes the copy of one schema.
pub(super) struct Writer<'a> {
    pub schema: &'a Schema,
    pub rewrite: Rewrite,
    pub admits: Admits<'a>,
    changes: Vec<Change>,
    /// What was listed already: an inlined schema is written several times, its changes are listed once.
    listed: HashSet<(String, String)>,
    pub recursive: HashSet<String>,
    /// Targets of the references kept, in order of appearance, with their names.
    pub targets: Vec<String>,
    pub names: HashMap<String, String>,
    pub taken: HashSet<String>,
    pub nodes: usize,
}

impl<'a> Writer<'a> {
    pub fn new(schema: &'a Schema, rewrite: Rewrite) -> Self {
        Self {
            schema,
            rewrite,
            admits: Admits::new(schema.value(), schema.draft(), schema.refs()),
            changes: Vec::new(),
            listed: HashSet::new(),
            recursive: recursion::recursive_targets(schema.refs()),
            targets: Vec::new(),
            names: HashMap::new(),
            taken: HashSet::new(),
            nodes: 0,
        }
    }

    pub fn refs(&self) -> &'a Refs {
        self.schema.refs()
    }

    /// The source of a place.
    pub fn source(&self, pointer: &str) -> Option<&'a Value> {
        self.schema.value().pointer(pointer)
    }

    /// The root of the copy, without definitions.
    pub fn root(&mut self) -> Value {
        let mut root = self.write("", 0);
        let untyped = ["type", "anyOf", "oneOf", "allOf", "enum", "const", "$ref"]
            .iter()
            .all(|keyword| root.get(*keyword).is_none());
        if let Value::Object(map) = &mut root
            && untyped
            && map.contains_key("properties")
        {
            map.shift_insert(0, "type".to_owned(), Value::from("object"));
            self.note("", "type", "the root has to say that it is an object", Enforcer::Server);
        }
        root
    }

    pub fn changes(self) -> Vec<Change> {
        self.changes
    }

    /// Lists a change, once per place and keyword.
    pub fn change(&mut self, change: Change) {
        if self.listed.insert((change.pointer.clone(), change.keyword.clone())) {
            self.changes.push(change);
        }
    }

    /// Lists a change that needs no undoing.
    pub fn note(&mut self, pointer: &str, keyword: &str, reason: &str, enforcer: Enforcer) {
        let (pointer, keyword, reason) = (pointer.to_owned(), keyword.to_owned(), reason.to_owned());
        self.change(Change {
            pointer,
            keyword,
            reason,
            enforcer,
            undo: None,
        });
    }

    /// The copy of the schema at a place. `depth` is how deep in the copy it stands.
    pub fn write(&mut self, pointer: &str, depth: usize) -> Value {
        self.nodes += 1;
        let map = match self.source(pointer) {
            Some(Value::Object(map)) => map,
            Some(Value::Bool(true)) if self.rewrite.strict => {
                self.note(
                    pointer,
                    "true",
                    "strict modes take only objects as schemas",
                    Enforcer::Server,
                );
                return json!({});
            }
            Some(other) => return other.clone(),
            None => return json!({}),
        };
        if let Some(target) = self.refs().target(pointer) {
            return self.reference(pointer, map, target, depth);
        }
        if self.rewrite.strict
            && map.contains_key("allOf")
            && let Some(written) = self.all_of(pointer, map, depth)
        {
            return written;
        }
        self.merged(&[pointer.to_owned()], depth)
    }

    /// What a reference or a single `allOf` entry became, with the description beside it.
    pub fn annotated(&mut self, pointer: &str, mut body: Value, beside: &Map<String, Value>) -> Value {
        if self.rewrite.strict {
            for keyword in beside
                .keys()
                .filter(|keyword| is_annotation(keyword) && is_noise(keyword))
            {
                self.note(
                    pointer,
                    keyword,
                    "strict modes have no use for it, and some refuse it",
                    Enforcer::Local,
                );
            }
        }
        let Value::Object(map) = &mut body else { return body };
        let kept: Vec<_> = beside
            .iter()
            .filter(|(keyword, _)| is_annotation(keyword) && !is_structural(keyword))
            .collect();
        if !self.rewrite.strict {
            for (keyword, held) in kept {
                map.insert(keyword.clone(), held.clone());
            }
            return body;
        }
        let Some(description) = beside.get("description").and_then(Value::as_str) else {
            return body;
        };
        if map.contains_key("$ref") {
            self.note(
                pointer,
                "description",
                "put round the `$ref`, which takes no keywords beside it",
                Enforcer::Server,
            );
            return json!({"anyOf": [body], "description": description});
        }
        let own = map
            .get("description")
            .and_then(Value::as_str)
            .filter(|_| self.rewrite.reduced);
        let joined = own.map_or_else(|| description.to_owned(), |own| format!("{description} {own}"));
        map.insert("description".to_owned(), Value::from(joined));
        body
    }

    /// The keywords of several places that judge the same value, as one schema.
    pub fn merged(&mut self, parts: &[String], depth: usize) -> Value {
        let mut out = Map::new();
        let mut constraints = Vec::new();
        for part in parts {
            for (keyword, held) in self.source(part).and_then(Value::as_object).into_iter().flatten() {
                if parts.len() > 1 && matches!(keyword.as_str(), "allOf" | "$ref") {
                    continue;
                }
                self.keyword(part, keyword, held, depth, &mut out, &mut constraints);
            }
        }
        if self.rewrite.strict {
            self.close(parts, depth, &mut out);
        }
        if !constraints.is_empty() {
            let text = words::with_constraints(out.get("description").and_then(Value::as_str), &constraints);
            out.insert("description".to_owned(), Value::from(text));
        }
        Value::Object(out)
    }

    /// Copies one keyword, or leaves it out and says so.
    fn keyword(
        &mut self,
        place: &str,
        keyword: &str,
        held: &Value,
        depth: usize,
        out: &mut Map<String, Value>,
        constraints: &mut Vec<String>,
    ) {
        if is_structural(keyword) {
            if matches!(keyword, "$schema" | "$id" | "id") {
                self.note(
                    place,
                    keyword,
                    "providers have no use for it, and some refuse it",
                    Enforcer::Local,
                );
            }
            return;
        }
        if self.rewrite.reduced && words::is_reduced(keyword, held) {
            let words = words::in_words(keyword, held);
            let enforcer = if words.is_some() {
                Enforcer::Hint
            } else {
                Enforcer::Local
            };
            self.note(
                place,
                keyword,
                "not taken by every provider; put into the description",
                enforcer,
            );
            constraints.extend(words);
            return;
        }
        if self.rewrite.reduced && keyword == "const" {
            self.note(place, keyword, "written as an enum of one value", Enforcer::Server);
            out.insert("enum".to_owned(), json!([held]));
            return;
        }
        if self.rewrite.strict && self.strict_keyword(place, keyword, held, depth, out, constraints) {
            return;
        }
        if out.contains_key(keyword) && keyword != "properties" {
            return;
        }
        let copy = self.copied(place, keyword, held, depth);
        match (out.get_mut(keyword), copy) {
            (Some(Value::Object(there)), Value::Object(more)) => there.extend(more),
            (_, copy) => drop(out.insert(keyword.to_owned(), copy)),
        }
    }

    /// A keyword's value with the schemas in it written anew. What is written is never copied first: with every level above it
    /// doing so, deep schemas would be copied once a level.
    pub fn copied(&mut self, place: &str, keyword: &str, held: &Value, depth: usize) -> Value {
        let base = join(place, keyword);
        let subs = walk::held_by(keyword, held, place);
        if let Some(only) = subs.first().filter(|sub| sub.pointer == base) {
            return self.write(&only.pointer, depth + 1);
        }
        let mut subs = subs.iter();
        let mut entry = |held: &Value| {
            let sub = if walk::is_schema(held) { subs.next() } else { None };
            sub.map_or_else(|| held.clone(), |sub| self.write(&sub.pointer, depth + 1))
        };
        match held {
            Value::Object(map) => map.iter().map(|(name, held)| (name.clone(), entry(held))).collect(),
            Value::Array(list) => list.iter().map(entry).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => held.clone(),
        }
    }
}

/// Keywords that tell something without judging, or that only hold or name schemas.
pub(super) fn is_annotation(keyword: &str) -> bool {
    is_structural(keyword) || is_noise(keyword) || keyword == "description"
}

/// Keywords that references and dialects are made of; the copy makes its own.
fn is_structural(keyword: &str) -> bool {
    matches!(
        keyword,
        "$ref"
            | "$dynamicRef"
            | "$recursiveRef"
            | "$defs"
            | "definitions"
            | "$schema"
            | "$id"
            | "id"
            | "$anchor"
            | "$dynamicAnchor"
            | "$recursiveAnchor"
            | "$vocabulary"
    )
}

/// Annotations that strict modes have no use for.
pub(super) fn is_noise(keyword: &str) -> bool {
    matches!(
        keyword,
        "title"
            | "default"
            | "examples"
            | "example"
            | "discriminator"
            | "$comment"
            | "deprecated"
            | "readOnly"
            | "writeOnly"
    )
}
