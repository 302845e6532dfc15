//! Writing the copy: one schema after the other, references and definitions.
//!
//! Owns the walk over the schema as written. Closing objects and making properties nullable is in `strict`.

use super::super::refs::Refs;
use super::super::shape::admits::Admits;
use super::super::{Schema, walk};
use super::{Rewrite, recursion, words};
use crate::json::pointer::{join, tokens};
use crate::verdict::{Change, Enforcer};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// Levels of the copy past which references are kept rather than inlined.
const INLINE_DEPTH: usize = 32;
/// Schemas of the copy past which references are kept: inlining can double at every step.
const INLINE_NODES: usize = 4_000;

/// Writes the copy of one schema.
pub(super) struct Writer<'a> {
    pub schema: &'a Schema,
    pub rewrite: Rewrite,
    pub admits: Admits<'a>,
    changes: Vec<Change>,
    /// What was listed already: an inlined schema is written several times, its changes are listed once.
    listed: HashSet<(String, String)>,
    recursive: HashSet<String>,
    /// Targets of the references kept, in order of appearance, with their names.
    targets: Vec<String>,
    names: HashMap<String, String>,
    nodes: usize,
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

    /// The definitions that the copy refers to, each written once.
    pub fn definitions(&mut self) -> Map<String, Value> {
        let mut written = Map::new();
        let mut next = 0;
        while let Some(target) = self.targets.get(next).cloned() {
            next += 1;
            let body = self.write(&target, 1);
            if let Some(name) = self.names.get(&target) {
                written.insert(name.clone(), body);
            }
        }
        written
    }

    /// A reference to the root, if something refers to it.
    pub fn definition_of_root(&self) -> Option<Value> {
        self.names
            .get("")
            .map(|name| json!({"$ref": format!("#/$defs/{name}")}))
    }

    /// Lists the definitions that nothing refers to any more.
    pub fn note_dropped_definitions(&mut self) {
        for keyword in ["$defs", "definitions"] {
            let base = join("", keyword);
            for name in self
                .source(&base)
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
                .map(|(name, _)| name)
            {
                let pointer = join(&base, name);
                if !self.names.contains_key(&pointer) {
                    self.note(
                        &pointer,
                        keyword,
                        "nothing in the schema as sent refers to it",
                        Enforcer::Local,
                    );
                }
            }
        }
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

    /// A schema with a `$ref`.
    fn reference(&mut self, pointer: &str, map: &Map<String, Value>, target: &str, depth: usize) -> Value {
        let siblings = !self.schema.draft().ref_hides_siblings() && map.keys().any(|keyword| !is_annotation(keyword));
        if siblings && !self.rewrite.strict && !self.rewrite.inline {
            let mut beside = self.merged(&[pointer.to_owned()], depth);
            beside["$ref"] = self.kept(pointer, map, target);
            return beside;
        }
        if siblings {
            if let Some(parts) = self.parts(pointer) {
                self.note(
                    pointer,
                    "$ref",
                    "written out together with the keywords beside it",
                    Enforcer::Server,
                );
                return self.merged(&parts, depth);
            }
            for keyword in map.keys().filter(|keyword| !is_annotation(keyword)) {
                self.note(
                    pointer,
                    keyword,
                    "strict modes take no keywords beside `$ref`",
                    Enforcer::Local,
                );
            }
        }
        let body = if self.expands(target, depth) {
            self.note(pointer, "$ref", "replaced by its target", Enforcer::Server);
            self.write(target, depth + 1)
        } else {
            json!({"$ref": self.kept(pointer, map, target)})
        };
        self.annotated(pointer, body, map)
    }

    /// The address under which the target of a reference is sent.
    fn kept(&mut self, pointer: &str, map: &Map<String, Value>, target: &str) -> Value {
        let address = format!("#/$defs/{}", self.name(target));
        if map.get("$ref").and_then(Value::as_str) != Some(&address) {
            self.note(
                pointer,
                "$ref",
                &format!("its target is sent as `{address}`"),
                Enforcer::Server,
            );
        }
        Value::from(address)
    }

    /// Whether a reference is replaced by its target: always at the root, else where inlining is asked for and can end.
    fn expands(&self, target: &str, depth: usize) -> bool {
        let small = depth < INLINE_DEPTH && self.nodes < INLINE_NODES;
        let root = depth == 0 && (self.rewrite.strict || self.rewrite.wrap);
        root || (self.rewrite.inline && small && !self.recursive.contains(target))
    }

    /// The name of a definition, which will be written.
    fn name(&mut self, target: &str) -> String {
        if let Some(name) = self.names.get(target) {
            return name.clone();
        }
        let last = tokens(target)
            .last()
            .map_or_else(|| self.schema.name().to_owned(), std::borrow::Cow::into_owned);
        let clean: String = last
            .chars()
            .map(|letter| {
                if letter.is_ascii_alphanumeric() || "_-.".contains(letter) {
                    letter
                } else {
                    '_'
                }
            })
            .collect();
        let taken = |name: &String| self.names.values().any(|other| other == name);
        let name = (1..)
            .map(|count| {
                if count == 1 {
                    clean.clone()
                } else {
                    format!("{clean}_{count}")
                }
            })
            .find(|name| !taken(name))
            .unwrap_or(clean);
        self.names.insert(target.to_owned(), name.clone());
        self.targets.push(target.to_owned());
        name
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

    /// A keyword's value with the schemas in it written anew.
    pub fn copied(&mut self, place: &str, keyword: &str, held: &Value, depth: usize) -> Value {
        let mut copy = held.clone();
        let base = join(place, keyword);
        let alone = Value::Object(Map::from_iter([(keyword.to_owned(), held.clone())]));
        for sub in walk::subschemas(&alone, place) {
            let written = self.write(&sub.pointer, depth + 1);
            match sub.pointer.strip_prefix(&base).and_then(|rest| copy.pointer_mut(rest)) {
                Some(slot) => *slot = written,
                None => copy = written,
            }
        }
        copy
    }
}

/// Keywords that tell something without judging, or that only hold or name schemas.
fn is_annotation(keyword: &str) -> bool {
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
